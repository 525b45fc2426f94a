"""Definition, references and symbols."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from lsprotocol import types

from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.editor.declarations import (
    FilePlace,
    case_files,
    declarations,
    entry_declarations,
    family,
    parameter_declarations,
    rule_declarations,
    rule_uses,
    uses,
    value_place,
    values_at,
)
from juesuan_rules.editor.files import Files
from juesuan_rules.editor.outline import Path as Steps
from juesuan_rules.editor.places import FileMap, Node
from juesuan_rules.editor.resolving import Meaning, read_expression
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.texts import Text
from juesuan_rules.editor.views import PackView

_SYMBOLS: dict[str, tuple[str, types.SymbolKind]] = {
    "rules": ("id", types.SymbolKind.Method),
    "overrides": ("rule", types.SymbolKind.Method),
    "cases": ("name", types.SymbolKind.Event),
    "facts": ("name", types.SymbolKind.Field),
    "forms": ("name", types.SymbolKind.Struct),
    "dictionaries": ("name", types.SymbolKind.Array),
    "tables": ("id", types.SymbolKind.Class),
    "waivers": ("rule", types.SymbolKind.Event),
    "corrections": ("place", types.SymbolKind.Event),
}
"""The list whose items are symbols: the key that names an item."""


class Subject(msgspec.Struct, frozen=True):
    """What the cursor stands on. what: rule, fact, dictionary, parameter, pack, table or word."""

    what: str
    name: str
    start: int
    end: int
    meaning: Meaning | None = None


def subject_at(session: Session, path: Path, position: types.Position) -> tuple[Subject, PackView, FileMap] | None:
    """What is named at a position of a file; None where it names nothing."""
    kind, text = session.files.kind(path), session.files.text(path)
    map_ = session.files.map(path, kind)
    if not kind or text is None or map_ is None:
        return None
    offset, view = text.offset(position), session.view(path)
    region = map_.region_at(offset)
    if region is None:
        found = _named_in_yaml(map_, offset)
        return (found, view, map_) if found is not None else None
    expression = read_expression(region, map_, view)
    meaning = expression.meaning_at(offset - region.start)
    if meaning is None:
        return None
    edge = 1 if meaning.token.kind == "string" else 0
    start, end = region.start + meaning.token.start + edge, region.start + meaning.token.end - (0 if meaning.token.unclosed else edge)
    if meaning.table is not None and meaning.table.id == FACTS and meaning.row is not None:
        return Subject("fact", meaning.row.key, start, end, meaning), view, map_
    if meaning.token.kind == "string" and not meaning.what:
        name = meaning.token.plain
        what = "parameter" if name in view.names.parameters else "dictionary"
        return Subject(what, name, start, end), view, map_
    if not meaning.what or meaning.what in ("function", "scope"):
        return None
    return Subject("word", meaning.token.plain, start, end, meaning), view, map_


def _named_in_yaml(map_: FileMap, offset: int) -> Subject | None:
    for node in reversed(map_.nodes):
        place = value_place(Path(), map_, node)
        if place.start <= offset <= place.end and place.end > place.start:
            what = _names(map_.kind, node)
            return Subject(what, map_.text(node), place.start, place.end) if what else None
        if node.key_start <= offset <= node.key_end and _names_fact(map_.kind, node.path):
            return Subject("fact", str(node.path[-1]), node.key_start, node.key_end)
    return None


def _names(kind: str, node: Node) -> str:
    path = node.path
    if (kind == "rules" and path[0] == "rules" and path[2:] == ("id",)) or (path[-1] == "rule" and kind in ("cases", "overrides", "waivers")):
        return "rule"
    if kind in ("rules", "overrides") and path[2:] == ("表",):
        return "table"
    if path[2:] == ("name",) and path[0] == kind:
        return {"facts": "fact", "dictionaries": "dictionary"}.get(kind, "")
    return "pack" if kind == "pack" and path == ("parent",) else ""


def _names_fact(kind: str, path: Steps) -> bool:
    return kind == "cases" and len(path) >= 3 and path[-3:-1] == ("records", FACTS)


def definition(session: Session, path: Path, position: types.Position) -> list[types.Location]:
    """Where what stands at a position is declared; from the id of a rule, its cases."""
    found = subject_at(session, path, position)
    if found is None:
        return []
    subject, view, map_ = found
    return locations(session.files, _definition(session.files, subject, view, map_))


def _definition(files: Files, subject: Subject, view: PackView, map_: FileMap) -> list[FilePlace]:
    folders = view.folders
    if subject.what == "rule":
        if map_.kind == "rules":
            return case_files(folders, subject.name)
        above = folders[:-1] if map_.kind == "overrides" else folders
        return rule_declarations(files, above, subject.name)
    if subject.what in ("fact", "dictionary"):
        return entry_declarations(files, folders, "facts" if subject.what == "fact" else "dictionaries", subject.name)
    if subject.what == "parameter":
        return parameter_declarations(files, folders, subject.name)
    if subject.what == "pack":
        return [FilePlace(folder / "pack.yaml", 0, 0) for folder in folders[:-1][-1:]]
    if subject.what == "table" and (table := view.names.table(subject.name)) is not None:
        return [p for path, m in _layouts(files, folders) for n in values_at(m, ("tables", None, "id"), table.id) for p in [value_place(path, m, n)]]
    meaning = subject.meaning
    if meaning is not None and meaning.what == "variable":
        return []
    return declarations(files, folders, meaning) if meaning is not None else []


def _layouts(files: Files, folders: tuple[Path, ...]) -> Iterable[tuple[Path, FileMap]]:
    for folder in folders:
        for path in sorted((folder / "layouts").glob("*.yaml")):
            map_ = files.map(path, "layout")
            if map_ is not None:
                yield path, map_


def references(session: Session, path: Path, position: types.Position, declared: bool) -> list[types.Location]:
    """Where what stands at a position is named, in the pack, its parents and the packs built on it."""
    found = subject_at(session, path, position)
    if found is None:
        return []
    subject, view, _ = found
    return locations(session.files, places_of(session, subject, view, declared))


def places_of(session: Session, subject: Subject, view: PackView, declared: bool) -> list[FilePlace]:
    """Every place that names a subject; with its declarations, if these are wanted."""
    files, folders = session.files, family(view)
    if subject.what == "rule":
        return [*(rule_declarations(files, folders, subject.name) if declared else []), *rule_uses(files, folders, subject.name)]
    meaning = subject.meaning
    if subject.what == "fact":
        return [*(entry_declarations(files, folders, "facts", subject.name) if declared else []), *fact_uses(session, view, folders, subject.name)]
    if subject.what == "table" and (table := view.names.table(subject.name)) is not None:
        from juesuan_rules.editor.scanning import Token

        meaning = Meaning("table", Token(0, 0, "name", subject.name), table)
    if meaning is None or meaning.what not in ("table", "records", "block", "column", "row", "group"):
        return []
    return [*(declarations(files, view.folders, meaning) if declared else []), *uses(view, folders, meaning)]


def fact_uses(session: Session, view: PackView, folders: list[Path], name: str) -> list[FilePlace]:
    """Where a fact is named: in expressions, and in the records of cases."""
    files = session.files
    table = view.layout.table(FACTS)
    row = next((r for block in table.blocks for r in block.rows if r.key == name), None) if table is not None else None
    found: list[FilePlace] = []
    if table is not None and row is not None:
        from juesuan_rules.editor.scanning import Token

        names = view.names.blocks(table)[0]
        found += uses(view, folders, Meaning("row", Token(0, 0, "name", name), table, names, row=row))
    for folder in folders:
        for path in sorted((folder / "cases").glob("*.yaml")):
            text = files.text(path)
            map_ = files.map(path, "cases") if text is not None and name in text.content else None
            for node in map_.nodes if map_ is not None else ():
                if node.path[-1] == name and _names_fact("cases", node.path):
                    found.append(FilePlace(path, node.key_start, node.key_end))
    return found


def locations(files: Files, places: Iterable[FilePlace]) -> list[types.Location]:
    """Places as the editor knows them, each once."""
    found: dict[tuple[Path, int], types.Location] = {}
    for place in places:
        text = files.text(place.path)
        if text is not None:
            real = files.path(place.path)
            found.setdefault((real, place.start), types.Location(uri_of(files, real), text.range(place.start, place.end)))
    return list(found.values())


def uri_of(files: Files, path: Path) -> str:
    """The URI of a file: the editor's own where it is open."""
    return files.uris.get(files.path(path)) or files.path(path).as_uri()


