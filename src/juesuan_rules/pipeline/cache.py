"""A content-addressed cache in the user's cache folder. Losing it costs time, never a result.

An entry is `magic · digest · payload`; the digest covers the key and the payload, so a damaged,
cut or foreign file is a miss. Payloads are marshalled plain values (see `codec`): nothing in a
cache file can run code. Writing is atomic, and every failure to write is silent by intent.
"""

from __future__ import annotations

import marshal
import os
import sys
from pathlib import Path
from typing import Any

MAGIC = b"juesuan-cache-1\n"
LIMIT_BYTES = 256 * 1024 * 1024
MAX_ENTRY_BYTES = 64 * 1024 * 1024
_SWEEP_EVERY = 32
_DIGEST_BYTES = 32


def digest(*parts: str | bytes) -> str:
    """Hex digest of the parts, each kept apart from its neighbours."""
    import hashlib

    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "little"))
        whole.update(data)
    return whole.hexdigest()


def default_folder() -> Path | None:
    """JUESUAN_CACHE, or this platform's cache folder; None where there is no home."""
    named = os.environ.get("JUESUAN_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base, "juesuan-rules", "Cache") if base else None
    home = os.environ.get("HOME") or os.path.expanduser("~")
    if not home or home == "~":
        return None
    if sys.platform == "darwin":
        return Path(home, "Library", "Caches", "juesuan-rules")
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base if base and os.path.isabs(base) else Path(home, ".cache"), "juesuan-rules")


class Cache:
    """Entries by kind and key below `folder`; with `folder` None every look-up is a miss."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def get(self, kind: str, key: str) -> Any:
        """The value stored, or None where there is none that can be trusted."""
        if self.folder is None:
            return None
        try:
            with open(self._path(kind, key), "rb") as file:
                data = file.read(MAX_ENTRY_BYTES + 1)
        except OSError:
            return None
        head = len(MAGIC) + _DIGEST_BYTES
        if len(data) > MAX_ENTRY_BYTES or not data.startswith(MAGIC) or data[len(MAGIC) : head] != _seal(kind, key, data[head:]):
            return None
        try:
            return marshal.loads(data[head:])
        except (ValueError, EOFError, TypeError):
            return None

    def put(self, kind: str, key: str, value: Any) -> None:
        """Store a plain value. A folder that cannot be written to is no error."""
        if self.folder is None:
            return
        payload = marshal.dumps(value)
        if len(payload) > MAX_ENTRY_BYTES // 2:
            return
        path = self._path(kind, key)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.write_bytes(MAGIC + _seal(kind, key, payload) + payload)
            os.replace(temporary, path)
        except OSError:
            return
        if int(key[:4], 16) % _SWEEP_EVERY == 0:
            self.sweep()

    def sweep(self, limit: int = LIMIT_BYTES) -> None:
        """Remove the oldest entries until the cache is at most three quarters of `limit` bytes."""
        if self.folder is None:
            return
        entries = []
        for path in self.folder.glob("*/*/*"):
            try:
                state = path.stat()
            except OSError:
                continue
            if path.suffix in (".bin", ".tmp"):
                entries.append((state.st_mtime, state.st_size, path))
        total = sum(size for _, size, _ in entries)
        if total <= limit:
            return
        for _, size, path in sorted(entries, key=lambda entry: entry[0]):
            if total <= limit * 3 // 4:
                return
            try:
                path.unlink()
            except OSError:
                continue
            total -= size

    def _path(self, kind: str, key: str) -> Path:
        assert self.folder is not None
        return self.folder / kind / key[:2] / f"{key}.bin"


def _seal(kind: str, key: str, payload: bytes) -> bytes:
    """Digest over everything an entry depends on, the interpreter's marshal format included."""
    return bytes.fromhex(digest(kind, key, f"{marshal.version}.{sys.version_info[0]}.{sys.version_info[1]}", payload))
