"""Built-ins in use: arguments checked against the table of built-ins, forms made."""

from __future__ import annotations

from juesuan_rules.language import syntax as s
from juesuan_rules.language.addresses import Target
from juesuan_rules.language.context import Context
from juesuan_rules.language.functions import PARAMETER_ZH, PRESENCE, Builtin, builtin_names, find_builtin
from juesuan_rules.language.kinds import COLUMN, COUNT, KIND_ZH, ROW, SCALAR, TEXT, TRUTH, Typed, as_kind, joint_kind
from juesuan_rules.language.lookup import find_table, find_target, split_scope
from juesuan_rules.language.misses import listed, nearest
from juesuan_rules.language.model import Form
from juesuan_rules.language.unparse import unparse
from juesuan_rules.language.values import ALL, DETAIL, attribute, cells, check_value, is_bare_text, is_record, joined_keys, number, parameter, with_some_column

_MAX_DIGITS = 10


def check_call(ctx: Context, node: s.Call, rows: Form) -> Typed | None:
    """The form of a call of a built-in, a condition for predicates and structure; None on errors."""
    builtin = find_builtin(node.name)
    if builtin is None:
        ctx.report("E211", f"没有叫“{node.name}”的函数", node, nearest(node.name, builtin_names()))
        return None
    if not _right_number(ctx, builtin, node):
        return None
    if builtin.family == "aggregate":
        return _aggregate(ctx, builtin, node, rows)
    if builtin.family == "hierarchy":
        return _children(ctx, builtin, node)
    if builtin.family == "function":
        return _elementwise(ctx, builtin, node, rows)
    if builtin.family == "predicate":
        return _predicate(ctx, builtin, node)
    if builtin.family == "record":
        return _record(ctx, builtin, node)
    if builtin.family == "parameter":
        return _parameter(ctx, builtin, node)
    if builtin.family == "text":
        return _mention(ctx, builtin, node)
    return _structure(ctx, builtin, node)


def _right_number(ctx: Context, builtin: Builtin, node: s.Call) -> bool:
    given, most = len(node.arguments), len(builtin.parameters)
    least = most - builtin.optional + (builtin.parameters == ("tables",))
    if least <= given and (given <= most or builtin.repeats):
        return True
    wanted = "不写参数" if most == 0 else f"要写{f' {least} 个以上' if builtin.repeats else f' {least} 个' if least == most else f' {least} 到 {most} 个'}参数"
    kinds = "、".join(PARAMETER_ZH[p] for p in builtin.parameters)
    ctx.report("E305", f"{builtin.name} {wanted}{f'（{kinds}）' if kinds else ''}，这里写了 {given} 个", node, f"例：{builtin.example}")
    return False


def _aggregate(ctx: Context, builtin: Builtin, node: s.Call, rows: Form) -> Typed | None:
    if len(node.arguments) > 1:
        return _several(ctx, builtin, node, rows)
    value = check_value(ctx, node.arguments[0], DETAIL)
    if value is None or not _quantity(ctx, value, node.arguments[0]):
        return None
    if ROW not in value.keys:
        what = "每栏只有一行" if COLUMN in value.keys else "只有一个数"
        ctx.report("W303", f"{builtin.name} 里{what}，不必汇总", node, f"{builtin.name} 汇总的是各行；几栏相加请写 + 号，几个数相加写 sum(甲, 乙)")
    kind = COUNT if builtin.tag == "count" else value.kind
    return Typed(("agg", builtin.tag, value.form), kind, value.keys - {ROW}, "", value.constant)


def _several(ctx: Context, builtin: Builtin, node: s.Call, rows: Form) -> Typed | None:
    """sum(a, b), min(a, b), max(a, b): element by element, not over rows."""
    values = [check_value(ctx, argument, rows) for argument in node.arguments]
    result = values[0]
    forms: list[Typed] = []
    for value, argument in zip(values, node.arguments, strict=True):
        if value is None or result is None or not _quantity(ctx, value, argument):
            result = None
            continue
        kind = joint_kind(result, value)
        if kind is None:
            ctx.report("E301", f"{KIND_ZH[result.kind]}和{KIND_ZH[value.kind]}不能放在一起", argument, "写上同样的单位，如 100万元")
            result = None
            continue
        keys = joined_keys(ctx, result, value, argument)
        if keys is None:
            result = None
            continue
        forms.append(value)
        zero = result.zero and value.zero
        result = Typed(value.form, kind, keys, result.chart or value.chart, result.constant and value.constant, zero)
    return None if result is None else _joined(builtin, result, [as_kind(value, result.kind) for value in forms])


