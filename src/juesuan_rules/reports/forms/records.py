"""Forms as read → the record set 自评表."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from juesuan_rules.amounts import PLAIN, UNITS, Amount, read_amount
from juesuan_rules.catalogue.model import BlockSpec, TableSpec
from juesuan_rules.catalogue.records import FUNDING_COLUMNS, MONITOR_COLUMNS, TASK_COLUMNS, TEXT
from juesuan_rules.documents.model import NOWHERE, GridBlock
from juesuan_rules.reports.forms.cells import NUMBER, PERCENT, SIGN, Piece, cleaned, figure
from juesuan_rules.reports.forms.drafts import Draft, RowDraft
from juesuan_rules.reports.forms.levels import complete_levels
from juesuan_rules.reports.forms.lexicon import FUND, INDICATOR, MONITOR, TASK, Lexicon
from juesuan_rules.reports.forms.values import (
    UNSTATED_MONEY,
    blank,
    degree_of,
    figure_of,
    likely_unit,
    money_unit,
    rate_of,
    text_of,
    unknown,
    value_of,
    written,
)
from juesuan_rules.reports.forms.words import LEVELS, LISTING, MEASURES, MONEY, SELF_PROJECT, SELF_WHOLE, TELLING, UNIT_NAME
from juesuan_rules.reports.forms.words import MONITOR as MONITOR_FORM
from juesuan_rules.reports.model import BlockData, Problem, Row, Table

UNNAMED = "未填名称"
_YEAR = re.compile(r"(20\d{2}|^\d{2})年度?")
_TOTAL_COLUMNS = {"年初预算数": "年初预算数", "预算数": "预算数", "执行数": "执行数", "执行率": "执行率", "分值": "执行率分值", "得分": "执行率得分"}
"""Columns of 资金 → fields of the form that its total states."""
_TEXTS = ("性质", "运算符号", "度量单位", "偏差原因")
_LABELS = ("项目(政策)名称", "项目名称", "部门(单位)名称", "单位名称", "实施单位", "主管部门")

COSTS, WEIGHTS, SHARES = "成本", "权重", "权重明细"
_ROLES = {SELF_PROJECT: "明细", SELF_WHOLE: "合计"}
_BLOCKS = {FUND: FUNDING_COLUMNS, TASK: TASK_COLUMNS, MONITOR: MONITOR_COLUMNS}

Values = dict[str, Amount]


class FormRecord:
    """One form with its rows, every cell an amount."""

    def __init__(self, draft: Draft, lexicon: Lexicon) -> None:
        self.draft = draft
        self.kind = _kind(draft, lexicon)
        self.money = money_unit(draft.heads) or _guessed_unit(draft)
        self.name = _name(draft, self.kind)
        self.values = self._head()
        self.rows = self._read_rows()
        indicators = draft.blocks.get(INDICATOR, [])
        self.levelled = bool(indicators) and indicators[0].prints
        """Whether names of merged cells stand in their first row: printed in the middle, they do not tell where a group begins."""

    def _head(self) -> Values:
        draft, values = self.draft, {}
        for field, pieces in draft.fields.items():
            if field in MEASURES:
                values[field] = figure_of(pieces, field, self.money, field in draft.percents)
        total = next((row for row in draft.blocks.get(FUND, ()) if row.role == "合计"), None)
        if total is not None:
            for column, field in _TOTAL_COLUMNS.items():
                amount = _row_amount(total, column, self.money)
                if amount.state != "blank" and field not in values:
                    values[field] = amount
        values |= {"名称": text_of(self.name), "种类": written(self.kind, self._anywhere())}
        values["单位"] = text_of(draft.fields.get("单位") or (draft.fields.get(UNIT_NAME, []) if self.name != draft.fields.get(UNIT_NAME) else []))
        values["等级"] = text_of(draft.fields.get("等级", ()))
        year = next((found.group(1) for text in (*draft.titles, *draft.heads) if (found := _YEAR.search(text))), "")
        if year:
            year = f"20{year}" if len(year) == 2 else year
            values["年度"] = Amount(year, "number", int(year), unit=PLAIN, place=draft.place)
        return values | {field: amount for row in draft.blocks.get(INDICATOR, ()) for field, amount in _telling(row)}

    def _anywhere(self) -> Piece:
        return Piece("", "", 0, "", self.draft.place)

    def _read_rows(self) -> dict[str, list[tuple[RowDraft, Values]]]:
        """The rows of every block with their amounts."""
        own = self.draft.blocks.get(INDICATOR, [])
        for row, levels in zip(own, complete_levels([row.levels for row in own], [row.prints for row in own]), strict=True):
            row.levels = levels
        return {block: [(row, self._row_values(block, row)) for row in rows] for block, rows in self.draft.blocks.items()}

    def _row_values(self, block: str, row: RowDraft) -> Values:
        if block == INDICATOR:
            return _indicator_values(row)
        name = written(row.raw_label, Piece("", "", 0, "", row.place))
        columns = [name for name, unit in _BLOCKS[block] if unit != TEXT]
        values = {column: _row_amount(row, column, self.money) for column in columns if column in row.columns or row.unplaced}
        if block == TASK:
            values |= {"项目": name, "任务": written(row.levels[0], Piece("", "", 0, "", row.place))}
        else:
            values["来源" if block == FUND else "项目"] = name
        return values


def _telling(row: RowDraft) -> list[tuple[str, Amount]]:
    """The actual value of an indicator that follows from other figures of the report, as a field of the form."""
    name = row.label.replace('"', "")
    field = next((field for field, names in TELLING.items() if name in names), None)
    if field is None or row.unplaced:
        return []
    piece = next((p for p in row.columns.get("完成值", ()) if p.kind in (NUMBER, PERCENT)), None)
    if piece is None or piece.broken:
        return []
    return [(field, rate_of(piece, percent=any(p.text == "%" for p in row.columns.get("度量单位", ()))))]


def _cost(row: RowDraft, values: Values) -> Values | None:
    """A 成本指标 whose values are money."""
    unit = values["度量单位"].raw
    if "成本" not in row.levels[0] + row.levels[1] or unit not in UNITS or row.unplaced:
        return None
    amounts = {name: values[name] for name in ("指标值", "完成值")}
    return {"指标名称": values["三级指标"], **{name: replace(read_amount(_digits(a), unit, a.place), raw=a.raw) for name, a in amounts.items() if a.value is not None}}


def _digits(amount: Amount) -> str:
    split = figure(cleaned(amount.raw))
    return split.number if split is not None else amount.raw


def _indicator_values(row: RowDraft) -> Values:
    anywhere = Piece("", "", 0, "", row.place)
    values: Values = {level: written(text, anywhere) for level, text in zip(LEVELS, row.levels, strict=True)}
    values["三级指标"] = written(row.raw_label, anywhere)
    values |= {column: text_of(row.columns.get(column, ())) for column in _TEXTS}
    if values["运算符号"].state == "blank" and any(piece.kind == SIGN for piece in row.columns.get("性质", ())):  # 指标性质：>=
        values["运算符号"], values["性质"] = values["性质"], values["运算符号"]
    target, sign, unit = value_of(row.columns.get("指标值", ()))
    actual, _, actual_unit = value_of(row.columns.get("完成值", ()))
    if unit and actual_unit and unit != actual_unit:  # 1.2万人 and 10000人 are not to be compared
        target, actual = blank(PLAIN), blank(PLAIN)
    values |= {"指标值": target, "完成值": actual}
    values |= {f"{column}文字": text_of(row.columns.get(column, ())) for column in ("指标值", "完成值")}
    first = next(iter(row.columns.get("指标值", ())), anywhere)
    if sign and values["运算符号"].state == "blank":
        values["运算符号"] = written(sign, first)
    if unit and values["度量单位"].state == "blank":
        values["度量单位"] = written(unit, first)
    values["预计完成值"] = value_of(row.columns.get("预计完成值", ()))[0]
    values["完成程度"] = degree_of(row.columns.get("完成程度", ()))
    for column in ("分值", "得分"):
        values[column] = figure_of(row.columns.get(column, ()), column, "")
    if row.unplaced:
        _mark_unplaced(values, row.unplaced)
    return values


def _mark_unplaced(values: Values, pieces: Sequence[Piece]) -> None:
    """Columns without a figure may be where an unplaced one belongs: none of them is blank."""
    raw = " / ".join(piece.raw for piece in pieces)
    for column in ("指标值", "指标值文字", "完成值", "完成值文字", "完成程度", "分值", "得分"):
        if values[column].state == "blank":
            values[column] = unknown(raw, values[column].unit, pieces[0])


def _row_amount(row: RowDraft, column: str, money: str) -> Amount:
    if column not in row.columns and row.unplaced:
        unit = blank_unit(column, money)
        return unknown(" / ".join(piece.raw for piece in row.unplaced), unit, row.unplaced[0])
    return figure_of(row.columns.get(column, ()), column, money, column in row.percent)


def blank_unit(column: str, money: str) -> str:
    """The unit of a column's blank cells."""
    return figure_of((), column, money).unit


