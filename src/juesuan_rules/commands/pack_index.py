"""`pack index`: the index of a folder of archives, for any web server or file share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.diagnostics import UsageError


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="放着归档（.jspack）的目录；index.json 写在里面")],
) -> None:
    """Write index.json for a static folder of archives; withdrawals already written there are kept."""
    from juesuan_rules.commands.pack_build import write_bytes
    from juesuan_rules.commands.pack_sign import stale_signature
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.index import INDEX_FILE, index_folder, write_index

    if not folder.is_dir():
        raise UsageError(f"没有目录「{folder}」")
    index = index_folder(folder)
    write_bytes(folder / INDEX_FILE, write_index(index))
    count = sum(map(len, index.packs.values()))
    sys.stdout.write(f"已写出  {safe(str(folder / INDEX_FILE))}：{len(index.packs)} 个规则包，{count} 个版本{stale_signature(folder / INDEX_FILE)}\n")
