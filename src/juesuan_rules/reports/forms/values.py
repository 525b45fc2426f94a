"""Cells of a form → amounts: money, scores, rates, target and actual values, texts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from juesuan_rules.amounts import PERCENT, PLAIN, SCORE, UNITS, Amount, read_amount
from juesuan_rules.catalogue.records import TEXT
from juesuan_rules.reports.forms import cells
from juesuan_rules.reports.forms.cells import FIGURE, FIGURES, NUMBER, Piece, figure
from juesuan_rules.reports.forms.words import MEASURES, MONEY, RATE

UNSTATED_MONEY = "万元"
_SURELY_YUAN = 1_000_000
"""A project of more than this in 万元 (a hundred 亿) is one in 元 whose unit was not printed."""
_MOST_RATIO = 2


def text_of(pieces: Sequence[Piece]) -> Amount:
    """What the cells say, as a text; blank where there are none."""
    if not pieces:
        return Amount("", "blank", unit=TEXT)
    confidence = min(piece.confidence for piece in pieces)
    return Amount("".join(piece.raw for piece in pieces), "text", unit=TEXT, place=pieces[0].place, confidence=confidence)


def written(text: str, piece: Piece) -> Amount:
    """A text that is only part of a cell (the ≥ of ≥90%)."""
    return Amount(text, "text", unit=TEXT, place=piece.place, confidence=piece.confidence) if text else Amount("", "blank", unit=TEXT)


def blank(unit: str) -> Amount:
    """Nothing stated."""
    return Amount("", "blank", unit=unit)


def unknown(raw: str, unit: str, piece: Piece) -> Amount:
    """A figure that is there and cannot be told, or cannot be placed."""
    return Amount(raw, "unreadable", unit=unit, place=piece.place, confidence=piece.confidence)


def figure_of(pieces: Sequence[Piece], column: str, money: str, percent: bool = False) -> Amount:
    """The figure of a column that measures something. money: the form's unit. percent: its header says
    that its figures are percentages."""
    measure = MEASURES[column]
    unit = money if measure == MONEY else PERCENT if measure == RATE else SCORE
    piece = next((p for p in pieces if p.kind in FIGURES), pieces[0] if pieces else None)
    if piece is None:
        return blank(unit)
    if piece.broken or sum(p.kind in FIGURES for p in pieces) > 1:
        return unknown(" ".join(p.raw for p in pieces), unit, piece)
    if measure == RATE:
        return rate_of(piece, percent)
    return _measured(piece, unit)


def _measured(piece: Piece, unit: str) -> Amount:
    if piece.kind == FIGURE:
        split = figure(piece.text)
        if split is not None and split.unit in UNITS and unit in UNITS and not split.sign:
            unit = split.unit
        elif split is None or split.sign or split.unit not in ("分", "分值"):
            return unknown(piece.raw, unit, piece)
        return _kept(read_amount(split.number, unit, piece.place), piece)
    return _kept(read_amount(piece.raw, unit, piece.place), piece)


def rate_of(piece: Piece, percent: bool) -> Amount:
    """A rate as a percentage: 98.2%, 98.2 under a header with %, or the ratio 0.982."""
    text = piece.text.rstrip("%")
    amount = read_amount(text, PERCENT, piece.place)
    if amount.value is None or piece.kind not in (NUMBER, cells.PERCENT):
        return _kept(read_amount(piece.raw, PERCENT, piece.place), piece)
    if piece.kind == NUMBER and not percent and amount.value * 100 <= _MOST_RATIO:
        return _kept(_ratio(amount), piece)
    return _kept(amount, piece)


def _ratio(amount: Amount) -> Amount:
    """0.982 read as a percentage: the same figure a hundred times larger, with two decimals fewer."""
    value = amount.value * 100 if amount.value is not None else None
    return replace(amount, value=value, decimals=max(amount.decimals - 2, 0))


def value_of(pieces: Sequence[Piece]) -> tuple[Amount, str, str]:
    """A target or actual value: its number (blank where it is a text), its sign and its unit as printed in the cell."""
    piece = next((p for p in pieces if p.kind in FIGURES), None)
    if piece is None:
        return blank(PLAIN), "", ""
    if piece.broken or sum(p.kind in FIGURES for p in pieces) > 1:
        return unknown(" ".join(p.raw for p in pieces), PLAIN, piece), "", ""
    split = figure(piece.text)
    if split is None:
        return (unknown(piece.raw, PLAIN, piece) if piece.kind == cells.FRAGMENT else blank(PLAIN)), "", ""
    amount = read_amount(split.number, PLAIN, piece.place)
    return _kept(amount, piece), split.sign, split.unit


def degree_of(pieces: Sequence[Piece]) -> Amount:
    """A degree of completion: 1, 0.19 or 100%."""
    piece = next((p for p in pieces if p.kind in FIGURES), None)
    if piece is None:
        return blank(PLAIN)
    if piece.kind == cells.PERCENT:
        return _kept(read_amount(piece.text.rstrip("%‰"), PERCENT, piece.place), piece)
    if piece.kind != NUMBER or piece.broken:
        return unknown(piece.raw, PLAIN, piece)
    amount = read_amount(piece.raw, PLAIN, piece.place)
    if amount.value is not None and amount.value > _MOST_RATIO:  # 完成程度（%）
        amount = read_amount(piece.raw, PERCENT, piece.place)
    return _kept(amount, piece)


def _kept(amount: Amount, piece: Piece) -> Amount:
    """The amount with the text as printed and the recogniser's confidence."""
    if amount.raw == piece.raw and piece.confidence == amount.confidence:
        return amount
    return replace(amount, raw=piece.raw, confidence=piece.confidence)


def money_unit(texts: Sequence[str]) -> str:
    """The unit that printed texts of a form name in brackets or behind 单位：, "" for none."""
    for text in texts:
        for unit in ("万元", "亿元", "千元", "元"):
            if f"({unit}" in text or f"单位:{unit}" in text or f"({unit}" in text.replace("单位:", "("):
                return unit
    return ""


def likely_unit(amounts: Sequence[Amount]) -> str:
    """The unit of amounts whose form names none: 元 where in 万元 they would be beyond any project."""
    most = max((amount.value for amount in amounts if amount.value is not None), default=0)
    return "元" if most >= _SURELY_YUAN * UNITS[UNSTATED_MONEY] else UNSTATED_MONEY
