"""--pdf: the original PDF file with a removable annotation on every figure the findings use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.documents.pdf.orientation import Frame
from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.annotated.appearance import COLOURS, FONT, NOTE_SIZE, SHADE, box_drawing, note_drawing
from juesuan_rules.outputs.annotated.appending import Reference, appended, serialised
from juesuan_rules.outputs.annotated.geometry import UPRIGHT_MATRIX, Box, grown, to_file, to_upright, union
from juesuan_rules.outputs.annotated.labelling import MARGIN, REACH, placed_label
from juesuan_rules.outputs.annotated.marks import Mark, Marks, find_marks
from juesuan_rules.outputs.annotated.original import Original, open_original
from juesuan_rules.outputs.annotated.wording import AUTHOR, TOPIC, mark_text, note_text
from juesuan_rules.outputs.errors import OutputUnavailable
from juesuan_rules.outputs.files import write_whole
from juesuan_rules.outputs.pages import PageKey, Pages, open_pages
from juesuan_rules.outputs.provenance_lines import provenance_lines

_PRINTED = 4
"""Flag of an annotation that is printed, too."""
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:([+-]\d\d):(\d\d))?")
_PREFIX = "juesuan-rules-"


def write_annotated(subject: Subject, material: Material, target: Path) -> None:
    """Write the marked PDF file. Raises OutputUnavailable where the report is no PDF, or one that cannot be annotated."""
    write_whole(target, marked_pdf(subject, provenance_lines(material), str(material.provenance.get("time", ""))))


def marked_pdf(subject: Subject, provenance: Sequence[tuple[str, str]] = (), time: str = "") -> bytes:
    """The bytes of the marked file. provenance: lines for the note on the first page. time: ISO 8601, or ""."""
    report = subject.report
    if report.parts or report.source.format != "pdf":
        what = "由几个文件合成" if report.parts else "不是 PDF 文件"
        raise OutputUnavailable(f"报告{what}，没有可以加批注的原件；请看网页结果（--html）")
    pages = open_pages(subject)
    if pages is None:
        raise OutputUnavailable("原 PDF 打不开或不宜显示，不能加批注；请用阅读器打开后另存再试")
    with pages:
        try:
            data = subject.paths[0].read_bytes()
        except OSError:
            raise OutputUnavailable("原 PDF 读不到了，不能加批注") from None
        original = open_original(data)
        if len(original.pdf.pages) != len(pages.pages):
            raise OutputUnavailable("原 PDF 的页次有损坏，不能加批注；请用阅读器打开后另存再试")
        marks = find_marks(subject, pages)
        note = note_text(subject, marks, provenance, original.remarks)
        return _Annotator(original, pages, _pdf_time(time)).annotated(marks, note)


class _Sheet(msgspec.Struct):
    """A page being annotated: its object, how it lies, boxes of the labels on the upright page."""

    page: Any
    frame: Frame
    labels: list[Box] = []


class _Annotator:
    """Adds annotations to an open file and gives it back, appended to or, where its index is damaged, saved anew."""

    def __init__(self, original: Original, pages: Pages, time: str) -> None:
        self._original = original
        self._pages = pages
        self._time = time
        self._new: list[Any] = []
        self._changed: list[Any] = []
        self._resources: Any = None

    def annotated(self, marks: Marks, note: str) -> bytes:
        """The file with these marks and the note on its first page."""
        first = self._pages.pages[0]
        for key in sorted({first, *marks.pages}, key=lambda key: key.page):
            sheet = self._sheet(key)
            annotations = list(self._marked(key, sheet, marks.pages.get(key, [])))
            if key == first:
                annotations.append(self._note(key, sheet, note, _worst(marks)))
            self._attach(sheet.page.obj, annotations)
        return self._appended() if self._original.sound else self._saved()

    def _sheet(self, key: PageKey) -> _Sheet:
        text = self._pages.text(key)
        assert text is not None, "页是 PDF 的"
        return _Sheet(self._original.pdf.pages[key.page - 1], text.frame)

    def _marked(self, key: PageKey, sheet: _Sheet, marks: Sequence[Mark]) -> Iterator[Any]:
        text = self._pages.text(key)
        figures = [to_upright(sheet.frame, mark.box) for mark in marks]
        for number, (mark, figure) in enumerate(zip(marks, figures, strict=True), start=1):
            printed = [to_upright(sheet.frame, b) for b in text.boxes_near(grown(mark.box, REACH))] if text is not None else []
            label, spot = placed_label(mark, figure, sheet.frame.size, printed, [b for b in figures if b is not figure], sheet.labels)
            sheet.labels.append(spot)
            box = grown(figure, MARGIN)
            whole = union(box, spot)
            drawing = box_drawing(whole, box, spot, label, mark.severity, mark.loose)
            annotation = self._annotation("/Square", sheet, whole, drawing, mark_text(mark), f"{key.page}-{number}", mark.severity)
            outer, inner = to_file(sheet.frame, whole), to_file(sheet.frame, box)
            annotation["/RD"] = [_rounded(inner[0] - outer[0]), _rounded(inner[1] - outer[1]), _rounded(outer[2] - inner[2]), _rounded(outer[3] - inner[3])]
            annotation["/BS"] = self._dictionary({"/W": 1, "/S": self._name("/D" if mark.loose else "/S")})
            yield annotation

    def _note(self, key: PageKey, sheet: _Sheet, note: str, severity: str) -> Any:
        width, _ = sheet.frame.size
        text = self._pages.text(key)
        tops = [(x, 8.0) for x in (width - NOTE_SIZE - 8.0, 8.0, width / 2, width / 4, 3 * width / 4)]
        spots = [(max(0.0, x), y, max(0.0, x) + NOTE_SIZE, y + NOTE_SIZE) for x, y in tops]
        free = [s for s in spots if text is None or not text.boxes_near(sheet.frame.displayed(s))]
        # A stamp and no sticky note: viewers turn and size notes in ways of their own.
        annotation = self._annotation("/Stamp", sheet, (free or spots)[0], note_drawing(severity), note, "0", severity)
        annotation["/Name"] = self._name("/JuesuanRules")
        return annotation

    def _annotation(self, kind: str, sheet: _Sheet, whole: Box, drawing: bytes, text: str, name: str, severity: str) -> Any:
        import pikepdf

        pdf = self._original.pdf
        form = pikepdf.Stream(pdf, drawing)
        form["/Type"], form["/Subtype"] = self._name("/XObject"), self._name("/Form")
        form["/BBox"] = [0, 0, _rounded(whole[2] - whole[0]), _rounded(whole[3] - whole[1])]
        form["/Matrix"] = [int(part) for part in UPRIGHT_MATRIX[sheet.frame.turns].split()]
        form["/Resources"] = self._shared()
        appearance = pdf.make_indirect(form)
        entries: dict[str, Any] = {
            "/Type": self._name("/Annot"),
            "/Subtype": self._name(kind),
            "/Rect": [_rounded(side) for side in to_file(sheet.frame, whole)],
            "/P": sheet.page.obj,
            "/F": _PRINTED,
            "/C": [_rounded(part) for part in COLOURS[severity]],
            "/AP": self._dictionary({"/N": appearance}),
            "/Contents": pikepdf.String(text),
            "/T": pikepdf.String(AUTHOR),
            "/Subj": pikepdf.String(TOPIC),
            "/NM": pikepdf.String(_PREFIX + name),
        }
        if self._time:
            entries["/M"] = entries["/CreationDate"] = pikepdf.String(self._time)
        annotation = pdf.make_indirect(self._dictionary(entries))
        self._new += [appearance, annotation]
        return annotation

    def _shared(self) -> Any:
        """The resources of all appearances: a font that every viewer has, and a state for see-through fills."""
        if self._resources is None:
            name = self._name
            font = {"/Type": name("/Font"), "/Subtype": name("/Type1"), "/BaseFont": name("/Helvetica-Bold"), "/Encoding": name("/WinAnsiEncoding")}
            shade = {"/Type": name("/ExtGState"), "/ca": _rounded(0.13)}
            resources = {"/Font": self._dictionary({f"/{FONT}": self._dictionary(font)}), "/ExtGState": self._dictionary({f"/{SHADE}": self._dictionary(shade)})}
            self._resources = self._original.pdf.make_indirect(self._dictionary(resources))
            self._new.append(self._resources)
        return self._resources

    def _attach(self, page: Any, annotations: Sequence[Any]) -> None:
        """Lists the annotations with those the page has; the list is the page's own from then on."""
        import pikepdf

        before = page.get("/Annots", None)
        page["/Annots"] = pikepdf.Array([*(before if isinstance(before, pikepdf.Array) else []), *annotations])
        self._changed.append(page)

    def _appended(self) -> bytes:
        original = self._original
        objects: dict[Reference, bytes] = {tuple(thing.objgen): serialised(thing) for thing in (*self._changed, *self._new)}
        trailer = {name: bytes(original.pdf.trailer[name].unparse()) for name in ("/Root", "/Info") if name in original.pdf.trailer}
        identity = original.pdf.trailer.get("/ID", None)
        first = bytes(identity[0]) if identity is not None and len(identity) else b""
        return appended(original.data, objects, trailer, first, original.objects, original.last_index, original.in_stream)

    def _saved(self) -> bytes:
        import io

        import pikepdf

        buffer = io.BytesIO()
        self._original.pdf.save(
            buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False, recompress_flate=False, normalize_content=False, deterministic_id=True
        )
        return buffer.getvalue()

    def _dictionary(self, entries: dict[str, Any]) -> Any:
        import pikepdf

        return pikepdf.Dictionary(entries)

    def _name(self, name: str) -> Any:
        import pikepdf

        return pikepdf.Name(name)


def _worst(marks: Marks) -> str:
    found = {mark.severity for page in marks.pages.values() for mark in page}
    return next((severity for severity in ("error", "warning", "info") if severity in found), "")


def _rounded(number: float) -> Any:
    from decimal import Decimal

    return Decimal(f"{number:.2f}")


def _pdf_time(time: str) -> str:
    """D:20240131093000+08'00' for 2024-01-31T09:30:00+08:00; "" for what is no such time."""
    found = _TIME.match(time)
    if found is None:
        return ""
    zone = f"{found.group(7)}'{found.group(8)}'" if found.group(7) else ""
    return "D:" + "".join(found.groups()[:6]) + zone