def _kind(draft: Draft, lexicon: Lexicon) -> str:
    for title in reversed(draft.titles):
        found = lexicon.kind(title)
        if found:
            return found
    if draft.blocks.get(MONITOR):
        return MONITOR_FORM
    return SELF_WHOLE if "名称" not in draft.fields and (UNIT_NAME in draft.fields or draft.blocks.get(TASK)) else SELF_PROJECT


def _name(draft: Draft, kind: str) -> list[Piece]:
    """The cells that name the form, without a label repeated in them."""
    pieces = draft.fields.get("名称") or (draft.fields.get(UNIT_NAME, []) if kind in (SELF_WHOLE, MONITOR_FORM, LISTING) else [])
    found = []
    for piece in pieces:
        raw = piece.raw
        for word in _LABELS:
            if raw.startswith(word) and len(raw) > len(word):
                raw = raw[len(word) :].strip()
        found.append(Piece(raw, raw, piece.at, piece.kind, piece.place, piece.confidence))
    return found


def _guessed_unit(draft: Draft) -> str:
    rows = [row for block in (FUND, TASK, MONITOR) for row in draft.blocks.get(block, ())]
    amounts = [_row_amount(row, column, "万元") for row in rows for column in row.columns if MEASURES.get(column) == MONEY]
    amounts += [figure_of(pieces, field, "万元") for field, pieces in draft.fields.items() if MEASURES.get(field) == MONEY]
    return likely_unit(amounts)


