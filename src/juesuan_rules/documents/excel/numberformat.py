"""From a stored value and its number format to the text a person sees in the cell.

The displayed value is what a report publishes, so it is what counts. Numbers are rounded as a
spreadsheet does: first to the 15 digits it works with, then half away from zero to the decimals of
the format; in exact decimals, never in binary floating point.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from juesuan_rules.documents.excel.dates import show_date
from juesuan_rules.documents.excel.formatcodes import FormatCode, Section, Token, parse_code

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_GENERAL_CHARS = 11
"""How many characters General prints of a number, decimal point included."""


def stored_number(value: float | str) -> Decimal | None:
    """A stored number as the shortest decimal that names its binary value; None for no finite number."""
    try:
        number = Decimal(repr(float(value)))
    except (ValueError, OverflowError, InvalidOperation):
        return None
    return number if number.is_finite() else None


def show_number(number: Decimal, code: str, epoch_1904: bool = False) -> str:
    """The text a cell with this number and format code displays, without padding blanks."""
    parsed = parse_code(code)
    rounded = _FIFTEEN.plus(number)
    section, shown = _choose(parsed, rounded)
    if section.plain is not None:
        grouped, decimals = section.plain
        return format(_quantize(shown, decimals), ",f" if grouped else "f")
    if section.is_date:
        return show_date(rounded, section, epoch_1904) or general(rounded)
    if section.has("slash") and section.has("digit"):  # a vulgar fraction: no report prints one
        return general(rounded)
    return _show(section, shown).strip()


def show_text(text: str, code: str) -> str:
    """The text a text cell displays under this format code (`;;;` shows nothing)."""
    section = parse_code(code).text
    if section is None:
        return text
    return "".join([text if kind == "text" else value for kind, value in section.tokens if kind in ("text", "literal")])


def plain(number: Decimal) -> str:
    """A number written out without exponent and without superfluous zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def general(number: Decimal) -> str:
    """A number as General prints it: at most 11 characters, else with an exponent."""
    if not number:
        return "0"
    size = abs(number)
    exponent = size.adjusted()
    text = plain(_quantize(size, max(0, _GENERAL_CHARS - 1 - max(exponent + 1, 1)))) if -_GENERAL_CHARS < exponent < _GENERAL_CHARS else ""
    if not text or len(text) > _GENERAL_CHARS or text == "0" or (exponent < -4 and len(plain(size)) > _GENERAL_CHARS):
        digits = plain(_quantize(size.scaleb(-exponent, _EXACT), 5))
        if digits == "10":
            digits, exponent = "1", exponent + 1
        text = f"{digits}E{'+' if exponent >= 0 else '-'}{abs(exponent):02d}"
    return "-" + text if number < 0 else text


def same_value(text: str, number: Decimal) -> bool:
    """Whether a displayed text says exactly the stored number (12.34% is 0.1234)."""
    bare = text.replace(",", "").replace("¥", "").replace("￥", "").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    try:
        shown = Decimal(bare.removesuffix("%"))
    except InvalidOperation:
        return False
    return (shown.scaleb(-2) if bare.endswith("%") else shown) == number


# ------------------------------------------------------------------ which section


