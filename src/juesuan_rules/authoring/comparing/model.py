"""What changed between two versions of a pack."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan_rules.packs.versions import order, parts

Action = Literal["added", "removed", "changed"]
Step = Literal["patch", "minor", "major"]
"""How large a step of the version a change asks for (docs/versioning.zh-CN.md)."""
STEPS: tuple[Step, ...] = ("patch", "minor", "major")


class Change(msgspec.Struct, frozen=True):
    """One change. kind: 规则 版式 事实 表单 词典 清单 文件. name: what changed. details: how, for people.
    years: the year it holds for first, where it does not hold for all ("" for all)."""

    kind: str
    name: str
    action: Action
    step: Step
    details: tuple[str, ...] = ()
    years: str = ""


class VersionSeen(msgspec.Struct, frozen=True):
    """One of the two versions: where it was found, id, version, digest over what verdicts depend on."""

    source: str
    id: str
    version: str
    digest: str


class FindingChange(msgspec.Struct, frozen=True):
    """A finding of one report that the two versions judge differently. kind: gained lost changed. before, after:
    outcomes, "" where the rule did not judge this. text: the newer sentence, or the older where there is none."""

    kind: Literal["gained", "lost", "changed"]
    report: str
    rule: str
    check: str
    key: str
    before: str
    after: str
    text: str = ""


class CorpusChange(msgspec.Struct, frozen=True):
    """What the step does to the results on a folder of reports. skipped: reports that were not compared, and why."""

    reports: int
    findings: tuple[FindingChange, ...]
    skipped: tuple[tuple[str, str], ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """Everything that differs between two versions."""

    old: VersionSeen
    new: VersionSeen
    changes: tuple[Change, ...]
    corpus: CorpusChange | None = None

    @property
    def step(self) -> Step | None:
        """The largest step that a change asks for; None where nothing changed."""
        return max((change.step for change in self.changes), key=STEPS.index, default=None)

    @property
    def least(self) -> str:
        """The smallest version the new content may have."""
        return least_version(self.old.version, self.step)

    @property
    def is_enough(self) -> bool:
        """Whether the new version's number is large enough for what changed."""
        if self.step is None:
            return order(self.new.version) >= order(self.old.version)
        return order(self.new.version) > order(self.old.version) and parts(self.new.version) >= parts(self.least)


def least_version(old: str, step: Step | None) -> str:
    """The version after `old` that a step asks for. Before 1.0.0 everything is one place further right: what would
    be a major step is a minor one, the others are patches."""
    if step is None:
        return old
    major, minor, patch = parts(old)
    if major == 0:
        return f"0.{minor + 1}.0" if step == "major" else f"0.{minor}.{patch + 1}"
    if step == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == "minor" else f"{major}.{minor}.{patch + 1}"
