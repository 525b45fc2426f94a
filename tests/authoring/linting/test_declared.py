"""Facts, tables, columns, parameters, dictionaries; overrides."""

from __future__ import annotations

import pytest
from tests.authoring.linting.linted import Lint, codes, of, rules

FACT = "language: 1\nfacts:\n  - {name: 甲, names: [说法, 另说]%s}\n  - {name: 乙, names: [说法]%s}\n"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("", "", ["L206"]),
        (", unit: 人", "", []),
        (", sections: [三公]", "", []),
        (", sections: [三公]", ", sections: [采购]", []),
        (", sections: [三公]", ", sections: [三公经费]", ["L206"]),
        (", needs: [国内]", ", needs: [外事]", []),
        (", needs: [国内]", ", sections: [采购]", ["L206"]),
        (", needs: [国内]", ", sections: [采购], without: [国内]", []),
        (", outside: [采购]", ", outside: [三公]", ["L206"]),
    ],
)
def test_phrases_of_two_facts(lint: Lint, one: str, other: str, said: list[str]) -> None:
    report = lint({"base/facts/f.yaml": FACT % (one, other)})
    assert codes(of(report, "L206", "W410")) == said, report.findings


def test_a_region_may_give_a_fact_what_collides(lint: Lint) -> None:
    files = {"base/facts/f.yaml": "language: 1\nfacts: [{name: 甲, names: [说法]}]\n", "city/facts/f.yaml": "language: 1\nfacts: [{name: 乙, names: [说法]}]\n"}
    assert not of(lint(files), "L206")
    assert codes(of(lint(files, "city"), "L206")) == ["L206"]


def test_a_fact_read_only_by_a_region_is_read(lint: Lint) -> None:
    files = {"base/facts/f.yaml": "language: 1\nfacts: [{name: 支出总计, names: [总支出]}]\n"}
    assert codes(of(lint(files), "L203")) == ["L203"]
    files["city/rules/c.yaml"] = rules(("C-01", "文字.支出总计 == 总表.支出[总计]"))
    assert not of(lint(files), "L203")
    assert not of(lint(files, "city"), "L203")


def test_a_column_read_through_a_variable_or_a_region(lint: Lint) -> None:
    files = {"base/rules/a.yaml": rules("支出表.基本支出[合计] >= 0")}
    assert ["项目支出" in f.message for f in of(lint(files), "L205")] == [True]
    files["city/rules/b.yaml"] = rules(("B-01", "每个 r 属于 支出表[项] ： r.项目支出 >= 0"))
    assert not of(lint(files), "L205")


def test_a_region_answers_only_for_tables_it_adds(lint: Lint) -> None:
    files = {"city/layouts/t.yaml": "layout: 1\ntables:\n  - {id: 支出决算表, number: '05'}\n  - {id: 附表, short: [附表], titles: [附表], form: codes, chart: 功能, blocks: [{columns: [{name: 金额}]}]}\n"}
    assert [("附表" in f.message) for f in of(lint(files, "city"), "L204")] == [True]


def test_words_that_differ_in_width_only(lint: Lint) -> None:
    text = "language: 1\ndictionaries:\n  - {name: 词, entries: [因公出国（境）, 因公出国(境)]}\n"
    assert codes(of(lint({"base/dictionaries/d.yaml": text}), "L207")) == ["L207"]


OVERRIDE = "language: 1\noverrides:\n  - rule: A01-1\n    action: %s\n    reason: 当地口径\n    basis: [{文号: 口径}]\n%s"


@pytest.mark.parametrize(
    ("action", "change", "said"),
    [
        ("收紧", "    severity: 错误\n", ["L307"]),
        ("替换", "    check: sum(总表.收入) == 总表[本年收入合计] ± 尾差\n", ["L307"]),
        ("替换", "    check: sum(总表.收入) == 总表[本年收入合计] ± 0\n", []),
        ("替换", "    years: ..2010\n    check: sum(总表.收入) == 总表[本年收入合计] ± 0\n", ["L307"]),
        ("停用", "", []),
        ("放宽", "    check: sum(总表.收入) == 总表[本年收入合计] ± 0.05\n", []),
    ],
)
def test_overrides(lint: Lint, action: str, change: str, said: list[str]) -> None:
    assert codes(of(lint({"city/overrides.yaml": OVERRIDE % (action, change)}, "city"), "L307", "L308", "L309")) == said


def test_an_override_of_a_rule_for_elsewhere_does_nothing(lint: Lint) -> None:
    files = {"base/rules/a.yaml": rules("总表[其他收入] >= 0", more="applies: {地区: ['42']}"), "city/overrides.yaml": OVERRIDE % ("收紧", "    title: 总表：其他收入不是负数\n")}
    assert codes(of(lint(files, "city"), "L307")) == ["L307"]


def test_a_fact_that_is_only_compared_with_itself_is_told_so(lint: Lint) -> None:
    facts = "language: 1\nfacts: [{name: 培训人数, names: [培训人数], unit: 人}]\n"
    said = of(lint({"base/facts/f.yaml": facts, "base/rules/a.yaml": rules("总表[其他收入] >= 0")}), "L203")
    assert [f.message for f in said] == ["没有规则读事实“培训人数”"]
    said = of(lint({"base/facts/f.yaml": facts, "base/rules/a.yaml": rules("前后一致(文字)")}), "L203")
    assert len(said) == 1 and "前后是否一致" in said[0].message


def test_columns_of_the_form_a_row_stands_in_are_read(lint: Lint) -> None:
    twice = ("每个 r 属于 自评表.指标：r.得分 <= r.表单.总分", "每个 s 属于 自评表.指标：s.得分 <= s.表单.总分", "每个 r 属于 自评表.指标：r.得分 <= r.表单.满分")
    assert [f.rule for f in of(lint({"base/rules/a.yaml": rules(*twice)}), "L305")] == ["A01-2"], "the variable's name carries no meaning"
