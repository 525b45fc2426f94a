"""Lists of parts: 其中, 包括, 分为 …, in one sentence, over numbered sentences or over paragraphs.

Whether a list must be complete is decided by wording alone (等, 主要, 如, a single part), never by figures.
"""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.reports.model import Figure, Sentence
from juesuan_rules.reports.prose.lexicon import MAINLY, REST, WEAK_OPENERS
from juesuan_rules.reports.prose.model import At
from juesuan_rules.reports.prose.partitions import is_whole, partition
from juesuan_rules.reports.prose.subjects import fold_name, is_side_of, marker_kind
from juesuan_rules.reports.prose.topics import Draft, Topic

INLINE, NUMBERED, PARAGRAPHS = "句内", "编号", "分段"
_DEEPEST = 12
_AVERAGES = ("车均", "人均", "户均", "平均", "次均")
"""An average is no part of a total."""
_ASIDE = ("授予", "面向", "预留")
"""A share of these is of the same total as other shares."""
_SHARED = re.compile(r"[^\d，。；：]{2,40}[\d.,]{1,16}[万亿]?元[，（]占")
_NAME = re.compile(r"[^\d，。；：]{2,24}")
_ENOUGH = 4
"""主要包括 with a figure for each of so many parts is the template's whole list."""


class Frame(msgspec.Struct):
    """An open list. money, counted: what its total may be. children: its parts so far. style: how the
    parts are set. scope: headings above it. lead_kind, item_kind: series of the list numbers of the sentence
    that opens it and of its parts. first_pause, pause: how strongly parts are parted. carried: the next
    sentence may go on with it; spread: one did; shape: what is told behind each part (占), "" unlike."""

    opener: str
    money: Topic | None
    counted: Topic | None
    sentence: int
    scope: tuple[str, ...]
    lead_kind: str
    paragraph: int
    style: str = INLINE
    item_kind: str = ""
    children: list[Draft] = msgspec.field(default_factory=list)
    names: int = 0
    open: bool = False
    pending: bool = False
    first_pause: int = 0
    pause: int = 0
    counts: bool = False
    unit: str = ""
    depth: int = 0
    at: int = 0
    carried: bool = False
    rest: bool = False
    spread: bool = False
    shape: str = ""

    @property
    def parent(self) -> Topic | None:
        """The topic whose total it parts."""
        return self.counted if self.counts else self.money


