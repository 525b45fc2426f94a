"""The figure of the whole that a share is of: the one named, else the total of the list."""

from __future__ import annotations

from bisect import bisect_left

from juesuan_rules.amounts import UNITS
from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.model import At, Mention, figure_at
from juesuan_rules.reports.prose.subjects import fold_name

_FARTHEST = 40
"""So many figures of one name are looked at."""
_ALSO = {"收入总计": ("收支总计",), "支出总计": ("收支总计",), "财政拨款收入总计": ("财政拨款收支总计",), "财政拨款支出总计": ("财政拨款收支总计",)}
"""收、支总计均为…: one figure of both."""


class Wholes:
    """Values by folded name, in order of reading."""

    def __init__(self, sentences: tuple[Sentence, ...], mentions: tuple[Mention, ...]) -> None:
        self.sentences = sentences
        self.parents = {mention.at: mention for mention in mentions if mention.aspect == "值"}
        self.named: dict[str, list[At]] = {}
        for mention in mentions:
            figure = figure_at(sentences, mention.at)
            if mention.aspect == "值" and figure is not None and figure.amount.unit in UNITS:
                self.named.setdefault(fold_name(mention.subject), []).append(mention.at)

    def of(self, mention: Mention) -> tuple[At | None, str]:
        """(where the whole of a share stands, its name); (None, name) where it is not stated."""
        if mention.base_at is not None:
            return mention.base_at, mention.base
        if mention.base:
            return self._near(mention) or self._total(mention) or self._find(mention), mention.base
        total = self._total_of_list(mention)
        return (total.at, total.subject) if total is not None else (None, "")

    def _total_of_list(self, mention: Mention) -> Mention | None:
        """The total that the subject of a share is a part of."""
        value = self.parents.get(mention.value_at) if mention.value_at is not None else None
        return self.parents.get(value.parent) if value is not None and value.parent is not None else None

    def _total(self, mention: Mention) -> At | None:
        """占总收入的: the total of the list, where it is one of 收入 or 支出."""
        total = self._total_of_list(mention)
        named = fold_name(mention.base).removesuffix("总计")
        return total.at if total is not None and mention.base.startswith("总") and named in fold_name(total.subject) else None

    def _named(self, mention: Mention) -> list[At]:
        """The figures of the whole named, before the share."""
        key = fold_name(mention.base)
        return [at for name in (key, *_ALSO.get(key, ())) for at in self._before(name, mention.at) if at != mention.value_at]

    def _near(self, mention: Mention) -> At | None:
        """The nearest of them in the section."""
        section = self.sentences[mention.at[0]].sections[:2]
        return max([at for at in self._named(mention) if self.sentences[at[0]].sections[:2] == section], default=None)

    def _find(self, mention: Mention) -> At | None:
        """The whole named elsewhere: the list's total where it is called so for short, else the one figure that all places before agree on."""
        key = fold_name(mention.base)
        section = self.sentences[mention.at[0]].sections[:2]
        found = self._named(mention)
        if (total := self._total_of_list(mention)) is not None and (fold_name(total.subject).endswith(key) or total.subject.endswith(mention.base.removeprefix("本年度").removeprefix("本年"))):
            return total.at  # 占基本支出的: of the 一般公共预算财政拨款基本支出 being parted
        same_part = [at for at in found if self.sentences[at[0]].sections[:1] == section[:1]]
        if not same_part:
            return None
        values = {figure.amount.value for at in same_part if (figure := figure_at(self.sentences, at)) is not None}
        return max(same_part) if len(values) == 1 else None

    def _before(self, name: str, at: At) -> list[At]:
        """The figures of a name before a place, of many the last ones."""
        places = self.named.get(name, [])
        end = bisect_left(places, at)
        return places[max(end - _FARTHEST, 0) : end]
