"""Wrong versions of a figure: an amount off by at least 5 %, a percentage by a point, a score or count by one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from printed import AMOUNT, SHARE, Printed


def changes(figure: Printed, others: Sequence[Printed]) -> dict[str, str]:
    """Name of the change → the digits to print instead. others: figures that may be put in its place."""
    value = figure.value
    found: dict[str, Fraction] = {}
    if figure.kind == AMOUNT:
        if value:
            found["+5%"] = value + max(_rounded_up(value / 20, figure.decimals), Fraction(1, 10**figure.decimals))
            found["×10"] = value * 10
    else:
        found["+1"] = value + 1
        if value >= 1:
            found["-1"] = value - 1
        if figure.kind == SHARE and value < 10:
            found["×10"] = value * 10
    if (swapped := _swapped(figure)) is not None:
        found["换位"] = swapped
    texts = {name: printed_as(number, figure) for name, number in found.items() if enough(figure, number)}
    if (other := _replacement(figure, others)) is not None:
        texts["换成他数"] = other.raw.replace(" ", "").replace("\n", "")
    return {name: text for name, text in texts.items() if text != figure.raw}


def enough(figure: Printed, number: Fraction) -> bool:
    """Whether the change is as large as it must be to count."""
    off = abs(number - figure.value)
    return off * 20 >= abs(figure.value) and off > 0 if figure.kind == AMOUNT else off >= 1


def printed_as(number: Fraction, figure: Printed) -> str:
    """A number printed the way the figure is: its decimals and separators."""
    units = int(number * 10**figure.decimals)
    whole, part = divmod(units, 10**figure.decimals)
    head = f"{whole:,}" if "," in figure.raw else str(whole)
    return head + (f".{part:0{figure.decimals}d}" if figure.decimals else "")


def _rounded_up(value: Fraction, decimals: int) -> Fraction:
    return Fraction(-((-value * 10**decimals) // 1), 10**decimals)


def _swapped(figure: Printed) -> Fraction | None:
    """The first two neighbouring digits that differ exchanged, where that changes enough."""
    scale = 10**figure.decimals
    digits = str(int(figure.value * scale))
    for i in range(len(digits) - 1):
        number = Fraction(int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]), scale)
        if digits[i] != digits[i + 1] and enough(figure, number):
            return number
    return None


def _replacement(figure: Printed, others: Sequence[Printed]) -> Printed | None:
    """The nearest figure of the same kind and unit behind it (or in front) that differs enough."""
    here = others.index(figure) if figure in others else 0
    order = [n for step in range(1, 40) for n in (here + step, here - step) if 0 <= n < len(others)]
    same = (others[n] for n in order if others[n].kind == figure.kind and others[n].unit == figure.unit)
    return next((o for o in same if o.value and enough(figure, o.value)), None)
