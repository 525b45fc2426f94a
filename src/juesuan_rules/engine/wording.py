"""Figures as text: exact, in the unit a reader has before him."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.amounts import COUNTS, UNITS, Exact, show
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.values import Value
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
    """分 in `unit`, with as many decimals as the value needs and no fewer than `decimals`."""
    return show(value, unit, decimals_needed(Fraction(value) / UNITS[unit], decimals), thousands)


def plain_text(value: Exact, least: int = 0, most: int = 4) -> str:
    """A number without unit: exact up to `most` decimals, else rounded half up."""
    decimals = min(decimals_needed(Fraction(value), least), most)
    return show(exact_hundred(value), "元", decimals, thousands=False)


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
        return next((_cell_unit(cell) for cell in value.terms), "元" if value.number else "")
    return {"percent": "%", "points": "%", "score": "分值", "count": "个"}.get(value.kind, "")


def _cell_unit(cell: Cell) -> str:
    """What a cell is printed in: its table's money unit, or what its row counts."""
    return cell.amount.unit if cell.amount is not None and cell.amount.unit in COUNTS else cell.table.unit


def printed_decimals(value: Value) -> int:
    """Most decimals any figure of the value is printed with; two without figures."""
    return max([cell.amount.decimals for cell in value.terms if cell.amount is not None and cell.amount.value is not None], default=2)


def number_text(number: Exact, unit: str, decimals: int = 2, thousands: bool = True) -> str:
    """A number of either side in the unit of `unit_of`, without the unit's name."""
    if unit in UNITS:
        return amount_text(number, unit, decimals, thousands)
    if unit == "%":
        return plain_text(exact_hundred(number), 0, 2)
    return plain_text(number)


def cell_note(cell: Cell, absent: bool = False) -> str:
    """How a cell that shows no plain figure was counted; "" for a plain figure."""
    amount = cell.amount
    if amount is None:
        if absent:
            return "没有这一行"
        return "空表按 0 计" if cell.table.empty else "缺行按 0 计"
    if amount.corrected:
        return amount.corrected
    if amount.unsure:
        return UNSURE
    notes = {"blank": "空白按 0 计", "dash": "划线按 0 计", "text": "不是数字", "unreadable": "无法识别"}
    if amount.repaired:
        return f"读作 {amount.repaired}"
    return notes.get(amount.state, "")
