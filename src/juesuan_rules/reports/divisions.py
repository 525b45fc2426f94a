"""Names of 省, 市 and 县 to codes, and which of them a report belongs to.

Data: `divisions.tsv` (made by tools/make_divisions.py) and `division_aliases.tsv` (by hand). Codes
are those of GB/T 2260 without trailing pairs of zeros: 2 digits 省, 4 地级, 6 县级. A code is an
ancestor of another if it is a prefix of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from juesuan_rules.documents.model import NOWHERE, Place
from juesuan_rules.names import fold

UNIT, TITLE, PROSE = 3, 2, 1
"""Weights of a clue: a unit's own name, a title line, running text."""

_LEAD_IN = re.compile(
    r"^(?:中国共产党|中共|中国共产主义青年团|共青团|中国国民党革命委员会|民革|中国民主同盟|民盟|中国民主建国会|民建|中国民主促进会|民进"
    r"|中国农工民主党|农工党|中国致公党|致公党|九三学社|台湾民主自治同盟|台盟|国家税务总局|国家统计局|原)"
)
_NO_DIVISION = re.compile(r"街道|镇|乡|[东西南北中]?路|大街|大道|村|社区|大学|学院|医院|中学|小学|学校|公园|日报|银行")
"""What follows a short form that is not meant as a division (长春路街道, 吉林大学)."""

_FORMER = re.compile(r"[市县区](?![政场民容区域划级])")
"""A short form with another suffix than today's: a 县 that became a 区 (章丘市, 大洼县)."""

_LONGEST = 15


class Clue(NamedTuple):
    """A piece of text that may name the region; weight is UNIT, TITLE or PROSE."""

    text: str
    weight: int = PROSE
    place: Place = NOWHERE


class RegionMatch(msgspec.Struct, frozen=True):
    """The region found. code None: none, or several. name: the whole path (辽宁省本溪市南芬区).

    evidence: the words it was read from. ambiguous: candidates, as 上海市普陀区（310107）, where
    the text does not say which is meant; code is then what they share (their 省), or None.
    """

    code: str | None = None
    name: str | None = None
    evidence: str = ""
    place: Place = NOWHERE
    ambiguous: tuple[str, ...] = ()


