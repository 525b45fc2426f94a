"""How fast the language server answers a keystroke: random edits in every rule file of a pack, through the real server.

    python benchmarks/editor/run.py [--pack FOLDER] [--edits 300] [--seed 1] [--json OUT]

A client starts `juesuan-rules lsp`, opens the pack's rule files, and types: a character into an expression, or one
taken out. Each time it measures from sending the change to the problems of that very version, and how long a
completion at the cursor takes after it. One keystroke at a time; nothing is counted before the pack was checked once.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
for folder in (HERE.parents[1] / "src", HERE.parents[1] / "tests" / "editor"):
    sys.path.insert(0, str(folder))

from client import Client  # noqa: E402

from juesuan_rules.editor.outline import read_outline  # noqa: E402
from juesuan_rules.editor.places import FileMap  # noqa: E402
from juesuan_rules.resources import rules_root  # noqa: E402

LIMIT_MS = 50.0
TYPED = (".", "[", "]", "(", ")", "总", "表", "支", "出", "合", "计", "1", "2", " ", "+", "=", "±", "若", "则", "且", "“", "文", "字", "'", ":")


def main() -> int:
    """Measure and print; 1 where the 95th percentile is above the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pack", type=Path, default=rules_root() / "cn")
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    times = measure(args.pack, args.edits, random.Random(args.seed))
    rows = {name: summary(values) for name, values in times.items()}
    for name, row in rows.items():
        print(f"{name:12} n {row['n']:4.0f}   median {row['median']:6.1f} ms   p95 {row['p95']:6.1f} ms   max {row['max']:6.1f} ms")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), "utf-8")
    return int(max(rows["diagnostics"]["p95"], rows["completion"]["p95"]) > LIMIT_MS)


def summary(values: list[float]) -> dict[str, float]:
    """Count, median, 95th percentile and maximum."""
    ordered = sorted(values)
    return {"n": len(ordered), "median": median(ordered), "p95": ordered[int(len(ordered) * 0.95)], "max": ordered[-1]}


def measure(pack: Path, edits: int, chance: random.Random) -> dict[str, list[float]]:
    """Milliseconds of each kind of answer."""
    files = sorted((pack / "rules").glob("*.yaml"))
    client = Client(pack)
    times: dict[str, list[float]] = {"open": [], "diagnostics": [], "completion": []}
    try:
        texts = {path: path.read_text("utf-8").replace("\r\n", "\n") for path in files}
        uris: dict[Path, str] = {}
        for path in files:
            started = time.perf_counter()
            uris[path] = client.open(path)
            client.wait_for(uris[path])
            times["open"].append(ms(started))
        versions = dict.fromkeys(files, 1)
        client.settle(1.0)
        for number in range(edits):
            path = files[number % len(files)]
            keystroke(client, path, uris[path], texts, versions, chance, times)
    finally:
        client.close()
    return times


def keystroke(client: Client, path: Path, uri: str, texts: dict[Path, str], versions: dict[Path, int], chance: random.Random, times: dict[str, list[float]]) -> None:
    """One change, its problems, a completion; every third file state goes back to the original."""
    text = texts[path]
    regions = [r for r in FileMap(read_outline(text), "rules").regions if r.text.strip()]
    region = chance.choice(regions)
    at = chance.randint(region.start, region.end)
    removed = 1 if chance.random() < 0.3 and at < region.end else 0
    added = "" if removed else chance.choice(TYPED)
    texts[path] = text[:at] + added + text[at + removed :]
    versions[path] += 1
    started = time.perf_counter()
    client.change(uri, versions[path], {"range": {"start": position(text, at), "end": position(text, at + removed)}, "text": added})
    while client.versions.get(uri) != versions[path]:
        client._take(client._next())
    times["diagnostics"].append(ms(started))
    where = position(texts[path], at + len(added))
    started = time.perf_counter()
    client.at("completion", uri, where["line"], where["character"])
    times["completion"].append(ms(started))
    if chance.random() < 0.5:  # typing goes on from a sound file as often as from a broken one
        versions[path] += 1
        client.change(uri, versions[path], {"text": path.read_text("utf-8")})
        texts[path] = path.read_text("utf-8").replace("\r\n", "\n")
        while client.versions.get(uri) != versions[path]:
            client._take(client._next())


def position(text: str, offset: int) -> dict[str, Any]:
    """An offset as the protocol counts it."""
    before = text[:offset]
    line = before.count("\n")
    return {"line": line, "character": len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2}


def ms(started: float) -> float:
    """Milliseconds since."""
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
