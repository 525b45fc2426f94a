"""The local store: what is installed, what has ever been known, and changes that are whole or not at all.

    <home>/packs/<id>/<version>/   the files of a pack and its MANIFEST.json, SIGNATURES.json; read-only
    <home>/installed.json          the records; only what stands in it is installed
    <home>/store.lock              held while something changes

A change is written beside the packs first; renaming the folders and then the records makes it real. What an
interrupted change leaves behind is no record's, and the next change sweeps it away.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from juesuan_rules.packs.retractions import Withdrawal
from juesuan_rules.packs.roots import RECORDS_FILE, home_folder, version_folder
from juesuan_rules.packs.versions import order
from juesuan_rules.store.archive import Archive, write_archive
from juesuan_rules.store.entrynames import MANIFEST, SIGNATURES, name_problem
from juesuan_rules.store.manifest import Signature, Signatures, encode
from juesuan_rules.store.problems import failure

LOCK_FILE = "store.lock"
STAGING = ".staging"
_WAIT_SECONDS = 60.0


class Record(msgspec.Struct, frozen=True):
    """One installed version. digest: of the archive; rules_digest: as in results. origin: the source it came
    from. time: when it was installed (ISO 8601, UTC). yanked: why this version was withdrawn, or None;
    retracted_rules: why single rules were, by rule id."""

    id: str
    version: str
    digest: str
    rules_digest: str
    origin: str
    time: str
    requires: dict[str, str] = {}
    signatures: tuple[Signature, ...] = ()
    tested: bool = True
    yanked: str | None = None
    retracted_rules: dict[str, str] = {}


class Records(msgspec.Struct, frozen=True):
    """installed.json. known: digest of every version that was ever installed, by "id@version". withdrawn: what
    publishers withdrew of what is here, shipped packs too, as far as it was heard of."""

    packs: tuple[Record, ...] = ()
    known: dict[str, str] = {}
    format: int = 1
    withdrawn: dict[str, Withdrawal] = {}

    def versions(self, pack_id: str) -> tuple[Record, ...]:
        """The installed versions of a pack, the newest first."""
        return tuple(sorted((r for r in self.packs if r.id == pack_id), key=lambda r: order(r.version), reverse=True))

    def find(self, pack_id: str, version: str) -> Record | None:
        """The record of a version, or None where it is not installed."""
        return next((r for r in self.packs if r.id == pack_id and r.version == version), None)


class Incoming(msgspec.Struct, frozen=True):
    """An accepted archive on its way into the store, with what its source says about it."""

    archive: Archive
    yanked: str | None = None
    retracted_rules: dict[str, str] = {}


class Store:
    """The store below one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def records(self) -> Records:
        """What is installed. Raises PackError where the records are there and cannot be read."""
        path = self.home / RECORDS_FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=Records)
        except FileNotFoundError:
            return Records()
        except (OSError, msgspec.DecodeError):
            raise failure("E601", f"安装记录「{path}」读不出来", str(path), "移走这个文件后重新安装规则包") from None

    def folder(self, record: Record) -> Path:
        """Where an installed version lies."""
        return version_folder(self.home, record.id, record.version)

    def repack(self, record: Record) -> bytes:
        """The archive of an installed version, put together again from the files that lie there now.

        Raises PackError where they cannot be read.
        """
        folder = self.folder(record)
        try:
            files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            head = files.pop(MANIFEST)
            files.pop(SIGNATURES, None)
        except (OSError, KeyError):
            raise failure("E607", f"已安装的 {record.id} {record.version} 残缺", str(folder), "请重新安装") from None
        return write_archive(head, files, record.signatures)

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the store for a change; waits for others, one minute at most. Raises PackError."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with open(self.home / LOCK_FILE, "a+b") as file:
                _hold(file.fileno(), str(self.home))
                try:
                    self._sweep()
                    yield
                finally:
                    self._sweep()
                    _release(file.fileno())
        except OSError as error:
            raise _unwritable(self.home, error) from None

    def add(self, incoming: Sequence[Incoming], verify: Callable[[Sequence[Path]], None] | None = None) -> tuple[Record, ...]:
        """Install these archives, all or none; must be called inside `changing`. Gives their records.

        verify: looks at the unpacked folders before they count; what it raises ends the change.
        """
        before = self.records()
        staging = self.home / STAGING
        staged: list[tuple[Path, Record]] = []
        for number, one in enumerate(incoming):
            folder = staging / str(number)
            _write_files(folder, one.archive)
            staged.append((folder, _record(one)))
        if verify is not None:
            verify([folder for folder, _ in staged])
        for folder, record in staged:
            self._activate(folder, record, staging)
        added = tuple(record for _, record in staged)
        replaced = {(r.id, r.version) for r in added}
        kept = [r for r in before.packs if (r.id, r.version) not in replaced]
        known = before.known | {f"{r.id}@{r.version}": r.digest for r in added}
        self._write_records(replace(before, packs=_sorted([*kept, *added]), known=known))
        return added

    def remove(self, records: Sequence[Record]) -> None:
        """Take versions out; must be called inside `changing`. What was known of them stays known."""
        before = self.records()
        gone = {(r.id, r.version) for r in records}
        self._write_records(replace(before, packs=tuple(r for r in before.packs if (r.id, r.version) not in gone)))
        for record in records:
            folder = self.folder(record)
            discard(folder)
            with contextlib.suppress(OSError):
                folder.parent.rmdir()

    def update(self, records: Sequence[Record]) -> None:
        """Replace the records of installed versions (withdrawals learned of); inside `changing`."""
        before = self.records()
        changed = {(r.id, r.version): r for r in records}
        self._write_records(replace(before, packs=tuple(changed.get((r.id, r.version), r) for r in before.packs)))

    def note_withdrawn(self, withdrawn: Mapping[str, Withdrawal]) -> None:
        """Keep what is known to be withdrawn, by "id@version"; inside `changing`."""
        self._write_records(replace(self.records(), withdrawn=dict(withdrawn)))

    def _activate(self, staged: Path, record: Record, staging: Path) -> None:
        """Put a staged folder in its place; what lies there, recorded or not, makes room."""
        target = self.folder(record)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = staging / f"{staged.name}.old"
        if target.exists():
            os.replace(target, aside)
        try:
            os.replace(staged, target)
        except OSError:
            if aside.exists():
                os.replace(aside, target)
            raise

    def _write_records(self, records: Records) -> None:
        temporary = self.home / (RECORDS_FILE + ".tmp")
        with open(temporary, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(records), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.home / RECORDS_FILE)

    def _sweep(self) -> None:
        """Remove what an interrupted change has left behind: staged files, folders without a record."""
        discard(self.home / STAGING)
        packs = self.home / "packs"
        if not packs.is_dir() or not (self.home / RECORDS_FILE).is_file():
            return  # records that somebody moved away must not cost the packs
        recorded = {(r.id, r.version) for r in self.records().packs}
        for folder in packs.iterdir():
            for version in folder.iterdir() if folder.is_dir() else ():
                if (folder.name, version.name) not in recorded:
                    discard(version)
            with contextlib.suppress(OSError):
                folder.rmdir()


