"""The summary as a workbook: matrix, ranking, root causes, rules, every verdict that is not a pass, what was not checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.findings import DECISION_STATUSES, SEVERITY_ZH
from juesuan_rules.material import Material
from juesuan_rules.outputs.files import write_whole
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.matrix.contents import MARKS, Item, Matrix, Unit, gather_matrix
from juesuan_rules.outputs.matrix.page import unit_name, whole_line
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.telling import basis_text, decision_text, figures_text, first_place, waived_text
from juesuan_rules.results import ReportResult

MATRIX, RANKING, CAUSES, RULES, DETAILS, LACKS, ORIGIN = "矩阵", "排名", "根因", "规则", "明细", "未能核对", "溯源"
MOST_ROWS = 200_000
MOST_LINKS = 20_000
_FONT = "宋体"
_LINE, _HEAD, _BAND = "#BFBFBF", "#DDE6EF", "#F2F2F2"
_FILLS = {"f": "#F8D0CC", "e": "#F8D0CC", "d": "#FCE8B8", "u": "#E3E9EF", "w": "#DDF0DC", "x": "#DDF0DC", "warning": "#FCE8B8", "info": "#EDF1F5"}
_A3, _A4 = 8, 9
_LINE_HEIGHT, _MOST_LINES = 13.5, 6


def write_matrix_workbook(material: Material, target: Path) -> None:
    """Write the workbook of a run. Raises UsageError where the file cannot be written."""
    write_whole(target, render_matrix_workbook(material))


def render_matrix_workbook(material: Material) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    import xlsxwriter

    matrix = gather_matrix(material)
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, {**options, "default_format_properties": {"font_name": _FONT, "font_size": 10}})
    properties: dict[str, Any] = {"title": "部门决算公开核对汇总", "comments": f"结果摘要 {material.provenance['canonical_digest']}"}
    with suppress(ValueError):
        properties["created"] = datetime.fromisoformat(str(material.provenance["time"])).replace(tzinfo=None)
    book.set_properties(properties)
    styles = _styles(book)
    items = _in_order(matrix)
    sheets = {name: book.add_worksheet(name) for name in (MATRIX, RANKING, CAUSES, RULES, DETAILS, LACKS, ORIGIN)}
    _matrix(sheets[MATRIX], matrix, styles, _first_rows(items))
    _ranking(sheets[RANKING], matrix, styles)
    _causes(sheets[CAUSES], matrix, styles)
    _rules(sheets[RULES], matrix, styles)
    _details(sheets[DETAILS], matrix, material.run.reports, items, styles)
    _lacks(sheets[LACKS], matrix, styles)
    _origin(sheets[ORIGIN], material, styles)
    for name, sheet in sheets.items():
        sheet.set_landscape()
        sheet.set_paper(_A3 if name in (MATRIX, DETAILS) else _A4)
        sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
        if name != MATRIX:
            sheet.fit_to_pages(1, 0)
    sheets[MATRIX].activate()
    book.close()
    return buffer.getvalue()


class _Styles(msgspec.Struct):
    """Formats by use; those of matrix cells by their kind."""

    head: Any
    upright: Any
    text: Any
    wrapped: Any
    number: Any
    note: Any
    family: Any
    field: Any
    cells: dict[str, Any]
    title: Any


def _styles(book: Any) -> _Styles:
    def make(**more: Any) -> Any:
        return book.add_format({"font_name": _FONT, "font_size": 10, "valign": "vcenter", **more})

    boxed = {"border": 1, "border_color": _LINE}
    cells = {code: make(**boxed, align="center", **({"bg_color": _FILLS[code]} if code in _FILLS else {"font_color": "#6F737A"}), bold=code in "fe") for code in MARKS}
    cells |= {f"f {level}": make(**boxed, align="center", bg_color=_FILLS[level]) for level in ("warning", "info")}
    return _Styles(
        head=make(**boxed, bold=True, bg_color=_HEAD, align="center", text_wrap=True), upright=make(**boxed, bold=True, bg_color=_HEAD, align="center", rotation=90),
        text=make(**boxed, quote_prefix=True), wrapped=make(**boxed, quote_prefix=True, text_wrap=True), number=make(**boxed, num_format="0"),
        note=make(font_color="#595959"), family=make(**boxed, bold=True, bg_color=_BAND, align="left"),
        field=make(**boxed, bg_color="#FFF9DB", quote_prefix=True), cells=cells, title=make(bold=True, font_size=14),
    )  # fmt: skip


def _matrix(sheet: Any, matrix: Matrix, styles: _Styles, first_rows: dict[tuple[int, int], int]) -> None:
    shown = [at for at, rule in enumerate(matrix.rules) if rule.telling]
    rest = [at for at, rule in enumerate(matrix.rules) if not rule.telling]
    fixed = ("单位", "年度", "错误", "警告", "提示", "无法判断")
    sheet.write_string(0, 0, "单位 × 规则", styles.title)
    legend = "　".join(f"{mark} {name}" for mark, name in MARKS.values() if mark)
    hidden = f"　没有内容的 {len(rest)} 条规则在右边，已折叠" if rest else ""
    sheet.write_string(1, 0, f"{legend}　数字是有几处{hidden}", styles.note)
    for column, name in enumerate(fixed):
        sheet.merge_range(2, column, 3, column, name, styles.head)
    for column, at in enumerate([*shown, *rest], start=len(fixed)):
        sheet.write_string(3, column, xml_text(matrix.rules[at].id), styles.upright)
    for part, start in ((shown, len(fixed)), (rest, len(fixed) + len(shown))):
        _families(sheet, matrix, part, start, styles)
    linked = sum(unit.cells.count(code) for unit in matrix.units for code in "fde") <= MOST_LINKS
    for row, at in enumerate(matrix.ranking, start=4):
        _matrix_row(sheet, row, at, matrix, [*shown, *rest], styles, first_rows if linked else {})
    last = 4 + len(matrix.units) - 1
    width = len(fixed) + len(matrix.rules)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 5, 7)
    if shown:
        sheet.set_column(len(fixed), len(fixed) + len(shown) - 1, 4.3)
    if rest:
        sheet.set_column(len(fixed) + len(shown), width - 1, 4.3, None, {"level": 1, "hidden": True})
        sheet.set_column(width, width, None, None, {"collapsed": True})
    sheet.set_row(3, 48)
    sheet.freeze_panes(4, 1)
    if matrix.units:
        sheet.autofilter(3, 0, last, width - 1)
    sheet.repeat_rows(2, 3)
    sheet.repeat_columns(0, 0)
    sheet.set_print_scale(60)


def _families(sheet: Any, matrix: Matrix, columns: Sequence[int], start: int, styles: _Styles) -> None:
    """The families over the columns of their rules."""
    at = 0
    while at < len(columns):
        letters = matrix.rules[columns[at]].family
        end = at
        while end + 1 < len(columns) and matrix.rules[columns[end + 1]].family == letters:
            end += 1
        name = _family(matrix, letters) if end > at + 1 else letters
        if end > at:
            sheet.merge_range(2, start + at, 2, start + end, name, styles.family)
        else:
            sheet.write_string(2, start + at, name, styles.family)
        at = end + 1


def _matrix_row(sheet: Any, row: int, at: int, matrix: Matrix, columns: Sequence[int], styles: _Styles, first_rows: dict[tuple[int, int], int]) -> None:
    unit = matrix.units[at]
    sheet.write_string(row, 0, xml_text(unit_name(unit)), styles.text)
    _write(sheet, row, 1, [unit.year, unit.errors, unit.warnings, unit.infos, unit.undecided], styles)
    whole = whole_line(unit)
    if whole:
        sheet.write_string(row, 6, xml_text(whole), styles.text)
        return
    for column, rule in enumerate(columns, start=6):
        code = unit.cells[rule]
        number = unit.places.get(rule, 0)
        text = MARKS[code][0] + (str(number) if number > 1 else "")
        severity = matrix.rules[rule].severity
        style = styles.cells.get(f"{code} {severity}") or styles.cells[code]
        target = first_rows.get((at, rule)) if code in "fde" else None
        if target is not None:
            sheet.write_url(row, column, f"internal:'{DETAILS}'!A{target + 1}", style, text)
        elif text:
            sheet.write_string(row, column, text, style)
        else:
            sheet.write_blank(row, column, None, style)


def _ranking(sheet: Any, matrix: Matrix, styles: _Styles) -> None:
    head = ["名次", "单位", "年度", "错误", "警告", "提示", "其中存疑", "无法判断（条）", "已豁免", "误报", "需复核"]
    head += ["新增", "已消除"] if matrix.compared else []
    rows = []
    for at in matrix.ranking:
        unit = matrix.units[at]
        counts = [unit.errors, unit.warnings, unit.infos, unit.doubtful, unit.undecided, unit.waived, unit.dismissed, unit.recheck]
        rows.append([unit.rank, unit_name(unit), unit.year, *counts, *([unit.new, unit.fixed] if matrix.compared else []), _state(unit), unit.path])
    _table(sheet, [*head, "情形", "文件"], rows, [6, 36, 7, *[8] * (len(head) - 3), 30, 60], styles, "按错误、警告、提示的处数排；已豁免的、复核为误报的不计；不同的差额不相加")


def _causes(sheet: Any, matrix: Matrix, styles: _Styles) -> None:
    rows = []
    for group in matrix.groups:
        names = [unit_name(matrix.units[at]) for at in group.units]
        rows.append([len(names), group.places, SEVERITY_ZH[group.severity], MARKS[group.code][1], group.kind, group.what, "、".join(group.rules), group.example, "、".join(names)])
    head = ["报告", "处", "级别", "结果", "情形", "原因或核对", "规则", "如", "单位"]
    _table(sheet, head, rows, [7, 7, 7, 9, 14, 48, 24, 60, 60], styles, "同一个原因、同一项核对放在一起，涉及报告多的在前")


def _rules(sheet: Any, matrix: Matrix, styles: _Styles) -> None:
    rows = []
    for rule in matrix.rules:
        rate = rule.rate
        share = f"{rate.share * 100:.0f}%" if rate is not None and rate.share is not None else ""
        judged = [rate.decided, rate.false, share, rate.note] if rate is not None else [None, None, "", ""]
        rows.append([rule.id, rule.title, _family(matrix, rule.family), SEVERITY_ZH[rule.severity], *[rule.reports[code] for code in "fdeuwxpn"], rule.places, *judged])
    head = ["规则", "题目", "类别", "级别", *[f"{MARKS[code][1]}（份）" for code in "fdeuwxpn"], "不符、存疑（处）", "有定论", "误报", "误报率", "误报率说明"]
    _table(sheet, head, rows, [9, 44, 16, 7, *[8] * 8, 9, 8, 8, 8, 28], styles, "数是多少份报告，每份按最重的一处计；误报率按复核意见算")


def _in_order(matrix: Matrix) -> list[Item]:
    """Verdicts by rank of their unit, then rule."""
    return sorted(matrix.items, key=lambda item: (matrix.units[item.unit].rank, item.rule))[:MOST_ROWS]


_DETAILS_TOP = 2


def _first_rows(items: Sequence[Item]) -> dict[tuple[int, int], int]:
    """Row of 明细 (from 0) on which each cell's verdicts begin."""
    found: dict[tuple[int, int], int] = {}
    for row, item in enumerate(items, start=_DETAILS_TOP):
        if item.code in "fde":
            found.setdefault((item.unit, item.rule), row)
    return found


