"""What linting finds: a place, a code of the table, and where possible the edit that mends it."""

from __future__ import annotations

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span


class Edit(msgspec.Struct, frozen=True):
    """Characters start..end (exclusive) of a file's text, and what shall stand there instead."""

    start: int
    end: int
    text: str


class Finding(msgspec.Struct, frozen=True):
    """One finding. code: of the table in `codes`, or E…, W… of `check`. level: 错误 警告 提示.

    rule: id of the rule it is about, "" for a file as a whole. edits: the safe change that mends it,
    empty where there is none; all in the file of the span. details: further lines, as a witness has.
    """

    code: str
    message: str
    span: Span = Span()
    hint: str = ""
    level: str = "警告"
    rule: str = ""
    edits: tuple[Edit, ...] = ()
    details: tuple[str, ...] = ()

    @property
    def fixable(self) -> bool:
        """Whether there is a safe change."""
        return bool(self.edits)

    def diagnostic(self) -> Diagnostic:
        """The finding as a diagnostic: what editors show."""
        return Diagnostic(self.code, self.message, self.span, self.hint)


def from_check(diagnostic: Diagnostic, rule: str = "") -> Finding:
    """A diagnostic of `check` among the findings."""
    return Finding(diagnostic.code, diagnostic.message, diagnostic.span, diagnostic.hint, "错误" if diagnostic.is_error else "警告", rule)


def by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    """The order findings are shown in."""
    return finding.span.file, finding.span.line, finding.span.column, finding.code, finding.message
