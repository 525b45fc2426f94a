"""YAML files: data exactly as typed, a place for everything, and nothing dangerous."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.yamlfile import MAX_BYTES, YamlFile, load, loads


def codes(file: YamlFile) -> list[str]:
    return [d.code for d in file.diagnostics]


def marked(file: YamlFile, path: tuple[str | int, ...], word: str) -> str:
    """The text of the file at the place the locator gives for `word` in the value at `path`."""
    value = file.data
    for step in path:
        value = value[step]
    start = value.index(word)
    span = file.locator(*path)(start, start + len(word))
    assert span.line == span.end_line
    return file.source_line(span.line)[span.column - 1 : span.end_column - 1]


def test_data_is_as_typed() -> None:
    file = loads("整数: 27\n负数: -3\n真: true\n空: null\n空白:\n文字: 总表\n引号: '27'\n列表: [1, 甲]\n2023: 年度\n")
    assert file.data == {"整数": 27, "负数": -3, "真": True, "空": None, "空白": None, "文字": "总表", "引号": "27", "列表": [1, "甲"], "2023": "年度"}
    assert file.diagnostics == ()


@pytest.mark.parametrize(("text", "code"), [("0110", "W401"), ("1.10", "W401"), ("1_000", "W401"), ("0x1F", "W401"), ("1:30", "W401"), ("yes", "W402"), ("Off", "W402"), ("2026-11-01", "W403")])
def test_what_yaml_would_change_is_kept_and_reported(text: str, code: str) -> None:
    file = loads(f"键: {text}\n")
    assert file.data == {"键": text}
    assert codes(file) == [code]
    assert (file.diagnostics[0].span.line, file.diagnostics[0].span.column) == (1, 4)


def test_a_date_is_expected_where_a_date_belongs() -> None:
    file = loads("核验: 2026-11-01\n")
    assert (file.data, file.diagnostics) == ({"核验": "2026-11-01"}, ())


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("甲: 1\n乙: 2\n甲: 3\n", "E407", 3, 1),
        ("甲: 总表: 01\n", "E400", 1, 6),
        ("甲: [1, 2\n乙: 3\n", "E400", 2, 2),
        ("甲:\n\t乙: 1\n", "E400", 2, 1),
        ("甲: '没有结束\n", "E400", 1, 9),
        ("甲: 1\n---\n乙: 2\n", "E400", 2, 1),
        ("甲: &x 1\n乙: *x\n", "E405", 1, 4),
        ("甲: !!python/object/apply:os.system [ls]\n", "E405", 1, 4),
        ("<<: {甲: 1}\n", "E405", 1, 1),
        ("? [甲]\n: 1\n", "E406", 1, 3),
        ("甲: @乙\n", "E400", 1, 4),
        ("甲: \x01\n", "E400", 1, 4),
    ],
)
def test_mistakes_are_told_in_chinese_at_their_place(text: str, code: str, line: int, column: int) -> None:
    found = next(d for d in loads(text, "某.yaml").diagnostics if d.code == code)
    assert (found.span.file, found.span.line, found.span.column) == ("某.yaml", line, column)
    assert any("\u4e00" <= c <= "\u9fff" for c in found.message)
    assert not any(word in found.message.lower() for word in ("yaml.", "scanner", "mapping", "token"))


def test_stars_and_ampersands_in_expressions_are_no_aliases() -> None:
    file = loads("check: 收入表.*[合计] == sum(收入表.*[类]) * 2\n乙: 甲&乙\n丙: [收入表.*, 甲]\n")
    assert file.diagnostics == ()


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "- " * 50_000 + "1", "".join("\n" + " " * n + "甲:" for n in range(300))])
def test_nesting_is_bounded(text: str) -> None:
    assert "E404" in codes(loads(text))


def test_size_is_bounded(tmp_path: Path) -> None:
    big = tmp_path / "大.yaml"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    assert codes(load(big)) == ["E402"]
    assert codes(loads("#" * (MAX_BYTES + 1))) == ["E402"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert codes(load(tmp_path / "没有.yaml")) == ["E401"]
    other = tmp_path / "gbk.yaml"
    other.write_bytes("甲: 乙".encode("gbk"))
    assert codes(load(other)) == ["E403"]


def test_line_ends_and_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "甲.yaml"
    path.write_bytes("\ufeff甲: 1\r\n乙: [2]\r\n".encode())
    file = load(path, "甲.yaml")
    assert file.data == {"甲": 1, "乙": [2]}
    assert (file.span("乙", 0).line, file.span("乙", 0).column) == (2, 5)


def test_spans_of_keys_values_and_what_is_missing() -> None:
    file = loads("rules:\n  - id: A01-1\n    title: 标题\n", "甲.yaml")
    assert (file.span("rules", 0, "id").column, file.span("rules", 0, "id").end_column) == (9, 14)
    assert file.span("rules", 0, "title", key=True).column == 5
    assert file.span("rules", 0, "没有").line == 2
    assert file.span("没有").file == "甲.yaml"
    assert file.source_line(3) == "    title: 标题"
    assert file.source_line(99) == ""


def test_locator_follows_every_style_of_scalar() -> None:
    file = loads(
        "平: sum(总表.支出) == 本年支出合计\n"
        "折: 甲 乙\n"
        "  丙 丁\n"
        "单: 'it''s 戊\n"
        "  己'\n"
        '双: "a\\u4e2db \\\n'
        '  庚\\t辛"\n'
        "块: |\n"
        "  第一行 壬\n"
        "    第二行 癸\n"
        "叠: >-\n"
        "  子 丑\n"
        "\n"
        "  寅 卯\n",
        "甲.yaml",
    )
    for key, word in [("平", "本年支出合计"), ("折", "丁"), ("单", "戊"), ("单", "己"), ("双", "b"), ("双", "庚"), ("双", "辛"), ("块", "壬"), ("块", "第二行"), ("块", "癸"), ("叠", "丑"), ("叠", "卯")]:
        assert marked(file, (key,), word) == word, (key, word)


def test_locator_past_the_end_and_of_no_scalar() -> None:
    file = loads("甲: 乙丙\n丁: [1]\n", "甲.yaml")
    assert file.locator("甲")(2, 2).column == 6
    assert file.locator("甲")(90, 99).column == 6
    assert file.locator("丁")(0, 1) == file.span("丁")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufeff\x85"), min_size=1, max_size=30)


@given(TEXTS, st.sampled_from(["'", '"', None, "|"]))
def test_every_letter_is_found_where_it_stands(text: str, style: str | None) -> None:
    written = yaml.dump({"键": text}, allow_unicode=True, default_style=style, width=20)
    file = loads(written, "甲.yaml")
    if file.broken:
        return
    value = file.data["键"] if "键" in file.data else next(iter(file.data.values()))
    if not isinstance(value, str):
        return
    locate = file.locator("键")
    for offset, char in enumerate(value):
        span = locate(offset, offset + 1)
        shown = file.source_line(span.line)[span.column - 1 : span.column]
        assert char.isspace() or shown in (char, "\\"), (written, offset, char, shown)


@given(st.text(max_size=200))
def test_nothing_a_file_holds_raises(text: str) -> None:
    file = loads(text)
    assert file.broken or file.data is None or isinstance(file.data, dict | list | str | int | bool)
