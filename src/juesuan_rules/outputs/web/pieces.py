"""Texts of a finding cut into pieces, so that its figures can be marked: the formula filled in, a sentence of the prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import msgspec

from juesuan_rules.amounts import UNITS
from juesuan_rules.findings import Finding, Operand
from juesuan_rules.outputs.web.grids import cut
from juesuan_rules.renderings.plain import ordinal, place_text

_SENTENCE = 420
_AROUND = 90
_FIGURE = re.compile(r"[-+]?\d[\d,，]*(?:\.\d+)?%?")


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text; signs: ①② where it is a figure of the finding. number: of the first of them."""

    text: str
    signs: str = ""
    number: int = 0
    suspect: bool = False


def quiet_positions(operands: Sequence[Operand], suspect: str | None) -> frozenset[int]:
    """Positions of figures that are blank and count as 0, among others that are not: they are listed aside."""
    blank = [at for at, o in enumerate(operands) if not o.raw.strip() and o.value is None and o.note.endswith("按 0 计") and o.name != suspect]
    return frozenset(blank) if len(operands) > 4 and len(blank) > 2 else frozenset()


def filled_pieces(finding: Finding, operands: Sequence[Operand]) -> tuple[Piece, ...]:
    """The formula with its figures, each with the number of the operand it is, as far as it can be told."""
    text = cut(finding.filled or "", 1_200)
    free = [(at, o.raw.strip()) for at, o in enumerate(operands) if o.raw.strip()]
    pieces: list[Piece] = []
    last = 0
    for match in _FIGURE.finditer(text):
        found = next((one for one in free if _same(one[1], match.group())), None)
        if found is None:
            continue
        free.remove(found)
        at = found[0]
        pieces += [Piece(text[last : match.start()])] if match.start() > last else []
        pieces.append(Piece(match.group(), ordinal(at + 1), at + 1, operands[at].name == finding.suspect))
        last = match.end()
    return (*pieces, *([Piece(text[last:])] if last < len(text) else []))


def _same(raw: str, figure: str) -> bool:
    """Whether two texts show one number, however its thousands are parted."""
    return raw.rstrip("%").replace(",", "") == figure.rstrip("%").lstrip("+").replace(",", "")


def marked_pieces(text: str, spans: Sequence[tuple[int, int, int]], operands: Sequence[Operand], suspect: str | None) -> tuple[Piece, ...]:
    """A sentence with figures marked; a very long one shortened to what stands around them."""
    same: dict[tuple[int, int], list[int]] = {}
    for start, end, at in sorted(spans):
        same.setdefault((start, end), []).append(at)
    pieces: list[Piece] = []
    last = 0
    for (start, end), positions in same.items():
        if start < last:
            continue
        if start > last:
            pieces.append(Piece(text[last:start]))
        signs = "".join(ordinal(at + 1) for at in positions)
        pieces.append(Piece(text[start:end], signs, positions[0] + 1, any(operands[at].name == suspect for at in positions)))
        last = end
    pieces.append(Piece(text[last:]))
    if len(text) <= _SENTENCE:
        return tuple(pieces)
    return tuple([piece if piece.signs else Piece(_between(piece.text, at > 0, at < len(pieces) - 1)) for at, piece in enumerate(pieces)])


def _between(text: str, after: bool, before: bool) -> str:
    """What stands between marked figures, its middle left out."""
    keep = _AROUND * (after + before) or _SENTENCE
    if len(text) <= keep:
        return text
    return (text[:_AROUND] if after else "") + "…" + (text[-_AROUND:] if before else "") if after or before else text[:keep] + "…"


def amounts_told(finding: Finding) -> tuple[tuple[str, str], ...]:
    unit = finding.unit or ""
    told = (("左边", finding.left), ("右边", finding.right), ("相差", finding.difference), ("允许误差", finding.tolerance))
    return tuple([(label, f"{grouped(value)} {'个百分点' if label == '相差' and unit == '%' else unit}".strip()) for label, value in told if value is not None])


def grouped(value: str) -> str:
    """An exact decimal text with commas between thousands."""
    match = re.fullmatch(r"([-+]?)(\d+)(\.\d+)?", value)
    return f"{match.group(1)}{int(match.group(2)):,}{match.group(3) or ''}" if match else value


def size_in_fen(finding: Finding) -> str:
    """The difference in 分 for sorting, "" where it is no money."""
    factor = UNITS.get(finding.unit or "")
    if factor is None or not re.fullmatch(r"[-+]?\d+(\.\d+)?", finding.difference or ""):
        return ""
    return str(abs(int(Fraction(finding.difference or "0") * factor)))


def first_place(operands: Sequence[Operand], suspect: str | None) -> str:
    """Where to look first: at the suspect, else at the first figure."""
    ordered = [o for o in operands if o.name == suspect] + [o for o in operands if o.raw.strip()] + list(operands)
    return next((text for o in ordered if (text := place_text(o.place))), "")
