"""底稿: every check that came to a verdict in a row of its own, its two sides as live formulas over the printed figures."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.amounts import UNITS
from juesuan_rules.findings import DECISION_STATUSES, OUTCOME_ZH, SEVERITY_ZH, Finding
from juesuan_rules.live import Live
from juesuan_rules.material import Subject
from juesuan_rules.outputs.telling import basis_text, decision_text, waived_text
from juesuan_rules.outputs.workbook.cells import Cells
from juesuan_rules.outputs.workbook.expression import Cell, FormulaTooLong, Node, column_name, compute, formula, parse, quoted, rounded
from juesuan_rules.outputs.workbook.sheet import Page
from juesuan_rules.renderings.plain import ordinal

LEDGER, NOT_APPLICABLE, HELPERS = "底稿", "不适用", "计算"
ROUNDING = "尾差"
COLUMNS = (
    "索引号", "规则", "名称", "级别", "项目", "左值", "关系", "右值", "差额", "单位", "容差", "存疑上限", "结论", "处理意见", "说明", "依据",
    "程序结论", "已豁免", "算式", "备注",
)  # fmt: skip
"""Those from 程序结论 on are for the screen: they are not printed."""
WIDTHS = (7, 8, 20, 5, 18, 12, 4, 12, 9, 6, 8, 8, 9, 13, 44, 22, 9, 7, 44, 34)
(NUMBER, RULE, NAME, SEVERITY, KEY, LEFT, RELATION, RIGHT, DIFFERENCE, UNIT, TOLERANCE, LIMIT, WORD, OPINION, SENTENCE, BASIS, PROGRAM, WAIVED, FILLED, NOTE) = range(20)
PRINTED = BASIS + 1
_LINKS, _LINKS_OF_PASS = 6, 1
HEAD_ROW = 7
FIRST_ROW = HEAD_ROW + 1
_COMMON_CELL = Cell(LEDGER, 4, TOLERANCE)
"""A tolerance for all rows at once."""
_TOLERANCE_CODE = "0.00##########"
_FEW = 6
_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


class Line(msgspec.Struct, frozen=True):
    """A row of 底稿. number: 索引号; row: counted from 0. told: whether it is a finding that every output numbers."""

    number: int
    row: int
    finding: Finding
    live: Live | None
    told: bool

    @property
    def cell(self) -> Cell:
        """Where its conclusion stands."""
        return Cell(LEDGER, self.row, WORD, "text")


class Use(msgspec.Struct, frozen=True):
    """A figure in a finding: the line, and its number among the operands (from 1)."""

    line: Line
    sign: int

    @property
    def points(self) -> bool:
        """Whether a reader of a finding is to look here: not at every blank of a long sum."""
        operands = self.line.finding.operands or ()
        here = operands[self.sign - 1]
        return self.line.told and (len(operands) <= _FEW or here.raw.strip() != "" or here.name == self.line.finding.suspect)


Uses = dict[str, dict[tuple[int, int], list[Use]]]
"""Per sheet, and row and column in it, the findings that use what is written there, those that every output numbers first."""


def word_of(finding: Finding) -> str:
    """The program's verdict in the words of the sheet."""
    return ROUNDING if finding.outcome == "pass" and finding.rounding else OUTCOME_ZH[finding.outcome]


def ledger_lines(subject: Subject) -> list[Line]:
    """What is wrong or doubtful by its number, then what could not be decided, then what passed, in rule order."""
    findings = subject.full.findings
    lives = subject.live or (None,) * len(findings)
    told = [one.at for one in subject.numbered]
    rest = [at for outcome in ("undecided", "pass") for at, finding in enumerate(findings) if finding.outcome == outcome]
    return [Line(number, FIRST_ROW + number - 1, findings[at], lives[at], number <= len(told)) for number, at in enumerate([*told, *rest], start=1)]


def uses_of(lines: Sequence[Line], cells: Cells) -> Uses:
    """Which findings use which cell. Asking for the cells gives every figure of the prose its row."""
    found: Uses = {}
    for line in lines:
        for sign, operand in enumerate(line.finding.operands or (), start=1):
            at = cells.spot(operand) if line.told else cells.cell(operand)
            if at is not None:
                found.setdefault(at.sheet, {}).setdefault((at.row, at.column), []).append(Use(line, sign))
    return found


