"""What is printed around a table: its title, its number, whose it is, its unit, and the remarks below it."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_ABOUT = re.compile(
    r"(?:公开|附件?|附?表)0*[0-9一二三四五六七八九十]{1,3}(?:[-—]\d+)?表?|"
    r"(?:编制|填报|编报|公开|预算|决算|主管)?(?:部门|单位)(?:名称)?(?:\([^()]{1,6}\))?:.*|"
    r"(?:金额)?单位:.{1,6}|(?:19|20)\d{2}年度?|(?:填表|编制|填报)(?:日期|人|时间):.*|第\d+页.{0,8}"
)
_TITLE = re.compile(r".{3,60}(?:表|明细|情况)(?:\([^()]{1,14}\)|续表?)?")
_REMARK = re.compile(r"备?注[:\d]|说明:|如?本表|本套报表|如此表")


def is_about(text: str) -> bool:
    """Whether a line tells a table's number, its owner, year, unit or date, and nothing else."""
    return _ABOUT.fullmatch(_folded(text)) is not None


def is_title(text: str) -> bool:
    """Whether a line may be the title of a table (收入支出决算总表)."""
    folded = _folded(text)
    return _TITLE.fullmatch(folded) is not None and _ABOUT.fullmatch(folded) is None


def is_remark(text: str) -> bool:
    """Whether a line begins like a remark below a table (注：本表反映…)."""
    return _REMARK.match(_folded(text)) is not None


def _folded(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))
