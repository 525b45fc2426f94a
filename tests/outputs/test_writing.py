"""Several outputs from one run: what is refused before any work, what is told, and what is written all the same."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.outputs.made import finding, material, result
from tests.outputs.reports import FAULTY, SOUND
from tests.outputs.runs import EVERY, run_of, write_all

from juesuan_rules.diagnostics import ExitCode, UsageError
from juesuan_rules.documents.model import Source
from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs import writing
from juesuan_rules.outputs.writing import OF_A_RUN, PER_REPORT, STDOUT, Output, check_outputs, write_outputs
from juesuan_rules.pipeline.options import Options
from juesuan_rules.results import Failure

REPORT = Path("报告.txt")


def refused(outputs: Sequence[Output], files: Sequence[Path] = (REPORT,), as_one: bool = False) -> str:
    with pytest.raises(UsageError) as caught:
        check_outputs(outputs, files, as_one)
    return caught.value.message


def test_what_could_not_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    folder, file = f"{tmp_path}/", tmp_path / "有.txt"
    file.write_text("x", "utf-8")
    assert "只能有一种" in refused([Output("csv", STDOUT), Output("json", STDOUT)])
    for kind in PER_REPORT:
        assert "不能写到标准输出" in refused([Output(kind, STDOUT)])
    for kind in OF_A_RUN:
        assert "是目录" in refused([Output(kind, folder)]) and "是目录" in refused([Output(kind, str(tmp_path))])
        check_outputs([Output(kind, STDOUT)], [REPORT])
    for kind in ("pdf", "docx"):
        assert f"--{kind} 结果/" in refused([Output(kind, "a.pdf")], [REPORT, REPORT])
        check_outputs([Output(kind, "a.pdf")], [REPORT, REPORT], as_one=True)
        check_outputs([Output(kind, folder)], [REPORT, REPORT])
    assert "不是目录" in refused([Output("html", f"{file}/")])
    assert "不是目录" in refused([Output("html", f"{file}/下级/")])
    check_outputs([Output("html", f"{tmp_path}/新/更新/")], [REPORT])
    assert not (tmp_path / "新").exists()


@pytest.mark.parametrize("again", ["a.html", "./a.html", "x/../a.html", "link/a.html"])
def test_two_outputs_never_go_to_one_file(tmp_path: Path, again: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    assert "同一个文件" in refused([Output("html", f"{tmp_path}/a.html"), Output("xlsx", f"{tmp_path}/{again}")])


@pytest.mark.parametrize("name", ["报告.pdf", "link.pdf", "./下级/../报告.pdf"])
def test_no_output_goes_over_a_report(tmp_path: Path, name: str) -> None:
    (tmp_path / "下级").mkdir()
    report = tmp_path / "报告.pdf"
    report.write_bytes(b"%PDF")
    (tmp_path / "link.pdf").symlink_to(report)
    for kind in (*PER_REPORT, *OF_A_RUN, "json"):
        assert "要核对的报告" in refused([Output(kind, f"{tmp_path}/{name}")], [report])


def test_in_the_reports_own_folder_its_file_gets_another_name(tmp_path: Path) -> None:
    from tests.outputs.reports import as_html, parts_of

    report = as_html(parts_of(), tmp_path / "甲.html")
    before = report.read_bytes()
    done = write_outputs([Output("html", f"{tmp_path}/"), Output("xlsx", f"{tmp_path}/")], run_of([report]))
    assert sorted(path.name for path in done.files) == ["甲-2.html", "甲-2.xlsx"]
    assert report.read_bytes() == before


@pytest.fixture(scope="module")
def one() -> Material:
    return run_of([FAULTY])


def test_one_report_has_every_output_of_its_own(one: Material, tmp_path: Path) -> None:
    done = write_all(one, tmp_path)
    assert {path.suffix[1:] for path in done.files} == set(EVERY) - {"pdf"}
    (said,) = done.unavailable
    assert said.startswith(f"没有写「{tmp_path / '结果.pdf'}」：") and "不是 PDF" in said
    assert not (tmp_path / "结果.pdf").exists() and not list(tmp_path.glob(".*"))


def test_a_report_into_a_folder_has_its_own_name(one: Material, tmp_path: Path) -> None:
    done = write_outputs([Output(kind, f"{tmp_path}/新/") for kind in PER_REPORT], one)
    assert {path.name for path in done.files} == {f"{FAULTY.stem}.{kind}" for kind in ("html", "xlsx", "docx")}
    assert len(done.unavailable) == 1


def test_text_goes_to_standard_output(one: Material) -> None:
    for kind, start in (("csv", b"\xef\xbb\xbf"), ("junit", b"<?xml"), ("sarif", b'{"$schema"'), ("md", b"# ")):
        done = write_outputs([Output(kind, STDOUT)], one)
        assert done.text is not None and done.text.startswith(start) and done.files == ()


def test_many_reports_have_a_summary_or_a_file_each(tmp_path: Path) -> None:
    made = run_of([FAULTY, SOUND])
    done = write_outputs([Output("html", str(tmp_path / "全.html")), Output("xlsx", str(tmp_path / "全.xlsx")), Output("csv", str(tmp_path / "全.csv"))], made)
    assert len(done.files) == 3 and "单位 × 规则" in (tmp_path / "全.html").read_text("utf-8")
    done = write_outputs([Output("html", f"{tmp_path}/各/"), Output("docx", f"{tmp_path}/各/")], made)
    assert {path.name for path in done.files} == {"汇总.html", *[f"{path.stem}.{kind}" for path in (FAULTY, SOUND) for kind in ("html", "docx")]}
    summary = (tmp_path / "各" / "汇总.html").read_text("utf-8")
    assert f"{FAULTY.stem}.html" in summary or all(part in summary for part in (FAULTY.stem,))
    assert "部门决算公开核对结果" in (tmp_path / "各" / f"{SOUND.stem}.html").read_text("utf-8")


def batch(*paths: str, failures: Sequence[str] = (), broken: Sequence[str] = ()) -> Material:
    """A run of reports made by hand; those `broken` cannot be read again."""
    reports = [replace(result([finding()], path=path), source=Source(path, f"{at:02d}" * 32, "text", 1, "utf-8")) for at, path in enumerate(paths)]
    made = material(*reports, failures=[Failure(path, f"「{path}」读不出来", ExitCode.UNREADABLE) for path in failures])

    def subject(at: int) -> Subject:
        if reports[at].source.path in broken:
            raise UsageError(f"找不到文件「{reports[at].source.path}」")
        return made.subject(at)

    return replace(made, subject=subject)


def test_names_of_a_batch(tmp_path: Path) -> None:
    paths = ("甲/决算.pdf", "乙/决算.docx", "丙/决算.PDF", "汇总.pdf", "con.txt", "../..", 'a<b>:"|?*.txt', "长" * 200 + ".txt", "\u202e反.txt", ".txt")
    done = write_outputs([Output("docx", f"{tmp_path}/")], batch(*paths))
    names = [path.name for path in done.files]
    assert names[:5] == ["决算.docx", "决算-2.docx", "决算-3.docx", "汇总-2.docx", "_con.docx"]
    assert len(set(names)) == len(paths) == len(list(tmp_path.iterdir()))
    assert all(path.parent == tmp_path and len(path.name.encode()) < 200 for path in done.files)


def test_a_report_that_is_gone_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    made = batch("甲.txt", "乙.txt", "丙.txt", failures=["坏.pdf"], broken=["乙.txt"])
    done = write_outputs([Output("docx", f"{tmp_path}/"), Output("html", f"{tmp_path}/"), Output("csv", str(tmp_path / "全.csv"))], made)
    assert {path.name for path in done.files} == {"甲.docx", "甲.html", "丙.docx", "丙.html", "汇总.html", "全.csv"}
    assert len(done.unavailable) == 2 and all("乙." in said and "再读这份报告时出错" in said for said in done.unavailable)
    assert "坏.pdf" in (tmp_path / "汇总.html").read_text("utf-8") and "坏.pdf" in (tmp_path / "全.csv").read_text("utf-8-sig")


def test_a_run_without_any_report(tmp_path: Path) -> None:
    made = batch(failures=["坏.pdf"])
    done = write_all(made, tmp_path, ("csv", "md", "sarif", "junit", "html", "xlsx"))
    assert len(done.files) == 6
    assert write_outputs([Output("docx", f"{tmp_path}/"), Output("pdf", f"{tmp_path}/")], made).files == ()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="没有 /dev/full")
def test_what_cannot_be_written_is_told_after_the_others_are(one: Material, tmp_path: Path) -> None:
    outputs = [Output("csv", "/dev/full"), Output("md", str(tmp_path / "a.md")), Output("html", str(tmp_path / "无" / "a.html")), Output("pdf", str(tmp_path / "a.pdf")), Output("docx", str(tmp_path / "a.docx"))]
    with pytest.raises(UsageError) as caught:
        write_outputs(outputs, one)
    assert "/dev/full" in caught.value.message and "无" in caught.value.message and "不是 PDF" in caught.value.message
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", "a.docx"}


def test_a_folder_that_cannot_be_made_is_told(one: Material, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="结果写不到"):
        write_outputs([Output("html", f"{tmp_path}/文件/下级/"), Output("docx", str(tmp_path / "a.docx"))], one)
    assert (tmp_path / "a.docx").is_file()


def test_a_defect_in_one_output_does_not_lose_the_others(one: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("缺陷")

    monkeypatch.setattr(writing, "_render", lambda kind, made: fail() if kind == "csv" else b"x")
    with pytest.raises(ValueError, match="缺陷"):
        write_outputs([Output("csv", str(tmp_path / "a.csv")), Output("md", str(tmp_path / "a.md")), Output("docx", str(tmp_path / "a.docx"))], one)
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", "a.docx"}


@pytest.mark.parametrize("list_all", [False, True])
def test_the_result_is_the_same_with_and_without_outputs(tmp_path: Path, list_all: bool) -> None:
    """Keeping a report for its outputs changes nothing in the JSON."""
    from juesuan_rules.pipeline.batch import evaluate_many, exit_code
    from juesuan_rules.pipeline.provenance import provenance, seal, tool
    from juesuan_rules.renderings.json_result import result_json

    options = Options(list_all=list_all)
    plain = evaluate_many([FAULTY], options)
    sealed = seal(result_json(plain, tool(), provenance(plain, ["eval"], exit_code(plain))))
    made = run_of([FAULTY], options)
    write_all(made, tmp_path, ("html", "xlsx", "csv"))
    again = json.loads((tmp_path / "结果.json").read_text("utf-8"))
    assert again["reports"] == sealed["reports"]
    assert again["provenance"]["canonical_digest"] == sealed["provenance"]["canonical_digest"]


def test_a_run_of_one_report_is_judged_but_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = run_of([FAULTY])
    monkeypatch.setattr("juesuan_rules.pipeline.judging.judge_files", lambda *_: pytest.fail("又核对了一遍"))
    write_all(made, tmp_path)
    listed = replace(made, subject=lambda at: pytest.fail("列表类结果不需要再读报告"))
    write_outputs([Output(kind, str(tmp_path / f"再.{kind}")) for kind in OF_A_RUN], listed)
    assert "决算表内部平衡" in (tmp_path / "再.md").read_text("utf-8") or made.families
