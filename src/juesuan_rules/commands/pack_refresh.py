"""`pack refresh`: hear what publishers have withdrawn."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def run(
    sources: Annotated[list[str], typer.Argument(metavar="来源", help="索引的地址或目录，如 https://主机/index.json")],
    allow_http: Annotated[bool, typer.Option("--allow-http", help="允许不加密的 http 来源（本机的不必写）")] = False,
) -> None:
    """Ask indexes what was withdrawn of the packs that are here; nothing is installed."""
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.acquire import refresh
    from juesuan_rules.store.local import default_store
    from juesuan_rules.store.policy import load_policy
    from juesuan_rules.store.sources.model import Access

    told = refresh(sources, default_store(), load_policy(), Access(allow_http))
    sys.stdout.write("".join(f"{safe(text)}\n" for text in told) or "没有新的撤回\n")
