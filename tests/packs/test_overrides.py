"""Changes a pack makes to rules above it: what they do, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import BASE

from juesuan_rules.packs.load import inspect_pack, load_pack

Write = Callable[[str, str], Path]


def overrides(*items: str) -> str:
    return "language: 1\noverrides:\n" + "".join(f"  - {item}\n" for item in items)


BASIS = "basis: [{文号: 某省通知}]"


def errors(root: Path, pack: str = "cn-99-mou") -> list[tuple[str, int]]:
    return [(d.code, d.span.line) for d in inspect_pack(pack, 2023, [root]).diagnostics if d.is_error]


def test_tighten_relax_replace_disable(write: Write, packs: Path) -> None:
    write(
        "cn-99-mou/overrides.yaml",
        overrides(
            "{rule: A01-2, version: '1', action: 收紧, severity: 错误, reason: 本省从严}",
            "{rule: A01-1, action: 替换, check: '总表[事业收入] >= 0', title: 新, reason: 本省口径}",
        ),
    )
    rules = {r.id: r for r in load_pack("cn-99-mou", 2023, [packs]).rules}
    assert (rules["A01-2"].severity, rules["A01-2"].changed_by, rules["A01-2"].pack) == ("错误", "cn-99-mou", "cn")
    assert len(rules["A01-2"].checks) == 2
    assert (rules["A01-1"].title, [c.text for c in rules["A01-1"].checks], rules["A01-1"].severity) == ("新", ["总表[事业收入] >= 0"], "错误")
    write("cn-99-mou/overrides.yaml", overrides(f"{{rule: A01-1, action: 停用, {BASIS}, reason: 本省不用}}"))
    assert [r.id for r in load_pack("cn-99-mou", 2023, [packs]).rules] == ["A01-2"]
    assert [r.id for r in load_pack("cn", 2023, [packs]).rules] == ["A01-1", "A01-2"]


def test_changes_are_dated(write: Write, packs: Path) -> None:
    write(
        "cn-99-mou/overrides.yaml",
        overrides(f"{{rule: A01-1, action: 停用, years: ..2022, {BASIS}, reason: 旧}}", "{rule: A01-1, action: 收紧, title: 新, years: 2023.., reason: 新}"),
    )
    assert [r.id for r in load_pack("cn-99-mou", 2022, [packs]).rules] == ["A01-2"]
    assert load_pack("cn-99-mou", 2023, [packs]).rules[0].title == "新"


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        (["{rule: A01-9, action: 收紧, severity: 错误, reason: 甲}"], [("E430", 3)]),
        (["{rule: A01-2, action: 收紧, severity: 错误, reason: 甲}", "{rule: A01-2, action: 收紧, title: 乙, reason: 乙}"], [("E431", 4)]),
        (["{rule: A01-1, action: 放宽, severity: 警告, reason: 甲}"], [("E432", 3)]),
        (["{rule: A01-1, action: 停用, reason: 甲}"], [("E432", 3)]),
        (["{rule: A01-1, version: '2', action: 收紧, title: 甲, reason: 甲}"], [("E433", 3)]),
        (["{rule: A01-1, action: 收紧, severity: 提示, reason: 甲}"], [("E435", 3)]),
        ([f"{{rule: A01-2, action: 放宽, severity: 错误, {BASIS}, reason: 甲}}"], [("E435", 3)]),
        (["{rule: A01-1, action: 替换, reason: 甲}"], [("E412", 3)]),
        (["{rule: A01-1, action: 收紧, reason: 甲}"], [("E412", 3)]),
        (["{rule: A01-1, action: 加严, title: 甲, reason: 甲}"], [("E413", 3)]),
        ([f"{{rule: A01-1, action: 停用, title: 甲, {BASIS}, reason: 甲}}"], [("E413", 3)]),
        (["{rule: A01-1, action: 收紧, title: 甲}"], [("E412", 3)]),
    ],
)
def test_what_is_refused(write: Write, packs: Path, items: list[str], codes: list[tuple[str, int]]) -> None:
    write("cn-99-mou/overrides.yaml", overrides(*items))
    assert errors(packs) == codes


def test_an_unknown_target_is_suggested(write: Write, packs: Path) -> None:
    write("cn-99-mou/overrides.yaml", overrides("{rule: A01-11, action: 收紧, title: 甲, reason: 甲}"))
    wrong = next(d for d in inspect_pack("cn-99-mou", 2023, [packs]).diagnostics if d.code == "E430")
    assert "A01-1" in wrong.hint


def test_a_disabled_rule_can_only_be_replaced_below(write: Write, packs: Path) -> None:
    write("cn-99-mou/overrides.yaml", overrides(f"{{rule: A01-1, action: 停用, {BASIS}, reason: 甲}}"))
    write("cn-9901/pack.yaml", BASE.replace("id: cn", "id: cn-9901").replace("国家", "市") + "region: '9901'\nparent: cn-99-mou\n")
    write("cn-9901/overrides.yaml", overrides("{rule: A01-1, action: 收紧, title: 乙, reason: 乙}"))
    assert errors(packs, "cn-9901") == [("E434", 3)]
    write("cn-9901/overrides.yaml", overrides("{rule: A01-1, action: 替换, check: '1 == 1', reason: 乙}"))
    rules = {r.id: r.changed_by for r in load_pack("cn-9901", 2023, [packs]).rules}
    assert rules == {"A01-2": None, "A01-1": "cn-9901"}
