"""Files to documents: joined in order, and read once where reading is slow."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.documents import open as opening_module
from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, Source, TextBlock
from juesuan_rules.pipeline import opening
from juesuan_rules.pipeline.evaluate import evaluate_files
from juesuan_rules.pipeline.opening import open_file, open_files
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.vocabulary import vocabulary

PAGE = Document(
    Source("x.pdf", "1" * 64, "pdf", 5),
    (TextBlock("决算", Place(page=1, box=(1.0, 2.0, 3.0, 4.0))), GridBlock(((GridCell("合计", Place(page=1), confidence=0.5, standard="合计"),),), Place(page=1))),
)


class Reader:
    """Counts how often it is asked, and is as slow as it is told to be."""

    def __init__(self, document: Document) -> None:
        self.document, self.calls = document, 0

    def __call__(self, path: Path, options: object) -> Document:
        self.calls += 1
        return replace(self.document, source=replace(self.document.source, path=str(path)))


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4 ...")
    return path


def asked(monkeypatch: pytest.MonkeyPatch, document: Document, seconds: float) -> Reader:
    reader = Reader(document)
    monkeypatch.setattr(opening_module, "open_document", reader)
    monkeypatch.setattr(opening, "SLOW_SECONDS", -1.0 if seconds else 3600.0)
    return reader


def test_what_was_slow_is_read_once(monkeypatch: pytest.MonkeyPatch, pdf: Path, tmp_path: Path) -> None:
    reader = asked(monkeypatch, PAGE, seconds=2)
    options = Options(cache=tmp_path / "cache")
    first, second = open_file(pdf, options), open_file(pdf, options)
    assert reader.calls == 1 and first == second and second.blocks == PAGE.blocks
    open_file(pdf, replace(options, pdf_engine="native"))
    assert reader.calls == 2


@pytest.mark.parametrize(("document", "seconds", "cached"), [(PAGE, 0, True), (replace(PAGE, unread=("第1页是图片",)), 2, True), (PAGE, 2, False)])
def test_what_was_fast_or_not_read_is_read_again(monkeypatch: pytest.MonkeyPatch, pdf: Path, tmp_path: Path, document: Document, seconds: float, cached: bool) -> None:
    reader = asked(monkeypatch, document, seconds)
    options = Options(cache=tmp_path / "cache" if cached else None)
    open_file(pdf, options)
    open_file(pdf, options)
    assert reader.calls == 2


def test_one_file_stays_as_it_is_and_several_are_joined(tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    assert open_files(paths[:1], Options()).parts == ()
    assert [block.place.file for block in open_files(paths, Options()).blocks] == ["a.txt", "b.txt"]


def test_a_result_depends_on_the_corrections_and_the_engine(tmp_path: Path) -> None:
    from juesuan_rules.pipeline.evaluate import _key

    report, corrections = tmp_path / "a.txt", tmp_path / "更正.yaml"
    report.write_text("决算", encoding="utf-8")
    corrections.write_text("corrections: 1\n", encoding="utf-8")
    options = Options()
    keys = [_key([report], options, ""), _key([report], replace(options, pdf_engine="native"), ""), _key([report], replace(options, corrections=corrections), "")]
    corrections.write_text("corrections: 1\n更正:\n", encoding="utf-8")
    keys += [_key([report], replace(options, corrections=corrections), ""), _key([report, report], options, "")]
    assert len(set(keys)) == len(keys) and None not in keys


def test_what_could_not_be_read_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("某市统计局2023年度部门决算\n", encoding="utf-8")
    options = Options(cache=tmp_path / "cache")
    monkeypatch.setattr(opening, "open_file", lambda path, options: replace(PAGE, unread=("第1页是图片",)))
    assert evaluate_files([path], options).unread == ("第1页是图片",)
    assert not list((tmp_path / "cache").glob("results/*/*"))


def test_the_vocabulary_is_what_all_packs_print(tmp_path: Path) -> None:
    options = Options(cache=tmp_path)
    words = vocabulary(options)
    assert {"收入支出决算总表", "本年支出合计", "科目编码", "栏次", "公务用车运行维护费", "政府性基金预算财政拨款"} <= set(words)
    assert list(words) == sorted(set(words)) and list(tmp_path.glob("words/*/*"))
    assert vocabulary(options) == words
