"""Why a text could not be read, in the reader's words: what, where, what to do instead.

The parser only says where it stopped and what it could have gone on with. Each `_try_…` function
knows one common mistake and recognises it from the text around that place; the first one that
does speaks, otherwise the general message does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

import msgspec
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from juesuan_rules.language.functions import find_builtin
from juesuan_rules.language.places import TextProblem
from juesuan_rules.language.units import UNITS
from juesuan_rules.names import suggest

_PAIRS = {")": "(", "]": "[", "}": "{"}
_OPENERS = dict(zip(_PAIRS.values(), _PAIRS, strict=True))
_WORD = re.compile(r"[^\W\d][\w·]*")
_PIECE = re.compile(r"[“”\"][^“”\"\n]*[“”\"]|「[^」\n]*」|『[^』\n]*』|\d+(?:,\d{3})*(?:\.\d+)?|[\w·]+|\.\.+|[=!<>≤≥≠|&+-]{2,3}|\S")
_QUOTE_MARKS = "“”\"「」『』"
_KEYWORDS = ("不属于", "不包含", "不匹配", "属于", "包含", "匹配", "否则", "每个", "存在", "唯一", "计数", "若", "则", "且", "或", "非")
_BEFORE_OPERAND = ("若", "如果", "则", "否则", "且", "或", "非", "每个")
_OTHER_SPELLINGS = {
    "=": "==", "===": "==", "<>": "!=", "=>": ">=", "=<": "<=", "=!": "!=", "&&": "且", "&": "且", "||": "或", "|": "或", "!": "非",
    "and": "且", "or": "或", "not": "非", "if": "若", "then": "则", "else": "否则", "in": "属于", "并且": "且", "而且": "且", "或者": "或",
    "如果": "若", "那么": "则", "等于": "==", "不等于": "!=", "大于": ">", "小于": "<", "大于等于": ">=", "小于等于": "<=", "不小于": ">=",
    "不大于": "<=", "不超过": "<=", "不少于": ">=", "加": "+", "减": "-", "乘": "*", "乘以": "*", "除以": "/",
}  # fmt: skip
_TOKENS_ZH = (
    ({"NUMBER"}, "名称、数字或括号"),
    ({"NAME"}, "名称"),
    ({"LABEL"}, "行的名称、编码或行次"),
    ({"PLAIN_NUMBER"}, "数字或带引号的文字"),
    ({"QUOTED"}, "带引号的文字"),
    ({"COMPARE"}, "比较号（== != <= >= < >）"),
    ({"PLUS", "DIVIDE"}, "+ - × ÷"),
    ({"TAIL"}, "“尾差”"),
    ({"UNIT"}, "单位"),
    ({"ROW"}, "“行”"),
    ({"COLUMN"}, "“栏”"),
    ({"DOT"}, "“.”"),
    ({"_AND", "_OR"}, "“且”“或”"),
    ({"THEN"}, "“则”"),
    ({"ELSE"}, "“否则”"),
    ({"_IN"}, "“属于”"),
    ({"_COLON"}, "“：”"),
    ({"_COMMA"}, "“,”"),
    ({"CLOSE"}, "“)”"),
    ({"CLOSE_SQUARE"}, "“]”"),
    ({"RBRACE"}, "“}”"),
    ({"LBRACE"}, "“{”"),
    ({"PLUS_MINUS"}, "“±”"),
)
_SECONDARY = {"名称": {"带引号的文字"}, "行的名称、编码或行次": {"带引号的文字"}, "数字或带引号的文字": {"带引号的文字"}}


class Failure(msgspec.Struct, frozen=True, dict=True):
    """Where reading stopped: the normalised text, the offset, what could have stood there."""

    text: str
    at: int
    expected: frozenset[str]

    @cached_property
    def found(self) -> str:
        """The piece of text at which reading stopped; "" at the end."""
        match = _PIECE.match(self.text, self.at)
        return match.group() if match else ""

    @cached_property
    def before(self) -> list[tuple[int, str]]:
        """The pieces before that place, with their offsets."""
        return [(m.start(), m.group()) for m in _PIECE.finditer(self.text[: self.at])]

    @cached_property
    def complete(self) -> bool:
        """Whether what stands before that place is a whole expression."""
        from juesuan_rules.language.parse import load_parser

        try:
            load_parser().parse(self.text[: self.at])
        except UnexpectedInput:
            return False
        return True

    @property
    def last(self) -> tuple[int, str]:
        """The last piece before that place."""
        return self.before[-1] if self.before else (0, "")

    def problem(self, code: str, message: str, hint: str = "", start: int | None = None, end: int | None = None) -> TextProblem:
        """A problem at the piece where reading stopped, or at the offsets given."""
        start = self.at if start is None else start
        return TextProblem(code, message, start, end if end is not None else max(self.at + len(self.found), start + 1), hint)


def explain_failure(text: str, error: UnexpectedInput) -> TextProblem:
    """The most helpful thing to say about a text (normalised) that could not be read."""
    place: int | None = getattr(error, "pos_in_stream", None)
    at = place or 0
    expected: set[str] = set()
    if isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    elif isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
        if error.token.type == "$END":
            at = len(text.rstrip())
    failure = Failure(text, at, frozenset(expected))
    for attempt in _ATTEMPTS:
        problem = attempt(failure)
        if problem is not None:
            return problem
    return _general(failure)


def _try_quotes(f: Failure) -> TextProblem | None:
    if f.found[:1] in _QUOTE_MARKS and f.found and len(f.found) == 1:
        return f.problem("E106", f"引号 {f.found} 没有成对", "在名称或文字的后面补上另一半引号")
    return None


def _try_brackets(f: Failure) -> TextProblem | None:
    stack: list[tuple[int, str]] = []
    for match in _PIECE.finditer(f.text):
        piece = match.group()
        if piece in _OPENERS:
            stack.append((match.start(), piece))
        elif piece in _PAIRS:
            if not stack:
                return TextProblem("E102", f"多了一个 {piece}", match.start(), match.end(), f"删掉它，或在前面补上 {_PAIRS[piece]}")
            _, opener = stack.pop()
            if opener != _PAIRS[piece]:
                return TextProblem("E102", f"括号配错了：{opener} 应由 {_OPENERS[opener]} 结束，这里是 {piece}", match.start(), match.end(), f"改成 {_OPENERS[opener]}")
    return None


def _try_open_bracket(f: Failure) -> TextProblem | None:
    """A bracket before that place that nothing in the text closes."""
    stack: list[int] = []
    for match in _PIECE.finditer(f.text):
        if match.group() in _OPENERS:
            stack.append(match.start())
        elif match.group() in _PAIRS and stack:
            stack.pop()
    before = [start for start in stack if start < f.at]
    if not before:
        return None
    opener = f.text[before[-1]]
    return TextProblem("E102", f"括号 {opener} 没有结束", before[-1], before[-1] + 1, f"补上 {_OPENERS[opener]}")


def _try_other_spelling(f: Failure) -> TextProblem | None:
    powers = re.search(r"\*\s*\*$|\^$", f.text[: f.at + 1].rstrip()) or re.search(r"\*\s*\*$", f.text[: f.at].rstrip())
    if powers:
        return f.problem("E115", f"没有乘方“{powers.group()}”", "把它写成连乘，如 x * x", powers.start(), powers.end())
    start, word = f.at, f.found
    if word.lower() not in _OTHER_SPELLINGS and f.last[1].lower() in _OTHER_SPELLINGS:
        start, word = f.last
    right = _OTHER_SPELLINGS.get(word.lower())
    if right is None:
        return None
    if word == "=":
        return f.problem("E103", "比较相等要写两个等号 ==，这里只有一个 =", "把 = 改成 ==", start, start + 1)
    return f.problem("E115", f"这里不写“{word}”", f"改成 {right}", start, start + len(word))


def _try_unit(f: Failure) -> TextProblem | None:
    _, number = f.last
    if not number[:1].isdigit() or "UNIT" not in f.expected or not _WORD.match(f.found):
        return None
    unit = next((f.found[: -len(k)] for k in _KEYWORDS if f.found.endswith(k) and len(f.found) > len(k)), f.found)
    near = suggest(unit, [u for u in UNITS if u])
    known = "、".join(near) if near else "万元、元、%、个百分点、个、人、辆 等"
    return f.problem("E105", f"不认识数字后面的单位“{unit}”", f"可以写：{known}；若是名称，数字开头的名称要加引号「」", f.at, f.at + len(unit))


def _try_missing_space(f: Failure) -> TextProblem | None:
    """若总表 was read as one name; then 则 (or the end, or ：) comes as a surprise."""
    for start, word in reversed(f.before):
        if not _WORD.match(word) or word in _KEYWORDS or find_builtin(word):
            continue
        for keyword in _BEFORE_OPERAND:
            if word.startswith(keyword) and (keyword in ("若", "如果", "每个") or (keyword == "非" and not f.found)):
                if keyword in ("若", "如果") and f.found not in ("则", "那么", "") and "," not in f.found:
                    continue
                return f.problem("E104", f"“{keyword}”后面要空一格", f"写成 {keyword} {word[len(keyword) :]}", start, start + len(keyword))
        for keyword in ("且", "或", "则", "属于", "包含", "匹配"):
            inside = word.find(keyword, 1)
            if inside > 0 and (start, word) == f.last:
                head, tail = word[:inside], word[inside + len(keyword) :]
                return f.problem("E104", f"“{keyword}”两边要空一格，否则“{word}”是一个名称", f"写成 {head} {keyword} {tail}".rstrip(), start + inside, start + inside + len(keyword))
    return None


def _try_bracketed_name(f: Failure) -> TextProblem | None:
    """因公出国(境)费 outside square brackets looks like a call with a name behind it."""
    match = re.search(r"([^\W\d][\w·]*)\(([^()]*)\)$", f.text[: f.at].rstrip())
    if match and _WORD.match(f.found) and f.found not in _KEYWORDS and find_builtin(match.group(1)) is None:
        whole = f"{match.group()}{f.found}"
        return f.problem("E108", f"名称“{whole}”里有括号，要加引号", f"写成 「{whole}」", match.start(), f.at + len(f.found))
    return None


def _try_two_names(f: Failure) -> TextProblem | None:
    start, word = f.last
    if word and _WORD.match(word) and _WORD.match(f.found) and word not in _KEYWORDS and f.found not in _KEYWORDS:
        if "_COLON" in f.expected:
            return f.problem("E109", f"“{f.found}”前面少了“：”", "写成 每个 r 属于 支出表[项]：r.项目支出 >= 0", start)
        if re.search(r"若(?!.*则)", f.text[: f.at], re.DOTALL):
            return f.problem("E109", f"“{f.found}”前面少了“则”", "写成 若 条件 则 核对", start)
        hint = f"名称里有空格时加引号：「{word} {f.found}」；是两个名称时，中间要有运算符或“.”"
        return f.problem("E109", f"“{word}”和“{f.found}”之间缺少运算符", hint, start)
    return None


def _try_tolerance(f: Failure) -> TextProblem | None:
    if f.found == "±":
        return f.problem("E114", "± 要写在整个比较的后面", "写成 左边 == 右边 ± 0.02")
    if f.last[1] == "±":
        return f.problem("E114", "± 后面要写容差", "例如 ± 0.02、± 0.02万元、± 200元、± 0.1%、± 尾差")
    return None


def _try_range(f: Failure) -> TextProblem | None:
    if f.expected & {"ROW"} and f.last[1][:1].isdigit() and ".." in [p for _, p in f.before[-2:]]:
        return f.problem("E109", "行次的范围后面要写“行”", "写成 1..8行")
    return None


def _try_text_needed(f: Failure) -> TextProblem | None:
    if f.last[1] in ("包含", "不包含", "匹配", "不匹配") and f.found:
        return f.problem("E108", f"“{f.last[1]}”后面的文字要加引号", f'写成 {f.last[1]} "{f.found}"')
    return None


def _try_bad_character(f: Failure) -> TextProblem | None:
    if f.found and not re.match(r"[\w“”\"「」『』.,:(){}\[\]=!<>≤≥≠±+*/~-]", f.found):
        shown = f.found if f.found.isprintable() else f"U+{ord(f.found[0]):04X}"
        return f.problem("E107", f"不认识的符号“{shown}”", "删掉它；若是名称的一部分，把名称用引号「」括起来")
    return None


def _general(f: Failure) -> TextProblem:
    expected = _expected(f)
    after = f"“{f.last[1]}”后面" if f.last[1] else "开头"
    if not f.found:
        start = f.last[0]
        return f.problem("E112", f"式子没有写完：{after}还应有{expected}", "", start, start + len(f.last[1]))
    if f.found in ("则", "否则"):
        return f.problem("E109", f"这里的“{f.found}”前面没有“若”", "写成 若 条件 则 核对 否则 核对")
    if f.complete:
        return f.problem("E109", f"式子到“{f.last[1]}”已经完整，后面不应再有“{f.found}”", "几个核对之间写“且”，或分成几条 check")
    return f.problem("E109", f"这里不应出现“{f.found}”：{after}应是{expected}")


def _expected(f: Failure) -> str:
    words = [zh for tokens, zh in _TOKENS_ZH if tokens & f.expected]
    for word in list(words):
        words = [w for w in words if w not in _SECONDARY.get(word, set())]
    if "名称、数字或括号" in words:
        words = ["名称、数字或括号"]
    return "、".join(words) or "别的内容"


_ATTEMPTS: tuple[Callable[[Failure], TextProblem | None], ...] = (
    _try_quotes,
    _try_brackets,
    _try_other_spelling,
    _try_missing_space,
    _try_tolerance,
    _try_text_needed,
    _try_range,
    _try_unit,
    _try_bracketed_name,
    _try_two_names,
    _try_bad_character,
    _try_open_bracket,
)
