"""What is read right, and how fast: our reader against pdfplumber and camelot, over the same files in one run.

    python benchmarks/extract/run.py FOLDER [--kinds docx,pdf_grid] [--pdf REAL.pdf …] [--peers pdfplumber,camelot]
                                     [--by-file] [--json OUT] [--repeats 1]

FOLDER holds generated documents with their answers (truth.json). Per kind: cells, amounts and perfect tables in per cent,
milliseconds a page, and how many times as long each peer takes for its tables alone as we for tables and prose. --pdf adds
real files, for speed only. A peer that is not installed is left out (`pip install camelot-py` for camelot). Kinds that are
not PDF are compared with nobody. Reading is warm: the first document is read once before the clock starts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.documents.open import ReadOptions, open_document
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.vocabulary import vocabulary
from juesuan_rules.renderings.json_extract import file_json
from scoring import Score, score
from truth import SCANS, Known, documents

Grids = list[list[list[Any]]]
Reader = Callable[[Path], Grids]


def ours(path: Path) -> Grids:
    """The grids of `extract`."""
    return [table["grid"] for table in file_json(load(path, Options()).report)["tables"]]


def ours_reading(path: Path) -> None:
    """The part that is timed: the whole file to blocks, prose and tables."""
    options = Options()
    open_document(path, ReadOptions(vocabulary=lambda: vocabulary(options)))


def plumber(path: Path) -> Grids:
    """pdfplumber's tables, with its own settings."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return [table for page in pdf.pages for table in page.extract_tables()]


def camelot(path: Path) -> Grids:
    """camelot's lattice tables."""
    import camelot as library

    return [table.df.values.tolist() for table in library.read_pdf(str(path), pages="all", flavor="lattice", split_text=True)]


PEERS: dict[str, Reader] = {"pdfplumber": plumber, "camelot": camelot}


def timed(action: Callable[[Path], object], path: Path, repeats: int) -> tuple[float, Any]:
    """Median seconds, and the last result (None where it failed)."""
    seconds, result = [], None
    for _ in range(repeats):
        begun = time.perf_counter()
        try:
            result = action(path)
        except JuesuanError as error:
            print(f"{path.name}: {error.message}", file=sys.stderr)
        except Exception as error:  # noqa: BLE001 - a peer may fail in any way; that is a result too
            print(f"{path.name}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
        seconds.append(time.perf_counter() - begun)
    return median(seconds), result


def pages_of(path: Path) -> int:
    """Pages of a PDF file; 1 for anything else."""
    if path.suffix.lower() != ".pdf":
        return 1
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


class Line:
    """What is known of one kind (or file): scores and seconds per reader, pages."""

    def __init__(self) -> None:
        self.scores: dict[str, Score] = defaultdict(Score)
        self.seconds: dict[str, float] = defaultdict(float)
        self.pages = 0


def measure(one: Known, line: Line, peers: list[str], repeats: int) -> None:
    """Read one document with every reader and add the result."""
    line.pages += pages_of(one.path)
    line.seconds["ours"] += timed(ours_reading, one.path, repeats)[0]
    line.scores["ours"].add(score(one.tables, timed(ours, one.path, 1)[1] or []))
    if one.path.suffix.lower() == ".pdf" and one.kind not in SCANS:
        for peer in peers:
            spent, grids = timed(PEERS[peer], one.path, repeats)
            line.seconds[peer] += spent
            line.scores[peer].add(score(one.tables, grids or []))


def show(name: str, line: Line) -> str:
    """One row of the table: our scores and speed, then each peer's scores and how many times our time it took."""
    parts = [f"{name:18} {line.pages:5}"]
    for reader, result in line.scores.items():
        parts.append(" / ".join(f"{share:6.2f}" for share in result.shares()))
        mine = line.seconds["ours"]
        parts.append(f"{1000 * mine / max(line.pages, 1):8.1f} ms" if reader == "ours" else f"{line.seconds[reader] / mine:7.1f} x")
    return "  ".join(parts)


def as_data(line: Line) -> dict[str, Any]:
    """A line for the JSON file."""
    return {
        reader: {**dict(zip(("cells", "amounts", "tables"), result.shares(), strict=True)), "seconds": line.seconds[reader], "pages": line.pages}
        for reader, result in line.scores.items()
    }


def real_files(paths: Iterable[Path], peers: list[str], repeats: int) -> dict[str, Any]:
    """Speed alone, on files without answers."""
    found: dict[str, Any] = {}
    for path in paths:
        pages = pages_of(path)
        mine = timed(ours_reading, path, repeats)[0]
        ratios = {peer: timed(PEERS[peer], path, repeats)[0] / mine for peer in peers}
        found[path.name] = {"pages": pages, "ms_per_page": 1000 * mine / pages, **ratios}
        print(f"{path.name:45} {pages:4} 页 {1000 * mine / pages:8.1f} ms  " + "  ".join(f"{peer} {ratio:.1f} x" for peer, ratio in ratios.items()))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="文档生成器写出的目录，里面有 truth.json")
    parser.add_argument("--kinds", default="")
    parser.add_argument("--pdf", type=Path, nargs="*", default=[])
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--by-file", action="store_true")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    every = documents(asked.folder, frozenset(filter(None, asked.kinds.split(","))))
    peers = [name for name in asked.peers.split(",") if name]
    for name in [name for name in peers if importlib.util.find_spec(name) is None]:
        print(f"没有安装 {name}，不作比较")
        peers.remove(name)
    lines: dict[str, Line] = defaultdict(Line)
    warm: set[str] = set()
    print(f"{'':18} {'页':>5}  格 / 金额 / 全表 %（先是本程序，后是 {'、'.join(peers) or '无'}）")
    for one in every:
        if one.kind not in warm:
            timed(ours_reading, one.path, 1)
            warm.add(one.kind)
        measure(one, lines[one.path.name if asked.by_file else one.kind], peers, asked.repeats)
    for name, line in lines.items():
        print(show(name, line))
    real = real_files(asked.pdf, peers, asked.repeats)
    if asked.json:
        asked.json.write_text(json.dumps({"kinds": {name: as_data(line) for name, line in lines.items()}, "real": real}, ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
