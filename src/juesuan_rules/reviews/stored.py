"""A JSON result of an earlier run, read back into records: bounded, checked, and told what it is where it is none."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import msgspec

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.documents.model import Source
from juesuan_rules.findings import Cause, Finding, Operand, Outcome, Severity, Waiver
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import ReportResult, Status

MAX_BYTES = 512 * 1024 * 1024
NO_FINGERPRINTS = "是较早的版本写出的，没有指纹；请用现在的版本把那时的报告重新核对一次，用新写出的结果"


class _Operand(msgspec.Struct):
    name: str
    value: str | None
    raw: str
    unit: str | None


class _Finding(msgspec.Struct):
    rule: str
    title: str
    outcome: Outcome
    severity: Severity
    key: str
    formula: str
    pack: str
    check: str | None = None
    reason: str | None = None
    sentence: str | None = None
    difference: str | None = None
    unit: str | None = None
    operands: list[_Operand] | None = None
    cause: str | None = None
    waiver: dict[str, str | None] | None = None
    fingerprint: str | None = None


class _Cause(msgspec.Struct):
    id: str
    sentence: str


class _Source(msgspec.Struct):
    path: str
    sha256: str
    format: str


class _Identity(msgspec.Struct):
    unit_name: str | None
    year: int | None


class _Report(msgspec.Struct):
    source: _Source
    identity: _Identity
    packs: list[str]
    findings: list[_Finding]
    causes: list[_Cause]
    status: Status = "judged"
    unread: list[str] = []


class _Pack(msgspec.Struct):
    id: str
    version: str
    digest: str


class _Provenance(msgspec.Struct):
    time: str = ""
    canonical_digest: str = ""


class _Result(msgspec.Struct):
    schema_version: Literal[1]
    packs: list[_Pack]
    reports: list[_Report]
    provenance: _Provenance | None = None


class _Kind(msgspec.Struct):
    schema_version: Any = None
    files: Any = None
    reports: Any = None


class StoredRun(msgspec.Struct, frozen=True):
    """An earlier run. digest: "sha256:…" of the file's bytes. time: of the run, "" where the file does not say. The
    reports hold what a JSON result says of findings; places are left out."""

    path: str
    digest: str
    time: str
    reports: tuple[ReportResult, ...]

    @property
    def has_fingerprints(self) -> bool:
        """Whether every finding has one."""
        return all(finding.fingerprint for report in self.reports for finding in report.findings)


def read_result(path: Path) -> StoredRun:
    """The result that `eval --json` wrote to `path`. Raises UsageError where it is not one."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"结果文件「{path}」太大（上限 {MAX_BYTES // 1024 // 1024} MB）")
        data = path.read_bytes()
    except OSError:
        raise UsageError(f"结果文件「{path}」读不出来：不存在，或没有读取权限") from None
    try:
        found = msgspec.json.decode(data, type=_Result)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UsageError(f"「{path}」{_what(data)}") from None
    packs = {pack.id: PackDigest(pack.id, pack.version, pack.digest) for pack in found.packs}
    about = found.provenance or _Provenance()
    return StoredRun(str(path), "sha256:" + hashlib.sha256(data).hexdigest(), about.time, tuple([_report(one, packs) for one in found.reports]))


def _what(data: bytes) -> str:
    """What the file is instead, in words."""
    try:
        kind = msgspec.json.decode(data, type=_Kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "不是 eval --json 写出的结果（不是这样的 JSON）"
    if kind.files is not None:
        return "是 extract 写出的，不是 eval --json 写出的结果"
    if kind.reports is None:
        return "不是 eval --json 写出的结果"
    if kind.schema_version != 1:
        return f"是第 {kind.schema_version} 版格式的结果，这个程序只认得第 1 版" if isinstance(kind.schema_version, int) else "不是 eval --json 写出的结果"
    return "像是 eval --json 写出的结果，但内容不全或改动过"


def _report(one: _Report, packs: dict[str, PackDigest]) -> ReportResult:
    return ReportResult(
        Source(one.source.path, one.source.sha256, one.source.format),
        Identity(one.identity.unit_name, one.identity.year, is_final_accounts=one.status != "not_final_accounts"),
        one.status,
        tuple([packs[name] for name in one.packs if name in packs]),
        findings=tuple([_finding(finding) for finding in one.findings]),
        causes=tuple([Cause(cause.id, cause.sentence) for cause in one.causes]),
        unread=tuple(one.unread),
    )


def _finding(one: _Finding) -> Finding:
    operands = None if one.operands is None else tuple([Operand(o.name, o.value, o.raw, o.unit) for o in one.operands])
    waiver = None
    if one.waiver is not None:
        waiver = Waiver(*(one.waiver.get(key) or "" for key in ("reason", "approver", "expires", "difference", "place")))
    return Finding(
        one.rule, one.title, one.outcome, one.severity, one.pack, key=one.key, reason=one.reason, sentence=one.sentence, formula=one.formula,
        difference=one.difference, unit=one.unit, operands=operands, cause=one.cause, waiver=waiver, check=one.check or "", fingerprint=one.fingerprint or "",
    )  # fmt: skip
