"""Where outputs go: whole files or nothing, and names for the reports of a batch that no file system refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from juesuan_rules.diagnostics import UsageError

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
_LONGEST_BYTES = 180


def write_whole(target: Path, data: bytes) -> None:
    """Write a whole file or nothing. Raises UsageError where that is not possible."""
    temporary = target.with_name(f".{target.name[:60]}.{os.getpid()}.tmp")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)  # a device or a pipe is written to, not replaced
            return
        temporary.write_bytes(data)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"结果写不到「{target}」：{_why(error)}") from None


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "没有写权限，或文件正被另一个程序（如 Excel、WPS）打开"
    return "系统报告写入失败"


def file_stems(paths: Iterable[str], refused: Callable[[str], bool] = lambda _: False) -> list[str]:
    """A file name without suffix for each report's path: its own, made safe; the same twice, or one refused, gets a number."""
    found: list[str] = []
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for path in paths:
        last = re.split(r"[\\/]", path)[-1]
        stem = _cut(_FORBIDDEN.sub("_", last.rpartition(".")[0] or last).strip(" .")) or "报告"
        name = stem = f"_{stem}" if _RESERVED.match(stem) else stem
        while name.casefold() in taken or refused(name):
            numbers[stem] = numbers.get(stem, 1) + 1
            name = f"{stem}-{numbers[stem]}"
        taken.add(name.casefold())
        found.append(name)
    return found


def _cut(name: str) -> str:
    """At most so many bytes as a file system lets a name have, whole characters only."""
    return name.encode("utf-8", "replace")[:_LONGEST_BYTES].decode("utf-8", "ignore")
