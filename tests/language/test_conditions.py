"""Logic, quantifiers, text tests and built-ins: their forms and their mistakes."""

from __future__ import annotations

import pytest
from small_layout import check, form, marked, problems

from juesuan_rules.language.functions import BUILTINS, builtin_names, find_builtin
from juesuan_rules.language.model import Form
from juesuan_rules.language.parse import parse_expression
from juesuan_rules.language.patterns import MAX_PATTERN, pattern_problem
from juesuan_rules.language.syntax import Call

SPENDING = "支出决算表"
DOMAIN = ("cells", "", SPENDING, "", "本年支出合计", ("group", "项"), "report")
ZERO = ("number", 0, 1, "money")
PROJECT: Form = ("cmp", "==", ("field", "r", "项目支出"), ZERO, ("tail",))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("每个 r 属于 支出表[项]：r.项目支出 == 0", ("each", "r", DOMAIN, PROJECT)),
        ("存在 r 属于 支出表[项]：r.项目支出 == 0", ("exists", "r", DOMAIN, PROJECT)),
        ("唯一 r 属于 支出表[项]：r.项目支出 == 0", ("unique", "r", DOMAIN, PROJECT)),
        ("非 存在 r 属于 支出表[项]：r.项目支出 == 0", ("not", ("exists", "r", DOMAIN, PROJECT))),
        ("(计数 r 属于 支出表[项]：r.项目支出 == 0) <= 3个", ("cmp", "<=", ("tally", "r", DOMAIN, PROJECT), ("number", 3, 1, "count"), ("tail",))),
        (
            '每个 r 属于 支出表[项]：若 名称(r) == "行政运行" 则 r.项目支出 == 0',
            ("each", "r", DOMAIN, ("if", ("match", "equals", ("attr", "r", "name"), "行政运行"), PROJECT)),
        ),
        ('每个 r 属于 支出表[项]："行政运行" != r.名称', ("each", "r", DOMAIN, ("match", "differs", ("attr", "r", "name"), "行政运行"))),
        ("每个 r 属于 支出表[项]：编码(r) 属于 {2080505, \"甲\"}", ("each", "r", DOMAIN, ("in", ("attr", "r", "code"), (("text", "2080505"), ("text", "甲"))))),
        ('每个 r 属于 支出表[项]：名称(r) 不包含 "（款）"', ("each", "r", DOMAIN, ("not", ("match", "contains", ("attr", "r", "name"), "（款）")))),
        ('每个 r 属于 支出表[项]：名称(r) 匹配 "^行政.*$"', ("each", "r", DOMAIN, ("match", "regex", ("attr", "r", "name"), "^行政.*$"))),
        ("每个 r 属于 支出表[项]：级次(r) == 3", ("each", "r", DOMAIN, ("cmp", "==", ("attr", "r", "level"), ("number", 3, 1, "none"), ("tail",)))),
        ("编码递增(支出表)", ("structure", "编码递增", SPENDING)),
        ("同码同名(支出表, 收入表)", ("structure", "同码同名", SPENDING, "收入决算表")),
        ('表齐全("可空")', ("structure", "表齐全", "可空")),
        ("读取完整()", ("structure", "读取完整")),
        ("存在(支出表)", ("present", ("cells", "", SPENDING, "", "本年支出合计", ("all",), "report"))),
        ("存在(总表)", ("present", ("cells", "", "收入支出决算总表", "收入", "金额", ("all",), "report"))),
        ("存在(支出表[2210201])", ("present", ("cells", "", SPENDING, "", "本年支出合计", ("key", "2210201"), "report"))),
        ("为空(支出表[合计].基本支出)", ("blank", ("cells", "", SPENDING, "", "基本支出", ("key", "合计"), "report"))),
    ],
)
def test_forms(text: str, wanted: Form) -> None:
    assert form(text) == wanted


def test_structure_takes_the_table_the_rule_fixes() -> None:
    assert form("行次连续()", table="总表") == ("structure", "行次连续", "收入支出决算总表")


def test_otherwise_is_the_condition_turned_round() -> None:
    first, second, third = (form(t) for t in ("总表[27行] > 0", "总表[58行] > 0", "总表[59行] > 0"))
    assert form("若 总表[27行] > 0 则 总表[58行] > 0 否则 总表[59行] > 0") == ("and", ("if", first, second), ("if", ("not", first), third))


def test_chains_give_one_comparison_per_pair() -> None:
    chain = form("总表[27行] == 总表[58行] == 财拨总表[27行] ± 200元")
    assert chain[0] == "chain"
    assert [part[0] for part in chain[1:]] == ["cmp", "cmp"]
    assert chain[1][3] == chain[2][2]
    assert {part[4] for part in chain[1:]} == {("fixed", 20_000, 1, "money")}


