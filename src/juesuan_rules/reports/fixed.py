"""Tables whose rows the layout gives (form "fixed"): one or two blocks of label | 行次 | amounts."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

import msgspec

from juesuan_rules.catalogue.model import BlockSpec, RowSpec
from juesuan_rules.documents.model import Place
from juesuan_rules.reports.building import BlockBuilder, TableBuilder, counted
from juesuan_rules.reports.choosing import row_names
from juesuan_rules.reports.header import ColumnHead, map_columns
from juesuan_rules.reports.model import Row
from juesuan_rules.reports.sheet import Sheet, Words, folded, has_digit, is_figure, is_integer, labelled

NEXT = 3
"""How many rows further down the next known label is looked for."""
MAX_GARBLED = 200
"""How many unknown labels of a table are compared with all known ones, so that time stays bounded."""
GARBLED = 0.3
"""How much of a label must be left where the rows before and after it tell which row it is."""
ALIKE = 0.5
"""A label not in the layout is still the row of its 行次 when it resembles it this much."""


class Side(msgspec.Struct):
    """A block as it stands in the grid: where its label, 行次 and amounts are; which rows are met.

    start, end: the grid columns it covers. columns: (canonical name, grid column), left to right.
    """

    spec: BlockSpec
    start: int
    end: int
    label: int
    line: int | None
    columns: list[tuple[str, int]]
    builder: BlockBuilder
    by_label: dict[str, list[int]] = msgspec.field(default_factory=dict)
    by_line: dict[int, int] = msgspec.field(default_factory=dict)
    used: set[int] = msgspec.field(default_factory=set)
    last: int = -1
    compared: int = 0

    def __post_init__(self) -> None:
        for index, (row, names) in enumerate(zip(self.spec.rows, row_names(self.spec), strict=True)):
            for name in names if row.role != "空" else ():
                self.by_label.setdefault(name, []).append(index)
            if row.line is not None:
                self.by_line[row.line] = index


def read_fixed(table: TableBuilder, heads: list[ColumnHead], words: Words) -> bool:
    """Reads every block; False where the header does not say which column is which."""
    sides = _find_sides(table, heads, words)
    if sides is None:
        return False
    sheet = table.sheet
    for row in range(sheet.header, len(sheet.texts)):
        if any(sheet.texts[row]) and row != sheet.ordinals:
            _read_row(table, row, sides)
    for side in sides:
        table.check_shift(side.builder)
    return True


# ------------------------------------------------------------------ columns


def _find_sides(table: TableBuilder, heads: list[ColumnHead], words: Words) -> list[Side] | None:
    specs = table.spec.blocks
    starts = _label_columns(table.sheet, heads, specs, words)
    if len(starts) != len(specs):
        return None
    sides = []
    for spec, start, end in zip(specs, starts, [*starts[1:], len(heads)], strict=True):
        part = heads[start + 1 : end]
        line = next((head.index for head in part if head.kind == "行次"), None)
        if line is None:
            line = _line_column(table.sheet, part)
        amounts = [head for head in part if head.index != line]
        mapped = map_columns(spec.columns, amounts)
        for name in mapped.missing:
            table.report("缺列", f"{spec.name or '本表'}没有“{name}”一栏", table.sheet.place, name)
        table.leave_out(mapped.extra)
        if mapped.guessed:
            table.report("表头不识别", f"{spec.name or '本表'}的“{'、'.join(mapped.guessed)}”栏名不清，按位置认定", table.sheet.place)
        if mapped.conflict:
            table.report("表头不识别", f"{spec.name or '本表'}的栏次与栏目名称的次序不一致，按栏目名称读", table.sheet.place)
        if not mapped.columns:
            return None
        columns = sorted(mapped.columns.items(), key=lambda item: item[1])
        sides.append(Side(spec, start, end, start, line, columns, table.block(spec, [name for name, _ in columns])))
    return sides


def _label_columns(sheet: Sheet, heads: list[ColumnHead], specs: tuple[BlockSpec, ...], words: Words) -> list[int]:
    """Where each block begins: a 项目 column, else a column headed by the block, else by its rows."""
    marked = [head.index for head in heads if head.kind == "项目"]
    if len(marked) == len(specs):
        return marked
    names = [{folded(n) for n in (spec.name, *spec.aliases) if n} for spec in specs]
    headed = [next((h.index for h in heads if any(text in names[i] for text in h.path)), -1) for i in range(len(specs))]
    if all(index >= 0 for index in headed) and headed == sorted(set(headed)):
        return headed
    return _labels_by_rows(sheet, specs)


def _labels_by_rows(sheet: Sheet, specs: tuple[BlockSpec, ...]) -> list[int]:
    """The column where most rows of each block are found, for tables whose header is lost."""
    result = []
    for spec in specs:
        known = frozenset(name for names in row_names(spec) for name in names)
        counts: dict[int, int] = {}
        for row in range(len(sheet.texts)):
            for column, cell in enumerate(sheet.cells[row]):
                if cell.text and labelled(cell.label) in known:
                    counts[column] = counts.get(column, 0) + 1
        if not counts:
            return []
        result.append(max(counts, key=lambda c: (counts[c], -c)))
    return result if result == sorted(set(result)) else []


def _line_column(sheet: Sheet, heads: list[ColumnHead]) -> int | None:
    """A column without a usable header that holds whole numbers rising one by one: the 行次."""
    for head in heads[:1]:
        numbers = [int(t) for r in range(sheet.header, len(sheet.texts)) if is_integer(t := sheet.text(r, head.index))]
        rising = sum(1 for a, b in pairwise(numbers) if b == a + 1)
        if len(numbers) >= 4 and rising >= 0.8 * (len(numbers) - 1):
            return head.index
    return None


# ------------------------------------------------------------------ rows


def _read_row(table: TableBuilder, row: int, sides: list[Side]) -> None:
    """One printed row, every block. `shifts`: by how much lost or added cells moved each block."""
    sheet = table.sheet
    length = len(sheet.texts[row])
    stands = sheet.is_whole(row) and all(_stands(sheet, row, side, 0) for side in sides)
    shifts = [0] * len(sides) if stands else _realign(sheet, row, sides)
    starts = [side.start + shift for side, shift in zip(sides, shifts or [0] * len(sides), strict=True)]
    for side, start, end in zip(sides, starts, [*starts[1:], sheet.width if stands else length], strict=True):
        shift = start - side.start
        sound = stands or (shifts is not None and end - start == side.end - side.start and _stands(sheet, row, side, shift))
        if not sound:
            table.misplaced(_row_name(sheet, row), sheet.cell(row, 0).place)
        _add_row(table, row, side, shift, sound)


def _stands(sheet: Sheet, row: int, side: Side, shift: int) -> bool:
    """Whether label, 行次 and amounts of a block look like what their columns should hold."""
    label = sheet.text(row, side.label + shift)
    amounts = [(sheet.text(row, column + shift), sheet.cell(row, column + shift)) for _, column in side.columns]
    if (label and is_figure(label)) or any(text and labelled(cell.label) in side.by_label for text, cell in amounts):
        return False
    if side.line is None:
        return True
    line = sheet.text(row, side.line + shift)
    return is_integer(line) or (not line and not any(is_integer(text) for text, _ in amounts))


def _realign(sheet: Sheet, row: int, sides: list[Side]) -> list[int] | None:
    """How far each block's cells moved in a row of another length, by where its label or 行次 stands."""
    shifts: list[int] = []
    for side in sides:
        shift = _anchor(sheet, row, side, shifts[-1] if shifts else 0)
        if shift is None:
            return None
        shifts.append(shift)
    return shifts if any(shifts) or len(sheet.texts[row]) != sheet.width else None


