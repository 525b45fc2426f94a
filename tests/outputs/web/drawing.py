"""What the tests of the page share: reports judged, pages drawn by hand, a browser."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from lxml import html
from msgspec.structs import replace

from juesuan_rules.documents.model import GridBlock, GridCell, Place
from juesuan_rules.findings import Finding, Operand
from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.web.page import render_page
from juesuan_rules.pipeline.judging import judge_files
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.provenance import provenance, seal, tool
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.results import RunResult

FIXTURES = Path(__file__).parents[3] / "fixtures"
FAULTY = "辽宁省云岫市数据服务局-2023-有误.txt"
CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")


def judged(name: str) -> Subject:
    """A sample report of the project, judged."""
    return judge_files([FIXTURES / name], Options())


def material_of(subject: Subject) -> Material:
    """The run of that one report."""
    run = RunResult((subject.result,))
    sealed = seal(result_json(run, tool(), provenance(run, ["juesuan-rules", "eval", "报告.txt"], 1)))  # type: ignore[arg-type]
    return Material(run, sealed, 1, lambda at: subject, subject.families)


def page_of(subject: Subject, pages: Any = None) -> str:
    """Its page; without page pictures where none are given."""
    return render_page(subject, material_of(subject), pages)


def tree(page: str) -> Any:
    """The page parsed."""
    return html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))


def text_of(element: Any) -> str:
    """Its text on one line."""
    return " ".join(element.text_content().split())


def with_findings(subject: Subject, findings: Sequence[Finding]) -> Subject:
    """The report with other verdicts."""
    full = replace(subject.full, findings=tuple(findings), causes=())
    return replace(subject, full=full, result=full, live=(None,) * len(findings))


def many(subject: Subject, count: int) -> Subject:
    """The report with so many failures, made from the verdicts it has."""
    told = [f for f in subject.full.findings if f.operands and f.filled]
    spread = [told[at * 7 % len(told)] for at in range(count)]
    failed = [replace(one, outcome="fail", rounding=False, cause=None, sentence=f"{one.sentence} 第{at}处") for at, one in enumerate(spread)]
    return with_findings(subject, failed)


def grid(rows: Sequence[Sequence[str]], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> GridBlock:
    """A printed table; spans: (columns, rows) of merged cells by row and column."""
    merged = spans or {}
    cells = [
        tuple([GridCell(text, Place(sheet="表", cell=f"R{r}C{c}"), *merged.get((r, c), (1, 1))) for c, text in enumerate(row)])
        for r, row in enumerate(rows)
    ]
    return GridBlock(tuple(cells))


class Key(msgspec.Struct, frozen=True):
    """A page of a file drawn by hand."""

    page: int
    file: str | None = None


class Spot(msgspec.Struct, frozen=True):
    """A place on it."""

    key: Key
    box: tuple[float, float, float, float]


class Picture(msgspec.Struct, frozen=True):
    """Its picture."""

    data: bytes
    media: str


class DrawnPages:
    """Pages with noise on them, so large as a real page's picture; figures stand where their name says."""

    def __init__(self, count: int, size: tuple[int, int] = (910, 1286), weight: int = 90_000) -> None:
        self.pages = tuple([Key(number) for number in range(1, count + 1)])
        self.asked: list[tuple[Key, int]] = []
        self._size, self._weight = size, weight

    def size(self, key: Key) -> tuple[float, float]:
        return 595.0, 842.0

    def picture(self, key: Key, dpi: int = 110) -> Picture:
        self.asked.append((key, dpi))
        width, height = (int(side * dpi / 110) for side in self._size)
        return Picture(noisy_png(width, height, self._weight * dpi * dpi // 110**2, key.page), "image/png")

    def spots(self, operand: Operand) -> tuple[Spot, ...]:
        if not operand.name or not operand.raw.strip():
            return ()
        number = zlib.crc32(f"{operand.name}{operand.raw}".encode())
        key = self.pages[number % len(self.pages)]
        x, y = 60 + number // 7 % 400, 40 + number // 11 % 740
        return (Spot(key, (x, y, x + 60, y + 10)),)

    def close(self) -> None:
        pass


def noisy_png(width: int, height: int, weight: int, seed: int) -> bytes:
    """A grey PNG of about `weight` bytes."""
    noise = bytearray()
    state = seed * 2654435761 % 2**32 or 1
    while len(noise) < weight:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        noise += state.to_bytes(4, "big")
    body = bytes(noise[:weight]).ljust(width * height, b"\xff")[: width * height]
    rows = b"".join(b"\x00" + body[at * width : (at + 1) * width] for at in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
