"""Mentions become record sets of facts: one value for many places, signs, contradictions, codes, projects."""

from __future__ import annotations

from typing import Any

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, FactSpec, Layout, TableSpec
from juesuan_rules.documents.model import GridBlock, Place
from juesuan_rules.reports.model import BlockData, Row, Sentence, Table
from juesuan_rules.reports.prose.facts import fact_tables
from juesuan_rules.reports.prose.figures import find_figures
from juesuan_rules.reports.prose.model import At, Mention

PART = "第三部分 2023年度部门决算情况说明"
GENERAL = (PART, "五、一般公共预算财政拨款支出决算情况说明")
BASIC = (PART, "六、一般公共预算财政拨款基本支出决算情况说明")
REVIEWS = (PART, "十、预算绩效情况说明")

FACTS = (
    FactSpec("收入总计"),
    FactSpec("三公经费", ("“三公”经费支出",)),
    FactSpec("公务接待费", (), outside=("公用经费", "基本支出")),
    FactSpec("公车保有量", ("公务用车保有量",), "辆", patterns=("保留公务用车{整数}辆",)),
    FactSpec("机关运行经费", ("机关运行经费支出",)),
)
LAYOUT = Layout("cn", (), facts=FACTS)


class Prose:
    """Sentences with the mentions somebody found in them."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.mentions: list[Mention] = []

    def say(self, text: str, sections: tuple[str, ...], *found: tuple[Any, ...], **more: Any) -> At:
        """found: (subject, aspect, figure number, what else the mention holds)."""
        number = len(self.sentences)
        place = Place(line=number + 1)
        self.sentences.append(Sentence(text, text, place, sections, number, find_figures(text, place)))
        for subject, aspect, figure, *rest in found:
            self.mentions.append(Mention((number, figure), subject, aspect, **{**more, **(rest[0] if rest else {})}))
        return number, 0

    def tables(self, layout: Layout = LAYOUT, **tables: Table) -> dict[str, Table]:
        return fact_tables(tuple(self.sentences), tuple(self.mentions), layout, tables)[0]

    def read(self) -> frozenset[At]:
        return fact_tables(tuple(self.sentences), tuple(self.mentions), LAYOUT, {})[1]


def code_table(chart: str, rows: dict[str, tuple[str, str]], table: str = "一般公共预算财政拨款支出决算表") -> Table:
    spec = TableSpec(table, (), (), "05", "codes", (BlockSpec("", (ColumnSpec("小计"),)),), chart=chart)
    block = BlockData(
        spec.blocks[0],
        tuple([Row(code, name, name, code, code) for code, (name, _) in rows.items()]),
        {"小计": tuple([Amount(raw, "number" if raw else "blank", int(float(raw) * 1_000_000) if raw else None, 2, "万元") for _, raw in rows.values()])},
    )
    return Table(spec, table, "万元", {"": block}, GridBlock(()), year=2023)


def cell(table: Table, key: str, column: str = "值") -> Amount:
    block = table.blocks[""]
    return block.columns[column][[row.key for row in block.rows].index(key)]


def keys(table: Table) -> list[str]:
    return [row.key for row in table.blocks[""].rows]


def test_every_declared_fact_has_a_row_and_what_is_not_said_is_blank() -> None:
    prose = Prose()
    prose.say("2023年度“三公”经费支出13.61万元，完成预算的75.61%。", (PART, "三公"), ("“三公”经费支出", "值", 0), ("“三公”经费支出", "完成率", 1))
    table = prose.tables()["文字"]
    assert keys(table) == [fact.name for fact in FACTS]
    assert cell(table, "三公经费").value == 13_610_000 and cell(table, "三公经费", "完成率").unit == "%"
    assert cell(table, "收入总计").state == "blank" and cell(table, "三公经费", "预算数").state == "blank"
    assert prose.read() == {(0, 0), (0, 1)} and not table.problems


def test_changes_are_signed_and_level_is_a_zero() -> None:
    prose = Prose()
    section = (PART, "八、机关运行经费")
    prose.say(
        "机关运行经费支出比上年减少2.36万元，降低0.65%。",
        section,
        ("机关运行经费支出", "增减额", 0),
        ("机关运行经费支出", "增减率", 1),
        direction="减少",
        base="上年",
    )
    prose.say("公务接待费与上年持平。", (PART, "三公"), ("公务接待费", "增减额", -1), direction="持平", base="上年")
    prose.say("收入总计与上年基本持平。", (PART, "总体"), ("收入总计", "增减额", -1), direction="持平", base="上年")
    table = prose.tables()["文字"]
    assert cell(table, "机关运行经费", "增减额").value == -2_360_000 and cell(table, "机关运行经费", "增减额").raw.startswith("2.36")
    assert cell(table, "机关运行经费", "增减率").value == cell(table, "机关运行经费", "增减率").value is not None
    assert (cell(table, "公务接待费", "增减额").raw, cell(table, "公务接待费", "增减额").value) == ("持平", 0)
    assert cell(table, "收入总计", "增减额").state == "blank"
    assert all(at[1] >= 0 for at in prose.read())


def test_change_against_an_older_year_is_not_the_change_against_last_year() -> None:
    prose = Prose()
    prose.say("“三公”经费支出比2019年减少5.00万元。", (PART, "三公"), ("“三公”经费支出", "增减额", 0), direction="减少", base="2019年", year=2023)
    assert cell(prose.tables()["文字"], "三公经费", "增减额").state == "blank"


def test_one_fact_stated_twice_alike_is_one_value() -> None:
    prose = Prose()
    prose.say("“三公”经费支出约13.6万元。", (PART, "三公"), ("“三公”经费支出", "值", 0))
    prose.say("“三公”经费支出13.61万元。", (PART, "三公"), ("“三公”经费支出", "值", 0))
    table = prose.tables()["文字"]
    assert cell(table, "三公经费").value == 13_610_000 and not table.problems
    assert cell(table, "三公经费").place == Place(line=1)


def test_copies_a_rounding_apart_agree() -> None:
    prose = Prose()
    prose.say("“三公”经费支出13.61万元。", (PART, "三公"), ("“三公”经费支出", "值", 0))
    prose.say("“三公”经费支出13.62万元。", (PART, "三公"), ("“三公”经费支出", "值", 0))
    assert not prose.tables()["文字"].problems


def test_one_fact_stated_differently_is_a_contradiction() -> None:
    prose = Prose()
    prose.say("机关运行经费支出593.72万元。", (PART, "机关运行经费"), ("机关运行经费支出", "值", 0))
    prose.say("机关运行经费支出580.61万元。", (PART, "其他"), ("机关运行经费支出", "值", 0))
    table = prose.tables()["文字"]
    amount, (problem,) = cell(table, "机关运行经费"), table.problems
    assert amount.state == "unreadable" and amount.value is None
    assert "593.72" in amount.raw and " / " in amount.raw and "580.61" in amount.raw
    assert (problem.kind, problem.table, problem.key) == ("文内矛盾", "文字", "机关运行经费")
    assert "第 1 行" in problem.message and "第 2 行" in problem.message and "593.72万元" in problem.message


def test_completion_of_two_budgets_is_no_contradiction() -> None:
    prose = Prose()
    prose.say(
        "完成年初预算的120%，完成调整预算的98%。",
        (PART, "三公"),
        ("“三公”经费支出", "完成率", 0, {"base": "年初预算"}),
        ("“三公”经费支出", "完成率", 1, {"base": "调整预算"}),
    )
    table = prose.tables()["文字"]
    assert cell(table, "三公经费", "完成率").raw.startswith("120") and not table.problems


def test_value_of_last_year_stands_in_its_own_column() -> None:
    prose = Prose()
    prose.say("2022年“三公”经费支出15.00万元。", (PART, "三公"), ("“三公”经费支出", "值", 0), year=2022)
    table = prose.tables(一般=code_table("功能", {}))["文字"]
    assert cell(table, "三公经费").state == "blank" and cell(table, "三公经费", "上年数").value == 15_000_000


def test_figures_in_a_reason_state_no_fact() -> None:
    prose = Prose()
    prose.say("增加的主要原因是公务接待费2.00万元在本年支付。", (PART, "三公"), ("公务接待费", "值", 0))
    assert cell(prose.tables()["文字"], "公务接待费").state == "blank"


def test_pattern_finds_what_no_subject_says() -> None:
    prose = Prose()
    prose.say("车改后局机关保留公务用车 ３ 辆。".replace("３", "3").replace(" ", ""), (PART, "三公"))
    assert cell(prose.tables()["文字"], "公车保有量").value == 3


TABLE = code_table(
    "功能",
    {
        "201": ("一般公共服务支出", "9"),
        "20105": ("统计信息事务", "9"),
        "2010501": ("行政运行", "5"),
        "2010507": ("专项普查活动", "4"),
        "208": ("社会保障和就业支出", "2"),
        "20805": ("行政事业单位养老支出", "2"),
        "2080505": ("机关事业单位基本养老保险缴费支出", "2"),
    },
)


def test_paths_of_the_general_budget_are_keyed_by_code() -> None:
    prose = Prose()
    prose.say(
        "一般公共服务支出（类）统计信息事务（款）行政运行（项）5.00万元，完成年初预算的110%。",
        GENERAL,
        ("一般公共服务支出（类）统计信息事务（款）行政运行（项）", "值", 0),
        ("一般公共服务支出（类）统计信息事务（款）行政运行（项）", "完成率", 1),
    )
    prose.say("社会保障和就业支出2.00万元，具体包括：", GENERAL, ("社会保障和就业支出", "值", 0))
    prose.say("外星事务（款）接待（项）年初预算为1.00万元。", GENERAL, ("外星事务（款）接待（项）", "预算数", 0))
    prose.say("城乡社区支出（类）3.00万元。", (PART, "七、政府性基金预算财政拨款支出决算情况说明"), ("城乡社区支出（类）", "值", 0))
    table = prose.tables(一般支出表=TABLE)["文字科目"]
    assert keys(table) == ["2010501", "208", "外星事务/接待"]
    assert [row.code for row in table.blocks[""].rows] == ["2010501", "208", None]
    assert cell(table, "2010501").value == 5_000_000 and cell(table, "2010501", "完成率").raw.startswith("110")


def test_items_take_the_class_of_the_heading_above_them() -> None:
    prose = Prose()
    under = (*GENERAL, "（二）社会保障和就业支出（类）")
    prose.say(
        "行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）。年初预算2.10万元，支出决算2.00万元。",
        under,
        ("行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）", "预算数", 0),
        ("行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）", "值", 1),
    )
    table = prose.tables(一般支出表=TABLE)["文字科目"]
    assert cell(table, "2080505").value == 2_000_000 and cell(table, "2080505", "预算数").value == 2_100_000


def test_scope_without_headings_is_the_money_last_named() -> None:
    prose = Prose()
    prose.say("一般公共预算财政拨款支出11.00万元。", (), ("一般公共预算财政拨款支出", "值", 0))
    prose.say("专项普查活动（项）4.00万元。", (), ("专项普查活动（项）", "值", 0))
    prose.say("政府性基金预算财政拨款支出3.00万元。", (), ("政府性基金预算财政拨款支出", "值", 0))
    prose.say("城乡社区支出（类）3.00万元。", (), ("城乡社区支出（类）", "值", 0))
    assert keys(prose.tables(一般支出表=TABLE)["文字科目"]) == ["2010507"]


ECONOMY = code_table(
    "经济",
    {"30101": ("基本工资", "42.27"), "30301": ("离休费", ""), "30302": ("退休费", "5.44"), "30201": ("办公费", "1"), "30217": ("公务接待费", "0.1")},
    "一般公共预算财政拨款基本支出决算明细表",
)


def test_lists_under_personnel_and_office_costs_are_keyed_by_economic_code() -> None:
    prose = Prose()
    total = prose.say(
        "人员经费47.71万元，主要包括：基本工资42.27万元、离休费、退休费5.44万元。",
        BASIC,
        ("人员经费", "值", 0),
        ("基本工资", "值", 1, {"parent": (0, 0)}),
        ("离休费、退休费", "值", 2, {"parent": (0, 0)}),
    )
    prose.say(
        "公用经费1.10万元，主要包括：办公费1.00万元、公务接待费0.10万元。",
        BASIC,
        ("公用经费", "值", 0),
        ("办公费", "值", 1, {"parent": (1, 0)}),
        ("公务接待费", "值", 2, {"parent": (1, 0)}),
    )
    tables = prose.tables(基本明细表=ECONOMY)
    assert total == (0, 0) and keys(tables["文字经济科目"]) == ["30101", "30302", "30201", "30217"]
    assert cell(tables["文字经济科目"], "30302").value == 5_440_000
    assert cell(tables["文字"], "公务接待费").state == "blank"


def test_one_figure_for_two_accounts_with_money_belongs_to_neither() -> None:
    prose = Prose()
    prose.say("主要包括：基本工资、退休费47.71万元。", BASIC, ("基本工资、退休费", "值", 0))
    assert keys(prose.tables(基本明细表=ECONOMY)["文字经济科目"]) == []


def test_reviews_are_keyed_by_project() -> None:
    prose = Prose()
    prose.say("“智慧税务平台运维”项目自评综述：根据年初设定的绩效目标，项目自评得分98.50分。", REVIEWS, ("项目", "得分", 0))
    prose.say("项目全年预算数为100万元，执行数为95.00万元，完成预算的95%。", REVIEWS, ("项目", "预算数", 0), ("项目", "执行数", 1), ("项目", "完成率", 2))
    prose.say("2023年窗口服务外包项目绩效自评综述：全年预算数为14万元，执行数为14万元。", REVIEWS, ("项目", "预算数", 0), ("项目", "执行数", 1))
    for number in (1,):
        prose.sentences[number] = Sentence(**{**{f: getattr(prose.sentences[number], f) for f in prose.sentences[number].__struct_fields__}, "paragraph": 0})
    table = prose.tables()["文字项目"]
    assert keys(table) == ["智慧税务平台运维", "2023年窗口服务外包"]
    assert cell(table, "智慧税务平台运维", "得分").unit == "分值" and cell(table, "智慧税务平台运维", "执行数").value == 95_000_000
    assert cell(table, "2023年窗口服务外包", "预算数").value == 14_000_000


def test_classes_with_fund_money_are_left_out_where_all_fiscal_money_is_meant() -> None:
    prose = Prose()
    fiscal = (PART, "五、财政拨款支出决算情况说明")
    prose.say("城乡社区支出（类）30.00万元。", fiscal, ("城乡社区支出（类）", "值", 0))
    prose.say("一般公共服务支出（类）9.00万元。", fiscal, ("一般公共服务支出（类）", "值", 0))
    funds = code_table("功能", {"212": ("城乡社区支出", "20")}, "政府性基金预算财政拨款收入支出决算表")
    assert keys(prose.tables(一般支出表=TABLE, 基金表=funds)["文字科目"]) == ["201"]


def test_path_that_begins_a_paragraph_is_what_its_figures_are_about() -> None:
    prose = Prose()
    prose.say(
        "统计信息事务（款）行政运行（项）：支出决算为5.00万元，完成预算100%。",
        GENERAL,
        ("一般公共预算财政拨款支出", "值", 0),
        ("一般公共预算财政拨款支出", "完成率", 1),
    )
    table = prose.tables(Layout("cn", (), facts=(FactSpec("一般公共预算财政拨款支出"),)), 一般支出表=TABLE)
    assert keys(table["文字科目"]) == ["2010501"] and cell(table["文字"], "一般公共预算财政拨款支出").state == "blank"


def test_figure_that_names_nothing_after_figures_of_something_else_is_passed_over() -> None:
    prose = Prose()
    prose.say("机关运行经费支出8.00万元。", (PART, "机关运行经费"), ("机关运行经费支出", "值", 0))
    prose.say("其中：轿车0辆、金额0.00万元。", (PART, "机关运行经费"), ("轿车", "值", 0), ("机关运行经费支出", "值", 1))
    table = prose.tables()["文字"]
    assert cell(table, "机关运行经费").value == 8_000_000 and not table.problems
