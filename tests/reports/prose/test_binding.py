"""Which fact a subject states: whole phrases, what they stand under, and the unit of the figure."""

from __future__ import annotations

import pytest

from juesuan_rules.amounts import read_amount
from juesuan_rules.catalogue.model import FactSpec
from juesuan_rules.reports.model import Figure, Sentence
from juesuan_rules.reports.prose.binding import Around, bind, canonical, clauses_around, index_facts, surroundings

FACTS = (
    FactSpec("支出总计"),
    FactSpec("本年支出合计", ("支出合计", "本年支出"), outside=("政府性基金",)),
    FactSpec("基本支出", outside=("一般公共预算", "绩效")),
    FactSpec("财政拨款基本支出", ("财政拨款支出/基本支出",)),
    FactSpec("一般公共预算基本支出", ("一般公共预算财政拨款基本支出", "一般公共预算财政拨款支出/基本支出")),
    FactSpec("政府性基金支出", ("政府性基金/本年支出",)),
    FactSpec("三公经费", ("“三公”经费支出", "财政拨款安排的“三公”经费支出")),
    FactSpec("国内接待费", ("国内公务接待",)),
    FactSpec("国内接待批次", ("国内公务接待",), "批次"),
    FactSpec("国内接待人次", ("国内公务接待",), "人次"),
    FactSpec("自评涉及资金", ("涉及资金",), sections=("绩效",), without=("整体",)),
    FactSpec("自评项目个数", ("项目",), "个", needs=("自评",), without=("事前", "监控", "编制")),
    FactSpec("接待批次", ("公务接待费",), "批次"),
    FactSpec("公务接待费"),
    FactSpec("整体自评涉及资金", ("涉及资金",), sections=("绩效",), needs=("整体",)),
)
INDEX = index_facts(FACTS)


def figure(raw: str, unit: str) -> Figure:
    return Figure("金额", read_amount(raw, unit), 0, len(raw))


def bound(subject: str, *headings: str, totals: tuple[str, ...] = (), clauses: tuple[str, ...] = (), unit: str = "万元", column: str = "值") -> str | None:
    around = Around(tuple(map(canonical, headings)), tuple(map(canonical, totals)), clauses)
    fact = bind(INDEX, subject, figure("1.00", unit), column, around)
    return fact.name if fact else None


@pytest.mark.parametrize(
    "phrases",
    [
        ("“三公”经费", "三公经费支出", "本部门2023年度“三公”经费支出决算"),
        ("因公出国（境）费", "因公出国(境)费用", "因公出国（境）费支出决算数"),
        ("公务用车购置及运行维护费", "公务用车购置和运行费", "公务用车购置及运行（维护）费支出"),
        ("收、支总计", "收支总计", "2024年度收、支决算总计"),
        ("车辆", "共有车辆", "我局共有车辆"),
        ("年末结转和结余", "年末结转结余"),
    ],
)
def test_variants_of_one_phrase_are_alike(phrases: tuple[str, ...]) -> None:
    assert len({canonical(phrase) for phrase in phrases}) == 1


@pytest.mark.parametrize(
    "pair", [("收入总计", "收入合计"), ("上年结转和结余", "年初结转和结余"), ("公务用车购置费", "公务用车购置及运行费"), ("公用经费", "公共预算经费")]
)
def test_different_things_stay_apart(pair: tuple[str, str]) -> None:
    assert canonical(pair[0]) != canonical(pair[1])


def test_subject_that_only_contains_a_name_is_another_thing() -> None:
    assert bound("基本支出中的公用部分") is None and bound("事业单位基本支出") is None


def test_path_tells_one_basic_spending_from_another() -> None:
    assert bound("基本支出", "三、支出决算情况说明") == "基本支出"
    assert bound("基本支出", totals=("财政拨款支出",)) == "财政拨款基本支出"
    assert bound("基本支出", "二、财政拨款支出决算情况说明", "（一）总体情况") == "财政拨款基本支出"
    assert bound("基本支出", "五、一般公共预算财政拨款支出决算情况说明") == "一般公共预算基本支出"
    assert bound("本年支出", "七、政府性基金预算财政拨款收入支出决算情况说明") == "政府性基金支出"


def test_unit_tells_money_from_counts() -> None:
    assert bound("国内公务接待") == "国内接待费"
    assert bound("国内公务接待", unit="批次") == bound("国内公务接待", unit="个") == "国内接待批次"
    assert bound("国内公务接待", unit="人") == "国内接待人次"
    assert bound("“三公”经费支出", unit="辆") is None


def test_words_of_the_part_of_the_sentence_decide() -> None:
    text = "共涉及项目8个，涉及资金100万元；组织对2个单位开展整体绩效自评，涉及资金200万元。"
    first, second = clauses_around(text, text.index("100")), clauses_around(text, text.index("200"))
    assert bound("涉及资金", "预算绩效情况", clauses=first) == "自评涉及资金"
    assert bound("涉及资金", "预算绩效情况", clauses=second) == "整体自评涉及资金"
    assert bound("涉及资金", "政府采购情况", clauses=first) is None


def test_declared_name_outranks_another_facts_own() -> None:
    index = index_facts((FactSpec("支出总计"), FactSpec("本年支出合计", ("支出总计",))))
    fact = bind(index, "支出总计", figure("1.00", "万元"), "值", Around())
    assert fact is not None and fact.name == "本年支出合计"


def test_nearest_clause_decides_which_of_several_counts_is_meant() -> None:
    text = "组织对3个项目开展了事前绩效评估，对5个项目编制了绩效目标，选取2个项目开展绩效监控，组织对6个项目开展绩效自评。"
    found = [bound("项目", "预算绩效管理情况", clauses=clauses_around(text, text.index(count)), unit="个") for count in ("3个", "5个", "2个", "6个")]
    assert found == [None, None, None, "自评项目个数"]


def test_percentage_of_a_phrase_that_also_counts_is_of_its_money() -> None:
    assert bound("公务接待费", unit="%", column="完成率") == "公务接待费"
    assert bound("公务接待费", unit="批次") == "接待批次"


def test_name_of_the_unit_before_a_fact_is_passed_over() -> None:
    assert bound("某县统计局三公经费支出") == "三公经费"
    assert bound("附属单位基本支出") is None


def test_sentence_before_says_whose_guests_came() -> None:
    index = index_facts((FactSpec("外事接待批次", ("来访团组",), "批次", needs=("外宾",)), FactSpec("接待批次", ("来访团组",), "批次", without=("外宾",))))
    sentence = Sentence("共接待来访团组3个。", "", sections=("三公经费",))
    for before, name in (("外宾接待支出2.00万元。", "外事接待批次"), ("公务接待费2.00万元。", "接待批次"), ("", "接待批次")):
        fact = bind(index, "来访团组", figure("3", "个"), "值", surroundings(sentence, 7, (), before))
        assert fact is not None and fact.name == name
