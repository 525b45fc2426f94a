"""`decisions rates`: how often each rule was a false alarm."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from juesuan_rules.commands.shared import JsonOption, check_target, write_json

if TYPE_CHECKING:
    from juesuan_rules.reviews.rates import RuleRate


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="文件", help="复核意见文件（decisions.yaml），可给几个")],
    json: JsonOption = None,
) -> None:
    """Per rule: decided, false alarms, their share with a 95 % interval."""
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.reviews.decisions import read_decisions
    from juesuan_rules.reviews.rates import false_alarm_rates

    check_target(json)
    rates = false_alarm_rates(decision for file in read_decisions(paths) for decision in file.decisions)
    decided, false = sum(rate.decided for rate in rates), sum(rate.false for rate in rates)
    if json is not None:
        summary = {"decided": decided, "false_alarms": false, "share": round(false / decided, 4) if decided else None}
        write_json(json, {"schema_version": 1, "summary": summary, "rules": [_json(rate) for rate in rates]})
    if json == "-":
        return
    if rates:
        from tabulate import tabulate

        head = ("规则", "有定论", "误报", "误报率", "95% 区间", "属实", "已整改", "待核", "报告", "")
        rows = [(safe(r.rule), r.decided, r.false, _percent(r.share), _interval(r), r.true, r.mended, r.open, r.units, r.note) for r in rates]
        sys.stdout.write(tabulate(rows, head, tablefmt="plain", disable_numparse=True, colalign=("left", *("right",) * 8, "left")) + "\n")
    share = f"，误报率 {_percent(false / decided)}" if decided else ""
    sys.stdout.write(f"结论：{len(rates)} 条规则，有定论 {decided} 处，误报 {false} 处{share}\n")


def _interval(rate: RuleRate) -> str:
    return f"{_percent(rate.low)}~{_percent(rate.high)}" if rate.decided else ""


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.0f}%"


def _json(rate: RuleRate) -> dict[str, Any]:
    counts = {"decided": rate.decided, "true": rate.true, "false_alarms": rate.false, "mended": rate.mended, "open": rate.open, "reports": rate.units}
    interval = [round(rate.low, 4), round(rate.high, 4)] if rate.decided else None
    return {"rule": rate.rule, **counts, "share": None if rate.share is None else round(rate.share, 4), "interval": interval, "note": rate.note or None}
