"""Where lists of parts begin, and what is parted: with a word that opens them, or in brackets right behind a total."""

from __future__ import annotations

from juesuan_rules.reports.prose.clauses import Clause
from juesuan_rules.reports.prose.lists import Frame, Lists
from juesuan_rules.reports.prose.model import figure_at
from juesuan_rules.reports.prose.relations import VALUE, read_relation
from juesuan_rules.reports.prose.remarks import read_opener
from juesuan_rules.reports.prose.subjects import clean_subject, is_generic, marker_kind
from juesuan_rules.reports.prose.topics import Draft, Talk, Topic, is_plausible

_CONTENT = ("内容", "用途", "事项", "活动")
"""A list of these (具体内容包括：) tells what for, and not all."""
_NOT_WHOLE = ("含", "不含", "主要", "如", "其他", "上年", "年初", "另", "已")
"""What a bracket begins with that adds a remark and parts nothing."""


class Openings:
    """Opens the lists of one reading."""

    def __init__(self, talk: Talk, lists: Lists) -> None:
        self.talk = talk
        self.lists = lists

    def open(self, opener: str, clause: Clause, mark: str) -> None:
        """A word opens a list. mark: the list number of the paragraph."""
        talk, sentence = self.talk, self.talk.sentence
        frame = Frame(opener, self._total(clause), talk.counted, talk.index, sentence.sections, marker_kind(mark), sentence.paragraph, depth=clause.depth, at=clause.start)
        ends = clause.start + len(clause.text) + 1 >= len(sentence.text)
        frame.open = ends and clause.text.removesuffix(opener).endswith(_CONTENT)
        self.lists.open(frame)

    def _total(self, clause: Clause) -> Topic | None:
        """The topic that the list parts, None where the words do not say."""
        talk = self.talk
        money = talk.topic if talk.topic is not None and talk.topic.value is not None else None
        if money is None and (self.lists.top is None or self.lists.top.sentence != talk.index):
            money = talk.main if talk.main is not None and talk.main.value is not None else talk.topic
        if money is not None and self._is_nought(money) and len(talk.named) > 1:
            others = [topic for topic in talk.named if topic.value is not None and not self._is_nought(topic)]
            money = others[0] if len(others) == 1 else None  # 基本支出 9 万元，政府性基金基本支出 0 万元，其中：
        last = self._last()
        if last is not None and last.aspect == "执行数" and last.at[0] >= talk.index - 1:
            return None  # of a budget or of what was spent of it: the words do not say
        if clause.start == 0 and any(one is money for one in talk.several):
            return None  # behind a sentence that names several nobody knows which is parted
        if money is not None and talk.stale and (money.value is None or money.value[0] < talk.index):
            return None
        return money

    def is_of_budget(self, clause: Clause) -> bool:
        """Whether a bracket stands right behind a budget, and so parts that."""
        last = self._last()
        return clause.pause == "（" and last is not None and last.aspect == "预算数" and self._stands_before(last, clause)

    def restate(self, text: str, opener: str, rest: str) -> None:
        """本年收入的具体构成为：, 人员经费包括：: what is named with the opener is what is parted, if it is known."""
        end = text.rfind(opener)
        if rest or end < 2:
            return
        subject = clean_subject(text[:end], self.talk.units)
        if is_generic(subject) or not is_plausible(subject):
            return
        known = self.talk.resolve(subject, self.lists.totals(), create=False)
        if known is not None and known.value is not None:
            self.talk.topic = known

    def open_bracket(self, clause: Clause, mark: str) -> None:
        """300 万元（人员经费 250 万元，公用经费 50 万元）: parts in brackets right behind their total need no 其中."""
        talk, sentence = self.talk, self.talk.sentence
        last = self._last()
        if last is None or last.aspect != VALUE or last.topic.value != last.at or not last.topic.money or not clause.figures:
            return
        first = sentence.figures[clause.figures[0]]
        if not self._stands_before(last, clause) or first.kind != "金额" or read_opener(clause.text, clause.closing)[0] or clause.text.startswith(_NOT_WHOLE):
            return
        if read_relation(clause.text[: first.start - clause.start], False).kind == VALUE:
            self.lists.open(Frame("（", last.topic, talk.counted, talk.index, sentence.sections, marker_kind(mark), sentence.paragraph, depth=clause.depth, at=clause.start))

    def _last(self) -> Draft | None:
        return self.talk.drafts[-1] if self.talk.drafts else None

    def _stands_before(self, draft: Draft, clause: Clause) -> bool:
        """Whether the draft's figure is the last thing in front of a bracket."""
        return draft.at[0] == self.talk.index and draft.at[1] >= 0 and self.talk.figure(draft.at[1]).end == clause.start - 1

    def _is_nought(self, topic: Topic) -> bool:
        figure = figure_at(self.talk.sentences, topic.value)
        return figure is not None and figure.amount.value == 0
