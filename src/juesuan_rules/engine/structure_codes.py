"""科目 codes: their order, their length, their tree, and one name for one code."""

from __future__ import annotations

import re

from juesuan_rules import names
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.lost_rows import row_cause
from juesuan_rules.engine.naming import row_text
from juesuan_rules.engine.structure_rows import row_operand, verdict
from juesuan_rules.findings import SEVERITY_EN, Operand
from juesuan_rules.reports.model import Row, Table

_LENGTHS = {"功能": (3, 5, 7), "经济": (3, 5)}


def _coded(table: Table) -> list[tuple[Row, ...]]:
    """Rows with a code, block by block, in printed order."""
    return [tuple([row for row in block.rows if row.code]) for block in table.blocks.values()]


def _none(table: Table) -> list[Structural]:
    return [Structural("", "not_applicable", f"《{table.spec.id}》没有科目编码", reason="全空", table=table.spec.id)]


def _lengths(table: Table) -> tuple[int, ...]:
    return next((lengths for chart, lengths in _LENGTHS.items() if table.spec.chart.startswith(chart)), (3, 5, 7))


def codes_rising(table: Table) -> list[Structural]:
    """编码递增(T): codes strictly rising down the table (in each 类 where panels stand side by side)."""
    wrong: list[str] = []
    rows: list[Row] = []
    coded = _coded(table)
    for part in coded:
        last: dict[str, Row] = {}
        for row in part:
            group = (row.code or "")[:3] if table.spec.form == "panels" else ""
            previous = last.get(group)
            if previous is not None and (row.code or "") <= (previous.code or ""):
                wrong.append(f"{row_text(row)} 与前面的行编码重复" if row.code == previous.code else f"{row_text(row)} 排在 {previous.code} 之后")
                rows.append(row)
            last[group] = row
    if not any(coded):
        return _none(table)
    inside = _totals_inside(table)
    wrong += [f"“{row_text(row)}”行夹在科目行之间" for row in inside]
    return verdict(table, wrong, [*rows, *inside], "编码递增", "编码没有递增")


def _totals_inside(table: Table) -> list[Row]:
    """合计 rows of a 科目 table that stand neither before the first code nor after the last."""
    if table.spec.form != "codes":
        return []
    found: list[Row] = []
    for block in table.blocks.values():
        coded = [position for position, row in enumerate(block.rows) if row.code]
        found += [row for position, row in enumerate(block.rows) if not row.code and row.role == "合计" and coded and coded[0] < position < coded[-1]]
    return found


def digits_fit(table: Table) -> list[Structural]:
    """编码位数(T): codes of 3, 5 or 7 digits (经济分类 3 or 5); cut codes are one verdict a table."""
    allowed, wrong, rows, clipped = _lengths(table), [], [], []
    seen = False
    for block in table.blocks.values():
        for row in block.rows:
            code = row.code or re.sub(r"\D", "", row.raw_code)
            seen = seen or bool(code)
            if row.clipped:
                clipped.append(row)
            elif code and (len(code) not in allowed or not code.isdigit()):
                wrong.append(f"{row_text(row)}（{len(code)} 位）")
                rows.append(row)
    if not seen:
        return _none(table)
    text = "或".join(str(n) for n in allowed)
    found = verdict(table, wrong, rows, "编码位数相符", f"编码不是 {text} 位") if wrong or not clipped else []
    if clipped:
        shown = "、".join(f"“{row.raw_code.strip()}”应为 {row.code}" for row in clipped[:3])
        operands = tuple([row_operand(row, f"按名称和次序读作 {row.code}") for row in clipped[:20]])
        sentence = f"《{table.spec.id}》有 {len(clipped)} 个编码印得不全：{shown}{' 等' if len(clipped) > 3 else ''}"
        found.append(Structural("", "fail", sentence, operands=operands, severity="info", table=table.spec.id))
    return found


