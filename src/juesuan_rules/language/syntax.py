"""The syntax tree of a rule: frozen records, each with its place in the text as typed.

`start` and `end` are character offsets (end exclusive) and take no part in equality, so two
expressions that say the same are equal wherever they stand. Spelling that carries no meaning
(spaces, full-width forms, brackets that change nothing) is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has: where it stands in the text as typed."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as written, without separators: digits "1204.00", unit "万元" or ""."""

    digits: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name in a path, or a text; `quoted` where it stood between quotation marks."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Star(Node):
    """`*`: every column after a point, every row in square brackets."""


@dataclass(frozen=True, slots=True)
class Column(Node):
    """`2栏`: a column by its printed number."""

    ordinal: str


@dataclass(frozen=True, slots=True)
class Lines(Node):
    """`27行` (last is None) or `1..8行`: rows by their printed number."""

    first: str
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Code(Node):
    """`2010301` in square brackets: a row by its code."""

    digits: str


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """`201*` in square brackets: rows whose codes begin so."""

    digits: str


@dataclass(frozen=True, slots=True)
class Exclusion(Node):
    """`非 小计` in square brackets: every row but these."""

    item: Name | Prefix


Item = Name | Star | Column | Lines | Code | Prefix | Exclusion


@dataclass(frozen=True, slots=True)
class Selector(Node):
    """Square brackets: rows (and a column) that must meet all the items."""

    items: tuple[Item, ...]


Part = Name | Star | Column | Lines | Selector


@dataclass(frozen=True, slots=True)
class Path(Node):
    """An address: names joined by points, selectors anywhere after the table."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`sum(…)`: a built-in by the name the author used."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-x`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left operator right` with + - * /."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Tolerance(Node):
    """`± 0.02万元`; number is None for `± 尾差`."""

    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`A == B == C ± t`: operands and the operators between them (== != <= >= < >)."""

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]
    tolerance: Tolerance | None = None


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`x 属于 {…}`."""

    value: Expression
    choices: tuple[Number | Name, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """`x 包含 "…"`, `x 匹配 "…"`; test is 包含 or 匹配."""

    test: str
    value: Expression
    pattern: Name
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`非 x`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a 且 b 且 c`, `a 或 b`."""

    operator: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`若 condition 则 then 否则 otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression | None = None


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`每个 r 属于 支出表[项]：…`; kind is 每个 存在 唯一 计数."""

    kind: str
    variable: Name
    domain: Path
    body: Expression


Expression = Number | Path | Call | Negative | Binary | Comparison | Member | TextTest | Negation | Logic | Conditional | Quantified


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in ("start", "end"))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, in the order written."""
    found: list[Node] = []
    kind: Any = type(node)
    for name in _field_names(kind):
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
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            changes[part.name] = moved(value, origin)
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            changes[part.name] = tuple(moved(item, origin) for item in value)
    return replace(node, **changes)
