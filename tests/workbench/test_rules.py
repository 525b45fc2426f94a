"""Writing rules in the workbench, through its pages as a browser without a script uses them."""

from __future__ import annotations

import html
import io
import json
import re
import time
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # which HTTP library the client uses is no matter
    from starlette.testclient import TestClient

from juesuan_rules.workbench.app import make_app
from juesuan_rules.workbench.database import DONE, Database
from juesuan_rules.workbench.jobs import Jobs
from juesuan_rules.workbench.rules import close
from juesuan_rules.workbench.settings import Settings

FIXTURES = Path(__file__).parents[2] / "fixtures"
DAMAGED, SOUND = "辽宁省云岫市数据服务局-2023-有误.txt", "辽宁省云岫市数据服务局-2023.txt"
PARENT, OWN = "cn-21-liaoning", "own-cn-21-liaoning"
RULE = """id: ZJ-01
title: 总表：年初结转和结余不大于本年收入合计
check: 总表[年初结转和结余] <= 总表[本年收入合计]
severity: 警告
basis:
  - {文号: 预算法, 条款: 第七十五条, 核验: 未核验}
"""
FAILING = RULE.replace("<= 总表[本年收入合计]", "> 总表[本年收入合计]").replace("不大于", "大于")
WRONG = RULE.replace("本年收入合计]", "本年收人合计]")


class Bench:
    """A workbench with one run of two reports, and a browser."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home, port=8000)
        self.settings.prepare()
        self.database = Database(self.settings.database)
        self.jobs = Jobs(self.settings, self.database)
        self.app: Any = make_app(self.settings, self.database, self.jobs)
        self.jobs.start()
        self.client = TestClient(self.app, base_url="http://127.0.0.1:8000", headers={"Origin": "http://127.0.0.1:8000"})
        self.client.get(f"/?token={self.settings.token}")
        files = [("files", (name, io.BytesIO((FIXTURES / name).read_bytes()), "text/plain")) for name in (DAMAGED, SOUND)]
        self.client.post(self.settings.prefix + "/runs", files=files, follow_redirects=False)
        self.run = self.database.runs()[0].id
        self.wait()

    @property
    def at(self) -> str:
        """The address of the damaged report."""
        return f"{self.settings.prefix}/run/{self.run}/0"

    def wait(self) -> None:
        """Until the run is judged."""
        for _ in range(600):
            run = self.database.run(self.run)
            if run is not None and run.state == DONE:
                return
            time.sleep(0.1)
        pytest.fail("没有核对完")

    def write(self, text: str, do: str, **more: str) -> Any:
        """Press a button of the editor."""
        return self.client.post(self.at + "/write", data={"kind": "rules", "editing": "", "text": text, "do": do, **more}, follow_redirects=False)

    def findings(self, position: int, rule: str) -> list[str]:
        """What the report's result says of a rule."""
        result = self.jobs.result(self.run, position)
        assert result is not None
        return [finding.outcome for finding in result.findings if finding.rule == rule]

    def end(self) -> None:
        """Stop everything."""
        close(self.app.app.state)
        self.jobs.stop()
        self.database.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("workbench") / "home")
    yield made
    made.end()


def plain(answer: Any) -> str:
    """The words of a page."""
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_lists_every_rule_with_its_outcome_and_origin(bench: Bench) -> None:
    page = plain(bench.client.get(bench.at + "/rulebook"))
    assert "A01-2" in page and "A 表内勾稽" in page and PARENT in page
    found = plain(bench.client.get(bench.at + "/rulebook", params={"q": "A01-2"}))
    assert "A01-2" in found and "A01-3" not in found
    failing = plain(bench.client.get(bench.at + "/rulebook", params={"outcome": "fail"}))
    assert "不符" in failing and len(failing) < len(page)


def test_a_rules_page_has_its_words_its_layers_and_its_cells(bench: Bench) -> None:
    page = plain(bench.client.get(bench.at + "/rulebook/A01-2"))
    for words in ("本年支出合计等于各类支出之和", "须等于", "允许误差", "编写", "预算法 第七十五条", "用到的数", "用例"):
        assert words in page, words
    assert bench.client.get(bench.at + "/rulebook/..%2f..%2fpack").status_code in (400, 404)


def test_problems_are_told_with_place_and_repair(bench: Bench) -> None:
    answer = bench.write(WRONG, "check")
    page = plain(answer)
    assert "第3行第26字" in page and "本年收人合计" in page and "是不是想写：本年收入合计" in page
    repair = html.unescape(re.search(r"name=\"do\" value='(repair:[^']+)'", answer.text).group(1))  # type: ignore[union-attr]
    mended = bench.write(WRONG, repair)
    assert "写法没有问题" in plain(mended)
    assert "须不大于" in plain(mended)


def test_the_script_gets_the_same_problems_as_records(bench: Bench) -> None:
    answer = bench.client.post(bench.at + "/write/check", data={"kind": "rules", "editing": "", "text": WRONG}).json()
    (problem,) = answer["problems"]
    assert WRONG[problem["start"] : problem["end"]] == "本年收人合计"
    assert problem["repairs"][0][3] == "本年收入合计"
    assert (problem["line"], problem["column"]) == (3, 26)


