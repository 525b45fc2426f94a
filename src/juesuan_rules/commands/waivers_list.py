"""`waivers list`: what is accepted, by whom, until when; what runs out soon."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import AsOfOption, read_as_of
from juesuan_rules.diagnostics import ExitCode, UsageError

if TYPE_CHECKING:
    from juesuan_rules.waivers.model import WrittenWaiver


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="文件", help="豁免文件（waivers.yaml）")],
    expiring_in: Annotated[str | None, typer.Option("--expiring-in", metavar="天数", help="只列已到期的和这些天内到期的，如 30d；有则退出码为 1")] = None,
    as_of: AsOfOption = None,
) -> None:
    """List waivers in the order they run out."""
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.renderings.waivers_text import waiver_text
    from juesuan_rules.waivers.reading import read_waivers

    day, within = read_as_of(as_of) or date.today(), _days(expiring_in)
    waivers = sorted((w for file in read_waivers(paths) for w in file.waivers), key=lambda w: (w.expires, w.unit, w.rule))
    shown = [w for w in waivers if within is None or (w.expires - day).days <= within]
    for waiver in shown:
        sys.stdout.write(f"{_state(waiver, day)}  {safe(waiver.unit)} {waiver.year}  {safe(waiver.rule)} {safe(waiver.place)}\n  {waiver_text(waiver.record)}\n")
    code = ExitCode.FINDINGS if within is not None and shown else ExitCode.CLEAN
    expired = sum(waiver.expires < day for waiver in waivers)
    soon = f"，{within} 天内到期 {len(shown) - expired}" if within is not None else ""
    sys.stdout.write(f"结论：{len(waivers)} 条豁免，已到期 {expired}{soon}（按 {day.isoformat()}）   退出码 {int(code)}\n")
    raise typer.Exit(int(code))


def _state(waiver: WrittenWaiver, day: date) -> str:
    left = (waiver.expires - day).days
    return f"已到期 {-left} 天" if left < 0 else "今天到期" if left == 0 else f"还有 {left} 天"


def _days(text: str | None) -> int | None:
    if text is None:
        return None
    match = re.match(r"(\d{1,5})(?:d|天)?$", text.strip())
    if match is None:
        raise UsageError(f"--expiring-in「{text}」不对：写天数，如 30d")
    return int(match[1])
