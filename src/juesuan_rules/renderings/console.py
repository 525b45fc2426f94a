"""The result of `eval` as an auditor reads it on screen: causes first, the conclusion last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, UNSURE, WORST_FIRST, Cause, Finding, Operand
from juesuan_rules.renderings.plain import clip, correction_lines, ordinal, place_text, safe, source_names, spread
from juesuan_rules.renderings.reviews_text import comparison_lines, decision_lines, decision_text, decisions_elsewhere_line
from juesuan_rules.renderings.waivers_text import elsewhere_line, use_lines, waived_lines
from juesuan_rules.results import PRIOR, UNITS, Companion, ReportResult, RunResult, count_verdicts, worst_by_rule

_TROUBLE = ("rule_error", "fail", "doubtful")
_SEVERITIES = ("error", "warning", "info")
_ROWS_SHOWN = 8
_OPERANDS_SHOWN = 6
_RAW_WIDTH = 60
_QUOTE_WIDTH = 160


def render_run(run: RunResult, exit_code: int, list_all: bool = False, digest: str = "") -> str:
    """The whole run as text; its last line is the conclusion with the exit code. digest: the canonical digest, where
    it is known."""
    lines: list[str] = []
    for report in run.reports:
        lines += [*render_report(report, list_all), ""]
        if len(run.reports) > 1:
            lines += [conclusion(report), ""]
    for path, earlier in run.repeated:
        lines.append(f"跳过 {safe(path)}：与 {safe(earlier)} 内容完全相同")
    if told := elsewhere_line(run.waivers_elsewhere):
        lines.append(told)
    if told := decisions_elsewhere_line(run.decisions_elsewhere):
        lines.append(told)
    if run.baseline is not None:
        lines += [*comparison_lines(run.baseline, list_all), ""]
    if digest:
        lines.append(f"结果摘要  {digest}（同样的报告、规则包和豁免，得到同样的摘要）")
    lines.append(f"{conclusions(run)}   退出码 {int(exit_code)}")
    return "\n".join(lines) + "\n"


def render_report(report: ReportResult, list_all: bool = False) -> list[str]:
    """One report: header, what is wrong grouped by cause, summaries; without its conclusion."""
    lines = list(_header(report))
    for block in _blocks(report, list_all):
        lines += ["", *block]
    return lines


def conclusion(report: ReportResult) -> str:
    """The last line of one report, without the exit code."""
    if report.status == "not_final_accounts":
        return f"结论：{report.message}"
    counts = _counts_text(report)
    if report.status == "nothing_judged":
        return f"结论：{report.message or '没有一项核对能够判断'}，不等于通过；{counts}"
    return f"结论：{counts}"


def conclusions(run: RunResult) -> str:
    """The last line of a run, without the exit code."""
    failed = f"{len(run.failures)} 份文件没有结果（原因见错误输出）" if run.failures else ""
    if len(run.reports) == 1 and not failed:
        return conclusion(run.reports[0])
    if not run.reports:
        return f"结论：没有可以核对的报告，{failed or '没有找到文件'}"
    rules = Counter(outcome for report in run.reports for outcome in report.rules.values())
    judged = sum(report.status == "judged" for report in run.reports)
    waived = sum(len(report.waived_rules) for report in run.reports)
    rules["pass"] -= waived
    text = "，".join(f"{OUTCOME_ZH[outcome]} {rules[outcome]:,}" for outcome in ("fail", "doubtful", "undecided", "pass", "not_applicable", "rule_error"))
    text += f"，已豁免 {waived:,}" if waived else ""
    rest = len(run.reports) - judged
    parts = [f"{len(run.reports)} 份报告", text, f"{rest} 份没有核对" if rest else "", failed]
    return "结论：" + "；".join(part for part in parts if part)


def _counts_text(report: ReportResult) -> str:
    worst = worst_by_rule(report.findings)
    counts = Counter(worst.values())
    rounding = len({f.rule for f in report.findings if f.rounding and worst[f.rule] == "pass"})
    waived = len(report.waived_rules)
    passed = f"相符 {counts['pass'] - waived}" + (f"（尾差 {rounding}）" if rounding else "") + (f"，已豁免 {waived}" if waived else "")
    return (
        f"不符 {counts['fail']}，存疑 {counts['doubtful']}，无法判断 {counts['undecided']}，{passed}，"
        f"不适用 {counts['not_applicable']}，规则出错 {counts['rule_error']}（共 {len(worst)} 条规则，{len(report.findings):,} 项核对）"
    )


def _header(report: ReportResult) -> Iterator[str]:
    identity = report.identity
    known = [identity.unit_name, f"{identity.year}年度" if identity.year else None, identity.region_name, identity.kind or None]
    about = "，".join(safe(part) for part in known if part)
    yield source_names(report.source, report.parts) + (f"：{about}" if about else "")
    if report.packs:
        used = report.packs[-1]
        figures = sum(table.figures for table in report.tables)
        yield f"规则包 {used.id} {used.version}（{safe(report.chosen)}）   读到 {len(report.tables)} 表、{figures:,} 个金额{_prose_text(report)}"
    yield from _companions(report.companions)
    for text in report.unread:
        yield f"没读出来  {safe(text)}"
    yield from correction_lines(report.corrections)
    for note in report.notes:
        yield f"提示  {safe(note)}"


def _prose_text(report: ReportResult) -> str:
    """What was read beside the tables: figures of the prose, forms; "" where there is neither."""
    read, printed = report.figures
    forms = next((table.rows for table in report.records if table.id == ASSESSMENTS), 0)
    said = f"，文字 {printed:,} 个数读懂 {read:,} 个" if printed else ""
    return said + (f"，自评表 {forms:,} 行" if forms else "")


def _companions(companions: tuple[Companion, ...]) -> Iterator[str]:
    """Last year's report, and how many of the units' reports could be read and used."""
    for one in companions:
        if one.scope == PRIOR:
            about = "，".join(safe(part) for part in (one.identity.unit_name, f"{one.identity.year}年度" if one.identity.year else None) if part)
            yield f"上年报告  {safe(one.source.path)}" + (f"：{about}" if about else "") + ("" if one.used else f"（没有使用：{safe(one.note)}）")
    units = [one for one in companions if one.scope == UNITS]
    if units:
        used, failed = sum(one.used for one in units), sum(one.failed for one in units)
        rest = len(units) - used - failed
        parts = [f"用了 {used} 份", f"{failed} 份没有读出来" if failed else "", f"{rest} 份没有使用" if rest else ""]
        yield f"所属单位报告 {len(units)} 份：{'，'.join(part for part in parts if part)}"


def _blocks(report: ReportResult, list_all: bool) -> Iterator[list[str]]:
    findings = tuple(f for f in report.findings if f.waiver is None)
    shown: set[int] = set()
    for cause in _causes_in_order(report.causes, findings):
        members = [f for f in findings if f.cause == cause.id]
        shown |= {id(f) for f in members}
        yield _cause_block(cause, members, list_all)
    rest = [f for f in findings if f.outcome in _TROUBLE and id(f) not in shown]
    for severity in _SEVERITIES:
        for group in _by_check(f for f in rest if f.severity == severity):
            yield _compact(group, list_all) if severity == "info" else _rule_block(group, list_all)
    unsure = [f for f in findings if f.outcome == "undecided" and f.reason == UNSURE and id(f) not in shown]
    yield from (_rule_block(group, list_all) for group in _by_rule(unsure))
    shown |= {id(f) for f in unsure}
    summaries = [*_rounding(report), *_undecided(f for f in findings if id(f) not in shown)]
    if summaries:
        yield summaries
    waived = [*waived_lines(report.findings, list_all), *use_lines(report.waivers)]
    if waived:
        yield waived
    if decided := decision_lines(report.decisions, list_all):
        yield decided
    if list_all:
        yield list(_every_rule(report.findings))


def _causes_in_order(causes: tuple[Cause, ...], findings: tuple[Finding, ...]) -> list[Cause]:
    """Structural causes (they leave checks undecided) first, then by severity, else as found."""
    members: dict[str, list[Finding]] = {cause.id: [] for cause in causes}
    for finding in findings:
        if finding.cause in members:
            members[finding.cause].append(finding)

    def rank(cause: Cause) -> tuple[bool, int]:
        group = members[cause.id]
        trouble = [_SEVERITIES.index(f.severity) for f in group if f.outcome in _TROUBLE]
        return not any(f.outcome == "undecided" for f in group), min(trouble, default=len(_SEVERITIES))

    return [cause for cause in sorted(causes, key=rank) if members[cause.id]]


def _cause_block(cause: Cause, members: list[Finding], list_all: bool) -> list[str]:
    trouble = [f for f in members if f.outcome in _TROUBLE]
    undecided = [f for f in members if f.outcome == "undecided"]
    worst = min(trouble or members, key=lambda f: (WORST_FIRST.index(f.outcome), _SEVERITIES.index(f.severity)))
    lines = [spread(f"{OUTCOME_ZH[worst.outcome]}  {safe(cause.sentence)}", SEVERITY_ZH[worst.severity])]
    where = place_text(cause.place)
    if where:
        lines.append(f"  位置：{where}")
    for group in _by_check(trouble):
        lines += ["  " + line for line in (_group(group, list_all) if list_all else _compact(group, list_all))]
    if undecided:
        rules = list(dict.fromkeys(f.rule for f in undecided))
        lines.append(f"  因此无法判断 {len(undecided)} 项核对：{_names(rules, list_all)}")
    if trouble:
        lines.append(_foot(trouble[0]))
    return lines


def _rule_block(group: list[Finding], list_all: bool) -> list[str]:
    return [*_group(group, list_all), _foot(group[0])]


def _group(group: list[Finding], list_all: bool) -> list[str]:
    """A rule's findings with every figure."""
    lines = [spread(_title(group[0]), SEVERITY_ZH[group[0].severity])]
    limit = len(group) if list_all else _ROWS_SHOWN
    for finding in group[:limit]:
        lines += _details(finding)
    if len(group) > limit:
        lines.append(f"  另有 {len(group) - limit} 项同类，用 --list-all 全部列出")
    return lines