def tree_complete(table: Table) -> list[Structural]:
    """科目树完整(T): every code has its parent; every 类 and 款 with a figure has something below it."""
    lengths = _lengths(table)
    coded = [row for part in _coded(table) for row in part if row.code and len(row.code) in lengths]
    if not coded:
        return _none(table)
    codes = {row.code for row in coded}
    orphans: dict[str, list[Row]] = {}
    parents = set()
    for row in coded:
        code = row.code or ""
        for length in lengths[: lengths.index(len(code))]:
            parents.add(code[:length])
            if code[:length] not in codes:
                orphans.setdefault(code[:length], []).append(row)
    found = [_orphans(table, parent, rows) for parent, rows in orphans.items()]
    policy = table.spec.childless
    if policy != "忽略":
        severity = SEVERITY_EN.get(policy, "info")
        filled = _filled(table)
        for row in coded:
            # A standard 类 that is printed without any figure need not list what lies below it.
            if row.code not in parents and len(row.code or "") < lengths[-1] and row.key in filled:
                operands = (row_operand(row),)
                found.append(Structural(row_text(row), "fail", f"《{table.spec.id}》的 {row_text(row)} 没有下级科目", None, operands, (), severity, None, table.spec.id))
    return found or verdict(table, (), (), "科目树完整", "")


def _filled(table: Table) -> set[str]:
    """Keys of the rows in which some figure other than zero is printed."""
    return {
        row.key for block in table.blocks.values() for position, row in enumerate(block.rows) if any(column[position].value for column in block.columns.values())
    }


def _orphans(table: Table, parent: str, rows: list[Row]) -> Structural:
    shown = "、".join(row_text(row) for row in rows[:3]) + (f" 等 {len(rows)} 行" if len(rows) > 3 else "")
    operands = tuple([row_operand(row) for row in rows[:20]])
    return Structural(parent, "fail", f"《{table.spec.id}》缺上级科目 {parent}：{shown}没有上级", operands=operands, cause=row_cause(table.spec.id, parent), table=table.spec.id)


def clear_parents(table: Table) -> list[Structural]:
    """编码归属(T): a code stands below the parent it begins with, not below another one."""
    wrong: list[str] = []
    rows: list[Row] = []
    coded = _coded(table)
    for part in coded:
        codes = {row.code for row in part}
        path: list[str] = []
        for row in part:
            code = row.code or ""
            path = [c for c in path if len(c) < len(code)]
            # A parent that is nowhere in the table is 科目树完整's finding; here only misplaced rows count.
            misplaced = path and not code.startswith(path[-1]) and any(code[:n] in codes for n in (3, 5) if n < len(code))
            if misplaced:
                wrong.append(f"{row_text(row)} 排在 {path[-1]} 之下")
                rows.append(row)
            path.append(code)
    return verdict(table, wrong, rows, "编码都在所属的类、款之下", "编码没有排在所属的类、款之下") if any(coded) else _none(table)


def same_names(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """同码同名(T, T, …): a code has one name in all tables; one verdict per code with several."""
    tables = [table for name in arguments if books.lack("", name) is None and (table := books.table(name)) is not None]
    if len(tables) < 2:
        lacks = [lack for lack in (books.lack("", name) for name in arguments) if lack is not None]
        cause = lacks[0].cause if lacks else None
        return [Structural("", "undecided", "可以对照的表不足两张", reason=lacks[0].reason if lacks else "缺表", cause=cause)]
    seen: dict[str, dict[str, list[tuple[Table, Row]]]] = {}
    for table in tables:
        for part in _coded(table):
            for row in part:
                name = names.label(row.raw_label or row.label)
                seen.setdefault(row.code or "", {}).setdefault(name, []).append((table, row))
    found = []
    for code, spellings in seen.items():
        if len(spellings) > 1:
            found.append(_several(code, spellings))
    return found or [Structural("", "pass", f"{len(seen)} 个编码在各表中名称相同")]


def _several(code: str, spellings: dict[str, list[tuple[Table, Row]]]) -> Structural:
    ordered = sorted(spellings.values(), key=len, reverse=True)
    shown = "；".join(f"“{uses[0][1].raw_label.strip()}”（{'、'.join(table.spec.id for table, _ in uses)}）" for uses in ordered)
    operands = tuple([Operand(f"{table.spec.id} {code}", None, row.raw_label, None, row.place) for uses in ordered for table, row in uses])
    return Structural(code, "fail", f"编码 {code} 有 {len(spellings)} 个名称：{shown}", operands=operands)
