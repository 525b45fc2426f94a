"""Files that are damaged, locked, endless or no PDF at all: one clear message each, in bounded time."""

from __future__ import annotations

import random
import subprocess
import time
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.pdf.small_pdf import Page, file_of, pdf_of, stream
from tests.documents.pdf.test_reader import ROWS, WIDTHS, grids

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Document, TextBlock
from juesuan_rules.documents.pdf import isolated
from juesuan_rules.documents.pdf.reader import read_pdf
from juesuan_rules.documents.pdf.suspicion import LARGE, is_suspicious

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>"

SOUND = pdf_of(Page().text(200, 60, "支出决算表", 16).table(50, 100, WIDTHS, ROWS))


def problem(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_pdf(data, "/某处/报告.pdf")
    assert caught.value.message.startswith("「报告.pdf」")
    assert [d.span.file for d in caught.value.diagnostics] == ["/某处/报告.pdf"]
    return caught.value.diagnostics[0].code + caught.value.message


def test_an_encrypted_file() -> None:
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>"
    locked = pdf_of(Page().text(50, 50, "决算"), trailer=b"/Encrypt " + lock + b"/ID[<00><00>]")
    assert problem(locked) == "E506「报告.pdf」已加密，需要密码才能打开"


@pytest.mark.parametrize("data", [SOUND[: len(SOUND) // 3], SOUND[:60], b"%PDF-1.7\n", b"<html><body>\xe8\xa1\xa8</body></html>"])
def test_a_file_cut_off_and_a_file_that_is_no_pdf(data: bytes) -> None:
    assert problem(data) == "E507「报告.pdf」不是完整的 PDF 文件（可能已损坏或下载不全）"


def test_a_file_whose_table_of_objects_is_wrong_is_mended() -> None:
    broken = SOUND.replace(b"startxref\n", b"startxref\n9")
    assert grids(read_pdf(broken, "x")) == grids(read_pdf(SOUND, "x"))


@pytest.mark.parametrize("count", [0, 2_000_000_000])
def test_no_pages(count: int) -> None:
    assert problem(file_of([_CATALOG, b"<</Type/Pages/Kids[]/Count %d>>" % count])) == "E502「报告.pdf」没有任何页，没有可读的内容"


def test_too_many_pages_are_refused_before_any_is_read() -> None:
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(10_000))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"
    begun = time.process_time()
    told = problem(file_of([_CATALOG, b"<</Type/Pages/Kids[" + kids + b"]/Count 10000>>", stream(b""), *[page] * 10_000]))
    assert told == "E503「报告.pdf」页数过多（10000 页），PDF 文件不得超过 2000 页"
    assert time.process_time() - begun < 50


def test_a_file_that_takes_too_long_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PDF_SECONDS", 0.0)
    assert "E503" in problem(SOUND) and "只读到第 0 页，共 1 页" in problem(SOUND)


def test_a_page_tree_that_leads_to_itself() -> None:
    told = problem(file_of([_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]))
    assert told == "E502「报告.pdf」没有可读的文字；第 1 页内容过多或已损坏，没有读全"


def test_deeply_nested_objects_and_a_deep_page_tree() -> None:
    assert problem(file_of([b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 50_000 + b"]" * 50_000 + b">>", b"<</Type/Pages/Kids[]/Count 0>>"]))
    depth = 3_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 3) for n in range(depth)]
    assert problem(file_of([_CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 595 842]>>"]))


def test_an_empty_page_has_nothing_to_read() -> None:
    assert problem(pdf_of(Page())) == "E502「报告.pdf」没有可读的文字"


@pytest.mark.parametrize("box", [b"0 0 1e30 1e30", b"0 0 0 0", b"900 900 100 100", b"-1e9 -1e9 1e9 1e9"])
def test_boxes_of_no_sense(box: bytes) -> None:
    data = SOUND.replace(b"[0 0 595.000000 842.000000]", b"[" + box + b"]")
    document = _read_or_refuse(data)
    assert document is None or document.source.format == "pdf"


def test_a_page_of_more_objects_than_allowed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PDF_OBJECTS", 50)
    assert read_pdf(SOUND, "x").unread == ("第 1 页内容过多或已损坏，没有读全",)


@pytest.mark.parametrize("step", [0.5, 5.0])
def test_a_page_full_of_rules_is_bounded(step: float) -> None:
    page = Page().text(60, 60, "支出决算表")
    lines = [f"{n * step % 595} 0 m {n * step % 595} 842 l 0 {n * step % 842} m 595 {n * step % 842} l" for n in range(1_600)]
    begun = time.monotonic()
    document = read_pdf(pdf_of(page.raw(" ".join(lines) + " S")), "x")
    assert time.monotonic() - begun < 20
    assert [block.text for block in document.blocks if isinstance(block, TextBlock)] == ["支出决算表"] or grids(document)


def test_more_cells_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 20)
    assert problem(SOUND) == "E503「报告.pdf」表格单元格过多，不得超过 20 个"


# ------------------------------------------------------------------ files built to swell


def _drawing(body: bytes) -> bytes:
    return file_of([_CATALOG, _ONE_PAGE, _PAGE % b"", stream(body)])


def _forms(depth: int, width: int) -> bytes:
    forms = [
        stream(b"/A Do " * width if n < depth - 1 else b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A %d 0 R>>>>" % (n + 6))
        for n in range(depth)
    ]
    return file_of([_CATALOG, _ONE_PAGE, _PAGE % b"/XObject<</A 5 0 R>>", stream(b"/A Do"), *forms])


def test_what_is_suspicious_and_what_is_not() -> None:
    assert not is_suspicious(SOUND)
    assert is_suspicious(_drawing(b" " * (LARGE * 5)))
    assert is_suspicious(file_of([_CATALOG, stream(b"q " * LARGE, packed=False)]))
    assert is_suspicious(file_of([_CATALOG, stream(zlib.compress(b" " * 10_000_000), b"/Filter[/FlateDecode/FlateDecode]", packed=False)]))
    assert is_suspicious(_forms(6, 10)) and not is_suspicious(_forms(3, 10))
    picture = zlib.compress(bytes(LARGE * 8))
    assert not is_suspicious(file_of([_CATALOG, stream(picture, b"/Subtype/Image/Filter/FlateDecode", packed=False)]))


def test_streams_without_an_end_are_suspicious_and_soon_told() -> None:
    """Found by fuzzing: an object a few thousand times over, without the word that ends its stream."""
    data = SOUND + b"9 0 obj\n<</Filter/FlateDecode/Length 9999999>>stream\nabc" * 100_000
    begun = time.process_time()
    assert is_suspicious(data)
    assert time.process_time() - begun < 2
    assert not is_suspicious(SOUND + b"9 0 obj\n<<>>stream\nabc" * 5)


@pytest.mark.parametrize("data", [_drawing(b"0 0 m 1 1 l S\n" * 2_000_000), _forms(9, 10)], ids=["a packed page", "forms that draw forms"])
def test_a_file_that_swells_is_stopped(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PDF_SECONDS", 8.0)
    begun = time.process_time()
    assert problem(data)[:4] in ("E502", "E503")
    assert time.process_time() - begun < 100


def test_a_large_honest_file_is_read_by_the_other_process() -> None:
    body = Page().table(50, 100, WIDTHS, ROWS).text(60, 60, "支出决算表").raw("% " + "x" * (LARGE + 1))
    noise = random.Random(1).randbytes(3 * 16_000)  # too dense for its stream to stay small when packed
    data = pdf_of(body.raw("% " + noise.hex()))
    assert is_suspicious(data)
    document = read_pdf(data, "大.pdf")
    assert grids(document) == grids(read_pdf(SOUND, "x"))
    assert document.source.path == "大.pdf"


def test_the_other_process_is_told_engine_and_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its program is replaced by one that gives back what it was told."""
    told: list[bytes] = []

    def run(command: list[str], input: bytes, **_: object) -> subprocess.CompletedProcess[bytes]:
        told.append(input)
        return subprocess.CompletedProcess(command, 1, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(isolated, "is_available", lambda: True)
    for engine, expected in (("auto", "native"), ("native", "native"), ("pdfplumber", "pdfplumber")):
        with pytest.raises(DocumentError):
            isolated.read_isolated(b"%PDF-", "大.pdf", engine, lambda: ["支出决算表"])
        size = int.from_bytes(told[-1][:4], "little")
        task = msgspec.msgpack.decode(told[-1][4 : 4 + size], type=isolated.Task)
        assert (task.path, task.pdf_engine, task.names, told[-1][4 + size :]) == ("大.pdf", expected, ("支出决算表",), b"%PDF-")


# ------------------------------------------------------------------ damage at random


def _read_or_refuse(data: bytes) -> Document | None:
    try:
        return read_pdf(data, "x.pdf")
    except DocumentError as error:
        if not error.message.startswith("「x.pdf」"):
            raise AssertionError(error.message) from error
        return None


_PLAIN = pdf_of(Page().text(60, 60, "支出决算表").table(50, 100, WIDTHS, ROWS), Page().table(50, 100, WIDTHS, ROWS))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(_PLAIN) - 1), st.binary(min_size=0, max_size=6), st.integers(0, 8)), min_size=1, max_size=8))
def test_bytes_changed_at_random_are_read_or_refused(changes: list[tuple[int, bytes, int]]) -> None:
    data = bytearray(_PLAIN)
    for place, new, length in changes:
        data[place : place + length] = new
    _read_or_refuse(bytes(data))


_NUMBERS = st.one_of(st.integers(-3, 900), st.sampled_from(["1e9", "-1e9", "0.0001", "99999999999", "-0", "."]))


def test_text_of_no_size_and_at_no_place_is_left_out() -> None:
    """Found by `fuzz`: characters without height reached code that divides by their size."""
    page = Page().table(50, 100, WIDTHS, ROWS)
    for matrix in ("0 0 0 0", "1 0 0 0", "0 1 0 0", "1e30 0 0 1e30", "1e-30 0 0 1e-30"):
        page.text(60, 300, "决算 1.00", matrix=matrix).text(1e30, 300, "决算 1.00", matrix=matrix)
    assert grids(read_pdf(pdf_of(page), "x")) == grids(read_pdf(SOUND, "x"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, st.sampled_from(["m {2} {3} l S", "re f", "re S", "cm", "Tm <5e74> Tj"])), max_size=40))
def test_any_drawing_is_read_or_refused(commands: list[tuple[object, object, object, object, str]]) -> None:
    page = Page().text(60, 60, "支出决算表").raw("BT /F 10 Tf")
    for a, b, c, d, what in commands:
        if what.startswith("m"):
            page.raw(f"{a} {b} " + what.format(a, b, c, d))
        elif what == "cm" or what.startswith("Tm"):
            page.raw(f"{a} {b} {c} {d} 10 10 {what}")
        else:
            page.raw(f"{a} {b} {c} {d} {what}")
    _read_or_refuse(pdf_of(page))
