"""What a layout file says about tables: each entry as a difference to what its parents say.

The base pack's entry is a difference to nothing, so one reader serves both.
"""

from __future__ import annotations

from typing import Any

import msgspec

from juesuan_rules.catalogue.shape import (
    BLANK_KEYS,
    BLOCK_KEYS,
    COLUMN_KEYS,
    GROUP_KEYS,
    ROW_KEYS,
    TABLE_KEYS,
    USE_KEYS,
    LayoutFile,
    Path,
)

_DIGITS = "零一二三四五六七八九十"


class ItemDiff(msgspec.Struct):
    """A row (by key) or a column (by name): the fields given, and where it goes if it is new."""

    name: str
    fields: dict[str, Any]
    path: Path


class BlockDiff(msgspec.Struct):
    """A block of a table and what is said about its columns and rows."""

    name: str
    fields: dict[str, Any]
    columns: list[ItemDiff]
    rows: list[ItemDiff]
    path: Path


class TableDiff(msgspec.Struct):
    """A table and what is said about it."""

    id: str
    fields: dict[str, Any]
    blocks: list[BlockDiff]
    path: Path
    source: LayoutFile


class RowLists(msgspec.Struct):
    """Row lists shared by tables (`lists:`), by name, with the file each was read from."""

    lists: dict[str, list[ItemDiff]] = msgspec.field(default_factory=dict)

    def read(self, source: LayoutFile, data: dict[str, Any]) -> None:
        """Adds the `lists:` of one file; a later pack's list replaces its parent's."""
        for name, rows in data.items():
            if isinstance(rows, list):
                self.lists[name] = _rows(source, rows, ("lists", name), self)
            else:
                source.report("E413", f"“{name}”应当是行的列表", ("lists", name))


def read_tables(source: LayoutFile, data: list[Any], lists: RowLists) -> list[TableDiff]:
    """The `tables:` of one file, as differences; entries without an id are reported and dropped."""
    result: list[TableDiff] = []
    for index, entry in enumerate(data):
        path: Path = ("tables", index)
        fields = source.fields(entry, path, "表", TABLE_KEYS)
        if "id" not in fields:
            if isinstance(entry, dict):
                source.report("E412", "表缺少“id”（正式名称）", path)
            continue
        number = fields.get("number", "")
        if number and not (number.isdecimal() and len(number) <= 3):
            source.report("E413", "“number”应当是表号中的数字，如 '07'", (*path, "number"))
            fields.pop("number")
        blocks = [_block(source, block, (*path, "blocks", i), lists) for i, block in enumerate(fields.pop("blocks", []))]
        result.append(TableDiff(fields.pop("id"), fields, blocks, path, source))
    return result


def _block(source: LayoutFile, data: object, path: Path, lists: RowLists) -> BlockDiff:
    fields = source.fields(data, path, "块", BLOCK_KEYS)
    columns = _columns(source, fields.pop("columns", []), (*path, "columns"))
    rows = _rows(source, fields.pop("rows", []), (*path, "rows"), lists)
    return BlockDiff(fields.pop("name", ""), fields, columns, rows, path)


def _columns(source: LayoutFile, data: list[Any], path: Path) -> list[ItemDiff]:
    result = []
    for index, item in enumerate(data):
        here = (*path, index)
        fields: dict[str, Any] = {"name": item} if isinstance(item, str) else source.fields(item, here, "列", COLUMN_KEYS)
        if "name" in fields:
            result.append(ItemDiff(fields.pop("name"), fields, here))
        elif isinstance(item, dict):
            source.report("E412", "列缺少“name”", here)
    _report_repeated(source, result, "列")
    return result


def _rows(source: LayoutFile, data: list[Any], path: Path, lists: RowLists) -> list[ItemDiff]:
    result: list[ItemDiff] = []
    for index, item in enumerate(data):
        here = (*path, index)
        if isinstance(item, dict) and "use" in item:
            result.extend(_used(source, item, here, lists))
        elif isinstance(item, dict) and "blank" in item:
            result.extend(_blank(source, item, here))
        elif isinstance(item, dict) and "rows" in item:
            group = source.fields(item, here, "行组", GROUP_KEYS)
            for row in _rows(source, group.pop("rows", []), (*here, "rows"), lists):
                row.fields = {**group, **row.fields}
                result.append(row)
        else:
            made = _row(source, item, here)
            if made is not None:
                result.append(made)
    _report_repeated(source, result, "行")
    return result


def _row(source: LayoutFile, item: object, path: Path) -> ItemDiff | None:
    if isinstance(item, list):
        if not 1 <= len(item) <= 3 or not isinstance(item[0], str | int):
            source.report("E413", "一行应写成 [键, 名称] 或 [键, 名称, [别名, …]]", path)
            return None
        item = dict(zip(("key", "label", "aliases"), item, strict=False))
        fields: dict[str, Any] = {"key": str(item["key"])}
        for name, read in (("label", source.text), ("aliases", source.texts)):
            if name in item and (value := read(item[name], path, name)) is not None:
                fields[name] = value
    else:
        fields = source.fields(item, path, "行", ROW_KEYS)
    if "key" not in fields:
        if isinstance(item, dict):
            source.report("E412", "行缺少“key”（键）", path)
        return None
    return ItemDiff(fields.pop("key"), fields, path)


def _used(source: LayoutFile, item: dict[str, Any], path: Path, lists: RowLists) -> list[ItemDiff]:
    fields = source.fields(item, path, "行组", USE_KEYS)
    rows = lists.lists.get(fields.get("use", ""))
    if rows is None:
        source.report("E431", f"没有名为“{item.get('use')}”的行的列表", (*path, "use"), hint=f"已有：{'、'.join(lists.lists) or '（无）'}")
        return []
    result = []
    for index, row in enumerate(rows):
        added: dict[str, Any] = {"optional": fields["optional"]} if "optional" in fields else {}
        if "first_line" in fields:
            added["line"] = fields["first_line"] + index
        if fields.get("numbered"):
            added["sequence"] = chinese_number(index + 1)
        result.append(ItemDiff(row.name, {**row.fields, **added}, path))
    return result


def _blank(source: LayoutFile, item: dict[str, Any], path: Path) -> list[ItemDiff]:
    start, end = source.fields(item, path, "空行", BLANK_KEYS).get("blank", (None, None))
    if start is None or end is None:
        return []
    return [ItemDiff(f"空行{line}", {"label": "", "line": line, "role": "空", "optional": True}, path) for line in range(start, end + 1)]


def _report_repeated(source: LayoutFile, items: list[ItemDiff], what: str) -> None:
    seen: set[str] = set()
    for item in items:
        if item.name in seen:
            source.report("E430", f"{what}“{item.name}”重复", item.path)
        seen.add(item.name)


def chinese_number(value: int) -> str:
    """1..99 as 一 … 九十九, the way rows are numbered."""
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
