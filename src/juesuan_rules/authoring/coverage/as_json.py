"""Coverage as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict

from juesuan_rules.authoring.coverage.model import Count, Covered, ReportCoverage
from juesuan_rules.documents.model import Place

SCHEMA_VERSION = 1
KINDS = {"表": "table", "文字": "prose", "表单": "form"}


def to_json(reports: Sequence[ReportCoverage]) -> dict[str, Any]:
    """Counts by part, and every printed figure with its readers and guards."""
    return {"schema_version": SCHEMA_VERSION, "reports": [_report(one) for one in reports]}


def _report(one: ReportCoverage) -> dict[str, Any]:
    parts = one.parts()
    total = Count()
    for count in parts.values():
        total = total.plus(count)
    return {
        "source": {"path": one.source.path, "sha256": one.source.sha256, "format": one.source.format},
        "packs": [asdict(pack) for pack in one.chain],
        "parts": [{"kind": KINDS[kind], "name": where, **_count(count)} for (kind, where), count in parts.items()],
        "summary": _count(total),
        "idle_rules": list(one.idle),
        "figures": [_figure(covered) for covered in one.figures],
    }


def _count(count: Count) -> dict[str, int]:
    return {"figures": count.figures, "recognised": count.recognised, "read": count.read, "guarded": count.guarded, "guarded_large_only": count.large}


def _figure(covered: Covered) -> dict[str, Any]:
    printed = covered.printed
    return {
        "kind": KINDS[printed.kind],
        "part": printed.where,
        "name": printed.name or None,
        "raw": printed.raw,
        "place": place_of(printed.place),
        "recognised": printed.amount is not None,
        "read_by": list(covered.readers),
        "guard": covered.guard,
        "guarded_by": list(covered.guards),
        "already_at_fault": covered.known,
        "changed_to": list(covered.changes),
    }


def place_of(place: Place) -> dict[str, Any]:
    """A place without what is not known of it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(place).items() if value is not None}
