"""Sentences and filled formulas, made from a rule's form and the values it met.

Nothing here decides anything: a judgement comes in, Chinese comes out.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from juesuan_rules.catalogue.records import VALUE
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Bound, Judgement
from juesuan_rules.engine.domain import rows_of
from juesuan_rules.engine.filled import ratio_text
from juesuan_rules.engine.forms import size
from juesuan_rules.engine.lacks import is_prose
from juesuan_rules.engine.naming import cell_name, row_name, short_name
from juesuan_rules.engine.valuation import Key
from juesuan_rules.engine.values import Value
from juesuan_rules.engine.wording import (
    SIGNS,
    cell_note,
    figure_text,
    number_text,
    plain_text,
    printed_decimals,
    unit_of,
    unit_word,
)
from juesuan_rules.language.model import Form

_MOST_NAMED = 6
_DIRECTION = {"<=": ("大于", "多"), "<": ("不小于", "多"), ">=": ("小于", "少"), ">": ("不大于", "少"), "!=": ("等于", "相差")}


class Wording(msgspec.Struct):
    """Names things for one verdict: which report, which key, which table and column were named last."""

    books: Books
    key: Key
    table: str = ""
    column: str = ""

    def describe(self, form: Form) -> str:
        """What a value is, in words: 总表 支出 明细 26 行之和, 本年支出合计; "" for a literal."""
        kind = form[0]
        if kind == "cells":
            return self._cells(form) or self.column
        if kind == "agg":
            return self._aggregate(form)
        if kind == "tally":
            return self._tally(form[2])
        if kind == "children":
            return f"下级 {self._children(form[1])} 行之和"
        if kind == "child_count":
            return "下级行数"
        if kind in ("add", "sub"):
            return self._addition(form)
        if kind in ("mul", "div"):
            parts = [self.describe(x) or self._literal(x) for x in form[1:3]]
            return f"{parts[0]} {'×' if kind == 'mul' else '÷'} {parts[1]}"
        if kind == "neg":
            return f"负的 {self.describe(form[1])}"
        if kind == "field":
            return f"表单的{form[2]}" if "." in form[1] else str(form[2])
        if kind == "attr":
            return {"code": "编码", "name": "名称", "level": "级次", "role": "行类"}.get(form[2], "")
        if kind == "call":
            name = {"abs": "绝对值", "max": "最大者", "min": "最小者", "round": "四舍五入"}.get(form[1], form[1])
            return f"{'、'.join(filter(None, [self.describe(x) for x in form[2:]]))}的{name}"
        return ""

    def _cells(self, form: Form) -> str:
        _, scope, table, block, column, rows, _ = form
        spec = self.books.report.layout.table(table)
        half = spec.block(block) if spec is not None else None
        name = (self.key[1] if column == "*" else column) or ""
        if spec is not None and is_prose(spec):
            said = self._row(table, block, rows[1]) if rows[0] == "key" else ""
            return f"{f'{scope} ' if scope else ''}文中{said}" + (f"{'的' if said else ''}{name}" if name != VALUE else "" if said else "数")
        head = self._head(scope, table, block, rows, column)
        named = [head] if head else []
        if rows[0] == "key":
            named.append(self._row(table, block, rows[1]))
        # A column is named once, and not where it is the only one: "支出表 合计 基本支出 …，类 5 行之和 …".
        if (head or name != self.column) and (half is None or len(half.columns) > 1):
            named.append(name)
        self.column = name
        return " ".join(filter(None, named))

    def _head(self, scope: str, table: str, block: str, rows: Form, column: str) -> str:
        """Scope, table and block, as far as they were not named just before."""
        spec = self.books.report.layout.table(table)
        name = (f"{scope} " if scope else "") + (short_name(spec) if spec is not None else table)
        head = "" if self.table == name else name
        self.table = name
        label = self._row(table, block, rows[1]) if rows[0] == "key" else ""
        blocks = spec.blocks if spec is not None else ()
        other = [b for b in blocks if b.name != block]
        ambiguous = any(row.label == label for b in other for row in b.rows) if label else any(c.name == column for b in other for c in b.columns)
        return " ".join(filter(None, (head, block if block and ambiguous else "")))

    def _tally(self, cells: Form) -> str:
        """What is counted are records, not one column of them: 自评表 指标 中符合条件的记录."""
        _, scope, table, block, *_ = cells
        spec = self.books.report.layout.table(table)
        return " ".join(filter(None, (scope, short_name(spec) if spec is not None else table, block, "中符合条件的记录")))

    def _row(self, table: str, block: str, key: str) -> str:
        return next((row_name(sheet, key) for sheet in self.books.sheets("", table, block)), key)

    def _aggregate(self, form: Form) -> str:
        fn, inner = form[1], form[2]
        keys = rows_of(inner, self.books)
        count = len(keys) if keys is not None else 1
        name = {"sum": "之和", "min": "中最小的", "max": "中最大的", "avg": "的平均数", "count": "中有数的行数"}.get(fn, "")
        what = self._cells(inner) if inner[0] == "cells" else self.describe(inner)
        if inner[0] == "cells" and inner[5][0] == "keys" and len(inner[5]) <= _MOST_NAMED:
            named = "、".join(inner[5][1:])
            return f"{what} {named} {'中有数的' if fn == 'count' else name}".strip()
        return f"{what} {_rows_word(inner)}{count} 行{name}".strip()

    def _children(self, cells: Form) -> int:
        key = cells[5][1] if cells[5][0] == "key" else self.key[0]
        return sum(len(sheet.children.get(key or "", ())) for sheet in self.books.sheets(cells[1], cells[2], cells[3]))

    def _addition(self, form: Form) -> str:
        if (base := _last_year(form)) is not None:
            return f"推算的上年{self.describe(base).removeprefix('文中') if base[0] == 'cells' else '数'}"
        parts = _addends(form, 1)
        shown = parts if len(parts) <= 4 else parts[:2]
        words = ""
        for sign, part in shown:
            name = self.describe(part) or self._literal(part)
            words += name if not words and sign > 0 else ("＋" if sign > 0 else "－") + name
        return words if len(parts) <= 4 else f"{words} 等 {len(parts)} 项之和"

    def _literal(self, form: Form) -> str:
        if form[0] == "number":
            number = Fraction(form[1], form[2])
            unit = {"money": "万元", "percent": "%", "points": "%"}.get(form[3], "")
            return number_text(number, unit, 0) + unit
        return str(form[1]) if form[0] == "text" else ""


def _rows_word(form: Form) -> str:
    rows: Form = form[5] if form[0] == "cells" else ("all",)
    if rows[0] == "group":
        return f"{rows[1]} "
    return f"{rows[1]}* " if rows[0] == "prefix" else ""


def _addends(form: Form, sign: int) -> list[tuple[int, Form]]:
    if form[0] in ("add", "sub"):
        return _addends(form[1], sign) + _addends(form[2], sign if form[0] == "add" else -sign)
    return [(sign, form)]


_THIS_YEAR = ("本年", VALUE, "决算", "金额")


def _last_year(form: Form) -> Form | None:
    """The figure of this year, where the form takes its own change from it: what is left is last year's."""
    if form[0] != "sub" or form[1][0] != form[2][0] or form[1][0] not in ("field", "cells"):
        return None
    this, change = form[1], form[2]
    at = 2 if this[0] == "field" else 4
    if this[at] not in _THIS_YEAR or change[at] not in ("增减额", "带符号增减额"):
        return None
    same = this[1] == change[1] if this[0] == "field" else (this[2], this[5]) == (change[2], change[5])
    return this if same else None