_OPINION = ("意见", "复核人", "复核日期", "备注")


def _details(sheet: Any, matrix: Matrix, reports: Sequence[ReportResult], items: Sequence[Item], styles: _Styles) -> None:
    head = ["单位", "年度", "文件", "规则", "题目", "级别", "结果", "内容", "差额", "单位（量）", "允许误差", "位置", "用到的数", "依据", "豁免", "复核", "与上次比", "指纹", *_OPINION]
    rows = (_detail(item, matrix, reports) for item in items)
    left = len(matrix.items) - len(items)
    more = f"；只列 {MOST_ROWS:,} 条，另有 {left:,} 条" if left > 0 else ""
    note = f"不符、存疑、无法判断的每一处{more}。“意见”填 {'、'.join(DECISION_STATUSES)}，另存为 CSV 后可用 decisions import 并入"
    widths = [30, 7, 36, 9, 36, 7, 9, 70, 11, 9, 9, 26, 60, 36, 24, 30, 9, 18, 9, 10, 11, 24]
    _table(sheet, head, rows, widths, styles, note, head.index("位置"))
    last = max(_DETAILS_TOP, _DETAILS_TOP + len(items) - 1)
    first_field = len(head) - len(_OPINION)
    for column in range(first_field, len(head)):
        sheet.set_column(column, column, widths[column], styles.field)
    sheet.print_area(0, 0, last, head.index("位置"))
    sheet.data_validation(_DETAILS_TOP, first_field, last, first_field, {"validate": "list", "source": list(DECISION_STATUSES), "ignore_blank": True})


