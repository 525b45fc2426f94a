"""Charts of 科目 as dictionaries list them.

A chart lists every 类, in the function chart also every 款 but of those 类 marked `*`, and only common
names of the lowest level. So a code outside it is wrong or new, a name outside it misspelt or local.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.names import label

OUTDATED = "过时名称"
"""The dictionary of former names of 科目: rules dated for early years may use them."""


class Chart(msgspec.Struct, frozen=True):
    """A chart of 科目. names: as printed, by normalised name. codes: all listed. open: 类 whose 款 are not all listed.

    leaf: digits of its lowest level, which no chart lists in full."""

    title: str
    names: dict[str, str]
    codes: frozenset[str]
    open: tuple[str, ...]
    leaf: int

    def unlisted(self, digits: str) -> str:
        """The 类 or 款 of a code (or of its beginning) that the chart does not have, or ""."""
        for length in (3, 5):
            part = digits[:length]
            if len(part) == length and part not in self.codes and (length == 3 or (length < self.leaf and part[:3] not in self.open)):
                return part
        return ""


def read_chart(layout: Layout, chart: str, lengths: Sequence[int]) -> Chart | None:
    """The dictionary that lists the 科目 of a chart (功能, 经济), or None where the pack has none."""
    title = f"{chart}科目"
    found = next((d for d in layout.dictionaries if d.name == title), None)
    codes = {word.rstrip("*") for word, _ in found.entries if word.rstrip("*").isdigit()} if found is not None else set()
    if found is None or not codes:
        return None
    names = {label(name): name.strip() for _, meaning in found.entries for name in meaning.split("|") if name.strip()}
    for former in (d for d in layout.dictionaries if d.name == OUTDATED):
        for word, meaning in former.entries:
            for name in (word, meaning.partition("，")[0]):
                names.setdefault(label(name), name.strip())
    return Chart(title, names, frozenset(codes), tuple([word[:3] for word, _ in found.entries if word.endswith("*")]), max(lengths, default=0))
