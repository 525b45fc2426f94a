"""Values at one key: a walk over the value nodes of a form that keeps what it met."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import msgspec

from juesuan_rules.amounts import UNITS, Amount, Exact
from juesuan_rules.engine.books import Books, Lack
from juesuan_rules.engine.columns import Cell, Sheet, level_of
from juesuan_rules.engine.domain import rows_of
from juesuan_rules.engine.forms import cells_in
from juesuan_rules.engine.lacks import CONFLICT, NOT_FOUND, NOT_SAID, conflict, is_prose, row_lack
from juesuan_rules.engine.naming import cell_name, row_label
from juesuan_rules.engine.values import Value, absolute, choose, divide, failed, literal, measure, money_unit, multiply, rounded, scale, total
from juesuan_rules.language.model import Form
from juesuan_rules.reports.model import Row

Key = tuple[str | None, str | None]
"""(row key, column): None where the check does not vary along that axis."""


_SCOPES = {0: "", -1: "上年"}
"""The scope of a sheet as rules write it; any other: 所属单位."""
_DEEPEST = 4
_NOT_THERE = ("缺行", NOT_FOUND, NOT_SAID)
"""Reasons of a row that is not there."""


class UnknownForm(Exception):
    """A node this engine does not know: the rule was checked by a newer language."""


class Record(msgspec.Struct, frozen=True):
    """The row a quantifier's variable stands for."""

    sheet: Sheet
    row: Row


Environment = dict[str, Record]


def record_named(name: str, books: Books, env: Environment) -> Record | Lack:
    """The record a variable stands for; of `r.表单` the form in which the record of r stands."""
    variable, _, owner = name.partition(".")
    record = env[variable]
    if not owner:
        return record
    table, scope = record.sheet.table, _SCOPES.get(record.sheet.scope, "所属单位")
    blocks = [sheet for name in table.blocks for sheet in books.sheets(scope, table.spec.id, name) if sheet.table is table]
    parent = record.row.parent
    # Parts may stand below a total or a group, and that below the form.
    for _ in range(_DEEPEST):
        sheet = next((one for one in blocks if parent in one.index), None) if parent is not None else None
        if sheet is None or parent is None:
            break
        row = sheet.rows[sheet.index[parent]]
        if not sheet.block.spec.name:
            return Record(sheet, row)
        parent = row.parent
    return Lack("缺行", f"《{table.spec.id}》的“{record.row.label}”不知道是哪一份表单的", table.spec.id)


def value(form: Form, key: Key, books: Books, env: Environment) -> Value:
    """Evaluate any value node at one key."""
    known = _VALUES.get(form[0])
    if known is None:
        raise UnknownForm(f"不认识的算式“{form[0]}”")
    return known(form, key, books, env)


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
    present = [v for v in found if not v.absent and (v.problem is None or v.problem.reason not in _NOT_THERE)]
    return total([(v, 1) for v in present]) if present else found[0]


def _one(sheet: Sheet, key: str, column: str, rows: Form, missing: str) -> Value:
    cell = sheet.cell(key, column)
    selected = rows[0] in ("key", "all") or key in sheet.select(rows).keys
    named = selected and rows[0] in ("key", "keys")
    if cell.amount is None or not selected:
        if cell.amount is not None:
            cell = Cell(sheet, key, column, None, None)
        kind = measure(sheet.unit(column))
        if missing == "zero" or sheet.may_lack(key if named else ""):
            return Value(terms={cell: 1}, kind=kind, blanks=(cell,))
        if rows[0] == "key":
            return Value(terms={cell: 1}, problem=_no_row(cell))
        return Value(terms={cell: 1}, kind=kind, absent=(cell,))
    return printed(cell, sheet.unknown_blank)


def _no_row(cell: Cell) -> Lack:
    return row_lack(cell.table, cell.key, row_label(cell.sheet, cell.key))


def printed(cell: Cell, unknown_blank: bool) -> Value:
    """The value of a cell that exists: a figure, a text, a blank that counts as 0, or a problem."""
    amount = cell.amount
    assert amount is not None
    kind = measure(amount.unit or cell.sheet.unit(cell.column))
    if amount.value is not None:
        return Value(amount.value, {cell: 1}, kind, printed=True)
    if amount.state in ("blank", "dash"):
        if unknown_blank:
            return Value(terms={cell: 1}, problem=_unstated(cell))
        return Value(terms={cell: 1}, kind=kind, blanks=(cell,))
    if kind == "text" and amount.state == "text":
        return Value(terms={cell: 0}, kind=kind, text=amount.raw.strip())
    return Value(terms={cell: 1}, problem=_illegible(cell, amount))


