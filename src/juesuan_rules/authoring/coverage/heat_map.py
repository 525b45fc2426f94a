"""Coverage as one self-contained HTML page: tables and sentences as printed, every figure coloured by how it is guarded.

No script, nothing fetched. What a report says is escaped; what the colours mean stands in a legend, and in each
figure's title for those who cannot tell them apart.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from juesuan_rules.authoring.coverage.figures import form_title
from juesuan_rules.authoring.coverage.model import PROSE, TABLE, Count, Covered, ReportCoverage
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.renderings.plain import place_text, safe

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2329;--soft:#5b6671;--line:#d9dee4;--paper:#fff;--tint:#f4f6f8;--mark:#0b5cad;--g1:#d5efdd;--g2:#a9dfbb;--g3:#79cb95;--large:#fbe7a1;--none:#f5b7b1;--unread:#d9dde2;--on:#14181c}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#9aa6b2;--line:#39424c;--paper:#15191d;--tint:#1e242a;--mark:#7fb6f0;--g1:#1d3a29;--g2:#225437;--g3:#2a7048;--large:#5f4e12;--none:#7a2a24;--unread:#3a424b;--on:#f2f5f7}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.7 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif}
main{max-width:80rem;margin:0 auto;padding:1.5rem 1.5rem 5rem}
h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:2.5rem 0 .6rem;border-bottom:2px solid var(--line)}h3{font-size:1rem;margin:1.8rem 0 .4rem}
.soft{color:var(--soft);font-size:13px}a{color:var(--mark)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13px;line-height:1.5;margin:.3rem 0 1rem}
td,th{border:1px solid var(--line);padding:.15rem .45rem;vertical-align:top}th{background:var(--tint);text-align:left}
td.n,.counts td:not(:first-child){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.f{color:var(--on);cursor:help;border-radius:2px}span.f{padding:0 .25em}
.g1{background:var(--g1)}.g2{background:var(--g2)}.g3{background:var(--g3)}.large{background:var(--large)}
.none{background:var(--none);text-decoration:underline dotted}.unread{background:var(--unread);text-decoration:underline dashed}
.known{outline:2px solid var(--mark);outline-offset:-2px}
.legend span{margin-right:1.2em;white-space:nowrap}.bar{display:inline-block;width:8rem;height:.7em;background:var(--none);vertical-align:middle}.bar i{display:block;height:100%;background:var(--g3)}
p.s{margin:.2rem 0}p.h{margin:.9rem 0 .2rem;color:var(--soft);font-size:13px}
@media print{:root{color-scheme:light}main{max-width:none;padding:0}tr{break-inside:avoid}}
"""
_MANY, _SOME = 4, 2
"""Rules that guard a figure, from which on its colour is the strongest, the middle one."""


def to_html(reports: Sequence[ReportCoverage]) -> str:
    """The whole page."""
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>规则覆盖</title><style>{_STYLE}</style></head>\n<body><main>'
    )
    return head + "\n".join(line for number, one in enumerate(reports) for line in _report(one, number)) + "\n</main></body></html>\n"


def _report(one: ReportCoverage, number: int) -> Iterator[str]:
    packs = "、".join(f"{pack.id} {pack.version}" for pack in one.chain)
    yield f"<h1>规则覆盖：{_text(one.source.path)}</h1>"
    yield f'<p class="soft">规则包 {_text(packs)}。每个印出的数改动一次，看有没有规则发现：先改到刚超出容差一个末位，发现不了再改 5%、一个百分点或一分。</p>'
    yield (
        '<p class="legend"><span><b class="f g1">绿</b> 改一个末位（超出容差）就能发现，规则越多越深</span><span><b class="f large">黄</b> 只发现大改动</span>'
        '<span><b class="f none">红</b> 改了没有规则发现</span><span><b class="f unread">灰</b> 没有读到</span><span><b class="f g1 known">框</b> 用到它的核对本来就不符</span></p>'
    )
    parts = one.parts()
    yield from _counts(parts, number)
    anchors = {place: f"r{number}p{n}" for n, place in enumerate(parts)}
    for (kind, where), count in parts.items():
        yield f'<h2 id="{anchors[kind, where]}">{_text(where)} <span class="soft">{count.guarded} / {count.figures}（{count.share}）</span></h2>'
        figures = {c.printed.at: c for c in one.figures if (c.printed.kind, c.printed.where) == (kind, where)}
        if kind == PROSE:
            yield from _prose(one, figures)
        else:
            grid = one.report.tables[where].grid if kind == TABLE else _form(one, where)
            yield from _grid(one, grid, figures)
    if one.idle:
        yield f'<h2>没有判断过的规则</h2><p class="soft">{_text("、".join(f"{rule} {one.titles[rule]}" for rule in one.idle))}</p>'


