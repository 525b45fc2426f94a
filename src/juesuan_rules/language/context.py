"""What is known while one expression is checked, and the problems found on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.language.addresses import Target
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.places import TextProblem
from juesuan_rules.language.syntax import Node

MAX_PROBLEMS = 20
"""Problems reported of one expression."""


class Context(msgspec.Struct):
    """Names an expression may use. fixed: the rule's table (表: 总表). named: tables the rule
    mentions, for bare labels. variables: what 每个 and the like have bound. used: ids of tables read."""

    names: LayoutNames
    fixed: TableSpec | None = None
    named: tuple[TableSpec, ...] = ()
    variables: dict[str, Target] = msgspec.field(default_factory=dict)
    used: dict[str, None] = msgspec.field(default_factory=dict)
    problems: list[TextProblem] = msgspec.field(default_factory=list)

    @property
    def full(self) -> bool:
        """True where so much is wrong that more would not help."""
        return len(self.problems) >= MAX_PROBLEMS

    def report(self, code: str, message: str, node: Node, hint: str = "") -> None:
        """Note a problem at a node. Returns nothing, so that callers can `return ctx.report(…)`."""
        problem = TextProblem(code, message, node.start, node.end, hint)
        if not self.full and problem not in self.problems:
            self.problems.append(problem)

    @contextmanager
    def bound(self, name: str, target: Target) -> Iterator[None]:
        """The variable stands for a record of `target` inside."""
        before = dict(self.variables)
        self.variables[name] = target
        try:
            yield
        finally:
            self.variables = before
