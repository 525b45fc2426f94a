"""The figures of a sentence: money, percentages, percentage points, counts, scores, bare decimals.

No figures: years, dates, times and durations, document and telephone numbers, codes, articles of laws,
ordinals, list marks, names with digits in them (12345热线, 5G), and thresholds of a class of assets
(单价100万元（含）以上设备, 50万元以上通用设备): they say nothing about the report's year.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from juesuan_rules.amounts import COUNTS, PERCENT, PLAIN, SCORE, UNITS, Amount, read_amount
from juesuan_rules.documents.model import NOWHERE, Place
from juesuan_rules.reports.model import Figure
from juesuan_rules.reports.prose.chinese import chinese_number
from juesuan_rules.reports.prose.repairs import Spot

MONEY, SHARE, POINTS, COUNT, MARKS, NUMBER = "金额", "百分比", "百分点", "计数", "分值", "数"
"""Kinds of figures."""
MISSING_UNIT = "缺单位"
"""Noted in `Amount.repaired` where 万 or 亿 stands without 元 and money is meant."""

_SPELLINGS = {
    "台（套）": "台套", "台/套": "台套", "台、套": "台套", "套（台）": "台套", "个团组": "团组", "个团": "团组", "团次": "团组", "团": "团组",
    "批（次）": "批次", "个批次": "批次", "人（次）": "人次", "人·次": "人次", "位": "人", "家次": "家", "个（次）": "个",
}  # fmt: skip
_COUNTED = (
    "台（套）|台/套|台、套|套（台）|台套|个团组|团组|团次|个团|批（次）|个批次|批次|人（次）|人·次|人次|辆次|件次|场次|家次|户次|个（次）|"
    "平方公里|平方米|立方米|公里|千米|公顷|千瓦时|千瓦|米|亩|吨|㎡|"
    "辆|台|套|批|团(?!队|结)|人(?!民|均|员|才|工|大|口)|名|位|次(?!数)|家(?!庭)|户(?!均)|件|项|起|场(?!所)|期|个(?!百?分点|月|季|小时|工作日|自然日|世纪)|"
    "条|份|篇|册|本(?!级|部|市|年|区|县|省|单)|处(?!理|级|于)|座|栋|间|所(?!有|需|属)|片|块|支(?!出)|部(?!门|分)|张|封|宗|例|幅|艘|架|株|头|只|枚|双|款(?!项)|类(?!款)|笔|轮|班|倍"
)
_UNIT = re.compile(
    r" ?(?P<more>[余多几来])?(?P<scale>万亿|千万|百万|[亿万千百])?(?P<more2>[余多])?"
    r"(?P<unit>元(?![素旦宵件器])|个?百分点|%|分(?![别类为项部局钟之中管批期步配析布散开级行支公离红享层段解包院校所站会组店公子量])|"
    rf"{_COUNTED})?"
)
_UNIT_FOLLOWS = re.compile(r" ?(?:[百千万亿]{0,2}元|%|个?百分点)")
_TO = re.compile(r"[-—–~～至](?P<to>\d[\d,]{0,12}(?:\.\d{1,4})?)")
_FOREIGN = re.compile("[美欧日港英]元")
_DIGITS = re.compile(r"\d[\d,.]*(?: \d[\d,.]*)*")
_NEVER_AFTER = re.compile(
    r" ?(?:‰|年|月|日(?!均)|号|时(?!长)|点(?![位数])|秒|周(?!年庆)|届|版|级|楼|层|室|岁|天|小时|分钟|个(?:月|季|小时|工作日|自然日|世纪)|学时|课时|世纪|季度|[〕】\]]|：\d|： \d|热线|平台|"
    r"个?五年|[-—–～~至到]\d{1,4}(?:年|月|日|号|时|天|岁|小时|个月))"
)
_NEVER_BEFORE = re.compile(r"(?:第|[A-Za-z〔\[【:/#№]|[A-Za-z][-_]|\d ?：|图|附件|附表|公开|百分之|文号|编号|编码|电话|邮编|(?:传真|网址|代码)[：为]?) ?$")
_ABOUT_BEFORE = re.compile(
    r"(?:约|(?<![最附邻临新])近|超过?|逾|不足|不到|不少于|不低于|不超过|不高于|至少|最多|以上|接近|突破|低于|高于|大约|左右) ?(?:人民币)?$"
)
_ABOUT_AFTER = re.compile(r"(?:（含）|（不含）)?(?:及)?(?:左右|上下|以上|以下|以内|之内|不等|有余|多(?!余|种|数|次|个)|余(?!额|下|款))")
_ASSET = re.compile(
    r"(?:（[^（）]{0,12}）)?(?:及|\(含\))?以[上下](?:（[^（）]{0,12}）)?(?:的)?(?:[通专]用|大型|贵重|设备|仪器|固定资产|物品|车辆|资产|房屋|软件)"
)
_PRICED = re.compile(r"(?:单价|单位?价值|单台[^，。；]{0,6}|单套[^，。；]{0,6}|单件[^，。；]{0,6}|原值|（含)[^，。；0-9]{0,4}$")
_MONEY_WORDS = re.compile(r"支出|收入|经费|预算|决算|资金|金额|费|结余|结转|补助|拨款|款|总计|合计|投资|采购|价值|元")
_RANGE = re.compile(r"[\d%A-Za-z元万亿年月日个人次台套辆项件分）] ?$")
_VALUE_BEFORE = re.compile(r"(?:[为是：共计达到]|均为|合计|总计|[支出收入余额数费]) ?$")
_CHINESE_COUNT = re.compile(
    r"(?:百分之(?P<percent>[零〇一二三四五六七八九十百点]{1,10}|\d{1,3}(?:\.\d{1,4})?)"
    r"|(?P<number>[零〇一二两三四五六七八九十百]{1,8})(?P<unit>个?团组|台（套）|台套|批次|人次|辆(?!次)|台(?!阶|账|湾|州)))"
)
_COUNT_IN_TOTAL = re.compile(r"(?:共有?|合计|总计|共计)(?P<number>[零〇一二两三四五六七八九十百]{1,8})(?P<unit>个|人(?!员|民)|名|家|项|批|次|件|套)")


def find_figures(text: str, place: Place = NOWHERE, spots: Sequence[Spot] = ()) -> tuple[Figure, ...]:
    """The figures of a mended sentence in printed order; `spots` are its mended numbers.

    A number that is none (12.345.6) or that a space may part in two is a figure with state "unreadable".
    """
    found = [figure for at in _DIGITS.finditer(text) for figure in _figure(text, at, place, spots)]
    if "百分之" in text or any(unit in text for unit in ("辆", "台", "次", "团组", "共", "计")):
        taken = {at for figure in found for at in range(figure.start, figure.end)}
        found += [figure for figure in _in_chinese(text, place) if figure.start not in taken]
        found.sort(key=lambda figure: figure.start)
    return tuple(found)


def _figure(text: str, found: re.Match[str], place: Place, spots: Sequence[Spot]) -> Iterator[Figure]:
    number = found.group().rstrip(",. ")
    start, end = found.start(), found.start() + len(number)
    before = text[max(0, start - 12) : start]
    if _NEVER_AFTER.match(text, end) or _NEVER_BEFORE.search(before):
        return
    if text[end : end + 1] == "." and _UNIT_FOLLOWS.match(text, end + 1):
        number, end = number + ".", end + 1
    unit = _unit_at(text, end)
    kind, name, factor, stop = _kind(text, number, start, end, unit)
    if not kind or (kind == MONEY and _is_threshold(text, before, stop)):
        return
    start, number = _with_sign(text, start, number)
    about = bool(_TO.match(text, stop) or unit.group("more") or unit.group("more2") or _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(text, stop))
    missing = kind == MONEY and bool(unit.group("scale")) and unit.group("unit") != "元"
    amount = _amount(number, name, factor, place, about, MISSING_UNIT if missing else "")
    yield Figure(kind, _as_printed(amount, start, end, spots), start, stop, about)


def _with_sign(text: str, start: int, number: str) -> tuple[int, str]:
    """A minus in front belongs to the number unless it stands for 至."""
    if start and text[start - 1] in "△▲":
        return start - 1, "-" + number
    if start and text[start - 1] in "-−–" and not _RANGE.search(text[max(0, start - 3) : start - 1]):
        return start - 1, "-" + number
    return start, number


def _kind(text: str, number: str, start: int, end: int, unit: re.Match[str]) -> tuple[str, str, int, int]:
    """(kind, unit, factor, end of the figure) by what follows the number; kind "" where it is no figure."""
    ranged = _TO.match(text, end)
    if ranged and not _TO.match(text, ranged.end()):
        kind, name, factor, _ = _kind(text, ranged.group("to"), ranged.start("to"), ranged.end(), _unit_at(text, ranged.end()))
        return kind if kind != NUMBER else "", name, factor, end
    scale, name = unit.group("scale") or "", unit.group("unit") or ""
    times = 1
    for sign in scale:
        times *= {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}[sign]
    if name == "元":
        whole = scale + "元"
        return (MONEY, whole, 1, unit.end()) if whole in UNITS else (MONEY, "元", times, unit.end())
    if name and not scale:
        if name == "%":
            return SHARE, PERCENT, 1, unit.end()
        if name.endswith("百分点"):
            return POINTS, PERCENT, 1, unit.end()
        if name == "分":
            return ("", "", 1, end) if text[start - 1 : start] in ("元", "角", "点", "时") else (MARKS, SCORE, 1, unit.end())
    if name and not name.startswith(("%", "分")) and not name.endswith("百分点"):
        counted = _SPELLINGS.get(name, name)
        return COUNT, counted if counted in COUNTS else PLAIN, times, unit.end()
    if scale in ("万", "亿"):
        if _FOREIGN.match(text, unit.end("scale")):
            return NUMBER, PLAIN, times, unit.end("scale")
        stop = unit.end("more2") if unit.group("more2") else unit.end("scale")
        if "." in number or text.startswith("人民币", stop) or _MONEY_WORDS.search(_clause_before(text, start)):
            return MONEY, scale + "元", 1, stop
        return NUMBER, PLAIN, times, stop
    return _bare(text, number, start, end)


def _unit_at(text: str, end: int) -> re.Match[str]:
    found = _UNIT.match(text, end)
    assert found is not None, "every part of the pattern is optional"
    return found


def _bare(text: str, number: str, start: int, end: int) -> tuple[str, str, int, int]:
    """A number without a unit: a figure where it has decimals, or stands for a value (均为0。)."""
    decimal = number.count(".") == 1 and len(number.partition(".")[2]) <= 4
    counts = _stands(text, start, end) or (decimal and start > 0 and not text[end : end + 1].isascii())
    return (NUMBER, PLAIN, 1, end) if counts else ("", "", 1, end)


def _stands(text: str, start: int, end: int) -> bool:
    """Whether a bare number is the whole value of what is in front of it."""
    return text[end : end + 1] in ("", "。", "，", "；", "、") and bool(_VALUE_BEFORE.search(text[max(0, start - 4) : start])) and len(text[start:end]) <= 12


def _clause_before(text: str, start: int) -> str:
    near = text[max(0, start - 20) : start]
    return re.split(r"[，。；：、]", near)[-1]


def _is_threshold(text: str, before: str, stop: int) -> bool:
    return _ASSET.match(text, stop) is not None or (_PRICED.search(before) is not None and bool(re.match(r"[^，。；]{0,8}以[上下]|）", text[stop : stop + 12])))


def _amount(number: str, unit: str, factor: int, place: Place, about: bool, note: str) -> Amount:
    read = read_amount(number, unit, place)
    if read.value is None or " " in number:
        return Amount(number, "unreadable", unit=unit, place=place, approximate=about)
    value = read.value * factor
    return Amount(number, read.state, value, read.decimals if factor == 1 else 0, unit, place, note or read.repaired, approximate=about or factor > 1)


def _as_printed(amount: Amount, start: int, end: int, spots: Sequence[Spot]) -> Amount:
    """With the text as it was printed where the number was mended."""
    after = bisect_left(spots, end, key=lambda spot: spot.start)
    spot = spots[after - 1] if after else None
    if spot is None or spot.end <= start:
        return amount
    return Amount(
        spot.printed, amount.state, amount.value, amount.decimals, amount.unit, amount.place, amount.repaired or amount.raw,
        approximate=amount.approximate,
    )  # fmt: skip


def _in_chinese(text: str, place: Place) -> Iterator[Figure]:
    """百分之十二, 车辆五辆, 共三人."""
    for found in _CHINESE_COUNT.finditer(text):
        before = text[max(0, found.start() - 4) : found.start()]
        if before.endswith(("第", "每", "同", "数", "几")):
            continue
        percent = found.group("percent")
        digits = chinese_number(percent or found.group("number"))
        if digits is None:
            continue
        unit = PERCENT if percent else _SPELLINGS.get(found.group("unit"), found.group("unit"))
        yield _written(SHARE if percent else COUNT, found.group(), digits, unit, found.span(), place, before)
    for found in _COUNT_IN_TOTAL.finditer(text):
        digits = chinese_number(found.group("number"))
        if digits is not None:
            span = (found.start("number"), found.end())
            yield _written(COUNT, text[span[0] : span[1]], digits, found.group("unit"), span, place, "")


def _written(kind: str, printed: str, digits: str, unit: str, span: tuple[int, int], place: Place, before: str) -> Figure:
    read = read_amount(digits, unit, place)
    about = bool(_ABOUT_BEFORE.search(before))
    amount = Amount(printed, read.state, read.value, read.decimals, unit, place, digits, approximate=about)
    return Figure(kind, amount, span[0], span[1], about)
