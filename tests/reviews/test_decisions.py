"""The decisions file: every mistake at its place; written so that nothing else in it changes and nothing is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.reviews.made import finding, report

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.findings import DECISION_STATUSES
from juesuan_rules.reviews.decisions import KEYS, inspect_decisions, latest, read_decisions, record_decision, record_decisions
from juesuan_rules.reviews.model import MOST_VALUES, OTHERS, WrittenDecision, changed_values, seen_values, write_down

PRINT = "0123456789abcdef"
GOOD = f"""# 一直在的注释
decisions:
  - fingerprint: {PRINT}   # 第一条
    rule: A01-2
    unit: 某县就业局
    year: 2023
    place: 合计
    status: 误报   # 与财务科确认过
    by: 某人
    date: 2026-01-31
    note: 说明
    # 条内的注释
    values:
      总表[甲].金额: 1,234.50
      总表[乙].金额: 12

  # 第二条之前
  - {{fingerprint: "fedcba9876543210", rule: B-1, status: 待核, by: 某人, date: 2026-01-31}}
# 末尾的注释
"""
DAY = date(2026, 11, 20)


def decision(fingerprint: str = PRINT, **changes: object) -> WrittenDecision:
    usual: dict[str, object] = {"rule": "A01-2", "unit": "某县就业局", "year": 2023, "place": "合计", "status": "属实", "by": "另一人", "date": "2026-11-20"}
    return WrittenDecision(fingerprint, **{**usual, **changes})  # type: ignore[arg-type]


def written(path: Path) -> dict[str, WrittenDecision]:
    (file,) = read_decisions([path])
    return {one.fingerprint: one for one in file.decisions}


def problems(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    path = tmp_path / "decisions.yaml"
    path.write_text(text, "utf-8")
    return [(d.code, d.span.line) for d in inspect_decisions(path).diagnostics]


def test_figures_and_dates_need_no_quotation_marks(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []
    found = written(tmp_path / "decisions.yaml")
    assert found[PRINT].values == (("总表[甲].金额", "1,234.50"), ("总表[乙].金额", "12"))
    assert found[PRINT].record.date == "2026-01-31" and found[PRINT].year == 2023


@pytest.mark.parametrize("name", ["0000000000000000", "1234567890123456", "12345678901234e5", "0x23456789abcdef", "1e00000000000000"])
def test_fingerprints_that_look_like_numbers_stay_what_they_are(name: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    if name.startswith("0x"):
        assert ("E460", 3) in problems(tmp_path, GOOD.replace(PRINT, name))
        return
    assert problems(tmp_path, GOOD.replace(PRINT, name)) == []
    assert name in written(path)
    record_decisions(path, [decision(name)])
    assert yaml.safe_load(path.read_text("utf-8"))["decisions"][0]["status"] == "属实"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (PRINT, "0123", "E460", 3),
        ("2026-01-31\n    note", "2026-02-30\n    note", "E461", 10),
        ("2023", "'23'", "E462", 6),
        ("误报", "误抱", "E413", 8),
        ("fedcba9876543210", PRINT, "E463", 18),
        ("    by: 某人\n", "", "E412", 3),
        ("note:", "notes:", "E411", 11),
        ("decisions:", "decision:", "E411", 2),
        ("总表[甲].金额: 1,234.50", "总表[甲].金额: [1]", "E413", 14),
    ],
)
def test_every_mistake_is_told_at_its_place_and_the_file_left_alone(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    path = tmp_path / "decisions.yaml"
    text = GOOD.replace(old, new)
    assert (code, line) in problems(tmp_path, text)
    with pytest.raises(UsageError):
        read_decisions([path])
    with pytest.raises(UsageError, match="没有改动"):
        record_decisions(path, [decision()])
    assert path.read_text("utf-8") == text


def test_the_schema_and_the_reader_know_the_same_keys() -> None:
    schema = json.loads((Path(__file__).parents[2] / "src/juesuan_rules/schemas/decisions.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert tuple(schema["$defs"]["decision"]["properties"]) == KEYS
    assert tuple(schema["$defs"]["decision"]["properties"]["status"]["enum"]) == DECISION_STATUSES


def test_what_is_written_follows_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    whole = report(finding(), finding("B-1", values=()))
    for one in whole.findings:
        record_decision(path, one, whole.identity, "误报", "某人", "说明：#1", DAY)
    schema = json.loads((Path(__file__).parents[2] / "src/juesuan_rules/schemas/decisions.schema.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(yaml.safe_load(path.read_text("utf-8")))) == []
    assert written(path)[whole.findings[0].fingerprint].values == (("总表[甲].金额", "1,234.50"), ("总表[乙].金额", "1,234.60"))


def test_a_new_decision_replaces_only_its_own_lines(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(GOOD, "utf-8")
    record_decisions(path, [decision(note="新的", values=(("甲", "1"),)), decision("1" * 16, status="待核")])
    text = path.read_text("utf-8")
    for kept in ("# 一直在的注释", "# 第一条", "# 与财务科确认过", "# 条内的注释", "# 第二条之前", "# 末尾的注释"):
        assert text.count(kept) == 1, text
    found = written(path)
    assert (found[PRINT].status, found[PRINT].by, found[PRINT].note, found[PRINT].values) == ("属实", "另一人", "新的", (("甲", "1"),))
    assert found["fedcba9876543210"].status == "待核" and found["1" * 16].status == "待核" and list(found) == [PRINT, "fedcba9876543210", "1" * 16]
    record_decisions(path, [decision("fedcba9876543210", status="已整改")])
    assert written(path)["fedcba9876543210"].status == "已整改"


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(GOOD, "utf-8")
    record_decisions(path, [decision(note="新的")])
    once = path.read_bytes()
    record_decisions(path, [decision(note="新的")])
    assert path.read_bytes() == once


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "decisions: []\n", "decisions:\n", "decisions:", "# 头\ndecisions: []  # 还没有\n# 尾\n", "decisions:\n- fingerprint: " + "2" * 16 + "\n  rule: A\n  status: 待核\n  by: 甲\n  date: 2026-01-01",
        "decisions: [{fingerprint: '" + "2" * 16 + "', rule: A, status: 待核, by: 甲, date: 2026-01-01}]\n",
        "decisions:\n    -   rule: A\n        status: 待核\n        by: 甲\n        date: 2026-01-01\n        fingerprint: '" + PRINT + "'\n\n\n",
        "decisions:\n  - fingerprint: '" + PRINT + "'\n    rule: A\n    status: 待核\n    by: 甲\n    date: 2026-01-01\n    note: |\n      几行\n      的说明\n    values: {甲: '1', 乙: '2'}\n",
        "decisions:\n  -\n    fingerprint: '" + PRINT + "'\n    rule: A\n    status: 待核\n    by: 甲\n    date: 2026-01-01\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_every_way_of_writing_a_list_is_kept(tmp_path: Path, text: str, newline: str, bom: str) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_bytes((bom + text).replace("\n", newline).encode())
    before = written(path) if text.strip() else {}
    record_decisions(path, [decision(note="甲：乙 # 丙", values=(("总表[甲].金额", "-1.5"), ('引"号', "'"))), decision("3" * 16)])
    after = written(path)
    assert list(after)[-1] == "3" * 16 and set(after) == {*before, PRINT, "3" * 16}
    assert after[PRINT].note == "甲：乙 # 丙" and dict(after[PRINT].values) == {"总表[甲].金额": "-1.5", '引"号': "'"}
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") == bool(bom)
    assert text.strip() == "" or (b"\r\n" in data) == (newline == "\r\n" and "\n" in text)
    assert all(comment in data.decode() for comment in ("# 头", "# 尾", "# 还没有") if comment in text)


@given(st.lists(st.tuples(st.sampled_from("0123"), st.sampled_from(DECISION_STATUSES), st.text(max_size=30), st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=3)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_texts_in_any_order_come_back(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str, dict[str, str]]]) -> None:
    path = tmp_path_factory.mktemp("d") / "decisions.yaml"
    last: dict[str, tuple[str, str]] = {}
    for number, status, note, values in steps:
        record_decisions(path, [decision(number * 16, status=status, note=note, values=tuple(values.items()))])
        last[number * 16] = status, "".join(c if c.isprintable() else " " for c in note).strip()
    if steps:
        assert {name: (one.status, one.note) for name, one in written(path).items()} == last


def _writer(path: str, who: int) -> None:
    for number in range(15):
        record_decisions(Path(path), [decision(f"{who:08x}{number:08x}", by=f"某{who}")])


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_writer, args=(str(path), who)) for who in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert len(written(path)) == 30
    assert [name.name for name in tmp_path.iterdir() if name.name.endswith(".tmp")] == []


def test_it_goes_through_a_link_and_keeps_permissions(tmp_path: Path) -> None:
    real, link = tmp_path / "真.yaml", tmp_path / "假.yaml"
    real.write_text(GOOD, "utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    record_decisions(link, [decision("1" * 16)])
    assert link.is_symlink() and "1" * 16 in written(real) and real.stat().st_mode & 0o777 == 0o640


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "没有" / "decisions.yaml"):
        with pytest.raises(UsageError, match="复核意见写不到"):
            record_decisions(path, [decision()])
    for wrong in (decision("短"), decision(status="好"), decision(by=" ")):
        with pytest.raises(UsageError):
            record_decisions(tmp_path / "decisions.yaml", [wrong])
    latin = tmp_path / "gbk.yaml"
    latin.write_bytes("decisions: []  # 注释说明".encode("gb18030"))
    with pytest.raises(UsageError, match="UTF-8"):
        record_decisions(latin, [decision()])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="管理员不受权限限制")
def test_without_permission_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(GOOD, "utf-8")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="没有写权限"):
            record_decisions(path, [decision()])
    finally:
        tmp_path.chmod(0o700)


def test_of_several_files_the_latest_counts() -> None:
    old, new = decision(date="2026-01-01", status="误报"), decision(date="2026-02-01")
    assert latest([new, old])[PRINT] is new and latest([old, new])[PRINT] is new


def test_the_way_a_figure_is_printed_does_not_count() -> None:
    def seen(*raws: str) -> tuple[tuple[str, str], ...]:
        return seen_values(finding(values=raws).operands or ())

    assert changed_values(seen("1,234.50", "", "12%"), seen("1234.5", "—", "12.0％")) == ()
    assert changed_values(seen("1.50"), seen("1.51")) == ("总表[甲].金额 原为「1.50」，现为「1.51」",)
    assert changed_values(seen("1.50", "2"), seen("1.50")) == ("总表[乙].金额 原为「2」，现在没有数",)
    assert changed_values(seen("1.50"), seen("1.50", "0")) == ("总表[乙].金额 原来没有数，现为「0」",)


def test_of_very_many_figures_there_is_a_digest() -> None:
    operands = tuple(finding(values=("1",)).operands or ()) * 1
    many = tuple(type(operands[0])(f"格{n}", None, str(n + 1), "万元") for n in range(500))
    seen = seen_values(many)
    assert len(seen) == MOST_VALUES + 1 and seen[-1][0] == OTHERS
    other = (*many[:-1], type(many[0])("格499", None, "7", "万元"))
    assert changed_values(seen, seen_values(tuple(reversed(many)))[:0]) != ()
    assert len(changed_values(seen, seen_values(other))) == 1


def test_written_down_it_names_the_place() -> None:
    whole = report(finding(key="2010301 行政运行", about="支出表"))
    one = write_down(whole.findings[0], whole.identity, "属实", "某人", "2026-11-20")
    assert (one.place, one.unit, one.year) == ("支出表 2010301 行政运行", "岷阙县就业局", 2023)
