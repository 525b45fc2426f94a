"""`draft`: identities that hold in good reports, proposed as rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.shared import NoCacheOption, PackOption, PdfEngineOption, RegionOption, cache_folder, check_engine, write_file
from juesuan_rules.diagnostics import DocumentError, ExitCode, UsageError


def run(
    files: Annotated[list[Path], typer.Argument(metavar="文件", help="没有错的部门决算公开报告；两份以上，越多越可靠")],
    pack: PackOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="目录", help="把草稿写进这个目录（可以就是规则包的目录）：rules/drafts.yaml 和 cases/")
    ] = None,
    prefix: Annotated[str, typer.Option("--prefix", metavar="字母", help="草稿编号的开头，如 DRAFT")] = "DRAFT",
    force: Annotated[bool, typer.Option("--force", help="已有的草稿文件重写")] = False,
    region: RegionOption = None,
    pdf_engine: PdfEngineOption = "auto",
    no_cache: NoCacheOption = False,
) -> None:
    """Propose rules from reports; nothing is put in force."""
    import re

    from juesuan_rules.authoring.drafting.model import Subject
    from juesuan_rules.authoring.drafting.proposing import propose
    from juesuan_rules.authoring.drafting.writing import draft_files, summary, written_already
    from juesuan_rules.pipeline.load import load
    from juesuan_rules.pipeline.options import Options

    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", prefix):
        raise UsageError(f"--prefix「{prefix}」不对：大写字母开头，至多 8 个大写字母或数字")
    options = Options(pack=pack, region=region, cache=cache_folder(no_cache), pdf_engine=check_engine(pdf_engine))
    subjects = []
    for path in files:
        loaded = load(path, options)
        if not loaded.report.identity.is_final_accounts:
            raise DocumentError(f"「{path}」不是部门决算公开报告，不能从中找关系")
        subjects.append(Subject(str(path), loaded.report, loaded.pack.rules))
    proposals = propose(subjects, prefix)
    if output is not None and proposals:
        written = draft_files(proposals, len(subjects))
        there = written_already(output, list(written))
        if there and not force:
            raise UsageError(f"「{output}」里已有 {'、'.join(there[:3])}{' 等' if len(there) > 3 else ''}，没有写；要重写请加 --force")
        for name, text in written.items():
            _make_folder((output / name).parent)
            write_file(str(output / name), text)
    sys.stdout.write(summary(proposals, [subject.path for subject in subjects], str(output) if output is not None else None))
    raise typer.Exit(int(ExitCode.CLEAN))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise UsageError(f"目录「{folder}」建不了") from None
