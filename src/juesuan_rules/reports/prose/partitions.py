"""How totals of accounts are divided: the known parts of 基本支出, 支出合计, “三公”经费 and others."""

from __future__ import annotations

from collections.abc import Sequence

_PARTITIONS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("人员经费", "人员支出"), ("公用经费", "公用支出")),
    (("基本支出",), ("项目支出",), ("上缴上级",), ("经营支出",), ("附属单位补助",)),
    (("货物",), ("工程",), ("服务",)),
    (("国内",), ("外宾", "外事", "国（境）外", "境外", "涉外")),
    (("购置",), ("运行", "维护")),
    (("出国",), ("公务用车",), ("接待",)),
    (("工资福利",), ("商品和服务",), ("对个人和家庭",), ("资本性",), ("债务利息",), ("对企业",)),
)
"""Divisions that totals of accounts are told by: each part by the words its names hold."""
_NEEDED = (2, 2, 3, 2, 2, 3, 3)
"""How many of the first parts of each there must be for it to be whole."""


def partition(names: Sequence[str]) -> int:
    """Which known division of a total all the names belong to, each to another part of it; -1 for none."""
    for number, parts in enumerate(_PARTITIONS):
        members = [_members(name, parts) for name in names]
        if all(len(one) == 1 for one in members) and len({one[0] for one in members}) == len(members):
            return number
    return -1


def _members(name: str, parts: tuple[tuple[str, ...], ...]) -> list[int]:
    return [at for at, words in enumerate(parts) if any(word in name for word in words)]


def is_whole(names: Sequence[str]) -> bool:
    """Whether the names are the parts of a known division, none of the needed ones left out."""
    number = partition(names)
    return number >= 0 and {_members(name, _PARTITIONS[number])[0] for name in names}.issuperset(range(_NEEDED[number]))
