"""Values written as a spreadsheet computes them: `{n}` for the figures, SUM, ABS, MAX … around them.

Beside its text every expression keeps the number it comes to, worked out by the same steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import msgspec

from juesuan_rules.amounts import UNITS, Exact
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.domain import rows_of
from juesuan_rules.engine.forms import exact, size
from juesuan_rules.engine.valuation import Environment, Key, value
from juesuan_rules.engine.values import Value, money_unit, rounded
from juesuan_rules.language.model import Form

_SUM, _PRODUCT, _ATOM = range(3)
"""How tightly an expression holds together: what stands in a product must be more than a sum."""
_FEWEST_SUMMED = 4
"""So many figures of one factor become a SUM( ); fewer are added with +."""
MOST_DECIMALS = 12
"""No number is written with more; a spreadsheet has 15 digits in all."""

Numbers = dict[tuple[int, str, str], int]
"""Operand numbers by the sheet's identity, row key and column."""


class Scaled(msgspec.Struct, frozen=True):
    """An expression. number: what it comes to, in 分 or the number itself; text × scale is that number."""

    text: str
    holds: int
    scale: Exact
    number: Exact


def decimal(number: Exact) -> str:
    """A number as a decimal, without separators; rounded half up where it has more than twelve places."""
    if type(number) is int:
        return str(number)
    scaled = Fraction(number)
    places = next((n for n in range(MOST_DECIMALS) if (scaled * 10**n).denominator == 1), MOST_DECIMALS)
    units = (abs(scaled) * 10**places * 2 + 1) // 2
    digits = str(int(units)).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".") if places else digits
    return f"-{text}" if scaled < 0 and units else text


def unit_factor(unit: str) -> Exact:
    """What one of a unit is in the measure values are kept in: 分, or the number itself."""
    return UNITS.get(unit) or (Fraction(1, 100) if unit == "%" else 1)


def weighted_sum(found: Value, numbers: Numbers, scale: Exact) -> Scaled | None:
    """A linear value from its figures; None where one of them is no operand."""
    terms: list[tuple[Exact, int]] = []
    number = found.constant
    for cell, factor in found.terms.items():
        if not factor or cell.amount is None:
            continue
        at = numbers.get((id(cell.sheet), cell.key, cell.column))
        if at is None:
            return None
        own = unit_factor(_unit(cell))
        terms.append((factor if own == scale else exact(Fraction(factor) * own / scale), at))
        number += factor * (cell.amount.value or 0)
    constant = Fraction(found.constant) / scale if found.constant else 0
    pieces = _pieces(terms)
    if constant or not pieces:
        pieces.append((_number(size(constant)), constant < 0, _ATOM))
    text = ""
    for piece, negative, _ in pieces:
        text += ("-" if negative else "+" if text else "") + piece
    holds = pieces[0][2] if len(pieces) == 1 and not pieces[0][1] else _SUM
    return Scaled(text, holds, scale, exact(number))


def _unit(cell: Cell) -> str:
    return cell.amount.unit if cell.amount is not None and cell.amount.unit else cell.sheet.unit(cell.column)


def _pieces(terms: list[tuple[Exact, int]]) -> list[tuple[str, bool, int]]:
    """The addends: text, whether it is taken away, how it holds together."""
    counted = Counter([factor for factor, _ in terms])
    pieces = []
    summed: set[Exact] = set()
    for factor, at in terms:
        if counted[factor] < _FEWEST_SUMMED:
            body = f"{{{at}}}"
        elif factor in summed:
            continue
        else:
            summed.add(factor)
            body = "SUM(" + ",".join(f"{{{n}}}" for f, n in terms if f == factor) + ")"
        times = _times(size(factor))
        pieces.append((body + times, factor < 0, _PRODUCT if times else _ATOM))
    return pieces


def _times(factor: Exact) -> str:
    """A factor behind an expression: "", *0.6, /10000."""
    if factor == 1:
        return ""
    if factor.denominator == 1:
        return f"*{factor.numerator}"
    if factor.numerator == 1:
        return f"/{factor.denominator}"
    text = decimal(factor)
    return f"*{text}" if Fraction(text) == factor else f"*{factor.numerator}/{factor.denominator}"


def _number(number: Exact) -> str:
    text = decimal(number)
    return text if type(number) is int or Fraction(text) == number else f"({number.numerator}/{number.denominator})"


def rescaled(written: Scaled, scale: Exact) -> Scaled:
    """The same value counted in another unit."""
    if written.scale == scale:
        return written
    if "{" not in written.text:
        number = exact(Fraction(written.number) / scale)
        return Scaled(("-" if number < 0 else "") + _number(size(number)), _SUM if number < 0 else _ATOM, scale, written.number)
    times = Fraction(written.scale) / scale
    return Scaled(_held(written, _PRODUCT) + _times(times), _PRODUCT, scale, written.number)


def _held(written: Scaled, least: int) -> str:
    """The text, in brackets where it would fall apart."""
    return written.text if written.holds >= least else f"({written.text})"


class Writer(msgspec.Struct, frozen=True):
    """Writes values at one key. numbers: the operands' numbers."""

    numbers: Numbers
    key: Key
    books: Books
    env: Environment

    def write(self, form: Form) -> Scaled | None:
        """Any value; None where a part of it is no figure, or no spreadsheet function."""
        found = value(form, self.key, self.books, self.env)
        if found.problem is not None or found.text is not None:
            return None
        if found.linear and not is_bent(form):
            return weighted_sum(found, self.numbers, _own_scale(found))
        known = _WRITERS.get(form[0])
        return known(self, form) if known is not None else None

    def each(self, forms: list[tuple[Form, Key]]) -> list[Scaled] | None:
        """Several values at their keys, all in the unit of the first that has one."""
        found = []
        for form, key in forms:
            written = msgspec.structs.replace(self, key=key).write(form)
            if written is None:
                return None
            found.append(written)
        scale = next((w.scale for w in found if "{" in w.text), found[0].scale if found else 1)
        return [rescaled(w, scale) for w in found]


