"""A comma between digits in a call: part of one number, or between two arguments?

Numbers may be written as they are printed (1,204.00万元), so `max(1,200)` is one argument. That is
seldom what its author meant; a space behind the comma, or no comma, makes it plain.
"""

from __future__ import annotations

from juesuan_rules.language import syntax as s
from juesuan_rules.language.functions import Builtin, find_builtin
from juesuan_rules.language.places import TextProblem


def ambiguous_commas(tree: s.Node, text: str) -> list[TextProblem]:
    """Warnings about numbers with separators that stand as arguments where there could be several."""
    found: list[TextProblem] = []
    stack: list[s.Node] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Call) and _takes_several(find_builtin(node.name)):
            found += [_problem(text, a) for a in node.arguments if isinstance(a, s.Number) and _separated(text, a)]
        stack.extend(s.children(node))
    return found


def _takes_several(builtin: Builtin | None) -> bool:
    return builtin is not None and (builtin.repeats or len(builtin.parameters) > 1)


def _separated(text: str, number: s.Number) -> bool:
    return any(mark in text[number.start : number.end] for mark in ",，")


def _problem(text: str, number: s.Number) -> TextProblem:
    written = text[number.start : number.end]
    apart = written.replace(",", ", ").replace("，", ", ")
    hint = f"若是一个数，写成 {number.digits}{number.unit}；若是几个参数，逗号后空一格：{apart}"
    return TextProblem("W305", f"“{written}”读作一个数 {number.digits}{number.unit}", number.start, number.end, hint)
