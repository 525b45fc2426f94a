"""Paragraphs put together, sentences cut, under their headings."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.prose.reading import prose_of, sentences_of, texts_of

from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, Source, TextBlock
from juesuan_rules.reports.model import Identity
from juesuan_rules.reports.prose.reading import read_prose
from juesuan_rules.reports.prose.repairs import TORN

_SOURCE = Source("某局.docx", "0" * 64, "docx")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("2023年度基本支出300.00万元，其中：人员经费260.00万元，主要包括基本工资等；日", "常公用经费40.00万元。"),
        ("4. 住房保障支出。年初预算为10.00万元，支出决算为13.22万元，", "完成年初预算的132.2%。"),
        ("3. 公务用车购置及运行费8.50万元，占“三公”经费支出", "的 100.00%。比上年增加1.50万元。"),
        ("2. 社会保障支出30.5万元。主要是按规定发放的离休人员工资和津补", "贴及管理方面的支出。"),
        ("(1) 社会保障和就业支出（类）行政事业单位养老支出（款）", "行政单位离退休(项)12.40万元,主要是退休人员经费。"),
        ("财政拨款收入600.5万元，占99.3%；事业收入0万元，占本年收入0%；", "经营收入0万元，占本年收入0 %。"),
        ("与上年相比，收入支出总计减少1.50万元。主要原因：", "人员变动和合同支付进度等原因。"),
        ("决算数小于全年预算数的主要原因：2023", "年度无公务用车购置费预决算。"),
    ],
)
def test_what_a_page_break_tore_is_one_paragraph(above: str, below: str) -> None:
    sentences = [sentence for sentence in sentences_of(f"一、决算情况说明\n\n{above}\n\n{below}\n") if sentence.role == "正文"]
    assert len({sentence.paragraph for sentence in sentences}) == 1
    joined = [sentence for sentence in sentences if TORN in sentence.repaired]
    assert len(joined) == 1
    assert "\n" not in joined[0].raw


@pytest.mark.parametrize(
    "between",
    ["- 3 -", "第3页", "图 1：收、支决算总计变动情况", "99.31%", "某某市某某局2023年度部门决算公开"],
)
def test_what_stands_in_a_page_break_is_skipped(between: str) -> None:
    header = "某某市某某局2023年度部门决算公开"
    text = f"一、决算情况说明\n{header}\n总计1.00万元。\n{header}\n与2022年度相比，一般公共预算财政拨款支出增加120.5万元，增长\n{between}\n{header}\n25.1%。\n"
    prose = prose_of(text)
    assert "与2022年度相比，一般公共预算财政拨款支出增加120.5万元，增长25.1%。" in texts_of(text)
    assert between.replace(" ", "") in [sentence.text.replace(" ", "") for sentence in prose.sentences if sentence.role == "表外"]


def test_items_of_a_list_of_names_stay_apart() -> None:
    text = "一、单位构成\n纳入某局2023年部门决算编制范围的预算单位包括：\n1. 某某市某某局本级\n2. 某某市政务服务和大数据管理中心（本级）\n单位内设办公室。\n"
    assert texts_of(text) == [
        "纳入某局2023年部门决算编制范围的预算单位包括：",
        "某某市某某局本级",
        "某某市政务服务和大数据管理中心（本级）",
        "单位内设办公室。",
    ]


def test_a_list_under_a_lead_line_keeps_its_items_and_marks() -> None:
    text = "一、决算情况说明\n(一) 收入总计100.00万元，包括：\n1. 财政拨款收入90.00万元，占90.00%。其中：基金0.00万元。\n2．其他收入 10.00 万元。\n"
    found = [(sentence.marker, sentence.text) for sentence in sentences_of(text)]
    assert found == [
        ("一、", "决算情况说明"),
        ("（一）", "收入总计100.00万元，包括："),
        ("1.", "财政拨款收入90.00万元，占90.00%。"),
        ("", "其中：基金0.00万元。"),
        ("2.", "其他收入10.00万元。"),
    ]


def test_a_numbered_list_inside_a_paragraph_is_taken_apart() -> None:
    text = "一、支出情况说明\n支出合计30.00万元，其中：1.基本支出10.00万元；2.项目支出20.00万元。与上年持平；无其他支出。\n"
    found = [(sentence.marker, sentence.text) for sentence in sentences_of(text)[1:]]
    assert found == [
        ("", "支出合计30.00万元，其中："),
        ("1.", "基本支出10.00万元；"),
        ("2.", "项目支出20.00万元。"),
        ("", "与上年持平；无其他支出。"),
    ]


def test_headings_above_a_sentence() -> None:
    text = """第一部分 概况
