"""Tables whose rows are 功能分类 codes, any number of them (form "codes")."""

from __future__ import annotations

import re

import msgspec
from msgspec.structs import replace

from juesuan_rules.catalogue.model import RowSpec
from juesuan_rules.documents.model import Place
from juesuan_rules.reports.building import BlockBuilder, TableBuilder
from juesuan_rules.reports.choosing import row_names
from juesuan_rules.reports.header import ColumnHead, map_columns
from juesuan_rules.reports.model import Row
from juesuan_rules.reports.sheet import Sheet, Words, has_digit, is_code, is_figure, labelled

_CODE_AND_NAME = re.compile(r"\s*(\d{3}(?:\d{2}){0,2})\s*[-:：]?\s*(\D.*)", re.DOTALL)


class CodeColumns(msgspec.Struct):
    """Where codes (one column, or one each for 类 款 项), names and amounts stand."""

    codes: list[int]
    name: int | None
    amounts: list[tuple[str, int]]

    @property
    def first_amount(self) -> int:
        """The first grid column that holds an amount: everything before it is label."""
        return min(column for _, column in self.amounts)


def read_codes(table: TableBuilder, heads: list[ColumnHead], words: Words) -> bool:
    """Reads the table; False where the header does not say which column is which."""
    spec = table.spec.blocks[0]
    columns = _find_columns(table, heads)
    if columns is None:
        return False
    builder = table.block(spec, [name for name, _ in columns.amounts])
    totals = {name: row for names, row in zip(row_names(spec), spec.rows, strict=True) for name in names}
    sheet = table.sheet
    pending = _pending_total(sheet, words, totals)
    for row in range(sheet.header, len(sheet.texts)):
        if any(sheet.texts[row]) and row != sheet.ordinals:
            pending = _read_row(table, builder, columns, row, totals, pending)
    table.check_shift(builder)
    return True


def _find_columns(table: TableBuilder, heads: list[ColumnHead]) -> CodeColumns | None:
    sheet, spec = table.sheet, table.spec.blocks[0]
    names = [head.index for head in heads if head.kind == "名称"]
    codes = [head.index for head in heads if head.kind == "编码"]
    if not names and not codes:
        names, codes = _label_columns_by_rows(sheet)
    name = names[0] if names else None
    if name is not None and not codes:
        codes = [i for i in range(name) if any(is_code(sheet.text(r, i)) for r in range(sheet.header, len(sheet.texts)))]
    end = max([*names[:1], *codes], default=-1) + 1
    if name is None and end < sheet.width and not heads[end].own:
        name, end = end, end + 1
    if name is not None and codes:
        codes = [i for i in range(min(codes), end) if i != name]
    mapped = map_columns(spec.columns, [head for head in heads[end:] if head.kind in ("", "项目")])
    for missing in mapped.missing:
        table.report("缺列", f"没有“{missing}”一栏", sheet.place, missing)
    table.leave_out(mapped.extra)
    if mapped.guessed:
        table.report("表头不识别", f"“{'、'.join(mapped.guessed)}”栏名不清，按位置认定", sheet.place)
    if mapped.conflict:
        table.report("表头不识别", "栏次与栏目名称的次序不一致，按栏目名称读", sheet.place)
    if not mapped.columns or 2 * len(mapped.missing) > len(spec.columns):
        return None
    return CodeColumns(codes, name, sorted(mapped.columns.items(), key=lambda item: item[1]))


def _label_columns_by_rows(sheet: Sheet) -> tuple[list[int], list[int]]:
    """Name and code columns by what stands in them, for tables whose header is lost."""
    rows = range(sheet.header, len(sheet.texts))
    codes = [i for i in range(min(3, sheet.width)) if sum(is_code(sheet.text(r, i)) for r in rows) * 2 > len(rows)][:1]
    after = codes[0] + 1 if codes else 0
    words = sum(1 for r in rows if sheet.text(r, after) and not is_figure(sheet.text(r, after)))
    return ([after] if words * 2 > len(rows) else []), codes


