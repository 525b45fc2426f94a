"""Every file the editor's questions may touch: what is open as the editor shows it, the rest from disk."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.editor.kinds import Kind, kind_by_content, kind_in_pack
from juesuan_rules.editor.outline import read_outline
from juesuan_rules.editor.places import FileMap
from juesuan_rules.editor.texts import MAX_LENGTH, UTF16, Text, make_text
from juesuan_rules.yamlfile import MAX_BYTES, YamlFile, load

_STALE = 2.0
"""Seconds after which a file on disk is looked at again, in case nobody told that it changed."""
_MAX_KNOWN = 5_000


class _Known(msgspec.Struct):
    """A file on disk as it was read last."""

    state: tuple[int, int]
    seen: float
    text: Text | None
    yaml: YamlFile | None = None


class Files:
    """Files by path. Paths are made absolute and free of links, so that one file has one path."""

    def __init__(self) -> None:
        self.open: dict[Path, Text] = {}
        self.uris: dict[Path, str] = {}
        self.encoding = UTF16
        self._disk: dict[Path, _Known] = {}
        self._real: dict[str, Path] = {}
        self._maps: dict[Path, tuple[Text, Kind, FileMap]] = {}

    def path(self, path: Path | str) -> Path:
        """The one path of a file."""
        text = str(path)
        known = self._real.get(text)
        if known is None:
            if len(self._real) > _MAX_KNOWN:
                self._real.clear()
            known = self._real[text] = Path(os.path.realpath(text))
        return known

    def text(self, path: Path) -> Text | None:
        """What a file says now; None where it cannot be read."""
        real = self.path(path)
        return self.open.get(real) or self._read(real).text

    def read(self, path: Path) -> YamlFile:
        """The file as YAML, under the name of `path`: what `packs` reads instead of the disk."""
        real = self.path(path)
        shown = self.open.get(real)
        if shown is not None:
            return shown.yaml if len(shown.content) <= MAX_LENGTH else _too_long(shown)
        known = self._read(real)
        if known.yaml is None:
            known.yaml = load(real) if known.text is None else known.text.yaml
        return known.yaml

    def changed_on_disk(self, path: Path | None = None) -> None:
        """Someone says that a file (None: any) changed on disk: it is looked at again when needed."""
        for known in self._disk.values() if path is None else filter(None, [self._disk.get(self.path(path))]):
            known.seen = 0.0

    def map(self, path: Path, kind: Kind) -> FileMap | None:
        """The nodes and expressions of a file; None where it cannot be read."""
        text = self.text(path)
        if text is None or len(text.content) > MAX_LENGTH:
            return None
        known = self._maps.get(self.path(path))
        if known is not None and known[0] is text and known[1] == kind:
            return known[2]
        if len(self._maps) > _MAX_KNOWN:
            self._maps.clear()
        made = FileMap(read_outline(text.content), kind)
        self._maps[self.path(path)] = (text, kind, made)
        return made

    def kind(self, path: Path) -> Kind:
        """The kind of a file: by its place in its pack; outside of packs by what it says."""
        real = self.path(path)
        folder = self.pack_folder(real)
        if folder is not None:
            return kind_in_pack(real.relative_to(folder))
        made = self.map(real, "")
        return kind_by_content(made.outline) if made is not None else ""

    def pack_folder(self, path: Path) -> Path | None:
        """The pack a file belongs to: the nearest folder above it with a pack.yaml."""
        real = self.path(path)
        for folder in list(real.parents)[:12]:
            manifest = folder / "pack.yaml"
            if manifest in self.open or manifest.is_file():
                return folder
        return None

    def _read(self, real: Path) -> _Known:
        known, now = self._disk.get(real), time.monotonic()
        if known is not None and now - known.seen < _STALE:
            return known
        try:
            found = os.stat(real)
            state = (found.st_mtime_ns, found.st_size)
        except OSError:
            state = (-1, -1)
        if known is not None and known.state == state:
            known.seen = now
            return known
        if len(self._disk) > _MAX_KNOWN:
            self._disk.clear()
        self._disk[real] = _Known(state, now, _content(real, state[1], self.encoding))
        return self._disk[real]


def _content(path: Path, size: int, encoding: str) -> Text | None:
    if not 0 <= size <= MAX_BYTES:
        return None
    try:
        return make_text(str(path), path.read_bytes().decode("utf-8-sig"), encoding=encoding)
    except (OSError, UnicodeDecodeError):
        return None


def _too_long(text: Text) -> YamlFile:
    problem = Diagnostic("E402", f"文件太大，上限是 {MAX_LENGTH:,} 个字符", Span(text.name, 1, 1))
    return YamlFile(text.name, "", None, (problem,))
