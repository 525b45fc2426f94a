"""`pack keygen`: a key to sign packs with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.keys import passphrase
from juesuan_rules.diagnostics import UsageError


def run(
    target: Annotated[Path, typer.Argument(metavar="名称", help="密钥文件的名称：私钥写到 名称.key，公钥写到 名称.pub")],
    by: Annotated[str, typer.Option("--by", metavar="名称", help="持有人的名称，写进两个文件，签名时用，如 某市财政局预决算科（默认密钥文件的名称）")] = "",
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="私钥不加口令保护（谁拿到文件谁就能签）")] = False,
) -> None:
    """Make a key; the private half is encrypted with a passphrase."""
    from juesuan_rules.commands.shared import write_file
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.signing.keys import LEAST_PASSPHRASE, make_key, private_pem, write_private
    from juesuan_rules.store.signing.trust import entry_text

    private, public = target.with_name(target.name + ".key"), target.with_name(target.name + ".pub")
    if public.exists() or private.exists():
        raise UsageError(f"「{public if public.exists() else private}」已经有了；密钥文件不能覆盖，请换个名称")
    key = make_key(by or target.name)
    word = None if no_passphrase else passphrase("给私钥设一个口令", twice=True)
    if word is not None and len(word) < LEAST_PASSPHRASE:
        raise UsageError(f"口令太短，至少 {LEAST_PASSPHRASE} 个字符；确实不要口令，写 --no-passphrase")
    write_private(private, private_pem(key, word))
    write_file(str(public), entry_text(key.holder, key.public))
    guard = "没有口令，请妥善保管" if word is None else "有口令"
    sys.stdout.write(f"私钥  {safe(str(private))}（{guard}，不要交给别人）\n公钥  {safe(str(public))}（交给要用规则包的人，写进他们的信任名单）\n持有人  {safe(key.holder)}\n指纹  {key.fingerprint}\n")
