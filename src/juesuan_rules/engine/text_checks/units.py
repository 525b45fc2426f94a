"""单位名一致(): the department's name on cover, titles, heads of tables and forms; no other's in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import AROUND, BODY, CONTENTS, COVER, HEADING, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, verdict
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Report

_END = r"(?:局|厅|委|委员会|办公室|办公厅|办|中心|院|部|处|会|站|所|校|学校|大学|学院|政府|馆|团|队|社|检察院|法院|公司)"
_BEFORE_YEAR = Pattern(rf"^(?:第[一二三四五六七八九十]部分)?([\u4e00-\u9fff（）()]{{3,28}}?{_END}(?:（[^）\n]{{1,6}}）)?) ?20\d\d ?年度?(?:部门|单位)?(?:决算|整体)", re.MULTILINE)
_BEHIND_YEAR = Pattern(rf"^(?:第[一二三四五六七八九十]部分)?20\d\d ?年度?([\u4e00-\u9fff（）()]{{3,28}}?{_END}(?:（[^）\n]{{1,6}}）)?)(?:部门|单位)(?:决算|整体)", re.MULTILINE)
_SURVEY = Pattern(rf"^(?:第一部分)([\u4e00-\u9fff（）()]{{3,28}}?{_END}(?:（[^）\n]{{1,6}}）)?)(?:部门|单位)?概况", re.MULTILINE)
_SCOPE = Pattern(rf"纳入([\u4e00-\u9fff（）()]{{4,28}}?{_END}(?:（[^）\n]{{1,6}}）)?)20\d\d年度?(?:部门|单位)?决算")
_SAYS_NOTHING = Pattern(r"^(?:本|我|各)?(?:部门|单位|地区|区|县|市|省)?$|部门名称|单位名称|[XＸ×某]")
_ADDED = Pattern(r"[（(](?:本级|汇总|部门|机关|本部|单位|本单位|部门本级)[）)]|(?:本级|机关)$|^\d+|[-－]\d+$|^(?:部门|单位|编制单位|公开部门|填报单位)[：:]?")
_MOST = 300
"""Names compared with names: so many of either."""
_PLACE = Pattern(r"^[\u4e00-\u9fff]{2,8}?(?:自治区|自治州|自治县|省|市|区|县|旗|盟|州)(?=[\u4e00-\u9fff]{2})")


def one_department(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: places that print a name the department's own does not explain."""
    report = books.report
    own = report.identity.unit_name
    named = list(_named(report, books))[:_MOST]
    if not own or not named:
        return [Structural("", "not_applicable", "没有别处印有单位名称", reason="全空")]
    known = [own, *_members(report)[:_MOST]]
    spots = [spot for name, spot in named if not any(_same(name, other) for other in known)]
    found = verdict(spots, f"与“{own}”不一致的单位名称", "各处的单位名称一致")
    others = [spot for name, spot in _on_forms(report) if not any(_same(name, other) for other in known) and not prose_pages(books).holds((_bare(_core(name)),))]
    if not others:
        return found
    # A unit the text never speaks of; after a reorganisation forms are filled in under the new name.
    return [*[one for one in found if one.outcome == "fail"], *verdict(others, f"绩效附表的单位不是“{own}”", "", "info", key="附表")]


def _named(report: Report, books: Books) -> Iterable[tuple[str, Spot]]:
    for table in report.tables.values():
        if table.unit_name and not _SAYS_NOTHING.search(table.unit_name):
            yield table.unit_name, Spot(f"《{table.spec.id}》表头的“{table.unit_name}”", table.unit_name, table.place, "表头")
    pages = prose_pages(books)
    for pattern, roles in ((_BEFORE_YEAR, (COVER, HEADING, CONTENTS, AROUND)), (_BEHIND_YEAR, (COVER, HEADING, CONTENTS, AROUND)), (_SURVEY, (HEADING, CONTENTS)), (_SCOPE, (BODY,))):
        for hit in pages.search(pattern, roles):
            name = hit.found.group(1)
            if not _SAYS_NOTHING.search(name):
                yield name, Spot(f"{hit.passage.role if hit.passage.role != AROUND else '标题'}的“{name}”", hit.passage.text, hit.passage.place, hit.passage.role)


def _on_forms(report: Report) -> Iterable[tuple[str, Spot]]:
    forms = report.records.get(ASSESSMENTS)
    block = forms.blocks.get("") if forms is not None else None
    if block is None or "单位" not in block.columns:
        return
    for row, amount in zip(block.rows, block.columns["单位"], strict=True):
        name = amount.raw.strip()
        if len(name) > 3 and not _SAYS_NOTHING.search(name):
            yield name, Spot(f"“{row.label or row.key}”的“{name}”", name, amount.place, "附表")


def _members(report: Report) -> list[str]:
    """Names the report lists as units of the department: their own forms and tables may stand in it."""
    found = []
    for sentence in report.prose.sentences:
        if any(re.search("单位构成|机构设置|决算单位|编制范围|基本情况|概况", title) for title in sentence.sections) and len(sentence.text) < 40:
            found.append(sentence.text.rstrip("。；，"))
    return found


def _same(name: str, other: str) -> bool:
    a, b = _core(name), _core(other)
    if not a or not b or a in b or b in a:
        return True
    bare_a, bare_b = _bare(a), _bare(b)
    return bare_a in bare_b or bare_b in bare_a or _sequence(bare_a, bare_b) or _sequence(bare_b, bare_a)


def _sequence(short: str, long: str) -> bool:
    """Whether a name is the other's abbreviation: its characters in order, the last one the same."""
    rest = iter(long)
    return len(short) >= 3 and short[-1] == long[-1] and all(char in rest for char in short)


def _core(name: str) -> str:
    return _ADDED.sub("", _ADDED.sub("", fold(name)))


def _bare(name: str) -> str:
    """Without the names of divisions before it."""
    while found := _PLACE.match(name):
        name = name[found.end() :]
    return name
