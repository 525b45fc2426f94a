"""The full judgement of one check at one key: a walk over the conditions of a form.

`screen` settles what is certain; this settles everything, and gives the same verdict for what
`screen` settled. Conditions follow Kleene's logic; a comparison of nothing with nothing is vacuous
and becomes 不适用 only when the whole check is.
"""

from __future__ import annotations

from collections.abc import Callable

from juesuan_rules.amounts import Amount
from juesuan_rules.engine.books import Books, Lack
from juesuan_rules.engine.compare import Judgement, decide, undecided
from juesuan_rules.engine.domain import rows_of
from juesuan_rules.engine.forms import cells_in
from juesuan_rules.engine.valuation import Environment, Key, Record, UnknownForm, value
from juesuan_rules.language.model import Form
from juesuan_rules.names import fold

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
    return Judgement("fail", detail="没有一条记录符合", form=form)


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


_CONDITIONS: dict[str, Callable[[Form, Key, Books, Environment], Judgement]] = {
    "cmp": _cmp, "and": _and, "or": _or, "not": _not, "if": _if, "chain": _and, "each": _each, "exists": _exists, "unique": _exists,
    "blank": _state, "zero": _state, "present": _present, "match": _match, "in": _in,
}  # fmt: skip
