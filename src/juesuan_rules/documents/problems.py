"""One way to say that a document cannot be read: which file, what is wrong, what to do."""

from __future__ import annotations

import ntpath

from juesuan_rules.diagnostics import Diagnostic, DocumentError, Span


def unreadable(path: str, code: str, what: str, hint: str = "") -> DocumentError:
    """The exception for the file at `path`: "「文件名」what", with one diagnostic inside.

    Codes: E501 not a file, E502 empty, E503 too large, E504 bytes that are no text, E505 a format
    without reader (or an archive without a file that has one), E506 encrypted, E507 damaged.
    """
    message = f"「{file_name(path)}」{what}"
    return DocumentError(message, (Diagnostic(code, message, Span(file=path), hint),))


def file_name(path: str) -> str:
    """The last part of a path of either kind of slash, or the path itself."""
    return ntpath.basename(path.rstrip("/\\")) or path
