"""Corrections: what the file may say, and what becomes of each on a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from juesuan_rules.amounts import plain
from juesuan_rules.diagnostics import UsageError, render
from juesuan_rules.documents.model import Place
from juesuan_rules.pipeline.correcting import correct
from juesuan_rules.pipeline.corrections import Entry, read_corrections, require_files
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options
from juesuan_rules.renderings.corrections_yaml import template_text
from juesuan_rules.reports.model import Report
from juesuan_rules.yamlfile import loads

ROOT = Path(__file__).parents[2]
FAULTY = ROOT / "fixtures" / "辽宁省云岫市数据服务局-2023-有误.txt"
GOOD = "印作: '1,966.23'\n    应为: '1,966.32'\n    更正人: 甲\n    理由: 对照原件\n"


@pytest.fixture(scope="module")
def report() -> Report:
    return load(FAULTY, Options()).report


def written(tmp_path: Path, body: str, head: str = "corrections: 1\n更正:\n") -> Path:
    path = tmp_path / "更正.yaml"
    path.write_text(head + body, encoding="utf-8")
    return path


def entry(**fields: object) -> Entry:
    plain = {"printed": "1,966.23", "right": "1,966.32", "who": "甲", "why": "对照原件", "table": "总表", "row": "一般公共服务支出", "column": "金额"}
    return Entry(**{**plain, **fields})  # type: ignore[arg-type]


def amount_of(report: Report):
    block = report.tables["收入支出决算总表"].blocks["支出"]
    return block.columns["金额"][[row.key for row in block.rows].index("201")]


# ---------------------------------------------------------------- the file


def test_an_entry_by_names_and_by_place(tmp_path: Path) -> None:
    body = f"  - 表: 总表\n    行: 58行\n    栏: 2栏\n    部分: 支出\n    {GOOD}  - 页: 12\n    框: [1, 2.5, 3, 4]\n    {GOOD}  - 工作表: '03'\n    单元格: C12\n    {GOOD}"
    first, second, third = read_corrections(written(tmp_path, body))
    assert (first.table, first.row, first.column, first.block) == ("总表", "58行", "2栏", "支出")
    assert second.page == 12 and second.box == (1.0, 2.5, 3.0, 4.0)
    assert (third.sheet, third.cell) == ("03", "C12") and third.where == "工作表「03」 C12"


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("  - 表: 总表\n    行: x\n    应为: 1.00\n    更正人: 甲\n    理由: 乙\n", "缺少“印作”", 3),
        ("  - 表: 总表\n    行: x\n    印作: 1.00\n    应为: 2.00\n    理由: 乙\n", "缺少“更正人”", 3),
        ("  - 表: 总表\n    行: x\n    印作: 1.00\n    应为: 两元\n    更正人: 甲\n    理由: 乙\n", "“应为”的“两元”不是金额", 6),
        ("  - 表: 总表\n    印作: 1.00\n    应为: 2.00\n    更正人: 甲\n    理由: 乙\n", "没有写明是哪一个数", 3),
        (f"  - 页: 零\n    框: [1, 2, 3, 4]\n    {GOOD}", "“页”应当是从 1 起的整数", 3),
        (f"  - 页: 1\n    框: [1, 2, 3]\n    {GOOD}", "“框”应当是四个数", 4),
        (f"  - 表: 总表\n    行: x\n    栏目: 金额\n    {GOOD}", "没有“栏目”这个键", 5),
        ("  x\n", "应当是一个列表", 3),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, body: str, message: str, line: int) -> None:
    with pytest.raises(UsageError, match=r"更正文件.*处错误") as caught:
        read_corrections(written(tmp_path, body))
    problem = next(d for d in caught.value.diagnostics if message in d.message)
    assert problem.span.line == line and "更正.yaml" in render(problem)


def test_a_file_without_version_and_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_corrections(written(tmp_path, "  []\n", head="更正:\n"))
    assert "corrections: 1" in caught.value.diagnostics[0].message
    with pytest.raises(UsageError):
        read_corrections(tmp_path / "没有.yaml")


def test_several_reports_want_the_file_of_each_entry() -> None:
    require_files([entry(file="a.txt")], Path("更正.yaml"))
    with pytest.raises(UsageError, match="第 2 条没有写“文件”"):
        require_files([entry(file="a.txt"), entry()], Path("更正.yaml"))


# ---------------------------------------------------------------- on a report


def test_the_right_value_counts_and_the_printed_text_stays(report: Report) -> None:
    done = correct(report, [entry()])
    (told,) = done.corrections
    assert told.applied and told.name == "总表.支出[一般公共服务支出].金额" and told.place.line == 275
    amount = amount_of(done)
    assert (amount.raw, amount.value, amount.corrected) == ("1,966.23", 1_966_320_000, "甲更正为 1,966.32：对照原件")
    assert amount_of(report).corrected == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"row": "201"},
        {"row": "32行", "column": "2栏"},
        {"table": "01表", "block": "支出", "column": ""},
        {"table": "", "row": "", "column": "", "line": 275},
        {"file": "辽宁省云岫市数据服务局-2023-有误.txt"},
        {"file": str(FAULTY)},
        {"printed": "1，966.23"},
    ],
)
def test_ways_to_name_the_same_figure(report: Report, fields: dict[str, object]) -> None:
    (told,) = correct(report, [entry(**fields)]).corrections
    assert told.status == "已更正", told


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"printed": "1,966.32"}, "印文不符", "该处印作「1,966.23」"),
        ({"table": "没有的表"}, "未找到", "没有名为“没有的表”的表"),
        ({"row": "没有的行"}, "未找到", "没有这一处"),
        ({"row": "总计", "printed": "2,448.54", "block": ""}, "不唯一", "不止一处"),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(report: Report, fields: dict[str, object], status: str, said: str) -> None:
    done = correct(report, [entry(**fields)])
    assert done.corrections[0].status in (status, "印文不符") and said in done.corrections[0].detail + "不止一处" * (status == "不唯一")
    assert not done.corrections[0].applied and done.tables == report.tables


def test_an_entry_for_another_file_or_not_filled_in_is_left_out(report: Report) -> None:
    assert correct(report, [entry(file="别的.txt"), entry(right="")]).corrections == ()


def test_two_entries_for_one_figure_are_not_both_used(report: Report) -> None:
    first, second = correct(report, [entry(), entry(right="2.00")]).corrections
    assert first.applied and second.status == "不唯一"


def test_a_place_on_a_page_is_met_by_most_of_its_box(report: Report) -> None:
    table = report.tables["收入支出决算总表"]
    block = table.blocks["支出"]
    at = [row.key for row in block.rows].index("201")
    amounts = list(block.columns["金额"])
    amounts[at] = replace(amounts[at], place=Place(page=12, box=(100.0, 200.0, 160.0, 212.0)), confidence=0.4)
    blocks = {**table.blocks, "支出": replace(block, columns={"金额": tuple(amounts)})}
    scanned = replace(report, tables={**report.tables, table.spec.id: replace(table, blocks=blocks)})
    nowhere = {"table": "", "row": "", "column": ""}
    (near,) = correct(scanned, [entry(**nowhere, page=12, box=(101.0, 199.0, 158.0, 213.0))]).corrections
    (far,) = correct(scanned, [entry(**nowhere, page=12, box=(150.0, 200.0, 300.0, 212.0))]).corrections
    assert near.applied and far.status == "未找到"
    assert not amount_of(correct(scanned, [entry()])).unsure


def test_a_figure_that_could_not_be_read_is_settled(report: Report) -> None:
    text = FAULTY.read_text("utf-8").replace("\t1,966.23\n", "\t1,9b6.23\n", 1)
    from juesuan_rules.documents.text import read_text
    from juesuan_rules.pipeline.load import build_report

    garbled = build_report(read_text(text.encode(), "x.txt"), report.identity, report.layout)
    assert any(p.kind == "值不识别" for p in garbled.tables["收入支出决算总表"].problems)
    done = correct(garbled, [entry(printed="1,9b6.23")])
    assert done.corrections[0].applied and not any(p.kind == "值不识别" for p in done.tables["收入支出决算总表"].problems)


# ---------------------------------------------------------------- the template


def test_the_template_is_a_file_to_be_filled_in(report: Report, tmp_path: Path) -> None:
    block = report.tables["收入支出决算总表"].blocks["支出"]
    amounts = tuple(replace(a, confidence=0.42) if a.raw == "1,966.23" else a for a in block.columns["金额"])
    table = report.tables["收入支出决算总表"]
    unsure = replace(report, tables={table.spec.id: replace(table, blocks={"支出": replace(block, columns={"金额": amounts})})})
    text = template_text([unsure])
    path = tmp_path / "样子.yaml"
    path.write_text(text, encoding="utf-8")
    assert [e.right for e in read_corrections(path)] == [""] and "把握 42%" in text and "第275行" in text
    path.write_text(text.replace("应为: ''", "应为: '1,966.32'").replace("更正人: ''", "更正人: 甲").replace("理由: ''", "理由: 乙"), encoding="utf-8")
    assert correct(unsure, read_corrections(path)).corrections[0].applied
    schema = json.loads((ROOT / "src" / "juesuan_rules" / "schemas" / "corrections.schema.json").read_text("utf-8"))
    for shown in (text, path.read_text("utf-8"), template_text([report])):
        assert [error.message for error in Draft202012Validator(schema).iter_errors(loads(shown).data)] == []


def test_nothing_in_a_report_can_break_the_template(report: Report, tmp_path: Path) -> None:
    block = report.tables["收入支出决算总表"].blocks["支出"]
    nasty = "1\n  - 表: x\n    应为: '9'\u2028 # \"'\\"
    amounts = tuple(replace(a, raw=nasty, confidence=0.1) for a in block.columns["金额"])
    table = report.tables["收入支出决算总表"]
    changed = replace(report, tables={table.spec.id: replace(table, blocks={"支出": replace(block, columns={"金额": amounts})})})
    path = tmp_path / "x.yaml"
    path.write_text(template_text([changed]), encoding="utf-8")
    entries = read_corrections(path)
    assert len(entries) == len(amounts) and {e.right for e in entries} == {""} and {e.printed for e in entries} == {nasty}


# ---------------------------------------------------------------- the prose


def said(report: Report, name: str, column: str, value: str) -> list[str | None]:
    """The values of a column of a record set where it prints this text."""
    block = report.records[name].blocks[""]
    return [plain(a) for a in block.columns[column] if a.raw == value]


def test_a_figure_of_the_prose_is_put_right_wherever_it_stands(report: Report) -> None:
    block = report.records["文字"].blocks[""]
    at = next(i for i, row in enumerate(block.rows) if block.columns["值"][i].value and block.columns["值"][i].unit == "万元")
    fact, printed = block.rows[at], block.columns["值"][at]
    by_name = correct(report, [entry(printed=printed.raw, right="777.77", table="文字", row=fact.label, column="值")])
    assert [c.status for c in by_name.corrections] == ["已更正"] and by_name.corrections[0].name == f"文字[{fact.label}].值"
    assert said(by_name, "文字", "值", printed.raw)[0] == "7777700.00"
    # By its place alone it is one figure, in however many record sets it stands.
    by_place = correct(report, [entry(printed=printed.raw, right="777.77", table="", row="", column="", line=printed.place.line)])
    assert [c.status for c in by_place.corrections] == ["已更正"]
    for name, table in by_place.records.items():
        for half in table.blocks.values():
            for amounts in half.columns.values():
                assert all(plain(a) == "7777700.00" for a in amounts if a.raw == printed.raw and a.place == printed.place and a.unit == "万元"), name


def test_a_decrease_keeps_its_sign(report: Report) -> None:
    block = report.records["增减"].blocks[""]
    at, fallen = next((i, a) for i, a in enumerate(block.columns["带符号增减额"]) if a.value is not None and a.value < 0)
    one = correct(report, [entry(printed=fallen.raw, right="1.00", table="增减", row=block.rows[at].key, column="带符号增减额")])
    assert plain(one.records["增减"].blocks[""].columns["带符号增减额"][at]) == "-10000.00"
