"""`coverage`: which printed figures of reports the rules of a pack read, and which they guard."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.shared import (
    JsonOption,
    NoCacheOption,
    PdfEngineOption,
    RegionOption,
    cache_folder,
    check_engine,
    check_target,
    write_file,
    write_json,
)
from juesuan_rules.diagnostics import DocumentError, ExitCode


def run(
    pack: Annotated[str, typer.Argument(metavar="规则包", help="规则包的编号或目录；auto 则按报告的地区和年度选")],
    files: Annotated[list[Path], typer.Argument(metavar="文件", help="部门决算公开报告")],
    html: Annotated[str | None, typer.Option("--html", metavar="文件", help="另写一张网页：照印出的样子，每个数按有没有规则看住着色")] = None,
    json: JsonOption = None,
    list_all: Annotated[bool, typer.Option("--list-all", help="没有规则发现的数全部列出")] = False,
    region: RegionOption = None,
    prior: Annotated[Path | None, typer.Option("--prior", metavar="文件|目录", help="上年的报告，供跨年的规则")] = None,
    units: Annotated[Path | None, typer.Option("--units", metavar="目录", help="所属单位的报告，供汇总的规则")] = None,
    pdf_engine: PdfEngineOption = "auto",
    no_cache: NoCacheOption = False,
) -> None:
    """Change every figure of a report and see which rules notice."""
    from juesuan_rules.authoring.coverage.console import render
    from juesuan_rules.authoring.coverage.measuring import measure
    from juesuan_rules.pipeline.companions import load_companions
    from juesuan_rules.pipeline.load import load
    from juesuan_rules.pipeline.options import Options

    for target in (html, json):
        check_target(target)
    options = Options(
        pack=None if pack == "auto" else pack, region=region, cache=cache_folder(no_cache), pdf_engine=check_engine(pdf_engine), prior=prior, units=units
    )
    found = []
    for path in files:
        loaded = load(path, options)
        if not loaded.report.identity.is_final_accounts:
            raise DocumentError(f"「{path}」不是部门决算公开报告，没有可以查的数")
        beside = load_companions(loaded, options) if prior or units else None
        found.append(measure(loaded, *((beside.prior, beside.units) if beside is not None else ())))
    if html is not None:
        from juesuan_rules.authoring.coverage.heat_map import to_html

        write_file(html, to_html(found))
    if json is not None:
        from juesuan_rules.authoring.coverage.as_json import to_json

        write_json(json, to_json(found))
    if json != "-":
        sys.stdout.write(render(found, list_all))
    raise typer.Exit(int(ExitCode.CLEAN))
