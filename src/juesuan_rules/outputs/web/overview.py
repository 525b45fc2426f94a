"""What stands around the findings: the tally, families by severity and outcome, every rule with its verdicts, what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, WORST_FIRST, Finding
from juesuan_rules.material import Numbered, Subject
from juesuan_rules.outputs.web.grids import cut
from juesuan_rules.outputs.web.views import FindingView
from juesuan_rules.packs.families import family_of
from juesuan_rules.renderings.plain import correction_lines, place_text
from juesuan_rules.renderings.reviews_text import comparison_lines, decision_lines
from juesuan_rules.renderings.waivers_text import use_lines
from juesuan_rules.results import PRIOR, Comparison, ReportChanges, ReportResult

VERDICTS_DRAWN = 300
"""Verdicts of one rule that are listed."""
VERDICTS_IN_ALL = 12_000
_KEYS = 40
_FILLED = 200
_TALLY = (("fail", "不符"), ("doubtful", "存疑"), ("undecided", "无法判断"), ("pass", "相符"), ("not_applicable", "不适用"), ("rule_error", "规则出错"))


class TallyView(msgspec.Struct, frozen=True):
    """Rules with one outcome. note: 尾差 and 已豁免, which the conclusion names beside 相符."""

    outcome: str
    name: str
    count: int
    note: str = ""


class FamilyView(msgspec.Struct, frozen=True):
    """A family of rules: how many rules by outcome; those that fail, by severity."""

    letters: str
    name: str
    rules: int
    fail: tuple[int, int, int]
    counts: tuple[int, ...]


class VerdictView(msgspec.Struct, frozen=True):
    """A verdict of a rule, or several that did not apply for one reason."""

    outcome: str
    outcome_zh: str
    key: str
    text: str
    difference: str = ""
    number: int = 0


class RuleView(msgspec.Struct, frozen=True):
    """A rule with its outcome, why, and its verdicts. hidden: verdicts that are not listed."""

    id: str
    title: str
    family: str
    pack: str
    severity: str
    severity_zh: str
    outcome: str
    outcome_zh: str
    count: int
    counts: str
    reason: str
    formula: str
    basis: tuple[tuple[str, bool], ...]
    verdicts: tuple[VerdictView, ...]
    hidden: int = 0


class GroupView(msgspec.Struct, frozen=True):
    """Findings told together: of one root cause, or of one check. place: of the root cause."""

    id: str
    title: str
    kind: str
    place: str
    findings: tuple[FindingView, ...]


class NoteView(msgspec.Struct, frozen=True):
    """Lines under one label: 没读出来, 更正, 豁免 …; kind: warn for what limits the result."""

    label: str
    lines: tuple[str, ...]
    kind: str = ""


def tally(report: ReportResult) -> list[TallyView]:
    """Rules by worst outcome, as the conclusion counts them."""
    worst = report.rules
    waived = report.waived_rules
    rounding = {f.rule for f in report.findings if f.rounding and worst[f.rule] == "pass"}
    views = []
    for outcome, name in _TALLY:
        count = sum(1 for value in worst.values() if value == outcome)
        notes = [f"尾差 {len(rounding)}" if rounding else "", f"另豁免 {len(waived)}" if waived else ""] if outcome == "pass" else []
        views.append(TallyView(outcome, name, count - len(waived) if outcome == "pass" else count, "，".join(note for note in notes if note)))
    return views


def families(subject: Subject) -> list[FamilyView]:
    """Families in the order of their letters, with rules by outcome (as `OUTCOMES`) and failures by severity."""
    report = subject.full
    worst, waived = report.rules, report.waived_rules
    severity = _severities(report.findings)
    found: dict[str, list[str]] = {}
    for rule in worst:
        found.setdefault(family_of(rule), []).append(rule)
    views = []
    for letters in sorted(found):
        rules = found[letters]
        fail = tuple(sum(worst[rule] == "fail" and severity[rule] == level for rule in rules) for level in ("error", "warning", "info"))
        counts = [sum(worst[rule] == outcome and rule not in waived for rule in rules) for outcome in OUTCOMES]
        counts.append(sum(rule in waived for rule in rules))
        views.append(FamilyView(letters, subject.families.get(letters, ""), len(rules), (fail[0], fail[1], fail[2]), tuple(counts)))
    return views


OUTCOMES = ("doubtful", "undecided", "pass", "not_applicable", "rule_error")
"""Columns of `FamilyView.counts` beside failures; the last column is what is waived."""


def _severities(findings: Iterable[Finding]) -> dict[str, str]:
    """The severity of each rule's worst verdict."""
    rank = {outcome: at for at, outcome in enumerate(WORST_FIRST)}
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.rule)
        if finding.waiver is None and (known is None or known.waiver is not None or rank[finding.outcome] < rank[known.outcome]):
            best[finding.rule] = finding
        best.setdefault(finding.rule, finding)
    return {rule: finding.severity for rule, finding in best.items()}


