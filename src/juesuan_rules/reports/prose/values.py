"""Values told: amounts, counts, scores and ratios, and the topics they are of."""

from __future__ import annotations

import re

from juesuan_rules.reports.model import Figure
from juesuan_rules.reports.prose.lexicon import JOINERS, LINKS, SCORE
from juesuan_rules.reports.prose.lists import INLINE, Lists
from juesuan_rules.reports.prose.relations import DONE, VALUE, Relation, year_named
from juesuan_rules.reports.prose.subjects import clean_subject, is_generic, side_named, strip_marker
from juesuan_rules.reports.prose.topics import Draft, Talk, Topic, is_plausible

_RATIOS = ("率", "度", "比例", "比", "比重", "覆盖面", "水平", "指数", "数", "占比", "情况")
_SIDES = ("支出", "收入")
_NEVER_SPENT = ("收入", "结余", "结转")
_WORTH = ("金额", "价值", "涉及金额", "金额为")
_BOUGHT = ("购置", "购买", "更新", "新购", "购入", "新增", "购置了", "更新了")
_SUMS = ("合计", "共计", "总计", "总共", "共")
_RECEIVED = ("接待", "共接待", "公务接待共")
"""Of things counted these name nothing: the subject was said before."""
_PEOPLE = ("人", "人次", "批次", "批", "团组")
_THINGS = frozenset(("辆", "台", "套", "台套"))
_HEADS_COUNTED = frozenset("人数 人次 批次 参加人数 接待人数 接待人次 接待批次 总人数 接待总人数 来访人员 来宾 累计人次 参加人员 人员 来宾人数 总人次 接待总人次 随行人员".split())
"""Nor do these where what is counted by another unit was named just before."""
_COUNT_VERBS = re.compile(r"(?:对|为|共|有|反映|涉及|纳入|选取|包括|及|和|覆盖|评价|完成|下达|安排|下属|所属|开展|组织|接待|累计|实施|由|以及|接待了|参加|达|其中|，|、|：|为：|共有|构成|分为|设|的|全年|含|购置|新增|安排了|实现)$")
_YEAR_LAST = re.compile(r"(?:20\d\d年度?|本年度?|今年)$")
_NOUN_ENDS = re.compile(r"[，。；：、（的）]|开展|进行|绩效|纳入|全部|均|全面|组成|构成|已|自评|实施|开展了")


