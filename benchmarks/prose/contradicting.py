"""Whether anything else in the report contradicts a figure, told without the rules.

A figure is contradictable where the same number is printed elsewhere, or where it can be computed from
figures near it (a share, a rate, a sum, a difference), or a rule compares it by == with others. Otherwise it is
the only statement of what it says, and no reader could find fault with another number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from judging import Bench
from juesuan_rules.amounts import UNITS, Amount
from juesuan_rules.findings import Finding
from juesuan_rules.reports.model import Report, Table
from printed import AMOUNT, SCORES, SHARE, Piece, Printed

ELSEWHERE, COMPUTED, RULE = "同一数另见", "由旁边的数算得出", "规则核对"
_DIGITS = 3
_HUNDRED = Fraction(100)


class Oracle:
    """What contradicts each figure of a report."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        report = bench.report
        self.near = _near(bench)
        self.money = Counter(_cents(f) for f in (*bench.prose, *bench.forms) if f.kind == AMOUNT)
        self.cells = Counter(a.value for table in report.tables.values() for a in _amounts(table) if a.value)
        self.totals = _totals(report)
        self.sums = _form_sums(report)
        self.judged = _judged(bench.every)

    def reasons(self, figure: Printed) -> list[str]:
        """Why another number in its place would contradict something; empty where nothing would."""
        found = []
        if self._elsewhere(figure):
            found.append(ELSEWHERE)
        if self._computed(figure):
            found.append(COMPUTED)
        if self.equated(figure):
            found.append(RULE)
        return found

    def equated(self, figure: Printed) -> bool:
        """Whether a rule that compares by == judged it."""
        return any("==" in f.formula.rpartition(" 则 ")[2] and f.outcome in ("pass", "fail", "doubtful") for f in self.uses(figure))

    def uses(self, figure: Printed) -> list[Finding]:
        """Verdicts on the intact report that have the figure among their operands."""
        raws = {figure.raw.strip(), *(a.raw.strip() for a in self.read_as(figure))}
        found = [(f, o) for raw in raws for f, o in self.judged.get((figure.line, raw), ())]
        columns = {column for _, column, _ in figure.bound}
        return [f for f, operand in found if not columns or operand.rpartition(".")[2] in columns]

    def read_as(self, figure: Printed) -> list[Amount]:
        """The amounts it was read as."""
        if figure.at[0] >= 0:
            return [self.bench.report.prose.sentences[figure.at[0]].figures[figure.at[1]].amount]
        return [a for b, c, k in figure.bound if (a := cell_of(self.bench.report.records["自评表"], b, c, k)) is not None]

    def _elsewhere(self, figure: Printed) -> bool:
        if figure.kind != AMOUNT or len(str(int(figure.value * 10**figure.decimals)).strip("0")) < _DIGITS:
            return False
        cents = _cents(figure)
        return bool(self.cells[cents]) or self.money[cents] > 1

    def _computed(self, figure: Printed) -> bool:
        if not figure.value and figure.kind != SHARE:
            return False
        near = self.near[figure.piece, figure.start]
        amounts = [Fraction(_cents(f)) for f in near if f.kind == AMOUNT and f.value]
        if figure.kind == SHARE:
            return _is_rate(figure.value, figure.decimals, amounts, self.totals)
        if figure.kind == AMOUNT:
            own = Fraction(_cents(figure))
            rest = [a for f in near if not _same(f, figure) and f.kind == AMOUNT and f.value for a in (Fraction(_cents(f)),)]
            rates = [(f.value, f.decimals) for f in near if f.kind == SHARE]
            return _is_sum(own, figure, near) or any(_makes_rate(own, value, places, rest) for value, places in rates)
        if figure.bound:
            return any(place in self.sums for place in figure.bound)
        return figure.kind != SCORES and _is_sum(figure.value, figure, near)


def _near(bench: Bench) -> dict[tuple[Piece, int], list[Printed]]:
    """The figures of the sentence and the one before it, or of the row of a form and those beside it."""
    by_sentence: defaultdict[int, list[Printed]] = defaultdict(list)
    by_row: defaultdict[tuple[int, int], list[Printed]] = defaultdict(list)
    for f in bench.prose:
        by_sentence[f.at[0]].append(f)
    for f in bench.forms:
        by_row[f.piece.other, f.piece.row].append(f)
    sentences = bench.report.prose.sentences
    near = {}
    for f in bench.prose:
        before = f.at[0] - 1
        joined = before >= 0 and sentences[before].paragraph == sentences[f.at[0]].paragraph
        near[f.piece, f.start] = [*(by_sentence[before] if joined else ()), *by_sentence[f.at[0]]]
    for f in bench.forms:
        near[f.piece, f.start] = by_row[f.piece.other, f.piece.row]
    return near


def _same(one: Printed, other: Printed) -> bool:
    return one.piece == other.piece and one.start == other.start


def _cents(figure: Printed) -> int:
    return int(figure.value * UNITS[figure.unit])


def _amounts(table: Table) -> Iterable[Amount]:
    return (a for block in table.blocks.values() for column in block.columns.values() for a in column)


def _totals(report: Report) -> list[Fraction]:
    """Totals of the standard tables: what shares are often of."""
    found = {
        Fraction(column[n].value or 0)
        for table in report.tables.values()
        for block in table.blocks.values()
        for column in block.columns.values()
        for n, row in enumerate(block.rows)
        if row.role in ("合计", "总计", "小计")
    }
    return sorted(found - {Fraction(0)})


