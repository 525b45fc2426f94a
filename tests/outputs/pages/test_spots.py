"""Boxes lie on the very figure: each box is cropped out of the page by another reader and read back."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.documents.pdf.small_pdf import Page, file_of, pdf_of, stream
from tests.outputs.pages.marked import ROWS, WIDTHS, cells, figures, grids_of, inside, moved, prose_page, subject_of, table_page, written

from juesuan_rules.documents.model import NOWHERE
from juesuan_rules.documents.open import open_document
from juesuan_rules.findings import Operand
from juesuan_rules.outputs.pages import PageKey, Pages, open_pages
from juesuan_rules.reports.model import BlockData, Prose, Row, Table

SHAPES = {
    "upright": {},
    **{f"turned {turn}": {"turn": turn} for turn in (90, 180, 270)},
    "drawn sideways": {"sideways": True},
    "drawn sideways and turned": {"sideways": True, "turn": 90},
}


LINES = (
    "　　本年收入合计593.72万元，支出合计593.72万元，其中基本支出580.61万元，项目支出",
    "13.11万元。与上年相比，收入增加593.72万元，支出增加12.00万元，占本年支出合计的12.00",
    "%，年初预算数为593.72万元，完成年初预算的100%，决算数与预算数持平，没有差异。",
    "　　政府采购支出合计593.72万元，其中政府采购货物支出593.72万元，占593.72万元的100%。",
)


def pages_of(*paths: Path) -> Pages:
    pages = open_pages(subject_of(*paths))
    assert pages is not None
    return pages


def read_back(path: Path, pages: Pages, operand: Operand) -> str:
    spots = pages.spots(operand)
    assert spots and all(spot.tight for spot in spots)
    return "".join(inside(path, spot.key.page, spot.box) for spot in spots)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_cell_is_read_back_from_its_box(tmp_path: Path, shape: dict[str, object]) -> None:
    path = written(tmp_path, table_page(**shape))
    subject = subject_of(path)
    operands = cells(subject.report)
    assert len(operands) == sum(text not in ("", "<", "^") for row in ROWS for text in row)
    with pages_of(path) as pages:
        for operand in operands:
            assert read_back(path, pages, operand) == operand.raw
            box = pages.spots(operand)[0].box
            cell = operand.place.box
            assert cell is not None and (box[2] - box[0]) * (box[3] - box[1]) < (cell[2] - cell[0]) * (cell[3] - cell[1])


def test_a_cropped_page_counts_from_its_visible_corner(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    path.write_bytes(path.read_bytes().replace(b"/Rotate 0", b"/CropBox[30 200 560 820]"))
    subject = subject_of(path)
    with pages_of(path) as pages:
        assert pages.size(PageKey(None, 1)) == (530.0, 620.0)
        for operand in cells(subject.report):
            assert read_back(path, pages, operand) == operand.raw


def test_a_figure_wrapped_in_a_narrow_cell_has_one_box_around_both_lines(tmp_path: Path) -> None:
    rows = [["项目", "金额"], ["甲", ""]]
    page = Page().table(50, 100, [60, 45], rows, 30).text(112, 142, "12,345,", 10).text(112, 154, "678.90", 10)
    path = written(tmp_path, page)
    subject = subject_of(path)
    operand = next(o for o in cells(subject.report) if o.raw.startswith("12,345"))
    with pages_of(path) as pages:
        assert len(pages.spots(operand)) == 1
        assert read_back(path, pages, operand) == "12,345,678.90"


def test_full_width_and_spaced_figures_are_found(tmp_path: Path) -> None:
    path = written(tmp_path, prose_page("第二部分 部门决算情况说明", "　　本年支出合计１，２０４．５０万元，其中基本支出 1 ,000.00 万元，项目支出不多，支出结构合理。", *LINES))
    subject = subject_of(path)
    wide, spaced = [operand for _, operand in figures(subject.report)][:2]
    with pages_of(path) as pages:
        assert read_back(path, pages, wide) == "１，２０４．５０"
        assert read_back(path, pages, spaced) == "1,000.00"


def test_the_right_one_of_equal_figures_is_found(tmp_path: Path) -> None:
    """Told by its surroundings: the boxes of all figures, equal or not, differ, and follow each other as the text does."""
    path = written(tmp_path, prose_page(*LINES))
    subject = subject_of(path)
    found = []
    for sentence in subject.report.prose.sentences:
        for figure in sentence.figures:
            report = replace(subject.report, prose=Prose((replace(sentence, figures=(figure,)),)))
            operand = Operand("文字.数", "1.00", figure.amount.raw, "万元", figure.amount.place, quote=sentence.text)
            pages = open_pages(replace(subject, report=report))
            assert pages is not None
            with pages:
                assert read_back(path, pages, operand) == operand.raw
                found.append((operand.raw, pages.spots(operand)[0].box))
    assert [raw for raw, _ in found].count("593.72") == 7
    boxes = [box for _, box in found]
    assert boxes == sorted(boxes, key=lambda box: (round(box[1] / 8), box[0])) and len(set(boxes)) == len(boxes) == 13


def test_the_address_of_an_operand_tells_which_of_equal_figures_of_a_sentence_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, prose_page(*LINES))
    subject = subject_of(path)
    sentence = next(sentence for sentence in subject.report.prose.sentences if sentence.text.startswith("政府采购"))
    rows = tuple([Row(f"{n}", f"第{n}个", sentence.text) for n in range(3)])
    amounts = tuple([figure.amount for figure in sentence.figures[:3]])
    block = BlockData(None, rows, {"值": amounts})  # type: ignore[arg-type]
    table = Table(None, "文字", "万元", {"": block}, None)  # type: ignore[arg-type]
    pages = open_pages(replace(subject, report=replace(subject.report, records={"文字": table})))
    assert pages is not None
    with pages:
        lefts = []
        for n, amount in enumerate(amounts):
            operand = Operand(f"文字.第{n}个", "1.00", amount.raw, "万元", amount.place, quote=sentence.text, address=("文字", "", f"{n}", "值"))
            assert read_back(path, pages, operand) == "593.72"
            lefts.append(pages.spots(operand)[0].box[0])
    assert lefts == sorted(set(lefts)) and len(lefts) == 3


def test_a_text_that_goes_on_overleaf_has_a_box_on_either_page(tmp_path: Path) -> None:
    first = prose_page("第二部分 情况说明", *["　　没有金额的一段说明文字，到此为止。"] * 8, "　　决算数小于预算数的主要原因是：公务接待", first=560)
    path = written(tmp_path, first.text(290, 830, "- 1 -", 9), prose_page("费在预算内开支。", "　　另一段说明文字。", first=60))
    subject = subject_of(path)
    whole = next(sentence for sentence in subject.report.prose.sentences if "公务接待费" in sentence.text)
    operand = Operand("完成率.原因", None, "公务接待费在预算内开支。", "文字", whole.place)
    with pages_of(path) as pages:
        assert [(spot.key.page, inside(path, spot.key.page, spot.box)) for spot in pages.spots(operand)] == [(1, "公务接待"), (2, "费在预算内开支。")]


def test_a_figure_torn_by_a_line_end_has_a_box_on_each_line(tmp_path: Path) -> None:
    path = written(tmp_path, prose_page("　　本部门本年收入合计金额为人民币壹拾贰万叁仟肆佰元，即支出合计为1,23", "4.56万元，全部是基本支出，没有项目支出，与上年持平，没有变化。"))
    subject = subject_of(path)
    _, operand = next(one for one in figures(subject.report) if one[1].raw == "1,234.56")
    with pages_of(path) as pages:
        first, second = pages.spots(operand)
        assert (inside(path, 1, first.box), inside(path, 1, second.box)) == ("1,23", "4.56")


def test_a_sentence_that_goes_on_overleaf_is_followed(tmp_path: Path) -> None:
    before = [f"　　第{n}段说明文字，为了占满一页而写，本段没有任何金额，只是一般性的说明而已，到此为止。" for n in "一二三四五六七八"]
    first = prose_page(*before, "　　本年支出合计2,995.39万元，与上年决算数相比减少了许多，其中用于基本支出的金额为", first=560, size=12)
    first.text(290, 820, "- 1 -", 9)
    second = prose_page("2,336.91万元，用于项目支出的金额为603.14万元，用于其他方面的金额为2,995.39万元，没有结余。", first=60, size=12)
    second.text(290, 820, "- 2 -", 9)
    path = written(tmp_path, first, second)
    subject = subject_of(path)
    printed = [(sentence, operand) for sentence, operand in figures(subject.report) if sentence.text.startswith("本年支出合计2,995.39")]
    assert {operand.place.page for _, operand in printed} == {1}, "句子的位置是它的第一页"
    with pages_of(path) as pages:
        where = {operand.raw: {spot.key.page for spot in pages.spots(operand)} for _, operand in printed}
        for _, operand in printed:
            assert read_back(path, pages, operand) == operand.raw
    assert where["2,336.91"] == {2} and where["603.14"] == {2}


def test_what_is_not_found_keeps_the_box_it_was_read_from(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    subject = subject_of(path)
    operand = cells(subject.report)[-1]
    with pages_of(path) as pages:
        (spot,) = pages.spots(replace(operand, raw="9,999.99"))
        assert spot.box == operand.place.box and not spot.tight
        (blank,) = pages.spots(replace(operand, raw=""))
        assert blank.box == operand.place.box and not blank.tight, "印着别的"
        cell = next(cell for grid in subject.report.other_tables for cell in grid.rows[4] if not cell.text and cell.place.box)
        (blank,) = pages.spots(replace(operand, raw="", place=cell.place))
        assert blank.box == cell.place.box and blank.tight, "空白格就是那一格"


def test_a_label_is_found_in_its_own_cell_where_the_place_is_that_of_the_row(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    subject = subject_of(path)
    by_text = {operand.raw: operand for operand in cells(subject.report)}
    row = Operand("支出表「一般公共服务支出」", None, "一般公共服务支出", None, by_text["201"].place)
    title = Operand("支出决算表", None, "支出决算表", None, by_text["项目"].place)
    with pages_of(path) as pages:
        assert read_back(path, pages, row) == "一般公共服务支出"
        assert read_back(path, pages, title) == "支出决算表"


def test_operands_of_other_reports_and_without_a_page_have_no_box(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    subject = subject_of(path)
    operand = cells(subject.report)[0]
    with pages_of(path) as pages:
        for other in (
            replace(operand, name="上年.总表[本年支出合计].金额"),
            replace(operand, name="所属单位2.总表[本年支出合计].金额"),
            replace(operand, place=NOWHERE),
            moved(operand, page=7),
            moved(operand, box=None),
            moved(operand, file="另一个.pdf"),
        ):
            assert pages.spots(other) == ()


def test_files_of_an_archive_and_joined_files_are_told_apart(tmp_path: Path) -> None:
    one = pdf_of(Page().table(50, 100, WIDTHS, ROWS))
    two = pdf_of(prose_page("　　本年支出合计1,204.50万元，没有别的情况需要说明，谢谢各位读者的耐心阅读，到此结束。"), Page().table(50, 300, WIDTHS, ROWS))
    with zipfile.ZipFile(tmp_path / "公开.zip", "w") as archive:
        archive.writestr("正文/决算.pdf", one)
        archive.writestr("附件1.pdf", two)
        archive.writestr("说明.txt", "第一部分 概况\n没有数字。\n".encode())
    (tmp_path / "甲.pdf").write_bytes(one)
    (tmp_path / "乙.pdf").write_bytes(two)
    for paths, first, second in (((tmp_path / "公开.zip",), "决算.pdf", "附件1.pdf"), ((tmp_path / "甲.pdf", tmp_path / "乙.pdf"), "甲.pdf", "乙.pdf")):
        subject = subject_of(*paths)
        with pages_of(*paths) as pages:
            assert pages.pages == (PageKey(first, 1), PageKey(second, 1), PageKey(second, 2))
            places = {(spot.key, spot.box) for operand in cells(subject.report) for spot in pages.spots(operand)}
            assert {key for key, _ in places} == {PageKey(first, 1), PageKey(second, 2)}
            for operand in cells(subject.report):
                (spot,) = pages.spots(operand)
                source = tmp_path / ("甲.pdf" if spot.key.file == first else "乙.pdf")
                assert inside(source, spot.key.page, spot.box) == operand.raw


def test_a_file_that_changed_since_is_not_shown(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    subject = subject_of(path)
    written(tmp_path, Page().text(100, 100, "另一份文件"))
    assert open_pages(subject) is None
    path.unlink()
    assert open_pages(subject) is None


def test_texts_and_what_cannot_be_opened_have_no_pages(tmp_path: Path) -> None:
    text = tmp_path / "报告.txt"
    text.write_text("第一部分 概况\n", "utf-8")
    assert open_pages(subject_of(text)) is None
    path = written(tmp_path, table_page())
    subject = subject_of(path)
    for broken in (b"%PDF-1.5\nnothing", path.read_bytes()[:300], swelling()):
        path.write_bytes(broken)
        source = replace(subject.report.source, sha256=hashlib.sha256(broken).hexdigest())
        assert open_pages(replace(subject, report=replace(subject.report, source=source))) is None


def swelling() -> bytes:
    """A file whose page unpacks to 40 MB of drawing commands."""
    content = stream(b"0 0 m 9 9 l S\n" * 3_000_000)
    return file_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>", content])


def test_grids_are_those_of_the_document(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    assert grids_of(open_document(path)) == subject_of(path).report.other_tables
