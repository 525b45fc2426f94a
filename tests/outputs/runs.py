"""Runs as `eval` makes them, in this process: judged once, every output written, read back as bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.writing import OF_A_RUN, PER_REPORT, Output, Written, write_outputs
from juesuan_rules.pipeline.batch import evaluate_many, exit_code
from juesuan_rules.pipeline.judging import make_material
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.provenance import provenance, seal, tool
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.renderings.json_text import dumps

EVERY = (*OF_A_RUN, *PER_REPORT)


@lru_cache(maxsize=1)
def made_ready() -> tempfile.TemporaryDirectory[str]:
    """Where rule packs made ready are kept for all runs of the tests; gone when they end."""
    return tempfile.TemporaryDirectory()


def run_of(paths: Sequence[Path], options: Options | None = None) -> Material:
    """The run of these files."""
    options = options or Options(cache=Path(made_ready().name))
    kept: dict[str, Subject] = {}
    run = evaluate_many(paths, options, kept=kept)
    code = exit_code(run)
    sealed = seal(result_json(run, tool(), provenance(run, ["juesuan-rules", "eval", *[path.name for path in paths]], code)))
    return make_material(run, sealed, int(code), options, kept)


def write_all(material: Material, folder: Path, kinds: Sequence[str] = EVERY) -> Written:
    """Every output as 结果.KIND, the JSON too."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "结果.json").write_text(dumps(material.sealed), "utf-8")
    return write_outputs([Output(kind, str(folder / f"结果.{kind}")) for kind in kinds], material)


def written(paths: Sequence[Path], folder: Path, kinds: Sequence[str] = EVERY) -> dict[str, bytes]:
    """What was written, by kind."""
    write_all(run_of(paths), folder, kinds)
    return {path.suffix[1:]: path.read_bytes() for path in folder.glob("结果.*")}
