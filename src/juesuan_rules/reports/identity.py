"""Who, when, where and what kind: the identity of a report, each decision with its evidence.

Titles and structure decide, never single words: budgets speak of 决算 and final accounts of 预算
on every page.
"""

from __future__ import annotations

from collections import Counter

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.documents.model import NOWHERE, Document, Place
from juesuan_rules.names import fold
from juesuan_rules.reports.divisions import PROSE, TITLE, UNIT, Clue, RegionMatch, find_region, resolve_region
from juesuan_rules.reports.headlines import YEAR, Headlines, Name, Title, collect, despace, money_in_prose, prose, year_number
from juesuan_rules.reports.model import Identity


def identify(document: Document, region_override: str | None = None) -> Identity:
    """The identity of a report. `region_override` is a code or name typed by a person.

    Raises UsageError where the override names no division, or several.
    """
    heads = collect(document)
    text = "\n".join(prose(document))
    unit, unit_note = _unit(heads)
    year, year_note = _year(heads, text)
    money, money_note = _money(heads, text)
    kind, judged, kind_note = _kind(heads)
    region, region_note = _region(heads, unit, text, region_override)
    return Identity(
        unit_name=unit,
        year=year,
        region_code=region.code,
        region_name=region.name,
        money_unit=money,
        kind=kind,
        is_final_accounts=judged,
        ambiguous_regions=region.ambiguous,
        evidence=(unit_note, year_note, region_note, money_note, kind_note),
    )


def _at(place: Place) -> str:
    """Where something stands, as closely as its format tells."""
    parts = [f"{place.file} "] if place.file else []
    if place.line:
        parts.append(f"第 {place.line} 行")
    elif place.page:
        parts.append(f"第 {place.page} 页")
    elif place.sheet:
        parts.append(f"工作表「{place.sheet}」{place.cell or ''}")
    elif place.paragraph:
        parts.append(f"第 {place.paragraph} 段")
    return "".join(parts).strip() or "文中"


# ------------------------------------------------------------------ unit and year


def _unit(heads: Headlines) -> tuple[str | None, str]:
    """The unit: the cover counts most, then table heads, which add up to at most four."""
    scores: Counter[str] = Counter()
    first: dict[str, Name] = {}
    seen: Counter[str] = Counter()
    for name in heads.names:
        key = fold(name.text)
        seen[key] += 1
        if seen[key] <= 4 or name.weight > 3:
            scores[key] += name.weight
        if key not in first or name.weight > first[key].weight:
            first[key] = name
    if not scores:
        return None, "单位名称：未找到"
    best = first[max(scores, key=lambda key: scores[key])]
    return best.text, f"单位名称：{best.text}（{best.how.strip('（(：:')}，{_at(best.place)}，共 {seen[fold(best.text)]} 处）"


def _year(heads: Headlines, text: str) -> tuple[int | None, str]:
    """The year of the accounts: cover, section titles and table heads; prose only without those."""
    scores: Counter[int] = Counter()
    first: dict[int, tuple[int, Place]] = {}
    for year, place, weight in heads.years:
        scores[year] += weight
        if year not in first or weight > first[year][0]:
            first[year] = (weight, place)
    if scores:
        best = max(scores, key=lambda year: (scores[year], year))
        return best, f"年度：{best}（{_at(first[best][1])}）"
    flat = despace(text)
    spoken = Counter(year_number(m.group(1)) for m in YEAR.finditer(flat) if flat.startswith("年度", m.end()))
    if not spoken:
        return None, "年度：未找到"
    best = max(spoken, key=lambda year: (spoken[year], year))
    return best, f"年度：{best}（正文中「{best}年度」出现 {spoken[best]} 次）"


def _money(heads: Headlines, text: str) -> tuple[str | None, str]:
    if heads.money:
        unit, times = Counter(unit for unit, _ in heads.money).most_common(1)[0]
        place = next(place for stated, place in heads.money if stated == unit)
        return unit, f"金额单位：{unit}（{_at(place)}，共 {times} 处）"
    spoken = money_in_prose(text)
    return spoken, f"金额单位：{spoken}（表头未注明，依正文金额）" if spoken else "金额单位：未找到"


