"""一级, 二级 and 三级指标 of a row, where merged cells leave blanks and page ends cut words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.reports.forms.alignment import LABEL, OTHER, Aligned
from juesuan_rules.reports.forms.cells import Piece
from juesuan_rules.reports.forms.words import FIRST_LEVELS, LEVELS, SECOND_LEVELS, level_word

Levels = tuple[str, str, str]
_EXPLAINING = 16
"""A text longer than this is an explanation rather than the name of an indicator, where there is a column for those."""
_STUBS = frozenset(("绩效指标", "年度绩效指标", "年度目标", "绩效目标", "年度绩效目标", "绩效", "指标", "绩", "效"))
_SHORTEST = 2
_SHORT = frozenset(("产出", "效益", "效果", "满意度", "成本", "数量", "质量", "时效", "经济效益", "生态效益"))
"""Names of levels that lack their 指标."""
_VALUES = ("指标值", "完成值", "预计完成值", "完成程度", "分值", "得分", "运算符号", "性质")


class Settled(msgspec.Struct, frozen=True):
    """down: levels that hold for the rows below as well. third: the cell of the 三级指标, None where it
    is not printed. indicator: whether the row is one, not just a level of those to come. prints: whether
    the row itself prints its 一级指标."""

    down: Levels
    third: Piece | None
    indicator: bool
    prints: bool


def settle_levels(aligned: Aligned, left: Sequence[Piece], columns: Sequence[str], before: Levels) -> Settled:
    """The levels of a row. left: the texts that name it, from left to right. before: levels of the row above."""
    texts = [piece for piece in left if piece.text not in _STUBS or piece.at > 0]
    named = {level: found[-1] for level in LEVELS if (found := [p for p in aligned.columns.get(level, ()) if p in left])}
    filled = any(name in aligned.columns for name in _VALUES)
    stub = [piece for piece in aligned.columns.get(LABEL, ()) if piece in texts]
    lacking = filled and "三级指标" not in named and not _is_level(named.get("二级指标"))
    explained = _is_explained(columns)
    if aligned.shift != 0 or stub or lacking or (explained and _explains(aligned, named)):
        named = _by_words(texts, columns, filled, explained)
    third = named.get("三级指标")
    first, second = _filled(named, before)
    return Settled((first, second, third.text if third is not None else ""), third, filled or third is not None, bool("一级指标" in named and first))


def _is_level(piece: Piece | None) -> bool:
    return piece is not None and piece.text.partition("(")[0] in SECOND_LEVELS


def _is_explained(columns: Sequence[str]) -> bool:
    """Whether a column between the names and the values explains the indicator (评价要点)."""
    values = min((columns.index(name) for name in _VALUES if name in columns), default=len(columns))
    return OTHER in columns[:values]


def _explains(aligned: Aligned, named: dict[str, Piece]) -> bool:
    """Whether what stands under 三级指标 is the explanation that belongs a column further right."""
    third = named.get("三级指标")
    if third is None or not _is_explanation(third):
        return False
    return all(piece.at != third.at + 1 for piece in aligned.columns.get(OTHER, ()))


def _is_explanation(piece: Piece) -> bool:
    return len(piece.text) > _EXPLAINING or piece.text[0] in "([①" or "×" in piece.text


def _by_words(texts: Sequence[Piece], columns: Sequence[str], filled: bool, explained: bool) -> dict[str, Piece]:
    """Texts to levels by their words, else from the right: the last one names the indicator, where there is one."""
    names = [piece for piece in texts if not (explained and _is_explanation(piece))] or list(texts)
    present = [level for level in LEVELS if level in columns]
    found: dict[str, Piece] = {}
    rest = list(names)
    if len(rest) > 1 and level_word(rest[0].text) == 0 and "一级指标" in present:
        found["一级指标"] = rest.pop(0)
    if not filled and len(rest) == 1 and (level := level_word(rest[0].text)) is not None:
        return {**found, LEVELS[level]: rest[0]}
    for level_name in reversed(present):
        if rest and level_name not in found:
            found[level_name] = rest.pop()
    return found


def _filled(named: dict[str, Piece], before: Levels) -> tuple[str, str]:
    first = whole_word(named["一级指标"].text, before[0], FIRST_LEVELS) if "一级指标" in named else before[0]
    if "二级指标" in named:
        return first, whole_word(named["二级指标"].text, before[1], SECOND_LEVELS)
    return first, "" if "一级指标" in named and first != before[0] else before[1]


def whole_word(text: str, before: str, known: Sequence[str]) -> str:
    """A level's name, with what a page end or a misread stroke cut off put back where only one word fits.

    A text without a Chinese character tells nothing; a piece of the name above is that name.
    """
    if not any("\u4e00" <= c <= "\u9fff" for c in text):
        return ""
    if before and before != text and before + text in known:
        return before + text
    if before.endswith(text) and len(text) < len(before):
        return before
    if text in _SHORT:
        return f"{text}指标"
    if text in known:
        return text
    if len(text) < _SHORTEST:
        return before
    text = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_|")
    fitting = {word for word in known if len(word) == len(text) + 1 and (word.startswith(text) or word.endswith(text))}
    return fitting.pop() if len(fitting) == 1 else text


PARENTS = {
    "数量指标": "产出指标", "质量指标": "产出指标", "时效指标": "产出指标", "经济效益指标": "效益指标", "社会效益指标": "效益指标", "生态效益指标": "效益指标",
    "可持续影响指标": "效益指标", "服务对象满意度指标": "满意度指标", "社会公众或服务对象满意度指标": "满意度指标",
}  # fmt: skip


def complete_levels(rows: Sequence[Levels], printed: Sequence[bool]) -> list[Levels]:
    """The levels of a whole form: the name of a merged cell may stand in the middle of its rows.

    printed: whether the row prints its own 一级指标. One that does not belongs where its 二级指标
    belongs, if the form has that 一级指标 at all; else to the row above, or the first that is printed.
    """
    own = {levels[0] for levels, is_printed in zip(rows, printed, strict=True) if is_printed}
    first = next((levels[0] for levels in rows if levels[0]), "")
    second = next((levels[1] for levels in rows if levels[1]), "")
    found: list[Levels] = []
    begun = [False, False]
    for levels, is_printed in zip(rows, printed, strict=True):
        begun = [begun[0] or bool(levels[0]), begun[1] or bool(levels[1])]
        low = levels[1] if begun[1] else second
        parent = PARENTS.get(low, "") or PARENTS.get(f"{low}指标", "")
        high = parent if parent in own and not is_printed else levels[0] if begun[0] else first
        found.append((high, low, levels[2]))
    return found
