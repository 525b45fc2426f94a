"""Small good files of every format, made here: what the fuzzer damages."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

HEADER = ("项目", "行次", "金额", "项目", "行次", "金额")
ROWS = (
    ("一、一般公共预算财政拨款收入", "1", "1,234.50", "一、一般公共服务支出", "32", "1,000.00"),
    ("二、其他收入", "8", "0.50", "八、社会保障和就业支出", "39", "235.00"),
    ("本年收入合计", "27", "1,235.00", "本年支出合计", "58", "1,235.00"),
    ("总计", "31", "1,235.00", "总计", "62", "1,235.00"),
)
LINES = ("某市统计局2023年度部门决算", "第一部分 概况", "收入支出决算总表", "公开01表", "部门：某市统计局", "金额单位：万元")


def text_files() -> list[bytes]:
    """Tabs, one cell per line, bars; UTF-8 and GBK."""
    table = "\n".join("\t".join(row) for row in (HEADER, *ROWS))
    cells = "\n".join("".join(f"\t{cell}\n" for cell in row) for row in (HEADER, *ROWS))
    bars = "\n".join("| " + " | ".join(row) + " |" for row in (HEADER, *ROWS))
    return ["\n".join((*LINES, body, "注：尾差。")).encode(code) for body in (table, cells, bars) for code in ("utf-8", "gbk", "utf-16")]


def html_files() -> list[bytes]:
    """A page with a merged header, a nested table, and a wrong label over its encoding."""
    rows = "".join("<tr>" + "".join(f"<td style='mso-number-format:\"0.00\"'>{cell}</td>" for cell in row) + "</tr>" for row in (HEADER, *ROWS))
    table = f"<table border=1><tr><td colspan=3>收入</td><td colspan=3 rowspan=1>支出</td></tr>{rows}</table>"
    body = "".join(f"<p class=MsoNormal><span>{line}</span></p>" for line in LINES)
    page = f"<html><head><meta charset=gb2312><style>p{{margin:0}} .x{{display:none}}</style></head><body>{body}<table><tr><td>{table}</td></tr></table></body></html>"
    return [page.encode("gb18030"), page.replace("gb2312", "utf-8").encode()]


def mht_files() -> list[bytes]:
    """A page in a MIME envelope, quoted-printable and base64."""
    import base64
    import quopri

    page = html_files()[1]
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_x"; type="text/html"\r\n\r\n'
    parts = ((b"quoted-printable", quopri.encodestring(page)), (b"base64", base64.encodebytes(page)))
    return [
        head + b'------=_x\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: ' + coding + b"\r\nContent-Location: file:///C:/a.htm\r\n\r\n" + data + b"\r\n------=_x--\r\n"
        for coding, data in parts
    ]


def docx_files() -> list[bytes]:
    """A document with a merged header, a nested table, a deletion and a text box."""
    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def paragraph(text: str) -> str:
        return f"<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:t>{text}</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"

    def cell(text: str, more: str = "") -> str:
        return f"<w:tc><w:tcPr>{more}</w:tcPr>{paragraph(text)}</w:tc>"

    top = "<w:tr>" + cell("收入", "<w:gridSpan w:val='3'/>") + cell("支出", "<w:gridSpan w:val='3'/><w:vMerge w:val='restart'/>") + "</w:tr>"
    rows = "".join("<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in (HEADER, *ROWS))
    grid = "<w:tblGrid>" + "<w:gridCol w:w='1000'/>" * 6 + "</w:tblGrid>"
    body = "".join(map(paragraph, LINES)) + f"<w:tbl><w:tblPr/>{grid}{top}{rows}</w:tbl>" + paragraph("完")
    document = f"<?xml version='1.0' encoding='UTF-8'?><w:document {name}><w:body>{body}<w:sectPr/></w:body></w:document>"
    types = "<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
    links = "<?xml version='1.0'?><Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/></Relationships>"
    files = {"[Content_Types].xml": types.encode(), "_rels/.rels": links.encode(), "word/document.xml": document.encode()}
    return [packed(files, zipfile.ZIP_STORED), packed(files, zipfile.ZIP_DEFLATED)]


def xlsx_files() -> list[bytes]:
    """A workbook with a merged header, number formats and a hidden sheet; packed and unpacked."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*[(line,) for line in LINES], HEADER, *ROWS):
        sheet.append([float(v.replace(",", "")) if "." in v else v for v in row])
    for cell in sheet["C"]:
        cell.number_format = "#,##0.00"
    sheet.merge_cells("A1:F1")
    book.create_sheet("隐藏").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as made:
        plain = packed({name: made.read(name) for name in made.namelist()}, zipfile.ZIP_STORED)
    return [stream.getvalue(), plain]


