"""One expression on its own, to be tried: a condition or a value, with no rule around it."""

from __future__ import annotations

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language import syntax as s
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.commas import ambiguous_commas
from juesuan_rules.language.context import Context
from juesuan_rules.language.functions import find_builtin
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.lookup import mentioned_tables
from juesuan_rules.language.model import CheckedRule, CheckText, Form, RuleText
from juesuan_rules.language.parse import parse_text
from juesuan_rules.language.places import TextProblem, to_diagnostic
from juesuan_rules.language.values import check_value

_CONDITIONS = (s.Comparison, s.Logic, s.Negation, s.Conditional, s.Member, s.TextTest)
NAME = "试算"
"""The id of the rule a condition is made into."""


class Single(msgspec.Struct, frozen=True):
    """A checked expression: `rule` where it is a condition, `form` where it is a value; neither where it
    has errors. tables: canonical ids it reads."""

    text: str
    rule: CheckedRule | None = None
    form: Form | None = None
    tables: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def check_single(text: str, layout: Layout, table: str | None = None) -> Single:
    """Check one expression against a layout. table: the name that stands for 表: of a rule.

    Never raises for what the text says; the places of diagnostics are in the text itself.
    """
    tree = parse_text(text)
    if isinstance(tree, TextProblem):
        return Single(text, diagnostics=(to_diagnostic(tree, text),))
    if is_condition(tree):
        result = check_rules((RuleText(NAME, text, (CheckText(text),), table=table),), layout)
        rule = result.rules[0] if result.rules else None
        return Single(text, rule, tables=rule.tables if rule is not None else (), diagnostics=result.diagnostics)
    names = LayoutNames(layout)
    ctx = Context(names, names.table(table) if table else None, mentioned_tables(tree, names))
    value = check_value(ctx, tree)
    problems = tuple(to_diagnostic(problem, text) for problem in (*ctx.problems, *ambiguous_commas(tree, text)))
    sound = value is not None and not any(p.is_error for p in problems)
    return Single(text, form=value.form if value is not None and sound else None, tables=tuple(ctx.used), diagnostics=problems)


def is_condition(tree: s.Expression) -> bool:
    """Whether an expression says yes or no, rather than how much."""
    if isinstance(tree, s.Call):
        builtin = find_builtin(tree.name)
        return builtin is not None and builtin.family in ("predicate", "structure", "text")
    return isinstance(tree, _CONDITIONS) or (isinstance(tree, s.Quantified) and tree.kind != "计数")
