"""From the files of one report to one Document: each by its format's reader, joined in the order given."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from juesuan_rules.documents.model import Document
from juesuan_rules.pipeline.cache import digest
from juesuan_rules.pipeline.codec import CodecError, decode, encode
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.state import file_digest, program_fingerprint

SLOW_SECONDS = 1.0
"""A document that took longer to read (pages to recognise) is kept in the cache."""


def open_files(paths: Sequence[Path], options: Options) -> Document:
    """The files as one Document. Raises UsageError for what is not there, DocumentError for what cannot be read."""
    documents = [open_file(path, options) for path in paths]
    if len(documents) == 1:
        return documents[0]
    from juesuan_rules.documents.joining import join

    return join(documents)


def open_file(path: Path, options: Options) -> Document:
    """One file as a Document; pages that had to be recognised once are not recognised again."""
    from juesuan_rules.documents.open import ReadOptions, open_document

    key = _key(path, options)
    if key is not None and (known := _stored(options, key)) is not None:
        from msgspec.structs import replace

        return replace(known, source=replace(known.source, path=str(path)))
    begun = time.perf_counter()
    document = open_document(path, ReadOptions(options.pdf_engine, lambda: _vocabulary(options)))
    if key is not None and not document.unread and time.perf_counter() - begun > SLOW_SECONDS:
        options.open_cache().put("documents", key, encode(document))
    return document


def _vocabulary(options: Options) -> Iterable[str]:
    from juesuan_rules.pipeline.vocabulary import vocabulary

    return vocabulary(options)


def _key(path: Path, options: Options) -> str | None:
    """Key of a read document; None where it would not be kept: no cache, or a text."""
    if options.cache is None or not _may_be_slow(path):
        return None
    known = file_digest(path)
    return None if known is None else digest(program_fingerprint(), "document", known, path.name, options.pdf_engine)


def _may_be_slow(path: Path) -> bool:
    """Whether the file's first bytes are those of a format that may hold pictures of pages."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except (OSError, ValueError):
        return False
    return head.startswith((b"%PDF", b"PK", b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*", b"BM", b"\xd0\xcf\x11\xe0"))


def _stored(options: Options, key: str) -> Document | None:
    plain = options.open_cache().get("documents", key)
    try:
        found = decode(plain) if plain is not None else None
    except (CodecError, TypeError, ValueError, AttributeError, IndexError):
        return None
    return found if isinstance(found, Document) else None
