"""The keys a value or a condition has results for: rows joined over tables, columns of `表.*`."""

from __future__ import annotations

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.forms import INEQUALITIES, SCALAR, axes, cells_in
from juesuan_rules.language.model import Form

_BELOW = ("children", "child_count")


def rows_of(form: Form, books: Books) -> tuple[str, ...] | None:
    """Row keys a value or condition has a verdict for, in printed order; None for a scalar."""
    kind = form[0]
    if kind in ("cells", "each"):
        cells = form if kind == "cells" else form[2]
        if kind == "cells" and cells[5][0] == "key":
            return None
        picked = tuple([sheet.select(cells[5]).keys for sheet in books.sheets(*cells[1:4])])
        return books.union(picked) if picked else ()
    if kind in _BELOW:
        return _with_children(form, books)
    if kind == "cmp":
        left, right = rows_of(form[2], books), rows_of(form[3], books)
        keys = left if form[1] in INEQUALITIES and left is not None else _union(books, left, right)
        for node in _limits(form):
            keys = books.common(keys or (), rows_of(node, books) or ())
        return keys
    if kind == "if":
        first = rows_of(form[1], books)
        return first if first is not None else rows_of(form[2], books)
    if kind == "agg" or kind in SCALAR or (kind == "present" and form[1][5] == ("all",)):
        return None
    found = None
    for part in form[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str) and any(axes_known(part)):
            found = _union(books, found, rows_of(part, books))
    return found


def axes_known(form: Form) -> tuple[bool, bool]:
    """`axes`, and no axes for a tuple that is no node (values of 属于)."""
    return axes(form) if len(form) > 1 and next(cells_in(form), None) else (False, False)


def columns_of(form: Form, books: Books) -> tuple[str, ...] | None:
    """Column names a form with `表.*` has verdicts for: those all such tables have; None without."""
    found: tuple[str, ...] | None = None
    for cells in cells_in(form):
        if cells[4] == "*":
            names = books.star_columns(cells[2], cells[3])
            found = names if found is None else tuple([name for name in found if name in names])
    return found


def _union(books: Books, left: tuple[str, ...] | None, right: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if left is None or right is None:
        return left if right is None else right
    return books.union((left, right))


def _with_children(form: Form, books: Books) -> tuple[str, ...] | None:
    cells = form[1]
    inner = rows_of(cells, books)
    if inner is None:
        return None
    sheets = books.sheets(*next(cells_in(cells))[1:4])
    parents = [sheet.below(cells[5]) for sheet in sheets]
    outside = [key for sheet, p in zip(sheets, parents, strict=True) for key in p if key not in sheet.index]
    if not outside and (all(key in parents[0] for key in inner) if parents else True):
        return inner
    return books.union((tuple(dict.fromkeys([*[key for key in inner if any(key in p for p in parents)], *outside])),))


def _limits(form: Form) -> list[Form]:
    """Nodes whose rows bound a comparison with 下级合计: it itself, and the rows picked of its own table."""
    nodes = _row_nodes(form)
    summed = {node[1][1:4] for node in nodes if node[0] in _BELOW}
    return [node for node in nodes if node[0] in _BELOW or node[1:4] in summed]


def _row_nodes(form: Form) -> list[Form]:
    """下级合计 and columns that vary by row, not those inside an aggregate."""
    if form[0] in _BELOW or (form[0] == "cells" and form[5][0] != "key"):
        return [form]
    if form[0] in ("agg", "cells"):
        return []
    return [node for part in form[1:] if isinstance(part, tuple) and part for node in _row_nodes(part)]
