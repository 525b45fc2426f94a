"""A rule's checked form in words: what must hold, and which cells it reads."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from juesuan_rules.amounts import show
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.catalogue.records import FACTS, VALUE
from juesuan_rules.language.functions import find_builtin
from juesuan_rules.language.model import Form

_AGGREGATES = {"sum": "之和", "min": "中最小的", "max": "中最大的", "avg": "的平均数", "count": "的行数"}
_COMPARES = {"==": "等于", "!=": "不等于", "<=": "不大于", ">=": "不小于", "<": "小于", ">": "大于"}
_OPPOSITE = {"==": "!=", "!=": "==", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
_SIGNS = {"add": "+", "sub": "-", "mul": "×", "div": "÷"}
_CALLS = {"abs": "绝对值", "round": "四舍五入", "min": "较小者", "max": "较大者"}
_ATTRIBUTES = {"code": "编码", "name": "名称", "level": "级次", "role": "行类"}
_MATCHES = {"contains": "包含", "regex": "形如", "equals": "是", "differs": "不是"}
_KEYS_SHOWN = 8


class Words:
    """Puts forms into words under one layout: short table names, rows by their printed label."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def meaning(self, form: Form) -> Iterator[str]:
        """What must hold, a line per comparison."""
        kind, *rest = form
        if kind in ("chain", "and"):
            for part in rest:
                yield from self.meaning(part)
        elif kind == "if":
            yield f"若{self.condition(rest[0])}，则："
            yield from (f"  {line}" for line in self.meaning(rest[1]))
        elif kind == "each":
            yield f"{self.value(rest[1])}，逐行看："
            yield from (f"  {line}" for line in self.meaning(rest[2]))
        elif kind == "structure":
            builtin = find_builtin(str(rest[0]))
            about = "、".join(self._table(str(part)) for part in rest[1:])
            yield f"{about}：{builtin.doc}" if builtin and about else builtin.doc if builtin else str(rest[0])
        elif kind == "cmp":
            yield self.value(rest[1]) + " 须" + _COMPARES[rest[0]] + " " + self.value(rest[2]) + _repeated(form)
        else:
            yield f"须{self.condition(form)}"

    def condition(self, form: Form) -> str:
        """A condition as a clause."""
        kind, *rest = form
        if kind == "cmp":
            return f"{self.value(rest[1])} {_COMPARES[rest[0]]} {self.value(rest[2])}"
        if kind in ("and", "or", "chain"):
            return ("，或" if kind == "or" else "，且").join(self.condition(part) for part in rest)
        if kind == "not" and rest[0][0] == "cmp":
            return self.condition(("cmp", _OPPOSITE[rest[0][1]], *rest[0][2:]))
        if kind == "not":
            return f"并非（{self.condition(rest[0])}）"
        if kind == "if":
            return f"若{self.condition(rest[0])}则{self.condition(rest[1])}"
        if kind in ("blank", "zero", "present"):
            return self.value(rest[0]) + {"blank": "没有填", "zero": "填了 0", "present": "存在"}[kind]
        if kind == "in":
            return f"{self.value(rest[0])}是 {'、'.join(self._member(part) for part in rest[1])} 之一"
        if kind == "match":
            return f"{self.value(rest[1])}{_MATCHES.get(rest[0], '符合')}{self._member(rest[2])}"
        if kind in ("each", "exists", "unique"):
            head = {"each": "的每一行都满足：", "exists": "中有一行满足：", "unique": "中恰有一行满足："}[kind]
            return self.value(rest[1]) + head + self.condition(rest[2])
        if kind == "mention":
            return f"文字里提到“{'”或“'.join(rest)}”"
        return "、".join(self.meaning(form)) if kind == "structure" else "表达式成立"

    def value(self, form: Form) -> str:
        """A value or a set of cells as a phrase."""
        kind, *rest = form
        if kind == "number":
            return number(*rest[:3])
        if kind == "cells":
            return self._cells(form)
        if kind == "agg":
            return f"{self.value(rest[1])} {_AGGREGATES[rest[0]]}"
        if kind == "children":
            return f"{self.value(rest[0])} 的下级合计"
        if kind == "child_count":
            return f"{self.value(rest[0])} 的下级行数"
        if kind == "tally":
            return f"{self.value(rest[1])}中满足“{self.condition(rest[2])}”的行数"
        if kind in _SIGNS:
            right = self.value(rest[1])
            left = self.value(rest[0])
            if rest[1][0] in ("add", "sub") and kind != "add":
                right = f"（{right}）"
            if rest[0][0] in ("add", "sub") and kind in ("mul", "div"):
                left = f"（{left}）"
            return f"{left} {_SIGNS[kind]} {right}"
        if kind == "neg":
            return f"-（{self.value(rest[0])}）"
        if kind == "call":
            return f"{_CALLS.get(rest[0], rest[0])}（{'，'.join(self.value(part) for part in rest[1:])}）"
        if kind == "field":
            return f"{_whose(rest[0])}的{rest[1]}"
        if kind == "attr":
            return f"{_whose(rest[0])}的{_ATTRIBUTES.get(rest[1], rest[1])}"
        return f"“{rest[0]}”" if kind == "text" else "所示的值"

    def reads(self, forms: list[Any]) -> list[str]:
        """Every set of cells the forms read, each once: table, block, column and rows."""
        found: dict[str, None] = {}
        for form in walk(forms):
            if form[0] == "cells" and len(form) >= 7:
                _, scope, table, block, column, rows, missing = form[:7]
                parts = [scope, table, block, "各栏" if column == "*" else column]
                text = " · ".join(part for part in parts if part) + "：" + self.rows(rows, str(table), str(block))
                found[text + ("（缺行按 0 计）" if missing == "zero" else "")] = None
        return list(found)

    def rows(self, rows: Form, table: str, block: str) -> str:
        """Which rows, in words."""
        kind, *rest = rows
        if kind in ("key", "keys"):
            names = [self._row(str(key), table, block) for key in rest[:_KEYS_SHOWN]]
            return "、".join(names) + (f" 等 {len(rest)} 行" if len(rest) > _KEYS_SHOWN else "")
        if kind == "not":
            return f"{self.rows(rest[0], table, block)}以外的行"
        if kind == "and":
            return f"{self.rows(rest[0], table, block)}中的{self.rows(rest[1], table, block)}"
        known = {"all": "各行", "prefix": f"编码以 {rest[0] if rest else ''} 开头的行", "label": f"名为「{rest[0] if rest else ''}」的行"}
        return known.get(kind) or (f"{rest[0]}各行" if rest and rest[0] not in ("合计", "总计") else "、".join(map(str, rest)))

    def _cells(self, form: Form) -> str:
        _, scope, table, block, column, rows = form[:6]
        spec = self.layout.table(str(table))
        sides = len(spec.blocks) > 1 if spec else bool(block)
        part = spec.block(str(block)) if spec else None
        if spec is not None and spec.id == FACTS and rows[0] == "key":
            fact = f"{scope}.{spec.id}" if scope else spec.id
            return f"「{fact}.{rows[1]}」" if column == VALUE else f"「{fact}[{rows[1]}].{column}」"
        only = part is not None and len(part.columns) == 1
        parts = [scope, self._table(str(table)), block if sides else "", "" if only else "各栏" if column == "*" else column]
        name = ".".join(part for part in parts if part)
        return f"「{name}」" if rows[0] == "all" else f"「{name}」的{self.rows(rows, str(table), str(block))}"

    def _table(self, name: str) -> str:
        spec = self.layout.table(name)
        return spec.short[0] if spec and spec.short else name

    def _row(self, key: str, table: str, block: str) -> str:
        spec = self.layout.table(table)
        part = spec.block(block) if spec else None
        row = next((r for r in part.rows if r.key == key), None) if part else None
        if row is None:
            return f"{key} 行" if key.isdigit() else key
        return row.label + (f"（{row.line} 行）" if row.line is not None else f"（{key}）" if key.isdigit() else "")

    def _member(self, value: Any) -> str:
        if isinstance(value, tuple) and value and value[0] in ("number", "text"):
            return self.value(value)
        return f"“{value}”"