def test_sums_of_several_arguments_are_added_and_extremes_compared() -> None:
    assert form("sum(总表[1行], 总表[2行]) == 0")[2][0] == "add"
    assert form("max(支出表.基本支出, 支出表.项目支出) >= 0")[2][:2] == ("call", "max")
    assert form("max(支出表.基本支出) >= 0")[2][:2] == ("agg", "max")
    assert form("求和(支出表.基本支出) >= 0") == form("SUM(支出表.基本支出) >= 0")


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("sumx(支出表.基本支出) == 0", "E211", "sumx(支出表.基本支出)"),
        ("每个 总表 属于 支出表[项]：总表.基本支出 == 0", "E212", "总表"),
        ("每个 r 属于 支出表[项]：每个 r 属于 收入表[项]：r.财政拨款收入 == 0", "E212", "r"),
        ("每个 r 属于 支出表[项]：r.基本之出 == 0", "E203", "基本之出"),
        ("每个 r 属于 支出表[项]：r == 0", "E306", "r"),
        ("每个 r 属于 支出表.*：r.基本支出 == 0", "E306", "支出表.*"),
        ("每个 r 属于 支出表[项]：支出表.基本支出 >= r.基本支出", "E307", "支出表.基本支出 >= r.基本支出"),
        ('每个 r 属于 支出表[项]：名称(r) > "甲"', "E302", '名称(r) > "甲"'),
        ('每个 r 属于 支出表[项]：名称(r) == "甲" ± 尾差', "E303", "± 尾差"),
        ("每个 r 属于 支出表[项]：名称(r) == 5", "E302", "名称(r) == 5"),
        ("每个 r 属于 支出表[项]：编码(r) 属于 {5元}", "E302", "5元"),
        ('每个 r 属于 支出表[项]：名称(r) 匹配 "(甲"', "E310", '"(甲"'),
        ('每个 r 属于 支出表[项]：名称(r) 匹配 "(?=甲)"', "E310", '"(?=甲)"'),
        ("名称(支出表) == \"甲\"", "E306", "支出表"),
        ("非 每个 r 属于 支出表[项]：r.基本支出 == 0", "E311", "每个 r 属于 支出表[项]：r.基本支出 == 0"),
        ("编码递增(支出表) 且 行序(总表)", "E311", "编码递增(支出表)"),
        ("每个 r 属于 支出表[项]：编码递增(支出表)", "E311", "编码递增(支出表)"),
        ("编码递增(支初表)", "E201", "支初表"),
        ("编码递增(支出表.基本支出)", "E306", "支出表.基本支出"),
        ("行次连续()", "E305", "行次连续()"),
        ("同码同名(支出表)", "E305", "同码同名(支出表)"),
        ("读取完整(支出表)", "E305", "读取完整(支出表)"),
        ("表齐全(必有)", "E306", "必有"),
        ("round(总表[27行], 1元) == 0", "E306", "1元"),
        ("round(总表[27行], 1, 2) == 0", "E305", "round(总表[27行], 1, 2)"),
        ("下级合计(支出表.基本支出 * 2) == 0", "E306", "支出表.基本支出 * 2"),
        ("为空(支出表.基本支出 + 支出表.项目支出)", "E306", "支出表.基本支出 + 支出表.项目支出"),
        ("存在(1 + 2)", "E306", "1 + 2"),
        ("sum() == 0", "E305", "sum()"),
    ],
)
def test_mistakes(text: str, code: str, at: str) -> None:
    found = problems(text)[0]
    assert found.code == code
    assert marked(found, text) == at


def test_variables_end_with_their_quantifier() -> None:
    text = "(存在 r 属于 支出表[项]：r.项目支出 == 0) 且 r.项目支出 == 0"
    assert [marked(d, text) for d in problems(text)] == ["r"]


def test_every_builtin_is_complete_and_named_once() -> None:
    names = [name for b in BUILTINS for name in (b.name, *b.aliases)]
    assert len(names) == len(set(names)) == len(builtin_names())
    assert find_builtin("Sum") is find_builtin("求和")
    assert find_builtin("甲") is None


@pytest.mark.parametrize("builtin", BUILTINS, ids=lambda b: b.name)
def test_every_example_is_sound(builtin: object) -> None:
    example: str = builtin.example  # type: ignore[attr-defined]
    wider = example.replace("一般支出表", "基金表")
    assert check(wider).diagnostics == ()
    tree, seen = parse_expression(example), set()
    stack = [tree]
    while stack:
        node = stack.pop()
        assert not isinstance(node, tuple)
        if isinstance(node, Call):
            seen.add(node.name)
        from juesuan_rules.language.syntax import children

        stack.extend(children(node))  # type: ignore[arg-type]
    assert builtin.name in seen  # type: ignore[attr-defined]


def test_patterns_are_bounded_and_linear() -> None:
    assert pattern_problem("^(行政|事业)运行$") is None
    assert "上限" in (pattern_problem("甲" * (MAX_PATTERN + 1)) or "")
    assert pattern_problem(r"(甲)\1") is not None
    assert pattern_problem("(?:(?:甲{1000}){1000}){1000}") is not None
