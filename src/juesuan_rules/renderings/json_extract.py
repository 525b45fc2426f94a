"""The JSON of `extract`: what was read, cell by cell; published as schemas/extract.schema.json."""

from __future__ import annotations

from typing import Any

from juesuan_rules.amounts import Amount, plain
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.renderings.json_text import confidence_json, correction_json, identity_json, place_json, source_json
from juesuan_rules.reports.model import BlockData, Problem, Report, Row, Section, Table

SCHEMA_VERSION = 1


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
        "forms": [],
        "facts": [],
        "statements": [],
        "sections": [_section_json(section) for section in report.sections],
        "problems": [problem_json(problem) for problem in report.problems],
        "notes": list(report.notes),
        "unread": list(report.unread),
        "corrections": [correction_json(correction) for correction in report.corrections],
    }


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
