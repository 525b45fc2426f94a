"""What a run gives: one record per report, one for the run; every output is made from these.

They sit between `pipeline`, which fills them, and `renderings`, which show them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.documents.model import NOWHERE, Place, Source
from juesuan_rules.findings import WORST_FIRST, Cause, Decision, Finding, Outcome, Severity, Waiver
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


DecisionUseStatus = Literal["stands", "unmended", "recheck", "confirmed", "gone", "undecided", "absent", "elsewhere"]
"""stands: the finding is there as it was decided on. unmended: said to be put right (已整改), yet there with the same
figures. recheck: there with other figures. confirmed: said to be put right, and the check holds now. gone: the check
holds now. undecided: it cannot be judged now. absent: the result has no such check any more (the row, the rule).
elsewhere: no report of the run is of its unit and year."""


class DecisionUse(msgspec.Struct, frozen=True):
    """A decision and what became of its finding. place: by name, as the file has it. detail: what to know, one
    sentence or ""."""

    status: DecisionUseStatus
    fingerprint: str
    rule: str
    unit: str
    year: int | None
    place: str
    decision: Decision
    detail: str = ""


ChangeKind = Literal["new", "changed", "unchanged", "fixed", "waived", "unclear"]
"""Against an earlier result, new: a finding it does not have (or has as waived). changed: it has, with other figures or
another outcome. unchanged. fixed: it has, and the check holds now. waived: it has, and it is waived now. unclear: it has,
and the check cannot be judged now, or there is none any more."""


class Change(msgspec.Struct, frozen=True):
    """One finding against the earlier result. sentence: of the finding as it is, of one that is gone as it was. detail:
    what changed, or why it cannot be told; "" where there is nothing to say."""

    kind: ChangeKind
    fingerprint: str
    rule: str
    title: str
    outcome: Outcome
    severity: Severity
    place: str
    sentence: str = ""
    detail: str = ""


class ReportChanges(msgspec.Struct, frozen=True):
    """A report against the earlier result of the same unit and year. known: whether there is one. notes: packs that are
    others since, pages not read."""

    path: str
    unit: str
    year: int | None
    changes: tuple[Change, ...] = ()
    known: bool = True
    notes: tuple[str, ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """A run against an earlier result. digest: "sha256:…" of its file; time: of that run. reports: parallel to
    the run's. missing: (unit, year, findings) of earlier reports that are not in this run."""

    path: str
    digest: str
    time: str
    reports: tuple[ReportChanges, ...] = ()
    missing: tuple[tuple[str, int | None, int], ...] = ()

    def counts(self) -> dict[str, int]:
        """How many changes there are of each kind."""
        counts: dict[str, int] = {"new": 0, "changed": 0, "unchanged": 0, "fixed": 0, "waived": 0, "unclear": 0}
        for report in self.reports:
            for change in report.changes:
                counts[change.kind] += 1
        return counts


class ReportResult(msgspec.Struct, frozen=True):
    """One report and what was found in it.

    packs: the chain used, national first. chosen: why this pack, one sentence. findings: every
    verdict. problems: what reading could not settle. message: why nothing was judged, or "".
    parts: the files it was put together from, where it was more than one. unread: what could not be
    read at all. corrections: what people put right. records: record sets of the prose and the forms that
    hold anything. figures: (read, printed) in the 情况说明. companions: last year's report and the units'.
    waivers: those for this report's unit and year, and what became of each. decisions: likewise.
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
    decisions: tuple[DecisionUse, ...] = ()

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
    (YYYY-MM-DD), "" for that of the run. decisions, decisions_elsewhere: as for waivers. baseline: the run against an
    earlier result, where one was given.
    """

    reports: tuple[ReportResult, ...]
    failures: tuple[Failure, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()
    corrections: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    waivers_elsewhere: tuple[WaiverUse, ...] = ()
    as_of: str = ""
    decisions: tuple[str, ...] = ()
    decisions_elsewhere: tuple[DecisionUse, ...] = ()
    baseline: Comparison | None = None


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