def test_offsets_are_those_of_a_browser(bench: Bench) -> None:
    text = WRONG.replace("总表：年初", "😀总表：年初")
    (problem,) = bench.client.post(bench.at + "/write/check", data={"kind": "rules", "editing": "", "text": text}).json()["problems"]
    units = text.encode("utf-16-le")
    assert units[problem["start"] * 2 : problem["end"] * 2].decode("utf-16-le") == "本年收人合计"


def test_completes_names_of_the_layout(bench: Bench) -> None:
    text = "id: ZJ-01\ntitle: 试\ncheck: 总表[本年收"
    items = bench.client.post(bench.at + "/write/complete", data={"kind": "rules", "editing": "", "text": text, "offset": str(len(text))}).json()["items"]
    assert items[0]["label"] == "本年收入合计" and text[items[0]["start"] : items[0]["end"]] == "本年收"


def test_spelling_is_put_in_order(bench: Bench) -> None:
    answer = bench.write(RULE.replace("check: 总表[年初结转和结余] <=", "check:   总表[年初结转和结余]<="), "format")
    assert "check: 总表[年初结转和结余] &lt;= 总表[本年收入合计]" in answer.text


def test_a_trial_shows_sentence_calculation_and_cells(bench: Bench) -> None:
    page = plain(bench.write(FAILING, "try"))
    assert "在这份报告上" in page and "不符" in page and "用到的数" in page and "总表[本年收入合计].金额" in page


def test_a_change_is_tried_against_the_rule_as_it_is(bench: Bench) -> None:
    text = "rule: A01-1\naction: 替换\nreason: 试\ncheck: sum(总表.收入) == 总表[本年收入合计] ± 1亿元\n"
    answer = bench.client.post(bench.at + "/write", data={"kind": "overrides", "editing": "A01-1", "text": text, "do": "try"})
    page = plain(answer)
    assert "现在有效力的 A01-1" in page


def test_a_batch_trial_tells_what_comes_and_goes(bench: Bench) -> None:
    begun = bench.write(FAILING, "batch")
    assert begun.status_code == 303
    for _ in range(300):
        told = bench.client.get(begun.headers["location"], params={"part": "1"}).json()
        if told["over"]:
            break
        time.sleep(0.1)
    page = html.unescape(re.sub(r"<[^>]+>", " ", told["html"]))
    assert "2 / 2" in page and "多出" in page and page.count("没有 → 不符") == 2


def test_a_batch_trial_can_be_stopped(bench: Bench) -> None:
    begun = bench.write(FAILING, "batch").headers["location"]
    bench.client.post(begun + "/stop")
    for _ in range(100):
        told = bench.client.get(begun, params={"part": "1"}).json()
        if told["over"]:
            break
        time.sleep(0.1)
    assert told["over"] and "已停止" in told["html"]
    assert bench.client.get(f"{bench.settings.prefix}/run/{bench.run}/trial/none").status_code == 400


def test_saving_refuses_errors_and_keeps_the_text(bench: Bench) -> None:
    page = plain(bench.write(WRONG, "save"))
    assert "有错，没有保存" in page
    assert not (bench.settings.packs / OWN).exists()
    again = bench.client.get(bench.at + "/write")
    assert "本年收人合计" in again.text and "没有保存的稿子" in again.text
    assert "本年收人合计" not in bench.client.get(bench.at + "/write", params={"fresh": "1"}).text


def test_saving_refuses_cases_that_do_not_come_out(bench: Bench) -> None:
    cases = "language: 1\nrule: ZJ-01\ncases:\n  - name: 应当相符\n    outcome: 相符\n    tables:\n      总表: {年初结转和结余: 9.00, 本年收入合计: 1.00}\n"
    page = plain(bench.write(RULE, "save", cases=cases))
    assert "没有保存" in page and "应当相符" in page and "没有应当不符的用例" in page


def test_saved_judged_withdrawn(bench: Bench) -> None:
    saved = bench.write(FAILING, "save", judge="run")
    assert saved.status_code == 303, plain(saved)
    assert saved.status_code == 303
    bench.wait()
    assert bench.findings(0, "ZJ-01") == ["fail"] and bench.findings(1, "ZJ-01") == ["fail"]
    # it is a pack that the command line takes
    (folder,) = (bench.settings.packs / OWN).iterdir()
    from juesuan_rules.authoring.cases import run_cases
    from juesuan_rules.authoring.linting.run import lint_pack
    from juesuan_rules.authoring.linting.work import Settings as LintSettings
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.store.build import archive_folder, check_folder

    assert not check_folder(folder, pack_roots())
    assert run_cases(str(folder), pack_roots()).passed
    assert not [f for f in lint_pack(str(folder), pack_roots(), LintSettings(date.today())).findings if f.level != "提示"]
    assert archive_folder(folder, tested=True).manifest.id == OWN
    # it can be changed, and is found under its own
    page = bench.client.get(bench.at + "/write", params={"rule": "ZJ-01"})
    assert "总表[年初结转和结余] &gt; 总表[本年收入合计]" in page.text
    assert "重复" in plain(bench.write(FAILING, "save"))
    # a newer version leaves the older result as it was judged
    changed = bench.write(RULE, "save", editing="ZJ-01")
    assert changed.status_code == 303
    assert "不符" in plain(bench.client.get(bench.at + "/rulebook/ZJ-01"))
    judged = bench.client.post(bench.at + "/judge", data={"with": "own"}, follow_redirects=False)
    assert judged.status_code == 303
    assert bench.findings(0, "ZJ-01") == ["pass"] and bench.findings(1, "ZJ-01") == ["fail"]
    # and it can be left out again
    bench.client.post(bench.at + "/judge", data={"with": ""})
    assert bench.findings(0, "ZJ-01") == []


