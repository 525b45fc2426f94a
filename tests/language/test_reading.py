"""Reading by tables gives the very trees of the parser, and no tree where the parser has something to say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.language import parse, reading, reading_tables, tables
from juesuan_rules.language.memory import texts_of
from juesuan_rules.language.normalise import normalise
from juesuan_rules.language.reading import Machine, load_machine
from juesuan_rules.packs.load import load_pack
from juesuan_rules.packs.locate import list_packs
from juesuan_rules.resources import grammar_text, rules_root

PACKS = [pack.manifest.id for pack in list_packs([rules_root()])[0]]
WORDS = "若 则 否则 每个 存在 唯一 计数 非 且 或 属于 不属于 包含 不包含 匹配 不匹配 尾差 行 栏 == ≠ <= ≤ ± + - * / .. 至 ( ) [ ] { } , : . 万元 % 12 3,456.70 201 05表 总表 支出 本年支出合计 sum “甲” 「乙」 \n".split(
    " "
)


def by_machine(text: str) -> Any:
    machine = load_machine()
    assert machine is not None
    return machine.read(text)


def by_parser(text: str) -> Any:
    try:
        return parse.load_parser().parse(text)
    except lark.exceptions.UnexpectedInput:
        return None


def test_the_tables_belong_to_the_grammar_and_are_the_same_every_time() -> None:
    written = tables.generate_reading(grammar_text())
    assert written == (tables.Path(tables.__file__).with_name("reading_tables.py")).read_text("utf-8"), (
        "语法改过：请运行 python -m juesuan_rules.language.tables"
    )


@pytest.mark.parametrize("pack", PACKS)
def test_the_rules_shipped_are_read_as_the_parser_reads_them(pack: str) -> None:
    texts = {normalise(text.text).text for rule in load_pack(pack, None, (rules_root(),)).rules for text in texts_of(rule)}
    assert texts
    for text in texts:
        assert by_machine(text) == by_parser(text) is not None


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), st.sampled_from(["", " "]))
def test_any_words_are_read_as_the_parser_reads_them(words: list[str], gap: str) -> None:
    text = gap.join(words)
    assert by_machine(text) == by_parser(text)


@given(
    st.sampled_from(["若 总表.支出 > 0 则 sum(总表.支出[1..3行]) == 本年支出合计 ± 0.02万元", "每个 r 属于 支出表[非201*]：r.合计 == r.基本支出 + r.项目支出"]),
    st.data(),
)
def test_damaged_texts_are_read_as_the_parser_reads_them(text: str, data: st.DataObject) -> None:
    text = normalise(text).text
    start = data.draw(st.integers(0, len(text)))
    text = (
        text[:start] + data.draw(st.sampled_from(["", " ", "[", ")", "1", "且", "表", '"'])) + text[data.draw(st.integers(start, min(len(text), start + 3))) :]
    )
    assert by_machine(text) == by_parser(text)


def test_lists_of_lists_and_lone_parts_are_built_as_lark_builds_them() -> None:
    grammar = '?start: pair | pair (";" pair)+ -> many\npair: WORD (_COMMA WORD)* [END]\n_COMMA: ","\nEND: "终"\nWORD: /[一-龥]/\n%ignore " "\n'
    written: dict[str, Any] = {}
    exec(compile(tables.generate_reading(grammar), "tables", "exec"), written)  # noqa: S102
    builder = SimpleNamespace(start=lambda c: ("start", c), pair=lambda c: ("pair", [*map(str, c)]), many=lambda c: ("many", c))
    machine = Machine(SimpleNamespace(**written), builder)
    slow = lark.Lark(grammar, transformer=builder, **tables.OPTIONS)
    for text in ("甲", "甲,乙 终", "甲,乙;丙;丁,戊"):
        assert machine.read(text) == slow.parse(text)
    assert machine.read("甲,") is None
    assert machine.read("甲x") is None
    assert machine.read("") is None


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_tables, "MADE_FOR", "")
    load_machine.cache_clear()
    try:
        assert load_machine() is None
        parse.parse_text.cache_clear()
        assert parse.parse_text("总表.支出 == 1") == by_parser("总表.支出 == 1") is not None
    finally:
        load_machine.cache_clear()
        parse.parse_text.cache_clear()


def test_a_sound_text_is_read_without_lark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "_parse_slowly", lambda text: pytest.fail("用了 Lark"))
    parse.parse_text.cache_clear()
    assert not isinstance(parse.parse_text("总表.支出 == 收入表.合计"), parse.TextProblem)
    assert reading.load_machine() is not None
