"""过时名称(), 过时科目(), 级次用语(): names that have been replaced, and words for another level of government."""

from __future__ import annotations

import re

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import BODY, CONTENTS, GLOSSARY, HEADING, NOTE, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, around, no_text, verdict
from juesuan_rules.engine.text_checks.words import any_of, entries
from juesuan_rules.names import label

_YEAR = Pattern(r"(20\d\d)")
_MUNICIPALITIES = ("11", "12", "31", "50")
_AUTONOMOUS = ("15", "45", "54", "64", "65")
_OWN_LEVEL = Pattern(r"(自治区|省|市|区|县|旗|州|盟)(?:直|级|本级)(?:预算)?(?:部门|单位)(?:预算单位)?决算(?:中|公开)")


def no_outdated_names(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: old names in the text. A meaning is “successor，first year”."""
    known = dict(entries(books, arguments, "过时名称"))
    outdated = _outdated(books, known)
    lack = no_text(books)
    if lack or not outdated:
        return lack or [Structural("", "not_applicable", "没有词典，或不知道报告的年度", reason="全空")]
    spots = []
    pattern = any_of(list(outdated))
    if pattern is not None:
        for hit in prose_pages(books).search(pattern, (BODY, HEADING, GLOSSARY, NOTE, CONTENTS)):
            old = hit.found.group()
            if not any(hit.passage.text.startswith(new, hit.start) for new in known.values() if len(new) > len(old)):
                spots.append(Spot(_said(old, outdated[old]), around(hit.passage.text, hit.start, hit.end), hit.passage.place))
    return verdict(spots, "用了已改的名称", "没有用已改的名称")


def no_outdated_rows(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: old names as labels of rows of the standard tables."""
    outdated = _outdated(books, dict(entries(books, arguments, "过时名称")))
    if not outdated or not books.report.tables:
        return [Structural("", "not_applicable", "没有词典、年度或决算表可以核对", reason="全空")]
    return verdict(_in_tables(books, outdated), "表里用了已改的科目名称", "表里没有用已改的科目名称")


def _outdated(books: Books, known: dict[str, str]) -> dict[str, str]:
    """The names that no longer hold in the report's year."""
    year = books.report.identity.year
    return {old: meaning for old, meaning in known.items() if year is not None and _since(meaning) <= year}


def _in_tables(books: Books, outdated: dict[str, str]) -> list[Spot]:
    plain = {label(re.sub(r"（[类款项]）$", "", old)): old for old in outdated}
    found = []
    for table in books.report.tables.values():
        for block in table.blocks.values():
            for row in block.rows:
                old = plain.get(label(row.raw_label or row.label))
                if old is not None:
                    found.append(Spot(_said(old, outdated[old]), row.raw_label, row.place, table.spec.id))
    return found


def _since(meaning: str) -> int:
    found = _YEAR.search(meaning)
    return int(found.group(1)) if found else 0


def _said(old: str, meaning: str) -> str:
    new = re.split("[，,]", meaning)[0]
    since = _since(meaning)
    return f"“{old}”" + (f"已改为“{new}”" if new else "已停用") + (f"（{since} 年起）" if since else "")


def own_level(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: a county's report that calls its own accounts those of the 省 or 市, and the like."""
    lack = no_text(books)
    if lack:
        return lack
    code = books.report.identity.region_code or ""
    right = _levels(code, books.report.identity.region_name or "")
    if not right:
        return [Structural("", "not_applicable", "不知道报告属于哪一级", reason="全空")]
    hits = [hit for hit in prose_pages(books).search(_OWN_LEVEL, (BODY, HEADING)) if hit.found.group(1) not in right]
    level = {2: "省级", 4: "市级", 6: "县级"}[len(code)]
    return verdict([Spot(f"{level}报告写“{hit.found.group()}”", around(hit.passage.text, hit.start, hit.end), hit.passage.place) for hit in hits], "级次不对", "级次用语与报告相符")


def _levels(code: str, name: str) -> tuple[str, ...]:
    """Words for the level of a division, by its code; () where nothing is known."""
    if len(code) == 2:
        return ("市",) if code in _MUNICIPALITIES else ("自治区", "区") if code in _AUTONOMOUS else ("省",)
    if len(code) == 4:
        return ("市", "州", "盟", "区", "县")
    return ("区", "县", "旗", "市") if len(code) == 6 and name.endswith("市") else ("区", "县", "旗") if len(code) == 6 else ()
