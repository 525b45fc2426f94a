"""`decisions list`: what people made of findings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from juesuan_rules.commands.shared import JsonOption, check_target, write_json
from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.reviews.model import WrittenDecision


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="文件", help="复核意见文件（decisions.yaml）")],
    status: Annotated[list[str] | None, typer.Option("--status", metavar="意见", help="只列这种意见的：属实、误报、已整改、待核；可写几次")] = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="规则编号", help="只列这条规则的；可写几次")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="只列名称里有这些字的单位的")] = None,
    json: JsonOption = None,
) -> None:
    """List decisions by unit, year and rule."""
    from collections import Counter

    from juesuan_rules.findings import DECISION_STATUSES
    from juesuan_rules.names import fold
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.reviews.decisions import latest, read_decisions

    for one in status or ():
        if one not in DECISION_STATUSES:
            raise UsageError(f"--status「{one}」不对：须是 {'、'.join(DECISION_STATUSES)}")
    check_target(json)
    decisions = latest(decision for file in read_decisions(paths) for decision in file.decisions).values()
    shown = [d for d in decisions if (not status or d.status in status) and (not rule or d.rule in rule) and (unit is None or fold(unit) in fold(d.unit))]
    shown.sort(key=lambda d: (d.unit, d.year or 0, d.rule, d.place))
    if json is not None:
        write_json(json, {"schema_version": 1, "decisions": [_json(d) for d in shown]})
    if json == "-":
        return
    for d in shown:
        note = f"：{safe(d.note)}" if d.note else ""
        sys.stdout.write(f"{d.status}  {safe(d.unit) or '单位不明'} {d.year or ''}  {safe(d.rule)} {safe(d.place)}\n  {safe(d.by)} {d.date}{note}   指纹 {d.fingerprint}\n")
    counts = Counter(d.status for d in shown)
    sys.stdout.write(f"结论：{len(shown)} 条复核意见，{'，'.join(f'{one} {counts[one]}' for one in DECISION_STATUSES)}\n")


def _json(d: WrittenDecision) -> dict[str, Any]:
    whole = {"fingerprint": d.fingerprint, "rule": d.rule, "unit": d.unit or None, "year": d.year, "place": d.place, "status": d.status}
    return {**whole, "by": d.by, "date": d.date, "note": d.note or None, "values": dict(d.values)}
