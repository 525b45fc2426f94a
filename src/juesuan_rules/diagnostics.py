"""Spans and messages: how every problem in a file a person wrote is told to that person.

A problem in user data is a value (`Diagnostic`); an exception of the `JuesuanError` family means
"cannot go on" and becomes an exit code in one place (`commands`).
"""

from __future__ import annotations

from enum import IntEnum

import msgspec


class ExitCode(IntEnum):
    """Process exit codes, as documented for users; with several, `worst` decides."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    RULES_BROKEN = 3
    UNREADABLE = 4
    NOTHING_JUDGED = 5

    @classmethod
    def worst(cls, codes: list[ExitCode]) -> ExitCode:
        """The code that wins when several apply: 2, 3, 4, 5, 1, then 0."""
        for code in (cls.USAGE, cls.RULES_BROKEN, cls.UNREADABLE, cls.NOTHING_JUDGED, cls.FINDINGS):
            if code in codes:
                return code
        return cls.CLEAN


class Span(msgspec.Struct, frozen=True):
    """A place in a text a person wrote: 1-based lines and columns, in characters; end exclusive."""

    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Diagnostic(msgspec.Struct, frozen=True):
    """One problem in a rule file, pack or input: what, where, what to do.

    `code` is stable and language-free (`E` errors, `W` warnings): E1xx syntax, E2xx names and
    addresses, E3xx types and units, E4xx pack files, E5xx documents, E6xx archives, sources and locks, W… the same hundreds.
    """

    code: str
    message: str
    span: Span = Span()
    hint: str = ""
    source_line: str = ""

    @property
    def is_error(self) -> bool:
        """True for an error, False for a warning."""
        return self.code.startswith("E")


class JuesuanError(Exception):
    """Cannot go on. Carries the diagnostics to print and the exit code that results."""

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.diagnostics = diagnostics


class UsageError(JuesuanError):
    """The command line or the configuration is wrong (exit code 2)."""

    exit_code = ExitCode.USAGE


class RulesError(JuesuanError):
    """A rule pack is broken (exit code 3)."""

    exit_code = ExitCode.RULES_BROKEN


class DocumentError(JuesuanError):
    """A document could not be read (exit code 4)."""

    exit_code = ExitCode.UNREADABLE


def render(diagnostic: Diagnostic, level: str = "") -> str:
    """The diagnostic as text with the source line and a caret placed by display width.

    level: how grave it is, where its code does not say so (lint).
    """
    from wcwidth import wcswidth

    span = diagnostic.span
    place = span.file
    if span.line:
        place += f":{span.line}:{span.column}"
    kind = level or ("错误" if diagnostic.is_error else "警告")
    head = f"{place}: {kind} {diagnostic.code} {diagnostic.message}" if place else f"{kind} {diagnostic.code} {diagnostic.message}"
    lines = [head]
    if diagnostic.source_line and span.column:
        text = diagnostic.source_line.rstrip("\n").replace("\t", " ")
        before = text[: span.column - 1]
        end = span.end_column if span.end_line in (0, span.line) and span.end_column > span.column else span.column + 1
        marked = text[span.column - 1 : end - 1] or " "
        lines.append("    " + text)
        lines.append("    " + " " * max(wcswidth(before), 0) + "^" * max(wcswidth(marked), 1))
    if diagnostic.hint:
        lines.append(f"    提示：{diagnostic.hint}")
    return "\n".join(lines)
