"""空表有说明(), 声明无相符(): empty tables against what the text says, and the other way round."""

from __future__ import annotations

from juesuan_rules.catalogue.records import NONE
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import AROUND, BODY, CELL, HEADING, NOTE, Pages, cell_pages, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import around
from juesuan_rules.findings import Operand
from juesuan_rules.reports.model import BlockData, Row, Table

_ABOUT: tuple[tuple[str, Pattern], ...] = (
    ("政府性基金", Pattern("政府性基金|基金预算")),
    ("国有资本", Pattern("国有资本")),
    ("三公", Pattern("三公|出国|公务接待|公务用车")),
    ("项目支出", Pattern("项目支出")),
)
_NOTHING = Pattern(r"无|没有|未发生|未安排|不涉及|不存在|未收到|未列支|空表|为空|为零|均为0|(?<![\d.])0(?:\.0{1,4})?万?元")
_GENERAL = Pattern(r"(?:如|若)?(?:本|此|该|上)表(?:中)?(?:如|若)?(?:无数据|无内容|没有数据|为空|是空表|数据为空|为零)|空白表|空表|无数据的表")
_UNDER = 3
_ANOTHER_YEAR = Pattern(r"上年|去年|以前年度|往年|20\d\d")
_SANGONG_ROWS = (
    ("因公出国", "因公出国"), ("公务接待", "公务接待费"), ("公务用车购置及运行", "公务用车购置及运行"),
    ("公务用车购置", "公务用车购置费"), ("公务用车运行", "公务用车运行"), ("三公", "合计"),
)  # fmt: skip


def empty_tables_explained(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict per empty table: a note to it, or a sentence that there was none of what it lists."""
    report = books.report
    empty = [table for table in report.tables.values() if table.empty and table.spec.presence == "可空"]
    if not empty:
        return [Structural("", "not_applicable", "没有空表", reason="全空")]
    pages = (prose_pages(books), cell_pages(books))
    general = any(True for page in pages for _ in page.search(_GENERAL, (AROUND, BODY, NOTE, CELL)))
    found = []
    for table in empty:
        name = table.spec.id
        if general or any(_GENERAL.search(note) or _NOTHING.search(note) for note in table.notes) or _said(pages, table):
            found.append(Structural("", "pass", f"《{name}》是空表，有说明", table=name))
        else:
            operands = (Operand(name, None, table.title, None, table.place),)
            found.append(Structural("", "fail", f"《{name}》是空表，表下和文字都没有说明", operands=operands, table=name))
    return found


def _said(pages: tuple[Pages, ...], table: Table) -> bool:
    about = next((pattern for word, pattern in _ABOUT if word in table.spec.id), None)
    if about is None:
        return True
    for page in pages:
        for hit in page.search(about, (BODY, AROUND, NOTE, CELL, HEADING)):
            if _NOTHING.search(hit.passage.text) or (hit.passage.role == HEADING and _nothing_under(page, hit.passage.at)):
                return True
    return False


def _nothing_under(page: Pages, heading: int) -> bool:
    """六、国有资本经营预算财政拨款收支情况 / 本年度无此项支出。 The heading names it, what stands under it denies it."""
    for passage in page.passages[heading + 1 : heading + 1 + _UNDER]:
        if passage.role == HEADING:
            return False
        if passage.role == BODY and _NOTHING.search(passage.text):
            return True
    return False


def denials_hold(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict per thing the text says there was none of, and that a table prints a figure for."""
    table = books.report.records.get(NONE)
    rows = [row for block in table.blocks.values() for row in block.rows] if table is not None else []
    found = [verdict_ for row in rows if (verdict_ := _denied(books, row)) is not None]
    if not found:
        return [Structural("", "not_applicable", "文字里没有说到哪张表没有数", reason="全空")]
    wrong = [one for one in found if one.outcome != "pass"]
    return wrong or [Structural("", "pass", f"文字说没有的 {len(found)} 项，表里也没有数")]


def _denied(books: Books, row: Row) -> Structural | None:
    subject, quote = row.label, row.raw_label
    at = quote.find(subject)
    before = quote[max(0, at - 24) : max(at, 0)]
    if at >= 0 and _ANOTHER_YEAR.search(before) and str(books.report.identity.year or "") not in before:
        return None
    plain = subject.replace("“", "").replace("”", "")
    if plain.startswith(("政府性基金", "国有资本")):
        table = _find(books, plain[:4])
        figures = _figures(table, plain) if table is not None else None
    elif plain.startswith(("三公", "因公出国", "公务接待", "公务用车")):
        table = _find(books, "三公")
        figures = _sangong(table, plain) if table is not None else None
    else:
        return None
    if table is None or figures is None:
        return None
    told = "；".join(f"{name} {raw}" for name, raw, _ in figures[:2])
    if not figures:
        return Structural("", "pass", f"没有{subject}，《{table.spec.id}》也没有数", table=table.spec.id)
    operands = (Operand("文中", None, around(quote, max(at, 0), max(at, 0) + len(subject)), None, row.place, quote=quote), *[o for _, _, o in figures[:2]])
    return Structural("", "fail", f"文中说没有{subject}，《{table.spec.id}》却有数：{told}", operands=operands, table=table.spec.id)


def _find(books: Books, word: str) -> Table | None:
    return next((table for name, table in books.report.tables.items() if word in name and books.lack("", name) is None), None)


def _figures(table: Table, subject: str) -> list[tuple[str, str, Operand]]:
    """Figures of the columns a denial is about: 支出, 收入, or any."""
    income, spending = "收入" in subject or "收支" in subject, "支出" in subject or "收支" in subject
    found = []
    for block in table.blocks.values():
        for name in block.columns:
            if ("收入" in name and not income) or ("结" in name and not (income and spending)) or ("支出" in name and income and not spending):
                continue
            found += _nonzero(table, block, name)
    return found


def _nonzero(table: Table, block: BlockData, column: str, rows: str = "") -> list[tuple[str, str, Operand]]:
    found = []
    for row, amount in zip(block.rows, block.columns[column], strict=True):
        if amount.value and rows in row.label + row.key:
            found.append((f"{row.label}{column}", amount.raw.strip(), Operand(f"{table.spec.id}[{row.label}].{column}", None, amount.raw, amount.unit or None, amount.place)))
    return found


def _sangong(table: Table, subject: str) -> list[tuple[str, str, Operand]] | None:
    row = next((row for word, row in _SANGONG_ROWS if word in subject), None)
    block = next((block for block in table.blocks.values() if "决算数" in block.columns), None)
    if row is None or block is None or "预算" in subject:
        return None
    return _nonzero(table, block, "决算数", row)
