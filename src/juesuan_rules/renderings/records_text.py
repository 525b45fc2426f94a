"""What `extract` shows of prose and forms: facts, statements, forms, and the figures nobody understood."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan_rules.amounts import COUNTS, UNITS, Amount
from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.renderings.json_extract import FACT_SETS, STATEMENT_SETS
from juesuan_rules.renderings.plain import clip, place_text, safe
from juesuan_rules.reports.model import BlockData, Report, Row, Table

_ROW_LIMIT = 400
_UNREAD_LIMIT = 60
_NAME_WIDTH, _TEXT_WIDTH, _SENTENCE_WIDTH = 60, 40, 110


def render_records(report: Report, table: str | None = None) -> list[str]:
    """Facts, then statements, then forms, then the sentences with figures that were not read."""
    lines: list[str] = []
    for name in (*FACT_SETS, *STATEMENT_SETS):
        found = report.records.get(name)
        if found is not None and table in (None, name) and any(block.rows for block in found.blocks.values()):
            lines += ["", *_set(found)]
    forms = report.records.get(ASSESSMENTS)
    if forms is not None and table in (None, ASSESSMENTS):
        lines += _forms(forms)
    return lines + (_unread(report) if table is None else [])


def _set(table: Table) -> list[str]:
    """One record set: a line per record with what is said of it and where."""
    block = table.blocks[""]
    lines = [f"■ {table.spec.id}  {len(block.rows)} 条"]
    lines += [f"  {'  ' if row.parent else ''}{_record(block, row, at)}" for at, row in enumerate(block.rows[:_ROW_LIMIT])]
    lines += [f"  （另有 {len(block.rows) - _ROW_LIMIT} 条未显示，见 --json）"] if len(block.rows) > _ROW_LIMIT else []
    return lines + [f"  ! {safe(problem.message)}" for problem in table.problems]


def _record(block: BlockData, row: Row, at: int) -> str:
    said = "，".join(f"{name} {amount_text(amounts[at])}" for name, amounts in block.columns.items() if amounts[at].state != "blank")
    where = next((place_text(a[at].place) for a in block.columns.values() if a[at].state != "blank" and place_text(a[at].place)), place_text(row.place))
    name = clip(f"{row.code} {row.label}" if row.code else row.label, _NAME_WIDTH)
    return f"{name}  {said}" + (f"  （{where}）" if where else "")


def amount_text(amount: Amount) -> str:
    """A figure with its unit as a reader writes it, doubtful ones marked."""
    raw = clip(amount.raw, _TEXT_WIDTH)
    if amount.state == "unreadable":
        return f"{raw}〔?〕"
    if amount.unit == "%":
        raw = raw if raw.endswith("%") or amount.value is None else raw + "%"
    elif amount.value is not None and raw[-1:].isdigit() and (amount.unit in UNITS or amount.unit in COUNTS):
        raw += f" {amount.unit}"
    elif amount.unit == "分值" and raw[-1:].isdigit():
        raw += " 分"
    mark = "〔更〕" if amount.corrected else "?" if amount.unsure else "〔改〕" if amount.repaired else ""
    return raw + mark


def _forms(table: Table) -> list[str]:
    main = table.blocks.get("")
    lines: list[str] = []
    for at, row in enumerate(main.rows if main is not None else ()):
        assert main is not None
        where = place_text(row.place)
        fields = [f"{name} {amount_text(a[at])}" for name, a in main.columns.items() if a[at].state != "blank" and name != "名称"]
        lines += ["", f"■ {ASSESSMENTS} {clip(row.label, _NAME_WIDTH)}" + (f"  {where}" if where else ""), f"  {'，'.join(fields)}"]
        for name, block in table.blocks.items():
            lines += [f"  {name}  {_record(block, part, n)}" for n, part in enumerate(block.rows) if name and part.parent == row.key]
        lines += [f"  ! {safe(p.message)}" for p in table.problems if p.key == row.key or p.key.startswith(f"{row.key}/")]
    return lines


def _unread(report: Report) -> list[str]:
    read, printed = report.prose.share
    if not printed:
        return []
    lines = ["", f"文字：读懂 {read:,} / {printed:,} 个数"]
    return lines + list(_sentences(report))


def _sentences(report: Report) -> Iterator[str]:
    unread = report.prose.unread
    for sentence, figures in unread[:_UNREAD_LIMIT]:
        where = place_text(sentence.place)
        yield f"  没有读懂 {'、'.join(safe(f.amount.raw) for f in figures)}：「{clip(sentence.text, _SENTENCE_WIDTH)}」" + (f"  （{where}）" if where else "")
    if len(unread) > _UNREAD_LIMIT:
        yield f"  （另有 {len(unread) - _UNREAD_LIMIT} 句未显示，见 --json）"
