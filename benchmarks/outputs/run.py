"""What the outputs of one report cost beyond its evaluation, each and together, and what a page picture costs.

    python benchmarks/outputs/run.py REPORT [--repeats 5] [--json OUT]

Processor time, in one process; the first round, with its imports, is shown apart: a command line pays it. The peer of a
page picture is the same page drawn by pypdfium2 and saved as PNG by Pillow, in the same run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.outputs.pages.pages import open_pages
from juesuan_rules.outputs.writing import OF_A_RUN, PER_REPORT, Output, write_outputs
from juesuan_rules.pipeline.batch import accepted, exit_code
from juesuan_rules.pipeline.judging import judge_files, make_material
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.provenance import provenance, seal, tool
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.renderings.json_text import dumps

BOUND_SECONDS, BOUND_PICTURE = 1.5, 0.080


def timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("report", type=Path)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    options = Options()
    subject = judge_files([given.report], options)
    evaluation = statistics.median(timed(lambda: judge_files([given.report], options)) for _ in range(given.repeats))
    run = accepted(subject.result, options)
    code = exit_code(run)

    def sealed() -> dict[str, object]:
        return seal(result_json(run, tool(), provenance(run, ("juesuan-rules",), code)))

    whole = make_material(run, sealed(), int(code), options, {str(given.report): subject})
    first: dict[str, float] = {}
    warm: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for at in range(given.repeats + 1):
            round_ = first if at == 0 else None
            for kind in ("json", *OF_A_RUN, *PER_REPORT):
                target = Path(folder) / f"out.{kind}"

                def write(kind: str = kind, target: Path = target) -> None:
                    if kind == "json":
                        target.write_text(dumps(sealed()), "utf-8")
                    elif not (written := write_outputs([Output(kind, str(target))], whole)).files:
                        raise JuesuanError(written.unavailable[0])

                try:
                    spent = timed(write)
                except JuesuanError as error:
                    if at == 0:
                        print(f"{kind}: {error}")
                    continue
                sizes[kind] = target.stat().st_size
                if round_ is not None:
                    round_[kind] = spent
                else:
                    warm.setdefault(kind, []).append(spent)
    medians = {kind: statistics.median(times) for kind, times in warm.items()}
    found: dict[str, object] = {"evaluation": evaluation, "first": first, "warm": medians, "sizes": sizes}
    print(f"{'output':8} {'first ms':>9} {'warm ms':>9} {'KB':>9}")
    for kind, spent in medians.items():
        print(f"{kind:8} {first[kind] * 1000:9.0f} {spent * 1000:9.0f} {sizes[kind] / 1024:9.0f}")
    together = sum(first.values())
    print(f"together {together * 1000:.0f} ms with imports, {sum(medians.values()) * 1000:.0f} ms warm; evaluation alone {evaluation * 1000:.0f} ms")
    ok = together <= BOUND_SECONDS
    pages = open_pages(subject)
    if pages is not None:
        own = [timed(lambda key=key: pages.picture(key)) for key in pages.pages]  # type: ignore[misc]
        pages.close()
        found["picture"] = {"median": statistics.median(own), "largest": max(own), "pages": len(own)}
        print(f"page picture: median {statistics.median(own) * 1000:.0f} ms, largest {max(own) * 1000:.0f} ms over {len(own)} pages{peer(given.report, own)}")
        ok = ok and statistics.median(own) <= BOUND_PICTURE
    if given.json is not None:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=2), "utf-8")
    print(f"bounds ({BOUND_SECONDS} s together, {BOUND_PICTURE * 1000:.0f} ms a picture): {'kept' if ok else 'EXCEEDED'}")
    return 0 if ok else 1


def peer(report: Path, own: list[float]) -> str:
    """The same pages by the libraries' plain way, as a ratio."""
    if report.suffix.lower() != ".pdf":
        return ""
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(report)

    def plain(at: int) -> None:
        document[at].render(scale=110 / 72).to_pil().save(io.BytesIO(), "PNG")

    times = [timed(lambda at=at: plain(at)) for at in range(len(document))]  # type: ignore[misc]
    return f"; {statistics.median(own) / statistics.median(times):.2f} × pypdfium2 with Pillow's PNG"


if __name__ == "__main__":
    raise SystemExit(main())
