"""The full judgement of one check at one key: a walk over the form that keeps what it met.

`screen` settles what is certain; this settles everything, and gives the same verdict for what
`screen` settled. Conditions follow Kleene's logic; a comparison of nothing with nothing is vacuous
and becomes 不适用 only when the whole check is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from juesuan_rules.amounts import Amount, Exact
from juesuan_rules.engine.columns import Books, Cell, Lack, Sheet, level_of
from juesuan_rules.engine.compare import Judgement, decide, undecided
from juesuan_rules.engine.forms import INEQUALITIES, SCALAR, axes, cells_in
from juesuan_rules.engine.naming import cell_name, row_label
from juesuan_rules.engine.values import Value, absolute, choose, divide, failed, literal, multiply, rounded, scale, total
from juesuan_rules.language.model import Form
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Row

Key = tuple[str | None, str | None]
"""(row key, column): None where the check does not vary along that axis."""


class UnknownForm(Exception):
    """A node this engine does not know: the rule was checked by a newer language."""


@dataclass(frozen=True, slots=True)
class Record:
    """The row a quantifier's variable stands for."""

    sheet: Sheet
    row: Row


Environment = dict[str, Record]
_NOTHING: Environment = {}


def rows_of(form: Form, books: Books) -> tuple[str, ...] | None:
    """Row keys a value or condition has a verdict for, in printed order; None for a scalar."""
    kind = form[0]
    if kind in ("cells", "each"):
        cells = form if kind == "cells" else form[2]
        if kind == "cells" and cells[5][0] == "key":
            return None
        picked = tuple([sheet.select(cells[5]).keys for sheet in books.sheets(*cells[1:4])])
        return books.union(picked) if picked else ()
    if kind == "children":
        return _with_children(form, books)
    if kind == "cmp":
        left, right = rows_of(form[2], books), rows_of(form[3], books)
        keys = left if form[1] in INEQUALITIES and left is not None else _union(books, left, right)
        for node in _children_nodes(form):
            keys = books.common(keys or (), rows_of(node, books) or ())
        return keys
    if kind == "if":
        first = rows_of(form[1], books)
        return first if first is not None else rows_of(form[2], books)
    if kind == "agg" or kind in SCALAR or (kind == "present" and form[1][5] == ("all",)):
        return None
    found = None
    for part in form[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str) and any(axes_known(part)):
            found = _union(books, found, rows_of(part, books))
    return found


def axes_known(form: Form) -> tuple[bool, bool]:
    """`axes`, and no axes for a tuple that is no node (values of 属于)."""
    return axes(form) if len(form) > 1 and next(cells_in(form), None) else (False, False)


def columns_of(form: Form, books: Books) -> tuple[str, ...] | None:
    """Column names a form with `表.*` has verdicts for: those all such tables have; None without."""
    found: tuple[str, ...] | None = None
    for cells in cells_in(form):
        if cells[4] == "*":
            names = books.star_columns(cells[2], cells[3])
            found = names if found is None else tuple([name for name in found if name in names])
    return found


