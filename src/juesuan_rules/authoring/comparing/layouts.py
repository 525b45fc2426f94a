"""Layouts, facts, forms and dictionaries of two versions compared name by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from juesuan_rules.authoring.comparing.model import Change, Step
from juesuan_rules.catalogue.model import FactSpec, FormSpec, Layout, TableSpec

Lists = dict[str, tuple[str, ...]]
_WORDS = frozenset({"names", "patterns", "sections", "titles"})
"""Lists of a fact or form that say how it may be put: a further entry lets more be read."""


class Item(msgspec.Struct, frozen=True):
    """Something with a name. lists: other spellings, of which more do no harm. rest: everything else about it."""

    kind: str
    lists: Lists
    rest: dict[str, Any]


def compare_layouts(old: Layout, new: Layout) -> Iterator[Change]:
    """Every name that came or went, and every one that means something else."""
    before, after = dict(_items(old)), dict(_items(new))
    for name, item in after.items():
        if name not in before:
            yield Change(item.kind, name, "added", "minor")
        elif found := list(_differences(before[name], item)):
            yield Change(item.kind, name, "changed", "major" if any(step == "major" for step, _ in found) else max(step for step, _ in found), tuple(text for _, text in found))
    for name, item in before.items():
        if name not in after:
            yield Change(item.kind, name, "removed", "major")


def _differences(old: Item, new: Item) -> Iterator[tuple[Step, str]]:
    for key in old.lists.keys() | new.lists.keys():
        before, after = old.lists.get(key, ()), new.lists.get(key, ())
        gone, come = [w for w in before if w not in after], [w for w in after if w not in before]
        if come:
            yield "minor", f"{key} 增加 {_shown(come)}"
        if gone:
            yield "major", f"{key} 去掉 {_shown(gone)}"
    for key in old.rest.keys() | new.rest.keys():
        if old.rest.get(key) != new.rest.get(key):
            step: Step = "patch" if key in ("source", "verified") else "major"
            yield step, f"{key}：{_value(old.rest.get(key))} → {_value(new.rest.get(key))}"


def _items(layout: Layout) -> Iterator[tuple[str, Item]]:
    for table in layout.tables:
        yield from _table_items(table)
    yield from ((f"事实 {fact.name}", _fact(fact)) for fact in layout.facts)
    yield from ((f"表单 {form.name}", _form(form)) for form in layout.forms)
    for dictionary in layout.dictionaries:
        name = f"词典 {dictionary.name}"
        yield name, Item("词典", {}, {"years": dictionary.years, "source": dictionary.source, "verified": dictionary.verified})
        yield from ((f"{name}：{word}", Item("词典", {}, {"meaning": meaning})) for word, meaning in dictionary.entries)
    yield from ((f"参数 {name}", Item("版式", {}, {"value": value})) for name, value in layout.parameters)
    yield from ((f"用词 {name}", Item("版式", {"words": words}, {})) for name, words in layout.words)


def _table_items(table: TableSpec) -> Iterator[tuple[str, Item]]:
    keys = ("number", "form", "chart", "blank", "presence", "childless", "numbers_row", "wide")
    yield table.id, Item("版式", {"short": table.short, "titles": table.titles}, {key: getattr(table, key) for key in keys})
    for block in table.blocks:
        part = f"{table.id}.{block.name}" if block.name else table.id
        if block.name:
            yield part, Item("版式", {"aliases": block.aliases}, {})
        for column in block.columns:
            # Two columns of one name stand under different headers.
            told = f"{column.group}/{column.name}" if column.group else column.name
            yield f"{part} 栏「{told}」", Item("版式", {"aliases": column.aliases}, {key: getattr(column, key) for key in ("ordinal", "optional", "unit")})
        for row in block.rows:
            rest = {key: getattr(row, key) for key in ("label", "line", "role", "sequence", "optional", "unit")}
            yield f"{part} 行「{row.key}」", Item("版式", {"aliases": row.aliases}, rest)
        yield f"{part} 行序", Item("版式", {}, {"order": _Order(tuple(row.key for row in block.rows))})


class _Order:
    """The order of rows; orders are alike where the rows that both have come in the same order."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Order):
            return NotImplemented
        both = set(self.keys) & set(other.keys)
        return [k for k in self.keys if k in both] == [k for k in other.keys if k in both]

    def __str__(self) -> str:
        return _shown(self.keys)


def _fact(fact: FactSpec) -> Item:
    plain = {key: value for key, value in msgspec.structs.asdict(fact).items() if key not in ("name", "pack")}
    return Item("事实", {k: v for k, v in plain.items() if k in _WORDS}, {k: v for k, v in plain.items() if k not in _WORDS})


def _form(form: FormSpec) -> Item:
    lists: Lists = {"titles": form.titles}
    lists |= {f"{what}「{name}」": words for what, pairs in (("字段", form.fields), ("栏", form.columns)) for name, words in pairs}
    return Item("表单", lists, {"kind": form.kind, "marks": form.marks})


def _shown(words: Sequence[str]) -> str:
    return "、".join(words[:6]) + (f" 等 {len(words)} 个" if len(words) > 6 else "")


def _value(value: Any) -> str:
    if value in (None, "", ()):
        return "（无）"
    return _shown([str(part) for part in value]) if isinstance(value, tuple) else str(value)
