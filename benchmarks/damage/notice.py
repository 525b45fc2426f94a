"""What the rules notice of an edit: new findings, the cell they name, the causes they are grouped under."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from edits import Edit, apply, replace_cell
from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.findings import Finding
from juesuan_rules.reports.model import Report
from subject import Subject, cells

BAD = ("fail", "doubtful")
Mark = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """What one edit led to.

    noticed: a new 不符 or 存疑. declared: none, but a new problem of reading or a new 无法判断. shared: how many of
    the new findings have the changed cell among their operands. suspect: whether that cell is named as the suspect,
    None where fewer than two share it. causes: groups the new findings fall into. miss: why nothing was noticed.
    """

    kind: str
    about: str
    noticed: bool = False
    declared: bool = False
    shared: int = 0
    suspect: bool | None = None
    causes: int = 0
    new: int = 0
    miss: str = ""
    crashed: int = 0


class Baseline:
    """A report judged intact, to compare with."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.lines = subject.text.split("\n")
        findings, _ = subject.judge(subject.report)
        self.bad = {_mark(f) for f in findings if f.outcome in BAD}
        self.open = {_mark(f) for f in findings if f.outcome == "undecided"}
        self.problems = _problems(subject.report)
        self.outcomes = Counter(f.outcome for f in findings)

    def tell(self, edit: Edit) -> Told:
        """Make the edit, judge the text again, and compare."""
        try:
            report, edit = self._edited(edit)
        except JuesuanError:
            return Told(edit.kind, edit.about, declared=True)
        except LookupError:
            return Told(edit.kind, edit.about, miss="改动没有读回原来的格")
        findings, _ = self.subject.judge(report)
        new = [f for f in findings if f.outcome in BAD and _mark(f) not in self.bad]
        undecided = {_mark(f) for f in findings if f.outcome == "undecided"} - self.open
        told = Told(
            edit.kind,
            edit.about,
            noticed=bool(new),
            declared=bool(undecided or _problems(report) - self.problems or not report.identity.is_final_accounts),
            causes=len({f.cause or id(f) for f in new}),
            new=len(new),
            crashed=sum(f.outcome == "rule_error" for f in findings),
            miss="" if new else self._why(edit, report),
        )
        return told if edit.figure is None else _with_suspect(told, edit, new)

    def _edited(self, edit: Edit) -> tuple[Report, Edit]:
        """The edited report; a figure is edited where the reader finds the new text in its cell."""
        figure = edit.figure
        if figure is None:
            return self.subject.read(apply(self.lines, edit)), edit
        line = self.lines[figure.line - 1]
        same = sum(part.strip() == figure.raw for part in line.split("\t"))
        for nth in [figure.nth % same, *(i for i in range(same) if i != figure.nth % same)]:
            tried = replace(edit, lines=((figure.line, replace_cell(line, figure.raw, edit.new, nth)),))
            report = self.subject.read(apply(self.lines, tried))
            table = report.tables.get(figure.table)
            here = (figure.block, figure.column, figure.key)
            if table is None or any((b, c, k) == here and a.raw == edit.new for b, c, k, a in cells(table)):
                return report, tried
        raise LookupError(figure)

    def _why(self, edit: Edit, report: Report) -> str:
        """Why a changed figure went unnoticed, from what the checks that use it said."""
        if edit.figure is None:
            return ""
        using = [f for f in self.subject.judge(report, list_all=True)[0] if _uses(f, edit)]
        if not using:
            return "没有规则用到这一格"
        if any(_mark(f) in self.bad and f.outcome in BAD for f in using):
            return "用到它的核对原来就不符"
        if any(f.outcome == "pass" for f in using):
            return "在容差之内" if any(f.rounding for f in using) else "规则不因此改变结论"
        return "用到它的核对无法判断：" + "、".join(sorted({f.reason or f.outcome for f in using}))


def _mark(finding: Finding) -> Mark:
    return finding.rule, finding.key, finding.formula


def _problems(report: Report) -> set[tuple[str, str, str]]:
    every = [*report.problems, *(p for table in report.tables.values() for p in table.problems)]
    return {(p.kind, p.table, p.key) for p in every}


def _uses(finding: Finding, edit: Edit) -> bool:
    figure = edit.figure
    assert figure is not None
    return any(o.place.line == figure.line and o.raw == edit.new for o in finding.operands or ())


def _with_suspect(told: Told, edit: Edit, new: list[Finding]) -> Told:
    figure = edit.figure
    assert figure is not None
    using = [f for f in new if _uses(f, edit)]
    names = {o.name for f in using for o in f.operands or () if o.place.line == figure.line and o.raw == edit.new}
    suspects = Counter(f.suspect for f in using)
    right = bool(suspects) and suspects.most_common(1)[0][0] in names
    return replace(told, shared=len(using), suspect=right if len(using) >= 2 else None)