def sentence(judgement: Judgement, key: Key, key_text: str, books: Books, source: str) -> str:
    """One Chinese sentence with the figures in it."""
    head = f"{key_text}：" if key_text else ""
    if judgement.outcome == "not_applicable":
        return head + {"全空": judgement.detail or "两边都没有数", "条件不成立": "不满足适用条件"}.get(judgement.reason or "", judgement.detail or "不适用")
    if judgement.outcome in ("undecided", "rule_error"):
        return head + (judgement.detail or judgement.reason or "")
    if judgement.absent:
        return head + _absent_sentence(judgement)
    if judgement.form[:1] != ("cmp",) or judgement.left is None or judgement.right is None:
        return head + _condition(judgement, source)
    if judgement.left.text is not None or judgement.right.text is not None:
        return head + (_texts(judgement, Wording(books, key)) or _condition(judgement, source))
    return head + _comparison(judgement, Wording(books, key))


def _condition(judgement: Judgement, source: str) -> str:
    """A condition that compares no figures: what was found, and the condition."""
    said = "符合" if judgement.outcome == "pass" else "不符合"
    detail, form = judgement.detail.rstrip("，"), judgement.form
    if form[:2] in (("match", "equals"), ("match", "differs")) and isinstance(form[3], str) and judgement.outcome == "fail":
        return f"印作{detail}，{'应为' if form[1] == 'equals' else '不应为'}“{form[3]}”"
    if form[:1] in (("match",), ("in",)) and detail.startswith("“"):
        detail = f"印作{detail}"
    return f"{detail}，{said}“{source}”" if detail else f"{said}“{source}”"


