"""Judging an edited text through the real pipeline, and saying what was noticed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from juesuan_rules.engine.explain import explain

from edits import Edit, apply, cells, replace_cell
from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.documents.text import read_text
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import Finding
from juesuan_rules.pipeline.choose import choose_pack
from juesuan_rules.pipeline.load import build_report
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.ready import Wanted, ready_pack
from juesuan_rules.pipeline.state import packs_state
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Report

BAD = ("fail", "doubtful")
Mark = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """What one edit led to. noticed: a new 不符 or 存疑; declared: a new problem or 无法判断 instead.

    shared: how many of the new findings have the changed cell among their operands. suspect: whether the
    suspect is that cell, None where fewer than two share it. miss: why nothing was noticed.
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


class Judge:
    """One report's text with its pack, ready to be edited and judged many times."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        data = path.read_bytes()
        document = read_text(data, path.name)
        self.lines = data.decode(document.source.encoding or "utf-8", "replace").replace("\r\n", "\n").split("\n")
        self.encoding = "utf-8"
        identity = identify(document, None)
        options = Options()
        choice = choose_pack(identity, None, None, options.pack_roots())
        wanted = Wanted(choice.name, choice.version, identity.year, identity.region_code, identity.kind)
        self.pack = ready_pack(wanted, options.pack_roots(), options.open_cache(), packs_state(options))
        self.plan = prepare(self.pack.rules)
        self.report = build_report(document, identity, self.pack.layout)
        self.final_accounts = identity.is_final_accounts
        findings = self.findings(self.report)
        self.bad = {_mark(f) for f in findings if f.outcome in BAD}
        self.open = {_mark(f) for f in findings if f.outcome == "undecided"}
        self.problems = _problems(self.report)
        self.outcomes = Counter(f.outcome for f in findings)

    def read(self, text: str) -> Report:
        """The text as a report, everything done again but the choice of the pack."""
        document = read_text(text.encode(self.encoding), self.name)
        return build_report(document, identify(document, None), self.pack.layout)

    def findings(self, report: Report, list_all: bool = False) -> tuple[Finding, ...]:
        """Every verdict of every rule."""
        return explain(run(self.plan, report), list_all)[0]

    def tell(self, edit: Edit) -> Told:
        """What the edited text leads to."""
        try:
            report, edit = self._placed(edit)
        except JuesuanError:
            return Told(edit.kind, edit.about, declared=True)
        except LookupError:
            return Told(edit.kind, edit.about, miss="改动没有读回原来的格")
        findings = self.findings(report)
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

    def _placed(self, edit: Edit) -> tuple[Report, Edit]:
        """The edited report; for a figure, edited where the reader finds the new text in its cell."""
        figure = edit.figure
        if figure is None:
            return self.read(apply(self.lines, edit)), edit
        line = self.lines[figure.line - 1]
        same = sum(part.strip() == figure.raw for part in line.split("\t"))
        for nth in [figure.nth % same, *(i for i in range(same) if i != figure.nth % same)]:
            text = replace_cell(line, figure.raw, edit.new, nth)
            tried = Edit(edit.kind, edit.about, ((figure.line, text),), figure, edit.new)
            report = self.read(apply(self.lines, tried))
            table = report.tables.get(figure.table)
            here = (figure.block, figure.column, figure.key)
            if table is None or any((b, c, k) == here and a.raw == edit.new for b, c, k, a in cells(table)):
                return report, tried
        raise LookupError(figure)

    def _why(self, edit: Edit, report: Report) -> str:
        """Why a changed figure went unnoticed, from what the checks that use it said."""
        if edit.figure is None:
            return ""
        using = [f for f in self.findings(report, list_all=True) if _uses(f, edit)]
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
    from dataclasses import replace

    figure = edit.figure
    assert figure is not None
    using = [f for f in new if _uses(f, edit)]
    names = {o.name for f in using for o in f.operands or () if o.place.line == figure.line and o.raw == edit.new}
    suspects = Counter(f.suspect for f in using)
    right = bool(suspects) and suspects.most_common(1)[0][0] in names
    return replace(told, shared=len(using), suspect=right if len(using) >= 2 else None)
