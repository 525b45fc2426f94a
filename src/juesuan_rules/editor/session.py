"""What the server knows while it runs: open files, packs, settings, what was published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from juesuan_rules.diagnostics import Diagnostic, JuesuanError
from juesuan_rules.editor.figures import ReportFigures
from juesuan_rules.editor.files import Files
from juesuan_rules.editor.kinds import Kind
from juesuan_rules.editor.lone import case_problems, lone_problems
from juesuan_rules.editor.texts import MAX_LENGTH
from juesuan_rules.editor.views import PackView, national
from juesuan_rules.language.memory import Memory

MAX_VIEWS = 16


class Session:
    """Files and packs by path. Nothing here knows of the protocol."""

    def __init__(self) -> None:
        self.files = Files()
        self.memory = Memory()
        self.views: dict[Path, PackView] = {}
        self.year: int | None = None
        self.figures = ReportFigures()
        self.lint = True
        self.changes: dict[Path, int] = {}
        """How often each file changed."""
        self._national: PackView | None = None

    def configure(self, settings: Any) -> None:
        """Take over the editor's settings: `report` (a report whose values hover shows), `year`, `lint` (false: not)."""
        told = settings if isinstance(settings, dict) else {}
        own = told.get("juesuan", told)
        own = own if isinstance(own, dict) else {}
        report, year = own.get("report"), own.get("year")
        self.lint = own.get("lint") is not False
        self.figures.choose(str(report) if isinstance(report, str) and report.strip() else "")
        wanted = year if isinstance(year, int) and 1990 <= year <= 2100 else None
        if wanted != self.year:
            self.year = wanted
            self.views.clear()
            self._national = None

    def view(self, path: Path) -> PackView:
        """The pack of a file; the national one for a file outside of packs. Raises JuesuanError where
        there is none."""
        folder = self.files.pack_folder(path)
        if folder is None:
            if self._national is None:
                self._national = national(self.files, self.memory)
                self._national.year = self.year
            return self._national
        if folder not in self.views:
            if len(self.views) >= MAX_VIEWS:
                self.views.pop(next(iter(self.views)))
            self.views[folder] = PackView(folder, self.files, self.memory, self.year)
        return self.views[folder]

    def changed(self, path: Path, kind: Kind) -> None:
        """A file changed: forget what depends on it."""
        self.changes[path] = self.changes.get(path, 0) + 1
        for view in self.known_views():
            if view.holds(path) or kind == "pack":
                view.changed(kind)

    def known_views(self) -> Iterator[PackView]:
        """Every pack in use, the national one for files outside of packs included."""
        yield from self.views.values()
        if self._national is not None:
            yield self._national

    def views_of(self, path: Path) -> list[PackView]:
        """The packs in use whose chain a file belongs to; its own first."""
        folder = self.files.pack_folder(path)
        return sorted((v for v in self.views.values() if v.holds(path)), key=lambda v: v.folder != folder)

    def is_alone(self, path: Path) -> bool:
        """Whether a file belongs to no pack."""
        return self.files.pack_folder(path) is None

    def own_problems(self, path: Path, kind: Kind) -> list[Diagnostic]:
        """Problems that only this file has a part in: of one outside of packs, of cases, of other kinds."""
        text = self.files.text(path)
        if text is not None and len(text.content) > MAX_LENGTH:
            return list(self.files.read(path).diagnostics)
        try:
            view = self.view(path)
            if kind == "cases":
                return case_problems(path, view)
            return lone_problems(path, kind, view)
        except JuesuanError as error:
            return list(error.diagnostics)
