"""A suspicious PDF file is read by another process, which may be stopped and may not take all memory.

As a program: reads a Task and the file from standard input, writes the Document, or the reason why
there is none. pdfplumber, which would unpack everything once more, has a look only on request.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec

from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Block, Document, GridBlock, Source, TextBlock
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.scan.available import is_available
from juesuan_rules.documents.scan.read import Vocabulary, no_names

if TYPE_CHECKING:
    from juesuan_rules.diagnostics import DocumentError


_LENGTH = struct.Struct("<I")


class Task(msgspec.Struct):
    """What the other process is told. names: the vocabulary, see `ScanReader`."""

    path: str
    pdf_engine: str
    names: tuple[str, ...]


class Outcome(msgspec.Struct):
    """What the other process gives back: the parts of a Document, its blocks by their positions, or
    code, message and hint of a DocumentError."""

    source: Source | None = None
    texts: dict[int, TextBlock] = {}
    grids: dict[int, GridBlock] = {}
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    code: str = ""
    message: str = ""
    hint: str = ""


def read_isolated(data: bytes, path: str, pdf_engine: str = "native", vocabulary: Vocabulary = no_names) -> Document:
    """The file read by another process within `limits.PDF_SECONDS` and `limits.PDF_MEMORY`.

    pdf_engine, vocabulary: as in `read_pdf`. Raises DocumentError where it does not get there, or where the file cannot be read.
    """
    command = [sys.executable, "-m", "juesuan_rules.documents.pdf.isolated"]
    names = tuple(vocabulary()) if is_available() else ()
    task = msgspec.msgpack.encode(Task(path, "pdfplumber" if pdf_engine == "pdfplumber" else "native", names))
    try:
        done = subprocess.run(command, input=_LENGTH.pack(len(task)) + task + data, capture_output=True, timeout=limits.PDF_SECONDS, check=False, env=_environment())
        outcome = msgspec.msgpack.decode(done.stdout, type=Outcome) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, OSError, msgspec.DecodeError):
        outcome = None
    if outcome is None:
        raise unreadable(path, "E503", "展开后过大，读取时超出时间或内存的限制", "文件可能已损坏，或被故意做成这样；请重新导出后再试")
    if outcome.source is None:
        raise unreadable(path, outcome.code, outcome.message, outcome.hint)
    blocks: dict[int, Block] = {**outcome.texts, **outcome.grids}
    return Document(outcome.source, tuple(blocks[at] for at in sorted(blocks)), outcome.notes, unread=outcome.unread)


def _read(document: Document) -> Outcome:
    texts = {at: block for at, block in enumerate(document.blocks) if isinstance(block, TextBlock)}
    grids = {at: block for at, block in enumerate(document.blocks) if isinstance(block, GridBlock)}
    return Outcome(document.source, texts, grids, document.notes, document.unread)


def _environment() -> dict[str, str]:
    """Ours, with the same places to import from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _told(error: DocumentError) -> Outcome:
    first = error.diagnostics[0]
    return Outcome(code=first.code, message=error.message.partition("」")[2] or error.message, hint=first.hint)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: only the time is limited
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.PDF_MEMORY, limits.PDF_MEMORY))


def main() -> None:
    """Reads standard input: the length of the Task, the Task, and the PDF file."""
    from juesuan_rules.diagnostics import DocumentError
    from juesuan_rules.documents.pdf.reader import read_trusted

    _limit_memory()
    (length,) = _LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(length), type=Task)
    try:
        outcome = _read(read_trusted(sys.stdin.buffer.read(), task.path, task.pdf_engine, lambda: task.names))
    except DocumentError as error:
        outcome = _told(error)
    sys.stdout.buffer.write(msgspec.msgpack.encode(outcome))


if __name__ == "__main__":
    main()