def _joined(builtin: Builtin, result: Typed, forms: list[Form]) -> Typed:
    form: Form = ("call", builtin.tag, *forms)
    if builtin.tag == "sum":
        form = forms[0]
        for other in forms[1:]:
            form = ("add", form, other)
    return Typed(form, result.kind, result.keys, result.chart, result.constant)


def _children(ctx: Context, builtin: Builtin, node: s.Call) -> Typed | None:
    value = check_value(ctx, node.arguments[0], ALL)
    if value is None or not _quantity(ctx, value, node.arguments[0]):
        return None
    if not _reads_cells(value.form):
        ctx.report("E306", f"{builtin.name} 里要写一张表的一栏", node.arguments[0], f"例：{builtin.name}(支出表.基本支出)")
        return None
    kind = COUNT if builtin.tag == "child_count" else value.kind
    return Typed((builtin.tag, value.form), kind, value.keys, value.chart)


def _reads_cells(form: Form) -> bool:
    """Whether a form is made of cells by + - and scaling only, so that every row has descendants."""
    if form[0] in ("add", "sub"):
        return _reads_cells(form[1]) and _reads_cells(form[2])
    if form[0] == "neg":
        return _reads_cells(form[1])
    return bool(form[0] == "cells")


def _elementwise(ctx: Context, builtin: Builtin, node: s.Call, rows: Form) -> Typed | None:
    value = check_value(ctx, node.arguments[0], rows)
    if value is None or not _quantity(ctx, value, node.arguments[0]):
        return None
    form: Form = ("call", builtin.tag, value.form)
    if len(node.arguments) > 1:
        digits = _digits(ctx, node.arguments[1])
        if digits is None:
            ctx.report("E306", f"小数位数要写 0 到 {_MAX_DIGITS} 的整数", node.arguments[1], "例：round(总表[本年支出合计], 1)")
            return None
        form = (*form, ("number", digits, 1, "none"))
    return Typed(form, value.kind, value.keys, value.chart, value.constant)


def _digits(ctx: Context, node: s.Expression) -> int | None:
    """A number of decimals: written, or a parameter of the layout."""
    value = number(node) if isinstance(node, s.Number) else check_value(ctx, node) if isinstance(node, s.Call) else None
    form = value.form if value is not None else ()
    sound = len(form) == 4 and form[0] == "number" and form[2:] == (1, "none") and 0 <= form[1] <= _MAX_DIGITS
    return int(form[1]) if sound else None


def _predicate(ctx: Context, builtin: Builtin, node: s.Call) -> Typed | None:
    argument = node.arguments[0]
    if builtin.tag == "present":
        return _present(ctx, builtin, argument)
    checked = check_value(ctx, argument, ALL)
    if checked is None:
        return None
    if checked.form[0] not in ("cells", "field"):
        ctx.report("E306", f"{builtin.name} 里要写单元格，不写算式", argument, f"例：{builtin.example}")
        return None
    return Typed((builtin.tag, checked.form), TRUTH, checked.keys, checked.chart)


def _present(ctx: Context, builtin: Builtin, argument: s.Expression) -> Typed | None:
    """存在: a whole table (every row of its first block), or rows of a table; columns do not matter."""
    if not isinstance(argument, s.Path) or is_record(ctx, argument) is not None:
        ctx.report("E306", "存在 里要写一张表，或表中的一行", argument, f"例：{builtin.example}")
        return None
    scope, parts = split_scope(argument)
    head = parts[0]
    table = ctx.names.table(head.text) if isinstance(head, s.Name) and len(parts) == 1 else None
    if table is not None:
        ctx.used[table.id] = None
        found = (scope, Target(ctx.names.blocks(table)[0]))
    else:
        target = find_target(ctx, argument, need_column=False)
        if target is None:
            return None
        found = target
    value = cells(found[0], with_some_column(found[1]), ALL)
    keys = value.keys - {COLUMN} if found[1].rows is not None else SCALAR
    return Typed(("present", value.form), TRUTH, keys, value.chart)


