"""Whole rules: places in files, everything at once, duplicates, conditions, packing."""

from __future__ import annotations

import marshal

import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from small_layout import check, small_layout
from trees import EXPRESSIONS

from juesuan_rules.diagnostics import Span
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.language.packing import pack_rule, unpack_rule
from juesuan_rules.language.syntax import Expression
from juesuan_rules.language.unparse import unparse


def located(text: str, line: int) -> CheckText:
    return CheckText(text, locate=lambda start, end: Span("a.yaml", line, 10 + start, line, 10 + end))


def rule(rule_id: str, *texts: str | CheckText, **more: object) -> RuleText:
    checks = tuple(t if isinstance(t, CheckText) else CheckText(t) for t in texts)
    return replace(RuleText(rule_id, "试验", checks), **more)  # type: ignore[arg-type]


def test_all_problems_of_all_rules_come_sorted_by_place() -> None:
    rules = [rule("T-2", located("总表[99行] == 0", 9), located("甲 =", 8)), rule("T-1", located("支初表.甲 == 支出表.乙", 3)), rule("T-3", located("总表[27行] >= 0", 5))]
    result = check_rules(rules, small_layout())
    assert [(d.span.line, d.code) for d in result.diagnostics] == [(3, "E201"), (3, "E203"), (8, "E103"), (9, "E205")]
    assert result.diagnostics[3].span == Span("a.yaml", 9, 13, 9, 16)
    assert [r.id for r in result.rules] == ["T-3"]


def test_a_rule_with_one_bad_check_is_not_run_at_all() -> None:
    assert check("总表[27行] >= 0", "总表[99行] >= 0").rules == ()


def test_a_rule_keeps_what_it_was_told() -> None:
    given = rule("T-1", CheckText("总表[27行] >= 0", "提示", "其一"), severity="警告", pack="cn", changed_by="cn-21", basis=(("预算法", "第七十五条", "未核验"),), when=CheckText("存在(支出表)"))
    (checked,) = check_rules([given], small_layout()).rules
    assert (checked.id, checked.title, checked.severity, checked.pack, checked.changed_by, checked.basis) == ("T-1", "试验", "警告", "cn", "cn-21", given.basis)
    assert (checked.checks[0].source, checked.checks[0].severity, checked.checks[0].title) == ("总表[27行] >= 0", "提示", "其一")
    assert checked.tables == ("收入支出决算总表", "支出决算表")
    assert checked.when is not None
    assert checked.when_source == "存在(支出表)"


@pytest.mark.parametrize(
    ("when", "code"),
    [("支出表.基本支出 > 0", "E307"), ("总表[27行]", "E304"), ("每个 r 属于 支出表：r.基本支出 > 0", "E311"), ("行次连续(总表)", "E311"), ("1 == 1", "W301")],
)
def test_when_must_be_one_yes_or_no(when: str, code: str) -> None:
    assert code in [d.code for d in check("总表[27行] >= 0", when=when).diagnostics]


@pytest.mark.parametrize("when", ["存在(支出表)", "sum(支出表.基本支出) > 0", "非 (总表[27行] != 0) 且 存在 r 属于 支出表[项]：r.基本支出 > 0"])
def test_conditions_that_are(when: str) -> None:
    assert check("总表[27行] >= 0", when=when).diagnostics == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("总表[27行] == 总表[28行] + 总表[29行]", "总表[29行] + 总表[28行] == 总表[27行]"),
        ("总表[27行] <= 总表[58行]", "总表.支出[本年支出合计] >= 总表[本年收入合计]"),
        ("总表[27行] - 总表[28行] == 0", "-总表[28行] + 总表[27行] == 0"),
        ("总表[27行] > 0 且 总表[58行] > 0", "总表[58行] > 0 且 总表[27行] > 0"),
    ],
)
def test_rules_that_say_the_same_are_pointed_out(first: str, second: str) -> None:
    result = check_rules([rule("T-1", first), rule("T-2", second)], small_layout())
    assert [d.code for d in result.diagnostics] == ["W201"]
    assert "T-1" in result.diagnostics[0].message
    assert len(result.rules) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [("总表[27行] <= 总表[58行]", "总表[27行] >= 总表[58行]"), ("总表[27行] == 总表[58行] ± 1%", "总表[58行] == 总表[27行] ± 1%"), ("总表[27行] - 总表[28行] == 0", "总表[28行] - 总表[27行] == 1元")],
)
def test_rules_that_differ_are_not(first: str, second: str) -> None:
    assert check_rules([rule("T-1", first), rule("T-2", second)], small_layout()).diagnostics == ()


def test_the_same_check_for_other_years_is_no_duplicate() -> None:
    rules = [rule("T-1", "总表[27行] >= 0", applies_years=(None, 2021)), rule("T-2", "总表[27行] >= 0", applies_years=(2022, None))]
    assert check_rules(rules, small_layout()).diagnostics == ()


def test_a_rule_without_checks_is_an_error() -> None:
    assert [d.code for d in check_rules([rule("T-1")], small_layout()).diagnostics] == ["E101"]


def test_packing_survives_marshal_and_refuses_other_versions() -> None:
    text = "每个 r 属于 支出表[项]：若 编码(r) 属于 {2080505} 则 r.项目支出 == 0 ± 0.02万元"
    (checked,) = check_rules([rule("T-1", text, "sum(总表.支出) == 本年支出合计", when=CheckText("存在(支出表)"))], small_layout()).rules
    packed = pack_rule(checked)
    assert unpack_rule(marshal.loads(marshal.dumps(packed))) == checked
    with pytest.raises(ValueError, match="another version"):
        unpack_rule((0, *packed[1:]))


LAYOUT = small_layout()


@given(EXPRESSIONS)
@settings(max_examples=300, deadline=None)
def test_any_expression_is_sound_or_explained(tree: Expression) -> None:
    text = unparse(tree)
    for table in (None, "总表", "支出表"):
        result = check_rules([rule("T-1", text, table=table)], LAYOUT)
        assert bool(result.rules) != any(d.is_error for d in result.diagnostics)
        for found in result.diagnostics:
            assert found.message
            assert 1 <= found.span.column < found.span.end_column <= len(text) + 1
        for checked in result.rules:
            assert unpack_rule(marshal.loads(marshal.dumps(pack_rule(checked)))) == checked
