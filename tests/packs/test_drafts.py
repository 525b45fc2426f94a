"""Files that say draft: true: read, told of, and in force for nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.packs.load import draft_rules, inspect_pack, load_pack
from juesuan_rules.packs.rulefile import read_drafts, read_rules
from juesuan_rules.resources import rules_root

PACK = "language: 1\nid: x-project\nversion: 1.0.0\nname: 某项目\nlevel: 项目\nparent: cn\n"
DRAFTS = "language: 1\ndraft: true\nrules:\n  - {id: DRAFT-1, title: 甲, check: '总表[结余分配] == 0'}\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "x" / "rules").mkdir(parents=True)
    (tmp_path / "x" / "pack.yaml").write_text(PACK, "utf-8")
    (tmp_path / "x" / "rules" / "drafts.yaml").write_text(DRAFTS, "utf-8")
    return tmp_path / "x"


def test_drafts_are_in_force_for_nobody(pack: Path) -> None:
    assert "DRAFT-1" not in {rule.id for rule in load_pack(str(pack), None, [rules_root()]).rules}
    (pack / "rules" / "drafts.yaml").write_text(DRAFTS.replace("draft: true\n", ""), "utf-8")
    assert "DRAFT-1" in {rule.id for rule in load_pack(str(pack), None, [rules_root()]).rules}


def test_checking_a_pack_tells_of_its_drafts(pack: Path) -> None:
    told = [d for d in inspect_pack(str(pack), None, [rules_root()]).diagnostics if d.code == "W411"]
    assert [(d.message, d.span.line) for d in told] == [("这个文件是草稿：1 条规则没有启用", 2)]
    assert draft_rules(pack) == ("DRAFT-1",)


def test_what_is_wrong_with_a_draft_is_told_all_the_same(pack: Path) -> None:
    (pack / "rules" / "drafts.yaml").write_text(DRAFTS.replace("title", "titel"), "utf-8")
    assert {d.code for d in inspect_pack(str(pack), None, [rules_root()]).diagnostics} >= {"E411"}


def test_draft_is_yes_or_no(pack: Path) -> None:
    path, told = pack / "rules" / "drafts.yaml", []
    path.write_text(DRAFTS.replace("draft: true", "draft: 以后再说"), "utf-8")
    assert read_rules(path, "x", told) == ()
    assert "E413" in {d.code for d in told}
    path.write_text(DRAFTS.replace("draft: true", "draft: false"), "utf-8")
    assert [r.rule.id for r in read_rules(path, "x", [])] == ["DRAFT-1"]
    assert read_drafts(path, "x", []) == ()


def test_an_id_of_a_draft_is_still_free(pack: Path) -> None:
    (pack / "rules" / "more.yaml").write_text(DRAFTS.replace("draft: true\n", ""), "utf-8")
    assert not [d for d in inspect_pack(str(pack), None, [rules_root()]).diagnostics if d.is_error]