def _union(books: Books, left: tuple[str, ...] | None, right: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if left is None or right is None:
        return left if right is None else right
    return books.union((left, right))


def _with_children(form: Form, books: Books) -> tuple[str, ...] | None:
    cells = form[1]
    inner = rows_of(cells, books)
    if inner is None:
        return None
    parents = [sheet.children for sheet in books.sheets(*next(cells_in(cells))[1:4])]
    if all(key in parents[0] for key in inner) if parents else True:
        return inner
    return books.union((tuple([key for key in inner if any(key in p for p in parents)]),))


def _children_nodes(form: Form) -> list[Form]:
    if form[0] == "children":
        return [form]
    if form[0] in ("agg", "cells"):
        return []
    return [node for part in form[1:] if isinstance(part, tuple) and part for node in _children_nodes(part)]


def judge(form: Form, key: Key, books: Books) -> Judgement:
    """The outcome of a condition at one key; vacuous comparisons become 不适用(全空)."""
    found = condition(form, key, books, _NOTHING)
    if found.vacuous and found.outcome != "undecided":
        found.outcome, found.rounding, found.reason = "not_applicable", False, "全空"
    return found


def condition(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    """Judge any condition node; vacuous results keep the truth value their zeros give."""
    known = _CONDITIONS.get(form[0])
    if known is None:
        raise UnknownForm(f"不认识的条件“{form[0]}”")
    return known(form, key, books, env)


def value(form: Form, key: Key, books: Books, env: Environment) -> Value:
    """Evaluate any value node at one key."""
    known = _VALUES.get(form[0])
    if known is None:
        raise UnknownForm(f"不认识的算式“{form[0]}”")
    return known(form, key, books, env)


# --- values -------------------------------------------------------------------------------------


def _cells(form: Form, key: Key, books: Books, env: Environment) -> Value:
    _, scope, table, block, column, rows, missing = form
    name = key[1] if column == "*" else column
    lack = books.lack(scope, table) or books.column_lack(scope, table, block, name or "")
    if lack is not None:
        return Value(problem=lack)
    row = rows[1] if rows[0] == "key" else key[0]
    if name is None or row is None:
        raise UnknownForm("算式缺少行或栏")
    found = [_one(sheet, row, name, rows, missing) for sheet in books.sheets(scope, table, block)]
    if len(found) == 1:
        return found[0]
    present = [v for v in found if not v.absent and (v.problem is None or v.problem.reason != "缺行")]
    return total([(v, 1) for v in present], "money") if present else found[0]


def _one(sheet: Sheet, key: str, column: str, rows: Form, missing: str) -> Value:
    cell = sheet.cell(key, column)
    named = rows[0] in ("key", "keys")
    selected = named or rows[0] == "all" or key in sheet.select(rows).keys
    if cell.amount is None or not selected:
        if cell.amount is not None:
            cell = Cell(sheet.scope, sheet.table, sheet.block, key, column, None, None)
        if missing == "zero" or sheet.may_lack(key if named else ""):
            return Value(terms={cell: 1}, kind="money", blanks=(cell,))
        if rows[0] == "key":
            return Value(terms={cell: 1}, problem=_no_row(cell))
        return Value(terms={cell: 1}, kind="money", absent=(cell,))
    return printed(cell, sheet.unknown_blank)


def _no_row(cell: Cell) -> Lack:
    table, name = cell.table.spec.id, row_label(cell.block, cell.key, None)
    return Lack("缺行", f"《{table}》没有“{name}”这一行", table, f"缺行:{table}[{cell.key}]")


def printed(cell: Cell, unknown_blank: bool) -> Value:
    """The value of a cell that exists: a figure, a blank that counts as 0, or a problem."""
    amount = cell.amount
    assert amount is not None
    if amount.value is not None:
        return Value(amount.value, {cell: 1}, "money", printed=True)
    if amount.state in ("blank", "dash"):
        if unknown_blank:
            return Value(terms={cell: 1}, problem=Lack("空白", f"{cell_name(cell)} 是空白，此表的空白不表示 0", cell.table.spec.id))
        return Value(terms={cell: 1}, kind="money", blanks=(cell,))
    name = cell_name(cell)
    return Value(terms={cell: 1}, problem=Lack("无法识别", f"{name} 的“{amount.raw.strip()}”不能读作数字", cell.table.spec.id, f"无法识别:{name}"))


def _number(form: Form, key: Key, books: Books, env: Environment) -> Value:
    return literal(form[1], form[2], form[3])


def _text(form: Form, key: Key, books: Books, env: Environment) -> Value:
    return Value(kind="text", text=form[1])


def _sum(form: Form, key: Key, books: Books, env: Environment) -> Value:
    sign = -1 if form[0] == "sub" else 1
    return total([(value(form[1], key, books, env), 1), (value(form[2], key, books, env), sign)])


def _neg(form: Form, key: Key, books: Books, env: Environment) -> Value:
    return scale(value(form[1], key, books, env), -1)


def _mul(form: Form, key: Key, books: Books, env: Environment) -> Value:
    return multiply(value(form[1], key, books, env), value(form[2], key, books, env))


def _div(form: Form, key: Key, books: Books, env: Environment) -> Value:
    return divide(value(form[1], key, books, env), value(form[2], key, books, env))


def _agg(form: Form, key: Key, books: Books, env: Environment) -> Value:
    fn, inner = form[1], form[2]
    for cells in cells_in(inner):
        name = key[1] if cells[4] == "*" else cells[4]
        lack = books.lack(cells[1], cells[2]) or books.column_lack(cells[1], cells[2], cells[3], name or "")
        if lack is not None:
            return Value(problem=lack)
    keys = rows_of(inner, books)
    values = [value(inner, (k, key[1]), books, env) for k in keys] if keys is not None else [value(inner, key, books, env)]
    if fn == "count":
        return _count(values)
    absent = next((v.absent[0] for v in values if v.absent), None)
    if absent is not None:
        return failed(_no_row(absent), *values)
    if fn == "sum":
        return total([(v, 1) for v in values], "money" if not values else None)
    if not values:
        return Value(problem=Lack("无数据", "没有可以比较的行"))
    if fn == "avg":
        return scale(total([(v, 1) for v in values]), Fraction(1, len(values)))
    return choose(values, max if fn == "max" else min)


def _count(values: list[Value]) -> Value:
    """How many of the rows show a figure; one that cannot be read leaves the count open."""
    problem = next((v.problem for v in values if v.problem is not None and v.problem.reason not in ("空白", "缺行")), None)
    if problem is not None:
        return failed(problem, *values)
    count = sum(v.printed for v in values)
    terms: dict[Cell, Exact] = {cell: 0 for v in values for cell in v.terms}
    return Value(count, terms, "count", printed=True, constant=count)


def _children(form: Form, key: Key, books: Books, env: Environment) -> Value:
    _, scope, table, block, column, rows, _ = form[1]
    name = key[1] if column == "*" else column
    lack = books.lack(scope, table) or books.column_lack(scope, table, block, name or "")
    if lack is not None or name is None:
        return Value(problem=lack)
    parent = rows[1] if rows[0] == "key" else key[0]
    parts: list[tuple[Value, int]] = []
    for sheet in books.sheets(scope, table, block):
        for position in sheet.children.get(parent or "", ()):
            parts.append((printed(sheet.cell(sheet.keys[position], name), sheet.unknown_blank), 1))
    if not parts:
        return Value(problem=Lack("缺行", f"《{table}》的“{parent}”没有下级", table))
    return total(parts, "money")


def _call(form: Form, key: Key, books: Books, env: Environment) -> Value:
    name, values = form[1], [value(x, key, books, env) for x in form[2:]]
    if name == "abs":
        return absolute(values[0])
    if name in ("max", "min"):
        return choose(values, max if name == "max" else min)
    if name == "round":
        digits = int(values[1].number) if len(values) > 1 else 0
        unit: Exact = 1
        if values[0].kind == "money":
            from juesuan_rules.amounts import UNITS

            unit = UNITS[next(iter(values[0].terms)).table.unit] if values[0].terms else 100
        return rounded(values[0], Fraction(unit) / 10**digits)
    raise UnknownForm(f"不认识的函数“{name}”")


def _field(form: Form, key: Key, books: Books, env: Environment) -> Value:
    record = env[form[1]]
    sheet = record.sheet
    if form[2] not in sheet.block.columns:
        return Value(problem=Lack("缺列", f"《{sheet.table.spec.id}》没有“{form[2]}”栏", sheet.table.spec.id))
    return printed(sheet.cell(record.row.key, form[2]), sheet.unknown_blank)


def _attr(form: Form, key: Key, books: Books, env: Environment) -> Value:
    row = env[form[1]].row
    if form[2] == "level":
        return Value(level_of(row), {}, "count", printed=True, constant=level_of(row))
    text = {"code": row.code or row.key, "name": row.label, "role": row.role}[form[2]]
    return Value(kind="text", text=text)


# --- conditions ---------------------------------------------------------------------------------


def _cmp(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    return decide(form, value(form[2], key, books, env), value(form[3], key, books, env))


_TRUE_FIRST = ("pass", "doubtful", "undecided", "fail")
_FALSE_FIRST = ("fail", "doubtful", "undecided", "pass")


def _combine(parts: list[Judgement], order: tuple[str, ...]) -> Judgement:
    """Kleene's and/or: the part that decides, carrying its own explanation."""
    applicable = [p for p in parts if p.outcome != "not_applicable" or p.vacuous]
    if not applicable:
        return parts[0]
    found = min(applicable, key=lambda p: order.index(_truth(p)))
    found.vacuous = all(p.vacuous for p in applicable)
    found.rounding = found.outcome == "pass" and any(p.rounding for p in applicable if p.outcome == "pass")
    return found


def _truth(judgement: Judgement) -> str:
    # 全空 at an absent key is "both show nothing", which is as true as a comparison of two blanks.
    return "pass" if judgement.outcome == "not_applicable" else judgement.outcome


def _and(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    return _combine([condition(part, key, books, env) for part in form[1:]], _FALSE_FIRST)


def _or(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    return _combine([condition(part, key, books, env) for part in form[1:]], _TRUE_FIRST)


def _not(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    found = condition(form[1], key, books, env)
    if found.outcome == "not_applicable" and not found.vacuous:
        return found
    truth = _truth(found)
    found.outcome = "fail" if truth == "pass" else "pass" if truth == "fail" else found.outcome
    found.rounding, found.form = False, form
    return found


def gate(premise: Form, key: Key, books: Books, env: Environment = _NOTHING) -> Judgement | None:
    """None where the condition holds; else the verdict of whatever stands under it."""
    found = condition(premise, key, books, env)
    truth = _truth(found)
    if truth == "fail" or (found.outcome == "not_applicable" and not found.vacuous):
        return Judgement("not_applicable", reason="条件不成立", form=premise)
    if truth == "doubtful":
        return Judgement("undecided", reason="条件存疑", detail="前提是否成立在舍入范围之内", form=premise)
    return found if truth == "undecided" else None


def _if(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    stop = gate(form[1], key, books, env)
    return stop if stop is not None else condition(form[2], key, books, env)


def _records(cells: Form, books: Books, only: str | None = None) -> list[Record] | Lack:
    _, scope, table, block, _, rows, _ = cells
    lack = books.lack(scope, table) or books.column_lack(scope, table, block, "")
    if lack is not None:
        return lack
    found = []
    for sheet in books.sheets(scope, table, block):
        keys = sheet.select(rows).keys if only is None else (only,)
        found += [Record(sheet, sheet.rows[sheet.index[key]]) for key in keys if key in sheet.index]
    return found


def _each(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    records = _records(form[2], books, key[0])
    if isinstance(records, Lack):
        return undecided(records, form)
    parts = [condition(form[3], key, books, {**env, form[1]: record}) for record in records]
    if not parts:
        return Judgement("not_applicable", reason="无记录", form=form)
    return _combine(parts, _FALSE_FIRST)


def _exists(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    records = _records(form[2], books)
    if isinstance(records, Lack):
        return undecided(records, form)
    parts = [condition(form[3], key, books, {**env, form[1]: record}) for record in records]
    truths = [_truth(p) for p in parts if p.outcome != "not_applicable" or p.vacuous]
    sure, open_ = truths.count("pass"), [p for p in parts if p.outcome in ("undecided", "doubtful")]
    enough = sure >= 1 if form[0] == "exists" else sure == 1
    if form[0] == "unique" and sure > 1:
        return Judgement("fail", detail=f"有 {sure} 条记录符合", form=form)
    if enough and (form[0] == "exists" or not open_):
        return Judgement("pass", form=form)
    if open_:
        first = open_[0]
        return Judgement(first.outcome, reason=first.reason, detail=first.detail, left=first.left, right=first.right, form=form, table=first.table, cause=first.cause)
    return Judgement("fail", detail="没有一条记录符合", form=form)


def _tally(form: Form, key: Key, books: Books, env: Environment) -> Value:
    """计数: how many records meet the condition; one that cannot be judged leaves the count open."""
    records = _records(form[2], books)
    if isinstance(records, Lack):
        return Value(problem=records)
    truths = []
    for record in records:
        found = condition(form[3], key, books, {**env, form[1]: record})
        if found.outcome in ("undecided", "doubtful"):
            return Value(problem=Lack(found.reason or "条件存疑", found.detail or "有的记录是否符合在舍入范围之内", found.table, found.cause))
        truths.append(found.outcome == "pass")
    count = sum(truths)
    return Value(count, {}, "count", printed=True, constant=count)


def _amounts(form: Form, key: Key, books: Books, env: Environment) -> list[Amount | None] | Lack:
    """Original states of what a value rests on; a missing row is None."""
    keys: list[str | None] = [key[0]]
    if form[0] == "agg":
        form = form[2]
        keys = list(rows_of(form, books) or ()) or [None]
    found: list[Amount | None] = []
    for k in keys:
        result = value(form, (k, key[1]), books, env)
        if result.problem is not None and result.problem.reason not in ("空白", "无法识别", "缺行"):
            return result.problem
        found += [cell.amount for cell in result.terms]
    return found


def _present(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    """存在: the report has this table, or this row of a table that it has."""
    cells = next(cells_in(form[1]), None)
    if cells is None:
        return Judgement("pass", form=form)
    _, scope, table, block, _, rows, _ = cells
    lack = books.lack(scope, table)
    if rows == ("all",) or (lack is not None and lack.reason != "缺表"):
        if lack is not None and lack.reason != "缺表":
            return undecided(lack, form)
        return Judgement("fail" if lack is not None else "pass", form=form)
    if lack is not None:
        return undecided(lack, form)
    wanted = rows[1] if rows[0] == "key" else key[0]
    sheets = books.sheets(scope, table, block)
    if wanted is None or rows[0] not in ("key", "all"):
        holds = any(wanted in s.select(rows).keys if wanted is not None else s.select(rows).keys for s in sheets)
    else:
        holds = any(wanted in s.index for s in sheets)
    return Judgement("pass" if holds else "fail", form=form)


def _state(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    amounts = _amounts(form[1], key, books, env)
    if isinstance(amounts, Lack):
        return undecided(amounts, form)
    if any(a is not None and a.state == "unreadable" for a in amounts):
        return undecided(Lack("无法识别", "有的格无法识别"), form)
    if form[0] == "blank":
        holds = all(a is None or a.state in ("blank", "dash") for a in amounts)
    else:
        holds = bool(amounts) and all(a is not None and a.state == "zero" for a in amounts)
    return Judgement("pass" if holds else "fail", form=form)


def _texts_of(form: Form, key: Key, books: Books, env: Environment) -> str | Lack:
    found = value(form, key, books, env)
    if found.text is not None:
        return found.text
    raws = [cell.amount.raw for cell in found.terms if cell.amount is not None]
    if raws:
        return raws[0]
    return found.problem or Lack("空白", "没有文字")


def _match(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    kind, pattern = form[1], form[3]
    text = _texts_of(form[2], key, books, env)
    wanted = pattern if isinstance(pattern, str) else _texts_of(pattern, key, books, env)
    if isinstance(text, Lack) or isinstance(wanted, Lack):
        return undecided(text if isinstance(text, Lack) else wanted if isinstance(wanted, Lack) else Lack("", ""), form)
    if kind == "regex":
        import re2

        holds = re2.search(wanted, text) is not None
    elif kind == "contains":
        holds = fold(wanted) in fold(text)
    else:
        holds = (fold(wanted) == fold(text)) == (kind == "equals")
    return Judgement("pass" if holds else "fail", detail=f"“{text}”", form=form)


def _in(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    found = value(form[1], key, books, env)
    if found.problem is not None:
        return undecided(found.problem, form)
    for option in form[2]:
        if isinstance(option, tuple):
            other = value(option, key, books, env)
            same = fold(found.text) == fold(other.text or "") if found.text is not None else found.number == other.number
        else:
            same = fold(str(option)) == fold(found.text) if found.text is not None else found.number == option
        if same:
            return Judgement("pass", form=form)
    return Judgement("fail", detail=f"“{found.text}”" if found.text is not None else "", left=found, form=form)


_VALUES: dict[str, Callable[[Form, Key, Books, Environment], Value]] = {
    "cells": _cells, "number": _number, "text": _text, "add": _sum, "sub": _sum, "neg": _neg, "mul": _mul, "div": _div,
    "agg": _agg, "children": _children, "call": _call, "field": _field, "attr": _attr, "tally": _tally,
}  # fmt: skip
_CONDITIONS: dict[str, Callable[[Form, Key, Books, Environment], Judgement]] = {
    "cmp": _cmp, "and": _and, "or": _or, "not": _not, "if": _if, "chain": _and, "each": _each, "exists": _exists, "unique": _exists,
    "blank": _state, "zero": _state, "present": _present, "match": _match, "in": _in,
}  # fmt: skip
