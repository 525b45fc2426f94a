"""Coverage as text: a table per report, and the figures no rule guards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan_rules.authoring.coverage.model import Count, Covered, ReportCoverage
from juesuan_rules.renderings.plain import clip, display_width, place_text, safe

_HEADS = ("表、文字", "数", "读到", "有规则用", "改了能发现", "只发现大改动", "占比")
_WIDTHS = (44, 6, 6, 9, 11, 13, 8)
_MOST = 12
"""Figures listed per part unless all are asked for."""


def render(reports: Sequence[ReportCoverage], list_all: bool = False) -> str:
    """Everything as text, the sum over several reports last."""
    lines: list[str] = []
    total = Count()
    for one in reports:
        lines += [*_report(one, list_all), ""]
        for count in one.parts().values():
            total = total.plus(count)
    if len(reports) > 1:
        lines += [_line(_HEADS), _line(_cells(f"合计 {len(reports)} 份报告", total)), ""]
    return "\n".join([*lines, _summary(total)]) + "\n"


def _report(one: ReportCoverage, list_all: bool) -> Iterator[str]:
    packs = "、".join(f"{pack.id} {pack.version}" for pack in one.chain[-1:])
    yield f"{safe(one.source.path)}（规则包 {safe(packs)}，{one.seconds:.1f} 秒）"
    yield _line(_HEADS)
    whole = Count()
    for (kind, where), count in one.parts().items():
        yield _line(_cells(f"{kind}  {where}", count))
        whole = whole.plus(count)
    yield _line(_cells("合计", whole))
    yield from _unguarded(one, list_all)
    if one.idle:
        shown = one.idle if list_all else one.idle[:_MOST]
        yield f"在这份报告里没有判断过的规则 {len(one.idle)} 条：{safe('、'.join(shown))}{'' if len(shown) == len(one.idle) else ' …'}"


def _cells(name: str, count: Count) -> tuple[str, ...]:
    return (name, *[str(n) for n in (count.figures, count.recognised, count.read, count.guarded, count.large)], count.share)


def _line(cells: Sequence[str]) -> str:
    """The name flush left, the numbers flush right."""
    name = clip(cells[0], _WIDTHS[0])
    shown = [name + " " * max(_WIDTHS[0] - display_width(name), 0)]
    shown += [" " * max(width - display_width(text), 0) + text for text, width in zip(cells[1:], _WIDTHS[1:], strict=True)]
    return "".join(shown).rstrip()


def _unguarded(one: ReportCoverage, list_all: bool) -> Iterator[str]:
    """What no rule notices, part by part."""
    for kind, where in one.parts():
        missed = [c for c in one.figures if (c.printed.kind, c.printed.where) == (kind, where) and not c.guarded]
        if not missed:
            continue
        yield f"改了没有规则发现：{safe(where)}，{len(missed)} 个"
        for covered in missed if list_all else missed[:_MOST]:
            yield f"  {said(covered)}"
        if len(missed) > _MOST and not list_all:
            yield f"  … 还有 {len(missed) - _MOST} 个（--list-all 列出）"


def said(covered: Covered) -> str:
    """An unguarded figure on one line: what it is, where it stands, why nothing notices."""
    printed = covered.printed
    name = safe(printed.name) or "（没有读作任何一项）"
    place = place_text(printed.place)
    if printed.amount is None:
        why = "没有读到"
    elif not covered.readers:
        why = "没有规则用到"
    else:
        why = f"规则 {'、'.join(covered.readers[:4])}{' 等' if len(covered.readers) > 4 else ''} 用到，改了也不变"
    return f"{clip(name, 60)} = {safe(printed.raw)}{f'（{place}）' if place else ''}：{why}"


def _summary(total: Count) -> str:
    large = f"（其中 {total.large} 个只发现 5%、一个百分点或一分以上的改动）" if total.large else ""
    return f"结论：印出的 {total.figures} 个数，读到 {total.recognised} 个，有规则用 {total.read} 个，改了能发现 {total.guarded} 个{large}，占 {total.share}"
