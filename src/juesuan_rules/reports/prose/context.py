"""Mentions in their surroundings: scopes, projects, the totals a figure is a part of, explanations to pass over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from juesuan_rules.reports.model import Figure, Sentence, Table
from juesuan_rules.reports.prose.explained import explained
from juesuan_rules.reports.prose.model import At, Mention, figure_at
from juesuan_rules.reports.prose.scopes import find_projects, find_scopes

_REASONS = ("原因", "由于", "因为")
_RESETS = ("，年末", "，期末", "，年底", "，截至", "，截止", "，全年", "其中", "完成", "比上年", "与上年", "较上年", "比年初", "与年初", "占", "；", ";")
_DEEPEST = 6


_NEVER_SPENT = ("收入", "结余", "结转")
_SPENT = re.compile(r"(?:^|[；，、;,])支出为?$")
_LEAD = re.compile(r"^[^，。：；:,;\d]{2,120}?（[类款项]）[”\"]?(?:支出)?(?=$|[，。：；:,;\d ])")


def _is_said(subject: str, text: str, end: int = 4) -> bool:
    """Whether a sentence names the subject itself, by its first letters and its last ones: what stands
    between them (a year) may have been left out."""
    return subject[:4] in text and subject[-end:] in text


def _find_leads(sentences: Sequence[Sentence]) -> list[str]:
    """Per sentence the path of a 科目 that its paragraph begins with, "" none."""
    leads: list[str] = []
    paragraph, lead = -1, ""
    for sentence in sentences:
        found = _LEAD.match(sentence.text, 0, 160) if "（" in sentence.text[:80] else None
        if sentence.paragraph != paragraph:
            paragraph, lead = sentence.paragraph, ""
        if found:
            lead = found.group()
        leads.append(lead)
    return leads


class Context:
    """What binding asks about a mention beyond its own words. Made once per report."""

    def __init__(self, sentences: Sequence[Sentence], mentions: Sequence[Mention], tables: Mapping[str, Table]) -> None:
        self.sentences = tuple(sentences)
        self.mentions = tuple(mentions)
        self.scopes = find_scopes(sentences)
        self.projects = find_projects(sentences)
        self._told = explained(self.sentences)
        self._subjects = {mention.at: mention for mention in mentions}
        self._leads = _find_leads(self.sentences)
        years = Counter(table.year for table in tables.values() if table.year) or Counter(m.year for m in mentions if m.year)
        self.year: int | None = years.most_common(1)[0][0] if years else None

    def told(self) -> Iterator[Mention]:
        """Mentions of the explanation of the accounts."""
        return (mention for mention in self.mentions if mention.at[0] in self._told)

    def tells(self, sentence: int) -> bool:
        """Whether a sentence belongs to the explanation of the accounts."""
        return sentence in self._told

    def figure(self, mention: Mention) -> Figure | None:
        """The mention's figure; None for 持平."""
        return figure_at(self.sentences, mention.at)

    def subject(self, mention: Mention) -> str:
        """What the mention is about; where its subject is not in its sentence, the 类/款/项 path that its paragraph begins with."""
        lead, subject = self._leads[mention.at[0]], mention.subject
        text = self.sentences[mention.at[0]].text
        figure = self.figure(mention)
        if figure is not None and subject.endswith(_NEVER_SPENT) and _SPENT.search(text, max(figure.start - 4, 0), figure.start):
            return "支出"  # 年初结转和结余1万元；支出6万元: the latter is no 结余
        return lead if lead and not _is_said(subject, text) and subject not in lead else subject

    def totals(self, mention: Mention) -> list[str]:
        """Subjects that the mention is a part of, nearest first."""
        found: list[str] = []
        at: At | None = mention.parent
        while at is not None and len(found) < _DEEPEST and (above := self._subjects.get(at)) is not None:
            found.append(self.subject(above))
            at = above.parent
        return found

    def is_aside(self, mention: Mention) -> bool:
        """Whether the figure stands in a reason (主要原因是新增取暖费36.42万元), which states no account."""
        figure = self.figure(mention)
        if figure is None:
            return False
        text = self.sentences[mention.at[0]].text
        said = max(text.rfind(word, 0, figure.start) for word in _REASONS)
        return said >= 0 and all(text.find(word, said, figure.start) < 0 for word in _RESETS)

    def is_stray(self, mention: Mention) -> bool:
        """Whether a value follows figures of something else and names nothing itself (轿车0辆、金额0万元)."""
        number, at = mention.at
        text = self.sentences[number].text
        if at <= 0 or mention.aspect != "值" or _is_said(mention.subject, text, 2):
            return False
        before = self._subjects.get((number, at - 1))
        return before is not None and before.subject[:4] != mention.subject[:4] and _is_said(before.subject, text, 2)

    def before(self, mention: Mention) -> str:
        """The text of the sentence before the mention's in the same paragraph, "" none."""
        number = mention.at[0]
        same = number > 0 and self.sentences[number - 1].paragraph == self.sentences[number].paragraph
        return self.sentences[number - 1].text if same else ""

    def says(self, mention: Mention, words: str) -> bool:
        """Whether the mention's sentence holds the words."""
        return words in self.sentences[mention.at[0]].text

    def clause_start(self, mention: Mention) -> int:
        """Where the clause of a mention without a figure begins: at its subject, else at the start."""
        return max(self.sentences[mention.at[0]].text.find(mention.subject[:8]), 0) if mention.subject else 0