def _foot(finding: Finding) -> str:
    return spread(f"  依据 {_basis(finding)}", f"juesuan-rules explain {safe(finding.rule)}")


def _title(finding: Finding) -> str:
    changed = f"（{finding.changed_by} 改）" if finding.changed_by else ""
    return f"{OUTCOME_ZH[finding.outcome]}  {safe(finding.rule)} {safe(finding.check or finding.title)}{changed}"


def _details(finding: Finding) -> list[str]:
    lines = [f"  {safe(finding.sentence or finding.reason or finding.check or finding.title)}"]
    if finding.filled and finding.filled != finding.sentence:
        lines.append(f"    {clip(finding.filled, 160)}")
    if finding.tolerance is not None:
        note = f"（{safe(finding.tolerance_note)}）" if finding.tolerance_note else ""
        lines.append(f"    允许误差 {finding.tolerance}{finding.unit or ''}{note}")
    lines += [f"    {line}" for line in operand_lines(finding.operands or ())]
    lines += [f"    {safe(hint)}" for hint in finding.hints]
    return lines + ([f"    复核意见：{decision_text(finding.decision)}"] if finding.decision is not None else [])


def operand_lines(operands: tuple[Operand, ...], limit: int = _OPERANDS_SHOWN) -> list[str]:
    """Each figure a check used, with its place and the text as printed; figures of one sentence together."""
    telling = [o for o in operands if o.raw.strip() or o.note or o.quote] or list(operands)
    groups: list[list[Operand]] = []
    for operand in telling:
        same = next((g for g in groups if operand.quote and (g[0].quote, g[0].place.page) == (operand.quote, operand.place.page)), None)
        if same is not None:
            same.append(operand)
        else:
            groups.append([operand])
    lines = [f"{ordinal(number)} {_operand(group)}" for number, group in enumerate(groups[:limit], start=1)]
    hidden = len(operands) - sum(map(len, groups[:limit]))
    if hidden:
        lines.append(f"另 {hidden} 个数见 --json 或 explain")
    return lines