def pdf_files() -> list[bytes]:
    """Two ruled pages with text in an unembedded Chinese font; one that is turned."""
    return [pdf_of([page_drawing(ROWS), page_drawing(ROWS[2:])]), pdf_of([page_drawing(ROWS)], "/Rotate 90")]


def page_drawing(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """Page content: the lines, and a table of 6 columns with its rules."""
    found = [f"BT /F1 12 Tf 60 {780 - 20 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET" for n, line in enumerate(LINES)]
    table = (HEADER, *rows)
    found += [f"60 {640 - 20 * n} m 540 {640 - 20 * n} l S" for n in range(len(table) + 1)]
    found += [f"{60 + 80 * n} 640 m {60 + 80 * n} {640 - 20 * len(table)} l S" for n in range(7)]
    found += [f"BT /F1 8 Tf {62 + 80 * c} {626 - 20 * r} Td <{text[:9].encode('utf-16-be').hex()}> Tj ET" for r, row in enumerate(table) for c, text in enumerate(row)]
    return "\n".join(found).encode()


def pdf_of(pages: list[bytes], more: str = "") -> bytes:
    """A PDF file of these page contents."""
    count = len(pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{6 + 2 * n} 0 R' for n in range(count))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 90>>",
    ]
    for number, content in enumerate(pages):
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{more}/Resources<</Font<</F1 3 0 R>>>>/Contents {7 + 2 * number} 0 R>>".encode())
        objects.append(f"<</Length {len(content)}>>stream\n".encode() + content + b"\nendstream")
    return assembled(objects)


def picture_pdf() -> bytes:
    """A PDF file whose only page is a picture."""
    grey = zlib.compress(picture()[1])
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 480 320]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>",
        f"<</Type/XObject/Subtype/Image/Width 300/Height 200/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length {len(grey)}>>stream\n".encode() + grey + b"\nendstream",
        b"<</Length 28>>stream\nq 480 0 0 320 0 0 cm /I Do Q\nendstream",
    ]
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    """Objects numbered from 1 as a PDF file with its table of places."""
    data = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    return data + head + table + f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF\n".encode()


def picture() -> tuple[tuple[int, int], bytes]:
    """Size and grey pixels of a small ruled page with bars where text would be."""
    width, height = 300, 200
    rows = [bytearray(b"\xf0" * width) for _ in range(height)]
    for y in range(20, 181, 32):
        rows[y][20:281] = b"\x10" * 261
    for x in range(20, 281, 65):
        for y in range(20, 181):
            rows[y][x] = 16
    for y in range(30, 180, 32):
        for x in range(30, 270, 65):
            for line in range(y, y + 10):
                rows[line][x : x + 30 : 3] = b"\x20" * 10
    return (width, height), b"".join(rows)


