"""Addresses → places in the layout: which table, which block, and that there is exactly one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.language import syntax as s
from juesuan_rules.language.addresses import Miss, Target, interpret
from juesuan_rules.language.context import Context
from juesuan_rules.language.functions import builtin_names
from juesuan_rules.language.layoutnames import LayoutNames, short_name
from juesuan_rules.language.misses import describe, keyword_inside, nearest, report_columns, report_miss, report_several
from juesuan_rules.language.subjects import check_rows
from juesuan_rules.language.unparse import unparse

SCOPES = ("上年", "所属单位")


def split_scope(path: s.Path) -> tuple[str, tuple[s.Part, ...]]:
    """The scope an address begins with ("" for this report) and its other parts."""
    head = path.parts[0]
    if isinstance(head, s.Name) and not head.quoted and head.text in SCOPES and len(path.parts) > 1:
        return head.text, path.parts[1:]
    return "", path.parts


def mentioned_tables(tree: s.Node, names: LayoutNames) -> tuple[TableSpec, ...]:
    """The printed tables an expression names, in the order written; bare labels are looked up in these."""
    found: dict[str, TableSpec] = {}
    stack: list[s.Node] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Path):
            head = split_scope(node)[1][0]
            table = names.table(head.text) if isinstance(head, s.Name) else None
            if table is not None and table.form != "records":
                found.setdefault(table.id, table)
        stack.extend(reversed(s.children(node)))
    return tuple(found.values())


def find_target(ctx: Context, path: s.Path, need_column: bool = True) -> tuple[str, Target] | None:
    """The scope and the one place an address means; None where there is none (then reported)."""
    scope, parts = split_scope(path)
    head = parts[0]
    table = ctx.names.table(head.text) if isinstance(head, s.Name) else None
    if table is not None and not (need_column and _is_label_too(ctx, table, parts)):
        target = _in_table(ctx, table, parts[1:], path)
    elif isinstance(head, s.Name):
        target = _by_label(ctx, parts, path)
    elif ctx.fixed is not None:
        target = _in_table(ctx, ctx.fixed, parts, path)
    else:
        _report_no_table(ctx, path)
        return None
    if target is None:
        return None
    if need_column and not target.column:
        report_columns(ctx, target, path)
        return None
    if not check_rows(ctx, target, path):
        return None
    ctx.used[target.names.table.id] = None
    return scope, target


def _is_label_too(ctx: Context, table: TableSpec, parts: Sequence[s.Part]) -> bool:
    """Whether the name of a record set (占比, 其中) stands alone where the rule's tables have such a row or column."""
    if len(parts) > 1 or table.form != "records":
        return False
    return any(_candidates(ctx, [*([ctx.fixed] if ctx.fixed is not None else []), *ctx.named], parts, True))


def _in_table(ctx: Context, table: TableSpec, parts: Sequence[s.Part], path: s.Path) -> Target | None:
    """The one block of a table that an address behind the table's name fits."""
    targets: list[Target] = []
    misses = []
    for names in ctx.names.blocks(table):
        result = interpret(names, parts)
        if isinstance(result, Miss):
            misses.append((names, result))
        else:
            targets.append(result)
    if not targets and misses:
        report_miss(ctx, misses, path)
        return None
    return _only(ctx, targets, path)


def _only(ctx: Context, targets: Sequence[Target], path: s.Path) -> Target | None:
    if len(targets) == 1:
        return targets[0]
    whole = [t for t in targets if t.names.is_records and not t.names.block.name]
    if len(whole) == 1:  # the record itself comes before the lists inside it
        return whole[0]
    if targets and all(t.rows is None for t in targets) and len({t.names.table.id for t in targets}) == 1:
        halves = [t.names.address() for t in targets]
        ctx.report("E208", f"{short_name(targets[0].names.table)} 分成几部分，要写明是哪一部分", path, f"可以写：{'、'.join(halves)}")
    elif targets:
        report_several(ctx, targets, path)
    return None


