"""waivers.yaml: every problem of it told at its place, all at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic, UsageError
from juesuan_rules.names import fold
from juesuan_rules.packs.fields import Fields
from juesuan_rules.waivers.model import WrittenWaiver, read_date, read_difference
from juesuan_rules.yamlfile import Read, YamlFile, load

KEYS = ("rule", "unit", "year", "place", "difference", "reason", "approver", "expires")
REQUIRED = ("rule", "unit", "year", "place", "reason", "approver", "expires")
_RULE = re.compile(r"[A-Z][A-Z0-9]{0,7}(?:-[A-Z0-9]{1,8}){1,3}$")
_COERCED = ("W401", "W403")
"""Amounts and dates are read as typed here, so that quotation marks are not needed."""


class WaiversFile(msgspec.Struct, frozen=True):
    """A waivers file read. digest: "sha256:…" of its bytes. diagnostics: errors and warnings."""

    path: str
    waivers: tuple[WrittenWaiver, ...]
    diagnostics: tuple[Diagnostic, ...]
    digest: str


def read_waivers(paths: Iterable[Path]) -> tuple[WaiversFile, ...]:
    """The waivers files at these paths. Raises UsageError with every error of all of them."""
    files = tuple(inspect_waivers(path) for path in paths)
    errors = tuple(d for file in files for d in file.diagnostics if d.is_error)
    if errors:
        named = "、".join(f"「{file.path}」" for file in files if any(d.is_error for d in file.diagnostics))
        raise UsageError(f"豁免文件{named}有 {len(errors)} 处错误，没有核对任何报告", errors)
    return files


def inspect_waivers(path: Path, read: Read = load) -> WaiversFile:
    """As `read_waivers`, one file, its problems returned."""
    file = read(path)
    out = [d for d in file.diagnostics if d.code not in _COERCED]
    found = _waivers(file, out) if not file.broken else []
    return WaiversFile(str(path), tuple(found), tuple(out), "sha256:" + hashlib.sha256(file.text.encode()).hexdigest())


def _waivers(file: YamlFile, out: list[Diagnostic]) -> list[WrittenWaiver]:
    whole = Fields.at(file, (), file.data, ("waivers",), out, "豁免文件")
    if whole is None:
        return []
    if "waivers" not in whole.values:
        whole.report("E412", "缺少“waivers”（一个列表，每项以“- ”开头）")
    found: list[WrittenWaiver] = []
    for path, item in whole.items("waivers"):
        fields = Fields.at(file, path, item, KEYS, out, "豁免")
        waiver = _waiver(fields) if fields is not None else None
        if fields is None or waiver is None:
            continue
        if any(_same(waiver, other) for other in found):
            fields.report("E455", f"规则 {waiver.rule} 在“{waiver.place}”的豁免写了两条", "place", "同一单位、年度、规则、位置只写一条")
        found.append(waiver)
    return found


def _waiver(fields: Fields) -> WrittenWaiver | None:
    before = len(fields.out)
    fields.require(*REQUIRED)
    rule, year, expires, difference = (fields.text(key) for key in ("rule", "year", "expires", "difference"))
    if rule and not _RULE.match(rule):
        fields.report("E451", f"规则编号“{rule}”写法不对", "rule", "写规则的编号，如 A01-2")
    if year and not re.match(r"\d{4}$", year):
        fields.report("E452", f"年度“{year}”写法不对", "year", "写四位年份，如 2023")
    accepted = read_difference(difference) if difference else None
    if difference and accepted is None:
        fields.report("E453", f"可接受的差额“{difference}”写法不对", "difference", "如 0.34万元、3,400元、0.5个百分点；接受任何差额写 不限")
    elif accepted is not None and not accepted.unit and accepted.value:
        fields.report("W450", f"可接受的差额“{difference}”没有写单位，金额按万元", "difference", f"写明单位，如 {difference}万元")
    day = read_date(expires) if expires else None
    if expires and day is None:
        fields.report("E454", f"到期日“{expires}”写法不对", "expires", "写成 2026-12-31")
    if any(d.is_error for d in fields.out[before:]) or day is None:
        return None
    texts: dict[str, Any] = {key: fields.text(key) for key in ("unit", "place", "reason", "approver")}
    return WrittenWaiver(rule=rule, year=int(year), expires=day, difference=difference, accepted=accepted, span=fields.file.span(*fields.path), **texts)


def _same(one: WrittenWaiver, other: WrittenWaiver) -> bool:
    return (one.rule, one.year, fold(one.unit), fold(one.place)) == (other.rule, other.year, fold(other.unit), fold(other.place))
