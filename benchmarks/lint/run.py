"""How long `check` and `lint` take on a pack of 400 rules, from cold and after one change.

    python benchmarks/lint/run.py [--rules 440] [--rounds 7] [--regions] [--json OUT]

The pack is the national one, its rules repeated (with other comparisons) up to the number asked for, with
as many case files; twins of rules with a text in them differ in spelling only, so that lint has hundreds of duplicates
to tell. Every measurement is a process of its own; everything is byte-compiled first, into a folder of its own. cold:
no cache. again: nothing changed since. one rule: one expression changed. one fact: a phrase of a fact changed, which
changes the layout. deep: with --deep. Prints the medians in seconds, wall clock and processor (user and system), and
ends with 1 where a bound does not hold for the processor's time. --regions: with the region packs beside it, whose layouts are then in scope. Last, what one change
of a file costs an editor (`lint_text`), in one process.
"""

from __future__ import annotations

import argparse
import compileall
import datetime
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
BOUNDS = {"check cold": 1.0, "check one rule": 0.3, "lint cold": 1.0, "lint one rule": 0.3}
NAMES = ("check cold", "check again", "check one rule", "lint cold", "lint again", "lint one rule", "lint one fact", "lint deep")


def main() -> int:
    """Measure, print, and say whether the bounds hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rules", type=int, default=440)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--regions", action="store_true")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
        compileall.compile_dir(SOURCE, quiet=2)
        packs = Path(folder, "packs")
        count = make_pack(packs, wanted.rules, wanted.regions)
        pack = packs / ("cn" if wanted.regions else "national")
        print(f"{count} 条规则，{len(list((pack / 'cases').glob('*.yaml')))} 个用例文件，{'含' if wanted.regions else '不含'}地区包")
        taken = {name: measured(pack, Path(folder, "cache"), name, wanted.rounds) for name in NAMES}
        taken["lint_text"] = editing(pack)
    for name, (wall, processor) in taken.items():
        bound = BOUNDS.get(name)
        print(f"{name:14} {wall:7.3f} s   处理器 {processor:7.3f} s" + (f"   上限 {bound} s{'' if processor <= bound else '   超过'}" if bound else ""))
    if wanted.json is not None:
        wanted.json.write_text(
            json.dumps({name: {"wall": wall, "cpu": processor} for name, (wall, processor) in taken.items()}, ensure_ascii=False, indent=1), "utf-8"
        )
    return int(any(taken[name][1] > bound for name, bound in BOUNDS.items()))


def make_pack(packs: Path, wanted: int, regions: bool) -> int:
    """The national pack with its rules repeated; how many it has."""
    packs.mkdir(parents=True)
    for source in sorted((ROOT / "rules").iterdir()):
        if source.name == "cn" or regions:
            shutil.copytree(source, packs / source.name)
    folder = packs / "cn"
    if not regions:
        # Under a name of its own, so that the regions shipped with the program are none of its children.
        change(folder / "pack.yaml", r"id: cn\b", "id: national")
        folder = folder.rename(packs / "national")
    files = sorted((folder / "rules").glob("*.yaml"))
    count = sum(len(list(blocks(path.read_text("utf-8")))) for path in files)
    for path in files:
        text = path.read_text("utf-8")
        made = []
        for block in blocks(text):
            rule = re.search(r"id: (\S+)", block)
            if count >= wanted or rule is None:
                break
            count += 1
            twin = f"{rule.group(1)[0]}-{count}"
            made.append("".join(map(varied, block.replace(f"id: {rule.group(1)}", f"id: {twin}", 1).splitlines(keepends=True))))
            case = folder / "cases" / f"{rule.group(1)}.yaml"
            if case.is_file():
                (folder / "cases" / f"{twin}.yaml").write_text(case.read_text("utf-8").replace(f"rule: {rule.group(1)}", f"rule: {twin}"), "utf-8")
        if made:
            path.with_name(f"{path.stem}-2.yaml").write_text("language: 1\nrules:\n" + "".join(made), "utf-8")
    return count


def varied(line: str) -> str:
    """A line that says something else, or at least is spelled in another way."""
    return line.replace(" == ", "  ==  ").replace("(", "( ") if '"' in line else line.replace(" == ", " >= ").replace(" <= ", " < ")


def blocks(text: str) -> Iterator[str]:
    """The rules of a file, each as its text."""
    starts = [match.start() for match in re.finditer(r"^  - id: ", text, re.MULTILINE)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end].rstrip() + "\n\n"


def measured(pack: Path, cache: Path, name: str, rounds: int) -> tuple[float, float]:
    """Medians of (wall clock, processor) seconds."""
    command = [sys.executable, "-m", "juesuan_rules", name.split(" ")[0], str(pack)] + (["--deep"] if name == "lint deep" else [])
    environment = {
        **os.environ,
        "JUESUAN_CACHE": str(cache),
        "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")]),
        "JUESUAN_HOME": str(cache / "home"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    once(command, environment)  # also compiles the libraries, the first time
    taken = []
    for number in range(rounds):
        if name.endswith("cold"):
            shutil.rmtree(cache, ignore_errors=True)
        elif name.endswith("one rule"):
            first = 11 if name.startswith("lint") else 41
            change(
                pack / "rules" / "b-across.yaml",
                r"总表\[本年收入合计\] == 收入表\.本年收入合计\[合计\](?: ± \S+)?",
                f"总表[本年收入合计] == 收入表.本年收入合计[合计] ± 0.{number + first}万元",
            )
        elif name.endswith("one fact"):
            change(pack / "facts" / "收支.yaml", r"names: \[结余分配[^\]]*\]", f"names: [结余分配, 结余分配{number}]")
        taken.append(once(command, environment))
    return statistics.median(wall for wall, _ in taken), statistics.median(processor for _, processor in taken)


def change(path: Path, pattern: str, text: str) -> None:
    """Put `text` in the place of what matches first; it must be there."""
    before = path.read_text("utf-8")
    after = re.sub(pattern, lambda _: text, before, count=1)
    assert after != before, f"{path.name}: {pattern}"
    path.write_text(after, "utf-8", newline="\n")


def once(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """(wall clock, processor) seconds of one process. An exit code above 5 is a crash."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 5:
        raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def editing(pack: Path) -> tuple[float, float]:
    """95th percentile of one `lint_text` while an expression is being typed, in this process."""
    sys.path.insert(0, str(SOURCE))
    from juesuan_rules.authoring.linting.run import LintScope, lint_text
    from juesuan_rules.authoring.linting.work import Settings
    from juesuan_rules.yamlfile import load

    scope = LintScope(pack, (pack.parent,), load, Settings(datetime.date(2026, 11, 20)))
    path = pack / "rules" / "b-across.yaml"
    text = path.read_text("utf-8")
    at = text.index("总表[本年收入合计]")
    lint_text(path, text, scope)
    taken = []
    for number in range(1, 60):
        changed = text[:at] + "总表[本年支出合计] + 1"[: number % 12] + " " * (number // 12) + text[at:]
        start, used = time.perf_counter(), time.process_time()
        lint_text(path, changed, scope)
        taken.append((time.perf_counter() - start, time.process_time() - used))
    return tuple(sorted(values)[int(len(values) * 0.95)] for values in zip(*taken, strict=True))  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
