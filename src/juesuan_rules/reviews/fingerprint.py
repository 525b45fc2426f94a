"""The name of a finding that stays: from the rule, the check, the unit, the year and the place by name.

No value, printed figure, page, line or order goes into it, so that it is the same when the report is read from another
file format, when figures change and when rows are added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

from msgspec.structs import replace

from juesuan_rules.findings import Finding
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import ReportResult

LENGTH = 16
"""Hexadecimal digits of a fingerprint."""
_CODED = re.compile(r"(\d{3,7}) [^·]*?(?= · |$)")
_SEPARATOR = "\x1f"


def fingerprints(report: ReportResult) -> ReportResult:
    """The report with every finding's fingerprint filled; no two findings share one."""
    return replace(report, findings=fingerprint_findings(report.findings, report.identity)) if report.findings else report


def fingerprint_findings(findings: Sequence[Finding], identity: Identity) -> tuple[Finding, ...]:
    """As `fingerprints`, of findings alone."""
    whose = (fold(identity.unit_name or ""), str(identity.year or ""))
    several = _several_formulas(findings)
    named = [_SEPARATOR.join((*whose, *_place(finding, several))) for finding in findings]
    for distinguish in (_whole_key, _reason):
        _tell_apart(named, findings, distinguish)
    _count(named)
    return tuple([replace(finding, fingerprint=_digest(name)) for finding, name in zip(findings, named, strict=True)])


def place_text(finding: Finding) -> str:
    """The place of a finding by name, for people: its key with what that belongs to."""
    return " ".join(filter(None, (finding.about.replace("/", " · "), finding.key))) or finding.check or finding.title


def _place(finding: Finding, several: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    # The name beside a code may be misprinted, or mended; the code is the place.
    key = _folded(_CODED.sub(r"\1", finding.key)) if finding.key else ""
    formula = _folded(finding.formula) if (finding.rule, finding.check) in several else ""
    return finding.rule, _folded(finding.check), key, _folded(finding.about), formula


def _several_formulas(findings: Sequence[Finding]) -> frozenset[tuple[str, str]]:
    """Rules (and titles) with several checks that nothing but the formula tells apart.

    Every check of a rule has a verdict in every report, so that this does not depend on what a report holds.
    """
    first: dict[tuple[str, str], str] = {}
    return frozenset([(f.rule, f.check) for f in findings if first.setdefault((f.rule, f.check), f.formula) != f.formula])


def _tell_apart(named: list[str], findings: Sequence[Finding], distinguish: Callable[[Finding], str]) -> None:
    """Add to names that are not the only one of their kind."""
    seen: dict[str, int] = {}
    for name in named:
        seen[name] = seen.get(name, 0) + 1
    if len(seen) < len(named):
        named[:] = [name if seen[name] == 1 else name + _SEPARATOR + distinguish(f) for name, f in zip(named, findings, strict=True)]


def _whole_key(finding: Finding) -> str:
    return _folded(finding.key)


def _reason(finding: Finding) -> str:
    """Of verdicts on the same place, the one for which something lacks goes by what lacks."""
    return _folded(finding.cause or "") if finding.outcome == "undecided" else ""


def _count(named: list[str]) -> None:
    """The last resort: the second, third … of equals."""
    seen: dict[str, int] = {}
    for at, name in enumerate(named):
        seen[name] = number = seen.get(name, 0) + 1
        if number > 1:
            named[at] = f"{name}{_SEPARATOR}#{number}"


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return fold(text) if text else ""


def _digest(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=LENGTH // 2).hexdigest()
