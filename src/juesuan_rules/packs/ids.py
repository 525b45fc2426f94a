"""How rule ids are usually written: what `lint` asks for and `new rule` gives.

The reader of rule files takes more (see `rulefile`): an id is permanent, so none that is in use may become an error.
"""

from __future__ import annotations

import re

_USUAL = re.compile(r"(?:[A-Z](?:\d{2}-\d{1,2}|-\d{2,3})|[A-Z]{2,4}-(?:[A-Z]\d{2}-\d{1,2}|[A-Z]-\d{2,3}|\d{2,3}))\Z")
HOW = "族字母（可带两位表号）- 序号，如 A01-2、B-05；一个地区、一个单位自己的规则用两到四个字母的前缀，如 QS-01、QS-A01-2"
"""The two ways, for people."""


def is_usual(rule_id: str) -> bool:
    """Whether an id is written one of the usual ways.

    A family letter, maybe with a table's number: A01-2, B-05. Or a prefix of a region's or team's own,
    which keeps its ids apart from any the packs above may add later: QS-01, QS-A01-2.
    """
    return _USUAL.match(rule_id) is not None
