"""分别: several subjects and as many figures, in the same order."""

from __future__ import annotations

import re

from juesuan_rules.reports.prose.clauses import Clause
from juesuan_rules.reports.prose.lexicon import JOINERS
from juesuan_rules.reports.prose.relations import BASE, BUDGETED, CHANGED, DONE, PRIOR_VALUE, RATE, VALUE, Relation, aspect_of_change
from juesuan_rules.reports.prose.subjects import clean_subject, is_generic
from juesuan_rules.reports.prose.topics import Draft, Topic
from juesuan_rules.reports.prose.values import Values

_SPLIT = re.compile(r"[、，]|以及|和|及|与")
_TAILS = ("支出总计", "采购支出", "支出", "收入", "总计", "合计", "经费", "费", "采购金额", "决算")


class Shares:
    """Tells 甲、乙分别为…和….

    topics: those of the last 分别, in order, for 分别占 and 分别增长 after it.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.talk = values.talk
        self.topics: list[Topic] = []
        self.told: list[Draft] = []
        self.relation: Relation | None = None

    def begin(self, number: int, relation: Relation) -> bool:
        """Begin 甲、乙分别为…和…; whether the words name several subjects."""
        words = relation.subject.replace("分别", "")
        if "：" in words:
            words = words.rsplit("：", 1)[1]
        cleaned = clean_subject(words, self.talk.units)
        names = [one for one in _SPLIT.split(cleaned) if one]
        if len(names) > 1 and not is_generic(cleaned):
            names = _filled(names)
            self.topics = [self._topic(name) for name in names]
        elif self.values.subject(words) or len(self.topics) < 2:
            return False
        self.told, self.relation = [], relation
        self._add(number)
        return True

    def _topic(self, name: str) -> Topic:
        subject = clean_subject(name, self.talk.units)
        if self.relation is None or self.relation.kind != VALUE:
            found = self.talk.resolve(subject, create=False)
            if found is not None:
                return found
        return Topic(subject)

    def goes_on(self, number: int, lead: str, percent: bool) -> bool:
        """Whether the figure is the next one of a 分别 list."""
        if self.relation is None or not self.told:
            return False
        if JOINERS.cut_start(lead.strip()).strip() not in ("", "为", "约"):
            self.close()
            return False
        first = self.talk.figure(self.told[0].at[1])
        if (first.kind == "百分比") != percent or len(self.told) >= len(self.topics):
            self.close()
            return False
        self._add(number)
        return True

    def _add(self, number: int) -> None:
        relation = self.relation
        if relation is None:
            return
        talk = self.talk
        topic = self.topics[len(self.told)]
        base, base_at = relation.base, None
        if relation.kind in (CHANGED, RATE):
            if not base and talk.compare:
                base, base_at = talk.compare
            if not base:
                base = next((one.base for one in reversed(talk.drafts[-8:]) if one.topic is topic and one.aspect.startswith(("增减", "比预算"))), "")
            aspect = aspect_of_change(relation.kind, base)
        else:
            aspect = {BASE: PRIOR_VALUE, DONE: "执行数"}.get(relation.kind, relation.kind)
        draft = talk.add(Draft((talk.index, number), topic, topic.subject, aspect, base=base, base_at=base_at, direction=relation.direction))
        draft.dropped = relation.kind in (CHANGED, RATE) and not base
        self.told.append(draft)
        if relation.kind == VALUE:
            self.values.has_value(topic, draft, explicit=True)
        elif relation.kind == BUDGETED:
            topic.budgets = {**topic.budgets, relation.base: draft.at}

    def close(self, clause: Clause | None = None) -> None:
        """End a 分别 list; one whose figures are not as many as its subjects was not understood."""
        if clause is not None and clause.pause in ("、", "，") and self.told and len(self.told) < len(self.topics) and clause.figures:
            return
        if self.told and len(self.told) != len(self.topics):
            for draft in self.told:
                draft.dropped = True
                if draft.topic.value == draft.at:
                    draft.topic.value = None
        self.told, self.relation = [], None


def _filled(names: list[str]) -> list[str]:
    """货物、工程和服务支出 → 货物支出, 工程支出, 服务支出."""
    tail = next((one for one in _TAILS if names[-1].endswith(one) and len(names[-1]) > len(one)), "")
    if not tail:
        return names
    return [name if name.endswith(_TAILS) and not tail.endswith(("总计", "合计")) else name + tail.removeprefix("支出" if name.endswith("支出") else "") for name in names[:-1]] + [names[-1]]
