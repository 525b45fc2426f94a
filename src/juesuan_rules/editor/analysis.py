"""When to look for problems, and whom to tell: soon after a change, in slices, newest change first.

A keystroke in a rule file costs one rule. What costs more (a layout, and with it every rule) waits for a
pause in typing, and is given up as soon as something changes again.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lsprotocol import types

from juesuan_rules.diagnostics import Diagnostic, JuesuanError
from juesuan_rules.editor.linting import RESTATED, Linter
from juesuan_rules.editor.navigating import uri_of
from juesuan_rules.editor.problems import limited, shown
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.views import PackView

SOON = 0.002
"""Seconds between a change and looking for problems: what comes in between is looked at together."""
PAUSE = 0.25
"""Seconds without a change before all rules are checked again."""
_SLICE = 0.01
_FEW = 8
"""Rules that may be checked at once after a change without waiting for a pause."""

Publish = Callable[[types.PublishDiagnosticsParams], None]


class Analysis:
    """Looks for problems of what changed and publishes those of each file that are new."""

    def __init__(self, session: Session, publish: Publish, tell: Callable[[str], None]) -> None:
        self.session, self.publish, self.tell = session, publish, tell
        self._dirty: dict[Path, None] = {}
        self._waiting: dict[Path, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._changes = 0
        self._typing: asyncio.Event | None = None
        self._found: dict[Path, dict[Path, list[Diagnostic]]] = {}
        self._checked: set[Path] = set()
        self._unlinted: dict[Path, None] = {}
        self.linter = Linter(session)
        self._told: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}

    def changed(self, path: Path) -> None:
        """A file was opened or changed."""
        self._changes += 1
        if self._typing is not None:
            self._typing.set()
        self._dirty[path] = None
        self._unlinted[path] = None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def closed(self, path: Path) -> None:
        """A file was closed: from now on what is saved of it counts. Problems of a pack without open files,
        and of files outside of packs, go."""
        files = self.session.files
        self._keep(path, {})
        folder = files.pack_folder(path)
        if folder is not None and folder not in {files.pack_folder(p) for p in files.open}:
            self._keep(folder, {})
            self._checked.discard(folder)
            self.session.views.pop(folder, None)
        self._told.pop(uri_of(files, path), None)
        self._unlinted.pop(path, None)
        if self.linter.found.pop(path, None):
            self._tell(path)
        if self.session.views_of(path):
            self.changed(path)

    async def _run(self) -> None:
        while self._dirty or self._waiting or self._unlinted:
            await asyncio.sleep(SOON)
            paths, self._dirty = list(self._dirty), {}
            for path in paths:
                self._waiting[path] = None
                self._own(path)
            await self._views(list(self._waiting))
            if not self._dirty and not self._waiting:
                await self._lint()

    async def _lint(self) -> None:
        """After a pause in typing: what lint says of the files that changed."""
        changes = self._changes
        for path in list(self._unlinted) if await self._pause() else ():
            self._unlinted.pop(path, None)
            if self.session.lint or path in self.linter.found:
                try:
                    self.linter.look(path)
                except Exception as error:  # noqa: BLE001 - as above
                    self.tell(f"没有做规范检查：内部错误（{type(error).__name__}: {error}）")
                self._tell(path)
            await asyncio.sleep(0)
            if self._changes != changes:
                return

    def _own(self, path: Path) -> None:
        """Problems only this file has a part in."""
        session = self.session
        text = session.files.open.get(path)
        if text is None:
            return
        kind = session.files.kind(path)
        if session.is_alone(path) or kind == "cases":
            self._keep(path, {path: session.own_problems(path, kind)} if kind else {}, also=[path])

    async def _views(self, paths: list[Path]) -> None:
        """Problems of every pack in use that one of the files belongs to."""
        session, changes = self.session, self._changes
        for path in paths:
            folder = session.files.pack_folder(path)
            if folder is not None and path in session.files.open:
                session.view(path)
        views = {id(v): v for path in paths for v in session.views_of(path)}
        for view in views.values():
            try:
                done = await self._view(view, paths, changes)
            except JuesuanError as error:
                self._keep(view.folder, _by_file(session, list(error.diagnostics), view), also=paths)
                done = True
            except Exception as error:  # noqa: BLE001 - a defect met by one file must not end the looking for problems
                self.tell(f"规则包 {view.folder.name} 没有检查完：内部错误（{type(error).__name__}: {error}）")
                done = True
            if not done:
                return
        for path in paths:
            self._waiting.pop(path, None)

    async def _view(self, view: PackView, paths: list[Path], changes: int) -> bool:
        """Check what is unchecked; False where something changed meanwhile and it all begins again."""
        names = {str(path) for path in paths}
        rules = sorted(view.unchecked(), key=lambda r: not r.checks or str(self.session.files.path(r.checks[0].locate(0, 0).file)) not in names)
        if len(rules) > _FEW:
            self._keep(view.folder, _by_file(self.session, view.first_problems(), view), partly=True)
            if view.folder in self._checked and not await self._pause():
                return False
        started = time.perf_counter()
        for rule in rules:
            view.check(rule)
            if time.perf_counter() - started > _SLICE:
                await asyncio.sleep(0)
                if self._changes != changes:
                    return False
                started = time.perf_counter()
        self._keep(view.folder, _by_file(self.session, view.problems(), view), also=[p for p in paths if view.holds(p)])
        if view.folder not in self._checked:
            self._checked.add(view.folder)
            gc.freeze()  # what was read stays; looking through it for garbage would only delay answers
        return True

    async def _pause(self) -> bool:
        """Wait for a pause in typing; False, at once, where typing goes on."""
        self._typing = asyncio.Event()
        try:
            await asyncio.wait_for(self._typing.wait(), PAUSE)
        except TimeoutError:
            return True
        return False

    def _keep(self, owner: Path, found: dict[Path, list[Diagnostic]], partly: bool = False, also: Sequence[Path] = ()) -> None:
        """Remember an owner's problems (a pack's or a file's) and tell the editor of files where they changed.

        partly: files without a problem so far keep what was known of them. also: files to tell of in any
        case, since they are of another version now."""
        before = self._found.get(owner, {})
        if partly:
            found = {**before, **found}
        if found:
            self._found[owner] = found
        else:
            self._found.pop(owner, None)
        for path in dict.fromkeys((*also, *before, *found)):
            if path in also or before.get(path) != found.get(path):
                self._tell(path)

    def _tell(self, path: Path) -> None:
        files = self.session.files
        text = files.text(path)
        own = files.pack_folder(path)
        lints = self.linter.found.get(path, []) if self.session.lint else []
        owners = sorted((o for o in self._found if path in self._found[o]), key=lambda o: o not in (own, path))
        problems, seen = [], set()
        for owner in owners:
            note = "" if owner in (own, path) else f"（用于 {owner.name} 时）"
            for problem in self._found[owner][path]:
                key = (problem.code, problem.message, problem.span.line, problem.span.column)
                if key not in seen and not (lints and problem.code in RESTATED):
                    seen.add(key)
                    problems.append(shown(problem, text, note))
        uri = uri_of(files, path)
        listed = limited([*problems, *lints])
        opened = files.open.get(files.path(path))
        version = opened.version if opened is not None else None
        if self._told.get(uri, (None, [])) != (version, listed):
            self._told[uri] = (version, listed)
            self.publish(types.PublishDiagnosticsParams(uri, listed, version))


def _by_file(session: Session, problems: list[Diagnostic], view: PackView) -> dict[Path, list[Diagnostic]]:
    """Problems by file; what belongs to no file that can be shown stands with pack.yaml."""
    found: dict[Path, list[Diagnostic]] = {}
    for problem in problems:
        path = session.files.path(problem.span.file) if problem.span.file else view.folder / "pack.yaml"
        if path.is_dir() or session.files.text(path) is None:
            path = view.folder / "pack.yaml"
        found.setdefault(path, []).append(problem)
    return found
