"""Completion of YAML keys and values: from the JSON Schema of the file's kind, and from the pack where
a value names something (a table, a rule, a row)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lsprotocol import types

from juesuan_rules.catalogue.model import Dictionary, FactSpec, FormSpec, TableSpec
from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.editor.choices import Choice, K, completion_list
from juesuan_rules.editor.describing import row_line, rule_page, table_line
from juesuan_rules.editor.kinds import Kind, read_schema
from juesuan_rules.editor.outline import Path
from juesuan_rules.editor.places import FileMap
from juesuan_rules.editor.spots import Spot
from juesuan_rules.editor.texts import Text
from juesuan_rules.editor.views import PackView
from juesuan_rules.language.layoutnames import short_name

Schema = Mapping[str, Any]
_MAX_DEPTH = 40
_TABLE_SETTINGS = ("单位", "次序", "行次", "栏目", "读取问题", "题名", "表号", "编制单位", "年度", "附注", "表头")


def complete_yaml(spot: Spot, map_: FileMap, kind: Kind, view: PackView, text: Text) -> types.CompletionList:
    """What could stand on a key or value of the file."""
    found: list[Choice] = []
    if spot.on == "key":
        found += [c for c in _named_keys(spot.path, kind, view) if c.label not in spot.siblings]
        found += _keys(spot, kind)
    else:
        found += _named_values(spot.path, kind, map_, view)
        found += _values(spot, kind)
        if spot.on == "item" and not spot.in_flow:
            found += _keys(spot, kind)
    return completion_list(found, spot.prefix, text, spot.start, max(spot.start, spot.end))


def describe_key(kind: Kind, path: Path) -> str:
    """What the schema says of a key; "" where it says nothing."""
    if not path or not isinstance(path[-1], str):
        return ""
    for schema in schemas_at(kind, path[:-1]):
        known = schema.get("properties", {}).get(path[-1])
        if known is not None:
            resolved = _resolved(known, read_schema(kind))
            about = str(known.get("description") or resolved.get("description") or resolved.get("title") or "")
            choices = [str(v) for one in _alternatives(resolved, read_schema(kind)) for v in one.get("enum", ())]
            return about + (f"\n\n可以写：{'、'.join(choices)}" if choices else "")
    return ""


def schemas_at(kind: Kind, path: Path) -> list[Schema]:
    """The parts of a kind's schema that may hold at a path (several where there are alternatives)."""
    root = read_schema(kind)
    if not root:
        return []
    current = list(_alternatives(root, root))
    for step in path[:_MAX_DEPTH]:
        below: list[Schema] = []
        for schema in current:
            if isinstance(step, int):
                below += _alternatives(schema.get("items"), root)
            else:
                known = schema.get("properties", {}).get(step)
                more = [known] if known is not None else [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
                for one in more:
                    below += _alternatives(one, root)
        current = below
    return current


def _alternatives(schema: Any, root: Schema, depth: int = 0) -> Iterator[Schema]:
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return
    schema = _resolved(schema, root)
    yield schema
    for key in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(key, ()):
            yield from _alternatives(one, root, depth + 1)


def _resolved(schema: Schema, root: Schema) -> Schema:
    for _ in range(_MAX_DEPTH):
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        found: Any = root
        for step in reference[2:].split("/"):
            found = found.get(step, {}) if isinstance(found, dict) else {}
        schema = {**found, **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema


def _keys(spot: Spot, kind: Kind) -> Iterator[Choice]:
    root = read_schema(kind)
    for schema in schemas_at(kind, spot.path):
        required = schema.get("required", ())
        for name, one in schema.get("properties", {}).items():
            if name not in spot.siblings:
                resolved = _resolved(one, root)
                detail = str(one.get("description") or resolved.get("description") or "")
                yield Choice(name, K.Property, detail, f"{name}: ", rank=1 if name in required else 2)


def _values(spot: Spot, kind: Kind) -> Iterator[Choice]:
    for schema in schemas_at(kind, spot.path):
        for value in (*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])):
            yield Choice(_yaml(value), K.EnumMember, str(schema.get("description", "")), rank=1)
        if schema.get("type") == "boolean":
            yield from (Choice(word, K.Value, rank=1) for word in ("true", "false"))


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named_values(path: Path, kind: Kind, map_: FileMap, view: PackView) -> Iterator[Choice]:
    """Values that name something of the pack."""
    last = path[-1] if path else ""
    if kind in ("rules", "overrides") and last == "表":
        yield from map(_table, view.layout.tables)
    elif kind in ("overrides", "cases", "waivers") and last == "rule":
        own = {rule.id for rule in view.rules if kind == "overrides" and rule.pack == view.id}
        for rule in view.rules:
            if rule.id not in own:
                yield Choice(rule.id, K.Reference, rule.title, words=rule.title, doc=rule_page(rule), rank=1)
    elif kind == "layout" and last == "use":
        for folder in view.folders:
            for file in sorted((folder / "layouts").glob("*.yaml")):
                data = view.files.read(file).data
                lists = data.get("lists") if isinstance(data, dict) else None
                yield from (Choice(str(name), K.Reference, "行的列表", rank=1) for name in (lists if isinstance(lists, dict) else ()))
    elif kind == "layout" and last == "id" and len(path) == 3:
        yield from (Choice(t.id, K.Class, table_line(t), words=" ".join(t.short), rank=1) for t in view.layout.tables)
    elif kind in ("facts", "forms", "dictionaries") and last == "name":
        layout = view.layout
        inherited: Sequence[FactSpec | FormSpec | Dictionary] = layout.facts if kind == "facts" else layout.forms if kind == "forms" else layout.dictionaries
        yield from (Choice(one.name, K.Reference, f"规则包 {one.pack}", rank=2) for one in inherited)
    elif kind == "pack" and last == "parent":
        yield from _packs(view)


