"""Value expressions: addresses, numbers and arithmetic → form, kind and shape."""

from __future__ import annotations

import re

from msgspec.structs import replace

from juesuan_rules.catalogue.records import ASSESSMENTS, OWNER
from juesuan_rules.language import syntax as s
from juesuan_rules.language.addresses import Target
from juesuan_rules.language.context import Context
from juesuan_rules.language.kinds import (
    COLUMN,
    COUNT,
    KIND_OF_MEASURE,
    KIND_OF_UNIT,
    KIND_ZH,
    MONEY,
    NUMBER,
    RATIO,
    ROW,
    TEXT,
    TRUTH,
    Typed,
    joint_kind,
    keys_zh,
)
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.lookup import find_target
from juesuan_rules.language.misses import nearest
from juesuan_rules.language.model import Form
from juesuan_rules.language.units import UNITS, quantity
from juesuan_rules.language.unparse import brief, unparse
from juesuan_rules.names import fold

ALL: Form = ("all",)
DETAIL: Form = ("group", "明细")
"""What a bare column means: every row in a row-wise check, the detail rows in an aggregate."""
_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
_SIGN_ZH = {"+": "相加", "-": "相减", "*": "相乘", "/": "相除"}
_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(\D*)\Z")
_ATTRIBUTES = {"名称": "name", "编码": "code", "级次": "level", "行类": "role"}


def check_value(ctx: Context, node: s.Expression, rows: Form = ALL) -> Typed | None:
    """The form of a value; None where it has errors (then reported). `rows`: what a bare column takes."""
    if isinstance(node, s.Number):
        return number(node)
    if isinstance(node, s.Path):
        return _path(ctx, node, rows)
    if isinstance(node, s.Negative):
        inner = check_value(ctx, node.operand, rows)
        if inner is None or not _is_quantity(ctx, inner, node.operand):
            return None
        return Typed(("neg", inner.form), inner.kind, inner.keys, inner.chart, inner.constant, inner.zero)
    if isinstance(node, s.Binary):
        return _binary(ctx, node, rows)
    if isinstance(node, s.Call):
        from juesuan_rules.language.calls import check_call

        return check_call(ctx, node, rows)
    if isinstance(node, s.Quantified) and node.kind == "计数":
        from juesuan_rules.language.conditions import check_quantified

        return check_quantified(ctx, node)
    ctx.report("E304", f"这里要写金额或数，而“{brief(node)}”是一个条件", node, "条件用 且、或、若 连接；金额用 + - × ÷")
    return None


def number(node: s.Number) -> Typed:
    """A literal: money in whole 分 where it can be, percentages as number / 100."""
    value, measure = quantity(node.digits, node.unit)
    form = ("number", value.numerator, value.denominator, measure)
    return Typed(form, KIND_OF_MEASURE[measure], constant=True, zero=value == 0 and measure == "none")


def parameter(value: object) -> Typed | None:
    """A parameter of the layout: a number where it is one (with a unit or without), else a text.

    Not a constant: in another region it is another, so what depends on it alone says something.
    """
    if isinstance(value, bool):
        return Typed(("text", "是" if value else "否"), TEXT)
    if not isinstance(value, int | str):
        return None
    match = _NUMBER.match(str(value).replace(" ", ""))
    if match is None or match.group(2) not in UNITS:
        return Typed(("text", str(value)), TEXT)
    return replace(number(s.Number(match.group(1).replace(",", ""), match.group(2))), constant=False)


def _path(ctx: Context, node: s.Path, rows: Form) -> Typed | None:
    head = node.parts[0]
    if isinstance(head, s.Name) and not head.quoted and head.text in ctx.variables:
        return _field(ctx, node, head.text)
    found = find_target(ctx, node)
    if found is None:
        return None
    scope, target = found
    value = cells(scope, target, rows)
    if kind_of(target) is None:
        what = "各栏" if target.column == "*" else "各行"
        ctx.report("E217", f"{target.names.address()} {what}的单位不同，不能放在一起", node, "写明是哪一行，如 文字.支出总计；逐行核对请用 每个 r 属于 …：…")
        return None
    return value


