"""The built-ins of the rule language: one table, read by the checker, the engine and the manual."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

Family = Literal["aggregate", "function", "hierarchy", "predicate", "record", "structure"]
Parameter = Literal["cells", "value", "digits", "any", "record", "table", "tables", "presence"]
"""What an argument may be. cells: figures of the report. value: any expression with a number.
digits: a whole number of decimals. any: a cell or a table. record: a variable of 每个 and the like.
table: a table, by default the one the rule fixes. tables: two or more. presence: 必有 or 可空."""

PARAMETER_ZH: dict[str, str] = {
    "cells": "一组金额",
    "value": "金额或数",
    "digits": "小数位数",
    "any": "单元格或表",
    "record": "每个、存在等引入的变量",
    "table": "一张表",
    "tables": "两张以上的表",
    "presence": '"必有" 或 "可空"',
}
FAMILY_ZH: dict[str, str] = {
    "aggregate": "汇总",
    "hierarchy": "上下级",
    "function": "计算",
    "predicate": "判断单元格",
    "record": "记录的属性",
    "structure": "结构检查",
}
PRESENCE = ("必有", "可空")
"""What 表齐全 may be asked for."""


class Builtin(msgspec.Struct, frozen=True):
    """One built-in. name: as shown to readers and, for structure, in the form. tag: its name in the
    form. parameters: kinds of its arguments; `optional` of the last ones may be left out."""

    name: str
    aliases: tuple[str, ...]
    family: Family
    tag: str
    parameters: tuple[Parameter, ...]
    result: str
    doc: str
    example: str
    optional: int = 0
    repeats: bool = False


def _aggregate(name: str, alias: str, doc: str, example: str) -> Builtin:
    return Builtin(name, (alias,), "aggregate", name, ("cells",), "一个数（表.* 则每栏一个）", doc, example, repeats=name in ("sum", "min", "max"))


def _structure(name: str, doc: str, example: str, parameters: tuple[Parameter, ...] = ("table",)) -> Builtin:
    return Builtin(name, (), "structure", name, parameters, "是否（逐处列出）", doc, example, int(parameters == ("table",)), parameters == ("tables",))


BUILTINS: tuple[Builtin, ...] = (
    _aggregate("sum", "求和", "各行之和。只写到栏时取明细行，合计、小计、其中都不算；写了方括号就按方括号取。写几个参数时是它们相加。", "sum(总表.支出) == 本年支出合计"),
    _aggregate("min", "最小", "最小的一个。写几个参数时在它们之间比较。", "min(支出表.项目支出) >= 0"),
    _aggregate("max", "最大", "最大的一个。写几个参数时在它们之间比较。", "max(支出表[项].项目支出, 0) <= 总表[本年支出合计]"),
    _aggregate("avg", "平均", "各行的平均数。", "avg(支出表[类].基本支出) >= 0"),
    _aggregate("count", "计数", "有数的行有几行。", "count(支出表[类].基本支出) >= 1个"),
    Builtin("下级合计", (), "hierarchy", "children", ("cells",), "逐行的金额", "每个有下级的行，取表中离它最近一层下级之和。与一整栏比较时，只核对有下级的行。", "支出表.基本支出 == 下级合计(支出表.基本支出)"),
    Builtin("abs", ("绝对值",), "function", "abs", ("value",), "同参数", "去掉正负号。", "abs(总表[年末结转和结余]) <= 总表.支出[总计]"),
    Builtin("round", ("四舍五入",), "function", "round", ("value", "digits"), "同参数", "按所印单位四舍五入到几位小数；不写位数时到整数。", "round(总表[本年支出合计], 1) == round(支出表[合计].本年支出合计, 1)", 1),
    Builtin("为空", ("空白",), "predicate", "blank", ("cells",), "是否", "单元格没有填（空白或横线）。看的是原样，不把空白当 0。", "非 为空(总表[本年支出合计])"),
    Builtin("为零", (), "predicate", "zero", ("cells",), "是否", "单元格填了 0 或 0.00。空白不是零。", "若 为零(总表[本年收入合计]) 则 为零(总表[本年支出合计])"),
    Builtin("存在", (), "predicate", "present", ("any",), "是否", "报告里有这张表或这一行。", "若 存在(支出表[2210201]) 则 支出表[2210201].基本支出 >= 0"),
    Builtin("名称", (), "record", "name", ("record",), "文字", "这一行的名称。", '每个 r 属于 支出表[项]：若 名称(r) == "行政运行" 则 r.项目支出 == 0'),
    Builtin("编码", (), "record", "code", ("record",), "文字", "这一行的科目编码。", "每个 r 属于 支出表[项]：若 编码(r) 属于 {2080505, 2080506} 则 r.项目支出 == 0"),
    Builtin("级次", (), "record", "level", ("record",), "个数", "类是 1，款是 2，项是 3，其他行是 0。", "每个 r 属于 支出表[末级]：级次(r) == 3"),
    Builtin("行类", (), "record", "role", ("record",), "文字", "这一行是明细、合计、小计、其中、结转还是总计。", '每个 r 属于 总表.支出：若 行类(r) == "明细" 则 r.金额 >= 0'),
    _structure("表齐全", "该有的表都在。“必有”：没有就不行的表；“可空”：没有数也要列出空表的表。", '表齐全("必有")', ("presence",)),
    _structure("读取完整", "表里的行、栏、数都读懂了；没读懂的逐处列出。", "读取完整()", ()),
    _structure("行次连续", "印出的行次从头到尾连续，不缺不重。", "行次连续(总表)"),
    _structure("编码递增", "科目编码从上到下递增，没有重复。", "编码递增(支出表)"),
    _structure("行齐全", "标准行都在。", "行齐全(总表)"),
    _structure("行序", "标准行的先后与版式一致。", "行序(总表)"),
    _structure("科目树完整", "每个下级科目的上级都在；该有下级的科目有下级。", "科目树完整(支出表)"),
    _structure("编码位数", "科目编码的位数对：功能科目 3、5、7 位，经济科目 3、5 位。", "编码位数(支出表)"),
    _structure("编码归属", "下级编码以上级编码开头，排在上级之下。", "编码归属(基本明细表)"),
    _structure("同码同名", "同一编码在各表里名称相同。", "同码同名(收入表, 支出表, 一般支出表)", ("tables",)),
    _structure("栏目成对", "预算数与决算数的栏目成对出现，次序相同。", "栏目成对(三公表)"),
)
"""Every built-in, in the order of the manual."""

STRUCTURE_NAMES: tuple[str, ...] = tuple(b.name for b in BUILTINS if b.family == "structure")
"""Names that stand in ("structure", name, ...)."""


@lru_cache(maxsize=1)
def builtin_names() -> dict[str, Builtin]:
    """Built-ins by name and alias."""
    return {name: builtin for builtin in BUILTINS for name in (builtin.name, *builtin.aliases)}


def find_builtin(name: str) -> Builtin | None:
    """The built-in of that name or alias (Latin names in any case), or None."""
    return builtin_names().get(name) or builtin_names().get(name.lower())