一、主要职责
（一）负责财政工作。
第二部分 2023年度部门决算情况说明
一、收入支出决算总体情况说明
（一）总体情况。2023年度收入总计1.00万元。
1. 人大事务（款）行政运行（项）。年初预算2.00万元。
2. 财政事务（款）行政运行（项）。年初预算3.00万元。
二、支出决算情况说明
支出合计4.00万元。
"""
    above = {sentence.text: sentence.sections for sentence in sentences_of(text)}
    second, first = "第二部分2023年度部门决算情况说明", "一、收入支出决算总体情况说明"
    assert above["负责财政工作。"] == ("第一部分概况", "一、主要职责")
    assert above["2023年度收入总计1.00万元。"] == (second, first, "（一）总体情况")
    assert above["年初预算2.00万元。"] == (second, first, "（一）总体情况", "1.人大事务（款）行政运行（项）")
    assert above["年初预算3.00万元。"] == (second, first, "（一）总体情况", "2.财政事务（款）行政运行（项）")
    assert above["支出合计4.00万元。"] == (second, "二、支出决算情况说明")


def test_a_sentence_with_a_mark_closes_the_heading_of_its_rank() -> None:
    text = "一、决算情况说明\n（一）总体情况。\n总计1.00万元。\n（二）年末结转和结余2.00万元。\n主要是未支付的项目。\n"
    assert sentences_of(text)[-1].sections == ("一、决算情况说明",)


@pytest.mark.parametrize(
    ("line", "mark", "role"),
    [
        ("（四）预算绩效情况。", "（四）", "标题"),
        ("3、公务接待费", "3.", "标题"),
        ("（3）项目绩效自评结果", "（3）", "标题"),
        ("十一、 2023年度其他重要事项的情况说明", "十一、", "标题"),
        ("机关运行经费支出情况", "", "标题"),
        ("# 一、收入决算情况说明", "一、", "标题"),
        ("1. 财政拨款收入7511.66万元", "1.", "正文"),
        ("（一）贯彻落实上级关于财政工作的方针政策，组织起草相关规定。", "（一）", "正文"),
        ("① 完成全年任务，保障机构运转；", "①", "正文"),
        ("2024年度无政府性基金预算财政拨款支出。", "", "正文"),
        ("16.22万元用于公用经费。", "", "正文"),
    ],
)
def test_headings_and_sentences(line: str, mark: str, role: str) -> None:
    sentence = sentences_of(f"一、总体情况说明\n本年无变化。\n{line}\n此项无变化。\n")[2]
    assert (sentence.marker, sentence.role) == (mark, role)


def test_cover_contents_and_glossary() -> None:
    text = """某某市某某局
2023年度部门决算

目 录

第一部分 决算情况说明..... 3
第二部分 名词解释

第一部分 决算情况说明

总计1.00万元。

第二部分 名词解释

