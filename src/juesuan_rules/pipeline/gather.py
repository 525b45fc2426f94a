"""Which files a run reads: those named, and those below the folders named, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from juesuan_rules.diagnostics import UsageError

SUFFIXES = frozenset(
    (
        *(".txt", ".text", ".md", ".pdf", ".ofd"),
        *(".docx", ".docm", ".dotx", ".doc", ".dot", ".wps", ".wpt", ".rtf"),
        *(".xlsx", ".xlsm", ".xltx", ".xls", ".xlt", ".et", ".ett"),
        *(".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml"),
        *(".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".zip"),
    )
)
"""Suffixes a folder is searched for; what such a file is, its content decides. A file named on the
command line is read whatever its suffix."""

MAX_FILES = 100_000


def gather(paths: Sequence[Path], left_out: list[Path] | None = None) -> tuple[Path, ...]:
    """The files to read, each once. Raises UsageError for what does not exist and for a folder
    without reports. Links to folders are not followed, so a circle of links cannot trap a run.

    Of a folder, what this program wrote itself is left out, and told in `left_out`; a file that is named is read whatever
    it is.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for file in _below(path, left_out) if path.is_dir() else [path]:
            found.setdefault(os.path.normcase(os.path.abspath(file)), file)
            if len(found) > MAX_FILES:
                raise UsageError(f"文件超过 {MAX_FILES:,} 个，请分目录处理")
    return tuple(found.values())


def _below(folder: Path, left_out: list[Path] | None) -> list[Path]:
    from juesuan_rules.pipeline.own_outputs import is_own_output

    files: list[Path] = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in [Path(base, name) for name in sorted(names) if _is_report(name)]:
            if not is_own_output(file):
                files.append(file)
            elif left_out is not None:
                left_out.append(file)
    if not files:
        known = " ".join(sorted(SUFFIXES))
        raise UsageError(f"目录「{folder}」里没有可读的报告（认得的扩展名：{known}）")
    return files


def _is_report(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith((".", "~$"))
