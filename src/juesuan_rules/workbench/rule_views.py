"""What the pages about rules show, as plain records that cross from the worker process."""

from __future__ import annotations

import msgspec

from juesuan_rules.outputs.web.views import FindingView


class ProblemView(msgspec.Struct, frozen=True):
    """A problem of a text. line, column: from 1, in characters; 0 where it is about no place in the text. start, end: offsets
    as a browser counts them. repairs: (what it does, start, end, text) for each edit that would mend it."""

    code: str
    level: str
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    start: int = 0
    end: int = 0
    repairs: tuple[tuple[str, int, int, str], ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether the text cannot be used with it."""
        return self.level == "错误"


class WordsView(msgspec.Struct, frozen=True):
    """A rule in words: what must hold, when, which cells it reads, how exact it is."""

    meaning: tuple[str, ...] = ()
    condition: str = ""
    reads: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()


class CheckView(msgspec.Struct, frozen=True):
    """What checking a text found, and what the rule says where it is sound."""

    problems: tuple[ProblemView, ...] = ()
    words: WordsView | None = None

    @property
    def sound(self) -> bool:
        """Whether there is no error."""
        return not any(one.is_error for one in self.problems)


class CompletionView(msgspec.Struct, frozen=True):
    """Something that may stand at the cursor. start, end: what it replaces, as a browser counts."""

    label: str
    detail: str
    text: str
    start: int
    end: int


class RuleLine(msgspec.Struct, frozen=True):
    """A rule in the list. counts: (outcome, in Chinese, how many) in this report, worst first. origin: the pack that wrote it."""

    id: str
    title: str
    severity: str
    family: str
    origin: str
    changed_by: str
    outcome: str
    counts: tuple[tuple[str, str, int], ...]


class ListView(msgspec.Struct, frozen=True):
    """Every rule in force for a report. pack: the one that judged it; families: names by letters."""

    pack: str
    version: str
    rules: tuple[RuleLine, ...]
    families: dict[str, str]


class LayerView(msgspec.Struct, frozen=True):
    """What one pack did to a rule."""

    pack: str
    version: str
    action: str
    in_force: bool
    years: str
    where: str
    changes: tuple[tuple[str, str], ...]
    reason: str
    basis: tuple[str, ...]


class PageView(msgspec.Struct, frozen=True):
    """A rule's page. checks: (title, severity, expression). document: its page of the handbook as text, "" without one."""

    id: str
    title: str
    severity: str
    origin: str
    changed_by: str
    checks: tuple[tuple[str, str, str], ...]
    when: str
    words: WordsView
    basis: tuple[tuple[str, bool], ...]
    layers: tuple[LayerView, ...]
    findings: tuple[FindingView, ...]
    left: int
    counts: tuple[tuple[str, str, int], ...]
    cases: str = ""
    document: str = ""
    source: str = ""


class TrialView(msgspec.Struct, frozen=True):
    """A rule tried on one report. before: counts of the rule as it is in force; None where it is not. note: why nothing was
    judged, or "". left: findings that are not listed."""

    check: CheckView
    counts: tuple[tuple[str, str, int], ...] = ()
    before: tuple[tuple[str, str, int], ...] | None = None
    findings: tuple[FindingView, ...] = ()
    left: int = 0
    note: str = ""


class ChangeView(msgspec.Struct, frozen=True):
    """A finding of one report that the rule gives, gives no more, or gives otherwise. kind: 多出 消失 变化."""

    kind: str
    key: str
    before: str
    after: str
    text: str


class ReportTrial(msgspec.Struct, frozen=True):
    """What the rule does to one report of a run. skipped: why it was not tried, or ""."""

    changes: tuple[ChangeView, ...] = ()
    counts: tuple[tuple[str, str, int], ...] = ()
    skipped: str = ""