def _choose(code: FormatCode, number: Decimal) -> tuple[Section, Decimal]:
    """The section for a number, and the number with the sign that section still has to print."""
    sections = code.numbers
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None:
                return section, number
            if _meets(number, *section.condition):
                return section, abs(number) if section.condition == ("<", Decimal(0)) else number
        return sections[-1], number
    if number < 0 and len(sections) > 1:
        return sections[1], abs(number)
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _meets(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": number < bound,
        ">": number > bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


# ------------------------------------------------------------------ one section


def _show(section: Section, number: Decimal) -> str:
    tokens = section.tokens
    sign = "-" if number < 0 else ""
    if section.has("general") or (section.has("text") and not section.has("digit")):
        return sign + "".join([general(abs(number)) if kind in ("general", "text") else text for kind, text in tokens if kind in ("general", "text", "literal", "percent")])
    if not section.has("digit"):
        text = "".join([text for kind, text in tokens if kind in ("literal", "percent", "point", "comma", "slash")])
        return sign + text if text else ""
    if any(kind == "exponent" for kind, _ in tokens):
        return sign + _scientific(tokens, abs(number))
    number = abs(number).scaleb(2 * sum(kind == "percent" for kind, _ in tokens), _EXACT)
    return sign + _fixed(tokens, number)


def _fixed(tokens: Sequence[Token], number: Decimal) -> str:
    """Digits, point and grouping filled into the tokens; literals stay where they stand."""
    kinds = [kind for kind, _ in tokens]
    point = kinds.index("point") if "point" in kinds else len(tokens)
    whole = [i for i in range(point) if kinds[i] == "digit"]
    part = [i for i in range(point, len(tokens)) if kinds[i] == "digit"]
    scaling = sum(_commas_after(kinds, places[-1]) for places in (whole, part) if places)
    grouped = bool(whole) and "comma" in kinds[whole[0] : whole[-1]]
    text = format(_quantize(number.scaleb(-3 * scaling, _EXACT), len(part)), "f")
    before, _, after = text.partition(".")
    filled = _whole_digits([tokens[i][1] for i in whole], before, grouped)
    filled_part = _part_digits([tokens[i][1] for i in part], after)
    out: list[str] = []
    for i, (kind, value) in enumerate(tokens):
        if kind == "digit":
            out.append(filled.pop(0) if i < point else filled_part.pop(0))
        elif kind == "point":
            if i == point and not whole and before != "0":
                out.append(before)
            out.append(".")
        elif kind in ("literal", "percent", "slash"):
            out.append(value)
    return "".join(out)


def _commas_after(kinds: list[str], last: int) -> int:
    """Commas right behind the last placeholder: each divides what is shown by 1000."""
    count = 0
    while last + 1 + count < len(kinds) and kinds[last + 1 + count] == "comma":
        count += 1
    return count


def _whole_digits(places: list[str], digits: str, grouped: bool) -> list[str]:
    """What each placeholder left of the point prints; the first one takes all digits left over."""
    needed = len(places) - places.index("0") if "0" in places else 0
    digits = ("" if digits == "0" else digits).zfill(needed)
    marked = [digit + ("," if grouped and right and right % 3 == 0 else "") for right, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True)]
    spare = max(0, len(marked) - len(places))
    first = ["".join(marked[: spare + 1])] if marked else []
    return [""] * (len(places) - len(marked)) + first + marked[spare + 1 :]


def _part_digits(places: list[str], digits: str) -> list[str]:
    significant = len(digits.rstrip("0"))
    return [digit if place == "0" or index < significant else "" for index, (place, digit) in enumerate(zip(places, digits, strict=True))]


def _scientific(tokens: Sequence[Token], number: Decimal) -> str:
    at = next(i for i, (kind, _) in enumerate(tokens) if kind == "exponent")
    mantissa, tail = tokens[:at], tokens[at + 1 :]
    kinds = [kind for kind, _ in mantissa]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    step = max(1, sum(kind == "digit" for kind in kinds[:point]))
    decimals = sum(kind == "digit" for kind in kinds[point:])
    exponent = (number.adjusted() // step) * step if number else 0
    scaled = _quantize(number.scaleb(-exponent, _EXACT), decimals)
    if scaled >= 10**step:
        exponent += step
        scaled = _quantize(number.scaleb(-exponent, _EXACT), decimals)
    width = sum(kind == "digit" for kind, _ in tail)
    sign = "-" if exponent < 0 else "+" if tokens[at][1].endswith("+") else ""
    after = "".join([text for kind, text in tail if kind == "literal"])
    return _fixed(mantissa, scaled) + "E" + sign + str(abs(exponent)).zfill(width) + after


def _quantize(number: Decimal, decimals: int) -> Decimal:
    return _EXACT.quantize(number, Decimal(1).scaleb(-decimals))
