"""New and changed objects appended to a PDF file: an incremental update, the original bytes its beginning.

The libraries that write PDF either rewrite the whole file or append a section that strict readers object to (a
cross-reference stream after a table, without an entry of its own). The section itself is small: objects, their places,
and a trailer that points back; it is written here in the kind the original uses.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Reference = tuple[int, int]
"""Number and generation of an object."""


def appended(
    data: bytes, objects: Mapping[Reference, bytes], trailer: Mapping[str, bytes], first_id: bytes, size: int, previous: int, in_stream: bool
) -> bytes:
    """The file with the objects appended.

    trailer: entries kept from the original (/Root, /Info). first_id: the first half of its /ID, b"" without one. size: more than the highest number of any object.
    previous: where the original's last cross-reference section stands. in_stream: whether it is a stream.
    """
    out = [data]
    at = len(data)
    if not data.endswith((b"\n", b"\r")):
        out.append(b"\n")
        at += 1
    places: dict[Reference, int] = {}
    for reference in sorted(objects):
        body = b"%d %d obj\n%s\nendobj\n" % (*reference, objects[reference])
        places[reference] = at
        out.append(body)
        at += len(body)
    digest = hashlib.sha256(b"".join(out[1:])).hexdigest()[:32].encode("ascii")
    entries = [b"%s %s" % (name.encode("ascii"), value) for name, value in sorted(trailer.items())]
    entries += [b"/Prev %d" % previous, b"/ID[<%s><%s>]" % (first_id.hex().encode("ascii") or digest, digest)]
    size = max(size, *(number + 1 for number, _ in places))
    out.append((_stream if in_stream else _table)(places, at, size, b"".join(entries)))
    out.append(b"startxref\n%d\n%%%%EOF\n" % at)
    return b"".join(out)


def _table(places: Mapping[Reference, int], _: int, size: int, kept: bytes) -> bytes:
    lines = [b"xref\n"]
    for run in _runs(sorted(places)):
        lines.append(b"%d %d\n" % (run[0][0], len(run)))
        lines += [b"%010d %05d n \n" % (places[reference], reference[1]) for reference in run]
    return b"".join(lines) + b"trailer\n<<%s/Size %d>>\n" % (kept, size)


def _stream(places: Mapping[Reference, int], at: int, size: int, kept: bytes) -> bytes:
    own = (size, 0)
    every = {**places, own: at}
    runs = list(_runs(sorted(every)))
    index = b" ".join(b"%d %d" % (run[0][0], len(run)) for run in runs)
    rows = b"".join(struct.pack(">BQH", 1, every[reference], reference[1]) for run in runs for reference in run)
    head = b"<</Type/XRef/W[1 8 2]/Index[%s]%s/Size %d/Length %d>>" % (index, kept, size + 1, len(rows))
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (size, head, rows)


def _runs(references: Sequence[Reference]) -> Iterator[list[Reference]]:
    """References in groups of consecutive numbers."""
    run: list[Reference] = []
    for reference in references:
        if run and reference[0] != run[-1][0] + 1:
            yield run
            run = []
        run.append(reference)
    if run:
        yield run


def serialised(thing: Any) -> bytes:
    """A pikepdf object as it stands in a file between `obj` and `endobj`."""
    import pikepdf

    if isinstance(thing, pikepdf.Stream):
        raw = thing.read_raw_bytes()
        entries: Any = pikepdf.Dictionary(dict(thing.stream_dict.items()))
        entries["/Length"] = len(raw)
        return bytes(entries.unparse(resolved=True)) + b"\nstream\n" + bytes(raw) + b"\nendstream"
    return bytes(thing.unparse(resolved=True))
