"""What `lint` says, told by the server after a pause in typing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from juesuan_rules.editor.linting import Linter
from juesuan_rules.editor.problems import actions
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.texts import make_text

if TYPE_CHECKING:
    from client import Client


@pytest.fixture(scope="module")
def linting(packs: Path) -> Iterator[Client]:
    from client import Client

    made = Client(packs)
    yield made
    made.close()


def codes(found: list[dict[str, Any]]) -> set[str]:
    return {one["code"] for one in found if one["code"].startswith("L")}


def test_findings_come_after_a_pause_and_go_with_their_cause(linting: Client, packs: Path) -> None:
    path = packs / "base/rules/a.yaml"
    uri = linting.open(path)
    found = linting.wait_for(uri, lambda found: bool(codes(found)))
    before = codes(found)
    assert all(one["source"] == "juesuan-rules" for one in found)
    content = path.read_text("utf-8").replace("sum(总表.收入) == 总表[本年收入合计] ± 尾差", "1 == 1")
    linting.change(uri, 2, {"text": content})
    found = linting.wait_for(uri, lambda found: bool(codes(found) - before))
    linting.change(uri, 3, {"text": path.read_text("utf-8")})
    linting.wait_for(uri, lambda found: codes(found) == before)


def session_with(packs: Path, content: str) -> tuple[Session, Linter, Path]:
    session = Session()
    path = session.files.path(packs / "base/rules/a.yaml")
    session.files.open[path] = make_text(str(path), content, 1)
    return session, Linter(session), path


def test_a_safe_change_of_lint_is_a_quick_fix(packs: Path) -> None:
    content = (packs / "base/rules/a.yaml").read_text("utf-8").replace("id: A01-1\n", "id: A01-1\n    tags: [yes, 0110]\n")
    session, linter, path = session_with(packs, content)
    linter.look(path)
    text = session.files.open[path]
    fixable = [one for one in linter.found[path] if one.data]
    assert fixable
    for action in actions("file:///a", text, fixable):
        assert action.edit is not None and action.edit.changes is not None
        for edit in action.edit.changes["file:///a"]:
            start, end = text.offset(edit.range.start), text.offset(edit.range.end)
            assert (text.content[start:end], edit.new_text) in [("yes", "'yes'"), ("0110", "'0110'")]


def test_findings_stay_with_their_lines_while_typing_goes_on(packs: Path) -> None:
    content = (packs / "base/rules/a.yaml").read_text("utf-8")
    session, linter, path = session_with(packs, content)
    linter.look(path)
    before = sorted((one.range.start.line, str(one.code)) for one in linter.found[path])
    assert len(before) > 1
    old = session.files.open[path]
    lines = content.split("\n")
    middle = before[0][0] + 1
    new = make_text(str(path), "\n".join([*lines[:middle], "    # 一行", "    # 两行", *lines[middle:]]), 2)
    linter.moved(path, old, new)
    assert sorted((one.range.start.line, str(one.code)) for one in linter.found[path]) == [(line + 2 if line >= middle else line, code) for line, code in before]
    linter.moved(path, new, make_text(str(path), "", 3))
    assert linter.found[path] == []


def test_a_pack_is_read_anew_when_another_of_its_files_changes(packs: Path) -> None:
    session, linter, path = session_with(packs, (packs / "base/rules/a.yaml").read_text("utf-8"))
    folder = session.files.pack_folder(path)
    assert folder is not None
    first = linter._scope(folder, path)
    session.changed(path, "rules")
    assert linter._scope(folder, path) is first
    session.changed(session.files.path(packs / "base/facts/main.yaml"), "facts")
    assert linter._scope(folder, path) is not first


def test_a_broken_pack_or_a_file_outside_of_packs_has_no_findings(packs: Path, tmp_path: Path) -> None:
    session, linter, path = session_with(packs, "rules: [")
    linter.look(path)
    assert linter.found[path] == []
    outside = session.files.path(tmp_path / "x.yaml")
    session.files.open[outside] = make_text(str(outside), "rules: []", 1)
    linter.look(outside)
    assert outside not in linter.found
