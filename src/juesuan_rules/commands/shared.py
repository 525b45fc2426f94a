"""What several commands share: options they all know, and where output goes."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from juesuan_rules.diagnostics import UsageError

PackOption = Annotated[str | None, typer.Option("--pack", metavar="编号[@版本]", help="用哪个规则包：编号、编号@版本，或规则包目录；不写则按地区和年度选")]
RegionOption = Annotated[str | None, typer.Option("--region", metavar="地区", help="报告所在地区：行政区划代码或全称（如 421303、随州市曾都区），认不出或认错时用")]
JsonOption = Annotated[str | None, typer.Option("--json", metavar="文件|-", help="另写 JSON 结果到文件；写 - 则只把 JSON 写到标准输出")]
PdfEngineOption = Annotated[str, typer.Option("--pdf-engine", metavar="方式", help="读 PDF 的方式：auto（默认，拿不准时用 pdfplumber 复核）、native 或 pdfplumber")]
AsOneOption = Annotated[bool, typer.Option("--as-one", help="所列文件合起来是一份报告（如正文与附表），按所列次序连读")]
CorrectionsOption = Annotated[Path | None, typer.Option("--corrections", metavar="文件", help="更正文件（YAML）：哪一处、印作什么、应为什么、何人、为何")]
WaiversOption = Annotated[list[Path] | None, typer.Option("--waivers", metavar="文件", help="豁免文件（YAML）：已核实并接受的不符；可写几次")]
DecisionsOption = Annotated[list[Path] | None, typer.Option("--decisions", metavar="文件", help="复核意见文件（YAML）：属实、误报、已整改、待核；可写几次")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看豁免是否到期，如 2026-12-31（默认今天）")]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="不读也不写缓存")]


PDF_ENGINES = ("auto", "native", "pdfplumber")


def check_engine(engine: str) -> str:
    """The name of a PDF engine. Raises UsageError for any other."""
    if engine not in PDF_ENGINES:
        raise UsageError(f"--pdf-engine「{engine}」不对：须是 {'、'.join(PDF_ENGINES)}")
    return engine


def read_as_of(text: str | None) -> date | None:
    """The day a person named, or None. Raises UsageError for anything else."""
    if text is None:
        return None
    from juesuan_rules.waivers.model import read_date

    day = read_date(text)
    if day is None:
        raise UsageError(f"--as-of「{text}」不对：写成 2026-12-31")
    return day


def cache_folder(no_cache: bool) -> Path | None:
    """Where results are kept between runs, or None."""
    from juesuan_rules.pipeline.cache import default_folder

    return None if no_cache else default_folder()


def check_target(target: str | None) -> None:
    """Raise UsageError where a result could not be written to `target`, before any work is done."""
    if target in (None, "-"):
        return
    path = Path(str(target))
    if path.is_dir():
        raise UsageError(f"结果写不到「{target}」：这是一个目录")
    if not path.parent.is_dir():
        raise UsageError(f"结果写不到「{target}」：没有目录「{path.parent}」")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"结果写不到「{target}」：没有写权限")


def write_json(target: str, value: Any) -> None:
    """The value as JSON to a file (UTF-8) or, for "-", to standard output."""
    from juesuan_rules.renderings.json_text import dumps

    if target != "-":
        write_file(target, dumps(value))
        return
    encoding = (sys.stdout.encoding or "").lower().replace("_", "-")
    text = dumps(value, ascii_only=encoding not in ("utf-8", "utf8"))
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def write_file(target: str, text: str) -> None:
    """Write a whole file or nothing. Raises UsageError where that is not possible."""
    path = Path(target)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"结果写不到「{target}」：{'没有写权限' if isinstance(error, PermissionError) else '系统报告写入失败'}") from None
