"""科目存在(), 科目名称一致(): codes and names of 科目 against the year's chart in a dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.naming import row_text
from juesuan_rules.engine.text_checks.spots import Spot, verdict
from juesuan_rules.engine.text_checks.words import alternatives, entries
from juesuan_rules.names import label
from juesuan_rules.reports.model import Row, Table

_CHARTS = {"功能科目": "功能", "经济科目": "经济"}


def codes_known(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: codes whose 类 or 款 the chart does not have. 项 are not told: no list of them is whole.

    An entry 212* says that the 款 of that 类 are not all listed.
    """
    known = dict(entries(books, arguments, "功能科目"))
    open_ = tuple(code[:-1] for code in known if code.endswith("*"))
    rows = list(_coded(books, arguments))
    if not known or not rows:
        return [Structural("", "not_applicable", "没有科目表的词典" if not known else "没有科目编码", reason="全空")]
    depth = 5 if any(len(code) == 5 for code in known) else 3
    spots: dict[str, Spot] = {}
    for table, row in rows:
        code = row.code or ""
        unknown = next((code[:n] for n in (3, depth) if len(code) >= n and code[:n] not in known and (n == 3 or not code.startswith(open_))), None)
        if unknown is not None and not row.clipped:
            what = "类" if len(unknown) == 3 else "款"
            spots.setdefault(unknown, Spot(f"“{row_text(row)}”的{what} {unknown} 不在科目表里", row.raw_code or code, row.place, f"{table.spec.id}[{code}]"))
    return verdict(list(spots.values()), "科目表里没有的编码", "编码的类、款都在科目表里")


def names_right(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: codes printed with another name than the chart's. A meaning may hold several, parted by “|”.

    A code that only some tables name differently is 同码同名's to tell.
    """
    known = {code: [label(name) for name in alternatives(meaning)] for code, meaning in entries(books, arguments, "功能科目") if meaning}
    rows = [(table, row) for table, row in _coded(books, arguments) if row.code in known]
    if not rows:
        return [Structural("", "not_applicable", "没有可以对照的科目", reason="全空")]
    spots: dict[tuple[str, str], Spot] = {}
    sound = {row.code for _, row in rows if label(row.raw_label or row.label) in known[row.code or ""]}
    for table, row in rows:
        printed, right = label(row.raw_label or row.label), known[row.code or ""]
        if row.code not in sound and printed and printed not in right and not row.clipped and not any(_cut(printed, name) for name in right):
            said = f"{row.code} 印作“{row.raw_label.strip()}”，科目表是“{right[0]}”"
            spots.setdefault((row.code or "", printed), Spot(said, row.raw_label, row.place, f"{table.spec.id}[{row.code}]"))
    return verdict(list(spots.values()), "科目名称与科目表不同", "科目名称与科目表相同")


def _cut(printed: str, name: str) -> bool:
    """A label that a narrow column cut short is no other name."""
    return len(printed) >= 4 and name.startswith(printed.rstrip("."))


def _coded(books: Books, arguments: tuple[str, ...]) -> Iterator[tuple[Table, Row]]:
    chart = _CHARTS.get(arguments[0] if arguments else "功能科目", "功能")
    for table in books.report.tables.values():
        if table.spec.chart.startswith(chart) and books.lack("", table.spec.id) is None:
            for block in table.blocks.values():
                for row in block.rows:
                    if row.code and row.code.isdigit():
                        yield table, row