def cells(scope: str, target: Target, rows: Form) -> Typed:
    """The cells of a place whose column is known; `rows` where the address names none."""
    table = target.names.table
    chosen = target.rows if target.rows is not None else rows
    form = ("cells", scope, table.id, target.names.block.name, target.column, chosen, target.missing)
    keys = frozenset(([] if target.single else [ROW]) + ([COLUMN] if target.column == "*" else []))
    return Typed(form, kind_of(target) or MONEY, keys, table.chart if ROW in keys else "")


def kind_of(target: Target) -> str | None:
    """The kind of the figures of a place; None where they are not all of one kind."""
    kinds = {KIND_OF_UNIT.get(unit, COUNT) for unit in target.names.units(target.column, target.rows)}
    if len(kinds) == 1:
        return kinds.pop()
    return None if target.names.is_records else MONEY


def with_some_column(target: Target) -> Target:
    """A place of which only the rows matter: where no column was named, the first one."""
    columns = target.names.block.columns
    return target if target.column or not columns else replace(target, column=columns[0].name)


def _field(ctx: Context, node: s.Path, variable: str) -> Typed | None:
    """`r.项目支出`: a column of the record a variable stands for."""
    target = ctx.variables[variable]
    parts = node.parts[1:]
    form = form_of(ctx.names, target) if len(parts) == 2 and isinstance(parts[0], s.Name) and parts[0].text == OWNER else None
    if form is not None:
        variable, target, parts = f"{variable}.{OWNER}", form, parts[1:]
    names = target.names
    part = parts[0] if len(parts) == 1 else None
    if not isinstance(part, s.Name):
        ctx.report("E306", f"“{variable}”是一行记录，后面要写一个栏目", node, f"写成 {variable}.{names.block.columns[0].name}，或 名称({variable})、编码({variable})")
        return None
    columns = names.columns_by_name.get(fold(part.text), [])
    if len(columns) == 1:
        kind = kind_of(replace(target, column=columns[0].name))
        return Typed(("field", variable, columns[0].name), kind or MONEY)
    if part.text in _ATTRIBUTES:
        return attribute(variable, _ATTRIBUTES[part.text])
    choices = [c.name for c in columns or names.block.columns]
    above = form_of(ctx.names, target)
    if above is not None and (part.text == OWNER or fold(part.text) in above.names.columns_by_name):
        column = "总分" if part.text == OWNER else part.text
        ctx.report("E203", f"{names.address()} 没有叫“{part.text}”的栏目", part, f"表单的栏目写成 {variable}.{OWNER}.{column}")
        return None
    ctx.report("E203", f"{names.address()} 没有叫“{part.text}”的栏目", part, nearest(part.text, [*choices, *_ATTRIBUTES]))
    return None


def form_of(known: LayoutNames, target: Target) -> Target | None:
    """The forms that rows of a block stand in: 自评表 of 自评表.指标; None where the rows are in none."""
    table = target.names.table
    if table.id != ASSESSMENTS or not target.names.block.name:
        return None
    return next((Target(names) for names in known.blocks(table) if not names.block.name), None)


def attribute(variable: str, name: str) -> Typed:
    """What a record is called, its code, its level, its role."""
    return Typed(("attr", variable, name), COUNT if name == "level" else TEXT)


def _binary(ctx: Context, node: s.Binary, rows: Form) -> Typed | None:
    """Arithmetic. A long sum leans left; it is walked, not recursed into, to stay shallow."""
    chain: list[s.Binary] = []
    first: s.Expression = node
    while isinstance(first, s.Binary):
        chain.append(first)
        first = first.left
    result = check_value(ctx, first, rows)
    sound = result is not None and _is_quantity(ctx, result, first)
    for step in reversed(chain):
        right = check_value(ctx, step.right, rows)
        sound = right is not None and _is_quantity(ctx, right, step.right) and sound
        if sound and result is not None and right is not None:
            result = _combined(ctx, step, result, right)
            sound = result is not None
    return result if sound else None


