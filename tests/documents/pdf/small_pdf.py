"""Small PDF files made by hand: lines, rectangles and text at places counted from the top left."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

A4 = (595.0, 842.0)

_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[%d 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    b"/FontDescriptor %d 0 R/DW 1000/W[1 95 500 814 939 500]>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
)


def file_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of the objects 1, 2 …; the first is the catalog."""
    out = b"%PDF-1.5\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


def stream(body: bytes, entries: bytes = b"", packed: bool = True) -> bytes:
    """A stream object."""
    if packed:
        body, entries = zlib.compress(body), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(body), body)


def width_of(text: str, size: float) -> float:
    """How wide a text is drawn: Latin characters are half as wide as Chinese ones."""
    return sum(size * (0.5 if letter.isascii() else 1.0) for letter in text)


class Page:
    """A page being drawn. turn: /Rotate of the page. sideways: draws everything turned a quarter, without /Rotate."""

    def __init__(self, size: tuple[float, float] = A4, turn: int = 0, sideways: bool = False) -> None:
        self.width, self.height = size
        self.turn = turn
        self._sideways = sideways
        self._body: list[str] = []
        self.pictures: list[bytes] = []

    def raw(self, commands: str) -> Page:
        """Adds drawing commands as they are, y upwards."""
        self._body.append(commands)
        return self

    def text(self, x: float, y: float, text: str, size: float = 10.0, mode: int = 0, grey: float = 0.0, matrix: str = "1 0 0 1") -> Page:
        """Writes `text` with its left end at x and its baseline at y."""
        code = text.encode("utf-16-be", "surrogatepass").hex()
        return self.raw(f"q {grey} g BT /F {size} Tf {mode} Tr {matrix} {x} {self.height - y} Tm <{code}> Tj ET Q")

    def right(self, x: float, y: float, text: str, size: float = 10.0) -> Page:
        """Writes `text` with its right end at x."""
        return self.text(x - width_of(text, size), y, text, size)

    def line(self, x0: float, y0: float, x1: float, y1: float, style: str = "0.5 w") -> Page:
        """Draws a line."""
        return self.raw(f"q {style} {x0} {self.height - y0} m {x1} {self.height - y1} l S Q")

    def bar(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0.0) -> Page:
        """Fills a rectangle."""
        return self.raw(f"q {grey} g {x0} {self.height - y1} {x1 - x0} {y1 - y0} re f Q")

    def picture(self, x0: float, y0: float, x1: float, y1: float, size: tuple[int, int], pixels: bytes) -> Page:
        """Shows a picture of so many pixels across and down: grey, or red, green, blue."""
        space = b"/DeviceGray" if len(pixels) == size[0] * size[1] else b"/DeviceRGB"
        self.pictures.append(stream(pixels, b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace%s/Width %d/Height %d" % (space, *size)))
        return self.raw(f"q {x1 - x0} 0 0 {y1 - y0} {x0} {self.height - y1} cm /I{len(self.pictures) - 1} Do Q")

    def table(self, x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str]], height: float = 20.0, bars: bool = False) -> Page:
        """Draws a ruled table: "<" in a cell is merged to the left, "^" to the one above. Figures stand right."""
        xs = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                top, left = y + r * height, xs[c]
                if text not in ("<", "^"):
                    right = c + 1
                    while right < len(row) and row[right] == "<":
                        right += 1
                    self._cell(left, top, xs[right], top + height, text)
                if text != "^":
                    self._rule(left, top, xs[c + 1], top, bars)
                if text != "<":
                    self._rule(left, top, left, top + height, bars)
            self._rule(xs[-1], y + r * height, xs[-1], y + (r + 1) * height, bars)
        self._rule(x, y + len(rows) * height, xs[-1], y + len(rows) * height, bars)
        return self

    def _cell(self, x0: float, y0: float, x1: float, y1: float, text: str) -> None:
        if text[:1].isdigit() and "." in text:
            self.right(x1 - 3, y1 - 6, text)
        elif text:
            self.text(x0 + 3, y1 - 6, text)

    def _rule(self, x0: float, y0: float, x1: float, y1: float, bar: bool) -> None:
        if bar:
            self.bar(x0 - 0.25, y0 - 0.25, x1 + 0.25, y1 + 0.25)
        else:
            self.line(x0, y0, x1, y1)

    def content(self) -> bytes:
        """The commands of the page."""
        turned = f"0 1 -1 0 {self.height} 0 cm" if self._sideways else ""
        return "\n".join([turned, *self._body]).encode()

    @property
    def box(self) -> tuple[float, float]:
        """Width and height of the paper."""
        return (self.height, self.width) if self._sideways else (self.width, self.height)


def pdf_of(*pages: Page, trailer: bytes = b"") -> bytes:
    """A PDF file of pages."""
    count = len(pages)
    font = 3 + 2 * count
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(count)))]
    shown = font + 3
    for n, page in enumerate(pages):
        images = b"".join(b"/I%d %d 0 R" % (k, shown + k) for k in range(len(page.pictures)))
        shown += len(page.pictures)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %f %f]/Rotate %d/Contents %d 0 R/Resources<</Font<</F %d 0 R>>/XObject<<%s>>>>>>"
            % (*page.box, page.turn, 4 + 2 * n, font, images)
        )
        objects.append(stream(page.content()))
    objects += [_FONT[0] % (font + 1), _FONT[1] % (font + 2), _FONT[2], *(picture for page in pages for picture in page.pictures)]
    return file_of(objects, trailer)
