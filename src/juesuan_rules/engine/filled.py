"""Comparisons with their figures filled in: 8,208.15 == 7,175.28 + 773.13."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.amounts import UNITS, Exact
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.values import Value
from juesuan_rules.engine.wording import decimals_needed, number_text, own_unit, plain_text, printed_decimals, unit_of

_MOST_ADDENDS = 40


def filled(judgement: Judgement) -> str | None:
    """The comparison with its figures: 8,208.15 == 7,175.28 + 773.13 （另 24 项为零或空白）."""
    left, right, form = judgement.left, judgement.right, judgement.form
    if left is None or right is None or form[:1] != ("cmp",) or left.text is not None or right.text is not None:
        return None
    unit = unit_of(judgement)
    sides, dropped = [], 0
    for value in (left, right):
        text, zero = _filled_side(value, unit)
        sides.append(text)
        dropped += zero
    rest = f"（另 {dropped} 项为零或空白）" if dropped else ""
    return f"{sides[0]} {form[1]} {sides[1]}{rest}"


def _filled_side(value: Value, unit: str) -> tuple[str, int]:
    if value.problem is not None:
        return f"（{value.problem.reason}）", 0
    if value.parts is not None:
        return ratio_text(value, unit), 0
    if not value.linear or (unit not in UNITS and len(value.terms) < 2):
        return number_text(value.number, unit, printed_decimals(value)) + ("%" if unit == "%" else ""), 0
    addends: list[tuple[Exact, Cell | None]] = [(value.constant, None)] if value.constant else []
    zero = 0
    for cell, factor in value.terms.items():
        figure = cell.amount.value if cell.amount is not None else None
        if figure and factor:
            addends.append((factor, cell))
        else:
            zero += 1
    if not addends:
        blank = value.terms and not value.printed and all(cell.amount is not None for cell in value.terms)
        return "空白" if blank else number_text(0, unit), max(zero - 1, 0)
    text = ""
    for factor, addend in addends[:_MOST_ADDENDS]:
        text += _addend(factor, addend, unit, first=not text)
    return text + (f" + …（共 {len(addends)} 项）" if len(addends) > _MOST_ADDENDS else ""), zero


def ratio_text(value: Value, unit: str) -> str:
    """593.72 ÷ 580.61 = 102.26%: both sides in the unit they are printed in."""
    assert value.parts is not None
    sign, x, y = value.parts
    units = [own_unit(part) for part in (x, y)]
    texts = [_filled_side(part, own)[0] for part, own in zip((x, y), units, strict=True)]
    texts = [f"({text})" if " " in text else text for text in texts]
    # What is said in another unit than it is shown in (万元 a head in 元) names its own.
    texts = [f"{text} {own}" if own in UNITS and unit in UNITS and own != unit else text for text, own in zip(texts, units, strict=True)]
    return f"{texts[0]} {sign} {texts[1]} = {number_text(value.number, unit)}{'%' if unit == '%' else ''}"


def _addend(factor: Exact, cell: Cell | None, unit: str, first: bool) -> str:
    if cell is None:
        number, times, decimals = factor, Fraction(1), 2
    else:
        amount = cell.amount
        number = amount.value or 0 if amount is not None else 0
        times, decimals = Fraction(factor), amount.decimals if amount is not None else 2
    negative = times < 0
    body = number_text(number, unit, decimals) + ("%" if unit == "%" else "")
    if abs(times) != 1:
        body = f"{plain_text(abs(times)) if decimals_needed(abs(times), 0) < 5 else abs(times)} × {body}"
    if number < 0 and (negative or not first):
        body = f"({body})"
    return ("-" if negative else "") + body if first else f" {'-' if negative else '+'} {body}"
