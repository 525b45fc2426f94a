"""Conditions: comparisons, logic, quantifiers, text tests → form and shape."""

from __future__ import annotations

from juesuan_rules.language import syntax as s
from juesuan_rules.language.comparisons import check_comparison
from juesuan_rules.language.context import Context
from juesuan_rules.language.functions import builtin_names, find_builtin
from juesuan_rules.language.kinds import COLUMN, COUNT, KIND_ZH, MONEY, SCALAR, TEXT, TRUTH, Typed, joint_kind, keys_zh
from juesuan_rules.language.lookup import find_target
from juesuan_rules.language.model import Form
from juesuan_rules.language.patterns import pattern_problem
from juesuan_rules.language.settled import settled
from juesuan_rules.language.unparse import brief, unparse
from juesuan_rules.language.values import ALL, cells, check_value, joined_keys, number, with_some_column

_QUANTIFIERS = {"每个": "each", "存在": "exists", "唯一": "unique", "计数": "tally"}


def check_condition(ctx: Context, node: s.Expression, top: bool = False) -> Typed | None:
    """The form of a condition; None where it has errors (then reported).

    `top`: the condition is a check of its own (or what follows 则), where verdicts may be listed
    one by one: only there may 每个 and structural built-ins stand.
    """
    if isinstance(node, s.Comparison):
        return check_comparison(ctx, node)
    if isinstance(node, s.Logic):
        return _logic(ctx, node)
    if isinstance(node, s.Negation):
        inner = check_condition(ctx, node.operand)
        return None if inner is None else Typed(("not", inner.form), TRUTH, inner.keys, inner.chart, inner.constant)
    if isinstance(node, s.Conditional):
        return _conditional(ctx, node, top)
    if isinstance(node, s.Quantified) and node.kind != "计数":
        if node.kind == "每个" and not top:
            _report_not_top(ctx, node)
            return None
        return check_quantified(ctx, node)
    if isinstance(node, s.Member):
        return _member(ctx, node)
    if isinstance(node, s.TextTest):
        return _text_test(ctx, node)
    if isinstance(node, s.Call):
        return _called(ctx, node, top)
    value = check_value(ctx, node)
    if value is not None:
        ctx.report("E304", f"“{brief(node)}”是{KIND_ZH[value.kind]}，这里要写一个条件", node, "写成比较，例如 … == …、… <= …")
    return None


def _called(ctx: Context, node: s.Call, top: bool) -> Typed | None:
    builtin = find_builtin(node.name)
    if builtin is not None and builtin.family == "structure" and (not top or ctx.variables):
        _report_not_top(ctx, node)
        return None
    value = check_value(ctx, node)
    if value is not None and value.kind != TRUTH:
        ctx.report("E304", f"“{brief(node)}”是{KIND_ZH[value.kind]}，这里要写一个条件", node, "写成比较，例如 … == …、… <= …")
        return None
    return value


def _report_not_top(ctx: Context, node: s.Quantified | s.Call) -> None:
    if isinstance(node, s.Quantified):
        hint = "单独成一条 check，条件写在冒号后面；要说“不是每一行都如此”，写 存在 r 属于 …：非 (…)"
        ctx.report("E311", "每个 … 要单独成一条核对，不能放在 且、或、非、若 的条件里", node, hint)
    else:
        ctx.report("E311", f"{node.name} 要单独成一条核对，不能放在 且、或、非、若 的条件里", node, "单独成一条 check")


def _logic(ctx: Context, node: s.Logic) -> Typed | None:
    checked = [check_condition(ctx, part) for part in node.parts]
    parts = [p for p in checked if p is not None]
    if len(parts) < len(checked):
        return None
    result = parts[0]
    for part in parts[1:]:
        keys = joined_keys(ctx, result, part, node)
        if keys is None:
            return None
        result = Typed(result.form, TRUTH, keys, result.chart or part.chart, result.constant and part.constant)
    return Typed(("and" if node.operator == "且" else "or", *[p.form for p in parts]), TRUTH, result.keys, result.chart, result.constant)