def is_bent(form: Form) -> bool:
    """Whether a value is more than a weighted sum of figures, or is one only as the figures happen to be (|x|)."""
    if not form or not isinstance(form[0], str):
        return False
    if form[0] == "call" or (form[0] == "agg" and form[1] != "sum"):
        return True
    if (form[0] == "mul" and "number" not in (form[1][0], form[2][0])) or (form[0] == "div" and form[2][0] != "number"):
        return True
    return any(is_bent(part) for part in form if isinstance(part, tuple))


def _own_scale(found: Value) -> Exact:
    """The unit a value is written in by itself: that of its first figure."""
    if found.kind == "money":
        return unit_factor(next(filter(None, map(money_unit, found.terms)), "元"))
    return Fraction(1, 100) if found.kind in ("percent", "points") and found.terms else 1


def _add(writer: Writer, form: Form) -> Scaled | None:
    sides = writer.each([(form[1], writer.key), (form[2], writer.key)])
    if sides is None:
        return None
    x, y = sides
    minus = form[0] == "sub"
    second = _held(y, _PRODUCT) if minus or y.text.startswith("-") else y.text
    return Scaled(f"{x.text}{'-' if minus else '+'}{second}", _SUM, x.scale, exact(x.number - y.number if minus else x.number + y.number))


def _neg(writer: Writer, form: Form) -> Scaled | None:
    x = writer.write(form[1])
    return Scaled(f"-{_held(x, _PRODUCT)}", _SUM, x.scale, -x.number) if x is not None else None


def _mul(writer: Writer, form: Form) -> Scaled | None:
    x, y = writer.write(form[1]), writer.write(form[2])
    if x is None or y is None:
        return None
    return Scaled(f"{_held(x, _PRODUCT)}*{_held(y, _PRODUCT)}", _PRODUCT, exact(Fraction(x.scale) * y.scale), exact(Fraction(x.number) * y.number))


def _div(writer: Writer, form: Form) -> Scaled | None:
    x, y = writer.write(form[1]), writer.write(form[2])
    if x is None or y is None or not y.number:
        return None
    return Scaled(f"{_held(x, _PRODUCT)}/{_held(y, _ATOM)}", _PRODUCT, exact(Fraction(x.scale) / y.scale), exact(Fraction(x.number) / y.number))


def _call(writer: Writer, form: Form) -> Scaled | None:
    name = form[1]
    if name in ("max", "min"):
        return _chosen(name, writer.each([(x, writer.key) for x in form[2:]]))
    x = writer.write(form[2])
    if x is None:
        return None
    if name == "abs":
        return Scaled(f"ABS({x.text})", _ATOM, x.scale, size(x.number))
    if name != "round":
        return None
    found = value(form, writer.key, writer.books, writer.env)
    inner = value(form[2], writer.key, writer.books, writer.env)
    digits = int(value(form[3], writer.key, writer.books, writer.env).number) if len(form) > 3 else 0
    unit = UNITS.get(next(map(money_unit, inner.terms), ""), 100) if inner.kind == "money" else _own_scale(inner)
    x = rescaled(x, unit)
    same = rounded(Value(x.number), Fraction(unit) / 10**digits).number
    return Scaled(f"ROUND({x.text},{digits})", _ATOM, unit, same) if same == found.number else None


def _chosen(name: str, found: list[Scaled] | None) -> Scaled | None:
    if not found:
        return None
    pick: Callable[..., Exact] = max if name == "max" else min
    return Scaled(f"{name.upper()}({','.join(w.text for w in found)})", _ATOM, found[0].scale, pick([w.number for w in found]))


def _agg(writer: Writer, form: Form) -> Scaled | None:
    fn, inner = form[1], form[2]
    if fn == "count":
        return _count(writer, form)
    keys = rows_of(inner, writer.books)
    found = writer.each([(inner, (k, writer.key[1]) if keys is not None else writer.key) for k in (keys if keys is not None else (None,))])
    if not found:
        return None
    if fn in ("max", "min"):
        return _chosen(fn, found)
    total = sum([w.number for w in found])
    text = f"SUM({','.join(w.text for w in found)})" if len(found) > 1 else found[0].text
    summed = Scaled(text, _ATOM if len(found) > 1 else found[0].holds, found[0].scale, exact(total))
    if fn == "sum":
        return summed
    return Scaled(f"{_held(summed, _PRODUCT)}/{len(found)}", _PRODUCT, summed.scale, exact(Fraction(total) / len(found)))


def _count(writer: Writer, form: Form) -> Scaled | None:
    found = value(form, writer.key, writer.books, writer.env)
    if form[2][0] != "cells" or found.problem is not None:
        return None
    numbers = [writer.numbers.get((id(cell.sheet), cell.key, cell.column)) for cell in found.terms if cell.amount is not None]
    if not numbers or None in numbers:
        return None
    return Scaled(f"COUNT({','.join(f'{{{n}}}' for n in numbers)})", _ATOM, 1, found.number)


_WRITERS: dict[str, Callable[[Writer, Form], Scaled | None]] = {"add": _add, "sub": _add, "neg": _neg, "mul": _mul, "div": _div, "call": _call, "agg": _agg}
