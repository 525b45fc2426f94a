"""`eval`: judge reports, show what is wrong, and say so in the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from juesuan_rules.commands.shared import (
    AsOfOption,
    AsOneOption,
    CorrectionsOption,
    DecisionsOption,
    JsonOption,
    NoCacheOption,
    PackOption,
    PdfEngineOption,
    RegionOption,
    WaiversOption,
    cache_folder,
    check_engine,
    check_target,
    read_as_of,
    write_json,
)  # fmt: skip
from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.diagnostics import ExitCode
    from juesuan_rules.material import Subject
    from juesuan_rules.outputs.writing import Output
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.results import RunResult


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="文件或目录", help="报告文件；给目录则连同下级目录里的报告一起核对")],
    pack: PackOption = None,
    region: RegionOption = None,
    json: JsonOption = None,
    html: Annotated[str | None, typer.Option("--html", metavar="文件|目录", help="另写网页：自成一个文件，每处不符标在页面图或表上；多份报告写 单位×规则 汇总，给目录则每份各一个")] = None,
    xlsx: Annotated[str | None, typer.Option("--xlsx", metavar="文件|目录", help="另写审计工作底稿：核对是可重算的公式；多份报告写汇总，给目录则每份各一个")] = None,
    pdf: Annotated[str | None, typer.Option("--pdf", metavar="文件|目录", help="另写加了批注的原 PDF（批注可删，原文不动）")] = None,
    docx: Annotated[str | None, typer.Option("--docx", metavar="文件|目录", help="另写整改通知（Word），供修改")] = None,
    sarif: Annotated[str | None, typer.Option("--sarif", metavar="文件|-", help="另写 SARIF 2.1.0")] = None,
    junit: Annotated[str | None, typer.Option("--junit", metavar="文件|-", help="另写 JUnit XML")] = None,
    csv: Annotated[str | None, typer.Option("--csv", metavar="文件|-", help="另写 CSV（带 BOM，Excel、WPS 可直接打开）")] = None,
    md: Annotated[str | None, typer.Option("--md", metavar="文件|-", help="另写 Markdown")] = None,
    list_all: Annotated[bool, typer.Option("--list-all", help="列出每条规则的结果和原因，通过的也列")] = False,
    fail_on: Annotated[str, typer.Option("--fail-on", metavar="级别", help="从哪一级起退出码为 1：提示、警告或错误（默认警告）")] = "警告",
    max_undecided: Annotated[int | None, typer.Option("--max-undecided", metavar="N", help="任一报告无法判断的规则多于 N 条时退出码为 5")] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", help="同时用几个进程（默认 1）")] = 1,
    as_one: AsOneOption = False,
    corrections: CorrectionsOption = None,
    prior: Annotated[Path | None, typer.Option("--prior", metavar="文件|目录", help="上年的报告，供跨年核对；给目录则按单位名称配对")] = None,
    units: Annotated[Path | None, typer.Option("--units", metavar="目录", help="所属单位的报告，供汇总核对")] = None,
    waivers: WaiversOption = None,
    decisions: DecisionsOption = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", metavar="文件", help="上次的 JSON 结果：说出新增、已消除、未变的，退出码只计新增的")] = None,
    as_of: AsOfOption = None,
    pdf_engine: PdfEngineOption = "auto",
    expr: Annotated[str | None, typer.Option("--expr", metavar="表达式|-", help="不核对，只算这条表达式，如 'sum(01表.支出)'；写 - 则逐行读入，同 repl")] = None,
    no_cache: NoCacheOption = False,
    locked: Annotated[bool, typer.Option("--locked", help="只用锁定文件里写明的规则包、豁免和更正（按摘要），不符就不核对，退出码为 3")] = False,
    lock: Annotated[Path | None, typer.Option("--lock", metavar="文件", help="锁定文件（默认 juesuan.lock）；写了它就等于写了 --locked")] = None,
) -> None:
    """Judge every report named or found below a folder."""
    from juesuan_rules.commands.locking import check_inputs_locked, check_locked, check_signed, open_lock, pack_origins, read_inputs, used_packs
    from juesuan_rules.findings import SEVERITY_EN
    from juesuan_rules.pipeline.batch import evaluate_many, exit_code
    from juesuan_rules.pipeline.gather import gather
    from juesuan_rules.pipeline.options import Options

    if fail_on not in SEVERITY_EN:
        raise UsageError(f"--fail-on「{fail_on}」不对：须是 提示、警告 或 错误")
    if max_undecided is not None and max_undecided < 0:
        raise UsageError("--max-undecided 须是 0 或正整数")
    check_target(json)
    own: list[Path] = []
    files = gather(paths, own)
    wanted = _wanted({"html": html, "xlsx": xlsx, "pdf": pdf, "docx": docx, "sarif": sarif, "junit": junit, "csv": csv, "md": md}, json, files, as_one)
    held, roots = open_lock(lock, pack) if locked or lock is not None else (None, None)
    if held is not None:
        check_inputs_locked(held, read_inputs(waivers or (), corrections))
    options = Options(
        pack=pack, region=region, list_all=list_all, cache=cache_folder(no_cache),
        pdf_engine=check_engine(pdf_engine), as_one=as_one, corrections=corrections, prior=prior, units=units,
        roots=roots, waivers=tuple(waivers or ()), as_of=read_as_of(as_of),
        decisions=tuple(decisions or ()), baseline=baseline,
    )  # fmt: skip
    if expr is not None:
        from juesuan_rules.commands.expression import try_on_files

        raise typer.Exit(int(try_on_files(expr, files, options)))
    progress = _Progress() if len(files) > 1 and sys.stderr.isatty() else None
    kept: dict[str, Subject] | None = {} if any(output.shows_a_report for output in wanted) else None
    result = evaluate_many(files, options, jobs, progress, kept)
    if held is not None:
        check_locked(held, used_packs(result))
    check_signed(used_packs(result))
    code = exit_code(result, SEVERITY_EN[fail_on], max_undecided)
    tell_own_outputs(own)
    tell_failures([(f.path, f.message) for f in result.failures])
    digest = ""
    to_console = json != "-" and all(output.target != "-" for output in wanted)
    if json is not None or held is not None or wanted:
        from juesuan_rules.pipeline.provenance import provenance, seal, tool
        from juesuan_rules.renderings.json_result import result_json

        origins = pack_origins(used_packs(result))
        sealed = seal(result_json(result, tool(), provenance(result, sys.argv, code, held.digest if held else None, origins)))
        digest = sealed["provenance"]["canonical_digest"]
        if json is not None:
            write_json(json, sealed)
        if wanted:
            _write_all(wanted, result, sealed, code, options, kept)
    if to_console:
        from juesuan_rules.renderings.console import render_run

        sys.stdout.write(render_run(result, code, list_all, digest))
    raise typer.Exit(int(code))


def _wanted(targets: dict[str, str | None], json: str | None, files: Sequence[Path], as_one: bool) -> list[Output]:
    """The outputs asked for. Raises UsageError for those that could not be written as asked."""
    if not any(targets.values()):
        return []
    from juesuan_rules.outputs.writing import Output, check_outputs

    wanted = [Output(kind, target) for kind, target in targets.items() if target is not None]
    check_outputs([*wanted, *([Output("json", json)] if json is not None else [])], files, as_one)
    for output in wanted:
        if not output.into_folder:
            check_target(output.target)
    return wanted


def _write_all(wanted: list[Output], run: RunResult, sealed: dict[str, Any], code: ExitCode, options: Options, kept: dict[str, Subject] | None) -> None:
    """Write the outputs; say on stderr which could not be made for a report."""
    from juesuan_rules.commands.errors import say
    from juesuan_rules.outputs.writing import write_outputs
    from juesuan_rules.pipeline.judging import make_material

    written = write_outputs(wanted, make_material(run, sealed, int(code), options, kept))
    for message in written.unavailable:
        say(message)
    if written.text is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(written.text)
        sys.stdout.buffer.flush()


class _Progress:
    """One line on a terminal's stderr that says how far a long run is."""

    def __call__(self, done: int, total: int, path: Path) -> None:
        from juesuan_rules.renderings.plain import clip

        end = "\n" if done == total else ""
        sys.stderr.write(f"\r\033[K{done}/{total}  {clip(path.name, 50)}{end}")
        sys.stderr.flush()


def tell_own_outputs(paths: list[Path]) -> None:
    """Say which files of a folder were left out because this program wrote them."""
    if paths:
        from juesuan_rules.commands.errors import say

        named = "、".join(str(path) for path in paths[:5])
        say(f"跳过 {len(paths)} 个本程序写出的结果文件：{named}{' 等' if len(paths) > 5 else ''}（要核对它们，请写出文件名）")


def tell_failures(failures: list[tuple[str, str]]) -> None:
    """Each message once, with the files it is about."""
    from juesuan_rules.commands.errors import say

    files: dict[str, list[str]] = {}
    for path, message in failures:
        files.setdefault(message, []).append(path)
    for message, paths in files.items():
        say(message)
        if len(paths) > 1 or paths[0] not in message:
            say(f"  没有结果的文件：{'、'.join(paths[:5])}" + (f" 等 {len(paths)} 个" if len(paths) > 5 else ""))