def _packs(view: PackView) -> Iterator[Choice]:
    from juesuan_rules.packs.locate import list_packs
    from juesuan_rules.packs.roots import pack_roots

    for found in list_packs([view.folder.parent, *pack_roots()])[0]:
        if found.manifest.id != view.id:
            yield Choice(found.manifest.id, K.Module, f"{found.manifest.name} {found.manifest.version}（{found.manifest.level}）", rank=1)


def _named_keys(path: Path, kind: Kind, view: PackView) -> Iterator[Choice]:
    """Keys of a case that name tables, rows, columns, record sets and facts."""
    if kind != "cases" or len(path) < 3:
        return
    inside = path[3:] if path[2] == "prior" else path[2:]
    if inside[:1] == ("tables",):
        yield from _in_tables(inside[1:], view)
    elif inside[:1] == ("records",):
        yield from _in_records(inside[1:], view)


def _in_tables(inside: Path, view: PackView) -> Iterator[Choice]:
    if not inside:
        yield from (_table(table, ": ") for table in view.layout.tables)
        return
    table = view.names.table(str(inside[0]))
    if table is None:
        return
    for names in view.names.blocks(table):
        if len(inside) == 1:
            for row in names.block.rows:
                if row.label:
                    yield Choice(row.label, K.Field, row_line(row, names), f"{row.label}: ", " ".join((row.key, *row.aliases)), rank=1)
        else:
            yield from (Choice(c.name, K.Property, names.address(), f"{c.name}: ", rank=1) for c in names.block.columns)
    if len(inside) == 1:
        yield from (Choice(word, K.Keyword, "表的设置", f"{word}: ", rank=6) for word in _TABLE_SETTINGS)


def _in_records(inside: Path, view: PackView) -> Iterator[Choice]:
    if not inside:
        yield from (Choice(t.id, K.Struct, "记录集", f"{t.id}: ", rank=1) for t in view.layout.records)
        return
    table = view.layout.table(str(inside[0]))
    if table is None or table.form != "records":
        return
    keyed = inside[0] == FACTS and len(inside) == 1
    if keyed:
        yield from (Choice(f.name, K.Field, f.unit or "金额", f"{f.name}: ", " ".join(f.names), rank=1) for f in view.layout.facts)
        return
    block = next((b for b in table.blocks if b.name and b.name in inside), table.blocks[0])
    yield from (Choice(c.name, K.Property, c.unit or "金额", f"{c.name}: ", rank=1) for c in block.columns)
    yield from (Choice(b.name, K.Enum, "明细", f"{b.name}: ", rank=2) for b in table.blocks if b.name and block is table.blocks[0])


def _table(table: TableSpec, behind: str = "") -> Choice:
    name = short_name(table)
    return Choice(name, K.Class, table_line(table), name + behind, " ".join((*table.short, table.id, *table.titles)), rank=1)
