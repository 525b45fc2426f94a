"""What an auditor sees: causes first, no cascades, the conclusion last."""

from __future__ import annotations

from msgspec.structs import replace

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.documents.model import Place, Source
from juesuan_rules.findings import UNSURE, Operand
from juesuan_rules.renderings.console import render_run
from juesuan_rules.reports.model import Correction
from juesuan_rules.results import Failure, ReportResult, RunResult


def lines(report: ReportResult, *, list_all: bool = False, code: int = 1) -> list[str]:
    return render_run(RunResult((report,)), code, list_all).splitlines()


def at(text: list[str], part: str) -> int:
    (found,) = [number for number, line in enumerate(text) if part in line]
    return found


def test_header_says_which_pack_and_why(report: ReportResult) -> None:
    text = lines(report)
    assert text[0] == "报告.txt：某市某局，2023年度，湖北省随州市，部门决算"
    assert text[1] == "规则包 cn-42-hubei 1.2.0（依据「随州市」「2023年度」选定，--pack 可改）   读到 1 表、60 个金额"
    assert text[2].startswith("提示  2025 年度没有专门口径")


def test_the_last_line_counts_rules_by_their_worst_verdict(report: ReportResult) -> None:
    assert lines(report)[-1] == "结论：不符 5，存疑 1，无法判断 3，相符 2（尾差 1），不适用 1，规则出错 0（共 12 条规则，13 项核对）   退出码 1"


def test_order_structure_then_suspects_then_severity(report: ReportResult) -> None:
    text = lines(report)
    order = [at(text, part) for part in ("不符  缺 03", "不符  总表.支出[本年支出合计]", "不符  B-05", "存疑  A02-1", "不符  K-05", "尾差  收入", "无法判断  空白", "结论：")]
    assert order == sorted(order)


def test_a_missing_table_is_one_block_with_the_number_of_checks_under_it(report: ReportResult) -> None:
    text = lines(report)
    start = at(text, "不符  缺 03")
    assert text[start].endswith("错误")
    assert "  因此无法判断 3 项核对：A03-1、A03-2" in text[start:]
    assert sum("A03-1" in line for line in text) == 1


def test_one_cause_is_one_block_with_its_checks_under_it(report: ReportResult) -> None:
    text = lines(report)
    start = at(text, "不符  总表.支出[本年支出合计]")
    assert text[start + 1] == "  位置：第30行"
    assert text[start + 2].strip().startswith("不符  B-04")
    assert text[start + 4].strip().startswith("不符  A01-2")


def test_a_finding_shows_numbers_tolerance_places_and_basis(report: ReportResult) -> None:
    text = "\n".join(lines(report))
    block = text[text.index("不符  B-05") :]
    for part in ("差 -1.00 万元", "12.00 == 13.00", "允许误差 0.01万元", "① 第30行 总表.支出[本年支出合计].金额 「12.00」", "依据 预算法 第七十五条", "juesuan-rules explain B-05"):
        assert part in block
    assert "\x1b" not in text


def test_many_rows_of_one_rule_are_cut_unless_all_are_wanted(report: ReportResult) -> None:
    rows = tuple(replace(report.findings[0], key=str(n), sentence=f"第 {n} 个") for n in range(30))
    many = replace(report, findings=rows, causes=())
    assert any("另有 22 项同类" in line for line in lines(many))
    assert not any("另有" in line and "同类" in line for line in lines(many, list_all=True))
    assert sum("第 29 个" in line for line in lines(many, list_all=True)) == 1


def test_list_all_names_every_rule_with_outcome_and_reason(report: ReportResult) -> None:
    text = lines(report, list_all=True)
    start = text.index("全部规则")
    listed = "\n".join(text[start:])
    for rule in report.rules:
        assert rule in listed
    assert any("不适用" in line and line.endswith("全空") for line in text[start:])
    assert any("A01-3" in line and line.endswith("（尾差 1）") for line in text[start:])
    assert "全部规则" not in lines(report)


