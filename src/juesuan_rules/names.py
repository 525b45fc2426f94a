"""One spelling for a name, and did-you-mean.

Reports write the same label with full- and half-width brackets, with spaces inside, with a
sequence number in front. `label` brings them to one form; the raw text is always kept beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SPACES = re.compile(r"[\s\u00a0\u200b\u3000\ufeff]+")
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"', "‘": "'", "’": "'", "〔": "[", "〕": "]", "【": "[", "】": "]", "—": "-", "–": "-", "－": "-", "、": ",", "。": "."}
)
_SEQUENCE = re.compile(
    r"^(?:其中[:,]?)?(?:[一二三四五六七八九十百]+[,.](?=\D)|\(?[一二三四五六七八九十百]+\)[,.]?|\(?\d{1,2}\)[,.]?|\d{1,2}[,.](?=\D)|[①-⑳])"
)
_LEADING = re.compile(r"^其中[:,]?")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """NFKC, one kind of quotation mark, bracket and comma, no white space at all."""
    tight = _SPACES.sub("", unicodedata.normalize("NFKC", text).translate(_QUOTES))
    # A lone accent is NFKC "space + combining mark"; without the space it may compose with its neighbour.
    return unicodedata.normalize("NFKC", tight)


@lru_cache(maxsize=8192)
def label(text: str) -> str:
    """`fold`, without a leading sequence number (一、 （1） 1、) or 其中：, for comparing labels."""
    folded = fold(text)
    while True:
        shorter = _SEQUENCE.sub("", _LEADING.sub("", folded, count=1), count=1)
        if shorter == folded or not shorter:
            return folded
        folded = shorter


def suggest(wrong: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known names nearest to `wrong`, best first; empty where nothing is near."""
    import difflib

    candidates = list(dict.fromkeys(known))
    near = difflib.get_close_matches(wrong, candidates, n=limit, cutoff=0.5)
    for name in candidates:
        if len(near) >= limit:
            break
        if name not in near and len(wrong) >= 2 and (wrong in name or name in wrong):
            near.append(name)
    return near
