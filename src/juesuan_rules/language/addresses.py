"""What an address can mean within one block of one table.

`interpret` reads the parts of an address behind the table: names (block, then column, then row
group) and selectors. It gives a `Target`, or a `Miss` that says how far it got and what stopped it;
which of several blocks is meant, and what to tell the author, is decided in `lookup`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.catalogue.model import ColumnSpec
from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.language import syntax as s
from juesuan_rules.language.layoutnames import GROUPS, LEVELS, ROLES, BlockNames
from juesuan_rules.language.model import Form
from juesuan_rules.names import fold, label

MISSING_AS_ZERO = "缺作0"


class Target(msgspec.Struct, frozen=True):
    """A place in a block. column: canonical name, "*", or "" where none was named. rows: as in the
    form, None where none was named. single: exactly one row. missing: "report" or "zero"."""

    names: BlockNames
    column: str = ""
    rows: Form | None = None
    single: bool = False
    missing: str = "report"


class Miss(msgspec.Struct, frozen=True):
    """Why a block is not meant. progress: parts understood before. what: name row line range column
    code prefix group twice columns conflict fact; choices: what could have stood there instead."""

    progress: int
    node: s.Node
    what: str
    choices: tuple[str, ...] = ()


class _Stop(Exception):
    """Ends an interpretation; carries the miss. Never leaves this module."""

    def __init__(self, what: str, choices: Sequence[str] = ()) -> None:
        self.what, self.choices = what, tuple(choices)


class _State(msgspec.Struct):
    """What has been understood so far of one address in one block."""

    names: BlockNames
    block_named: bool = False
    columns: list[ColumnSpec] | None = None
    group: str = ""
    star: bool = False
    keys: list[str] = msgspec.field(default_factory=list)
    listed: bool = False
    filters: list[Form] = msgspec.field(default_factory=list)
    everything: bool = False
    single: bool = False
    missing: str = "report"
    groups: bool = True


def interpret(names: BlockNames, parts: Sequence[s.Part | s.Item], row_first: bool = False, groups: bool = True) -> Target | Miss:
    """The meaning of an address's parts in one block. `row_first`: the first name is a row;
    `groups`: it may be a row group."""
    state = _State(names)
    progress = 0
    for number, part in enumerate(parts):
        state.groups = groups or number > 0
        items: Sequence[s.Part | s.Item] = part.items if isinstance(part, s.Selector) else (part,)
        for item in items:
            try:
                if isinstance(part, s.Selector) or (row_first and number == 0) or isinstance(item, s.Lines):
                    _select(state, item)
                else:
                    _descend(state, item, parts[number + 1 : number + 2])
            except _Stop as stop:
                return Miss(progress, item, stop.what, stop.choices)
            progress += 1
    try:
        return Target(names, _column(state), *_rows(state), state.missing)
    except _Stop as stop:
        return Miss(progress, parts[-1] if parts else s.Star(), stop.what, stop.choices)


def _descend(state: _State, part: s.Part | s.Item, following: Sequence[s.Part | s.Item]) -> None:
    """A part behind a point: block, then column (with the header above it before it), then row group;
    in a record set of facts also a row: 文字.支出总计."""
    names = state.names
    if isinstance(part, s.Star):
        _set_columns(state, list(names.block.columns), star=True)
        return
    if isinstance(part, s.Column):
        _by_ordinal(state, part.ordinal)
        return
    assert isinstance(part, s.Name)
    wanted = fold(part.text)
    if not state.block_named and state.columns is None and not state.group and wanted in names.block_names:
        state.block_named = True
        return
    above = state.columns is None and not state.group and wanted in names.column_groups
    if above and any(isinstance(n, s.Name) and any(fold(c.group) == wanted for c in names.columns_by_name.get(fold(n.text), ())) for n in following):
        state.group = wanted
        return
    if state.columns is None and wanted in names.columns_by_name:
        _set_columns(state, names.columns_by_name[wanted])
        return
    if above:
        state.group = wanted
        return
    if names.is_records and names.block.rows and not state.listed and (part.text in names.rows_by_key or label(part.text) in names.rows_by_label):
        _by_name(state, part)
        return
    if wanted in GROUPS and _try_group(state, wanted):
        return
    if names.table.id == FACTS and not state.listed:
        raise _Stop("fact", list(names.rows_by_key))
    raise _Stop("name", _names_after_point(state))


def _select(state: _State, item: s.Part | s.Item) -> None:
    """An item in square brackets: rows, a column by its number, or 缺作0."""
    if isinstance(item, s.Lines):
        _by_lines(state, item)
    elif isinstance(item, s.Column):
        _by_ordinal(state, item.ordinal)
    elif isinstance(item, s.Star):
        state.everything = True
    elif isinstance(item, s.Code):
        state.listed = True
        state.keys.append(_code(state.names, item.digits))
    elif isinstance(item, s.Prefix):
        state.filters.append(_prefix(state.names, item.digits))
    elif isinstance(item, s.Exclusion):
        state.filters.append(("not", _excluded(state, item.item)))
    else:
        assert isinstance(item, s.Name)
        _by_name(state, item)


def _by_name(state: _State, item: s.Name) -> None:
    """A name in square brackets: 缺作0, a row, a row group; else a row that an open table may hold."""
    names, wanted = state.names, label(item.text)
    if not item.quoted and fold(item.text) == MISSING_AS_ZERO:
        state.missing = "zero"
        return
    rows = [names.rows_by_key[item.text]] if item.text in names.rows_by_key else names.rows_by_label.get(wanted, [])
    if len(rows) > 1:
        raise _Stop("several", [names.address(r, by_line=True) for r in rows])
    if rows:
        _list(state, [rows[0].key])
        return
    if fold(item.text) in GROUPS and _try_group(state, fold(item.text)):
        return
    if fold(item.text) in names.columns_by_name:
        raise _Stop("column", [names.address() + f".{names.columns_by_name[fold(item.text)][0].name}"])
    if names.table.id == FACTS:
        raise _Stop("fact", list(names.rows_by_key))
    if (names.table.form != "codes" and names.block.rows) or fold(item.text) in GROUPS:
        raise _Stop("row", [r.label for r in names.block.rows if r.label])
    if any(f[0] == "label" for f in state.filters):
        raise _Stop("labels")
    state.filters.append(("label", wanted))


def _try_group(state: _State, name: str) -> bool:
    """Take a row group, if this block has it; the only row of a role becomes that row."""
    if not state.groups or not state.names.has_group(name):
        return False
    if name in LEVELS and any(f[0] == "group" and f[1] in LEVELS for f in state.filters):
        raise _Stop("levels")
    row = state.names.only_row(name) if name in ROLES else None
    if row is not None:
        _list(state, [row.key])
    else:
        state.filters.append(("group", name))
        state.single = state.single or (name == "合计" and state.names.table.form == "codes")
    return True


def _by_lines(state: _State, item: s.Lines) -> None:
    lines = state.names.rows_by_line
    if not lines:
        raise _Stop("no lines")
    first = _whole(item.first)
    last = first if item.last is None else _whole(item.last)
    if first is None or last is None or first > last or not (min(lines) <= first and last <= max(lines)):
        raise _Stop("line" if item.last is None else "range", [f"{min(lines)}..{max(lines)}"])
    if item.last is None and first not in lines:
        raise _Stop("line", [f"{min(lines)}..{max(lines)}"])
    keys = [lines[n].key for n in range(first, last + 1) if n in lines]
    if not keys:
        raise _Stop("range", [f"{min(lines)}..{max(lines)}"])
    _list(state, keys)


def _whole(digits: str) -> int | None:
    return int(digits) if digits.isdigit() and len(digits) <= 4 else None


def _by_ordinal(state: _State, digits: str) -> None:
    ordinal = _whole(digits)
    table = state.names.table
    for number, key, column in table.wide:
        if number == ordinal and key in state.names.rows_by_key:
            _list(state, [key])
            _set_columns(state, [c for c in state.names.block.columns if c.name == column])
            return
    columns = [c for c in state.names.block.columns if c.ordinal == ordinal and ordinal is not None]
    if not columns:
        raise _Stop("ordinal", [f"{c.ordinal}栏（{c.name}）" for c in state.names.block.columns if c.ordinal is not None])
    _set_columns(state, columns)


def _code(names: BlockNames, digits: str) -> str:
    if digits in names.rows_by_key:
        return digits
    if not names.open or not (names.code_lengths or names.table.form == "codes"):
        line = _whole(digits)
        raise _Stop("code as line" if line in names.rows_by_line else "code", [k for k in names.rows_by_key if k.isdigit()])
    if names.code_lengths and len(digits) not in names.code_lengths:
        raise _Stop("code length", [str(n) for n in names.code_lengths])
    return digits


def _prefix(names: BlockNames, digits: str) -> Form:
    if not names.open and not any(k.isdigit() and k.startswith(digits) for k in names.rows_by_key):
        raise _Stop("prefix", [k for k in names.rows_by_key if k.isdigit()])
    return ("prefix", digits)


def _excluded(state: _State, item: s.Name | s.Prefix) -> Form:
    inner = _State(state.names)
    _select(inner, item)
    rows, _ = _rows(inner)
    if rows is None:
        raise _Stop("row", [r.label for r in state.names.block.rows if r.label])
    return rows


def _list(state: _State, keys: list[str]) -> None:
    state.listed = True
    state.keys.extend(k for k in keys if k not in state.keys)


def _set_columns(state: _State, columns: list[ColumnSpec], star: bool = False) -> None:
    if state.columns is not None:
        raise _Stop("twice")
    state.columns, state.star = columns, star


def _column(state: _State) -> str:
    """The one column meant; "*" for all; "" where none was named and there are several."""
    if state.star:
        return "*"
    columns = state.columns if state.columns is not None else list(state.names.block.columns)
    if state.group:
        columns = [c for c in columns if fold(c.group) == state.group]
    if len(columns) == 1:
        return columns[0].name
    if state.columns is None and not state.group:
        return state.names.usual_column
    choices = [f"{c.group}.{c.name}" if c.group else c.name for c in columns or state.names.block.columns]
    raise _Stop("columns" if columns else "name", choices)


def _rows(state: _State) -> tuple[Form | None, bool]:
    """The rows meant, and whether that is exactly one; None where none were named."""
    filters = list(state.filters)
    single = state.single and not state.listed
    if state.listed:
        listed: Form = ("key", state.keys[0]) if len(state.keys) == 1 else ("keys", *state.keys)
        if not filters:
            return listed, len(state.keys) == 1
        filters.insert(0, listed)
    if not filters:
        return (("all",), False) if state.everything else (None, False)
    rows = filters[0]
    for other in filters[1:]:
        rows = ("and", rows, other)
    return rows, single and len(filters) == 1


def _names_after_point(state: _State) -> list[str]:
    block = state.names.block
    found = [] if state.block_named or not block.name else [block.name]
    if state.columns is None:
        found += [c.name for c in block.columns]
    return found

