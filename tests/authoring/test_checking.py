"""One file of a pack, checked as what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from juesuan_rules.authoring.checking import CheckedFile, check_file
from juesuan_rules.authoring.scaffold.packs import NewPack, create_pack
from juesuan_rules.diagnostics import UsageError
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.resources import rules_root

ROOTS = (rules_root(),)
Check = Callable[..., CheckedFile]
LAYOUT = "layout: 1\ntables:\n  - id: 本地情况表\n    short: [本地表]\n    titles: [本地情况表]\n    form: fixed\n    blocks: [{columns: [{name: 金额}], rows: [{key: 水费}, {key: 电费}]}]\n"


@pytest.fixture
def check(tmp_path: Path) -> Check:
    create_pack(NewPack(tmp_path / "cn-2199", "2199"), ROOTS)
    (tmp_path / "cn-2199" / "layouts" / "local.yaml").write_text(LAYOUT, "utf-8")

    def run(name: str, text: str, pack: str = "") -> CheckedFile:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return check_file(path, pack, None, ROOTS, Cache(None))

    return run


FILES = {
    "facts": ("facts/f.yaml", "language: 1\nfacts: [{name: 用电量, names: [用电量], unit: 个}]\n", "unit: 个", "unit: 度"),
    "dictionaries": ("dictionaries/d.yaml", "language: 1\ndictionaries: [{name: 词, entries: [甲]}]\n", "entries", "entires"),
    "forms": ("forms/f.yaml", "language: 1\nforms: [{name: 本地表单, kind: 项目自评表, titles: [自评表]}]\n", "项目自评表", "自评的表"),
    "layout": ("layouts/l.yaml", "layout: 1\ntables: [{id: 另一张表, titles: [另一张表], form: fixed, blocks: [{columns: [{name: 金额}], rows: [{key: 甲}]}]}]\n", "columns", "colums"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("folder", ["cn-2199/", "elsewhere/"])
def test_a_file_is_checked_as_what_it_is(check: Check, kind: str, folder: str) -> None:
    name, text, right, wrong = FILES[kind]
    found = check(folder + name, text)
    assert (found.kind, [p.message for p in found.problems]) == (kind, [])
    broken = check(folder + name, text.replace(right, wrong))
    assert broken.kind == kind
    assert any(p.is_error for p in broken.problems)
    assert {Path(p.span.file).name for p in broken.problems} == {Path(name).name}
    line = text.replace(right, wrong).split("\n")[broken.problems[0].span.line - 1]
    assert wrong.split(": ")[-1] in line[broken.problems[0].span.column - 1 :]


RULE = "language: 1\nrules:\n  - {id: QS-01, title: 水费不小于电费, check: '本地表[水费] >= 本地表[电费]'}\n"


def test_rules_are_judged_by_their_own_pack(check: Check) -> None:
    found = check("cn-2199/rules/a.yaml", RULE)
    assert (found.kind, found.rules, found.problems) == ("rules", 1, ())
    assert next(p.code for p in check("elsewhere/a.yaml", RULE).problems) == "E201", "the national pack has no such table"
    assert next(p.code for p in check("cn-2199/rules/a.yaml", RULE, "cn").problems) == "E201", "the pack named counts"


def test_only_problems_of_the_file_are_told_and_that_there_are_others(check: Check) -> None:
    check("cn-2199/rules/a.yaml", RULE.replace("电费]", "汽费]"))
    found = check("cn-2199/facts/f.yaml", FILES["facts"][1])
    assert found.problems == ()
    check("cn-2199/facts/g.yaml", FILES["facts"][1].replace("facts:", "fact:"))
    assert check("cn-2199/facts/f.yaml", FILES["facts"][1]).elsewhere


def test_rules_of_past_years_and_drafts_are_checked_too(check: Check) -> None:
    past = RULE.replace("title:", "applies: {年度: ..2020}, title:")
    assert check("cn-2199/rules/a.yaml", past).problems == ()
    assert [p.code for p in check("cn-2199/rules/a.yaml", past.replace("电费]", "汽费]")).problems] == ["E204"]
    draft = "draft: true\n" + RULE.replace("电费]", "汽费]")
    assert {p.code for p in check("cn-2199/rules/a.yaml", draft).problems} == {"W411", "E204"}


def test_cases_are_checked_against_the_layout(check: Check) -> None:
    check("cn-2199/rules/a.yaml", RULE)
    cases = "language: 1\nrule: QS-01\ncases:\n  - {name: 够, outcome: 相符, tables: {本地表: {水费: 2.00, 电费: 1.00}}}\n"
    assert check("cn-2199/cases/QS-01.yaml", cases).problems == ()
    (wrong,) = check("cn-2199/cases/QS-01.yaml", cases.replace("电费", "汽费")).problems
    assert (wrong.code, wrong.span.line) == ("E442", 4)


def test_what_is_no_file_of_a_pack_is_told_so(check: Check) -> None:
    with pytest.raises(UsageError, match="事实文件最外层写 facts"):
        check("elsewhere/x.yaml", "甲: 1\n乙: 2\n")
    with pytest.raises(UsageError, match="waivers check"):
        check("elsewhere/w.yaml", "waivers: []\n")
    assert check("elsewhere/r.yaml", "rule:\n  - {id: QS-01}\n").kind == "rules", "misspelt, but plainly meant"
    assert any(p.code == "E400" for p in check("elsewhere/y.yaml", "a: [1\n").problems)


def test_every_file_of_the_shipped_packs_is_sound() -> None:
    for name in ("cn-15-neimenggu/rules/a-tables.yaml", "cn-15-neimenggu/layouts/tables.yaml", "cn-31-shanghai/facts", "cn-42-hubei/layouts/tables-2021.yaml"):
        path = rules_root() / name
        for one in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            assert check_file(one, "", None, ROOTS, Cache(None)).problems == (), one
