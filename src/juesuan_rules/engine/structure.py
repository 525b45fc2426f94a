"""Structural built-ins: what must hold of tables as such, apart from their figures.

Each entry of the registry takes the report and the arguments written in the rule and gives its
verdicts. A rule with such a check has one verdict per table or per row that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.doubts import recognised, row_doubt, table_doubt
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.structure_codes import clear_parents, codes_rising, digits_fit, same_names, tree_complete
from juesuan_rules.engine.structure_rows import columns_paired, lines_consecutive, rows_complete, rows_ordered
from juesuan_rules.engine.structure_tables import reading_complete, tables_present
from juesuan_rules.engine.text_checks.registry import LETTER_BY_LETTER, TEXT_CHECKS
from juesuan_rules.findings import UNSURE
from juesuan_rules.language.model import Form
from juesuan_rules.reports.model import Table

Inspect = Callable[[Books, tuple[str, ...]], list[Structural]]


def _each_table(inspect: Callable[[Table], list[Structural]], empty_too: bool = False) -> Inspect:
    """A built-in about single tables, applied to every table named; to an empty one where it makes sense."""

    def run(books: Books, names: tuple[str, ...]) -> list[Structural]:
        found: list[Structural] = []
        for name in names:
            lack, table = books.lack("", name), books.table(name)
            if lack is not None or table is None:
                lack = lack or books.nothing(name)
                found.append(Structural("", lack.outcome, lack.text, reason=lack.reason, table=name, cause=lack.cause))
            elif table.empty and not empty_too:
                lack = books.nothing(name)
                text, reason = (lack.text, lack.reason) if lack.table else (f"《{name}》是空表", "全空")
                found.append(Structural("", "not_applicable", text, reason=reason, table=name))
            else:
                found.extend(inspect(table))
        return found

    return run


REGISTRY: dict[str, Inspect] = {
    "表齐全": tables_present,
    "读取完整": reading_complete,
    "行次连续": _each_table(lines_consecutive),
    "编码递增": _each_table(codes_rising),
    "行齐全": _each_table(rows_complete, empty_too=True),
    "行序": _each_table(rows_ordered),
    "科目树完整": _each_table(tree_complete),
    "编码位数": _each_table(digits_fit),
    "编码归属": _each_table(clear_parents),
    "同码同名": same_names,
    "栏目成对": _each_table(columns_paired),
    **TEXT_CHECKS,
}
"""Name in ("structure", name, …) -> what it does."""


def inspect(form: Form, books: Books) -> list[Structural]:
    """Verdicts of a ("structure", name, argument, …) form, at least one."""
    arguments = tuple([argument[1] if isinstance(argument, tuple) else argument for argument in form[2:]])
    known = REGISTRY.get(form[1])
    if known is None:
        return [Structural("", "rule_error", f"不认识的结构检查“{form[1]}”", reason="规则出错")]
    found = known(books, arguments) or [Structural("", "not_applicable", "没有可核对的内容", reason="全空")]
    if all(verdict.outcome != "fail" for verdict in found):
        return [_doubted(verdict, books) for verdict in found]
    if form[1] in LETTER_BY_LETTER and (printed := recognised(books.report)) is not None:
        return [_misread(verdict, printed) for verdict in found]
    return [_doubted(verdict, books) for verdict in found]


def _misread(verdict: Structural, printed: str) -> Structural:
    """What single characters prove wrong is none where they were recognised from a picture."""
    if verdict.outcome != "fail":
        return verdict
    return replace(verdict, outcome="undecided", sentence=f"{verdict.sentence}；但文字是从图像识别的（如“{printed}”），请对照原件", reason=UNSURE)


def _doubted(verdict: Structural, books: Books) -> Structural:
    """A fault of rows that were not surely read is none."""
    if verdict.outcome not in ("fail", "doubtful"):
        return verdict
    tables = books.report.tables
    table = tables.get(verdict.table)
    lack = table_doubt(table) if table is not None else row_doubt(tables.values(), [operand.place for operand in verdict.operands])
    if lack is None:
        return verdict
    return replace(verdict, outcome="undecided", sentence=f"{verdict.sentence}；但{lack.text}", reason=lack.reason, cause=lack.cause)
