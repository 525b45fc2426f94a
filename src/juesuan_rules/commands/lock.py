"""`lock`: write down what decides a result by digest, or compare it with what is written down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import CorrectionsOption, WaiversOption, write_file

if TYPE_CHECKING:
    from juesuan_rules.store.lock import LockedInput, LockedPack


def run(
    packs: Annotated[list[str] | None, typer.Argument(metavar="规则包", help="锁定哪些规则包（连同上级包）：编号、编号@版本或目录；默认现有的全部")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="锁定文件（默认 juesuan.lock）")] = Path("juesuan.lock"),
    check: Annotated[bool, typer.Option("--check", help="不写文件，只核对现有的规则包、给出的豁免和更正与锁定文件是否一致")] = False,
    waivers: WaiversOption = None,
    corrections: CorrectionsOption = None,
) -> None:
    """Write juesuan.lock, or check it."""
    from juesuan_rules.commands.locking import check_inputs_locked, read_inputs
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.lock import CORRECTIONS, INPUTS, WAIVERS, every_folder, locked_roots, read_lock, write_lock

    given = read_inputs(waivers or (), corrections)
    if check:
        lock = read_lock(output)
        check_inputs_locked(lock, given)
        locked_roots(lock, every_folder(pack_roots()))
        sys.stdout.write(f"一致  {safe(str(output))}：{len(lock.packs)} 个规则包{_count(lock.inputs)}\n")
        return
    locked = _lock(packs or ())
    write_file(str(output), write_lock(locked, given[WAIVERS], given[CORRECTIONS]))
    lines = [f"已写出  {safe(str(output))}", *(f"  {p.id} {p.version}  {p.digest}" for p in locked)]
    lines += [f"  {INPUTS[key]} {safe(one.file)}  {one.digest}" for key, files in given.items() for one in files]
    sys.stdout.write("\n".join(lines) + "\n")


def _count(inputs: dict[str, tuple[LockedInput, ...]]) -> str:
    from juesuan_rules.store.lock import INPUTS

    return "".join(f"，{len(inputs[key])} 个{what}" for key, what in INPUTS.items() if inputs.get(key))


def _lock(packs: list[str] | tuple[str, ...]) -> tuple[LockedPack, ...]:
    from juesuan_rules.packs.locate import find_pack, parse_pack_spec
    from juesuan_rules.packs.roots import home_folder, pack_roots
    from juesuan_rules.store.local import Records, default_store
    from juesuan_rules.store.lock import lock_packs, visible_packs

    roots = pack_roots()
    records = default_store().records() if home_folder() is not None else Records()
    chosen = tuple(find_pack(parse_pack_spec(spec), roots) for spec in packs) or visible_packs(roots)
    return lock_packs(chosen, roots, records)
