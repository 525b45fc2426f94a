"""What names mean under several layouts: where two layouts mean the same by every name a text holds, a rule
of that text need not be checked under both."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from juesuan_rules.catalogue.model import Layout, RowSpec, TableSpec
from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.names import fold, label

LINES = "行次"
"""Stands for every printed 行次: what texts with addresses like 27行 depend on."""
_LINE = re.compile(r"\d\s*行")

Meaning = tuple[tuple[Any, str], ...]


class Meanings:
    """Names whose meaning differs between the layouts, and what each means under each.

    A row counts only for texts that name its table as well. common: digest of all that is the same
    under every layout.
    """

    def __init__(self, layouts: Sequence[Layout]) -> None:
        by_digest = {layout.digest: layout for layout in layouts}
        self._profiles: dict[str, dict[Any, str]] = {digest: dict(_profile(layout)) for digest, layout in by_digest.items()}
        profiles = list(self._profiles.values())
        names = {name for profile in profiles for name in profile}
        differing = {name for name in names if len({profile.get(name, "") for profile in profiles}) > 1}
        self._lines = LINES in differing
        self._differing = sorted(differing - {LINES})
        first = profiles[0] if profiles else {}
        same = [(name, first.get(name, "")) for name in sorted(names - differing)]
        self._rows: dict[str, list[str]] = {}
        self._tables: dict[str, set[str]] = {}
        self.common = stable_digest((same, self._add_rows(by_digest)))

    def differing_in(self, text: str) -> tuple[Any, ...]:
        """The names a text may hold whose meaning depends on the layout. More than it holds does no harm."""
        if not (self._differing or self._rows or self._lines):
            return ()
        folded = fold(text)
        found: list[Any] = [name for name in self._differing if name in folded]
        for table, names in self._rows.items():
            if any(name in folded for name in self._tables[table]):
                found += [(table, name) for name in names if name in folded]
        return tuple([*found, LINES] if self._lines and _LINE.search(text) else found)

    def of(self, names: Sequence[Any], layout: Layout) -> Meaning:
        """What these names mean under a layout."""
        profile = self._profiles[layout.digest]
        return tuple([(name, profile.get(name, "")) for name in names])

    def _add_rows(self, layouts: dict[str, Layout]) -> list[str]:
        """Rows that are not the same under every layout, by table and each of their names; the digests of all others."""
        rows = {digest: {(table.id, block.name, _row(row)) for table in layout.tables for block in table.blocks for row in block.rows} for digest, layout in layouts.items()}
        same = set.intersection(*rows.values()) if rows else set()
        for digest, found in rows.items():
            named: dict[tuple[str, str], list[Any]] = {}
            for one in found - same:
                for name in _names(one[2]):
                    named.setdefault((one[0], name), []).append(one)
            self._profiles[digest].update({mark: stable_digest(sorted(meant, key=repr)) for mark, meant in named.items()})
            for table, name in named:
                self._rows.setdefault(table, []).append(name)
        self._rows = {table: sorted(set(names)) for table, names in self._rows.items()}
        for layout in layouts.values():
            for spec in layout.tables:
                self._tables.setdefault(spec.id, set()).update(_table_names(spec))
        return sorted(map(repr, same))


def stable_digest(value: Any) -> str:
    """A digest of plain data that is the same in every process."""
    return hashlib.blake2b(repr(value).encode(), digest_size=16).hexdigest()


def _profile(layout: Layout) -> dict[str, str]:
    """What every name that a rule may write means, as digests; rows apart."""
    found: dict[str, str] = {LINES: stable_digest([(t.id, b.name, r.line, r.key) for t in layout.tables for b in t.blocks for r in b.rows if r.line is not None])}
    tables = {table.id: stable_digest(_shape(table)) for table in (*layout.tables, *layout.records)}
    names = LayoutNames(layout)
    for table in (*layout.tables, *layout.records):
        for name in _table_names(table):
            meant = names.table(name)
            found[name] = tables[meant.id] if meant is not None else ""
    others = [(fact.name, fact.unit) for fact in layout.facts] + [(name, repr(value)) for name, value in layout.parameters] + [(d.name, "词典") for d in layout.dictionaries]
    for name, meaning in others:
        found[fold(name)] = found.get(fold(name), "") + stable_digest((name, meaning))
    return found


def _shape(table: TableSpec) -> Any:
    """Everything of a table that the language looks at but single rows: which kinds of rows there are."""
    blocks = []
    for block in table.blocks:
        columns = [(c.name, c.aliases, c.ordinal, c.group, c.unit) for c in block.columns]
        roles = sorted((role, min(count, 2)) for role, count in Counter(row.role for row in block.rows).items())
        kinds = sorted({(row.unit, row.key.isdigit() and len(row.key)) for row in block.rows}) if table.id != FACTS else sorted({row.unit for row in block.rows})
        blocks.append((block.name, block.aliases, columns, roles if table.id != FACTS else (), kinds))
    return (table.id, table.form, table.chart, table.wide, blocks)


def _table_names(table: TableSpec) -> set[str]:
    """Every name of a table, folded; each has an entry of its own, so that they are no part of its shape."""
    numbers = [f"{table.number}表", f"{int(table.number)}表"] if table.number else []
    return {fold(name) for name in (table.id, *table.short, *table.titles, *numbers)}


def _row(row: RowSpec) -> tuple[Any, ...]:
    return (row.key, row.label, row.aliases, row.line, row.role, row.unit)


def _names(row: tuple[Any, ...]) -> set[str]:
    key, text, aliases = row[:3]
    return {name for name in (fold(key), fold(text), label(text), *map(fold, aliases), *map(label, aliases)) if name}
