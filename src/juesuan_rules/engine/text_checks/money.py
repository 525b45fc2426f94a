"""缺金额单位(), 金额单位一致(), 文中金额单位(), 百分比写法(): how amounts and percentages are printed."""

from __future__ import annotations

import re
from collections import Counter

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import BODY, Hit, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, around, no_text, spot_of, verdict

_OF_MONEY = r"(?:支出|收入|经费|资金|预算|决算|费|费用|金额|投入|拨款|结余|总额|合计|总计|预算数|决算数|执行数)"
_CUT = Pattern(_OF_MONEY + r"(?:数|为|是|共|约|计|达|各)?\d[\d,]{0,14}(?:\.\d{1,6})?万(?=[，。；、（）：]|$|\n)", re.MULTILINE)
_BARE = Pattern(_OF_MONEY + r"(?:为|是|共|计)?(?<![\d.])\d[\d,]{0,14}\.\d{2}(?=[，。；、（）]|$|\n)", re.MULTILINE)
_FAR_FROM_MONEY = Pattern(r"比例|率|占|指数|分值|得分|系数|面积")
_MOSTLY = 0.8
_ENOUGH = 10


def money_has_unit(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: amounts printed as 16.27万 or without any unit."""
    lack = no_text(books)
    if lack:
        return lack
    pages = prose_pages(books)
    spots = [_spot("少了“元”", hit) for hit in pages.search(_CUT, (BODY,))]
    told = books.report.prose.explained
    spots += [_spot("没有单位", hit) for hit in pages.search(_BARE, (BODY,)) if hit.passage.at in told and not _FAR_FROM_MONEY.search(hit.passage.text[max(0, hit.start - 12) : hit.end])]
    return verdict(spots, "金额单位不全", "金额都有单位")


def _spot(what: str, hit: Hit) -> Spot:
    piece = hit.found.group().strip()
    return Spot(f"“{piece}”{what}", around(hit.passage.text, hit.start, hit.end), hit.passage.place)


def one_money_unit(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: standard tables in several money units."""
    tables = books.report.tables.values()
    units = Counter(table.unit for table in tables if table.unit)
    most = units.most_common(1)[0][0] if units else ""
    spots = [Spot(f"《{t.spec.id}》用{t.unit}，其他表用{most}", t.unit, t.place, "金额单位") for t in tables if t.unit and t.unit != most]
    if not units:
        return [Structural("", "not_applicable", "没有印出金额单位的表", reason="全空")]
    return verdict(spots, "各表金额单位不一致", "各表金额单位一致")


def right_money_unit(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: amounts of the 情况说明 in 元 with decimals whose digits are also printed in 万元."""
    lack = no_text(books)
    if lack:
        return lack
    return verdict(_same_digits(books), "同一个数有万元、元两种单位", "文中金额单位一致")


def _same_digits(books: Books) -> list[Spot]:
    sentences = books.report.prose.sentences
    large: set[str] = set()
    small: list[tuple[int, str]] = []
    for at in sorted(books.report.prose.explained):
        for figure in sentences[at].figures:
            if figure.kind != "金额":
                continue
            digits = figure.amount.raw.strip()
            digits = re.sub(r"[^\d.]", "", digits)
            if figure.amount.unit == "万元":
                large.add(digits)
            elif figure.amount.unit == "元" and "." in digits:
                small.append((at, digits))
    return [Spot(f"“{digits}元”别处是“{digits}万元”", digits + "元", sentences[at].place) for at, digits in small if digits in large and digits.strip("0.")]


_ODD = Pattern(r"(?<![\d.])(?:00+(?:\.\d+)?%|\d+\.%|\.\d+%|%%|\d+(?:\.\d+)?%%)")
_PERCENT = Pattern(r"(?<![\d.])(\d+)(?:\.(\d+))?%")


def percent_form(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: 00%, and percentages of the 情况说明 with other decimals than nearly all of them."""
    lack = no_text(books)
    if lack:
        return lack
    pages = prose_pages(books)
    spots = [spot_of(hit) for hit in pages.search(_ODD)]
    told = {at for at in books.report.prose.explained if not any("绩效" in title for title in books.report.prose.sentences[at].sections)}
    hits = [hit for hit in pages.search(_PERCENT, (BODY,)) if hit.passage.at in told and hit.found.group() not in ("0%", "100%")]
    decimals = Counter(len(hit.found.group(2) or "") for hit in hits)
    if sum(decimals.values()) >= _ENOUGH:
        usual, count = decimals.most_common(1)[0]
        # Who drops zeros at the end writes 45.8% for 45.80%.
        drops = not any(hit.found.group(2).endswith("0") for hit in hits if len(hit.found.group(2) or "") == usual > 0)
        rest = [hit for hit in hits if len(hit.found.group(2) or "") > usual or (not drops and len(hit.found.group(2) or "") < usual)]
        if count >= _MOSTLY * len(hits):
            spots += [Spot(f"“{hit.found.group()}”不是 {usual} 位小数", around(hit.passage.text, hit.start, hit.end), hit.passage.place) for hit in rest]
    return verdict(spots, "百分比写法不一", "百分比写法一致")
