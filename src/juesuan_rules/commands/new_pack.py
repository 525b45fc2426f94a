"""`new pack`: the beginning of a pack."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.diagnostics import ExitCode


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="新规则包的目录，不能已有内容")],
    region: Annotated[str, typer.Option("--region", metavar="地区", help="行政区划代码的前 2、4 或 6 位，或全称")],
    parent: Annotated[str | None, typer.Option("--parent", metavar="编号|目录", help="上级规则包（默认取离该地区最近的一个）")] = None,
    id: Annotated[str | None, typer.Option("--id", metavar="编号", help="规则包编号（默认用目录名）")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="名称", help="规则包名称（默认用地区名）")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="级别", help="国家、省、市、县或项目（默认按地区代码）")] = None,
) -> None:
    """Make a pack that passes check and test at once."""
    from juesuan_rules.authoring.scaffold.packs import NewPack, create_pack
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.resources import rules_root

    files = create_pack(NewPack(folder, region, parent, id, name, level), (rules_root(),))
    for path in files:
        sys.stdout.write(f"新建  {safe(path.as_posix())}\n")
    sys.stdout.write(f"接下来：juesuan-rules new rule 编号 --pack {safe(folder.as_posix())} --title 题目 --check 表达式\n")
    raise typer.Exit(int(ExitCode.CLEAN))
