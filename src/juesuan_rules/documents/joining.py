"""Several files that are one report: their blocks one after the other, each with its file's name."""

from __future__ import annotations

import hashlib
import ntpath
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from juesuan_rules.documents.model import Block, Document, GridBlock, Place, Source


def join(documents: Sequence[Document], path: str = "", source: Source | None = None) -> Document:
    """The documents as one, in the order given; every place names its file, every note too.

    path: what the whole is called, by default the first file's path. source: the file they all came
    from (an archive). Without one, sha256 is the digest of their digests.
    """
    names = short_names([document.source.path for document in documents])
    blocks: list[Block] = []
    for document, name in zip(documents, names, strict=True):
        blocks += _with_file(document.blocks, name)
    return Document(
        source or _source(documents, path or documents[0].source.path),
        tuple(blocks),
        tuple(f"{name}：{note}" for d, name in zip(documents, names, strict=True) for note in d.notes),
        tuple(part for document in documents for part in (document.parts or (document.source,))),
        tuple(f"{name}：{text}" for d, name in zip(documents, names, strict=True) for text in d.unread),
    )


def short_names(paths: Iterable[str]) -> list[str]:
    """The last part of each path; the whole path where two end alike."""
    paths = list(paths)
    last = [ntpath.basename(path.rstrip("/\\")) or path for path in paths]
    often = Counter(last)
    return [name if often[name] == 1 else path for name, path in zip(last, paths, strict=True)]


def _source(documents: Sequence[Document], path: str) -> Source:
    formats = {document.source.format for document in documents}
    whole = hashlib.sha256("".join(document.source.sha256 for document in documents).encode()).hexdigest()
    return Source(path, whole, formats.pop() if len(formats) == 1 else "mixed", sum(document.source.size for document in documents))


def _with_file(blocks: Iterable[Block], name: str) -> list[Block]:
    """The blocks with the file's name in every place that has none; a place shared by cells stays shared."""
    known: dict[Place, Place] = {}

    def placed(place: Place) -> Place:
        if place.file is not None:
            return place
        found = known.get(place)
        if found is None:
            found = known[place] = replace(place, file=name)
        return found

    found: list[Block] = []
    for block in blocks:
        if isinstance(block, GridBlock):
            rows = tuple([tuple([replace(cell, place=placed(cell.place)) for cell in row]) for row in block.rows])
            found.append(replace(block, rows=rows, place=placed(block.place)))
        else:
            found.append(replace(block, place=placed(block.place)))
    return found
