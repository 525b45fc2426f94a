"""The full judgement of one check at one key: a walk over the conditions of a form.

`screen` settles what is certain; this settles everything, and gives the same verdict for what
`screen` settled. Conditions follow Kleene's logic with 不适用 as a fourth value: what nobody stated
makes a 且 不适用 (unless another part is false), adds nothing to a 或, and stays what it is under 非;
a 若 or 每个 that finds nothing to check asks nothing of the 且 it stands in. A comparison of nothing
with nothing is vacuous and becomes 不适用 only when the whole check is.
"""

from __future__ import annotations

from collections.abc import Callable

from juesuan_rules.amounts import Exact
from juesuan_rules.engine.books import Books, Lack
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement, decide, undecided
from juesuan_rules.engine.domain import rows_of
from juesuan_rules.engine.forms import cells_in
from juesuan_rules.engine.lacks import NOT_FOUND, NOT_SAID, is_prose
from juesuan_rules.engine.text_checks.pages import CONTENTS, GLOSSARY, prose_lack, prose_pages
from juesuan_rules.engine.text_conditions import among, match
from juesuan_rules.engine.valuation import Environment, Key, Record, UnknownForm, value
from juesuan_rules.engine.values import Value
from juesuan_rules.language.model import Form

_NOTHING: Environment = {}


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


