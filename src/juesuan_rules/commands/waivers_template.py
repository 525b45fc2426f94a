"""`waivers template`: a waivers file to fill in, from a JSON result."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from juesuan_rules.commands.shared import check_target, write_file
from juesuan_rules.diagnostics import UsageError

MAX_BYTES = 512 * 1024 * 1024


def run(
    result: Annotated[Path, typer.Argument(metavar="结果", help="eval --json 写出的结果文件")],
    rules: Annotated[list[str] | None, typer.Option("--rule", metavar="规则编号", help="只写这条规则的；可写几次")] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="文件", help="写到文件（默认写到标准输出）")] = None,
) -> None:
    """Write an entry for every finding that is not waived, with what a person has to add left empty."""
    from juesuan_rules.waivers.template import template_text

    check_target(output)
    text = template_text(_reports(result), frozenset(rules or ()))
    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text)


def _reports(path: Path) -> list[dict[str, Any]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"文件「{path}」太大")
        reports = json.loads(path.read_text("utf-8"))["reports"]
    except OSError:
        raise UsageError(f"文件「{path}」读不出来") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"文件「{path}」不是 eval --json 写出的结果") from None
    return list(reports) if isinstance(reports, list) else []
