"""A waivers file to be filled in: the findings of a JSON result, with reason, approver and expiry left open."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from juesuan_rules.amounts import PERCENT
from juesuan_rules.waivers.judging import WAIVABLE
from juesuan_rules.waivers.model import WHOLE_RULE

_HEAD = "# 核实后确可接受的，填 reason（理由）、approver（批准人）、expires（到期日，如 2026-12-31）；其余的整条删去。\nwaivers:"
_COMMENT = 160


def template_text(reports: Sequence[Mapping[str, Any]], rules: Collection[str] = ()) -> str:
    """The text of the file. reports: as in a JSON result. rules: only these, () for all."""
    lines = [line for report in reports for line in _entries(report, rules)]
    return "\n".join([_HEAD if lines else _HEAD + " []", *lines]) + "\n"


def _entries(report: Mapping[str, Any], rules: Collection[str]) -> Iterator[str]:
    identity = report.get("identity") or {}
    written: set[tuple[str, str]] = set()
    for finding in report.get("findings") or ():
        if finding.get("outcome") not in WAIVABLE or finding.get("waiver") is not None or (rules and finding.get("rule") not in rules):
            continue
        place = place_of(finding)
        if (finding["rule"], place) in written:
            continue
        written.add((finding["rule"], place))
        same = [f for f in report["findings"] if f.get("rule") == finding["rule"] and f.get("outcome") in WAIVABLE and place_of(f) == place]
        yield f"  # {_one_line(finding.get('sentence') or finding.get('title') or '')}"
        yield f"  - rule: {_quoted(finding['rule'])}"
        yield f"    unit: {_quoted(identity.get('unit_name') or '')}"
        yield f"    year: {identity.get('year') or ''}".rstrip()
        yield f"    place: {_quoted(place)}"
        largest = _largest(same)
        if largest:
            yield f"    difference: {_quoted(largest)}"
        yield from ("    reason:", "    approver:", "    expires:")


def place_of(finding: Mapping[str, Any]) -> str:
    """The most telling name of the place a finding is about."""
    operands = [str(operand.get("name") or "") for operand in finding.get("operands") or ()]
    suspect = finding.get("suspect")
    named = (finding.get("key"), suspect if suspect in operands else None, operands[0] if operands else None, finding.get("cause"))
    return str(next((name for name in named if name), WHOLE_RULE))


def _largest(findings: Sequence[Mapping[str, Any]]) -> str:
    """The largest difference of these findings with its unit; "" where none has one."""
    told = [(str(f["difference"]).lstrip("-"), f.get("unit") or "") for f in findings if f.get("difference") is not None]
    if not told:
        return ""
    text, unit = max(told, key=lambda pair: Fraction(pair[0].replace(",", "")))
    return text + ("个百分点" if unit == PERCENT else unit)


def _one_line(text: str) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= _COMMENT else flat[:_COMMENT] + "…"


def _quoted(text: str) -> str:
    return json.dumps("".join(c if c.isprintable() else " " for c in text), ensure_ascii=False)
