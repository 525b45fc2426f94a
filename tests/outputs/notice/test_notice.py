"""The letter: what it says, its form, and that real programs open it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.outputs.made import HOSTILE, WAIVER, finding, hostile_result, material, result, subject

from juesuan_rules.documents.model import Place
from juesuan_rules.findings import Cause, Decision, Finding, Operand
from juesuan_rules.live import Live
from juesuan_rules.outputs.errors import OutputUnavailable
from juesuan_rules.outputs.notice.contents import expected_text
from juesuan_rules.outputs.notice.notice import _in_chinese, render_notice
from juesuan_rules.results import ReportResult


def letter(report: ReportResult) -> bytes:
    return render_notice(subject(report), material(report))


def lines_of(data: bytes) -> list[str]:
    """Every paragraph, fields and table rows included, in order."""
    body = Document(io.BytesIO(data)).element.body
    told = []
    for block in body:
        rows = [block] if block.tag == qn("w:p") else list(block.iter(qn("w:tr")))
        told += ["|".join("".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in (row.iter(qn("w:tc")) if row.tag == qn("w:tr") else [row])) for row in rows]
    return told


def text_of(data: bytes) -> str:
    return "\n".join(lines_of(data))


CAUSE = Cause("c", "总表[合计].金额 印作 1，2 项核对因它不符", "总表[合计].金额", 2)


def test_a_letter_from_title_to_provenance() -> None:
    findings = [
        finding("A01-2", cause="c"), finding("B-05", cause="c"), finding("C-12", severity="warning"), finding("J-05", severity="info", sentence="可改进"),
        finding("D-01", outcome="doubtful", sentence="读不准"), finding("K-1", outcome="undecided", reason="缺表"), finding("I-1", outcome="pass"),
    ]  # fmt: skip
    text = text_of(letter(result(findings, (CAUSE,))))
    order = [
        "【发文机关标志】", "【发文字号】", "关于某局2023年度部门决算公开有关问题的整改通知", "某局：", "3 项不符须整改，1 项存疑请你单位核实", "一、须整改的问题",
        "（一）总表[合计].金额印作 1", "问题1（错误）", "问题2（错误）", "依据：预算法 第七十五条；审核口径（未核验）", "（二）不符合“总表：", "问题4（警告）", "二、请核实的事项", "（一）是否符合“总表：", "问题3（错误）", "读不准",
        "三、整改要求", "【整改期限：　　年　月　日】", "【联系人】", "附件：1.涉及的数一览", "【发文机关（印章）】", "附件1　涉及的数一览", "附件2　供参考的提示", "可改进",
        "附件3　核对说明和溯源", "有 1 条规则无法判断，不等于通过；原因：缺表", "结果摘要|sha256:",
    ]  # fmt: skip
    places, at = [], 0
    for one in order:
        at = text.index(one, at)
        places.append(at)
    body = text[: text.index("附件1　")]
    assert "可改进" not in body and "I-1" not in text and "K-1" not in body


def test_numbers_are_those_of_every_output() -> None:
    report = result([finding("C-1", severity="warning"), finding("A-1"), finding("B-1", waiver=WAIVER)])
    numbers = {one.finding.rule: one.number for one in subject(report).numbered}
    text = text_of(letter(report))
    assert f"问题{numbers['A-1']}（错误）" in text and f"问题{numbers['C-1']}（警告）" in text


def test_a_problem_tells_what_is_printed_where_and_what_it_should_be() -> None:
    lines = lines_of(letter(result([finding(hints=("疑似换位：总表[本年支出合计].金额 的 1,966.23",))])))
    problem = next(line for line in lines if line.startswith("问题1"))
    assert "相差 0.09 万元。①总表[本年支出合计].金额（第275行）「1,966.23」；②支出表[合计].本年支出合计（第3页）「1,966.32」。（规则 A01-2）" in problem
    assert "1|① 总表[本年支出合计].金额|1,966.23|1,966.32万元|第275行" in lines
    assert "1|② 支出表[合计].本年支出合计|1,966.32|1,966.23万元|第3页" in lines
    assert any(line.startswith("可能的原因：疑似换位") for line in lines)


def test_a_letter_accuses_no_figure_and_tells_no_path() -> None:
    report = result([finding(sentence="甲 100%，不小于 100%", left="100", right="100", difference="0", tolerance="0", unit="%")])
    data = render_notice(subject(report), material(report, command=("juesuan-rules", "eval", "D:/内部/甲.txt")))
    text = text_of(data)
    assert "问题|数|印作|与之核对的数|位置" in text and "应为" not in text
    assert "命令" not in text and "内部" not in text and "相差" not in text


def _of(relation: str, left: str, right: str, number: int) -> str:
    one: Finding = finding(operands=tuple([Operand(f"x{n}", None, "1", "万元", Place()) for n in range(3)]))
    return expected_text(one, Live(left, relation, right, "0.01", "万元", "0.02", 2), number)


@pytest.mark.parametrize(
    ("relation", "left", "right", "number", "said"),
    [
        ("==", "{0}", "{1}+{2}", 1, "1,966.32万元"), ("==", "{0}", "{1}+{2}", 2, ""), ("==", "SUM({0},{1})", "{2}", 3, "1,966.23万元"),
        ("<=", "{0}", "{1}", 1, "不大于 1,966.32万元"), ("<=", "{0}", "{1}", 2, "不小于 1,966.23万元"), ("==", "{0}*100", "{1}", 1, ""),
    ],
)  # fmt: skip
def test_what_a_figure_should_be(relation: str, left: str, right: str, number: int, said: str) -> None:
    assert _of(relation, left, right, number) == said


def test_what_people_settled_is_counted_and_not_told() -> None:
    mistaken = finding("C-1", decision=Decision("误报", "李核", "2026-01-02"), sentence="看错")
    fixed = finding("C-2", decision=Decision("已整改", "李核", "2026-01-02"), sentence="又错")
    again = finding("C-3", decision=Decision("误报", "李核", "2026-01-02", changed=("数变了",)), sentence="再看")
    text = text_of(letter(result([finding("A-1"), finding("B-1", waiver=WAIVER, sentence="豁免了的"), mistaken, fixed, again])))
    assert "已豁免 1 项，经复核认定为误报 1 项" in text
    assert "看错" not in text and "豁免了的" not in text
    assert "又错" in text and "以前的复核意见：已整改" in text and "再看" in text and "需复核（原为误报" in text


@pytest.mark.parametrize("findings", [[finding(outcome="pass")], [finding(severity="info")], [finding(outcome="doubtful")]])
def test_nothing_to_put_right_is_no_demand(findings: list[Finding]) -> None:
    text = text_of(letter(result(findings)))
    assert "关于某局2023年度部门决算公开核对情况的说明" in text and "没有发现须整改的问题" in text
    assert "整改通知" not in text and "整改要求" not in text


@pytest.mark.parametrize("status", ["nothing_judged", "not_final_accounts"])
def test_no_letter_without_a_judgement(status: str) -> None:
    with pytest.raises(OutputUnavailable, match="没有表"):
        letter(result([], status=status, message="没有表"))  # type: ignore[arg-type]


def test_a_unit_that_is_not_known_is_a_field() -> None:
    assert "关于【单位名称】2023年度部门决算" in text_of(letter(result([finding()], name=None)))


def test_the_form_of_an_official_letter() -> None:
    data = letter(result([finding()]))
    document = Document(io.BytesIO(data))
    page = document.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height) if side is not None] == [210, 297]
    assert [round(m.mm) for m in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin) if m is not None] == [37, 35, 28, 26]
    title = document.styles["公文标题"]
    assert title.font.size is not None and title.font.size.pt == 22 and title.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    body = document.styles["公文正文"]
    assert body.font.size is not None and body.font.size.pt == 16 and body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        xml = etree.tostring(footer._element, encoding="unicode")
        assert "PAGE" in xml and f'w:val="{side}"' in xml and "".join(t.text or "" for t in footer._element.iter(qn("w:t"))) == "—  —"
    controls = [one.get(qn("w:val")) for one in document.element.body.iter(qn("w:alias"))]
    assert {"发文机关标志", "发文字号", "接收部门", "联系人", "联系电话"} <= set(controls)
    identifiers = [one.get(qn("w:val")) for one in document.element.body.iter(qn("w:id"))]
    assert len(set(identifiers)) == len(identifiers) == len(controls)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not [name for name in names if "thumbnail" in name]


def test_only_the_units_own_report_is_named() -> None:
    own, other = result([finding()]), result([finding()], name="乙局", path="乙局.txt")
    other = ReportResult(**{**{f: getattr(other, f) for f in other.__struct_fields__}, "source": type(own.source)("乙局.txt", "cd" * 32, "text")})
    text = text_of(render_notice(subject(own), material(own, other, command=("juesuan-rules", "乙局.txt"))))
    assert "ab" * 32 in text and "乙局" not in text


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")])
def test_chinese_numbers(number: int, said: str) -> None:
    assert _in_chinese(number) == said


def _checked(data: bytes) -> None:
    """Reads back; every part is well-formed, the text has nothing live in it."""
    Document(io.BytesIO(data))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(archive.read(name))
    xml = archive.read("word/document.xml").decode()
    assert not re.search(r"w:(?:fldSimple|instrText|hyperlink|object)\b", xml)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", xml)


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_hostile_text_makes_a_whole_document(text: str) -> None:
    report = hostile_result(text)
    _checked(render_notice(subject(report), material(report, command=("x", text))))


def test_word_processors_open_it(tmp_path: Path, needs: Callable[[str], str]) -> None:
    soffice = needs("soffice")
    report = result([finding(), *[found for text in HOSTILE for found in hostile_result(text).findings]])
    (tmp_path / "a.docx").write_bytes(letter(report))
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    import pypdfium2

    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    first = document[0].get_textpage().get_text_bounded()
    assert "整改通知" in re.sub(r"\s", "", first) and "— 1 —" in first


def test_ten_thousand_findings() -> None:
    report = result([finding(key=str(n)) for n in range(10_000)])
    whole, made = subject(report), material(report)
    data = render_notice(whole, made)
    text = text_of(data)
    assert "以上列出 200 项，另有 9,800 项见附件1" in text and "另有 18,000 行没有列出" in text and len(data) < 2_000_000


def test_a_sentence_of_several_figures_is_quoted_once() -> None:
    operands = tuple([Operand(f"占比「甲」.{name}", "1", "1", "%", Place(line=3), quote="甲占百分之一。") for name in ("百分比", "部分")])
    problem = next(line for line in lines_of(letter(result([finding(operands=operands)]))) if line.startswith("问题1"))
    assert "①文中“甲”的百分比、②文中“甲”的部分（第3行）「甲占百分之一。」" in problem


def test_nothing_is_expected_of_what_is_compared_with_nothing() -> None:
    missing = Operand("文字科目[201].值", None, "", "万元", Place(line=1), note="文字里没有写")
    there = Operand("支出表[201].小计", "100", "1.00", "万元", Place(line=2))
    lines = lines_of(letter(result([finding(operands=(missing, there), sentence="支出表 有 1.00 万元，文字里没有写")])))
    assert "1|② 支出表[201].小计|1.00||第2行" in lines
    assert not any("相差 0.09" in line for line in lines)
