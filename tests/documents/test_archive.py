"""Archives of attachments: what is read of them, in which order, and how they are kept from doing harm."""

from __future__ import annotations

import io
import zipfile

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.containers import entries, sound_directory
from juesuan_rules.documents.model import GridBlock, TextBlock
from juesuan_rules.documents.open import read_bytes

TABLE = "项目\t金额\n合计\t1.00\n".encode()


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return stream.getvalue()


def test_the_report_comes_before_its_attachments_and_every_place_names_its_file() -> None:
    data = archive({"附件10.txt": TABLE, "附件2.txt": TABLE, "__MACOSX/._正文.txt": b"x", "正文/决算公开.txt": "第一部分\n".encode(), ".DS_Store": b"x"})
    document = read_bytes(data, "公开.zip")
    assert [block.place.file for block in document.blocks] == ["决算公开.txt", "附件2.txt", "附件10.txt"]
    assert document.source.format == "zip" and document.source.size == len(data)
    assert [part.path for part in document.parts] == ["公开.zip/正文/决算公开.txt", "公开.zip/附件2.txt", "公开.zip/附件10.txt"]
    grid = document.blocks[1]
    assert isinstance(grid, GridBlock) and {cell.place.file for row in grid.rows for cell in row} == {"附件2.txt"}


def test_names_written_in_gbk_are_read() -> None:
    info = zipfile.ZipInfo("x")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr(info, TABLE)
    name = "决算表.txt".encode("gbk")
    data = stream.getvalue().replace(b"\x01\x00x", b"\x01\x00x")  # the local and central names, one byte each
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entry = file.infolist()[0]
    entry.filename = name.decode("cp437")
    entry.flag_bits = 0
    from juesuan_rules.documents.archive import _name

    assert _name(entry) == "决算表.txt"


def test_what_cannot_be_read_is_said_and_the_rest_is_read() -> None:
    document = read_bytes(archive({"正文.txt": "决算\n".encode(), "幻灯.pptx": archive({"ppt/a": b""}), "内层.zip": archive({"a.txt": b"b"})}), "公开.zip")
    assert isinstance(document.blocks[0], TextBlock) and len(document.blocks) == 1
    assert any("内层.zip" in text and "没有展开" in text for text in document.unread)
    assert any("幻灯.pptx" in text for text in document.unread)


@pytest.mark.parametrize("files", [{}, {"a.pptx": archive({"ppt/a": b""})}, {"空.txt": b""}])
def test_an_archive_without_anything_to_read_is_an_error(files: dict[str, bytes]) -> None:
    with pytest.raises(DocumentError, match="「公开\\.zip」压缩包里没有能读的文件"):
        read_bytes(archive(files), "公开.zip")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(DocumentError, match="疑似压缩炸弹"):
        read_bytes(archive({"大.txt": bytes(64 * limits.MEGABYTE)}), "炸弹.zip")


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(DocumentError, match="不得超过"):
        read_bytes(archive({f"{n}.txt": b"" for n in range(limits.ARCHIVE_MEMBERS + 1)}, zipfile.ZIP_STORED), "多.zip")


@pytest.mark.parametrize("cut", [30, 60, -1, -10])
def test_a_cut_archive_is_damaged(cut: int) -> None:
    with pytest.raises(DocumentError, match="ZIP 压缩包") as caught:
        read_bytes(archive({"正文.txt": TABLE * 50})[:cut], "坏.zip")
    assert caught.value.diagnostics[0].code == "E507"


def _locked(data: bytes) -> bytes:
    """The archive with the mark of a password on its first entry."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.find(mark) + place] |= 1
    return bytes(changed)


def test_entries_with_a_password_are_told_and_an_archive_of_nothing_else_is_encrypted() -> None:
    with pytest.raises(DocumentError, match=r"「密\.zip」是加密的压缩包") as caught:
        read_bytes(_locked(archive({"a.txt": TABLE})), "密.zip")
    assert caught.value.diagnostics[0].code == "E506"
    document = read_bytes(_locked(archive({"a.txt": TABLE, "b.txt": TABLE})), "半.zip")
    assert document.unread == ("a.txt：有密码，没有读",) and len(document.parts) == 1


def test_a_table_of_contents_too_large_for_memory_is_not_read() -> None:
    data = bytearray(archive({"a.txt": b"a"}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 31).to_bytes(4, "little")
    assert not sound_directory(bytes(data))
    assert entries(bytes(data)) == ("a.txt",)  # the name at the beginning still tells the format


def test_an_entry_without_a_name_is_read_like_any_other() -> None:
    """Found by fuzzing: the standard library asks for the last character of the name."""
    data = bytearray(archive({"a": b"first\n", "b.txt": TABLE}, zipfile.ZIP_STORED))
    at = data.find(b"PK\x01\x02")
    data[at + 28 : at + 30] = b"\x00\x00"
    with pytest.raises(DocumentError, match="ZIP 压缩包"):
        read_bytes(bytes(data), "坏.zip")


def test_a_reader_that_runs_out_of_memory_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    import juesuan_rules.documents.text as text

    def greedy(data: bytes, path: str) -> None:
        raise MemoryError

    monkeypatch.setattr(text, "read_text", greedy)
    with pytest.raises(DocumentError, match=r"「大\.txt」太大或结构太复杂"):
        read_bytes("决算\n".encode(), "大.txt")
