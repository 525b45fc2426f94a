"""单位构成(), 附件齐全(), 公开及时(): what the text announces against what is there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.engine.books import ALL_MISSING, Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.structure_rows import chinese_number
from juesuan_rules.engine.text_checks.pages import BODY, COVER, HEADING, Hit, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, clip, no_text, verdict
from juesuan_rules.findings import Operand
from juesuan_rules.reports.model import Report, Sentence

_COUNT = Pattern(r"(?:单位|机构)(?:共计|共有|共|合计|有|包括|为)?[^，。；：\d一二三四五六七八九十]{0,2}(\d{1,3}|[一二三四五六七八九十]{1,3})(?:个|家)")
_LISTS = Pattern(r"(?:包括|分别是|分别为|具体是|名单|如下)[^。：]{0,6}：(.*)$")
_ENCLOSED = Pattern(r"(?:详?见|参见)[^，。；]{0,6}附[件表录]\d{0,2}")
_DATE = r"(20\d\d)年(\d{1,2})月(\d{1,2})日"
_APPROVED = Pattern(rf"批复[^。\n]{{0,16}}{_DATE}|{_DATE}[^。\n]{{0,16}}批复")
_PUBLISHED = Pattern(rf"(?:公开|发布)(?:时间|日期)[^。\n]{{0,6}}{_DATE}|{_DATE}[^。，\n]{{0,6}}(?:向社会公开|公开发布|予以公开)")
_DAYS = 20
_ITEMS = ("#.", "（#）")
"""Shapes of the marks of a list of names; those of sections end it."""


def members_counted(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: the number of units stated against the names listed right behind it."""
    lack = no_text(books)
    if lack:
        return lack
    sentences = books.report.prose.sentences
    for at, sentence in enumerate(sentences):
        if sentence.role != BODY or "决算" not in sentence.text + "".join(sentence.sections) or not re.search("纳入|构成|编制", sentence.text):
            continue
        count = _COUNT.search(sentence.text)
        lists = _LISTS.search(sentence.text, count.end()) if count else None
        if count is None or lists is None:
            continue
        stated = int(count.group(1)) if count.group(1).isdigit() else chinese_number(count.group(1))
        listed = _listed(lists.group(1), sentences[at + 1 : at + 200])
        if not stated or not listed:
            continue
        if stated == len(listed):
            return [Structural("", "pass", f"说有 {stated} 个单位，列出 {len(listed)} 个")]
        shown = "、".join(clip(name, 16) for name in listed[:4])
        return [Structural("", "fail", f"说有 {stated} 个单位，列出 {len(listed)} 个：{shown}{' 等' if len(listed) > 4 else ''}", operands=(Operand("文中", None, sentence.text, None, sentence.place),))]
    return [Structural("", "not_applicable", "没有写明单位个数并列出名单", reason="全空")]


def _listed(rest: str, following: Iterable[Sentence]) -> list[str]:
    """The names behind the colon, or the numbered ones in the sentences that follow."""
    if rest.strip("。；， "):
        return [name for name in re.split("[、，；]", rest.strip("。；， ").replace("和", "、")) if len(name) > 2] if "等" not in rest else []
    names: list[str] = []
    kind = ""
    for sentence in following:
        mark = re.sub(r"[\d一二三四五六七八九十]+", "#", sentence.marker)
        if mark not in _ITEMS or (kind and mark != kind) or len(sentence.text) > 40:
            break
        kind = mark
        names.append(sentence.text.rstrip("。；"))
    return names


def enclosures_there(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: 见附件 in a report that has no attachment of any kind."""
    lack = no_text(books)
    if lack:
        return lack
    report = books.report
    hits = list(prose_pages(books).search(_ENCLOSED, (BODY,)))
    if not hits:
        return [Structural("", "not_applicable", "文中没有提到附件", reason="全空")]
    if _has_enclosure(report):
        return [Structural("", "pass", "文中提到的附件，报告里有")]
    if books.all_missing:
        return [Structural("", "undecided", "附件不在这份文件里，决算表也没有；请把附件与正文一起核对", reason="缺表", cause=ALL_MISSING)]
    return verdict([Spot(f"“{clip(hit.passage.text, 30)}”", hit.passage.text, hit.passage.place) for hit in hits], "说“见附件”，这份文件里没有附件", "")


def _has_enclosure(report: Report) -> bool:
    forms = report.records.get(ASSESSMENTS)
    if len(report.parts) > 1 or (forms is not None and any(block.rows for block in forms.blocks.values())) or len(report.other_tables) > 1:
        return True
    return any(s.role == HEADING and re.search("附[件表录]", s.text) for s in report.prose.sentences)


def published_in_time(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: at most 20 days from approval to publication, where both dates are printed."""
    pages = prose_pages(books)
    approved = _first_date(pages.search(_APPROVED, (BODY, COVER)))
    published = _first_date(pages.search(_PUBLISHED, (BODY, COVER)))
    if approved is None or published is None:
        return [Structural("", "not_applicable", "没有同时印出批复日期和公开日期", reason="全空")]
    days = (published[0] - approved[0]).days
    said = f"{approved[0]:%Y-%m-%d} 批复，{published[0]:%Y-%m-%d} 公开，相隔 {days} 天"
    if 0 <= days <= _DAYS:
        return [Structural("", "pass", said)]
    return verdict([Spot(said, approved[1].printed, approved[1].place)], "没有在批复后 20 日内公开" if days > 0 else "公开日期早于批复日期", "")


def _first_date(hits: Iterable[Hit]) -> tuple[datetime.date, Spot] | None:
    for hit in hits:
        year, month, day = [int(group) for group in hit.found.groups() if group][:3]
        try:
            return datetime.date(year, month, day), Spot(hit.found.group(), hit.found.group(), hit.passage.place)
        except ValueError:
            continue
    return None
