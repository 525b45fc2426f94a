"""Patterns of the text checks, compiled when they are first used: most runs need few of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Pattern:
    """A regular expression that costs nothing until something is looked for with it."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self.flags = source, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.source, self.flags)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first place it is found at, from `start` on."""
        return self.compiled.search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """What it finds at `start`."""
        return self.compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The whole text, where it is all of it."""
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place it is found at."""
        return self.compiled.finditer(text)

    def findall(self, text: str) -> list[str]:
        """Every text it finds, or that of its only group."""
        return self.compiled.findall(text)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """The text with what it finds replaced."""
        return self.compiled.sub(replacement, text, count)

    def split(self, text: str) -> list[str]:
        """The texts between the places it is found at."""
        return self.compiled.split(text)
