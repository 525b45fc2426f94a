"""What `eval` does with a lock file, and what it tells of where its packs come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juesuan_rules.diagnostics import Diagnostic
    from juesuan_rules.packs.model import PackDigest
    from juesuan_rules.results import RunResult
    from juesuan_rules.store.lock import LockedInput, LockFile


def open_lock(path: Path | None, pack: str | None) -> tuple[LockFile, tuple[Path, ...]]:
    """The lock file, and the folders of exactly the packs it names.

    path: None for juesuan.lock. pack: the pack a person asked for, or None. Raises UsageError (no lock file) or PackError (no such packs).
    """
    from juesuan_rules.packs.locate import find_pack, parse_pack_spec
    from juesuan_rules.packs.model import PackDigest
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.store.lock import LOCK_FILE, check_used, every_folder, locked_roots, read_lock

    lock = read_lock(path or Path(LOCK_FILE))
    # A pack that is not installed may be locked and used from its folder: its digest still has to be the locked one.
    named = (Path(pack),) if pack is not None and (Path(pack) / "pack.yaml").is_file() else ()
    roots = locked_roots(lock, every_folder((*pack_roots(), *named)))
    if pack is not None:
        from juesuan_rules.packs.digest import digest_folder

        found = find_pack(parse_pack_spec(pack), pack_roots())
        check_used(lock, [PackDigest(found.manifest.id, found.manifest.version, digest_folder(found.folder))])
    return lock, roots


def read_inputs(waivers: Sequence[Path], corrections: Path | None) -> dict[str, tuple[LockedInput, ...]]:
    """The waivers and corrections files as a lock file names them. Raises UsageError where one of them is broken."""
    from juesuan_rules.store.lock import CORRECTIONS, WAIVERS, LockedInput

    found: dict[str, tuple[LockedInput, ...]] = {WAIVERS: (), CORRECTIONS: ()}
    if waivers:
        from juesuan_rules.waivers.reading import read_waivers

        found[WAIVERS] = tuple(LockedInput(Path(file.path).name, file.digest) for file in read_waivers(waivers))
    if corrections is not None:
        from juesuan_rules.pipeline.corrections import read_corrections
        from juesuan_rules.pipeline.state import file_digest

        read_corrections(corrections)
        found[CORRECTIONS] = (LockedInput(corrections.name, f"sha256:{file_digest(corrections)}"),)
    return found


def check_inputs_locked(lock: LockFile, given: dict[str, tuple[LockedInput, ...]]) -> None:
    """Raise PackError where the waivers and corrections are not those that are locked."""
    from juesuan_rules.store.lock import check_inputs

    for key, files in given.items():
        check_inputs(lock, key, files)


def check_locked(lock: LockFile, used: Iterable[PackDigest]) -> None:
    """Raise PackError where a result was made with anything but the locked packs."""
    from juesuan_rules.store.lock import check_used

    check_used(lock, used)


def check_signed(used: Iterable[PackDigest]) -> None:
    """Raise PackError where a team that asks for signatures has used an installed pack without a good one.

    Archives are held against the policy when they are installed; this is for what was installed before the
    team asked, for keys that have run out or were revoked since, and for stores that were tampered with.
    """
    from juesuan_rules.packs.roots import installed_folders

    if not installed_folders():
        return  # only installed packs can lack a signature; every start would pay for reading the trust list
    from juesuan_rules.store.signing.trust import load_trust

    if not load_trust().require_signed:
        return
    from juesuan_rules.store.archive import open_archive
    from juesuan_rules.store.local import default_store
    from juesuan_rules.store.policy import load_policy, signature_problems
    from juesuan_rules.store.problems import PackError

    policy, store = load_policy(), default_store()
    records = store.records()
    wrong: list[Diagnostic] = []
    for pack in dict.fromkeys(used):
        record = records.find(pack.id, pack.version)
        if record is not None and record.rules_digest == pack.digest:
            wrong += signature_problems(open_archive(store.repack(record), f"已安装的 {pack.id} {pack.version}"), policy)
    if wrong:
        raise PackError("用到的规则包不合本单位对签名的要求，结果作废", tuple(wrong))


def used_packs(result: RunResult) -> Iterable[PackDigest]:
    """Every pack that the results of a run were made with."""
    return (pack for report in result.reports for pack in report.packs)


def pack_origins(used: Iterable[PackDigest]) -> list[dict[str, Any]]:
    """Where the installed ones among the packs used came from: id, version, digest, archive, origin."""
    from juesuan_rules.packs.roots import installed_folders

    if not installed_folders():
        return []
    from juesuan_rules.store.local import default_store

    records = default_store().records()
    known = [(pack, records.find(pack.id, pack.version)) for pack in dict.fromkeys(used)]
    return [
        {"id": pack.id, "version": pack.version, "digest": pack.digest, "archive": record.digest, "origin": record.origin}
        for pack, record in known
        if record is not None and record.rules_digest == pack.digest
    ]
