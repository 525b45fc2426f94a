"""Cells of tables that print a text: an operand that names a row gives the place of the row, not of its label."""

from __future__ import annotations

from juesuan_rules.outputs.pages.folding import fold
from juesuan_rules.outputs.pages.model import Box, PageKey
from juesuan_rules.reports.model import Report


def is_label(raw: str) -> bool:
    """Whether a text has words in it and is no figure."""
    return sum(letter.isalpha() for letter in raw) > 1


class Labels:
    """The cells of a report's tables by what they print."""

    def __init__(self, report: Report) -> None:
        self._cells: dict[tuple[str | None, int, str], list[Box]] = {}
        for grid in (*(table.grid for table in report.tables.values()), *report.other_tables):
            for row in grid.rows:
                for cell in row:
                    place = cell.place
                    if place.page is not None and place.box is not None and is_label(cell.text):
                        self._cells.setdefault((place.file, place.page, fold(cell.text)), []).append(place.box)

    def cell(self, key: PageKey, row: Box, raw: str) -> Box | None:
        """The cell with this text nearest to the row; None where the page has none."""
        found = self._cells.get((key.file, key.page, fold(raw)), ())
        return min(found, key=lambda box: abs(box[1] + box[3] - row[1] - row[3]) + abs(box[0] + box[2] - row[0] - row[2]) / 100, default=None)
