"""Sentences → mentions: which figure says what of which subject.

A left-to-right reading, clause by clause, with a memory (`topics.Talk`) of what is being talked about and
of the lists that are open (`lists.Lists`). What is not understood gets no mention.
"""

from __future__ import annotations

import re

from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.clauses import PAUSES, Clause, split_clauses
from juesuan_rules.reports.prose.lexicon import OPEN_END, STILL_REASON, YEAR
from juesuan_rules.reports.prose.lists import Lists
from juesuan_rules.reports.prose.model import Mention
from juesuan_rules.reports.prose.openings import Openings
from juesuan_rules.reports.prose.relations import BASE, CHANGED, COMPLETED, RATE, compared, read_relation
from juesuan_rules.reports.prose.remarks import accepts, announced, find_purpose, find_reason, give_reason, project_name, read_level, read_opener
from juesuan_rules.reports.prose.subjects import are_sides, clean_subject, find_marker, is_generic
from juesuan_rules.reports.prose.telling import Teller
from juesuan_rules.reports.prose.topics import SILENT_ROLES, Talk, Topic, heads_path, is_plausible

_AFRESH = ("当年", "本年", "全年", "截至", "年末", "截止", "支出决算", "年初预算", "决算数", "20", "完成")
_USED_FOR = ("用于", "用于购置", "用于更新", "用于购买", "用于更新购置", "用于新购")
_AT_END = ("年末", "期末", "年底", "截至", "截止", "全年", "当年末")
_ELABORATED = re.compile(r"[，（](?:占|完成|为(?:年初|全年)?预算|[比较]|与20|与上年|与年初|与预算|同比)")
_NO, _WHY, _FOR = "", "原因", "用途"


def find_mentions(sentences: tuple[Sentence, ...], unit: str = "") -> tuple[Mention, ...]:
    """Every figure of the prose that is understood, in order of reading; 持平 and the like among them.

    unit: the name of the department. Linear in the length of the sentences.
    """
    reader = _Reader(sentences, unit)
    for index, sentence in enumerate(sentences):
        if sentence.role not in SILENT_ROLES:
            reader.read(index, sentence)
    reader.lists.finish()
    return tuple([draft.mention() for draft in reader.talk.drafts if not draft.dropped])


