"""Signatures held against a trust list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.store.manifest import Signature
from juesuan_rules.store.problems import problem, shown
from juesuan_rules.store.signing.signatures import is_valid
from juesuan_rules.store.signing.trust import TrustedKey, TrustList

State = Literal["good", "unknown", "altered", "revoked", "early", "expired", "not_allowed"]
"""good: by a key the team trusts. unknown: by a key that is not in the trust list; whether it is right nobody
can tell. altered: not what that key signed. Else: by a key the list knows, and does not accept here."""
_MOST = 64


class Signer(msgspec.Struct, frozen=True):
    """One signature looked into. name: as the trust list calls the key; of an unknown key what it calls itself.
    detail: why it is not accepted, half a sentence."""

    fingerprint: str
    name: str
    state: State
    detail: str = ""


def judge_signatures(signatures: Sequence[Signature], data: bytes, trust: TrustList, pack_id: str | None, today: date) -> tuple[Signer, ...]:
    """Every signature over `data` looked into. pack_id: the pack signed; None for an index.

    A key's days are held against today, not against the time a signature tells: that time is not signed.
    """
    return tuple(_judge(signature, data, trust, pack_id, today) for signature in signatures[:_MOST])


def _judge(signature: Signature, data: bytes, trust: TrustList, pack_id: str | None, today: date) -> Signer:
    key = trust.find(signature.key)
    if key is None:
        return Signer(signature.key, signature.by, "unknown", f"签名的密钥 {short(signature.key)} 不在信任名单里（自称“{shown(signature.by)}”）")
    if not is_valid(signature, key.public, data):
        return Signer(signature.key, key.name, "altered", f"“{key.name}”的签名与内容不符：内容或签名被改过")
    state, detail = _standing(key, pack_id, today)
    return Signer(signature.key, key.name, state, detail)


def _standing(key: TrustedKey, pack_id: str | None, today: date) -> tuple[State, str]:
    if key.revoked:
        return "revoked", f"“{key.name}”的密钥已作废：{key.revoked}"
    if key.valid_from is not None and today < key.valid_from:
        return "early", f"“{key.name}”的密钥从 {key.valid_from.isoformat()} 起才有效"
    if key.valid_until is not None and today > key.valid_until:
        return "expired", f"“{key.name}”的密钥已于 {key.valid_until.isoformat()} 到期"
    if pack_id is not None and not key.may_sign(pack_id):
        return "not_allowed", f"“{key.name}”的密钥不能签 {pack_id}（只能签 {'、'.join(key.packs)}）"
    return "good", ""


def refusals(signers: Sequence[Signer], required: bool, origin: str, what: str = "") -> tuple[Diagnostic, ...]:
    """Why signatures are refused; () where they are not.

    Where none is required, what is known to be wrong is still refused: a signature that does not fit, and
    nobody's signature but that of a revoked key.
    """
    altered = [s for s in signers if s.state == "altered"]
    if altered:
        return tuple(problem("E611", what + s.detail, origin) for s in altered)
    if any(s.state == "good" for s in signers):
        return ()
    if not signers:
        return (problem("E611", f"{what}没有签名，而本单位要求签名", origin, hint="请发布者用 juesuan-rules pack sign 签名"),) if required else ()
    told = signers if required else [s for s in signers if s.state == "revoked"]
    return tuple(problem("E611", what + s.detail, origin, hint=_HINTS.get(s.state, "")) for s in told)


def short(fingerprint: str) -> str:
    """The beginning of a fingerprint, enough for people to tell keys apart."""
    return shown(fingerprint)[:23] + "…"


_HINTS = {
    "unknown": "与发布者核对指纹后，把公钥写进 trust.yaml（juesuan-rules pack trust --add 公钥文件）",
    "expired": "请发布者用新的密钥重新签名",
    "not_allowed": "要接受，改 trust.yaml 里这个密钥的 packs",
}
