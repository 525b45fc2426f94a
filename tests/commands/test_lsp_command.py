"""`lsp` without its library says what to install; nothing else of the program needs it."""

from __future__ import annotations

import sys

import pytest

from juesuan_rules.commands.main import run_command


def test_without_the_library_there_is_one_clear_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    assert run_command(["lsp"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "pip install 'juesuan-rules[editor]'" in said.err and "Traceback" not in said.err


def test_its_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["lsp", "--help"]) == 0
    assert "编辑器" in capsys.readouterr().out
