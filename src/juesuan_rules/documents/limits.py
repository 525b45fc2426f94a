"""How large an input may be. A document is never trusted: each bound is checked before the work it bounds.

The largest published report known is under 2 MB of text; the bounds leave ten times that.
"""

from __future__ import annotations

TEXT_BYTES = 20 * 1024 * 1024
"""Size of a text file, in bytes; checked before the file is read."""

LINES = 400_000
"""Lines of a text file."""

LINE_CHARS = 200_000
"""Characters in one line."""

CELLS = 1_000_000
"""Table cells of one document (about 150 bytes of memory each)."""

HEAD_BYTES = 4096
"""How much of a file is read to tell its format."""
