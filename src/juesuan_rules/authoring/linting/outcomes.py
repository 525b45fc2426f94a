"""What checking every rule under every layout in scope gives, done once per rule and kind of layout.

Two layouts are the same to a rule where every name it may use means the same in both. So a rule is
checked again only under a layout that differs in a name its text holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from juesuan_rules.authoring.linting.linear import Normaliser
from juesuan_rules.authoring.linting.meanings import Meanings, stable_digest
from juesuan_rules.authoring.linting.scope import View
from juesuan_rules.authoring.linting.truth import Judge, Verdict
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.language.check import check_rule
from juesuan_rules.language.functions import BUILTINS
from juesuan_rules.language.memory import RuleOutcome, content_of, texts_of
from juesuan_rules.language.model import CheckedCheck, CheckedRule, Form, RuleText
from juesuan_rules.language.packing import pack_rule, unpack_rule
from juesuan_rules.language.places import TextProblem
from juesuan_rules.pipeline.cache import Cache

_CODE = re.compile(r"(?<!\d)(?:\d{3}|\d{5}|\d{7})(?!\d)")
Key = tuple[Any, ...]
_FORMAT = 5


Mark = tuple[str, str, tuple[str, ...]]
"""Of a check: digest of the figures it compares and how, the same with its tolerance, and of each condition it stands under."""


class Known(msgspec.Struct):
    """What is known of one rule under one kind of layout. verdicts, marks: one per check; made on demand.
    idle: whether each condition (its own `when`, then those of its checks) always holds; made with verdicts.
    words: what the rule reads, in words (see `words`). fresh: whether any of this was made in this run.
    """

    outcome: RuleOutcome
    verdicts: tuple[Verdict, ...] | None = None
    idle: tuple[bool, ...] = ()
    marks: tuple[Mark, ...] | None = None
    words: str | None = None
    fresh: bool = False


class Outcomes:
    """Outcomes of rules under the views in scope; kept between runs in `cache`, by content."""

    def __init__(self, views: Sequence[View], cache: Cache | None = None, key: str = "") -> None:
        self._meanings = Meanings([view.layout for view in views])
        self._known: dict[Key, Known] = {}
        self._keys: dict[int, tuple[RuleText, tuple[Any, tuple[str, ...]]]] = {}
        self._quick: dict[tuple[int, str], tuple[RuleText, Known]] = {}
        self._judges: dict[str, Judge] = {}
        self._cache, self._key, self._changed = cache, key, False
        if cache is not None and key:
            self._load()

    def known(self, rule: RuleText, view: View) -> Known:
        """What is known of a rule under a view."""
        mark = (id(rule), view.layout.digest)
        quick = self._quick.get(mark)
        if quick is not None and quick[0] is rule:
            return quick[1]
        key = self._key_of(rule, view.layout)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Known(check_rule(rule, view.names, None))
            self._made(found)
        self._quick[mark] = (rule, found)
        return found

    def outcome(self, rule: RuleText, view: View) -> RuleOutcome:
        """What checking a rule under a view gives."""
        return self.known(rule, view).outcome

    def verdicts(self, rule: RuleText, view: View) -> tuple[Verdict, ...]:
        """What is known of each check of a sound rule before any report; () where it has errors."""
        found = self.known(rule, view)
        if found.verdicts is None:
            checked = found.outcome.checked
            judge = self.judge(view)
            found.verdicts = tuple([judge.check(c.form, _under(checked, c)) for c in checked.checks]) if checked is not None else ()
            conditions = [checked.when, *[c.when for c in checked.checks]] if checked is not None else []
            found.idle = tuple([form is not None and judge.truth(form) is True for form in conditions])
            self._made(found)
        return found.verdicts

    def idle(self, rule: RuleText, view: View) -> tuple[bool, ...]:
        """Whether each condition of a sound rule always holds: its own `when`, then those of its checks."""
        self.verdicts(rule, view)
        return self.known(rule, view).idle

    def marks(self, rule: RuleText, view: View) -> tuple[Mark, ...]:
        """What tells each check of a sound rule from those that do not say the same."""
        found = self.known(rule, view)
        if found.marks is None:
            checked = found.outcome.checked
            normal = self.judge(view).normal
            made = []
            for check in checked.checks if checked is not None else ():
                form = normal.condition(check.form)
                made.append(
                    (stable_digest(without_tolerance(form)), stable_digest(form), tuple([stable_digest(normal.condition(u)) for u in _under(checked, check)]))
                )
            found.marks = tuple(made)
            self._made(found)
        return found.marks

    def words(self, rule: RuleText, view: View) -> str:
        """The tables, rows and functions a sound rule reads, in words; "" where it has errors."""
        found = self.known(rule, view)
        if found.words is None:
            checked = found.outcome.checked
            found.words = _words(rule, checked, view) if checked is not None else ""
            self._made(found)
        return found.words

    def judge(self, view: View) -> Judge:
        """What judges conditions under a view."""
        digest = view.layout.digest
        if digest not in self._judges:
            self._judges[digest] = Judge(Normaliser(view.layout))
        return self._judges[digest]

    def save(self, rules: Iterable[tuple[RuleText, View]]) -> None:
        """Keep what is known of these for the next run; everything else is forgotten."""
        if self._cache is None or not self._key or not self._changed:
            return
        kept: dict[str, Any] = {}
        for key in {self._key_of(r, v.layout) for r, v in rules}:
            mark = stable_digest(key)
            found = self._known.get(key)
            if found is not None:
                kept[mark] = self._stored[mark] if not found.fresh and mark in self._stored else _packed(found)
        self._cache.put("lint", self._key, (_FORMAT, kept))

    def _made(self, known: Known) -> None:
        known.fresh = self._changed = True

    def _load(self) -> None:
        stored = self._cache.get("lint", self._key) if self._cache is not None else None
        self._stored: dict[str, Any] = stored[1] if isinstance(stored, tuple) and len(stored) == 2 and stored[0] == _FORMAT else {}
        self._known = _Remembering(self._stored)

    def _key_of(self, rule: RuleText, layout: Layout) -> Key:
        known = self._keys.get(id(rule))
        if known is None or known[0] is not rule:
            text = "\n".join((rule.table or "", *[t.text for t in texts_of(rule)]))
            known = self._keys[id(rule)] = (rule, (content_of(rule), self._meanings.differing_in(text)))
        content, hits = known[1]
        return (self._meanings.common, content, self._meanings.of(hits, layout))


class _Remembering(dict[Key, Known]):
    """Known outcomes, first looked for among those stored by an earlier run."""

    def __init__(self, stored: dict[str, Any]) -> None:
        super().__init__()
        self.stored = stored

    def get(self, key: Key, default: Any = None) -> Any:
        found = super().get(key)
        if found is None and self.stored and (packed := self.stored.get(stable_digest(key))) is not None:
            try:
                found = self[key] = _unpacked(packed)
            except (TypeError, ValueError, IndexError):
                return default
        return default if found is None else found


def _under(rule: CheckedRule | None, check: CheckedCheck) -> list[Form]:
    return [form for form in (rule.when if rule is not None else None, check.when) if form is not None]


def without_tolerance(condition: Form) -> Form:
    """A canonical condition without the tolerances of its comparisons; a relative one stays: it has a side."""
    if condition and condition[0] == "cmp" and len(condition) == 5 and condition[4] and condition[4][0] in ("tail", "fixed"):
        return condition[:4]
    return tuple([without_tolerance(part) if isinstance(part, tuple) else part for part in condition])


def _words(rule: RuleText, checked: CheckedRule, view: View) -> str:
    text = "\n".join(t.text for t in texts_of(rule))
    parts = [text]
    for name in checked.tables:
        spec = view.layout.table(name)
        parts += [name, *(spec.short if spec is not None else ())]
    parts += [builtin.name + builtin.doc for builtin in BUILTINS if builtin.name in text]
    parts += [view.labels[code] for code in _CODE.findall(text) if code in view.labels]
    return "\n".join(parts)


def _packed(known: Known) -> tuple[Any, ...]:
    outcome = known.outcome
    problems = tuple([(number, p.code, p.message, p.start, p.end, p.hint) for number, p in outcome.problems])
    verdicts = tuple([(v.outcome, v.idle) for v in known.verdicts]) if known.verdicts is not None else None
    return pack_rule(outcome.checked) if outcome.checked is not None else None, problems, outcome.same, verdicts, known.idle, known.marks, known.words


def _unpacked(packed: tuple[Any, ...]) -> Known:
    checked, problems, same, verdicts, idle, marks, words = packed
    outcome = RuleOutcome(unpack_rule(checked) if checked is not None else None, tuple([(n, TextProblem(*rest)) for n, *rest in problems]), same)
    return Known(outcome, tuple([Verdict(*v) for v in verdicts]) if verdicts is not None else None, idle, marks, words)