def _operand(group: list[Operand]) -> str:
    """One figure, or a sentence with the figures in it."""
    operand = group[0]
    where = place_text(operand.place)
    head = f"{where} " if where else ""
    notes = "".join(f"（{safe(note)}）" for note in dict.fromkeys(o.note if o.raw.strip() else f"{o.name.rpartition('.')[2]}：{o.note}" for o in group if o.note))
    if operand.quote:
        return f"{head}「{clip(operand.quote, _QUOTE_WIDTH)}」{notes}"
    note = f"（{safe(operand.note)}）" if operand.note else ""
    printed = f" 「{clip(operand.raw, _RAW_WIDTH)}」" if operand.raw.strip() or not note else ""
    return f"{head}{safe(operand.name)}{printed}{note}"


def _compact(group: list[Finding], list_all: bool) -> list[str]:
    limit = len(group) if list_all else _ROWS_SHOWN
    """A rule's findings, one line each."""
    lines = [spread(_title(group[0]), SEVERITY_ZH[group[0].severity])]
    for f in group[:limit]:
        lines.append(f"  {safe(f.sentence or f.reason or f.check or f.title)}{_first_place(f)}")
        if f.decision is not None:
            lines.append(f"    复核意见：{decision_text(f.decision)}")
    if len(group) > limit:
        lines.append(f"  另有 {len(group) - limit} 项同类，用 --list-all 全部列出")
    return lines


