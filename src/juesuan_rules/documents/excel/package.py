"""The parts of a zipped workbook, each read within bounds; and XML that can do no harm."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.containers import sound_directory
from juesuan_rules.documents.problems import unreadable

PART_BYTES = 128 * 1024 * 1024
"""Most one part may unpack to."""

TOTAL_BYTES = 256 * 1024 * 1024
"""Most all parts that are read may unpack to."""

RATIO = 400
"""Most a part above a megabyte may shrink by packing: real sheets reach some 50, a bomb 1,000 and more."""

_ENTRIES = 20_000

ELEMENTS = 10_000_000
"""Elements of all XML parts of one workbook."""


class Handler:
    """What to do with an XML part; names come without their prefix."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text between tags; one text may come in several pieces."""


class Package:
    """A zipped workbook: its parts by name, in any case of letters, never unpacked to disk."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        self._left = TOTAL_BYTES
        self._elements = ELEMENTS
        if not sound_directory(data):
            raise damaged(path)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
            raise damaged(path) from None
        infos = self._zip.infolist()
        if len(infos) > _ENTRIES:
            raise unreadable(path, "E503", f"所含文件过多，不得超过 {_ENTRIES} 个")
        self._infos = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}

    def names(self) -> list[str]:
        """The part names, in lower case."""
        return list(self._infos)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._infos

    def open(self, name: str) -> IO[bytes]:
        """A part as a stream that fails rather than unpack more than it may."""
        info = self._infos[name.lower()]
        if info.flag_bits & 1:
            raise encrypted(self.path)
        self._left -= info.file_size
        if info.file_size > PART_BYTES or self._left < 0 or (info.file_size > 1 << 20 and info.file_size > RATIO * max(info.compress_size, 1)):
            raise unreadable(self.path, "E503", "解压后过大，疑为压缩炸弹，不予读取")
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
            raise damaged(self.path) from None

    def read(self, name: str) -> bytes:
        """A whole part."""
        try:
            with self.open(name) as stream:
                return stream.read()
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
            raise damaged(self.path) from None

    def scan(self, name: str, handler: Handler) -> None:
        """Runs an XML part through `handler`; no tree is built, no entity expanded, nothing fetched."""
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._counted(handler.start)
        parser.EndElementHandler = lambda tag: handler.end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = handler.data
        parser.StartDoctypeDeclHandler = self._no_doctype
        try:
            with self.open(name) as stream:
                parser.ParseFile(stream)
        except (ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, LookupError):
            raise damaged(self.path) from None

    def _counted(self, start: Callable[[str, dict[str, str]], None]) -> Callable[[str, dict[str, str]], None]:
        def counted(tag: str, attributes: dict[str, str]) -> None:
            self._elements -= 1
            if self._elements < 0:
                raise unreadable(self.path, "E503", "内容过多，不予读取")
            start(tag.rpartition(":")[2], attributes)

        return counted

    def _no_doctype(self, *_: object) -> None:
        raise damaged(self.path, "含有文档类型声明（DTD），疑为恶意文件，不予读取")

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (kind, part) of a part; relations to outside the package are left out."""
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, tuple[str, str]] = {}
        if not self.has(rels):
            return found
        self.scan(rels, _Relations(folder, found))
        return found


class _Relations(Handler):
    def __init__(self, folder: str, found: dict[str, tuple[str, str]]) -> None:
        self.folder, self.found = folder, found

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "Relationship" or attributes.get("TargetMode", "").lower() == "external":
            return
        target = attributes.get("Target", "").replace("\\", "/")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(self.folder, target))
        self.found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)


def damaged(path: str, what: str = "已损坏或不完整，不能读取") -> DocumentError:
    """The exception for a workbook that does not hold together."""
    return unreadable(path, "E507", what, "请用 Excel 或 WPS 打开并另存后再试")


def encrypted(path: str) -> DocumentError:
    """The exception for a workbook behind a password."""
    return unreadable(path, "E506", "已加密，需要密码才能打开，不能读取", "请取消密码后另存再试")

