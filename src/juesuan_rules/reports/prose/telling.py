"""Figures told: each kind of relation by who knows it."""

from __future__ import annotations

import re

from msgspec.structs import replace

from juesuan_rules.reports.model import Figure
from juesuan_rules.reports.prose.changes import Changes
from juesuan_rules.reports.prose.clauses import Clause
from juesuan_rules.reports.prose.lexicon import NOT_PRIOR
from juesuan_rules.reports.prose.lists import Lists
from juesuan_rules.reports.prose.relations import (
    BASE,
    BUDGETED,
    CHANGED,
    COMPLETED,
    FROM,
    NONE,
    PART,
    PRIOR_VALUE,
    RATE,
    VALUE,
    WHOLE,
    Relation,
    read_relation,
    year_named,
)
from juesuan_rules.reports.prose.sharing import Shares
from juesuan_rules.reports.prose.topics import Talk, Topic
from juesuan_rules.reports.prose.values import Values

_THIS_YEAR = re.compile(r"本年|今年|当年")
_NO_VALUE = re.compile(r"不低于|不少于|不超过|不高于|每[^年]?[^，]{0,4}$|以上的?$|目标值")


def _is_code(figure: Figure) -> bool:
    """Whether a count is the code of a 类 (201类一般公共服务支出)."""
    return figure.amount.unit == "类" and figure.amount.value in range(201, 235)


class Teller:
    """Tells the figures of one reading."""

    def __init__(self, talk: Talk, lists: Lists) -> None:
        self.talk = talk
        self.values = Values(talk, lists)
        self.changes = Changes(self.values)
        self.shares = Shares(self.values)

    def tell(self, number: int, lead: str, tail: str, clause: Clause, before: Clause | None, first: bool) -> None:
        """Make a draft of a figure, if its words are understood.

        lead, tail: the words before and after it in its clause; first: no figure before it there. before:
        the clause before.
        """
        figure = self.talk.figure(number)
        percent = figure.kind == "百分比"
        if figure.kind == "百分点" or self.shares.goes_on(number, lead, percent):
            return
        if (percent and not first and self.changes.tell_of_whole(number, lead)) or _NO_VALUE.search(lead):
            return
        relation = self._dated(read_relation(lead, percent, first), clause)
        if relation.kind == FROM:
            self.talk.topic = self.values.topic(relation.subject)[0] or self.talk.topic
        if relation.kind in (NONE, FROM) or (first and _is_code(figure)) or (relation.kind == VALUE and tail.startswith(("未", "不")) and not tail.startswith("不含")):
            return
        if relation.shared and self.shares.begin(number, relation):
            return
        if before is not None and first and clause.pause == "，" and before.text.endswith("的") and not before.figures and relation.kind == VALUE:
            relation = Relation(VALUE, before.text + relation.subject)
        self._tell(number, relation, lead, tail, clause)

    def _dated(self, relation: Relation, clause: Clause) -> Relation:
        """Figures of other years: last year's value is one, others say nothing of this year."""
        talk = self.talk
        year, this = year_named(relation.subject), talk.year
        if clause.pause in ("；", "") or talk.dated is None or talk.dated[1] != talk.index:
            talk.dated = (year, talk.index) if relation.kind == VALUE and year is not None else None
        elif year is None and relation.kind == VALUE and not _THIS_YEAR.search(relation.subject) and relation.subject:
            year = talk.dated[0]  # 2022年度总收入500万元，总支出480万元
            relation = replace(relation, subject=f"{year}年度{relation.subject}")
        if year is None or this is None or year == this or relation.kind not in (VALUE, BUDGETED):
            return relation
        phrase = relation.subject[relation.subject.find(str(year)) :]
        if relation.kind == VALUE and year == this - 1 and not phrase[4:].lstrip("年度").startswith(NOT_PRIOR) and "月" not in phrase[:8]:
            return Relation(PRIOR_VALUE, relation.subject, f"{year}年度")
        return Relation(NONE)

    def _tell(self, number: int, relation: Relation, lead: str, tail: str, clause: Clause) -> None:
        if relation.kind in (CHANGED, RATE):
            self.changes.tell_change(number, relation, clause)
        elif relation.kind == COMPLETED:
            self.changes.tell_completion(number, relation)
        elif relation.kind == PART:
            self.changes.tell_share(number, relation)
        elif relation.kind == WHOLE:
            self.changes.tell_whole(number, relation)
        elif relation.kind in (BASE, PRIOR_VALUE):
            self.changes.tell_base(number, relation)
        elif relation.kind == BUDGETED:
            self.changes.tell_budget(number, relation)
        else:
            self.values.tell(number, relation, tail, lead)

    def close_group(self, clause: Clause | None = None) -> None:
        """A pause: 分别 may be over."""
        self.shares.close(clause)

    def end_of_several(self) -> Topic | None:
        """The topic of the next sentence after one that names several: their total where they are parts of
        what the sentence before was about (each with a share of it), else none."""
        talk = self.talk
        main = talk.main
        parts = [draft for draft in talk.drafts[-80:] if draft.at[0] == talk.index and draft.aspect == PART and not draft.base]
        if main is not None and main.value is not None and main.value[0] < talk.index and len(parts) > 1:
            of = [draft.topic for draft in parts]
            for draft in talk.drafts[-80:]:
                if draft.at[0] == talk.index and draft.aspect == VALUE and draft.parent is None and any(one is draft.topic for one in of):
                    draft.parent, draft.open_list = main.value, True
            return main
        return None
