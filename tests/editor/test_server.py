"""The language server, asked by a client over its pipes as an editor does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from client import Client

Edit = Callable[..., Any]


def told(problems: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(p["code"], p["message"].split("\n")[0]) for p in problems]


def apply(content: str, edits: list[dict[str, Any]]) -> str:
    """A text after an editor's edits."""
    lines = [line + "\n" for line in content.split("\n")]

    def offset(position: dict[str, int]) -> int:
        line = lines[position["line"]].encode("utf-16-le")[: 2 * position["character"]].decode("utf-16-le")
        return sum(map(len, lines[: position["line"]])) + len(line)

    for one in sorted(edits, key=lambda e: offset(e["range"]["start"]), reverse=True):
        start, end = offset(one["range"]["start"]), offset(one["range"]["end"])
        content = content[:start] + one["newText"] + content[end:]
    return content


# ------------------------------------------------------------------ problems


def test_all_problems_of_a_file_with_exact_places(edit: Edit, packs: Path) -> None:
    document = edit(
        packs / "base/rules/a.yaml",
        ("sum(总表.收入) ==", "「𠮷😀」 + sum(总表.收人) =="),
        ("支出表.基本支出 +", "支出表.基本支出 ＋ +"),
        ("severity: 提示", "severty: 提示"),
    )
    problems = document.problems()
    assert [(p["code"], document.text_at(p["range"])) for p in problems] == [("E201", "「𠮷😀」"), ("E203", "收人"), ("E109", "+"), ("E411", "severty")]
    assert all(p["severity"] == 1 and p["source"] == "juesuan-rules" for p in problems)
    assert "是不是想写：收入" in problems[1]["message"]


def test_problems_go_when_they_are_repaired(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("sum(总表.收入)", "sum(总表.收"))
    assert document.problems(lambda found: bool(found))
    document.write((packs / "base/rules/a.yaml").read_text("utf-8"))
    assert document.problems() == []


def test_an_incremental_change_in_utf16_units(edit: Edit, packs: Path, client: Client) -> None:
    document = edit(packs / "base/rules/a.yaml", ("title: 收入合计", "title: 𠮷😀收入合计"), ("sum(总表.收入)", "sum(总表.收)"))
    document.problems(lambda found: bool(found))
    line, column = document.place("总表.收|)")
    document.version += 1
    where = {"line": line, "character": column}
    client.change(document.uri, 2, {"range": {"start": where, "end": where}, "text": "入"})
    assert document.problems() == []


def test_broken_yaml_is_one_problem_and_does_not_spread(edit: Edit, packs: Path, client: Client) -> None:
    override = edit(packs / "city/overrides.yaml")
    document = edit(packs / "base/rules/a.yaml")
    assert override.problems() == document.problems() == []
    document.write(document.content.replace("title: 支出合计", 'title: "支出合计'))
    problems = document.problems(lambda found: bool(found))
    assert [p["code"] for p in problems] == ["E400"]
    client.settle(0.3)
    assert client.problems[override.uri] == []


def test_a_layout_that_changes_is_seen_by_every_rule_and_pack(edit: Edit, packs: Path, client: Client) -> None:
    rules = edit(packs / "base/rules/a.yaml")
    child = edit(packs / "city/overrides.yaml")
    assert rules.problems() == child.problems() == []
    layout = edit(packs / "base/layouts/tables.yaml")
    layout.problems()
    layout.write(layout.content.replace("key: 本年收入合计", "key: 本年收入总计"))
    found = client.wait_for(rules.uri, lambda found: bool(found))
    assert told(found) == [("E204", "总表 没有叫“本年收入合计”的行")]
    layout.write((packs / "base/layouts/tables.yaml").read_text("utf-8"))
    client.wait_for(rules.uri, lambda found: not found)


def test_problems_of_files_that_are_not_open_are_told_too(edit: Edit, packs: Path, client: Client) -> None:
    facts = edit(packs / "base/facts/main.yaml", ("name: 支出总计", "name: 支出总数"))
    facts.problems()
    uri = (packs / "base/rules/a.yaml").as_uri()
    assert told(client.wait_for(uri, lambda found: bool(found))) == [("E213", "规则包没有声明叫“支出总计”的事实")]
    client.notify("textDocument/didClose", {"textDocument": {"uri": facts.uri}})
    client.wait_for(uri, lambda found: not found)


