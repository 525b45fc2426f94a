"""Against an earlier result: new, changed, fixed and unchanged; nothing counts as fixed that was not judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.reviews.made import WAIVER, finding, report, run_of

from juesuan_rules.diagnostics import ExitCode, UsageError
from juesuan_rules.pipeline.batch import exit_code
from juesuan_rules.pipeline.provenance import canonical_digest, provenance, seal, tool
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.renderings.json_text import dumps
from juesuan_rules.renderings.reviews_text import comparison_lines
from juesuan_rules.results import Comparison, ReportResult, RunResult
from juesuan_rules.reviews.apply import review
from juesuan_rules.reviews.baseline import read_baseline

SCHEMA = json.loads((Path(__file__).parents[2] / "src/juesuan_rules/schemas/result.schema.json").read_text("utf-8"))


def stored(folder: Path, *reports: ReportResult) -> Path:
    path = folder / "last.json"
    run = run_of(*reports)
    path.write_text(dumps(seal(result_json(run, tool(), provenance(run, (), ExitCode.CLEAN)))), "utf-8")
    return path


def against(folder: Path, before: ReportResult | tuple[ReportResult, ...], *now: ReportResult) -> RunResult:
    path = stored(folder, *(before if isinstance(before, tuple) else (before,)))
    return review(run_of(*now), (), read_baseline(path))


def comparison(run: RunResult) -> Comparison:
    assert run.baseline is not None
    return run.baseline


def kinds(folder: Path, before: ReportResult, now: ReportResult) -> list[tuple[str, str, str]]:
    (only,) = comparison(against(folder, before, now)).reports
    return [(change.kind, change.rule, change.detail) for change in only.changes]


def test_new_unchanged_and_fixed(tmp_path: Path) -> None:
    before = report(finding("A-1"), finding("B-1"), finding("C-1", outcome="pass"))
    now = report(finding("A-1", outcome="pass"), finding("B-1"), finding("C-1"))
    assert kinds(tmp_path, before, now) == [("unchanged", "B-1", ""), ("new", "C-1", "上次相符"), ("fixed", "A-1", "")]


def test_other_figures_or_another_outcome_is_a_change(tmp_path: Path) -> None:
    ((kind, _, detail),) = kinds(tmp_path, report(finding(values=("1.00", "2.00"))), report(finding(values=("1.00", "3.00"))))
    assert kind == "changed" and detail == "总表[乙].金额 原为「2.00」，现为「3.00」"
    assert kinds(tmp_path, report(finding(outcome="doubtful")), report(finding())) == [("changed", "A01-2", "上次是存疑")]
    assert kinds(tmp_path, report(finding(values=("1,000.00",))), report(finding(values=("1000",)))) == [("unchanged", "A01-2", "")]


@pytest.mark.parametrize(
    ("now", "detail"),
    [
        (report(finding(key="合计", outcome="undecided", reason="无法识别")), "现在无法判断（无法识别）"),
        (report(finding(outcome="undecided", reason="缺表")), "现在无法判断（缺表）"),
        (report(finding(outcome="not_applicable", reason="全空")), "现在不适用（全空）"),
        (report(finding(key="合计", outcome="not_applicable", reason="全空")), "现在不适用（全空）"),
        (report(finding(key="别的", outcome="pass")), "报告里没有这一处了（行已删去或改名）"),
        (report(finding(key="别的", outcome="pass", formula="另一条")), "报告里没有这一处了（行已删去或改名，或规则改过）"),
        (report(finding("B-1")), "这次没有用这条规则"),
        (report(message="没有一项核对能够判断"), "没有一项核对能够判断"),
    ],
)
def test_what_was_not_judged_is_never_fixed(now: ReportResult, detail: str, tmp_path: Path) -> None:
    changes = kinds(tmp_path, report(finding(key="合计")), now)
    assert ("unclear", "A01-2", detail) in changes and all(kind != "fixed" for kind, _, _ in changes)


def test_waivers_come_and_go(tmp_path: Path) -> None:
    assert kinds(tmp_path, report(finding()), report(finding(waiver=WAIVER))) == [("waived", "A01-2", "现在已豁免：已核实")]
    assert kinds(tmp_path, report(finding(waiver=WAIVER)), report(finding())) == [("new", "A01-2", "上次已豁免，现在没有豁免")]
    assert kinds(tmp_path, report(finding(waiver=WAIVER)), report(finding(waiver=WAIVER))) == []


def test_other_packs_and_rules_are_told(tmp_path: Path) -> None:
    run = against(tmp_path, report(finding(), finding("B-1")), report(finding(formula="a == b ± 尾差"), finding("B-1", outcome="pass", formula="新的"), digest="2"))
    (only,) = comparison(run).reports
    assert [(change.kind, change.detail) for change in only.changes] == [("unchanged", "规则改过"), ("fixed", "规则改过，按现在的规则相符")]
    assert any("规则包 cn 与上次不同" in note for note in only.notes)
    text = "\n".join(comparison_lines(comparison(run)))
    assert "规则改过" in text and "规则包 cn 与上次不同" in text


def test_pages_that_were_not_read_are_told(tmp_path: Path) -> None:
    run = against(tmp_path, report(finding()), report(finding(outcome="pass"), unread=("第 3 页",)))
    assert comparison(run).reports[0].notes == ("这次有没读出来的内容：消失的不一定已改正",)


def test_only_new_findings_count_towards_the_exit_code(tmp_path: Path) -> None:
    before = report(finding("A-1"))
    assert exit_code(against(tmp_path, before, report(finding("A-1")))) == ExitCode.CLEAN
    assert exit_code(against(tmp_path, before, report(finding("A-1", values=("7",))))) == ExitCode.CLEAN
    assert exit_code(against(tmp_path, before, report(finding("A-1"), finding("B-1")))) == ExitCode.FINDINGS
    assert exit_code(against(tmp_path, before, report(finding("A-1"), finding("B-1", severity="info")))) == ExitCode.CLEAN
    assert exit_code(against(tmp_path, report(finding("A-1", waiver=WAIVER)), report(finding("A-1")))) == ExitCode.FINDINGS
    assert exit_code(against(tmp_path, before, report(finding("A-1"), unread=("第 3 页",)))) == ExitCode.UNREADABLE


def test_reports_are_matched_by_unit_and_year(tmp_path: Path) -> None:
    before = (report(finding(), path="旧/甲.pdf"), report(finding("B-1"), unit="乙局"), report(finding(), finding("B-1"), unit="丙局"))
    run = against(tmp_path, before, report(finding(), path="新/另名.docx"), report(finding(), unit="乙局"), report(finding(), unit="丁局"))
    found = comparison(run)
    assert [[change.kind for change in one.changes] for one in found.reports] == [["unchanged"], ["new", "unclear"], ["new"]]
    assert [one.known for one in found.reports] == [True, True, False]
    assert found.missing == (("丙局", 2023, 2),)
    text = "\n".join(comparison_lines(found))
    assert "丙局 2023：上次有 2 处，是否改正不得而知" in text and "上次的结果里没有这份报告" in text


def test_reports_without_a_unit_are_matched_by_file(tmp_path: Path) -> None:
    before = (report(finding("A-1"), unit=None, path="甲/一.txt"), report(finding("B-1"), unit=None, path="二.txt"))
    found = comparison(against(tmp_path, before, report(finding("B-1"), unit=None, path="乙/二.txt")))
    assert [change.kind for change in found.reports[0].changes] == ["unchanged"] and [name for name, _, _ in found.missing] == ["文件 一.txt"]


def test_the_json_follows_the_schema_and_says_where_it_comes_from(tmp_path: Path) -> None:
    run = against(tmp_path, (report(finding("A-1"), finding("B-1")), report(finding(), unit="丙局")), report(finding("A-1", values=("7",)), finding("C-1")))
    sealed = seal(result_json(run, tool(), provenance(run, (), exit_code(run))))
    assert list(Draft202012Validator(SCHEMA).iter_errors(sealed)) == []
    assert sealed["baseline"]["summary"] == {"new": 1, "changed": 1, "unchanged": 0, "fixed": 0, "waived": 0, "unclear": 1}
    assert sealed["provenance"]["baseline"] == sealed["baseline"]["digest"] == comparison(run).digest
    elsewhere = {**sealed, "baseline": {**sealed["baseline"], "path": "/别处/last.json"}}
    assert canonical_digest(elsewhere) == sealed["provenance"]["canonical_digest"]


def test_the_same_again_has_nothing_new(tmp_path: Path) -> None:
    now = report(finding("A-1"), finding("B-1", outcome="undecided", reason="缺表"), finding("C-1", outcome="pass"))
    counts = comparison(against(tmp_path, now, now)).counts()
    assert counts == {"new": 0, "changed": 0, "unchanged": 1, "fixed": 0, "waived": 0, "unclear": 0}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda whole: b"", "不是这样的 JSON"),
        (lambda whole: b"\xff\xfe", "不是这样的 JSON"),
        (lambda whole: b"[" * 200_000, "不是 eval --json 写出的结果"),
        (lambda whole: b'{"schema_version":1,"files":[]}', "是 extract 写出的"),
        (lambda whole: b'{"version": "2.1.0", "runs": []}', "不是 eval --json 写出的结果"),
        (lambda whole: json.dumps({**whole, "schema_version": 2}).encode(), "第 2 版格式"),
        (lambda whole: json.dumps({**whole, "reports": [{}]}).encode(), "内容不全或改动过"),
        (lambda whole: json.dumps(whole).replace('"fingerprint"', '"was"').encode(), "没有指纹；请用现在的版本"),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, change: object, said: str) -> None:
    path = stored(tmp_path, report(finding()))
    path.write_bytes(change(json.loads(path.read_text("utf-8"))))  # type: ignore[operator]
    with pytest.raises(UsageError, match=said):
        read_baseline(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="读不出来"):
        read_baseline(tmp_path / "没有.json")


def test_an_earlier_result_of_this_version_without_new_keys_is_read(tmp_path: Path) -> None:
    path = stored(tmp_path, report(finding()))
    whole = json.loads(path.read_text("utf-8"))
    for key in ("provenance", "baseline", "decisions_elsewhere", "waivers_elsewhere", "failures", "repeated"):
        del whole[key]
    for key in ("decisions", "waivers", "summary", "records", "figures", "unread"):
        del whole["reports"][0][key]
    path.write_text(json.dumps(whole), "utf-8")
    assert len(read_baseline(path).reports[0].findings) == 1


def test_nothing_in_an_earlier_result_acts_on_the_console(tmp_path: Path) -> None:
    run = against(tmp_path, report(finding(sentence="\x1b[31m红\u202e"), unit="\x1b局"), report(finding("B-1", outcome="pass"), unit="\x1b局"))
    text = "\n".join(comparison_lines(comparison(run), list_all=True))
    assert "现在无法判断" in text and "\x1b" not in text and "\u202e" not in text
