"""Files this program wrote itself: left in a folder of reports, they are no reports of the next run."""

from __future__ import annotations

import zipfile
from pathlib import Path

_HEAD = 4 * 1024
_TAIL = 4 * 1024 * 1024
_MARKS: dict[str, bytes] = {
    ".html": b'<meta name="generator" content="juesuan-rules">',
    ".md": "# 部门决算公开核对结果".encode(),
    ".pdf": b"/NM (juesuan-rules-",
    ".docx": b"<dc:creator>juesuan-rules<",
    ".xlsx": "结果摘要 sha256:".encode(),
}
"""What each kind of output carries: a page its generator, a workbook its digest, a marked PDF its annotations' names."""


def is_own_output(path: Path) -> bool:
    """Whether a file is one of this program's outputs, by a mark inside it; False where it cannot be read."""
    mark = _MARKS.get(path.suffix.lower())
    if mark is None:
        return False
    try:
        if path.suffix.lower() in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as package, package.open("docProps/core.xml") as properties:
                return mark in properties.read(_HEAD)
        with path.open("rb") as file:
            if path.suffix.lower() == ".pdf":
                # The marks are appended to the original, so only its end can hold them.
                file.seek(max(0, path.stat().st_size - _TAIL))
                return mark in file.read(_TAIL)
            return mark in file.read(_HEAD)
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError):
        return False
