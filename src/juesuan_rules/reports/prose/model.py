"""What a sentence says: each figure with its subject and the aspect of it that the figure states."""

from __future__ import annotations

import msgspec

from juesuan_rules.reports.model import Figure, Sentence

At = tuple[int, int]
"""(sentence, figure) positions in a `Prose`."""


class Mention(msgspec.Struct, frozen=True):
    """One figure (or 持平, which has none) understood.

    at: where the figure stands; for 持平 and the like its figure is -1. subject: the noun phrase it is
    about, as printed without year, unit's name and verb (基本支出, 公务用车运行维护费, 授予小微企业合同金额,
    一般公共服务支出（类）…（项）). aspect: a column of facts (值 上年数 增减额 增减率 预算数 比预算增减额
    比预算增减率 完成率 占比) or 执行数 or 得分. value_at: the figure that is the subject's 值, where
    the sentence or the one before it states it. base: what the figure is relative to, as printed (上年,
    2022年度, 年初预算, 全年预算, 本年收入, “三公”经费支出 …); base_at: the figure of that base where it is
    printed (与上年决算795.72万元相比). direction: 增加 减少 持平 大于 小于 or "". parent: the mention's `at`
    whose total it is a part of (其中, 包括, a list under a lead sentence), with `open_list` where the
    list ends in 等 or the like and need not be complete. year: said outright, else None.
    reason: whether a reason (主要原因是 …) follows. part_of: running number of the list it is a part in, 0 for none.
    """

    at: At
    subject: str
    aspect: str
    value_at: At | None = None
    base: str = ""
    base_at: At | None = None
    direction: str = ""
    parent: At | None = None
    open_list: bool = False
    year: int | None = None
    reason: str = ""
    part_of: int = 0


def figure_at(sentences: tuple[Sentence, ...], at: At | None) -> Figure | None:
    """The figure at a position; None for none and for 持平."""
    return None if at is None or at[1] < 0 else sentences[at[0]].figures[at[1]]
