"""Which declared fact a mention states: its subject against the facts' names, its surroundings against their words.

A name of a fact is a noun phrase, or a path of them (财政拨款支出/基本支出): the last is the subject,
the others are what it must stand under, a total it is a part of or a heading. Phrases are compared
in one canonical form and whole: a subject that merely contains a fact's name is not that fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from juesuan_rules.amounts import COUNTS, PERCENT, PLAIN, SCORE, UNITS
from juesuan_rules.catalogue.model import FactSpec
from juesuan_rules.names import fold, label
from juesuan_rules.reports.model import Figure, Sentence

KINDS_OF_THINGS: tuple[frozenset[str], ...] = (
    frozenset(("辆", "台")),
    frozenset(("台", "套", "台套", "件")),
    frozenset(("人", "人次", "名")),
    frozenset(("批", "批次", "次", "个", "团组", "起", "场")),
    frozenset(("个", "项", "家", "户", "件", "期")),
)
"""Units of count that people use for one another."""

_PERCENTAGES = ("增减率", "比预算增减率", "完成率", "占比")
_UNIT = re.compile(r"(?:局|委员会|委|办公室|办|厅|院|学校|大学|中学|小学|中心|会|队|站|所|政府|部)")
_REGION = re.compile(r"[省市县区旗州镇乡盟].{1,30}$|^(?:国家|中国|中共|中央)")
_OTHERS = re.compile(r"[下所附直]属|行政单位|事业单位|[二三]级|其他")
_HEAD = re.compile(
    r"^(?:其中[:,]?|(?:截至|至|到)?(?:19|20)\d\d年?(?:度|末|底|\d{1,2}月(?:\d{1,2}日|底)?)?[,的]?|本年度?(?=.)|当年|今年|本期|年度|全年(?!预算)|"
    r"(?:本|我|各|该)(?:部门|单位|局|委|厅|办|院|会|中心|级)(?:\((?:部门|单位|本级|汇总)\))?|(?:部门|单位)(?!整体)(?=.)|省本级|市本级|区本级|县本级|"
    r"关于(?=.)|安排(?=国内|国外|公务|因公|接待|外事)|[^()]{2,20}(?:金额|总额|支出|合计)中,?(?=授予|货物|工程|服务|政府采购)|(?:机关|本级)?(?:和|及)?(?:所属|下属)[^()]{0,12}单位(?=机[关构]运行)|(?:所属)?行政单位(?:[和及,](?:参照公务员法管理的?)?事业单位)?(?:\([^()]{0,30}\))?(?=机[关构]运行)|"
    r"(?:使用|由|用)?(?:一般公共预算|本级)?(?:财政)?拨款(?:安排|负担|开支|列支)的?(?=因公|公务|购置|出国|更新|会议|培训|本部门|本单位|我)|"
    r"共计|合计(?=.)|累计|总共|实际|实有|现有|共有|共(?!公|产|青)|预计)"
)
_TAIL = re.compile(r"(?:,|决算数额?|决算额|的?情况|金额|数额|(?<=[^总余])额|分别|均|各|约|为|是|达到?|:)$")
_REMARK = re.compile(r"\([^()]{0,80}\)$")
_STOPS = "；;。"
_BETWEEN = "\x1f"
_IS_PLAIN = re.compile(r"(?!其中)[一-鿿]{1,80}").fullmatch
"""A name that `label` leaves as it is."""
_COMMA = re.compile(r"[，,]")
_BRACKET = re.compile(r"[（(][^（()）]{0,300}[)）]")
_IDLE = str.maketrans("", "", '",的')
_SYNONYMS = (
    ("(境)", ""), ("(维护)", "维护"), ("运行维护", "运行"), ("以及", "和"), ("及其", "和"), ("及", "和"), ("与", "和"), ("决算数", ""), ("决算额", ""), ("决算", ""), ("费用", "费"), ("费支出", "费"),
    ("一般公共财政", "一般公共预算财政"), ("公务车", "公务用车"), ("公车", "公务用车"), ("因公临时出国", "因公出国"), ("副部(省)级", "副省级"), ("(含)", ""), ("(套)", ""), ("结转结余", "结转和结余"),
    ("当年收入", "本年收入"), ("当年支出", "本年支出"), ("购置费和运行", "购置和运行"), ("小型微型", "小微"), ("小型、微型", "小微"), ("财政拔款", "财政拨款"),
)  # fmt: skip


class Around(msgspec.Struct, frozen=True):
    """Where a mention stands. headings: canonical, outermost first. totals: canonical subjects it is a
    part of, nearest first. clauses: see `clauses_around`."""

    headings: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """One name of one fact. path: what the subject must stand under. own: the fact's own name, which
    another fact's declared name outranks."""

    fact: int
    path: tuple[str, ...]
    own: bool


class Index(msgspec.Struct, frozen=True):
    """Facts by the canonical form of their names."""

    facts: tuple[FactSpec, ...]
    entries: dict[str, tuple[Entry, ...]]


@lru_cache(maxsize=4096)
def canonical(phrase: str) -> str:
    """A noun phrase as phrases are compared: without year, 本部门, 决算, quotes, 的; 及 and 与 as 和."""
    return _bare(_with_synonyms(label(phrase).translate(_IDLE)))


def _with_synonyms(text: str) -> str:
    for said, same in _SYNONYMS:
        text = text.replace(said, same)
    return text


def _bare(text: str) -> str:
    for ends in (_HEAD, _TAIL):
        while (shorter := ends.sub("", text, count=1)) != text and shorter:
            text = shorter
    return text.replace("费支出", "费")


