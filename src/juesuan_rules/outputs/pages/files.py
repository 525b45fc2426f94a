"""The files behind the places of a report: by the name a place gives, the bytes and the format.

A report may be one file, several joined (--as-one), or the files of a ZIP archive; a place names its file only where
there is more than one. Files are told by their digests, so that no other file is shown in their stead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.archive import archived_files
from juesuan_rules.documents.joining import short_names
from juesuan_rules.documents.model import Source
from juesuan_rules.reports.model import Report

PAGED = frozenset(("pdf", "image"))
"""Formats that have pages."""


class PagedFile(msgspec.Struct, frozen=True):
    """A file with pages. name: as places give it, None for the only file of a report. member: its digest, where it
    stands in the archive at `path`."""

    name: str | None
    path: Path
    format: str
    digest: str
    member: bool = False

    def read(self) -> bytes | None:
        """Its bytes; None where it is gone or is another file by now."""
        data = _read(self.path)
        if data is None or not self.member:
            return data if data is not None and _digest(data) == self.digest else None
        return _members(data, self.path).get(self.digest)


def paged_files(report: Report, paths: Sequence[Path]) -> tuple[PagedFile, ...]:
    """The files of a report that have pages, in reading order; names that two files share stand for neither."""
    if not report.parts:
        source = report.source
        return (PagedFile(None, paths[0], source.format, _plain(source.sha256)),) if source.format in PAGED and paths else ()
    found = _named(list(report.parts), paths)
    names = [file.name for file in found]
    return tuple([file for file in found if file.format in PAGED and names.count(file.name) == 1])


def _named(parts: list[Source], paths: Sequence[Path]) -> list[PagedFile]:
    """The parts of a report with the names that joining gave them: files by their own, files of an archive among themselves."""
    outer = short_names([str(path) for path in paths])
    found: list[PagedFile] = []
    for path, name in zip(paths, outer, strict=True):
        digest = _digest_of(path)
        if parts and digest == _plain(parts[0].sha256):
            found.append(PagedFile(name, path, parts.pop(0).format, digest))
            continue
        data = _read(path)
        inside = _members(data, path) if data is not None else {}
        own: list[Source] = []
        while parts and _plain(parts[0].sha256) in inside:
            own.append(parts.pop(0))
        inner = short_names([part.path for part in own])
        found += [PagedFile(name, path, part.format, _plain(part.sha256), True) for part, name in zip(own, inner, strict=True)]
    return found


def _members(data: bytes, path: Path) -> dict[str, bytes]:
    """The files of an archive by their digests."""
    if data[:2] != b"PK":
        return {}
    try:
        return {_digest(content): content for _, content in archived_files(data, str(path))}
    except DocumentError:
        return {}


def _read(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > limits.ARCHIVE_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _digest_of(path: Path) -> str:
    data = _read(path)
    return _digest(data) if data is not None else ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _plain(digest: str) -> str:
    return digest.removeprefix("sha256:")
