"""`pack sign`: put a signature on an archive, or beside an index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.keys import ByOption, signer_name, signing_key
from juesuan_rules.diagnostics import UsageError


def run(
    target: Annotated[Path, typer.Argument(metavar="归档或索引", help="归档文件（.jspack），或 index.json")],
    key: Annotated[Path, typer.Option("--key", metavar="私钥文件", help="私钥文件（pack keygen 生成）")],
    by: ByOption = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="签好的归档写到这里（默认改原来的文件）")] = None,
) -> None:
    """Sign an archive in its place; the signature of an index is written beside it as index.json.sig."""
    from juesuan_rules.commands.pack_build import write_bytes
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.archive import open_archive
    from juesuan_rules.store.index import INDEX_FILE, read_index
    from juesuan_rules.store.signing.signatures import SIGNATURE_FILE_SUFFIX, sign_archive, sign_index
    from juesuan_rules.store.sources.files import read_file

    if not target.is_file():
        raise UsageError(f"没有文件「{target}」" + ("；目录先用 pack build 做成归档" if target.is_dir() else ""))
    data = read_file(target)
    if target.name == INDEX_FILE:
        read_index(data, str(target))
        goal = output or target.with_name(target.name + SIGNATURE_FILE_SUFFIX)
        private = signing_key(key)
        name = signer_name(by, private, key)
        write_bytes(goal, sign_index(data, private, name))
    else:
        archive = open_archive(data, str(target))
        goal = output or target
        private = signing_key(key)
        name = signer_name(by, private, key)
        write_bytes(goal, sign_archive(archive, private, name))
    sys.stdout.write(f"已签名  {safe(str(goal))}\n签名人  {safe(name)}\n指纹  {private.fingerprint}\n")


def stale_signature(index: Path) -> str:
    """What to say where an index was written anew and the signature beside it was not; "" where there is none."""
    from juesuan_rules.store.signing.signatures import SIGNATURE_FILE_SUFFIX

    there = index.with_name(index.name + SIGNATURE_FILE_SUFFIX).exists()
    return "\n注意：索引改了，原来的签名不再相符，请用 pack sign 重新签名" if there else ""
