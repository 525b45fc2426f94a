"""`pack withdraw`: say in an index that a version, or rules of it, are not to be used any more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.keys import ByOption, KeyOption, signer_name, signing_key
from juesuan_rules.diagnostics import UsageError


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="放着 index.json 的目录")],
    version: Annotated[str, typer.Argument(metavar="编号@版本", help="撤回哪个版本")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="为什么撤回；用到它的人会看到")],
    rules: Annotated[list[str] | None, typer.Option("--rule", metavar="规则编号", help="只撤回这条规则；可写几次")] = None,
    key: KeyOption = None,
    by: ByOption = "",
) -> None:
    """Write a withdrawal into an index. The archive stays, so that old results can be repeated."""
    from juesuan_rules.commands.pack_build import write_bytes
    from juesuan_rules.commands.pack_sign import stale_signature
    from juesuan_rules.packs.locate import parse_pack_spec
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.index import INDEX_FILE, read_index, write_index
    from juesuan_rules.store.signing.signatures import SIGNATURE_FILE_SUFFIX, sign_index
    from juesuan_rules.store.sources.files import read_file
    from juesuan_rules.store.withdrawing import withdraw

    path = folder / INDEX_FILE
    if not path.is_file():
        raise UsageError(f"目录「{folder}」里没有 {INDEX_FILE}；先用 pack index 生成")
    named = parse_pack_spec(version)
    if named.version is None or not reason.strip():
        raise UsageError("要写明 编号@版本 和撤回的原因（--reason）")
    private = signing_key(key) if key is not None else None
    name = signer_name(by, private, key) if private is not None and key is not None else ""
    data = write_index(withdraw(read_index(read_file(path), str(path)), named.name, named.version, reason.strip(), rules or (), lambda name: read_file(folder / name)))
    signature = path.with_name(path.name + SIGNATURE_FILE_SUFFIX)
    write_bytes(path, data)
    if private is not None:
        write_bytes(signature, sign_index(data, private, name))
    stale = "" if private is not None else stale_signature(path)
    what = f"规则 {'、'.join(map(safe, rules))}" if rules else "整个版本"
    sys.stdout.write(f"已撤回  {safe(version)}：{what}   已写入 {safe(str(path))}{stale}\n")
