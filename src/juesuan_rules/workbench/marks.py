"""What people decided and accepted, laid over a result: the records as the command line's files have them, and those files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from juesuan_rules.findings import DECISION_STATUSES, Finding
from juesuan_rules.names import fold
from juesuan_rules.pipeline.batch import accepted
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.waiving import waive
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import ReportResult, RunResult
from juesuan_rules.reviews.apply import review
from juesuan_rules.reviews.decisions import DecisionsFile
from juesuan_rules.reviews.model import WrittenDecision, write_down
from juesuan_rules.waivers.matching import is_for_report
from juesuan_rules.waivers.model import WrittenWaiver, read_date, read_difference
from juesuan_rules.waivers.reading import WaiversFile
from juesuan_rules.workbench.database import Entry

Plain = dict[str, Any]


class Marks(msgspec.Struct, frozen=True):
    """The waivers and decisions that are for one report, None where there are none. Their digests are those of the files
    a person can download, so that a result made here and one made from the files say the same of their origin."""

    waivers: WaiversFile | None = None
    decisions: DecisionsFile | None = None


def accept(result: ReportResult, marks: Marks, day: date, corrections: str = "") -> RunResult:
    """The result held against these waivers, on that day, and decisions, as a run. corrections: digest of those applied."""
    run = accepted(result, Options())
    if corrections:
        run = replace(run, corrections=(corrections,))
    run = waive(run, (marks.waivers,) if marks.waivers is not None else (), day)
    return review(run, (marks.decisions,)) if marks.decisions is not None else run


def marks_for(result: ReportResult, waivers: Sequence[Entry], decisions: Sequence[Entry]) -> Marks:
    """Those that are for this report."""
    own_waivers = [one.entry for one in waivers if is_for_report(written_waiver(one.entry), result.identity)]
    known = {finding.fingerprint for finding in result.findings}
    own_decisions = [one.entry for one in decisions if is_whose(one.entry, result.identity) or one.entry["fingerprint"] in known]
    return Marks(
        WaiversFile("waivers.yaml", tuple(map(written_waiver, own_waivers)), (), digest(waivers_text(own_waivers))) if own_waivers else None,
        DecisionsFile("decisions.yaml", tuple(map(written_decision, own_decisions)), (), digest(decisions_text(own_decisions))) if own_decisions else None,
    )


def is_whose(entry: Plain, identity: Identity) -> bool:
    """Whether a decision was made on the report of that unit and year."""
    return bool(identity.unit_name) and (fold(entry.get("unit") or ""), entry.get("year")) == (fold(identity.unit_name or ""), identity.year)


def decision_entry(finding: Finding, identity: Identity, status: str, by: str, note: str, day: date) -> Plain:
    """A decision as a decisions file has it."""
    known = next(one for one in DECISION_STATUSES if one == status)
    written = write_down(finding, identity, known, by, day.isoformat(), note)
    whole: Plain = {"fingerprint": written.fingerprint, "rule": written.rule, "unit": written.unit, "year": written.year, "place": written.place}
    whole |= {"status": written.status, "by": written.by, "date": written.date, "note": written.note, "values": dict(written.values)}
    return {key: value for key, value in whole.items() if value not in (None, "", {})}


def written_decision(entry: Plain) -> WrittenDecision:
    """The record of a decision on file."""
    fingerprint, rule, unit, place, note = (str(entry.get(key) or "") for key in ("fingerprint", "rule", "unit", "place", "note"))
    values = tuple((entry.get("values") or {}).items())
    return WrittenDecision(fingerprint, rule, unit, entry.get("year"), place, entry["status"], entry["by"], entry["date"], note, values)


def written_waiver(entry: Plain) -> WrittenWaiver:
    """The record of a waiver on file."""
    rule, unit, place, reason, approver = (str(entry[key]) for key in ("rule", "unit", "place", "reason", "approver"))
    difference = str(entry.get("difference") or "")
    expires = read_date(entry["expires"]) or date.min
    return WrittenWaiver(rule, unit, int(entry["year"]), place, reason, approver, expires, difference, read_difference(difference) if difference else None)


def decisions_text(entries: Iterable[Plain]) -> str:
    """A decisions file."""
    return _yaml("# 复核意见，用法：juesuan-rules eval 报告 --decisions decisions.yaml", "decisions", entries)


def waivers_text(entries: Iterable[Plain]) -> str:
    """A waivers file."""
    return _yaml("# 豁免，用法：juesuan-rules eval 报告 --waivers waivers.yaml", "waivers", entries)


def corrections_text(entries: Iterable[Plain]) -> str:
    """A corrections file."""
    return _yaml("# 更正，用法：juesuan-rules eval 报告 --corrections corrections.yaml\ncorrections: 1", "更正", entries)


def digest(text: str) -> str:
    """"sha256:…" of a text."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _yaml(head: str, key: str, entries: Iterable[Plain]) -> str:
    """A file of entries that any YAML program reads: texts in double quotes, whose escapes are the same as JSON's."""
    lines = [line for entry in entries for line in _entry(entry)]
    return "\n".join([head, f"{key}:" if lines else f"{key}: []", *lines]) + "\n"


def _entry(entry: Plain) -> Iterable[str]:
    lead = "  - "
    for name, value in entry.items():
        if isinstance(value, dict):
            yield f"{lead}{name}:"
            yield from (f"      {_value(inner)}: {_value(raw)}" for inner, raw in value.items())
        else:
            yield f"{lead}{name}: {_value(value)}"
        lead = "    "


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        return json.dumps("".join(c if c.isprintable() else " " for c in value).strip(), ensure_ascii=False)
    return json.dumps(value)
