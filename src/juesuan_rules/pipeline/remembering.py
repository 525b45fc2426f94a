"""What checking rules gave, kept between runs: after one change, one rule is checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.memory import Memory, RuleOutcome, content_of
from juesuan_rules.language.model import CheckResult, RuleText
from juesuan_rules.language.packing import pack_rule, unpack_rule
from juesuan_rules.language.places import TextProblem
from juesuan_rules.pipeline.cache import Cache, digest
from juesuan_rules.pipeline.state import program_fingerprint

_FORMAT = 1
KIND = "checks"


class StoredMemory(Memory):
    """A memory that begins with what an earlier run under the same layout and program kept."""

    def __init__(self, cache: Cache, layout: Layout, where: str, program: str = "") -> None:
        super().__init__()
        self._cache, self._layout = cache, layout.digest
        self._key = digest(program or program_fingerprint(), layout.digest, where)
        stored = cache.get(KIND, self._key)
        sound = isinstance(stored, tuple) and len(stored) == 2 and stored[0] == _FORMAT and isinstance(stored[1], dict)
        self._stored: dict[Any, Any] = stored[1] if sound else {}
        self._new = False

    def get(self, rule: RuleText, layout: str) -> RuleOutcome | None:
        """What is known of a rule, from this run or an earlier one."""
        known = super().get(rule, layout)
        if known is not None or layout != self._layout:
            return known
        packed = self._stored.get(content_of(rule))
        if packed is None:
            return None
        try:
            outcome = _unpacked(packed)
        except (TypeError, ValueError, IndexError):
            return None
        super().put(rule, layout, outcome)
        return outcome

    def put(self, rule: RuleText, layout: str, outcome: RuleOutcome) -> None:
        """Remember what checking gave."""
        super().put(rule, layout, outcome)
        self._new = True

    def save(self, rules: Iterable[RuleText]) -> None:
        """Keep what is known of these rules for the next run."""
        if not self._new:
            return
        known = {content_of(rule): outcome for rule in rules if (outcome := super(StoredMemory, self).get(rule, self._layout)) is not None}
        self._cache.put(KIND, self._key, (_FORMAT, {content: _packed(outcome) for content, outcome in known.items()}))


def check_remembered(rules: Sequence[RuleText], layout: Layout, cache: Cache, where: Path | str, program: str = "") -> CheckResult:
    """As `check_rules`, but what an earlier run of the pack or file `where` checked is not checked again.

    program: its fingerprint, where that is known already.
    """
    if cache.folder is None:
        return check_rules(rules, layout)
    memory = StoredMemory(cache, layout, str(where), program)
    result = check_rules(rules, layout, memory)
    memory.save(rules)
    return result


def _packed(outcome: RuleOutcome) -> tuple[Any, ...]:
    problems = tuple([(number, p.code, p.message, p.start, p.end, p.hint) for number, p in outcome.problems])
    return pack_rule(outcome.checked) if outcome.checked is not None else None, problems, outcome.same


def _unpacked(packed: tuple[Any, ...]) -> RuleOutcome:
    checked, problems, same = packed
    return RuleOutcome(unpack_rule(checked) if checked is not None else None, tuple([(number, TextProblem(*rest)) for number, *rest in problems]), same)
