"""Which names a file inside an archive may have: the same file on every system, and never outside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from juesuan_rules.store import limits

MANIFEST = "MANIFEST.json"
SIGNATURES = "SIGNATURES.json"
RESERVED = frozenset((MANIFEST.casefold(), SIGNATURES.casefold()))
SUFFIXES = frozenset((".yaml", ".yml", ".md", ".txt", ".csv", ".tsv", ".json", ".png"))
"""Kinds of files a pack may hold: nothing a system would run."""
TEXT_SUFFIXES = SUFFIXES - {".png"}
PLAIN_NAMES = frozenset(("LICENSE", "NOTICE"))
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")


def name_problem(name: str) -> tuple[str, str] | None:
    """(code, what is wrong) with a path inside an archive; None for a safe one."""
    if not name or name.endswith("/"):
        return "E604", "是目录项；归档里只放文件" if name else "名称是空的"
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return "E603", "是绝对路径"
    if "\\" in name:
        return "E603", "含有反斜线；目录只用 / 分隔"
    segments = name.split("/")
    if ".." in segments:
        return "E603", "含有“..”，会写到目录之外"
    if "." in segments or "" in segments:
        return "E603", "含有空的或“.”的目录名"
    if len(name) > limits.NAME_LENGTH or len(segments) > limits.NAME_DEPTH:
        return "E603", f"太长或太深（上限 {limits.NAME_LENGTH} 个字符、{limits.NAME_DEPTH} 层）"
    return next((("E603", found) for segment in segments if (found := _segment_problem(segment))), None)


def kind_problem(name: str) -> str | None:
    """Why a file of that name does not belong into a pack; None where it does."""
    base = name.rsplit("/", 1)[-1]
    dot = base.rfind(".")
    suffix = base[dot:].lower() if dot > 0 else ""
    if suffix in SUFFIXES or base in PLAIN_NAMES:
        return None
    return f"不是规则包里该有的文件（只收 {'、'.join(sorted(SUFFIXES))} 和 {'、'.join(sorted(PLAIN_NAMES))}）"


def is_text(name: str) -> bool:
    """Whether a file of that name holds text."""
    return not name.lower().endswith(".png")


def collisions(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of names that some file system takes for one: equal but for case, or a file that is also a folder."""
    seen: dict[str, str] = {}
    found = []
    for name in names:
        key = folded(name)
        if key in seen:
            found.append((seen[key], name))
        seen.setdefault(key, name)
    for key, name in list(seen.items()):
        parents = key.split("/")[:-1]
        above = ("/".join(parents[: size + 1]) for size in range(len(parents)))
        found += [(seen[parent], name) for parent in above if parent in seen]
    return tuple(found)


def folded(name: str) -> str:
    """The name as file systems without case and with composed letters compare it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _segment_problem(segment: str) -> str | None:
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in segment):
        return "含有不可见的字符"
    if _FORBIDDEN.search(segment):
        return '含有 < > : " | ? * 之一，Windows 上不能用'
    if segment.startswith("."):
        return "以点开头（隐藏文件）"
    if segment[-1] in " ." or segment[0] == " ":
        return "名称的首尾有空格或点"
    if _DEVICE.match(segment):
        return "是 Windows 的设备名"
    return None
