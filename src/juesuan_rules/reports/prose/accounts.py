"""What the prose says of 科目: functional ones of the 一般公共预算, economic ones of its 基本支出.

Figures of other money (政府性基金, 国有资本经营, all funds together) are left out: they would be
compared with a table that does not hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from juesuan_rules.amounts import UNITS
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Table
from juesuan_rules.reports.prose.binding import canonical
from juesuan_rules.reports.prose.collecting import Collected, Hit, hit_of, move_column
from juesuan_rules.reports.prose.context import Context
from juesuan_rules.reports.prose.model import Mention
from juesuan_rules.reports.prose.paths import Chart, Found, economy_chart, function_chart, named, read_path, resolve, stem
from juesuan_rules.reports.prose.scopes import BASIC, FISCAL, GENERAL

_LISTING = re.compile(r"(?:(?:主要|具体)?(?:包括|包含|用于)|其中)[：:]?")
_BETWEEN = re.compile(r"[、，,]")
_AND_SO_ON = re.compile(r"等(?:支出|经费|费用|方面)?$")
_SPENT_ON = ("人员经费", "公用经费", "人员支出", "公用支出")
_REACH, _LONGEST_LIST, _LONGEST_NAME = 60, 800, 24
MONEY_COLUMNS = ("值", "上年数", "增减额", "增减率", "预算数", "比预算增减额", "比预算增减率", "完成率", "占比")
BASIC_TOTALS = ("人员经费", "公用经费", "日常公用经费", "一般公共预算财政拨款基本支出", "一般公共预算基本支出", "财政拨款基本支出")
_FUNDS = "政府性基金"


def collect_functions(context: Context, layout: Layout, tables: Mapping[str, Table]) -> Collected:
    """Every 类, 款 and 项 that the sections on 一般公共预算财政拨款支出 name, by code."""
    chart = function_chart(tables, layout)
    funds = _fund_classes(tables)
    collected = Collected()
    seen: dict[tuple[int, str], Found | None] = {}
    last = ""
    under: tuple[str, ...] = ()
    for mention in context.told():
        sentence = context.sentences[mention.at[0]]
        if context.scopes[mention.at[0]] not in (GENERAL, FISCAL) or context.is_aside(mention):
            continue
        if sentence.sections != under:  # the codes are gone through anew
            last, under = "", sentence.sections
        column = move_column(mention, context.year)
        subject = _whole_subject(context, mention)
        path = read_path(subject)
        if path is None or column not in MONEY_COLUMNS or not _fits(context, mention):
            continue
        known = (sentence.paragraph, subject)
        if known not in seen:
            seen[known] = resolve(chart, path, _heads(context, mention, chart), last)
        found = seen[known]
        if found is None or (context.scopes[mention.at[0]] == FISCAL and found.key[:3] in funds):
            continue
        last = found.code or last
        _record(context, mention, column, found, collected)
    return collected


def _whole_subject(context: Context, mention: Mention) -> str:
    """The subject, with the upper half of its path where a line break tore it off: …养老支出（款） | 行政单位离退休（项）."""
    number, subject = mention.at[0], context.subject(mention)
    if number == 0 or not context.sentences[number].text.startswith(subject[:6]):
        return subject
    before, sections = context.sentences[number - 1], context.sentences[number].sections
    if before.figures or not (before.sections == sections or (sections and sections[-1].endswith(before.text))):
        return subject
    if subject.startswith(before.text.partition("（")[0]):
        return subject  # 住房保障支出（类） | 住房保障支出类决算数为…: the heading's own name again
    torn = fold(before.text).endswith(("(类)", "(款)")) or fold(subject) in ("(类)", "(款)", "(项)")
    return before.text + subject if torn else subject


def _heads(context: Context, mention: Mention, chart: Chart) -> tuple[str, ...]:
    """Codes named by the headings above a mention and by the totals it is a part of, the nearest last."""
    said = [*context.sentences[mention.at[0]].sections, *reversed(context.totals(mention))]
    codes: list[str] = []
    for text in said:
        if len(text) > 60 or not ("类）" in text or "款）" in text or stem(text) in chart.loose):
            continue
        path = read_path(text)
        found = resolve(chart, path, tuple(codes)) if path is not None else None
        if found is not None and found.code and len(found.code) < 7:
            codes.append(found.code)
    return tuple(codes)


def _fund_classes(tables: Mapping[str, Table]) -> frozenset[str]:
    """类 with money of 政府性基金: where a text speaks of all 财政拨款, theirs are not those of the 一般公共预算."""
    rows = [row for table in tables.values() if _FUNDS in table.spec.id and not table.empty for block in table.blocks.values() for row in block.rows]
    return frozenset([row.code[:3] for row in rows if row.code])


def collect_economy(context: Context, layout: Layout, tables: Mapping[str, Table]) -> Collected:
    """Economic 科目 with their amounts in the lists under 人员经费 and 公用经费, by code."""
    chart = economy_chart(tables, layout)
    collected = Collected()
    for mention in context.told():
        if not _is_basic(context, mention) or context.is_aside(mention) or not _fits(context, mention):
            continue
        column = move_column(mention, context.year)
        if column not in MONEY_COLUMNS or canonical(mention.subject) in _TOTALS:
            continue
        found = _economic(mention, chart, tables)
        if found is not None:
            _record(context, mention, column, found, collected)
    for number, name in _listed_names(context):
        code = named(chart, name)
        if code is not None:
            collected.row(code, name, code=code, level=1 if len(code) == 3 else 2, place=context.sentences[number].place)
    return collected


def _listed_names(context: Context) -> Iterator[tuple[int, str]]:
    """(sentence, name) of what lists of 人员经费 and 公用经费 name without an amount (主要包括办公费、印刷费等)."""
    for number, sentence in enumerate(context.sentences):
        if not context.tells(number) or context.scopes[number] not in (BASIC, "", GENERAL, FISCAL):
            continue
        text = sentence.text
        for opened in _LISTING.finditer(text):
            said = text[max(opened.start() - _REACH, 0) : opened.start()]
            if not any(total in said for total in _SPENT_ON):
                before = context.sentences[number - 1] if number else sentence
                if opened.start() > 2 or not any(total in before.text for total in _SPENT_ON) or before.sections != sentence.sections:
                    continue
            if "项目" not in said[-_REACH // 2 :]:
                names = text[opened.end() : opened.end() + _LONGEST_LIST].partition("。")[0].partition("；")[0]
                if any(char.isdigit() for char in names):
                    continue  # 离休费、退休费5.44万元: of both
                for name in _BETWEEN.split(names):
                    if 2 <= len(bare := _AND_SO_ON.sub("", name).strip()) <= _LONGEST_NAME:
                        yield number, bare


_TOTALS = frozenset([canonical(name) for name in BASIC_TOTALS])


def _is_basic(context: Context, mention: Mention) -> bool:
    scope = context.scopes[mention.at[0]]
    return scope == BASIC or (scope in ("", GENERAL, FISCAL) and any(canonical(total) in _TOTALS for total in context.totals(mention)))


def _economic(mention: Mention, chart: Chart, tables: Mapping[str, Table]) -> Found | None:
    """The economic 科目 of a mention; of 离休费、退休费 5.44万元 the last, where the table prints no figure for the others."""
    names = [part for part in fold(mention.subject).split(",") if part]
    codes = [named(chart, name) for name in names]
    if not names or (len(names) > 1 and any(code is not None and _has_figure(code, tables) for code in codes[:-1])):
        return None
    code = codes[-1]
    if code is not None:
        return Found(code, names[-1], 1 if len(code) == 3 else 2, code)
    path = read_path(names[-1])
    return Found(path.names[-1][0], path.names[-1][0], 2) if path is not None and path.marked and path.names else None


def _has_figure(code: str, tables: Mapping[str, Table]) -> bool:
    for table in tables.values():
        if table.spec.chart == "经济" and table.spec.form != "records":
            for block in table.blocks.values():
                for at, row in enumerate(block.rows):
                    if row.key == code:
                        return any(amounts[at].value for amounts in block.columns.values())
    return False


def _fits(context: Context, mention: Mention) -> bool:
    figure = context.figure(mention)
    return figure is None or figure.amount.unit in UNITS or figure.amount.unit == "%"


def _record(context: Context, mention: Mention, column: str, found: Found, collected: Collected) -> None:
    hit: Hit | None = hit_of(context, mention, column, "")
    if hit is not None:
        collected.row(found.key, found.label, code=found.code, level=found.level, place=context.sentences[mention.at[0]].place)
        collected.add(found.key, column, hit)
