"""`lint --deep` over every layout of a pack itself: questions asked, answers put into findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from juesuan_rules.authoring.linting.deep.conflicts import Conflict, contradictions, forced_zeros
from juesuan_rules.authoring.linting.deep.dependencies import check_of, is_design, redundant
from juesuan_rules.authoring.linting.deep.inequalities import Answer, solve_inequalities
from juesuan_rules.authoring.linting.deep.system import Cell, Instance, System, build_system
from juesuan_rules.authoring.linting.logic import is_told, said_as
from juesuan_rules.authoring.linting.scope import View
from juesuan_rules.authoring.linting.work import Authored, Work
from juesuan_rules.language.model import RuleText

SHOWN = 8
"""Cells or terms listed in one line."""
WAN = 1_000_000


def check_deep(work: Work) -> tuple[str, ...]:
    """L310–L312 under each of the pack's own layouts. Returns sentences about what was and was not looked at."""
    notes: list[str] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for view in [view for view in work.scope.views if view.own]:
        sound = [(rule, checked) for rule in view.rules if (checked := work.outcomes.outcome(rule, view).checked) is not None]
        system = build_system([checked for _, checked in sound], view.layout)
        telling = _Telling(work, view, system, [rule for rule, _ in sound], seen)
        found = contradictions(system)
        for conflict in found:
            telling.conflict(conflict)
        for forced in forced_zeros(system):
            telling.forced(forced.cells, forced.factors)
        for dependency in redundant(system):
            telling.redundant(dependency.target, dependency.factors)
        last = frozenset(check_of(system.instances[conflict.factors[-1][0]]) for conflict in found)
        outcome = solve_inequalities(system, last)
        for answer in outcome.answers:
            telling.answer(answer)
        notes.append(f"{view.title}：{system.checks} 项核对里 {system.linear} 项是没有条件的线性核对，写成 {len(system.instances)} 个式子核查")
        if outcome.missing:
            notes.append("没有安装 z3-solver，不等式没有核查；安装：pip install 'juesuan-rules[deep]'")
        if outcome.undecided:
            notes.append(f"{view.title}：有 {outcome.undecided} 个问题没有在时限内判定")
    return tuple(dict.fromkeys(notes))


