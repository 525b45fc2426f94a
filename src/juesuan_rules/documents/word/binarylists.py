"""Lists, styles and fonts of a Word 97-2003 file, as far as automatic numbers and symbols need them."""

from __future__ import annotations

import struct

from juesuan_rules.documents.word.binary import FONTS, LIST_USES, LISTS, STYLES, Header
from juesuan_rules.documents.word.numbering import Level, Lists
from juesuan_rules.documents.word.sprms import Paragraph, read_paragraph

_FORMATS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "chineseCounting", 11: "chineseCounting", 14: "decimalFullWidth",
    17: "ideographDigital", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet", 28: "decimalEnclosedCircle",
    29: "decimalEnclosedParen", 30: "ideographTraditional", 31: "ideographZodiac", 33: "chineseCounting", 34: "chineseLegalSimplified",
    35: "chineseCountingThousand", 36: "decimal", 37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand", 40: "decimal", 255: "none",
}  # fmt: skip
_GAPS = ("tab", "space", "nothing")
_MAX_LISTS = 2000
_CHAIN = 20
_NO_STYLE = 0xFFF


class Numberer:
    """Gives the automatic number of paragraphs met in reading order."""

    def __init__(self, header: Header) -> None:
        try:
            self._patterns = _patterns(header.part_and_more(LISTS))
            self._uses = _uses(header.part(LIST_USES))
            self._styles = _styles(header.part(STYLES)) if self._uses else []
        except (struct.error, IndexError):
            self._uses = []  # damaged lists cost the numbers, not the text
        self._lists = Lists()

    def label(self, style: int, paragraph: Paragraph) -> str:
        """The number of the next paragraph, of that style number and those properties; "" for none."""
        if not self._uses:
            return ""
        list_id, level = paragraph.list_id, paragraph.level
        for _ in range(_CHAIN):
            if (list_id is not None and level is not None) or style >= len(self._styles):
                break
            base, own = self._styles[style]
            list_id = own.list_id if list_id is None else list_id
            level = own.level if level is None else level
            style = base
        if not list_id or list_id > len(self._uses):
            return ""
        pattern, starts = self._uses[list_id - 1]
        key: object = (pattern, list_id) if starts else pattern
        return self._lists.label(key, self._patterns.get(pattern, ()), level or 0, starts)


def _patterns(data: bytes) -> dict[int, tuple[Level, ...]]:
    """Levels of every list definition, by its id."""
    found: dict[int, tuple[Level, ...]] = {}
    if len(data) < 2:
        return found
    count = min(struct.unpack_from("<H", data)[0], _MAX_LISTS)
    at = 2 + 28 * count
    for index in range(count):
        key = struct.unpack_from("<i", data, 2 + 28 * index)[0]
        simple = data[2 + 28 * index + 26] & 1
        levels = []
        for _ in range(1 if simple else 9):
            level, at = _level(data, at)
            levels.append(level)
        found[key] = tuple(levels)
    return found


def _level(data: bytes, at: int) -> tuple[Level, int]:
    start, form, flags = struct.unpack_from("<iBB", data, at)
    gap, characters, paragraphs = data[at + 15], data[at + 24], data[at + 25]
    at += 28 + characters + paragraphs
    count = struct.unpack_from("<H", data, at)[0]
    units = struct.unpack_from(f"<{count}H", data, at + 2)
    text = "".join(f"%{unit + 1}" if unit < 9 else chr(unit) for unit in units)
    return Level(_FORMATS.get(form, "decimal"), text, start, _GAPS[min(gap, 2)], bool(flags & 4)), at + 2 + 2 * count


def _uses(data: bytes) -> list[tuple[int, dict[int, int]]]:
    """Every use of a list: the id of its definition, and its own starts by level."""
    if len(data) < 4:
        return []
    count = min(struct.unpack_from("<I", data)[0], _MAX_LISTS)
    heads = [struct.unpack_from("<iiiB", data, 4 + 16 * index) for index in range(count)]
    found: list[tuple[int, dict[int, int]]] = [(head[0], {}) for head in heads]
    at = 4 + 16 * count
    for (_, starts), head in zip(found, heads, strict=True):
        at += 4
        for _ in range(head[3]):
            if at + 8 > len(data):
                return found
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            if flags & 0x10:
                starts[flags & 0xF] = start
            if flags & 0x20:
                _, at = _level(data, at)
    return found


def _styles(data: bytes) -> list[tuple[int, Paragraph]]:
    """(style it is based on, its own paragraph properties) by style number."""
    if len(data) < 6:
        return []
    head, count, base = struct.unpack_from("<HHH", data)
    at = 2 + head
    found: list[tuple[int, Paragraph]] = []
    for _ in range(min(count, 4096)):
        if at + 2 > len(data):
            break
        size = struct.unpack_from("<H", data, at)[0]
        found.append(_style(data[at + 2 : at + 2 + size], base))
        at += 2 + size + size % 2
    return found


def _style(data: bytes, base: int) -> tuple[int, Paragraph]:
    if len(data) < base + 2 or base < 4:
        return _NO_STYLE, Paragraph()
    kind = struct.unpack_from("<H", data, 2)[0]
    at = base + 2 + 2 * struct.unpack_from("<H", data, base)[0] + 2
    if kind & 0xF != 1 or at + 4 > len(data):
        return kind >> 4, Paragraph()
    size = struct.unpack_from("<H", data, at)[0]
    return kind >> 4, read_paragraph(data[at + 4 : at + 2 + size])


def read_fonts(header: Header) -> list[str]:
    """The names of the file's fonts, by number."""
    data = header.part(FONTS)
    found: list[str] = []
    at = 4
    for _ in range(struct.unpack_from("<H", data)[0] if len(data) >= 4 else 0):
        if at >= len(data):
            break
        size = data[at]
        name = data[at + 40 : at + 1 + size].decode("utf-16-le", "replace")
        found.append(name.partition("\0")[0])
        at += 1 + size
    return found
