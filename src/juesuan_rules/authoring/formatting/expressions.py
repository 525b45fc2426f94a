"""Expressions in their canonical spelling, broken over several lines where they are long.

The meaning is proved, not hoped for: the formatted text must read back as the very same tree.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from wcwidth import wcswidth

from juesuan_rules.language import syntax as s
from juesuan_rules.language.parse import parse_text
from juesuan_rules.language.places import TextProblem
from juesuan_rules.language.unparse import unparse

_SPELLING = re.compile(r"""「[^」]*」|『[^』]*』|"[^"]*"|(\[[^\[\]「『"]*\])| ([*/]) """)
"""Quoted texts (left alone), selectors, signs of multiplication and division."""
_FULL_WIDTH = str.maketrans("()", "（）")
_SIGNS = {"*": " × ", "/": " ÷ "}


class MeaningChanged(Exception):
    """The canonical text of an expression does not read back as the same tree: a defect of ours."""


@lru_cache(maxsize=8192)
def canonical(text: str) -> str | None:
    """The expression in its canonical spelling, on one line; None where it cannot be parsed.

    Raises MeaningChanged where the new text would mean something else.
    """
    tree = parse_text(text)
    if isinstance(tree, TextProblem):
        return None
    return _proved(_SPELLING.sub(_spelled, unparse(tree)), tree)


def broken(text: str, width: int) -> tuple[str, ...]:
    """A canonical expression in lines of at most `width` columns where it can be broken so narrow.

    Lines begin with 且 或 则 否则 + - or a comparison, or follow the ： of a quantifier; joined with
    single spaces they are the expression again.
    """
    tree = parse_text(text)
    if wcswidth(text) <= width or isinstance(tree, TextProblem):
        return (text,)
    levels: dict[int, int] = {}
    _breaks(tree, text, 0, levels)
    lines = tuple(_split(text, 0, len(text), levels, width))
    _proved(" ".join(lines), tree)
    return lines


def _spelled(match: re.Match[str]) -> str:
    """Round brackets in the names of rows as tables print them; × and ÷ as auditors write them."""
    selector, sign = match.groups()
    return selector.translate(_FULL_WIDTH) if selector else _SIGNS[sign] if sign else match.group()


def _proved(text: str, tree: s.Expression) -> str:
    again = parse_text(text)
    if isinstance(again, TextProblem) or not again == tree:
        raise MeaningChanged(text)
    return text


def _split(text: str, start: int, end: int, levels: dict[int, int], width: int) -> list[str]:
    """The text between two offsets in lines: broken at its outermost places first, as few as needed."""
    piece = text[start:end].strip()
    inside = {at: level for at, level in levels.items() if start < at < end}
    if wcswidth(piece) <= width or not inside:
        return [piece]
    outermost = min(inside.values())
    cuts = [start, *sorted(at for at, level in inside.items() if level == outermost), end]
    lines: list[str] = []
    for left, right in pairwise(cuts):
        parts = _split(text, left, right, levels, width)
        joined = f"{lines[-1]} {parts[0]}" if lines else ""
        if joined and len(parts) == 1 and wcswidth(joined) <= width and outermost > 0:
            lines[-1] = joined
        else:
            lines += parts
    return lines


def _breaks(node: s.Node, text: str, level: int, levels: dict[int, int]) -> None:
    """Notes where lines may begin below a node; outer places have lower levels."""
    match node:
        case s.Quantified(_, _, domain, body):
            levels.setdefault(text.index("：", domain.end) + 1, level)
            _breaks(body, text, level + 1, levels)
        case s.Conditional(condition, then, otherwise):
            _before(text, "则", condition.end, level, levels)
            _breaks(condition, text, level + 1, levels)
            _breaks(then, text, level + 1, levels)
            if otherwise is not None:
                _before(text, "否则", then.end, level, levels)
                _breaks(otherwise, text, level + 1, levels)
        case s.Logic(operator, parts):
            for before, part in zip((None, *parts), parts, strict=False):
                if before is not None:
                    _before(text, operator, before.end, level, levels)
                _breaks(part, text, level + 1, levels)
        case s.Comparison(operands, operators, _):
            for index, operand in enumerate(operands):
                if index:
                    _before(text, operators[index - 1], operands[index - 1].end, level + 1, levels)
                _breaks(operand, text, level + 2, levels)
        case s.Binary(operator, left, right) if operator in "+-":
            # A long sum is one level, however deep its tree.
            _breaks(left, text, level, levels)
            _before(text, operator, left.end, level, levels)
            _breaks(right, text, level + 1, levels)
        case _:
            for child in s.children(node):
                _breaks(child, text, level + 1, levels)


def _before(text: str, word: str, after: int, level: int, levels: dict[int, int]) -> None:
    at = text.find(word, after)
    if at > 0 and text[at - 1] == " ":
        levels.setdefault(at, level)
