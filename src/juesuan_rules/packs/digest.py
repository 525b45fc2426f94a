"""The digest of a pack: what its verdicts depend on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

SUFFIXES = (".yaml", ".yml")
MANIFEST_FILE = "MANIFEST.json"
"""Stands in packs that were installed from an archive."""
APART = frozenset({"cases"})
"""Folders no verdict depends on."""


def pack_files(folder: Path) -> list[Path]:
    """The files of a pack that judging reads, sorted by their path inside the pack."""
    found = [folder / "pack.yaml", folder / "overrides.yaml"]
    for child in folder.iterdir() if folder.is_dir() else ():
        if child.is_dir() and child.name not in APART and not child.name.startswith("."):
            found += [p for p in child.rglob("*") if p.suffix in SUFFIXES]
    return sorted((p for p in found if p.is_file()), key=lambda p: p.relative_to(folder).as_posix())


def digest_folder(folder: Path) -> str:
    """"sha256:…" over names and contents; the same for any place, file order and line ends."""
    return digest_files({path.relative_to(folder).as_posix(): path.read_bytes() for path in pack_files(folder)})


def told_digest(folder: Path) -> str:
    """The digest that an installed pack's own manifest tells; "" for a pack without one."""
    try:
        data = (folder / MANIFEST_FILE).read_bytes()
    except FileNotFoundError:
        return ""
    except OSError:
        return "?"
    import json

    try:
        return str(json.loads(data)["rules_digest"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "?"


def is_judged(name: str) -> bool:
    """Whether verdicts depend on the file of that path inside a pack."""
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        return name in ("pack.yaml", "overrides.yaml")
    return path.suffix in SUFFIXES and path.parts[0] not in APART and not path.parts[0].startswith(".")


def digest_files(files: Mapping[str, bytes]) -> str:
    """As `digest_folder`, over files by their path inside the pack; those no verdict depends on are left out."""
    import hashlib

    total = hashlib.sha256()
    for path in sorted(filter(is_judged, files)):
        content = files[path].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        name = path.encode()
        total.update(b"%d:%s%d:" % (len(name), name, len(content)))
        total.update(content)
    return "sha256:" + total.hexdigest()
