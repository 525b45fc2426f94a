"""A small layout of the usual shapes: two-sided, by code, several columns a block, panels, wide."""

from __future__ import annotations

from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Dictionary, FactSpec, Layout, RowSpec, TableSpec
from juesuan_rules.catalogue.records import record_specs
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.functions import BUILTINS
from juesuan_rules.language.model import CheckResult, CheckText, Form, RuleText

TOTAL = RowSpec("合计", "合计", role="合计")


def _general() -> TableSpec:
    sources = ("一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
    income = [RowSpec(n, n, line=i) for i, n in enumerate(sources, 1)]
    income += [RowSpec("本年收入合计", "本年收入合计", line=27, role="合计"), RowSpec("使用非财政拨款结余", "使用非财政拨款结余和专用结余", ("使用非财政拨款结余",), 28, "结转")]
    income += [RowSpec("年初结转和结余", "年初结转和结余", line=29, role="结转"), RowSpec("总计", "总计", ("收入总计",), 31, "总计")]
    spending = [RowSpec("201", "一般公共服务支出", ("一般公共预算服务支出",), 32), RowSpec("202", "外交支出", line=33), RowSpec("203", "国防支出", line=34), RowSpec("204", "公共安全支出", line=35)]
    spending += [RowSpec("本年支出合计", "本年支出合计", line=58, role="合计"), RowSpec("结余分配", "结余分配", line=59, role="结转")]
    spending += [RowSpec("年末结转和结余", "年末结转和结余", line=60, role="结转"), RowSpec("总计", "总计", ("支出总计",), 62, "总计")]
    blocks = (
        BlockSpec("收入", (ColumnSpec("金额", ("决算数",), 1),), tuple(income), ("收入部分",)),
        BlockSpec("支出", (ColumnSpec("金额", ("决算数",), 2),), tuple(spending), ("支出部分",)),
    )
    return TableSpec("收入支出决算总表", ("总表",), ("收入支出决算总表",), "01", "fixed", blocks)


def _coded(table: str, short: str, number: str, columns: tuple[ColumnSpec, ...]) -> TableSpec:
    return TableSpec(table, (short,), (table,), number, "codes", (BlockSpec("", columns, (TOTAL,)),), chart="功能")


def _grants() -> TableSpec:
    income = (
        RowSpec("一般公共预算财政拨款收入", "一般公共预算财政拨款", line=1),
        RowSpec("政府性基金预算财政拨款收入", "政府性基金预算财政拨款", line=2),
        RowSpec("本年收入合计", "本年收入合计", line=27, role="合计"),
        RowSpec("年初一般", "一般公共预算财政拨款", ("年初一般公共预算财政拨款",), 29, "其中"),
        RowSpec("总计", "总计", line=32, role="总计"),
    )
    spending = (
        RowSpec("201", "一般公共服务支出", line=33),
        RowSpec("202", "外交支出", line=34),
        RowSpec("本年支出合计", "本年支出合计", line=59, role="合计"),
        RowSpec("总计", "总计", line=64, role="总计"),
    )
    columns = (ColumnSpec("合计", ("小计",), 2), ColumnSpec("一般公共预算财政拨款", (), 3), ColumnSpec("政府性基金预算财政拨款", (), 4), ColumnSpec("国有资本经营预算财政拨款", (), 5))
    blocks = (BlockSpec("收入", (ColumnSpec("金额", (), 1),), income), BlockSpec("支出", columns, spending))
    return TableSpec("财政拨款收入支出决算总表", ("财拨总表",), ("财政拨款收入支出决算总表",), "04", "fixed", blocks)


def _panels() -> TableSpec:
    rows = (
        RowSpec("301", "工资福利支出"),
        RowSpec("30101", "基本工资"),
        RowSpec("30113", "住房公积金"),
        RowSpec("30212", "因公出国（境）费用", ("因公出国（境）费",)),
        RowSpec("399", "其他支出"),
        RowSpec("39999", "其他支出"),
        RowSpec("人员经费合计", "人员经费合计", role="合计"),
        RowSpec("公用经费合计", "公用经费合计", role="合计"),
    )
    return TableSpec("基本支出决算明细表", ("基本明细表",), ("基本支出决算明细表",), "06", "panels", (BlockSpec("", (ColumnSpec("决算数"),), rows),), chart="经济", numbers_row=False)


def _travel() -> TableSpec:
    rows = (RowSpec("合计", "合计", role="合计"), RowSpec("因公出国", "因公出国（境）费", sequence="1"), RowSpec("公务接待", "公务接待费", sequence="2"))
    columns = (ColumnSpec("预算数"), ColumnSpec("决算数"))
    wide = tuple((i + 1, key, column) for i, (column, key) in enumerate((c, k) for c in ("预算数", "决算数") for k in ("合计", "因公出国", "公务接待")))
    return TableSpec("“三公”经费支出决算表", ("三公表",), ("“三公”经费支出决算表",), "07", "fixed", (BlockSpec("", columns, rows),), numbers_row=False, wide=wide)


def small_layout() -> Layout:
    """The layout the tests of the language run on."""
    spending = tuple(ColumnSpec(n, ("合计",) if i == 1 else (), i) for i, n in enumerate(("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"), 1))
    grouped = (
        ColumnSpec("年初结转和结余", (), 1),
        ColumnSpec("小计", ("本年支出", "合计"), 2, "本年支出"),
        ColumnSpec("基本支出", (), 3, "本年支出"),
        ColumnSpec("项目支出", (), 4, "本年支出"),
    )
    tables = (
        _general(),
        _coded("收入决算表", "收入表", "02", (ColumnSpec("本年收入合计", (), 1), ColumnSpec("财政拨款收入", (), 2))),
        _coded("支出决算表", "支出表", "03", spending),
        _grants(),
        _coded("政府性基金表", "基金表", "08", grouped),
        _panels(),
        _travel(),
    )
    facts = (FactSpec("支出总计", ("支出总额",)), FactSpec("收入总计"), FactSpec("车辆保有量", unit="辆"), FactSpec("培训人次", unit="人次"))
    parameters = (("占比分母", "本年支出"), ("截尾", True), ("小数位数", 2), ("工资上限", "1,200万元"), ("单位", ("甲", "乙")), ("警戒线", "10%"))
    named = {word for b in BUILTINS if "dictionary" in b.parameters for word in b.example.split('"')[1::2]}
    dictionaries = tuple(Dictionary(name, (("甲", "乙"),)) for name in sorted(named))
    return Layout("试验", tables, parameters=parameters, records=record_specs(facts), facts=facts, dictionaries=dictionaries)


def check(*texts: str, table: str | None = None, when: str | None = None) -> CheckResult:
    """The result of checking one rule with these expressions."""
    rule = RuleText("T-1", "试验", tuple(CheckText(t) for t in texts), table=table, when=CheckText(when) if when is not None else None)
    return check_rules([rule], small_layout())


def form(text: str, table: str | None = None) -> Form:
    """The form of an expression that must be sound and give no warning."""
    result = check(text, table=table)
    assert result.diagnostics == ()
    return result.rules[0].checks[0].form


def problems(text: str, table: str | None = None) -> tuple[Diagnostic, ...]:
    """The diagnostics of an expression that must have some."""
    result = check(text, table=table)
    assert result.diagnostics, text
    return result.diagnostics


def marked(diagnostic: Diagnostic, text: str) -> str:
    """The characters of `text` (one line) that a diagnostic points at."""
    return text[diagnostic.span.column - 1 : diagnostic.span.end_column - 1]
