"""The JSON of eval and extract keeps the published contract."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from juesuan_rules.amounts import read_amount
from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Layout, RowSpec, TableSpec
from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.documents.model import GridBlock, GridCell, Place, Source
from juesuan_rules.pipeline.provenance import provenance, seal, tool
from juesuan_rules.renderings.json_extract import extract_json
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.renderings.json_text import dumps
from juesuan_rules.renderings.tables_text import render_extract
from juesuan_rules.reports.model import BlockData, Identity, Report, Row, Section, Table
from juesuan_rules.results import Failure, ReportResult, RunResult

SCHEMAS = Path(__file__).parents[2] / "src" / "juesuan_rules" / "schemas"
FINDING_KEYS = (
    "rule title outcome rounding severity key reason sentence formula filled left right difference tolerance unit operands basis hints cause suspect waiver pack"
).split()
REPORT_KEYS = {"source", "identity", "tables", "findings", "summary"}
EXTRACT_KEYS = {"source", "identity", "tables", "forms", "facts", "statements", "sections"}


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture
def result(report: ReportResult) -> dict[str, Any]:
    run = RunResult((report,), (Failure("坏.txt", "读不出", ExitCode.UNREADABLE),), (("同.txt", "报告.txt"),))
    value: dict[str, Any] = json.loads(dumps(seal(result_json(run, tool(), provenance(run, ["eval"], ExitCode.FINDINGS)))))
    return value


@pytest.fixture
def understood() -> Report:
    spec = TableSpec("收入支出决算总表", ("总表",), ("收入支出决算总表",), "01", "fixed", (BlockSpec("收入", (ColumnSpec("金额", ordinal=1),), (RowSpec("财政", "财政拨款收入", line=1),)),))
    rows = tuple(Row(key, label, label, line=number, place=Place(line=20 + number)) for number, (key, label) in enumerate((("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁")), 1))
    raws = ("1,204.00", "", "1 2.5O", "12.3.4")
    amounts = tuple(read_amount(raw, "万元", Place(line=21 + number, page=3)) for number, raw in enumerate(raws))
    grid = GridBlock(((GridCell("收入", colspan=3), GridCell(""), GridCell("")), (GridCell("项目"), GridCell("行次"), GridCell("金额", Place(page=3)))))
    table = Table(spec, "收入支出决算总表", "万元", {"收入": BlockData(spec.blocks[0], rows, {"金额": amounts})}, grid, 2, "01", place=Place(page=3, line=19))
    source = Source("报告.txt", "cd" * 32, "text", 20, "gb18030")
    return Report(source, Identity("某局", 2023, "21", "辽宁省", "万元"), Layout("cn", (spec,)), {spec.id: table}, (GridBlock(((GridCell("\x1b[1m"),),)),), (Section("第一部分", 1),))


def test_the_result_follows_its_schema(result: dict[str, Any]) -> None:
    assert [error.message for error in validator("result").iter_errors(result)] == []


def test_the_keys_of_the_contract(result: dict[str, Any]) -> None:
    assert list(result)[:4] == ["schema_version", "tool", "packs", "reports"]
    (report,) = result["reports"]
    assert set(report) >= REPORT_KEYS
    for finding in report["findings"]:
        assert set(finding) >= set(FINDING_KEYS)
    assert set(report["findings"][0]["operands"][0]) >= {"name", "value", "raw", "unit", "place"}
    assert set(report["findings"][0]["operands"][0]["place"]) >= {"page", "box", "line", "sheet", "cell"}
    assert report["summary"] == {"pass": 2, "rounding": 1, "doubtful": 1, "fail": 5, "undecided": 4, "not_applicable": 1, "rule_error": 0, "waived": 0}
    assert result["failures"] == [{"path": "坏.txt", "message": "读不出", "exit_code": 4}]


def _breakings(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in (("schema_version",), ("tool",), ("reports",), ("reports", 0, "summary"), ("reports", 0, "findings", 0, "operands", 0, "raw"), *(("reports", 0, "findings", 0, key) for key in FINDING_KEYS)):
        other = copy.deepcopy(value)
        place: Any = other
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        yield other
    for key, wrong in (("outcome", "ok"), ("severity", "错误"), ("rounding", None), ("left", 12.0), ("sentence", None), ("hints", None)):
        other = copy.deepcopy(value)
        other["reports"][0]["findings"][0][key] = wrong
        yield other


def test_the_schema_is_strict(result: dict[str, Any]) -> None:
    check = validator("result")
    assert all(not check.is_valid(broken) for broken in _breakings(result))


def test_extract_follows_its_schema(understood: Report) -> None:
    value = json.loads(dumps(extract_json((understood,), tool())))
    assert [error.message for error in validator("extract").iter_errors(value)] == []
    (file,) = value["files"]
    assert set(file) >= EXTRACT_KEYS
    table = file["tables"][0]
    assert table["grid"] == [["收入", "", ""], ["项目", "行次", "金额"]]
    assert table["pages"] == [3]
    cells = [row["cells"]["金额"] for row in table["rows"]]
    assert [(c["raw"], c["value"], c["state"]) for c in cells] == [
        ("1,204.00", "12040000.00", "number"),
        ("", None, "blank"),
        ("1 2.5O", "125000.00", "number"),
        ("12.3.4", None, "unreadable"),
    ]
    assert cells[2]["repaired"] == "12.50"
    del value["files"][0]["tables"][0]["grid"]
    assert not validator("extract").is_valid(value)


def test_one_table_only(understood: Report) -> None:
    (file,) = extract_json((understood,), tool(), "收入支出决算总表")["files"]
    assert [table["id"] for table in file["tables"]] == ["收入支出决算总表"]
    assert extract_json((understood,), tool(), "别的表")["files"][0]["tables"] == []


def test_text_for_people_marks_doubtful_cells(understood: Report) -> None:
    text = render_extract(understood)
    assert "1,204.00" in text
    assert "1 2.5O〔改〕" in text
    assert "12.3.4〔?〕" in text
    assert "2 个存疑单元格" in text
    assert "■ 01表 收入支出决算总表  万元  第3页第19行" in text
    assert "\x1b" not in text
    text.encode("gbk")


@pytest.mark.parametrize("text", ["\x1b[0m", "\x9b", "\u202e", "\ud800", "普通\n文字", "𠮷"])
def test_json_is_harmless_and_lossless(text: str) -> None:
    for ascii_only in (False, True):
        written = dumps({"raw": text}, ascii_only)
        assert json.loads(written)["raw"] == text
        written.encode("ascii" if ascii_only else "utf-8")
        assert not any(c in written for c in "\x1b\x9b\u202e")
