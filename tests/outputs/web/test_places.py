"""Figures are found in the very cell they are printed in, also where all cells of a row stand in one line."""

from __future__ import annotations

from tests.outputs.web.drawing import FAULTY, judged

from juesuan_rules.documents.model import Place
from juesuan_rules.findings import Operand
from juesuan_rules.material import Subject
from juesuan_rules.outputs.web.places import Places, find_text

PLAIN, CELLED = "辽宁省云岫市数据服务局-2023.txt", "辽宁省云岫市数据服务局-2023-一格一行.txt"


def cells_by_name(subject: Subject) -> dict[tuple[str, str], tuple[str, int, int]]:
    places = Places(subject.report)
    found = {}
    for finding in subject.full.findings:
        for operand in finding.operands or ():
            at = places.cell(operand)
            if at is not None:
                assert "".join(places.text(at).split()) == "".join(operand.raw.split()), operand.name
                found[operand.name, operand.raw] = (places.sheets[at.sheet].title, at.row, at.column)
    return found


def test_one_line_per_row_and_one_per_cell_agree() -> None:
    """Where each cell has a line of its own its place is beyond doubt."""
    rows, cells = cells_by_name(judged(PLAIN)), cells_by_name(judged(CELLED))
    both = set(rows) & set(cells)
    assert len(both) > 500
    assert {name: (rows[name], cells[name]) for name in both if rows[name] != cells[name]} == {}


def test_figures_of_the_prose_are_found_in_their_sentence() -> None:
    subject = judged(FAULTY)
    places = Places(subject.report)
    seen = 0
    for finding in subject.full.findings:
        for operand in finding.operands or ():
            if operand.quote and operand.raw.strip():
                words = places.words(operand)
                assert words is not None, operand.name
                sentence = subject.report.prose.sentences[words.sentence]
                assert operand.raw.strip() in sentence.text[words.start : words.end]
                assert sentence.place == operand.place
                seen += 1
    assert seen > 100


def test_figures_of_other_reports_are_not_looked_for_here() -> None:
    places = Places(judged(PLAIN).report)
    line = next(iter(places.report.tables.values())).grid.rows[5][0].place.line
    assert places.cell(Operand("上年.总表[其他收入].金额", None, "", "万元", Place(line=line))) is None
    assert places.words(Operand("所属单位2.文字.支出总计", None, "1", "万元", Place(line=3), quote="1")) is None


def test_a_row_that_lacks_is_no_cell_but_has_a_table() -> None:
    places = Places(judged(PLAIN).report)
    table = next(iter(places.report.tables.values()))
    lacking = Operand("总表[无此行].金额", None, "", "万元", table.grid.rows[0][1].place, "缺行按 0 计")
    assert places.cell(lacking) is None and places.sheet(lacking) == 0


def test_a_figure_is_no_part_of_a_longer_one() -> None:
    assert find_text("共12.50万元，其中2.50万元", "2.50") == (11, 15)
    assert find_text("1,234.00万元", "234.00") is None
    assert find_text("无", "2") is None and find_text("无", "") is None
