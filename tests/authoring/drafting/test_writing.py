"""Drafts as files: sound, disabled, and their cases come out once they are in force."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from juesuan_rules.authoring.drafting.model import Counter, Proposal
from juesuan_rules.authoring.drafting.writing import RULES_FILE, draft_files, summary, written_already
from juesuan_rules.packs.rulefile import read_drafts, read_rules

CASES = "language: 1\nrule: DRAFT-1\ncases: []\n"
ONE = Proposal(
    "DRAFT-1",
    "甲: 乙's",
    "总表[结余分配] == 0 ± 尾差",
    "同一个数",
    3,
    4,
    Fraction(1, 10**6),
    "甲 1.00 = 乙 1.00\x1b",
    (Counter("乙.txt", "甲 1 ≠ 乙 2"),),
    "小心",
    CASES,
)


def test_the_rules_file_is_a_draft_that_can_be_read(tmp_path: Path) -> None:
    files = draft_files([ONE], 3)
    assert set(files) == {RULES_FILE, "cases/DRAFT-1.yaml"}
    path = tmp_path / "drafts.yaml"
    path.write_text(files[RULES_FILE], "utf-8")
    told: list[object] = []
    assert read_rules(path, "x", told) == ()  # type: ignore[arg-type]
    rule = read_drafts(path, "x", [])[0].rule
    assert (rule.id, rule.title, rule.checks[0].text) == ("DRAFT-1", "甲: 乙's", "总表[结余分配] == 0 ± 尾差")
    assert "反例 乙.txt：甲 1 ≠ 乙 2" in files[RULES_FILE] and "\x1b" not in files[RULES_FILE]


def test_a_proposal_without_cases_says_so() -> None:
    bare = Proposal("DRAFT-2", "甲", "乙", "丙", 2, 2, Fraction(0), "丁")
    assert set(draft_files([bare], 2)) == {RULES_FILE}
    assert "没有做出用例" in draft_files([bare], 2)[RULES_FILE] and "没有做出用例" in summary([bare], ["a", "b"], None)


def test_the_summary_says_what_to_do() -> None:
    text = summary([ONE], ["a.txt", "b.txt", "c.txt"], "草稿")
    assert "3 份报告中 3 份、4 处支持" in text and "反例 乙.txt" in text and "注意 小心" in text and "不启用" in text
    assert "提出 1 条草稿，其中 1 条有反例" in text
    assert "\x1b" not in text
    assert "没有找到" in summary([], ["a.txt"], None)


def test_files_that_are_there_are_told(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / RULES_FILE).write_text("", "utf-8")
    assert written_already(tmp_path, list(draft_files([ONE], 3))) == [RULES_FILE]
