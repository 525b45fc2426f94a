"""The reader for RTF, which many .doc files really are: text, tables, footnotes; headers stay out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import msgspec

from juesuan_rules.documents.model import Document, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.assembling import Read, assemble
from juesuan_rules.documents.word.items import Item, Para
from juesuan_rules.documents.word.stacking import Row, TableStack

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBERS = frozenset((b"listtext", b"pntext"))
_MOST_TOKENS = 3_000_000
_DEEPEST = 1000
_MOST_COLUMNS = 64
_CHARSETS = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251"}
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 950: "cp950", 932: "cp932", 949: "cp949", 65001: "utf-8"}
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet listtable listoverridetable rsidtbl info pict header headerl headerr headerf footer footerl footerr footerf "
    b"fldinst objdata objclass objname datastore themedata colorschememapping latentstyles xmlnstbl generator annotation atnid atnauthor atntime atnicn "
    b"atnref atndate bkmkstart bkmkend sp pntext2 pnseclvl template revtbl filetbl private nonesttables xe tc shprslt".split()
)
_KEPT_STARRED = frozenset((b"shpinst", b"shptxt", b"nesttableprops", b"footnote", b"listtext", b"pntext"))
_CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"page": "\n", b"column": "\n", b"emdash": "\u2014", b"endash": "\u2013", b"emspace": "\u3000", b"enspace": " ", b"qmspace": " ",
    b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"softline": "\n",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}


class _Group(msgspec.Struct):
    """What holds inside a pair of braces. skip: how many characters stand behind \\u for old readers."""

    silent: bool = False
    skip: int = 1
    font: int = -1
    hidden: bool = False
    deleted: bool = False
    role: bytes = b""
    starred: bool = False


def read_rtf(data: bytes, path: str) -> Document:
    """The RTF file `data`, named `path` in messages, as a Document of format "rtf". Raises DocumentError."""
    source = Source(path, hashlib.sha256(data).hexdigest(), "rtf", len(data))
    reader = _Reader(data, path)
    reader.read()
    items = reader.stack.finish()
    for note in reader.notes:
        items += note
    return assemble(Read(items, reader.told, symbols=True), source)


class _Reader:
    """Goes through the tokens once. stack: tables and paragraphs read so far."""

    def __init__(self, data: bytes, path: str) -> None:
        self.stack = TableStack()
        self.notes: list[list[Item]] = []
        self.told: Counter[str] = Counter()
        self._data, self._path = data, path
        self._group = _Group()
        self._groups: list[_Group] = []
        self._outer: list[tuple[TableStack, list[str], int]] = []  # stories around a footnote or text box
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._parts: list[str] = []
        self._raw = bytearray()
        self._depth = 0
        self._row = Row([], [], [])
        self._inner_row = Row([], [], [])  # of the nested table
        self._flags = [False, 0]  # of the cell whose right edge comes next: joined, merge
        self._count = 0
        self._ignore = 0  # characters still to be left out behind \u

    def read(self) -> None:
        """Reads everything. Raises DocumentError beyond the bounds."""
        at, tokens = 0, 0
        data = self._data
        while (match := _TOKEN.match(data, at)) is not None:
            tokens += 1
            if tokens > _MOST_TOKENS:
                raise unreadable(self._path, "E503", "内容过多，没有读取")
            at = match.end()
            kind = match.lastindex
            if kind in (1, 2):
                word, value = match[1], match[2]
                if word == b"bin":
                    at += max(0, int(value or 0))
                else:
                    self._control(word, None if value is None else int(value))
            elif kind == 3:
                if self._ignore:
                    self._ignore -= 1
                elif not self._group.silent:
                    self._raw += bytes((int(match[3], 16),))
            elif kind == 4:
                self._sign(match[4])
            elif kind == 5:
                self._open() if match[5] == b"{" else self._close()
            else:
                self._bytes(match[6])
        self._decode()
        if self._parts:
            self._end_paragraph()
        while self._outer:
            self._end_story()

    # -------------------------------------------------------------- characters

    def _bytes(self, data: bytes) -> None:
        if self._group.role == b"fonttbl" or self._group.silent:
            return
        data = data.replace(b"\r", b"").replace(b"\n", b"")
        if self._ignore:
            left = min(self._ignore, len(data))
            self._ignore -= left
            data = data[left:]
        self._raw += data

    def _text(self, text: str) -> None:
        self._decode()
        if not self._group.silent and not self._group.hidden and not self._group.deleted:
            self._parts.append(text)

    def _decode(self) -> None:
        """Turns the bytes gathered under one font into text."""
        if not self._raw:
            return
        group = self._group
        if not group.hidden and not group.deleted:
            self._parts.append(bytes(self._raw).decode(self._fonts.get(group.font, self._encoding), "replace"))
        self._raw.clear()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._group.starred = True
        elif sign in (b"\r", b"\n"):
            self._control(b"par", None)
        elif sign in _SIGNS:
            self._text(_SIGNS[sign])

    # -------------------------------------------------------------- groups

    def _open(self) -> None:
        self._decode()
        if len(self._groups) >= _DEEPEST:
            raise unreadable(self._path, "E503", "嵌套过深，没有读取")
        self._groups.append(self._group)
        group = self._group
        self._group = _Group(group.silent, group.skip, group.font, group.hidden, group.deleted, group.role if group.role == b"fonttbl" else b"")
        self._ignore = 0

    def _close(self) -> None:
        self._decode()
        role = self._group.role
        if not self._groups:
            return
        self._group = self._groups.pop()
        if role in (b"footnote", b"shptxt") and self._outer:
            if self._parts:
                self._end_paragraph()
            self._end_story()

    def _begin_story(self) -> None:
        """A footnote or text box: a story of its own, told after the running text."""
        self._decode()
        self._outer.append((self.stack, self._parts, self._depth))
        self.stack, self._parts, self._depth = TableStack(), [], 0

    def _end_story(self) -> None:
        self.notes.append(self.stack.finish())
        self.stack, self._parts, self._depth = self._outer.pop()

    # -------------------------------------------------------------- control words

    def _control(self, word: bytes, value: int | None) -> None:
        group = self._group
        if group.role == b"fonttbl":
            self._font(word, value)
            return
        if group.silent:
            return
        if word == b"u":
            self._unicode(value or 0)
        elif word in _CHARACTERS:
            if group.role not in _NUMBERS:  # the tab behind an automatic number is its gap
                self._text(_CHARACTERS[word])
        elif word in _PARAGRAPH:
            self._paragraph(word, value)
        elif word in _TABLE:
            self._table(word, value or 0)
        elif word in _RUN:
            self._decode()
            self._run(word, value)
        elif word in (b"footnote", b"shptxt"):
            group.role = word
            self._begin_story()
        elif word in _NUMBERS or word == b"nesttableprops":
            group.role = word
        elif word in _SKIPPED or (group.starred and word not in _KEPT_STARRED):
            group.silent, group.role = True, word
        elif word == b"ansicpg" and value is not None:
            self._encoding = _CODE_PAGES.get(value, f"cp{value}" if value in (1250, 1251, 1252, 1253, 1254) else "cp1252")
        group.starred = False

    def _font(self, word: bytes, value: int | None) -> None:
        if word == b"f" and value is not None:
            self._group.font = value
        elif word == b"fcharset" and value in _CHARSETS and len(self._fonts) < 10_000:
            self._fonts[self._group.font] = _CHARSETS[value]

    def _unicode(self, value: int) -> None:
        self._text(chr(value % 0x10000))
        self._ignore = self._group.skip

    def _run(self, word: bytes, value: int | None) -> None:
        group = self._group
        if word == b"f":
            group.font = -1 if value is None else value
        elif word == b"uc":
            group.skip = min(max(value or 0, 0), 8)
        elif word == b"v":
            group.hidden = value != 0
            self.told["隐藏"] += group.hidden
        elif word == b"deleted":
            group.deleted = value != 0
            self.told["修订"] += group.deleted
        else:
            group.hidden = group.deleted = False

    def _paragraph(self, word: bytes, value: int | None) -> None:
        if word == b"pard":
            self._depth = self._depth if self._group.role in _NUMBERS else 0
        elif word == b"intbl":
            self._depth = max(self._depth, 1)
        elif word == b"itap":
            self._depth = min(max(value or 0, 0), _MOST_COLUMNS)
        else:
            self._end_paragraph()

    def _end_paragraph(self, depth: int | None = None) -> None:
        self._decode()
        self._count += 1
        self.stack.go_to(self._depth if depth is None else depth, self._count)
        text = "".join(self._parts).replace("\xad", "")
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.stack.add(Para(text, self._count))
        self._parts.clear()

    def _table(self, word: bytes, value: int) -> None:
        if word in (b"cell", b"nestcell"):
            self._end_paragraph(1 if word == b"cell" else max(2, self._depth))
            self.stack.end_cell()
        elif word in (b"row", b"nestrow"):
            row = self._row if word == b"row" else self._inner_row
            self.stack.go_to(1 if word == b"row" else max(2, self.stack.depth), self._count + 1)
            self.stack.end_row(row if row.merge else None)
        elif word == b"trowd":
            self._flags = [False, 0]
            if self._group.role == b"nesttableprops":
                self._inner_row = Row([0], [], [])
            else:
                self._row = Row([0], [], [])
        else:
            self._define(self._inner_row if self._group.role == b"nesttableprops" else self._row, word, value)

    def _define(self, row: Row, word: bytes, value: int) -> None:
        """One more word of a row's definition."""
        if word == b"trleft" and row.edges:
            row.edges[0] = value
        elif word == b"cellx" and row.edges and len(row.merge) < _MOST_COLUMNS:
            row.edges.append(max(value, row.edges[-1]))
            row.joined.append(bool(self._flags[0]))
            row.merge.append(int(self._flags[1]))
            self._flags = [False, 0]
        elif word == b"clmrg":
            self._flags[0] = True
        elif word == b"clvmgf":
            self._flags[1] = 1
        elif word == b"clvmrg":
            self._flags[1] = 2


_PARAGRAPH = frozenset((b"par", b"sect", b"pard", b"intbl", b"itap"))
_TABLE = frozenset((b"cell", b"nestcell", b"row", b"nestrow", b"trowd", b"trleft", b"cellx", b"clmrg", b"clvmgf", b"clvmrg"))
_RUN = frozenset((b"f", b"uc", b"v", b"deleted", b"plain"))
