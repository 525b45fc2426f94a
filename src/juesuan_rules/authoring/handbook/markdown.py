"""A handbook as one Markdown file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan_rules.authoring.handbook.model import Grid, Handbook, RuleEntry
from juesuan_rules.renderings.plain import safe

_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")


def to_markdown(book: Handbook) -> str:
    """The whole handbook; every text of the pack is escaped."""
    return "\n".join(_book(book)).rstrip() + "\n"


def _book(book: Handbook) -> Iterator[str]:
    yield f"# {text(book.title)}\n"
    yield "本手册由程序根据规则包生成。\n"
    yield from _grid(Grid("", ("项目", "内容"), book.summary))
    yield "## 目录\n"
    for family in book.families:
        yield f"- {text(f'{family.letters} {family.title}'.strip())}（{len(family.rules)} 条）"
    yield from (f"- {text(section.title)}" for section in book.sections)
    for family in book.families:
        yield f"\n## {text(f'{family.letters} {family.title}'.strip())}\n"
        for rule in family.rules:
            yield from _rule(rule)
    for section in book.sections:
        yield f"\n## {text(section.title)}\n\n{text(section.about)}\n"
        for grid in section.grids:
            yield from _grid(grid)


def _rule(rule: RuleEntry) -> Iterator[str]:
    yield f"### {text(rule.id)} {text(rule.title)}\n"
    yield "；".join(f"{name} {text(value)}" for name, value in rule.facts) + "\n"
    for title, formula, severity in rule.checks:
        extra = "，".join(part for part in (title, severity) if part)
        yield (f"{text(extra)}：\n\n" if extra else "") + f"    {safe(formula)}\n"
    if rule.when:
        yield f"条件：\n\n    {safe(rule.when)}\n"
    for name, lines in (("含义", rule.meaning), ("读取", rule.reads), ("允许误差", rule.exact), ("依据", [line for line, _ in rule.basis])):
        if lines:
            yield f"{name}：\n"
            yield from (f"- {text(line.strip())}" for line in lines)
            yield ""
    if rule.note:
        yield f"说明：{text(rule.note)}\n"
    for example in rule.examples:
        yield f"- 用例（{example.outcome}）{text(example.name)}" + (f"；{text('，'.join(example.expects))}" if example.expects else "")
        yield from (f"    - {text(line)}" for line in example.given)
    if rule.changes:
        yield "\n由来：\n"
        for change in rule.changes:
            yield f"- {text(change.head)}"
            yield from (f"    - {text(line)}" for line in change.lines)
    if rule.page:
        yield "\n" + "\n".join("> " + text(line.lstrip("# ")) for line in rule.page.split("\n"))
    yield ""


def _grid(grid: Grid) -> Iterator[str]:
    if grid.title:
        yield f"### {text(grid.title)}\n"
    yield from (f"{text(line)}  " for line in grid.about)
    if not grid.rows:
        yield ""
        return
    yield "\n| " + " | ".join(text(cell) for cell in grid.head) + " |"
    yield "|" + "---|" * len(grid.head)
    yield from ("| " + " | ".join(text(cell) for cell in row) + " |" for row in grid.rows)
    yield ""


def text(value: str) -> str:
    """A text of the pack on one line, with nothing in it that Markdown or HTML would act on."""
    return _MARKS.sub(r"\\\1", safe(value)).replace("&", "&amp;")