def test_downloads_and_deletion(bench: Bench) -> None:
    bench.write(RULE.replace("ZJ-01", "ZJ-07"), "save")
    prefix = bench.settings.prefix
    assert "ZJ-07" in plain(bench.client.get(prefix + "/rules"))
    packed = bench.client.get(f"{prefix}/rules/{OWN}/download")
    assert packed.status_code == 200 and OWN in packed.headers["content-disposition"]
    assert b"ZJ-07" in packed.content
    text = bench.client.get(f"{prefix}/rules/{OWN}/rules/ZJ-07/download").text
    assert text.startswith("language: 1\nrules:") and "ZJ-07" in text
    bench.client.post(f"{prefix}/rules/{OWN}/rules/ZJ-07/delete")
    assert "ZJ-07" not in plain(bench.client.get(prefix + "/rules"))
    for name in ("..", "cn", "%2e%2e%2fruns", OWN + "%2f.."):
        assert bench.client.get(f"{prefix}/rules/{name}/download").status_code in (400, 404)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 70_000,
        "id: &a [x, x]\ntitle: [*a, *a, *a]\ncheck: 1 == 1\n",
        "{" * 5000,
        "- " * 5000,
        "id: ZJ-01\ntitle: 试\ncheck: " + "(" * 3000 + "1" + ")" * 3000 + " == 1\n",
        "id: ZJ-01\ntitle: 试\ncheck: " + "总表[总计] + " * 3000 + "1 == 1\n",
        'id: ZJ-01\ntitle: 试\ncheck: 支出表[项].名称 匹配 "(a*)*(a*)*(a|a)*b"\n',
        "id: ZJ-01\ntitle: 试\ncheck: 1 == 1\n---\nid: !!python/object/apply:os.system [ls]\n",
        "id: ../../../x\ntitle: 试\ncheck: 总表[总计] == 总表[总计]\n",
        "\x00\u202e\ud800"[:2] + "id: ZJ-01",
        "language: 1\nrules: []\n",
        "rule: A01-1\nid: A01-1\n",
        "",
    ],
)
def test_hostile_texts_are_answered_in_time(bench: Bench, text: str) -> None:
    begun = time.monotonic()
    for do in ("check", "format", "try", "save"):
        answer = bench.write(text, do)
        assert answer.status_code in (200, 400), (do, answer.status_code)
    asked = bench.client.post(bench.at + "/write/check", data={"kind": "rules", "editing": "", "text": text})
    assert asked.status_code in (200, 400)
    assert time.monotonic() - begun < 60
    assert {path.name for path in bench.settings.packs.iterdir()} <= {OWN}


def test_another_origin_writes_nothing(bench: Bench) -> None:
    answer = bench.client.post(bench.at + "/write", data={"kind": "rules", "text": RULE, "do": "save"}, headers={"Origin": "http://127.0.0.1:9"})
    assert answer.status_code == 403


def test_a_draft_and_its_file_say_where_the_other_is() -> None:
    from juesuan_rules.workbench.drafts import item_text, items_of, make_draft, without, wrap

    draft = make_draft("rules", "id: ZJ-01\r\ntitle: 甲\n\ncheck: |\n  总表[总计]\n    == 1\n")
    wrapped = wrap(draft)
    for offset in range(len(draft.text.rstrip("\n"))):
        assert wrapped.to_draft(wrapped.to_file(offset)) == offset
        if draft.text[offset] != "\n":
            assert wrapped.content[wrapped.to_file(offset)] == draft.text[offset]
    assert wrapped.to_draft(3) is None
    two = wrap(make_draft("rules", "id: ZJ-02\ntitle: 乙\n"), wrapped.content + "\n").content
    first, second = items_of(two, "rules")
    assert (first.name, second.name) == ("ZJ-01", "ZJ-02")
    assert item_text(two, first) == draft.text
    assert items_of(without(two, first), "rules")[0].name == "ZJ-02"
    assert items_of(without(two, second), "rules")[0].name == "ZJ-01"


def test_the_kept_text_is_plain_json(bench: Bench) -> None:
    bench.write(RULE, "check")
    kept = json.loads(bench.database.rules()[f"{OWN}/rules/"])
    assert kept["text"] == RULE.strip()
