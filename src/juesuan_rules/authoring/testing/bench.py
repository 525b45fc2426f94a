"""Runs cases: a pack is loaded once per year, a rule is checked and made ready once per year."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.cases import PRIOR_KEYS, Case, CaseResult
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import RulesError
from juesuan_rules.engine.evaluation import Evaluation
from juesuan_rules.engine.plan import Plan, prepare, run
from juesuan_rules.findings import OUTCOME_ZH, WORST_FIRST, Finding
from juesuan_rules.names import suggest
from juesuan_rules.packs.load import load_pack
from juesuan_rules.packs.model import Pack
from juesuan_rules.reports.model import Report

CASE_SECONDS = 2.0
"""Processor time one case may take. The language cannot loop without end, so a case that takes longer is told
afterwards and nothing needs to be broken off."""


class Tried(msgspec.Struct, frozen=True):
    """A case that could be run: its report, last year's and the units', and what the rule said of it."""

    case: Case
    plan: Plan
    report: Report
    prior: Report | None
    units: tuple[Report, ...]
    evaluation: Evaluation
    result: CaseResult


class Bench:
    """Runs the cases of one pack (id or folder)."""

    def __init__(self, pack: str, roots: Sequence[Path], seconds: float = CASE_SECONDS) -> None:
        self.pack, self.roots, self.seconds = pack, roots, seconds
        self._packs: dict[int | None, Pack] = {}
        self._plans: dict[tuple[str, int | None, tuple[tuple[str, object], ...]], Plan | None] = {}

    def load(self, year: int | None) -> Pack:
        """The pack for a year."""
        if year not in self._packs:
            self._packs[year] = load_pack(self.pack, year, self.roots)
        return self._packs[year]

    def run(self, case: Case) -> Tried | CaseResult:
        """What came of a case; only a result where it could not be run. Raises RulesError where its rule is broken."""
        from juesuan_rules.engine.explain import explain

        started = time.process_time()
        try:
            layout = _layout(self.load(case.year).layout, case.fields.values.get("parameters") or {})
            plan = self._plan(case, layout)
            if plan is None:
                return self._result(case, "", f"{case.year} 年度没有规则“{case.rule}”")
            report = _report(layout, case.fields.values, case.year)
            prior, units = _prior(layout, case), _units(layout, case)
        except CaseProblem as problem:
            span = case.fields.file.span(*case.fields.path, *problem.path)
            return CaseResult(case.rule, case.name, case.outcome, "", span, problem.message)
        evaluation = run(plan, report, prior, units)
        findings, _ = explain(evaluation, True)
        actual = next((o for o in WORST_FIRST if any(f.outcome == o for f in findings)), "")
        taken = time.process_time() - started
        message = difference(case, actual, findings)
        if not message and taken > self.seconds:
            message = f"用了 {taken:.1f} 秒，超过每个用例的时限 {self.seconds:g} 秒"
        return Tried(case, plan, report, prior, units, evaluation, self._result(case, actual, message, taken))

    def _plan(self, case: Case, layout: Layout) -> Plan | None:
        """The case's rule made ready to run; None where the year has no such rule."""
        place = (case.rule, case.year, layout.parameters)
        if place not in self._plans:
            self._plans[place] = _prepared(case.rule, self.load(case.year), layout)
        return self._plans[place]

    def _result(self, case: Case, actual: str, message: str, seconds: float = 0.0) -> CaseResult:
        kind, why = case.known
        return CaseResult(case.rule, case.name, case.outcome, actual, case.fields.file.span(*case.fields.path), message, kind, why, seconds)


def _prepared(rule: str, pack: Pack, layout: Layout) -> Plan | None:
    from juesuan_rules.language.check import check_rules

    texts = tuple(r for r in pack.rules if r.id == rule)
    if not texts:
        return None
    result = check_rules(texts, layout)
    errors = tuple(d for d in result.diagnostics if d.is_error)
    if errors or not result.rules:
        raise RulesError(f"规则“{rule}”有错，不能试用例", errors)
    return prepare(result.rules)


def _layout(layout: Layout, parameters: Mapping[str, object]) -> Layout:
    """The layout with the parameters a case sets; raises CaseProblem for one that it does not have."""
    known = dict(layout.parameters)
    for name in parameters:
        if name not in known:
            near = suggest(str(name), known)
            raise CaseProblem(f"版式没有“{name}”这个参数" + (f"，是不是想写：{'、'.join(near)}" if near else ""), "parameters", str(name))
    return replace(layout, parameters=tuple({**known, **parameters}.items())) if parameters else layout


def _report(layout: Layout, said: Mapping[str, Any], year: int | None) -> Report:
    return build_report(layout, said.get("tables") or {}, year, said.get("records"), str(said.get("text") or ""))


def _prior(layout: Layout, case: Case) -> Report | None:
    """Last year's report, where a case writes one; raises CaseProblem as build_report does."""
    before = case.fields.values.get("prior")
    if before is None:
        return None
    return _beside(layout, before, case.year - 1 if case.year else None, "上年的报告", "prior")


def _units(layout: Layout, case: Case) -> tuple[Report, ...]:
    """The units' reports, in the order written."""
    return tuple([_beside(layout, unit, case.year, "所属单位的报告", "units", at) for at, unit in enumerate(case.fields.values.get("units") or ())])


def _beside(layout: Layout, said: Mapping[str, Any], year: int | None, what: str, *path: str | int) -> Report:
    unknown = next((str(key) for key in said if key not in PRIOR_KEYS), "")
    if unknown:
        raise CaseProblem(f"{what}没有“{unknown}”这个键，可以写 {'、'.join(PRIOR_KEYS)}", *path, unknown)
    try:
        return _report(layout, said, year)
    except CaseProblem as problem:
        raise CaseProblem(problem.message, *path, *problem.path) from None


def difference(case: Case, actual: str, findings: Sequence[Finding]) -> str:
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