def _anchor(sheet: Sheet, row: int, side: Side, before: int) -> int | None:
    expected = max((side.spec.rows[i].line or 0 for i in side.used), default=0) + 1
    best: tuple[int, int] | None = None
    for shift in sorted(range(-3, 4), key=abs):
        at = side.label + shift
        if at < 0:
            continue
        label = labelled(sheet.cell(row, at).label) if sheet.text(row, at) else ""
        line = sheet.text(row, side.line + shift) if side.line is not None else ""
        points = 2 * (label in side.by_label) + 2 * (is_integer(line) and int(line) == expected) + (shift == before)
        if points >= 2 and (best is None or points > best[0]):
            best = (points, shift)
    return best[1] if best else None


def _add_row(table: TableBuilder, row: int, side: Side, shift: int, reliable: bool) -> None:
    sheet = table.sheet
    label_cell = sheet.cell(row, side.label + shift)
    raw = label_cell.label.strip()
    line_text = sheet.text(row, side.line + shift) if side.line is not None else ""
    line = int(line_text) if is_integer(line_text) else None
    amounts = [table.read(row, column + shift) for _, column in side.columns]
    table.take(row, side.label + shift)
    if line is not None and side.line is not None:
        table.take(row, side.line + shift)
    filled = any(amount.state not in ("blank", "dash") for amount in amounts)
    if not raw and line is None and not filled:
        return
    found = _match(table, side, raw, line, label_cell.place)
    if found is None and line is None:
        found = _only_one_left_out(table, side, row, shift, raw)
    if found is None:
        if not reliable and not raw:
            table.used[row].difference_update(column + shift for _, column in side.columns)
            return
        key = raw or (f"第{line}行" if line is not None else f"无名行{len(side.builder.rows) + 1}")
        table.report("行不识别", f"“{key}”不是本表的行" if raw else f"{key}有数字而没有项目名称", label_cell.place, key, blocking=not raw)
        spec = RowSpec(key, raw or key)
    else:
        spec = side.spec.rows[found]
        if spec.role == "空" and filled:
            table.report("行不识别", f"第 {line} 行应为空行，却有数字", label_cell.place, spec.key)
    if spec.unit:
        amounts = [counted(amount, spec.unit) for amount in amounts]
    confidence = 1.0 if labelled(raw) in side.by_label else label_cell.confidence
    table.add(side.builder, Row(spec.key, spec.label, label_cell.text.strip(), line=line, role=spec.role, place=label_cell.place, confidence=confidence), amounts, reliable)


