"""The CSV: rectangular, read back by the csv module and by a spreadsheet, and no formula in it."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.outputs.made import HOSTILE, WAIVER, finding, hostile_result, material, result

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.findings import Cause, Decision
from juesuan_rules.outputs.delimited import COLUMNS, PROVENANCE, render_csv
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.results import Failure


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n") and data.count(b"\n") == data.count(b"\r\n")
    told = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert {len(row) for row in told} == {len(COLUMNS)} and tuple(told[0]) == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in told[1:]]


def told_of(data: bytes) -> list[dict[str, str]]:
    return [row for row in rows_of(data) if row["单位"] != PROVENANCE]


def test_a_row_says_everything_of_a_finding() -> None:
    cause = Cause("c", "总表印错", findings=1)
    one = finding(cause="c", fingerprint="f1", key="合计", waiver=WAIVER, decision=Decision("属实", "李核", "2026-01-02"))
    row = told_of(render_csv(material(result([one], (cause,)))))[0]
    assert (row["单位"], row["年度"], row["文件"], row["序号"], row["规则"], row["结论"], row["级别"]) == ("某局", "2023", "报告.txt", "1", "A01-2", "不符", "错误")
    assert (row["左值"], row["右值"], row["差额"], row["容差"], row["计量单位"]) == ("1966.23", "1966.32", "-0.09", "0.01", "万元")
    assert (row["位置"], row["根因"], row["指纹"], row["项目"]) == ("第275行", "总表印错", "f1", "合计")
    assert "① 第275行 总表[本年支出合计].金额 「1,966.23」；② 第3页" in row["印作"]
    assert "历年口径如此" in row["豁免"] and row["复核"].startswith("属实，李核") and row["依据"] == "预算法 第七十五条；审核口径（未核验）"


def test_only_what_is_not_in_order_and_every_report() -> None:
    quiet = [finding(outcome="pass"), finding(outcome="not_applicable")]
    data = render_csv(
        material(
            result([*quiet, finding("K-1", outcome="undecided", reason="缺表")]),
            result(quiet, name="乙局"),
            result([], name="丙局", status="nothing_judged", message="没有表"),
            failures=(Failure("坏.pdf", "打不开", ExitCode.UNREADABLE),),
        )
    )
    assert [(r["单位"], r["规则"], r["结论"], r["原因"]) for r in told_of(data)] == [
        ("某局", "K-1", "无法判断", "缺表"),
        ("乙局", "", "未发现问题", ""),
        ("丙局", "", "没有核对", "没有表"),
        ("", "", "没有结果", "打不开"),
    ]


def test_the_last_rows_say_where_it_comes_from() -> None:
    rows = rows_of(render_csv(material(result([finding()]))))
    tail = [row for row in rows if row["单位"] == PROVENANCE]
    assert rows[-len(tail) :] == tail and {"程序", "规则包", "报告", "结果摘要", "核对时间", "命令"} <= {row["年度"] for row in tail}


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_hostile_text_comes_back_as_it_is_shown_and_starts_no_formula(text: str) -> None:
    rows = rows_of(render_csv(material(hostile_result(text), failures=(Failure(text, text, ExitCode.UNREADABLE),), command=("x", text))))
    assert rows[0]["句子"] in (xml_text(text), "'" + xml_text(text))
    for row in rows:
        for cell in row.values():
            assert not cell or (cell[0] not in "=+@\t\r＝＋－＠" and (cell[0] != "-" or cell[1:].replace(".", "", 1).rstrip("%").isdigit()))


def test_a_spreadsheet_opens_it_without_a_formula(tmp_path: Path, needs: Callable[[str], str]) -> None:
    """LibreOffice, told to evaluate formulas, finds none and keeps amounts numbers."""
    from openpyxl import load_workbook

    soffice = needs("soffice")
    data = render_csv(material(*[hostile_result(text) for text in HOSTILE], result([finding()], name="数局")))
    (tmp_path / "a.csv").write_bytes(data)
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--infilter=CSV:44,34,76,1,,0,false,true,true,false,false,0,true"]
    subprocess.run([*command, "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "a.csv")], check=True, capture_output=True, timeout=120)
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink is not None]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "数局")
    assert row[COLUMNS.index("差额")] == -0.09 and row[COLUMNS.index("年度")] == 2023
    assert sheet.max_row == len(rows_of(data)) + 1


def test_ten_thousand_findings() -> None:
    made = material(result([finding(key=str(n)) for n in range(10_000)]))
    data = render_csv(made)
    assert len(told_of(data)) == 10_000
