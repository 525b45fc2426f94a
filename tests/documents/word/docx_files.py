"""Small .docx files made in the test: the body as WordprocessingML, everything else as little as Word needs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.documents.open import open_document

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def document_xml(body: str) -> str:
    """word/document.xml with `body` inside."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>'


def arrows(**targets: str) -> str:
    """A relationships part: kind="target"; a target with :// lies outside the file."""
    found = []
    for number, (kind, target) in enumerate(targets.items(), 1):
        outside = ' TargetMode="External"' if "://" in target else ""
        found.append(f'<Relationship Id="r{number}" Type="{RELATIONSHIP}{kind}" Target="{target}"{outside}/>')
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(found)}</Relationships>'


def make_docx(body: str, parts: dict[str, str | bytes] | None = None, **targets: str) -> bytes:
    """A .docx file. parts: further parts by name; targets: relationships of the document."""
    contents: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": arrows(officeDocument="word/document.xml"),
        "word/_rels/document.xml.rels": arrows(**targets),
        "word/document.xml": document_xml(body) if not body.startswith("<?xml") else body,
        **(parts or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return stream.getvalue()


def read(tmp_path: Path, data: bytes, name: str = "决算.docx") -> Document:
    """The file written and opened as a user's file is."""
    path = tmp_path / name
    path.write_bytes(data)
    return open_document(path)


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(content: str, properties: str = "") -> str:
    """A paragraph: of plain text, or of runs when `content` is markup."""
    inner = content if content.startswith("<") or not content else run(content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def cell(content: str = "", properties: str = "") -> str:
    """A table cell: of plain text, or of paragraphs when `content` is markup."""
    inner = content if content.startswith("<w:") else para(content)
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A table row of cells, given as text or markup."""
    inner = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def table(*rows: str, widths: tuple[int, ...] = ()) -> str:
    """A table of rows, over grid columns of those widths."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def texts(document: Document) -> list[str]:
    """The running text, block by block."""
    return [block.text for block in document.blocks if isinstance(block, TextBlock)]


def grids(document: Document) -> list[list[list[str]]]:
    """The texts of every grid."""
    return [[[one.text for one in line] for line in block.rows] for block in document.blocks if isinstance(block, GridBlock)]


def spans(document: Document) -> dict[str, tuple[int, int]]:
    """(columns, rows) of every merged cell of the document, by its text."""
    found = {}
    for block in document.blocks:
        if isinstance(block, GridBlock):
            found.update({one.text: (one.colspan, one.rowspan) for line in block.rows for one in line if (one.colspan, one.rowspan) != (1, 1)})
    return found
