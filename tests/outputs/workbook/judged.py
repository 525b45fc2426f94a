"""Reports judged for the tests of the workbook, each once."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl import Workbook

from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.workbook.workbook import render_workbook
from juesuan_rules.pipeline.judging import judge_files, make_material
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.provenance import provenance, seal, tool
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.results import RunResult

FIXTURES = Path(__file__).parents[3] / "fixtures"
WITH_ERRORS = FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"


@lru_cache(maxsize=8)
def judged(path: Path, corrections: Path | None = None) -> tuple[Subject, Material]:
    """The report in a file, and the run it is of."""
    options = Options(corrections=corrections)
    subject = judge_files([path], options)
    run = RunResult((subject.result,))
    sealed = seal(result_json(run, tool(), provenance(run, ["juesuan-rules", "eval", path.name], 1)))  # type: ignore[arg-type]
    return subject, make_material(run, sealed, 1, options, {subject.result.source.path: subject})


def opened(subject: Subject, material: Material, values: bool = False) -> Workbook:
    """The workbook, with formulas or (values) with the cached values."""
    return openpyxl.load_workbook(BytesIO(render_workbook(subject, material)), data_only=values)
