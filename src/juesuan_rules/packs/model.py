"""Packs: manifests, and a pack with its parents merged, for one region and year."""

from __future__ import annotations

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Span
from juesuan_rules.language.model import RuleText


class Manifest(msgspec.Struct, frozen=True):
    """pack.yaml. region: GB/T 2260 prefix ("" national, "21", "4213", "421303"). parent: pack id or None.
    years: inclusive bounds. engine: version range of this program. level: 国家 省 市 县 项目. requires:
    (pack id, version range) of packs further up its chain."""

    id: str
    version: str
    name: str
    region: str = ""
    level: str = "国家"
    parent: str | None = None
    years: tuple[int | None, int | None] = (None, None)
    engine: str = ""
    language: int = 1
    description: str = ""
    requires: tuple[tuple[str, str], ...] = ()


class PackDigest(msgspec.Struct, frozen=True):
    """Provenance of one pack in use: id, version, "sha256:…" over every file it reads."""

    id: str
    version: str
    digest: str


class Pack(msgspec.Struct, frozen=True):
    """A pack resolved for one year: parents first merged, overrides applied.

    chain: national … most specific. rules: every rule that is in force for the year (with the pack
    it came from and who changed it). layout: the merged layout for the year.
    layout_year_note: "" or why another year's layout is used (a year beyond every dated layout).
    """

    manifest: Manifest
    chain: tuple[PackDigest, ...]
    rules: tuple[RuleText, ...]
    layout: Layout
    year: int | None = None
    layout_year_note: str = ""


WRITTEN = "编写"
"""The action of the pack a rule comes from; the others are those of overrides."""


class Layer(msgspec.Struct, frozen=True):
    """What one pack says of one rule. changes: (what, new text) of each field it gives. in_force: whether it
    holds for the year asked for. span: in a file of the pack, by its path inside."""

    pack: str
    version: str
    action: str
    changes: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    basis: tuple[tuple[str, str, str], ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    in_force: bool = True
    span: Span = Span()
