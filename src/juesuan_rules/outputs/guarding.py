"""Text of a document made harmless for what an output is read by: XML, a spreadsheet, Markdown.

Everything printed in a report is somebody else's text. On top of `renderings.plain.safe` (one line; control, escape and
direction characters written out) each function takes away what its reader would act on. None of them escapes for a
serialiser: XML and HTML writers still do their own escaping, the `csv` module its own quoting.

A workbook: `xml_text` into a string cell (`write_string`), which no program evaluates. A CSV: `cell_text`, and
`cell_number` for amounts of our own. Markdown: `markdown_text` in the flow of a sentence, `markdown_code` for what is
quoted as printed.
"""

from __future__ import annotations

import re

from juesuan_rules.renderings.plain import safe

LONGEST = 4_000
"""Characters of one text; what is longer is cut, with … at the end."""
LONGEST_CELL = 32_000
"""UTF-16 units of a spreadsheet cell (Excel takes 32,767)."""

# Not legal in XML 1.0, or legal and invisible: noncharacters, tag characters, the Mongolian vowel separator.
_ODD = re.compile("[\u180e\ufdd0-\ufdef\ufffe\uffff" + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)) + "\U000e0000-\U000e007f]")
# A pile of combining marks reaches over the lines above and below: two are plenty.
_PILE = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# What makes a spreadsheet take a text for a formula, its full-width forms too: some programs fold them.
_FORMULA = re.compile(r"['\"\s]*[=+\-@|%＝＋－＠\u2212]")
# What a spreadsheet would round or show another way: account numbers, digests.
_CHANGED = re.compile(r"\d{16,}$|\d+(?:\.\d*)?[eE][+-]?\d+$", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,15})?%?", re.ASCII)
_EXACT_DIGITS = 15


def xml_text(text: str, limit: int = LONGEST) -> str:
    """The text on one line with characters only that XML 1.0 allows and a reader can see; at most `limit` long."""
    if not text:
        return ""
    shown = _PILE.sub(r"\1…", _ODD.sub(_written_out, safe(text[: limit * 2])))
    return shown if len(shown) <= limit and len(text) <= limit * 2 else shown[: limit - 1] + "…"


def cell_text(text: str, limit: int = LONGEST) -> str:
    """A text for a cell of a CSV: one that a spreadsheet would take for a formula, or for a number it cannot hold, gets a
    leading apostrophe.

    That holds for every text that was printed in a report, also where it is a number (-12.30): whoever opens the file
    sees it as printed. Amounts the program worked out itself go through `cell_number`.
    """
    shown = xml_text(text, min(limit, LONGEST_CELL // 2))
    return "'" + shown if _FORMULA.match(shown) or _CHANGED.match(shown) else shown


def cell_number(text: str | None) -> str:
    """An amount for a cell of a CSV: -8,208.15 becomes -8208.15 and stays a number; anything else is a text.

    A number of more than 15 digits is a text too, since a spreadsheet would round it."""
    if text is None:
        return ""
    if _NUMBER.fullmatch(text) and sum(c.isdigit() for c in text) <= _EXACT_DIGITS:
        return text.replace(",", "").removeprefix("+")
    return cell_text(text)


# A dot before a letter that is no Chinese one may be an address (evil.example), and www. always is.
_MARKDOWN = re.compile(r"[\\`*_\[\]~$^=]|\.(?=[^\W\d_\u2e80-\u9fff])|(?<=[wW])\.")
_LINE_START = re.compile(r"(?:[-+>#=]|\d{1,9}(?=[.)](?:\s|$)))")
# What web sites give life to after Markdown is done (links, mentions, references): only another character stops them.
_LIVE_COLON = re.compile(r"(?<=[A-Za-z0-9+.\-]):(?=\S)|:(?=[A-Za-z/+_])")
_FULL_WIDTH = str.maketrans({"@": "＠", "#": "＃"})
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}


def markdown_text(text: str, limit: int = LONGEST) -> str:
    """The text for Markdown, in a paragraph, at the start of a line or in a table cell: shown as it is, nothing live.

    Markup is escaped. A colon in an address, @ and # become full-width (：＠＃), for sites make links, mentions and
    references of them however they are escaped.
    """
    shown = _LIVE_COLON.sub("：", xml_text(text, limit)).translate(_FULL_WIDTH)
    start = _LINE_START.match(shown)
    escaped = _MARKDOWN.sub(lambda m: "\\" + m.group(), shown)
    escaped = re.sub(r"[&<>|]", lambda m: _ENTITIES[m.group()], escaped)
    if start is None:
        return escaped
    if start.group().isdigit():
        return escaped[: start.end()] + "\\" + escaped[start.end() :].removeprefix("\\")
    return escaped if escaped.startswith(("\\", "&")) else "\\" + escaped


def markdown_code(text: str, limit: int = LONGEST) -> str:
    """The text as a code span, in a table cell too (there | is the full-width ｜); "" for an empty text."""
    shown = xml_text(text, limit).replace("|", "｜")
    if not shown:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def sheet_name(text: str, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """A name for a sheet that Excel takes: at most 31 UTF-16 units, none of []:*?/\\, not yet `taken` (compared without case)."""
    base = _NOT_IN_SHEET_NAME.sub("_", xml_text(text, 64)).strip("'") or "表"
    base = base if base.lower() != "history" else base + "_"
    folded = {name.lower() for name in taken}
    name, number = _cut_units(base, 31), 1
    while name.lower() in folded:
        number += 1
        tail = f"_{number}"
        name = _cut_units(base, 31 - len(tail)) + tail
    return name


def _cut_units(text: str, limit: int) -> str:
    """The text cut to so many UTF-16 units, never through a character."""
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore").rstrip("' ") or "表"


def _written_out(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
