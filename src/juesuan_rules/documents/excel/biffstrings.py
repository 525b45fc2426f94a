"""Strings in a .xls: two widths, two lengths of counts, and a shared table cut at any character."""

from __future__ import annotations

import struct

from juesuan_rules.documents.excel.sheets import Budget

_PAGES = {936: "gb18030", 950: "big5hkscs", 932: "cp932", 949: "cp949", 1200: "utf-16-le", 1252: "cp1252", 10008: "gb18030", 32768: "mac-roman", 32769: "cp1252"}


def code_page(number: int) -> str:
    """The codec of a CODEPAGE record; Chinese where it is not known."""
    return _PAGES.get(number, "gb18030")


class Strings:
    """Decodes strings of one file. wide: Excel 97 and later (one or two bytes a character), else code page bytes."""

    def __init__(self) -> None:
        self.wide = True
        self.encoding = "gb18030"

    def short(self, data: bytes, at: int) -> str:
        """A string behind a one-byte count."""
        return self._counted(data, at + 1, data[at], [])

    def long(self, data: bytes, at: int, more: list[bytes] | None = None) -> str:
        """A string behind a two-byte count; `more` are the records it goes on in."""
        return self._counted(data, at + 2, struct.unpack_from("<H", data, at)[0], more or [])

    def _counted(self, data: bytes, at: int, count: int, more: list[bytes]) -> str:
        if not self.wide:
            return data[at : at + count].decode("gb18030" if self.encoding == "utf-16-le" else self.encoding, "replace")
        if not count:
            return ""
        return _Pieces([data, *more], at).text(count)

    def table(self, pieces: list[bytes], budget: Budget) -> list[str]:
        """The shared string table, spread over its record and the ones that continue it."""
        unique = struct.unpack_from("<I", pieces[0], 4)[0]
        if unique > budget.left:
            raise budget.too_many()
        reader = _Pieces(pieces, 8)
        return [reader.text(reader.count()) for _ in range(unique)]


class _Pieces:
    """A position in a row of records: a string may be cut anywhere, and its width told again behind the cut."""

    def __init__(self, pieces: list[bytes], at: int) -> None:
        self.pieces, self.index, self.at = pieces, 0, at

    def count(self) -> int:
        self._settle()
        found: int = struct.unpack_from("<H", self.pieces[self.index], self.at)[0]
        self.at += 2
        return found

    def text(self, count: int) -> str:
        flags = self._byte()
        runs = self._number("<H") if flags & 8 else 0
        extension = self._number("<I") if flags & 4 else 0
        parts: list[str] = []
        wide = flags & 1
        while count:
            piece = self.pieces[self.index]
            take = min(count, (len(piece) - self.at) // (2 if wide else 1))
            raw = piece[self.at : self.at + take * (2 if wide else 1)]
            parts.append(raw.decode("utf-16-le" if wide else "latin-1", "surrogatepass"))
            self.at += len(raw)
            count -= take
            if count:
                self._next()
                wide = self._byte() & 1
        self._skip(4 * runs + extension)
        # A character beyond the first plane may be cut in two halves by a record's end.
        return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if wide else "".join(parts)

    def _byte(self) -> int:
        self._settle()
        found = self.pieces[self.index][self.at]
        self.at += 1
        return found

    def _number(self, form: str) -> int:
        found: int = struct.unpack_from(form, self.pieces[self.index], self.at)[0]
        self.at += struct.calcsize(form)
        return found

    def _skip(self, size: int) -> None:
        while size:
            room = len(self.pieces[self.index]) - self.at
            if size <= room:
                self.at += size
                return
            size -= room
            self._next()

    def _settle(self) -> None:
        while self.at >= len(self.pieces[self.index]):
            self._next()

    def _next(self) -> None:
        self.index += 1
        self.at = 0
        if self.index >= len(self.pieces):
            raise IndexError