def index_facts(facts: Sequence[FactSpec]) -> Index:
    """The names of all facts, ready to be looked up; made once for the reports of one layout."""
    return _index(tuple(facts))


@lru_cache(maxsize=4)
def _index(facts: tuple[FactSpec, ...]) -> Index:
    parts = dict.fromkeys([part for fact in facts for name in (*fact.names, fact.name) for part in name.split("/")])
    # A thousand names at once: one pass per synonym, not a thousand.
    plain = _with_synonyms(_BETWEEN.join([(part if _IS_PLAIN(part) else label(part)).translate(_IDLE) for part in parts])).split(_BETWEEN)
    known = dict(zip(parts, map(_bare, plain), strict=True))
    entries: dict[str, list[Entry]] = {}
    for number, fact in enumerate(facts):
        for name in dict.fromkeys((*fact.names, fact.name)):
            *path, last = [known[part] for part in name.split("/")]
            entry = Entry(number, tuple(path), not path and last == known.get(fact.name))
            entries.setdefault(last, []).append(entry)
    return Index(facts, {name: tuple(found) for name, found in entries.items()})


def surroundings(sentence: Sentence, start: int, totals: Sequence[str], before: str = "") -> Around:
    """What stands around a figure that begins at `start`. totals: subjects it is a part of, nearest first.
    before: the sentence before it in its paragraph, "" none."""
    headings = tuple([canonical(title) for title in sentence.sections])
    before = before.rstrip(_STOPS)
    clauses = clauses_around(sentence.text, start) + (clauses_around(before, len(before)) if before else ())
    return Around(headings, tuple([canonical(total) for total in totals]), (*clauses, *headings[-1:]))


def clauses_around(text: str, start: int) -> tuple[str, ...]:
    """The clauses between the same semicolons as a position, folded: its own, those before it from the
    nearest on, those after it. What brackets add elsewhere (其中：政府性基金预算项目0个) is left out."""
    start = max(start, 0)
    plain = _BRACKET.sub(lambda found: found.group() if found.start() <= start < found.end() else " " * len(found.group()), text)
    begin = max([plain.rfind(mark, 0, start) for mark in _STOPS]) + 1
    end = min([at for mark in _STOPS if (at := plain.find(mark, start)) >= 0], default=len(plain))
    before = _COMMA.split(plain[begin:start])
    after = _COMMA.split(plain[start:end])
    ordered = (before[-1] + after[0], *reversed(before[:-1]), *after[1:])
    return tuple([_folded(clause) for clause in ordered if clause.strip()])


@lru_cache(maxsize=1024)
def _folded(words: str) -> str:
    return fold(words).replace("(境)", "")


def bind(index: Index, subject: str, figure: Figure | None, column: str, around: Around) -> FactSpec | None:
    """The fact that a mention of `subject` states in `column`; the most closely described one, or None."""
    best: tuple[tuple[int, ...], FactSpec] | None = None
    for entry in _entries(index, subject):
        fact = index.facts[entry.fact]
        if not fits_unit(fact, figure, column) or not _holds(fact, around, subject) or not all(_stands_under(part, around) for part in entry.path):
            continue
        # 公务接待费…完成预算的66% is about its money, though the same phrase may count its 批次.
        of_money = not fact.unit and (figure is None or column in _PERCENTAGES)
        rank = (of_money, len(entry.path), sum(map(len, entry.path)), bool(fact.sections) + bool(fact.needs), not entry.own)
        if best is None or rank > best[0]:
            best = rank, fact
    return best[1] if best else None


def _entries(index: Index, subject: str) -> tuple[Entry, ...]:
    """Names that the subject is: as it stands, without a remark in brackets behind it, without a unit's name before it."""
    phrase = canonical(subject)
    if found := index.entries.get(phrase) or index.entries.get(canonical(_REMARK.sub("", phrase))):
        return found
    for unit in _UNIT.finditer(phrase):
        owner = phrase[: unit.end()]
        if _REGION.search(owner) and not _OTHERS.search(owner) and (found := index.entries.get(canonical(phrase[unit.end() :]))):
            return found
    return ()


def fits_unit(fact: FactSpec, figure: Figure | None, column: str) -> bool:
    """Whether a figure of this unit can stand in `column` of the fact: money for money, a count for a like count."""
    if figure is None:
        return True
    unit = figure.amount.unit
    if column in _PERCENTAGES:
        return unit == PERCENT
    if not fact.unit:
        return unit in UNITS
    if fact.unit in (SCORE, PERCENT):
        return unit == fact.unit or (fact.unit == SCORE and unit == PLAIN)
    return unit in COUNTS and (unit == fact.unit or any(fact.unit in kind and unit in kind for kind in KINDS_OF_THINGS))


def _holds(fact: FactSpec, around: Around, subject: str) -> bool:
    if fact.sections and not any(canonical(word) in heading for word in fact.sections for heading in around.headings):
        return False
    if any(_is_within(word, place) for word in fact.outside for place in (*around.headings, *around.totals)):
        return False
    if not fact.needs and not fact.without:
        return True
    for clause in around.clauses:  # the nearest clause that says anything to the point decides
        if any(_folded(word) in clause for word in fact.without):
            return False
        if any(_folded(word) in clause for word in fact.needs):
            return True
    return not fact.needs or any(_folded(word) in subject for word in fact.needs)


def _is_within(word: str, place: str) -> bool:
    """Whether a heading or total holds a word; begins with it where the word is declared so (^支出情况)."""
    return place.startswith(canonical(word[1:])) if word.startswith("^") else canonical(word) in place


def _stands_under(name: str, around: Around) -> bool:
    return name in around.totals or any(name in heading for heading in around.headings)
