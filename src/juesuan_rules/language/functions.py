"""The built-ins of the rule language: one table, read by the checker, the engine and the manual."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

Family = Literal["aggregate", "function", "hierarchy", "predicate", "record", "parameter", "text", "structure"]
Parameter = Literal["cells", "value", "digits", "any", "record", "parameter", "table", "tables", "presence", "records", "dictionary", "word"]
"""What an argument may be. cells: figures of the report. value: any expression with a number.
digits: a whole number of decimals. any: a cell or a table. record: a variable of 每个 and the like.
parameter: the name of a parameter of the layout. table: a printed table, by default the one the rule
fixes. tables: two or more. presence: 必有 or 可空. records: a record set of prose or forms.
dictionary: the name of a dictionary of the layout. word: a text to look for."""

PARAMETER_ZH: dict[str, str] = {
    "cells": "一组金额",
    "value": "金额或数",
    "digits": "小数位数",
    "any": "单元格或表",
    "record": "每个、存在等引入的变量",
    "table": "一张表",
    "tables": "两张以上的表",
    "presence": '"必有" 或 "可空"',
    "parameter": "带引号的参数名",
    "records": "文字、自评表等记录集",
    "dictionary": "带引号的词典名",
    "word": "带引号的词",
}
FAMILY_ZH: dict[str, str] = {
    "aggregate": "汇总",
    "hierarchy": "上下级",
    "function": "计算",
    "predicate": "判断单元格",
    "record": "记录的属性",
    "parameter": "地区参数",
    "text": "判断文字",
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
    """One about printed tables."""
    return Builtin(name, (), "structure", name, parameters, "是否（逐处列出）", doc, example, int(parameters == ("table",)), parameters == ("tables",))


def _text(name: str, doc: str, parameters: tuple[Parameter, ...] = (), argument: str = "", optional: int = 0) -> Builtin:
    """One about the whole text; `argument` is what its example is called with."""
    return Builtin(name, (), "structure", name, parameters, "是否（逐处列出）", doc, f"{name}({argument})", optional)


BUILTINS: tuple[Builtin, ...] = (
    _aggregate("sum", "求和", "各行之和。只写到栏时取明细行，合计、小计、其中都不算；写了方括号就按方括号取。写几个参数时是它们相加。", "sum(总表.支出) == 本年支出合计"),
    _aggregate("min", "最小", "最小的一个。写几个参数时在它们之间比较。", "min(支出表.项目支出) >= 0"),
    _aggregate("max", "最大", "最大的一个。写几个参数时在它们之间比较。", "max(支出表[项].项目支出, 0) <= 总表[本年支出合计]"),
    _aggregate("avg", "平均", "各行的平均数。", "avg(支出表[类].基本支出) >= 0"),
    _aggregate("count", "计数", "有数的行有几行。", "count(支出表[类].基本支出) >= 1个"),
    Builtin("下级合计", (), "hierarchy", "children", ("cells",), "逐行的金额", "每个有下级的行，取表中离它最近一层下级之和。与一整栏比较时，只核对有下级的行。", "支出表.基本支出 == 下级合计(支出表.基本支出)"),
    Builtin("下级计数", (), "hierarchy", "child_count", ("cells",), "逐行的个数", "每个有下级的行，它离得最近的一层下级有几行。", "下级计数(自评表.指标.得分) >= 1个"),
    Builtin("参数", (), "parameter", "parameter", ("parameter",), "一个数或文字", "版式里写定的参数（随地区、年度）：写成数（可带单位）就是数，否则是文字。", '若 参数("占比分母") == "本年支出" 则 占比.百分比 >= 0'),
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
    Builtin("提及", (), "text", "mention", ("word",), "是否", "文字里出现了其中一个词（目录和名词解释不算）。", '若 提及("公积金", "住房改革") 则 存在(支出表[2210201])', repeats=True),
    _text("前后一致", "同一事实在文中各处说的一样；说得不一样的逐个列出。", ("records",), "文字"),
    _text("目录一致", "目录的各项在正文里有标题，标题在目录里有；表由“表齐全”核对。"),
    _text("序号连续", "同一层标题、条目、名词的序号连续，不缺不重。"),
    _text("部分齐全", "词典列出的各部分，报告里都有；词写作“部分：说法|说法”，一个说法都没有才算缺。", ("dictionary",), '"报告部分"', 1),
    _text("各节齐全", "词典列出的各节，情况说明都说到了；目录和名词解释不算。", ("dictionary",), '"说明各节"', 1),
    _text("空表有说明", "可空的表没有数时，表下或文字里有说明。"),
    _text("声明无相符", "文字说没有的收入、支出、三公经费，表里也没有数。"),
    _text("年度一致", "封面、标题、目录、表头、附表的年度都是报告的年度。"),
    _text("文中年度", "说明本年收支的句子没有写成别的年度。与上年比较的不算。"),
    _text("年度写法", "没有“年年度”之类的重字。"),
    _text("单位名一致", "封面、标题、目录、表头的单位名称是同一个单位；所属单位、简称、带不带地名都算同一个。"),
    _text("单位构成", "写明的单位个数等于列出的名单。"),
    _text("附件齐全", "说“见附件”的，报告里有附件。"),
    _text("公开及时", "印有批复日期和公开日期的，相隔不超过 20 天。"),
    _structure("公开细度", "功能科目公开到项，经济科目公开到款。", "公开细度(支出表)"),
    _text("标点成对", "括号、引号、书名号成对。"),
    _text("重复标点", "没有连着重复的标点。"),
    _text("缺金额单位", "金额后面有完整的单位。"),
    _text("金额单位一致", "各表用同一个金额单位。"),
    _text("文中金额单位", "情况说明没有把同一个数一处写成万元、一处写成元。"),
    _text("百分比写法", "没有“00%”，小数位数前后一样。"),
    _text("占位符", "没有留下没填的内容（XX、××、下划线和词典里的词）。", ("dictionary",), '"占位符"', 1),
    _text("模板残留", "没有留下“增加（减少）”之类的选择和范本里的说明文字。", ("dictionary",), '"模板"', 1),
    _text("过时名称", "文字没有用已改的科目名；词典写作“旧名：新名，起始年度”。", ("dictionary",), '"过时名称"', 1),
    _text("过时科目", "表里没有用已改的科目名；词典同“过时名称”。", ("dictionary",), '"过时名称"', 1),
    _text("个人隐私", "没有手机号码、身份证号码、银行卡号。办公电话不算。"),
    _text("级次用语", "“省直部门决算”之类的级次与报告相符。"),
    _text("重复用词", "没有连着重复的词，一处列举里没有重复的项。"),
    _text("重复句子", "不同项目的完成情况没有整句照抄。"),
    _text("同文异写", "科目名称没有与同一份报告里别处差一个字的写法；只报文中自己能证明的。"),
    _text("句子完整", "段落没有在句子中间断掉。"),
    _text("转换痕迹", "数字没有转换文件留下的痕迹（字母 O、数字内空格）。"),
    _text("名词解释齐全", "名词解释逐项解释科目的，用到的项级科目都有解释，没有用到的不解释。"),
    _text("科目存在", "编码的类、款在当年的科目表里有。", ("dictionary",), '"功能科目"'),
    _text("科目名称一致", "编码的名称与当年的科目表相同。", ("dictionary",), '"功能科目"'),
    _text("内部编码", "没有内部系统的编码（项目代码等）露在文中。"),
    _text("标记残留", "没有留下网页、公式等标记和夹在中文里的外文。"),
    _text("表头齐全", "每张表有表号、编制单位、年度、金额单位；各表都不印的不算。"),
    _text("表题与栏目", "表题说“收入支出”的，栏目里有收入。"),
    _text("栏名重复", "一张表里没有两栏同名。"),
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
