"""Where things are declared and used: in which file, at which offsets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.editor.files import Files
from juesuan_rules.editor.kinds import EXPRESSION_KINDS, Kind
from juesuan_rules.editor.outline import Path as Steps
from juesuan_rules.editor.places import FileMap, Node
from juesuan_rules.editor.resolving import Meaning, read_expression
from juesuan_rules.editor.views import PackView
from juesuan_rules.names import fold, label

_FOLDERS: dict[Kind, str] = {"rules": "rules", "cases": "cases", "layout": "layouts", "facts": "facts", "forms": "forms", "dictionaries": "dictionaries"}
_ANY = None
MAX_PLACES = 5_000
_MAX_PACKS = 200


class FilePlace(msgspec.Struct, frozen=True):
    """A stretch of a file."""

    path: Path
    start: int
    end: int


def pack_files(folder: Path, kind: Kind) -> list[Path]:
    """The files of a kind in a pack."""
    if kind in ("pack", "overrides", "waivers"):
        named = folder / f"{kind}.yaml"
        return [named] if named.is_file() else []
    return sorted((folder / _FOLDERS[kind]).glob("*.yaml")) if kind in _FOLDERS else []


def family(view: PackView) -> list[Path]:
    """The folders of the pack, its parents, and the packs beside it that build on it."""
    found = [view.files.path(folder) for folder in view.folders]
    known: dict[str, tuple[Path, str]] = {}
    try:
        beside = sorted(p for p in view.folder.parent.iterdir() if (p / "pack.yaml").is_file())[:_MAX_PACKS]
    except OSError:
        beside = []
    for folder in beside:
        data = view.files.read(folder / "pack.yaml").data
        if isinstance(data, dict):
            known[str(data.get("id"))] = (view.files.path(folder), str(data.get("parent") or ""))
    below = {view.id}
    for _ in range(len(known)):
        more = {name for name, (_, parent) in known.items() if parent in below} - below
        if not more:
            break
        below |= more
    return [*found, *(folder for name, (folder, _) in known.items() if name in below and folder not in found)]


def values_at(map_: FileMap, pattern: tuple[str | int | None, ...], value: str | None = None) -> Iterator[Node]:
    """The nodes of a file whose path fits (None: any number) and whose value is that text."""
    for node in map_.nodes:
        path = node.path
        if len(path) != len(pattern) or not all(isinstance(s, int) if p is _ANY else s == p for s, p in zip(path, pattern, strict=True)):
            continue
        if value is None or map_.text(node) == value:
            yield node


def value_place(path: Path, map_: FileMap, node: Node) -> FilePlace:
    """The place of a node's value, without quotation marks."""
    edge = 1 if node.quote else 0
    return FilePlace(path, node.value_start + edge, max(node.value_start + edge, node.value_end - edge))


def key_place(path: Path, node: Node) -> FilePlace:
    """The place of a node's key."""
    return FilePlace(path, node.key_start, node.key_end)


def _maps(files: Files, folders: list[Path] | tuple[Path, ...], kind: Kind) -> Iterator[tuple[Path, FileMap]]:
    for folder in folders:
        for path in pack_files(folder, kind):
            map_ = files.map(path, kind)
            if map_ is not None:
                yield path, map_


def rule_declarations(files: Files, folders: list[Path] | tuple[Path, ...], rule: str) -> list[FilePlace]:
    """Where a rule is written."""
    return [value_place(p, m, n) for p, m in _maps(files, folders, "rules") for n in values_at(m, ("rules", _ANY, "id"), rule)]


def rule_uses(files: Files, folders: list[Path] | tuple[Path, ...], rule: str) -> list[FilePlace]:
    """Where a rule is named: its cases, changes of it, waivers."""
    found = []
    for folder in folders:
        own = folder / "cases" / f"{rule}.yaml"
        for path in [own] if own.is_file() else []:
            map_ = files.map(path, "cases")
            if map_ is not None:
                found += [value_place(path, map_, n) for n in values_at(map_, ("rule",), rule)]
    for kind in ("overrides", "waivers"):
        found += [value_place(p, m, n) for p, m in _maps(files, folders, kind) for n in values_at(m, (kind, _ANY, "rule"), rule)]
    return found


def case_files(folders: list[Path] | tuple[Path, ...], rule: str) -> list[FilePlace]:
    """The files of a rule's cases."""
    return [FilePlace(p, 0, 0) for folder in folders if (p := folder / "cases" / f"{rule}.yaml").is_file()]


def entry_declarations(files: Files, folders: list[Path] | tuple[Path, ...], kind: Kind, name: str) -> list[FilePlace]:
    """Where a fact, a form or a dictionary is declared."""
    return [value_place(p, m, n) for p, m in _maps(files, folders, kind) for n in values_at(m, (kind, _ANY, "name"), name)]


