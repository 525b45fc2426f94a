"""年度一致(), 文中年度(), 年度写法(): the report's year on its covers and tables and in its sentences."""

from __future__ import annotations

import re

from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import AROUND, BODY, CONTENTS, COVER, HEADING, Hit, cell_pages, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, around, no_text, spot_of, verdict

_TITLE = Pattern(r"(20\d\d) ?年?度?[^，。；：、\d\n]{0,30}(?:决算|绩效自评|自评)")
_OTHERS = Pattern(r"预算|计划|规划|以来|至|—|－|对比|比较|变动|增减|上年")
_AMOUNT = r"[^，。；\d]{0,16}\d[\d,]*(?:\.\d+)?万?元"
_SUBJECT = r"(?:收入|支出|财政拨款|一般公共预算|政府性基金|国有资本|机[关构]运行|政府采购|“?三公”?|因公出国|公务接待|公务用车|基本支出|项目支出|年末结转)"
_STATED = Pattern(rf"(?:^|(?<=[。；，]))(?:截至|本部门|本单位|我局|我单位)?(20\d\d)年度?{_SUBJECT}{_AMOUNT}", re.MULTILINE)
_AT_END = Pattern(r"截[至止](20\d\d)年(?:12月31日|末|底)[，,]?[^，。；]{0,20}(?:共有|车辆|公务用车|使用财政拨款|开支)")
_REFLECTED = Pattern(r"(20\d\d)年度?[^，。；\d]{0,8}部门决算中反映")
_SCOPE = Pattern(r"纳入[^，。；\d]{0,30}(20\d\d)年度?[^，。；\d]{0,6}决算(?:编制|汇编)?范围")
_TWICE = Pattern(r"20\d\d年年度?|年度年度|年度年(?![初末底中报内来间度])|年年度")


def years_agree(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: covers, titles, contents, heads of tables and forms of another year."""
    report = books.report
    year = report.identity.year
    if year is None:
        return [Structural("", "undecided", "报告上没有年度", reason="缺年度")]
    spots = [Spot(f"《{t.spec.id}》表头是 {t.year} 年度", str(t.year), t.place, "表头") for t in report.tables.values() if t.year not in (None, year)]
    for hit in prose_pages(books).search(_TITLE, (COVER, HEADING, CONTENTS, AROUND)):
        if int(hit.found.group(1)) != year and not _OTHERS.search(hit.found.group()) and str(year) not in hit.passage.text:
            spots.append(Spot(f"“{hit.found.group()}”", hit.passage.text, hit.passage.place, hit.passage.role))
    spots += _forms(books, year)
    if not spots and not report.tables and not prose_pages(books).passages:
        return [Structural("", "not_applicable", "没有可以核对年度的标题和表", reason="全空")]
    return verdict(spots, f"不是 {year} 年度的", f"封面、标题、各表都是 {year} 年度")


def _forms(books: Books, year: int) -> list[Spot]:
    forms = books.report.records.get(ASSESSMENTS)
    block = forms.blocks.get("") if forms is not None else None
    if block is None or "年度" not in block.columns:
        return []
    found = []
    for row, amount in zip(block.rows, block.columns["年度"], strict=True):
        if amount.value is not None and amount.value != year and 2000 < amount.value < 2100:
            found.append(Spot(f"附表“{row.label or row.key}”是 {amount.value} 年度", amount.raw, row.place, "附表"))
    return found


def years_in_sentences(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: sentences of the 情况说明 that state this year's figure under another year."""
    lack = no_text(books)
    if lack:
        return lack
    year = books.report.identity.year
    if year is None:
        return [Structural("", "undecided", "报告上没有年度", reason="缺年度")]
    told = books.report.prose.explained
    pages = prose_pages(books)
    spots = [_spot(hit) for hit in pages.search(_STATED, (BODY,)) if hit.passage.at in told and _other(books, hit, year)]
    for pattern in (_AT_END, _REFLECTED, _SCOPE):
        spots += [_spot(hit) for hit in pages.search(pattern, (BODY,)) if int(hit.found.group(1)) != year and "上年" not in hit.found.group()]
    return verdict(spots, f"{year} 年度报告的句子写着别的年度", f"句子里的年度与 {year} 年度相符")


def _spot(hit: Hit) -> Spot:
    return Spot(f"“{around(hit.passage.text, hit.start, min(hit.end, hit.start + 24), 0, 0)}”", hit.passage.text, hit.passage.place)


def _other(books: Books, hit: Hit, year: int) -> bool:
    """Whether a figure is stated for another year, and not beside this year's for comparison."""
    if int(hit.found.group(1)) == year:
        return False
    sentences = books.report.prose.sentences
    paragraph = sentences[hit.passage.at].paragraph
    beside = sentences[max(0, hit.passage.at - 3) : hit.passage.at + 3]
    return not any(f"{year}年" in s.text or "本年" in s.text for s in beside if s.paragraph == paragraph)


def years_written_once(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: 年年度 and the like."""
    hits = [*prose_pages(books).search(_TWICE), *cell_pages(books).search(_TWICE)]
    if not prose_pages(books).passages:
        return [Structural("", "not_applicable", "没有文字可查", reason="全空")]
    return verdict([spot_of(hit) for hit in hits if not re.fullmatch(r"20\d\d年年", hit.found.group())], "年度写法不对", "年度写法没有重字")