def _unstated(cell: Cell) -> Lack:
    """A blank that is no 0. What a sentence does not say is not there to be checked; a field of a form is."""
    table = cell.table.spec
    if is_prose(table):
        return Lack(NOT_SAID, f"文字里没有写明 {cell_name(cell)}", table.id, outcome="not_applicable")
    meaning = "没有写明" if cell.sheet.records else "是空白，此表的空白不表示 0"
    return Lack("空白", f"{cell_name(cell)} {meaning}", table.id)


def _illegible(cell: Cell, amount: Amount) -> Lack:
    name, table = cell_name(cell), cell.table.spec.id
    known = conflict(cell.table, cell.row) if cell.row is not None else None
    if known is not None:
        return Lack(CONFLICT, known.message.rstrip("。"), table, f"{CONFLICT}:{table}[{cell.key}]")
    return Lack("无法识别", f"{name} 的“{amount.raw.strip()}”不能读作数字", table, f"无法识别:{name}")


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
    if not keys and keys is not None and fn != "count" and (nothing := _nothing(inner, books)) is not None:
        return Value(problem=nothing)
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


def _nothing(inner: Form, books: Books) -> Lack | None:
    """A sum over no record is no 0: in a record set there was nothing to add up."""
    tables = [cells[2] for cells in cells_in(inner)]
    return next((lack for table in tables if (lack := books.nothing(table)).table), None)


def _count(values: list[Value]) -> Value:
    """How many of the rows show a figure; one that cannot be read leaves the count open."""
    problem = next((v.problem for v in values if v.problem is not None and v.problem.reason not in ("空白", *_NOT_THERE)), None)
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
    cells = [
        sheet.cell(sheet.keys[position], name) for sheet in books.sheets(scope, table, block) for position in sheet.below(rows).get(parent or "", ())
    ]
    if form[0] == "child_count":
        return Value(len(cells), dict.fromkeys(cells, 0), "count", printed=True, constant=len(cells))
    if not cells:
        return Value(problem=Lack("缺行", f"《{table}》的“{parent}”没有下级", table))
    return total([(printed(cell, cell.sheet.unknown_blank), 1) for cell in cells])


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
            unit = UNITS.get(next(map(money_unit, values[0].terms), ""), 100)
        elif values[0].kind in ("percent", "points"):
            unit = Fraction(1, 100)
        return rounded(values[0], Fraction(unit) / 10**digits)
    raise UnknownForm(f"不认识的函数“{name}”")


def _field(form: Form, key: Key, books: Books, env: Environment) -> Value:
    record = record_named(form[1], books, env)
    if isinstance(record, Lack):
        return Value(problem=record)
    sheet = record.sheet
    if form[2] not in sheet.block.columns:
        return Value(problem=Lack("缺列", f"《{sheet.table.spec.id}》没有“{form[2]}”栏", sheet.table.spec.id))
    return printed(sheet.cell(record.row.key, form[2]), sheet.unknown_blank)


def _attr(form: Form, key: Key, books: Books, env: Environment) -> Value:
    record = record_named(form[1], books, env)
    if isinstance(record, Lack):
        return Value(problem=record)
    row = record.row
    if form[2] == "level":
        return Value(level_of(row), {}, "count", printed=True, constant=level_of(row))
    text = {"code": row.code or row.key, "name": row.label, "role": row.role}[form[2]]
    return Value(kind="text", text=text)


def _tally(form: Form, key: Key, books: Books, env: Environment) -> Value:
    """计数: how many records meet the condition; one that cannot be judged leaves the count open."""
    # Conditions are made of values, and this one value of a condition.
    from juesuan_rules.engine.judge import condition, records_of

    records = records_of(form[2], books)
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


_VALUES: dict[str, Callable[[Form, Key, Books, Environment], Value]] = {
    "cells": _cells, "number": _number, "text": _text, "add": _sum, "sub": _sum, "neg": _neg, "mul": _mul, "div": _div,
    "agg": _agg, "children": _children, "child_count": _children, "call": _call, "field": _field, "attr": _attr, "tally": _tally,
}  # fmt: skip