class _Telling:
    """Findings of one layout; what was said for another layout is not said again."""

    def __init__(self, work: Work, view: View, system: System, texts: Sequence[RuleText], seen: set[tuple[str, tuple[str, ...]]]) -> None:
        self.work, self.view, self.system, self.texts, self.seen = work, view, system, texts, seen
        self.authored: dict[str, Authored] = {one.rule.id: one for one in work.authored}

    def conflict(self, conflict: Conflict) -> None:
        """L310 for equalities."""
        numbers = [n for n, _ in conflict.factors]
        denies = self.system.instances[numbers[-1]].op == "!="
        result = f"两边只差 {_money(abs(conflict.rest))}，而要求不等" if denies else f"0 == {_money(abs(conflict.rest))}"
        details = [f"{self._combination(conflict.factors)} 得到 {result}"]
        details += [self._values(conflict.values, numbers[-1])]
        self._say("L310", numbers, f"{self._names(numbers)} 不可能同时成立", details, "检查其中哪一条的项、符号或常数写错了")

    def forced(self, cells: Sequence[Cell], factors: Sequence[tuple[int, Fraction]]) -> None:
        """L311."""
        numbers = [n for n, _ in factors]
        named = "、".join(self.system.name(cell) for cell in cells[:SHOWN]) + (f" 等 {len(cells)} 格" if len(cells) > SHOWN else "")
        details = [f"{self._combination(factors)} 得到 {self.system.name(cells[0])} == 0", *self._listed(numbers)]
        self._say("L311", numbers, f"{self._names(numbers)} 合起来，{named} 只能是 0", details, "检查其中哪一条的符号或项写错了")

    def redundant(self, target: int, factors: Sequence[tuple[int, Fraction]]) -> None:
        """L312 for equalities."""
        numbers = [target, *[n for n, _ in factors]]
        if self._twice(numbers):
            return
        details = [f"{self._written(target)}", f"等于 {self._combination(factors)}", *self._listed(numbers[1:])]
        self._say("L312", numbers, f"{self._check(target)} 可由 {self._names(numbers[1:])} 推出", details)

    def answer(self, answer: Answer) -> None:
        """L310, L312 for inequalities."""
        numbers = [n for n, _ in answer.needed]
        factors = [(n, f) for n, f in answer.needed if f is not None]
        if answer.target is None:
            details = [f"{self._combination(factors)} 得到不可能的结果"] if factors else []
            details += [self._values(answer.values, numbers[-1]), *self._listed(numbers)]
            self._say("L310", numbers, f"{self._names(numbers)} 不可能同时成立", details, "检查其中哪一条的方向、项或常数写错了")
        elif not self._twice([answer.target, *numbers]) and not is_design([self.system.instances[n] for n in (answer.target, *numbers)]):
            details = [self._written(answer.target), *([f"由 {self._combination(factors)} 得到"] if factors else []), *self._listed(numbers)]
            self._say("L312", [answer.target, *numbers], f"{self._check(answer.target)} 可由 {self._names(numbers)} 推出", details)

    def _twice(self, numbers: Sequence[int]) -> bool:
        """Whether these are instances of two checks of the same figures that L305 or L306 tells of."""
        checks = sorted({(place.rule, place.check) for place in [self.system.instances[n].place for n in numbers]})
        if len(checks) != 2:
            return False
        first, second = [said_as(self.texts[rule], check, self.work.outcomes.marks(self.texts[rule], self.view)[check]) for rule, check in checks]
        return first.figures == second.figures and is_told(first, second)

    def _say(self, code: str, numbers: Sequence[int], message: str, details: Iterable[str], hint: str = "") -> None:
        """At the last rule of the pack's own among those involved; nothing where none is."""
        places = [self.system.instances[n].place for n in numbers]
        order = places[:1] if code == "L312" else list(reversed(places))
        own = [(self.authored[rule.id], place) for place in order if (rule := self.system.rules[place.rule]).id in self.authored]
        mark = (code, tuple(sorted({f"{self.system.rules[p.rule].id}/{p.check}/{p.pair}" for p in places})))
        if not own or mark in self.seen:
            return
        self.seen.add(mark)
        one, place = own[0]
        number = min(place.check, len(one.rule.checks) - 1)
        where = f"（按 {self.view.title} 的版式）" if len([v for v in self.work.scope.views if v.own]) > 1 else ""
        self.work.at_check(one, number, code, message + where, hint, tuple(details))

    # ---------------------------------------------------------- words

    def _check(self, number: int) -> str:
        place = self.system.instances[number].place
        rule = self.system.rules[place.rule]
        return f"{rule.id} 第 {place.check + 1} 项" if len(rule.checks) > 1 else rule.id

    def _names(self, numbers: Iterable[int]) -> str:
        return "、".join(dict.fromkeys(self._check(n) for n in numbers))

    def _combination(self, factors: Sequence[tuple[int, Fraction]]) -> str:
        """2 × A01-1 - B-02, instances of one check added up by factor."""
        counted: dict[tuple[str, Fraction], int] = {}
        for number, factor in factors:
            mark = (self._check(number), factor)
            counted[mark] = counted.get(mark, 0) + 1
        parts: list[str] = []
        for (name, factor), times in counted.items():
            size = "" if abs(factor) == 1 else f"{abs(factor)} × "
            rows = f"（{times} 行）" if times > 1 else ""
            sign = "- " if factor < 0 else "+ " if parts else ""
            parts.append(f"{sign}{size}{name}{rows}")
        return " ".join(parts)

    def _listed(self, numbers: Iterable[int]) -> list[str]:
        found = list(dict.fromkeys(numbers))
        lines = [f"{self._check(n)}：{self._written(n)}" for n in found[:SHOWN]]
        return lines + ([f"…… 共 {len(found)} 个式子"] if len(found) > SHOWN else [])

    def _written(self, number: int) -> str:
        """An instance as a formula over cells."""
        one: Instance = self.system.instances[number]
        left = [(c, f) for c, f in one.terms if f > 0]
        right = [(c, -f) for c, f in one.terms if f < 0]
        op = one.op if not one.strict else ">"
        left_text, right_text = self._sum(left, max(one.constant, Fraction(0))), self._sum(right, max(-one.constant, Fraction(0)))
        return f"{left_text} {op} {right_text}"

    def _sum(self, terms: Sequence[tuple[Cell, Fraction]], constant: Fraction) -> str:
        parts = [f"{'' if f == 1 else f'{f} × '}{self.system.name(c)}" for c, f in terms[:SHOWN]]
        parts += [f"……（共 {len(terms)} 项）"] if len(terms) > SHOWN else []
        parts += [_money(constant)] if constant else []
        return " + ".join(parts) or "0"

    def _values(self, values: Sequence[tuple[Cell, Fraction]], last: int) -> str:
        if not values:
            return "没有满足其余各条的数"
        named = "，".join(f"{self.system.name(cell)} = {_money(value)}" for cell, value in values[:SHOWN])
        return f"例如 {named}：其余都成立，{self._check(last)} 不成立"


def _money(value: Fraction) -> str:
    """An amount of 分 in 万元, exact."""
    wan = value / WAN
    text = f"{wan.numerator / wan.denominator:.6f}".rstrip("0").rstrip(".") if wan.denominator != 1 else str(wan.numerator)
    return f"{text} 万元"
