"""前后一致(文字 …): a fact that the prose states several times, differently."""

from __future__ import annotations

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.lacks import CONFLICT
from juesuan_rules.findings import Operand
from juesuan_rules.reports.model import Table


def stated_alike(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict per fact that is stated differently; a pass where facts were stated and none is."""
    found: list[Structural] = []
    stated = 0
    for name in arguments:
        lack, table = books.lack("", name), books.table(name)
        if lack is not None:
            found.append(Structural("", lack.outcome, lack.text, reason=lack.reason, cause=lack.cause, table=name))
        elif table is not None:
            stated += sum(len(block.rows) for block in table.blocks.values())
            found += [
                Structural(p.key, "fail", p.message.rstrip("。"), operands=_figures(table, p.key), cause=f"{CONFLICT}:{name}[{p.key}]", table=name)
                for p in table.problems
                if p.kind == CONFLICT
            ]
    if found or not stated:
        return found
    return [Structural("", "pass", f"{stated} 项在文中各处说的一样")]


def _figures(table: Table, key: str) -> tuple[Operand, ...]:
    """The figures of a row that cannot be told, as printed in the several places."""
    found: list[Operand] = []
    for block in table.blocks.values():
        for at, row in enumerate(block.rows):
            for name, column in block.columns.items() if row.key == key else ():
                if column[at].state == "unreadable":
                    found.append(Operand(f"{table.spec.id}[{key}].{name}", None, column[at].raw, column[at].unit or None, column[at].place, CONFLICT))
    return tuple(found)
