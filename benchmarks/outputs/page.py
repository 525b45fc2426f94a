"""A page of 300 findings over 40 pages in a real browser, and 10,000 findings in every output.

    python benchmarks/outputs/page.py [--rounds 5] [--json OUT] [--no-crowd]

Bounds: 15 MB; 2 s from opening the file to a filter's answer, the best of the rounds (a busy machine only makes it
longer); 60 s and 40 MB for any output of 10,000 findings. Fails where one is broken. Needs chromium and playwright.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.outputs.web.drawing import CHROMIUM, FAULTY, DrawnPages, judged, many, material_of, page_of

from juesuan_rules.outputs.writing import OF_A_RUN, Output, write_outputs

MOST_BYTES, MOST_SECONDS = 15_000_000, 2.0
CROWD, CROWD_BYTES, CROWD_SECONDS = 10_000, 40_000_000, 60.0
FILTERED = "() => document.querySelectorAll('.finding[hidden]').length > 0 && document.getElementById('count').textContent.indexOf('/ 300') > 0"


def interactive(file: Path, rounds: int) -> list[float]:
    """Seconds from opening the page to the answer of a filter, in a new tab each."""
    from playwright.sync_api import sync_playwright

    took = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM))
        for _ in range(rounds):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            begun = time.perf_counter()
            page.goto(file.as_uri())
            page.select_option("select[name=family]", "A")
            page.wait_for_function(FILTERED)
            took.append(time.perf_counter() - begun)
            context.close()
        browser.close()
    return took


def crowd(folder: Path) -> dict[str, dict[str, float]]:
    """Seconds and bytes of each output of 10,000 findings. No PDF: a text report has none."""
    whole = material_of(many(judged(FAULTY), CROWD))
    found = {}
    for kind in (*OF_A_RUN, "html", "xlsx", "docx"):
        begun = time.process_time()
        (path,) = write_outputs([Output(kind, str(folder / f"crowd.{kind}"))], whole).files
        found[kind] = {"seconds": time.process_time() - begun, "bytes": path.stat().st_size}
        print(f"{CROWD:,} findings  {kind:6} {found[kind]['seconds']:6.2f} s  {found[kind]['bytes'] / 1e6:6.2f} MB", flush=True)
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--no-crowd", action="store_true")
    given = asked.parse_args()
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        begun = time.process_time()
        file.write_text(page_of(many(judged(FAULTY), 300), DrawnPages(40)), "utf-8")
        made, size = time.process_time() - begun, file.stat().st_size
        took = interactive(file, given.rounds)
        found |= {"bytes": size, "interactive": took, "made": made}
        print(f"300 findings over 40 pages: {size / 1e6:.1f} MB; interactive in {min(took):.2f} s at best, {statistics.median(took):.2f} s median")
        ok = size < MOST_BYTES and min(took) < MOST_SECONDS
        if not given.no_crowd:
            each = found["crowd"] = crowd(Path(folder))
            ok = ok and all(one["seconds"] < CROWD_SECONDS and one["bytes"] < CROWD_BYTES for one in each.values())
    if given.json is not None:
        given.json.write_text(json.dumps(found, indent=2), "utf-8")
    print(f"bounds ({MOST_BYTES / 1e6:.0f} MB, {MOST_SECONDS:.0f} s; {CROWD_SECONDS:.0f} s for {CROWD:,} findings): {'kept' if ok else 'EXCEEDED'}")
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
