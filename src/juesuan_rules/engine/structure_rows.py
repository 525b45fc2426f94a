"""Rows and columns against the layout: printed line numbers, standard rows, their order, paired columns."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from juesuan_rules import names
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.lost_rows import row_cause
from juesuan_rules.engine.naming import row_text
from juesuan_rules.findings import Operand
from juesuan_rules.reports.model import BlockData, Row, Table

_SEQUENCE = re.compile(r"^\s*([一二三四五六七八九十]{1,4})\s*[、,，.．]")
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}


def row_operand(row: Row, note: str = "") -> Operand:
    """A row as an operand of a structural finding: its name, its printed text, its place."""
    return Operand(row_text(row), None, row.raw_code or row.raw_label, None, row.place, note)


def verdict(table: Table, wrong: Sequence[str], rows: Sequence[Row], good: str, what: str, cause: str | None = None) -> list[Structural]:
    """One verdict for a table: a pass, or a failure that lists up to eight things."""
    name = table.spec.id
    if not wrong:
        return [Structural("", "pass", f"《{name}》{good}", table=name)]
    shown = "；".join(wrong[:8]) + (f" 等 {len(wrong)} 处" if len(wrong) > 8 else "")
    return [Structural("", "fail", f"《{name}》{what}：{shown}", operands=tuple([row_operand(row) for row in rows[:20]]), cause=cause, table=name)]


def lines_consecutive(table: Table) -> list[Structural]:
    """行次连续(T): printed 行次 without gap or repeat, and 一、二、三 … in the labels as well."""
    wrong: list[str] = []
    rows: list[Row] = []
    previous: Row | None = None
    seen = False
    for block in table.blocks.values():
        for row in block.rows:
            if row.line is None:
                continue
            seen = True
            problem = _line_problem(previous, row)
            if problem:
                wrong.append(problem)
                rows.append(row)
            previous = row
        sequence_wrong = _sequence_problems(block)
        wrong += [text for text, _ in sequence_wrong]
        rows += [row for _, row in sequence_wrong]
    if not seen and not wrong:
        return [Structural("", "not_applicable", f"《{table.spec.id}》没有印行次", reason="全空", table=table.spec.id)]
    return verdict(table, wrong, rows, "行次连续", "行次不连续")


def _line_problem(previous: Row | None, row: Row) -> str:
    if previous is None or previous.line is None or row.line is None or row.line == previous.line + 1:
        return ""
    if row.line <= previous.line:
        return f"“{row_text(row)}”印作 {row.line} 行，上一行已是 {previous.line} 行"
    lost = [str(n) for n in range(previous.line + 1, min(row.line, previous.line + 6))]
    return f"{previous.line} 行之后是 {row.line} 行，缺 {'、'.join(lost)}{' 等' if row.line > previous.line + 6 else ''} 行"


def _sequence_problems(block: BlockData) -> list[tuple[str, Row]]:
    found: list[tuple[str, Row]] = []
    previous = 0
    for row in block.rows:
        match = _SEQUENCE.match(row.raw_label)
        if match is None:
            continue
        number = chinese_number(match.group(1))
        if number not in (previous + 1, 1):
            found.append((f"“{row.raw_label.strip()}”的序号应接“{previous}”之后", row))
        previous = number
    return found


def chinese_number(text: str) -> int:
    """一 … 九十九 as a number; 0 where it is none."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def rows_complete(table: Table) -> list[Structural]:
    """行齐全(T): standard rows of the layout that the table lacks, optional ones apart."""
    missing = []
    for block in table.spec.blocks:
        data = table.blocks.get(block.name)
        present = {row.key for row in data.rows} if data is not None else set()
        sparse = data is not None and table.spec.form == "panels" and _prints_amounts_only(data)
        missing += [row for row in block.rows if not row.optional and row.role != "空" and row.key not in present and not (sparse and row.key.isdigit())]
    cause = row_cause(table.spec.id, missing[0].key) if len(missing) == 1 else None
    return verdict(table, [f"“{row.label}”" for row in missing], (), "标准行齐全", "缺标准行", cause)


def _prints_amounts_only(block: BlockData) -> bool:
    """Whether none of its 科目 is printed without a figure: then those it lacks have none."""
    coded = [at for at, row in enumerate(block.rows) if row.key.isdigit()]
    return bool(coded) and all(any(amounts[at].value for amounts in block.columns.values()) for at in coded)


def rows_ordered(table: Table) -> list[Structural]:
    """行序(T): the fewest rows that would have to move for the layout's order, by name."""
    wrong: list[Row] = []
    for block in table.blocks.values():
        order = {spec.key: position for position, spec in enumerate(block.spec.rows)}
        rows = [row for row in block.rows if row.key in order]
        if _one_item_a_line(rows):
            continue
        kept = _longest_rising([order[row.key] for row in rows])
        wrong += [row for position, row in enumerate(rows) if position not in kept]
    return verdict(table, [f"“{row_text(row)}”" for row in wrong], wrong, "行序与版式一致", "行序与版式不同，移动了的行")


def _one_item_a_line(rows: Sequence[Row]) -> bool:
    """科目 one under the other by their codes, where the layout has them side by side in panels."""
    codes = [row.key for row in rows if row.key.isdigit()]
    return bool(codes) and codes == sorted(codes)


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Positions of a longest strictly rising subsequence."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        slot = bisect_left(tails, value)
        before.append(at[slot - 1] if slot else -1)
        tails[slot : slot + 1] = [value]
        at[slot : slot + 1] = [position]
    kept: set[int] = set()
    position = at[-1] if at else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return kept


def columns_paired(table: Table) -> list[Structural]:
    """栏目成对(T): in a wide table the second half of the columns repeats the first, each name once."""
    name, half = table.spec.id, len(table.spec.wide) // 2
    if table.spec.form != "wide" or not half:
        return [Structural("", "not_applicable", f"《{name}》不是宽表，没有成对的栏目", reason="全空", table=name)]
    headers = _headers(table, 2 * half)
    if headers is None:
        return [Structural("", "undecided", f"《{name}》的表头没有按栏印出，无法逐栏核对", reason="无法识别", table=name)]
    wrong = [f"第 {i + 1} 栏“{a}”与第 {i + half + 1} 栏“{b}”不同名" for i, (a, b) in enumerate(zip(headers[:half], headers[half:], strict=True)) if a != b]
    for start in (0, half):
        part = headers[start : start + half]
        repeated = [i for i, header in enumerate(part) if header and header in part[:i]]
        wrong += [f"第 {start + part.index(part[i]) + 1}、{start + i + 1} 栏都叫“{part[i]}”" for i in repeated]
    return verdict(table, wrong, (), "栏目成对", "栏目不成对（数字按栏次读取）")


def _headers(table: Table, count: int) -> list[str] | None:
    """Lowest header above each of the columns 1 … count, or None where the grid does not say."""
    rows = [[names.fold(cell.text) for cell in row] for row in table.grid.rows]
    numbers = [str(n) for n in range(1, count + 1)]
    at = next((i for i, row in enumerate(rows) if [t for t in row if t] == numbers), None)
    if table.grid.kind != "columns" or at is None:
        return None
    positions = [rows[at].index(number) for number in numbers]
    headers = []
    for position in positions:
        above = [row[position] for row in rows[:at] if position < len(row) and row[position]]
        if not above:
            return None
        headers.append(names.label(above[-1]))
    return headers
