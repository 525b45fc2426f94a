"""表头齐全(), 栏名重复(), 表题与栏目(), 公开细度(): what is printed above and beside the figures of a table."""

from __future__ import annotations

from collections.abc import Callable

from juesuan_rules import names
from juesuan_rules.amounts import UNITS
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, verdict
from juesuan_rules.reports.model import Table

_NO_FIGURES = Pattern("编码|代码|科目|项目|名称|行次|栏次")
_ELEMENTS: tuple[tuple[str, Callable[[Table], object]], ...] = (
    ("表号", lambda t: t.number),
    ("编制单位", lambda t: t.unit_name),
    ("年度", lambda t: t.year),
    ("金额单位", lambda t: t.unit in UNITS),
)


def heads_complete(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: elements of the head that tables lack; none where no table prints it (custom of the place)."""
    tables = list(books.report.tables.values())
    if not tables:
        return [Structural("", "not_applicable", "没有决算表", reason="缺表")]
    spots = []
    for element, has in _ELEMENTS:
        lacking = [table for table in tables if not has(table)]
        if lacking and (len(lacking) < len(tables) or element == "金额单位"):
            shown = "、".join(f"《{t.spec.id}》" for t in lacking[:3]) + (f" 等 {len(lacking)} 张" if len(lacking) > 3 else "")
            spots.append(Spot(f"{shown}没有{element}", lacking[0].title, lacking[0].place, "表头"))
    return verdict(spots, "表头要素不全", "各表的表头要素齐全")


def columns_named_once(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: tables in which two columns have the same headers all the way up. Wide tables are 栏目成对's."""
    tables = [t for t in books.report.tables.values() if t.spec.form != "panels" and not _one_row(t) and t.grid.kind == "columns" and 0 < t.header_rows <= 6]
    if not tables:
        return [Structural("", "not_applicable", "没有按栏印出的表头", reason="全空")]
    spots = []
    for table in tables:
        seen: set[tuple[str, ...]] = set()
        repeated = []
        for path in _paths(table):
            if path and path in seen and not _NO_FIGURES.search(path[-1]):
                repeated.append(path[-1])
            seen.add(path)
        if repeated and len(table.spec.blocks) == 1:
            spots.append(Spot(f"《{table.spec.id}》有两栏都叫“{repeated[0]}”", repeated[0], table.place, table.spec.id))
    return verdict(spots, "栏名重复", "各栏名称不重")


def _one_row(table: Table) -> bool:
    """Whether it prints one row of amounts under many columns, which are told apart by what stands above all of them."""
    return bool(table.spec.wide) and max((len(row) for row in table.grid.rows[: table.header_rows]), default=0) >= len(table.spec.wide) // 2


def _paths(table: Table) -> list[tuple[str, ...]]:
    """The headers above every column, merged cells counted for all they cover; () without any."""
    rows = table.grid.rows[: table.header_rows]
    width = max((len(row) for row in rows), default=0)
    paths: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        covered, left = "", 0
        for at, cell in enumerate(row):
            text = names.label(cell.text)
            if text:
                covered, left = text, max(cell.colspan, 1)
            shown = text or (covered if left > 0 else "")
            left -= 1
            if shown and not shown.isdigit() and (not paths[at] or paths[at][-1] != shown):
                paths[at].append(shown)
    return [tuple(path) for path in paths]


def titles_fit(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: tables of 收入支出 that print no 收入, where that title is not the one the region prescribes."""
    tables = [t for t in books.report.tables.values() if "收入支出" in names.label(t.title) and t.grid.rows and not _prescribed(t)]
    if not tables:
        return [Structural("", "not_applicable", "没有“收入支出”的表题可以核对", reason="全空")]
    spots = []
    for table in tables:
        printed = "".join(names.fold(cell.text) for row in table.grid.rows[: max(table.header_rows, 3)] for cell in row)
        if "收入" not in printed.replace(names.fold(table.title), "") and "支出" in printed:
            spots.append(Spot(f"表题是《{table.title}》，栏目里没有收入", table.title, table.place, table.spec.id))
    return verdict(spots, "表题与栏目不符", "表题与栏目相符")


def _prescribed(table: Table) -> bool:
    return bool(table.spec.titles) and names.label(table.title) == names.label(table.spec.titles[0])


def fine_enough(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """公开细度(T): a functional table goes down to 项, one by economy to 款."""
    found = []
    for name in arguments:
        lack = books.lack("", name)
        if lack is not None:
            found.append(Structural("", "undecided", lack.text, reason=lack.reason, table=name, cause=lack.cause))
            continue
        table = books.report.tables[name]
        economy = table.spec.chart.startswith("经济")
        level, word = (2, "款") if economy else (3, "项")
        filled = [row for block in table.blocks.values() for at, row in enumerate(block.rows) if row.level and any(c[at].value for c in block.columns.values())]
        if not filled:
            found.append(Structural("", "not_applicable", f"《{name}》没有按科目列的数", reason="全空", table=name))
        elif any(row.level >= level for row in filled):
            found.append(Structural("", "pass", f"《{name}》公开到{word}级科目", table=name))
        else:
            spot = Spot(f"最细的一行是“{filled[-1].raw_label or filled[-1].label}”", filled[-1].raw_label, filled[-1].place, name)
            found += verdict([spot], f"《{name}》没有公开到{word}级科目", "")
    return found
