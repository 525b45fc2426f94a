"""The digest of a pack: what its verdicts depend on, and nothing else."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = (".yaml", ".yml")
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
    import hashlib

    total = hashlib.sha256()
    for path in pack_files(folder):
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        name = path.relative_to(folder).as_posix().encode()
        total.update(b"%d:%s%d:" % (len(name), name, len(content)))
        total.update(content)
    return "sha256:" + total.hexdigest()
