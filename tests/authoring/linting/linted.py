"""What tests of lint share: settings of one day, rule files from checks, findings by code."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from juesuan_rules.authoring.linting.model import Finding
from juesuan_rules.authoring.linting.run import LintReport
from juesuan_rules.authoring.linting.work import Settings

SETTINGS = Settings(datetime.date(2026, 11, 20))

Lint = Callable[..., LintReport]
Write = Callable[[dict[str, str]], Path]


def rules(*entries: str | tuple[str, str], more: str = "") -> str:
    """A rule file: checks, numbered A01-1, A01-2 …; or pairs of id and check."""
    lines = ["language: 1", "rules:"]
    for number, entry in enumerate(entries, 1):
        rule, check = entry if isinstance(entry, tuple) else (f"A01-{number}", entry)
        lines += [f"  - id: {rule}", f"    title: 总表：第 {number} 条，收入与支出相符", f"    check: '{check}'", "    basis: [{文号: 预算法, 核验: 2026-11-01}]"]
        lines += [f"    {line}" for line in more.splitlines()]
    return "\n".join(lines) + "\n"


def of(report: LintReport, *codes: str) -> list[Finding]:
    """The findings of some codes."""
    return [finding for finding in report.findings if finding.code in codes]


def codes(findings: Sequence[Finding]) -> list[str]:
    """Their codes, in order."""
    return [finding.code for finding in findings]
