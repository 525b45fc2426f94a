"""`fmt` changes spelling only: data, meaning and comments stay, and a second run changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import EXPRESSIONS

from juesuan_rules.authoring.formatting.comments import find_comments
from juesuan_rules.authoring.formatting.expressions import broken, canonical
from juesuan_rules.authoring.formatting.files import format_file, format_text, pack_yaml
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.parse import parse_text
from juesuan_rules.language.places import TextProblem
from juesuan_rules.language.unparse import unparse
from juesuan_rules.packs.load import load_pack

ROOT = Path(__file__).parents[3]
PACKS = sorted(path.parent.name for path in (ROOT / "rules").glob("*/pack.yaml"))
FILES = list(pack_yaml([ROOT / "rules"]))


def formatted(text: str) -> str:
    done = format_text(text)
    assert isinstance(done, str), done
    return done


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT / "rules").as_posix())
def test_shipped_files_are_settled_by_one_run(path: Path) -> None:
    done = format_file(path)
    assert not done.diagnostics
    assert format_text(done.after) == done.after
    assert [c.text for c in find_comments(done.before.replace("\r\n", "\n"))] == [c.text for c in find_comments(done.after)]


def test_formatted_packs_are_the_same_packs(tmp_path: Path) -> None:
    """Rules, in checked form and without the text they were typed as, and layouts, of every pack."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    for path in pack_yaml([tmp_path / "rules"]):
        path.write_text(format_file(path).after, "utf-8")

    def meaning(roots: Path, pack: str) -> object:
        loaded = load_pack(pack, None, (roots,))
        result = check_rules(loaded.rules, loaded.layout)
        rules = [(r.id, r.title, r.severity, r.when, r.tables, r.basis, r.changed_by, [(c.form, c.severity, c.title, c.when) for c in r.checks]) for r in result.rules]
        return rules, loaded.layout, [d.code for d in result.diagnostics]

    for pack in PACKS:
        assert meaning(tmp_path / "rules", pack) == meaning(ROOT / "rules", pack)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sum( 01表。支出 )＝＝本年支出合计±0.02", "sum(01表.支出) == 本年支出合计 ± 0.02"),
        ("甲*乙/丙==丁", "甲 × 乙 ÷ 丙 == 丁"),
        ("三公表[因公出国(境)费].决算数>=0", "三公表[因公出国（境）费].决算数 >= 0"),
        ('名称(r) 包含 "甲 * (乙)"', "名称(r) 包含 「甲 * (乙)」"),
        ("(甲+乙)≥丙", "(甲 + 乙) >= 丙".replace("(甲 + 乙)", "甲 + 乙")),
    ],
)
def test_expressions_have_one_spelling(typed: str, written: str) -> None:
    assert canonical(typed) == written


def test_what_cannot_be_parsed_has_no_spelling() -> None:
    assert canonical("sum(甲") is None


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, st.integers(10, 60))
def test_spelling_and_breaking_keep_the_meaning(tree: object, width: int) -> None:
    text = unparse(tree)  # type: ignore[arg-type]
    before = parse_text(text)
    if isinstance(before, TextProblem):
        return
    spelt = canonical(text)
    assert spelt is not None and canonical(spelt) == spelt
    assert parse_text(" ".join(broken(spelt, width))) == before


def test_long_expressions_are_broken_at_their_joints() -> None:
    text = "language: 1\nrules:\n- id: A-1\n  title: 甲\n  check: 若 总表[本年支出合计]>0 且 总表[结余分配]>0 则 总表[年末结转和结余]+总表[结余分配]+总表[本年支出合计]==总表.支出[总计]±尾差\n"
    assert formatted(text).split("\n")[4:9] == [
        "    check: >-",
        "      若 总表[本年支出合计] > 0 且 总表[结余分配] > 0",
        "      则 总表[年末结转和结余] + 总表[结余分配] + 总表[本年支出合计] == 总表.支出[总计] ± 尾差",
        "",
    ][: len(formatted(text).split("\n")[4:9])]


