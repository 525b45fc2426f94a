"""Figures that stand in no printed table, where every figure stands, and what did not apply."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.model import Place
from juesuan_rules.findings import Finding
from juesuan_rules.outputs.workbook.cells import FIGURES_TOP, TABLE_TOP, VALUE_COLUMN, Cells, Listed, value_of
from juesuan_rules.outputs.workbook.expression import Cell
from juesuan_rules.outputs.workbook.ledger import Use, Uses
from juesuan_rules.outputs.workbook.sheet import Page
from juesuan_rules.renderings.plain import ordinal, place_text

SOURCES = "出处"
_FIGURE_COLUMNS = ("编号", "名称", "印作", "单位", "数值", "出处", "句子", "备注", "用到它的核对", "发现")
_SOURCE_COLUMNS = ("表", "单元格", "项目", "栏", "印作", "数值", "出处", "备注", "核对数", "发现")
_NUMBERS_TOLD = 12
_LONG, _KEYS_TOLD = 500, 4


def write_figures(page: Page, title: str, rows: Sequence[Listed], uses: Uses) -> None:
    """A sheet of figures: a row each, its value to be changed like any cell of a table."""
    styles = page.styles
    page.text(0, 0, title, styles.heading)
    page.head(FIGURES_TOP - 1, _FIGURE_COLUMNS)
    page.widths(6, 40, 16, 8, 16, 20, 70, 24, 12, 16)
    for at, listed in enumerate(rows):
        row, operand = FIGURES_TOP + at, listed.operand
        used = uses.get(page.name, {}).get((row, VALUE_COLUMN), [])
        told = [use for use in used if use.points]
        page.number(row, 0, at + 1, styles.middle)
        page.text(row, 1, operand.name, styles.box)
        page.text(row, 2, operand.raw.strip(), styles.short)
        page.text(row, 3, operand.unit if operand.unit not in (None, "数") else "", styles.middle)
        fill = _fill(told)
        if listed.value is None:
            page.text(row, VALUE_COLUMN, "", styles.filled(fill) if fill else styles.short)
        else:
            page.number(row, VALUE_COLUMN, listed.value, styles.coded(_code(operand.raw), fill))
        page.text(row, 5, place_text(operand.place), styles.short)
        page.text(row, 6, operand.quote, styles.box)
        page.text(row, 7, operand.corrected or operand.note, styles.box)
        page.number(row, 8, len({use.line.number for use in used}), styles.middle)
        if told:
            page.link(row, 9, told[0].line.cell, numbers_text(told))
            page.comment(row, VALUE_COLUMN, "\n".join(f"发现 {use.line.number}{ordinal(use.sign)}：{use.line.finding.rule}" for use in told))
        else:
            page.text(row, 9, "", styles.short)
        page.fit(row, 15, (operand.name, 40), (operand.quote, 70), (operand.corrected or operand.note, 24))
    page.sheet.freeze_panes(FIGURES_TOP, 2)
    page.sheet.autofilter(FIGURES_TOP - 1, 0, FIGURES_TOP + max(len(rows), 1) - 1, len(_FIGURE_COLUMNS) - 1)
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:J{FIGURES_TOP + len(rows)}"})
    page.printing((0, FIGURES_TOP - 1), title)


def _fill(told: Sequence[Use]) -> str:
    return "" if not told else "red" if any(use.line.finding.outcome == "fail" for use in told) else "amber"


def _code(raw: str) -> str:
    """Decimals as printed, as far as the text tells."""
    digits = raw.strip().rstrip("%％")
    decimals = len(digits.rpartition(".")[2]) if "." in digits and digits.rpartition(".")[2].isdigit() else 0
    return "#,##0" + ("." + "0" * min(decimals, 15) if decimals else ".####" if not digits.replace(",", "").lstrip("+-").isdigit() else "")


def numbers_text(told: Sequence[Use]) -> str:
    """发现 3、7."""
    numbers = list(dict.fromkeys(use.line.number for use in told))
    return "发现 " + "、".join(map(str, numbers[:_NUMBERS_TOLD])) + (" 等" if len(numbers) > _NUMBERS_TOLD else "")


def write_sources(page: Page, cells: Cells, uses: Uses) -> None:
    """出处: every figure of every table with its cell, what it is, its place, and the findings that use it."""
    styles = page.styles
    page.text(0, 0, "出处：每个数印在哪里，哪些核对用到它", styles.heading)
    page.head(1, _SOURCE_COLUMNS)
    page.widths(26, 9, 34, 24, 16, 16, 34, 24, 8, 18)
    row = 2
    for sheet in cells.sheets:
        for (r, c), amount in sorted(cells.figures[sheet.name].items()):
            if amount.state == "blank":
                continue
            at = Cell(sheet.name, r + TABLE_TOP, c)
            label, column = cells.labels[sheet.name, r, c]
            used = uses.get(sheet.name, {}).get((at.row, at.column), [])
            told = [use for use in used if use.points]
            page.text(row, 0, sheet.name, styles.short)
            page.link(row, 1, at, at.name.replace("$", ""))
            page.text(row, 2, f"{label.code} {label.label}" if label.code and label.code != label.label else label.label, styles.short)
            page.text(row, 3, column, styles.short)
            page.text(row, 4, amount.raw.strip(), styles.short)
            page.formula(row, 5, at.reference, styles.coded("#,##0.00####"), _shown(amount))
            page.text(row, 6, place_with_box(amount.place), styles.short)
            page.text(row, 7, amount.corrected or ("读数不确定" if amount.unsure else f"读作 {amount.repaired}" if amount.repaired else ""), styles.short)
            page.number(row, 8, len({use.line.number for use in used}), styles.middle)
            if told:
                page.link(row, 9, told[0].line.cell, numbers_text(told))
            else:
                page.text(row, 9, "", styles.short)
            row += 1
    page.sheet.freeze_panes(2, 2)
    page.sheet.autofilter(1, 0, max(row - 1, 1), len(_SOURCE_COLUMNS) - 1)
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:J{row + 1}"})
    page.printing((0, 1), "出处")


def _shown(amount: Amount) -> float | str:
    value = value_of(amount)
    return amount.raw.strip() if value is None else value


def place_with_box(place: Place) -> str:
    """第12页 (102, 340)–(160, 352): the box in points from the top left."""
    text = place_text(place)
    if place.box is None:
        return text
    left, top, right, bottom = place.box
    return f"{text} ({left:.0f}, {top:.0f})-({right:.0f}, {bottom:.0f})"


class LeftOut(msgspec.Struct, frozen=True):
    """Checks of one rule that did not apply for one reason: how many, and those told as examples."""

    finding: Finding
    count: int
    keys: tuple[str, ...]


def left_out(findings: Sequence[Finding]) -> list[LeftOut]:
    """What did not apply, by rule and reason."""
    groups: dict[tuple[str, str, str | None], list[Finding]] = {}
    for finding in findings:
        if finding.outcome == "not_applicable":
            groups.setdefault((finding.rule, finding.check, finding.reason), []).append(finding)
    return [LeftOut(those[0], len(those), tuple([one.key for one in those[:_KEYS_TOLD] if one.key])) for those in groups.values()]


def write_not_applicable(page: Page, groups: Sequence[LeftOut]) -> None:
    """不适用: what was asked and had nothing to check, and why."""
    styles = page.styles
    page.text(0, 0, "不适用的核对：报告里没有这些核对要看的数，或不满足规则的适用条件", styles.heading)
    page.head(1, ("规则", "名称", "原因", "项数", "举例", "说明"))
    page.widths(9, 44, 16, 7, 50, 60)
    for row, group in enumerate(groups, start=2):
        finding = group.finding
        page.text(row, 0, finding.rule, styles.short)
        page.text(row, 1, finding.check or finding.title, styles.short)
        page.text(row, 2, finding.reason or "", styles.short)
        page.number(row, 3, group.count, styles.coded("#,##0"))
        page.text(row, 4, "；".join(group.keys) + (" …" if group.count > len(group.keys) > 0 else ""), styles.short)
        page.text(row, 5, (finding.sentence or "")[:_LONG], styles.short)
    page.sheet.freeze_panes(2, 0)
    page.sheet.autofilter(1, 0, 1 + max(len(groups), 1), 5)
    page.printing((0, 1), "不适用")


def write_helpers(page: Page, helpers: Sequence[tuple[str, float]]) -> None:
    """计算: parts of formulas that are too long for one cell."""
    page.text(0, 0, "底稿里放不下的长算式，分段算在这里", page.styles.heading)
    page.widths(8, 18)
    for at, (text, value) in enumerate(helpers, start=1):
        page.number(at, 0, at, page.styles.middle)
        page.formula(at, 1, text, page.styles.coded("#,##0.00####"), value)