class _Table(NamedTuple):
    by_code: dict[str, str]
    full: dict[str, tuple[str, ...]]
    short: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    by_code: dict[str, str] = {}
    full: dict[str, tuple[str, ...]] = {}
    short: dict[str, tuple[str, ...]] = {}
    here = Path(__file__)
    for line in here.with_name("divisions.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, name, forms = line.split("\t")
        by_code[code] = name
        full[name] = (*full.get(name, ()), code)
        for form in forms.split():
            names = full if form[-1] in "州县旗" and form != name[:-1] else short
            names[form] = (*names.get(form, ()), code)
    for line in here.with_name("division_aliases.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, code, _ = line.split("\t")
            full[name] = (*full.get(name, ()), code)
    return _Table(by_code, full, short)


def region_path(code: str) -> str:
    """The whole name of the division, from its 省 down; "" where the code is unknown."""
    names = _table().by_code
    return "".join(names.get(code[:n], "") for n in (2, 4, 6) if n <= len(code))


def resolve_region(text: str) -> RegionMatch:
    """What a person typed for a region: a code (21, 210500, 12 digits) or a name (湖北随州曾都区).

    code is None where it is unknown or ambiguous. A name must be whole, not part of a text.
    """
    text = fold(text)
    table = _table()
    if text.isdigit():
        code = _trim(text[:6])
        known = next((code[:n] for n in (6, 4, 2) if code[:n] in table.by_code), None)
        return RegionMatch(code, region_path(known), text) if known and len(code) in (2, 4, 6) else RegionMatch()
    codes, read = _read_path(text, table)
    if read != text:
        codes = table.short.get(text, ())
    return _match(codes, text, NOWHERE)


def find_region(clues: Iterable[Clue]) -> RegionMatch:
    """The most specific division the clues name, the heavier clues deciding.

    A name that several divisions share is told apart by the 省 and 市 named elsewhere in the clues;
    where none is named the match says `ambiguous` and nothing is guessed.
    """
    table = _table()
    ordered = sorted(clues, key=lambda clue: -clue.weight)
    codes: tuple[str, ...] = ()
    words, place = "", NOWHERE
    for clue in ordered:
        if clue.weight == PROSE and codes:
            break
        found, read = _read_path(fold(clue.text), table) if clue.weight > PROSE else _read_prose(clue.text, table)
        if not found:
            continue
        if not codes:
            codes, words, place = found, read, clue.place
            continue
        nearer = _agree(codes, found, descend=clue.weight == UNIT)
        if nearer != codes:
            words = words if read in words else f"{words}、{read}"
            codes = nearer
    if len(codes) > 1:
        codes = _tell_apart(codes, ordered, table)
    return _match(codes, words, place)


def _match(codes: tuple[str, ...], words: str, place: Place) -> RegionMatch:
    if not codes:
        return RegionMatch()
    if len(codes) == 1:
        return RegionMatch(codes[0], region_path(codes[0]), words, place)
    shared = _shared(codes)
    candidates = tuple(f"{region_path(code)}（{code}）" for code in codes)
    if shared:  # same 省: enough to choose the rules, so nobody has to be asked
        return RegionMatch(shared, region_path(shared), words, place)
    return RegionMatch(None, None, words, place, candidates)


def _shared(codes: Sequence[str]) -> str:
    return next((codes[0][:n] for n in (4, 2) if len({code[:n] for code in codes}) == 1), "")


def _trim(code: str) -> str:
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _agree(codes: tuple[str, ...], others: tuple[str, ...], descend: bool) -> tuple[str, ...]:
    """`codes` narrowed by another clue: those below or equal to one of `others`; with `descend`,
    where there are none, those of `others` below one of `codes`; unchanged where neither helps."""
    below = tuple(c for c in codes if any(c.startswith(o) for o in others))
    if below or not descend:
        return below or codes
    return tuple(o for o in others if any(o.startswith(c) for c in codes)) or codes


# ------------------------------------------------------------------ reading names


def _read_path(text: str, table: _Table) -> tuple[tuple[str, ...], str]:
    """The first chain of divisions in a name (辽宁省 本溪市 南芬区 …): codes, and the words read.

    Short forms and names of two characters count only at the start or right behind an ancestor.
    """
    start = lead.end() if (lead := _LEAD_IN.match(text)) else 0
    position = start
    codes: tuple[str, ...] = ()
    while position < len(text):
        found, end = _name_at(text, position, table, bound=position == start, within=())
        if found:
            codes, start = found, position
            break
        position += 1
    else:
        return (), ""
    while True:
        found, further = _name_at(text, end, table, bound=True, within=codes)
        if not found:
            return codes, text[start:end]
        codes, end = found, further


def _name_at(text: str, at: int, table: _Table, bound: bool, within: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """The longest division name at `at`, below one of `within` if given: its codes and its end."""
    for length in range(min(_LONGEST, len(text) - at), 1, -1):
        word = text[at : at + length]
        end = at + length
        if (length > 2 or bound) and (codes := _below(table.full.get(word, ()), within)):
            return codes, end
        if not bound or word not in table.short:
            continue
        codes = _below(table.short[word], within)
        if _FORMER.match(text, end) and codes:
            return codes, end + 1
        codes = tuple(c for c in codes if len(c) < 6)
        if codes and not _NO_DIVISION.match(text, end):
            top = min(map(len, codes))
            return tuple(c for c in codes if len(c) == top), end
    return (), at


def _below(codes: tuple[str, ...], within: tuple[str, ...]) -> tuple[str, ...]:
    if not within:
        return codes
    return tuple(c for c in codes if any(c.startswith(w) and c != w for w in within))


_NAME_END = re.compile("[省市区县旗盟州]")


def _read_prose(text: str, table: _Table) -> tuple[tuple[str, ...], str]:
    """The one 省, 市 or 县 that running text keeps naming in full; none where it names many.

    Only ends of names are tried, so that long texts cost little.
    """
    counts: dict[str, int] = {}
    for found in _NAME_END.finditer(text):
        end = found.end()
        for length in range(min(_LONGEST, end), 2, -1):
            word = text[end - length : end]
            if word in table.full:
                counts[word] = counts.get(word, 0) + 1
                break
    if not counts:
        return (), ""
    word = max(counts, key=lambda w: counts[w])
    codes = table.full[word]
    rivals = sum(n for w, n in counts.items() if not _related(codes, table.full[w]))
    return (codes, word) if counts[word] >= 2 and counts[word] > 2 * rivals else ((), "")


def _related(codes: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(c.startswith(o) or o.startswith(c) for c in codes for o in others)


def _tell_apart(codes: tuple[str, ...], clues: Sequence[Clue], table: _Table) -> tuple[str, ...]:
    """Those of `codes` whose 省 or 市 the clues name clearly more often than the others'."""
    scores = dict.fromkeys(codes, 0)
    for clue in clues:
        text = clue.text if clue.weight == PROSE else fold(clue.text)
        worth = 1 if clue.weight == PROSE else 10
        for code in codes:
            for level in (2, 4):
                if level < len(code) and (name := table.by_code.get(code[:level])):
                    scores[code] += worth * (text.count(name) * 2 + _count_short(text, name))
    best = max(scores.values())
    if best < 3:
        return codes
    return tuple(code for code in codes if scores[code] * 3 > best)


def _count_short(text: str, name: str) -> int:
    stem = name[:-1]
    return text.count(stem) if len(stem) >= 2 and name[-1] in "省市" else 0
