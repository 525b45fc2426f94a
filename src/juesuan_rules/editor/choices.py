"""What may stand at a place, before it becomes a completion: ranked by how well it fits what is typed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from lsprotocol import types

from juesuan_rules.editor.texts import Text

MAX_ITEMS = 100
"""Completions offered at once; typing on narrows them down."""
K = types.CompletionItemKind


class Choice(msgspec.Struct, frozen=True):
    """Something to choose. text: what is written for it ("" its label). words: further words it is found by.
    rank: the lower, the further up. doc: Markdown."""

    label: str
    kind: K
    detail: str = ""
    text: str = ""
    words: str = ""
    doc: str = ""
    rank: int = 5


def completion_list(choices: Iterable[Choice], prefix: str, text: Text, start: int, end: int) -> types.CompletionList:
    """The choices that fit a prefix, best first, each replacing the text between two offsets."""
    ranked: list[tuple[int, int, int, Choice]] = []
    seen: set[tuple[str, str]] = set()
    for number, choice in enumerate(choices):
        fit = _fit(prefix, choice)
        if fit is not None and (choice.label, choice.text) not in seen:
            seen.add((choice.label, choice.text))
            ranked.append((fit, choice.rank, number, choice))
    ranked.sort(key=lambda entry: entry[:3])
    where = text.range(start, end)
    items = [_item(choice, where, number, prefix) for number, (_, _, _, choice) in enumerate(ranked[:MAX_ITEMS])]
    return types.CompletionList(is_incomplete=len(ranked) > MAX_ITEMS, items=items)


def _fit(prefix: str, choice: Choice) -> int | None:
    """How well a choice fits: 0 begins so, 1 is found so by another word, 2 holds it, 3 holds its letters in order; None not at all."""
    wanted = prefix.casefold()
    if not wanted:
        return 0
    known = choice.label.casefold()
    if known.startswith(wanted):
        return 0
    words = choice.words.casefold()
    if any(word.startswith(wanted) for word in words.split()):
        return 1
    if wanted in known or wanted in words:
        return 2
    letters = iter(known)
    return 3 if len(wanted) > 1 and all(char in letters for char in wanted) else None


def _item(choice: Choice, where: types.Range, number: int, prefix: str) -> types.CompletionItem:
    # The editor filters once more by what stands in the range; what was found by another word must not be lost there.
    begins = choice.label.casefold().startswith(prefix.casefold())
    return types.CompletionItem(
        label=choice.label,
        kind=choice.kind,
        detail=choice.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, choice.doc) if choice.doc else None,
        sort_text=f"{number:04d}",
        filter_text=None if begins else f"{prefix} {choice.label}",
        text_edit=types.TextEdit(where, choice.text or choice.label),
    )
