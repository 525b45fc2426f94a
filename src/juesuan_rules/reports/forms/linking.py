"""Which project of the prose (项目综述) is which form, so that rules can hold the two side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.records import TEXT
from juesuan_rules.names import fold
from juesuan_rules.reports.forms.words import SELF_PROJECT
from juesuan_rules.reports.model import BlockData, Row, Table

FIELDS = {"文中预算数": "预算数", "文中执行数": "执行数", "文中执行率": "完成率", "文中得分": "得分"}
"""Fields of a form → columns of 文字项目."""
_NAME_FIELD = "文中项目"
_NOISE = re.compile(r"[\W_]+|^\d{4}年度?")
_TAIL = re.compile(r"(?:项目|经费|资金|费用|支出|专项|费|建设|绩效自评)+$")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_SURE, _LIKE = 100, 60
"""How alike two names must be, in hundredths: the same; alike enough where the money agrees as well."""
_MOST = 400


def link_projects(forms: Table, projects: Table | None) -> Table:
    """The forms with what the prose says of each project: 文中项目, 文中预算数 …

    A project belongs to the form of its name; where names differ a little, or several forms share one,
    the amounts decide. What cannot be told stays blank.
    """
    if projects is None or not projects.blocks[""].rows or not forms.blocks[""].rows:
        return forms
    block, told = forms.blocks[""], projects.blocks[""]
    pairs = _pairs(block, told)
    columns = dict(block.columns)
    for field, column in FIELDS.items():
        columns[field] = tuple([told.columns[column][pairs[n]] if n in pairs else amount for n, amount in enumerate(block.columns[field])])
    columns[_NAME_FIELD] = tuple([_name(told.rows[pairs[n]]) if n in pairs else amount for n, amount in enumerate(block.columns[_NAME_FIELD])])
    return replace(forms, blocks={**forms.blocks, "": replace(block, columns=columns)})


def _pairs(block: BlockData, told: BlockData) -> dict[int, int]:
    """Form → project, each used once, the surest first."""
    if len(block.rows) * len(told.rows) > _MOST * _MOST:
        return {}
    found = []
    for n, form in enumerate(block.rows):
        if block.columns["种类"][n].raw != SELF_PROJECT:
            continue
        for m, project in enumerate(told.rows):
            names, money = _alike(form.label, project.label), _same_money(block, n, told, m)
            if names >= _SURE or (names >= _LIKE and money) or (money == len(("预算数", "执行数")) and not block.columns["名称"][n].raw):
                found.append((names + 10 * money + _same_unit(block, n, project), n, m))
    pairs: dict[int, int] = {}
    for _, n, m in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if n not in pairs and m not in pairs.values():
            pairs[n] = m
    return pairs


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> int:
    """How alike two names of projects are, in hundredths; 100 for the same but for 项目, 经费 and brackets."""
    first, second = _core(one), _core(other)
    if not first or not second:
        return 0
    if first == second or _core(_BRACKETS.sub("", one)) == _core(_BRACKETS.sub("", other)):
        return _SURE
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 4 and (longer.endswith(shorter) or longer.startswith(shorter)):
        return max(_LIKE, 100 * len(shorter) // len(longer))
    from difflib import SequenceMatcher

    return int(100 * SequenceMatcher(None, first, second, autojunk=False).ratio())


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    text = _NOISE.sub("", fold(name))
    return _TAIL.sub("", text) or text


def _same_money(block: BlockData, n: int, told: BlockData, m: int) -> int:
    """How many of budget and outlay agree."""
    return sum(_value(block.columns[name], n) is not None and _value(block.columns[name], n) == _value(told.columns[name], m) for name in ("预算数", "执行数"))


def _same_unit(block: BlockData, n: int, project: Row) -> int:
    """Whether the prose names the unit in brackets behind the project (…项目（某中心））."""
    unit = fold(block.columns["单位"][n].raw)
    marks = [fold(found)[1:-1] for found in _BRACKETS.findall(project.label)]
    return 5 * any(mark and mark in unit for mark in marks)


def _value(column: Sequence[Amount], at: int) -> object:
    return column[at].value


def _name(project: Row) -> Amount:
    return Amount(project.raw_label or project.label, "text", unit=TEXT, place=project.place)
