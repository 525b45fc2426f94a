"""Which pack is chosen, and what is said about it."""

from __future__ import annotations

import pytest

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.pipeline.choose import choose_pack
from juesuan_rules.reports.model import Identity
from juesuan_rules.resources import rules_root

ROOTS = (rules_root(),)


def identity(code: str | None, year: int | None = 2023, **more: object) -> Identity:
    return Identity("某局", year, code, "某地", "万元", "部门决算", True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "pack", "why"),
    [
        ("210505", "cn-21-liaoning", "依据「某地」「2023年度」选定"),
        ("42", "cn-42-hubei", "依据「某地」「2023年度」选定"),
        ("150521", "cn-15-neimenggu", "--pack 可改"),
        ("440106", "cn", "「某地」没有专门的规则包，用全国基础包"),
        (None, "cn", "没有认出地区，暂用全国基础包"),
    ],
)
def test_the_most_specific_pack_of_the_region(code: str | None, pack: str, why: str) -> None:
    choice = choose_pack(identity(code), None, None, ROOTS)
    assert choice.name.endswith(pack)
    assert why in choice.why


def test_the_words_of_the_report_are_the_evidence() -> None:
    seen = identity("421303", evidence=("年度：2023（第 4 行）", "地区：湖北省随州市曾都区（依据「曾都区」）"))
    assert choose_pack(seen, None, None, ROOTS).why.startswith("依据「曾都区」「2023年度」")


def test_a_shared_name_asks_and_never_guesses() -> None:
    seen = identity(None, ambiguous_regions=("辽宁省朝阳市", "北京市朝阳区"))
    with pytest.raises(UsageError, match=r"辽宁省朝阳市、北京市朝阳区.*--region.*--pack"):
        choose_pack(seen, None, None, ROOTS)
    assert choose_pack(seen, "cn", None, ROOTS).name == "cn"


def test_what_a_person_names_wins() -> None:
    choice = choose_pack(identity("21"), "cn-42-hubei@1.0.0", None, ROOTS)
    assert (choice.name, choice.version, choice.why) == ("cn-42-hubei", "1.0.0", "由 --pack 指定")
    assert "--region 42" in choose_pack(identity("42"), None, "42", ROOTS).why
    assert "年度未认出" in choose_pack(identity("42", None), None, None, ROOTS).why