def _texts(judgement: Judgement, wording: Wording) -> str:
    """印作“增加”，应为“持平”; "" where one side shows no text."""
    left, right, form = judgement.left, judgement.right, judgement.form
    if left is None or right is None or left.text is None or right.text is None or form[1] not in ("==", "!="):
        return ""
    name = wording.describe(form[2])
    printed = f"{name} 印作“{left.text}”".strip()
    holds = judgement.outcome == "pass"
    if form[3][0] == "text":
        if holds:
            return printed
        return f"{printed}，{'应为' if form[1] == '==' else '不应为'}“{right.text}”"
    other = f"{wording.describe(form[3])} 印作“{right.text}”".strip()
    return f"{printed}，{other}" + ("" if holds else "，应当相同" if form[1] == "==" else "，不应相同")


def _comparison(judgement: Judgement, wording: Wording) -> str:
    left, right, form = judgement.left, judgement.right, judgement.form
    assert left is not None and right is not None
    unit = unit_of(judgement)
    a, b = _side(form[2], left, unit, wording), _side(form[3], right, unit, wording)
    op, difference = form[1], judgement.difference or 0
    allowed = _allowed(judgement.bound, unit)
    gap = f"{number_text(size(difference), unit)}{unit_word(unit, True)}"
    if judgement.outcome == "pass" and not judgement.rounding:
        return f"{a}，{SIGNS[op]} {b}" if op != "==" else f"{a}，与 {b} 相等"
    if judgement.outcome == "doubtful":
        most = number_text(judgement.bound.most, unit) if judgement.bound else ""
        return f"{a}，{b}，相差 {gap}，超过通常的尾差；只有各数舍入方向都一致才可能（最多 {most}）"
    if op == "==" and not right.terms:
        return f"{a}，应为 {b}"
    if op == "==" or judgement.outcome == "pass":
        return f"{a}，{b}，相差 {gap}{allowed}"
    word, verb = _DIRECTION[op]
    if not difference or (unit == "个" and not right.terms):
        return f"{a}，{word} {b}"
    return f"{a}，{word} {b}，{verb} {gap}{allowed}"


def _side(form: Form, value: Value, unit: str, wording: Wording) -> str:
    name = wording.describe(form)
    if form[0] == "field" and any(is_prose(cell.table.spec) for cell in value.terms):
        name = f"文中{name}"
    if value.parts is not None:
        return f"{name}（{ratio_text(value, unit)}）"
    figure = f"{number_text(value.number, unit, printed_decimals(value))}{unit_word(unit)}"
    if name and value.terms and not value.printed and not value.constant:
        return f"{name} 空白" if all(cell.amount is not None for cell in value.terms) else f"{name} 没有数"
    return f"{name} {figure}" if name else figure


def _allowed(bound: Bound | None, unit: str) -> str:
    if bound is None or (bound.kind == "tail" and not bound.terms):
        return ""
    if bound.kind == "interval":
        return "（已计入各数的舍入范围）"
    name = "尾差允许" if bound.kind == "tail" else "容差"
    return f"（{name} {number_text(bound.sure, unit)}）"


def _absent_sentence(judgement: Judgement) -> str:
    missing = judgement.absent[0]
    values = [v for v in (judgement.left, judgement.right) if v is not None]
    shown = [cell for v in values for cell in v.terms if cell.amount is not None and cell.amount.value]
    there = f"{cell_name(shown[0])} 有 {figure_text(shown[0], shown[0].amount.value or 0)}{unit_word(shown[0].amount.unit)}，" if shown and shown[0].amount else ""
    if is_prose(missing.table.spec):
        return f"{there}文字里没有写 {row_name(missing.sheet, missing.key)}"
    return f"{there}{short_name(missing.table.spec)} 没有 {row_name(missing.sheet, missing.key)} 这一行"


def tolerance_note(bound: Bound | None, unit: str, terms: int) -> str | None:
    """Where the tolerance came from, how many rounded figures went in, and how far it reaches."""
    if bound is None:
        return None
    word = unit_word(unit, True)
    if bound.kind == "tail":
        if not bound.terms:
            return "尾差：各数都是精确数，不允许有差"
        return f"尾差：{bound.terms} 个四舍五入的数，允许 {number_text(bound.sure, unit)}{word}，最多可能 {number_text(bound.most, unit)}{word}"
    if bound.kind == "interval":
        return f"区间：{terms} 个数各按印出的位数上下浮动半个末位"
    if bound.kind == "relative":
        return f"规则写明：右边的 ±{plain_text(Fraction(bound.written[0]) * 100)}%"
    return f"规则写明：±{number_text(bound.sure, unit)}{word}"


def operand_notes(judgement: Judgement) -> list[tuple[Cell, str]]:
    """Every cell the judgement used, once, left side first, with how it was counted."""
    absent = set(judgement.absent)
    cells: dict[Cell, str] = {}
    for value in (judgement.left, judgement.right):
        if value is not None:
            for cell in value.terms:
                cells.setdefault(cell, cell_note(cell, cell in absent))
    return list(cells.items())
