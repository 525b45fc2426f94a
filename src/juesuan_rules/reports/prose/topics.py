"""What is being talked about while the sentences are read: subjects with their figures, and mentions in the making."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from juesuan_rules.reports.model import Figure, Sentence
from juesuan_rules.reports.prose.model import At, Mention
from juesuan_rules.reports.prose.subjects import LONGEST, abbreviates, fold_name, is_generic, strip_marker, unit_names

CHANGES = ("增减额", "增减率", "比预算增减额", "比预算增减率")
_NEAREST = 24
"""A sentence names no more topics than one can keep apart: so many are compared."""
SILENT_ROLES = frozenset(("目录", "封面", "名词解释", "表外", "附注"))
"""Roles of sentences that state nothing for the statements of the prose."""
_YEARS = re.compile(r"(?<![比较与同和])(20\d\d)年度")
_PATH = re.compile(r"（[类款项]）|\([类款项]\)")
_TITLE_ENDS = re.compile(r"(?:决算)?(?:总体|具体|结构|执行)?(?:情况)?(?:的)?(?:说明)?[。：]?$")


class Topic(msgspec.Struct):
    """A subject being talked about. value: its figure of this year. budgets: base as named → its figure.
    counts: unit → figure, of things counted."""

    subject: str
    value: At | None = None
    budgets: dict[str, At] = {}
    money: bool = True
    project: bool = False
    counts: dict[str, At] = {}

    def budget(self, base: str) -> At | None:
        """Its budget figure of that name; of any name where only one was said."""
        if base in self.budgets:
            return self.budgets[base]
        return next(iter(self.budgets.values())) if len(self.budgets) == 1 else None


class Draft(msgspec.Struct):
    """A mention in the making, and the topic it is of."""

    at: At
    topic: Topic
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
    dropped: bool = False
    part_of: int = 0

    def mention(self) -> Mention:
        """The finished mention."""
        value_at = self.value_at
        if value_at is None and self.topic.value is not None and self.topic.value[0] <= self.at[0] + 1:
            value_at = self.topic.value
        base_at = self.base_at
        if base_at is None and self.aspect == "完成率":
            base_at = self.topic.budget(self.base)
        if self.aspect in ("值", "上年数", "预算数", "得分"):
            base_at = None
        return Mention(self.at, self.subject, self.aspect, value_at, self.base, base_at, self.direction, self.parent, self.open_list, self.year, self.reason, self.part_of)


class Talk:
    """The state of reading: see the fields. Sentences are read in order, each once."""

    def __init__(self, sentences: tuple[Sentence, ...], unit: str = "") -> None:
        self.sentences = sentences
        self.units = unit_names(sentences, unit)
        self.year = report_year(sentences)
        self.drafts: list[Draft] = []
        self.topic: Topic | None = None  # of money, named last
        self.counted: Topic | None = None  # of things counted, named last
        self.main: Topic | None = None  # what the sentence before was about
        self.named: list[Topic] = []  # topics of money this sentence names, outside lists
        self.several: list[Topic] = []  # those of the last sentence that named any, where they are several
        self.known: dict[str, Topic] = {}  # folded name → topic, in this section
        self.compare: tuple[str, At | None] | None = None
        self.group: list[Draft] = []  # the change or completion said last
        self.index = 0
        self.project: Topic | None = None
        self.based = ("", -1)  # base of the last change, and the sentence it was said in
        self.dated: tuple[int, int] | None = None  # the year that the values since the last ； are of, and the sentence
        self.stale = False  # sentences about something else stand since the last figure

    @property
    def sentence(self) -> Sentence:
        """The one being read."""
        return self.sentences[self.index]

    def figure(self, number: int) -> Figure:
        """A figure of the sentence being read."""
        return self.sentence.figures[number]

    def add(self, draft: Draft) -> Draft:
        """Keep a draft; what is known of its topic by now is what it means."""
        if draft.value_at is None and draft.aspect not in ("预算数", "得分"):
            draft.value_at = draft.topic.value
        self.drafts.append(draft)
        return draft

    def remember(self, topic: Topic) -> None:
        """The topic becomes the one talked about."""
        if topic.money:
            self.topic, self.counted = topic, None
            if all(one is not topic for one in self.named[-_NEAREST:]):
                self.named.append(topic)
        else:
            self.counted = topic
        self.known[fold_name(topic.subject)] = topic

    def current(self, money: bool = True) -> Topic | None:
        """What a clause without a subject is about."""
        topic = self.topic if money else self.counted or self.topic
        if topic is None and money:
            title = self.title()
            if title:
                topic = self.topic = self.known.get(fold_name(title)) or Topic(title)
        return topic

    def has_both_sides(self) -> bool:
        """Whether the last sentence that named several named what was received and what was spent."""
        names = [fold_name(topic.subject) for topic in self.several]
        return any("收入" in name for name in names) and any("支出" in name for name in names)

    def title(self) -> str:
        """The subject that the heading above names, or ""."""
        for title in self.sentence.sections[:-3:-1]:
            text = _TITLE_ENDS.sub("", strip_marker(title).replace(" ", ""), count=1)
            if len(text) <= 60 and text.endswith(("经费", "费", "（项）", "（款）", "（类）", "支出", "收入")) and "、" not in text and not text.startswith("收入支出"):
                return text
        return ""

    def resolve(self, subject: str, others: tuple[Topic, ...] = (), create: bool = True) -> Topic | None:
        """The topic a subject means: one said before in this section under a variant of the name, or a new one.

        others: further candidates (totals of open lists) for a shortened name.
        """
        key = fold_name(subject)
        near = [one for one in (self.main, *others, self.topic, *self.several) if one is not None]
        if key in ("支出", "收入") and self.has_both_sides():
            return next(one for one in self.several if key in fold_name(one.subject))
        for one in near:
            if fold_name(one.subject) == key:
                return one
        if key in self.known:
            return self.known[key]
        if key in ("收支总计", "收支") and "收入总计" in self.known and "支出总计" in self.known:
            return self.known["收入总计"]
        for one in near:
            if one.value is not None and abbreviates(subject, one.subject):
                return one
        return Topic(subject) if create else None


def heads_path(subject: str) -> bool:
    """Whether the phrase is a 类/款/项 path."""
    return bool(_PATH.search(subject))


def report_year(sentences: tuple[Sentence, ...]) -> int | None:
    """The year the report speaks of most, or None."""
    counts = Counter[str]()
    for title in {title for sentence in sentences for title in sentence.sections}:
        counts.update(_YEARS.findall(title) * 3)
    for sentence in sentences:
        if sentence.role not in SILENT_ROLES:
            counts.update(_YEARS.findall(sentence.text[:80]))
    return int(max(counts, key=lambda year: (counts[year], year))) if counts else None


_BAD = re.compile(r"由于|因为|导致|使得|尚未|未纳入|不低于|不少于|不超过|不高于|每(?!年)|预计|力争|目标值|应于|计划于|若|如果|争取|拟|/")
_VERBAL = re.compile(r"[了将把被让对向从]$|^(?:对(?!.{1,30}(?:支出|补助|费|资金)$)|向|将|把|从|给)")


def is_plausible(subject: str) -> bool:
    """Whether words in front of a figure can be the noun phrase it is the value of."""
    if not subject or len(subject) > LONGEST or is_generic(subject):
        return False
    return not _BAD.search(subject) and not _VERBAL.search(subject) and any("一" <= char <= "鿿" for char in subject)
