"""A short run of the fuzzer on every reader, always the same one; `tools/fuzz.py` runs for as long as one likes."""

from __future__ import annotations

import importlib.util
import itertools
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
COUNTS = {"text": 120, "html": 120, "mht": 80, "docx": 120, "doc": 120, "xlsx": 120, "xls": 120, "pdf": 30, "zip": 40, "image": 3}
SLOWEST = 10.0


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    sys.path.insert(0, str(TOOLS))
    try:
        spec = importlib.util.spec_from_file_location("fuzz", TOOLS / "fuzz.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["fuzz"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(TOOLS))
    return module


def test_every_reader_is_fuzzed(fuzz: ModuleType) -> None:
    from juesuan_rules.documents.open import FORMATS

    assert set(COUNTS) == set(fuzz.SEEDS)
    assert {fmt.key for fmt in FORMATS if fmt.reader} <= {*fuzz.SEEDS, "ods", "xlsb", "wordxml", "rtf"}


@pytest.mark.parametrize("reader", COUNTS)
def test_damaged_files_are_read_or_refused(fuzz: ModuleType, reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for number, data in enumerate(itertools.islice(fuzz.inputs(reader, 7, []), COUNTS[reader])):
        begun = time.process_time()
        said = fuzz.read(reader, data)
        assert said == "", f"第 {number} 份：{said}"
        assert time.process_time() - begun < SLOWEST, f"第 {number} 份"
        if number < len(fuzz.SEEDS[reader]()):
            from juesuan_rules.documents.open import read_bytes

            assert reader == "image" or read_bytes(data, "好").blocks


def test_a_find_is_told_and_a_child_that_stalls_is_replaced(fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Broken:
        calls = 0

        def __init__(self, reader: str) -> None: ...

        def ask(self, data: bytes) -> str:
            Broken.calls += 1
            return "ValueError: 坏" if Broken.calls == 3 else ""

        def close(self) -> None: ...

    monkeypatch.setattr(fuzz, "Child", Broken)
    assert fuzz.fuzz("text", 0.002, 1, tmp_path / "keep", []) == 1
    assert len(list((tmp_path / "keep").iterdir())) == 2


def test_a_header_of_hundreds_of_columns_is_no_table(fuzz: ModuleType) -> None:
    """Found by fuzzing: sharing the columns among the cells of such a header took a quarter of a minute."""

    def line(y: int, texts: list[str], step: float) -> str:
        return "\n".join(f"BT /F1 8 Tf {20 + step * n:.2f} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET" for n, text in enumerate(texts))

    header = [line(800, ["支出决算表"], 1), line(780, ["本年支出", "基本支出", "项目支出"] * 66, 40), line(760, ["项目", "金额"] * 200, 20)]
    body = [line(700 - 12 * n, ["合计", *["1.00"] * 399], 20) for n in range(6)]
    page = sys.modules["fuzz_seeds"].pdf_of(["\n".join(header + body).encode()]).replace(b"MediaBox[0 0 595 842]", b"MediaBox[0 0 8050 842]")
    begun = time.process_time()
    assert fuzz.read("pdf", page) == ""
    assert time.process_time() - begun < SLOWEST