class Ledger:
    """Writes 底稿. helpers: formulas that are too long for one cell, (formula, value) in the sheet of helpers."""

    def __init__(self, page: Page, cells: Cells, money_unit: str) -> None:
        self.page, self.cells, self.money_unit = page, cells, money_unit
        self.helpers: list[tuple[str, float]] = []

    def write(self, lines: Sequence[Line]) -> None:
        """Every row; the head comes from `head.py`."""
        page, sheet = self.page, self.page.sheet
        page.head(HEAD_ROW, (*COLUMNS, *[f"数{ordinal(n)}" for n in range(1, _LINKS + 1)]))
        page.widths(*WIDTHS, *[18] * _LINKS)
        for line in lines:
            self._row(line)
        last = FIRST_ROW + max(len(lines), 1) - 1
        sheet.autofilter(HEAD_ROW, 0, last, len(COLUMNS) - 1)
        sheet.freeze_panes(FIRST_ROW, NAME)
        self._colours(last)
        sheet.data_validation(FIRST_ROW, OPINION, last, OPINION, {"validate": "list", "source": list(DECISION_STATUSES), "show_error": False})
        sheet.print_area(0, 0, last, PRINTED - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW + 1}:T{last + 1}", "formula_differs": f"F{FIRST_ROW + 1}:M{last + 1}"})

    def _colours(self, last: int) -> None:
        styles = self.page.styles
        for column in (WORD, PROGRAM):
            colour_words(self.page, FIRST_ROW, column, last)
        here = FIRST_ROW + 1
        changed = f"=${column_name(WORD)}{here}<>${column_name(PROGRAM)}{here}"
        self.page.sheet.conditional_format(FIRST_ROW, NUMBER, last, NUMBER, {"type": "formula", "criteria": changed, "format": styles.changed})

    def _row(self, line: Line) -> None:
        page, row, finding = self.page, line.row, line.finding
        styles = page.styles
        wrap = styles.box if line.told else styles.short
        texts = {
            NAME: finding.check or finding.title, KEY: finding.key, SENTENCE: finding.sentence or finding.reason or "", BASIS: basis_text(finding),
            FILLED: finding.filled or finding.formula, OPINION: "；".join(filter(None, (waived_text(finding), decision_text(finding)))),
        }  # fmt: skip
        note = self._judged(line)
        told = finding.tolerance_note or "" if line.told or finding.rounding else ""
        texts[NOTE] = "；".join(filter(None, (told, note, *(finding.hints if line.told else ()))))
        page.number(row, NUMBER, line.number, styles.middle)
        page.text(row, RULE, finding.rule, styles.short)
        page.text(row, SEVERITY, SEVERITY_ZH[finding.severity], styles.middle)
        page.text(row, PROGRAM, word_of(finding), styles.middle)
        if finding.waiver is not None:
            page.text(row, WAIVED, "是", styles.middle)
        for column, text in texts.items():
            if text or column != NOTE:
                page.text(row, column, text, wrap)
        if line.told:
            page.fit(row, 15, *[(text, WIDTHS[column]) for column, text in texts.items() if column < PRINTED])
        self._figures(line)

    def _figures(self, line: Line) -> None:
        """Links to the figures, those with something printed first."""
        operands = list(enumerate(line.finding.operands or (), start=1))
        first = [one for one in operands if Use(line, one[0]).points or one[1].raw.strip()] or operands
        for at, (sign, operand) in enumerate(first[: _LINKS if line.told else _LINKS_OF_PASS]):
            cell = self.cells.spot(operand) if line.told else self.cells.cell(operand)
            if cell is not None:
                self.page.link(line.row, len(COLUMNS) + at, cell, f"{ordinal(sign)} {operand.name}")

    def _judged(self, line: Line) -> str:
        """The two sides, their difference and the conclusion; what to remark."""
        page, row, styles = self.page, line.row, self.page.styles
        live = line.live
        sides = self._sides(line) if live is not None else None
        if live is None or sides is None:
            for column in range(LEFT, WORD) if line.told else ():
                page.text(row, column, "", styles.short)
            page.text(row, WORD, word_of(line.finding), styles.word)
            return "算式过长，结论不重算" if live is not None else ""
        (left, a), (right, b) = sides
        decimals = _decimals(live, line.finding)
        style = styles.number(decimals)
        page.formula(row, LEFT, left, style, a)
        page.text(row, RELATION, _SIGNS[live.relation], styles.middle)
        page.formula(row, RIGHT, right, style, b)
        difference = rounded(a - b, live.places)
        page.formula(row, DIFFERENCE, f"ROUND({_name(row, LEFT)}-{_name(row, RIGHT)},{live.places})", styles.coded(_difference_code(live.places)), difference)
        page.text(row, UNIT, "分" if live.unit == "分值" else live.unit, styles.middle)
        sure = self._tolerance(row, live, b)
        limit = float(live.limit) if not live.share and float(live.limit) > float(live.tolerance) else 0.0
        if limit:
            page.number(row, LIMIT, limit, styles.coded(_TOLERANCE_CODE, "yellow"))
        elif line.told:
            page.text(row, LIMIT, "", styles.short)
        page.formula(row, WORD, conclusion(live.relation, row), styles.word, concluded(live.relation, difference, sure, limit))
        return "规则另有条件，这里只重算起决定作用的一项" if live.partial else ""

    def _sides(self, line: Line) -> tuple[tuple[str, float], tuple[str, float]] | None:
        assert line.live is not None
        operands = line.finding.operands or ()
        cells = [self.cells.cell(operand) for operand in operands]
        values = [self.cells.value(operand) for operand in operands]

        def helper(text: str, node: Node) -> str:
            self.helpers.append((text, compute(node, values, float)))
            return f"{quoted(HELPERS)}!$B${len(self.helpers) + 1}"

        made = []
        for text in (line.live.left, line.live.right):
            node = parse(text)
            try:
                made.append((formula(node, cells, helper), compute(node, values, float)))
            except FormulaTooLong:
                return None
        return made[0], made[1]

    def _tolerance(self, row: int, live: Live, right: float) -> float:
        """The cell of the tolerance: a number to be changed, a share of the right side, or the common one where that is given."""
        style = self.page.styles.coded(_TOLERANCE_CODE, "yellow")
        if live.share:
            sure = float(rounded(abs(right) * float(live.share), live.places))
            self.page.formula(row, TOLERANCE, f"ROUND(ABS({_name(row, RIGHT)})*{live.share},{live.places})", style, sure)
            return sure
        sure = float(live.tolerance)
        if live.bound == "tail" and live.unit == self.money_unit:
            common = _COMMON_CELL.name
            self.page.formula(row, TOLERANCE, f"IF(ISNUMBER({common}),{common},{live.tolerance})", style, sure)
        else:
            self.page.number(row, TOLERANCE, sure, style)
        return sure


