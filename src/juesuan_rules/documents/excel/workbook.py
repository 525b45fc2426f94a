"""The reader for workbooks: .xlsx, .xlsm, .xlsb, .ods, .xls, .et and the XML of Excel 2003, told apart by what they contain."""

from __future__ import annotations

import hashlib

from juesuan_rules.documents.excel.layout import view_of
from juesuan_rules.documents.excel.package import Package, damaged
from juesuan_rules.documents.excel.regions import blocks_of
from juesuan_rules.documents.excel.sheets import Workbook
from juesuan_rules.documents.model import Block, Document, Source
from juesuan_rules.documents.problems import unreadable

_OLE = b"\xd0\xcf\x11\xe0"


def read_workbook(data: bytes, path: str) -> Document:
    """The workbook `data`, named `path` in messages, as a Document of format "xlsx", "xlsb", "ods" or "xls".

    Cells carry the displayed text and, where it differs, the stored value. Raises DocumentError for
    an encrypted or damaged file, one without visible cells, and anything beyond the limits.
    """
    name, workbook = _open(data, path)
    notes = list(workbook.notes)
    unread: list[str] = []
    blocks: list[Block] = []
    hidden = [sheet.name for sheet in workbook.sheets if sheet.hidden]
    if hidden:
        notes.append(f"有 {len(hidden)} 个隐藏的工作表没有读取：" + "、".join(f"「{sheet}」" for sheet in hidden[:20]))
    for sheet in workbook.sheets:
        if sheet.hidden:
            continue
        view = view_of(sheet, notes, path)
        if not view.rows and sheet.pictures:
            unread.append(f"工作表「{sheet.name}」只有图片，没有可读的单元格")
        if sheet.uncached:
            cells = "、".join(sheet.uncached[:10]) + ("等" if len(sheet.uncached) > 10 else "")
            unread.append(f"工作表「{sheet.name}」有 {len(sheet.uncached)} 个公式没有保存计算结果（{cells}），请用 Excel 或 WPS 打开并重新保存")
        blocks.extend(blocks_of(view))
    if not blocks and not unread:
        raise unreadable(path, "E502", "的工作表都是空的或隐藏的，没有可读的内容")
    source = Source(path, hashlib.sha256(data).hexdigest(), name, len(data))
    return Document(source, tuple(blocks), tuple(notes), unread=tuple(unread))


def _open(data: bytes, path: str) -> tuple[str, Workbook]:
    if data.startswith(_OLE):
        from juesuan_rules.documents.excel.biff import read_biff, workbook_stream

        return "xls", read_biff(workbook_stream(data, path), path)
    if not data.startswith(b"PK"):
        from juesuan_rules.documents.decoding import decode
        from juesuan_rules.documents.excel.spreadsheetml import read_spreadsheetml

        return "xls", read_spreadsheetml(decode(data, path)[0], path)
    package = Package(data, path)
    if package.has("xl/workbook.bin"):
        from juesuan_rules.documents.excel.binary12 import read_binary12

        return "xlsb", read_binary12(package, path)
    if package.has("content.xml"):
        from juesuan_rules.documents.excel.opendoc import read_opendocument

        return "ods", read_opendocument(package, path)
    if not any(name.startswith("xl/") for name in package.names()):
        raise damaged(path)
    from juesuan_rules.documents.excel.openxml import read_openxml

    return "xlsx", read_openxml(package, path)