def _combined(ctx: Context, node: s.Binary, left: Typed, right: Typed) -> Typed | None:
    kind = _sum_kind(left, right) if node.operator in "+-" else _product_kind(node.operator, left, right)
    if kind is None:
        ctx.report("E301", f"{KIND_ZH[left.kind]}和{KIND_ZH[right.kind]}不能{_SIGN_ZH[node.operator]}", node, _mix_hint(node, left, right))
        return None
    keys = joined_keys(ctx, left, right, node)
    if keys is None:
        return None
    form = (_OPERATIONS[node.operator], left.form, right.form)
    return Typed(form, kind, keys, left.chart or right.chart, left.constant and right.constant)


def _sum_kind(left: Typed, right: Typed) -> str | None:
    return joint_kind(left, right)


def _product_kind(operator: str, left: Typed, right: Typed) -> str | None:
    if left.kind == right.kind == MONEY:
        return RATIO if operator == "/" else None
    if right.kind == MONEY:
        return MONEY if operator == "*" else None
    if left.kind == MONEY:
        return MONEY
    if left.kind == right.kind:
        return left.kind if left.kind in (NUMBER, RATIO) else (NUMBER if operator == "/" else None)
    if NUMBER in (left.kind, right.kind):
        return right.kind if left.kind == NUMBER else left.kind
    return NUMBER


def _mix_hint(node: s.Binary, left: Typed, right: Typed) -> str:
    if node.operator in "+-" and MONEY in (left.kind, right.kind):
        other, text = (right, node.right) if left.kind == MONEY else (left, node.left)
        if other.kind == NUMBER and isinstance(text, s.Number):
            return f"金额要写单位，如 {unparse(text)}万元"
        return "金额只能和金额相加减；要算百分之几，请用乘法"
    return ""


def joined_keys(ctx: Context, left: Typed, right: Typed, node: s.Node) -> frozenset[str] | None:
    """The keys of two things put together: a single value goes with any record set, record sets
    only with those keyed alike; None where they do not go together (then reported)."""
    if left.keys and right.keys and left.keys != right.keys:
        hint = "逐栏（.*）的一边，另一边也要逐栏；取一行写方括号，取合计用 sum(…)"
        ctx.report("E307", f"一边是{keys_zh(left.keys)}的，一边是{keys_zh(right.keys)}的，对不上", node, hint)
        return None
    if ROW in left.keys & right.keys and left.chart and right.chart and left.chart != right.chart:
        hint = "功能科目和经济科目的编码不是一套；请用合计行或某一行来比较"
        ctx.report("E308", f"一边按{left.chart}科目逐行，一边按{right.chart}科目逐行，对不上", node, hint)
        return None
    return left.keys or right.keys


def _is_quantity(ctx: Context, value: Typed, node: s.Node) -> bool:
    if value.kind in (TEXT, TRUTH):
        ctx.report("E304", f"“{brief(node)}”是{KIND_ZH[value.kind]}，不能计算", node)
        return False
    return True


def is_record(ctx: Context, node: s.Expression) -> str | None:
    """The variable an expression consists of, or None."""
    if isinstance(node, s.Path) and len(node.parts) == 1 and isinstance(node.parts[0], s.Name) and node.parts[0].text in ctx.variables:
        return node.parts[0].text
    return None


def is_bare_text(node: s.Expression) -> str | None:
    """The text of an expression that is nothing but a quoted name, or None."""
    if isinstance(node, s.Path) and len(node.parts) == 1 and isinstance(node.parts[0], s.Name) and node.parts[0].quoted:
        return node.parts[0].text
    return None

