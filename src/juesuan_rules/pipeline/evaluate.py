"""Judge one report: the record every output is made from, cached by content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from juesuan_rules.amounts import Amount
from juesuan_rules.pipeline.cache import Cache, digest
from juesuan_rules.pipeline.codec import CodecError, decode, encode
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.state import file_digest, packs_state
from juesuan_rules.reports.model import Identity, Report, Table
from juesuan_rules.results import JUDGED, ReportResult, RoundingLine, Status, TableSeen

if TYPE_CHECKING:
    from juesuan_rules.engine.evaluation import Evaluation
    from juesuan_rules.pipeline.companions import Companions
    from juesuan_rules.pipeline.load import Loaded
    from juesuan_rules.pipeline.ready import ReadyPack

MAX_CACHED_FILE = 512 * 1024 * 1024


def evaluate_files(paths: Sequence[Path], options: Options, state: str | None = None) -> ReportResult:
    """The report in these files, judged. Raises JuesuanError where there is no result to give."""
    cache = options.open_cache()
    if cache.folder is None:
        return _evaluate(paths, options, state)
    state = state or packs_state(options)
    key = _key(paths, options, state)
    if key is not None and (known := _stored(cache, key)) is not None:
        return replace(known, source=replace(known.source, path=str(paths[0])))
    result = _evaluate(paths, options, state)
    # What could not be read may be readable tomorrow, with an extra installed that no key tells of.
    if key is not None and not result.unread and not any(beside.failed for beside in result.companions):
        cache.put("results", key, encode(result))
    return result


def _evaluate(paths: Sequence[Path], options: Options, state: str | None) -> ReportResult:
    from juesuan_rules.pipeline.companions import load_companions
    from juesuan_rules.pipeline.load import load

    loaded = load(paths, options, state)
    beside = load_companions(loaded, options, state) if loaded.report.identity.is_final_accounts else None
    return evaluate_loaded(loaded, options.list_all, beside)


def evaluate_loaded(loaded: Loaded, list_all: bool = False, beside: Companions | None = None) -> ReportResult:
    """Judge a report by its pack; a document of another kind is named and left alone."""
    result = evaluate_report(loaded.report, loaded.pack, list_all, beside)
    return replace(result, chosen=loaded.why)


def evaluate_report(report: Report, pack: ReadyPack, list_all: bool = False, beside: Companions | None = None) -> ReportResult:
    """Every rule of `pack` applied to `report`. beside: last year's report and the units'."""
    bare = read_result(report, pack, beside)
    return told_result(bare, report, apply_rules(report, pack, beside), list_all) if report.identity.is_final_accounts else bare


def read_result(report: Report, pack: ReadyPack, beside: Companions | None = None) -> ReportResult:
    """What is known before any rule is applied; all there is to say of a document of another kind."""
    seen = tuple(table_seen(table) for table in report.tables.values())
    records = tuple(table_seen(table) for table in report.records.values() if any(block.rows for block in table.blocks.values()))
    notes = (*((pack.note,) if pack.note else ()), *report.notes, *(beside.notes if beside is not None else ()))
    bare = ReportResult(
        report.source, report.identity, "not_final_accounts", pack.chain, tables=seen, problems=report.problems, notes=notes,
        parts=report.parts, unread=report.unread, corrections=report.corrections, records=records, figures=report.prose.share,
        companions=beside.told if beside is not None else (),
    )  # fmt: skip
    if report.identity.is_final_accounts:
        return bare
    if report.unread and not report.identity.kind:
        return replace(bare, status="nothing_judged", message="有没读出来的内容，认不出是不是部门决算公开报告，没有核对")
    return replace(bare, message=_other_kind(report.identity))


def apply_rules(report: Report, pack: ReadyPack, beside: Companions | None = None) -> Evaluation:
    """The verdicts of the pack's rules on a report of final accounts."""
    from juesuan_rules.engine.plan import prepare, run

    plan = prepare(pack.rules)
    return run(plan, report) if beside is None else run(plan, report, beside.prior, beside.units, withheld=beside.withheld)


def told_result(bare: ReportResult, report: Report, evaluation: Evaluation, list_all: bool = False) -> ReportResult:
    """`bare` with the verdicts as findings. list_all: those that passed are explained too."""
    from juesuan_rules.engine.explain import explain, rounding_summary
    from juesuan_rules.reviews.fingerprint import fingerprints

    findings, causes = explain(evaluation, list_all)
    # A table that is there or not there is no figure checked: a blank form must not look like a pass.
    figures = any(table.figures for table in (*bare.tables, *bare.records))
    status: Status = "judged" if figures and any(f.outcome in JUDGED for f in findings) else "nothing_judged"
    told = replace(
        bare,
        status=status,
        findings=findings,
        causes=causes,
        rounding=tuple(RoundingLine(*line) for line in rounding_summary(evaluation)),
        message="" if status == "judged" else _nothing_judged(report),
    )
    return fingerprints(told)


def _nothing_judged(report: Report) -> str:
    if report.unread and not report.tables:
        return "决算表可能在没读出来的内容里，勾稽关系都无法核对"
    if not report.tables:
        return "没有读到任何决算表，勾稽关系都无法核对"
    tables = report.tables.values()
    blank = all(amount.value is None for table in tables for block in table.blocks.values() for column in block.columns.values() for amount in column)
    return "读到的决算表里没有一个数（像是没有填写的表样）" if blank else "没有一项核对能够判断"


def table_seen(table: Table) -> TableSeen:
    """What an output says about a table that was read."""
    amounts = [a for block in table.blocks.values() for column in block.columns.values() for a in column]
    return TableSeen(
        id=table.spec.id,
        number=table.number,
        title=table.title,
        unit=table.unit,
        rows=sum(len(block.rows) for block in table.blocks.values()),
        figures=sum(_is_figure(a) for a in amounts),
        place=table.place,
        notes=table.notes,
    )


def _is_figure(amount: Amount) -> bool:
    return amount.value is not None


def _other_kind(identity: Identity) -> str:
    said = next((line.removeprefix("文种：") for line in identity.evidence if line.startswith("文种：")), "")
    if identity.kind:
        return f"这份文件不是部门决算公开报告，没有核对：{said or identity.kind}"
    return f"没有认出这是部门决算公开报告，没有核对{'：' + said if said else ''}"


def _key(paths: Sequence[Path], options: Options, state: str) -> str | None:
    """Key of the result: the files' bytes, the packs and program, and what was asked for."""
    parts: list[str] = []
    for path in (*paths, *([options.corrections] if options.corrections is not None else [])):
        try:
            if path.stat().st_size > MAX_CACHED_FILE:
                return None
        except (OSError, ValueError):
            return None
        known = file_digest(path)
        if known is None:
            return None
        # The names of parts, and what a correction calls a file, stand in the result.
        parts += [known, path.name] if len(paths) > 1 or options.corrections is not None else [known]
    if options.prior is not None or options.units is not None:
        from juesuan_rules.pipeline.companions import companion_digests

        beside = companion_digests(options)
        if beside is None:
            return None
        parts += beside
    asked = (options.pack or "", options.region or "", "all" if options.list_all else "", options.pdf_engine)
    return digest(state, *parts, "corrected" if options.corrections is not None else "", *asked)


def _stored(cache: Cache, key: str) -> ReportResult | None:
    plain = cache.get("results", key)
    if plain is None:
        return None
    try:
        result = decode(plain)
    except (CodecError, TypeError, ValueError, AttributeError, IndexError):
        return None
    return result if isinstance(result, ReportResult) else None
