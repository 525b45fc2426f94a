"""What the rules notice of a changed figure, and why not."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from changes import changes
from contradicting import RULE, Oracle, cell_of
from judging import BAD, FORMS, Bench, mark
from juesuan_rules.findings import Finding
from juesuan_rules.reports.model import Report
from printed import Printed, kind_of, number

NOTICED, UNNAMED, KNOWN, MISSED = "发现", "发现但未列出该数", "原已不符", "漏"
_SHORT = 2
_LEAST = Fraction(5, 100)
"""A score that a shortfall would lower by no more than this does not contradict it."""
FULL = "得满分的指标没有完成"
NOT_USED = "改后没有规则用到"


@dataclass(frozen=True)
class Told:
    """What one change led to. result: one of the above. rules: of the new findings that name the figure. why: of a miss.

    counts: whether something in the report contradicts the new number.
    """

    change: str
    new: str
    result: str
    rules: tuple[str, ...] = ()
    why: str = ""
    counts: bool = True


@dataclass(frozen=True)
class Answer:
    """A figure with what contradicts it and what became of each change."""

    figure: Printed
    reasons: list[str]
    told: list[Told] = field(default_factory=list)
    use: str = ""

    @property
    def counts(self) -> bool:
        """Whether something contradicts a wrong number in its place."""
        return any(t.counts for t in self.told)


def answer(bench: Bench, oracle: Oracle, figure: Printed) -> Answer:
    """Change one figure in every way, each on its own."""
    others = bench.prose if figure.at[0] >= 0 else bench.forms
    ways = changes(figure, others) if figure.end > figure.start else {}
    reports = {new: bench.changed(figure, new) for new in [*ways.values()][:1]}
    if figure.bound and reports:
        figure = _bound(bench, figure, next(iter(reports.values())))
    found = Answer(figure, oracle.reasons(figure), use=_use(bench, oracle, figure))
    for name, new in ways.items():
        report = reports.get(new) or bench.changed(figure, new)
        told = _tell(bench, figure, name, new, report)
        if told.result == MISSED:
            told = _why(bench, figure, told, report, found.use)
        found.told.append(told)
    if found.reasons == [RULE] and found.told and all(t.why == NOT_USED for t in found.told):
        found.reasons.clear()  # another figure so printed in the same line is what the rule used
    if not found.reasons:
        _count_each(bench, found)
    return found


def _count_each(bench: Bench, found: Answer) -> None:
    """Where no other figure contradicts it, a single change may: what is noticed, what breaks a full score."""
    for n, told in enumerate(found.told):
        broken = _unfulfilled(bench, found.figure, told)
        if broken and FULL not in found.reasons:
            found.reasons.append(FULL)
        found.told[n] = dataclasses.replace(told, counts=broken or told.result in (NOTICED, KNOWN))


def _bound(bench: Bench, figure: Printed, report: Report) -> Printed:
    """With the cells of the record set that a change of it changes: several are printed alike in a row."""
    before, after = bench.report.records[FORMS], report.records[FORMS]
    cells = tuple(
        [place for place in figure.bound if (old := cell_of(before, *place)) != (new := cell_of(after, *place)) and old is not None and new is not None]
    )
    units = {a.unit for place in cells if (a := cell_of(before, *place)) is not None}
    unit = next(iter(units)) if len(units) == 1 else figure.unit
    return dataclasses.replace(figure, bound=cells, unit=unit, kind=kind_of(unit), read=bool(cells))


def _tell(bench: Bench, figure: Printed, name: str, new: str, report: Report) -> Told:
    bad = [f for f in bench.judge(report, bench.reached(report)) if f.outcome in BAD]
    fresh = [f for f in bad if mark(f) not in bench.bad]
    naming = [f for f in fresh if _names(f, figure, new)]
    if naming:
        return Told(name, new, NOTICED, _rules(naming))
    if fresh:
        return Told(name, new, UNNAMED, _rules(fresh), (fresh[0].sentence or "")[:120])
    known = [f for f in bad if f.sentence != bench.bad[mark(f)].sentence and _names(f, figure, new)]
    return Told(name, new, KNOWN, _rules(known)) if known else Told(name, new, MISSED)


def _rules(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.rule for f in findings))


def _names(finding: Finding, figure: Printed, new: str) -> bool:
    """Whether the finding shows the changed figure: its digits at its place, or its digits in its words."""
    digits = re.compile(rf"(?<![\d.,]){re.escape(new)}(?![\d,]|\.\d)")
    for operand in finding.operands or ():
        if (operand.place.line or operand.place.page or 0) == figure.line and digits.search(operand.raw):
            return True
    told = finding.sentence or ""
    texts = [told, *(o.raw for o in finding.operands or ()), *(o.quote for o in finding.operands or ())]
    return (len(new) > _SHORT or not finding.operands) and any(digits.search(text) for text in texts)


def _use(bench: Bench, oracle: Oracle, figure: Printed) -> str:
    """What the intact report's rules make of the figure."""
    if not figure.read:
        return "没有读到"
    uses = oracle.uses(figure)
    if not uses:
        return f"读到，没有规则：{_records(bench, oracle, figure)}"
    outcomes = {f.outcome for f in uses}
    if outcomes <= {"undecided", "not_applicable"}:
        return f"规则没有判断：{'、'.join(sorted({f'{f.rule} {f.reason}' for f in uses}))}"
    return f"{'、'.join(dict.fromkeys(f.rule for f in uses if f.outcome not in ('undecided', 'not_applicable')))}"


