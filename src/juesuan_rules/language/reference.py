"""The manual's page on the language, written from the tables that the checker itself uses."""

from __future__ import annotations

from juesuan_rules.language.codes import CODES
from juesuan_rules.language.functions import BUILTINS, FAMILY_ZH, PARAMETER_ZH, Builtin
from juesuan_rules.language.units import MEASURE_ZH, UNITS

_HEAD = """# 规则语言参考

本页由程序生成（内置函数、单位、错误代码各取自程序里的表），请勿手改。

## 写法一览

| 写法 | 意思 |
|---|---|
| `总表[本年支出合计].金额`、`总表[本年支出合计]` | 按名称取行；只有一个金额栏时不必写栏 |
| `总表[58行, 2栏]`、`总表[58行]` | 按印出的行次、栏次取 |
| `总表[1..8行]` | 一段行次 |
| `支出表[2010301].基本支出` | 按编码取行 |
| `支出表[201*].项目支出` | 编码以 201 开头的行 |
| `支出表[类]` `[款]` `[项]` `[合计]` `[明细]` `[末级]` `[非末级]` `[小计]` `[非 合计]` | 按行组取行 |
| `支出表.基本支出` | 一整栏：逐行核对时是所有行，汇总时只取明细行 |
| `支出表.*` | 每一栏，逐栏核对 |
| `财拨总表.支出.合计[总计]`、`财拨总表[总计].支出.合计` | 先部分、再栏、再行组；行写在方括号里，放前放后都可以 |
| `支出表.项目支出[缺作0]` | 缺的行按 0 计 |
| `01表.支出` | 按表号写表（表号随地区、年度的版式） |
| `27行 == sum(1..8行)` | 规则里写了 `表: 总表` 时 |
| `本年支出合计` | 只写名称：在本规则写到的表里找，只能有一处 |
| `上年.总表[年末结转和结余]`、`所属单位.总表[…]` | 上年的报告、所属单位的报告 |
| `文字.支出总计`、`文字[支出总计].增减率` | 情况说明里的事实（由规则包的 facts/ 声明）：不写栏就是它的值；另有 上年数 增减额 增减率 预算数 比预算增减额 比预算增减率 完成率 占比 |
| `文字科目.值`、`文字经济科目.值`、`文字项目[甲项目].执行数` | 文字里按科目、按项目说的数，和表按编码对齐 |
| `占比` `增减` `完成率` `其中` `声明无` | 文字里的各种说法，一句一行：`每个 r 属于 占比：r.百分比 == r.部分 / r.总体` |
| `自评表.总分`、`自评表.指标.得分` | 绩效表单，一份一行；里面的 指标 任务 资金 监控 各行属于它的表单 |
| `每个 r 属于 自评表.指标：r.得分 <= r.表单.总分` | 表单里的一行所在的表单：`r.表单.` 后面写表单的栏目；名称写 `r.表单.名称` |
| `增减.方向 == "增加"`、`r.运算符号 属于 {">=", "≥"}` | 文字的栏目：只能用 == != 包含 匹配 属于 |
| `参数("占比分母")` | 地区参数 |
| `「因公出国（境）费」` | 有标点或空格的名称加引号；方括号里的圆括号不必 |
| `200元` `1,204.00万元` `10%` `0.5个百分点` `3辆` | 带单位的数；和金额比较的数要写单位（0 除外） |
| `+ - × ÷`（或 `* /`） | 算式 |
| `== != <= >= < >`（或 `≠ ≤ ≥`）、`甲 == 乙 == 丙` | 比较；连写时相邻两项各得一个结论 |
| `± 0.02` | 容差，按所比的表印的单位；`± 0.02万元`、`± 200元`、`± 0.1%`、`± 0.5个百分点`、`± 0.01分值`、`± 尾差`、`± 0` |
| `甲 且 乙`、`甲 或 乙`、`非 甲` | 逻辑；两边空一格 |
| `若 甲 则 乙 否则 丙` | 甲不成立时：没有“否则”就是不适用 |
| `文字.甲 > 0 且 为空(文字.乙)` | 文字没有说到甲时：`且` 的一部分不适用，整个条件就不适用（另一部分已经不成立的，是不成立）；`或` 只看说到的部分；`为空(…)` 总有是非 |
| `编码(r) 属于 {2080505, 2080506}`、`不属于` | 在几个之中 |
| `名称(r) 包含 "运行"`、`匹配 "^行政.*$"`、`不包含`、`不匹配` | 文字 |
| `每个 r 属于 支出表[项]：r.项目支出 >= 0` | 逐行；`存在 r 属于 …：…`、`唯一 r 属于 …：…` 得一个是否，`计数 r 属于 …：…` 得个数 |

全角、半角写法相同；引号里的文字照原样。只写比较、不写容差时，按 `± 尾差`。
"""


def generate_reference() -> str:
    """The reference of the language as Markdown, in Chinese."""
    parts = [_HEAD, "## 内置函数\n"]
    for family, title in FAMILY_ZH.items():
        parts.append(f"### {title}\n")
        parts += [_entry(b) for b in BUILTINS if b.family == family]
    parts += ["## 单位\n", _units(), "## 错误和警告代码\n", _codes()]
    return "\n".join(parts).rstrip() + "\n"


def signature(builtin: Builtin) -> str:
    """How a built-in is called, in words: round(金额或数[, 小数位数])."""
    required = len(builtin.parameters) - builtin.optional
    text = "、".join(PARAMETER_ZH[p] for p in builtin.parameters[:required])
    optional = "、".join(PARAMETER_ZH[p] for p in builtin.parameters[required:])
    if optional:
        text += f"[{'、' if text else ''}{optional}]"
    return f"{builtin.name}({text}{'…' if builtin.repeats else ''})"


def _entry(builtin: Builtin) -> str:
    aliases = f"（也可写 {'、'.join(builtin.aliases)}）" if builtin.aliases else ""
    return f"**`{signature(builtin)}`**{aliases} → {builtin.result}\n\n{builtin.doc}\n\n    {builtin.example}\n"


def _units() -> str:
    rows = ["| 单位 | 是什么 |", "|---|---|"]
    for measure, title in MEASURE_ZH.items():
        names = [name for name, unit in UNITS.items() if unit.measure == measure and name]
        if names:
            rows.append(f"| {' '.join(names)} | {title} |")
    return "\n".join(rows) + "\n"


def _codes() -> str:
    rows = ["| 代码 | 意思 |", "|---|---|"]
    rows += [f"| {code} | {meaning} |" for code, meaning in CODES.items()]
    return "\n".join(rows) + "\n"
