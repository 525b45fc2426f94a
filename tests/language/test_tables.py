"""The parser's ready-made tables belong to the grammar as it is, and parse as the grammar does."""

from __future__ import annotations

from pathlib import Path

import lark
import pytest

from juesuan_rules.language import parser_tables, tables
from juesuan_rules.language.build import TreeBuilder
from juesuan_rules.language.parse import load_parser
from juesuan_rules.packs.load import load_pack
from juesuan_rules.resources import grammar_text, rules_root


def test_the_tables_belong_to_the_grammar() -> None:
    assert parser_tables.MADE_FOR == tables.made_for(grammar_text()), "语法改过：请运行 python -m juesuan_rules.language.tables"


def test_both_parsers_build_the_same_trees() -> None:
    slow = lark.Lark(grammar_text(), transformer=TreeBuilder(), **tables.OPTIONS)
    texts = {check.text for rule in load_pack("cn", None, (rules_root(),)).rules for check in rule.checks if check.text.isprintable()}
    assert len(texts) > 50
    from juesuan_rules.language.normalise import normalise

    for text in texts:
        assert load_parser().parse(normalise(text).text) == slow.parse(normalise(text).text)


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser_tables, "DATA", {})
    assert tables.build_parser('start: "甲"', None).parse("甲").data == "start"


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    written: dict[str, object] = {}
    exec(compile(tables.generate('start: "甲"+'), "tables", "exec"), written)  # noqa: S102
    assert written["MADE_FOR"] == tables.made_for('start: "甲"+')
    again = lark.Lark._load_from_dict(written["DATA"], written["MEMO"])
    assert again.parse("甲甲").data == "start"
