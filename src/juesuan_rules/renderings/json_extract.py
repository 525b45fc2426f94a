"""The JSON of `extract`: what was read, cell by cell; published as schemas/extract.schema.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from juesuan_rules.amounts import Amount, plain
from juesuan_rules.catalogue.records import ASSESSMENTS, ECONOMY_FACTS, FACTS, FUNCTION_FACTS, PROJECT_FACTS, STATEMENT_COLUMNS
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.renderings.json_text import confidence_json, correction_json, identity_json, place_json, source_json
from juesuan_rules.reports.model import BlockData, Problem, Prose, Report, Row, Section, Table

SCHEMA_VERSION = 1
FACT_SETS = (FACTS, FUNCTION_FACTS, ECONOMY_FACTS, PROJECT_FACTS)
STATEMENT_SETS = tuple(STATEMENT_COLUMNS)


def extract_json(reports: tuple[Report, ...], tool: dict[str, Any], table: str | None = None) -> dict[str, Any]:
    """Every report as plain data; `table` (a canonical id) keeps that table only."""
    return {"schema_version": SCHEMA_VERSION, "tool": tool, "files": [file_json(report, table) for report in reports]}


def file_json(report: Report, table: str | None = None) -> dict[str, Any]:
    """One report: recognised tables in printed order, then the other grids, then the outline."""
    tables = [t for t in report.tables.values() if table in (None, t.spec.id)]
    known = [table_json(t) for t in tables]
    titles = (*report.other_titles, *[""] * (len(report.other_tables) - len(report.other_titles)))
    others = [] if table else [_other_json(grid, title) for grid, title in zip(report.other_tables, titles, strict=True)]
    return {
        "source": source_json(report.source, report.parts),
        "identity": identity_json(report.identity),
        "tables": known + others,
        "forms": forms_json(report) if table in (None, ASSESSMENTS) else [],
        "facts": [record_json(report, one, row, at) for one, row, at in _records(report, FACT_SETS, table)],
        "statements": [record_json(report, one, row, at) for one, row, at in _records(report, STATEMENT_SETS, table)],
        "figures": _figures_json(report.prose),
        "sections": [_section_json(section) for section in report.sections],
        "problems": [problem_json(problem) for problem in report.problems],
        "notes": list(report.notes),
        "unread": list(report.unread),
        "corrections": [correction_json(correction) for correction in report.corrections],
    }


def forms_json(report: Report) -> list[dict[str, Any]]:
    """Every 绩效 form: its fields, and the rows of its parts (指标, 任务, 资金, 监控)."""
    table = report.records.get(ASSESSMENTS)
    main = table.blocks.get("") if table is not None else None
    if table is None or main is None:
        return []
    parts = [(name, block) for name, block in table.blocks.items() if name]
    found = []
    for at, row in enumerate(main.rows):
        rows = [_part_json(name, block, part, n) for name, block in parts for n, part in enumerate(block.rows) if part.parent == row.key]
        about = [problem_json(p) for p in table.problems if p.key == row.key or p.key.startswith(f"{row.key}/")]
        found.append({"key": row.key, "label": row.label, "place": place_json(row.place), "cells": _stated(main, at), "rows": rows, "problems": about})
    return found


def _part_json(name: str, block: BlockData, row: Row, at: int) -> dict[str, Any]:
    return {"block": name, "key": row.key, "label": row.label, "role": row.role, "place": place_json(row.place), "cells": _stated(block, at)}


def record_json(report: Report, table: Table, row: Row, at: int) -> dict[str, Any]:
    """One fact or statement of the prose: what it is about, what is said of it, and the sentence."""
    block = table.blocks[""]
    return {
        "set": table.spec.id,
        "key": row.key,
        "label": row.label,
        "code": row.code,
        "parent": row.parent,
        "sentence": sentence_text(report, table, at) or None,
        "place": place_json(row.place),
        "cells": _stated(block, at),
        "problems": [problem_json(p) for p in table.problems if p.key == row.key],
    }


def sentence_text(report: Report, table: Table, at: int) -> str:
    """The sentence a record was read from: that of its first figure; "" where it is not known."""
    block = table.blocks[""]
    amounts = [amounts[at] for amounts in block.columns.values() if amounts[at].state != "blank"]
    said = next((sentence for amount in amounts if (sentence := report.prose.sentence_of(amount)) is not None), None)
    row = block.rows[at]
    return said.text if said is not None else row.raw_label if row.raw_label != row.label else ""


def _records(report: Report, sets: tuple[str, ...], table: str | None) -> Iterator[tuple[Table, Row, int]]:
    for name in sets:
        found = report.records.get(name)
        if found is not None and table in (None, name) and "" in found.blocks:
            yield from ((found, row, at) for at, row in enumerate(found.blocks[""].rows))


def _stated(block: BlockData, at: int) -> dict[str, Any]:
    """The cells of a record that say anything, each with its unit."""
    return {name: {**cell_json(a[at]), "unit": a[at].unit} for name, a in block.columns.items() if a[at].state != "blank"}


def _figures_json(prose: Prose) -> dict[str, Any]:
    """How many figures of the 情况说明 were read, and the sentences with figures that were not."""
    read, printed = prose.share
    unread = [{"sentence": s.text, "figures": [f.amount.raw for f in figures], "section": s.sections[-1] if s.sections else None, "place": place_json(s.place)}
              for s, figures in prose.unread]  # fmt: skip
    return {"read": read, "printed": printed, "unread": unread}


def table_json(table: Table) -> dict[str, Any]:
    """One recognised table: the printed grid, and every row with its amounts by column."""
    return {
        "title": table.title,
        "id": table.spec.id,
        "number": table.number,
        "pages": grid_pages(table.grid),
        "unit": table.unit,
        "empty": table.empty,
        "grid": grid_rows(table.grid),
        "columns": [
            {"name": column.name, "block": block.spec.name, "ordinal": column.ordinal, "group": column.group}
            for block in table.blocks.values()
            for column in block.spec.columns
        ],
        "rows": [row for block in table.blocks.values() for row in _block_rows(block)],
        "place": place_json(table.place),
        "notes": list(table.notes),
        "problems": [problem_json(problem) for problem in table.problems],
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """Something reading could not settle."""
    return {
        "kind": problem.kind,
        "message": problem.message,
        "table": problem.table or None,
        "key": problem.key or None,
        "blocking": problem.blocking,
        "place": place_json(problem.place),
    }


def grid_rows(grid: GridBlock) -> list[list[str]]:
    """The grid as printed, rectangular: a merged cell's text stands in its top-left position."""
    rows = [[cell.text for cell in cells] for cells in grid.rows]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def grid_pages(grid: GridBlock) -> list[int]:
    """The pages the grid stands on, in order; empty where the format has none."""
    pages = {cell.place.page for row in grid.rows for cell in row if cell.place.page}
    if grid.place.page:
        pages.add(grid.place.page)
    return sorted(pages)


