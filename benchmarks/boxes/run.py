"""Do boxes lie on the right figures? Every operand's box is cropped out of the page and read back.

    python benchmarks/boxes/run.py FILE_OR_FOLDER… [--at-least 0.999] [--misses 10] [--annotated] [--json OUT]

Every operand of every verdict of every PDF file, passed ones too: the characters whose middles lie in its boxes, as
PDFium gives them, must be the text the operand was read from, no more and no less. What is compared comes from
pypdfium2's own interface and a transformation written here, not from the code under test. Files are grouped by the
part of their names after the last "_". With --annotated a marked copy of every file is made and read back too: the
original must be its beginning, qpdf must have nothing to say, each box must hold the text of an operand.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

Box = tuple[float, float, float, float]


class Reader:
    """Characters of a PDF file by pypdfium2, with their middles on the page as displayed."""

    def __init__(self, path: Path) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(path)
        self._pages: dict[int, list[tuple[str, float, float, float]]] = {}

    def read(self, page: int, box: Box) -> str:
        """What stands in the box, in the order of the content stream; not the letters of a watermark much larger than it."""
        if page not in self._pages:
            self._pages[page] = list(self._characters(page))
        x0, y0, x1, y1 = box
        largest = 1.8 * min(x1 - x0, y1 - y0)
        return "".join(letter for letter, x, y, size in self._pages[page] if x0 <= x <= x1 and y0 <= y <= y1 and size <= largest)

    def _characters(self, number: int) -> Iterator[tuple[str, float, float, float]]:
        page = self._document[number - 1]
        left, bottom, right, top = page.get_bbox()
        turns = page.get_rotation() // 90
        text = page.get_textpage()
        letters = text.get_text_range(0, text.count_chars()) if text.count_chars() else ""
        for at in range(text.count_chars()):
            a, b, c, d = text.get_charbox(at)
            x, y = (a + c) / 2, (b + d) / 2
            shown = [(x - left, top - y), (y - bottom, x - left), (right - x, y - bottom), (top - y, right - x)][turns]
            letter = letters[at] if len(letters) == text.count_chars() else text.get_text_range(at, 1)
            if letter.strip():
                yield letter, *shown, min(c - a, d - b)


def folded(text: str) -> str:
    """One spelling: half-width, no white space, without the … of a shortened text and the / of one printed twice."""
    plain = unicodedata.normalize("NFKC", text.replace("…", "").replace(" / ", "")).translate(str.maketrans("−–—―，", "----,"))
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))


def check(path: Path, annotated: bool, misses: list[str]) -> Counter[str]:
    """Counts for one file."""
    from juesuan_rules.outputs.pages import open_pages
    from juesuan_rules.pipeline.judging import judge_files
    from juesuan_rules.pipeline.options import Options

    counts: Counter[str] = Counter()
    subject = judge_files([path], Options())
    begun = time.perf_counter()
    pages = open_pages(subject)
    if pages is None:
        return Counter({"no pages": 1})
    reader = Reader(path)
    told = {one.at for one in subject.numbered}
    counts["findings"] = len(told)
    with pages:
        for at, finding in enumerate(subject.full.findings):
            for operand in finding.operands or ():
                if not operand.raw.strip():
                    counts["without text"] += 1
                    continue
                if operand.name.startswith(("上年.", "所属单位")):
                    continue
                spots = pages.spots(operand)
                counts["figures"] += 1
                counts["of the prose"] += bool(operand.quote)
                read = "".join(reader.read(spot.key.page, spot.box) for spot in spots)
                right = folded(read) == folded(operand.raw)
                counts["right"] += right
                if not right:
                    counts["wrong in findings"] += at in told
                    if len(misses) < 1000:
                        place = f"{path.name} 第{operand.place.page}页 {operand.name}"
                        misses.append(f"{place}：印 {operand.raw!r}，框中 {read[:60]!r}{'' if spots and spots[0].tight else '（没有收紧）'}")
        counts["ms"] = round(1000 * (time.perf_counter() - begun))
        counts["pages"] = len(pages.pages)
    if annotated:
        counts.update(check_annotated(path, subject))
    return counts


def check_annotated(path: Path, subject: Any) -> Counter[str]:
    """Of the marked copy: its boxes (dashed ones, around no figure, left out), how many of them hold the text of no operand, what qpdf finds wrong with it."""
    import io

    import pikepdf
    import pypdfium2

    from juesuan_rules.outputs.annotated.annotate import marked_pdf

    data = path.read_bytes()
    begun = time.perf_counter()
    marked = marked_pdf(subject)
    counts: Counter[str] = Counter({"marking ms": round(1000 * (time.perf_counter() - begun))})
    counts["not a prefix"] += not marked.startswith(data)
    raws = {folded(operand.raw) for one in subject.numbered for operand in one.finding.operands or ()}
    with pikepdf.open(io.BytesIO(marked)) as file:
        counts["said by qpdf"] += len(file.check_pdf_syntax()) + len(file.get_warnings())
        document = pypdfium2.PdfDocument(marked)
        for number, page in enumerate(file.pages):
            squares = [one for one in page.get("/Annots", []) if one.Subtype == "/Square" and one.BS.S == "/S"]
            text = document[number].get_textpage() if squares else None
            for one in squares:
                counts["boxes"] += 1
                read = folded(_in_rectangle(text, [float(side) for side in one.Rect], [float(side) for side in one.RD]))
                counts["boxes without"] += read not in raws and not any(read and read in raw for raw in raws)
    return counts


def _in_rectangle(text: Any, rect: list[float], rd: list[float]) -> str:
    left, bottom, right, top = rect[0] + rd[0], rect[1] + rd[1], rect[2] - rd[2], rect[3] - rd[3]
    letters = []
    for at in range(text.count_chars()):
        a, b, c, d = text.get_charbox(at)
        if left <= (a + c) / 2 <= right and bottom <= (b + d) / 2 <= top and min(c - a, d - b) <= 1.8 * min(right - left, top - bottom):
            letters.append(text.get_text_range(at, 1))
    return "".join(letters)


def kind_of(path: Path) -> str:
    """The part of the name after the last "_"."""
    return path.stem.rpartition("_")[2] if "_" in path.stem else "其他"


def gathered(names: Iterable[str]) -> list[Path]:
    """The PDF files named, those of folders sorted."""
    return [file for name in names for file in (sorted(Path(name).glob("*.pdf")) if Path(name).is_dir() else [Path(name)])]


def main() -> int:
    """Prints a line per kind; 1 where the share of right boxes is below what is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--at-least", type=float, default=0.0)
    parser.add_argument("--misses", type=int, default=10)
    parser.add_argument("--annotated", action="store_true")
    parser.add_argument("--skip", default="scan", help="leave out kinds that begin so")
    parser.add_argument("--json")
    asked = parser.parse_args()
    kinds: dict[str, Counter[str]] = {}
    misses: list[str] = []
    for path in gathered(asked.files):
        if asked.skip and kind_of(path).startswith(asked.skip):
            continue
        counts = check(path, asked.annotated, misses)
        kinds.setdefault(kind_of(path), Counter()).update(counts)
        total = kinds.setdefault("合计", Counter())
        total.update(counts)
    kinds["合计"] = kinds.pop("合计", Counter())
    for kind, counts in kinds.items():
        share = counts["right"] / counts["figures"] if counts["figures"] else 0.0
        print(f"{kind:10s} {share:9.4%}  " + "  ".join(f"{name} {number}" for name, number in sorted(counts.items())))
    for miss in misses[: asked.misses]:
        print("  ", miss)
    if asked.json:
        Path(asked.json).write_text(json.dumps({kind: dict(counts) for kind, counts in kinds.items()}, ensure_ascii=False, indent=1), "utf-8")
    total = kinds["合计"]
    return int(total["figures"] > 0 and total["right"] / total["figures"] < asked.at_least)


if __name__ == "__main__":
    sys.exit(main())
