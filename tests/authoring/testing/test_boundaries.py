"""Generated cases at the edge of tolerances: where they lie, what must come out, and that a wrong engine is caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.authoring.testing.boundaries import comparison
from juesuan_rules.authoring.testing.running import PackTest, try_pack
from juesuan_rules.engine.evaluation import ROUNDING
from juesuan_rules.resources import rules_root

PACK = "language: 1\nid: x-project\nversion: 1.0.0\nname: 某项目\nlevel: 项目\nparent: cn\n"
CASES = """language: 1
rule: X-1
cases:
  - name: 相等
    outcome: 相符
    tables: {{总表: {{一般公共服务支出: 80.00, 外交支出: 10.00, 教育支出: 5.00, 卫生健康支出: 5.00, 本年支出合计: 100.00, 年末结转和结余: 3.00}}}}
  - name: 不等
    outcome: 不符
    tables: {{总表: {{一般公共服务支出: {wrong}, 本年支出合计: 100.00}}}}
"""


def tried(folder: Path, check: str, wrong: str = "10.00") -> PackTest:
    rules = f"language: 1\nrules:\n  - id: X-1\n    title: 支出合计\n    check: {check}\n    severity: 错误\n"
    for name, text in (("pack.yaml", PACK), ("rules/x.yaml", rules), ("cases/X-1.yaml", CASES.format(wrong=wrong))):
        path = folder / "x-project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return try_pack(str(folder / "x-project"), [rules_root()])


def points(test: PackTest) -> set[tuple[str, str, str]]:
    return {(b.at, b.distance, b.expected) for b in test.boundaries}


def test_a_sum_of_five_has_three_zones(tmp_path: Path) -> None:
    test = tried(tmp_path, "sum(总表.支出) == 本年支出合计 ± 尾差")
    assert test.passed and test.unreached == ()
    # H = 5 × 0.005; S = 3·√(5 × 0.005² / 3) = 0.0193…: pass to 0.01, 存疑 at 0.02, 不符 from 0.03, on both sides.
    assert points(test) == {
        (at, sign + distance, expected)
        for sign in ("", "-")
        for at, distance, expected in (
            ("容差之内", "0.01", "pass"),
            ("超出一个末位", "0.02", "doubtful"),
            ("存疑之内", "0.02", "doubtful"),
            ("超出存疑", "0.03", "fail"),
        )
    }


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        (
            "sum(总表.支出) == 本年支出合计 ± 0.05",
            {("容差之内", "0.05", "pass"), ("超出一个末位", "0.06", "fail"), ("容差之内", "-0.05", "pass"), ("超出一个末位", "-0.06", "fail")},
        ),
        ("sum(总表.支出) == 本年支出合计 ± 0", {("容差之内", "0.00", "pass"), ("超出一个末位", "0.01", "fail"), ("超出一个末位", "-0.01", "fail")}),
        (
            "sum(总表.支出) == 本年支出合计 ± 500元",
            {("容差之内", "0.05", "pass"), ("超出一个末位", "0.06", "fail"), ("容差之内", "-0.05", "pass"), ("超出一个末位", "-0.06", "fail")},
        ),
    ],
)
def test_fixed_tolerances(tmp_path: Path, check: str, wanted: set[tuple[str, str, str]]) -> None:
    test = tried(tmp_path, check)
    assert test.passed
    assert points(test) == wanted


def test_an_inequality_has_one_side(tmp_path: Path) -> None:
    test = tried(tmp_path, "总表[年末结转和结余] <= 本年支出合计 ± 0.02", "1.00")
    assert {b.at for b in test.boundaries if b.expected == "fail"} == {"超出一个末位"}
    assert points(test) == {("容差之内", "0.02", "pass"), ("超出一个末位", "0.03", "fail")}
    assert all(b.passed for b in test.boundaries)


def test_only_linear_comparisons_have_boundaries() -> None:
    money = ("cells", "", "总表", "支出", "金额", ("key", "总计"), "report")
    plain = ("cmp", "==", money, ("number", 5, 1, "money"), ("tail",))
    assert comparison(plain) == plain
    assert comparison(("if", ("blank", money), plain)) == plain
    assert comparison(("cmp", "==", ("div", money, money), ("number", 1, 1, "none"), ("tail",))) is None
    assert comparison(("or", plain, plain)) is None


def test_a_tolerance_no_case_reaches_is_told(tmp_path: Path) -> None:
    test = tried(tmp_path, "总表[结余分配] == 总表[使用非财政拨款结余和专用结余] ± 尾差")
    assert [one.rule for one in test.unreached] == ["X-1"]
    assert test.boundaries == ()


def test_an_engine_that_accepts_too_much_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("juesuan_rules.engine.screen._rounding", lambda check, fetched, row, excess: ROUNDING if excess <= 30_000 else 255)
    test = tried(tmp_path, "sum(总表.支出) == 本年支出合计 ± 尾差")
    assert not test.passed
    wrong = [b for b in test.boundaries if not b.passed]
    assert {b.actual for b in wrong} == {"pass"}
    assert "应为“存疑”，实为“相符（尾差）”" in wrong[0].message


def test_every_shipped_tolerance_holds() -> None:
    test = try_pack("cn", [rules_root()], ["A01-2", "A02-1", "B-04", "B-13", "C-25", "K-05"])
    assert len(test.boundaries) >= 20
    assert [b.message for b in test.boundaries if not b.passed] == []