def _record(ctx: Context, builtin: Builtin, node: s.Call) -> Typed | None:
    variable = is_record(ctx, node.arguments[0])
    if variable is None:
        known = "、".join(ctx.variables)
        hint = f"可以写：{known}" if known else f"先用 每个 … 属于 … 引入一个变量，例：{builtin.example}"
        ctx.report("E306", f"{builtin.name} 里要写一个记录变量，不是“{unparse(node.arguments[0])}”", node.arguments[0], hint)
        return None
    return attribute(variable, builtin.tag)


def _parameter(ctx: Context, builtin: Builtin, node: s.Call) -> Typed | None:
    name = is_bare_text(node.arguments[0])
    if name is None:
        ctx.report("E306", f"{builtin.name} 里要写带引号的参数名", node.arguments[0], f"例：{builtin.example}")
        return None
    known = ctx.names.parameters
    if name not in known:
        ctx.report("E218", f"版式没有叫“{name}”的参数", node.arguments[0], nearest(name, known))
        return None
    value = parameter(known[name])
    if value is None:
        ctx.report("E306", f"参数“{name}”不是一个数，也不是一段文字", node.arguments[0], "改版式 parameters 里的写法")
    return value


def _mention(ctx: Context, builtin: Builtin, node: s.Call) -> Typed | None:
    words: list[str] = []
    for argument in node.arguments:
        word = is_bare_text(argument)
        if not word or not word.strip():
            ctx.report("E306", f"{builtin.name} 里要写带引号的词，不是“{unparse(argument)}”", argument, f"例：{builtin.example}")
            return None
        words.append(word.strip())
    return Typed((builtin.tag, *words), TRUTH)


def _structure(ctx: Context, builtin: Builtin, node: s.Call) -> Typed | None:
    arguments: list[str] = []
    for place, argument in enumerate(node.arguments):
        kind = builtin.parameters[min(place, len(builtin.parameters) - 1)]
        value = _ARGUMENTS[kind](ctx, builtin, argument)
        if value is None:
            return None
        if value in arguments:
            ctx.report("W304", f"“{unparse(argument)}”写了两次", argument, "删掉一个")
            continue
        arguments.append(value)
    if builtin.parameters == ("table",) and not arguments:
        if ctx.fixed is None:
            ctx.report("E305", f"{builtin.name} 要写一张表", node, f"例：{builtin.example}")
            return None
        arguments.append(ctx.fixed.id)
        ctx.used[ctx.fixed.id] = None
    return Typed(("structure", builtin.name, *arguments), TRUTH)


def _presence(ctx: Context, builtin: Builtin, argument: s.Expression) -> str | None:
    text = is_bare_text(argument)
    if text in PRESENCE:
        return text
    ctx.report("E306", f'{builtin.name} 里要写 "必有" 或 "可空"', argument, f"例：{builtin.example}")
    return None


def _table(ctx: Context, builtin: Builtin, argument: s.Expression) -> str | None:
    return _table_or_records(ctx, builtin, argument, records=False)


def _records(ctx: Context, builtin: Builtin, argument: s.Expression) -> str | None:
    return _table_or_records(ctx, builtin, argument, records=True)


def _table_or_records(ctx: Context, builtin: Builtin, argument: s.Expression, records: bool) -> str | None:
    if not isinstance(argument, s.Path):
        ctx.report("E306", f"{builtin.name} 里要写{'记录集' if records else '表名'}，不是“{unparse(argument)}”", argument, f"例：{builtin.example}")
        return None
    table = find_table(ctx, argument, records)
    return table.id if table is not None else None


def _dictionary(ctx: Context, builtin: Builtin, argument: s.Expression) -> str | None:
    name, known = is_bare_text(argument), ctx.names.dictionary_names()
    if name is None:
        ctx.report("E306", f"{builtin.name} 里要写带引号的词典名", argument, listed(known) or f"例：{builtin.example}")
    elif name not in known:
        ctx.report("E219", f"规则包没有叫“{name}”的词典", argument, nearest(name, known) or "词典由规则包的 dictionaries/ 声明")
        return None
    return name


_ARGUMENTS = {"presence": _presence, "table": _table, "tables": _table, "records": _records, "dictionary": _dictionary}
"""Parameter of a structural built-in -> how what stands there is read."""


def _quantity(ctx: Context, value: Typed, node: s.Node) -> bool:
    if value.kind in (TEXT, TRUTH):
        ctx.report("E306", f"这里要写金额或数，而“{unparse(node)}”是{KIND_ZH[value.kind]}", node)
        return False
    return True