class Values:
    """Tells what a subject's figure is, and finds the subjects."""

    def __init__(self, talk: Talk, lists: Lists) -> None:
        self.talk = talk
        self.lists = lists

    @property
    def inline(self) -> bool:
        """Whether the innermost open list is one inside the sentence."""
        return self.lists.top is not None and self.lists.top.style == INLINE

    def subject(self, words: str) -> str:
        """The noun phrase, or "" where it only points at the one named before."""
        subject = clean_subject(words, self.talk.units)
        if subject.startswith(("（项）", "（款）")) and self.talk.sentence.sections:
            return strip_marker(self.talk.sentence.sections[-1]) + subject  # its mark alone fell on the next line
        return "" if is_generic(subject) and not (subject in _SIDES and self._tells_side(subject)) else subject

    def _tells_side(self, side: str) -> bool:
        """Whether 支出 or 收入 alone names something: one of the two sides named before, or the side of what was not that one (年初结转和结余1万元；支出6万元)."""
        topic = self.talk.topic
        if self.talk.has_both_sides():
            return True
        return side == "支出" and topic is not None and topic.subject.endswith(_NEVER_SPENT) and topic.value is not None and topic.value[0] == self.talk.index

    def topic(self, words: str, money: bool = True) -> tuple[Topic | None, str]:
        """(topic, its name here) that words in front of a figure mean; (None, "") where they are not understood."""
        subject = self.subject(words)
        if not subject:
            topic = self.talk.current(money)
            return topic, topic.subject if topic else ""
        if not is_plausible(subject) and subject not in _SIDES:
            return None, ""
        topic = self.talk.resolve(subject, self.lists.totals())
        if topic is None:
            return None, ""
        if subject.startswith(("收支", "收、支")) and side_named(topic.subject) != "收支":
            return topic, subject  # of both, though only 收入总计 was named before
        return topic, subject if len(subject) >= len(topic.subject) or topic.value is None else topic.subject

    def tell(self, number: int, relation: Relation, tail: str, lead: str) -> None:
        """A figure that is its subject's value."""
        figure = self.talk.figure(number)
        if figure.kind == "百分比":
            self._tell_ratio(number, relation, lead)
        elif figure.kind == "分值" or (figure.kind == "数" and SCORE.at_end(LINKS.cut_links(lead))):
            self._tell_score(number, relation)
        elif figure.kind == "金额":
            self._tell_money(number, relation, lead)
        else:
            self._tell_count(number, relation, tail, lead)

    def _tell_money(self, number: int, relation: Relation, lead: str) -> None:
        talk = self.talk
        subject = self.subject(relation.subject)
        if subject:
            if is_plausible(subject) or (subject in _SIDES and not talk.has_both_sides()):
                self.tell_named(number, subject, relation)
            return
        before = talk.drafts[-1] if talk.drafts else None
        bare = JOINERS.cut_start(lead.strip())
        counted = before is not None and before.at == (talk.index, number - 1) and bool(before.topic.counts)
        if before is not None and counted and (not bare or (bare in _WORTH and not _THINGS.isdisjoint(before.topic.counts))):
            talk.add(Draft((talk.index, number), before.topic, before.subject, VALUE))  # 接待0批次、0人、0.00万元; 轿车0辆、金额0万元
            return
        self._tell_unnamed(number, relation, lead, "执行数" if relation.kind == DONE else "")

    def _tell_count(self, number: int, relation: Relation, tail: str, lead: str) -> None:
        talk = self.talk
        figure = talk.figure(number)
        at = (talk.index, number)
        if noun := _noun_after(lead, tail):
            noun = "购置" + noun if lead.strip().endswith(_BOUGHT) and figure.amount.unit == "辆" else noun
            topic = Topic(noun, at, money=False, counts={figure.amount.unit: at})
            draft = talk.add(Draft(at, topic, noun, VALUE))
            talk.counted = topic
            self.lists.take(draft, figure, True)
            return
        subject = self.subject(relation.subject)
        if subject in _RECEIVED or not subject or self._goes_on_counting(subject, figure):
            self._tell_unnamed(number, relation, lead)
        elif is_plausible(subject):
            self.tell_named(number, subject, relation)

    def _goes_on_counting(self, subject: str, figure: Figure) -> bool:
        """国内公务接待58批次，接待人数42人: people of what was counted in groups in this sentence, or of what it cost."""
        talk = self.talk
        counted = talk.counted or talk.topic
        at = None if counted is None else (next(iter(counted.counts.values()), None) if counted.counts else counted.value)
        return subject in _HEADS_COUNTED and counted is not None and at is not None and at[0] == talk.index and figure.amount.unit not in counted.counts

    def _tell_unnamed(self, number: int, relation: Relation, lead: str, aspect: str = "") -> None:
        """A value of what was named before; of the bare word in front of it where nothing was."""
        talk = self.talk
        figure = talk.figure(number)
        money = figure.kind == "金额"
        counted = talk.counted if money and talk.topic is None and lead.strip("，").startswith(_SUMS) else None
        at = next(iter(counted.counts.values()), None) if counted is not None else None
        known = Topic(counted.subject) if counted is not None and at is not None and at[0] == talk.index else talk.current(money)
        if not money and known is not None and figure.amount.unit in _PEOPLE and not _THINGS.isdisjoint(known.counts):
            return
        if money and known is not None and known.value is not None and (aside := self._counted_aside(number)):
            known = Topic(aside)
        if known is not None and known.value is not None and known.value[0] == talk.index and lead.strip().startswith(_SUMS) and money:
            return  # of all that was named before
        if known is None:
            printed = clean_subject(relation.subject, talk.units)
            if printed:
                self.tell_named(number, printed, relation)
            return
        if not aspect:
            aspect = "执行数" if money and known.value is not None and "实际" in relation.subject else VALUE
        draft = talk.add(Draft((talk.index, number), known, known.subject, aspect))
        self.has_value(known, draft, explicit=False)

    def _counted_aside(self, number: int) -> str:
        """What was counted since the last ；, "" nothing: …；接待外宾0批0人次，支出0元 is its money."""
        talk = self.talk
        last = talk.drafts[-1] if talk.drafts else None
        begun = talk.sentence.text.rfind("；", 0, talk.figure(number).start)
        if last is None or begun < 0 or last.at != (talk.index, number - 1) or not last.topic.counts:
            return ""
        return last.subject if talk.figure(number - 1).start > begun else ""

    def tell_named(self, number: int, subject: str, relation: Relation) -> None:
        """A value of a subject named with it."""
        talk = self.talk
        figure = talk.figure(number)
        at = (talk.index, number)
        money = figure.kind == "金额"
        topic = talk.topic if money and talk.topic is not None and talk.topic.subject == subject and talk.topic.value is None else None
        if topic is None:
            topic = Topic(subject, money=money, counts={} if money else {figure.amount.unit: at})
            old = talk.resolve(subject, create=False) if money else None
            if old is not None and old.subject == subject and old.value is None:
                topic.budgets = dict(old.budgets)
        draft = talk.add(Draft(at, topic, subject, "执行数" if relation.kind == DONE else VALUE, year=year_named(relation.subject)))
        self.has_value(topic, draft, explicit=True)

    def has_value(self, topic: Topic, draft: Draft, explicit: bool) -> None:
        """What follows from a topic's getting a value: it may be a part of a list, and is talked about now."""
        talk = self.talk
        figure = talk.figure(draft.at[1])
        money = figure.kind == "金额"
        if draft.aspect == VALUE and money == topic.money:
            topic.value = draft.at
            if not money:
                topic.counts = {figure.amount.unit: draft.at, **topic.counts}
        elif draft.aspect == "执行数" and topic.value is None:
            topic.value = draft.at
        item = draft.aspect == VALUE and self._take(topic, draft, figure, explicit)
        if money and (explicit or topic is talk.topic):
            named = list(talk.named)
            talk.remember(topic)
            if item and self.inline:
                talk.named = named
            if topic.project:
                talk.project = topic
        elif not money and explicit:
            talk.counted = topic
        if explicit:
            talk.group = []

    def _take(self, topic: Topic, draft: Draft, figure: Figure, explicit: bool) -> bool:
        frame = self.lists.top
        pending = frame is not None and frame.pending
        first = explicit or pending or not any(one.topic is topic and one.aspect == VALUE for one in self.talk.drafts[-60:-1])
        return self.lists.take(draft, figure, first)

    def name(self, topic: Topic) -> None:
        """The topic is talked about now, and is a part of what the sentence is about where it is in a list."""
        kept = list(self.talk.named)
        self.talk.remember(topic)
        if self.inline or any(one is not topic for one in kept):
            self.talk.named = kept

    def rate_after(self, number: int, last: Draft, direction: str) -> None:
        """The percentage of a change whose amount was told."""
        aspect = last.aspect.removesuffix("额") + "率"
        draft = Draft((self.talk.index, number), last.topic, last.subject, aspect, last.value_at, last.base, last.base_at, direction or last.direction)
        self.talk.group.append(self.talk.add(draft))

    def _tell_ratio(self, number: int, relation: Relation, lead: str) -> None:
        talk = self.talk
        bare = JOINERS.cut_start(LINKS.cut_links(lead)).strip()
        if not bare:
            last = talk.group[-1] if talk.group else None
            if last is not None and last.aspect in ("增减额", "比预算增减额") and last.at[0] == talk.index and last.at[1] == number - 1:
                self.rate_after(number, last, last.direction)
            return
        subject = self.subject(relation.subject)
        if subject.endswith(_RATIOS) and is_plausible(subject):
            topic = Topic(subject, (talk.index, number), money=False)
            talk.add(Draft((talk.index, number), topic, subject, VALUE))

    def _tell_score(self, number: int, relation: Relation) -> None:
        talk = self.talk
        subject = self.subject(relation.subject)
        at = (talk.index, number)
        if talk.project is not None:
            talk.add(Draft(at, talk.project, talk.project.subject, "得分"))
        elif subject and is_plausible(subject):
            topic = Topic(subject, at, money=False)
            talk.add(Draft(at, topic, subject, VALUE))


def _noun_after(lead: str, tail: str) -> str:
    """The counted noun behind a figure (对2个单位开展…), "" where it stands in front."""
    verb = _YEAR_LAST.sub("", lead.strip())
    if verb and not _COUNT_VERBS.search(verb):
        return ""
    end = _NOUN_ENDS.search(tail)
    noun = (tail[: end.start()] if end else tail).strip()
    return noun if 1 < len(noun) <= 24 and (noun in ("项目", "单位") or is_plausible(noun)) else ""