def parameter_declarations(files: Files, folders: list[Path] | tuple[Path, ...], name: str) -> list[FilePlace]:
    """Where a parameter of the layout is set."""
    return [key_place(p, n) for p, m in _maps(files, folders, "layout") for n in values_at(m, ("parameters", name))]


def declarations(files: Files, folders: tuple[Path, ...], meaning: Meaning) -> list[FilePlace]:
    """Where what a word means is declared: a table, half, row, column or fact."""
    if meaning.table is not None and meaning.table.form == "records":
        if meaning.table.id == FACTS and meaning.row is not None:
            return entry_declarations(files, folders, "facts", meaning.row.key)
        return []
    if meaning.table is None:
        return []
    found: list[FilePlace] = []
    for path, map_ in _maps(files, folders, "layout"):
        for table in values_at(map_, ("tables", _ANY, "id"), meaning.table.id):
            found += _in_table(path, map_, table, meaning)
    return found


def _in_table(path: Path, map_: FileMap, table: Node, meaning: Meaning) -> Iterator[FilePlace]:
    if meaning.what in ("table", "group"):
        yield value_place(path, map_, table)
        return
    block_name = meaning.block.block.name if meaning.block is not None else ""
    base = table.path[:-1]
    numbers = sorted({n.path[len(base) + 1] for n in map_.nodes if n.path[: len(base) + 1] == (*base, "blocks") and len(n.path) > len(base) + 1}, key=str)
    for number in numbers:
        block = (*base, "blocks", number)
        if map_.value(*block, "name") != block_name:
            continue
        if meaning.what == "block" and (node := map_.by_path.get((*block, "name"))) is not None:
            yield value_place(path, map_, node)
        elif meaning.column is not None:
            yield from _columns(path, map_, block, meaning.column.name)
        elif meaning.row is not None:
            yield from _rows(path, map_, (*block, "rows"), meaning.row.key)


def _columns(path: Path, map_: FileMap, block: Steps, name: str) -> Iterator[FilePlace]:
    for pattern in ((*block, "columns", _ANY), (*block, "columns", _ANY, "name")):
        for node in values_at(map_, pattern, name):
            yield value_place(path, map_, node)


def _rows(path: Path, map_: FileMap, rows: Steps, key: str, lists: bool = True) -> Iterator[FilePlace]:
    for deeper in ((), (_ANY, "rows")):
        for pattern in ((*rows, *deeper, _ANY, "key"), (*rows, *deeper, _ANY, 0)):
            for node in values_at(map_, pattern, key):
                yield value_place(path, map_, node)
    for node in values_at(map_, (*rows, _ANY, "use")) if lists else ():
        yield from _rows(path, map_, ("lists", map_.text(node)), key, lists=False)


def same(one: Meaning, other: Meaning) -> bool:
    """Whether two words mean the same table, half, row, column or fact."""
    if one.what != other.what or one.table is None or other.table is None or one.table.id != other.table.id:
        return False
    if one.what in ("table", "records"):
        return True
    if (one.block.block.name if one.block else "") != (other.block.block.name if other.block else ""):
        return False
    if one.what == "column":
        return one.column is not None and other.column is not None and one.column.name == other.column.name
    if one.what == "row":
        if one.row is None or other.row is None:
            return one.row is other.row and label(one.token.plain) == label(other.token.plain)
        return one.row.key == other.row.key
    return one.what in ("block", "group") and fold(one.token.plain) == fold(other.token.plain)


def uses(view: PackView, folders: list[Path], wanted: Meaning) -> list[FilePlace]:
    """Where expressions name the same thing."""
    found: list[FilePlace] = []
    for kind in EXPRESSION_KINDS:
        for path, map_ in _maps(view.files, folders, kind):  # type: ignore[arg-type]
            for region in map_.regions:
                expression = read_expression(region, map_, view)
                for chain in expression.chains:
                    for number, link in enumerate(chain.links):
                        if _may_be(link.token.plain, wanted) and same(expression.meaning(chain, number), wanted):
                            start = region.start + link.token.start
                            found.append(FilePlace(path, start, region.start + link.token.end))
            if len(found) > MAX_PLACES:
                return found
    return found


def _may_be(text: str, wanted: Meaning) -> bool:
    """A quick no for words that cannot mean it."""
    if wanted.what == "table" or wanted.what == "records":
        table = wanted.table
        assert table is not None
        number = (f"{table.number}表", f"{int(table.number)}表") if table.number.isdigit() else ()
        return fold(text) in {fold(n) for n in (table.id, *table.short, *table.titles, *number)}
    if wanted.column is not None:
        return fold(text) in {fold(n) for n in (wanted.column.name, *wanted.column.aliases, str(wanted.column.ordinal))}
    if wanted.row is not None:
        row = wanted.row
        return label(text) in {label(n) for n in (row.key, row.label, *row.aliases, str(row.line))}
    return fold(text) == fold(wanted.token.plain)
