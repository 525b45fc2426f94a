"""Small workbooks of every container, made by hand so that each test sees every byte that matters."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import pytest

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(f'<Relationship Id="{key}" Type="{_RELATIONS}/{kind}" Target="{target}"/>' for key, (kind, target) in targets.items())
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


def xlsx(sheets: Sequence[tuple[str, str]], formats: Sequence[str] = (), states: Mapping[str, str] | None = None, strings: Iterable[str] = (), more: Mapping[str, bytes | str] | None = None, properties: str = "") -> bytes:
    """A .xlsx of (name, XML inside <worksheet>) sheets. formats: format codes of styles 1, 2 …"""
    states = states or {}
    names = [name for name, _ in sheets]
    entries = "".join(f"<sheet name={quoteattr(name)} sheetId=\"{i}\" r:id=\"rId{i}\" state=\"{states.get(name, 'visible')}\"/>" for i, name in enumerate(names, 1))
    codes = "".join(f'<numFmt numFmtId="{200 + i}" formatCode={quoteattr(code)}/>' for i, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(formats)))
    targets = {f"rId{i}": ("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(names) + 1)}
    targets |= {"rIdS": ("styles", "styles.xml"), "rIdT": ("sharedStrings", "sharedStrings.xml")}
    parts: dict[str, bytes | str] = {
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f"<workbook {_MAIN}>{properties}<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(targets),
        "xl/styles.xml": f'<styleSheet {_MAIN}><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {_MAIN}>" + "".join(f"<si>{text if text.startswith('<') else '<t>' + escape(text) + '</t>'}</si>" for text in strings) + "</sst>",
    }
    for i, (_, content) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = f"<worksheet {_MAIN}>{content}</worksheet>"
    return packed({**parts, **(more or {})})


def rows_xml(rows: Sequence[Sequence[object]], first: int = 1) -> str:
    """<sheetData> of rows of values: str, number, None, or (number, style)."""
    out = []
    for r, row in enumerate(rows, first):
        cells = []
        for c, value in enumerate(row):
            ref = f"{chr(65 + c)}{r}"
            if isinstance(value, str):
                cells.append(f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>')
            elif isinstance(value, tuple):
                cells.append(f'<c r="{ref}" s="{value[1]}"><v>{value[0]}</v></c>')
            elif value is not None:
                cells.append(f'<c r="{ref}"><v>{value}</v></c>')
        out.append(f'<row r="{r}">{"".join(cells)}</row>')
    return f"<sheetData>{''.join(out)}</sheetData>"


def record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def wide(text: str, count: str = "<H") -> bytes:
    return struct.pack(count, len(text)) + b"\x01" + text.encode("utf-16-le")


def xls(sheets: Sequence[tuple[str, bytes]], formats: Sequence[str] = (), states: Mapping[str, int] | None = None, shared: Iterable[bytes] = (), extra: bytes = b"") -> bytes:
    """The stream of a .xls of (name, records) sheets. shared: the SST record and its CONTINUE records, whole."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    styles = record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16))
    for i, code in enumerate(formats):
        extra += record(0x041E, struct.pack("<H", 200 + i) + wide(code))
        styles += record(0x00E0, struct.pack("<HH", 0, 200 + i) + bytes(16))
    head = begin + extra + styles
    tail = b"".join(shared) + record(0x000A)
    bundle = sum(4 + 8 + 2 * len(name) for name, _ in sheets)
    at = len(head) + bundle + len(tail)
    bodies = b""
    for name, content in sheets:
        state = (states or {}).get(name, 0)
        head += record(0x0085, struct.pack("<IBB", at + len(bodies), state, 0) + wide(name, "<B"))
        bodies += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + content + record(0x000A)
    return head + tail + bodies


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream."""
    size = max(len(stream), 4096)
    stream = stream.ljust(-(-size // 512) * 512, b"\x00")
    sectors = len(stream) // 512
    tables = -(-(sectors + 2) // 127)
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    fat = [fat_mark] * tables + [end] + [tables + 2 + i for i in range(sectors - 1)] + [end]
    fat += [free] * (tables * 128 - len(fat))

    def entry(title: str, kind: int, child: int, start: int, length: int) -> bytes:
        raw = (title + "\0").encode("utf-16-le") if title else b""
        return raw.ljust(64, b"\0") + struct.pack("<HBBIII16sIQQIQ", len(raw), kind, 1, free, free, child, b"", 0, 0, 0, start, length)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, tables + 1, size) + entry("", 0, free, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables, tables, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *range(tables), *[free] * (109 - tables))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + stream


def xlsb_record(number: int, data: bytes = b"") -> bytes:
    def varying(value: int) -> bytes:
        out = b""
        while value >= 0x80:
            out += bytes((value & 0x7F | 0x80,))
            value >>= 7
        return out + bytes((value,))

    return varying(number) + varying(len(data)) + data


def xlsb(records: bytes, strings: Sequence[str] = (), formats: Sequence[str] = (), hidden: bool = False) -> bytes:
    """A .xlsb with one sheet 表一 of the given records."""

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    styles = b"".join(xlsb_record(44, struct.pack("<H", 200 + i) + text(code)) for i, code in enumerate(formats))
    styles += xlsb_record(617) + xlsb_record(47, bytes(16)) + b"".join(xlsb_record(47, struct.pack("<HH", 0, 200 + i) + bytes(12)) for i in range(len(formats))) + xlsb_record(618)
    return packed(
        {
            "xl/workbook.bin": xlsb_record(156, struct.pack("<II", int(hidden), 1) + text("rId1") + text("表一")),
            "xl/_rels/workbook.bin.rels": relations({"rId1": ("worksheet", "worksheets/sheet1.bin"), "rId2": ("styles", "styles.bin"), "rId3": ("sharedStrings", "sharedStrings.bin")}),
            "xl/worksheets/sheet1.bin": records,
            "xl/styles.bin": styles,
            "xl/sharedStrings.bin": b"".join(xlsb_record(19, b"\0" + text(value)) for value in strings),
        }
    )


def ods(content: str, styles: str = "", manifest: str = "") -> bytes:
    """A .ods of XML inside <office:spreadsheet>."""
    names = " ".join(f'xmlns:{short}="{_OFFICE}{short}:1.0"' for short in ("office", "table", "text", "style", "draw"))
    body = f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": manifest or "<manifest/>", "content.xml": body})


@pytest.fixture
def make_xlsx() -> Callable[..., bytes]:
    return xlsx


@pytest.fixture
def make_rows() -> Callable[..., str]:
    return rows_xml


@pytest.fixture
def make_xls() -> Callable[..., bytes]:
    """(sheets, …) -> the whole .xls file."""

    def make(*args: object, **options: object) -> bytes:
        return compound(xls(*args, **options))  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_compound() -> Callable[..., bytes]:
    return compound


@pytest.fixture
def make_record() -> Callable[..., bytes]:
    return record


@pytest.fixture
def make_xlsb() -> Callable[..., bytes]:
    return xlsb


@pytest.fixture
def make_xlsb_record() -> Callable[..., bytes]:
    return xlsb_record


@pytest.fixture
def make_ods() -> Callable[..., bytes]:
    return ods


@pytest.fixture
def make_zip() -> Callable[..., bytes]:
    return packed
