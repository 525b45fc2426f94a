"""Rules at the two ends of the language: the text as read from a pack, and the checked form.

The checked form is plain nested tuples of str, int and None, so that it can be marshalled into a
cache and run by another back end (column-wise over many reports). It names cells by layout address
(table id, block, column, row key), never by Python objects.

Value nodes
    ("number", numerator, denominator, unit)   unit: money (分) | percent | points | count | score | none
    ("text", str)         also what 参数("…") becomes where the layout gives a text; a number with a unit
                          becomes a "number": no node of its own is left in the form
    ("cells", scope, table, block, column, rows, missing)
        scope    "" | "上年" | "所属单位"
        column   canonical name, or "*" (then keyed by column too)
        rows     ("all",) every row | ("group", name) 类 款 项 合计 明细 末级 非末级 or any role
                 | ("key", k) exactly one row: a scalar | ("keys", k, ...) | ("prefix", "201")
                 | ("label", name) rows so named in an open table | ("not", rows) | ("and", rows, rows)
        missing  "report" | "zero" ([缺作0])
        table may be a record set (catalogue.records): 文字.支出总计 is ("cells", "", "文字", "", "值",
        ("key", "支出总计"), "report"); blocks of 自评表 are "" 指标 任务 资金 监控. A column of texts
        (unit 文字) stands only in match, in, blank, zero, present
    ("neg", x) ("add", x, y) ("sub", x, y) ("mul", x, y) ("div", x, y)
    ("agg", fn, x)        fn: sum min max avg count; reduces rows, keeps the column key of "*"
    ("children", x)       下级合计: for every row of x that has descendants present in its table,
                          the sum of its nearest present descendants. Where the rows of x belong to
                          rows of another block (自评表.指标, by Row.parent) the result is keyed by those
    ("child_count", x)    下级计数: keyed alike, how many of those descendants there are
    ("call", name, x, ...) element-wise: abs min max round
    ("field", var, column) ("attr", var, "code" | "name" | "level" | "role")   inside a quantifier
        (var "r.表单": the form in which the record of r stands)
    ("tally", var, cells, body)   计数 r 属于 …：…: how many records meet the condition
Conditions
    ("cmp", op, left, right, tolerance)   op: == != <= >= < >
        tolerance ("tail",) | ("fixed", numerator, denominator, unit | None) | ("relative", num, den)
        unit None: in the printed unit of the table compared; "money" is 分; else as in "number"
    ("and", a, b, ...) ("or", a, b, ...) ("not", a) ("if", condition, then)
    ("chain", cmp, cmp, ...)              A == B == C: a verdict per neighbouring pair
    ("each", var, cells, body) ("exists", var, cells, body) ("unique", var, cells, body)
        only the rows of `cells` matter; its column is the block's first where the rule names none
    ("blank", x) ("zero", x) ("present", x)
        present with rows ("all",): the table itself; then it is one yes or no
    ("match", kind, x, pattern)           kind: contains | regex | equals | differs; pattern: a text, or
                                          a value node for equals and differs
    ("in", x, (value, ...))               value: a "text" or "number" node
        x of match and in: attr, field, cells (one verdict per row unless one row is named) or "text"
    ("mention", word, ...)                提及: the prose holds one of the words
    ("structure", name, arg, ...)         structural built-ins (see functions.py): tables by id,
                                          dictionaries by name, texts
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span

Form = tuple[Any, ...]


def _nowhere(start: int, end: int) -> Span:
    return Span()


class CheckText(msgspec.Struct, frozen=True):
    """One expression as typed. `locate(start, end)` maps character offsets to a place in the file.

    when: a condition of this expression alone, beside the rule's own.
    """

    text: str
    severity: str | None = None
    title: str | None = None
    locate: Callable[[int, int], Span] = _nowhere
    when: CheckText | None = None


class RuleText(msgspec.Struct, frozen=True):
    """A rule as read from a pack, before it is parsed. `table` fixes the rule's table (表: 总表).

    applies_years: inclusive bounds or None. changed_by: pack that overrode it. basis: mappings with
    文号 条款 核验. severity: 错误 警告 提示.
    """

    id: str
    title: str
    checks: tuple[CheckText, ...]
    severity: str = "错误"
    when: CheckText | None = None
    table: str | None = None
    applies_years: tuple[int | None, int | None] = (None, None)
    applies_kinds: tuple[str, ...] = ()
    applies_regions: tuple[str, ...] = ()
    basis: tuple[tuple[str, str, str], ...] = ()
    pack: str = ""
    changed_by: str | None = None
    tags: tuple[str, ...] = ()


class CheckedCheck(msgspec.Struct, frozen=True):
    """One checked expression: its form, the text it came from, its own severity if it has one.

    when: its own condition; where it or the rule's own does not hold, the verdict is 不适用(条件不成立).
    """

    form: Form
    source: str
    severity: str | None = None
    title: str | None = None
    when: Form | None = None
    when_source: str = ""


class CheckedRule(msgspec.Struct, frozen=True):
    """A rule checked against one layout. `tables`: canonical ids it reads. All fields marshal."""

    id: str
    title: str
    checks: tuple[CheckedCheck, ...]
    severity: str
    when: Form | None = None
    when_source: str = ""
    tables: tuple[str, ...] = ()
    basis: tuple[tuple[str, str, str], ...] = ()
    pack: str = ""
    changed_by: str | None = None


class CheckResult(msgspec.Struct, frozen=True):
    """What checking gives: the rules that are sound, and every problem of the others."""

    rules: tuple[CheckedRule, ...]
    diagnostics: tuple[Diagnostic, ...]
