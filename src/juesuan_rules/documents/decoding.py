"""Bytes to text: which encoding, strictly chosen, and what could not be decoded.

UTF-8, UTF-16 and UTF-32 with a byte order mark, UTF-8 without one, then GB18030. A few bytes that
fit no encoding become U+FFFD and are told in a note; bytes that are no text are refused.
"""

from __future__ import annotations

import codecs
import re

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.problems import unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 stands before UTF-16: its little-endian mark begins with the UTF-16 one."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_REPLACEMENT = "\ufffd"

_MAX_BAD_SHARE = 10
"""Undecodable bytes may be at most one in this many of the non-ASCII characters that did decode."""

_MAX_CONTROL_SHARE = 50
"""Control characters may be at most one in this many characters (two in a very short text)."""


def decode(data: bytes, path: str) -> tuple[str, str, tuple[str, ...]]:
    """The text, the name of its encoding, and notes on what was replaced.

    Raises DocumentError where the bytes are no text in a known encoding.
    """
    text, encoding, bad = _decode(data, path)
    notes = [f"{bad} 处字节不能按 {encoding} 解码，已代以替换符 U+FFFD"] if bad else []
    if not text.isprintable():  # cheap to ask, and line breaks alone make it False
        text, controls = _CONTROL.subn(_REPLACEMENT, text)
        if controls * 2 > len(text) or controls * _MAX_CONTROL_SHARE > len(text) + 100:
            raise _no_text(path)
        if controls:
            notes.append(f"{controls} 个控制字符已代以替换符 U+FFFD")
        text = _BIDI.sub("", text)
    return text, encoding, tuple(notes)


def _decode(data: bytes, path: str) -> tuple[str, str, int]:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            text = data.decode(codec, "replace")
            bad = text.count(_REPLACEMENT)
            if bad * _MAX_BAD_SHARE > len(text):
                raise _no_text(path)
            return text, codec, bad
    for codec in ("utf-8", "gb18030"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            pass
        else:
            if codec == "utf-8" or not _damaged_utf8(data):
                return text, codec, 0
    for codec in ("utf-8", "gb18030"):
        text = data.decode(codec, "replace")
        bad = text.count(_REPLACEMENT)
        if bad * _MAX_BAD_SHARE <= _non_ascii(text) - bad:
            return text, codec, bad
    raise _no_text(path)


def _damaged_utf8(data: bytes) -> bool:
    """Whether bytes that also pass as GB18030 are really UTF-8 with a few bytes broken.

    Chinese in UTF-8 nearly always "decodes" as GB18030 rubbish; the reverse hardly ever happens.
    """
    text = data.decode("utf-8", "replace")
    bad = text.count(_REPLACEMENT)
    return bad * _MAX_BAD_SHARE <= _non_ascii(text) - bad


def _non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _no_text(path: str) -> DocumentError:
    return unreadable(
        path,
        "E504",
        "不是可以识别的文本文件",
        "支持的编码：UTF-8、GB18030（GBK），以及带 BOM 的 UTF-16；请另存为 UTF-8 文本后再试",
    )
