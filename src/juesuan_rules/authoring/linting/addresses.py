"""Names against every layout in scope (L2xx that are about rules): what holds here and not elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan_rules.authoring.linting.scope import View
from juesuan_rules.authoring.linting.work import Authored, Work
from juesuan_rules.diagnostics import Span
from juesuan_rules.language.memory import texts_of
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.language.places import TextProblem

SHOWN = 3
"""Layouts named in one message; of more, only how many."""
_NUMBERED = re.compile(r"(?<![\w.])(\d{1,3})表(?=[.\[)\s]|$)")


def check_rule(work: Work, one: Authored) -> None:
    """L201, L202: problems of a rule under another layout than the pack's own newest one."""
    report_elsewhere(work, one.rule, work.views_of(one.rule))


def check_inherited(work: Work) -> None:
    """L201 for rules of the packs above, under the pack's own dated layouts."""
    own = {id(one.rule) for one in work.authored}
    views = [view for view in work.scope.views if view.own]
    seen: set[int] = set()
    for rule in [rule for view in views for rule in view.rules]:
        if id(rule) not in own and id(rule) not in seen:
            seen.add(id(rule))
            report_elsewhere(work, rule, [view for view in views if any(rule is other for other in view.rules)])


def report_elsewhere(work: Work, rule: RuleText, views: Sequence[View]) -> None:
    """Each problem once, with the layouts it is a problem in."""
    said = {(n, p.code, p.start) for n, p in work.outcomes.outcome(rule, views[0]).problems} if views and views[0] is work.view else set()
    where: dict[tuple[int | None, str, int], tuple[TextProblem, list[View]]] = {}
    for view in views:
        for number, problem in work.outcomes.outcome(rule, view).problems:
            key = (number, problem.code, problem.start)
            if key not in said:
                where.setdefault(key, (problem, []))[1].append(view)
    for (number, _, _), (problem, places) in where.items():
        code = "L201" if problem.is_error else "L202"
        work.report(code, f"在 {_listed(places)} 的版式里：{problem.message}", _place(rule, number, problem), rule=rule.id, hint=_hint(problem, places))


def check_numbers(work: Work, one: Authored) -> None:
    """L211: a national rule that names tables by number."""
    if work.scope.root.manifest.id != work.scope.pack or work.scope.start.manifest.level != "国家":
        return
    for text in texts_of(one.rule):
        for match in _NUMBERED.finditer(text.text):
            table = work.view.names.table(match.group())
            if table is not None:
                name = table.short[0] if table.short else table.id
                span = text.locate(match.start(), match.end())
                work.report("L211", f"“{match.group()}”是表号，随地区、年度变；全国包要写表的名称", span, rule=one.rule.id, hint=f"写成 {name}")


def _place(rule: RuleText, number: int | None, problem: TextProblem) -> Span:
    texts = texts_of(rule)
    text: CheckText | None = texts[number] if number is not None else texts[0] if texts else None
    return text.locate(problem.start, problem.end) if text is not None else Span()


def _hint(problem: TextProblem, places: Sequence[View]) -> str:
    if not problem.is_error:
        return problem.hint
    elsewhere = "用 applies 写明年度，或在较早的版式里补上" if any(view.own for view in places) else "在那个地区的 overrides.yaml 里替换或停用，或在它的版式里补上"
    return f"{problem.hint}；{elsewhere}" if problem.hint else elsewhere


def _listed(views: Sequence[View]) -> str:
    titles = list(dict.fromkeys(view.title for view in views))
    return "、".join(titles[:SHOWN]) + (f" 等 {len(titles)} 个" if len(titles) > SHOWN else "")
