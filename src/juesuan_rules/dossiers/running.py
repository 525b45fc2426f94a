"""One run as a dossier keeps it: the same steps whether it is made or verified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.dossiers.model import Asked
from juesuan_rules.findings import SEVERITY_EN
from juesuan_rules.material import Subject
from juesuan_rules.pipeline.options import Options
from juesuan_rules.results import RunResult


class Given(msgspec.Struct, frozen=True):
    """The files of a run. prior: one file or a folder. units: a folder."""

    reports: tuple[Path, ...]
    prior: Path | None = None
    units: Path | None = None
    corrections: Path | None = None
    waivers: tuple[Path, ...] = ()
    decisions: tuple[Path, ...] = ()


class Ran(msgspec.Struct, frozen=True):
    """What came out. sealed: the JSON result with its digest. kept: subjects, where there is one report."""

    run: RunResult
    sealed: dict[str, Any]
    code: ExitCode
    options: Options
    kept: dict[str, Subject]


def run_given(given: Given, asked: Asked, roots: tuple[Path, ...] | None, command: Sequence[str], cache: Path | None = None) -> Ran:
    """Judge the files as asked, with the packs of `roots`. Raises JuesuanError where no run is possible."""
    from juesuan_rules.pipeline.batch import evaluate_many, exit_code
    from juesuan_rules.pipeline.provenance import provenance, seal, tool
    from juesuan_rules.renderings.json_result import result_json

    day = date.fromisoformat(asked.as_of) if asked.as_of else None
    options = Options(
        pack=asked.pack, region=asked.region, roots=roots, list_all=asked.list_all, cache=cache, pdf_engine=asked.pdf_engine, as_one=asked.as_one,
        corrections=given.corrections, prior=given.prior, units=given.units, waivers=given.waivers,
        decisions=given.decisions, as_of=day,
    )  # fmt: skip
    kept: dict[str, Subject] = {}
    run = evaluate_many(given.reports, options, kept=kept)
    code = exit_code(run, SEVERITY_EN[asked.fail_on], asked.max_undecided)
    return Ran(run, seal(result_json(run, tool(), provenance(run, command, code))), code, options, kept)
