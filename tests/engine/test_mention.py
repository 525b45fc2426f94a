"""提及: a condition on the words of the prose."""

from __future__ import annotations

from typing import Any

from juesuan_rules.authoring.building import build_report
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.packs.load import load_pack
from juesuan_rules.resources import rules_root

PACK = load_pack("cn", 2023, [rules_root()])
HEAD = "第二部分 2023年度部门决算情况说明\n"


def outcome(check: str, text: str, tables: dict[str, Any] | None = None) -> str:
    result = check_rules((RuleText("Z-01", "提及", (CheckText(check),)),), PACK.layout)
    assert result.diagnostics == ()
    report = build_report(PACK.layout, tables or {}, 2023, None, text)
    (verdict,) = run(prepare(result.rules), report).verdicts()
    return verdict.outcome


def test_one_of_the_words_is_enough() -> None:
    text = HEAD + "本部门2023年没有安排出国（境）团组。"
    assert outcome('提及("因公出国", "出国（境）")', text) == "pass"
    assert outcome('提及("公务接待")', text) == "fail"
    assert outcome('若 提及("公务接待") 则 存在(三公表)', text) == "not_applicable"
    assert outcome('提及("公务接待") 或 存在(总表)', text, {"总表": "空"}) == "pass"
    assert outcome('非 提及("公务接待")', text) == "pass"


def test_contents_and_terms_do_not_mention() -> None:
    text = "目录\n第一部分 公务接待情况\n第二部分 名词解释\n第一部分 概况\n本部门负责财政工作。\n第二部分 名词解释\n1.公务接待费：指接待支出。\n2.基本支出：指日常支出。"
    assert outcome('提及("接待支出")', text) == "fail"


def test_without_prose_nothing_is_known() -> None:
    assert outcome('提及("公务接待")', "", {"总表": "空"}) == "undecided"
