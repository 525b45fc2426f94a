"""--prior and --units: which reports are used, what is said of those that are not, exit codes, cache, provenance."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.diagnostics import ExitCode, UsageError
from juesuan_rules.pipeline.batch import evaluate_many, exit_code
from juesuan_rules.pipeline.companions import same_unit
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.provenance import provenance
from juesuan_rules.resources import rules_root
from juesuan_rules.results import ReportResult

SAMPLE = Path(__file__).parents[2] / "fixtures" / "辽宁省云岫市数据服务局-2023.txt"
BUDGET = Path(__file__).parents[2] / "fixtures" / "辽宁省云岫市数据服务局-2024-预算.txt"
UNIT = "云岫市数据服务局"
RULES = """language: 1
rules:
  - {id: T-1, title: 上年总计, check: '总表.支出[总计] >= 上年.总表.支出[总计]', severity: 提示}
  - {id: T-2, title: 汇总, check: '总表.支出[总计] == 所属单位.总表.支出[总计]', severity: 警告}
  - {id: T-3, title: 文字, check: '文字.机关运行经费 >= 上年.文字.机关运行经费', severity: 提示}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped packs with three rules of this test beside them, and no others."""
    root = Path(shutil.copytree(rules_root(), tmp_path_factory.mktemp("packs") / "rules", ignore=shutil.ignore_patterns("cases", "rules", "overrides")))
    (root / "cn" / "rules").mkdir()
    (root / "cn" / "rules" / "t.yaml").write_text(RULES, "utf-8")
    return root


@pytest.fixture
def options(root: Path, tmp_path: Path) -> Options:
    return Options(roots=(root,), cache=tmp_path / "cache", pack=str(root / "cn-21-liaoning"))


def written(folder: Path, name: str, year: int = 2023, unit: str = UNIT) -> Path:
    """The sample as another year's or another unit's report."""
    folder.mkdir(exist_ok=True)
    text = SAMPLE.read_text("utf-8").replace(UNIT, unit).replace("2022", str(year - 1)).replace("2023", str(year))
    (folder / name).write_text(text, "utf-8")
    return folder / name


def judged(options: Options, *paths: Path) -> ReportResult:
    run = evaluate_many(paths or (SAMPLE,), options)
    assert run.failures == ()
    return run.reports[0]


def outcomes(result: ReportResult) -> dict[str, tuple[str, str | None]]:
    return {f.rule: (f.outcome, f.reason) for f in result.findings}


def test_without_them_their_rules_do_not_apply(options: Options) -> None:
    result = judged(options)
    assert outcomes(result) == {"T-1": ("not_applicable", "缺上年"), "T-2": ("not_applicable", "缺所属单位"), "T-3": ("not_applicable", "缺上年")}
    assert result.companions == ()


def test_last_years_report(options: Options, tmp_path: Path) -> None:
    prior = written(tmp_path, "上年.txt", 2022)
    result = judged(replace(options, prior=prior))
    assert outcomes(result)["T-1"] == outcomes(result)["T-3"] == ("pass", None)
    (one,) = result.companions
    assert (one.scope, one.identity.year, one.used, one.note) == ("上年", 2022, True, "")
    run = evaluate_many((SAMPLE,), replace(options, prior=prior))
    assert provenance(run, (), ExitCode.CLEAN)["prior"] == [f"sha256:{one.source.sha256}"]


@pytest.mark.parametrize(
    ("year", "unit", "said"),
    [
        (2021, UNIT, "给出的上年报告是 2021 年度的，不是 2022 年度，没有使用"),
        (2023, "另一个局", "给出的上年报告是 2023 年度的，不是 2022 年度，没有使用"),
    ],
)
def test_a_report_of_the_wrong_year_is_not_used(options: Options, tmp_path: Path, year: int, unit: str, said: str) -> None:
    result = judged(replace(options, prior=written(tmp_path, "上年.txt", year, unit)))
    assert outcomes(result)["T-1"] == ("undecided", "缺上年")
    assert [(one.used, one.note) for one in result.companions] == [(False, said)]
    assert next(f.sentence for f in result.findings if f.rule == "T-1") == said


def test_the_report_itself_and_a_budget_are_no_report_of_last_year(options: Options) -> None:
    assert judged(replace(options, prior=SAMPLE)).companions[0].note == "给出的上年报告就是本报告"
    assert judged(replace(options, prior=BUDGET)).companions[0].note == "给出的上年报告不是部门决算公开报告（部门预算），没有使用"


def test_another_name_is_told_and_used(options: Options, tmp_path: Path) -> None:
    result = judged(replace(options, prior=written(tmp_path, "上年.txt", 2022, "云岫市信息中心")))
    assert outcomes(result)["T-1"][0] == "pass"
    assert result.notes[-1].startswith("上年报告的单位是“")


def test_a_report_that_cannot_be_read_is_told_by_the_exit_code(options: Options, tmp_path: Path) -> None:
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.4 broken")
    run = evaluate_many((SAMPLE,), replace(options, prior=broken))
    assert outcomes(run.reports[0])["T-1"] == ("undecided", "缺上年")
    assert exit_code(run) == ExitCode.UNREADABLE


def test_a_folder_of_last_years_is_matched_by_name(options: Options, tmp_path: Path) -> None:
    folder = tmp_path / "上年"
    right = written(folder, "甲.txt", 2022)
    written(folder, "乙.txt", 2022, "云岫市水利局")
    written(folder, "丙.txt", 2021)
    other = written(tmp_path, "水利.txt", 2023, "云岫市水利局")
    run = evaluate_many((SAMPLE, other), replace(options, prior=folder))
    assert [Path(report.companions[0].source.path).name for report in run.reports] == [right.name, "乙.txt"]
    alone = judged(replace(options, prior=folder), written(tmp_path, "林业.txt", 2023, "云岫市林业局"))
    assert (outcomes(alone)["T-1"], alone.companions) == (("undecided", "缺上年"), ())


def test_several_reports_need_a_folder(options: Options, tmp_path: Path) -> None:
    other = written(tmp_path, "水利.txt", 2023, "云岫市水利局")
    with pytest.raises(UsageError, match="目录"):
        evaluate_many((SAMPLE, other), replace(options, prior=other))
    with pytest.raises(UsageError, match="--units"):
        evaluate_many((SAMPLE, other), replace(options, units=tmp_path))
    with pytest.raises(UsageError, match="找不到"):
        evaluate_many((SAMPLE,), replace(options, units=tmp_path / "没有"))


def test_units_are_added_up(options: Options, tmp_path: Path) -> None:
    folder = tmp_path / "下属"
    written(folder, "甲.txt", unit="云岫市数据中心")
    assert outcomes(judged(replace(options, units=folder)))["T-2"] == ("pass", None)
    written(folder, "乙.txt", unit="云岫市档案馆")
    result = judged(replace(options, units=folder))
    assert outcomes(result)["T-2"] == ("fail", None)
    assert [(one.identity.unit_name, one.used) for one in result.companions if one.scope == "所属单位"] == [("辽宁省云岫市档案馆", True), ("辽宁省云岫市数据中心", True)]
    names = [o.name for f in result.findings if f.rule == "T-2" for o in f.operands or ()]
    assert names == ["总表.支出[总计].金额", "所属单位1.总表.支出[总计].金额", "所属单位2.总表.支出[总计].金额"]


def test_units_of_which_one_cannot_be_read_prove_nothing(options: Options, tmp_path: Path) -> None:
    folder = tmp_path / "下属"
    written(folder, "甲.txt", unit="云岫市数据中心")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    run = evaluate_many((SAMPLE,), replace(options, units=folder))
    (result,) = run.reports
    assert outcomes(result)["T-2"] == ("undecided", "缺所属单位")
    assert "有 1 份没有读出来（坏.pdf），合计不全" in (next(f.sentence for f in result.findings if f.rule == "T-2") or "")
    assert exit_code(run) == ExitCode.UNREADABLE


def test_what_is_no_units_report_is_left_out(options: Options, tmp_path: Path) -> None:
    folder = tmp_path / "下属"
    written(folder, "甲.txt", unit="云岫市数据中心")
    written(folder, "甲的另一份.txt", unit="云岫市数据中心").open("a", encoding="utf-8").write("\n附注。\n")
    written(folder, "旧.txt", 2022, "云岫市档案馆")
    shutil.copy(BUDGET, folder / "预算.txt")
    shutil.copy(SAMPLE, folder / "本级.txt")
    result = judged(replace(options, units=folder))
    assert outcomes(result)["T-2"] == ("pass", None)
    notes = {Path(one.source.path).name: one.note for one in result.companions}
    assert set(notes) == {"甲.txt", "甲的另一份.txt", "旧.txt", "预算.txt"}
    assert (notes["甲.txt"], notes["旧.txt"]) == ("", "是 2022 年度的，不是 2023 年度，没有使用")
    assert notes["甲的另一份.txt"] == "与 甲.txt 是同一单位，没有使用"


def test_the_cache_knows_them_apart(options: Options, tmp_path: Path) -> None:
    prior = written(tmp_path, "上年.txt", 2022)
    alone, beside = judged(options), judged(replace(options, prior=prior))
    assert outcomes(alone) != outcomes(beside)
    assert judged(replace(options, prior=prior)) == beside
    written(tmp_path, "上年.txt", 2021)
    assert outcomes(judged(replace(options, prior=prior)))["T-1"] == ("undecided", "缺上年")
    assert judged(options) == alone


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("随州市曾都区水利局", "曾都区水利局", True), ("某局（本级）", "某局", True), ("某局(汇总)", "某局部门", True), ("水利局", "林业局", False),
        ("某某县水利局", "水利局", False), ("云岫市数据服务局", "云岫市数据局", False),
    ],
)  # fmt: skip
def test_names_of_units(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same_unit(other, one) is same