def tolerances(forms: list[Any]) -> list[str]:
    """How exact each comparison has to be, each kind once."""
    found: dict[str, None] = {}
    for form in walk(forms):
        if form[0] != "cmp" or len(form) < 5:
            continue
        kind, *rest = form[4]
        if kind == "tail":
            found["尾差：按印出的小数位推算，每个四舍五入的数最多差末位的一半；项数越多，允许的越大"] = None
        elif kind == "relative":
            found[f"右边的 {decimal(Fraction(rest[0], rest[1]) * 100)}%"] = None
        elif kind == "fixed":
            unit = "（按表头印的金额单位）" if rest[2] is None else ""
            found["0：必须完全相同" if not rest[0] else number(rest[0], rest[1], rest[2] or "none") + unit] = None
    return list(found)


def number(numerator: int, denominator: int, unit: str) -> str:
    """A number with its unit; money is in 分."""
    value = Fraction(numerator, denominator)
    if unit == "money":
        return f"{show(value, '元')} 元" if value else "0"
    if unit == "percent":
        return f"{decimal(value * 100)}%"
    if unit == "points":
        return f"{decimal(value * 100)} 个百分点"
    return decimal(value) + {"score": " 分值", "count": " 个"}.get(unit, "")


def decimal(value: Fraction) -> str:
    """An exact number: decimal digits where it has at most six, else a fraction."""
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            whole, part = divmod(abs(scaled.numerator), 10**places)
            return ("-" if value < 0 else "") + str(whole) + (f".{part:0{places}d}" if places else "")
    return f"{value.numerator}/{value.denominator}"


def walk(form: Any) -> Iterator[Form]:
    """Every node of a form (or of a list of forms), outermost first."""
    if isinstance(form, (tuple, list)):
        if form and isinstance(form[0], str):
            yield tuple(form)
        for part in form:
            yield from walk(part)


def _whose(variable: str) -> str:
    """The row a variable stands for, or the form that row stands in (r.表单)."""
    return "该行所在表单" if "." in variable else "该行"


def _repeated(form: Form) -> str:
    """Whether a comparison is made row by row, column by column, or once."""
    by_row = any(_by_row(side) for side in form[2:4])
    by_column = any(node[0] == "cells" and node[4] == "*" for node in walk(form[2:4]))
    return {(True, True): "，逐行逐栏核对", (True, False): "，逐行核对", (False, True): "，逐栏核对"}.get((by_row, by_column), "")


def _by_row(form: Form) -> bool:
    if form[0] == "cells":
        return bool(form[5][0] != "key" and form[5] not in (("group", "合计"), ("group", "总计")))
    return form[0] != "agg" and any(_by_row(part) for part in form[1:] if isinstance(part, tuple) and part and isinstance(part[0], str))
