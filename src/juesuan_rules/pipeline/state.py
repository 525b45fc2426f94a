"""Digests of what a result depends on besides the report: the packs and this program itself."""

from __future__ import annotations

import os
from pathlib import Path

from juesuan_rules.pipeline.cache import digest
from juesuan_rules.pipeline.options import Options
from juesuan_rules.resources import grammar_root


def packs_state(options: Options) -> str:
    """Digest of the program and of every file of every pack that these options could choose."""
    folders = list(options.pack_roots())
    if options.pack and (named := Path(options.pack)).is_dir():
        folders += [named, named.resolve().parent]
    return digest(program_fingerprint(), *[fingerprint(folder) for folder in folders])


def fingerprint(folder: Path) -> str:
    """Digest of the names and bytes of the YAML files below a folder; cases stay out."""
    parts: list[str | bytes] = []
    for path in _files(folder, (".yaml", ".yml"), skipped=("cases",)):
        parts.append(os.path.relpath(path, folder))
        try:
            with open(path, "rb") as file:
                parts.append(file.read())
        except OSError:
            parts.append(b"unreadable")
    return digest(*parts)


def program_fingerprint() -> str:
    """Digest of this program's own files by name, size and time: an edited checkout starts afresh."""
    parts: list[str | bytes] = []
    for folder in (Path(__file__).parents[1], grammar_root()):
        for path in _files(folder, (".py", ".lark", ".tsv", ".yaml")):
            state = os.stat(path)
            parts.append(f"{path[len(str(folder)) :]}:{state.st_size}:{state.st_mtime_ns}")
    return digest(*parts)


def file_digest(path: Path) -> str | None:
    """sha256 of a file's bytes, read in pieces; None where it cannot be read."""
    import hashlib

    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _files(folder: Path, suffixes: tuple[str, ...], skipped: tuple[str, ...] = ()) -> list[str]:
    found = []
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__", "_rules")) and name not in skipped]
        found += [os.path.join(base, name) for name in names if name.endswith(suffixes)]
    return sorted(found)
