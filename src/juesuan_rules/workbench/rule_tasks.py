"""What the worker process does for the pages about rules: everything that reads a pack, a text a person writes, or a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.findings import OUTCOME_ZH, WORST_FIRST, Finding
from juesuan_rules.language.model import RuleText
from juesuan_rules.material import Numbered, Subject
from juesuan_rules.outputs.web.grids import cut
from juesuan_rules.outputs.web.views import FindingView, Viewer
from juesuan_rules.packs.families import family_of, family_titles
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_chain, find_pack
from juesuan_rules.packs.versions import covers
from juesuan_rules.pipeline.ready import ReadyPack
from juesuan_rules.reports.model import Report
from juesuan_rules.results import ReportResult
from juesuan_rules.workbench.drafts import Draft, item_text, items_of
from juesuan_rules.workbench.ownpacks import find_own, own_id
from juesuan_rules.workbench.readings import Spec, reading
from juesuan_rules.workbench.rule_desk import Bench, check_draft, compile_draft, complete_draft, desk_for, format_draft, words_of
from juesuan_rules.workbench.rule_views import ChangeView, CheckView, CompletionView, LayerView, ListView, PageView, ReportTrial, RuleLine, TrialView

MOST_FINDINGS = 40
MOST_CHANGES = 200
_CHANGE_ZH = {"gained": "多出", "lost": "消失", "changed": "变化"}
_TROUBLE = ("rule_error", "fail", "doubtful")


def report_of(spec: Spec) -> Subject:
    """The report, judged without what people decided on it; read once by this process."""
    return reading(spec).base


def check(bench: Bench, draft: Draft) -> CheckView:
    """What is wrong with a text."""
    return check_draft(bench, draft)


def complete(bench: Bench, draft: Draft, offset: int) -> tuple[CompletionView, ...]:
    """What may stand at an offset of a text."""
    return complete_draft(bench, draft, offset)


def format_text(draft: Draft) -> str:
    """A text in canonical spelling."""
    return format_draft(draft)


def rule_list(spec: Spec) -> ListView:
    """Every rule in force for a report, with what came out."""
    subject = report_of(spec)
    pack = _pack_of(spec, subject.report)
    found: dict[str, list[Finding]] = {}
    for finding in subject.result.findings:
        found.setdefault(finding.rule, []).append(finding)
    lines = []
    for rule in pack.rules:
        counts = _counts(found.get(rule.id, ()))
        lines.append(RuleLine(rule.id, rule.title, rule.severity, family_of(rule.id), rule.pack, rule.changed_by or "", counts[0][0] if counts else "", counts))
    families = family_titles([one.folder for one in _chain(pack, spec.options.pack_roots())])
    return ListView(pack.id, pack.chain[-1].version, tuple(lines), families)


def rule_page(spec: Spec, name: str) -> PageView:
    """A rule of the pack of a report, and its cells there. Raises UsageError where the pack has none of that id in force."""
    from juesuan_rules.packs.history import rule_layers
    from juesuan_rules.renderings.layers_text import years_text

    subject = report_of(spec)
    report = subject.report
    pack = _pack_of(spec, report)
    rule = next((one for one in pack.rules if one.id == name), None)
    if rule is None:
        raise UsageError(f"规则包 {pack.id} 里没有规则「{name}」，或它对这份报告没有效力")
    chain = _chain(pack, spec.options.pack_roots())
    layers = [
        LayerView(
            one.pack, one.version, one.action, one.in_force, "" if one.years == (None, None) else years_text(one.years), f"{one.span.file} 第{one.span.line}行",
            one.changes, one.reason, tuple([" ".join(part for part in basis[:2] if part) + f"（{basis[2]}）" for basis in one.basis]),
        )
        for one in rule_layers(chain, report.identity.year, name).get(name, ())
    ]  # fmt: skip
    views, counts, left = _shown(subject, [one for one in subject.full.findings if one.rule == name])
    return PageView(
        rule.id, rule.title, rule.severity, rule.pack, rule.changed_by or "",
        tuple([(check.title or "", check.severity or "", check.source) for check in rule.checks]), rule.when_source or "", words_of(rule, pack.layout),
        tuple([(f"{document} {clause}".strip(), verified == "未核验") for document, clause, verified in rule.basis]), tuple(layers), views, left, counts,
        _file(chain, f"cases/{name}.yaml"), _file(chain, f"pages/{name}.md"), source_text(chain, name),
    )  # fmt: skip


def source_text(chain: Sequence[FoundPack], name: str) -> str:
    """The rule as its pack's file has it; "" where it cannot be cut out."""
    for pack in chain:
        for path in sorted((pack.folder / "rules").glob("*.yaml")):
            try:
                text = path.read_text("utf-8")
                item = next((one for one in items_of(text, "rules") if one.name == name), None) if name in text else None
            except (OSError, UnicodeDecodeError, JuesuanError):
                continue
            if item is not None:
                return item_text(text, item)
    return ""