def _pending_total(sheet: Sheet, words: Words, totals: dict[str, RowSpec]) -> RowSpec | None:
    """The 合计 whose label slipped into the 栏次 row above it."""
    if sheet.ordinals < 0:
        return None
    for text in sheet.texts[sheet.ordinals]:
        for word in words["栏次"]:
            if text.startswith(word) and text[len(word) :] in totals:
                return totals[text[len(word) :]]
    return None


def _read_row(
    table: TableBuilder, builder: BlockBuilder, columns: CodeColumns, row: int, totals: dict[str, RowSpec], pending: RowSpec | None
) -> RowSpec | None:
    """Reads one printed row; returns the 合计 whose figures are still to come, if any."""
    sheet = table.sheet
    reliable = sheet.is_whole(row) and _stands(sheet, row, columns)
    code, raw_code, name = _label(sheet, row, columns)
    total = next((totals[t] for c in range(columns.first_amount) if (t := labelled(sheet.text(row, c))) in totals), None)
    amounts = [table.read(row, column) for _, column in columns.amounts]
    table.take(row, *range(columns.first_amount))
    filled = any(amount.state not in ("blank", "dash") for amount in amounts)
    place = sheet.cell(row, 0).place
    if not code and not name and total is None:
        if not filled:
            return pending
        if pending is None:
            table.report("行不识别", f"有一行数字没有科目编码和名称（{'、'.join(a.raw for a in amounts if a.raw)[:60]}）", place, blocking=True)
            return None
        total, pending = pending, None
    elif total is not None and not filled and _next_is_bare(sheet, row, columns):
        return total
    if not reliable:
        table.misplaced(f"{code} {name}".strip()[:24] or "合计", place)
    if total is not None:
        made = Row(total.key, total.label, name or total.label, raw_code, role=total.role, place=place)
    else:
        made = replace(_detail(code, raw_code, name, place), confidence=sheet.confidence(row, columns.codes if code or columns.name is None else [columns.name]))
        if columns.name is not None and sheet.cell(row, columns.name).standard == name != "":
            made = replace(made, raw_label=sheet.cell(row, columns.name).text.strip())
    table.add(builder, made, amounts, reliable)
    return pending


def _label(sheet: Sheet, row: int, columns: CodeColumns) -> tuple[str, str, str]:
    """(code, code as printed, name as printed); a code may stand in pieces or before its name."""
    raw = "".join(sheet.cell(row, c).text.strip() for c in columns.codes)
    code = "".join(sheet.text(row, c) for c in columns.codes)
    name = sheet.cell(row, columns.name).label.strip() if columns.name is not None else ""
    if not code.isdecimal() and not name:
        name, code, raw = raw, "", ""
    if not code and (found := _CODE_AND_NAME.fullmatch(name)):
        return found[1], found[1], found[2].strip()
    if not code.isdecimal() and (found := _CODE_AND_NAME.fullmatch(raw)):
        return found[1], found[1], name or found[2].strip()
    return (code, raw, name) if code.isdecimal() else ("", raw, name)


def _stands(sheet: Sheet, row: int, columns: CodeColumns) -> bool:
    """Whether code, name and amounts look like what their columns should hold."""
    if columns.name is not None and is_code(sheet.text(row, columns.name)):
        return False
    if any(t and not t.isdecimal() and is_figure(t) for c in range(columns.first_amount) if (t := sheet.text(row, c))):
        return False
    return not any(
        t and any("\u4e00" <= ch <= "\u9fff" for ch in t) and len(t) > 2 and not has_digit(t) for _, c in columns.amounts if (t := sheet.text(row, c))
    )


def _next_is_bare(sheet: Sheet, row: int, columns: CodeColumns) -> bool:
    """Whether the next row has figures and no label: those of a 合计 whose label stands alone."""
    if row + 1 >= len(sheet.texts):
        return False
    following = sheet.texts[row + 1]
    return not any(following[: columns.first_amount]) and any(has_digit(t) for t in following)


def _detail(code: str, raw_code: str, name: str, place: Place) -> Row:
    """A row as printed; a code that is missing or cut is completed when all tables are known."""
    return Row(code or name, name, name, raw_code, code or None, place=place)