def test_a_file_that_changes_on_disk_is_read_again(edit: Edit, packs: Path, client: Client) -> None:
    rules = edit(packs / "base/rules/a.yaml")
    assert rules.problems() == []
    assert [one["method"] for one in client.registered] == ["workspace/didChangeWatchedFiles"]
    layout = packs / "base/layouts/tables.yaml"
    before = layout.read_text("utf-8")
    try:
        layout.write_text(before.replace("key: 本年收入合计", "key: 本年收入总计"), "utf-8")
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": layout.as_uri(), "type": 2}]})
        client.wait_for(rules.uri, lambda found: bool(found))
    finally:
        layout.write_text(before, "utf-8")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": layout.as_uri(), "type": 2}]})
    client.wait_for(rules.uri, lambda found: not found)


def test_cases_facts_layouts_and_manifests(edit: Edit, packs: Path) -> None:
    cases = edit(packs / "base/cases/A01-1.yaml", ("rule: A01-1", "rule: A01-9"), ("其他收入: 2.00", "其它收人: 2.00"))
    assert told(cases.problems()) == [
        ("E440", "文件名应与规则编号一致：A01-9.yaml"), ("E441", "规则包里没有规则“A01-9”"), ("E442", "“总表”里没有“其它收人”这一行"),
    ]  # fmt: skip
    facts = edit(packs / "base/facts/main.yaml", ("expected: 应有", "expected: 须有"))
    assert told(facts.problems())[0][0] == "E413"
    layout = edit(packs / "base/layouts/tables.yaml", ("form: fixed", "from: fixed"))
    assert ("E411", "表没有“from”这个键") in told(layout.problems(lambda found: bool(found)))
    manifest = edit(packs / "city/pack.yaml", ("parent: base", "parent: bsae"))
    assert told(manifest.problems(lambda found: bool(found)))[0][0] == "E416"
    overrides = edit(packs / "city/overrides.yaml", ("rule: A01-2", "rule: A01-7"))
    manifest.write((packs / "city/pack.yaml").read_text("utf-8"))
    assert told(overrides.problems(lambda found: any(p["code"] == "E430" for p in found)))


def test_a_rule_of_past_years_is_checked_too(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("title: 收入合计", "title: 收入合计\n    applies: {年度: ..2020}"), ("总表[本年收入合计]", "总表[本年收入]"))
    assert told(document.problems()) == [("E204", "总表 没有叫“本年收入”的行")]


def test_a_file_outside_of_packs_is_judged_by_the_national_layout(edit: Edit, tmp_path: Path) -> None:
    path = tmp_path / "随手.yaml"
    path.write_text("language: 1\nrules:\n  - id: Z-01\n    title: 试\n    check: sum(总表.支出) == 本年支出合汁 ± 尾差\n", "utf-8")
    document = edit(path)
    problems = document.problems()
    assert [document.text_at(p["range"]) for p in problems] == ["本年支出合汁"]
    assert "支出表" in document.labels("sum(|总表")