def _by_label(ctx: Context, parts: Sequence[s.Part], path: s.Path) -> Target | None:
    """A name that is no table: a column or row (or block, row group) of the rule's table, or a column
    or row of those the rule mentions."""
    head = parts[0]
    assert isinstance(head, s.Name)
    others = [t for t in ctx.named if ctx.fixed is None or t.id != ctx.fixed.id]
    own = [ctx.fixed] if ctx.fixed is not None else []
    for tables, groups in ((own, False), (own, True), (others, False)):
        targets = list(_candidates(ctx, tables, parts, groups))
        if targets:
            return _only(ctx, targets, path)
    _report_unknown(ctx, head, parts)
    return None


def _candidates(ctx: Context, tables: Sequence[TableSpec], parts: Sequence[s.Part], groups: bool) -> Iterator[Target]:
    """Every place in these tables that an address beginning with a bare name fits, each once."""
    seen: set[object] = set()
    for table in tables:
        for names in ctx.names.blocks(table):
            for row_first in (False, True):
                result = interpret(names, parts, row_first, groups)
                if isinstance(result, Miss) or _guessed(result):
                    continue
                identity = (table.id, names.block.name, result.column, result.rows)
                if identity not in seen:
                    seen.add(identity)
                    yield result


def _guessed(target: Target) -> bool:
    """Whether a bare name matched only because an open table may hold a row of any name."""
    return target.rows is not None and target.rows[0] in ("label", "and", "not")


def _report_no_table(ctx: Context, path: s.Path) -> None:
    written = unparse(path)
    inner = written if written.startswith("[") else f"[{written}]"
    example = short_name(ctx.named[0]) if ctx.named else "总表"
    ctx.report("E216", f"“{written}”没有说是哪张表", path, f"写成 {example}{inner}，或在规则里加一行 表: {example}")


def _report_unknown(ctx: Context, head: s.Name, parts: Sequence[s.Part]) -> None:
    """A name that is nothing here: where else it stands, or the nearest names."""
    if ctx.full:
        return
    tables = [ctx.fixed] if ctx.fixed is not None else []
    tables += [t for t in ctx.named if t not in tables]
    hint = keyword_inside(head.text) or _elsewhere(ctx, parts) or _nearest_names(ctx, head.text, tables)
    if tables:
        where = "、".join(short_name(t) for t in tables)
        ctx.report("E201", f"不认识“{head.text}”：它不是表名，{where} 里也没有这样的行或栏", head, hint)
    elif len(parts) > 1:
        ctx.report("E201", f"没有叫“{head.text}”的表", head, hint)
    else:
        ctx.report("E210", f"“{head.text}”没有说是哪张表：式子里没有写到任何表", head, hint)


def _elsewhere(ctx: Context, parts: Sequence[s.Part]) -> str:
    """A hint: where in the whole layout the address would fit."""
    places = [describe(t) for t in _candidates(ctx, ctx.names.layout.tables, parts, False) if t.rows is not None or t.column]
    return f"写明是哪张表：{'、'.join(places[:6])}" if places else ""


def _nearest_names(ctx: Context, wrong: str, tables: Sequence[TableSpec]) -> str:
    known = list(ctx.variables)
    for table in tables:
        for names in ctx.names.blocks(table):
            known += [r.label for r in names.block.rows] + [c.name for c in names.block.columns]
    hint = nearest(wrong, known + ctx.names.table_names() + ctx.names.record_names() + list(builtin_names()))
    return hint if hint.startswith("是不是") else "写成 表.栏目 或 表[行名]；若是文字，加上引号"


def find_table(ctx: Context, path: s.Path, records: bool = False) -> TableSpec | None:
    """The printed table (or the record set) a path consists of and nothing else; None where it is none (then reported)."""
    head = path.parts[0]
    table = ctx.names.table(head.text) if isinstance(head, s.Name) else None
    if table is None or (table.form == "records") != records:
        known = ctx.names.record_names() if records else ctx.names.table_names()
        what = "记录集" if records else "表"
        message = f"没有叫“{unparse(path)}”的{what}" if table is None else f"“{unparse(path)}”不是{'记录集' if records else '印出的表'}"
        ctx.report("E201", message, path, nearest(unparse(path), known))
        return None
    if len(path.parts) > 1:
        ctx.report("E306", f"这里要写一张表，不写到行和栏：“{unparse(path)}”", path, f"写成 {short_name(table)}")
        return None
    ctx.used[table.id] = None
    return table