def _match(table: TableBuilder, side: Side, raw: str, line: int | None, place: Place) -> int | None:
    """Index of the layout's row for this label and 行次, or None; the label decides, 行次 between equals."""
    text = labelled(raw)
    if not text:
        found = side.by_line.get(line) if line is not None else None
        if found is not None and side.spec.rows[found].label and found not in side.used:
            table.collect("行不识别", "{n} 行没有项目名称，按行次认定：{list}", side.spec.rows[found].label, place)
        return _met(side, found) if found is not None and found not in side.used else None
    known = side.by_label.get(text)
    if known:
        fresh = [i for i in known if i not in side.used] or known
        chosen = next((i for i in known if line is not None and side.spec.rows[i].line == line), None)
        if chosen is None:
            chosen = next((i for i in fresh if i > side.last), fresh[0])
        expected = side.spec.rows[chosen].line
        if line is not None and expected is not None and line != expected:
            table.collect("行号不符", "{n} 行的行次与表样不同：{list}", f"{side.spec.rows[chosen].label}（印 {line}，表样 {expected}）", place)
        return _met(side, chosen)
    found = side.by_line.get(line) if line is not None else None
    if found is not None and found not in side.used and _likeness(text, side.spec.rows[found]) >= ALIKE:
        table.collect("行不识别", "{n} 行的项目名称与表样不同，按行次认定：{list}", f"“{raw}”作“{side.spec.rows[found].label}”", place)
        return _met(side, found)
    side.compared += 1
    if line is not None or side.compared > MAX_GARBLED:
        return None
    near = max((i for i in range(len(side.spec.rows)) if i not in side.used), key=lambda i: _likeness(text, side.spec.rows[i]), default=None)
    if near is not None and _likeness(text, side.spec.rows[near]) >= 0.85:
        return _met(side, near)
    return None


def _only_one_left_out(table: TableBuilder, side: Side, row: int, shift: int, raw: str) -> int | None:
    """Without 行次, a lost or garbled label is known when one row of the layout is missing just there."""
    sheet = table.sheet
    following = len(side.spec.rows)
    for later in range(row + 1, min(row + 1 + NEXT, len(sheet.texts))):
        known = side.by_label.get(labelled(sheet.cell(later, side.label + shift).label))
        if known:
            following = next((i for i in known if i > side.last), following)
            break
    else:
        following = following if row + 1 + NEXT >= len(sheet.texts) else -1
    if following != side.last + 2 or (raw and _likeness(labelled(raw), side.spec.rows[side.last + 1]) < GARBLED):
        return None
    label = side.spec.rows[side.last + 1].label
    table.collect("行不识别", "{n} 行的项目名称缺失或不清，按前后行认定：{list}", label, sheet.cell(row, 0).place)
    return _met(side, side.last + 1)


def _met(side: Side, index: int) -> int:
    side.used.add(index)
    side.last = index
    return index


def _likeness(text: str, row: RowSpec) -> float:
    if not row.label:
        return 0.0
    return max(SequenceMatcher(None, text, labelled(name)).ratio() for name in (row.label, *row.aliases))


def _row_name(sheet: Sheet, row: int) -> str:
    words = [cell.text.strip() for cell, text in zip(sheet.cells[row], sheet.texts[row], strict=True) if text and not has_digit(text)]
    return words[0][:20] if words else f"第 {row + 1} 行"