def make_table(spec: TableSpec, drafts: Sequence[Draft], lexicon: Lexicon) -> Table:
    """The record set of these forms."""
    builders = {block.name: _BlockBuilder(block) for block in spec.blocks}
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for draft in drafts:
        form = FormRecord(draft, lexicon)
        name = "".join(piece.text for piece in form.name).replace("/", "／") or UNNAMED
        stem = f"{form.kind}/{name}"
        number = seen[stem] = seen.get(stem, 0) + 1
        key = f"{stem}/{number}"
        form.values["序号"] = _count(number, draft)
        form.values["指标数"] = _count(sum(row.role == "明细" for row in draft.blocks.get(INDICATOR, ())), draft)
        form.values["任务数"] = _count(sum(row.role == "明细" for row in draft.blocks.get(TASK, ())), draft)
        form.values["成本数"] = _count(sum(_cost(row, values) is not None for row, values in form.rows.get(INDICATOR, ()) if row.role == "明细"), draft)
        builders[""].add(Row(key, name, name, role=_ROLES.get(form.kind, "其中"), level=1, place=draft.place), form.values)
        _add_rows(builders, form, key)
        problems += [Problem(t.kind, f"{name}：{t.message}", spec.id, key, t.place) for t in draft.troubles]
    blocks = {name: builder.data() for name, builder in builders.items()}
    first = drafts[0].place if drafts else NOWHERE
    return Table(spec, spec.id, UNSTATED_MONEY, blocks, GridBlock((), first), empty=not drafts, place=first, problems=tuple(problems))


def _count(number: int, draft: Draft) -> Amount:
    return Amount(str(number), "number" if number else "zero", number, unit=PLAIN, place=draft.place)


def _add_rows(builders: dict[str, _BlockBuilder], form: FormRecord, key: str) -> None:
    """The rows of one form, in every block."""
    for block in (INDICATOR, TASK, FUND, MONITOR):
        keys = [f"{key}/{n}" for n in range(1, len(form.draft.blocks.get(block, ())) + 1)]
        for (row, values), own in zip(form.rows.get(block, ()), keys, strict=True):
            parent = keys[row.under] if row.under is not None else key
            builders[block].add(Row(own, row.label, row.raw_label, role=row.role, level=2, parent=parent, place=row.place), values)
            if block == INDICATOR and row.role == "明细":
                _add_derived(builders, form, key, own, row, values)


def _add_derived(builders: dict[str, _BlockBuilder], form: FormRecord, key: str, own: str, row: RowDraft, values: Values) -> None:
    """An indicator among the costs, and under its 一级指标."""
    place = row.place
    cost = _cost(row, values)
    if cost is not None and COSTS in builders:
        cost["项目执行数"] = form.values.get("执行数") or blank(form.money)
        builders[COSTS].add(Row(own, row.label, row.raw_label, level=2, parent=key, place=place), cost)
    first = row.levels[0]
    if not first or values["分值"].state == "blank" or WEIGHTS not in builders or not form.levelled:
        return
    weights, group = builders[WEIGHTS], f"{key}/{first}"
    if all(known.key != group for known in weights.rows):
        weights.add(Row(group, first, first, level=2, parent=key, place=place), {"一级指标": values["一级指标"], "种类": form.values["种类"]})
    builders[SHARES].add(Row(f"{group}/{own.rpartition('/')[2]}", row.label, row.raw_label, level=3, parent=group, place=place), {"分值": values["分值"]})


class _BlockBuilder:
    def __init__(self, spec: BlockSpec) -> None:
        self.spec = spec
        self.rows: list[Row] = []
        self.columns: dict[str, list[Amount]] = {column.name: [] for column in spec.columns}
        self.blanks = {column.name: blank(column.unit or "万元") for column in spec.columns}

    def add(self, row: Row, values: Values) -> None:
        confidence = min((amount.confidence for amount in values.values() if amount.unit == TEXT), default=1.0)
        self.rows.append(replace(row, confidence=confidence) if confidence < 1 else row)
        for name, amounts in self.columns.items():
            amounts.append(values.get(name) or self.blanks[name])

    def data(self) -> BlockData:
        return BlockData(self.spec, tuple(self.rows), {name: tuple(amounts) for name, amounts in self.columns.items()})

