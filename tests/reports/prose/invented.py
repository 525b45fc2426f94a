"""Invented reports in the manner of a province: wording from a file, consistent figures, and what each figure states.

A file has a head (`科目:` 类 = 项 + 项; …, `零:` facts that are nought, `同:` a fact that equals another, `数: 千分位`,
`小数:` decimals of percentages, `单位: 元`), a line `---`, and the text. In the text `[事实]`, `[事实.列]`,
`[科目 名.列]`, `[经济 名.列]` stand for figures: at once the figure printed and the cell it must be read into.
`[.列]` is of the fact named last; `+`, `-` behind a change its direction; `占比/甲` a share of 甲; `=12.30` gives the figure itself; `~` before the
name: it states no cell.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import msgspec

PROVINCES = Path(__file__).parent / "provinces"
HEAD = "某市某局\n2023年度部门决算\n\n"
_SLOT = re.compile(r"\[(科目 |经济 )?([^\[\].+/=-]*)(?:\.([^\[\]+/=-]+))?(?:/([^\[\]=]+))?([+-])?(?:=([\d.,]+))?\]")
_PARTS: dict[str, tuple[str, ...]] = {
    "收入总计": ("本年收入合计", "使用非财政拨款结余", "年初结转和结余"),
    "本年收入合计": ("财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"),
    "财政拨款收入": ("一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入"),
    "支出总计": ("本年支出合计", "结余分配", "年末结转和结余"),
    "本年支出合计": ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"),
    "财政拨款支出": ("一般公共预算财政拨款支出", "政府性基金支出", "国有资本经营支出"),
    "一般公共预算财政拨款支出": ("一般公共预算基本支出", "一般公共预算项目支出"),
    "一般公共预算基本支出": ("人员经费", "公用经费"),
    "三公经费": ("公务用车购置及运行费", "公务接待费", "因公出国费"),
    "公务用车购置及运行费": ("公务用车运行维护费", "公务用车购置费"),
    "公务接待费": ("国内接待费", "外事接待费"),
    "政府采购支出总额": ("政府采购货物支出", "政府采购工程支出", "政府采购服务支出"),
    "车辆总数": (
        "副部级以上领导用车", "主要领导用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车", "离退休干部用车", "业务用车", "其他用车",
    ),
}  # fmt: skip
_SAME = {"收支总计": "收入总计", "支出总计": "收入总计", "财政拨款收入总计": "财政拨款收支总计", "财政拨款支出总计": "财政拨款收支总计"}
_RANGES = {
    "收入总计": (2_000_00, 9_000_00), "财政拨款收支总计": (1_500_00, 1_900_00), "财政拨款支出": (1_200_00, 1_480_00), "三公经费": (18_00, 60_00),
    "机关运行经费": (80_00, 190_00), "政府采购支出总额": (100_00, 400_00), "会议费": (1_00, 9_00), "培训费": (1_00, 9_00), "自评涉及资金": (300_00, 900_00),
}  # fmt: skip
_PERSONNEL = frozenset("基本工资 津贴补贴 奖金 绩效工资 住房公积金".split())
_BASIC = ("工资福利支出", "商品和服务支出", "对个人和家庭的补助", "资本性支出")
Cell = tuple[str, str, str]


class Invented(msgspec.Struct, frozen=True):
    """A filled text, what must be read from it by (record set, name, column), and the facts that are nought."""

    text: str
    gold: dict[Cell, str]
    zeros: frozenset[str]


class _Figures:
    """Consistent figures, made up as they are asked for, in hundredths."""

    def __init__(self, mentioned: set[str], settings: dict[str, str], seed: str) -> None:
        self.rng = random.Random(seed)
        self.mentioned = mentioned
        self.zeros = set(settings.get("零", "").split())
        self.values: dict[str, int] = dict.fromkeys(self.zeros, 0)
        self.same = {**_SAME, **dict([pair.split("=") for pair in settings.get("同", "").split()])}
        self.moved: dict[tuple[str, str], int] = {}
        classes = [one.split("=") for one in settings.get("科目", "").split(";") if "=" in one]
        self.classes = {head.strip(): tuple([item.strip() for item in items.split("+")]) for head, items in classes}
        self.parts = dict(_PARTS)
        if not mentioned & {"人员经费", "公用经费"} and mentioned & set(_BASIC):
            self.parts["一般公共预算基本支出"] = _BASIC
        else:
            self.parts |= {"人员经费": _BASIC[::2], "公用经费": _BASIC[1::2]}
        self._economy()

    def _economy(self) -> None:
        named = [name.removeprefix("经济 ") for name in sorted(self.mentioned) if name.startswith("经济 ")]
        if named:
            self.parts["人员经费"] = tuple(["经济 " + name for name in named if name in _PERSONNEL])
            self.parts["公用经费"] = tuple(["经济 " + name for name in named if name not in _PERSONNEL])

    def value(self, name: str) -> int:
        """The figure of a fact."""
        name = self.same.get(name, name)
        if name not in self.values:
            if name.startswith("科目 "):
                self._spread("一般公共预算财政拨款支出", tuple(self.classes))
                for head, items in self.classes.items():
                    self._spread("科目 " + head, items)
                return self.values[name]
            whole = next((whole for whole, parts in self.parts.items() if name in parts), None)
            if whole is None:
                self.values[name] = self._free(name)
            else:
                self._part(whole)
        return self.values.setdefault(name, 0)

    def _free(self, name: str) -> int:
        if name == "授予中小企业合同金额":
            return self.value("政府采购支出总额") * 83 // 100
        if name == "授予小微企业合同金额":
            return self.value("授予中小企业合同金额") * 57 // 100
        low, high = _RANGES.get(name, (2, 60))
        return self.rng.randint(low, high)

    def _needed(self, name: str) -> bool:
        return name in self.mentioned or any(self._needed(part) for part in self.parts.get(name, ())) or self.same.get(name) in self.mentioned

    def _part(self, whole: str) -> None:
        kept = [part for part in self.parts[whole] if self._needed(part) and part not in self.zeros] or [self.parts[whole][0]]
        self._divide(self.value(whole), kept)
        for part in self.parts[whole]:
            self.values.setdefault(part, 0)

    def _spread(self, whole: str, names: tuple[str, ...]) -> None:
        self._divide(self.value(whole), ["科目 " + name for name in names if "科目 " + name not in self.values])

    def _divide(self, total: int, names: list[str]) -> None:
        count = total < 100
        weights = [self.rng.randint(50, 90) if n == 0 else self.rng.randint(11, 30) for n in range(len(names))]
        left = total
        for name, weight in zip(names[1:], weights[1:], strict=True):
            self.values[name] = max(total * weight // sum(weights), 1 if count else 7)
            left -= self.values[name]
        self.values[names[0]] = left

    def change(self, name: str, base: str, sign: str) -> int:
        """How much more (+) or less (-) than last year or the budget."""
        name = self.same.get(name, name)
        value = self.value(name)
        if (name, base) not in self.moved:
            share = Fraction(self.rng.randint(301, 1999), 10_000)
            self.moved[name, base] = round(value * (share if sign == "+" else -share)) if sign else -round(value * share)
        return self.moved[name, base]

    def cell(self, name: str, column: str, of: str, sign: str) -> tuple[int, bool]:
        """(the figure of a cell in hundredths, whether it is a percentage times 10 000)."""
        value = self.value(name)
        if column == "值":
            return value, False
        if column == "占比":
            return round(Fraction(value * 1_000_000, self.value(of))), True
        base = "预算" if "预算" in column or column == "完成率" else "上年"
        change = self.change(name, base, sign)
        if column in ("预算数", "上年数"):
            return value - change, False
        if column == "完成率":
            return round(Fraction(value * 1_000_000, value - change)), True
        return (abs(change), False) if column.endswith("额") else (round(Fraction(abs(change) * 1_000_000, value - change)), True)


_COUNTED = re.compile(r"[数次量车备]$")


def invent(name: str, seed: str = "", reword: Callable[[str], str] = str, layout: Callable[[str], str] = str) -> Invented:
    """The report of the province of that file, with figures of its own for every seed, its unfilled text reworded,
    its filled one laid out."""
    head, body = (PROVINCES / f"{name}.txt").read_text(encoding="utf-8").split("---\n", 1)
    settings = dict([line.split(": ", 1) for line in head.splitlines() if ": " in line])
    filled = fill(reword(body), settings, name + seed)
    return Invented(layout(filled.text), filled.gold, filled.zeros)


def fill(body: str, settings: dict[str, str], seed: str) -> Invented:
    """A text with its slots filled."""
    slots = [found.group(1, 2) for found in _SLOT.finditer(body)]
    figures = _Figures({(kind or "") + name.removeprefix("~") for kind, name in slots if name}, settings, seed)
    gold: dict[Cell, str] = {}
    last = ["", ""]

    def put(found: re.Match[str]) -> str:
        kind, name, column, of, sign, literal = found.groups()
        told = not (name or "").startswith("~")
        name = (name or "").removeprefix("~")
        if name:
            last[:] = [kind or "", name]
        kind, name, column = last[0], last[1], column or "值"
        if literal:
            printed = literal
        else:
            number, percent = figures.cell(kind + name, column, of or "", sign or "")
            printed = _printed(number, percent, bool(_COUNTED.search(name)) and not kind and column == "值", settings)
        signed = "-" if sign == "-" and column.startswith(("增减", "比预算")) else ""
        if told:
            gold[({"科目 ": "文字科目", "经济 ": "文字经济科目"}.get(kind, "文字"), name, column)] = signed + printed
        return printed

    return Invented(HEAD + _SLOT.sub(put, body), gold, frozenset(figures.zeros))


def _printed(number: int, percent: bool, count: bool, settings: dict[str, str]) -> str:
    if percent:
        digits = int(settings.get("小数", "2"))
        return f"{float(round(Fraction(number, 10_000), digits)):.{digits}f}"
    if count:
        return str(number)
    yuan = number * 10_000 if settings.get("单位") == "元" else number
    return f"{yuan / 100:,.2f}" if settings.get("数") == "千分位" or settings.get("单位") == "元" else f"{yuan / 100:.2f}"
