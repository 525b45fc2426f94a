"""占位符(), 模板残留(), 标记残留(), 内部编码(): what was to be filled in, chosen or taken out."""

from __future__ import annotations

import re

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import AROUND, BODY, CELL, COVER, GLOSSARY, HEADING, NOTE, Hit, cell_pages, printed_pages, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, clip, no_text, spot_of, verdict
from juesuan_rules.engine.text_checks.words import any_of, entries

_TOLD = (BODY, HEADING, GLOSSARY, COVER, NOTE, AROUND)
_CROSSES = Pattern(r"(?<![A-Za-z0-9])(?:[XxＸｘ]{2,}|[×✕╳]{2,}|\*{3,}(?=[万元年月日%局]))(?![A-Za-z0-9])")
_LINES = Pattern(r"[_＿]{3,}")
_UNFILLED = Pattern(r"(?:支出|收入|总额|合计|总计|经费|预算|决算|费)(?:为|共|是)?[ _＿]*万元(?=[，。；、])|(?:增长|下降|降低|完成(?:年初)?预算的|占[^，。；\n]{0,12}的)[ _＿]*%")
_CHOICES = ("增加", "减少", "增长", "下降", "降低", "上升", "大于", "小于", "高于", "低于", "多于", "少于", "持平")
_CHOICE = Pattern(
    r"({0})(?:[（(]\s*(?:{0})(?:\s*[/、或]\s*(?:{0}))*\s*[）)]|\s*[/／]\s*(?:{0}))".format("|".join(_CHOICES)),
)
_FILL_IN = Pattern(r"以[“\"]?[-－—]|填列|列示")
_MARKUP = Pattern(
    r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>\n]{0,100})?/?>|&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|middot|#\d{2,5});|\*\*(?=[^\s*])|(?<=[^\s*])\*\*|^#{1,6} (?=\S)|\\(?:text|frac|mathrm|times|circ)\b|\$\s?\\|```",
    re.MULTILINE,
)
_ENGLISH = Pattern(r"(?<=[\u4e00-\u9fff])\s?(?:and|the|of|or|with|for|to)\s?(?=[\u4e00-\u9fff])")
_CODES = Pattern(r"(?<![\dA-Za-z])(?:\d{6}[A-Z]?\d{0,3}-\d{6,12}|\d{6,17}[A-Z]\d{7,15}|[\u4e00-\u9fff]-\d{9}|\d{20,24})(?![\dA-Za-z])")


def nothing_unfilled(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: XX, ××, underscores and words of the template standing for what was to be filled in."""
    lack = no_text(books)
    if lack and not books.report.other_tables:
        return lack
    pages = prose_pages(books)
    hits = [*pages.search(_CROSSES, _TOLD), *pages.search(_LINES, _TOLD), *pages.search(_UNFILLED, (BODY,)), *cell_pages(books).search(_CROSSES)]
    words = any_of([word for word, _ in entries(books, arguments, "占位符")])
    if words is not None:
        hits += pages.search(words, _TOLD)
    return verdict([spot_of(hit) for hit in _in_order(hits)], "有没填的内容", "没有留下没填的内容")


def no_template(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: 增加（减少） left to be chosen from, and instructions of the template."""
    lack = no_text(books)
    if lack:
        return lack
    pages = prose_pages(books)
    hits = [hit for hit in pages.search(_CHOICE, (BODY, NOTE)) if not _FILL_IN.search(hit.passage.text[hit.end : hit.end + 12])]
    words = any_of([word for word, _ in entries(books, arguments, "模板")])
    if words is not None:
        hits += pages.search(words, (BODY, HEADING, GLOSSARY, NOTE, COVER))
    return verdict([spot_of(hit) for hit in _in_order(hits)], "留有范本的用语", "没有留下范本的用语")


def no_markup(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: tags, entities and emphasis marks in the text, English words between Chinese ones."""
    lack = no_text(books)
    if lack:
        return lack
    spots = [Spot(f"“{clip(hit.found.group())}”", hit.passage.text, hit.passage.place) for hit in printed_pages(books).search(_MARKUP)]
    spots += [spot_of(hit) for hit in prose_pages(books).search(_ENGLISH)]
    return verdict(spots, "留有标记或外文", "没有网页、公式等标记")


def no_inner_codes(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: codes of the budget system printed with names of projects and units."""
    hits = [*prose_pages(books).search(_CODES), *cell_pages(books).search(_CODES)]
    if not prose_pages(books).passages and not cell_pages(books).passages:
        return [Structural("", "not_applicable", "没有文字可查", reason="全空")]
    return verdict([Spot(f"“{clip(hit.passage.text.strip(), 30)}”", hit.passage.text, hit.passage.place, "文中" if hit.passage.role != CELL else "表中") for hit in hits], "印有内部系统的编码", "没有内部系统的编码")


def _in_order(hits: list[Hit]) -> list[Hit]:
    """In reading order, cells last; of hits that overlap the first."""
    ordered = sorted(hits, key=lambda hit: (hit.passage.at if hit.passage.at >= 0 else 10**9, hit.found.start()))
    kept: list[Hit] = []
    for hit in ordered:
        if not kept or kept[-1].passage is not hit.passage or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