def conclusion(relation: str, row: int) -> str:
    """The formula of the conclusion: x is how far the difference goes the wrong way (for ≠ < > the right way)."""
    difference, sure, limit = (_name(row, column) for column in (DIFFERENCE, TOLERANCE, LIMIT))
    excess = {"==": f"ABS({difference})", "!=": f"ABS({difference})", "<=": f"MAX({difference},0)", ">": f"MAX({difference},0)"}.get(relation, f"MAX(-{difference},0)")
    if relation in ("==", "<=", ">="):
        chosen = f'IF({excess}=0,"相符",IF({excess}<={sure},"{ROUNDING}",IF({excess}<={limit},"存疑","不符")))'
    else:
        chosen = f'IF({excess}<={sure},"不符",IF({excess}<={limit},"存疑","相符"))'
    return f'IFERROR({chosen},"无法判断")'


def concluded(relation: str, difference: float, sure: float, limit: float) -> str:
    """What that formula comes to."""
    excess = abs(difference) if relation in ("==", "!=") else max(difference, 0.0) if relation in ("<=", ">") else max(-difference, 0.0)
    if relation in ("==", "<=", ">="):
        return "相符" if excess == 0 else ROUNDING if excess <= sure else "存疑" if excess <= limit else "不符"
    return "不符" if excess <= sure else "存疑" if excess <= limit else "相符"


def colour_words(page: Page, first: int, column: int, last: int) -> None:
    """The colours of conclusions, which follow them."""
    styles = page.styles
    for word, style in (("不符", styles.red), ("规则出错", styles.red), ("存疑", styles.amber), ("相符", styles.green), (ROUNDING, styles.green), ("无法判断", styles.grey)):
        page.sheet.conditional_format(first, column, last, column, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style})


def column_range(column: int, count: int) -> str:
    """底稿!$M$9:$M$40: a column of 底稿 with so many rows."""
    return f"{LEDGER}!${column_name(column)}${FIRST_ROW + 1}:${column_name(column)}${FIRST_ROW + max(count, 1)}"


def _name(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"


def _decimals(live: Live, finding: Finding) -> int:
    """Decimals both sides are shown with: those of the sentence, two for money."""
    told = [text.partition(".")[2] for text in (finding.left, finding.right) if text is not None]
    return max([len(part) for part in told], default=2) if live.unit not in UNITS else max([2, *[len(part) for part in told]])


def _difference_code(places: int) -> str:
    return "#,##0.00##" if places > 2 else "#,##0" + ("." + "0" * places if places else "")
