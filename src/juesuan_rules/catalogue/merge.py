"""Layouts of a chain of packs, merged: a child's differences applied to its parent's tables."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from juesuan_rules.catalogue.differences import BlockDiff, ItemDiff, TableDiff
from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, RowSpec, TableSpec
from juesuan_rules.catalogue.shape import LayoutFile
from juesuan_rules.names import suggest

Items = dict[str, dict[str, Any]]
T = TypeVar("T")


class BlockDraft(msgspec.Struct):
    """A block while packs are being merged: columns and rows by name, in printed order."""

    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    columns: Items = msgspec.field(default_factory=dict)
    rows: Items = msgspec.field(default_factory=dict)


class TableDraft(msgspec.Struct):
    """A table while packs are being merged."""

    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    blocks: dict[str, BlockDraft] = msgspec.field(default_factory=dict)
    pack: str = ""


def merge_table(tables: dict[str, TableDraft], diff: TableDiff) -> None:
    """Applies one entry of a layout file to `tables` (table id -> draft)."""
    source = diff.source
    draft = tables.get(diff.id)
    if diff.fields.get("remove"):
        if tables.pop(diff.id, None) is None:
            _unknown(source, f"要去掉的表“{diff.id}”上级没有", diff.path, diff.id, tables)
        return
    if draft is None:
        draft = tables[diff.id] = TableDraft()
        for key in ("titles", "form", "blocks"):
            if key not in diff.fields and not (key == "blocks" and diff.blocks):
                near = suggest(diff.id, tables.keys() - {diff.id}, 1)
                hint = f"上级没有这张表；是不是想写：{near[0]}" if near else "上级没有这张表，要写全"
                source.report("E412", f"表“{diff.id}”缺少“{key}”", diff.path, hint=hint)
    for key in ("titles", "short"):
        if key in diff.fields:
            diff.fields[key] = _union(diff.fields[key], draft.fields.get(key, ()))
    draft.fields.update(diff.fields)
    draft.pack = source.pack
    for block in diff.blocks:
        _merge_block(draft, block, source)


def _merge_block(table: TableDraft, diff: BlockDiff, source: LayoutFile) -> None:
    name = diff.name
    if not name and len(table.blocks) == 1:
        name = next(iter(table.blocks))
    if table.blocks and name not in table.blocks and not diff.columns:
        _unknown(source, f"没有名为“{diff.name}”的块", diff.path, diff.name, table.blocks)
        return
    if diff.fields.get("replace"):
        table.blocks.pop(name, None)
    block = table.blocks.setdefault(name, BlockDraft())
    if "aliases" in diff.fields:
        block.fields["aliases"] = _union(diff.fields["aliases"], block.fields.get("aliases", ()))
    block.columns = _merge_items(block.columns, diff.columns, "列", source, "name")
    block.rows = _merge_items(block.rows, diff.rows, "行", source, "label")
    for key, what in (("column_order", "columns"), ("row_order", "rows")):
        if key in diff.fields:
            setattr(block, what, _reordered(getattr(block, what), diff.fields[key], diff, key, source))
    if "first_line" in diff.fields:
        for line, row in enumerate(block.rows.values(), diff.fields["first_line"]):
            row["line"] = line


def _merge_items(items: Items, diffs: list[ItemDiff], what: str, source: LayoutFile, naming: str) -> Items:
    for diff in diffs:
        fields = dict(diff.fields)
        known = items.get(diff.name)
        if fields.pop("remove", False):
            if known is None:
                _unknown(source, f"要去掉的{what}“{diff.name}”上级没有", diff.path, diff.name, items)
            items.pop(diff.name, None)
            continue
        after, before = fields.pop("after", None), fields.pop("before", None)
        if known is None:
            items[diff.name] = fields
        else:
            _override(known, fields, diff.name, naming)
        if after is not None or before is not None:
            items = _moved(items, diff, after, before, what, source)
    return items


def _override(known: dict[str, Any], fields: dict[str, Any], name: str, naming: str) -> None:
    """New fields over old; what it was called before stays an alias, so nothing known is lost."""
    aliases = _union(fields.get("aliases", ()), known.get("aliases", ()))
    if naming in fields and fields[naming] != known.get(naming, name):
        aliases = _union(aliases, (known.get(naming, name),))
    known.update(fields)
    if aliases:
        known["aliases"] = tuple(alias for alias in aliases if alias != known.get(naming))


def _moved(items: Items, diff: ItemDiff, after: str | None, before: str | None, what: str, source: LayoutFile) -> Items:
    target = after if after is not None else before
    if target not in items or target == diff.name:
        _unknown(source, f"“{'after' if after is not None else 'before'}”指的{what}“{target}”不存在", diff.path, str(target), items)
        return items
    result: Items = {}
    for name, value in items.items():
        if name == diff.name:
            continue
        if name == target and before is not None and after is None:
            result[diff.name] = items[diff.name]
        result[name] = value
        if name == target and after is not None:
            result[diff.name] = items[diff.name]
    return result


def _reordered(items: Items, order: tuple[str, ...], diff: BlockDiff, key: str, source: LayoutFile) -> Items:
    for index, name in enumerate(order):
        if name not in items:
            _unknown(source, f"“{key}”里的“{name}”不存在", (*diff.path, key, index), name, items)
    first = {name: items[name] for name in order if name in items}
    return {**first, **{name: value for name, value in items.items() if name not in first}}


def _unknown(source: LayoutFile, message: str, path: tuple[str | int, ...], name: str, known: dict[str, Any]) -> None:
    near = suggest(name, known)
    source.report("E431", message, path, hint=f"是不是想写：{'、'.join(near)}" if near else "")


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))


# ------------------------------------------------------------------ drafts to specs


def build_table(table_id: str, draft: TableDraft, problems: LayoutFile | None = None) -> TableSpec:
    """The finished spec of a draft; a `wide` reading that names unknown rows or columns is reported."""
    fields = draft.fields
    blocks = tuple(_build_block(name, block) for name, block in draft.blocks.items())
    return TableSpec(
        id=table_id,
        short=fields.get("short", ()),
        titles=fields.get("titles", (table_id,)),
        number=fields.get("number", ""),
        form=fields.get("form", "fixed"),
        blocks=blocks,
        chart=fields.get("chart", ""),
        blank=fields.get("blank", "零"),
        presence=fields.get("presence", "必有"),
        childless=fields.get("childless", "提示"),
        numbers_row=fields.get("numbers_row", True),
        wide=_build_wide(table_id, fields.get("wide", {}), blocks, problems),
        pack=draft.pack,
    )


def _build_block(name: str, draft: BlockDraft) -> BlockSpec:
    columns = tuple(
        ColumnSpec(column, c.get("aliases", ()), c.get("ordinal"), c.get("group", ""), c.get("optional", False)) for column, c in draft.columns.items()
    )
    rows = tuple(
        RowSpec(key, r.get("label", key), r.get("aliases", ()), r.get("line"), r.get("role", "明细"), r.get("sequence", ""), r.get("optional", False), r.get("unit", ""))
        for key, r in draft.rows.items()
    )
    return BlockSpec(name, columns, rows, draft.fields.get("aliases", ()))


def _build_wide(table_id: str, wide: dict[str, Any], blocks: tuple[BlockSpec, ...], problems: LayoutFile | None) -> tuple[tuple[int, str, str], ...]:
    rows = {row.key for block in blocks for row in block.rows}
    columns = {column.name for block in blocks for column in block.columns}
    result: list[tuple[int, str, str]] = []
    for column, keys in wide.items():
        wrong = [column] if column not in columns else [key for key in keys if key not in rows] if isinstance(keys, list) else [str(keys)]
        if wrong:
            if problems is not None:
                problems.report("E431", f"表“{table_id}”的“wide”里，{'、'.join(map(str, wrong))} 不是它的列或行", ())
            return ()
        result += [(ordinal, key, column) for ordinal, key in enumerate(keys, len(result) + 1)]
    return tuple(result)
