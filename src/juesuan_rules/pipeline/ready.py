"""A pack made ready for judging: merged, checked against its layout, and cached by content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic, RulesError
from juesuan_rules.language.model import CheckedRule
from juesuan_rules.language.packing import pack_rule, unpack_rule
from juesuan_rules.packs.model import Pack, PackDigest
from juesuan_rules.pipeline.cache import Cache, digest
from juesuan_rules.pipeline.codec import CodecError, decode, encode


class ReadyPack(msgspec.Struct, frozen=True):
    """A pack for one year, region and kind of document, whose every rule is sound.

    chain: national first. note: why another year's layout is used, or "".
    """

    id: str
    chain: tuple[PackDigest, ...]
    layout: Layout
    rules: tuple[CheckedRule, ...]
    note: str = ""


class Wanted(msgspec.Struct, frozen=True):
    """What a pack is wanted for: its name (id or folder), version, and the document at hand."""

    name: str
    version: str | None = None
    year: int | None = None
    region: str | None = None
    kind: str = ""


def ready_pack(wanted: Wanted, roots: Sequence[Path], cache: Cache, state: str) -> ReadyPack:
    """The pack, from the cache where `state` (digest of program and pack files) is known there.

    Raises RulesError with every diagnostic where the pack or one of its rules is broken.
    """
    key = digest(state, wanted.name, wanted.version or "", str(wanted.year), wanted.region or "", wanted.kind)
    stored = cache.get("packs", key)
    if stored is not None:
        try:
            return _unpack(*stored)
        except (CodecError, TypeError, ValueError, AttributeError, IndexError):
            pass
    ready = _build(wanted, roots)
    cache.put("packs", key, _pack(ready))
    return ready


def _pack(ready: ReadyPack) -> tuple[Any, ...]:
    return ready.id, encode(ready.chain), encode(ready.layout), tuple(pack_rule(rule) for rule in ready.rules), ready.note


def _unpack(pack_id: str, chain: Any, layout: Any, rules: tuple[Any, ...], note: str) -> ReadyPack:
    return ReadyPack(pack_id, decode(chain), decode(layout), tuple(unpack_rule(rule) for rule in rules), note)


def _build(wanted: Wanted, roots: Sequence[Path]) -> ReadyPack:
    from juesuan_rules.packs.load import load_pack

    pack = load_pack(wanted.name, wanted.year, roots, version=wanted.version, region=wanted.region)
    return prepare_pack(pack, wanted.kind, wanted.region)


def prepare_pack(pack: Pack, kind: str, region: str | None) -> ReadyPack:
    """The rules of `pack` that apply to a kind of document and a region, checked.

    Raises RulesError with every diagnostic where one of them is broken.
    """
    from juesuan_rules.language.check import check_rules
    from juesuan_rules.packs.load import applies_to

    texts = tuple(rule for rule in pack.rules if applies_to(rule, kind, region))
    result = check_rules(texts, pack.layout)
    refuse_broken(pack.manifest.id, result.diagnostics)
    return ReadyPack(pack.manifest.id, pack.chain, pack.layout, result.rules, pack.layout_year_note)


def refuse_broken(pack_id: str, diagnostics: Sequence[Diagnostic]) -> None:
    """Raise RulesError with every error among the diagnostics, if there is one."""
    errors = tuple(d for d in diagnostics if d.is_error)
    if errors:
        raise RulesError(f"规则包“{pack_id}”有 {len(errors)} 处错误，没有核对任何报告", errors)
