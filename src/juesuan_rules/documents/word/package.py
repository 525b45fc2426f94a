"""The parts of a .docx file: a ZIP container whose parts point at each other by relationships."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from urllib.parse import unquote

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.containers import sound_directory
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.markup import XML_BYTES, Element, parse_xml

_DAMAGED = "已损坏或不完整，不能读取"
_HINT = "请重新下载，或用 Word、WPS 打开修复后另存一份再试"
_MAX_ENTRIES = 20_000
_HARMLESS = 8 * limits.MEGABYTE
"""A part no larger than this may have grown as it likes: thousands of empty cells do."""


class Relationship:
    """One arrow from a part: its kind (last word of its type), its target, whether that lies outside the file."""

    __slots__ = ("external", "kind", "target")

    def __init__(self, kind: str, target: str, external: bool) -> None:
        self.kind, self.target, self.external = kind, target, external


class Parts:
    """The parts of an office file by name; raises DocumentError."""

    path: str

    def names(self) -> list[str]:
        """Names of all parts, in lower case."""
        raise NotImplementedError

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none of that name."""
        raise NotImplementedError

    def xml(self, name: str) -> Element | None:
        """The root of an XML part; None where there is none of that name."""
        data = self.read(name)
        return None if data is None else parse_xml(data, self.path, name)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """The arrows from `part` ("" for the package itself) by their ids."""
        folder, base = posixpath.split(part)
        try:
            root = self.xml(posixpath.join(folder, "_rels", base + ".rels"))
        except DocumentError:
            return {}  # the main part may well be whole; what cannot be found through arrows is not read
        found: dict[str, Relationship] = {}
        for item in () if root is None else root:
            kind = item.get("Type", "").rpartition("/")[2]
            external = item.get("TargetMode") == "External"
            target = item.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join(folder, unquote(target))).lstrip("/") if not target.startswith("/") else target.lstrip("/")
            found[item.get("Id", "")] = Relationship(kind, target, external)
        return found

    def main_part(self) -> str:
        """The name of the document itself."""
        for arrow in self.relationships("").values():
            if arrow.kind == "officeDocument" and not arrow.external and arrow.target.lower() in self.names():
                return arrow.target
        for name in self.names():
            if name.startswith("word/document") and name.endswith(".xml"):
                return name
        raise unreadable(self.path, "E507", "里没有正文（word/document.xml），" + _DAMAGED, _HINT)


class Package(Parts):
    """Parts by name, read on demand and never larger than the bounds; raises DocumentError."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        if not sound_directory(data):
            raise unreadable(path, "E507", _DAMAGED, _HINT)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
            raise unreadable(path, "E507", _DAMAGED, _HINT) from None
        infos = self._zip.infolist()
        if len(infos) > _MAX_ENTRIES:
            raise unreadable(path, "E503", f"内部文件过多（{len(infos)} 个），没有读取")
        self._infos = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}

    def names(self) -> list[str]:
        """Names of all parts, in lower case."""
        return list(self._infos)

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none of that name."""
        info = self._infos.get(name.lstrip("/").lower())
        if info is None:
            return None
        if info.file_size > XML_BYTES:
            raise unreadable(self.path, "E503", f"内容过大（{info.filename} 解压后 {info.file_size // limits.MEGABYTE} MB），没有读取")
        if info.file_size > _HARMLESS and info.file_size > limits.UNPACKED_RATIO * max(info.compress_size, 1):
            raise unreadable(self.path, "E503", f"压缩比异常（{info.filename}），可能是恶意构造的文件，没有读取")
        try:
            return self._zip.read(info)
        except RuntimeError:
            raise unreadable(self.path, "E506", "已加密，没有密码不能读取", "请去掉密码后另存一份再试") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, struct.error):
            raise unreadable(self.path, "E507", _DAMAGED, _HINT) from None
