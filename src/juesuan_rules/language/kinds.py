"""What a checked expression is: its form, what kind of quantity, scalar or record set."""

from __future__ import annotations

import msgspec

from juesuan_rules.catalogue.records import MONEY as MONEY_UNIT
from juesuan_rules.catalogue.records import PERCENT, PLAIN
from juesuan_rules.catalogue.records import SCORE as SCORE_UNIT
from juesuan_rules.catalogue.records import TEXT as TEXT_UNIT
from juesuan_rules.language.model import Form

MONEY, RATIO, COUNT, SCORE, NUMBER, TEXT, TRUTH = "money", "ratio", "count", "score", "number", "text", "truth"
KIND_ZH = {MONEY: "金额", RATIO: "百分比", COUNT: "个数", SCORE: "分值", NUMBER: "不带单位的数", TEXT: "文字", TRUTH: "是否"}
KIND_OF_MEASURE = {"money": MONEY, "percent": RATIO, "points": RATIO, "count": COUNT, "score": SCORE, "none": NUMBER}
KIND_OF_UNIT = {MONEY_UNIT: MONEY, PERCENT: RATIO, SCORE_UNIT: SCORE, TEXT_UNIT: TEXT, PLAIN: NUMBER}
"""Kind of the figures of a column or row, by its unit in the layout; any other unit is one of counts."""

SCALAR: frozenset[str] = frozenset()
ROW, COLUMN = "行", "栏"
"""Dimensions a record set can be keyed by."""


class Typed(msgspec.Struct, frozen=True):
    """A checked expression. keys: empty for one value, else what its records are keyed by.
    chart: which codes its rows carry, "" where unknown or none. constant: reads nothing from the
    report. zero: the literal 0, which fits every kind."""

    form: Form
    kind: str
    keys: frozenset[str] = SCALAR
    chart: str = ""
    constant: bool = False
    zero: bool = False


def keys_zh(keys: frozenset[str]) -> str:
    """How a record set is keyed, in words: 逐行 逐栏 逐行逐栏, 一个数."""
    return "".join(f"逐{k}" for k in (ROW, COLUMN) if k in keys) or "一个数"


def joint_kind(left: Typed, right: Typed) -> str | None:
    """The kind of two things added or compared; None where they do not go together."""
    if left.kind == right.kind:
        return left.kind
    if left.zero or right.zero:
        return right.kind if left.zero else left.kind
    kinds = {left.kind, right.kind}
    if NUMBER in kinds and kinds & {RATIO, COUNT, SCORE}:
        return (kinds - {NUMBER}).pop()
    return None


def as_kind(value: Typed, kind: str) -> Form:
    """The form of a value; a literal 0 takes the measure of what it goes with."""
    return ("number", 0, 1, "money") if value.zero and kind == MONEY else value.form
