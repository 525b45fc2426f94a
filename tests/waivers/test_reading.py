"""waivers.yaml: what is read, and every mistake at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.waivers.reading import KEYS, inspect_waivers, read_waivers
from juesuan_rules.waivers.template import template_text

GOOD = """waivers:
  - rule: A01-2
    unit: 某县就业局
    year: 2023
    place: 总表[年末结转和结余].金额
    difference: 0.50
    reason: 已核实
    approver: 审核科
    expires: 2026-12-31
"""


def problems(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, "utf-8")
    return [(d.code, d.span.line) for d in inspect_waivers(path).diagnostics]


def test_amounts_and_dates_need_no_quotation_marks(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == [("W450", 6)]
    (found,) = read_waivers([tmp_path / "waivers.yaml"])
    (waiver,) = found.waivers
    assert (waiver.difference, waiver.expires.isoformat(), waiver.year, waiver.span.line) == ("0.50", "2026-12-31", 2023, 2)
    assert found.digest.startswith("sha256:")


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("A01-2", "a1", "E451", 2),
        ("2023", "'23'", "E452", 4),
        ("0.50", "一点", "E453", 6),
        ("0.50", "1 2万元", "E453", 6),
        ("2026-12-31", "2026-02-30", "E454", 9),
        ("审核科", "", "E412", 8),
        ("    reason: 已核实\n", "", "E412", 2),
        ("approver:", "aprover:", "E411", 8),
        ("waivers:\n", "waiver:\n", "E411", 1),
    ],
)
def test_every_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    assert (code, line) in problems(tmp_path, GOOD.replace(old, new))
    with pytest.raises(UsageError):
        read_waivers([tmp_path / "waivers.yaml"])


def test_the_same_place_twice_is_a_mistake(tmp_path: Path) -> None:
    again = GOOD.split("\n", 1)[1].replace("总表[年末", "总表[ 年末")
    assert ("E455", 13) in problems(tmp_path, GOOD + again)


@pytest.mark.parametrize("text", ["", "waivers: 1\n", "- a\n", "waivers: [1]\n", "waivers: &a [*a]\n"])
def test_other_shapes_are_mistakes(tmp_path: Path, text: str) -> None:
    assert any(code.startswith("E") for code, _ in problems(tmp_path, text))


def test_no_waivers_is_no_mistake(tmp_path: Path) -> None:
    assert problems(tmp_path, "waivers: []\n") == []


def test_the_schema_and_the_reader_know_the_same_keys() -> None:
    folder = Path(__file__).parents[2] / "src" / "juesuan_rules" / "schemas"
    schema = json.loads((folder / "waivers.schema.json").read_text("utf-8"))
    assert tuple(schema["$defs"]["waiver"]["properties"]) == KEYS
    check = Draft202012Validator(schema)
    data = yaml.load(GOOD, yaml.BaseLoader)
    assert list(check.iter_errors(data)) == []
    data["waivers"][0]["expires"] = "bald"
    assert len(list(check.iter_errors(data))) == 1


def test_a_template_is_complete_but_for_what_people_add(tmp_path: Path) -> None:
    finding = {"rule": "A01-2", "outcome": "fail", "key": "", "sentence": "一\n# 二", "difference": "-1,234.50", "unit": "万元", "suspect": "b", "cause": None, "operands": [{"name": "a"}, {"name": "b"}], "waiver": None}
    report = {"identity": {"unit_name": '某"局', "year": 2023}, "findings": [finding, {**finding, "difference": "2,000.00"}, {**finding, "outcome": "pass"}, {**finding, "rule": "B-1", "waiver": {"reason": ""}}]}
    text = template_text([report])
    assert text.count("- rule:") == 1
    path = tmp_path / "w.yaml"
    path.write_text(text, "utf-8")
    assert {d.message for d in inspect_waivers(path).diagnostics} == {"“reason”不能为空", "“approver”不能为空", "“expires”不能为空"}
    path.write_text(text.replace("reason:", "reason: r").replace("approver:", "approver: a").replace("expires:", "expires: 2026-01-01"), "utf-8")
    (waiver,) = read_waivers([path])[0].waivers
    assert (waiver.place, waiver.difference, waiver.unit) == ("b", "2,000.00万元", '某"局')
