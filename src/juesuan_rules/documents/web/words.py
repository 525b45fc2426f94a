"""Running text of a page: white space as a browser shows it, line breaks where the page has them."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile("[ \t\r\n\f]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


class Lines:
    """Collects pieces of text into lines; `take` gives the finished ones."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]

    def add(self, text: str | None, preformatted: bool = False) -> None:
        """Takes a piece of text; in preformatted text a line end breaks the line."""
        if not text:
            return
        if not preformatted:
            self._lines[-1].append(text)
            return
        first, *more = text.split("\n")
        self._lines[-1].append(first)
        for line in more:
            self.end()
            self._lines[-1].append(line)

    def end(self) -> None:
        """Ends the line."""
        if self._lines[-1]:
            self._lines.append([])

    def take(self) -> list[str]:
        """The lines that have text, as displayed; the collection is empty afterwards."""
        lines, self._lines = self._lines, [[]]
        shown = [displayed("".join(parts)) for parts in lines if parts]
        return [line for line in shown if line]


def displayed(text: str) -> str:
    """Source text as shown: white space is one blank, and none where a line was cut between two Chinese characters."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text).replace("\r", "\n")
        text = _SPACE.sub(lambda found: _between(text, found), text)
    elif "  " in text:
        text = _SPACE.sub(" ", text)
    return text.replace("\u00a0", " ").strip(" \u3000")


def _between(text: str, found: re.Match[str]) -> str:
    if "\n" not in found.group():
        return " "
    before, after = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
    return "" if _is_wide(before) and _is_wide(after) else " "


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
