"""`docs`: a pack's handbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.diagnostics import ExitCode, UsageError

FORMATS = ("html", "md")


def run(
    pack: Annotated[str, typer.Argument(metavar="规则包", help="规则包的编号、编号@版本或目录")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="目录", help="写到哪个目录（没有就新建）")] = Path(),
    format: Annotated[str, typer.Option("--format", metavar="格式", help="html（默认，一个文件，可打印）或 md")] = "html",
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="按哪一年的口径（默认最新）")] = None,
) -> None:
    """Write the handbook of a pack as one file."""
    from juesuan_rules.authoring.handbook.contents import make_handbook
    from juesuan_rules.commands.shared import write_file
    from juesuan_rules.packs.locate import parse_pack_spec
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.resources import rules_root

    if format not in FORMATS:
        raise UsageError(f"--format「{format}」不对：须是 {'、'.join(FORMATS)}")
    spec = parse_pack_spec(pack)
    book = make_handbook(spec.name, (rules_root(),), year, spec.version)
    if format == "html":
        from juesuan_rules.authoring.handbook.html_page import to_html as rendered
    else:
        from juesuan_rules.authoring.handbook.markdown import to_markdown as rendered
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise UsageError(f"不能新建目录「{output}」") from None
    path = output / f"{dict(book.summary)['编号'].partition(' ')[0]}.{format}"
    write_file(str(path), rendered(book))
    sys.stdout.write(f"写好  {safe(path.as_posix())}：规则 {sum(len(f.rules) for f in book.families)} 条\n")
    raise typer.Exit(int(ExitCode.CLEAN))