@pytest.mark.parametrize("text", ["services:\n  web: {}\n", "", "随便什么\n", "- 1\n- 2\n"])
def test_files_of_others_are_left_alone(edit: Edit, tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(text, "utf-8")
    document = edit(path)
    assert document.problems() == []
    assert document.client.at("completion", document.uri, 0, 0) is None
    assert document.client.at("hover", document.uri, 0, 0) is None


def test_a_file_that_is_too_long_is_said_to_be(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", text="# " + "长" * 2_200_000)
    assert [p["code"] for p in document.problems(lambda found: bool(found))] == ["E402"]
    assert document.client.at("hover", document.uri, 0, 5) is None


# ------------------------------------------------------------------ completion


@pytest.mark.parametrize(
    ("typed", "offered", "not_offered"),
    [
        ("sum(|", ["总表", "支出表", "文字"], ["=="]),
        ("总|", ["总表"], ["支出表"]),
        ("收支|", [], []),
        ("支出决算|", ["支出表"], ["sum"]),  # found by its title
        ("|", ["总表", "sum", "若", "每个", "上年"], ["=="]),
        ("总表.|", ["收入", "支出", "合计"], ["sum"]),
        ("总表.收入.|", ["金额"], ["支出"]),
        ("支出表.|", ["本年支出合计", "基本支出", "项目支出", "项", "*"], ["收入"]),
        ("支出表.项|", ["项目支出", "项"], ["基本支出"]),
        ("总表[|", ["财政拨款收入", "本年支出合计", "一般公共服务支出", "合计", "缺作0"], ["总表"]),
        ("总表.收入[|", ["财政拨款收入"], ["一般公共服务支出"]),
        ("支出表[|", ["合计", "2010301 行政运行", "类"], ["财政拨款收入"]),
        ("支出表[20103|", ["2010301 行政运行"], ["合计"]),
        ("支出表[行政|", ["2010301 行政运行"], ["合计"]),
        ("文字.|", ["支出总计", "三公经费"], []),
        ("文字.总支出|", ["支出总计"], ["三公经费"]),  # by another phrase of the fact
        ("文字.支出总计.|", ["增减率", "占比"], []),
        ('参数("|', ["占比分母"], []),
        ('占位符("|', ["占位符", "功能科目"], []),
        ("占位符(|", ['占位符'], []),
        ("总表[合计] |", ["==", "± 尾差", "且"], ["总表"]),
        ("总表[合计] == 3 ± |", ["尾差", "0.01万元"], ["总表"]),
        ("总表[合计] == 3|", ["万元", "%"], ["总表"]),
        ("每个 r |", ["属于"], ["总表"]),
        ("每个 r 属于 支出表[项]：|", ["r"], []),
        ("每个 r 属于 支出表[项]：r.|", ["项目支出"], ["收入", "表单"]),
        ("每个 r 属于 自评表.指标：r.|", ["得分", "表单"], ["总分"]),
        ("每个 r 属于 自评表.指标：r.表单.|", ["总分"], ["表单", "三级指标"]),
        ("上年.|", ["总表", "支出表"], ["sum"]),
        ("总表.收入[本年收入合计] == |", ["本年收入合计", "支出表"], []),
    ],
)
def test_completion_in_an_expression(edit: Edit, packs: Path, typed: str, offered: list[str], not_offered: list[str]) -> None:
    document = edit(packs / "base/rules/a.yaml", ("check: sum(总表.收入) == 总表[本年收入合计] ± 尾差", f"check: {typed.replace('|', '')}"))
    labels = document.labels(f"check: {typed}")
    assert [word for word in offered if word not in labels] == []
    assert [word for word in not_offered if word in labels] == []


def test_completion_writes_what_can_be_read(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("[本年收入合计] ± 尾差", "[本年"))
    found = document.ask("completion", "总表[本年|")
    item = next(i for i in found["items"] if i["label"] == "本年收入合计")
    assert item["textEdit"]["newText"] == "本年收入合计"
    assert document.text_at(item["textEdit"]["range"]) == "本年"


def test_the_rules_own_table_gives_bare_names(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("check: sum(支出) ==", "check: 本"))
    assert {"本年支出合计", "本年收入合计"} <= set(document.labels("check: 本|"))


def test_completion_of_keys_and_values(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("    severity: 错误\n", "    se\n"))
    found = document.ask("completion", "    se|\n")
    item = next(i for i in found["items"] if i["label"] == "severity")
    assert item["textEdit"]["newText"] == "severity: " and item["detail"]
    assert "id" not in document.labels("    |se\n")  # it is there already
    document.write(document.content.replace("    se\n", "    severity: \n"))
    assert document.labels("severity: |\n")[:3] == ["错误", "警告", "提示"]
    document.write(document.content.replace("    severity: \n", "    basis: [{文号: 预算法, }]\n"))
    assert {"条款", "核验"} <= set(document.labels("预算法, |}"))
    assert "文号" not in document.labels("预算法, |}")
    document.write(document.content.replace("    表: 总表", "    表: "))
    assert {"总表", "支出表"} <= set(document.labels("    表: |\n"))
    new_rule = document.content + "  - "
    document.write(new_rule)
    assert {"id", "title", "check"} <= set(document.labels(new_rule[-40:] + "|"))


def test_completion_in_cases_overrides_layouts_and_manifests(edit: Edit, packs: Path) -> None:
    cases = edit(packs / "base/cases/A01-1.yaml", ("outcome: 相符", "outcome: "), ("rule: A01-1", "rule: "), ("其他收入: 2.00", "其"))
    assert "规则出错" in cases.labels("outcome: |\n")
    assert "A01-2" in cases.labels("rule: |\n")
    assert "其他收入" in cases.labels("其|, ")
    overrides = edit(packs / "city/overrides.yaml", ("rule: A01-2", "rule: "), ("action: 放宽", "action: "))
    assert {"A01-1", "C-01"} <= set(overrides.labels("rule: |\n"))
    assert overrides.labels("action: |\n") == ["收紧", "放宽", "替换", "停用"]
    layout = edit(packs / "base/layouts/tables.yaml", ("use: 类", "use: "), ("form: codes", "form: "))
    assert "类" in layout.labels("{use: |, ")
    assert "panels" in layout.labels("form: |\n")
    manifest = edit(packs / "city/pack.yaml", ("level: 市", "level: "), ("parent: base", "parent: "))
    assert manifest.labels("level: |\n") == ["国家", "省", "市", "县", "项目"]
    assert {"base", "cn"} <= set(manifest.labels("parent: |\n"))


# ------------------------------------------------------------------ hover, signatures


@pytest.mark.parametrize(
    ("around", "words"),
    [
        ("sum(总|表.收入)", ["收入支出决算总表", "01表", "地址：`总表.收入`"]),
        ("sum(总表.收|入)", ["总表.收入", "一半"]),
        ("[本年|收入合计]", ["行次：3", "行类：合计", "地址：`总表.收入[本年收入合计]`"]),
        ("支出表.基本|支出", ["支出表", "2栏"]),
        ("文字.支出|总计", ["支出总额", "应有"]),
        ("s|um(总表", ["求和", "各行之和"]),
        ("每|个 r", ["逐行"]),
        ("支出表[|项]", ["行组"]),
        ("|r.项目支出", ["变量", "支出表[项]"]),
        ("id: A01-|1", ["收入合计", "错误"]),
        ("表: |总表", ["收入支出决算总表"]),
        ("seve|rity: 错误", ["级别", "提示"]),
        ("± 尾|差", []),
    ],
)
def test_hover(edit: Edit, packs: Path, around: str, words: list[str]) -> None:
    document = edit(packs / "base/rules/a.yaml")
    found = document.ask("hover", around)
    page = found["contents"]["value"] if found else ""
    assert [word for word in words if word not in page] == []
    assert bool(page) == bool(words)


def test_hover_on_a_code_and_on_texts(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("check: sum(总表.收入)", 'check: 支出表[2010301].基本支出 + 参数("占比分母") + 占位符("占位符") + sum(总表.收入)'))
    assert "行政运行" in document.ask("hover", "支出表[2010|301]")["contents"]["value"]
    assert "本年支出" in document.ask("hover", '"占比|分母"')["contents"]["value"]
    assert "词典" in document.ask("hover", '"占位|符"')["contents"]["value"]


def test_signature_help(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("check: sum(总表.收入)", "check: round(sum(总表.收入), "))
    found = document.ask("signatureHelp", "sum(总表.收入), |")
    assert found["signatures"][0]["label"].startswith("round(")
    assert found["activeParameter"] == 1
    assert document.ask("signatureHelp", "sum(|总表.收入)")["signatures"][0]["label"].startswith("sum(")
    assert document.ask("signatureHelp", "title: 收|入") is None


# ------------------------------------------------------------------ definition, references, rename


@pytest.mark.parametrize(
    ("around", "file", "target"),
    [
        ("sum(总|表.收入)", "base/layouts/tables.yaml", "收入支出决算总表"),
        ("sum(总表.收|入)", "base/layouts/tables.yaml", "收入"),
        ("[本年收|入合计]", "base/layouts/tables.yaml", "本年收入合计"),
        ("支出表.基本|支出", "base/layouts/tables.yaml", "基本支出"),
        ("文字.支|出总计", "base/facts/main.yaml", "支出总计"),
        ("表: 总|表", "base/layouts/tables.yaml", "收入支出决算总表"),
        ("id: A01-|1", "base/cases/A01-1.yaml", ""),
    ],
)
def test_definition(edit: Edit, packs: Path, around: str, file: str, target: str) -> None:
    document = edit(packs / "base/rules/a.yaml")
    (found,) = document.ask("definition", around)
    assert found["uri"] == (packs / file).as_uri()
    content = (packs / file).read_text("utf-8")
    lines = content.split("\n")
    start, end = found["range"]["start"], found["range"]["end"]
    assert lines[start["line"]][start["character"] : end["character"]] == target


def test_definition_of_rows_used_from_a_list_and_of_names_in_texts(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml", ("check: sum(总表.收入)", 'check: 总表[教育支出] + 参数("占比分母") + 占位符("占位符") + sum(总表.收入)'))
    (row,) = document.ask("definition", "总表[教育|支出]")
    assert row["range"]["start"]["line"] == 6
    (parameter,) = document.ask("definition", '"占比|分母"')
    assert parameter["range"]["start"]["line"] == 2
    (dictionary,) = document.ask("definition", '"占位|符"')
    assert dictionary["uri"].endswith("codes.yaml")


def test_definition_from_cases_and_overrides_leads_to_the_rule(edit: Edit, packs: Path) -> None:
    for path, around in (("base/cases/A01-1.yaml", "rule: A01|-1"), ("city/overrides.yaml", "rule: A01|-2")):
        (found,) = edit(packs / path).ask("definition", around)
        assert found["uri"] == (packs / "base/rules/a.yaml").as_uri()
    (parent,) = edit(packs / "city/pack.yaml").ask("definition", "parent: ba|se")
    assert parent["uri"] == (packs / "base/pack.yaml").as_uri()


def test_references(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml")

    def files(around: str, declared: bool = True) -> list[str]:
        found = document.ask("references", around, context={"includeDeclaration": declared})
        return sorted(location["uri"].rsplit("/", 1)[1] for location in found)

    assert files("id: A01-|2") == ["a.yaml", "overrides.yaml"]
    assert files("id: A01-|1", declared=False) == ["A01-1.yaml"]
    assert files("文字.支|出总计") == ["C-01.yaml", "a.yaml", "main.yaml"]
    assert files("sum(总|表.收入)", declared=False) == ["a.yaml"] * 3
    assert files("== 本年支出|合计 ±", declared=False) == ["a.yaml"] * 2  # bare and with its table
    assert files("支出表.基本|支出") == ["a.yaml", "tables.yaml"]


def test_renaming_a_rule_renames_its_cases_and_changes(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/rules/a.yaml")
    place = document.ask("prepareRename", "id: A01-|1")
    assert place["placeholder"] == "A01-1" and document.text_at(place["range"]) == "A01-1"
    edits = document.ask("rename", "id: A01-|1", newName="A01-11")["documentChanges"]
    texts = {c["textDocument"]["uri"].rsplit("/", 1)[1]: c["edits"] for c in edits if "textDocument" in c}
    assert set(texts) == {"a.yaml", "A01-1.yaml"}
    assert "  - id: A01-11\n" in apply(document.content, texts["a.yaml"])
    (move,) = [c for c in edits if c.get("kind") == "rename"]
    assert move["oldUri"].endswith("A01-1.yaml") and move["newUri"].endswith("A01-11.yaml")
    changes = document.ask("rename", "id: A01-|2", newName="A09-1")["changes"]
    assert sorted(uri.rsplit("/", 1)[1] for uri in changes) == ["a.yaml", "overrides.yaml"]


@pytest.mark.parametrize("name", ["A01-2", "a-1", "A01", "总表-1", ""])
def test_a_bad_or_taken_rule_id_is_refused(edit: Edit, packs: Path, name: str) -> None:
    from client import Refused

    document = edit(packs / "base/rules/a.yaml")
    with pytest.raises(Refused, match="规则编号"):
        document.ask("rename", "id: A01-|1", newName=name)


def test_renaming_a_fact_keeps_its_old_name_as_a_phrase(edit: Edit, packs: Path) -> None:
    document = edit(packs / "base/facts/main.yaml")
    changes = document.ask("rename", "name: 支出|总计", newName="年度 支出")["changes"]
    after = {}
    for uri, edits in changes.items():
        name = uri.rsplit("/", 1)[1]
        path = next(p for p in packs.rglob("*.yaml") if p.name == name)
        after[name] = apply(path.read_text("utf-8"), edits)
    assert "check: 文字.「年度 支出」 == " in after["a.yaml"]
    assert "文字: {年度 支出: 3.00}" in after["C-01.yaml"]
    assert "  - name: 年度 支出\n    names: [支出总计, 支出总额, 总支出]\n" in after["main.yaml"]
    other = document.ask("rename", "name: 三公|经费", newName="三公支出")["changes"]
    assert "  - name: 三公支出\n    names: [三公经费]\n    outside" in apply(document.content, next(iter(other.values())))


def test_what_cannot_be_renamed_is_said(edit: Edit, packs: Path) -> None:
    from client import Refused

    document = edit(packs / "base/rules/a.yaml")
    assert document.ask("prepareRename", "sum(总|表") is None
    with pytest.raises(Refused, match="只有规则编号和事实"):
        document.ask("rename", "sum(总|表", newName="别的")
    facts = edit(packs / "base/facts/main.yaml")
    for name, why in (("三公经费", "已经有了"), ("占比", "一栏"), ("甲,乙", "不能有")):
        with pytest.raises(Refused, match=why):
            facts.ask("rename", "name: 支出|总计", newName=name)


# ------------------------------------------------------------------ the rest


def test_symbols(edit: Edit, packs: Path) -> None:
    def symbols(path: str) -> list[dict[str, Any]]:
        document = edit(packs / path)
        found: list[dict[str, Any]] = document.client.request("textDocument/documentSymbol", {"textDocument": {"uri": document.uri}})
        return found

    rules = symbols("base/rules/a.yaml")
    assert [(s["name"], s["detail"]) for s in rules] == [("A01-1", "收入合计"), ("A01-2", "支出合计"), ("A01-3", "支出表每行"), ("C-01", "文字与表")]
    tables = symbols("base/layouts/tables.yaml")
    assert [(s["name"], [c["name"] for c in s.get("children") or []]) for s in tables] == [("收入支出决算总表", ["收入", "支出"]), ("支出决算表", [])]
    assert [s["name"] for s in symbols("base/cases/A01-1.yaml")] == ["相等", "不等"]
    assert [s["name"] for s in symbols("base/facts/main.yaml")] == ["支出总计", "三公经费"]
    for symbol in (*rules, *tables):  # the protocol demands it
        whole, own = symbol["range"], symbol["selectionRange"]
        assert (whole["start"]["line"], whole["start"]["character"]) <= (own["start"]["line"], own["start"]["character"])
        assert (own["end"]["line"], own["end"]["character"]) <= (whole["end"]["line"], whole["end"]["character"])


def test_colours(edit: Edit, packs: Path, client: Client) -> None:
    document = edit(packs / "base/rules/a.yaml")
    types = client.started["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"]
    data = client.request("textDocument/semanticTokens/full", {"textDocument": {"uri": document.uri}})["data"]
    found, line, column = [], 0, 0
    for at in range(0, len(data), 5):
        column = data[at + 1] + (column if data[at] == 0 else 0)
        line += data[at]
        where = {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + data[at + 2]}}
        found.append((document.text_at(where), types[data[at + 3]]))
    assert found[:8] == [
        ("sum", "function"), ("总表", "class"), ("收入", "property"), ("==", "operator"), ("总表", "class"), ("本年收入合计", "enumMember"),
        ("±", "operator"), ("尾差", "keyword"),
    ]  # fmt: skip
    assert ("r", "variable") in found and ("文字", "struct") in found and ("项", "enumMember") in found and ("每个", "keyword") in found
    part = {"start": {"line": 0, "character": 0}, "end": {"line": 6, "character": 0}}
    some = client.request("textDocument/semanticTokens/range", {"textDocument": {"uri": document.uri}, "range": part})["data"]
    assert data[: len(some)] == some and 0 < len(some) < len(data)


def test_quick_fixes_repair_the_file(edit: Edit, packs: Path, client: Client) -> None:
    document = edit(
        packs / "base/rules/a.yaml",
        ("sum(总表.收入)", "sum(总表.收人)"), ("sum(支出) ==", "sum(支出) ="), ("title: 文字与表", "titel: 文字与表"), ("severity: 提示", "severity: 提是"),
    )  # fmt: skip
    rounds = 0
    while (problems := document.problems()) and rounds < 6:
        found = client.request(
            "textDocument/codeAction",
            {"textDocument": {"uri": document.uri}, "range": problems[0]["range"], "context": {"diagnostics": problems}},
        )
        assert found and found[0]["isPreferred"] and found[0]["kind"] == "quickfix"
        document.write(apply(document.content, found[0]["edit"]["changes"][document.uri]))
        rounds += 1
    assert problems == []


def test_formatting(edit: Edit, packs: Path, client: Client) -> None:
    from client import Refused

    document = edit(packs / "base/rules/a.yaml", ("check: sum(总表.收入) ==", "check:   sum( 总表 . 收入 )=="))
    params = {"textDocument": {"uri": document.uri}, "options": {"tabSize": 2, "insertSpaces": True}}
    edits = client.request("textDocument/formatting", params)
    after = apply(document.content, edits)
    assert "check: sum(总表.收入) == 总表[本年收入合计] ± 尾差\n" in after and "# 试验规则" in after
    document.write('rules: "没有完\n')
    with pytest.raises(Refused, match="没有整理"):
        client.request("textDocument/formatting", params)


def test_all_that_is_said_is_chinese(edit: Edit, packs: Path, client: Client) -> None:
    client.settle(0.2)
    assert [note for note in client.notes if "内部错误" in json.dumps(note, ensure_ascii=False)] == []


# ------------------------------------------------------------------ half-typed text


def test_every_prefix_of_a_rule_file_is_survived(edit: Edit, packs: Path, client: Client) -> None:
    whole = (packs / "base/rules/a.yaml").read_text("utf-8")
    document = edit(packs / "base/rules/a.yaml", text="")
    for end in range(0, len(whole), 23):
        document.write(whole[:end])
        line = document.content.count("\n")
        column = len(document.content) - document.content.rfind("\n") - 1
        for method in ("completion", "hover", "definition", "signatureHelp"):
            client.at(method, document.uri, line, column)
    client.request("textDocument/documentSymbol", {"textDocument": {"uri": document.uri}})
    document.write(whole)
    assert document.problems() == []
    assert [note for note in client.notes if "内部错误" in json.dumps(note, ensure_ascii=False)] == []


def test_wild_messages_do_not_end_the_server(edit: Edit, packs: Path, client: Client) -> None:
    document = edit(packs / "base/rules/a.yaml")
    client.change("file:///没有打开.yaml", 5, {"text": "x"})
    client.change(document.uri, 9, {"range": {"start": {"line": 999, "character": 9}, "end": {"line": 9999, "character": 9}}, "text": "\n"})
    client.notify("textDocument/didOpen", {"textDocument": {"uri": "untitled:Untitled-1", "languageId": "yaml", "version": 1, "text": "rules: ["}})
    assert client.at("hover", "untitled:Untitled-1", 0, 0) is None
    assert client.at("completion", (packs / "没有.yaml").as_uri(), 3, 3) is None
    assert client.at("hover", document.uri, 10_000, 10_000) is None