class _Reader:
    def __init__(self, sentences: tuple[Sentence, ...], unit: str) -> None:
        self.talk = Talk(sentences, unit)
        self.lists = Lists()
        self.teller = Teller(self.talk, self.lists)
        self.openings = Openings(self.talk, self.lists)
        self.previous: Sentence | None = None
        self.mode = _NO
        self.local = False  # a figure of the reason's or purpose's own was seen
        self.saved: list[tuple[int, Topic | None, Topic | None]] = []
        self.led = False
        self.planned = 0  # depth of the brackets that part a budget
        self.mark = ""  # list number of the paragraph
        self.headed = False  # the sentence before was a heading
        self.heading: Topic | None = None  # and named this
        self.waiting: Topic | None = None  # an item named it, and no figure was told since

    def read(self, index: int, sentence: Sentence) -> None:
        """Read one sentence."""
        self.talk.index = index
        self._begin(sentence)
        heading = sentence.role == "标题" and not sentence.figures
        named = not sentence.figures and self._names_subject(sentence)
        self.headed, self.heading = heading or (named and bool(sentence.marker)), self.talk.topic if named else None
        self.waiting = self.heading if self.headed else None if sentence.figures else self.waiting
        if named or heading:
            self.previous = sentence
            return
        self.led, self.planned = False, 0
        self.saved.clear()
        clauses = split_clauses(sentence)
        for at, clause in enumerate(clauses):
            self._turn(clause)
            if clause.text or clause.head or clause.closing == "：":
                self._read_clause(clause, clauses[at - 1] if at else None, at == len(clauses) - 1)
        self._end()
        self.previous = sentence
        if sentence.figures:
            self.talk.stale = False
        elif len(sentence.text) > 14 and find_reason(sentence.text[:24])[0] < 0 and find_purpose(sentence.text[:12]) < 0 and not self.led:
            self.talk.stale = True

    def _begin(self, sentence: Sentence) -> None:
        talk, before = self.talk, self.previous
        section = before is None or before.sections != sentence.sections
        paragraph = section or before is None or before.paragraph != sentence.paragraph or bool(sentence.marker)
        if section:
            if before is None or before.sections[:2] != sentence.sections[:2]:
                talk.known = {}
            talk.topic = talk.counted = talk.main = talk.project = None
            talk.group, talk.several = [], []
            if self.headed and not sentence.marker:
                talk.topic = talk.main = self.heading
        if not self.headed and paragraph and self.waiting is not None and not sentence.marker and not section:
            self.headed, self.heading = True, self.waiting  # 2.水利（款）…（项）。主要用于…。| 年初预算为…
        starts_list = sentence.text.startswith(("其中", "包括", "具体包括"))
        if paragraph:
            self.mark = sentence.marker or find_marker(sentence.text)
        headed = self.headed and not sentence.marker
        is_item, total = self.lists.begin_sentence(sentence, paragraph and not headed, starts_list)
        if sentence.marker and paragraph:
            talk.topic = talk.counted = talk.main = talk.project = None
            talk.group = []
        elif headed:
            talk.topic = talk.main = self.heading
        elif total is not None and not section:
            talk.topic = talk.main = total
            talk.counted, talk.group = None, []
        elif is_item:
            talk.topic, talk.group = None, []
        else:
            talk.topic = talk.main or (talk.topic if not paragraph else None)
            if paragraph:
                talk.counted = talk.project = None
        if talk.project is not None:
            talk.topic = talk.project
        talk.named = []
        talk.compare = (talk.based[0], None) if starts_list and talk.based[1] == talk.index - 1 else None
        keep = self.mode == _WHY and not paragraph and STILL_REASON.match(sentence.text)
        self.mode, self.local = (_WHY, True) if keep else (_NO, False)

    def _names_subject(self, sentence: Sentence) -> bool:
        """A sentence that only names what follows is about: 人大事务（款）行政运行（项）。"""
        text = sentence.text.strip("。：；，")
        if not text or len(text) > 100 or find_purpose(text) >= 0 or find_reason(text)[0] >= 0 or "，" in text or not (heads_path(text) or text.endswith(("经费", "费", "费用"))):
            return False
        subject = clean_subject(text, self.talk.units)
        if not is_plausible(subject) or (len(subject) > 24 and not heads_path(subject)) or read_opener(text, "：")[0]:
            return False
        self.talk.topic = self.talk.main = self.talk.known.get(subject) or Topic(subject)
        return True

    def _end(self) -> None:
        talk = self.talk
        self.teller.close_group()
        opened = [frame for frame in self.lists.frames if frame.sentence == talk.index and frame.money is not None and frame.depth == 0]
        closed = [frame for frame in self.lists.closed[-6:] if frame.sentence == talk.index and frame.money is not None and frame.depth == 0 and frame.children]
        before = talk.main
        first = min([*opened, *closed], key=lambda frame: frame.at, default=None)
        if first is not None:
            talk.main = first.money
        elif len(talk.named) == 1:
            talk.main = talk.named[0]
        elif len(talk.named) > 1:
            talk.main = self.teller.end_of_several()
        if before is not None and talk.main is not None and are_sides(before.subject, talk.main.subject):
            talk.several = [before, talk.main]
        elif talk.named and not all(any(one is known for known in talk.several) for one in talk.named):
            talk.several = talk.named if len(talk.named) > 1 and first is None else []
        self.lists.end_sentence(self.led, talk.index, bool(talk.sentence.figures))

    def _turn(self, clause: Clause) -> None:
        """What the pause before a clause changes: brackets, lists, reasons."""
        talk = self.talk
        if clause.pause == "（":
            self.saved.append((len(self.lists.frames), talk.topic, talk.counted))
            self.openings.open_bracket(clause, self.mark)
        elif clause.pause == "）" and self.saved:
            frames, talk.topic, talk.counted = self.saved.pop()
            self.lists.close_from(frames)
        self.lists.depth = clause.depth
        self.planned = self.planned if clause.depth >= self.planned else 0
        rank = PAUSES.get(clause.pause, 0)
        if rank:
            self.teller.close_group(clause)
            self.lists.pause(rank)
        if self.mode == _FOR and (rank == 3 or (rank and clause.text.startswith(_AFRESH))):
            self.mode, self.local = _NO, False

    def _read_clause(self, clause: Clause, before: Clause | None, last: bool) -> None:
        text = clause.head + clause.text
        opener, rest = read_opener(text, clause.closing)
        made_of = text.startswith("由") and bool(clause.figures) and self.talk.sentence.text.rstrip("。；").endswith(("构成", "组成"))
        if made_of:
            opener, rest = "由", text[1:]
        if opener and not (self.mode and self.local):
            self.openings.restate(text, opener, rest)
            self._open(opener, clause)
            if self.mode == _FOR or self.mode == _WHY:
                self.mode = _NO
            self.led = (last and "、" not in rest) or (clause.closing == "：" and clause.start + len(clause.text) + 1 >= len(self.talk.sentence.text))
            if not clause.figures and not rest.strip():
                return
        else:
            self.led = False
        if clause.figures:
            self._read_figures(clause, before, made_of)
        else:
            self._read_words(clause, rest if opener else text)

    def _open(self, opener: str, clause: Clause) -> None:
        if self.openings.is_of_budget(clause):
            self.planned = clause.depth
        self.openings.open(opener, clause, self.mark)
        self.talk.group = self.talk.group if self.mode else []

    def _read_words(self, clause: Clause, text: str) -> None:
        talk = self.talk
        frame = self.lists.top
        if frame is not None and frame.sentence == talk.index:
            frame.names += 1
        if text.rstrip("：").endswith("综述") or "自评综述" in text or "评价综述" in text:
            self._begin_project(clause, text)
            return
        at, wording = find_reason(text)
        said = text if at < 0 else text[:at]
        if (heads_path(text) and clause.closing in ("：", "，", "。")) or (clause.closing == "：" and text.endswith(("费", "经费"))):
            subject = clean_subject(text, talk.units)
            if is_plausible(subject) and find_purpose(text) < 0 and at < 0 and self.mode == _NO:
                talk.topic, talk.counted, talk.group = Topic(subject), None, []
                return
        base = announced(said)
        if base and accepts(talk, base) and not (self.mode == _WHY and self.local):
            phrase = compared(said.strip())[0]
            subject = clean_subject(phrase, talk.units)
            talk.compare = (base, None)
            self.mode = _NO
            if not is_generic(subject) and is_plausible(subject) and len(subject) < 40 and (known := talk.resolve(subject, self.lists.totals(), create=False)):
                talk.topic = known
        elif not (self.mode == _WHY and self.local) and read_level(talk, said, self.lists.totals()) and self.mode == _WHY:
            self.mode = _NO
        if at >= 0 and self.mode != _WHY:
            self._begin_reason(clause, at, wording, text)
        elif find_purpose(text) >= 0 and self.mode == _NO:
            self.mode, self.local = _FOR, False

    def _begin_project(self, clause: Clause, text: str) -> None:
        talk = self.talk
        begun = talk.sentence.text[: clause.start]
        name = project_name(("" if any(mark in begun for mark in "。；：") else begun) + text)
        if not name:
            return
        talk.project = talk.topic = talk.main = Topic(name, project=True)
        talk.counted, talk.group, self.mode = None, [], _NO
        self.lists.close_from(0)

    def _begin_reason(self, clause: Clause, at: int, wording: int, text: str) -> None:
        talk = self.talk
        offset = clause.start - len(clause.head)
        plain = text[at:wording]
        is_reason = plain not in ("主要是", "主要为", "由于", "因为") or bool(talk.group and self._follows())
        if not is_reason and plain in ("主要是", "主要为"):
            self.mode, self.local = _FOR, False
            return
        give_reason(talk, talk.sentence.text, offset + wording, text[:at])
        self.mode, self.local = _WHY, False

    def _follows(self) -> bool:
        """Whether a change or completion was the last thing said."""
        last = self.talk.drafts[-1] if self.talk.drafts else None
        return last is not None and any(last is one for one in self.talk.group) and last.at[0] >= self.talk.index - 1

    def _read_figures(self, clause: Clause, before: Clause | None, made_of: bool) -> None:
        text, sentence = clause.head + clause.text, self.talk.sentence
        offset = clause.start - len(clause.head)
        start = 0
        for nth, number in enumerate(clause.figures):
            figure = sentence.figures[number]
            lead = text[start : figure.start - offset].removeprefix("由" if made_of else "")
            following = sentence.figures[clause.figures[nth + 1]].start if nth + 1 < len(clause.figures) else clause.start + len(clause.text)
            tail = sentence.text[figure.end : following]
            at, wording = find_reason(lead)
            if at >= 0 and self.mode != _WHY:
                read_level(self.talk, lead[:at], self.lists.totals())
                self._begin_reason(clause, start + at, start + wording, text)
                if self.mode == _FOR and lead[at:wording] in ("主要是", "主要为") and figure.kind == "金额":
                    self.mode = _NO
                    self._open(lead[at:wording], clause)
                    lead = lead[wording:]
            elif self.mode == _NO and (purpose := find_purpose(lead)) >= 0 and lead[purpose:] not in _USED_FOR:
                self.mode = _FOR
                self.local = True
                start = figure.end - offset
                continue
            if self.planned:
                pass
            elif self._concerns(clause, lead, figure.kind == "百分比"):
                self.teller.tell(number, lead, tail, clause, before, nth == 0)
                if self.mode == _FOR:
                    self.mode = _NO
            else:
                self.local = True
            if tail.strip().startswith(OPEN_END) and self.lists.top is not None:
                self.lists.top.open = True
            start = figure.end - offset

    def _concerns(self, clause: Clause, lead: str, percent: bool) -> bool:
        """Whether a figure is about the subject, and not of the reason or purpose being given."""
        if not self.mode:
            return True
        if STILL_REASON.match(lead.strip()):
            return False
        relation = read_relation(lead, percent)
        subject = clean_subject(relation.subject, self.talk.units)
        bare = is_generic(subject)
        top = self.lists.top
        new = relation.kind == "值" and not percent and not bare and self.mode == _WHY and clause.pause == "；"
        if new and ((top is not None and top.children) or (not self.local and (YEAR.match(lead.strip()) or lead.strip().startswith("本年") or subject.endswith(("总计", "合计"))))):
            self.mode = _NO
            return True
        if relation.kind == "值" and not percent and not self.local and self.mode == _WHY and clause.pause in ("，", "；") and lead.strip().startswith(_AT_END):
            self.mode = _NO
            return True
        if relation.kind in (CHANGED, RATE) and not self.local and subject in ("支出", "收入") and self.talk.compare is not None and self.talk.has_both_sides():
            self.mode = _NO
            return True
        if new and not self.local and self._is_sibling(clause):
            self.mode = _NO
            return True
        known = not bare and self.talk.resolve(subject, self.lists.totals(), create=False) is not None
        if self.mode == _FOR:
            return not self.local and (relation.kind != "值" or clause.pause in ("，", "。") or bare)
        if relation.kind in (CHANGED, RATE, COMPLETED, BASE, "占比"):
            states = relation.kind in (COMPLETED, "占比") or bool(relation.base) or (self.talk.compare is not None and clause.pause != "")
            if states and ((bare and not self.local and (relation.base or relation.kind in (COMPLETED, "占比"))) or (known and relation.base)):
                self.mode = _NO
                return True
        return False

    def _is_sibling(self, clause: Clause) -> bool:
        """…，主要原因是节约；公务接待费支出 9 万元，占…: what follows the ； is told as what stood before the reason, with a share, a completion or a change of its own."""
        sentence = self.talk.sentence
        before = any(draft.aspect == "值" and draft.at[0] == self.talk.index for draft in self.talk.drafts[-24:])
        end = sentence.text.find("；", clause.start + len(clause.text))
        rest = sentence.text[sentence.figures[clause.figures[0]].end : end if end >= 0 else None]
        return before and _ELABORATED.match(rest) is not None
