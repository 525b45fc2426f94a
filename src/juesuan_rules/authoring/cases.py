"""A pack's own test: cases/<rule id>.yaml, at least one that must hold and one that must fail per rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.authoring.building import CaseProblem, build_report
from juesuan_rules.diagnostics import Diagnostic, RulesError, Span, UsageError
from juesuan_rules.findings import OUTCOME_ZH, WORST_FIRST, Finding
from juesuan_rules.language.model import CheckedRule
from juesuan_rules.names import suggest
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.load import load_pack
from juesuan_rules.packs.locate import PackSpec, find_pack
from juesuan_rules.packs.manifest import check_language
from juesuan_rules.packs.model import Pack
from juesuan_rules.yamlfile import YamlFile, load

FILE_KEYS = ("language", "rule", "year", "cases")
CASE_KEYS = ("name", "outcome", "year", "tables", "key", "sentence", "reason", "rounding")
OUTCOMES = {zh: outcome for outcome, zh in OUTCOME_ZH.items()}
HOLDING = ("pass",)
FAILING = ("fail", "doubtful")


class CaseResult(msgspec.Struct, frozen=True):
    """One case: what was expected, what came, and where it is written. message: "" where they agree."""

    rule: str
    name: str
    expected: str
    actual: str
    span: Span
    message: str = ""

    @property
    def passed(self) -> bool:
        """Whether the case came out as written."""
        return not self.message


class CaseReport(msgspec.Struct, frozen=True):
    """All cases of a pack. lacking: one sentence per rule without both kinds of case."""

    pack: str
    results: tuple[CaseResult, ...]
    lacking: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every case came out, no rule lacks cases, and no case file is broken."""
        return not self.lacking and not any(d.is_error for d in self.diagnostics) and all(r.passed for r in self.results)


class Case(msgspec.Struct, frozen=True):
    """One case as written. outcome: as in findings; key, sentence, reason: text some finding must hold."""

    rule: str
    name: str
    outcome: str
    year: int | None
    fields: Fields


def run_cases(pack: str, roots: Sequence[Path], rules: Sequence[str] = ()) -> CaseReport:
    """Run the cases of a pack (id or folder), or of some of its rules only.

    Rules the pack inherits need no cases here, but those it has are run under its own layout.
    Raises RulesError where the pack itself is broken, UsageError where there is no such pack or rule.
    """
    found = find_pack(PackSpec(pack), roots)
    out: list[Diagnostic] = []
    cases = [case for path in sorted((found.folder / "cases").glob("*.yaml")) for case in read_cases(path, out)]
    wanted = [case for case in cases if not rules or case.rule in rules]
    bench = _Bench(str(found.folder), roots)
    newest = bench.load(None).rules
    own = [r.id for r in newest if found.manifest.id in (r.pack, r.changed_by)]
    known = {r.id for r in newest}
    for rule in rules:
        if rule not in known:
            near = "、".join(suggest(rule, known))
            raise UsageError(f"规则包 {found.manifest.id} 里没有规则“{rule}”" + (f"；是不是想写：{near}" if near else ""))
    _report_unknown(wanted, known, out)
    results = tuple(bench.run(case) for case in wanted if case.rule in known)
    lacking = tuple(s for rule in own if not rules or rule in rules for s in _lacking(rule, wanted))
    return CaseReport(found.manifest.id, results, lacking, tuple(out))


def read_cases(path: Path, out: list[Diagnostic]) -> tuple[Case, ...]:
    """The cases of one file; what is wrong with the file goes to `out`."""
    file = load(path)
    # Figures are written plainly (100.00): that YAML would call them floats is no concern here.
    out += [d for d in file.diagnostics if d.code != "W401"]
    if file.broken:
        return ()
    top = Fields.at(file, (), file.data, FILE_KEYS, out, "用例文件")
    if top is None or not top.require("rule", "cases"):
        return ()
    check_language(top)
    rule = top.text("rule")
    if rule != path.stem:
        top.report("E440", f"文件名应与规则编号一致：{rule}.yaml", "rule")
    return tuple(c for p, item in top.items("cases") if (c := _case(file, p, item, top, out)))


def _case(file: YamlFile, path: tuple[str | int, ...], item: Any, top: Fields, out: list[Diagnostic]) -> Case | None:
    fields = Fields.at(file, path, item, CASE_KEYS, out, "用例")
    if fields is None or not fields.require("name", "outcome"):
        return None
    outcome = fields.choice("outcome", OUTCOMES, "")
    if not isinstance(fields.values.get("tables", {}), dict):
        fields.report("E413", "“tables”应写成 表: {行: 值}", "tables")
        return None
    year = fields.text("year") or top.text("year")
    if not outcome or (year and not year.isdigit()):
        return None
    return Case(top.text("rule"), fields.text("name"), OUTCOMES[outcome], int(year) if year else None, fields)