class Lists:
    """The open lists, the outermost first."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.closed: list[Frame] = []
        self.left: Frame | None = None  # a numbered list that a plain paragraph ended, as it seemed
        self.depth = 0  # brackets around what is being read
        self.text = ""  # of the sentence being read
        self.ended: Frame | None = None  # the last list that went over sentences

    @property
    def top(self) -> Frame | None:
        """The innermost open list."""
        return self.frames[-1] if self.frames else None

    def open(self, frame: Frame) -> None:
        """Begin a list; one begun at the same spot (主要包括：其中) gives way to it."""
        top = self.top
        if top is not None and top.style == INLINE and not top.children and not top.names and top.sentence == frame.sentence:
            self.frames.pop()
            frame.money, frame.counted = top.money, top.counted
        if len(self.frames) >= _DEEPEST:
            self.close_from(_DEEPEST - 1)
        self.frames.append(frame)

    def close_from(self, at: int) -> Frame | None:
        """Close the list at that depth and those inside it; the outermost closed."""
        outermost = self.frames[at] if at < len(self.frames) else None
        self.closed += self.frames[at:]
        del self.frames[at:]
        return outermost

    def totals(self) -> tuple[Topic, ...]:
        """Topics whose parts are being listed, the innermost first."""
        return tuple([frame.parent for frame in reversed(self.frames) if frame.parent is not None])

    def begin_sentence(self, sentence: Sentence, new_paragraph: bool, starts_list: bool) -> tuple[bool, Topic | None]:
        """Close what the sentence is no part of. (whether it is an item, total of the list just closed).

        starts_list: the sentence goes on about the last item (其中 …) and closes nothing.
        """
        self.text = sentence.text
        for at, frame in enumerate(self.frames):
            if sentence.sections[: len(frame.scope)] != frame.scope:
                self.close_from(at)
                break
        if sentence.marker and new_paragraph:
            return self._begin_numbered(marker_kind(sentence.marker), sentence)
        return self._begin_plain(sentence, new_paragraph, starts_list)

    def _begin_numbered(self, kind: str, sentence: Sentence) -> tuple[bool, Topic | None]:
        while self.frames and self.frames[-1].style == INLINE:
            self.close_from(len(self.frames) - 1)
        for at in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[at]
            if frame.item_kind == kind:
                self.close_from(at + 1)
                frame.pending = True
                return True, None
        for at, frame in enumerate(self.frames):
            if frame.lead_kind == kind:
                closed = self.close_from(at)
                return False, closed.parent if closed else None
        if self._goes_on(kind, sentence):
            return True, None
        top = self.top
        if top is not None and top.style == NUMBERED and top.item_kind and top.pending:
            top.open, top.pending = True, False  # the item has items of its own, and no figure
        if top is not None and top.style != INLINE and not top.item_kind and not top.children:
            top.item_kind, top.style, top.pending = kind, NUMBERED, True
            return True, None
        return False, None

    def _goes_on(self, kind: str, sentence: Sentence) -> bool:
        """Whether the next number of a list comes that a plain paragraph (主要原因：…) only seemed to end; another one of its numbers shows that it was not whole."""
        left, self.left = self.left, None
        if left is None or left.item_kind != kind or sentence.sections[: len(left.scope)] != left.scope:
            return False
        digits = "".join([char for char in sentence.marker if char.isdigit()])
        if digits == str(len(left.children) + 1) and any(one is left for one in self.closed):
            self.closed = [one for one in self.closed if one is not left]
            left.pending = True
            self.frames.append(left)
            return True
        left.open = left.open or digits != "1"
        return False

    def _begin_plain(self, sentence: Sentence, new_paragraph: bool, starts_list: bool) -> tuple[bool, Topic | None]:
        closed: Frame | None = None
        while self.frames and self.frames[-1].style == INLINE and not (self.frames[-1].carried and (not new_paragraph or self._goes_with(self.frames[-1]))):
            closed = self.close_from(len(self.frames) - 1)
            self.ended = closed if closed is not None and closed.spread else self.ended
        if self.ended is not None and not self.frames and _SHARED.match(sentence.text) and sentence.sections == self.ended.scope:
            self.ended.open = True  # one more part, though it seemed over
        if not new_paragraph or starts_list:
            return False, None
        top = self.top
        if top is not None and top.style == PARAGRAPHS:
            top.pending = True
            return True, None
        if top is not None and top.style == NUMBERED and not top.item_kind and not top.children:
            top.style, top.pending = PARAGRAPHS, True
            return True, None
        while self.frames and self.frames[-1].style == NUMBERED and self.frames[-1].item_kind:
            closed = self.left = self.close_from(len(self.frames) - 1)
        return False, closed.parent if closed else None

    def _goes_with(self, frame: Frame) -> bool:
        """Whether a paragraph begins with another part (其中人员经费…。| 公用经费…), told like those before."""
        begins = _NAME.match(self.text)
        if begins is not None and partition([frame.children[0].subject, begins.group()]) >= 0:
            return True
        return frame.shape == "占" and _SHARED.match(self.text) is not None

    def end_sentence(self, leads: bool, index: int, told: bool) -> None:
        """At the end of a sentence: lists inside it are over, but for one that leads to the next ones.

        leads: the sentence ends in the word that opens its last list, and a colon. A list of 其中 with one
        part in each sentence so far may find the others in the next sentences of the paragraph. told: the
        sentence has figures; one without (主要原因是…) ends no list.
        """
        if leads and self.frames:
            self.frames[-1].style = NUMBERED
        for frame in self.frames:
            if frame.style == INLINE:
                if frame.carried and not told:
                    continue
                first = bool(frame.children) and (len(frame.children) == 1 or frame.carried)
                frame.carried = first and frame.children[-1].at[0] == index and frame.opener not in WEAK_OPENERS and frame.opener not in MAINLY

    def pause(self, rank: int) -> None:
        """A pause between clauses: it tells parts from what follows the list."""
        inline = [frame for frame in self.frames if frame.style == INLINE]
        if rank == 3 and inline:
            last = inline[-1]
            if (len(inline) > 1 and inline[-2].depth == last.depth) or (not last.children and last.names):
                self.close_from(len(self.frames) - 1)
        for frame in self.frames:
            frame.pause = max(frame.pause, rank)

    def take(self, draft: Draft, figure: Figure, explicit: bool) -> bool:
        """Make a value a part of the innermost list it belongs to; whether it is one."""
        frame = self.top
        if frame is not None and frame.depth != self.depth and frame.style == INLINE:
            return False
        if frame is None or figure.kind not in ("金额", "计数") or (frame.style != INLINE and not frame.pending):
            return False
        counts = figure.kind == "计数"
        if not frame.children:
            parent = frame.counted if counts else frame.money
            if counts and parent is not None and figure.amount.unit not in parent.counts:
                parent = None
            if parent is None or parent is draft.topic or not explicit:
                frame.pending = False if explicit else frame.pending
                return False
            frame.counts, frame.unit = counts, figure.amount.unit
        elif counts != frame.counts or (counts and figure.amount.unit != frame.unit):
            frame.pending = frame.pending and counts
            return False
        parent = frame.parent
        if parent is None or not self._fits(frame, draft, parent) or (frame.carried and not self._carries_on(frame, draft, figure)):
            return False
        shape = _shape(self.text[figure.end : figure.end + 4])
        frame.shape = shape if not frame.children or shape == frame.shape else ""
        frame.children.append(draft)
        frame.pause, frame.pending = 0, False
        return True

    def _fits(self, frame: Frame, draft: Draft, parent: Topic) -> bool:
        if fold_name(draft.subject) == fold_name(parent.subject) or is_side_of(draft.subject, parent.subject) or any(one.topic is draft.topic or fold_name(one.subject) == fold_name(draft.subject) for one in frame.children):
            return False
        if draft.subject.startswith(_AVERAGES):
            return False
        if _level(draft.subject) and _level(draft.subject) <= _level(parent.subject):
            return False
        if frame.style != INLINE or not frame.children:
            return True
        if not frame.first_pause:
            frame.first_pause = max(frame.pause, 1)
        elif frame.pause > frame.first_pause and not frame.carried:
            if frame.rest or not draft.subject.startswith(REST):
                # Another kind of pause: the list is over, or badly punctuated. Nobody can tell from the words.
                frame.open = frame.open or (frame.first_pause, frame.pause) == (2, 3)
                self.close_from(len(self.frames) - 1)
                return False
            frame.rest = True
        return True

    def _carries_on(self, frame: Frame, draft: Draft, figure: Figure) -> bool:
        """Whether a figure of the next sentence is a part too: the second one may be, others where they are told like those before."""
        frame.spread = True
        alike = bool(frame.shape) and _shape(self.text[figure.end : figure.end + 4]) == frame.shape
        return len(frame.children) == 1 or alike or partition([*[one.subject for one in frame.children], draft.subject]) >= 0

    def finish(self) -> None:
        """Close everything and tell the parts their totals."""
        self.close_from(0)
        for number, frame in enumerate(self.closed, 1):
            total = frame.parent
            parent: At | None = None if total is None else total.counts.get(frame.unit) if frame.counts else total.value
            if total is None or parent is None:
                continue
            is_open = frame.open or frame.opener in WEAK_OPENERS or len(frame.children) < 2
            is_open = is_open or (frame.spread and not _tells_all(frame, total))
            is_open = is_open or (frame.opener in MAINLY and frame.style == INLINE and (len(frame.children) < _ENOUGH or frame.names > 0))
            for child in frame.children:
                child.parent, child.open_list, child.part_of = parent, is_open, number


def _level(subject: str) -> int:
    """1 for a 类, 2 for a 款, 3 for a 项, 0 where no mark says so."""
    last = max((subject.rfind(f"（{mark}）"), level) for level, mark in enumerate("类款项", 1))
    return last[1] if last[0] >= 0 else 0


def _shape(after: str) -> str:
    """What is told behind a figure, as far as parts of one total have it in common: "占", "完成" or ""."""
    text = after.lstrip("，,（( ")
    return next((word for word in ("占", "完成") if text.startswith(word)), "")


def _tells_all(frame: Frame, total: Topic) -> bool:
    """Whether a list that goes over sentences is surely whole: each part has its share, or they are the known parts of such a total."""
    names = [one.subject for one in frame.children]
    if frame.shape == "占" and not any(word in name for name in names for word in _ASIDE):
        return True
    return is_whole(names) or (len(names) == 2 and _completes(total.subject, names[0], names[1]))


def _completes(whole: str, first: str, second: str) -> bool:
    """Whether the name of a total is put together from those of its two parts (购置及运行维护费)."""
    for word in ("及", "和", "与"):
        left, found, right = whole.partition(word)
        if found and len(left) > 1 and len(right) > 1 and left[-2:] in first and right[:2] in second:
            return True
    return False
