"""How long a whole `eval` takes, against a command line that does nothing.

    python benchmarks/startup/run.py REPORT [--rounds 21]

Three processes in turn, every round: `peer.py` (typer with as many commands, lark imported),
`eval --no-cache` and `eval` from a warm cache. Everything is byte-compiled first. Prints the medians
and the ratios to the peer, round by round (paired), and ends with 1 where a ratio is over its bound.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "src"
BOUNDS = {"uncached": 3.0, "cached": 1.5}
LIBRARIES = ("typer", "lark", "yaml", "re2", "wcwidth", "tabulate")


def main() -> int:
    """Measure, print, and say whether the bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("report", type=Path)
    parser.add_argument("--rounds", type=int, default=21)
    wanted = parser.parse_args()
    compile_everything()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "JUESUAN_CACHE": folder, "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        ours = [sys.executable, "-m", "juesuan_rules", "eval", str(wanted.report)]
        commands = {"peer": [sys.executable, str(HERE / "peer.py"), "eval", "x"], "uncached": [*ours, "--no-cache"], "cached": ours}
        for command in commands.values():
            seconds(command, environment)
        rounds = [{name: seconds(command, environment) for name, command in commands.items()} for _ in range(wanted.rounds)]
    return report(rounds)


def compile_everything() -> None:
    """Byte-compile our package and what it imports, so that no run pays for it."""
    compileall.compile_dir(SOURCE, quiet=2)
    for name in LIBRARIES:
        spec = find_spec(name)
        for place in (spec.submodule_search_locations or [] if spec else []):
            compileall.compile_dir(place, quiet=2)


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Wall-clock time of one process. An exit code above 5 is a crash and ends the measurement."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in range(6) or b"Traceback" in done.stderr:
        raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return taken


def report(rounds: list[dict[str, float]]) -> int:
    """Print medians and paired ratios; 1 where a bound is exceeded."""
    worst = 0
    print(f"{'':10}{'median ms':>10}{'best ms':>10}{'ratio':>8}{'bound':>8}")
    for name in rounds[0]:
        times = [one[name] * 1000 for one in rounds]
        ratio = statistics.median(one[name] / one["peer"] for one in rounds)
        bound = BOUNDS.get(name)
        print(f"{name:10}{statistics.median(times):10.1f}{min(times):10.1f}{ratio:8.2f}{bound if bound else '':>8}")
        worst |= bound is not None and ratio > bound
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
