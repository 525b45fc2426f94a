"""Where packs lie: folders named by a person, those shipped with the program, those installed.

The store of installed packs belongs to `store`; what is here is only how to find it, so that every
command finds the same packs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.packs.versions import order
from juesuan_rules.resources import rules_root

RECORDS_FILE = "installed.json"


class InstalledFolder(msgspec.Struct, frozen=True):
    """An installed version of a pack, and where it lies."""

    id: str
    version: str
    folder: Path


def home_folder() -> Path | None:
    """This user's folder of the program: JUESUAN_HOME, or the platform's; None where there is no home."""
    named = os.environ.get("JUESUAN_HOME")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base, "juesuan-rules") if base else None
    home = os.environ.get("HOME") or os.path.expanduser("~")
    if not home or home == "~":
        return None
    base = os.environ.get("XDG_DATA_HOME")
    return Path(base if base and os.path.isabs(base) else Path(home, ".local", "share"), "juesuan-rules")


def version_folder(home: Path, pack_id: str, version: str) -> Path:
    """Where a version of a pack is installed."""
    return home / "packs" / pack_id / version


def installed_folders(home: Path | None = None) -> tuple[InstalledFolder, ...]:
    """What is installed, by id and the newest version first. A folder without a record is none."""
    home = home or home_folder()
    if home is None:
        return ()
    try:
        told = msgspec.json.decode((home / RECORDS_FILE).read_bytes(), type=_Records)
    except (OSError, msgspec.DecodeError):
        return ()
    found = [InstalledFolder(r.id, r.version, version_folder(home, r.id, r.version)) for r in told.packs if _is_plain(r.id) and _is_plain(r.version)]
    newest = sorted(found, key=lambda one: order(one.version), reverse=True)
    return tuple(sorted(newest, key=lambda one: one.id))


def pack_roots(named: Sequence[Path] = (), home: Path | None = None) -> tuple[Path, ...]:
    """The folders packs are looked for in, the first wins: those named, then shipped and installed ones.

    Of a pack that is both shipped and installed, the higher version comes first.
    """
    shipped = rules_root()
    newer: list[Path] = []
    older: list[Path] = []
    for one in installed_folders(home):
        if not (one.folder / "pack.yaml").is_file():
            continue
        # Without installed packs nothing here needs YAML: every start pays for what is imported.
        from juesuan_rules.packs.manifest import read_manifest

        manifest = read_manifest(shipped / one.id)[0] if (shipped / one.id).is_dir() else None
        (newer if manifest is not None and order(one.version) > order(manifest.version) else older).append(one.folder)
    return (*named, *newer, shipped, *older)


class _Record(msgspec.Struct, frozen=True):
    id: str
    version: str


class _Records(msgspec.Struct, frozen=True):
    packs: tuple[_Record, ...] = ()


def _is_plain(name: str) -> bool:
    """Whether a record's text is one folder's name: the file may have been edited."""
    return bool(name) and name.strip(".") == name and not set(name) & set('/\\:\0')
