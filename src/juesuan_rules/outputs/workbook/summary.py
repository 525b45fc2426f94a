"""结论: what came out, whose report it is, counts that follow the sheet 底稿, the findings, and where it all comes from."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.findings import SEVERITY_ZH
from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.telling import base_name, decision_text, waived_text
from juesuan_rules.outputs.workbook import ledger
from juesuan_rules.outputs.workbook.cells import Cells
from juesuan_rules.outputs.workbook.expression import Cell
from juesuan_rules.outputs.workbook.figures import LeftOut
from juesuan_rules.outputs.workbook.ledger import HEAD_ROW, LEDGER, ROUNDING, Line, colour_words, column_range
from juesuan_rules.outputs.workbook.sheet import Page
from juesuan_rules.renderings.plain import clip, correction_lines, place_text
from juesuan_rules.renderings.waivers_text import waiver_text
from juesuan_rules.results import ReportResult

SUMMARY = "结论"
_FOUND = ("编号", "级别", "规则", "名称", "结论（现在）", "说明", "位置", "处理意见")
_WIDTHS = (12, 8, 10, 26, 12, 62, 44, 20)
_LIVE_ROWS = 2_000
"""So many findings look their row up by number, so that 底稿 can be sorted; more are linked row by row."""
_MOST_TOLD = 300
_FIELDS = ((0, 2, 4), (5, 7, 11), (12, 14, 15))
"""First column of a label, first and last column of its field in the head of 底稿."""
_HOW = (
    "结论由公式得出：差额＝左值－右值。差额为 0 是相符，不超过容差是尾差，超过容差、不超过存疑上限是存疑，再大是不符；≤ ≥ 只看超出的一边，≠ < > 相反。"
    "黄格（容差、存疑上限）可改，表里的数也可改，结论随之重算；索引号变色的行，结论已与程序的不同。"
)


def write_summary(page: Page, subject: Subject, material: Material, lines: Sequence[Line], groups: Sequence[LeftOut], cells: Cells) -> None:
    """The first sheet. groups: what did not apply."""
    page.widths(*_WIDTHS)
    page.sheet.merge_range(0, 0, 0, len(_FOUND) - 1, "", page.styles.title)
    page.text(0, 0, "部门决算公开报告核对结论", page.styles.title)
    page.sheet.set_row(0, 26)
    row = _identity(page, subject, 2)
    row = _counts(page, subject.full, lines, groups, row + 1)
    row = _findings(page, [line for line in lines if line.told], cells, row + 1, len(lines))
    row = _remarks(page, subject, row + 1)
    row = _heading(page, "溯源", row + 1)
    for label, text in provenance_lines(material):
        row = _pair(page, row, label, text)
    page.printing(None, subject.full.identity.unit_name or "")


def identity_pairs(report: ReportResult) -> list[tuple[str, str]]:
    """Whose report it is, and what it was judged by."""
    known = report.identity
    packs = "，".join(f"{pack.id} {pack.version}" for pack in report.packs)
    return [
        ("被审计单位", known.unit_name or "（没有认出）"),
        ("会计期间", f"{known.year}年度" if known.year else "（没有认出）"),
        ("地区", " ".join(filter(None, (known.region_name, known.region_code)))),
        ("报告", file_names(report)),
        ("规则包", packs + (f"（{report.chosen}）" if report.chosen else "")),
    ]


def file_names(report: ReportResult) -> str:
    """The report's file; all of them where several are one report. Folders are nobody else's business."""
    sources = report.parts if report.parts and report.source.format != "zip" else (report.source,)
    return " + ".join(base_name(source.path) for source in sources)


def _identity(page: Page, subject: Subject, row: int) -> int:
    for label, text in identity_pairs(subject.full):
        row = _pair(page, row, label, text)
    figures = sum(table.figures for table in subject.full.tables)
    read = f"{len(subject.full.tables)} 张表、{figures:,} 个数"
    taken, printed = subject.full.figures
    return _pair(page, row, "读到", read + (f"；情况说明里印的 {printed} 个数读了 {taken} 个" if printed else ""))


def _pair(page: Page, row: int, label: str, text: str) -> int:
    page.text(row, 0, label, page.styles.label)
    page.sheet.merge_range(row, 1, row, len(_FOUND) - 1, "", page.styles.box)
    page.text(row, 1, text, page.styles.box)
    page.fit(row, 15, (text, sum(_WIDTHS[1:])))
    return row + 1


def _heading(page: Page, text: str, row: int) -> int:
    page.text(row, 0, text, page.styles.heading)
    return row + 1


def _counts(page: Page, report: ReportResult, lines: Sequence[Line], groups: Sequence[LeftOut], row: int) -> int:
    """Counts as 底稿 stands now beside those of the program; what is waived is counted apart."""
    row = _heading(page, "核对结果（按核对项数；别处的结论按规则条数）", row)
    if report.message:
        row = _pair(page, row, "说明", report.message)
    page.head(row, ("结论", "现在", "程序判断"))
    page.text(row, 5, "“现在”随底稿里的数和容差变；改动表里的数、容差，这里和底稿的结论随之重算", page.styles.note)
    words, waived = column_range(ledger.WORD, len(lines)), column_range(ledger.WAIVED, len(lines))

    def line(label: str, formula: str, number: int) -> None:
        nonlocal row
        row += 1
        page.text(row, 0, label, page.styles.label)
        page.formula(row, 1, formula, page.styles.coded("#,##0"), number)
        page.number(row, 2, number, page.styles.coded("#,##0"))

    def counted(*wanted: str) -> int:
        return sum(ledger.word_of(one.finding) in wanted and one.finding.waiver is None for one in lines)

    def counting(word: str) -> str:
        return f'COUNTIFS({words},"{word}",{waived},"")'

    for word in ("不符", "存疑", "无法判断", "规则出错"):
        line(word, counting(word), counted(word))
    line("相符", f"{counting('相符')}+{counting(ROUNDING)}", counted("相符", ROUNDING))
    line("其中尾差", counting(ROUNDING), counted(ROUNDING))
    line("已豁免", f'COUNTIF({waived},"是")', sum(one.finding.waiver is not None for one in lines))
    if groups:
        line("不适用", f"SUM({ledger.NOT_APPLICABLE}!$D$3:$D${len(groups) + 2})", sum(group.count for group in groups))
    return row + 1


def _findings(page: Page, told: Sequence[Line], cells: Cells, row: int, total: int) -> int:
    styles = page.styles
    row = _heading(page, f"发现（{len(told)} 项）", row)
    if not told:
        page.text(row, 0, "没有发现不符或存疑", styles.note)
        return row + 1
    page.head(row, _FOUND)
    words, numbers = column_range(ledger.WORD, total), column_range(ledger.NUMBER, total)
    top = row + 1
    for row, line in enumerate(told, start=top):
        finding = line.finding
        page.link(row, 0, Cell(LEDGER, line.row, 0), str(line.number))
        page.text(row, 1, SEVERITY_ZH[finding.severity], styles.middle)
        page.text(row, 2, finding.rule, styles.short)
        page.text(row, 3, finding.check or finding.title, styles.box)
        found = f"INDEX({words},MATCH({line.number},{numbers},0))" if len(told) <= _LIVE_ROWS else f"{LEDGER}!{line.cell.name}"
        page.formula(row, 4, found, styles.word, ledger.word_of(finding))
        page.text(row, 5, finding.sentence or finding.reason or "", styles.box)
        place = _place(page, row, line, cells)
        opinion = "；".join(filter(None, (waived_text(finding), decision_text(finding))))
        page.text(row, 7, opinion, styles.box)
        page.fit(row, 15, (finding.check or finding.title, _WIDTHS[3]), (finding.sentence or "", _WIDTHS[5]), (place, _WIDTHS[6]), (opinion, _WIDTHS[7]))
    colour_words(page, top, 4, row)
    return row + 1


def _place(page: Page, row: int, line: Line, cells: Cells) -> str:
    """A link to the suspect, else to the first figure with something printed; its text."""
    operands = line.finding.operands or ()
    ranked = sorted(operands, key=lambda operand: (operand.name != line.finding.suspect, not operand.raw.strip()))
    for operand in ranked:
        cell = cells.spot(operand)
        if cell is not None:
            # A link never wraps in LibreOffice: what does not fit would be lost in print.
            text = clip(" ".join(filter(None, (place_text(operand.place), operand.name))), _WIDTHS[6] - 2)
            page.link(row, 6, cell, text, page.styles.wrapped_link)
            return text
    shown = next((place_text(operand.place) for operand in ranked if place_text(operand.place)), "")
    page.text(row, 6, shown, page.styles.box)
    return shown


def _remarks(page: Page, subject: Subject, row: int) -> int:
    """What reading could not settle, what people put right, and what is accepted."""
    report = subject.full
    groups = (
        ("没读出来的内容", report.unread),
        ("更正", tuple(correction_lines(report.corrections))),
        ("豁免", tuple([f"{use.rule}：{waiver_text(use.waiver)}{'；' + use.detail if use.detail else ''}" for use in report.waivers])),
        ("共同原因", tuple([cause.sentence for cause in report.causes])),
        ("读取说明", (*report.notes, *[problem.message for problem in report.problems], *[note for table in report.tables for note in table.notes])),
        ("同看的报告", tuple([f"{one.scope}：{base_name(one.source.path)}{'；' + one.note if one.note else ''}" for one in report.companions])),
    )
    for title, texts in groups:
        shown = list(dict.fromkeys(filter(None, texts)))
        if shown:
            row = _heading(page, title, row)
            for text in shown[:_MOST_TOLD]:
                page.sheet.merge_range(row, 0, row, len(_FOUND) - 1, "", page.styles.text)
                page.text(row, 0, text, page.styles.text)
                page.fit(row, 15, (text, sum(_WIDTHS)))
                row += 1
            if len(shown) > _MOST_TOLD:
                page.text(row, 0, f"另 {len(shown) - _MOST_TOLD} 条从略", page.styles.note)
                row += 1
            row += 1
    return row


def write_ledger_head(page: Page, subject: Subject, back: Cell) -> None:
    """The head of an audit working paper: what is known is filled in, the rest is left to the person."""
    report, styles, columns = subject.full, page.styles, ledger.PRINTED
    page.sheet.merge_range(0, 0, 0, columns - 1, "", styles.title)
    page.text(0, 0, "审计工作底稿", styles.title)
    page.sheet.set_row(0, 26)
    packs = "、".join(f"{pack.id} {pack.version}" for pack in report.packs)
    basis = f"预算法、部门决算制度及规则包 {packs} 所列各项（见“依据”栏）"
    year = f"{report.identity.year}年度" if report.identity.year else ""
    fields = (
        (("被审计单位", report.identity.unit_name or ""), ("审计事项", "部门决算公开报告数据核对"), ("索引号", "")),
        (("会计期间", year), ("审计期间", ""), ("编制人 / 日期", "")),
        (("依据", basis), ("报告", file_names(report)), ("复核人 / 日期", "")),
    )
    for row, pairs in enumerate(fields, start=1):
        for (label, text), (first, second, end) in zip(pairs, _FIELDS, strict=True):
            page.sheet.merge_range(row, first, row, second - 1, "", styles.label)
            page.text(row, first, label, styles.label)
            page.sheet.merge_range(row, second, row, end, "", styles.field)
            page.text(row, second, text, styles.field)
        page.fit(row, 22, *[(text, sum(ledger.WIDTHS[second : end + 1])) for (_, text), (_, second, end) in zip(pairs, _FIELDS, strict=True)])
    page.link(4, 0, back, "回到结论", styles.plain_link)
    page.sheet.set_row(4, 18)
    page.sheet.merge_range(4, 2, 4, ledger.TOLERANCE - 1, "", styles.note)
    page.text(4, 2, f"统一尾差（{report.identity.money_unit or '万元'}）：在右边填一个数，凡按尾差核对的容差都用它；不填则按各行算得的", styles.note)
    page.text(4, ledger.TOLERANCE, "", styles.number(2, fill="yellow"))
    page.sheet.merge_range(5, 0, 5, columns - 1, "", styles.note)
    page.text(5, 0, _HOW, styles.note)
    page.fit(5, 15, (_HOW, sum(ledger.WIDTHS[:columns])))
    page.printing((HEAD_ROW, HEAD_ROW), f"审计工作底稿　{report.identity.unit_name or ''}")
