"""Proposals from the samples: what was taken out of the pack comes back, and the whole pack leaves little to say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from juesuan_rules.authoring.drafting.model import Proposal, Subject
from juesuan_rules.authoring.drafting.proposing import propose
from juesuan_rules.authoring.drafting.trying import Trier
from juesuan_rules.pipeline.load import Loaded, load
from juesuan_rules.pipeline.options import Options

FIXTURES = Path(__file__).parents[3] / "fixtures"
NAMES = (
    "辽宁省云岫市数据服务局-2023.txt",
    "广东省浔澜市水务局-2023.txt",
    "湖北省槐溪县文化资源管理局-2023.txt",
    "内蒙古青格勒旗民生保障局-2023.txt",
    "北京市青梧区档案事务中心-2023.txt",
)


@pytest.fixture(scope="module")
def reports() -> list[Loaded]:
    return [load(FIXTURES / name, Options()) for name in NAMES]


def drafted(reports: Sequence[Loaded], without: Sequence[str] = (), every: bool = True) -> tuple[Proposal, ...]:
    rules = [tuple([rule for rule in one.pack.rules if every and rule.id not in without]) for one in reports]
    return propose([Subject(one.report.source.path, one.report, kept) for one, kept in zip(reports, rules, strict=True)])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("A01-2", "总表.支出[本年支出合计] == sum(总表.支出) ± 尾差"),
        ("B-04", "总表[本年支出合计].金额 == 支出表[合计].本年支出合计 ± 尾差"),
        ("A02-2", "收入表.*[合计] == sum(收入表.*[类]) ± 尾差"),
        ("A03-1", "支出表.本年支出合计 == 支出表.基本支出 + 支出表.项目支出 ± 尾差"),
        ("A05-3", "一般支出表.*[非末级] == 下级合计(一般支出表.*) ± 尾差"),
        ("B-05", "总表.支出[明细][缺作0] == 支出表.本年支出合计[类][缺作0] ± 尾差"),
    ],
)
def test_a_rule_taken_out_is_found_again(reports: list[Loaded], rule: str, text: str) -> None:
    assert text in {one.text for one in drafted(reports, [rule])}
    assert text not in {one.text for one in drafted(reports)}


def test_two_rules_that_imply_each_other_both_come_back(reports: list[Loaded]) -> None:
    texts = {one.text for one in drafted(reports, ["A01-2", "B-04"])}
    assert {"总表.支出[本年支出合计] == sum(总表.支出) ± 尾差", "总表[本年支出合计].金额 == 支出表[合计].本年支出合计 ± 尾差"} <= texts


def test_the_whole_pack_leaves_little_to_say(reports: list[Loaded]) -> None:
    found = drafted(reports)
    assert len(found) <= 2, [one.text for one in found]
    assert all(one.chance < 1e-6 and one.reports >= 3 for one in found)


def test_without_rules_the_main_identities_come_out_with_cases(reports: list[Loaded]) -> None:
    found = drafted(reports, every=False)
    assert 40 <= len(found) <= 90
    families = {one.family for one in found}
    assert families >= {"逐行各栏相加", "合计行", "上下级", "明细之和", "行相加", "两表逐科目", "文字与表逐科目", "同一个数"}
    assert [one.text for one in found if not one.cases] == []
    assert len({one.text for one in found}) == len(found)
    assert [one.id for one in found] == [f"DRAFT-{n}" for n in range(1, len(found) + 1)]


def test_no_report_s_figures_are_copied_into_cases(reports: list[Loaded]) -> None:
    for one in drafted(reports, ["A01-2", "B-04", "A03-1"]):
        printed = {word for word in one.example.replace(",", "").split() if "." in word and word.replace(".", "").isdigit()}
        assert printed and not [figure for figure in printed if f": {figure}" in one.cases]


def test_one_report_is_not_enough_for_what_stands_in_it_once(reports: list[Loaded]) -> None:
    texts = {one.family for one in drafted(reports[:1], every=False)}
    assert texts <= {"逐行各栏相加", "合计行", "上下级", "两表逐科目", "文字与表逐科目"}
    assert texts


def test_a_report_that_contradicts_is_a_counter_example(reports: list[Loaded]) -> None:
    wrong = load(FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt", Options())
    found = drafted([*reports[1:], wrong], every=False)
    counters = [counter for one in found for counter in one.counters]
    assert counters and {Path(counter.path).name for counter in counters} == {"辽宁省云岫市数据服务局-2023-有误.txt"}
    assert all("≠" in counter.sentence for counter in counters)


def test_a_formula_means_in_trial_what_it_means_as_a_rule(reports: list[Loaded]) -> None:
    trier = Trier([Subject("甲", reports[0].report, ())])
    held = trier.instances("总表.支出[本年支出合计] == sum(总表.支出) ± 尾差", 0) or []
    assert [one.holds for one in held] == [True]
    assert sum(factor for _, factor in held[0].vector) != 0 and len(held[0].vector) > 2
    assert trier.instances("没有这张表.甲 == 0", 0) is None
    assert [one.holds for one in trier.instances("总表[本年支出合计] == 支出表.基本支出[合计] ± 尾差", 0) or []] == [False]


def test_real_reports(reports_dir: Path) -> None:
    loaded = [load(path, Options()) for path in sorted(reports_dir.glob("00[0-4]*.txt"))]
    assert len(drafted(loaded)) <= 3
