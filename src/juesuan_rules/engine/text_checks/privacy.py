"""个人隐私(): mobile numbers, identity numbers and bank cards; office telephones are wanted, not told."""

from __future__ import annotations

import re

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import Hit, Pages, cell_pages, printed_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, verdict

_MOBILE = Pattern(r"(?<![\d.,A-Za-z])(1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4}))(?![\d,.A-Za-z]|[ ]?[元万亿%])")
_IDENTITY = Pattern(r"(?<![\dA-Za-z])([1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dA-Za-z])")
_CARD = Pattern(r"(?<!\d)(\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)(?!\d)")
_CARD_NEAR = Pattern(r"卡号|账号|帐号|账户|银行卡|开户")
_NO_NUMBER = Pattern(r"(?:编号|编码|代码|文号|序号|单号|条码|字第)[^，。；\d]{0,6}$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def nothing_private(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict per kind of number; what is found is shown masked."""
    texts = (printed_pages(books), cell_pages(books))
    if not any(pages.passages for pages in texts):
        return [Structural("", "not_applicable", "没有文字可查", reason="全空")]
    found: list[Structural] = []
    for kind, spots in (("手机号码", _mobiles(texts)), ("身份证号码", _identities(texts)), ("银行卡号", _cards(texts))):
        if spots:
            found += verdict(spots, f"印有{kind}", "", key=kind)
    return found or [Structural("", "pass", "没有手机号码、身份证号码、银行卡号")]


def _mobiles(texts: tuple[Pages, ...]) -> list[Spot]:
    hits = [hit for pages in texts for hit in pages.search(_MOBILE)]
    return [_masked(hit, 3, 4) for hit in hits if not _NO_NUMBER.search(_before(hit)) and not _digits(hit).endswith("0000")]


def _identities(texts: tuple[Pages, ...]) -> list[Spot]:
    return [_masked(hit, 6, 2) for pages in texts for hit in pages.search(_IDENTITY) if _checks(hit.found.group(1))]


def _cards(texts: tuple[Pages, ...]) -> list[Spot]:
    hits = [hit for pages in texts for hit in pages.search(_CARD)]
    return [_masked(hit, 4, 4) for hit in hits if _CARD_NEAR.search(_before(hit)) and _luhn(_digits(hit))]


def _before(hit: Hit) -> str:
    return hit.passage.text[max(0, hit.start - 16) : hit.start]


def _digits(hit: Hit) -> str:
    return re.sub(r"\D", "", hit.found.group(1))


def _masked(hit: Hit, first: int, last: int) -> Spot:
    number = re.sub(r"[ -]", "", hit.found.group(1))
    shown = number[:first] + "*" * (len(number) - first - last) + number[-last:]
    return Spot(shown, shown, hit.passage.place)


def _checks(number: str) -> bool:
    """Whether the last character of an identity number is what the others give (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11] == number[-1].upper()


def _luhn(number: str) -> bool:
    total = 0
    for at, digit in enumerate(map(int, reversed(number))):
        doubled = digit * 2 if at % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
