"""`report`: a folder with everything about a run, that another team can run again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.shared import (
    AsOfOption,
    AsOneOption,
    CorrectionsOption,
    DecisionsOption,
    NoCacheOption,
    PackOption,
    PdfEngineOption,
    RegionOption,
    WaiversOption,
    cache_folder,
    check_engine,
    read_as_of,
)  # fmt: skip
from juesuan_rules.diagnostics import UsageError


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="保存到哪个目录（新建；已有内容的不写）")],
    paths: Annotated[list[Path], typer.Argument(metavar="文件或目录", help="报告文件；给目录则连同下级目录里的报告")],
    pack: PackOption = None,
    region: RegionOption = None,
    outputs: Annotated[str, typer.Option("--outputs", metavar="种类", help="写哪几种结果，用逗号分开：html,xlsx,pdf,docx,csv,md,sarif,junit（默认全部；JSON 总是写）")] = "",
    keep_reports: Annotated[bool, typer.Option("--with-reports", help="连报告本身一起存入（默认只记摘要，复核时另给报告）")] = False,
    list_all: Annotated[bool, typer.Option("--list-all", help="JSON 里通过的也写算式和各数")] = False,
    fail_on: Annotated[str, typer.Option("--fail-on", metavar="级别", help="从哪一级起退出码为 1：提示、警告或错误（默认警告）")] = "警告",
    max_undecided: Annotated[int | None, typer.Option("--max-undecided", metavar="N", help="任一报告无法判断的规则多于 N 条时退出码为 5")] = None,
    as_one: AsOneOption = False,
    corrections: CorrectionsOption = None,
    prior: Annotated[Path | None, typer.Option("--prior", metavar="文件|目录", help="上年的报告，供跨年核对；给目录则按单位名称配对")] = None,
    units: Annotated[Path | None, typer.Option("--units", metavar="目录", help="所属单位的报告，供汇总核对")] = None,
    waivers: WaiversOption = None,
    decisions: DecisionsOption = None,
    as_of: AsOfOption = None,
    pdf_engine: PdfEngineOption = "auto",
    no_cache: NoCacheOption = False,
) -> None:
    """Judge reports and keep the whole run in one folder."""
    from juesuan_rules.commands.errors import say
    from juesuan_rules.commands.evaluate import tell_failures, tell_own_outputs
    from juesuan_rules.dossiers.making import KINDS, check_folder, make_dossier
    from juesuan_rules.dossiers.model import Asked
    from juesuan_rules.dossiers.running import Given
    from juesuan_rules.findings import SEVERITY_EN
    from juesuan_rules.pipeline.gather import gather
    from juesuan_rules.renderings.console import conclusions
    from juesuan_rules.renderings.plain import safe

    if fail_on not in SEVERITY_EN:
        raise UsageError(f"--fail-on「{fail_on}」不对：须是 提示、警告 或 错误")
    kinds = tuple(filter(None, (kind.strip().lower() for kind in outputs.replace("，", ",").split(",")))) or KINDS
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise UsageError(f"--outputs 里的「{unknown[0]}」不对：须是 {'、'.join(KINDS)}")
    check_folder(folder)
    day = read_as_of(as_of)
    asked = Asked(pack, region, as_one, list_all, check_engine(pdf_engine), day.isoformat() if day else None, fail_on, max_undecided, bool(prior and prior.is_dir()))
    own: list[Path] = []
    given = Given(gather(paths, own), prior, units, corrections, tuple(waivers or ()), tuple(decisions or ()))
    made = make_dossier(folder, given, asked, kinds, sys.argv, keep_reports, cache_folder(no_cache))
    tell_own_outputs(own)
    tell_failures([(f.path, f.message) for f in made.ran.run.failures])
    for message in made.unavailable:
        say(message)
    lines = [
        f"已保存  {safe(str(folder))}（{len(made.record.files)} 个文件" + (f"，连同 {sum(one.kept for one in made.record.inputs)} 个输入文件" if keep_reports else "") + "）",
        f"结果摘要  {made.record.canonical_digest}",
        f"复核  juesuan-rules verify {safe(str(folder))}" + ("" if keep_reports else " --reports 报告所在目录"),
        f"{conclusions(made.ran.run)}   退出码 {int(made.ran.code)}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    raise typer.Exit(int(made.ran.code))