def start_text(spec: Spec, bench: Bench, kind: str, name: str) -> str:
    """What an editor begins with: an own rule or change as it is, a change to a rule of the packs above, or a new rule."""
    if name:
        own = find_own(bench.own, kind, name)
        if own is not None:
            return own.text
    if kind == "rules":
        taken = {rule.id for rule in _pack_of(spec, report_of(spec).report).rules}
        free = next(f"ZJ-{number:02d}" for number in range(1, 999) if f"ZJ-{number:02d}" not in taken)
        return f"id: {free}\ntitle: \ncheck: \nseverity: 错误\nbasis:\n  - {{文号: 待补, 核验: 未核验}}\n"
    rule = next((one for one in _pack_of(spec, report_of(spec).report).rules if one.id == name), None)
    if rule is None:
        raise UsageError(f"没有规则「{name}」")
    from juesuan_rules.authoring.formatting.scalars import expression, quote

    whole = "\n".join(f"  - {expression(check.source, False)}" for check in rule.checks)
    written = f"check: {expression(rule.checks[0].source, False)}\n" if len(rule.checks) == 1 else f"check:\n{whole}\n"
    condition = f"when: {expression(rule.when_source, False)}\n" if rule.when_source else ""
    return f"rule: {name}\naction: 替换\nreason: {quote('待补：为什么要改')}\ntitle: {quote(rule.title)}\n{written}{condition}severity: {rule.severity}\nbasis:\n  - {{文号: 待补, 核验: 未核验}}\n"


def try_here(spec: Spec, bench: Bench, draft: Draft) -> TrialView:
    """The rule being written, on one report: every verdict with its sentence, calculation and cells."""
    told = check_draft(bench, draft)
    if not told.sound:
        return TrialView(told)
    subject = report_of(spec)
    report = subject.report
    if not report.identity.is_final_accounts:
        return TrialView(told, note="这份文件不是部门决算公开报告，没有核对")
    findings, why = _judge(bench, draft, report)
    before = [one for one in subject.result.findings if one.rule == draft.name]
    views, counts, left = _shown(subject, findings)
    return TrialView(told, counts, _counts(before) if before else None, views, left, why)


def try_elsewhere(spec: Spec, bench: Bench, draft: Draft) -> ReportTrial:
    """The rule being written, on one report of a run, against the rule as it is in force there."""
    from juesuan_rules.authoring.comparing.corpus import compare_findings
    from juesuan_rules.engine.explain import explain
    from juesuan_rules.engine.plan import prepare, run
    from juesuan_rules.pipeline.load import load

    loaded = load(spec.paths, spec.options)
    report = loaded.report
    if not report.identity.is_final_accounts:
        return ReportTrial(skipped="不是部门决算公开报告")
    if loaded.pack.id not in (bench.parent, own_id(bench.parent)):
        return ReportTrial(skipped=f"用的是规则包 {loaded.pack.id}，不是 {bench.parent}")
    old = tuple([rule for rule in loaded.pack.rules if rule.id == draft.name])
    before = explain(run(prepare(old), report), False)[0] if old else ()
    findings, why = _judge(bench, draft, report)
    if why and not old:
        return ReportTrial(skipped=why)
    changes = [
        ChangeView(_CHANGE_ZH[one.kind], one.key, OUTCOME_ZH.get(one.before, ""), OUTCOME_ZH.get(one.after, ""), cut(one.text, 400))
        for one in compare_findings("", before, findings)
        if one.kind != "changed" or one.before in _TROUBLE or one.after in _TROUBLE
    ]
    return ReportTrial(tuple(changes[:MOST_CHANGES]), _counts(findings))


