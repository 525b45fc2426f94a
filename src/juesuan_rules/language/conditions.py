"""Conditions: comparisons, logic, quantifiers, text tests → form and shape."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.language import syntax as s
from juesuan_rules.language.builtins import builtin_names, find_builtin
from juesuan_rules.language.context import Context
from juesuan_rules.language.kinds import COLUMN, COUNT, KIND_OF_MEASURE, KIND_ZH, MONEY, NUMBER, RATIO, SCALAR, SCORE, TEXT, TRUTH, Typed, as_kind, joint_kind, keys_zh
from juesuan_rules.language.lookup import find_target
from juesuan_rules.language.model import Form
from juesuan_rules.language.patterns import pattern_problem
from juesuan_rules.language.units import quantity
from juesuan_rules.language.unparse import unparse
from juesuan_rules.language.values import ALL, cells, check_value, is_bare_text, joined_keys, number, with_some_column

_QUANTIFIERS = {"每个": "each", "存在": "exists", "唯一": "unique", "计数": "tally"}
_UPWARD, _DOWNWARD = {"<", "<="}, {">", ">="}


def check_condition(ctx: Context, node: s.Expression, top: bool = False) -> Typed | None:
    """The form of a condition; None where it has errors (then reported).

    `top`: the condition is a check of its own (or what follows 则), where verdicts may be listed
    one by one: only there may 每个 and structural built-ins stand.
    """
    if isinstance(node, s.Comparison):
        return _comparison(ctx, node)
    if isinstance(node, s.Logic):
        return _logic(ctx, node)
    if isinstance(node, s.Negation):
        inner = check_condition(ctx, node.operand)
        return None if inner is None else Typed(("not", inner.form), TRUTH, inner.keys, inner.chart, inner.constant)
    if isinstance(node, s.Conditional):
        return _conditional(ctx, node, top)
    if isinstance(node, s.Quantified) and node.kind != "计数":
        return _top_only(ctx, node, top) if node.kind == "每个" and not top else check_quantified(ctx, node)
    if isinstance(node, s.Member):
        return _member(ctx, node)
    if isinstance(node, s.TextTest):
        return _text_test(ctx, node)
    if isinstance(node, s.Call):
        return _called(ctx, node, top)
    value = check_value(ctx, node)
    if value is not None:
        ctx.report("E304", f"“{_brief(node)}”是{KIND_ZH[value.kind]}，这里要写一个条件", node, "写成比较，例如 … == …、… <= …")
    return None


def _called(ctx: Context, node: s.Call, top: bool) -> Typed | None:
    builtin = find_builtin(node.name)
    if builtin is not None and builtin.family == "structure" and not top:
        return _top_only(ctx, node, top)
    value = check_value(ctx, node)
    if value is not None and value.kind != TRUTH:
        ctx.report("E304", f"“{_brief(node)}”是{KIND_ZH[value.kind]}，这里要写一个条件", node, "写成比较，例如 … == …、… <= …")
        return None
    return value


def _top_only(ctx: Context, node: s.Quantified | s.Call, top: bool) -> None:
    if isinstance(node, s.Quantified):
        hint = "单独成一条 check，条件写在冒号后面；要否定，写 存在 … ：…"
        ctx.report("E311", "每个 … 要单独成一条核对，不能放在 且、或、非、若 的条件里", node, hint)
    else:
        ctx.report("E311", f"{node.name} 要单独成一条核对，不能放在 且、或、非、若 的条件里", node, "单独成一条 check")


def _comparison(ctx: Context, node: s.Comparison) -> Typed | None:
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
    from juesuan_rules.language.misses import keyword_inside

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
        ctx.report("E304", f"“{_brief(wrong)}”是一个条件，不能比较", wrong, "条件用 且、或、若 连接")
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
    elif left.form == right.form:
        ctx.report("W302", "两边是同一个式子，结果永远一样", node, "检查是否写错了一边")
    forms = [as_kind(x, kind) for x in (left, right)]
    return Typed(("cmp", node.operators[i], *forms, tolerance), TRUTH, keys, left.chart or right.chart, left.constant and right.constant)


def _report_kinds(ctx: Context, node: s.Comparison, i: int, left: Typed, right: Typed) -> None:
    hint = ""
    for value, operand, other in ((left, node.operands[i], right), (right, node.operands[i + 1], left)):
        if other.kind == MONEY and value.kind == NUMBER:
            ctx.report("E309", f"和金额比较的数“{_brief(operand)}”没有单位", operand, f"写上单位，如 {unparse(operand)}万元 或 {unparse(operand)}元")
            return
        if other.kind == TEXT and value.kind != TEXT:
            hint = "文字要加引号" if value.kind in (NUMBER, COUNT) else "文字只能和带引号的文字比较"
    ctx.report("E302", f"{KIND_ZH[left.kind]}和{KIND_ZH[right.kind]}不能比较", node, hint)


def _text_comparison(ctx: Context, node: s.Comparison) -> Typed | bool | None:
    """A text attribute against a quoted text: Typed, True where it failed; None where it is none."""
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
    return Typed(("match", kind, checked.form, is_bare_text(quoted)), TRUTH)


def _is_text(ctx: Context, node: s.Expression) -> bool:
    """Whether an expression is a text (a name or code of a record), without reporting anything."""
    if isinstance(node, s.Call):
        builtin = builtin_names().get(node.name)
        return builtin is not None and builtin.family == "record" and builtin.tag != "level"
    quiet = Context(ctx.names, ctx.fixed, ctx.named, ctx.declared, dict(ctx.variables))
    value = check_value(quiet, node) if isinstance(node, s.Path) else None
    return value is not None and value.kind == TEXT


def _two_texts(ctx: Context, node: s.Comparison, i: int, left: Typed, right: Typed) -> Typed | None:
    if node.operators[i] not in ("==", "!=") or node.tolerance is not None or len(node.operators) > 1:
        ctx.report("E302", "文字只能比较是否相同", node, "写 == 或 !=，不写容差，不连写")
        return None
    return Typed(("match", "equals" if node.operators[i] == "==" else "differs", left.form, right.form), TRUTH)


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
        ctx.report("E302", f"{node.test} 的左边要写文字，而“{_brief(node.value)}”是{KIND_ZH[value.kind]}", node.value, "例：名称(r) 包含 \"运行\"")
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


def _brief(node: s.Node) -> str:
    text = unparse(node)
    return text if len(text) <= 24 else text[:23] + "…"
