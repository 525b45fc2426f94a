"""Text → syntax tree. The parser is built at most once, and only when something must be parsed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.normalise import normalise
from juesuan_rules.language.places import TextProblem, to_diagnostic
from juesuan_rules.language.reading import load_machine
from juesuan_rules.language.syntax import Expression, depth, moved

if TYPE_CHECKING:
    from lark import Lark

MAX_LENGTH = 4000
"""Characters in one expression."""
MAX_DEPTH = 100
"""Nodes above one another in the tree; bounds every walk over it."""
MAX_BRACKETS = 50
"""Brackets inside one another."""
_LEVELS = re.compile(r"[-+*/(\[{:]|非|若|则|且|或")
"""What can put one node above another; only texts full of these need their depth counted."""


@lru_cache(maxsize=1)
def load_parser() -> Lark:
    """The parser of the grammar, made on first use."""
    from juesuan_rules.language.build import TreeBuilder
    from juesuan_rules.language.tables import build_parser
    from juesuan_rules.resources import grammar_text

    return build_parser(grammar_text(), TreeBuilder())


@lru_cache(maxsize=4096)
def parse_text(text: str) -> Expression | TextProblem:
    """Read one expression: its tree, or the first thing that is wrong with its syntax.

    Remembered: one rule is checked under many layouts.
    """
    problem = _too_large(text)
    if problem is not None:
        return problem
    normal = normalise(text)
    if not normal.text.strip():
        return TextProblem("E101", "式子是空的", 0, len(text), "写一个要核对的式子，例如 sum(总表.支出) == 本年支出合计")
    machine = load_machine()
    tree = machine.read(normal.text) if machine is not None else None
    if tree is None:
        tree = _parse_slowly(normal.text)
        if isinstance(tree, TextProblem):
            return tree.moved(normal.origin)
    if len(_LEVELS.findall(normal.text)) >= MAX_DEPTH // 2 and depth(tree) > MAX_DEPTH:
        return TextProblem("E111", f"式子太长或嵌套太深（上限 {MAX_DEPTH} 层）", 0, len(text), "分成几条 check，或用 sum(…[1..8行]) 代替一长串相加")
    return cast(Expression, moved(tree, normal.origin) if normal.positions else tree)


def _parse_slowly(text: str) -> Any:
    """The tree of a normalised text, or the problem that Lark found in it."""
    from lark.exceptions import UnexpectedInput

    try:
        return load_parser().parse(text)
    except UnexpectedInput as error:
        from juesuan_rules.language.syntax_errors import explain_failure

        return explain_failure(text, error)


def parse_expression(text: str) -> Expression | tuple[Diagnostic, ...]:
    """The tree of an expression, or the diagnostics that say why there is none (places in `text`)."""
    result = parse_text(text)
    if isinstance(result, TextProblem):
        return (to_diagnostic(result, text),)
    return result


def _too_large(text: str) -> TextProblem | None:
    if len(text) > MAX_LENGTH:
        return TextProblem("E110", f"式子有 {len(text):,} 个字符，上限是 {MAX_LENGTH:,}", MAX_LENGTH, len(text), "分成几条 check")
    level = 0
    for index, char in enumerate(text):
        if char in "([{（［｛【":
            level += 1
            if level > MAX_BRACKETS:
                return TextProblem("E111", f"括号嵌套太深（上限 {MAX_BRACKETS} 层）", index, index + 1, "分成几条 check")
        elif char in ")]}）］｝】":
            level -= 1
    return None
