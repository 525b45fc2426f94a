"""Mentions → the record sets of facts: 文字, 文字科目, 文字经济科目, 文字项目.

A fact that several sentences state alike (within what rounding allows) is one value at its first
place; stated differently it is 文内矛盾: an unreadable amount and a problem that names both places.
"""

from __future__ import annotations

from collections.abc import Mapping

from juesuan_rules.amounts import PERCENT
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.catalogue.records import ECONOMY_FACTS, FACTS, FUNCTION_FACTS, PROJECT_FACTS
from juesuan_rules.reports.model import Sentence, Table
from juesuan_rules.reports.prose.accounts import collect_economy, collect_functions
from juesuan_rules.reports.prose.binding import bind, canonical, index_facts, surroundings
from juesuan_rules.reports.prose.collecting import Collected, Hit, build_table, hit_of, move_column
from juesuan_rules.reports.prose.context import Context
from juesuan_rules.reports.prose.model import At, Mention
from juesuan_rules.reports.prose.patterns import find_patterns


def fact_tables(
    sentences: tuple[Sentence, ...], mentions: tuple[Mention, ...], layout: Layout, tables: Mapping[str, Table]
) -> tuple[dict[str, Table], frozenset[At]]:
    """The four record sets of facts by name, and which figures they account for.

    文字 has a row for every fact that the layout declares, in that order; the others have rows for
    what the text names. A cell that nothing states is blank. `tables`: the recognised tables, whose
    rows tell which code a 科目 has and which year is this year.
    """
    collected = collect_facts(sentences, mentions, layout, tables)
    built = {name: build_table(name, found, layout, sentences) for name, found in collected.items()}
    read = frozenset([hit.at for found in collected.values() for hits in found.hits.values() for hit in hits if hit.at[1] >= 0])
    return built, read


def collect_facts(sentences: tuple[Sentence, ...], mentions: tuple[Mention, ...], layout: Layout, tables: Mapping[str, Table]) -> dict[str, Collected]:
    """What the sentences state, by record set: every hit on every cell, before they are put together."""
    context = Context(sentences, mentions, tables)
    facts = _collect_facts(context, layout)
    functions, economy, projects = collect_functions(context, layout, tables), collect_economy(context, layout, tables), _collect_projects(context)
    return {FACTS: facts, FUNCTION_FACTS: functions, ECONOMY_FACTS: economy, PROJECT_FACTS: projects}


def _collect_facts(context: Context, layout: Layout) -> Collected:
    index = index_facts(layout.facts)
    collected = Collected()
    for fact in layout.facts:
        collected.row(fact.name, fact.name, unit=fact.unit)
    for mention in context.told():
        if context.projects[mention.at[0]]:
            continue
        column = move_column(mention, context.year)
        if column in ("得分", "执行数"):
            column = "值"
        if not column or context.is_aside(mention) or context.is_stray(mention):
            continue
        figure = context.figure(mention)
        if column == "值" and figure is not None and figure.amount.unit == PERCENT:
            column = "占比"  # 自评覆盖率达到100%
        start = figure.start if figure else context.clause_start(mention)
        around = surroundings(context.sentences[mention.at[0]], start, context.totals(mention), context.before(mention))
        subject = context.subject(mention)
        bound = bind(index, subject, figure, column, around) if canonical(subject) not in around.totals else None  # 其中本级机关运行经费20万元
        if bound is not None and (hit := hit_of(context, mention, column, bound.unit)) is not None:
            collected.add(bound.name, column, hit)
    for fact, at in find_patterns(layout.facts, context.sentences):
        if context.tells(at[0]) and _still_free(collected, fact.name, at):
            collected.add(fact.name, "值", Hit(context.sentences[at[0]].figures[at[1]].amount, at))
    return collected


def _still_free(collected: Collected, name: str, at: At) -> bool:
    return all(hit.at != at for hit in collected.hits.get((name, "值"), ()))


def _collect_projects(context: Context) -> Collected:
    """What each 自评综述 says of its project: budget, execution, completion, score."""
    collected = Collected()
    for mention in context.told():
        name = context.projects[mention.at[0]]
        figure = context.figure(mention)
        if not name or figure is None or mention.aspect not in ("预算数", "执行数", "完成率", "得分", "值"):
            continue
        if mention.aspect == "值" or not _is_the_project(mention.subject, name):
            continue
        if (hit := hit_of(context, mention, mention.aspect, "分值" if mention.aspect == "得分" else "")) is not None:
            collected.row(name, name, place=context.sentences[mention.at[0]].place)
            collected.add(name, mention.aspect, hit)
    return collected


def _is_the_project(subject: str, name: str) -> bool:
    """Whether the subject is the project itself and no one else's part of its review."""
    subject, name = _unquoted(subject).removesuffix("项目"), _unquoted(name)
    return not subject or subject in name or name in subject or subject.startswith(("项目", "全年", "自评", "该项目", "本项目", "预算", "执行", "资金"))


def _unquoted(name: str) -> str:
    return name.translate(_QUOTES)


_QUOTES = str.maketrans("", "", '“”"《》「」‘’')
