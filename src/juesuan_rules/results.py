"""What a run gives: one record per report, one for the run; every output is made from these.

They sit between `pipeline`, which fills them, and `renderings`, which show them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.documents.model import NOWHERE, Place, Source
from juesuan_rules.findings import WORST_FIRST, Cause, Finding, Outcome, Waiver
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.reports.model import Correction, Identity, Problem

Status = Literal["judged", "nothing_judged", "not_final_accounts"]
"""judged: at least one check came to a verdict. nothing_judged: none did.
not_final_accounts: the document is of another kind, so no rule was applied to it."""

PRIOR, UNITS = "上年", "所属单位"
"""Scopes of a rule beside the report itself."""

JUDGED: frozenset[Outcome] = frozenset(("pass", "doubtful", "fail"))


class TableSeen(msgspec.Struct, frozen=True):
    """A table that was read: canonical id, printed number and title, how many rows and figures."""

    id: str
    number: str
    title: str
    unit: str
    rows: int
    figures: int
    place: Place = NOWHERE
    notes: tuple[str, ...] = ()


class RoundingLine(msgspec.Struct, frozen=True):
    """Rounding differences of one table: how many checks, and the largest, as text in `unit`."""

    table: str
    count: int
    largest: str
    unit: str


class Companion(msgspec.Struct, frozen=True):
    """A report given beside the one judged. scope: 上年 or 所属单位. used: whether rules read it; note:
    why not, or what to bear in mind. failed: it could not be read at all."""

    scope: str
    source: Source
    identity: Identity
    used: bool = True
    note: str = ""
    failed: bool = False


WaiverStatus = Literal["applied", "exceeded", "expired", "unused", "elsewhere"]
"""applied: verdicts are accepted by it. exceeded: the difference is greater than what it accepts (or cannot be
compared). expired: its last day has passed. unused: the report has no such verdict (any more). elsewhere: no
report of the run is of its unit and year."""


class WaiverUse(msgspec.Struct, frozen=True):
    """A waiver and what became of it in one report; one that covers some verdicts and is too small for others
    is told twice. findings: how many verdicts. detail: what to know, one sentence or ""."""

    status: WaiverStatus
    rule: str
    unit: str
    year: int
    waiver: Waiver
    findings: int = 0
    detail: str = ""


class ReportResult(msgspec.Struct, frozen=True):
    """One report and what was found in it.

    packs: the chain used, national first. chosen: why this pack, one sentence. findings: every
    verdict. problems: what reading could not settle. message: why nothing was judged, or "".
    parts: the files it was put together from, where it was more than one. unread: what could not be
    read at all. corrections: what people put right. records: record sets of the prose and the forms that
    hold anything. figures: (read, printed) in the 情况说明. companions: last year's report and the units'.
    waivers: those for this report's unit and year, and what became of each.
    """

    source: Source
    identity: Identity
    status: Status
    packs: tuple[PackDigest, ...] = ()
    chosen: str = ""
    tables: tuple[TableSeen, ...] = ()
    findings: tuple[Finding, ...] = ()
    causes: tuple[Cause, ...] = ()
    rounding: tuple[RoundingLine, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    message: str = ""
    parts: tuple[Source, ...] = ()
    unread: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    records: tuple[TableSeen, ...] = ()
    figures: tuple[int, int] = (0, 0)
    companions: tuple[Companion, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """Verdicts by outcome, those that are waived apart, and `rounding`: those that passed by a rounding
        difference only."""
        return count_verdicts(self.findings)

    @property
    def rules(self) -> dict[str, Outcome]:
        """Every rule by its id, with its worst verdict that is not waived."""
        return worst_by_rule(self.findings)

    @property
    def waived_rules(self) -> frozenset[str]:
        """Rules that hold but for verdicts that are waived."""
        worst = self.rules
        return frozenset(f.rule for f in self.findings if f.waiver is not None and worst[f.rule] == "pass")


class Failure(msgspec.Struct, frozen=True):
    """A file that gave no result: its path, one message, the exit code it stands for."""

    path: str
    message: str
    exit_code: ExitCode


class RunResult(msgspec.Struct, frozen=True):
    """All reports of one run in a stable order, and the files that failed.

    repeated: paths left out because an earlier file has the same bytes (path, the earlier path).
    corrections: digests of the corrections files used. waivers: digests of the waivers files.
    waivers_elsewhere: waivers that are for none of these reports. as_of: the day waivers were judged on
    (YYYY-MM-DD), "" for that of the run.
    """

    reports: tuple[ReportResult, ...]
    failures: tuple[Failure, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()
    corrections: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    waivers_elsewhere: tuple[WaiverUse, ...] = ()
    as_of: str = ""


def count_verdicts(findings: tuple[Finding, ...]) -> dict[str, int]:
    """Verdicts by outcome in the contract's order, those waived apart, with `rounding` counted besides."""
    counts = {"pass": 0, "rounding": 0, "doubtful": 0, "fail": 0, "undecided": 0, "not_applicable": 0, "rule_error": 0, "waived": 0}
    for finding in findings:
        counts["waived" if finding.waiver is not None else finding.outcome] += 1
        counts["rounding"] += finding.rounding and finding.outcome == "pass"
    return counts


def worst_by_rule(findings: tuple[Finding, ...]) -> dict[str, Outcome]:
    """The worst outcome of every rule, in the order the rules first appear. A waived verdict counts as a pass."""
    rank = {outcome: position for position, outcome in enumerate(WORST_FIRST)}
    worst: dict[str, Outcome] = {}
    for finding in findings:
        outcome: Outcome = "pass" if finding.waiver is not None else finding.outcome
        known = worst.get(finding.rule)
        if known is None or rank[outcome] < rank[known]:
            worst[finding.rule] = outcome
    return worst
