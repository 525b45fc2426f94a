"""Rules checked against a layout: every problem of every rule at once, and the forms of the sound ones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.commas import ambiguous_commas
from juesuan_rules.language.conditions import check_condition
from juesuan_rules.language.context import Context
from juesuan_rules.language.duplicates import DuplicateFinder, distinguish
from juesuan_rules.language.kinds import Typed, keys_zh
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.lookup import mentioned_tables
from juesuan_rules.language.memory import Memory, RuleOutcome, texts_of
from juesuan_rules.language.misses import nearest
from juesuan_rules.language.model import CheckedCheck, CheckedRule, CheckResult, CheckText, Form, RuleText
from juesuan_rules.language.parse import parse_text
from juesuan_rules.language.places import TextProblem, to_diagnostic
from juesuan_rules.language.syntax import Expression


class _Parsed(msgspec.Struct, frozen=True):
    """One expression read, and the tables it names."""

    tree: Expression
    tables: tuple[TableSpec, ...]


class _RuleCheck(msgspec.Struct):
    """One rule while it is being checked."""

    rule: RuleText
    names: LayoutNames
    fixed: TableSpec | None = None
    mentioned: tuple[TableSpec, ...] = ()
    used: dict[str, None] = msgspec.field(default_factory=dict)
    problems: list[tuple[int | None, TextProblem]] = msgspec.field(default_factory=list)

    def report(self, text: CheckText | None, problems: Sequence[TextProblem]) -> None:
        number = next((n for n, own in enumerate(texts_of(self.rule)) if own is text), None)
        self.problems += [(number, problem) for problem in problems]


def check_rules(rules: Sequence[RuleText], layout: Layout, memory: Memory | None = None) -> CheckResult:
    """Check rules against the layout they are to run on.

    Returns the forms of the rules without errors and every diagnostic (errors and warnings) of all
    of them, sorted by place. Never raises for what the rules say. What `memory` knows is not checked
    again, and what is checked is added to it.
    """
    names = LayoutNames(layout)
    duplicates = DuplicateFinder()
    sound: list[CheckedRule] = []
    found: list[Diagnostic] = []
    for rule in rules:
        outcome = check_rule(rule, names, memory)
        found += locate_problems(rule, outcome)
        if outcome.checked is not None:
            sound.append(outcome.checked)
            found += duplicates.add(rule, outcome.same)
    found.sort(key=lambda d: (d.span.file, d.span.line, d.span.column, d.code))
    return CheckResult(tuple(sound), tuple(found))


def check_rule(rule: RuleText, names: LayoutNames, memory: Memory | None = None) -> RuleOutcome:
    """Check one rule by itself, or take what `memory` knows of it."""
    known = memory.get(rule, names.layout.digest) if memory is not None else None
    if known is not None:
        return known
    work = _RuleCheck(rule, names)
    checked = _check_rule(work)
    same = distinguish(rule, checked) if checked is not None else ()
    outcome = RuleOutcome(checked, tuple(work.problems), same)
    if memory is not None:
        memory.put(rule, names.layout.digest, outcome)
    return outcome


def locate_problems(rule: RuleText, outcome: RuleOutcome) -> list[Diagnostic]:
    """The problems of a rule as diagnostics, at the places it was read from."""
    texts = texts_of(rule)
    found = []
    for number, problem in outcome.problems:
        text = texts[number] if number is not None else CheckText("")
        found.append(to_diagnostic(problem, text.text, text.locate))
    return found


def _check_rule(work: _RuleCheck) -> CheckedRule | None:
    rule = work.rule
    if not _fix_table(work):
        return None
    parsed = [_parsed(work, text) for text in rule.checks]
    own = [_parsed(work, text.when) if text.when is not None else None for text in rule.checks]
    when = _parsed(work, rule.when) if rule.when is not None else None
    work.mentioned = tuple({t.id: t for one in (*parsed, *own, when) if one is not None for t in one.tables}.values())
    checks = [_check_text(work, text, one, condition) for text, one, condition in zip(rule.checks, parsed, own, strict=True)]
    condition = _check_when(work, rule.when, when) if rule.when is not None else None
    if not rule.checks:
        work.report(None, [TextProblem("E101", f"规则 {rule.id} 没有写 check", 0, 0)])
    if any(problem.is_error for _, problem in work.problems):
        return None
    return CheckedRule(
        id=rule.id,
        title=rule.title,
        checks=tuple(c for c in checks if c is not None),
        severity=rule.severity,
        when=condition,
        when_source=rule.when.text if rule.when is not None else "",
        tables=tuple(work.used),
        basis=rule.basis,
        pack=rule.pack,
        changed_by=rule.changed_by,
    )


def _fix_table(work: _RuleCheck) -> bool:
    """Resolve 表: of the rule; False where there is no such table."""
    name = work.rule.table
    if not name:
        return True
    work.fixed = work.names.table(name)
    if work.fixed is not None:
        return True
    text = work.rule.checks[0] if work.rule.checks else None
    problem = TextProblem("E214", f"规则 {work.rule.id} 固定的表“{name}”不存在", 0, len(text.text) if text is not None else 0, nearest(name, work.names.table_names()))
    work.report(text, [problem])
    return False


def _parsed(work: _RuleCheck, text: CheckText) -> _Parsed | None:
    result = parse_text(text.text)
    if isinstance(result, TextProblem):
        work.report(text, [result])
        return None
    return _Parsed(result, mentioned_tables(result, work.names))


def _context(work: _RuleCheck, parsed: _Parsed) -> Context:
    """Bare labels are looked up in the tables the expression names; failing that, the rule's."""
    return Context(work.names, work.fixed, parsed.tables or work.mentioned, used=work.used)


def _check_text(work: _RuleCheck, text: CheckText, parsed: _Parsed | None, own: _Parsed | None) -> CheckedCheck | None:
    when = _check_when(work, text.when, own) if text.when is not None else None
    if parsed is None:
        return None
    ctx = _context(work, parsed)
    checked = check_condition(ctx, parsed.tree, top=True)
    work.report(text, [*ctx.problems, *ambiguous_commas(parsed.tree, text.text)])
    if checked is None:
        return None
    return CheckedCheck(checked.form, text.text, text.severity, text.title, when, text.when.text if text.when is not None else "")


def _check_when(work: _RuleCheck, text: CheckText, parsed: _Parsed | None) -> Form | None:
    if parsed is None:
        return None
    tree, ctx = parsed.tree, _context(work, parsed)
    checked: Typed | None = check_condition(ctx, tree)
    if checked is not None and checked.keys:
        ctx.report("E307", f"when 要得出一个是或否，这里是{keys_zh(checked.keys)}的", tree, "改用 存在 r 属于 …：…，或用 sum(…)；逐行的条件写在 check 里：若 … 则 …")
    elif checked is not None and checked.constant:
        ctx.report("W301", "when 里没有引用报告里的数，结果永远一样", tree, "删掉 when")
    work.report(text, [*ctx.problems, *ambiguous_commas(tree, text.text)])
    return checked.form if checked is not None else None
