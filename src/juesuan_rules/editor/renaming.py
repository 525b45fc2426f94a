"""Renaming a rule in its file, its cases, changes and waivers; a fact in its pack and the packs built on it."""

from __future__ import annotations

import re
from pathlib import Path

from lsprotocol import types

from juesuan_rules.catalogue.records import ASPECTS
from juesuan_rules.diagnostics import UsageError
from juesuan_rules.editor.declarations import FilePlace, entry_declarations, family, rule_declarations
from juesuan_rules.editor.files import Files
from juesuan_rules.editor.navigating import Subject, places_of, subject_at, uri_of
from juesuan_rules.editor.places import FileMap
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.views import PackView
from juesuan_rules.language.unparse import quote
from juesuan_rules.names import fold

_RULE_ID = re.compile(r"[A-Z][A-Z0-9]{0,7}(?:-[A-Z0-9]{1,8}){1,3}\Z")
_PLAIN = re.compile(r"[^\W\d][\w·]*\Z")
_MAX_NAME = 60


def prepare_rename(session: Session, path: Path, position: types.Position) -> tuple[types.Range, str] | None:
    """The range and name of what can be renamed at a position; None where nothing can."""
    found = subject_at(session, path, position)
    text = session.files.text(path)
    if found is None or text is None or found[0].what not in ("rule", "fact"):
        return None
    return text.range(found[0].start, found[0].end), found[0].name


def rename(session: Session, path: Path, position: types.Position, new: str, can_rename_files: bool) -> types.WorkspaceEdit:
    """The edits that rename a rule or fact everywhere. Raises UsageError where that cannot be done."""
    found = subject_at(session, path, position)
    if found is None or found[0].what not in ("rule", "fact"):
        raise UsageError("这里不能改名：只有规则编号和事实的名称可以")
    subject, view, _ = found
    new = new.strip()
    files = session.files
    if subject.what == "rule":
        _check_rule(session, subject, view, new)
        places = places_of(session, subject, view, declared=True)
        edits = [(place, new) for place in places]
        moves = _moves(view, subject.name, new) if can_rename_files else []
        return _workspace_edit(files, edits, moves)
    _check_fact(session, subject, view, new)
    edits = [(place, _spelled(files, place, new)) for place in places_of(session, subject, view, declared=True)]
    return _workspace_edit(files, [*edits, *_kept_phrases(session, view, subject.name)], [])


def _check_rule(session: Session, subject: Subject, view: PackView, new: str) -> None:
    if not _RULE_ID.match(new):
        raise UsageError(f"规则编号“{new}”写法不对：大写字母开头，用连字符分段，如 A01-2、B-05")
    folders = family(view)
    if new != subject.name and rule_declarations(session.files, folders, new):
        raise UsageError(f"规则编号“{new}”已经有了")
    if not rule_declarations(session.files, folders, subject.name):
        raise UsageError(f"找不到规则“{subject.name}”写在哪里，没有改名")
    _check_own(session, view, [p.path for p in rule_declarations(session.files, folders, subject.name)], f"规则“{subject.name}”")


def _check_fact(session: Session, subject: Subject, view: PackView, new: str) -> None:
    if not new or len(new) > _MAX_NAME or not new.isprintable() or any(c in new for c in "「」『』\"“”'#{}[],:\n"):
        raise UsageError(f"事实不能叫“{new}”：名称里不能有引号、括号、逗号和冒号")
    if fold(new) in {fold(name) for name, _ in ASPECTS}:
        raise UsageError(f"事实不能叫“{new}”：它是“文字”的一栏")
    if any(fold(f.name) == fold(new) for f in view.layout.facts if f.name != subject.name):
        raise UsageError(f"事实“{new}”已经有了")
    declared = entry_declarations(session.files, family(view), "facts", subject.name)
    if not declared:
        raise UsageError(f"找不到事实“{subject.name}”写在哪里，没有改名")
    _check_own(session, view, [p.path for p in declared], f"事实“{subject.name}”")


def _check_own(session: Session, view: PackView, declared: list[Path], what: str) -> None:
    """What a pack from elsewhere declares (shipped, installed) is not changed from here."""
    beside = session.files.path(view.folder).parent
    for path in declared:
        if not session.files.path(path).is_relative_to(beside):
            raise UsageError(f"{what}写在别处的规则包里（{path.parent.parent.name}），不能从这里改名")


def _moves(view: PackView, old: str, new: str) -> list[tuple[Path, Path]]:
    found = []
    for folder in family(view):
        before = folder / "cases" / f"{old}.yaml"
        after = folder / "cases" / f"{new}.yaml"
        if before.is_file() and not after.exists():
            found.append((before, after))
    return found


def _spelled(files: Files, place: FilePlace, new: str) -> str:
    """A fact's name as it must be written there: between quotation marks only in an expression that needs them."""
    text = files.text(place.path)
    before = text.content[place.start - 1 : place.start] if text is not None else ""
    if files.kind(place.path) in ("rules", "overrides") and before not in ("「", "『", '"') and not _PLAIN.match(new):
        return quote(new)
    return new


def _kept_phrases(session: Session, view: PackView, name: str) -> list[tuple[FilePlace, str]]:
    """A fact's name is one of its phrases: after renaming, the old name must still be found in the prose."""
    found: list[tuple[FilePlace, str]] = []
    for place in entry_declarations(session.files, family(view), "facts", name):
        map_ = session.files.map(place.path, "facts")
        number = _number_at(map_, place.start) if map_ is not None else None
        if map_ is None or number is None:
            continue
        names = map_.by_path.get(("facts", number, "names"))
        content = map_.outline.content
        if names is None:
            column = content[content.rfind("\n", 0, place.start) + 1 : map_.by_path["facts", number, "name"].key_start]
            end = content.find("\n", place.end)
            end = len(content) if end < 0 else end
            found.append((FilePlace(place.path, end, end), f"\n{' ' * len(column)}names: [{name}]"))
        elif content[names.value_start : names.value_start + 1] == "[" and name not in map_.text(names):
            at = names.value_start + 1
            found.append((FilePlace(place.path, at, at), f"{name}, " if content[at : at + 1] != "]" else name))
    return found


def _number_at(map_: FileMap, start: int) -> int | None:
    for node in map_.nodes:
        if node.path[0] == "facts" and node.path[2:] == ("name",) and node.value_start <= start <= node.value_end:
            return int(node.path[1])
    return None


def _workspace_edit(files: Files, edits: list[tuple[FilePlace, str]], moves: list[tuple[Path, Path]]) -> types.WorkspaceEdit:
    by_uri: dict[str, list[types.TextEdit]] = {}
    seen: set[tuple[str, int, int]] = set()
    for place, new in edits:
        text = files.text(place.path)
        uri = uri_of(files, place.path)
        if text is not None and (uri, place.start, place.end) not in seen:
            seen.add((uri, place.start, place.end))
            by_uri.setdefault(uri, []).append(types.TextEdit(text.range(place.start, place.end), new))
    if not moves:
        return types.WorkspaceEdit(changes=by_uri)
    changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    for uri, texts in by_uri.items():
        changes.append(types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri), list(texts)))
    for before, after in moves:
        old = uri_of(files, before)
        changes.append(types.RenameFile(old, old.rsplit("/", 1)[0] + "/" + after.name))
    return types.WorkspaceEdit(document_changes=changes)
