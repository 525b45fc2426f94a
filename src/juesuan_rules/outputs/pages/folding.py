"""One spelling for what is printed, so that a figure is found however wide its characters are."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SAME = {
    **dict.fromkeys("−–—―﹣－─‐‑‒", "-"),
    **dict.fromkeys("“”„‟＂「」『』", '"'),
    **dict.fromkeys("‘’‚‛＇", "'"),
    **dict.fromkeys("。．", "."),
    "、": ",",
}  # fmt: skip


@lru_cache(maxsize=8192)
def fold_character(letter: str) -> str:
    """The character half-width, one of a kind; "" for white space and what nobody sees."""
    if "!" <= letter <= "~":
        return letter
    plain = unicodedata.normalize("NFKC", _SAME.get(letter, letter))
    return "".join([_SAME.get(one, one) for one in plain if not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc")])


def fold(text: str) -> str:
    """The text in that spelling."""
    return "".join(map(fold_character, text))
