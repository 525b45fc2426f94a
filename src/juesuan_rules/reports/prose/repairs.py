"""Mending printed prose: one spelling of its characters, no markup, no stray spaces, no letter O for 0.

Digits and letters become half-width, Chinese punctuation full-width, whichever way it was printed;
straight quotation marks become “ ”. No digit is invented: where a space inside a number may just as
well part two numbers it stays, and the tokeniser calls the figure unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

import msgspec

MARKUP, LETTER_O, SPACED_NUMBER, SPACED_WORDS, GROUPS, TORN = (
    "去掉标记",
    "字母 O 改作数字 0",
    "去掉数字内的空格",
    "去掉字间空格",
    "统一千分位逗号",
    "接合断开的行",
)
"""Notes of what was mended."""


class Spot(msgspec.Struct, frozen=True):
    """A number that was mended: where it now stands in the text, and how it was printed."""

    start: int
    end: int
    printed: str


class Mended(msgspec.Struct, frozen=True):
    """A text in one spelling, what was mended (one note of a kind), and the numbers that were."""

    text: str
    notes: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()


_COMPATIBLE = re.compile("[\u2474-\u249b\u2e80-\u2fdf\u3220-\u3243\uf900-\ufaff\uff01-\uff0b\uff0d-\uff5e\uffe0-\uffe6\ufe50-\ufe6b]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"))
_WIDE = str.maketrans({";": "；", "(": "（", ")": "）", "!": "！", "?": "？", "−": "-", "﹣": "-", "|": "｜"})
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<!--[^<>\n]{0,200}-->")
_EMPHASIS = re.compile(r"`+|\\(?=[%_*.$#-])|(?<!\d)\*{1,3}|\*{1,3}(?!\d)|(?<!_)_{1,2}(?!_)")
_ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9A-Fa-f]{2,4}|[a-z]{2,6});")
_BESIDE_CHINESE = re.compile(r"(?<=[^\x21-\x7e]) | (?=[^\x21-\x7e])")
_BETWEEN_CHINESE = re.compile(r"[\u4e00-\u9fff][ \t\u3000\xa0]{1,9}[\u4e00-\u9fff]")
_COLON = re.compile(r":(?!//| ?\d)|(?<!\d)(?<!\d ):(?!//)")
_COMMA = re.compile(r",(?!\d)|(?<!\d),")
_SANGONG = re.compile(r"[“”\"'‘’「」『』]三公[“”\"'‘’「」『』]")

_AMOUNT_FOLLOWS = r"(?= ?(?:[%‰]|个?百分点|[百千万亿]|元|分(?![别类为项部]))|辆|台|批|人次)"
_LETTERS = re.compile(r"(?<![A-Za-z0-9ОΟ])[0-9OoОΟ〇]{1,20}(?:\.[0-9OoОΟ〇]{1,8})?(?![A-Za-z0-9.])")
_ZEROS = str.maketrans("OoОΟ〇", "00000")
_UNIT_OF_ZERO = re.compile(r"\s?(?:[%‰％]|[百千万亿]|元|[个辆台套批人次家户件])")
_BROKEN = re.compile(
    rf"(?<![\d.,A-Za-z])\d{{1,3}}(?: ?[,，] ?\d{{3}}){{1,5}}(?!\d)(?: ?\. ?\d{{1,4}})?{_AMOUNT_FOLLOWS}"
    rf"|(?<![\d.,A-Za-z])\d{{1,12}} ?\. ?\d{{1,6}}{_AMOUNT_FOLLOWS}"
    rf"|(?<![\d.,A-Za-z])\d{{1,3}}(?: \d{{3}}){{1,3}}(?:\.\d{{1,2}})?{_AMOUNT_FOLLOWS}"
    r"|(?<![\d.,A-Za-z])\d{1,3} \d{1,6}\.\d{1,2}(?= ?(?:[万亿]?元|%))"
    r"|(?<![\d.,A-Za-z])(?:2 0\d\d|20 \d\d|20\d \d)(?=年)"
)
_MAY_BE_BROKEN = re.compile(r"\d[ ,，.] ?\d|\d [.,，]")
_ORDINAL = re.compile(r"\d{1,2}\. ")


def mend(raw: str) -> Mended:
    """The text in one spelling. A line break in it counts as a space."""
    notes: list[str] = []
    text = _plain(raw, notes)
    if _BETWEEN_CHINESE.search(raw):
        notes.append(SPACED_WORDS)
    text, printed, letters = _zeros(text, notes)
    text, spots = _numbers(text, printed, letters, notes)
    return _punctuated(text, spots, notes)


def tidy(raw: str) -> str:
    """The text of `mend` without its book-keeping and without touching numbers."""
    return _punctuated(_plain(raw, []), [], []).text


def _plain(raw: str, notes: list[str]) -> str:
    """Characters in one width, no markup, single spaces."""
    text = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), raw) if not raw.isascii() else raw
    text = text.translate(_INVISIBLE)
    if "&" in text:
        from html import unescape

        text = _ENTITY.sub(lambda found: unescape(found.group()), text)
    bare = _TAG.sub("", text) if "<" in text else text
    bare = _EMPHASIS.sub("", bare)
    if bare != text:
        notes.append(MARKUP)
    return " ".join(bare.split())


def _zeros(text: str, notes: list[str]) -> tuple[str, str, list[tuple[int, int]]]:
    """Letters O that stand for 0: the new text, the old one (as long), and where."""
    found = [(at.start(), at.end()) for at in _LETTERS.finditer(text) if _is_zero(at.group(), text, at.end())] if re.search("[OoОΟ〇]", text) else []
    if not found:
        return text, text, found
    notes.append(LETTER_O)
    return _with_edits(text, [(start, end, text[start:end].translate(_ZEROS)) for start, end in found]), text, found


def _is_zero(token: str, text: str, end: int) -> bool:
    if token.isascii() and token.replace(".", "").isdigit():
        return False
    if "〇" in token and not re.search(r"[\d.]", text[max(end - len(token) - 2, 0) : end].replace("〇", "")):
        return False
    if "." in token:
        return True
    followed = _UNIT_OF_ZERO.match(text, end)
    return followed is not None and (token[0].isdigit() or not re.search(r"\d", token))


def _numbers(text: str, printed: str, letters: list[tuple[int, int]], notes: list[str]) -> tuple[str, list[Spot]]:
    """Numbers with spaces or uncommon commas in them joined; every mended number with its new place."""
    edits: list[tuple[int, int, str]] = []
    if _MAY_BE_BROKEN.search(text):
        for found in _BROKEN.finditer(text):
            whole = found.group()
            joined = whole.replace(" ", "").replace("，", ",")
            if joined == whole or (found.start() == 0 and _ORDINAL.match(whole)):
                continue
            kind = SPACED_NUMBER if " " in whole else GROUPS
            if kind not in notes:
                notes.append(kind)
            edits.append((found.start(), found.end(), joined))
    covered = {at for start, end, _ in edits for at in range(start, end)}
    edits = sorted((*edits, *((start, end, text[start:end]) for start, end in letters if start not in covered)))
    spots: list[Spot] = []
    shift = 0
    for start, end, new in edits:
        spots.append(Spot(start + shift, start + shift + len(new), printed[start:end]))
        shift += len(new) - (end - start)
    return _with_edits(text, edits), spots


def _with_edits(text: str, edits: list[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, new in edits:
        pieces += (text[done:start], new)
        done = end
    return "".join((*pieces, text[done:]))


def _punctuated(text: str, spots: list[Spot], notes: list[str]) -> Mended:
    """Punctuation full-width, one for one, then spaces beside Chinese characters taken out."""
    text = _COMMA.sub("，", text) if "," in text else text
    text = _COLON.sub("：", text) if ":" in text else text
    text = text.translate(_WIDE)
    if " " in text:
        if spots:
            spots = _moved(spots, text)
        text = _BESIDE_CHINESE.sub("", text)
        text = text.replace(" %", "%")
    return Mended(_quoted(text), tuple(notes), tuple(spots))


def _moved(spots: list[Spot], text: str) -> list[Spot]:
    """Where the spots stand once the spaces in front of them are gone."""
    gone = sorted({found.start() for found in _BESIDE_CHINESE.finditer(text)} | {found.start() for found in re.finditer(" %", text)})
    return [Spot(spot.start - shift, spot.end - shift, spot.printed) for spot in spots for shift in (bisect_left(gone, spot.start),)]


def _quoted(text: str) -> str:
    """Straight quotation marks as “ ” by turns; 三公 always in “ ”."""
    if "三公" in text:
        text = _SANGONG.sub("“三公”", text)
    if '"' not in text:
        return text
    pieces = text.split('"')
    opened = False
    out = [pieces[0]]
    for piece in pieces[1:]:
        out.append("”" if opened else "“")
        opened = not opened
        out.append(piece)
    return "".join(out)
