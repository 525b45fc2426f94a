"""What LibreOffice works out is what is cached; a changed figure turns the conclusion."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from tests.outputs.workbook.judged import FIXTURES, WITH_ERRORS, judged

from juesuan_rules.material import Subject
from juesuan_rules.outputs.workbook.cells import Cells
from juesuan_rules.outputs.workbook.expression import Cell
from juesuan_rules.outputs.workbook.ledger import FIRST_ROW, HEAD_ROW, LEDGER, Line, ledger_lines, uses_of
from juesuan_rules.outputs.workbook.workbook import write_workbook

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
SAMPLES = {"有误": WITH_ERRORS, "docx": FIXTURES / "四川省岷阙县就业创业服务局-2023.docx", "xlsx": FIXTURES / "江苏省栖川市商务促进局-2023-附表.xlsx"}
Recalculate = Callable[..., dict[str, openpyxl.Workbook]]


@pytest.fixture(scope="module")
def recalculate(needs: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """Opens workbooks in LibreOffice, works everything out anew, and gives them back."""
    program, home = needs("soffice"), tmp_path_factory.mktemp("soffice")
    (home / "user").mkdir()
    (home / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, "utf-8")

    def run(*paths: Path) -> dict[str, openpyxl.Workbook]:
        out = tmp_path_factory.mktemp("recalculated")
        command = [program, f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return {path.stem: openpyxl.load_workbook(out / path.name, data_only=True) for path in paths}

    return run


def lighter(subject: Subject) -> Subject:
    """The report with every third of the verdicts that are no findings: LibreOffice and openpyxl take their time over each."""
    told = {one.at for one in subject.numbered}
    kept = [at for at in range(len(subject.full.findings)) if at in told or at % 3 == 0]
    full = replace(subject.full, findings=tuple([subject.full.findings[at] for at in kept]))
    return replace(subject, full=full, live=tuple([subject.live[at] for at in kept]))


def written(name: str, folder: Path) -> tuple[Subject, Path]:
    whole, material = judged(SAMPLES[name])
    subject = lighter(whole)
    path = folder / f"{name}.xlsx"
    write_workbook(subject, material, path)
    return subject, path


def column(name: str) -> int:
    from juesuan_rules.outputs.workbook import ledger

    return ledger.COLUMNS.index(name) + 1


def test_every_formula_is_cached_as_libreoffice_computes_it(recalculate: Recalculate, tmp_path: Path) -> None:
    paths = [written(name, tmp_path)[1] for name in SAMPLES]
    recalculated = recalculate(*paths)
    for path in paths:
        formulas, cached = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
        count = 0
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                count += 1
                told, worked_out = cached[sheet.title][cell.coordinate].value, recalculated[path.stem][sheet.title][cell.coordinate].value
                if isinstance(told, (int, float)) and isinstance(worked_out, (int, float)):
                    assert worked_out == pytest.approx(told, rel=1e-12, abs=1e-9), (sheet.title, cell.coordinate, cell.value)
                else:
                    assert worked_out == told, (sheet.title, cell.coordinate, cell.value)
        assert count > 500


def _single(subject: Subject) -> dict[Cell, list[Line]]:
    """Cells of money, and the equalities of figures that use them."""
    cells = Cells(subject.report, set())
    lines = ledger_lines(subject)
    uses_of(lines, cells)
    found: dict[Cell, list[Line]] = {}
    for line in lines:
        if line.live is not None and line.live.relation == "==" and line.live.unit == "万元" and not line.live.partial:
            for operand in line.finding.operands or ():
                cell = cells.cell(operand)
                if cell is not None and cell.shows == "number" and operand.value and operand.unit == "万元":
                    found.setdefault(cell, []).append(line)
    return found


def edit(path: Path, target: Path, changes: dict[tuple[str, int, int], float]) -> Path:
    book = openpyxl.load_workbook(path)
    for (sheet, row, at), value in changes.items():
        name = sheet if sheet in book.sheetnames else next(n for n in book.sheetnames if n.startswith(sheet))
        book[name].cell(row, at).value = value
    book.save(target)
    return target


def test_a_changed_number_turns_the_conclusion(recalculate: Recalculate, tmp_path: Path) -> None:
    subject, path = written("有误", tmp_path)
    book = openpyxl.load_workbook(path, data_only=True)
    paper, word = book[LEDGER], column("结论")
    used = _single(subject)
    # A figure of several checks that hold: 100 more, and every one of them fails.
    spoilt, fine = next((cell, lines) for cell, lines in used.items() if len(lines) > 1 and all(line.finding.outcome == "pass" for line in lines))
    # A finding whose left side is one figure: the value of the right side makes it hold.
    wrong = next(line for line in ledger_lines(subject) if line.told and line.live is not None and line.live.left == "{0}" and line.live.relation == "==" and line.live.unit == "万元")
    healed = Cells(subject.report, set()).cell((wrong.finding.operands or ())[0])
    assert healed is not None
    right = paper.cell(wrong.row + 1, column("右值")).value
    place = (spoilt.sheet, spoilt.row + 1, spoilt.column + 1)
    before = book[spoilt.sheet].cell(*place[1:]).value
    changed = edit(path, tmp_path / "改坏.xlsx", {place: before + 100})
    mended = edit(path, tmp_path / "改好.xlsx", {(healed.sheet, healed.row + 1, healed.column + 1): right})
    after = recalculate(changed, mended)
    for line in fine:
        assert paper.cell(line.row + 1, word).value in ("相符", "尾差")
        assert after["改坏"][LEDGER].cell(line.row + 1, word).value == "不符"
    assert paper.cell(wrong.row + 1, word).value == "不符"
    assert after["改好"][LEDGER].cell(wrong.row + 1, word).value == "相符"
    counts = [next(row[1].value for row in one["结论"].iter_rows(max_row=30) if row[0].value == "不符") for one in (book, after["改坏"], after["改好"])]
    assert counts[1] >= counts[0] + len(fine)
    assert counts[2] < counts[0]
    told = next(row[4].value for row in after["改好"]["结论"].iter_rows(min_row=15) if row[0].value == str(wrong.number))
    assert told == "相符"


def test_the_tolerance_is_in_the_sheet(recalculate: Recalculate, tmp_path: Path) -> None:
    """A greater tolerance makes 尾差 of 不符; one for all rows of money does so everywhere; the sum of 0.1 and 0.2 is 0.3."""
    subject, path = written("有误", tmp_path)
    wrong = next(line for line in ledger_lines(subject) if line.told and line.live is not None and line.live.bound == "tail")
    own = edit(path, tmp_path / "一行.xlsx", {(LEDGER, wrong.row + 1, column("容差")): 10**6})
    common = edit(path, tmp_path / "统一.xlsx", {(LEDGER, 5, column("容差")): 10**9})
    after = recalculate(own, common)
    words = {name: [book[LEDGER].cell(row, column("结论")).value for row in range(FIRST_ROW + 1, book[LEDGER].max_row + 1)] for name, book in after.items()}
    assert words["一行"][wrong.number - 1] == "尾差"
    lines = ledger_lines(subject)
    tails = [line for line in lines if line.live is not None and line.live.bound == "tail" and line.live.unit == "万元"]
    assert len(tails) > 150
    assert {words["统一"][line.number - 1] for line in tails if line.live is not None and line.live.relation in ("==", "<=", ">=")} == {"相符", "尾差"}
    assert HEAD_ROW + 1 == FIRST_ROW


def test_every_conclusion_turns_at_its_tolerance(recalculate: Recalculate, tmp_path: Path) -> None:
    """All relations, differences of 0, 1 and 2 hundredths of binary-unfriendly numbers."""
    import xlsxwriter

    from juesuan_rules.outputs.workbook.ledger import concluded, conclusion

    path = tmp_path / "关系.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(LEDGER)
    expected = []
    for relation in ("==", "!=", "<=", ">=", "<", ">"):
        for left, right, difference in (("0.1+0.2", "0.3", 0.0), ("0.1+0.2", "0.31", -0.01), ("8208.17", "8208.15", 0.02), ("8208.12", "8208.15", -0.03), ("8208.25", "8208.15", 0.1)):
            row = len(expected)
            sheet.write_formula(row, 5, f"={left}", None, 0)
            sheet.write_formula(row, 7, f"={right}", None, 0)
            sheet.write_formula(row, 8, f"=ROUND(F{row + 1}-H{row + 1},6)", None, 0)
            sheet.write_number(row, 10, 0.01)
            sheet.write_number(row, 11, 0.02)
            sheet.write_formula(row, 12, "=" + conclusion(relation, row), None, "")
            expected.append(concluded(relation, difference, 0.01, 0.02))
    book.close()
    found = recalculate(path)["关系"][LEDGER]
    assert [found.cell(row, 13).value for row in range(1, len(expected) + 1)] == expected
    assert set(expected) == {"相符", "尾差", "存疑", "不符"}
