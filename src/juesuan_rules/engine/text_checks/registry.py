"""The checks of the text by the names rules use."""

from __future__ import annotations

from collections.abc import Callable

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks import (
    charts,
    contents,
    contradictions,
    disclosure,
    empty_tables,
    glossary,
    heads,
    leftovers,
    money,
    names_in_use,
    numbering,
    parts,
    privacy,
    punctuation,
    repeats,
    spelling,
    units,
    years,
)

LETTER_BY_LETTER = frozenset(
    "标点成对 重复标点 缺金额单位 百分比写法 年度写法 占位符 标记残留 重复用词 同文异写 句子完整 转换痕迹 科目名称一致 单位名一致 内部编码".split()
)
"""Checks that hang on single characters: where the text was recognised from pictures, what they find may
be the recogniser's slip."""

TEXT_CHECKS: dict[str, Callable[[Books, tuple[str, ...]], list[Structural]]] = {
    "前后一致": contradictions.stated_alike,
    "目录一致": contents.contents_agree,
    "序号连续": numbering.numbers_follow,
    "部分齐全": parts.parts_present,
    "各节齐全": parts.sections_present,
    "空表有说明": empty_tables.empty_tables_explained,
    "声明无相符": empty_tables.denials_hold,
    "年度一致": years.years_agree,
    "文中年度": years.years_in_sentences,
    "年度写法": years.years_written_once,
    "单位名一致": units.one_department,
    "标点成对": punctuation.marks_paired,
    "重复标点": punctuation.marks_once,
    "缺金额单位": money.money_has_unit,
    "金额单位一致": money.one_money_unit,
    "文中金额单位": money.right_money_unit,
    "百分比写法": money.percent_form,
    "占位符": leftovers.nothing_unfilled,
    "模板残留": leftovers.no_template,
    "标记残留": leftovers.no_markup,
    "内部编码": leftovers.no_inner_codes,
    "过时名称": names_in_use.no_outdated_names,
    "过时科目": names_in_use.no_outdated_rows,
    "级次用语": names_in_use.own_level,
    "个人隐私": privacy.nothing_private,
    "重复用词": repeats.words_once,
    "重复句子": repeats.sentences_differ,
    "同文异写": spelling.names_spelled_alike,
    "句子完整": repeats.sentences_whole,
    "转换痕迹": repeats.cleanly_converted,
    "名词解释齐全": glossary.terms_complete,
    "科目存在": charts.codes_known,
    "科目名称一致": charts.names_right,
    "表头齐全": heads.heads_complete,
    "栏名重复": heads.columns_named_once,
    "表题与栏目": heads.titles_fit,
    "公开细度": heads.fine_enough,
    "单位构成": disclosure.members_counted,
    "附件齐全": disclosure.enclosures_there,
    "公开及时": disclosure.published_in_time,
}
