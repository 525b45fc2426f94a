"""One wrong figure of the prose breaks many checks: it is one cause; and how its sentence is quoted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.engine.builders import YIBAN, ZONGBIAO, cell, rule, table
from tests.engine.record_sets import amount, each, eq, fact, field, record_set, spoken, with_records

from juesuan_rules.documents.model import Place
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.engine.quotes import excerpt
from juesuan_rules.reports.model import BlockData, Report, Table

GOT = cell(ZONGBIAO, "总计", "金额", "收入")
RULES = [
    rule("C-01", eq(fact("收入总计"), GOT)),
    rule("D-01", each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))),
    rule("D-02", each("增减", eq(field("增减率"), ("div", field("增减额"), ("sub", field("本年"), field("带符号增减额")))))),
]
SENTENCE = "收入总计{0}万元，其中财政拨款收入700.00万元，占收入总计的70.00%，事业收入300.00万元，占收入总计的30.00%，比上年增加100.00万元，增长11.11%。"


def told(total: str) -> Report:
    """One sentence whose total stands in three record sets at once, as the very same figure."""
    units = {"700.00": "万元", "70.00": "%", "300.00": "万元", "30.00": "%", "100.00": "万元", "11.11": "%"}
    prose = spoken((SENTENCE.format(total), ((total, "万元"), *units.items())))
    figures = {figure.amount.raw: figure.amount for figure in prose.sentences[0].figures}

    def linked(one: Table) -> Table:
        block = one.blocks[""]
        columns = {name: tuple([figures.get(a.raw.removesuffix("%"), a) for a in amounts]) for name, amounts in block.columns.items()}
        return replace(one, blocks={"": BlockData(block.spec, block.rows, columns)})

    shares = {"1": {"部分": "700.00", "总体": total, "百分比": "70.00", "label": "财政拨款收入"}, "2": {"部分": "300.00", "总体": total, "百分比": "30.00", "label": "事业收入"}}
    changes = {"1": {"本年": total, "增减额": "100.00", "带符号增减额": "100.00", "增减率": "11.11", "label": "收入总计"}}
    sets = [record_set("文字", {"收入总计": {"值": total}}), record_set("占比", shares), record_set("增减", changes)]
    return with_records(*map(linked, sets), tables=[table(ZONGBIAO, {"收入": {"总计": ["1,000.00"]}, "支出": {}})], prose=prose)


def test_a_sound_sentence_passes() -> None:
    assert {f.outcome for f in explain(run(prepare(RULES), told("1000.00")))[0]} == {"pass"}


def test_a_wrong_figure_is_one_cause_over_facts_and_statements() -> None:
    found, causes = explain(run(prepare(RULES), told("1090.00")))
    assert [(f.rule, f.outcome) for f in found] == [("C-01", "fail"), ("D-01", "fail"), ("D-01", "fail"), ("D-02", "fail")]
    assert [(c.id, c.findings, c.suspect) for c in causes] == [("疑点:文字.收入总计", 4, "文字.收入总计")]
    assert causes[0].sentence.startswith("文字.收入总计 印作 1090.00，4 项核对因它不符；由其他数推算约为 1,000.")
    assert {f.cause for f in found} == {"疑点:文字.收入总计"}


def test_a_wrong_percentage_is_no_cause_of_its_own() -> None:
    report = told("1000.00")
    shares = report.records["占比"].blocks[""]
    wrong = tuple([amount("37.00", "%", Place(line=1)) if a.raw == "30.00" else a for a in shares.columns["百分比"]])
    changed = replace(report.records["占比"], blocks={"": replace(shares, columns={**shares.columns, "百分比": wrong})})
    found, causes = explain(run(prepare(RULES), replace(report, records={**report.records, "占比": changed})))
    assert [(f.rule, f.key) for f in found if f.outcome == "fail"] == [("D-01", "事业收入")]
    assert causes == ()


def test_a_figure_is_quoted_with_its_sentence() -> None:
    found = explain(run(prepare(RULES), told("1090.00")))[0]
    assert [o.quote for o in found[0].operands or ()] == ["收入总计1090.00万元，其中财政拨款收入700.00万元…", ""]
    assert {o.quote for o in found[2].operands or ()} == {"收入总计1090.00万元，其中财…事业收入300.00万元，占收入总计的30.00%，比上年增…"}


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        ((("593.72", 0),), "本年支出593.72万元。"),
        ((), "本年支出593.72万元。"),
    ],
)
def test_a_short_sentence_is_quoted_whole(raws, expected) -> None:
    assert excerpt("本年支出593.72万元。", raws) == expected


def test_a_long_sentence_is_cut_around_its_figures() -> None:
    long = "我局认真贯彻落实过紧日子的要求，" * 5 + "本年支出593.72万元，" + "严格控制一般性支出，" * 6 + "占本年收入1593.72万元的比重为37.25%。"
    shown = excerpt(long, (("593.72", 0), ("37.25", 0)))
    assert shown.startswith("…") and "本年支出593.72万元" in shown and "37.25%。" in shown
    assert len(shown) < 90
    assert excerpt(long, (("没有", 0),)) == long[:60] + "…"


def test_of_a_number_printed_twice_the_one_meant_is_quoted() -> None:
    long = "本年支出593.72万元，占年初预算370.44万元的比重为160.27%，占2023年到位资金总额580.61万元的比重为160.27%，都已如实公开。"
    whole, share = ("580.61", long.index("580.61")), long.rindex("160.27")
    assert "580.61万元的比重为160.27%" in excerpt(long, (whole, ("160.27", share)))
    assert "370.44万元的比重为160.27%" in excerpt(long, (whole, ("160.27", long.index("160.27"))))


def test_rows_the_prose_does_not_name_are_one_cause() -> None:
    printed = table(YIBAN, {"": {"2010301": ["1.00", "1.00", ""], "2010302": ["2.00", "", "2.00"]}})
    said = record_set("文字科目", {"2010301": {"值": "1.00"}})
    both = [rule("C-12", eq(("cells", "", "文字科目", "", "值", ("all",), "report"), ("cells", "", YIBAN.id, "", "小计", ("all",), "report"))),
            rule("C-13", eq(("cells", "", YIBAN.id, "", "小计", ("all",), "report"), ("cells", "", "文字科目", "", "值", ("all",), "report")))]  # fmt: skip
    found, causes = explain(run(prepare(both), with_records(said, tables=[printed])))
    assert [c.sentence for c in causes] == ["文字里没有写 2010302：2 项核对不符"]
    assert sum(f.cause == "缺行:文字科目[2010302]" for f in found) == 2