def _detail(item: Item, matrix: Matrix, reports: Sequence[ReportResult]) -> list[Any]:
    unit, rule, finding = matrix.units[item.unit], matrix.rules[item.rule], item.finding
    report = reports[item.unit]
    cause = next((one for one in report.causes if one.id == finding.cause), None) if finding.cause and len(report.causes) < 500 else None
    said = finding.sentence or finding.reason or finding.check or finding.title
    figures = figures_text(finding) if item.code != "u" else ""
    numbers = [finding.difference or "", finding.unit or "", finding.tolerance or ""]
    where = first_place(finding, cause)
    return [
        unit_name(unit), unit.year, unit.path, rule.id, finding.check or rule.title, SEVERITY_ZH[finding.severity], MARKS[item.code][1], said, *numbers, where, figures,
        basis_text(finding), waived_text(finding), decision_text(finding), "新增" if item.new else "", finding.fingerprint,
    ]  # fmt: skip


def _lacks(sheet: Any, matrix: Matrix, styles: _Styles) -> None:
    rows = [[lack.kind, lack.path, lack.why] for lack in matrix.lacks]
    _table(sheet, ["情形", "文件", "原因"], rows, [12, 60, 90], styles, "没有核对的、没有读出来的、内容重复的文件" if rows else "给出的文件都读出来了，都核对了")


