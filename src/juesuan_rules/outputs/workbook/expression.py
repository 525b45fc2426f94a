"""Expressions of `material.Live`: read once, worked out for the cached values, written as a formula of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec

Node = tuple[Any, ...]
"""("number", text) | ("operand", n) | ("neg", x) | (op, x, y) with + - * / | ("call", name, x, …)."""

FUNCTIONS = ("SUM", "ABS", "ROUND", "MIN", "MAX", "COUNT")
MOST_ARGUMENTS = 200
"""Excel takes 255; what has more goes into helper cells."""
LONGEST_FORMULA = 8_000
"""Excel takes 8,192 characters."""
_LONGEST_CALL = 3_000
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|\{(\d+)\}|([A-Z]+)(?=\()|([-+*/(),]))")


class Cell(msgspec.Struct, frozen=True):
    """Where an operand is written. column and row count from 0. shows: number, blank or text."""

    sheet: str
    row: int
    column: int
    shows: str = "number"

    @property
    def name(self) -> str:
        """$D$5."""
        return f"${column_name(self.column)}${self.row + 1}"

    @property
    def reference(self) -> str:
        """'01 总表'!$D$5."""
        return f"{quoted(self.sheet)}!{self.name}"


class FormulaTooLong(ValueError):
    """No spreadsheet takes a formula of this length."""


@lru_cache(maxsize=4096)
def column_name(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def quoted(sheet: str) -> str:
    """The name of a sheet as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """An expression as a tree. Raises ValueError for what is none."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"不是算式：{text[at : at + 20]}")
        number, operand, name, sign = match.groups()
        tokens.append(("number", number) if number else ("operand", operand) if operand else ("name", name) if name else ("sign", sign))
        at = match.end()
    parser = _Parser(tokens)
    node = parser.sum()
    if parser.at < len(tokens):
        raise ValueError(f"不是算式：{text}")
    return node


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    def sum(self) -> Node:
        node: Node = ("neg", self.product()) if self._take("-") else self.product()
        while sign := self._take("+", "-"):
            node = (sign, node, self.product())
        return node

    def product(self) -> Node:
        node = self.factor()
        while sign := self._take("*", "/"):
            node = (sign, node, self.factor())
        return node

    def factor(self) -> Node:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "number":
            return "number", text
        if kind == "operand":
            return "operand", int(text)
        if kind == "name" and text in FUNCTIONS:
            self._need("(")
            parts = [self.sum()]
            while self._take(","):
                parts.append(self.sum())
            self._need(")")
            return ("call", text, *parts)
        if (kind, text) == ("sign", "("):
            node = self.sum()
            self._need(")")
            return node
        raise ValueError("不是算式")

    def _take(self, *signs: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise ValueError("不是算式")


def operands_of(node: Node) -> list[int]:
    """Numbers of the operands, in the order written, each once."""
    found: dict[int, None] = {}

    def walk(part: Node) -> None:
        if part[0] == "operand":
            found[part[1]] = None
        for inner in part[1:]:
            if isinstance(inner, tuple):
                walk(inner)

    walk(node)
    return list(found)


def compute(node: Node, values: Sequence[Any], number: Callable[[str], Any] = Fraction) -> Any:
    """What it comes to. values: of the operands, None where nothing is printed. number: makes one of a text: `Fraction`
    for the exact value, `float` for what a spreadsheet gets."""
    kind = node[0]
    if kind == "number":
        return number(node[1])
    if kind == "operand":
        found = values[node[1]]
        return number("0") if found is None else found
    if kind == "neg":
        return -compute(node[1], values, number)
    if kind == "call":
        return _call(node, values, number)
    x, y = compute(node[1], values, number), compute(node[2], values, number)
    return x + y if kind == "+" else x - y if kind == "-" else x * y if kind == "*" else x / y


def _call(node: Node, values: Sequence[Any], number: Callable[[str], Any]) -> Any:
    name, parts = node[1], node[2:]
    if name == "COUNT":
        return number(str(sum(part[0] != "operand" or values[part[1]] is not None for part in parts)))
    found = [compute(part, values, number) for part in parts]
    if name == "ROUND":
        return rounded(found[0], int(found[1]))
    if name == "SUM":
        return sum(found, number("0"))
    return abs(found[0]) if name == "ABS" else max(found) if name == "MAX" else min(found)


def rounded(number: Any, places: int) -> Any:
    """ROUND: half away from zero; of a float, as its shortest decimal says."""
    if isinstance(number, Fraction):
        units = (abs(number) * 10**places * 2 + 1) // 2
        return Fraction(-units if number < 0 else units) / 10**places
    return float(Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)) + 0.0


def formula(node: Node, cells: Sequence[Cell | None], helper: Callable[[str, Node], str]) -> str:
    """The expression over cells, without the leading =. cells: of the operands, None for one that stands nowhere and
    counts as 0. helper: puts a formula into a cell of its own and gives its reference. Raises FormulaTooLong."""
    text = _written(node, cells, helper, 0)
    if len(text) > LONGEST_FORMULA:
        raise FormulaTooLong
    return text


_HOLDS = {"+": 1, "-": 1, "neg": 1, "*": 2, "/": 2}


def _written(node: Node, cells: Sequence[Cell | None], helper: Callable[[str, Node], str], least: int) -> str:
    kind = node[0]
    if kind == "number":
        return str(node[1])
    if kind == "operand":
        cell = cells[node[1]]
        return "0" if cell is None else f"N({cell.reference})" if cell.shows == "text" else cell.reference
    if kind == "call":
        return _written_call(node, cells, helper)
    holds = _HOLDS[kind]
    if kind == "neg":
        text = "-" + _written(node[1], cells, helper, 2)
    else:
        second = _written(node[2], cells, helper, holds + (kind in "-/"))
        text = _written(node[1], cells, helper, holds) + kind + (f"({second})" if second.startswith("-") else second)
    return text if holds >= least else f"({text})"


def _written_call(node: Node, cells: Sequence[Cell | None], helper: Callable[[str, Node], str]) -> str:
    name, parts = node[1], node[2:]
    if name in ("SUM", "COUNT"):
        arguments = _arguments(parts, cells, helper)
    elif name in ("MAX", "MIN"):
        # An empty cell would not be looked at there, and it counts as 0.
        arguments = [_zeroed(part, cells, helper) for part in parts]
    else:
        arguments = [_written(part, cells, helper, 0) for part in parts]
    if name in ("ABS", "ROUND") or (len(arguments) <= MOST_ARGUMENTS and sum(map(len, arguments)) <= _LONGEST_CALL):
        return f"{name}({','.join(arguments)})"
    references = [helper(f"{name}({','.join(chunk)})", (("call", name, *inner))) for chunk, inner in _chunks(parts, cells, helper, name)]
    return f"{'SUM' if name == 'COUNT' else name}({','.join(references)})"


def _zeroed(part: Node, cells: Sequence[Cell | None], helper: Callable[[str, Node], str]) -> str:
    cell = cells[part[1]] if part[0] == "operand" else None
    return f"N({cell.reference})" if cell is not None and cell.shows == "blank" else _written(part, cells, helper, 0)


def _arguments(parts: Sequence[Node], cells: Sequence[Cell | None], helper: Callable[[str, Node], str]) -> list[str]:
    """Arguments of SUM and COUNT, which pass over texts: cells below or beside one another become ranges."""
    arguments: list[str] = []
    run: list[Cell] = []
    for part in (*parts, ("end",)):
        cell = cells[part[1]] if part[0] == "operand" else None
        if cell is not None and run and _follows(run, cell):
            run.append(cell)
            continue
        if run:
            arguments.append(run[0].reference + (f":{run[-1].name}" if len(run) > 1 else ""))
        run = [cell] if cell is not None else []
        if cell is None and part[0] not in ("end", "operand"):
            arguments.append(_written(part, cells, helper, 0))
    return arguments or ["0"]


def _follows(run: list[Cell], cell: Cell) -> bool:
    first, last = run[0], run[-1]
    if cell.sheet != last.sheet:
        return False
    if cell.column == last.column and cell.row == last.row + 1:
        return first.column == last.column
    return cell.row == last.row and cell.column == last.column + 1 and first.row == last.row


def _chunks(parts: Sequence[Node], cells: Sequence[Cell | None], helper: Callable[[str, Node], str], name: str) -> list[tuple[list[str], list[Node]]]:
    """The arguments in portions that a formula can hold, with the parts they stand for."""
    chunks: list[tuple[list[str], list[Node]]] = []
    size = _LONGEST_CALL
    for _, group in groupby(enumerate(parts), lambda item: item[0] // 20):
        inner = [part for _, part in group]
        written = _arguments(inner, cells, helper) if name in ("SUM", "COUNT") else [_zeroed(part, cells, helper) for part in inner]
        size += sum(map(len, written))
        if size > _LONGEST_CALL or len(chunks[-1][0]) + len(written) > MOST_ARGUMENTS:
            chunks.append(([], []))
            size = sum(map(len, written))
        chunks[-1][0].extend(written)
        chunks[-1][1].extend(inner)
    return chunks
