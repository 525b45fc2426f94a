"""Labels of standard tables: a recognised label that is one with a doubtful character in it gets its name.

The text stays as it was read; the standard name stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from juesuan_rules.documents.scan.recogniser import Reading

_SHORTEST = 3
"""Labels shorter than this are too alike."""
_SURE = 0.97
"""A character read more surely than this stays what it is: it may be printed so."""
_NOT_NAMES = re.compile(r"[\s\d.,%()\-—:;]*")
_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": "."})


class Vocabulary:
    """The names a label may be snapped to."""

    def __init__(self, names: Iterable[str]) -> None:
        self._exact: dict[str, str] = {}
        self._by_length: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for name in names:
            folded = _folded(name)
            if len(folded) >= _SHORTEST and not _NOT_NAMES.fullmatch(folded) and folded not in self._exact:
                self._exact[folded] = name
                self._by_length[len(folded)].append((folded, name))

    def standard(self, reading: Reading) -> str:
        """The one standard name the reading stands for, "" where it is none, several, or exactly that name.

        Names differ from the reading in at most one character of six, each of them doubtful.
        """
        folded = _folded(reading.text)
        if len(folded) < _SHORTEST or _NOT_NAMES.fullmatch(folded):
            return ""
        if folded in self._exact:
            name = self._exact[folded]
            return "" if name == reading.text else name
        doubtful = _doubtful_places(reading, folded)
        if not doubtful:
            return ""
        allowed = max(1, len(folded) // 6)
        near = [
            name
            for known, name in self._by_length[len(folded)]
            if (differ := [k for k, (a, b) in enumerate(zip(folded, known, strict=True)) if a != b])
            and len(differ) <= allowed
            and all(k in doubtful for k in differ)
        ]
        return near[0] if len(near) == 1 else ""


def _folded(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


def _doubtful_places(reading: Reading, folded: str) -> set[int]:
    """Places of the folded text whose character was not surely read; none where folding moved them."""
    sure = [s for c, s in zip(reading.text, reading.sure, strict=True) if not c.isspace()]
    if len(sure) != len(folded):
        return set()
    return {k for k, s in enumerate(sure) if s < _SURE}
