"""What each figure says: wordings of many publishers, each with the mentions it must give and no others.

The files in wordings/ hold a text (# a heading, // a remark) and below it, indented, its mentions in the
notation of `prose_texts.py`. A text with nothing below it must give none.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose_texts import read_paragraphs, told

from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.figures import find_figures
from juesuan_rules.reports.prose.mentions import find_mentions

_FILES = sorted((Path(__file__).parent / "wordings").glob("*.txt"))


def _blocks() -> list[object]:
    found: list[object] = []
    for path in _FILES:
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            lines = [line for line in block.split("\n") if line.strip() and not line.startswith("//")]
            text = [line for line in lines if not line.startswith("    ")]
            if text:
                expected = [line.strip() for line in lines if line.startswith("    ")]
                found.append(pytest.param("\n".join(text), expected, id=f"{path.stem}-{text[0][:24]}"))
    return found


_BLOCKS = _blocks()


@pytest.mark.parametrize(("text", "expected"), _BLOCKS)
def test_wording(text: str, expected: list[str]) -> None:
    assert told(read_paragraphs(text)) == expected


def test_there_are_wordings_enough() -> None:
    assert len(_BLOCKS) >= 150


def test_a_reason_is_kept_with_the_change() -> None:
    sentences = read_paragraphs("公务接待费支出2万元，比上年增加1万元，增长100%，主要原因是接待增加。")
    assert [mention.reason for mention in find_mentions(sentences)] == ["", "接待增加。", "接待增加。"]


def test_a_reason_in_the_next_sentence_is_that_of_the_change_it_names() -> None:
    text = (
        "公务接待费支出预算为3万元，支出决算为2万元，完成预算的66.67%，较上年减少1万元。决算数小于预算数的主要原因：节约。决算数较上年减少的主要原因：来访少。"
    )
    reasons = {mention.aspect: mention.reason for mention in find_mentions(read_paragraphs(text))}
    assert (reasons["完成率"], reasons["增减额"]) == ("节约。", "来访少。")


def test_a_year_said_outright_is_kept() -> None:
    (mention,) = find_mentions(read_paragraphs("2023年度机关运行经费支出50万元。"))
    assert mention.year == 2023


def test_headings_over_items_name_the_subject() -> None:
    lead = "一般公共预算财政拨款支出年初预算为9万元，支出决算为10万元，完成年初预算的111.11%。其中："
    item = "年初预算为9万元，支出决算为10万元，完成年初预算的111.11%。"
    above = ("第三部分2023年度部门决算情况说明", "五、一般公共预算财政拨款支出决算情况说明")
    path = "一般公共服务支出（类）人大事务（款）行政运行（项）"
    sentences = (
        *[Sentence(text, text, sections=above, paragraph=1, figures=find_figures(text)) for text in (lead[:-3], lead[-3:])],
        Sentence(path, path, sections=above, paragraph=2, role="标题", marker="1."),
        Sentence(item, item, sections=(*above, "1." + path), paragraph=3, figures=find_figures(item)),
    )
    value = next(mention for mention in find_mentions(sentences) if mention.subject == path and mention.aspect == "值")
    assert value.parent == (0, 1)


@pytest.mark.parametrize(
    "piece",
    [
        "其中：基本支出1万元，",
        "年初预算1万元，支出2万元，完成预算的3%，",
        "（其中1万元）",
        "比上年增加1万元（",
        "“",
        "财政年初部门",
        "分别为1万元、2万元，",
        "与上年相比，",
        "主要原因是",
        "一、1万元。",
    ],
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    def took(times: int) -> float:
        text = "收入总计100万元，" + piece * times
        sentences = (Sentence(text, text, figures=find_figures(text)),) * 2
        start = time.process_time()
        find_mentions(sentences)
        return time.process_time() - start

    took(50)
    # Eight times the text: about 8 where time is linear, 64 where it is quadratic.
    assert took(1600) < 30 * took(200) + 0.2


_WORDS = [
    "收入总计",
    "基本支出",
    "100万元",
    "5.2%",
    "3个",
    "其中：",
    "比上年",
    "增加",
    "占",
    "的",
    "，",
    "；",
    "。",
    "（",
    "）",
    "分别为",
    "完成年初预算",
    "主要原因是",
    "“",
    "”",
    "、",
    "为",
    "与",
    "相比",
    "持平",
    "其中",
    "2022年度",
    "：",
    "由",
    "到",
    "综述：",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_WORDS), max_size=24), max_size=4))
def test_any_words_are_read_without_error_and_point_at_figures_that_are_there(lines: list[list[str]]) -> None:
    sentences = read_paragraphs("\n".join("".join(line) for line in lines))
    for mention in find_mentions(sentences):
        for at in (mention.at, mention.value_at, mention.base_at, mention.parent):
            assert at is None or at[1] < len(sentences[at[0]].figures)
        assert mention.subject