def _judge(bench: Bench, draft: Draft, report: Report) -> tuple[tuple[Finding, ...], str]:
    """The verdicts of the draft on a report, or why there are none. Raises UsageError where the draft has errors that
    only show under this report's layout."""
    from juesuan_rules.engine.explain import explain
    from juesuan_rules.engine.plan import prepare, run

    desk = desk_for(bench, draft)
    texts, rules = compile_draft(desk, report.identity.year, report.layout)
    if not texts:
        # A change can also switch a rule off, or be for other years.
        return (), "停用之后不再核对" if "停用" in draft.text else "对这份报告的年度没有效力"
    applying = [rule for rule in rules if any(rule.id == text.id and _applies(text, report) for text in texts)]
    if not rules:
        raise UsageError("按这份报告的年度和表样，规则有错")
    if not applying:
        return (), "规则写明不适用于这份报告（年度、文种或地区）"
    return explain(run(prepare(applying), report), True)[0], ""


def _applies(text: RuleText, report: Report) -> bool:
    from juesuan_rules.packs.load import applies_to

    identity = report.identity
    return covers(text.applies_years, identity.year) and applies_to(text, identity.kind, identity.region_code)


def _shown(subject: Subject, findings: Sequence[Finding]) -> tuple[tuple[FindingView, ...], tuple[tuple[str, str, int], ...], int]:
    """The first findings as shown, worst first; all of them counted; how many are not shown."""
    ranked = sorted(findings, key=lambda one: WORST_FIRST.index(one.outcome))
    full: ReportResult = replace(subject.full, findings=tuple(ranked), causes=())
    viewer = Viewer(replace(subject, full=full, result=full, live=()))
    views = [viewer.view(Numbered(at + 1, at, one)) for at, one in enumerate(ranked[:MOST_FINDINGS])]
    return tuple(map(_unlinked, views)), _counts(findings), len(ranked) - len(views)


def _unlinked(view: FindingView) -> FindingView:
    """Without links into the tables as read, which stand on another page."""
    return replace(view, operands=tuple([replace(one, link="") for one in view.operands]), quiet=tuple([replace(one, link="") for one in view.quiet]))


def _counts(findings: Iterable[Finding]) -> tuple[tuple[str, str, int], ...]:
    found = Counter(one.outcome for one in findings)
    return tuple([(outcome, OUTCOME_ZH[outcome], found[outcome]) for outcome in WORST_FIRST if found[outcome]])


def _pack_of(spec: Spec, report: Report) -> ReadyPack:
    """The pack that judges a report."""
    from juesuan_rules.pipeline.choose import choose_pack
    from juesuan_rules.pipeline.ready import Wanted, ready_pack
    from juesuan_rules.pipeline.state import packs_state

    options, identity = spec.options, report.identity
    choice = choose_pack(identity, options.pack, options.region, options.pack_roots())
    wanted = Wanted(choice.name, choice.version, identity.year, identity.region_code, identity.kind)
    return ready_pack(wanted, options.pack_roots(), options.open_cache(), packs_state(options))


def _chain(pack: ReadyPack, roots: Sequence[Path]) -> tuple[FoundPack, ...]:
    """The packs of a chain in their folders, national first."""
    return find_chain(find_pack(PackSpec(pack.id, pack.chain[-1].version), roots, paths=False), roots)[0]


def _file(chain: Sequence[FoundPack], name: str) -> str:
    """A file of the most specific pack that has it; "" where none has."""
    for pack in reversed(chain):
        path = pack.folder / name
        if path.is_file():
            return path.read_text("utf-8", "replace")[:100_000]
    return ""
