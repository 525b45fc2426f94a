"""A handbook as one self-contained HTML file: no script, nothing fetched, light and dark, A4 in print."""

from __future__ import annotations

import html
from collections.abc import Iterator

from juesuan_rules.authoring.handbook.model import Example, Grid, Handbook, RuleEntry
from juesuan_rules.renderings.plain import safe

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2329;--soft:#5b6671;--line:#d9dee4;--paper:#fff;--tint:#f4f6f8;--mark:#0b5cad;--bad:#b3261e;--warn:#8a5a00;--good:#1b6e3c}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#9aa6b2;--line:#39424c;--paper:#15191d;--tint:#1e242a;--mark:#7fb6f0;--bad:#ff8a80;--warn:#e8b45a;--good:#7fd19b}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.75 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem;border-right:1px solid var(--line);background:var(--tint);font-size:13px;line-height:1.6}
nav details{margin:.15rem 0}nav summary{cursor:pointer;font-weight:600}nav a{display:block;color:var(--ink);text-decoration:none;padding:0 .3rem 0 1rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
nav a:hover,nav a:focus{color:var(--mark);text-decoration:underline}nav>a{padding-left:.9rem;font-weight:600}
main{padding:2rem 3rem 6rem;max-width:64rem}
h1{font-size:1.9rem;margin:0 0 1rem}h2{font-size:1.4rem;margin:3.5rem 0 1rem;padding-bottom:.3rem;border-bottom:2px solid var(--line)}
h3{font-size:1.08rem;margin:0 0 .4rem}h4{font-size:1rem;margin:1.8rem 0 .3rem}
a{color:var(--mark)}.soft{color:var(--soft)}
article{border:1px solid var(--line);border-radius:8px;padding:1rem 1.25rem;margin:1rem 0}
article:target{outline:2px solid var(--mark)}
.id{font-family:ui-monospace,Consolas,monospace;color:var(--mark);margin-right:.6em}
.tags{font-size:13px;color:var(--soft);margin:0 0 .6rem}.tags b{font-weight:600;margin-right:1.2em}.错误{color:var(--bad)}.警告{color:var(--warn)}.提示{color:var(--soft)}
pre{background:var(--tint);border-left:3px solid var(--mark);padding:.5rem .8rem;margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere;font:13.5px/1.7 ui-monospace,Consolas,"Noto Sans Mono CJK SC",monospace}
dl{display:grid;grid-template-columns:5.5rem minmax(0,1fr);gap:.25rem .8rem;margin:.6rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}dd div.inner{padding-left:1.2em}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.2rem;font-size:13.5px;line-height:1.55}th,td{border:1px solid var(--line);padding:.25rem .55rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--tint);font-weight:600}thead{display:table-header-group}tr{break-inside:avoid}
table.cases td:first-child{white-space:nowrap}.相符{color:var(--good)}.不符,.存疑,.规则出错{color:var(--bad)}.无法判断,.不适用{color:var(--soft)}

