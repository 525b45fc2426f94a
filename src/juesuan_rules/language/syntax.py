"""The syntax tree of a rule: frozen records, each with its place in the text as typed.

`start` and `end` are character offsets (end exclusive) and take no part in equality, so two
expressions that say the same are equal wherever they stand. Spelling that carries no meaning
(spaces, full-width forms, brackets that change nothing) is not kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace


class Node(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What every node has: where it stands in the text as typed."""

    start: int = 0
    end: int = 0

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(getattr(self, name) == getattr(other, name) for name in _field_names(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _field_names(type(self)))))


class Number(Node, frozen=True, eq=False):
    """A number as written, without separators: digits "1204.00", unit "万元" or ""."""

    digits: str
    unit: str = ""


class Name(Node, frozen=True, eq=False):
    """A name in a path, or a text; `quoted` where it stood between quotation marks."""

    text: str
    quoted: bool = False


class Star(Node, frozen=True, eq=False):
    """`*`: every column after a point, every row in square brackets."""


class Column(Node, frozen=True, eq=False):
    """`2栏`: a column by its printed number."""

    ordinal: str


class Lines(Node, frozen=True, eq=False):
    """`27行` (last is None) or `1..8行`: rows by their printed number."""

    first: str
    last: str | None = None


class Code(Node, frozen=True, eq=False):
    """`2010301` in square brackets: a row by its code."""

    digits: str


class Prefix(Node, frozen=True, eq=False):
    """`201*` in square brackets: rows whose codes begin so."""

    digits: str


class Exclusion(Node, frozen=True, eq=False):
    """`非 小计` in square brackets: every row but these."""

    item: Name | Prefix


Item = Name | Star | Column | Lines | Code | Prefix | Exclusion


class Selector(Node, frozen=True, eq=False):
    """Square brackets: rows (and a column) that must meet all the items."""

    items: tuple[Item, ...]


Part = Name | Star | Column | Lines | Selector


class Path(Node, frozen=True, eq=False):
    """An address: names joined by points, selectors anywhere after the table."""

    parts: tuple[Part, ...]


class Call(Node, frozen=True, eq=False):
    """`sum(…)`: a built-in by the name the author used."""

    name: str
    arguments: tuple[Expression, ...]


class Negative(Node, frozen=True, eq=False):
    """`-x`."""

    operand: Expression


class Binary(Node, frozen=True, eq=False):
    """`left operator right` with + - * /."""

    operator: str
    left: Expression
    right: Expression


class Tolerance(Node, frozen=True, eq=False):
    """`± 0.02万元`; number is None for `± 尾差`."""

    number: Number | None = None


class Comparison(Node, frozen=True, eq=False):
    """`A == B == C ± t`: operands and the operators between them (== != <= >= < >)."""

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]
    tolerance: Tolerance | None = None


class Member(Node, frozen=True, eq=False):
    """`x 属于 {…}`."""

    value: Expression
    choices: tuple[Number | Name, ...]
    negated: bool = False


class TextTest(Node, frozen=True, eq=False):
    """`x 包含 "…"`, `x 匹配 "…"`; test is 包含 or 匹配."""

    test: str
    value: Expression
    pattern: Name
    negated: bool = False


class Negation(Node, frozen=True, eq=False):
    """`非 x`."""

    operand: Expression


class Logic(Node, frozen=True, eq=False):
    """`a 且 b 且 c`, `a 或 b`."""

    operator: str
    parts: tuple[Expression, ...]


class Conditional(Node, frozen=True, eq=False):
    """`若 condition 则 then 否则 otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression | None = None


class Quantified(Node, frozen=True, eq=False):
    """`每个 r 属于 支出表[项]：…`; kind is 每个 存在 唯一 计数."""

    kind: str
    variable: Name
    domain: Path
    body: Expression


Expression = Number | Path | Call | Negative | Binary | Comparison | Member | TextTest | Negation | Logic | Conditional | Quantified


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in ("start", "end"))


_PLAIN = ("str", "bool", "int", "str | None", "tuple[str, ...]")


@cache
def _inner_names(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of node that may hold nodes."""
    written = {name: text for base in reversed(kind.__mro__) for name, text in getattr(base, "__annotations__", {}).items()}
    return tuple(name for name in _field_names(kind) if written[name] not in _PLAIN)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, in the order written."""
    names = _inner_names(type(node))
    if not names:
        return ()
    found: list[Node] = []
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend([item for item in value if isinstance(item, Node)])
    return tuple(found)


def depth(node: Node) -> int:
    """How many nodes stand above one another at most. Does not recurse."""
    deepest, stack = 0, [(node, 1)]
    while stack:
        current, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((child, level + 1) for child in children(current))
    return deepest


def moved(node: Any, origin: Any) -> Any:
    """The same tree with every offset replaced by `origin(offset)`."""
    changes: dict[str, Any] = {"start": origin(node.start), "end": max(origin(node.end - 1) + 1, origin(node.end)) if node.end else 0}
    kind: Any = type(node)
    for name in _field_names(kind):
        value = getattr(node, name)
        if isinstance(value, Node):
            changes[name] = moved(value, origin)
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            changes[name] = tuple(moved(item, origin) for item in value)
    return replace(node, **changes)