def image_files() -> list[bytes]:
    """PNG, BMP, and a PDF page that is a picture."""
    (width, height), grey = picture()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\x00" + grey[y * width : (y + 1) * width] for y in range(height))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    palette = b"".join(bytes((n, n, n, 0)) for n in range(256))
    body = b"".join(grey[y * width : (y + 1) * width] for y in reversed(range(height)))
    bmp = b"BM" + struct.pack("<IHHI", 54 + 1024 + len(body), 0, 0, 54 + 1024) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, len(body), 2835, 2835, 256, 0)
    return [png, bmp + palette + body, picture_pdf()]


def zip_files() -> list[bytes]:
    """An archive of a report and its attachment."""
    return [packed({"正文.txt": text_files()[0], "附表.docx": docx_files()[0], "附件/附2.html": html_files()[0]}, method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]


def packed(files: dict[str, bytes], method: int) -> bytes:
    """A ZIP file of these, always the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, method)
    return stream.getvalue()


def compound_of(streams: dict[str, bytes]) -> bytes:
    """An OLE file with these streams at its top, each at least 4,096 bytes (they are filled up)."""
    sector = 512
    bodies = [data + bytes(max(4096 - len(data), 0) + -max(len(data), 4096) % sector) for data in streams.values()]
    used = sum(len(body) // sector for body in bodies)
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    table: list[int] = [0xFFFFFFFD, 0xFFFFFFFE]
    start = 2
    names = list(streams)
    for number, (name, body) in enumerate(zip(names, bodies, strict=True), 1):
        after = number + 1 if number < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, start, len(body), right=after))
        count = len(body) // sector
        table += [*range(start + 1, start + count), 0xFFFFFFFE]
        start += count
    assert used + 2 <= 128 and len(entries) <= 4, "one sector of each must do"
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = b"".join(entries) + _entry("", 0, 0, 0) * (4 - len(entries))
    return head + struct.pack("<128I", *table) + directory + b"".join(bodies)


def _entry(name: str, kind: int, start: int, size: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00" if name else b""
    return text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def xls_files() -> list[bytes]:
    """A BIFF8 workbook with one sheet of labels and numbers."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def label(row: int, column: int, text: str) -> bytes:
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))

    cells = b""
    for r, row in enumerate((*[(line,) for line in LINES], HEADER, *ROWS)):
        for c, text in enumerate(row):
            cells += record(0x0203, struct.pack("<HHHd", r, c, 0, float(text.replace(",", "")))) if "." in text else label(r, c, text)
    cells += record(0x00E5, struct.pack("<HHHHH", 1, 0, 0, 0, 5))
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)) + cells + record(0x000A)
    name = "01".encode("latin-1")
    bound = len(begin) + 4 + 8 + len(name) + 4
    workbook = begin + record(0x0085, struct.pack("<IBBBB", bound, 0, 0, len(name), 0) + name) + record(0x000A) + sheet
    return [compound_of({"Workbook": workbook})]


def doc_files() -> list[bytes]:
    """A Word 97 document: a header block and its text in one piece, a table among it."""
    table = "".join("".join(cell + "\x07" for cell in row) + "\x07" for row in (HEADER, *ROWS))
    text = "\r".join(LINES) + "\r" + table + "完\r"
    body = text.encode("utf-16-le")
    pieces = b"\x02" + struct.pack("<I", 16) + struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, 2048, 0)
    head = bytearray(2048)
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, 193, 0, 0x0804, 0, 0x0200)
    struct.pack_into("<H", head, 32, 14)
    struct.pack_into("<H", head, 62, 22)
    struct.pack_into("<I", head, 64 + 3 * 4, len(text))
    struct.pack_into("<H", head, 152, 93)
    struct.pack_into("<II", head, 154 + 33 * 8, 0, len(pieces))
    return [compound_of({"WordDocument": bytes(head) + body, "1Table": pieces})]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "text": text_files, "html": html_files, "mht": mht_files, "docx": docx_files, "doc": doc_files,
    "xlsx": xlsx_files, "xls": xls_files, "pdf": pdf_files, "image": image_files, "zip": zip_files,
}  # fmt: skip
"""Reader -> the files it is fuzzed with."""
