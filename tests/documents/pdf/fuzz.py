"""A long run of damaged PDF files: python -m tests.documents.pdf.fuzz SECONDS [FILE …]

Reads files damaged at random (bytes changed, cut, repeated, streams' contents changed) until the time
is over. Each must be read or refused with one message, in bounded time; what is not is kept in the
working directory, and belongs into `test_bad_pdf.py`.
"""

from __future__ import annotations

import random
import re
import sys
import time
import zlib
from pathlib import Path

from tests.documents.pdf.test_bad_pdf import SOUND

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.pdf.reader import read_pdf
from juesuan_rules.documents.scan import read

_SLOW = 20.0
_STREAM = re.compile(rb"/Length (\d+)>>\s*stream\n")
_WORDS = (b"0", b"-1", b"1e9", b"99999999999", b"null", b"[", b"]", b"<<", b">>", b"/A", b"3 0 R", b"(", b"Do", b"Tj", b"re", b"cm", b"q", b"Q", b"endstream", b"")


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One more way to be broken."""
    found = bytearray(data)
    if chance.random() < 0.5:
        found = _with_other_stream(found, chance)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(found) + 1)
        how = chance.random()
        if how < 0.4:
            found[at : at + chance.randrange(6)] = chance.choice(_WORDS)
        elif how < 0.7:
            found[at : at + 1] = bytes([chance.randrange(256)])
        elif how < 0.8:
            del found[at : at + chance.choice((1, 10, 1000))]
        elif how < 0.9:
            found[at:at] = found[at : at + chance.choice((10, 100, 1000))] * chance.choice((1, 2, 50))
        else:
            found = found[: max(at, 20)]
    return bytes(found)


def _with_other_stream(data: bytearray, chance: random.Random) -> bytearray:
    """The same file with the words of one packed stream changed."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return data
    found = chance.choice(streams)
    start, size = found.end(), int(found.group(1))
    try:
        words = zlib.decompress(bytes(data[start : start + size])).split(b" ")
    except zlib.error:
        return data
    for _ in range(chance.choice((1, 3, 30))):
        words[chance.randrange(len(words))] = chance.choice((*_WORDS, chance.choice(words)))
    packed = zlib.compress(b" ".join(words))
    data[found.start(1) : start + size] = b"%d>>stream\n%s" % (len(packed), packed)
    return data


def main(seconds: float, files: list[str]) -> int:
    """Runs; returns how many inputs were kept."""
    read.is_available = lambda: False  # recognising pages takes seconds each, and is another reader's business
    sources = [Path(name).read_bytes() for name in files] or [SOUND]
    chance = random.Random()
    end, tried, kept = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        data = damaged(chance.choice(sources), chance)
        begun, tried = time.monotonic(), tried + 1
        try:
            read_pdf(data, "x.pdf")
        except DocumentError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
            kept += 1
            Path(f"fuzz-{kept}.pdf").write_bytes(data)
            print(f"{type(error).__name__}: {error}", flush=True)
        if time.monotonic() - begun > _SLOW:
            kept += 1
            Path(f"fuzz-slow-{kept}.pdf").write_bytes(data)
            print(f"{time.monotonic() - begun:.1f} s", flush=True)
    print(f"{tried} files, {kept} kept")
    return kept


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]), sys.argv[2:])))
