"""Opinions from lists that people filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.reviews.made import finding, report

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.reviews.importing import Imported, read_list

WHOLE = report(finding("A-1"), finding("B-1"), finding("C-1"))
A, B, C = (one.fingerprint for one in WHOLE.findings)
KNOWN = {one.fingerprint: (one, WHOLE.identity) for one in WHOLE.findings}


def read(tmp_path: Path, data: bytes | str, by: str = "某人") -> Imported:
    path = tmp_path / "表.csv"
    path.write_bytes(data.encode("utf-8-sig") if isinstance(data, str) else data)
    return read_list(path, KNOWN, by, "2026-11-20")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_lists_as_excel_and_wps_save_them(tmp_path: Path, encoding: str, mark: str) -> None:
    text = f"规则,指纹,意见,复核人,复核日期,备注\r\nA-1,{A},误报,李某,2026/1/5,口径不同\r\nB-1,{B},,,,\r\n"
    found = read(tmp_path, text.replace(",", mark).encode(encoding))
    (one,) = found.decisions
    assert (one.rule, one.status, one.by, one.date, one.note) == ("A-1", "误报", "李某", "2026-01-05", "口径不同")
    assert one.values == (("总表[甲].金额", "1,234.50"), ("总表[乙].金额", "1,234.60")) and found.empty == 1 and found.problems == ()


def test_what_cannot_be_taken_is_told_by_line(tmp_path: Path) -> None:
    found = read(tmp_path, f"指纹,意见,日期\n{A},误抱,\nffffffffffffffff,属实,\n{B},属实,昨天\n{C},属实,\n")
    assert [one.rule for one in found.decisions] == ["C-1"]
    assert [problem[:6] for problem in found.problems] == ["第 2 行：", "第 3 行：", "第 4 行："]
    assert "复核人" in read(tmp_path, f"指纹,意见\n{A},属实\n", by="").problems[0]


def test_opinions_known_already_are_no_new_ones(tmp_path: Path) -> None:
    found = read(tmp_path, f'指纹,复核\n{A},"误报，某人 2026-11-20"\n{B},属实\n')
    assert [one.rule for one in found.decisions] == ["B-1"] and found.empty == 1 and found.problems == ()


@pytest.mark.parametrize("data", ["", "规则,意见\nA-1,属实\n", "指纹\n", b"\x00\x01\x02\xff", b"PK\x03\x04" * 50])
def test_other_files_are_refused(tmp_path: Path, data: bytes | str) -> None:
    with pytest.raises(UsageError):
        read(tmp_path, data)
