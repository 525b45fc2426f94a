"""Comparisons: chains, kinds, keys and tolerances → ("cmp", …), ("chain", …), ("match", …)."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.language import syntax as s
from juesuan_rules.language.context import Context
from juesuan_rules.language.functions import find_builtin
from juesuan_rules.language.kinds import (
    COUNT,
    KIND_OF_MEASURE,
    KIND_ZH,
    MONEY,
    NUMBER,
    RATIO,
    SCORE,
    TEXT,
    TRUTH,
    Typed,
    as_kind,
    joint_kind,
)  # fmt: skip
from juesuan_rules.language.misses import keyword_inside
from juesuan_rules.language.model import Form
from juesuan_rules.language.units import quantity
from juesuan_rules.language.unparse import brief, unparse
from juesuan_rules.language.values import check_value, is_bare_text, joined_keys

_UPWARD, _DOWNWARD = {"<", "<="}, {">", ">="}


def check_comparison(ctx: Context, node: s.Comparison) -> Typed | None:
    """The form of a comparison or of a chain of them; None where it has errors (then reported)."""
    if not _chain_is_sound(ctx, node):
        return None
    if any(is_bare_text(o) is not None for o in node.operands) and len(node.operands) == 2:
        text = _text_comparison(ctx, node)
        if text is not None:
            return text if isinstance(text, Typed) else None
    values = [check_value(ctx, operand) for operand in node.operands]
    pairs = [_pair(ctx, node, i, values[i], values[i + 1]) for i in range(len(values) - 1)]
    found = [p for p in pairs if p is not None]
    if len(found) < len(pairs):
        return None
    if len(found) == 1:
        return found[0]
    keys = found[0]
    for other in found[1:]:
        joined = joined_keys(ctx, keys, other, node)
        if joined is None:
            return None
    return Typed(("chain", *[p.form for p in found]), TRUTH, max((p.keys for p in found), key=len), found[0].chart)


def _chain_is_sound(ctx: Context, node: s.Comparison) -> bool:
    operators = set(node.operators)
    if len(node.operators) < 2 or operators in ({"=="},) or operators <= _UPWARD | {"=="} or operators <= _DOWNWARD | {"=="}:
        return True
    if "!=" in operators:
        ctx.report("E113", "!= 不能连写", node, "分成几个比较，用“且”连接")
    else:
        ctx.report("E113", "连写的比较方向要一致", node, "写成 甲 <= 乙 <= 丙；方向不同的分成几个比较，用“且”连接")
    _name_hint(ctx, node)
    return False


def _name_hint(ctx: Context, node: s.Comparison) -> None:
    """A chain is often the trace of a keyword glued to a name: say so at that name."""
    for operand in node.operands[1:-1]:
        if isinstance(operand, s.Path) and isinstance(operand.parts[-1], s.Name):
            hint = keyword_inside(operand.parts[-1].text)
            if hint:
                ctx.report("E104", f"“{operand.parts[-1].text}”被当成了一个名称", operand, hint)


def _pair(ctx: Context, node: s.Comparison, i: int, left: Typed | None, right: Typed | None) -> Typed | None:
    """One comparison of a chain: kinds, keys, tolerance."""
    if left is None or right is None:
        return None
    if TRUTH in (left.kind, right.kind):
        wrong = node.operands[i] if left.kind == TRUTH else node.operands[i + 1]
        ctx.report("E304", f"“{brief(wrong)}”是一个条件，不能比较", wrong, "条件用 且、或、若 连接")
        return None
    kind = joint_kind(left, right)
    if kind is None:
        _report_kinds(ctx, node, i, left, right)
        return None
    if kind == TEXT:
        return _two_texts(ctx, node, i, left, right)
    keys = joined_keys(ctx, left, right, node)
    tolerance = _tolerance(ctx, node.tolerance, kind)
    if keys is None or tolerance is None:
        return None
    if left.constant and right.constant:
        ctx.report("W301", "两边都是写定的数，结果永远一样", node, "至少一边要引用报告里的数")
    elif left.form == right.form and left.form[0] != "number":
        ctx.report("W302", "两边是同一个式子，结果永远一样", node, "检查是否写错了一边")
    forms = [as_kind(x, kind) for x in (left, right)]
    return Typed(("cmp", node.operators[i], *forms, tolerance), TRUTH, keys, left.chart or right.chart, left.constant and right.constant)


def _report_kinds(ctx: Context, node: s.Comparison, i: int, left: Typed, right: Typed) -> None:
    hint = ""
    for value, operand, other in ((left, node.operands[i], right), (right, node.operands[i + 1], left)):
        if other.kind == MONEY and value.kind == NUMBER:
            ctx.report("E309", f"和金额比较的数“{brief(operand)}”没有单位", operand, f"写上单位，如 {unparse(operand)}万元 或 {unparse(operand)}元")
            return
        if other.kind == TEXT and value.kind != TEXT:
            hint = "文字要加引号" if value.kind in (NUMBER, COUNT) else "文字只能和带引号的文字比较"
    ctx.report("E302", f"{KIND_ZH[left.kind]}和{KIND_ZH[right.kind]}不能比较", node, hint)


def _text_comparison(ctx: Context, node: s.Comparison) -> Typed | bool | None:
    """A text against a quoted text: Typed, True where it failed; None where it is none."""
    first, second = node.operands
    value, quoted = (second, first) if is_bare_text(first) is not None else (first, second)
    if is_bare_text(value) is not None or not _is_text(ctx, value):
        return None
    checked = check_value(ctx, value)
    if checked is None:
        return True
    if node.operators[0] not in ("==", "!="):
        ctx.report("E302", "文字不能比大小", node, "只能写 ==、!=、属于、包含、匹配")
        return True
    if node.tolerance is not None:
        ctx.report("E303", "文字比较没有容差", node.tolerance, "删掉 ±")
        return True
    kind = "equals" if node.operators[0] == "==" else "differs"
    return Typed(("match", kind, checked.form, is_bare_text(quoted)), TRUTH, checked.keys, checked.chart)


def _is_text(ctx: Context, node: s.Expression) -> bool:
    """Whether an expression is a text (of a record, a cell or a parameter), without reporting anything."""
    if isinstance(node, s.Call):
        builtin = find_builtin(node.name)
        if builtin is None or builtin.family != "parameter":
            return builtin is not None and builtin.family == "record" and builtin.tag != "level"
    if isinstance(node, s.Call) and (name := is_bare_text(node.arguments[0]) if node.arguments else None) not in ctx.names.parameters:
        return name is not None  # not known: reported once, as a text
    quiet = Context(ctx.names, ctx.fixed, ctx.named, dict(ctx.variables))
    value = check_value(quiet, node) if isinstance(node, s.Path | s.Call) else None
    return value is not None and value.kind == TEXT


def _two_texts(ctx: Context, node: s.Comparison, i: int, left: Typed, right: Typed) -> Typed | None:
    if node.operators[i] not in ("==", "!=") or node.tolerance is not None or len(node.operators) > 1:
        ctx.report("E302", "文字只能比较是否相同", node, "写 == 或 !=，不写容差，不连写")
        return None
    keys = joined_keys(ctx, left, right, node)
    if keys is None:
        return None
    return Typed(("match", "equals" if node.operators[i] == "==" else "differs", left.form, right.form), TRUTH, keys, left.chart or right.chart)


def _tolerance(ctx: Context, node: s.Tolerance | None, kind: str) -> Form | None:
    """The tolerance of a comparison of this kind; None where it does not fit (then reported)."""
    if node is None or node.number is None:
        return ("tail",)
    value, measure = quantity(node.number.digits, node.number.unit)
    if measure == "percent":
        return ("relative", value.numerator, value.denominator)
    unit = {"money": "money", "points": "points", "score": "score", "count": "count"}.get(measure)
    wanted = KIND_OF_MEASURE[measure]
    if measure == "none" and (kind != RATIO or value == 0):
        return _fixed(value, None if kind == MONEY or value == 0 else "none")
    if wanted == kind or (kind == NUMBER and measure in ("score", "count")):
        return _fixed(value, unit)
    hints = {MONEY: "写成 ± 0.02、± 0.02万元、± 200元、± 0.1% 或 ± 尾差", RATIO: "写成 ± 0.5个百分点", COUNT: "写成 ± 1个", SCORE: "写成 ± 0.01分值"}
    ctx.report("E303", f"比较的是{KIND_ZH[kind]}，容差“{unparse(node.number)}”对不上", node, hints.get(kind, "删掉单位"))
    return None


def _fixed(value: Fraction, unit: str | None) -> Form:
    return ("fixed", value.numerator, value.denominator, unit)
