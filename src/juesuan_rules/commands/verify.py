"""`verify`: does a folder saved by `report` still hold, and does the same come out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.shared import JsonOption, check_target, write_json


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="juesuan-rules report 保存的目录")],
    reports: Annotated[list[Path] | None, typer.Option("--reports", metavar="文件|目录", help="没有一起存入的报告在哪里（按摘要认）；可写几次")] = None,
    json: JsonOption = None,
) -> None:
    """Verify a saved run."""
    from juesuan_rules.dossiers.verifying import verify_dossier
    from juesuan_rules.renderings.plain import safe

    check_target(json)
    found = verify_dossier(folder, reports or ())
    if json is not None:
        write_json(json, {"same": found.same, "exit_code": int(found.code), "lines": [{"mark": line.mark, "text": line.text} for line in found.lines]})
    if json != "-":
        lines = [f"{line.mark}  {safe(line.text)}" for line in found.lines]
        lines.append(f"结论：{'与当时一致' if found.same else '与当时不一致，或不能重做，见上'}   退出码 {int(found.code)}")
        sys.stdout.write("\n".join(lines) + "\n")
    raise typer.Exit(int(found.code))
