"""Figures as text: exact, in the unit a reader has before him."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.amounts import COUNTS, UNITS, Exact, show
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.forms import size
from juesuan_rules.engine.lacks import is_prose
from juesuan_rules.engine.values import Value, money_unit
from juesuan_rules.findings import UNSURE

_MOST = 6
SIGNS = {"==": "等于", "!=": "不等于", "<=": "小于等于", ">=": "大于等于", "<": "小于", ">": "大于"}


def decimals_needed(scaled: Fraction, least: int) -> int:
    """Fewest decimals, from `least` up, that show the number exactly (six where none do)."""
    for decimals in range(least, _MOST + 1):
        if (scaled * 10**decimals).denominator == 1:
            return decimals
    return _MOST


def amount_text(value: Exact, unit: str, decimals: int = 2, thousands: bool = True) -> str:
    """分 in `unit`, with as many decimals as the value needs and no fewer than `decimals`.

    What was worked out and comes to no whole number of 分 is rounded to `decimals`, as people print it.
    """
    scaled = Fraction(value) / UNITS[unit]
    needed = decimals if Fraction(value).denominator != 1 and scaled * 10**decimals >= 1 else decimals_needed(scaled, decimals)
    return show(value, unit, needed, thousands)


def plain_text(value: Exact, least: int = 0, most: int = 4) -> str:
    """A number without unit: exact up to `most` decimals, else rounded half up.

    One that would end in a 5 that it is not, gets more: 4.146 shown as 4.15 would round to 4.2.
    """
    needed = decimals_needed(Fraction(value), least)
    decimals = min(needed, most)
    while decimals < needed and (units := _half_up(value, decimals)) and str(units).rstrip("0").endswith("5"):
        decimals += 1
    return show(exact_hundred(value), "元", decimals, thousands=False)


def _half_up(value: Exact, decimals: int) -> int:
    return int((abs(Fraction(value)) * 10**decimals * 2 + 1) // 2)


def exact_hundred(value: Exact) -> Exact:
    """value × 100, so that `show` in 元 prints the number itself."""
    scaled = Fraction(value) * 100
    return scaled.numerator if scaled.denominator == 1 else scaled


def unit_of(judgement: Judgement) -> str:
    """The unit both sides are shown in: money as the first table prints it, %, 个, 分值 or ""."""
    units = [own_unit(v) for v in (judgement.left, judgement.right) if v is not None]
    return next((unit for unit in units if unit in UNITS), None) or next((unit for unit in units if unit), "")


def own_unit(value: Value) -> str:
    """The unit a value is shown in by itself."""
    if value.kind == "money":
        if value.parts is not None and value.parts[0] == "÷" and value.parts[2].kind == "count" and size(value.number) < UNITS["万元"]:
            return "元"  # so much a head: nobody says 0.01 万元
        return next(filter(None, map(money_unit, value.terms)), "元" if value.number else "")
    if value.kind == "count":
        return next((cell.amount.unit for cell in value.terms if cell.amount is not None and cell.amount.unit in COUNTS), "个")
    return {"percent": "%", "points": "%", "score": "分值"}.get(value.kind, "")


def printed_decimals(value: Value) -> int:
    """Most decimals any figure of the value is printed with; two without figures."""
    return max([cell.amount.decimals for cell in value.terms if cell.amount is not None and cell.amount.value is not None], default=2)


def number_text(number: Exact, unit: str, decimals: int = 2, thousands: bool = True) -> str:
    """A number of either side in the unit of `unit_of`, without the unit's name."""
    if unit in UNITS:
        return amount_text(number, unit, decimals, thousands)
    if unit == "%":
        return plain_text(exact_hundred(number), 0, max(2, decimals))
    return plain_text(number)


def figure_text(cell: Cell, value: Exact) -> str:
    """A value in the unit and with the decimals its cell is printed in, without the unit's name."""
    amount = cell.amount
    unit = (amount.unit if amount is not None else "") or cell.sheet.unit(cell.column)
    return number_text(value, unit if unit in UNITS or unit == "%" else "", amount.decimals if amount is not None else 2)


def unit_word(unit: str, difference: bool = False) -> str:
    """A unit behind a figure: " 万元", "%" or " 个百分点", " 分" of a score."""
    if unit == "%":
        return " 个百分点" if difference else "%"
    return f" {'分' if unit == '分值' else unit}" if unit else ""


def cell_note(cell: Cell, absent: bool = False) -> str:
    """How a cell that shows no plain figure was counted; "" for a plain figure."""
    amount = cell.amount
    if amount is None:
        if absent:
            return "文字里没有写" if is_prose(cell.table.spec) else "没有这一行"
        return "空表按 0 计" if cell.table.empty else "缺行按 0 计"
    if amount.corrected:
        return amount.corrected
    if amount.unsure:
        return UNSURE
    if cell.sheet.records and amount.state != "unreadable":
        return f"读作 {amount.repaired}" if amount.repaired else "没有写明" if amount.state in ("blank", "dash") else ""
    notes = {"blank": "空白按 0 计", "dash": "划线按 0 计", "text": "不是数字", "unreadable": "无法识别"}
    if amount.repaired:
        return f"读作 {amount.repaired}"
    return notes.get(amount.state, "")
