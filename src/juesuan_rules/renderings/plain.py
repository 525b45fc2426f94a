"""Text for a terminal: nothing from a document acts on it, and columns line up under Chinese."""

from __future__ import annotations

import re

from juesuan_rules.documents.model import Place, Source
from juesuan_rules.reports.model import Correction

_ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\n\r\u00a0\u3000]+")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def safe(text: str) -> str:
    """The text on one line, with control, escape and direction characters written out as \\xNN."""
    return _ACTIVE.sub(_written_out, _SPACES.sub(" ", text)).strip()


def safe_lines(text: str) -> str:
    """As `safe`, for a message of several lines whose indentation matters."""
    return "\n".join(_ACTIVE.sub(_written_out, line.replace("\t", " ")).rstrip() for line in text.split("\n"))


def _written_out(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def clip(text: str, width: int) -> str:
    """`safe`, cut to about `width` display columns with … at the end."""
    shown = safe(text)
    if display_width(shown) <= width:
        return shown
    while shown and display_width(shown) > width - 2:
        shown = shown[: -max(1, (display_width(shown) - width) // 2)]
    return shown + "…"


def display_width(text: str) -> int:
    """Terminal columns the text takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def spread(left: str, right: str, width: int = 72) -> str:
    """`left` and `right` on one line, `right` ending near column `width`."""
    gap = max(width - display_width(left) - display_width(right), 3)
    return left + " " * gap + right


def ordinal(number: int) -> str:
    """① … ⑩, then (11) …: only characters that every Chinese console can show."""
    return _CIRCLED[number - 1] if 0 < number <= len(_CIRCLED) else f"({number})"


def moment(text: str) -> str:
    """A time as written in results (2026-11-20T17:28:28+08:00), as people read it: 2026-11-20 17:28（+08:00）. Anything else as
    it stands."""
    found = re.match(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$", text)
    if found is None:
        return safe(text)
    zone = found.group(3)
    return f"{found.group(1)} {found.group(2)}" + (f"（{'+00:00' if zone == 'Z' else zone}）" if zone else "")


def source_names(source: Source, parts: tuple[Source, ...] = ()) -> str:
    """The report's path as typed; all of them where several files are one report."""
    if not parts or source.format == "zip":
        return safe(source.path)
    return " + ".join(safe(part.path) for part in parts)


def correction_lines(corrections: tuple[Correction, ...]) -> list[str]:
    """What people put right, one line each: applied ones first, then those that were not."""
    lines = []
    for one in sorted(corrections, key=lambda c: not c.applied):
        where = safe(one.name or one.where) + (f"（{place_text(one.place)}）" if place_text(one.place) else "")
        if one.applied:
            lines.append(f"更正  {where} 印作「{safe(one.printed)}」，按 {safe(one.right)} 核对（{safe(one.who)}：{safe(one.why)}）")
        else:
            lines.append(f"更正未用  {where}：{safe(one.status)}，{safe(one.detail)}")
    return lines


def place_text(place: Place) -> str:
    """Where a figure stands, in the reader's words; "" where nothing is known."""
    parts = []
    if place.file:
        parts.append(safe(place.file) + " ")
    if place.page:
        parts.append(f"第{place.page}页")
    if place.sheet:
        parts.append(f"工作表「{safe(place.sheet)}」")
    if place.paragraph and not place.line:
        parts.append(f"第{place.paragraph}段" + (" " if place.cell else ""))
    if place.cell:
        parts.append(safe(place.cell))
    if place.line:
        parts.append(f"第{place.line}行")
    return "".join(parts).strip()
