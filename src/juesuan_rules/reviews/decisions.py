"""The decisions file: what people made of findings, keyed by fingerprint. Every problem of it is told at its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, UsageError
from juesuan_rules.findings import DECISION_STATUSES, DecisionStatus, Finding
from juesuan_rules.packs.fields import Fields
from juesuan_rules.reports.model import Identity
from juesuan_rules.reviews.fingerprint import LENGTH
from juesuan_rules.reviews.model import WrittenDecision, write_down
from juesuan_rules.yamlfile import Read, YamlFile, load

KEYS = ("fingerprint", "rule", "unit", "year", "place", "status", "by", "date", "note", "values")
REQUIRED = ("fingerprint", "rule", "status", "by", "date")
_FINGERPRINT = re.compile(f"[0-9a-f]{{{LENGTH}}}$")
_COERCED = ("W401", "W402", "W403")
"""Figures, dates and fingerprints are read as typed, so that quotation marks are not needed."""


class DecisionsFile(msgspec.Struct, frozen=True):
    """A decisions file read. digest: "sha256:…" of its text. diagnostics: errors and warnings."""

    path: str
    decisions: tuple[WrittenDecision, ...]
    diagnostics: tuple[Diagnostic, ...]
    digest: str


def read_decisions(paths: Iterable[Path]) -> tuple[DecisionsFile, ...]:
    """The decisions files at these paths. Raises UsageError with every error of all of them."""
    files = tuple(inspect_decisions(path) for path in paths)
    errors = tuple(d for file in files for d in file.diagnostics if d.is_error)
    if errors:
        named = "、".join(f"「{file.path}」" for file in files if any(d.is_error for d in file.diagnostics))
        raise UsageError(f"复核意见文件{named}有 {len(errors)} 处错误", errors)
    return files


def inspect_decisions(path: Path, read: Read = load) -> DecisionsFile:
    """As `read_decisions`, one file, its problems returned."""
    return understand(read(path), str(path))


def understand(file: YamlFile, path: str) -> DecisionsFile:
    """The decisions in a YAML file that was read."""
    out = [d for d in file.diagnostics if d.code not in _COERCED]
    found = _decisions(file, out) if not file.broken else []
    return DecisionsFile(path, tuple(found), tuple(out), "sha256:" + hashlib.sha256(file.text.encode()).hexdigest())


def record_decision(path: Path, finding: Finding, identity: Identity, status: DecisionStatus, by: str, note: str = "", day: date | None = None) -> WrittenDecision:
    """Write what a person made of a finding of the report of `identity`: in place of an earlier decision on it, else at
    the end of the file, which is made where there is none. day: by default today.

    Whatever else the file holds stays as it is, comments too. Several programs may write at once. Raises UsageError
    where the file is broken or cannot be written.
    """
    decision = write_down(finding, identity, status, by, (day or date.today()).isoformat(), note)
    record_decisions(path, (decision,))
    return decision


def record_decisions(path: Path, decisions: Sequence[WrittenDecision]) -> None:
    """As `record_decision`, any number of them, all or none."""
    from juesuan_rules.reviews.recording import write_decisions

    for decision in decisions:
        if not _FINGERPRINT.match(decision.fingerprint):
            raise UsageError(f"指纹“{decision.fingerprint}”不对：是 {LENGTH} 位小写十六进制数")
        if decision.status not in DECISION_STATUSES:
            raise UsageError(f"复核意见“{decision.status}”不对：须是 {'、'.join(DECISION_STATUSES)}")
        if not decision.by.strip():
            raise UsageError("要写明是谁的意见")
    write_decisions(path, decisions)


def latest(decisions: Iterable[WrittenDecision]) -> dict[str, WrittenDecision]:
    """One decision per fingerprint: of several files' the latest by date, of one day's the last."""
    found: dict[str, WrittenDecision] = {}
    for decision in decisions:
        known = found.get(decision.fingerprint)
        if known is None or decision.date >= known.date:
            found[decision.fingerprint] = decision
    return found


def says_the_same(one: WrittenDecision, other: WrittenDecision) -> bool:
    """Whether two decisions differ in nothing but where they are written."""
    return msgspec.structs.replace(one, span=other.span) == other


def _decisions(file: YamlFile, out: list[Diagnostic]) -> list[WrittenDecision]:
    whole = Fields.at(file, (), file.data, ("decisions",), out, "复核意见文件")
    if whole is None:
        return []
    if "decisions" not in whole.values:
        whole.report("E412", "缺少“decisions”（一个列表，每项以“- ”开头）")
    found: dict[str, WrittenDecision] = {}
    for path, item in whole.items("decisions"):
        fields = Fields.at(file, path, item, KEYS, out, "复核意见")
        decision = _decision(fields) if fields is not None else None
        if fields is None or decision is None:
            continue
        if decision.fingerprint in found:
            fields.report("E463", f"指纹 {decision.fingerprint} 写了两条意见", "fingerprint", "同一处只留一条，留后来的")
        found[decision.fingerprint] = decision
    return list(found.values())


def _decision(fields: Fields) -> WrittenDecision | None:
    before = len(fields.out)
    fields.require(*REQUIRED)
    fingerprint, day, year = (fields.text(key) for key in ("fingerprint", "date", "year"))
    if fingerprint and not _FINGERPRINT.match(fingerprint):
        fields.report("E460", f"指纹“{fingerprint}”写法不对", "fingerprint", f"是 {LENGTH} 位小写十六进制数，从结果里照抄，加引号")
    if day and not is_day(day):
        fields.report("E461", f"日期“{day}”写法不对", "date", "写成 2026-12-31")
    if year and not re.match(r"\d{4}$", year):
        fields.report("E462", f"年度“{year}”写法不对", "year", "写四位年份，如 2023")
    status: DecisionStatus | None = next((one for one in DECISION_STATUSES if one == fields.choice("status", DECISION_STATUSES, "待核")), None)
    values = _values(fields)
    if status is None or any(d.is_error for d in fields.out[before:]):
        return None
    rule, unit, place, by, note = (fields.text(key) for key in ("rule", "unit", "place", "by", "note"))
    return WrittenDecision(fingerprint, rule, unit, int(year) if year else None, place, status, by, day, note, values, fields.file.span(*fields.path))


def _values(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Figures by name; an empty one is a blank cell."""
    value = fields.values.get("values")
    if value is None:
        return ()
    if not isinstance(value, dict):
        fields.report("E410", "“values”应当是“名称: 值”的形式", "values")
        return ()
    found = []
    for name, raw in value.items():
        if isinstance(raw, dict | list):
            fields.report("E413", f"“{name}”应当是一段文字", "values")
            continue
        found.append((name, "" if raw is None else "true" if raw is True else "false" if raw is False else str(raw)))
    return tuple(found)


def is_day(text: str) -> bool:
    """Whether the text is a day written as 2026-12-31."""
    try:
        return bool(re.match(r"\d{4}-\d{2}-\d{2}$", text)) and date.fromisoformat(text) is not None
    except ValueError:
        return False
