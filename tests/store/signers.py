"""Keys and trust lists for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from small_archives import build

from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.signing.keys import SigningKey
from juesuan_rules.store.signing.signatures import sign_archive
from juesuan_rules.store.signing.trust import TrustedKey, TrustList

TODAY = date(2026, 6, 30)


def signed(key: SigningKey, *arguments: Any, **more: Any) -> bytes:
    """The archive of a small pack, signed."""
    return sign_archive(open_archive(build(*arguments, **more), "x"), key, "自称")


def trusting(*keys: SigningKey, required: bool = True, index: bool = False, **how: Any) -> Policy:
    """A policy that trusts the keys."""
    return Policy(trust=TrustList(tuple(TrustedKey("某局", key.public, **how) for key in keys), required, index), today=TODAY)
