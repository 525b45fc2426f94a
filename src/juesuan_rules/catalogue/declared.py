"""What packs declare beside tables: facts, forms and dictionaries, merged along the chain of packs.

Each lies in a folder of its own beside `layouts/`, in files that hold one list. A child's entry of a
name its parent knows changes what it gives: phrases and titles are added, other fields replaced,
`drop` takes phrases away, `remove` the whole entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any

import msgspec

from juesuan_rules.amounts import COUNTS, PERCENT, SCORE
from juesuan_rules.catalogue.entries import Draft, Entry, Kind, read_merged
from juesuan_rules.catalogue.model import Dictionary, FactSpec, FormSpec
from juesuan_rules.catalogue.records import ASPECTS, FORM_COLUMNS, FORM_KINDS, INDICATOR_COLUMNS, SLOTS, UNIT_NAME
from juesuan_rules.catalogue.shape import LayoutFile
from juesuan_rules.names import fold, suggest
from juesuan_rules.yamlfile import Read, load

MAX_PATTERN = 200
"""Characters in one sentence pattern of a fact."""

FACT_KEYS = {
    "name": "text", "names": "texts", "unit": "measure", "sections": "texts", "outside": "texts", "needs": "texts", "without": "texts",
    "patterns": "texts", "expected": "expected", "years": "years", "drop": "texts", "remove": "bool",
}  # fmt: skip
FORM_KEYS = {
    "name": "text", "kind": "form_kind", "titles": "texts", "fields": "named", "columns": "named", "marks": "texts", "years": "years",
    "drop": "texts", "remove": "bool",
}  # fmt: skip
DICTIONARY_KEYS = {
    "name": "text", "entries": "entries", "years": "years", "verified": "bool", "source": "text", "drop": "texts", "remove": "bool",
}  # fmt: skip
_FUNDING = "资金."
"""How a field begins that goes to a row of 资金: 资金.来源.栏目."""
CHOICES = {"measure": ("", PERCENT, SCORE, *sorted(COUNTS)), "expected": ("应有", "可无"), "form_kind": FORM_KINDS}


class Declared(msgspec.Struct, frozen=True):
    """What a chain of packs declares for one year, and the files it was read from (with problems)."""

    facts: tuple[FactSpec, ...] = ()
    forms: tuple[FormSpec, ...] = ()
    dictionaries: tuple[Dictionary, ...] = ()
    files: tuple[LayoutFile, ...] = ()


FACTS = Kind("facts", "事实", FACT_KEYS, CHOICES, ("names",))
FORMS = Kind("forms", "表单", FORM_KEYS, CHOICES, ("titles", "fields", "columns"))
DICTIONARIES = Kind("dictionaries", "词典", DICTIONARY_KEYS, CHOICES, ("entries",), nearest=True)


def read_declared(packs: Sequence[tuple[str, FilePath]], year: int | None, read: Read = load) -> Declared:
    """What the packs (id, folder; national first) declare for `year`; None takes the newest.

    Never raises for what files say: problems stand with the files, sound entries are read all the same.
    """
    files: list[LayoutFile] = []
    known = read_merged(FACTS, packs, year, files, _fact_problems, read)
    _report_shared_phrases(known)
    facts = [FactSpec(name, pack=d.pack, **d.fields) for name, d in known.items()]
    forms = [_form(name, d) for name, d in read_merged(FORMS, packs, year, files, _form_problems, read).items()]
    dictionaries = [_dictionary(name, d) for name, d in read_merged(DICTIONARIES, packs, year, files, _dictionary_problems, read).items()]
    return Declared(tuple(facts), tuple(forms), tuple(dictionaries), tuple(files))


# ------------------------------------------------------------------ what one entry may not say


def _fact_problems(entry: Entry, inherited: bool) -> None:
    _removal(entry, inherited, "事实")
    if fold(entry.name) in {fold(name) for name, _ in ASPECTS}:
        entry.source.report("E413", f"事实不能叫“{entry.name}”：它是“文字”的一栏", (*entry.path, "name"))
    for index, pattern in enumerate(entry.fields.get("patterns", ())):
        path = (*entry.path, "patterns", index)
        if len(pattern) > MAX_PATTERN:
            entry.source.report("E413", f"句式有 {len(pattern)} 个字符，上限是 {MAX_PATTERN}", path)
        for slot, closed in _slots(pattern):
            if not closed:
                entry.source.report("E413", "句式里的花括号不成对", path)
            elif slot not in SLOTS:
                near = suggest(slot, SLOTS, 1)
                hint = f"是不是想写：{{{near[0]}}}" if near else f"可以写：{'、'.join('{' + s + '}' for s in SLOTS)}"
                entry.source.report("E413", f"句式里没有“{{{slot}}}”这种空", path, hint=hint)


def _slots(pattern: str) -> list[tuple[str, bool]]:
    """The words behind opening braces, and whether the brace is closed again."""
    pieces = [piece.partition("}") for piece in pattern.split("{")[1:]]
    return [(word, bool(end)) for word, end, _ in pieces]


def _report_shared_phrases(facts: dict[str, Draft]) -> None:
    """Two facts may share a phrase only where something else tells them apart."""
    owners: dict[tuple[Any, ...], str] = {}
    for name, draft in facts.items():
        conditions = tuple(draft.fields.get(key, ()) for key in ("unit", "sections", "outside", "needs", "without"))
        for phrase in dict.fromkeys(map(fold, (name, *draft.fields.get("names", ())))):
            other = owners.setdefault((phrase, *conditions), name)
            if other != name:
                message = f"“{phrase}”既是“{other}”又是“{name}”的说法，条件也一样，分不清是哪一个"
                draft.source.report("W410", message, draft.path, hint="用 sections、outside、needs、without 区别，或去掉一个")


def _form_problems(entry: Entry, inherited: bool) -> None:
    if not _removal(entry, inherited, "表单") and not inherited and "kind" not in entry.fields:
        entry.source.report("E412", f"表单“{entry.name}”缺少“kind”（种类）", entry.path, hint=f"可以写：{'、'.join(FORM_KINDS)}")
    for key, columns, further in (("fields", FORM_COLUMNS, (UNIT_NAME,)), ("columns", INDICATOR_COLUMNS, ())):
        known = [*[name for name, _ in columns], *further]
        for name in entry.fields.get(key, ()):
            if name not in known and not (key == "fields" and name.startswith(_FUNDING)):
                near = suggest(name, known)
                entry.source.report("E411", f"自评表没有“{name}”这一项", (*entry.path, key, name), key=True, hint=f"是不是想写：{'、'.join(near or known)}")


def _dictionary_problems(entry: Entry, inherited: bool) -> None:
    if not _removal(entry, inherited, "词典") and not inherited and "entries" not in entry.fields:
        entry.source.report("E412", f"词典“{entry.name}”缺少“entries”", entry.path)


def _removal(entry: Entry, inherited: bool, what: str) -> bool:
    """Whether an entry takes away its parent's; one that takes away nothing is reported."""
    if entry.fields.get("remove") and not inherited:
        entry.source.report("E431", f"要去掉的{what}“{entry.name}”上级没有", (*entry.path, "name"))
    return bool(entry.fields.get("remove"))


# ------------------------------------------------------------------ drafts to specs


def _form(name: str, draft: Draft) -> FormSpec:
    fields = dict(draft.fields)
    kind = fields.pop("kind", FORM_KINDS[0])
    named = {key: tuple(fields.pop(key, {}).items()) for key in ("fields", "columns")}
    return FormSpec(name, kind, pack=draft.pack, **named, **fields)


def _dictionary(name: str, draft: Draft) -> Dictionary:
    fields = dict(draft.fields)
    return Dictionary(name, tuple(fields.pop("entries", {}).items()), pack=draft.pack, **fields)