def _records(bench: Bench, oracle: Oracle, figure: Printed) -> str:
    """The cells of record sets it was read into."""
    if figure.bound:
        return "、".join(sorted({f"{FORMS}.{b or '-'}.{c}" for b, c, _ in figure.bound}))
    amounts = oracle.read_as(figure)
    found = [
        f"{name}[{row.key[:24]}].{column}"
        for name, table in bench.report.records.items()
        for block in table.blocks.values()
        for column, cells in block.columns.items()
        for row, cell in zip(block.rows, cells, strict=True)
        if any(cell.raw == a.raw and cell.place == a.place and cell.value is not None for a in amounts)
    ]
    return "、".join(found[:4]) or "同一事实的又一处"


def _why(bench: Bench, figure: Printed, told: Told, report: Report, use: str) -> Told:
    """A miss with its reason: what the checks that use the figure now say."""
    if figure.at[0] >= 0 and not _reads(report, figure, told.new):
        return dataclasses.replace(told, why="改后读成别的数")
    if use.startswith(("没有读到", "读到", "规则没有判断")):
        return dataclasses.replace(told, why=use.partition("：")[0])
    using = [f for f in bench.judge(report, bench.reached(report), list_all=True) if _shows(f, figure, told.new)]
    if any(f.outcome in BAD for f in using):
        return Told(told.change, told.new, KNOWN, _rules([f for f in using if f.outcome in BAD]))
    passed = [f for f in using if f.outcome == "pass"]
    if passed:
        rounded = [f for f in passed if f.rounding]
        return dataclasses.replace(told, why=f"{'容差之内' if rounded else '规则不因此改变结论'}：{'、'.join(_rules(rounded or passed))}")
    open_ = "、".join(sorted({f"{f.rule} {f.reason or f.outcome}" for f in using}))
    return dataclasses.replace(told, why=f"改后无法判断：{open_}" if using else NOT_USED)


def _shows(finding: Finding, figure: Printed, new: str) -> bool:
    return any(new == o.raw.strip().rstrip("%") and (o.place.line or o.place.page or 0) == figure.line for o in finding.operands or ())


def _reads(report: Report, figure: Printed, new: str) -> bool:
    """Whether the changed document is read with the new number in that sentence."""
    at, n = figure.at
    if at >= len(report.prose.sentences) or n >= len(report.prose.sentences[at].figures):
        return False
    read = report.prose.sentences[at].figures[n].amount
    return (
        read.value is not None and str(number(new)) == str(number(read.repaired or read.raw))
        if any(c.isdigit() for c in (read.repaired or read.raw))
        else False
    )


def _unfulfilled(bench: Bench, figure: Printed, told: Told) -> bool:
    """Whether a changed 指标值 or 完成值 leaves a full score for what is not fulfilled."""
    table = bench.report.records.get(FORMS)
    for block, column, key in figure.bound:
        if table is None or block != "指标" or column not in ("指标值", "完成值"):
            continue
        cell = {name: cell_of(table, block, name, key) for name in ("指标值", "完成值", "分值", "得分", "运算符号", "性质")}
        numbers = {name: a.value for name, a in cell.items() if a is not None and a.value is not None}
        if not {"指标值", "完成值", "分值", "得分"} <= numbers.keys() or numbers["分值"] != numbers["得分"]:
            continue
        target, done = Fraction(numbers["指标值"]), Fraction(numbers["完成值"])
        sign = "".join(a.raw.strip() for name in ("运算符号", "性质") if (a := cell[name]) is not None)
        wanted, reached = (number(told.new), done) if column == "指标值" else (target, number(told.new))
        if _met(target, done, sign) and not _met(wanted, reached, sign):
            low, high = sorted((abs(wanted), abs(reached)))
            return Fraction(numbers["得分"]) * (1 - (low / high if high else 1)) > _LEAST
    return False


def _met(target: Fraction, done: Fraction, sign: str) -> bool:
    if any(word in sign for word in ("≤", "<", "小于", "反向")):
        return done <= target
    return done >= target


@dataclass
class Counted:
    """Figures and changes of one kind."""

    printed: int = 0
    read: int = 0
    contradictable: int = 0
    alone_read: int = 0
    alone_unread: int = 0
    changes: int = 0
    noticed: int = 0
    unnamed: int = 0
    known: int = 0

    @property
    def share(self) -> float:
        """Noticed among the changes of what something contradicts; what was wrong before stays out."""
        return self.noticed / (self.changes - self.known) if self.changes > self.known else 1.0


def count(answers: Sequence[Answer]) -> Counted:
    """The sums over figures of one kind."""
    result = Counted()
    for one in answers:
        result.printed += 1
        result.read += one.figure.read
        if not one.counts:
            result.alone_read += one.figure.read
            result.alone_unread += not one.figure.read
            continue
        result.contradictable += 1
        told = [t for t in one.told if t.counts]
        result.changes += len(told)
        result.noticed += sum(t.result == NOTICED for t in told)
        result.unnamed += sum(t.result == UNNAMED for t in told)
        result.known += sum(t.result == KNOWN for t in told)
    return result
