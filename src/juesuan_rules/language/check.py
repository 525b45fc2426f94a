"""Rules checked against a layout: every problem of every rule at once, and the forms of the sound ones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.conditions import check_condition
from juesuan_rules.language.context import Context, Declared
from juesuan_rules.language.duplicates import DuplicateFinder
from juesuan_rules.language.kinds import Typed, keys_zh
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.lookup import mentioned_tables
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
    declared: Declared
    fixed: TableSpec | None = None
    mentioned: tuple[TableSpec, ...] = ()
    used: dict[str, None] = msgspec.field(default_factory=dict)
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)

    def report(self, text: CheckText, problems: Sequence[TextProblem]) -> None:
        self.diagnostics += [to_diagnostic(problem, text.text, text.locate) for problem in problems]


def check_rules(rules: Sequence[RuleText], layout: Layout, declared: Declared | None = None) -> CheckResult:
    """Check rules against the layout they are to run on.

    Returns the forms of the rules without errors and every diagnostic (errors and warnings) of all
    of them, sorted by place. Never raises for what the rules say.
    """
    names = LayoutNames(layout)
    duplicates = DuplicateFinder()
    sound: list[CheckedRule] = []
    found: list[Diagnostic] = []
    for rule in rules:
        work = _RuleCheck(rule, names, declared or Declared())
        checked = _check_rule(work)
        if checked is not None:
            sound.append(checked)
            work.diagnostics += duplicates.add(rule, checked)
        found += work.diagnostics
    found.sort(key=lambda d: (d.span.file, d.span.line, d.span.column, d.code))
    return CheckResult(tuple(sound), tuple(found))


def _check_rule(work: _RuleCheck) -> CheckedRule | None:
    rule = work.rule
    if not _fix_table(work):
        return None
    parsed = [_parsed(work, text) for text in rule.checks]
    when = _parsed(work, rule.when) if rule.when is not None else None
    work.mentioned = tuple({t.id: t for one in (*parsed, when) if one is not None for t in one.tables}.values())
    checks = [_check_text(work, text, one) for text, one in zip(rule.checks, parsed, strict=True)]
    condition = _check_when(work, rule.when, when) if rule.when is not None else None
    if not rule.checks:
        work.diagnostics.append(Diagnostic("E101", f"规则 {rule.id} 没有写 check"))
    if any(d.is_error for d in work.diagnostics):
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
    text = work.rule.checks[0] if work.rule.checks else CheckText("")
    problem = TextProblem("E214", f"规则 {work.rule.id} 固定的表“{name}”不存在", 0, len(text.text), nearest(name, work.names.table_names()))
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
    return Context(work.names, work.fixed, parsed.tables or work.mentioned, work.declared, used=work.used)


def _check_text(work: _RuleCheck, text: CheckText, parsed: _Parsed | None) -> CheckedCheck | None:
    if parsed is None:
        return None
    ctx = _context(work, parsed)
    checked = check_condition(ctx, parsed.tree, top=True)
    work.report(text, ctx.problems)
    return CheckedCheck(checked.form, text.text, text.severity, text.title) if checked is not None else None


def _check_when(work: _RuleCheck, text: CheckText, parsed: _Parsed | None) -> Form | None:
    if parsed is None:
        return None
    tree, ctx = parsed.tree, _context(work, parsed)
    checked: Typed | None = check_condition(ctx, tree)
    if checked is not None and checked.keys:
        ctx.report("E307", f"when 要得出一个是或否，这里是{keys_zh(checked.keys)}的", tree, "改用 存在 r 属于 …：…，或用 sum(…)；逐行的条件写在 check 里：若 … 则 …")
    elif checked is not None and checked.constant:
        ctx.report("W301", "when 里没有引用报告里的数，结果永远一样", tree, "删掉 when")
    work.report(text, ctx.problems)
    return checked.form if checked is not None else None
