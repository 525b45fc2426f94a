"""Problems found in one expression, and how they become diagnostics with a place in the file."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span


class TextProblem(msgspec.Struct, frozen=True):
    """One problem in one expression: stable code, message, offsets in its text, what to do."""

    code: str
    message: str
    start: int
    end: int
    hint: str = ""

    @property
    def is_error(self) -> bool:
        """True for an error, False for a warning."""
        return self.code.startswith("E")

    def moved(self, origin: Callable[[int], int]) -> TextProblem:
        """The same problem with its offsets translated."""
        start = origin(self.start)
        return TextProblem(self.code, self.message, start, max(origin(self.end), start), self.hint)


def span_in_text(text: str, start: int, end: int) -> Span:
    """The span of offsets in a text that has no file: line and column in the text itself."""
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    end = max(end, start)
    end_line = text.count("\n", 0, end) + 1
    return Span("", line, column, end_line, end - (text.rfind("\n", 0, end) + 1) + 1)


def to_diagnostic(problem: TextProblem, text: str, locate: Callable[[int, int], Span] | None = None) -> Diagnostic:
    """The diagnostic of a problem. `locate` gives its place in the file; without one (or where it
    knows none) the place is in the text itself, and the text's own line is shown."""
    span = locate(problem.start, problem.end) if locate else Span()
    source_line = ""
    if not span.line:
        span = span_in_text(text, problem.start, problem.end)
        lines = text.split("\n")
        source_line = lines[span.line - 1]
    return Diagnostic(problem.code, problem.message, span, problem.hint, source_line)