def _origin(sheet: Any, material: Material, styles: _Styles) -> None:
    _table(sheet, ["项", "内容"], [list(line) for line in provenance_lines(material)], [18, 130], styles, "结果从哪里来，怎样重得")


def _table(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[float], styles: _Styles, note: str, tall: int = 99) -> None:
    """A list with a note above, filters and a head that stays. tall: rows are as high as the first so many columns need."""
    sheet.write_string(0, 0, note, styles.note)
    for column, name in enumerate(head):
        sheet.write_string(1, column, name, styles.head)
        sheet.set_column(column, column, widths[column])
    row = 1
    for row, values in enumerate(rows, start=2):
        _write(sheet, row, 0, values, styles)
        lines = _lines(values[:tall], widths)
        if lines > 1:
            sheet.set_row(row, _LINE_HEIGHT * lines)
    sheet.autofilter(1, 0, max(row, 1), len(head) - 1)
    sheet.freeze_panes(2, 2 if len(head) > 4 else 0)
    sheet.repeat_rows(1)
    sheet.set_row(1, 30)


def _lines(values: Sequence[Any], widths: Sequence[float]) -> int:
    """How many lines the longest text of a row takes: no program works that out before a row is looked at."""
    most = 1
    for value, width in zip(values, widths, strict=False):
        if isinstance(value, str) and len(value) * 2 > width:
            most = max(most, -(-len(value.encode("gbk", "replace")) // max(int(width) - 2, 1)))
    return min(most, _MOST_LINES)


def _write(sheet: Any, row: int, column: int, values: Sequence[Any], styles: _Styles) -> None:
    """Numbers of our own as numbers; every text as a text, never a formula or an address."""
    for at, value in enumerate(values, start=column):
        if value is None or value == "":
            continue
        if isinstance(value, int):
            sheet.write_number(row, at, value, styles.number)
        else:
            sheet.write_string(row, at, _harmless(value), styles.wrapped)


@lru_cache(maxsize=50_000)
def _harmless(text: str) -> str:
    return xml_text(text)


def _family(matrix: Matrix, letters: str) -> str:
    return xml_text(f"{letters} {matrix.families.get(letters, '')}".strip())


def _state(unit: Unit) -> str:
    return unit.message or ("" if unit.status == "judged" else "没有一项核对能够判断")