def rules(subject: Subject, numbered: Sequence[Numbered]) -> list[RuleView]:
    """Every rule in the order of the pack, its verdicts listed; what did not apply by reason."""
    report = subject.full
    numbers = {one.at: one.number for one in numbered}
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for at, finding in enumerate(report.findings):
        groups.setdefault(finding.rule, []).append((at, finding))
    worst, waived, severity = report.rules, report.waived_rules, _severities(report.findings)
    views, room = [], VERDICTS_IN_ALL
    for rule, members in groups.items():
        view = _rule(members, worst[rule], rule in waived, severity[rule], numbers, min(VERDICTS_DRAWN, room))
        room -= len(view.verdicts)
        views.append(view)
    return views


def _rule(members: list[tuple[int, Finding]], outcome: str, waived: bool, severity: str, numbers: Mapping[int, int], room: int) -> RuleView:
    first = members[0][1]
    verdicts = list(_verdicts(members, numbers))
    telling = next((f for _, f in members if f.outcome == outcome and f.waiver is None), first)
    counts = {name: sum(f.outcome == name and f.waiver is None for _, f in members) for name in WORST_FIRST}
    parts = [f"{OUTCOME_ZH[name]} {count}" for name, count in counts.items() if count]
    parts += [f"{name} {count}" for name, count in (("尾差", sum(f.rounding and f.outcome == "pass" for _, f in members)), ("已豁免", sum(f.waiver is not None for _, f in members))) if count]
    plain = len(members) == 1 and outcome in ("pass", "not_applicable", "undecided") and not waived
    formulas = dict.fromkeys(f.formula for _, f in members if f.formula)
    return RuleView(
        id=first.rule,
        title=first.title,
        family=family_of(first.rule),
        pack=first.changed_by or first.pack,
        severity=severity,
        severity_zh=SEVERITY_ZH[severity],
        outcome="waived" if waived else outcome,
        outcome_zh="已豁免" if waived else OUTCOME_ZH[outcome],
        count=len(members),
        counts="" if plain else "，".join(parts),
        reason=telling.reason or (cut(telling.sentence or "", 160) if outcome not in ("pass",) and telling.sentence else ""),
        formula=cut("；".join(list(formulas)[:4]), 900),
        basis=tuple([(f"{b.document} {b.clause}".strip(), b.verified == "未核验") for b in first.basis]),
        verdicts=tuple(verdicts[:room]),
        hidden=len(verdicts) - len(verdicts[:room]),
    )


def _verdicts(members: list[tuple[int, Finding]], numbers: Mapping[int, int]) -> Iterable[VerdictView]:
    """Worst first; those that did not apply together by reason."""
    rank = {outcome: at for at, outcome in enumerate(WORST_FIRST)}
    lapsed: dict[str, list[str]] = {}
    for at, finding in sorted(members, key=lambda one: (rank[one[1].outcome], one[0])):
        if finding.outcome == "not_applicable":
            lapsed.setdefault(finding.reason or "", []).append(finding.key or finding.check)
            continue
        text = finding.filled or finding.sentence or ""
        if finding.reason and finding.outcome == "undecided":
            text = finding.reason + (f"：{finding.sentence}" if finding.sentence else "")
        name = "已豁免" if finding.waiver is not None else "尾差" if finding.rounding and finding.outcome == "pass" else OUTCOME_ZH[finding.outcome]
        difference = f"{finding.difference} {finding.unit or ''}".strip() if finding.difference is not None and finding.outcome != "undecided" else ""
        key = " ".join(part for part in (finding.check, finding.key) if part)
        yield VerdictView(finding.outcome, name, key, cut(text, _FILLED), difference, numbers.get(at, 0))
    for reason, keys in lapsed.items():
        named = [key for key in keys if key]
        listed = "、".join(named[:_KEYS]) + (f" 等 {len(named)} 个" if len(named) > _KEYS else "")
        yield VerdictView("not_applicable", "不适用", f"{len(keys)} 项" if len(keys) > 1 else (named[0] if named else ""), reason + (f"：{listed}" if listed and len(keys) > 1 else ""))


