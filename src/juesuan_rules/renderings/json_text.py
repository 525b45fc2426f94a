"""JSON as this program writes it: UTF-8, readable Chinese, and nothing in it that a terminal acts on."""

from __future__ import annotations

import json
import re
from typing import Any

from juesuan_rules.documents.model import Place, Source
from juesuan_rules.reports.model import Correction, Identity

_ACTIVE = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")


def dumps(value: Any, ascii_only: bool = False) -> str:
    """The value as JSON ending in a line feed. Control, direction and lone surrogate characters
    are written as escapes: the text read back is the same, the text shown does nothing."""
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":")) + "\n"
    return text if ascii_only else _ACTIVE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def source_json(source: Source, parts: tuple[Source, ...] = ()) -> dict[str, Any]:
    """The file: path, sha256, format, size in bytes, encoding; the files it was put together from."""
    plain = {"path": source.path, "sha256": source.sha256, "format": source.format, "size": source.size, "encoding": source.encoding}
    return {**plain, "parts": [source_json(part) for part in parts]} if parts else plain


def confidence_json(confidence: float) -> float:
    """How sure a recogniser was, 0 to 1; 1 where text was read."""
    return round(confidence, 3)


def correction_json(correction: Correction) -> dict[str, Any]:
    """What a person put right: where, from what to what, who and why, and what became of it."""
    return {
        "status": _STATUS[correction.status],
        "where": correction.where,
        "name": correction.name or None,
        "printed": correction.printed,
        "found": correction.found,
        "right": correction.right,
        "who": correction.who,
        "why": correction.why,
        "detail": correction.detail or None,
        "place": place_json(correction.place),
    }


_STATUS = {"已更正": "applied", "印文不符": "mismatch", "未找到": "not_found", "不唯一": "ambiguous"}


def identity_json(identity: Identity) -> dict[str, Any]:
    """Who, when, where, in which money unit; kind and evidence besides."""
    return {
        "unit_name": identity.unit_name,
        "year": identity.year,
        "region_code": identity.region_code,
        "region_name": identity.region_name,
        "money_unit": identity.money_unit,
        "kind": identity.kind or None,
        "is_final_accounts": identity.is_final_accounts,
        "evidence": list(identity.evidence),
    }


def place_json(place: Place) -> dict[str, Any]:
    """A place; what is not known is null."""
    return {
        "page": place.page,
        "box": list(place.box) if place.box is not None else None,
        "line": place.line,
        "sheet": place.sheet,
        "cell": place.cell,
        "paragraph": place.paragraph,
        "file": place.file,
    }