1. 基本支出：指保障机构正常运转发生的支出。
"""
    roles = [(sentence.role, sentence.text) for sentence in sentences_of(text)]
    assert roles[0] == ("封面", "某某市某某局")
    assert roles[2] == ("目录", "目录")
    assert [role for role, _ in roles[3:5]] == ["目录", "目录"]
    assert ("正文", "总计1.00万元。") in roles
    assert roles[-1] == ("名词解释", "基本支出：指保障机构正常运转发生的支出。")


def _grid(*texts: str) -> GridBlock:
    return GridBlock((tuple(GridCell(text) for text in texts), tuple(GridCell("1.00") for _ in texts)))


def test_lines_around_a_table_are_no_prose() -> None:
    lines = ["二、收入决算表", "收入决算表", "公开02表", "部门：某某局", "金额单位：万元"]
    below = ["注：本表反映部门本年度取得的各项收入情况。", "如本表为空，则我部门本年度无此类资金收支余。"]
    blocks = (*(TextBlock(line) for line in lines), _grid("项目", "本年收入合计"), *(TextBlock(line) for line in below), TextBlock("三、支出说明"))
    prose = read_prose(Document(_SOURCE, blocks), (), Identity())
    assert [sentence.role for sentence in prose.sentences] == ["标题", "表外", "表外", "表外", "表外", "表外", "表外", "标题"]


def test_text_set_in_a_frame_is_prose() -> None:
    framed = GridBlock(((GridCell("2023年度收入总计100.00万元，比上年增加1.00万元，增长1.01%。"),),))
    prose = read_prose(Document(_SOURCE, (TextBlock("一、收入决算情况说明"), framed)), (), Identity())
    assert [len(sentence.figures) for sentence in prose.sentences] == [0, 3]


def test_stops_in_brackets_and_quotes() -> None:
    text = '一、决算情况说明\n项目得分100分（满分100分。下同）。要求“保质保量。”完成任务"见附件。"。本年无变化！\n'
    assert texts_of(text) == ["项目得分100分（满分100分。下同）。", "要求“保质保量。”", "完成任务“见附件。”。", "本年无变化！"]


def test_the_place_is_that_of_the_line_where_a_sentence_begins() -> None:
    text = "一、决算情况说明\n本年支出合计100.00万元，与上年相比没有变化，其中基本支出\n40.00万元。项目支出60.00万元。\n"
    lines = [(sentence.place.line, sentence.figures[0].amount.place.line) for sentence in sentences_of(text)[1:]]
    assert lines == [(2, 2), (3, 3)]


def test_repairs_are_noted() -> None:
    sentence = sentences_of("一、决算情况说明\n使用结余<u>O.OO</u>万元，完成年初预算的 84. 95 %，其余16.27万。\n")[1]
    assert sentence.repaired == ("去掉标记", "字母 O 改作数字 0", "去掉数字内的空格", "缺单位")
    assert [figure.amount.raw for figure in sentence.figures] == ["O.OO", "84. 95", "16.27"]


_LINES = st.lists(
    st.text(st.sampled_from('一二（）(1)、.收入支出总计万元0123，。；：！“”"图注表目录第部分 *'), min_size=1, max_size=40).filter(
        lambda line: line.strip() != ""
    ),
    max_size=12,
)


@given(_LINES)
def test_no_text_is_lost_or_told_twice(lines: list[str]) -> None:
    document = Document(_SOURCE, tuple(TextBlock(line, Place(paragraph=n)) for n, line in enumerate(lines, 1)))
    printed = "".join(line for line in lines if sentences_of_lines([line]))
    told = "".join(sentence.raw for sentence in read_prose(document, (), Identity()).sentences)
    assert Counter(re.sub(r"\s", "", told)) == Counter(re.sub(r"\s", "", printed))


def sentences_of_lines(lines: list[str]) -> int:
    """How many sentences lines make: none where they hold nothing but markup."""
    blocks = tuple(TextBlock(line) for line in lines)
    return len(read_prose(Document(_SOURCE, blocks), (), Identity()).sentences)


@pytest.mark.parametrize("unit", ["支出1,724.62万元，", "-", ".", "（", "（一）", "。", '"', "；1.", "一、", "O.OO 万元 ", "收 入 "])
def test_time_is_linear(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    many = tuple(TextBlock((unit * 37)[:37], Place(paragraph=n)) for n in range(2_700))
    for blocks in ((TextBlock(text),), many):
        began = time.process_time()
        read_prose(Document(_SOURCE, blocks), (), Identity())
        assert time.process_time() - began < 3
