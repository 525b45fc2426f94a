"""The Python interface: a report, a pack, and the result of applying one to the other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import fields

from juesuan_rules.packs.model import Pack
from juesuan_rules.pipeline.options import Options
from juesuan_rules.reports.model import Report
from juesuan_rules.results import PRIOR, UNITS, Companion, ReportResult


class Result(ReportResult, frozen=True):
    """Everything found in one report: `findings`, `causes`, `summary`, `identity`, `packs` …"""

    def to_json(self) -> str:
        """The result as JSON text in the published shape (schemas/result.schema.json)."""
        from juesuan_rules.pipeline.batch import exit_code
        from juesuan_rules.pipeline.provenance import provenance, seal, tool
        from juesuan_rules.renderings.json_result import result_json
        from juesuan_rules.renderings.json_text import dumps
        from juesuan_rules.results import RunResult

        run = RunResult((self,))
        return dumps(seal(result_json(run, tool(), provenance(run, (), exit_code(run)))))


AnyPath = str | os.PathLike[str]


def load_report(
    path: AnyPath | Sequence[AnyPath], *, region: str | None = None, pack: str | None = None, corrections: AnyPath | None = None, pdf_engine: str = "auto"
) -> Report:
    """Read the report at `path`, or in several files that are one report, joined in their order.

    corrections: a file of what people put right (schemas/corrections.schema.json); what became of each
    is in `Report.corrections`. pdf_engine: auto, native or pdfplumber. region: administrative division code (GB/T 2260), where the report leaves it open. pack: id,
    id@version or folder of the pack whose layout reads the tables; by default chosen by region
    and year. Raises UsageError, DocumentError or RulesError (all JuesuanError).
    """
    from juesuan_rules.pipeline.load import load

    paths = [Path(path)] if isinstance(path, str | os.PathLike) else [Path(part) for part in path]
    known = Path(corrections) if corrections is not None else None
    return load(paths, Options(pack=pack, region=region, corrections=known, pdf_engine=pdf_engine)).report


def load_pack(spec: str, year: int | None = None) -> Pack:
    """The rule pack `spec` (id, id@version or folder) with its parents, for one year.

    Raises UsageError where there is none of that name, RulesError where it is broken.
    """
    from juesuan_rules.packs.load import load_pack as load_named
    from juesuan_rules.packs.locate import parse_pack_spec

    named = parse_pack_spec(spec)
    return load_named(named.name, year, Options().pack_roots(), version=named.version)


def evaluate(report: Report, pack: Pack, *, list_all: bool = False, prior: Report | None = None, units: Sequence[Report] = (), waivers: Sequence[AnyPath] = (), as_of: date | None = None, decisions: Sequence[AnyPath] = ()) -> Result:
    """Apply every rule of `pack` to `report`. list_all: explain passed checks as well. prior: last year's
    report, units: those of the subordinate units, for the rules that read them. waivers: files of what people
    accepted, judged on the day `as_of` (by default today). decisions: files of what people made of findings.

    Raises RulesError where a rule of the pack is broken, UsageError where one of these files is.
    """
    from juesuan_rules.pipeline.companions import Companions
    from juesuan_rules.pipeline.evaluate import evaluate_report
    from juesuan_rules.pipeline.ready import prepare_pack
    from juesuan_rules.pipeline.waiving import open_waivers, waive_report

    ready = prepare_pack(pack, report.identity.kind, report.identity.region_code)
    told = [*([Companion(PRIOR, prior.source, prior.identity)] if prior is not None else []), *[Companion(UNITS, u.source, u.identity) for u in units]]
    judged = evaluate_report(report, ready, list_all, Companions(prior, tuple(units), told=tuple(told)))
    accepted = tuple(waiver for file in open_waivers([Path(path) for path in waivers]) for waiver in file.waivers)
    if accepted:
        judged = waive_report(judged, accepted, as_of or date.today())
    if decisions:
        from juesuan_rules.results import RunResult
        from juesuan_rules.reviews.apply import review
        from juesuan_rules.reviews.decisions import read_decisions

        judged = review(RunResult((judged,)), read_decisions([Path(path) for path in decisions])).reports[0]
    return Result(*(getattr(judged, field.name) for field in fields(ReportResult)))
