"""The marked PDF: original bytes first, boxes on the figures in every way a page can lie, texts, bounds, refusals."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from msgspec.structs import replace
from PIL import Image
from tests.documents.pdf.small_pdf import Page, file_of, stream
from tests.outputs.made import HOSTILE, WAIVER, finding, material
from tests.outputs.pages.marked import cells, figure_finding, figures, prose_page, subject_of, table_page, written
from tests.outputs.pages.test_spots import SHAPES

from juesuan_rules.findings import Decision, Finding, Operand
from juesuan_rules.material import Subject
from juesuan_rules.outputs.annotated.annotate import marked_pdf, write_annotated
from juesuan_rules.outputs.annotated.marks import MOST, MOST_ON_PAGE
from juesuan_rules.outputs.errors import OutputUnavailable
from juesuan_rules.reports.model import Report

OURS = "juesuan-rules"


def one_finding(report: Report) -> list[Finding]:
    """A finding of every cell with an amount."""
    return [figure_finding(*[operand for operand in cells(report) if "." in operand.raw])]


class Seen(msgspec.Struct, frozen=True):
    """An annotation as another library reads it. box: of the figure, without the room for the label, in the file."""

    page: int
    kind: str
    text: str
    author: str
    name: str
    keys: tuple[str, ...]
    rect: tuple[float, ...]
    box: tuple[float, ...] = ()
    colour: tuple[float, ...] = ()
    matrix: tuple[int, ...] = ()
    size: tuple[float, ...] = ()
    time: str = ""


def seen(data: bytes) -> list[Seen]:
    """The annotations of a file, page by page."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return [_seen(number, one) for number, page in enumerate(file.pages, start=1) for one in page.get("/Annots", [])]


def _seen(page: int, one: Any) -> Seen:
    def numbers(key: str) -> tuple[float, ...]:
        return tuple(float(part) for part in one.get(key, []))

    rect, rd = numbers("/Rect"), numbers("/RD")
    box = (rect[0] + rd[0], rect[1] + rd[1], rect[2] - rd[2], rect[3] - rd[3]) if rd else rect
    form = one.AP.N if "/AP" in one else None
    matrix = tuple(int(part) for part in form.Matrix)[:4] if form is not None else ()
    size = tuple(float(part) for part in form.BBox)[2:] if form is not None else ()
    text, author, name, time_ = (str(one.get(key, "")) for key in ("/Contents", "/T", "/NM", "/M"))
    return Seen(page, str(one.Subtype), text, author, name, tuple(one.keys()), rect, box, numbers("/C"), matrix, size, time_)


def marks_of(data: bytes) -> list[Seen]:
    """The boxes, in the order of the file."""
    return [one for one in seen(data) if one.kind == "/Square"]


def note_of(data: bytes) -> str:
    """The text of the note on the first page."""
    (note,) = [one for one in seen(data) if one.kind == "/Stamp"]
    assert note.page == 1
    return note.text


def text_in(data: bytes, page: int, box: tuple[float, ...]) -> str:
    """Characters whose middles lie in a box of the file."""
    import pypdfium2

    text = pypdfium2.PdfDocument(data)[page - 1].get_textpage()
    found = []
    for at in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(at)
        if box[0] <= (left + right) / 2 <= box[2] and box[1] <= (bottom + top) / 2 <= box[3]:
            found.append(text.get_text_range(at, 1))
    return "".join(found).strip()


