"""The general words of table headers: what the columns that hold no amount are called.

A layout adds to these (`words:`) where a region prints others; nothing here names a table.
"""

from __future__ import annotations

from functools import lru_cache

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.names import fold

KINDS: dict[str, tuple[str, ...]] = {
    "编码": (
        "科目编码",
        "科目代码",
        "编码",
        "代码",
        "功能分类科目编码",
        "功能分类科目代码",
        "支出功能分类科目编码",
        "支出功能分类科目代码",
        "收入功能分类科目编码",
        "功能科目编码",
        "功能科目代码",
        "经济分类科目编码",
        "经济分类科目代码",
        "支出经济分类科目编码",
        "支出经济分类科目代码",
        "经济科目编码",
        "部门预算经济分类科目编码",
    ),
    "编码分栏": ("类", "款", "项"),
    "名称": ("科目名称", "名称", "功能分类科目名称", "支出功能分类科目名称", "经济分类科目名称", "支出经济分类科目名称", "科目"),
    "项目": ("项目", "项目名称", "支出项目", "收入项目", "按功能分类", "项目(按功能分类)", "支出功能分类"),
    "行次": ("行次", "行号", "序号"),
    "栏次": ("栏次", "栏号", "列次"),
    "合计行": ("合计", "总计"),
}
"""Kind of header cell -> the words printed for it."""


@lru_cache(maxsize=16)
def _merged(extra: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, frozenset[str]]:
    added = dict(extra)
    return {kind: frozenset(fold(word) for word in (*words, *added.get(kind, ()))) for kind, words in KINDS.items()}


def words_of(layout: Layout) -> dict[str, frozenset[str]]:
    """Per kind of header cell, the folded words that `layout`'s region prints for it."""
    return _merged(layout.words)