def test_layout_of_a_file() -> None:
    text = """\
---
# 开头
language:   1   # 尾注


rules:
# 一组
-   id:    A-1
    title: "题目"
    check:  "甲==乙"      # 为什么
    severity: 错误 # 级别

    # 规则末尾
- {id: A-2, title: 乙, check: '总表.甲 == 0', tags: [甲,  乙]}
# 最后
"""
    assert formatted(text) == """\
# 开头
language: 1  # 尾注

rules:
  # 一组
  - id: A-1
    title: '题目'
    check: 甲 == 乙  # 为什么
    severity: 错误   # 级别

    # 规则末尾
  - {id: A-2, title: 乙, check: 总表.甲 == 0, tags: [甲, 乙]}
# 最后
"""


def test_flow_that_is_too_long_becomes_a_block_or_is_filled() -> None:
    words = ", ".join(f"词语第{n}号" for n in range(20))
    done = formatted(f"words: [{words}]\nrow: {{key: {'甲' * 40}, label: {'乙' * 40}}}\n")
    assert done.count("\n") == 5
    assert done.split("\n")[1].startswith("  词语")
    assert done.split("\n")[2:5] == ["row:", f"  key: {'甲' * 40}", f"  label: {'乙' * 40}"]


def test_flow_with_comments_inside_becomes_a_block() -> None:
    assert formatted("words: [甲, # 一\n  乙]\n") == "words:\n  - 甲  # 一\n  - 乙\n"


def test_block_scalars_keep_every_line() -> None:
    text = "text: |\n      第一行\n\n        缩进的\n      末行   \nnext: >-\n   折\n   叠\nlast: |+\n  甲\n\n"
    done = formatted(text)
    assert yaml.safe_load(done) == yaml.safe_load(text)
    assert formatted(done) == done and done.startswith("text: |\n  第一行\n")


def test_scalars_other_programs_would_change_get_quotes_but_not_in_cases() -> None:
    assert formatted("version: 1.10\nid: 0110\nflag: no\n") == "version: '1.10'\nid: '0110'\nflag: 'no'\n"
    assert formatted("cases:\n  - tables: {总表: {甲: 1.10}}\n") == "cases:\n  - tables: {总表: {甲: 1.10}}\n"


def test_line_ends_and_byte_order_marks_are_spelling(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: 1\r\nb: 2\r\n".encode())
    done = format_file(path)
    assert done.changed and done.after == "a: 1\nb: 2\n"


def test_broken_files_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: [1\n", "utf-8")
    done = format_file(path)
    assert not done.changed and [d.code for d in done.diagnostics] == ["E400"]


KEYS = st.text("甲乙丙丁 abc", min_size=1, max_size=4).map(str.strip).filter(bool)
SCALARS = st.one_of(st.text("甲乙丙丁 abc：#'\"[]{}-,.:*&!|>%@1230\n", max_size=12), st.integers(-99, 999), st.booleans(), st.none())
DATA = st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=12)


@settings(max_examples=200, deadline=None)
@given(DATA, st.lists(st.integers(0, 40), max_size=6), st.sampled_from([None, True, False]), st.integers(20, 120))
def test_comments_and_data_survive_anywhere(data: object, places: list[int], flow: bool | None, width: int) -> None:
    """Whatever YAML another program writes, with comments put on lines of their own or behind lines."""
    text = yaml.safe_dump({"根": data}, allow_unicode=True, default_flow_style=flow, width=width, sort_keys=False)
    lines = text.rstrip("\n").split("\n")
    for number, place in enumerate(places):
        at = place % (len(lines) + 1)
        indent = len(lines[at]) - len(lines[at].lstrip(" ")) if at < len(lines) else 0
        candidate = [*lines[:at], " " * indent + f"# 注{number}", *lines[at:]]
        if _same("\n".join(candidate), text) and len(find_comments("\n".join(candidate))) > len(find_comments("\n".join(lines))):
            lines = candidate
    written = "\n".join(lines) + "\n"
    done = format_text(written)
    if not isinstance(done, str):
        assert all(d.code != "E450" for d in done), written
        return
    assert _same(done, written) and format_text(done) == done
    assert [c.text for c in find_comments(done)] == [c.text for c in find_comments(written)]


def _same(one: str, other: str) -> bool:
    try:
        return bool(yaml.safe_load(one) == yaml.safe_load(other))
    except yaml.YAMLError:
        return False
