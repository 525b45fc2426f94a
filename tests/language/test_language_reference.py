"""The generated page names everything there is, and its examples are sound."""

from __future__ import annotations

import re
from pathlib import Path

from juesuan_rules.language.codes import CODES
from juesuan_rules.language.functions import BUILTINS
from juesuan_rules.language.parse import parse_expression
from juesuan_rules.language.reference import generate_reference, signature
from juesuan_rules.language.units import UNITS

SOURCE = Path(__file__).parents[2] / "src" / "juesuan_rules" / "language"


def test_everything_is_listed() -> None:
    page = generate_reference()
    for builtin in BUILTINS:
        assert f"`{signature(builtin)}`" in page
        assert builtin.example in page
    for name in (*UNITS, *CODES):
        assert name in page


def test_every_code_used_is_explained_and_every_explained_one_used() -> None:
    used = {code for path in SOURCE.glob("*.py") if path.stem != "codes" for code in re.findall(r'"([EW]\d{3})"', path.read_text("utf-8"))}
    assert used == set(CODES)


def test_the_ways_of_writing_can_be_read() -> None:
    table = generate_reference().split("## 内置函数")[0]
    for line in table.splitlines():
        for text in re.findall(r"`([^`]+)`", line.split("|")[1]) if line.startswith("| `") else []:
            if re.search(r"…|^\[|^[+±=]|^不|^匹配|^[≠≤]|^\* |^存在|[甲乙丙]", text):
                continue
            whole = text if re.search(r"==|属于|包含", text) else f"{text} == 0"
            assert not isinstance(parse_expression(whole), tuple), text


def test_signatures() -> None:
    shown = {b.name: signature(b) for b in BUILTINS}
    assert shown["round"] == "round(金额或数[、小数位数])"
    assert shown["行次连续"] == "行次连续([一张表])"
    assert shown["同码同名"] == "同码同名(两张以上的表…)"


def test_the_page_in_the_manual_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "language-reference.zh-CN.md"
    assert page.read_text("utf-8") == generate_reference()