def test_nothing_judged_is_said_in_the_last_line(report: ReportResult) -> None:
    undecided = tuple(f for f in report.findings if f.outcome in ("undecided", "not_applicable"))
    last = lines(replace(report, findings=undecided, causes=(), status="nothing_judged"), code=5)[-1]
    assert last.startswith("结论：没有一项核对能够判断，不等于通过；不符 0，")
    assert last.endswith("退出码 5")


def test_another_kind_of_document(report: ReportResult) -> None:
    last = lines(replace(report, findings=(), causes=(), status="not_final_accounts", message="这份文件不是部门决算公开报告，没有核对：部门预算"), code=5)[-1]
    assert last == "结论：这份文件不是部门决算公开报告，没有核对：部门预算   退出码 5"


def test_several_reports_end_in_one_conclusion(report: ReportResult) -> None:
    other = replace(report, source=replace(report.source, path="另一份.txt"))
    run = RunResult((report, other), (Failure("坏.txt", "读不出", ExitCode.UNREADABLE),), (("同.txt", "报告.txt"),))
    text = render_run(run, 4).splitlines()
    assert text[-1] == "结论：2 份报告；不符 10，存疑 2，无法判断 6，相符 4，不适用 2，规则出错 0；1 份文件没有结果（原因见错误输出）   退出码 4"
    assert "跳过 同.txt：与 报告.txt 内容完全相同" in text
    assert sum(line.startswith("结论：") for line in text) == 3


def test_everything_fits_a_chinese_windows_console(report: ReportResult) -> None:
    render_run(RunResult((report,)), 1, list_all=True).encode("gbk")


def test_what_was_not_read_and_what_was_put_right_stand_at_the_top(report: ReportResult) -> None:
    put_right = Correction("已更正", "总表[合计]", "12.00", "13.00", "甲", "原件如此", "总表[合计].金额", "12.00", Place(page=12))
    unused = Correction("印文不符", "总表[总计]", "1.00", "2.00", "甲", "原件如此", "总表[总计].金额", "3.00", Place(page=13), "该处印作「3.00」，没有更正")
    text = lines(replace(report, unread=("第 3 页是图片，没有读取",), corrections=(unused, put_right)))
    assert text[2] == "没读出来  第 3 页是图片，没有读取"
    assert text[3] == "更正  总表[合计].金额（第12页） 印作「12.00」，按 13.00 核对（甲：原件如此）"
    assert text[4] == "更正未用  总表[总计].金额（第13页）：印文不符，该处印作「3.00」，没有更正"


def test_a_check_that_hangs_on_an_unsure_figure_is_shown_in_full(report: ReportResult) -> None:
    unsure = Operand("总表[合计].金额", "120000.00", "12.00", "万元", Place(page=12), UNSURE, 0.5)
    finding = replace(report.findings[0], rule="A01-9", outcome="undecided", reason=UNSURE, operands=(unsure,), sentence="总表[合计].金额 的读数「12.00」不确定，请对照原件")
    text = lines(replace(report, findings=(*report.findings, finding)))
    start = at(text, "无法判断  A01-9")
    block = "\n".join(text[start : start + 6])
    assert "请对照原件" in block and "12.00 == 13.00" in block and "第12页 总表[合计].金额 「12.00」（读数不确定）" in block
    assert not any(line.startswith(f"无法判断  {UNSURE}") for line in text)
    assert at(text, "无法判断  空白") > start


def test_several_files_of_one_report_are_all_named(report: ReportResult) -> None:
    parts = (Source("正文.docx", "1" * 64, "docx"), Source("附表.xlsx", "2" * 64, "xlsx"))
    assert lines(replace(report, parts=parts))[0].startswith("正文.docx + 附表.xlsx：某市某局")
    archive = replace(report, source=replace(report.source, path="公开.zip", format="zip"), parts=parts)
    assert lines(archive)[0].startswith("公开.zip：某市某局")
