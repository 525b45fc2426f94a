"""A run saved in a folder comes out the same elsewhere, and whatever was altered is told."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.diagnostics import ExitCode, UsageError
from juesuan_rules.dossiers import verifying
from juesuan_rules.dossiers.making import make_dossier
from juesuan_rules.dossiers.model import RECORD, RESULT, Asked, is_inside, read_record
from juesuan_rules.dossiers.running import Given
from juesuan_rules.dossiers.verifying import Verification, verify_dossier
from juesuan_rules.resources import rules_root

FIXTURES = Path(__file__).parents[2] / "fixtures"
DAMAGED = "辽宁省云岫市数据服务局-2023-有误.txt"
KINDS = ("csv", "md")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("报告")
    shutil.copy(FIXTURES / DAMAGED, folder / "某局.txt")
    return folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, reports: Path) -> Path:
    """A dossier with its report, made once; tests that alter it copy it."""
    folder = tmp_path_factory.mktemp("保存") / "底稿"
    make_dossier(folder, Given((reports / "某局.txt",)), Asked(), KINDS, ("juesuan-rules",), True, None)
    return folder


@pytest.fixture
def dossier(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "底稿"))


def _texts(found: Verification, mark: str) -> list[str]:
    return [line.text for line in found.lines if line.mark == mark]


def test_the_same_comes_out_where_nothing_but_the_folder_is_there(dossier: Path) -> None:
    found = verify_dossier(dossier)
    assert (found.same, found.code) == (True, ExitCode.CLEAN)
    assert any(read_record(dossier).canonical_digest in text for text in _texts(found, "一致"))


def test_it_holds_lock_packs_inputs_and_outputs(saved: Path) -> None:
    names = {path.relative_to(saved).as_posix() for path in saved.rglob("*") if path.is_file()}
    assert names == {
        RECORD, "juesuan.lock", "packs/cn-1.0.0.jspack", "packs/cn-21-liaoning-1.0.0.jspack", "inputs/report/某局.txt",
        RESULT, "outputs/findings.csv", "outputs/report.md",
    }  # fmt: skip


def test_without_the_report_its_digest_finds_it_under_another_name(tmp_path: Path, reports: Path) -> None:
    folder = tmp_path / "底稿"
    make_dossier(folder, Given((reports / "某局.txt",)), Asked(), (), (), False, None)
    missing = verify_dossier(folder)
    assert missing.code == ExitCode.UNREADABLE and "某局.txt" in _texts(missing, "缺少")[0]
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    shutil.copy(reports / "某局.txt", elsewhere / "改了名.txt")
    assert verify_dossier(folder, [elsewhere]).same


@pytest.mark.parametrize("name", ["outputs/report.md", RESULT, "packs/cn-1.0.0.jspack", "inputs/report/某局.txt", "juesuan.lock"])
def test_an_altered_file_is_named(dossier: Path, name: str) -> None:
    path = dossier / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    found = verify_dossier(dossier)
    assert not found.same and f"{name} 被改动过" in _texts(found, "不同")


def test_an_altered_verdict_is_found_even_where_the_digests_were_made_to_fit(dossier: Path) -> None:
    path = dossier / RESULT
    result = json.loads(path.read_bytes())
    finding = next(f for f in result["reports"][0]["findings"] if f["outcome"] == "fail")
    finding["outcome"] = "pass"
    path.write_text(json.dumps(result, ensure_ascii=False), "utf-8")
    record = json.loads((dossier / RECORD).read_bytes())
    entry = next(one for one in record["files"] if one["path"] == RESULT)
    entry |= {"sha256": verifying._digest(path), "size": path.stat().st_size}
    from juesuan_rules.pipeline.provenance import canonical_digest

    record["canonical_digest"] = canonical_digest(result)
    (dossier / RECORD).write_text(json.dumps(record), "utf-8")
    found = verify_dossier(dossier)
    assert not found.same and found.code == ExitCode.FINDINGS
    assert any(finding["rule"] in text and "当时相符" in text for text in _texts(found, "不同"))


def test_a_report_that_was_exchanged_does_not_count_as_the_input(dossier: Path, reports: Path) -> None:
    (dossier / "inputs/report/某局.txt").write_text("别的内容", "utf-8")
    assert verify_dossier(dossier).code == ExitCode.UNREADABLE
    found = verify_dossier(dossier, [reports])
    assert any("完全相同" in text for text in _texts(found, "一致")) and not found.same


def test_packs_of_ones_own_come_from_the_folder(tmp_path: Path, reports: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(rules_root() / "cn-21-liaoning", rules / "cn-21-liaoning")
    manifest = rules / "cn-21-liaoning" / "pack.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("version: 1.0.0", "version: 1.9.0"), "utf-8")
    folder = tmp_path / "底稿"
    make_dossier(folder, Given((reports / "某局.txt",)), Asked(pack=str(rules / "cn-21-liaoning")), (), (), True, None)
    shutil.rmtree(rules)
    assert read_record(folder).asked.pack == "cn-21-liaoning@1.9.0"
    assert verify_dossier(folder).same
    (folder / "packs/cn-21-liaoning-1.9.0.jspack").unlink()
    assert verify_dossier(folder).code == ExitCode.RULES_BROKEN


def test_waivers_are_judged_on_the_day_of_the_run(tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    today = date.today()
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n  - {rule: A01-2, unit: 辽宁省云岫市数据服务局, year: 2023, place: 全部, difference: 不限, reason: 已核实, approver: 审核科, "
        f"expires: {today}}}\n",
        "utf-8",
    )
    folder = tmp_path / "底稿"
    made = make_dossier(folder, Given((reports / "某局.txt",), waivers=(waivers,)), Asked(), (), (), True, None)
    assert sum(f.waiver is not None for f in made.ran.run.reports[0].findings) > 0

    class Later(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return today + timedelta(days=400)

    monkeypatch.setattr("juesuan_rules.pipeline.waiving.date", Later)
    assert verify_dossier(folder).same


def test_several_reports_of_one_name_and_a_broken_one(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    shutil.copy(FIXTURES / DAMAGED, tmp_path / "a" / "报告.txt")
    shutil.copy(FIXTURES / "广东省浔澜市水务局-2023.txt", tmp_path / "b" / "报告.txt")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    folder = tmp_path / "底稿"
    given = Given((tmp_path / "a" / "报告.txt", tmp_path / "b" / "报告.txt", tmp_path / "坏.pdf"))
    made = make_dossier(folder, given, Asked(), KINDS, (), True, None)
    assert len(made.ran.run.reports) == 2 and len(made.ran.run.failures) == 1
    assert verify_dossier(folder).same


def test_nothing_is_written_over(tmp_path: Path, reports: Path) -> None:
    folder = tmp_path / "底稿"
    folder.mkdir()
    (folder / "我的.txt").write_text("x")
    with pytest.raises(UsageError, match="已有内容"):
        make_dossier(folder, Given((reports / "某局.txt",)), Asked(), (), (), True, None)
    assert [path.name for path in folder.iterdir()] == ["我的.txt"]


def test_an_interrupted_run_leaves_no_half_dossier(tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> tuple[str, ...]:
        raise KeyboardInterrupt

    monkeypatch.setattr("juesuan_rules.dossiers.making._write_outputs", fail)
    with pytest.raises(KeyboardInterrupt):
        make_dossier(tmp_path / "底稿", Given((reports / "某局.txt",)), Asked(), (), (), True, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "C:/x", "a\\..\\x", "", "a\0b"])
def test_a_record_that_points_out_of_its_folder_is_refused(dossier: Path, name: str) -> None:
    assert not is_inside(name)
    record = read_record(dossier)
    from msgspec.json import encode

    (dossier / RECORD).write_bytes(encode(replace(record, inputs=(replace(record.inputs[0], name=name),))))
    with pytest.raises(UsageError, match="不在目录之内"):
        verify_dossier(dossier)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{" * 5000, '{"format": 2}', "null", "\ufffe"])
def test_a_broken_record_is_one_clear_message(dossier: Path, text: str) -> None:
    (dossier / RECORD).write_text(text, "utf-8")
    with pytest.raises(UsageError, match=RECORD.replace(".", r"\.")):
        verify_dossier(dossier)


@pytest.mark.skipif(os.name == "nt", reason="Windows 上建立链接需要特权")
def test_a_link_is_not_followed(dossier: Path, tmp_path: Path) -> None:
    target = tmp_path / "别处.md"
    shutil.copy(dossier / "outputs/report.md", target)
    (dossier / "outputs/report.md").unlink()
    (dossier / "outputs/report.md").symlink_to(target)
    assert "outputs/report.md 成了链接" in _texts(verify_dossier(dossier), "不同")


def test_what_was_added_is_told_and_harms_nothing(dossier: Path) -> None:
    (dossier / "批注.txt").write_text("x", "utf-8")
    found = verify_dossier(dossier)
    assert found.same and _texts(found, "说明") == ["批注.txt 不是这次运行写的"]


def test_the_command_says_the_same_as_json_in_its_published_shape(dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from jsonschema import Draft202012Validator

    from juesuan_rules.commands.main import run_command

    schema = json.loads((rules_root().parent / "src/juesuan_rules/schemas/verify.schema.json").read_text("utf-8"))
    target = tmp_path / "检验.json"
    for alter, code in ((False, 0), (True, 1)):
        if alter:
            (dossier / "outputs/report.md").write_text("改过", "utf-8")
        assert run_command(["verify", str(dossier), "--json", str(target)]) == code
        said = json.loads(target.read_text("utf-8"))
        assert list(Draft202012Validator(schema).iter_errors(said)) == []
        assert said["same"] is (code == 0) and said["exit_code"] == code
        out = capsys.readouterr().out
        assert all(line["text"] in out for line in said["lines"]) and out.rstrip().endswith(f"退出码 {code}")
