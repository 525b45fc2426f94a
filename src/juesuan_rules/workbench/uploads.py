"""Files a browser sends: kept once by their content, under names no file system refuses."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import UploadFile

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.outputs.files import file_stems
from juesuan_rules.workbench.settings import MB, Settings

_PIECE = 1 * MB
_SUFFIX = 12


async def keep_upload(upload: UploadFile, settings: Settings, name: str = "") -> str:
    """Keep an uploaded file; its path below the home folder. Raises UsageError where it is empty or too large. name: its
    safe name, where it is not that of the upload.

    The folder is named by the content, so the same file sent twice lies there once; the name is the one the person
    knows, made safe: it stands in every result.
    """
    name = name or safe_name(upload.filename or "")
    total, size = hashlib.sha256(), 0
    temporary = settings.sending / f"{os.urandom(8).hex()}.part"
    try:
        with temporary.open("wb") as file:
            while piece := await upload.read(_PIECE):
                size += len(piece)
                if size > settings.limits.file:
                    raise UsageError(f"「{name}」太大：一个文件最多 {settings.limits.file // MB} MB")
                total.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise UsageError(f"「{name}」是空文件")
        digest = total.hexdigest()
        target = settings.home / "files" / digest[:2] / digest / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, target)
    except OSError:
        raise UsageError(f"「{name}」没有存下来：磁盘可能已满") from None
    finally:
        temporary.unlink(missing_ok=True)
    return target.relative_to(settings.home).as_posix()


def safe_name(filename: str) -> str:
    """The last part of a name from a browser, without anything a file system could take for a path or a device."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = last.rpartition(".")
    clean = "".join(c for c in suffix if c.isalnum() and c.isascii())[:_SUFFIX]
    return file_stems([(stem if dot else suffix) + ".x"])[0] + (f".{clean.lower()}" if dot and clean else "")


def path_of(name: str, settings: Settings) -> Path:
    """A kept file by its path below the home folder. Raises UsageError where it has gone, or lies elsewhere."""
    path = (settings.home / name).resolve()
    if not path.is_relative_to((settings.home / "files").resolve()) or not path.is_file():
        raise UsageError("文件不在了，请重新上传")
    return path


def safe_names(filenames: Sequence[str]) -> list[str]:
    """Safe names of files sent together, each another."""
    found: list[str] = []
    for filename in filenames:
        name = safe_name(filename)
        stem, dot, suffix = name.rpartition(".")
        number = 2
        while name.casefold() in {known.casefold() for known in found}:
            name = f"{stem}-{number}.{suffix}" if dot else f"{suffix}-{number}"
            number += 1
        found.append(name)
    return found


def sweep(settings: Settings, used: set[str]) -> int:
    """Remove kept files that no run needs any more; how many."""
    removed = 0
    for path in sorted((settings.home / "files").rglob("*"), reverse=True):
        if path.is_dir():
            with contextlib.suppress(OSError):  # one that is not empty stays
                path.rmdir()
        elif path.relative_to(settings.home).as_posix() not in used:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def empty_sending(settings: Settings) -> None:
    """Remove what uploads and downloads that were cut off left behind."""
    for path in settings.sending.iterdir():
        if path.is_file():
            path.unlink(missing_ok=True)