def default_store() -> Store:
    """This user's store. Raises PackError where there is no home folder."""
    home = home_folder()
    if home is None:
        raise failure("E620", "找不到本用户的数据目录，请用环境变量 JUESUAN_HOME 指定一个目录", "JUESUAN_HOME")
    return Store(home)


def discard(folder: Path) -> None:
    """Remove a folder and all in it, read-only files too; links are removed, never followed."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
        return
    if not folder.exists():
        return
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def _write_files(folder: Path, archive: Archive) -> None:
    """Every file of an archive below `folder`, read-only. The names were checked; they are held once more."""
    signed = {SIGNATURES: encode(Signatures(archive.signatures))} if archive.signatures else {}
    for name, content in {MANIFEST: archive.signed_bytes, **signed, **archive.files}.items():
        path = folder / name
        if name_problem(name) is not None or folder.resolve() not in path.resolve().parents:
            raise failure("E603", f"文件名不安全，没有写：{name}", archive.origin)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as file:
            file.write(content)
        path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)


def _record(one: Incoming) -> Record:
    manifest = one.archive.manifest
    return Record(
        manifest.id, manifest.version, manifest.digest, manifest.rules_digest, one.archive.origin,
        datetime.now(UTC).isoformat(timespec="seconds"), manifest.requires, one.archive.signatures, manifest.tested, one.yanked, one.retracted_rules,
    )  # fmt: skip


def _sorted(records: Sequence[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda r: (r.id, order(r.version))))


def _unwritable(home: Path, error: OSError) -> Exception:
    why = "没有写权限" if isinstance(error, PermissionError) else "磁盘已满或系统报告写入失败"
    return failure("E620", f"规则包目录「{home}」写不了：{why}", str(home), "换一个目录：设环境变量 JUESUAN_HOME")


def _hold(descriptor: int, home: str) -> None:
    """An exclusive hold that the system ends with the process, however that ends."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            _try_hold(descriptor)
            return
        except OSError:
            if time.monotonic() > until:
                raise failure("E620", "另一个程序正在安装或移除规则包，等了一分钟还没有结束", home) from None
            time.sleep(0.05)


if sys.platform == "win32":
    import msvcrt

    def _try_hold(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_hold(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
