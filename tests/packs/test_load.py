"""A pack merged with its parents: rules in force, problems at their place, digests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import BASE, PROVINCE, RULES

from juesuan_rules.diagnostics import Diagnostic, RulesError, UsageError
from juesuan_rules.packs.load import applies_to, inspect_pack, load_pack

Write = Callable[[str, str], Path]


def problems(root: Path, pack: str = "cn", year: int | None = 2023) -> list[Diagnostic]:
    return [d for d in inspect_pack(pack, year, [root]).diagnostics if d.is_error]


def place(found: Diagnostic) -> tuple[str, str, int, int]:
    return found.code, Path(found.span.file).name, found.span.line, found.span.column


def test_a_region_inherits_rules_and_layout(packs: Path) -> None:
    pack = load_pack("cn-99-mou", 2023, [packs])
    assert [(r.id, r.pack, r.severity, r.changed_by) for r in pack.rules] == [("A01-1", "cn", "错误", None), ("A01-2", "cn", "警告", None)]
    assert [(p.id, p.version) for p in pack.chain] == [("cn", "1.2.0"), ("cn-99-mou", "1.0.0")]
    assert pack.layout.table("总表") is not None


def test_checks_of_a_rule_keep_their_text_title_severity_and_place(packs: Path) -> None:
    rule = load_pack("cn", 2023, [packs]).rules[1]
    assert [(c.text, c.severity, c.title) for c in rule.checks] == [("sum(总表.支出) == 本年支出合计", None, None), ("总表[结余分配] >= 0", "提示", "结余分配")]
    assert rule.basis == (("预算法", "第七十五条", "2026-11-01"), ("口径", "", "未核验"))
    span = rule.checks[1].locate(3, 7)
    assert (span.line, span.column) == (11, 21)


def test_a_folder_may_be_named_and_finds_its_parents_beside_it(packs: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pack = load_pack(str(packs / "cn-99-mou"), 2023, [tmp_path_factory.mktemp("别处")])
    assert [p.id for p in pack.chain] == ["cn", "cn-99-mou"]


def test_rules_are_dated(write: Write, packs: Path) -> None:
    dated = RULES + "  - {id: A02-1, title: 旧, check: '1 == 1', applies: {年度: ..2022}}\n  - {id: A02-1, title: 新, check: '1 == 1', applies: {年度: 2023..}}\n"
    write("cn/rules/a.yaml", dated)
    titles = {year: [r.title for r in load_pack("cn", year, [packs]).rules if r.id == "A02-1"] for year in (2022, 2023, None)}
    assert titles == {2022: ["旧"], 2023: ["新"], None: ["新"]}


def test_rules_for_other_regions_are_left_out(write: Write, packs: Path) -> None:
    write("cn/rules/b.yaml", "language: 1\nrules:\n  - {id: X-1, title: 一, check: '1 == 1', applies: {地区: ['98', '9901']}}\n")
    assert [r.id for r in load_pack("cn", 2023, [packs], region="99").rules][-1] == "X-1"
    assert "X-1" not in [r.id for r in load_pack("cn", 2023, [packs], region="9902").rules]
    rule = load_pack("cn", 2023, [packs]).rules[-1]
    assert applies_to(rule, "部门决算", "980102")
    assert not applies_to(rule, "部门决算", "97")


def test_every_problem_of_every_file_is_told_at_once(write: Write, packs: Path) -> None:
    write("cn/rules/a.yaml", RULES + "  - {id: a1, title: 小写, check: '1 == 1', severty: 警告}\n  - {title: 没有编号, check: 1}\n  - {id: A01-1, title: 重复, check: '1 == 1', severity: 严重}\n")
    write("cn/rules/b.yaml", "language: 2\nrules: []\n")
    write("cn/rules/c.yaml", "language: 1\nrules:\n  - id: [\n")
    found = [place(d) for d in problems(packs)]
    assert ("E411", "a.yaml", 14, 42) in found
    assert ("E421", "a.yaml", 14, 10) in found
    assert ("E412", "a.yaml", 15, 5) in found
    assert ("E420", "a.yaml", 16, 10) in found
    assert ("E413", "a.yaml", 16, 55) in found
    assert ("E414", "b.yaml", 1, 11) in found
    assert any(code == "E400" and name == "c.yaml" for code, name, _, _ in found)


def test_unknown_keys_say_what_was_meant(write: Write, packs: Path) -> None:
    write("cn/rules/a.yaml", RULES.replace("title: 一", "titel: 一"))
    wrong = next(d for d in problems(packs) if d.code == "E411")
    assert "title" in wrong.hint
    assert wrong.source_line == "    titel: 一"


def test_a_child_may_not_redefine_a_rule(write: Write, packs: Path) -> None:
    write("cn-99-mou/rules/a.yaml", "language: 1\nrules:\n  - {id: A01-1, title: 又, check: '1 == 1'}\n")
    wrong = problems(packs, "cn-99-mou")
    assert [d.code for d in wrong] == ["E420"]
    assert "overrides.yaml" in wrong[0].hint


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (PROVINCE.replace("parent: cn", "parent: cnn"), "E416"),
        (PROVINCE.replace("level: 省", "level: 国家"), "E417"),
        (PROVINCE.replace("parent: cn", "parent: cn-99-mou"), "E417"),
        (PROVINCE.replace("version: 1.0.0", "version: 1.0.0\nengine: '>=99'"), "E415"),
    ],
)
def test_chains_that_do_not_hold(write: Write, packs: Path, manifest: str, code: str) -> None:
    write("cn-99-mou/pack.yaml", manifest)
    assert code in [d.code for d in problems(packs, "cn-99-mou")]


@pytest.mark.parametrize(
    "manifest",
    [BASE.replace("version: 1.2.0", "version: 1.20"), BASE.replace("id: cn", "id: CN"), BASE + "region: 辽宁\n", BASE + "nmae: 甲\n", "甲", BASE.replace("level: 国家", "level: 省"), BASE.replace("years: 2019..", "years: 近年")],
)
def test_broken_manifests_cannot_be_used(write: Write, packs: Path, manifest: str) -> None:
    write("cn/pack.yaml", manifest)
    with pytest.raises(RulesError) as caught:
        load_pack("cn", 2023, [packs])
    assert caught.value.diagnostics and all(d.span.line >= 1 for d in caught.value.diagnostics)


def test_errors_are_raised_together(write: Write, packs: Path) -> None:
    write("cn/rules/a.yaml", RULES.replace("severity: 错误", "severity: 重").replace("title: 二", "title:"))
    with pytest.raises(RulesError, match="2 处错误") as caught:
        load_pack("cn", 2023, [packs])
    assert {d.code for d in caught.value.diagnostics} == {"E413", "E412"}


def test_a_broken_pack_still_shows_its_sound_rules(write: Write, packs: Path) -> None:
    write("cn/rules/b.yaml", "language: 1\nrules:\n  - {id: A01-1, title: 重复, check: '1 == 1'}\n")
    result = inspect_pack("cn", 2023, [packs])
    assert result.pack is None
    assert {r.id for r in result.rules} == {"A01-1", "A01-2"}
    assert result.layout is not None and result.layout.table("总表") is not None


def test_a_version_may_be_asked_for(packs: Path) -> None:
    assert load_pack("cn", 2023, [packs], version="1.2.0").manifest.version == "1.2.0"
    with pytest.raises(UsageError, match=r"1\.2\.0"):
        load_pack("cn", 2023, [packs], version="1.1.0")


def digests(root: Path) -> list[str]:
    return [p.digest for p in load_pack("cn-99-mou", 2023, [root]).chain]


def test_digests_follow_content_not_place_or_line_ends(write: Write, packs: Path, tmp_path: Path) -> None:
    before = digests(packs)
    rules = packs / "cn" / "rules" / "a.yaml"
    rules.write_bytes(rules.read_bytes().replace(b"\n", b"\r\n"))
    write("cn/cases/A01-1.yaml", "language: 1\n")
    write("cn/README.md", "说明")
    moved = tmp_path / "搬走"
    moved.mkdir()
    for name in ("cn", "cn-99-mou"):
        (packs / name).rename(moved / name)
    assert digests(moved) == before
    (moved / "cn" / "rules" / "a.yaml").rename(moved / "cn" / "rules" / "b.yaml")
    renamed = digests(moved)
    assert renamed[0] != before[0]
    assert renamed[1] == before[1]


def test_one_check_may_have_a_condition_with_its_place(write: Write, packs: Path) -> None:
    write("cn/rules/a.yaml", RULES.replace("title: 结余分配}", "title: 结余分配, when: '存在(总表)'}"))
    first, second = load_pack("cn", 2023, [packs]).rules[1].checks
    assert first.when is None and second.when is not None and second.when.text == "存在(总表)"
    assert second.when.locate(0, 2).line == 11


def test_what_a_pack_declares_is_part_of_it(write: Write, packs: Path) -> None:
    before = digests(packs)
    write("cn/facts/a.yaml", "facts:\n  - {name: 支出总计, names: [总支出]}\n")
    write("cn/dictionaries/a.yaml", "dictionaries:\n  - {name: 词, entries: [甲]}\n")
    write("cn-99-mou/facts/a.yaml", "facts:\n  - {name: 支出总计, names: [支出合计]}\n")
    layout = load_pack("cn-99-mou", 2023, [packs]).layout
    assert [(f.names, f.pack) for f in layout.facts] == [(("总支出", "支出合计"), "cn-99-mou")]
    words = layout.dictionary("词")
    assert words is not None and words.entries == (("甲", ""),) and layout.dictionary("字") is None
    assert all(a != b for a, b in zip(before, digests(packs), strict=True))


def test_a_broken_declaration_forbids_the_pack(write: Write, packs: Path) -> None:
    write("cn/facts/a.yaml", "facts:\n  - {name: 支出总计, nmes: [总支出]}\n")
    assert [place(d) for d in problems(packs, "cn-99-mou")] == [("E411", "a.yaml", 2, 18)]