def symbols(map_: FileMap, text: Text) -> list[types.DocumentSymbol]:
    """The rules, facts, tables, cases … of a file, tables with their halves."""
    found = []
    for top in dict.fromkeys(n.path[0] for n in map_.nodes):
        if top not in _SYMBOLS:
            continue
        key, kind = _SYMBOLS[str(top)]
        for number, items in _items(map_, str(top)).items():
            name = map_.value(top, number, key)
            title = map_.value(top, number, "title") or map_.value(top, number, "outcome") or map_.value(top, number, "action")
            node = map_.by_path.get((top, number, key)) or items[0]
            end = max(max(n.value_end, n.key_end) for n in items)
            children = _halves(map_, text, (top, number)) if top == "tables" else []
            found.append(_symbol(text, name or "（未命名）", title, kind, (items[0].key_start, end), node, children))
    return found


def _items(map_: FileMap, top: str) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = {}
    for node in map_.nodes:
        if len(node.path) > 1 and node.path[0] == top and isinstance(node.path[1], int):
            found.setdefault(node.path[1], []).append(node)
    return found


def _halves(map_: FileMap, text: Text, table: Steps) -> list[types.DocumentSymbol]:
    found = []
    for node in map_.nodes:
        if node.path[:2] == table and len(node.path) == 5 and node.path[2] == "blocks" and node.path[4] == "name":
            found.append(_symbol(text, map_.text(node) or "栏目", "", types.SymbolKind.Enum, (node.key_start, node.value_end), node, []))
    return found


def _symbol(text: Text, name: str, detail: str, kind: types.SymbolKind, whole: tuple[int, int], node: Node, children: list[types.DocumentSymbol]) -> types.DocumentSymbol:
    start, end = node.value_start, max(node.value_end, node.value_start)
    return types.DocumentSymbol(
        name=name,
        kind=kind,
        range=text.range(min(whole[0], start), max(whole[1], end)),
        selection_range=text.range(start, end),
        detail=detail or None,
        children=children or None,
    )