# ------------------------------------------------------------------ region


def _region(heads: Headlines, unit: str | None, text: str, override: str | None) -> tuple[RegionMatch, str]:
    if override:
        match = resolve_region(override)
        if match.ambiguous:
            raise UsageError(f"地区「{override}」不止一个：{'、'.join(match.ambiguous)}，请写代码或全称")
        if not match.code:
            raise UsageError(f"不认识的地区「{override}」，请写行政区划代码（如 210505）或全称（如 本溪市南芬区）")
        return match, f"地区：{match.name}（由命令指定）"
    clues = [Clue(unit, UNIT)] if unit else []
    clues += [Clue(title.name, TITLE, title.place) for title in heads.titles if title.name]
    clues += [Clue(name.text, TITLE, name.place) for name in heads.names]
    clues += [Clue(line, TITLE, place) for line, place in heads.cover[:12]]
    clues.append(Clue(text, PROSE))
    match = find_region(clues)
    if match.ambiguous:
        return match, f"地区：「{match.evidence}」不止一处，文中未写明所属省市：{'、'.join(match.ambiguous)}"
    if not match.code:
        return match, "地区：未找到"
    where = "" if match.place == NOWHERE else _at(match.place)
    return match, f"地区：{match.name}（依据{where}「{match.evidence}」）"


# ------------------------------------------------------------------ kind


def _kind(heads: Headlines) -> tuple[str, bool, str]:
    """What the document is, whether it may be judged as departmental final accounts, and why."""
    final = len(heads.final_tables)
    budget = len(heads.budget_tables)
    titles = _leading_titles(heads, final, budget)
    title = titles[0] if titles else None
    if title and title.what == "预算":
        kind = {"单位": "单位预算", "部门": "部门预算"}.get(title.scope, "财政预算" if title.scope else "部门预算")
        return kind, False, f"文种：{kind}（{_at(title.place)}「{_short(title.text)}」），不是决算"
    if title and title.scope not in ("", "部门", "单位") and not final:
        return "政府决算", False, f"文种：政府财政决算（{_at(title.place)}「{_short(title.text)}」），不是部门决算"
    scope = title.scope if title and title.scope in ("部门", "单位") else _labelled_scope(heads)
    if title and (final or len(heads.sections) >= 2):
        return f"{scope}决算", True, f"文种：{scope}决算（{_at(title.place)}「{_short(title.text)}」）"
    if not title and final > budget and (final >= 2 or heads.grids):
        table, place = next(iter(heads.final_tables.items()))
        return f"{scope}决算", True, f"文种：{scope}决算（无封面，依{_at(place)}「{_short(table)}」等 {final} 个表题）"
    if not title and not budget and len(heads.sections) >= 3:
        heading, place = next(iter(heads.sections.items()))
        return f"{scope}决算", True, f"文种：{scope}决算（无封面，依{_at(place)}「{_short(heading)}」等 {len(heads.sections)} 个标题）"
    if budget > final:
        table, place = next(iter(heads.budget_tables.items()))
        return "部门预算", False, f"文种：部门预算（{_at(place)}「{_short(table)}」等 {budget} 个表题），不是决算"
    if title:
        return "", False, f"文种：{_at(title.place)}「{_short(title.text)}」提到决算，但没有决算表也没有决算说明"
    return "", False, "文种：没有决算报告的题名，也没有决算表"


def _leading_titles(heads: Headlines, final: int, budget: int) -> list[Title]:
    """Titles with the kind that the tables confirm first, where the cover names both kinds."""
    kinds = {title.what for title in heads.titles}
    if len(kinds) < 2:
        return heads.titles
    wanted = "预算" if budget > final else "决算"
    return sorted(heads.titles, key=lambda title: title.what != wanted)


def _labelled_scope(heads: Headlines) -> str:
    """部门 or 单位, by what stands before the name in the table heads."""
    return "单位" if heads.labels["单位"] > heads.labels["部门"] else "部门"


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
