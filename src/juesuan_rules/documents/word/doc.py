"""The reader for .doc (Word 97-2003) and .wps files: body, text boxes, footnotes, read from the binary format.

LibreOffice, where installed, reads what this module cannot: Word 6 and 95, and files that contradict
themselves.
"""

from __future__ import annotations

import hashlib
import struct

from msgspec.structs import replace

from juesuan_rules.documents.model import Document, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.assembling import Read, assemble
from juesuan_rules.documents.word.binary import Damaged, Encrypted, OldFormat, TooLarge, read_header, read_text, wants_table_1
from juesuan_rules.documents.word.binarylists import Numberer, read_fonts
from juesuan_rules.documents.word.office import convert
from juesuan_rules.documents.word.stories import StoryReader
from juesuan_rules.documents.word.symbols import has_symbols

_STREAM_BYTES = 64 * 1024 * 1024
_OLD = "是 Word 6.0/95 格式，不能直接读取"
_DAMAGED = "已损坏或不完整，不能读取"
_FILTERS = {_OLD: "MS WinWord 6.0", _DAMAGED: "MS Word 97"}
_HINT = "请用 Word 或 WPS 打开后另存为 docx 再试"
_BROKEN = (Damaged, struct.error, IndexError, ValueError, OverflowError, RecursionError)


def read_doc(data: bytes, path: str) -> Document:
    """The Word 97-2003 file `data`, named `path` in messages, as a Document of format "doc".

    Raises DocumentError for what is encrypted, damaged or beyond the bounds.
    """
    source = Source(path, hashlib.sha256(data).hexdigest(), "doc", len(data))
    try:
        streams = _streams(data)
        return _read(streams, source)
    except Encrypted:
        raise unreadable(path, "E506", "已加密，需要密码才能打开", "请用密码打开、去掉密码后另存一份再试") from None
    except TooLarge:
        raise unreadable(path, "E503", "内容过多（段落超过 50 万个），没有读取", "请拆分后分别读取") from None
    except OldFormat:
        return _by_office(data, source, _OLD)
    except _BROKEN:
        return _by_office(data, source, _DAMAGED)


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams that matter, by name. Raises Damaged."""
    import olefile

    found: dict[str, bytes] = {}
    try:
        with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_FATAL) as file:
            for name in ("WordDocument", "0Table", "1Table", "Data"):
                if file.exists(name):
                    if file.get_size(name) > min(_STREAM_BYTES, len(data)):
                        raise Damaged("stream size")
                    with file.openstream(name) as stream:
                        found[name] = stream.read()
            if file.exists("Macros"):
                found["Macros"] = b""
    except Damaged:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged container makes olefile fail in many ways
        raise Damaged(str(error)) from None
    if "WordDocument" not in found:
        raise Damaged("no document")
    return found


def _read(streams: dict[str, bytes], source: Source) -> Document:
    main = streams["WordDocument"]
    name = "1Table" if wants_table_1(main) else "0Table"
    if name not in streams:
        raise Damaged("no table stream")
    header = read_header(main, streams[name])
    text = read_text(header)
    reader = StoryReader(header, text, streams.get("Data", b""), read_fonts(header), Numberer(header).label)
    lengths = header.lengths
    if len(text.units) < lengths["main"]:
        raise Damaged("text too short")
    items = reader.read(0, lengths["main"])
    items += reader.left_boxes()
    notes = lengths["main"]
    items += reader.read(notes, notes + lengths["notes"])
    ends = notes + sum(lengths[part] for part in ("notes", "headers", "macros", "comments"))
    items += reader.read(ends, ends + lengths["endnotes"])
    return assemble(Read(items, reader.told, reader.pictures, symbols=has_symbols(text.units), macros="Macros" in streams), source)


def _by_office(data: bytes, source: Source, why: str) -> Document:
    """The file as LibreOffice converts it; raises DocumentError saying `why` where that fails too."""
    from juesuan_rules.documents.word.docx import read_docx

    filter_name = _FILTERS[why]
    converted = convert(data, "doc", filter_name)
    if converted is None:
        raise unreadable(source.path, "E507", why, _HINT)
    document = read_docx(converted, source.path)
    return replace(document, source=source, notes=(*document.notes, "由 LibreOffice 转换后读取，段落号按转换后的文件"))
