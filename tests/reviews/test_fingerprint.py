"""Fingerprints: the same for the same place by name, whatever it was read from and whatever the figures are."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.reviews.made import finding, report

from juesuan_rules.documents.model import GridBlock, Place
from juesuan_rules.documents.open import open_document
from juesuan_rules.findings import Finding
from juesuan_rules.material import Subject
from juesuan_rules.pipeline.batch import evaluate_many
from juesuan_rules.pipeline.judging import make_material
from juesuan_rules.pipeline.options import Options
from juesuan_rules.results import RunResult
from juesuan_rules.reviews.fingerprint import LENGTH

FIXTURES = Path(__file__).parents[2] / "fixtures"
SOUND, FAULTY = FIXTURES / "辽宁省云岫市数据服务局-2023.txt", FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"


def prints(*findings: Finding, **about: object) -> list[str]:
    return [one.fingerprint for one in report(*findings, **about).findings]  # type: ignore[arg-type]


def judged(path: Path) -> dict[str, Finding]:
    (result,) = evaluate_many([path], Options()).reports
    assert len({one.fingerprint for one in result.findings}) == len(result.findings)
    return {one.fingerprint: one for one in result.findings}


@cache
def original() -> dict[str, Finding]:
    return judged(FAULTY)


def names(findings: dict[str, Finding]) -> dict[str, Finding]:
    """What says something: not what does not apply."""
    return {name: one for name, one in findings.items() if one.outcome != "not_applicable"}


def test_no_value_place_or_order_is_in_it() -> None:
    one, other = finding(key="2010301 行政运行"), finding("B-05")
    there = finding(key="2010301 行政运行", values=("9.99",), outcome="pass", sentence="别的话", difference="1", cause="疑点:甲", suspect="甲")
    there = replace(there, operands=tuple(replace(o, place=Place(page=7, line=3)) for o in there.operands or ()))
    first, second = prints(one, other)
    assert prints(other, there) == [second, first]
    assert re.fullmatch(f"[0-9a-f]{{{LENGTH}}}", first) and first != second


def test_rule_check_unit_year_and_place_are_in_it() -> None:
    base = finding(key="合计")
    others = [
        prints(base), prints(replace(base, rule="A01-3")), prints(replace(base, check="另一项")), prints(replace(base, key="小计")), prints(replace(base, about="收入表")),
        prints(base, unit="别的局"), prints(base, year=2022), prints(base, unit=None),
    ]  # fmt: skip
    assert len({one for (one,) in others}) == len(others)


def test_the_code_is_the_place_where_there_is_one_and_names_are_folded() -> None:
    assert prints(finding(key="2010301 行政运行 · 项目支出")) == prints(finding(key="2010301 行政运形 · 项目 支出"))
    assert prints(finding(key="2010301 行政运行")) != prints(finding(key="2010302 行政运行"))
    assert prints(finding(key="“三公”经费（合计）")) == prints(finding(key='"三公"经费 (合计)'))
    assert prints(finding(), unit="岷阙县 就业局") == prints(finding(), unit="岷阙县就业局")


def test_a_formula_counts_only_where_nothing_else_tells_checks_apart() -> None:
    assert prints(finding(formula="a == b")) == prints(finding(formula="a == b ± 尾差"))
    one, two = prints(finding(formula="a == b"), finding(formula="c == d"))
    assert one != two
    assert prints(finding(formula="c == d"), finding(formula="a == b")) == [two, one]


def test_rows_that_are_added_change_no_other() -> None:
    before = prints(finding(key="甲"), finding(key="乙"))
    assert prints(finding(key="新"), finding(key="甲"), finding("B-1"), finding(key="乙"))[1::2] == before


@given(st.lists(st.builds(finding, st.sampled_from(["A01-1", "B-2"]), key=st.sampled_from(["", "合计", "201 甲", "201 乙"]), about=st.sampled_from(["", "总表"]), formula=st.sampled_from(["a", "b"]), check=st.sampled_from(["", "一"])), max_size=25))
def test_no_two_findings_of_a_report_share_one(findings: list[Finding]) -> None:
    found = prints(*findings)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("text", ["\ud800", "\x1f", "甲" * 100_000, "\u202e"])
def test_no_name_breaks_it(text: str) -> None:
    assert len(prints(finding(key=text, about=text, check=text), unit=text)[0]) == LENGTH


def test_real_reports_keep_theirs_when_every_figure_changes(tmp_path: Path) -> None:
    changed = tmp_path / "改过.txt"
    changed.write_text(re.sub(r"(?<=\d\.\d)\d(?!\d)", lambda m: str((int(m[0]) + 3) % 10), FAULTY.read_text("utf-8")), "utf-8")
    known, now = names(original()), judged(changed)
    assert sum(one.outcome == "fail" for one in now.values()) > 2 * sum(one.outcome == "fail" for one in known.values())
    # Whether shares make up a whole of their own is read from the figures.
    assert {known[name].rule for name in set(known) - set(now)} <= {"D-09"}


def test_and_when_a_row_is_gone() -> None:
    sound, faulty = judged(SOUND), original()
    gone = [sound[name] for name in set(sound) - set(faulty)]
    assert {one.key.partition(" ")[0] for one in gone} == {"2101102"}  # the row the faulty copy lacks
    assert set(faulty) - set(sound) == set()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_and_in_another_encoding_with_lines_before_it(encoding: str, tmp_path: Path) -> None:
    other = tmp_path / "同一份.txt"
    other.write_bytes(("\n\n\n" + FAULTY.read_text("utf-8")).replace("\n", "\r\n").encode(encoding))
    assert set(judged(other)) == set(original())


def test_and_as_a_web_page(tmp_path: Path) -> None:
    page = tmp_path / "报告.html"
    parts = [_as_html(block) for block in open_document(FAULTY).blocks]
    page.write_text(f"<html><head><meta charset='utf-8'></head><body>{''.join(parts)}</body></html>", "utf-8")
    known, now = names(original()), judged(page)
    kept = sum(name in now for name in known) / len(known)
    failed = {name for name, one in known.items() if one.outcome == "fail"}
    assert kept > 0.97, kept
    assert len(failed & {name for name, one in now.items() if one.outcome == "fail"}) > 0.9 * len(failed)


def _as_html(block: object) -> str:
    if isinstance(block, GridBlock):
        return "<table>" + "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in block.rows) + "</table>"
    return f"<p>{escape(block.text)}</p>"  # type: ignore[attr-defined]


def _cell(cell: object) -> str:
    spans = "".join(f' {name}="{number}"' for name, number in (("colspan", cell.colspan), ("rowspan", cell.rowspan)) if number > 1)  # type: ignore[attr-defined]
    return f"<td{spans}>{escape(cell.text)}</td>"  # type: ignore[attr-defined]


def test_it_is_the_same_whether_passes_are_explained_or_not_and_for_every_output() -> None:
    kept: dict[str, Subject] = {}
    (bare,), (listed,) = (evaluate_many([FAULTY], Options(list_all=wanted), kept=kept if wanted else None).reports for wanted in (False, True))
    known = [one.fingerprint for one in bare.findings]
    assert known == [one.fingerprint for one in listed.findings]
    run = RunResult((listed,))
    material = make_material(run, {"provenance": {}}, 1, Options(list_all=True), kept)
    assert known == [one.fingerprint for one in material.subject(0).full.findings]
