"""Conditions on texts: 包含, 匹配, 属于."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from juesuan_rules.engine.books import Books, Lack
from juesuan_rules.engine.compare import Judgement, undecided
from juesuan_rules.engine.valuation import Environment, Key, value
from juesuan_rules.engine.values import Value, weightier
from juesuan_rules.language.model import Form
from juesuan_rules.names import fold


def _text_of(found: Value) -> str | Lack:
    if found.text is not None:
        return found.text
    raws = [cell.amount.raw for cell in found.terms if cell.amount is not None]
    if raws:
        return raws[0]
    return found.problem or Lack("空白", "没有文字")


@lru_cache(maxsize=256)
def _pattern(source: str) -> Any:
    import re2

    return re2.compile(source)


def match(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    """包含, 匹配, and == or != of texts."""
    kind, pattern = form[1], form[3]
    left = value(form[2], key, books, env)
    right = Value(kind="text", text=pattern) if isinstance(pattern, str) else value(pattern, key, books, env)
    text, wanted = _text_of(left), _text_of(right)
    if isinstance(text, Lack) or isinstance(wanted, Lack):
        lack = weightier(*[x if isinstance(x, Lack) else None for x in (text, wanted)])
        return undecided(lack or Lack("", ""), form, left, right)
    if kind == "regex":
        holds = _pattern(wanted).search(text) is not None
    elif kind == "contains":
        holds = fold(wanted) in fold(text)
    else:
        holds = (fold(wanted) == fold(text)) == (kind == "equals")
    detail = f"“{text}”" if isinstance(pattern, str) else f"“{text}”与“{wanted}”"
    return Judgement("pass" if holds else "fail", detail=detail, left=left, right=right, form=form)


@lru_cache(maxsize=512)
def _members(options: tuple[Form | str, ...]) -> tuple[frozenset[str], tuple[Form, ...]]:
    """What a value may be: its texts, folded, and the values that have to be worked out."""
    plain = [option if isinstance(option, str) else option[1] for option in options if isinstance(option, str) or option[0] == "text"]
    return frozenset(map(fold, plain)), tuple([option for option in options if not isinstance(option, str) and option[0] != "text"])


def among(form: Form, key: Key, books: Books, env: Environment) -> Judgement:
    """属于: the value is one of those listed."""
    found = value(form[1], key, books, env)
    if found.problem is not None:
        return undecided(found.problem, form)
    texts, others = _members(form[2])
    if found.text is not None and fold(found.text) in texts:
        return Judgement("pass", left=found, form=form)
    for option in others:
        other = value(option, key, books, env)
        same = fold(found.text) == fold(other.text or "") if found.text is not None else found.number == other.number
        if same:
            return Judgement("pass", left=found, form=form)
    return Judgement("fail", detail=f"“{found.text}”" if found.text is not None else "", left=found, form=form)
