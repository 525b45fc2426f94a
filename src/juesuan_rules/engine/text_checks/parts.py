"""部分齐全(), 各节齐全(): what a report must have a part or a section on, by the words of dictionaries."""

from __future__ import annotations

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.lacks import NO_PROSE, UNREAD, unread_text
from juesuan_rules.engine.text_checks.pages import CONTENTS, GLOSSARY, cell_pages, prose_pages
from juesuan_rules.engine.text_checks.spots import no_text
from juesuan_rules.engine.text_checks.words import alternatives, entries


def parts_present(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: parts of the dictionary of which no word stands anywhere in the report."""
    return _present(books, entries(books, arguments, "报告部分"), ("",), "报告缺少的部分", "该有的各部分都在")


def sections_present(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: subjects the 情况说明 must speak of and does not; terms and contents do not count."""
    return _present(books, entries(books, arguments, "说明各节"), (CONTENTS, GLOSSARY), "情况说明没有说到的", "该说明的各节都有")


def _present(books: Books, wanted: tuple[tuple[str, str], ...], without: tuple[str, ...], what: str, good: str) -> list[Structural]:
    report = books.report
    if not wanted:
        return [Structural("", "not_applicable", "词典没有列出该有的内容", reason="全空")]
    lack = no_text(books)
    if lack or not report.prose.explained:
        return lack or [Structural("", "undecided", "报告里没有决算情况说明的文字", reason=NO_PROSE, cause=NO_PROSE)]
    text = "\n".join([p.text for p in prose_pages(books).passages if p.role not in without] + [cell_pages(books).joined])
    missing = [name for name, meaning in wanted if not any(word in text for word in (name, *alternatives(meaning)))]
    if not missing:
        return [Structural("", "pass", good)]
    if report.unread:
        return [Structural("", "undecided", unread_text(report), reason="无法识别", cause=UNREAD)]
    return [Structural("", "fail", f"{what}：{'、'.join(missing)}")]
