"""Which printed figure of the prose an operand is: its sentence, and what stands before and after it there."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.model import Place
from juesuan_rules.findings import Operand
from juesuan_rules.outputs.pages.folding import fold
from juesuan_rules.reports.model import Figure, Report, Sentence

_NUMBER = re.compile(r"[-+△▲]?\d[\d.,]*")
_ADDRESS = 4
"""Parts of an address: record set, block, row, column."""
_WIDE = 60
"""Letters of the sentence before and after a figure that are compared."""


class Context(msgspec.Struct, frozen=True):
    """What stands around a figure in its sentence, folded; nearest last in `before`, first in `after`."""

    before: str = ""
    after: str = ""


class Sentences:
    """The figures of a report's prose, looked up by operands."""

    def __init__(self, report: Report) -> None:
        self._printed: dict[tuple[Place, str], list[tuple[Sentence, Figure]]] = {}
        for sentence in report.prose.sentences:
            for figure in sentence.figures:
                self._printed.setdefault((figure.amount.place, figure.amount.raw.strip()), []).append((sentence, figure))
        self._exact = {id(figure.amount): (sentence, figure) for sentence in report.prose.sentences for figure in sentence.figures}
        self._report = report

    def printed(self, operand: Operand) -> tuple[str, ...]:
        """What is printed for the operand: its text, or each of two where the report prints two ("721.36 / 0")."""
        raw = operand.raw.strip()
        parts = [part.strip() for part in raw.split(" / ")] if (operand.place, raw) not in self._printed else []
        known = tuple([part for part in parts if (operand.place, part) in self._printed])
        return known if len(parts) > 1 and known else (raw,)

    def context(self, operand: Operand) -> Context | None:
        """What stands around the operand's figure; None for one that is not of the prose."""
        exact = self._exact.get(id(self._amount(operand)))
        if exact is not None:
            return _around(exact[0].text, exact[1].start)
        found = self._printed.get((operand.place, operand.raw.strip()), [])
        if len(found) > 1 and operand.quote:
            parts = [fold(part) for part in operand.quote.split("…")]
            found = [one for one in found if _holds(fold(one[0].text), parts)] or found
        if found:
            return _around(found[0][0].text, found[0][1].start)
        return _quoted(operand) if operand.quote else None

    def _amount(self, operand: Operand) -> Amount | None:
        """The figure of the record set that the operand's address names."""
        if len(operand.address) != _ADDRESS:
            return None
        table, name, key, column = operand.address
        known = self._report.records.get(table)
        block = known.blocks.get(name) if known is not None else None
        amounts = block.columns.get(column) if block is not None else None
        if block is None or amounts is None:
            return None
        return next((amount for row, amount in zip(block.rows, amounts, strict=False) if row.key == key), None)


def _holds(text: str, parts: Iterable[str]) -> bool:
    return all(part in text for part in parts)


def _around(text: str, start: int) -> Context:
    after = fold(text[start : start + 2 * _WIDE])
    number = _NUMBER.match(after)
    return Context(fold(text[max(0, start - 2 * _WIDE) : start])[-_WIDE:], after[number.end() if number else 1 :][:_WIDE])


def _quoted(operand: Operand) -> Context:
    """Around the figure in the quotation, where no sentence is known to print it."""
    raw = operand.raw.strip()
    for part in operand.quote.split("…"):
        at = part.find(raw) if raw else -1
        if at >= 0:
            return Context(fold(part[:at])[-_WIDE:], fold(part[at + len(raw) :])[:_WIDE])
    return Context()
