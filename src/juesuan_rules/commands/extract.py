"""`extract`: what was read, before anyone believes a finding."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import (
    AsOneOption,
    CorrectionsOption,
    JsonOption,
    NoCacheOption,
    PackOption,
    PdfEngineOption,
    RegionOption,
    cache_folder,
    check_engine,
    check_target,
    write_file,
    write_json,
)  # fmt: skip
from juesuan_rules.diagnostics import ExitCode, JuesuanError, UsageError

if TYPE_CHECKING:
    from juesuan_rules.pipeline.load import Loaded


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="文件", help="报告文件或目录")],
    table: Annotated[str | None, typer.Option("--table", metavar="表名", help="只看这张表：名称、简称或表号，如 总表、01表")] = None,
    pack: PackOption = None,
    region: RegionOption = None,
    json: JsonOption = None,
    as_one: AsOneOption = False,
    corrections: CorrectionsOption = None,
    template: Annotated[str | None, typer.Option("--corrections-template", metavar="文件", help="把存疑的单元格写成更正文件的样子，供对照原件填写")] = None,
    pdf_engine: PdfEngineOption = "auto",
    no_cache: NoCacheOption = False,
) -> None:
    """Show the tables of every report as they were understood, doubtful cells marked."""
    from juesuan_rules.commands.errors import say, tell
    from juesuan_rules.pipeline.batch import defect
    from juesuan_rules.pipeline.gather import gather
    from juesuan_rules.pipeline.load import load
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.pipeline.state import packs_state

    check_target(json)
    check_target(template)
    options = Options(pack=pack, region=region, cache=cache_folder(no_cache), pdf_engine=check_engine(pdf_engine), as_one=as_one, corrections=corrections)
    state = packs_state(options)
    loaded: list[tuple[Loaded, str | None]] = []
    codes = [ExitCode.CLEAN]
    files = gather(paths)
    for group in [files] if as_one else [(path,) for path in files]:
        try:
            one = load(group, options, state)
            loaded.append((one, _table_id(one, table)))
        except JuesuanError as error:
            tell(error)
            codes.append(error.exit_code)
        except Exception as error:  # noqa: BLE001 - a defect of ours must not cost the other files their tables
            say(f"处理「{group[0]}」时{defect(error)}")
            codes.append(ExitCode.UNREADABLE)
    codes += [ExitCode.NOTHING_JUDGED for one, _ in loaded if not one.report.tables and not one.report.other_tables]
    codes += [ExitCode.UNREADABLE for one, _ in loaded if one.report.unread]
    _write(loaded, json)
    if template is not None:
        from juesuan_rules.renderings.corrections_yaml import template_text

        write_file(template, template_text([one.report for one, _ in loaded]))
    raise typer.Exit(int(ExitCode.worst(codes)))


def _table_id(loaded: Loaded, name: str | None) -> str | None:
    if name is None:
        return None
    layout = loaded.report.layout
    spec = layout.table(name)
    if spec is None:
        from juesuan_rules.names import suggest

        known = [alias for t in layout.tables for alias in (t.id, *t.short, *([f"{t.number}表"] if t.number else []))]
        near = suggest(name, known) or [t.id for t in layout.tables]
        raise UsageError(f"没有名为「{name}」的表；可选：{'、'.join(near)}")
    return spec.id


def _write(loaded: list[tuple[Loaded, str | None]], json: str | None) -> None:
    from juesuan_rules.pipeline.provenance import tool

    if json is not None:
        from juesuan_rules.renderings.json_extract import SCHEMA_VERSION, file_json

        files = [file_json(one.report, table) for one, table in loaded]
        write_json(json, {"schema_version": SCHEMA_VERSION, "tool": tool(), "files": files})
    if json != "-":
        from juesuan_rules.renderings.tables_text import render_extract

        sys.stdout.write("\n".join(render_extract(one.report, table, one.why) for one, table in loaded))
