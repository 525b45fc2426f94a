"""Changes and completions told: against the year before, against a budget, and the figures of those bases."""

from __future__ import annotations

from juesuan_rules.reports.prose.clauses import Clause
from juesuan_rules.reports.prose.lexicon import LINKS, UP
from juesuan_rules.reports.prose.lists import INLINE
from juesuan_rules.reports.prose.model import At
from juesuan_rules.reports.prose.relations import BASE, BUDGETED, CHANGED, COMPLETED, PART, PRIOR_VALUE, RATE, VALUE, Relation, aspect_of_change, is_budget
from juesuan_rules.reports.prose.remarks import accepts
from juesuan_rules.reports.prose.subjects import clean_whole
from juesuan_rules.reports.prose.topics import Draft, Topic, is_plausible
from juesuan_rules.reports.prose.values import Values


class Changes:
    """Tells what figures say in comparison.

    whole: the figure just told that the percentage behind it is of: (its place, topic, name, base).
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.talk = values.talk
        self.lists = values.lists
        self.whole: tuple[At, Topic, str, str] | None = None

    def tell_change(self, number: int, relation: Relation, clause: Clause) -> None:
        """增加…, 增长…%: of the subject named, else of the one talked about."""
        talk = self.talk
        subject = self.values.subject(relation.subject)
        last = next((one for one in reversed(talk.group) if one.aspect.endswith(("增减额", "增减率"))), None)
        last = last if last is not None and last.at[0] == talk.index else None
        if last is not None and not relation.base and not subject and self._completes(number, relation, last):
            return
        base, base_at = self._base(relation, last)
        if not base or not accepts(talk, base) or (not subject and (self._leaves_list(clause) or self._is_unclear(clause))):
            return
        topic, name = self.values.topic(relation.subject, talk.figure(number).kind != "计数")
        if topic is None:
            return
        aspect = aspect_of_change(relation.kind, base)
        if base_at is None and is_budget(base):
            base_at = topic.budget(base)
        direction = relation.direction or (UP if relation.kind == RATE and not relation.template else "")
        draft = talk.add(Draft((talk.index, number), topic, name, aspect, base=base, base_at=base_at, direction=direction))
        talk.based = (base, talk.index)
        same = last is not None and last.topic is topic and last.base == base and all(one.aspect != aspect for one in talk.group)
        talk.group = [*talk.group, draft] if same else [draft]
        if subject and topic.money:
            talk.remember(topic)

    def _completes(self, number: int, relation: Relation, last: Draft) -> bool:
        """The percentage behind its amount, or the amount behind its percentage."""
        if relation.kind == RATE and not last.aspect.endswith("率"):
            self.values.rate_after(number, last, relation.direction)
            return True
        if relation.kind == CHANGED and not last.aspect.endswith("额"):
            aspect = last.aspect[:-1] + "额"
            at = (self.talk.index, number)
            draft = Draft(at, last.topic, last.subject, aspect, last.value_at, last.base, last.base_at, relation.direction or last.direction)
            self.talk.group.append(self.talk.add(draft))
            return True
        return False

    def _base(self, relation: Relation, last: Draft | None) -> tuple[str, At | None]:
        """What the change is relative to: said with it, announced before it, or said of the change before."""
        talk = self.talk
        if talk.compare is not None and relation.base in ("", talk.compare[0]):
            return talk.compare
        if relation.base:
            return relation.base, None
        if last is not None:
            return last.base, None
        return (talk.based[0] if talk.based[1] == talk.index else ""), None

    def _leaves_list(self, clause: Clause) -> bool:
        """A comparison without subject behind a ；: the list is over and its total is meant, unless its parts
        are set apart by ； too. Whether nobody can tell."""
        frame = self.lists.top
        if clause.pause != "；" or frame is None or frame.style != INLINE or frame.parent is None:
            return False
        if frame.first_pause == 3:
            return True
        self.lists.close_from(len(self.lists.frames) - 1)
        self.talk.topic = frame.parent
        return False

    def _is_unclear(self, clause: Clause) -> bool:
        """其中：甲 100 万元，乙 50 万元，比上年增加…: nobody can say whether the total or 乙."""
        frame = self.lists.top
        if frame is None or frame.style != INLINE or len(frame.children) < 2 or frame.sentence != self.talk.index or clause.pause != "，":
            return False
        first = frame.children[0].topic
        return frame.first_pause < 3 and not any(one.topic is first and one.aspect != VALUE and one.aspect != "预算数" for one in self.talk.drafts[-60:])

    def tell_whole(self, number: int, relation: Relation) -> None:
        """占年初预算370.44万元的比重为…: the figure of the whole, for the percentage that follows."""
        talk = self.talk
        topic, name = self.values.topic(relation.subject)
        if topic is None or talk.figure(number).kind != "金额":
            return
        at = (talk.index, number)
        base = clean_whole(relation.base, talk.units)
        if is_budget(base):
            talk.add(Draft(at, topic, name, BUDGETED, base=base))
        elif is_plausible(base):
            talk.add(Draft(at, Topic(base, at), base, VALUE))
        self.whole = (at, topic, name, base)

    def tell_of_whole(self, number: int, lead: str) -> bool:
        """The percentage behind the figure of its whole."""
        if self.whole is None or self.whole[0] != (self.talk.index, number - 1):
            return False
        if LINKS.cut_links(lead.strip()).strip("的") not in ("", "比重", "比例", "比率"):
            return False
        base_at, topic, name, base = self.whole
        aspect = COMPLETED if is_budget(base) else PART
        self.talk.add(Draft((self.talk.index, number), topic, name, aspect, base=base, base_at=base_at))
        return True

    def tell_completion(self, number: int, relation: Relation) -> None:
        """完成预算的…%."""
        talk = self.talk
        topic, name = self.values.topic(relation.subject)
        if topic is None:
            return
        base_at = None
        if talk.compare is not None and is_budget(talk.compare[0]):
            base_at = talk.compare[1]
        explicit = bool(self.values.subject(relation.subject))
        draft = Draft((talk.index, number), topic, name, "完成率", base=relation.base, base_at=topic.budget(relation.base) or base_at)
        talk.group = [talk.add(draft)]
        if explicit:
            self.values.name(topic)

    def tell_share(self, number: int, relation: Relation) -> None:
        """占…的…%."""
        talk = self.talk
        subject = self.values.subject(relation.subject)
        if subject and not is_plausible(subject):
            return
        if subject:
            topic = talk.resolve(subject, self.lists.totals()) or Topic(subject)
        else:
            last = talk.drafts[-1] if talk.drafts else None
            counted = last is not None and last.at[0] == talk.index and bool(last.topic.counts) and last.aspect == VALUE
            found = last.topic if counted and last is not None else talk.current()
            if found is None:
                return
            topic = found
        draft = Draft((talk.index, number), topic, subject or topic.subject, PART, base=clean_whole(relation.base, talk.units))
        talk.add(draft)
        if subject and topic.value is None:
            talk.group = []

    def tell_base(self, number: int, relation: Relation) -> None:
        """The printed figure of what is compared with (与上年决算795.72万元相比)."""
        talk = self.talk
        if relation.base and not accepts(talk, relation.base):
            return
        topic, name = self.values.topic(relation.subject)
        if topic is None or talk.figure(number).kind != "金额":
            return
        at = (talk.index, number)
        budget = relation.kind == BASE and is_budget(relation.base)
        talk.add(Draft(at, topic, name, "预算数" if budget else PRIOR_VALUE, base=relation.base))
        talk.compare = (relation.base, at)
        talk.topic = topic
        if budget:
            topic.budgets = {**topic.budgets, relation.base: at}

    def tell_budget(self, number: int, relation: Relation) -> None:
        """年初预算为…, 全年预算数…."""
        talk = self.talk
        figure = talk.figure(number)
        if figure.kind != "金额" or "上年" in relation.subject or "去年" in relation.subject:
            return
        at = (talk.index, number)
        subject = self.values.subject(relation.subject)
        if subject and not is_plausible(subject):
            return
        topic = talk.current()
        if subject and relation.base in ("预算金额", "预算资金") and (topic is None or topic.subject != subject):
            self.values.tell_named(number, subject + relation.base, relation)
            return
        if subject and (topic is None or topic.subject != subject):
            old = talk.resolve(subject, self.lists.totals())
            topic = old if old is not None and old.value is not None and old.value[0] >= talk.index - 1 and not old.budgets else Topic(subject)
        if topic is None:
            return
        draft = talk.add(Draft(at, topic, subject or topic.subject, "预算数", base=relation.base))
        if LINKS.cut_links(relation.subject).endswith(("完成", "完成了", "占", "为")):
            self.whole = (at, topic, draft.subject, relation.base)  # 完成预算12万元的83.33%
        topic.budgets = {**topic.budgets, relation.base: at}
        talk.group = []
        if subject:
            self.values.name(topic) if self.values.inline else talk.remember(topic)