def _cmp(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    return decide(form, value(form[2], key, books, env), value(form[3], key, books, env))


_TRUE_FIRST = ("pass", "doubtful", "undecided", "fail")
_FALSE_FIRST = ("fail", "doubtful", "undecided", "pass")
_IMPLIED = ("if", "each")
"""Conditions that hold of themselves where there is nothing they speak of."""


def _silent(judgement: Judgement) -> bool:
    """不适用 for good: nothing is stated that could be compared (two blanks are something)."""
    return judgement.outcome == "not_applicable" and not judgement.vacuous


def _combine(parts: list[Judgement], order: tuple[str, ...]) -> Judgement:
    """Kleene's and/or: the part that decides, carrying its own explanation."""
    applicable = [p for p in parts if not _silent(p)]
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
    parts: list[Judgement] = []
    silent: Judgement | None = None
    plain = True
    for part in form[1:]:
        found = condition(part, key, books, env)
        if found.outcome == "fail" and not found.vacuous:
            return found
        plain = plain and found.outcome == "pass" and not found.vacuous and not found.rounding
        if silent is None and part[0] not in _IMPLIED and _silent(found):
            silent = found
        parts.append(found)
    if plain:
        return parts[0]
    if silent is not None and not any(p.outcome == "fail" for p in parts):
        return silent
    return _combine(parts, _FALSE_FIRST)


def _or(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    parts: list[Judgement] = []
    for part in form[1:]:
        found = condition(part, key, books, env)
        if found.outcome == "pass" and not found.vacuous:
            return found
        parts.append(found)
    return _combine(parts, _TRUE_FIRST)


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
    if found.outcome == "not_applicable" and not found.vacuous:
        return Judgement("not_applicable", reason=found.reason or "条件不成立", detail=found.detail, form=premise)
    if truth == "fail":
        return Judgement("not_applicable", reason="条件不成立", form=premise)
    if truth == "doubtful":
        return Judgement("undecided", reason="条件存疑", detail="前提是否成立在舍入范围之内", form=premise)
    return found if truth == "undecided" else None


def _if(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    stop = gate(form[1], key, books, env)
    return stop if stop is not None else condition(form[2], key, books, env)


def records_of(cells: Form, books: Books, only: str | None = None) -> list[Record] | Lack:
    """The rows a quantifier ranges over (only the one of key `only`, where given), or why there are none."""
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
    records = records_of(form[2], books, key[0])
    if isinstance(records, Lack):
        return undecided(records, form)
    parts = [condition(form[3], key, books, {**env, form[1]: record}) for record in records]
    if not parts:
        return Judgement("not_applicable", reason="无记录", form=form)
    if len(parts) == 1 and parts[0].outcome != "pass":
        return parts[0]
    return _combine(parts, _FALSE_FIRST)


def _exists(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    records = records_of(form[2], books)
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
    return Judgement("fail", form=form)


_STATED = ("空白", "无法识别", "缺行", NOT_FOUND, NOT_SAID)
"""Reasons that are themselves what 为空 and 为零 ask for."""


def _asked(form: Form, key: Key, books: Books, env: Environment) -> Value:
    """The cells a value rests on, whatever state they are in; its problem where they are out of reach."""
    record = env.get(form[1]) if form[0] == "field" else None
    if record is not None and form[2] in record.sheet.block.columns:
        return Value(terms={record.sheet.cell(record.row.key, form[2]): 0})
    keys: list[str | None] = [key[0]]
    if form[0] == "agg":
        form = form[2]
        keys = list(rows_of(form, books) or ()) or [None]
    found: dict[Cell, Exact] = {}
    for k in keys:
        result = value(form, (k, key[1]), books, env)
        found.update(dict.fromkeys(result.terms, 0))
        if result.problem is not None and result.problem.reason not in _STATED:
            return Value(terms=found, problem=result.problem)
    return Value(terms=found)


def _present(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    """存在: the report has this table, or this row of a table that it has."""
    cells = next(cells_in(form[1]), None)
    if cells is None:
        return Judgement("pass", form=form)
    _, scope, table, block, _, rows, _ = cells
    lack = books.lack(scope, table)
    if rows == ("all",) and lack is None and books.nothing(table).table:
        return Judgement("pass" if any(sheet.rows for sheet in books.sheets(scope, table, block)) else "fail", form=form)
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
    detail = "" if holds else "文字里没有说到，" if any(is_prose(s.table.spec) for s in sheets) else f"{table} 没有这一行，"
    return Judgement("pass" if holds else "fail", detail=detail, form=form)


def _mention(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    """提及: one of the words stands in the prose."""
    lack = prose_lack(books)
    if lack is not None:
        return undecided(lack, form)
    words = form[1:]
    holds = any(word in passage.text for passage in prose_pages(books).passages if passage.role not in (CONTENTS, GLOSSARY) for word in words)
    return Judgement("pass" if holds else "fail", detail="" if holds else f"文字里没有提到“{'”“'.join(words)}”", form=form)


_EMPTY = ("blank", "dash")


def _field_state(form: Form, env: Environment) -> Judgement | None:
    """为空 and 为零 of one legible field of a record, which most premises ask for."""
    record = env.get(form[1][1])
    if record is None or form[1][2] not in record.sheet.block.columns:
        return None
    cell = record.sheet.cell(record.row.key, form[1][2])
    state = cell.amount.state if cell.amount is not None else "unreadable"
    if state == "unreadable":
        return None
    holds = state in _EMPTY if form[0] == "blank" else state == "zero"
    return Judgement("pass" if holds else "fail", left=Value(terms={cell: 0}), form=form)


def _state(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    if form[1][0] == "field" and (quick := _field_state(form, env)) is not None:
        return quick
    asked = _asked(form[1], key, books, env)
    if asked.problem is not None:
        return undecided(asked.problem, form, asked)
    amounts = [cell.amount for cell in asked.terms]
    if any(a is not None and a.state == "unreadable" for a in amounts):
        return undecided(Lack("无法识别", "有的格无法识别"), form, asked)
    if form[0] == "blank":
        holds = all(a is None or a.state in ("blank", "dash") for a in amounts)
    else:
        holds = bool(amounts) and all(a is not None and a.state == "zero" for a in amounts)
    return Judgement("pass" if holds else "fail", left=asked, form=form)


_CONDITIONS: dict[str, Callable[[Form, Key, Books, Environment], Judgement]] = {
    "cmp": _cmp, "and": _and, "or": _or, "not": _not, "if": _if, "chain": _and, "each": _each, "exists": _exists, "unique": _exists,
    "blank": _state, "zero": _state, "present": _present, "match": match, "in": among, "mention": _mention,
}  # fmt: skip
