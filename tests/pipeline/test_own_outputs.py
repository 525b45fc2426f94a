"""What a run wrote into a folder of reports is no report of the next run; everything else is."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from juesuan_rules.commands.main import run_command
from juesuan_rules.pipeline.gather import gather
from juesuan_rules.pipeline.own_outputs import is_own_output

FIXTURES = Path(__file__).parents[2] / "fixtures"
REPORT = "江苏省栖川市商务促进局-2023.docx"


def test_a_folder_with_results_is_judged_as_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (REPORT, "四川省岷阙县就业创业服务局-2023.docx"):
        shutil.copy(FIXTURES / name, tmp_path)
    before = gather([tmp_path])
    outputs = [f"--{kind}={tmp_path}/" for kind in ("html", "xlsx", "docx")]
    assert run_command(["eval", "--no-cache", str(tmp_path), *outputs, f"--md={tmp_path / '结果.md'}"]) in (0, 1)
    written = sorted(set(tmp_path.iterdir()) - set(before))
    assert {path.suffix for path in written} == {".html", ".xlsx", ".docx", ".md"} and len(written) >= 8
    left_out: list[Path] = []
    assert gather([tmp_path], left_out) == before
    assert sorted(left_out) == written
    capsys.readouterr()
    assert run_command(["eval", "--no-cache", str(tmp_path)]) in (0, 1)
    assert f"跳过 {len(written)} 个本程序写出的结果文件" in capsys.readouterr().err
    assert gather([written[0]]) == (written[0],), "写明的文件照读"


def test_a_marked_pdf_is_known_by_its_annotations(tmp_path: Path) -> None:
    marked, plain = tmp_path / "a.pdf", tmp_path / "b.pdf"
    plain.write_bytes(b"%PDF-1.7\n" + b"x" * 9_000_000)
    marked.write_bytes(plain.read_bytes() + b"1 0 obj << /Subtype /Square /NM (juesuan-rules-1-1) >> endobj")
    assert is_own_output(marked) and not is_own_output(plain)


@pytest.mark.parametrize("name", [path.name for path in sorted(FIXTURES.iterdir()) if path.is_file()])
def test_reports_are_none(name: str) -> None:
    assert not is_own_output(FIXTURES / name)


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".pdf", ".html", ".md"])
def test_what_cannot_be_read_is_left_to_the_reader_to_tell(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"坏{suffix}"
    assert not is_own_output(path)
    path.write_bytes(b"PK\x03\x04broken")
    assert not is_own_output(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("other.xml", "结果摘要 sha256:")
    assert not is_own_output(path)
