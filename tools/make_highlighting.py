"""Write the TextMate grammars of extensions/vscode from the tables the language itself uses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from juesuan_rules.language.functions import BUILTINS  # noqa: E402
from juesuan_rules.language.layoutnames import GROUPS  # noqa: E402
from juesuan_rules.language.units import UNITS  # noqa: E402

FOLDER = ROOT / "extensions" / "vscode" / "syntaxes"
SCHEMA = "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json"
NOT_AFTER, NOT_BEFORE = r"(?<![\w·])", r"(?![\w·])"
CONTROL = ("若", "如果", "则", "那么", "否则", "每个", "存在", "唯一", "计数")
LOGICAL = ("且", "或", "非", "不属于", "属于", "不包含", "包含", "不匹配", "匹配")
ORDER = ("comment", "string", "function", "keyword", "tableNumber", "number", "group", "operator", "variable", "column", "name", "punctuation")
"""What is tried first comes first; a table's number (01表) before other numbers."""
KEY = {"2": {"name": "entity.name.tag.yaml"}, "3": {"name": "punctuation.separator.key-value.mapping.yaml"}}
DASH = {"name": "punctuation.definition.block.sequence.item.yaml"}


def one_of(words: Any) -> str:
    """A group of words, longer ones first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


def word(pattern: str) -> str:
    """The pattern where it is a word of its own."""
    return NOT_AFTER + pattern + NOT_BEFORE


def expression_grammar() -> dict[str, Any]:
    """Colours of an expression."""
    functions = {name for builtin in BUILTINS for name in (builtin.name, *builtin.aliases)}
    units = one_of([*(unit for unit in UNITS if unit), "行", "栏", "至", "到"])
    number = r"((?<![\w·])\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|(?<![\w·])\d+(?:\.\d+)?)" + rf"(?:\s*({units}))?"
    parts: dict[str, Any] = {
        "expression": {"patterns": [{"include": f"#{name}"} for name in ORDER]},
        "comment": {"name": "comment.line.number-sign.juesuan", "match": r"(?:^|(?<=\s))#.*$"},
        "string": {
            "patterns": [
                {"name": "string.quoted.double.juesuan", "match": '[“”"][^“”"\\n]*[“”"]'},
                {"name": "variable.other.quoted.juesuan", "match": "「[^」\\n]*」|『[^』\\n]*』"},
            ]
        },
        "function": {"name": "support.function.juesuan", "match": NOT_AFTER + one_of(functions) + r"(?=\s*[(（])"},
        "keyword": {
            "patterns": [
                {"name": "keyword.control.juesuan", "match": word(one_of(CONTROL))},
                {"name": "keyword.operator.logical.juesuan", "match": word(one_of(LOGICAL))},
                {"name": "constant.language.juesuan", "match": word("(?:尾差|缺作0)")},
            ]
        },
        "number": {"match": number, "captures": {"1": {"name": "constant.numeric.juesuan"}, "2": {"name": "keyword.other.unit.juesuan"}}},
        "group": {"name": "constant.other.group.juesuan", "match": r"(?<=[\[.，、,【 ])" + one_of(GROUPS) + NOT_BEFORE},
        "tableNumber": {"name": "entity.name.type.table.juesuan", "match": word(r"\d{1,2}表")},
        "operator": {"name": "keyword.operator.juesuan", "match": r"==|!=|≠|<=|≤|>=|≥|[<>＜＞=＝]|[-+*/×÷±＋－＊／]|\.\.+|…|~"},
        "variable": {"name": "entity.name.type.table.juesuan", "match": NOT_AFTER + r"[^\W\d][\w·]*(?=\s*[.\[【。［])"},
        "column": {"match": r"(?<=[.。])\s*([^\W\d][\w·]*)", "captures": {"1": {"name": "variable.other.property.juesuan"}}},
        "name": {"name": "variable.other.juesuan", "match": r"[^\W\d][\w·]*"},
        "punctuation": {"name": "punctuation.juesuan", "match": r"[()\[\]{}（）【】［］｛｝,，、:：.。]"},
    }
    return {
        "$schema": SCHEMA, "name": "决算规则表达式", "scopeName": "source.juesuan", "fileTypes": ["juesuan"],
        "patterns": [{"include": "#expression"}], "repository": parts,
    }  # fmt: skip


def yaml_grammar() -> dict[str, Any]:
    """Where in YAML expressions stand: behind check: and when:, on the same line or below."""
    whole = [{"include": "source.juesuan#expression"}]
    inside = [{"include": f"source.juesuan#{name}"} for name in ORDER if name not in ("comment", "string")]
    below = [
        {
            "match": r"^\s*(?:(-)\s+)?(title|severity)(:)(?:\s+(.*?))?(?=\s*$|\s+#)",
            "captures": {"1": DASH, **KEY, "4": {"name": "string.unquoted.plain.out.yaml"}},
        },
        {"match": r"^\s*(?:(-)\s+)?(check|when)(:)(?=\s)", "captures": {"1": DASH, **KEY}},
        {"match": r"^\s*(-)(?=\s)", "captures": {"1": DASH}},
    ]
    header = r"(check|when)(:)[ \t]*(?:[|>][-+0-9]*)?[ \t]*$"
    embedded = {"contentName": "meta.embedded.juesuan"}
    parts: dict[str, Any] = {
        "quoted": {
            "begin": r"((?:^|(?<=[\s{,]))(?:-\s+)?)(check|when)(:)\s+(['\"])",
            "beginCaptures": {**KEY, "4": {"name": "punctuation.definition.string.begin.yaml"}},
            "end": r"\4(?!\4)",
            "endCaptures": {"0": {"name": "punctuation.definition.string.end.yaml"}},
            **embedded,
            "patterns": [{"match": r"''|\\."}, *inside],
        },
        "inItem": {"begin": rf"^(\s*)-\s+{header}", "beginCaptures": KEY, "while": r"^\1[ ]{3,}(?=\S)|^\s*$", **embedded, "patterns": whole},
        "below": {"begin": rf"^(\s*){header}", "beginCaptures": KEY, "while": r"^\1(?:[ ]+(?=\S)|- )|^\s*$", **embedded, "patterns": [*below, *whole]},
        "sameLine": {
            "begin": r"((?:^|(?<=[\s{,]))(?:-\s+)?)(check|when)(:)[ \t]+(?=[^\s|>'\"#])",
            "beginCaptures": KEY,
            "end": "$",
            **embedded,
            "patterns": whole,
        },
    }
    return {
        "$schema": SCHEMA, "name": "规则包里的表达式", "scopeName": "source.juesuan.injection",
        "injectionSelector": "L:source.yaml -comment -meta.embedded.juesuan",
        "patterns": [{"include": f"#{name}"} for name in parts], "repository": parts,
    }  # fmt: skip


def dump(grammar: dict[str, Any]) -> str:
    """The text of a grammar's file."""
    return json.dumps(grammar, ensure_ascii=False, indent=2) + "\n"


FILES = {"juesuan.tmLanguage.json": expression_grammar, "juesuan-in-yaml.tmLanguage.json": yaml_grammar}

if __name__ == "__main__":
    for name, make in FILES.items():
        (FOLDER / name).write_text(dump(make()), "utf-8", newline="\n")
