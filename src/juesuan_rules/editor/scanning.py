"""The words of an expression, also of half an expression: for colours, completion and hover.

What an expression means is read by the parser alone; this only cuts it into pieces, and never fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from juesuan_rules.language.functions import find_builtin
from juesuan_rules.language.normalise import normalise
from juesuan_rules.language.units import UNITS

Kind = Literal["keyword", "name", "string", "number", "unit", "compare", "operator", "punctuation", "tail", "other"]
KEYWORDS: dict[str, str] = {
    "若": "若 条件 则 核对 否则 核对：条件不成立而没有“否则”时，结果是不适用。",
    "则": "若 条件 则 核对。",
    "否则": "若 条件 则 核对 否则 核对。",
    "且": "两边都成立。",
    "或": "至少一边成立。",
    "非": "不成立；在方括号里是“除了这些行”。",
    "每个": "每个 r 属于 支出表[项]：… 逐行核对，每行一个结论。",
    "存在": "存在 r 属于 …：… 至少一行成立；存在(…) 报告里有这张表或这一行。",
    "唯一": "唯一 r 属于 …：… 恰好一行成立。",
    "计数": "计数 r 属于 …：… 成立的有几行；计数(…) 有数的有几行。",
    "属于": "是花括号里的一个：编码(r) 属于 {2080505, 2080506}。",
    "不属于": "不是花括号里的任何一个。",
    "包含": "文字里有这几个字：名称(r) 包含 \"公积金\"。",
    "不包含": "文字里没有这几个字。",
    "匹配": "文字符合正则表达式。",
    "不匹配": "文字不符合正则表达式。",
}
"""Keywords and one line about each."""
QUANTIFIERS = ("每个", "存在", "唯一", "计数")
TAIL = "尾差"
_ALIASES = {"如果": "若", "那么": "则"}
_UNIT = "|".join(sorted((re.escape(u) for u in UNITS if u), key=len, reverse=True))
_AFTER_NUMBER = re.compile(rf"[ \t\n]*({_UNIT}|行|栏|至|到)")
_PIECE = re.compile(
    r"""(?P<space>\s+)
      |(?P<string>[“”"][^“”"\n]*[“”"]?|「[^」\n]*」?|『[^』\n]*』?)
      |(?P<table>\d{1,2}表)
      |(?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.(?=\d)\d+)?)
      |(?P<name>[^\W\d][\w·]*)
      |(?P<range>\.\.+|~)
      |(?P<compare>==|!=|≠|<=|≤|>=|≥|<|>)
      |(?P<operator>[-+*/±])
      |(?P<punctuation>[()\[\]{},:.])
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(r"[^\W\d](?:[\w·:/]|\([^()\[\]]{0,60}\))*")


class Token(msgspec.Struct, frozen=True):
    """A piece of an expression. text: in half-width spelling. inside: the innermost bracket it stands in."""

    start: int
    end: int
    kind: Kind
    text: str
    inside: str = ""

    @property
    def plain(self) -> str:
        """A name without its quotation marks."""
        return _unquoted(self.text) if self.kind == "string" else self.text

    @property
    def unclosed(self) -> bool:
        """Whether this is a text whose second quotation mark is not there yet."""
        return self.kind == "string" and (len(self.text) < 2 or self.text[-1] not in "“”\"」』")


class Link(msgspec.Struct, frozen=True):
    """One part of an address. where: head, dot or bracket."""

    token: Token
    where: str


class Chain(msgspec.Struct, frozen=True):
    """An address as written: 表.栏目[行]. Offsets are those of the expression; the end lies behind its last part."""

    start: int
    end: int
    links: tuple[Link, ...]

    @property
    def head(self) -> str:
        """What it begins with."""
        return self.links[0].token.plain


def scan(text: str) -> list[Token]:
    """The tokens of an expression, in the order written."""
    normal = normalise(text)
    found: list[Token] = []
    brackets: list[str] = []
    at, plain = 0, normal.text
    while at < len(plain):
        inside = brackets[-1] if brackets else ""
        match = _AFTER_NUMBER.match(plain, at) if found and found[-1].kind == "number" else None
        if match is not None:
            start, end, kind = match.start(1), match.end(1), "unit"
        else:
            piece = _PIECE.match(plain, at)
            assert piece is not None
            start, end, kind = piece.start(), piece.end(), str(piece.lastgroup)
            if inside == "[" and kind == "name" and (label := _LABEL.match(plain, at)) is not None:
                end = label.end()
        at = end
        word = plain[start:end]
        if kind == "space":
            continue
        if kind == "punctuation":
            if word in "([{":
                brackets.append(word)
            elif word in ")]}" and brackets:
                brackets.pop()
                inside = brackets[-1] if brackets else ""
        first, last = normal.origin(start), normal.origin(end - 1) + 1
        found.append(Token(first, max(last, first), _kind(kind, word, inside, found), word, inside))
    return found


def _kind(kind: str, word: str, inside: str, before: Sequence[Token]) -> Kind:
    if kind == "name":
        behind_point = bool(before) and before[-1].text == "."
        if _ALIASES.get(word, word) in KEYWORDS and not behind_point and (inside != "[" or word == "非"):
            return "keyword"
        if word == TAIL and before and before[-1].text == "±":
            return "tail"
        return "name"
    if kind == "table":
        return "name"
    if kind == "range":
        return "operator"
    known: dict[str, Kind] = {
        "string": "string", "number": "number", "unit": "unit", "compare": "compare", "operator": "operator", "punctuation": "punctuation",
    }  # fmt: skip
    return known.get(kind, "other")


def chains(tokens: Sequence[Token]) -> Iterator[Chain]:
    """Every address of an expression, nested ones too (an address in brackets of a call)."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        opens = token.text == "[" and token.kind == "punctuation"
        if not opens and not _can_begin(tokens, at):
            at += 1
            continue
        links: list[Link] = []
        start = token.start
        if not opens:
            links.append(Link(token, "head"))
            at += 1
        at = _further(tokens, at, links)
        if links:
            yield Chain(start, max(links[-1].token.end, tokens[at - 1].end), tuple(links))


def _can_begin(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind not in ("name", "string"):
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.kind == "string":
        return token.text[:1] in "「『" or (following is not None and following.text in (".", "["))
    return not (following is not None and following.text == "(" and find_builtin(token.text) is not None)


def _further(tokens: Sequence[Token], at: int, links: list[Link]) -> int:
    """The parts behind the head: names behind points, items in square brackets. Returns where they end."""
    while at < len(tokens):
        if (tokens[at].text == "." and at + 1 < len(tokens) and tokens[at + 1].kind in ("name", "string", "number")) or (
            tokens[at].text == "." and at + 1 < len(tokens) and tokens[at + 1].text == "*"
        ):  # fmt: skip
            links.append(Link(tokens[at + 1], "dot"))
            at += 2
            if tokens[at - 1].kind == "number" and at < len(tokens) and tokens[at].kind == "unit":
                at += 1
        elif tokens[at].text == "[":
            at += 1
            while at < len(tokens) and tokens[at].text != "]" and tokens[at].inside == "[":
                if tokens[at].kind in ("name", "string", "number"):
                    links.append(Link(tokens[at], "bracket"))
                at += 1
            if at < len(tokens) and tokens[at].text == "]":
                at += 1
        else:
            break
    return at


def _unquoted(text: str) -> str:
    inner = text[1:]
    return inner[:-1] if inner and inner[-1] in "“”\"」』" else inner
