"""Decisions from a list that people filled in (CSV from Excel or WPS)."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.findings import DECISION_STATUSES, RECHECK, DecisionStatus, Finding
from juesuan_rules.reports.model import Identity
from juesuan_rules.reviews.decisions import is_day
from juesuan_rules.reviews.model import WrittenDecision, write_down

MAX_BYTES = 64 * 1024 * 1024
COLUMNS: dict[str, tuple[str, ...]] = {
    "fingerprint": ("指纹", "fingerprint"),
    "status": ("意见", "复核意见", "状态", "复核", "status"),
    "by": ("复核人", "意见人", "by"),
    "date": ("日期", "复核日期", "date"),
    "note": ("说明", "备注", "note"),
}
"""Names a column may have; the first of them that the list has counts."""
_TOLD = tuple(f"{status}{mark}" for status in (*DECISION_STATUSES, RECHECK) for mark in ("，", "（"))
"""How a list tells an opinion that is known already (误报，某人 2026-11-20)."""


class Imported(msgspec.Struct, frozen=True):
    """decisions: read. empty: findings without an opinion. problems: rows that could not be taken, one sentence each."""

    decisions: tuple[WrittenDecision, ...]
    empty: int
    problems: tuple[str, ...]


def read_list(path: Path, findings: Mapping[str, tuple[Finding, Identity]], by: str, day: str) -> Imported:
    """The decisions in a list with a column 指纹 and one of opinions. findings: of the result the list was made from, by
    fingerprint. by, day: for rows that name nobody, no day. Raises UsageError where the list is none."""
    rows = _rows(path)
    head = [cell.strip().lstrip("\ufeff") for cell in rows[0]] if rows else []
    at = {key: next((head.index(name) for name in names if name in head), None) for key, names in COLUMNS.items()}
    if at["fingerprint"] is None or at["status"] is None:
        raise UsageError(f"「{path}」里要有“指纹”和“意见”两栏（首行是栏名）")
    found: list[WrittenDecision] = []
    problems: list[str] = []
    empty = 0
    for number, row in enumerate(rows[1:], start=2):
        cell = {key: row[column].strip().lstrip("'") if column is not None and column < len(row) else "" for key, column in at.items()}
        if not cell["status"] or cell["status"].startswith(_TOLD):
            empty += bool(cell["fingerprint"])  # a row about no finding (溯源, 未发现问题) waits for no opinion
            continue
        status: DecisionStatus | None = next((one for one in DECISION_STATUSES if one == cell["status"]), None)
        known = findings.get(cell["fingerprint"].lower())
        who, when = cell["by"] or by, cell["date"].replace("/", "-") or day
        wrong = _wrong(cell, status, known is not None, who, when)
        if wrong or status is None or known is None:
            problems.append(f"第 {number} 行：{wrong}")
            continue
        found.append(write_down(*known, status, who, _padded(when), cell["note"]))
    return Imported(tuple(found), empty, tuple(problems))


def _wrong(cell: Mapping[str, str], status: DecisionStatus | None, known: bool, who: str, when: str) -> str:
    if status is None:
        return f"意见“{cell['status'][:20]}”不认识，须是 {'、'.join(DECISION_STATUSES)}"
    if not known:
        return f"所给的结果里没有指纹“{cell['fingerprint'][:20]}”"
    if not who:
        return "没有写复核人"
    return "" if is_day(_padded(when)) else f"日期“{when[:20]}”写法不对，写成 2026-12-31"


def _padded(day: str) -> str:
    """2026-1-5 as 2026-01-05: what a spreadsheet makes of a date."""
    parts = day.split("-")
    return "-".join([parts[0], *(part.zfill(2) for part in parts[1:])]) if len(parts) == 3 else day


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"「{path}」太大（上限 {MAX_BYTES // 1024 // 1024} MB）")
        data = path.read_bytes()
    except OSError:
        raise UsageError(f"「{path}」读不出来：不存在，或没有读取权限") from None
    text = _decoded(data, path)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        raise UsageError(f"「{path}」不是 CSV") from None


def _decoded(data: bytes, path: Path) -> str:
    encodings: Sequence[str] = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"「{path}」的编码认不出；请另存为 UTF-8 的 CSV")