def _block_rows(block: BlockData) -> list[dict[str, Any]]:
    return [_row_json(block, row, index) for index, row in enumerate(block.rows)]


def _row_json(block: BlockData, row: Row, index: int) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "line": row.line,
        "block": block.spec.name,
        "role": row.role,
        "code": row.code,
        "raw_label": row.raw_label,
        "confidence": confidence_json(row.confidence),
        "cells": {name: cell_json(amounts[index]) for name, amounts in block.columns.items()},
    }


def cell_json(amount: Amount) -> dict[str, Any]:
    """One cell: text as printed, value in 元 (null where there is none), state and place."""
    return {
        "raw": amount.raw,
        "value": plain(amount),
        "state": amount.state,
        "place": place_json(amount.place),
        "repaired": amount.repaired or None,
        "confidence": confidence_json(amount.confidence),
        "stored": amount.stored or None,
        "corrected": amount.corrected or None,
    }


def _other_json(grid: GridBlock, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "id": None,
        "number": "",
        "pages": grid_pages(grid),
        "unit": None,
        "empty": False,
        "grid": grid_rows(grid),
        "columns": [],
        "rows": [],
        "place": place_json(grid.place),
        "notes": [],
        "problems": [],
    }


def _section_json(section: Section) -> dict[str, Any]:
    return {"title": section.title, "level": section.level, "place": place_json(section.place), "toc": section.toc}
