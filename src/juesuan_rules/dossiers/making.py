"""Making a dossier: judge, write every output, and keep what another team needs to get the same."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.dossiers.model import FORMAT, INPUTS, LOCK, OUTPUTS, PACKS, RECORD, RESULT, Asked, InputFile, OutputFile, Record, Role
from juesuan_rules.dossiers.running import Given, Ran, run_given
from juesuan_rules.outputs.files import write_whole
from juesuan_rules.packs.locate import FoundPack
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.store.lock import CORRECTIONS, WAIVERS, LockedInput, LockedPack

KINDS = ("html", "xlsx", "pdf", "docx", "csv", "md", "sarif", "junit")
_NAMES = {"sarif": "result.sarif", "junit": "junit.xml", "csv": "findings.csv", "md": "report.md"}


class Made(msgspec.Struct, frozen=True):
    """A dossier that was made. unavailable: outputs that could not be made, a sentence each."""

    folder: Path
    record: Record
    ran: Ran
    unavailable: tuple[str, ...] = ()


def check_folder(folder: Path) -> None:
    """Raise UsageError, before any work, where a dossier could not be made there: nothing of another run is overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"「{folder}」已有内容，没有写；请给一个新目录" if folder.is_dir() else f"「{folder}」是文件，不是目录")


def make_dossier(folder: Path, given: Given, asked: Asked, kinds: Sequence[str], command: Sequence[str], keep_reports: bool, cache: Path | None) -> Made:
    """Judge the reports and write the dossier into an empty or new `folder`.

    kinds: outputs besides result.json. keep_reports: copy the reports, too (without, their digests stand for them).
    The folder is built beside its place and moved there whole, so an interrupted run leaves no half dossier.
    """
    check_folder(folder)
    # Waivers run out: a later run has to judge them on the day of this one.
    asked = replace(asked, as_of=asked.as_of or date.today().isoformat())
    ran = run_given(given, asked, None, command, cache)
    building = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(building, ignore_errors=True)
    try:
        (building / OUTPUTS).mkdir(parents=True)
        inputs = tuple(_keep_inputs(given, building, keep_reports))
        _keep_packs(ran, building, given)
        unavailable = _write_outputs(ran, building, kinds)
        record = Record(
            FORMAT, ran.sealed["tool"], datetime.now().astimezone().isoformat(timespec="seconds"), _portable(asked, ran), inputs, tuple(_listing(building)),
            ran.sealed["provenance"]["canonical_digest"], int(ran.code),
        )  # fmt: skip
        write_whole(building / RECORD, msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
        if folder.exists():
            folder.rmdir()
        building.replace(folder)
    except OSError as error:
        raise UsageError(f"结果写不到「{folder}」：{error.strerror or '系统报告写入失败'}") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Made(folder, record, ran, unavailable)


def _portable(asked: Asked, ran: Ran) -> Asked:
    """A pack named by its folder is named by id and version: the folder is on this machine only."""
    if asked.pack is None or not Path(asked.pack).is_dir():
        return asked
    used = next((report.packs[-1] for report in ran.run.reports if report.packs), None)
    return replace(asked, pack=f"{used.id}@{used.version}" if used is not None else None)


def _keep_inputs(given: Given, building: Path, keep_reports: bool) -> Iterator[InputFile]:
    """Record every file that went in. What people wrote (corrections, waivers, decisions) is always copied."""
    from juesuan_rules.pipeline.gather import gather

    groups: list[tuple[Role, Sequence[Path], Path | None]] = [
        ("report", given.reports, None),
        ("prior", gather([given.prior]) if given.prior is not None else (), given.prior if given.prior is not None and given.prior.is_dir() else None),
        ("units", gather([given.units]) if given.units is not None else (), given.units),
        ("corrections", (given.corrections,) if given.corrections is not None else (), None),
        ("waivers", given.waivers, None),
        ("decisions", given.decisions, None),
    ]
    for role, paths, root in groups:
        taken: set[str] = set()
        for path in paths:
            name = _name(path, root, taken)
            data = path.read_bytes()
            kept = keep_reports or role in ("corrections", "waivers", "decisions")
            if kept:
                target = building / INPUTS / role / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            yield InputFile(role, name, hashlib.sha256(data).hexdigest(), len(data), kept)


def _name(path: Path, root: Path | None, taken: set[str]) -> str:
    """A name of its own below the role's folder; the last part stays what the run saw, results name it."""
    name = path.relative_to(root).as_posix() if root is not None else path.name
    unique, number = name, 2
    while unique.casefold() in taken:
        unique, number = f"{number}/{name}", number + 1
    taken.add(unique.casefold())
    return unique


def _keep_packs(ran: Ran, building: Path, given: Given) -> None:
    """The lock of the packs used, and each of them as an archive."""
    from juesuan_rules.store.build import archive_folder
    from juesuan_rules.store.lock import write_lock

    (building / PACKS).mkdir()
    locked: list[LockedPack] = []
    used = sorted({(pack.id, pack.version, pack.digest) for report in ran.run.reports for pack in report.packs})
    for found, pack in _folders([PackDigest(*one) for one in used], ran):
        locked.append(_locked(found, pack))
        data = _installed_archive(pack) or archive_folder(found.folder, tested=False).data
        write_whole(building / PACKS / f"{pack.id}-{pack.version}.jspack", data)
    inputs = {WAIVERS: given.waivers, CORRECTIONS: (given.corrections,) if given.corrections is not None else ()}
    named = {key: [LockedInput(path.name, "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths] for key, paths in inputs.items()}
    write_whole(building / LOCK, write_lock(locked, named[WAIVERS], named[CORRECTIONS]).encode())


def _locked(found: FoundPack, pack: PackDigest) -> LockedPack:
    from juesuan_rules.resources import rules_root
    from juesuan_rules.store.lock import SHIPPED

    shipped = found.folder.resolve().parent == rules_root().resolve()
    # A folder on this machine tells another team nothing: the archive beside the lock is where they get it.
    return LockedPack(pack.id, pack.version, pack.digest, "", SHIPPED if shipped else f"{PACKS}/{pack.id}-{pack.version}.jspack")


def _folders(used: Iterable[PackDigest], ran: Ran) -> Iterator[tuple[FoundPack, PackDigest]]:
    """Where each pack used lies. Raises UsageError for one that has changed since it was used."""
    from juesuan_rules.packs.digest import digest_folder
    from juesuan_rules.packs.manifest import read_manifest
    from juesuan_rules.store.lock import every_folder

    roots = ran.options.pack_roots()
    named = ran.options.pack
    if named is not None and (Path(named) / "pack.yaml").is_file():
        roots = (*roots, Path(named), Path(named).resolve().parent)
    folders = every_folder(roots)
    for pack in used:
        fitting = [(folder, manifest) for folder in folders if (manifest := read_manifest(folder)[0]) is not None and manifest.id == pack.id]
        match = next((FoundPack(folder, manifest) for folder, manifest in fitting if digest_folder(folder) == pack.digest), None)
        if match is None:
            raise UsageError(f"规则包 {pack.id} {pack.version} 在核对时被改动，没有保存这次运行；请重来")
        yield match, pack


def _installed_archive(pack: PackDigest) -> bytes | None:
    """The archive of an installed pack with its signatures; None for one that is used from its folder."""
    from juesuan_rules.packs.roots import home_folder
    from juesuan_rules.store.local import default_store

    if home_folder() is None:
        return None
    store = default_store()
    record = store.records().find(pack.id, pack.version)
    return store.repack(record) if record is not None and record.rules_digest == pack.digest else None


def _write_outputs(ran: Ran, building: Path, kinds: Sequence[str]) -> tuple[str, ...]:
    from juesuan_rules.outputs.writing import PER_REPORT, Output, write_outputs
    from juesuan_rules.pipeline.judging import make_material
    from juesuan_rules.renderings.json_text import dumps

    write_whole(building / RESULT, dumps(ran.sealed).encode())
    folder = building / OUTPUTS
    outputs = [Output(kind, str(folder) if kind in PER_REPORT else str(folder / _NAMES[kind])) for kind in kinds]
    written = write_outputs(outputs, make_material(ran.run, ran.sealed, int(ran.code), ran.options, ran.kept))
    return tuple(message.replace(f"{building}{os.sep}", "") for message in written.unavailable)


def _listing(building: Path) -> Iterator[OutputFile]:
    """Every file but the inputs, which the record lists by their roles."""
    for path in sorted(building.rglob("*")):
        name = path.relative_to(building).as_posix()
        if path.is_file() and not name.startswith(f"{INPUTS}/"):
            with path.open("rb") as file:
                yield OutputFile(name, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)
