"""What the commands that sign share: options, and how a passphrase is got."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.store.archive import Archive
    from juesuan_rules.store.manifest import Signature
    from juesuan_rules.store.policy import Policy
    from juesuan_rules.store.signing.keys import SigningKey
    from juesuan_rules.store.signing.trust import TrustList

VARIABLE = "JUESUAN_KEY_PASSPHRASE"
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="私钥文件", help="用这个私钥签名（pack keygen 生成）")]
ByOption = Annotated[str, typer.Option("--by", metavar="名称", help="签名人的名称，给人看的（默认密钥持有人的名称）")]


def signing_key(path: Path) -> SigningKey:
    """The private key in a file; its passphrase is asked for where it has one."""
    from juesuan_rules.store.signing.keys import open_key

    return open_key(path, lambda: passphrase("私钥的口令"))


def signer_name(by: str, private: SigningKey, path: Path) -> str:
    """What the signer is called in a signature: as the person says, as the key's own file does, as the .pub beside it
    or the trust list (of a key made before private keys named their holder), at last as the file is called."""
    from juesuan_rules.diagnostics import RulesError
    from juesuan_rules.store.signing.trust import load_trust, read_entry

    if by or private.holder:
        return by or private.holder
    try:
        name, public = read_entry(path.with_suffix(".pub"))
        if public == private.public:
            return name
    except UsageError:
        pass  # none beside it
    try:
        known = load_trust().find(private.fingerprint)
    except (RulesError, UsageError):
        known = None  # a broken list is told where signatures are judged
    return known.name if known is not None else path.stem


def passphrase(prompt: str, twice: bool = False) -> str:
    """A passphrase from the environment, or typed without an echo. Raises UsageError where nobody can be asked."""
    told = os.environ.get(VARIABLE)
    if told is not None:
        return told
    if not sys.stdin.isatty():
        raise UsageError(f"要输入口令，而这里没有终端；可用环境变量 {VARIABLE} 给出")
    typed: str = typer.prompt(prompt, hide_input=True, confirmation_prompt="再输一遍" if twice else False, err=True)
    return typed


def signed_by(signatures: Sequence[Signature], trust: TrustList) -> list[str]:
    """Who signed: by the trust list's names; what a key that is not in it calls itself is marked."""
    known = [(signature, trust.find(signature.key)) for signature in signatures]
    return [key.name if key is not None else f"{signature.by or signature.key}（不在信任名单里）" for signature, key in known]


def signer_lines(archive: Archive, policy: Policy) -> list[str]:
    """Who signed an archive, one line each, as the trust list knows them."""
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.policy import signers

    words = {"good": "可信", "unknown": "不在信任名单里，自称", "altered": "与内容不符", "revoked": "密钥已作废", "early": "密钥还没有生效", "expired": "密钥已到期", "not_allowed": "密钥不能签这个规则包"}
    return [f"  签名  {words[s.state]}  {safe(s.name)}  {safe(s.fingerprint)}" for s in signers(archive, policy)] or ["  签名  无"]
