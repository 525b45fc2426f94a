"""How large an input may be. A document is never trusted: each bound is checked before the work it bounds.

The largest published report known is under 2 MB of text and 40 MB of scans; the bounds leave several times that.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024

TEXT_BYTES = 20 * MEGABYTE
"""Size of a text file, in bytes; checked before the file is read."""

PDF_BYTES = 256 * MEGABYTE
OFFICE_BYTES = 64 * MEGABYTE
WEB_BYTES = 32 * MEGABYTE
IMAGE_BYTES = 64 * MEGABYTE
ARCHIVE_BYTES = 256 * MEGABYTE
"""Sizes of the other kinds of file, in bytes; checked before the file is read."""

LINES = 400_000
"""Lines of a text file."""

LINE_CHARS = 200_000
"""Characters in one line."""

CELLS = 400_000
"""Table cells of one document (about 400 bytes of memory each); a report has some 5,000."""

HEAD_BYTES = 4096
"""How much of a file is read to tell its format."""

ARCHIVE_MEMBERS = 2_000
"""Entries of an archive of attachments."""

ARCHIVE_FILES = 100
"""Files of an archive that are read."""

UNPACKED_BYTES = 512 * MEGABYTE
"""Bytes an archive of attachments may unpack to, all files together."""

UNPACKED_RATIO = 200
"""Most an entry may grow when unpacked, once it is larger than a megabyte."""

PDF_PAGES = 2_000
"""Pages of a PDF file."""

PDF_OBJECTS = 200_000
"""Drawn objects, and pieces of them, of one PDF page."""

PDF_CHARS = 100_000
"""Characters of one PDF page."""

PDF_MEMORY = 1024 * MEGABYTE
"""Memory for reading a PDF file that looks built to swell, in another process."""

PDF_SECONDS = 60.0
"""How long the text of one PDF file may take to read; no page is begun after that."""

PDF_SECOND_LOOK = 20.0
"""How long the second look at pages in doubt may take; no page is begun after that."""