def sound(data: bytes) -> list[str]:
    """What qpdf has to say against the file."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return [str(one) for one in (*file.check_pdf_syntax(), *file.get_warnings())]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_boxes_lie_on_the_figures_however_the_page_lies(tmp_path: Path, shape: dict[str, object]) -> None:
    path = written(tmp_path, table_page(**shape))
    subject = subject_of(path, findings=one_finding)
    data = marked_pdf(subject)
    operands = subject.full.findings[0].operands or ()
    marks = marks_of(data)
    assert [text_in(data, one.page, one.box) for one in marks] == [operand.raw for operand in operands] and len(marks) == 8
    assert all(min(one.rect) >= 0 and max(one.rect) <= 842 for one in marks)
    assert sound(data) == []


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_label_is_upright_for_who_reads_the_text(tmp_path: Path, shape: dict[str, object]) -> None:
    """Its appearance is turned with the text, and as wide as its rectangle: nothing is stretched."""
    path = written(tmp_path, table_page(**shape))
    one = marks_of(marked_pdf(subject_of(path, findings=one_finding)))[0]
    turns = 1 if shape.get("sideways") else 0
    assert one.matrix == [(1, 0, 0, 1), (0, 1, -1, 0)][turns], "沿着文字的方向"
    width, height = one.size
    shown = (one.rect[2] - one.rect[0], one.rect[3] - one.rect[1])
    assert shown == pytest.approx((height, width) if turns % 2 else (width, height), abs=0.03)


def test_the_original_is_the_beginning_and_its_pages_are_untouched(tmp_path: Path) -> None:
    path = written(tmp_path, table_page(), prose_page("第二部分 情况说明", "　　没有数字。"))
    subject = subject_of(path, findings=one_finding)
    before, data = path.read_bytes(), marked_pdf(subject)
    assert data.startswith(before) and len(data) - len(before) < 20_000
    old, new = pikepdf.open(io.BytesIO(before)), pikepdf.open(io.BytesIO(data))
    for was, now in zip(old.pages, new.pages, strict=True):
        assert was.Contents.read_raw_bytes() == now.Contents.read_raw_bytes()
        assert was.Resources.unparse(resolved=True) == now.Resources.unparse(resolved=True)
        assert {key for key in now.obj if key != "/Annots"} == set(was.obj.keys())
    assert "/Annots" not in new.pages[1].obj, "没有标注的页不动"


def test_annotations_of_the_page_stay_and_ours_can_be_told_and_removed(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    with pikepdf.open(path, allow_overwriting_input=True) as file:
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
        file.pages[0].Annots = file.make_indirect(pikepdf.Array([file.make_indirect(link)]))
        file.save(path)
    data = marked_pdf(subject_of(path, findings=one_finding))
    ours = [one for one in seen(data) if one.author == OURS]
    assert len(seen(data)) == 1 + len(ours) == 1 + 8 + 1
    assert all(one.name.startswith(OURS) and one.size for one in ours) and len({one.name for one in ours}) == len(ours)


def test_an_annotation_says_what_is_wrong_with_formula_basis_and_verdict(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())

    def made(report: Report) -> list[Finding]:
        decision = Decision("属实", "李审计", "2026-01-02", "已核对原件")
        return [figure_finding(*[o for o in cells(report) if o.raw == "204.50"], decision=decision), figure_finding(*[o for o in cells(report) if o.raw == "204.50"][:1], waiver=WAIVER)]

    marks = marks_of(marked_pdf(subject_of(path, findings=made)))
    text = marks[0].text
    for said in ("1-① 不符（错误） A01-2 总表：本年支出合计等于各类支出之和", "相差 0.09 万元", "算式：总表.支出 == 支出表.支出", "代入：1,966.23 == 1,966.32",
                 "差额：0.09万元（允许 0.01万元）", "依据：预算法 第七十五条；审核口径（未核验）", "复核：属实，李审计 2026-01-02：已核对原件", "2-① 不符（已豁免）", "豁免："):  # fmt: skip
        assert said in text, said
    assert len(marks) == 2, "两项发现共用的数只画一个框"


def test_severity_tells_the_colour_and_a_waiver_makes_it_grey(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())

    def made(report: Report) -> list[Finding]:
        operands = [operand for operand in cells(report) if "." in operand.raw]
        kinds = ({"severity": "error"}, {"severity": "warning"}, {"severity": "info"}, {"severity": "error", "waiver": WAIVER})
        return [figure_finding(operand, **changes) for operand, changes in zip(operands, kinds, strict=False)]

    red, orange, blue, grey = [one.colour for one in marks_of(marked_pdf(subject_of(path, findings=made)))]
    assert red[0] > 0.6 > red[1] and red[2] < 0.2 and orange[0] > orange[1] > orange[2] and blue[2] > 0.6 > blue[0] and len(set(grey)) == 1


def test_the_note_on_the_first_page_tells_conclusion_legend_and_provenance(tmp_path: Path) -> None:
    path = written(tmp_path, prose_page("第一部分 概况"), table_page())
    subject = subject_of(path, findings=lambda report: [*one_finding(report), figure_finding(Operand("上年.总表[合计].金额", "1.00", "1.00", "万元", cells(report)[0].place))])
    target = tmp_path / "标注.pdf"
    write_annotated(subject, material(subject.result), target)
    text = note_of(target.read_bytes())
    for said in ("结论：不符 1", "结果摘要：sha256:", "程序：juesuan-rules", "作者都是 juesuan-rules", "8 处数字", "没有可标位置的发现（缺表、缺行，或数字在别的文件里）：2"):
        assert said in text, said
    assert all(one.time.startswith("D:20") for one in seen(target.read_bytes()))
    assert {one.page for one in marks_of(target.read_bytes())} == {2}


@pytest.mark.parametrize("text", HOSTILE[::3])
def test_hostile_texts_stay_texts(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, table_page())

    def made(report: Report) -> list[Finding]:
        first = replace(cells(report)[0], name=text, note=text, corrected=text)
        return [finding(title=text, check=text, sentence=text, formula=text, filled=text, operands=(first,), unit=text)]

    data = marked_pdf(subject_of(path, findings=made), [("程序", text)])
    assert sound(data) == []
    assert len(seen(data)) == 2 and not any({"/A", "/AA"} & set(one.keys) for one in seen(data))
    for one in seen(data):
        assert not any(letter in one.text for letter in "\x00\x1b\u202e\u2066\u200b\ufeff")


def saved_as(path: Path, **options: object) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(path) as file:
        file.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


KINDS: dict[str, dict[str, object]] = {
    "table": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    "streams": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    "linearised": {"linearize": True},
    "linearised streams": {"linearize": True, "object_stream_mode": pikepdf.ObjectStreamMode.generate},
}


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_every_kind_of_index_is_continued_in_kind(tmp_path: Path, options: dict[str, object], needs: Callable[[str], str]) -> None:
    path = written(tmp_path, table_page(turn=90))
    before = saved_as(path, **options)
    path.write_bytes(before)
    data = marked_pdf(subject_of(path, findings=one_finding))
    assert data.startswith(before) and sound(data) == [] and len(marks_of(data)) == 8
    tail = data[len(before) :]
    assert (b"/Type/XRef" in tail) == ("generate" in str(options)) and (b"\nxref\n" in tail) != (b"/Type/XRef" in tail)
    second = marked_again(path, data)
    assert second.startswith(data) and sound(second) == [] and len(marks_of(second)) == 16, "标过的文件还能再标"
    (tmp_path / "标注.pdf").write_bytes(data)
    done = subprocess.run([needs("pdftoppm"), "-r", "50", "-png", str(tmp_path / "标注.pdf"), str(tmp_path / "页")], capture_output=True, text=True, check=True)
    assert "rror" not in done.stderr
    image = Image.open(next(tmp_path.glob("页*.png"))).convert("RGB")
    assert any(red > 150 and green < 90 for _, (red, green, _) in image.getcolors(1 << 20) or []), "另一个阅读器画出了红框"


def marked_again(path: Path, data: bytes) -> bytes:
    path.write_bytes(data)
    return marked_pdf(subject_of(path, findings=one_finding))


def test_a_file_with_a_damaged_index_is_saved_anew_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    broken = path.read_bytes().replace(b"startxref\n", b"startxref\n9")
    path.write_bytes(broken)
    data = marked_pdf(subject_of(path, findings=one_finding))
    assert not data.startswith(broken) and sound(data) == [] and len(marks_of(data)) == 8
    assert "索引有损坏" in note_of(data)
    with pikepdf.open(io.BytesIO(data)) as saved, pikepdf.open(written(tmp_path, table_page())) as original:
        assert saved.pages[0].Contents.read_raw_bytes() == original.pages[0].Contents.read_raw_bytes()


def form_file(entries: bytes, catalog: bytes = b"") -> bytes:
    """A PDF file with a form and a table of one figure."""
    content = Page().text(60, 60, "第一部分 概况").table(50, 100, [90, 90], [["项目", "金额"], ["甲", "1.00"], ["乙", "2.00"]]).content()
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>"
    kid = b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/W[1 95 500]>>"
    return file_of([
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<<%s/Fields[]>>%s>>" % (entries, catalog), b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>", stream(content), font, kid,
    ])  # fmt: skip


def test_a_signed_file_keeps_the_signed_bytes_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "报告.pdf"
    path.write_bytes(form_file(b"/SigFlags 3", b"/Perms<</DocMDP<</Type/Sig>>>>"))
    data = marked_pdf(subject_of(path, findings=one_finding))
    assert data.startswith(path.read_bytes())
    text = note_of(data)
    assert "有电子签名：批注追加在签名之后" in text and "认证" in text


def refusal(subject: Subject) -> str:
    with pytest.raises(OutputUnavailable) as caught:
        marked_pdf(subject)
    return str(caught.value.message)


def test_what_cannot_be_annotated_is_refused_with_its_reason(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    plain = path.read_bytes()
    path.write_bytes(form_file(b"/XFA(x)", b"/NeedsRendering true"))
    assert "XFA" in refusal(subject_of(path))
    path.write_bytes(plain)
    path.write_bytes(saved_as(path, encryption=pikepdf.Encryption(owner="锁", user="")))
    assert "使用限制" in refusal(subject_of(path))
    path.write_bytes(plain)
    (tmp_path / "报告.txt").write_text("第一部分 概况\n", "utf-8")
    assert "不是 PDF" in refusal(subject_of(tmp_path / "报告.txt"))
    with zipfile.ZipFile(tmp_path / "报告.zip", "w") as archive:
        archive.writestr("a.pdf", plain)
    assert "合成" in refusal(subject_of(tmp_path / "报告.zip"))
    (tmp_path / "二.pdf").write_bytes(plain)
    assert "合成" in refusal(subject_of(path, tmp_path / "二.pdf"))
    subject = subject_of(path)
    path.write_bytes(plain + b"\n% changed\n")
    assert "打不开" in refusal(subject)
    path.unlink()
    assert "打不开" in refusal(subject)


def test_a_figure_over_two_lines_has_two_boxes_with_the_same_number(tmp_path: Path) -> None:
    path = written(tmp_path, prose_page("第二部分 情况说明", "　　本部门本年收入合计金额为人民币壹拾贰万叁仟肆佰元，即支出合计为1,23", "4.56万元，全部是基本支出，没有项目支出，与上年持平，没有变化。"))
    data = marked_pdf(subject_of(path, findings=lambda report: [figure_finding(figures(report)[0][1])]))
    assert [text_in(data, one.page, one.box) for one in marks_of(data)] == ["1,23", "4.56"]


def test_ten_thousand_findings_are_bounded_and_told(tmp_path: Path) -> None:
    rows = [["项目", *[f"第{n}栏" for n in range(8)]], *[[f"项{r}", *[f"{r}{c}.{c}0" for c in range(8)]] for r in range(34)]]
    path = written(tmp_path, *[Page(size=(842.0, 700.0)).table(20, 10, [60.0] + [90.0] * 8, rows, 19.0) for _ in range(3)])

    def made(report: Report) -> list[Finding]:
        operands = [operand for operand in cells(report) if "." in operand.raw]
        return [figure_finding(operands[n % len(operands)], operands[(n * 7 + 1) % len(operands)]) for n in range(10_000)]

    subject = subject_of(path, findings=made)
    data = marked_pdf(subject)
    assert len(data) - path.stat().st_size < 6_000_000
    marks = marks_of(data)
    assert len(marks) == 3 * MOST_ON_PAGE <= MOST and sound(data) == []
    text = note_of(data)
    assert f"每页至多 {MOST_ON_PAGE} 处" in text and "处没有画出" in text
    assert max(len(one.text) for one in marks) < 4_000


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    subject = subject_of(path, findings=one_finding)
    once, twice = (marked_pdf(subject, [("程序", "x")], "2026-01-31T09:30:00+08:00") for _ in range(2))
    assert once == twice and {one.time for one in seen(once)} == {"D:20260131093000+08'00'"}
    assert {one.time for one in seen(marked_pdf(subject))} == {""}