.contents{display:none}.contents li{margin:.1rem 0}
.narrow{width:auto;min-width:50%}blockquote{margin:.6rem 0;padding-left:1rem;border-left:3px solid var(--line);white-space:pre-wrap}
details>summary{cursor:pointer;color:var(--soft)}
@media (max-width:60rem){body{display:block}nav{position:static;height:auto;max-height:45vh;border-right:0;border-bottom:1px solid var(--line)}main{padding:1.2rem}}
@page{size:A4;margin:18mm 16mm}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--tint:#f2f2f2;--mark:#000;--bad:#000;--warn:#000;--good:#000}
body{display:block;font-size:10pt;line-height:1.55}nav{display:none}main{padding:0;max-width:none}
h2{break-before:page}h3,h4,summary{break-after:avoid}article{border:0;border-top:1px solid #999;border-radius:0;padding:.6rem 0;margin:0}pre{break-inside:avoid}table{font-size:9pt}a{color:inherit;text-decoration:none}.contents{display:block}}
"""


def to_html(book: Handbook) -> str:
    """The whole handbook as one page; every text of the pack is escaped."""
    title = text(book.title)
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>\n<body>'
    )
    return head + "\n".join([*_nav(book), *_main(book)]) + "\n</body></html>\n"


def _nav(book: Handbook) -> Iterator[str]:
    yield '<nav aria-label="目录"><a href="#top">概况</a>'
    for family in book.families:
        label = text(f"{family.letters} {family.title}".strip())
        yield f"<details><summary>{label}（{len(family.rules)}）</summary>"
        yield from (f'<a href="#{text(rule.id)}" title="{text(rule.title)}">{text(rule.id)} {text(rule.title)}</a>' for rule in family.rules)
        yield "</details>"
    yield from (f'<a href="#s{number}">{text(section.title)}</a>' for number, section in enumerate(book.sections))
    yield "</nav>"


def _main(book: Handbook) -> Iterator[str]:
    yield f'<main><h1 id="top">{text(book.title)}</h1><p class="soft">本手册由程序根据规则包生成。</p>'
    yield _pairs(book.summary)
    chapters = [*[f"{f.letters} {f.title}（{len(f.rules)} 条）" for f in book.families], *[section.title for section in book.sections]]
    yield '<div class="contents"><h3>目录</h3><ol>' + "".join(f"<li>{text(chapter)}</li>" for chapter in chapters) + "</ol></div>"
    for family in book.families:
        yield f'<h2 id="f-{text(family.letters)}">{text(f"{family.letters} {family.title}".strip())}</h2>'
        for rule in family.rules:
            yield from _rule(rule)
    for number, section in enumerate(book.sections):
        yield f'<h2 id="s{number}">{text(section.title)}</h2><p class="soft">{text(section.about)}</p>'
        for grid in section.grids:
            yield from _grid(grid)
    yield "</main>"


def _rule(rule: RuleEntry) -> Iterator[str]:
    yield f'<article id="{text(rule.id)}"><h3><span class="id">{text(rule.id)}</span>{text(rule.title)}</h3>'
    tags = "".join(f'{text(name)} <b{_severity(name, value)}>{text(value)}</b>' for name, value in rule.facts)
    yield f'<p class="tags">{tags}</p>'
    for title, formula, severity in rule.checks:
        extra = "，".join(part for part in (title, severity) if part)
        yield (f"<div>{text(extra)}</div>" if extra else "") + f"<pre>{text(formula)}</pre>"
    basis = [f'{text(line)}' if known else f'<span class="soft">{text(line)}</span>' for line, known in rule.basis]
    rows = [("条件", [text(rule.when)] if rule.when else []), ("含义", _lines(rule.meaning)), ("读取", _lines(rule.reads)), ("允许误差", _lines(rule.exact)), ("依据", basis), ("说明", [text(rule.note)] if rule.note else [])]
    yield "<dl>" + "".join(f"<dt>{name}</dt><dd>{'<br>'.join(lines)}</dd>" for name, lines in rows if lines) + "</dl>"
    if rule.page:
        yield "<blockquote>" + "\n".join(text(line.lstrip("# ")) for line in rule.page.split("\n")) + "</blockquote>"
    if rule.changes:
        items = "".join(f"<li>{text(c.head)}{''.join('<br>' + text(line) for line in c.lines)}</li>" for c in rule.changes)
        yield f"<div class=\"soft\">由来</div><ul>{items}</ul>"
    if rule.examples:
        yield '<details open><summary>用例</summary><table class="cases"><thead><tr><th>应得</th><th>用例</th><th>表上、文中的数</th></tr></thead><tbody>'
        yield from (_example(example) for example in rule.examples)
        yield "</tbody></table></details>"
    yield "</article>"


def _example(example: Example) -> str:
    expects = f'<br><span class="soft">{text("，".join(example.expects))}</span>' if example.expects else ""
    given = "<br>".join(text(line) for line in example.given) or '<span class="soft">什么也没有印</span>'
    return f'<tr><td class="{example.outcome}">{example.outcome}</td><td>{text(example.name)}{expects}</td><td>{given}</td></tr>'


def _lines(lines: tuple[str, ...]) -> list[str]:
    return [("&emsp;" if line.startswith("  ") else "") + text(line) for line in lines]


def _severity(name: str, value: str) -> str:
    return f' class="{value}"' if name == "级别" and value in ("错误", "警告", "提示") else ""


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return "<dl>" + "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in pairs) + "</dl>"


def _grid(grid: Grid) -> Iterator[str]:
    if grid.title:
        yield f"<h4>{text(grid.title)}</h4>"
    if grid.about:
        yield '<p class="soft">' + "<br>".join(text(line) for line in grid.about) + "</p>"
    if grid.rows:
        narrow = ' class="narrow"' if len(grid.head) <= 2 else ""
        head = "".join(f"<th>{text(cell)}</th>" for cell in grid.head)
        yield f"<table{narrow}><thead><tr>{head}</tr></thead><tbody>"
        yield from ("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in grid.rows)
        yield "</tbody></table>"


def text(value: str) -> str:
    """A text of the pack, on one line, escaped for HTML (also inside attributes)."""
    return html.escape(safe(value), quote=True)
