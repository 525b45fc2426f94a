"""Hints: what kind of slip would give such a difference. They never change a verdict."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.amounts import UNITS, Exact
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement, merged
from juesuan_rules.engine.forms import size
from juesuan_rules.engine.lookalikes import Lookalikes
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.engine.wording import amount_text

_MOST_OPERANDS = 80
_CHANGES = ("增减额", "带符号增减额", "比预算增减额")
"""Columns of the prose that are differences themselves: nobody leaves them out of a sum."""


def find_hints(judgement: Judgement, lookalikes: Lookalikes | None = None) -> tuple[str, ...]:
    """Likely slips behind a failed comparison, most telling first. lookalikes: where to look for the
    figure elsewhere."""
    left, right, difference = judgement.left, judgement.right, judgement.difference
    if judgement.outcome not in ("fail", "doubtful") or left is None or right is None or not difference or judgement.absent:
        return ()
    found: list[str] = []
    blank = _blank_side(judgement)
    if blank:
        return (blank,)
    if not left.terms or not right.terms:
        return ()  # against a number of the rule's own there is no slip to guess
    for factor, name in ((10_000, "疑似单位错：两边相差约一万倍"), (10, "疑似位数错：两边相差约十倍")):
        if _times(left.number, right.number, factor):
            found.append(name)
    terms = merged(left, right)
    if left.linear and right.linear and judgement.form[:2] == ("cmp", "==") and len(terms) <= _MOST_OPERANDS:
        found += _operand_hints(terms, difference, judgement.bound.limit if judgement.bound else 0, bool(found))
    if lookalikes is not None:
        found += lookalikes.hints(judgement)
    if not found and left.linear and right.linear and _transposed(terms, difference):
        # One difference in nine is divisible by nine by chance: only digits that do change places are worth a word.
        swapped = _swapped(terms, difference)
        found += [f"疑似数字换位：{swapped}"] if swapped else []
    return tuple(found)


def _blank_side(judgement: Judgement) -> str:
    for value, other in ((judgement.left, judgement.right), (judgement.right, judgement.left)):
        if value is not None and other is not None and value.terms and not value.printed and not value.constant and other.number:
            cells = [cell for cell in value.terms if cell.amount is not None]
            return f"疑似漏填：{cell_name(cells[0])} 是空白" if len(cells) == 1 else "疑似漏填：一边全是空白"
    return ""


def _times(a: Exact, b: Exact, factor: int) -> bool:
    """True where one is about `factor` times the other (to half a per cent)."""
    small, large = sorted((size(a), size(b)))
    return bool(small) and size(large - factor * small) * 200 <= large


def _operand_hints(terms: dict[Cell, Exact], difference: Exact, slack: Exact, known: bool) -> list[str]:
    """One operand that is missing, or whose own digits explain the difference."""
    found: list[str] = []
    for cell, factor in sorted(terms.items(), key=lambda term: not term[0].sheet.records):
        value: Exact = (cell.amount.value or 0) if cell.amount is not None else 0
        if not factor or not value:
            continue
        if len(terms) > 2 and size(factor) == 1 and size(difference) == size(value) and cell.column not in _CHANGES:
            found.append(f"疑似漏项：差额正好等于 {cell_name(cell)}")
        implied = Fraction(value) - Fraction(difference) / factor
        for times, name in ((10_000, "疑似单位错"), (10, "疑似位数错")):
            small, large = sorted((size(value), size(implied)))
            if not known and small and size(large - times * small) <= times * slack and size(difference) > 4 * slack:
                found.append(f"{name}：{cell_name(cell)} 与推算值相差 {times:,} 倍")
    # Of two figures each is as far from the other: it is said once, of the one that people type.
    return found[: 1 if len(terms) == 2 and any(cell.sheet.records for cell in terms) else 3]


def _transposed(terms: dict[Cell, Exact], difference: Exact) -> bool:
    """Swapping two digits of a number changes it by a multiple of nine of its last place."""
    steps = [cell.amount.quantum for cell, factor in terms.items() if factor and cell.amount is not None and cell.amount.value]
    if not steps:
        return False
    places = Fraction(difference) / min(steps)
    return places.denominator == 1 and places.numerator % 9 == 0


def _swapped(terms: dict[Cell, Exact], difference: Exact) -> str:
    """The operand whose digits in another order would close the gap, and how it would read; "" without."""
    for cell, factor in terms.items():
        amount = cell.amount
        if not factor or amount is None or not amount.value or amount.unit not in UNITS:
            continue
        implied = Fraction(amount.value) - Fraction(difference) / factor
        now, then = amount_text(amount.value, amount.unit, amount.decimals), amount_text(implied, amount.unit, amount.decimals)
        if now != then and sorted(filter(str.isdigit, now)) == sorted(filter(str.isdigit, then)):
            return f"{cell_name(cell)} 的 {now} 或为 {then}"
    return ""