def _conditional(ctx: Context, node: s.Conditional, top: bool) -> Typed | None:
    condition = check_condition(ctx, node.condition)
    then = check_condition(ctx, node.then, top)
    otherwise = check_condition(ctx, node.otherwise, top) if node.otherwise is not None else None
    if condition is None or then is None or (node.otherwise is not None and otherwise is None):
        return None
    if condition.constant:
        ctx.report("W301", "条件里没有引用报告里的数，结果永远一样", node.condition, "删掉 若 …，或改成引用报告的条件")
    keys = joined_keys(ctx, condition, then, node)
    if keys is None or (otherwise is not None and joined_keys(ctx, condition, otherwise, node) is None):
        return None
    holds = settled(condition.form) if not condition.constant else None
    if holds or (holds is False and otherwise is not None):
        return then if holds else otherwise
    form: Form = ("if", condition.form, then.form)
    if otherwise is not None:
        form = ("and", form, ("if", ("not", condition.form), otherwise.form))
        keys = max(keys, otherwise.keys, key=len)
    return Typed(form, TRUTH, keys, condition.chart or then.chart)


def check_quantified(ctx: Context, node: s.Quantified) -> Typed | None:
    """每个 存在 唯一 (conditions) and 计数 (a number) over the records of a table."""
    name = node.variable.text
    if name in ctx.variables or ctx.names.table(name) is not None or name in builtin_names():
        ctx.report("E212", f"变量“{name}”与已有的名称重复", node.variable, "换一个名称，如 r、s、甲")
        return None
    found = find_target(ctx, node.domain, need_column=False)
    if found is None:
        return None
    scope, target = found
    if target.column == "*":
        ctx.report("E306", "每个、存在、唯一、计数 逐行，这里不写 .*", node.domain, "写成 支出表[项]；逐栏核对请写普通的比较，如 支出表.* >= 0")
        return None
    domain = cells(scope, with_some_column(target), ALL)
    with ctx.bound(name, target):
        body = check_condition(ctx, node.body, top=node.kind == "每个")
    if body is None:
        return None
    if body.keys:
        ctx.report("E307", f"冒号后面要对“{name}”这一行得出结果，而这里是{keys_zh(body.keys)}的", node.body, f"用 {name}.栏目 取这一行的数；逐行核对两张表可直接写 甲表.栏目 <= 乙表.栏目")
        return None
    form = (_QUANTIFIERS[node.kind], name, domain.form, body.form)
    return Typed(form, COUNT if node.kind == "计数" else TRUTH, SCALAR)


def _member(ctx: Context, node: s.Member) -> Typed | None:
    value = check_value(ctx, node.value)
    if value is None:
        return None
    if value.kind == TRUTH or COLUMN in value.keys:
        ctx.report("E302", "属于 的左边要写一个数或文字", node.value)
        return None
    choices: list[Form] = []
    for choice in node.choices:
        if value.kind == TEXT:
            text = choice.text if isinstance(choice, s.Name) else choice.digits
            if isinstance(choice, s.Number) and (choice.unit or not choice.digits.isdigit()):
                ctx.report("E302", f"左边是文字，“{unparse(choice)}”要加引号", choice)
            choices.append(("text", text))
            continue
        typed = number(choice) if isinstance(choice, s.Number) else None
        if typed is None or joint_kind(value, typed) is None:
            ctx.report("E302", f"左边是{KIND_ZH[value.kind]}，不能与“{unparse(choice)}”比较", choice, "金额要写单位，如 100万元" if value.kind == MONEY else "")
            continue
        choices.append(typed.form)
    form: Form = ("in", value.form, tuple(choices))
    return Typed(("not", form) if node.negated else form, TRUTH, value.keys, value.chart)


def _text_test(ctx: Context, node: s.TextTest) -> Typed | None:
    value = check_value(ctx, node.value)
    if value is None:
        return None
    if value.kind != TEXT:
        ctx.report("E302", f"{node.test} 的左边要写文字，而“{brief(node.value)}”是{KIND_ZH[value.kind]}", node.value, "例：名称(r) 包含 \"运行\"")
        return None
    if not node.pattern.text:
        ctx.report("E310", f"{node.test} 后面的文字是空的", node.pattern)
        return None
    problem = pattern_problem(node.pattern.text) if node.test == "匹配" else None
    if problem is not None:
        ctx.report("E310", f"匹配的写法不对：{problem}", node.pattern, "例：名称(r) 匹配 \"^行政.*运行$\"")
        return None
    form: Form = ("match", "regex" if node.test == "匹配" else "contains", value.form, node.pattern.text)
    return Typed(("not", form) if node.negated else form, TRUTH, value.keys)