def _report_unknown(cases: Sequence[Case], known: set[str], out: list[Diagnostic]) -> None:
    for rule in dict.fromkeys(c.rule for c in cases if c.rule not in known):
        first = next(c for c in cases if c.rule == rule)
        near = suggest(rule, known)
        hint = f"是不是想写：{'、'.join(near)}" if near else ""
        out.append(first.fields.file.diagnostic("E441", f"规则包里没有规则“{rule}”", "rule", hint=hint))


def _lacking(rule: str, cases: Sequence[Case]) -> list[str]:
    outcomes = {c.outcome for c in cases if c.rule == rule}
    kinds = ((HOLDING, "应当相符的用例"), (FAILING, "应当不符的用例"))
    return [f"规则“{rule}”没有{name}" for wanted, name in kinds if not outcomes & set(wanted)]


class _Bench:
    """Runs cases; a pack is loaded once per year and a rule is checked once per year."""

    def __init__(self, pack: str, roots: Sequence[Path]) -> None:
        self.pack, self.roots = pack, roots
        self.loaded: dict[int | None, Pack] = {}
        self.checked: dict[tuple[str, int | None], CheckedRule] = {}

    def load(self, year: int | None) -> Pack:
        """The pack for a year."""
        if year not in self.loaded:
            self.loaded[year] = load_pack(self.pack, year, self.roots)
        return self.loaded[year]

    def run(self, case: Case) -> CaseResult:
        from juesuan_rules.engine.explain import explain
        from juesuan_rules.engine.plan import prepare, run

        pack = self.load(case.year)
        rule = self._rule(pack, case)
        if rule is None:
            return self._result(case, "", f"{case.year} 年度没有规则“{case.rule}”")
        try:
            report = build_report(pack.layout, case.fields.values.get("tables") or {}, case.year)
        except CaseProblem as problem:
            span = case.fields.file.span(*case.fields.path, "tables", *problem.path)
            return CaseResult(case.rule, case.name, case.outcome, "", span, problem.message)
        findings, _ = explain(run(prepare((rule,)), report), True)
        actual = next((o for o in WORST_FIRST if any(f.outcome == o for f in findings)), "")
        return self._result(case, actual, _difference(case, actual, findings))

    def _rule(self, pack: Pack, case: Case) -> CheckedRule | None:
        place = (case.rule, case.year)
        if place not in self.checked:
            from juesuan_rules.language.check import check_rules

            texts = tuple(r for r in pack.rules if r.id == case.rule)
            if not texts:
                return None
            result = check_rules(texts, pack.layout)
            errors = tuple(d for d in result.diagnostics if d.is_error)
            if errors or not result.rules:
                raise RulesError(f"规则“{case.rule}”有错，不能试用例", errors)
            self.checked[place] = result.rules[0]
        return self.checked[place]

    def _result(self, case: Case, actual: str, message: str) -> CaseResult:
        return CaseResult(case.rule, case.name, case.outcome, actual, case.fields.file.span(*case.fields.path), message)


def _difference(case: Case, actual: str, findings: Sequence[Finding]) -> str:
    """One sentence saying how the outcome differs from what the case expects, or ""."""
    if actual != case.outcome:
        shown = "；".join(dict.fromkeys(f.sentence or f.reason or "" for f in findings if f.outcome == actual))
        return f"应为“{OUTCOME_ZH[case.outcome]}”，实为“{OUTCOME_ZH.get(actual, '没有结果')}”：{shown[:300]}"
    hits = [f for f in findings if f.outcome == actual]
    for key, texts in (("key", [f.key for f in hits]), ("sentence", [f.sentence for f in hits]), ("reason", [f.reason for f in hits])):
        wanted = case.fields.text(key)
        if wanted and not any(wanted in (text or "") for text in texts):
            seen = "；".join(dict.fromkeys(t or "" for t in texts))
            return f"{key} 应含“{wanted}”，实为：{seen[:300]}"
    rounding = case.fields.values.get("rounding")
    if rounding is not None and rounding != any(f.rounding for f in hits):
        return "应标明尾差，实际没有" if rounding else "不应有尾差，实际标了尾差"
    return ""
