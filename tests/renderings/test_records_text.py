"""Prose and forms in the outputs: what `extract` lists, and the sentence a finding quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from juesuan_rules.documents.model import Place, Source
from juesuan_rules.findings import Operand
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.provenance import tool
from juesuan_rules.renderings.console import operand_lines, render_report
from juesuan_rules.renderings.json_extract import extract_json
from juesuan_rules.renderings.json_result import report_json
from juesuan_rules.renderings.json_text import dumps
from juesuan_rules.renderings.tables_text import render_extract
from juesuan_rules.reports.model import Identity, Problem, Report
from juesuan_rules.results import Companion, ReportResult, TableSeen

FIXTURES = Path(__file__).parents[2] / "fixtures"
SCHEMAS = Path(__file__).parents[2] / "src" / "juesuan_rules" / "schemas"
QUOTE = "本年支出593.72万元…占…580.61万元的比重为160.27%"


@pytest.fixture(scope="module")
def report() -> Report:
    return load(FIXTURES / "辽宁省云岫市数据服务局-2023.txt", Options()).report


def spoken(name: str, raw: str, **more: object) -> Operand:
    return Operand(name, "1", raw, "万元", Place(page=27), quote=QUOTE, **more)  # type: ignore[arg-type]


def test_figures_of_one_sentence_are_shown_with_it_once() -> None:
    cell = Operand("总表.支出[总计].金额", "5806100.00", "580.61", "万元", Place(page=12))
    lines = operand_lines((spoken("占比「本年支出」.部分", "593.72"), cell, spoken("占比「本年支出」.总体", "580.61")))
    assert lines == [f"① 第27页 「{QUOTE}」", "② 第12页 总表.支出[总计].金额 「580.61」"]


def test_notes_of_figures_in_a_sentence_are_kept() -> None:
    assert operand_lines((spoken("文字.支出总计", "593.72", note="读数不确定"),)) == [f"① 第27页 「{QUOTE}」（读数不确定）"]


def test_what_a_sentence_does_not_say_is_shown_with_it() -> None:
    unsaid = Operand("增减「收入合计」.原因", None, "", "文字", Place(page=27), note="没有写明", quote=QUOTE)
    assert operand_lines((unsaid,)) == [f"① 第27页 「{QUOTE}」（原因：没有写明）"]


def test_extract_lists_facts_statements_forms_and_what_was_not_read(report: Report) -> None:
    text = render_extract(report)
    read, printed = report.prose.share
    assert 0 < read < printed
    assert f"文字：读懂 {read} / {printed} 个数" in text
    assert text.count("  没有读懂 ") == len(report.prose.unread)
    for name, table in report.records.items():
        rows = len(table.blocks[""].rows)
        if rows and name != "自评表":
            assert f"■ {name}  {rows} 条" in text
    assert "占收入总计" not in text or "■ 占比" in text
    text.encode("gbk")


def test_one_record_set_can_be_shown_alone(report: Report) -> None:
    text = render_extract(report, "占比")
    assert "■ 占比" in text and "■ 文字" not in text and "■ 01表" not in text and "文字：读懂" not in text
    (file,) = extract_json((report,), tool(), "占比")["files"]
    assert {one["set"] for one in file["statements"]} == {"占比"} and file["facts"] == file["forms"] == file["tables"] == []


def test_extract_json_follows_its_schema(report: Report) -> None:
    value = json.loads(dumps(extract_json((report,), tool())))
    schema = json.loads((SCHEMAS / "extract.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []
    (file,) = value["files"]
    assert (file["figures"]["read"], file["figures"]["printed"]) == report.prose.share
    assert len(file["figures"]["unread"]) == len(report.prose.unread)
    share = next(one for one in file["statements"] if one["set"] == "占比" and "百分比" in one["cells"])
    assert share["cells"]["百分比"]["unit"] == "%" and share["cells"]["百分比"]["raw"].removesuffix("%") in share["sentence"]
    assert file["forms"][0]["cells"]["名称"]["state"] == "text"
    assert {row["block"] for row in file["forms"][0]["rows"]} <= set(report.records["自评表"].blocks) - {""}
    del share["cells"]["百分比"]["unit"]
    assert not Draft202012Validator(schema).is_valid(value)


def test_a_contradiction_is_shown_where_the_fact_stands(report: Report) -> None:
    facts = report.records["文字"]
    row = facts.blocks[""].rows[0]
    said = replace(facts, problems=(Problem("文内矛盾", "两处说法不同", "文字", row.key),))
    changed = replace(report, records={**report.records, "文字": said})
    assert "  ! 两处说法不同" in render_extract(changed)
    (file,) = extract_json((changed,), tool())["files"]
    assert [p["kind"] for one in file["facts"] if one["key"] == row.key for p in one["problems"]] == ["文内矛盾"]


def test_what_was_read_beside_the_tables_stands_in_the_header() -> None:
    identity = Identity("某局", 2022)
    source = Source("上年.pdf", "0" * 64, "pdf")
    told = (Companion("上年", source, identity), Companion("所属单位", source, identity), Companion("所属单位", source, Identity(), False, "没有读出来：坏", True),
            Companion("所属单位", source, identity, False, "是 2021 年度的，没有使用"))  # fmt: skip
    seen = TableSeen("自评表", "", "自评表", "万元", 14, 60)
    result = ReportResult(source, identity, "judged", records=(seen,), figures=(180, 192), companions=told)
    text = "\n".join(render_report(result))
    assert "上年报告  上年.pdf：某局，2022年度" in text
    assert "所属单位报告 3 份：用了 1 份，1 份没有读出来，1 份没有使用" in text
    value = report_json(result)
    assert value["figures"] == {"read": 180, "printed": 192}
    assert (value["prior"]["used"], [one["used"] for one in value["units"]]) == (True, [True, False, False])
    assert [one["id"] for one in value["records"]] == ["自评表"]


def test_last_years_report_that_is_not_used_says_why() -> None:
    source = Source("上年.pdf", "0" * 64, "pdf")
    told = (Companion("上年", source, Identity("某局", 2021), False, "给出的上年报告是 2021 年度的，不是 2022 年度，没有使用"),)
    text = "\n".join(render_report(ReportResult(source, Identity(), "judged", companions=told)))
    assert "上年报告  上年.pdf：某局，2021年度（没有使用：给出的上年报告是 2021 年度的，不是 2022 年度，没有使用）" in text
