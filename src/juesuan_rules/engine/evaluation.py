"""What a run gives, compactly: arrays of outcomes, and details only where something is to be said.

A passing row costs one byte here; `Verdict` objects are made when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.judge import judge
from juesuan_rules.findings import Operand, Outcome, Severity

if TYPE_CHECKING:
    from juesuan_rules.engine.plan import PlannedCheck

CODES: tuple[Outcome, ...] = ("pass", "not_applicable", "undecided", "doubtful", "fail", "rule_error", "pass")
"""Outcome of a byte in `Part.outcomes`; ROUNDING is a pass that only rounding separates from equality."""
PASS, NOT_APPLICABLE, UNDECIDED, DOUBTFUL, FAIL, RULE_ERROR, ROUNDING = range(7)
CODE_OF: dict[Outcome, int] = {outcome: code for code, outcome in enumerate(CODES[:6])}
PENDING = 255


class Structural(msgspec.Struct, frozen=True):
    """A verdict of a structural built-in: it brings its own sentence.

    severity: instead of the rule's, None where the rule's holds. cause: id of a root cause that other
    verdicts hang on. table: canonical id of the table it is about, or "".
    """

    key: str
    outcome: Outcome
    sentence: str
    reason: str | None = None
    operands: tuple[Operand, ...] = ()
    hints: tuple[str, ...] = ()
    severity: Severity | None = None
    cause: str | None = None
    table: str = ""


Detail = Judgement | Structural


class Part(msgspec.Struct):
    """Verdicts of one check for one column (or none): one byte per row key.

    keys: row keys, or (None,) for a check that is not row-wise. details: by position, for whatever the
    columnar pass did not settle alone.
    """

    check: PlannedCheck
    column: str | None
    keys: tuple[str | None, ...]
    outcomes: bytes
    details: dict[int, Detail] = msgspec.field(default_factory=dict)


class Verdict(msgspec.Struct, frozen=True):
    """One verdict, made on demand: where it stands in the evaluation and what is known of it."""

    part: Part
    position: int

    @property
    def key(self) -> tuple[str | None, str | None]:
        """(row key, column), None on an axis the check does not vary along."""
        return self.part.keys[self.position], self.part.column

    @property
    def outcome(self) -> Outcome:
        """The verdict's outcome."""
        return CODES[self.part.outcomes[self.position]]

    @property
    def rounding(self) -> bool:
        """True for a pass that only rounding separates from equality."""
        return self.part.outcomes[self.position] == ROUNDING


class Evaluation(msgspec.Struct):
    """All verdicts of one run over one report, in rule order."""

    parts: list[Part]
    books: Books

    def verdicts(self) -> Iterator[Verdict]:
        """Every verdict, in rule order, then column, then printed row order."""
        for part in self.parts:
            for position in range(len(part.keys)):
                yield Verdict(part, position)

    def detail(self, verdict: Verdict) -> Detail:
        """Everything known of a verdict; what the columnar pass settled is judged again, in full."""
        known = verdict.part.details.get(verdict.position)
        if known is None:
            known = verdict.part.details[verdict.position] = judge(verdict.part.check.body, verdict.key, self.books)
        return known

    def counts(self) -> dict[str, int]:
        """Verdicts by outcome, and `rounding`: passes that only rounding separates."""
        total = [0] * len(CODES)
        for part in self.parts:
            for code in set(part.outcomes):
                total[code] += part.outcomes.count(code)
        rest = {"doubtful": DOUBTFUL, "fail": FAIL, "undecided": UNDECIDED, "not_applicable": NOT_APPLICABLE, "rule_error": RULE_ERROR}
        return {"pass": total[PASS] + total[ROUNDING], "rounding": total[ROUNDING], **{name: total[code] for name, code in rest.items()}}