def _is_rate(value: Fraction, decimals: int, amounts: Sequence[Fraction], totals: Sequence[Fraction]) -> bool:
    """Whether a percentage is a share, a completion or a growth of amounts near it, to what it prints."""
    wholes = [*amounts, *(totals if decimals >= 2 else ())]
    if not value:
        return any(a == b for n, a in enumerate(amounts) for b in amounts[n + 1 :])
    half = Fraction(6, 10 ** (decimals + 1))
    for n, a in enumerate(amounts):
        for m, b in enumerate(wholes):
            if n == m or not b:
                continue
            if any(abs(value - p) <= half for p in (_HUNDRED * a / b, *([_HUNDRED * abs(a - b) / b] if m < len(amounts) else []))):
                return True
            if m < len(amounts) and any(base > 0 and abs(value - _HUNDRED * a / base) <= half for base in (b - a, b + a)):
                return True
    return False


def _makes_rate(own: Fraction, value: Fraction, decimals: int, rest: Sequence[Fraction]) -> bool:
    half = Fraction(6, 10 ** (decimals + 1))
    for other in rest:
        pairs = [
            (own, other),
            (other, own),
            (own, other - own),
            (own, other + own),
            (other, own - other),
            (other, own + other),
            (own - other, other),
            (other - own, own),
        ]
        if any(base > 0 and value > 0 and abs(value - _HUNDRED * part / base) <= half for part, base in pairs):
            return True
    return False


def _is_sum(own: Fraction, figure: Printed, near: Sequence[Printed]) -> bool:
    """Whether it is the sum of figures in a row, or one of those that make up another, or a difference of two."""
    values = [
        (_same(f, figure), Fraction(_cents(f)) if f.kind == AMOUNT else f.value)
        for f in near
        if f.kind == figure.kind and (f.kind == AMOUNT or f.unit == figure.unit) and f.value
    ]
    off = 3 * UNITS[figure.unit] // 100 if figure.kind == AMOUNT and figure.unit == "万元" else 0
    numbers = [v for _, v in values]
    for total_at, (is_total, total) in enumerate(values):
        for first in range(len(values)):
            added, mine = Fraction(0), is_total
            for last in range(first, len(values)):
                if last == total_at:
                    break
                added += numbers[last]
                mine = mine or values[last][0]
                if last > first and mine and abs(added - total) <= off:
                    return True
    return False


def _form_sums(report: Report) -> set[tuple[str, str, str]]:
    """Cells of forms that take part in a sum that is right as printed: 得分 to a total, 分值 to 100 or what it leaves."""
    table = report.records.get("自评表")
    if table is None:
        return set()
    found: set[tuple[str, str, str]] = set()
    for row in table.blocks[""].rows:
        head = {
            name: amounts
            for name in ("指标得分小计", "总分", "执行率得分", "执行率分值", "指标分值小计", "减分")
            if (amounts := cell_of(table, "", name, row.key)) is not None and amounts.value is not None
        }
        values = {name: Fraction(a.value or 0) for name, a in head.items()}
        parts = {(b, c): _children(table, b, c, row.key) for b in ("指标", "任务") for c in ("得分", "分值")}
        scores = sum((v for _, v in parts["指标", "得分"]), Fraction(0))
        tasks = sum((v for _, v in parts["任务", "得分"]), Fraction(0))
        sums = {
            values.get("指标得分小计", Fraction(-1)),
            values.get("总分", Fraction(-1)),
            values.get("总分", Fraction(-1)) - values.get("执行率得分", Fraction(0)) + values.get("减分", Fraction(0)),
        }
        if scores and any(abs(s - scores) <= Fraction(1, 20) for s in sums):
            found |= {("指标", "得分", key) for key, _ in parts["指标", "得分"]} | {("", name, row.key) for name in ("指标得分小计", "总分", "执行率得分")}
        if scores + tasks and abs(values.get("总分", Fraction(-1)) - scores - tasks) <= Fraction(1, 20):
            found |= {(b, "得分", key) for b in ("指标", "任务") for key, _ in parts[b, "得分"]} | {("", "总分", row.key)}
        if (
            "总分" in values
            and "指标得分小计" in values
            and abs(values["总分"] - values["指标得分小计"] - values.get("执行率得分", Fraction(0)) + values.get("减分", Fraction(0))) <= Fraction(1, 20)
        ):
            found |= {("", name, row.key) for name in ("指标得分小计", "总分", "执行率得分", "减分")}
        weights = sum((v for _, v in parts["指标", "分值"]), Fraction(0))
        whole = weights + sum((v for _, v in parts["任务", "分值"]), Fraction(0))
        if weights and any(abs(w - 100) <= Fraction(1, 20) for w in (whole, whole + values.get("执行率分值", Fraction(10)))):
            found |= {(b, "分值", key) for b in ("指标", "任务") for key, _ in parts[b, "分值"]} | {("", "执行率分值", row.key)}
    return found


def _children(table: Table, block: str, column: str, parent: str) -> list[tuple[str, Fraction]]:
    data = table.blocks[block]
    amounts = data.columns.get(column, ())
    return [(row.key, Fraction(a.value)) for row, a in zip(data.rows, amounts, strict=False) if row.parent == parent and a.value is not None]


def cell_of(table: Table, block: str, column: str, key: str) -> Amount | None:
    """One amount of a record set, None where it has no such row or column."""
    data = table.blocks[block]
    return next((a for row, a in zip(data.rows, data.columns.get(column, ()), strict=False) if row.key == key), None)


def _judged(findings: Sequence[Finding]) -> dict[tuple[int, str], list[tuple[Finding, str]]]:
    """Findings, and the names of operands, by the places and texts of their operands."""
    found: defaultdict[tuple[int, str], list[tuple[Finding, str]]] = defaultdict(list)
    for finding in findings:
        for operand in finding.operands or ():
            found[operand.place.line or operand.place.page or 0, operand.raw.strip()].append((finding, operand.name))
    return dict(found)
