"""Positions are UTF-16 units of a line, whatever the text holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from juesuan_rules.diagnostics import Span
from juesuan_rules.editor.texts import UTF8, UTF16, UTF32, edited, make_text
from juesuan_rules.yamlfile import loads

ODD = st.text(alphabet="aé总（𠮷😀\n\r \u2028\x85\ufeff", max_size=40)


def at(line: int, character: int) -> types.Position:
    return types.Position(line, character)


@given(ODD, st.sampled_from([UTF8, UTF16, UTF32]))
def test_offset_and_position_are_each_others_inverse(content: str, encoding: str) -> None:
    text = make_text("a", content, encoding=encoding)
    for offset in range(len(text.content) + 1):
        assert text.offset(text.position(offset)) == offset


@given(ODD, st.integers(0, 40), st.integers(0, 40), ODD)
def test_an_edit_does_what_the_editor_did(content: str, one: int, other: int, added: str) -> None:
    text = make_text("a", content)
    start, end = sorted((min(one, len(text.content)), min(other, len(text.content))))
    change = types.TextDocumentContentChangePartial(range=text.range(start, end), text=added)
    after = edited(text, [change], 2)
    assert after.content == text.content[:start] + added.replace("\r\n", "\n").replace("\r", "\n") + text.content[end:]
    assert after.version == 2


def test_a_character_beyond_the_basic_plane_is_two_units() -> None:
    text = make_text("a", "𠮷野家：总表\r\n乙")
    assert text.position(1) == at(0, 2)
    assert text.offset(at(0, 1)) == 0  # in the middle of a character: its beginning
    assert text.offset(at(0, 99)) == 6
    assert text.position(7) == at(1, 0)
    assert make_text("a", "𠮷x", encoding=UTF32).position(1) == at(0, 1)
    assert make_text("a", "总x", encoding=UTF8).position(1) == at(0, 3)


def test_positions_outside_the_text_are_its_ends() -> None:
    text = make_text("a", "ab\ncd")
    assert text.offset(at(7, 0)) == 5
    assert text.position(99) == at(1, 2)
    assert text.position(-3) == at(0, 0)


def test_the_whole_text_can_be_replaced_and_changes_build_on_each_other() -> None:
    text = make_text("a", "旧")
    whole = types.TextDocumentContentChangeWholeDocument(text="新文\n")
    part = types.TextDocumentContentChangePartial(range=types.Range(at(0, 1), at(0, 2)), text="表")
    assert edited(text, [whole, part], 3).content == "新表\n"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_yaml_gives_are_found_again(mark: str) -> None:
    content = f"{mark}甲: 'a\u2028b'\n乙: 𠮷\n丙: 末\n"
    text = make_text("a", content)
    yaml = loads(content, "a")
    for key, value in (("乙", "𠮷"), ("丙", "末")):
        start, end = text.span_offsets(yaml.span(key))
        assert text.content[start:end] == value
    start, end = text.span_offsets(yaml.span("甲", key=True))
    assert text.content[start:end] == "甲"


def test_an_empty_place_becomes_one_character() -> None:
    text = make_text("a", "ab\n")
    assert text.span_offsets(Span("a", 1, 2)) == (1, 2)
    assert text.span_offsets(Span("a", 1, 3)) == (2, 2)
    assert text.span_offsets(Span("a", 9, 9)) == (3, 3)
    assert text.span_offsets(Span("a")) == (0, 0)
