"""Which rule pack judges a report: by region and year, said aloud, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.packs.locate import BASE, parse_pack_spec, select_pack
from juesuan_rules.reports.model import Identity


class Choice(msgspec.Struct, frozen=True):
    """The pack to load (id or folder, version or None) and why, as half a sentence."""

    name: str
    version: str | None
    why: str


def choose_pack(identity: Identity, pack: str | None, region: str | None, roots: Sequence[Path]) -> Choice:
    """The pack named by `pack`, else the one of the most specific region for the year.

    Raises UsageError where the region's name is shared by several provinces: then a person decides.
    """
    if pack is not None:
        spec = parse_pack_spec(pack)
        return Choice(spec.name, spec.version, "由 --pack 指定")
    if identity.ambiguous_regions and identity.region_code is None and identity.is_final_accounts:
        named = "、".join(identity.ambiguous_regions)
        raise UsageError(f"报告的地区有多种可能：{named}。请用 --region 指明（代码或全称），或用 --pack 指定规则包")
    found = select_pack(identity.region_code, identity.year, roots)
    return Choice(str(found.folder), None, _why(identity, region, found.manifest.id))


def _why(identity: Identity, region: str | None, chosen: str) -> str:
    year = f"「{identity.year}年度」" if identity.year else "（年度未认出，按最新口径）"
    if region is not None:
        return f"依据 --region {region}{year}选定，--pack 可改"
    if identity.region_code is None:
        return "没有认出地区，暂用全国基础包；可用 --region 或 --pack 指定"
    place = f"「{identity.region_name or identity.region_code}」"
    if chosen == BASE:
        return f"{place}没有专门的规则包，用全国基础包；--pack 可改"
    return f"依据{_clue(identity) or place}{year}选定，--pack 可改"


def _clue(identity: Identity) -> str:
    """The words of the report that told the region, in 「」."""
    line = next((line for line in identity.evidence if line.startswith("地区：")), "")
    found = re.search("依据(「[^」]+」)", line)
    return found.group(1) if found else ""