def groups(views: Sequence[FindingView], report: ReportResult) -> list[GroupView]:
    """Findings in their order, those of one root cause or of one check under one heading."""
    causes = {cause.id: cause for cause in report.causes}
    runs: list[list[FindingView]] = []
    for view in views:
        key = (view.cause, "", bool(view.waiver)) if view.cause else (view.rule, view.title, bool(view.waiver))
        last = runs[-1][0] if runs else None
        known = last and ((last.cause, "", bool(last.waiver)) if last.cause else (last.rule, last.title, bool(last.waiver)))
        if key == known:
            runs[-1].append(view)
        else:
            runs.append([view])
    found = []
    for number, run in enumerate(runs, start=1):
        first = run[0]
        if first.cause:
            found.append(GroupView(f"g{number}", first.cause_sentence, "cause", place_text(causes[first.cause].place), tuple(run)))
        else:
            found.append(GroupView(f"g{number}", f"{first.rule} {first.title}" if len(run) > 1 else "", "rule" if len(run) > 1 else "", "", tuple(run)))
    return found


def changes_of(comparison: Comparison | None, report: ReportResult) -> ReportChanges | None:
    """What is new in this report since an earlier result, where the run was held against one."""
    return next((one for one in comparison.reports if one.path == report.source.path), None) if comparison is not None else None


def notes(subject: Subject, comparison: Comparison | None = None) -> list[NoteView]:
    """What limits the result and what people put into it: unread, problems, corrections, waivers, decisions, companions,
    what is new since an earlier result, notes."""
    report = subject.full
    found = [NoteView("没读出来", report.unread, "warn")] if report.unread else []
    problems = [*report.problems, *(p for table in subject.report.tables.values() for p in table.problems)]
    told = list(dict.fromkeys(p.message + (f"（{place_text(p.place)}）" if place_text(p.place) else "") for p in problems))
    if told:
        found.append(NoteView("读表时发现", tuple(told), "warn" if any(p.blocking for p in problems) else ""))
    undecided = _undecided(report)
    if undecided:
        found.append(NoteView("无法判断", tuple(undecided)))
    if report.rounding:
        lines = [f"{line.table} {line.count} 处" + (f"，最大 {line.largest}{line.unit}" if line.largest else "") for line in report.rounding]
        found.append(NoteView("尾差", (*lines, "尾差由四舍五入所致，不算问题")))
    if report.corrections:
        found.append(NoteView("更正", tuple(correction_lines(report.corrections))))
    uses = [line.removeprefix("提示  ") for line in use_lines(report.waivers)]
    if uses:
        found.append(NoteView("豁免", tuple(uses)))
    decided = decision_lines(report.decisions, True)
    if decided:
        found.append(NoteView("复核意见", (decided[0].removeprefix("复核意见  "), *[line.strip() for line in decided[1:]])))
    changed = changes_of(comparison, report)
    if comparison is not None and changed is not None:
        lines = comparison_lines(msgspec.structs.replace(comparison, reports=(changed,), missing=()), True)
        found.append(NoteView("与上次相比", (lines[0].removeprefix("与上次相比  "), *[line.strip() for line in lines[1:]])))
    if report.companions:
        found.append(NoteView("一并使用的报告", tuple(_companions(report))))
    if report.notes:
        found.append(NoteView("提示", report.notes))
    return found


def _undecided(report: ReportResult) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.outcome == "undecided" and finding.waiver is None:
            reasons.setdefault(finding.reason or "原因不明", []).append(finding.rule)
    lines = []
    for reason, names in sorted(reasons.items(), key=lambda item: -len(item[1])):
        distinct = list(dict.fromkeys(names))
        lines.append(f"{reason} {len(names)} 项（{'、'.join(distinct[:12])}{f' 等 {len(distinct)} 条规则' if len(distinct) > 12 else ''}）")
    return lines


def _companions(report: ReportResult) -> Iterable[str]:
    for one in report.companions:
        who = "，".join(part for part in (one.identity.unit_name or "", f"{one.identity.year}年度" if one.identity.year else "") if part)
        state = "没有读出来" if one.failed else "已使用" if one.used else "没有使用"
        yield f"{'上年报告' if one.scope == PRIOR else '所属单位报告'} {one.source.path}" + (f"：{who}" if who else "") + f"（{state}{'：' + one.note if one.note else ''}）"
