"""What `lint` says of an open file, after a pause in typing; and where those findings stand while typing goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.editor.problems import SOURCE
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.texts import Text

if TYPE_CHECKING:
    from juesuan_rules.authoring.linting.model import Finding
    from juesuan_rules.authoring.linting.run import LintScope

_LEVELS = {"错误": types.DiagnosticSeverity.Error, "警告": types.DiagnosticSeverity.Warning}
RESTATED = frozenset(("W401", "W402", "W403"))
"""Warnings of reading YAML that lint says better, with a repair."""


class Linter:
    """Findings by file. A pack is held ready until another of its files changes."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.found: dict[Path, list[types.Diagnostic]] = {}
        self._scopes: dict[Path, tuple[object, LintScope]] = {}

    def moved(self, path: Path, before: Text, after: Text) -> None:
        """A file was edited: findings above and below the edited lines stay with their lines."""
        old, new = before.content.split("\n"), after.content.split("\n")
        top = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        most = min(len(old), len(new)) - top
        bottom = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
        shift = len(new) - len(old)
        kept = []
        for one in self.found.get(path, []):
            if one.range.end.line < top:
                kept.append(one)
            elif one.range.start.line >= len(old) - bottom:
                kept.append(_shifted(one, shift))
        if path in self.found:
            self.found[path] = kept

    def look(self, path: Path) -> None:
        """Lint an open file as it is now."""
        files, folder = self.session.files, self.session.files.pack_folder(path)
        text = files.open.get(path)
        if text is None or folder is None or not files.kind(path):
            self.found.pop(path, None)
            return
        from juesuan_rules.authoring.linting.run import find_in_text

        try:
            found = find_in_text(path, text.content, self._scope(folder, path))
        except JuesuanError:  # the pack itself is broken, which is told already
            found = []
        self.found[path] = [_shown(one, text) for one in found]

    def _scope(self, folder: Path, path: Path) -> LintScope:
        """The pack, read anew where any of its files but this one is another now."""
        from juesuan_rules.authoring.linting.run import open_lint_scope
        from juesuan_rules.packs.roots import pack_roots

        state = (path, sum(count for other, count in self.session.changes.items() if other != path))
        known = self._scopes.get(folder)
        if known is None or known[0] != state:
            known = self._scopes[folder] = (state, open_lint_scope(folder, pack_roots(), self.session.files.read))
        return known[1]


def _shown(finding: Finding, text: Text) -> types.Diagnostic:
    start, end = text.span_offsets(finding.span)
    mark = 1 if text.content.startswith("\ufeff") else 0
    edits: list[dict[str, Any]] = []
    for edit in finding.edits:
        where = text.range(edit.start + mark, edit.end + mark)
        edits.append({"start": [where.start.line, where.start.character], "end": [where.end.line, where.end.character], "text": edit.text})
    lines = [finding.message, *([f"提示：{finding.hint}"] if finding.hint else []), *finding.details]
    return types.Diagnostic(
        range=text.range(start, end),
        message="\n".join(lines),
        severity=_LEVELS.get(finding.level, types.DiagnosticSeverity.Information),
        code=finding.code,
        source=SOURCE,
        data={"edits": edits} if edits else None,
    )


def _shifted(one: types.Diagnostic, lines: int) -> types.Diagnostic:
    if not lines:
        return one
    start, end = one.range.start, one.range.end
    where = types.Range(types.Position(start.line + lines, start.character), types.Position(end.line + lines, end.character))
    # Edits are not moved: they come again with the next look.
    return types.Diagnostic(where, one.message, one.severity, one.code, one.code_description, one.source, one.tags, one.related_information, None)
