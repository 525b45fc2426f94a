"""An expression tried on a report: what it comes to, or what is wrong with it."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.engine.trying import MOST_ROWS, Tried, try_value
from juesuan_rules.findings import Finding
from juesuan_rules.language.single import check_single
from juesuan_rules.reports.model import Report


class Trial(msgspec.Struct, frozen=True):
    """One expression on one report: values or, for a condition, findings; neither where it has errors.

    cut: more values than are listed.
    """

    text: str
    values: tuple[Tried, ...] = ()
    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    cut: bool = False

    @property
    def sound(self) -> bool:
        """Whether the expression could be judged at all."""
        return not any(d.is_error for d in self.diagnostics)


def try_expression(text: str, report: Report, prior: Report | None = None, units: tuple[Report, ...] = (), table: str | None = None) -> Trial:
    """Check one expression against the report's layout and work it out. table: the table it may leave unnamed."""
    single = check_single(text.strip(), report.layout, table)
    problems = tuple([replace(d, span=replace(d.span, file=d.span.file or "表达式")) for d in single.diagnostics])
    if single.form is not None:
        values = try_value(single.form, report, prior, units)
        return Trial(text, values, diagnostics=problems, cut=len(values) >= MOST_ROWS)
    if single.rule is None:
        return Trial(text, diagnostics=problems)
    findings, _ = explain(run(prepare((single.rule,)), report, prior, units), True)
    return Trial(text, (), findings[:MOST_ROWS], problems, len(findings) > MOST_ROWS)
