"""The encoding of a web page: what its bytes are, rather than what its labels say.

Pages in Chinese are often labelled gb2312 and hold GB18030, or labelled with one encoding and saved
in the other. A byte order mark and bytes that are flawless UTF-8 go before any label.
"""

from __future__ import annotations

import codecs
import re

from juesuan_rules.documents.decoding import decode

_LABEL = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_HEAD = 4096
_FAMILIES = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
"""Labels that are believed; all others mean UTF-8 or GB18030, which the bytes tell by themselves."""


def decode_page(data: bytes, path: str, label: str = "") -> tuple[str, str, tuple[str, ...]]:
    """The text of a page, its encoding and notes on what was replaced.

    label: the charset a mail header gives, if any. Raises DocumentError where the bytes are no text.
    """
    codec = _FAMILIES.get((label or declared(data)).lower())
    if codec and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not _is_utf8(data):
        try:
            return data.decode(codec), codec, ()
        except UnicodeDecodeError:
            pass
    return decode(data, path)


def declared(data: bytes) -> str:
    """The charset a page names in its first bytes, "" where it names none."""
    found = _LABEL.search(data[:_HEAD])
    return found[1].decode("ascii") if found else ""


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