def _first_place(finding: Finding) -> str:
    where = next((place_text(o.place) for o in finding.operands or () if place_text(o.place)), "")
    return f"（{where}）" if where else ""


def _basis(finding: Finding) -> str:
    texts = [f"{safe(b.document)}{' ' + safe(b.clause) if b.clause else ''}{'（未核验）' if b.verified == '未核验' else ''}" for b in finding.basis]
    return "；".join(texts) or "未注明"


def _rounding(report: ReportResult) -> list[str]:
    return [
        f"尾差  {safe(line.table)} {line.count} 处{f'，最大 {line.largest}{line.unit}' if line.largest else ''}（四舍五入所致，不算问题）" for line in report.rounding
    ]


def _undecided(findings: Iterable[Finding]) -> list[str]:
    reasons: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.outcome == "undecided":
            reasons.setdefault(finding.reason or "原因不明", []).append(finding)
    return [
        f"无法判断  {safe(reason)} {len(group)} 项（{_names(list(dict.fromkeys(f.rule for f in group)), False)}）"
        for reason, group in sorted(reasons.items(), key=lambda item: -len(item[1]))
    ]


def _names(rules: list[str], everything: bool) -> str:
    shown = rules if everything else rules[:_ROWS_SHOWN]
    return "、".join(safe(rule) for rule in shown) + (f" 等 {len(rules)} 条规则" if len(shown) < len(rules) else "")


def _every_rule(findings: tuple[Finding, ...]) -> Iterator[str]:
    yield "全部规则"
    worst = worst_by_rule(findings)
    for group in _by_rule(findings):
        outcome = worst[group[0].rule]
        counts = count_verdicts(tuple(group))
        several = [f"{OUTCOME_ZH[o]} {counts[o]}" for o in WORST_FIRST if counts[o]] if len(group) > 1 else []
        several += [f"{name} {counts[key]}" for key, name in (("rounding", "尾差"), ("waived", "已豁免")) if counts[key]]
        waived = counts["waived"] and outcome == "pass"
        telling = next((f for f in group if f.outcome == outcome and f.waiver is None and not waived), group[0])
        tail = "".join((f"（{'，'.join(several)}）" if several else "", f"：{safe(telling.reason)}" if telling.reason else ""))
        yield f"  {spread('已豁免' if waived else OUTCOME_ZH[outcome], '', 9)} {safe(telling.rule)} {safe(telling.title)}{tail}"


def _by_rule(findings: Iterable[Finding]) -> list[list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.rule, []).append(finding)
    return list(groups.values())


def _by_check(findings: Iterable[Finding]) -> list[list[Finding]]:
    """As `_by_rule`, the checks of one rule apart: each has a title of its own."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.check), []).append(finding)
    return list(groups.values())
