"""Grammar matches → syntax tree. Each method makes the node of the grammar rule of its name."""

from __future__ import annotations

from typing import Any, cast

from juesuan_rules.language import syntax as s

_SAME_OPERATOR = {"≠": "!=", "≤": "<=", "≥": ">="}


class Word(str):
    """A word of a text, with its kind and the characters start_pos..end_pos (exclusive); Lark's tokens have the same."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int


def _start(item: Any) -> int:
    return cast(int, cast(Any, item).start_pos if isinstance(item, str) else item.start)


def _end(item: Any) -> int:
    return cast(int, cast(Any, item).end_pos if isinstance(item, str) else item.end)


def _extent(items: list[Any]) -> dict[str, int]:
    return {"start": _start(items[0]), "end": _end(items[-1])}


def _plain(digits: str) -> str:
    return digits.replace(",", "")


class TreeBuilder:
    """Called by the parser while it reads; children come as tokens and finished nodes."""

    def number(self, c: list[Word]) -> s.Number:
        return s.Number(_plain(c[0]), str(c[1]) if len(c) > 1 else "", **_extent(c))

    def path(self, c: list[Any]) -> s.Path:
        part: Any = c[0] if isinstance(c[0], s.Selector) else _part(c)
        return s.Path((part,), start=part.start, end=part.end)

    def step(self, c: list[Any]) -> s.Path:
        part: Any = c[1] if isinstance(c[1], s.Selector) else _part(c[1:])
        return s.Path((*c[0].parts, part), start=c[0].start, end=part.end)

    def item(self, c: list[Word]) -> s.Item:
        return cast(s.Item, _part(c))

    def exclusion(self, c: list[Word]) -> s.Exclusion:
        return s.Exclusion(cast("s.Name | s.Prefix", _part(c[1:])), **_extent(c))

    def selector(self, c: list[Any]) -> s.Selector:
        return s.Selector(tuple(c[:-1]), start=c[0].start - 1, end=_end(c[-1]))

    def call(self, c: list[Any]) -> s.Call:
        return s.Call(str(c[0]), tuple(c[1:-1]), **_extent(c))

    def group(self, c: list[Any]) -> Any:
        return c[0]

    def negative(self, c: list[Any]) -> s.Negative:
        return s.Negative(c[1], **_extent(c))

    def binary(self, c: list[Any]) -> s.Binary:
        return s.Binary(str(c[1]), c[0], c[2], **_extent(c))

    def tolerance(self, c: list[Any]) -> s.Tolerance:
        number = c[1] if isinstance(c[1], s.Number) else None
        return s.Tolerance(number, **_extent(c))

    def compared(self, c: list[Any]) -> s.Comparison:
        tolerance = c[-1] if isinstance(c[-1], s.Tolerance) else None
        parts = c[:-1] if tolerance else c
        operators = tuple(_SAME_OPERATOR.get(t, str(t)) for t in parts[1::2])
        return s.Comparison(tuple(parts[::2]), operators, tolerance, **_extent(c))

    def choice(self, c: list[Word]) -> s.Number | s.Name:
        if c[0].type == "QUOTED":
            return _name(c[0])
        minus = "-" if c[0].type == "MINUS" else ""
        rest = c[1:] if minus else c
        return s.Number(minus + rest[0], str(rest[1]) if len(rest) > 1 else "", **_extent(c))

    def member(self, c: list[Any]) -> s.Member:
        negated = isinstance(c[1], str)
        return s.Member(c[0], tuple(c[2 if negated else 1 :]), negated, **_extent(c))

    def text_test(self, c: list[Any]) -> s.TextTest:
        test = str(c[1])
        return s.TextTest(test.removeprefix("不"), c[0], _name(c[2]), test.startswith("不"), **_extent(c))

    def negation(self, c: list[Any]) -> s.Negation:
        return s.Negation(c[1], **_extent(c))

    def disjunction(self, c: list[Any]) -> s.Logic:
        return _logic("或", c)

    def conjunction(self, c: list[Any]) -> s.Logic:
        return _logic("且", c)

    def conditional(self, c: list[Any]) -> s.Conditional:
        return s.Conditional(c[1], c[3], c[5] if len(c) > 4 else None, **_extent(c))

    def quantified(self, c: list[Any]) -> s.Quantified:
        return s.Quantified(str(c[0]), _name(c[1]), c[2], c[3], **_extent(c))


def _name(token: Word) -> s.Name:
    quoted = token.type == "QUOTED"
    return s.Name(token[1:-1] if quoted else str(token), quoted, start=_start(token), end=_end(token))


def _part(c: list[Word]) -> s.Part | s.Item:
    """The part of an address, or the item of a selector, that these tokens write."""
    first, last = c[0].type, c[-1].type
    if first in ("NAME", "LABEL", "TABLE_NUMBER", "QUOTED"):
        return _name(c[0])
    if first == "STAR":
        return s.Star(**_extent(c))
    digits = [_plain(t) for t in c if t.type in ("NUMBER", "INT")]
    if last == "ROW":
        return s.Lines(digits[0], digits[1] if len(digits) > 1 else None, **_extent(c))
    if last == "COLUMN":
        return s.Column(digits[0], **_extent(c))
    return s.Prefix(digits[0], **_extent(c)) if last == "STAR" else s.Code(digits[0], **_extent(c))


def _logic(operator: str, c: list[Any]) -> s.Logic:
    first = c[0]
    parts = (*first.parts, c[1]) if isinstance(first, s.Logic) and first.operator == operator else (first, c[1])
    return s.Logic(operator, parts, **_extent(c))
