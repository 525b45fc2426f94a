"""What a person is told about a text that cannot be read: code, place, what to do."""

from __future__ import annotations

import re

import pytest
from small_layout import marked

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.codes import CODES
from juesuan_rules.language.parse import parse_expression


def problem(text: str) -> Diagnostic:
    result = parse_expression(text)
    assert isinstance(result, tuple), f"没有报错：{text}"
    (found,) = result
    return found


@pytest.mark.parametrize(
    ("text", "code", "at", "says"),
    [
        ("  ", "E101", "  ", "sum(总表.支出)"),
        ("甲 == (乙", "E102", "(", "补上 )"),
        ("甲 == 乙)", "E102", ")", "删掉"),
        ("sum(总表.支出] == 乙", "E102", "]", "改成 )"),
        ("总表[本年支出合计 == 乙", "E102", "[", "补上 ]"),
        ("甲 = 乙", "E103", "=", "=="),
        ("甲＝乙", "E103", "＝", "=="),
        ("若总表.支出 > 5元 则 甲 == 乙", "E104", "若", "若 总表"),
        ("每个r 属于 支出表[项]：r.甲 > 0", "E104", "每个", "每个 r"),
        ("甲 == 5万块", "E105", "万块", "万元"),
        ("甲 == 3亩", "E105", "亩", "万元"),
        ("甲 == 0.02万 且 乙 > 0", "E105", "万", "万元"),
        ("甲 == 「乙", "E106", "「", "另一半"),
        ("甲 == 乙」", "E106", "」", "另一半"),
        ("甲 $ 乙", "E107", "$", "删掉"),
        ("甲 == 乙；", "E107", "；", "删掉"),
        ("因公出国(境)费 == 甲", "E108", "因公出国(境)费", "「因公出国(境)费」"),
        ("名称(r) 包含 公务", "E108", "公务", '包含 "公务"'),
        ("总表 支出 == 甲", "E109", "总表 支出", "「总表 支出」"),
        ("总表. == 甲", "E109", "==", "应是名称"),
        ("总表[1..8] == 甲", "E109", "]", "1..8行"),
        ("甲 == 乙 则 丙", "E109", "则", "若 条件"),
        ("甲 == 乙，丙 == 丁", "E109", "，", "分成几条"),
        ("甲 属于 {乙}", "E109", "乙", "引号"),
        ("甲 ==", "E112", "==", "名称、数字或括号"),
        ("甲 == 乙 且", "E112", "且", "名称、数字或括号"),
        ("甲 ± 0.02", "E114", "±", "左边 == 右边"),
        ("甲 == 乙 ±", "E114", "", "± 尾差"),
        ("甲 and 乙", "E115", "and", "且"),
        ("甲 => 乙", "E115", "=>", ">="),
        ("甲 大于 乙", "E115", "大于", ">"),
        ("如果 甲 > 乙 则 丙 > 丁", "E115", "如果", "若"),
        ("甲 > 乙 || 丙 > 丁", "E115", "||", "或"),
        ("甲 ** 2 == 乙", "E115", "**", "连乘"),
        ("甲 ^ 2 == 乙", "E115", "^", "连乘"),
        ("总表[本年支出合计.金额 == 甲 且 (乙 > 丙)", "E102", "[", "补上 ]"),
    ],
)
def test_common_mistakes(text: str, code: str, at: str, says: str) -> None:
    found = problem(text)
    assert found.code == code
    assert marked(found, text).strip() == at.strip()
    assert says in found.message + found.hint


def test_places_are_in_the_text_as_typed() -> None:
    text = "总\u200b表…  甲 = 乙"
    found = problem("sum(总\u200b表[1…8行]) = 乙")
    assert marked(found, "sum(总\u200b表[1…8行]) = 乙") == "="
    assert problem(text).span.column <= len(text) + 1


def test_places_over_several_lines() -> None:
    found = problem("甲 + 乙\n  = 丙")
    assert (found.span.line, found.span.column, found.source_line) == (2, 3, "  = 丙")


@pytest.mark.parametrize("text", ["甲 ==", "甲 (", "总表[", "甲 == 乙 丙", "若 甲", "每个 r 属于", "甲 {", "甲 == 1 2", "[", "甲 属于", "sum(甲,", "27 行行", "±", "..", "甲 == 乙 否则"])
def test_messages_speak_of_no_program(text: str) -> None:
    found = problem(text)
    assert found.code in CODES
    said = re.sub(r"“[^”]*”", "", found.message + found.hint)
    assert not re.search(r"[A-Z_]{3,}|Token|Lark|None|\$END", said), said
