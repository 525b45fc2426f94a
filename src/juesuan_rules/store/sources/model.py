"""What a source offers, and how far sources may reach."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

CheckIndex = Callable[[bytes, Callable[[], bytes | None], str], None]
"""Given an index, how to get its signature (None where there is none) and its origin; raises PackError."""


class Access(msgspec.Struct, frozen=True):
    """How far sources may reach. http: also over connections nobody vouches for (loopback always may).
    check_index: holds an index against the policy (see `policy.check_index`)."""

    http: bool = False
    check_index: CheckIndex | None = None


class Offer(msgspec.Struct, frozen=True):
    """One version of a pack that a source has. Only `fetch` touches its bytes, and nothing that an offer
    says is believed: what comes out of `fetch` passes `install.admit`, with `digest` as what to expect.

    collection: whether it is one of many packs that stand together, so that a person names the wanted ones.
    yanked: why this version was withdrawn; retracted_rules: why single rules were, by rule id.
    """

    id: str
    version: str
    origin: str
    fetch: Callable[[], bytes]
    digest: str | None = None
    collection: bool = False
    yanked: str | None = None
    retracted_rules: dict[str, str] = {}
