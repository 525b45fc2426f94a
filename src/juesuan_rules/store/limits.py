"""Bounds on everything that comes from elsewhere."""

from __future__ import annotations

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE

ARCHIVE_BYTES = 64 * MEGABYTE
"""Most an archive may have as it lies on the disk."""
UNPACKED_BYTES = 64 * MEGABYTE
"""Most all files of an archive may have together."""
FILE_BYTES = 8 * MEGABYTE
"""Most one file of an archive may have."""
FILES = 2_000
"""Files in an archive, besides the manifest and the signatures."""
RATIO = 200
"""A file above one megabyte may be at most this much larger than its packed form."""
YAML_ITEMS = 200_000
"""Lines, commas and brackets in all YAML files of an archive: what bounds the time to read them."""
MANIFEST_BYTES = 2 * MEGABYTE
NAME_LENGTH = 200
"""Characters in a file's path inside an archive; Windows cannot open much longer ones."""
NAME_DEPTH = 8

INDEX_BYTES = 8 * MEGABYTE
FETCH_SECONDS = 60
"""Longest a download may take as a whole; also the time `git` and a registry get."""
SILENCE_SECONDS = 15
"""Longest a server may be silent."""