def _counts(parts: dict[tuple[str, str], Count], number: int) -> Iterator[str]:
    yield (
        '<div class="scroll"><table class="counts"><thead><tr>'
        + "".join(f"<th>{h}</th>" for h in ("表、文字", "数", "读到", "有规则用", "改了能发现", "只发现大改动", "占比", ""))
        + "</tr></thead><tbody>"
    )
    total = Count()
    for n, ((_, where), count) in enumerate(parts.items()):
        yield _count_row(f'<a href="#r{number}p{n}">{_text(where)}</a>', count)
        total = total.plus(count)
    yield _count_row("合计", total)
    yield "</tbody></table></div>"


def _count_row(name: str, count: Count) -> str:
    numbers = (count.figures, count.recognised, count.read, count.guarded, count.large)
    width = 100 * count.guarded // count.figures if count.figures else 0
    bar = f'<span class="bar"><i style="width:{width}%"></i></span>'
    return f"<tr><td>{name}</td>" + "".join(f"<td>{n}</td>" for n in numbers) + f"<td>{count.share}</td><td>{bar}</td></tr>"


def _form(one: ReportCoverage, where: str) -> GridBlock:
    titles = [form_title(one.report, n) for n in range(len(one.report.other_tables))]
    return one.report.other_tables[titles.index(where)]


def _grid(one: ReportCoverage, grid: GridBlock, figures: dict[tuple[int, int], Covered]) -> Iterator[str]:
    """A grid as printed; cells a merged one covers are left out where it says how many they are."""
    yield '<div class="scroll"><table><tbody>'
    hidden: set[tuple[int, int]] = set()
    for r, row in enumerate(grid.rows):
        cells = []
        for c, cell in enumerate(row):
            if (r, c) in hidden:
                continue
            spans = ""
            if grid.kind == "columns" and (cell.colspan > 1 or cell.rowspan > 1):
                wide, tall = min(cell.colspan or 1, len(row) - c), min(cell.rowspan or 1, len(grid.rows) - r)
                covered = {(r + i, c + j) for i in range(max(tall, 1)) for j in range(max(wide, 1))} - {(r, c)}
                if not covered & (set(figures) | hidden):
                    hidden |= covered
                    spans = f' colspan="{max(wide, 1)}" rowspan="{max(tall, 1)}"'
            found = figures.get((r, c))
            look = f' class="f n {_class(found)}" title="{_title(one, found)}"' if found is not None else ""
            cells.append(f"<td{spans}{look}>{_text(cell.text)}</td>")
        yield "<tr>" + "".join(cells) + "</tr>"
    yield "</tbody></table></div>"


def _prose(one: ReportCoverage, figures: dict[tuple[int, int], Covered]) -> Iterator[str]:
    """The sentences that hold figures, with their headings."""
    sections: tuple[str, ...] = ()
    sentences = one.report.prose.sentences
    for at in sorted({at for at, _ in figures}):
        sentence = sentences[at]
        if sentence.sections != sections:
            sections = sentence.sections
            yield f'<p class="h">{_text(" › ".join(sections))}</p>' if sections else ""
        pieces, end = [_text(sentence.marker)], 0
        for n, figure in enumerate(sentence.figures):
            found = figures.get((at, n))
            if found is None or figure.start < end:
                continue
            pieces += [
                _text(sentence.text[end : figure.start]),
                f'<span class="f {_class(found)}" title="{_title(one, found)}">{_text(sentence.text[figure.start : figure.end])}</span>',
            ]
            end = figure.end
        yield f'<p class="s">{"".join(pieces)}{_text(sentence.text[end:])}</p>'


def _class(covered: Covered) -> str:
    if covered.printed.amount is None:
        return "unread"
    strength = 3 if len(covered.guards) >= _MANY else 2 if len(covered.guards) >= _SOME else 1
    look = {"unit": f"g{strength}", "large": "large", "none": "none"}[covered.guard]
    return f"{look} known" if covered.known else look


def _title(one: ReportCoverage, covered: Covered) -> str:
    """What stands in the box that opens over a figure."""
    printed = covered.printed
    lines = [part for part in (printed.name, place_text(printed.place)) if part]
    if printed.amount is None:
        lines.append("没有读到")
    elif not covered.readers:
        lines.append("没有规则用到")
    else:
        if covered.guards:
            how = "改一个末位（超出容差）就能发现" if covered.guard == "unit" else "只发现大改动"
            lines.append(f"{how}（改作 {covered.changes[-1]}）：" if covered.changes else f"{how}：")
            lines += [f"  {rule} {one.titles.get(rule, '')}" for rule in covered.guards]
        else:
            lines.append(f"改作 {'、'.join(covered.changes)} 都没有规则发现" if covered.changes else "没有规则发现")
        rest = [rule for rule in covered.readers if rule not in covered.guards]
        lines += ["也用到它："] + [f"  {rule} {one.titles.get(rule, '')}" for rule in rest] if rest else []
    return "&#10;".join(_text(line) if not line.startswith("  ") else "&#8195;" + _text(line) for line in lines)


def _text(value: str) -> str:
    """A text of a report or pack, on one line, escaped for HTML (also inside attributes)."""
    return html.escape(safe(value), quote=True)
