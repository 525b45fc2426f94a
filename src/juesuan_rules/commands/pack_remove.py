"""`pack remove`: take installed packs out of the local store."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def run(
    packs: Annotated[list[str], typer.Argument(metavar="编号", help="已安装的规则包：编号（全部版本）或 编号@版本")],
) -> None:
    """Remove installed packs that no other installed pack needs."""
    from juesuan_rules.store.acquire import remove
    from juesuan_rules.store.local import default_store

    store = default_store()
    for word in packs:
        for record in remove(word, store):
            sys.stdout.write(f"已移除  {record.id} {record.version}\n")
