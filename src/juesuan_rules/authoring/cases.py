"""A pack's own test: cases/<rule id>.yaml, at least one that must hold and one that must fail per rule.

A case of which it is known that the rule gets it wrong says so, and why: known: {漏报: 原因}. It is told
apart from the others, and told when the rule gets it right after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.findings import OUTCOME_ZH
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.manifest import check_language
from juesuan_rules.yamlfile import Read, YamlFile, load

FILE_KEYS = ("language", "rule", "year", "cases")
PRIOR_KEYS = ("tables", "records", "text")
"""What a case may say of last year's report, or of a unit's."""
CASE_KEYS = ("name", "outcome", "year", "tables", "records", "text", "prior", "units", "parameters", "key", "sentence", "reason", "rounding", "known")
OUTCOMES = {zh: outcome for outcome, zh in OUTCOME_ZH.items()}
HOLDING = ("pass",)
FAILING = ("fail", "doubtful")
MISS, FALSE_ALARM = "漏报", "误报"
KNOWN = (MISS, FALSE_ALARM)
"""What a case may be known to come out as: a fault the rule does not find, a finding where there is no fault."""


class CaseResult(msgspec.Struct, frozen=True):
    """One case: what was expected, what came, and where it is written. message: "" where they agree.

    known, why: 漏报 or 误报 of a case that is known to come out wrong, and the reason given. seconds: of
    processor time it took.
    """

    rule: str
    name: str
    expected: str
    actual: str
    span: Span
    message: str = ""
    known: str = ""
    why: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the case came out as written, or wrong in the way that is known of it."""
        return not self.message or self.excused

    @property
    def excused(self) -> bool:
        """Whether it came out wrong, as is known of it."""
        if not self.known or not self.message:
            return False
        return self.actual in FAILING if self.known == FALSE_ALARM else self.actual not in (*FAILING, "rule_error", "")

    @property
    def mended(self) -> bool:
        """Whether it came out right although it is known to come out wrong."""
        return bool(self.known) and not self.message


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
    """One case as written. outcome: as in findings; key, sentence, reason: text some finding must hold.
    known: (漏报 or 误报, why) of a case the rule is known to get wrong."""

    rule: str
    name: str
    outcome: str
    year: int | None
    fields: Fields
    known: tuple[str, str] = ("", "")


def run_cases(pack: str, roots: Sequence[Path], rules: Sequence[str] = ()) -> CaseReport:
    """Run the cases of a pack (id or folder), or of some of its rules only.

    Rules the pack inherits need no cases here, but those it has are run under its own layout.
    Raises RulesError where the pack itself is broken, UsageError where there is no such pack or rule.
    """
    from juesuan_rules.authoring.testing.running import try_pack

    return try_pack(pack, roots, rules, boundaries=False).cases


def read_cases(path: Path, out: list[Diagnostic], read: Read = load) -> tuple[Case, ...]:
    """The cases of one file; what is wrong with the file goes to `out`."""
    file = read(path)
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
    shapes = (("tables", "表: {行: 值}"), ("records", "记录集: {名称: 值}，或 记录集: [{栏: 值}, …]"), ("prior", "tables、records、text：上年的报告"), ("parameters", "参数: 值"))
    for key, shape in shapes:
        if not isinstance(fields.values.get(key, {}), dict):
            fields.report("E413", f"“{key}”应写成 {shape}", key)
            return None
    units = fields.values.get("units", [])
    if not isinstance(units, list) or not all(isinstance(unit, dict) for unit in units):
        fields.report("E413", "“units”应写成一列，一项一份所属单位的报告：tables、records、text", "units")
        return None
    year = fields.text("year") or top.text("year")
    if not outcome or (year and not year.isdigit()):
        return None
    known = _known(fields, OUTCOMES[outcome])
    if known is None:
        return None
    return Case(top.text("rule"), fields.text("name"), OUTCOMES[outcome], int(year) if year else None, fields, known)


def _known(fields: Fields, outcome: str) -> tuple[str, str] | None:
    """What `known` says; None where it says nothing sensible."""
    given = fields.values.get("known")
    if given is None:
        return "", ""
    if not isinstance(given, dict) or len(given) != 1 or next(iter(given)) not in KNOWN:
        fields.report("E413", "“known”应写成 {漏报: 原因} 或 {误报: 原因}", "known")
        return None
    kind, why = next(iter(given.items()))
    if not isinstance(why, str) or not why.strip():
        fields.report("E412", f"已知的{kind}要写原因", "known")
        return None
    if (outcome in FAILING) != (kind == MISS):
        said = "应当不符或存疑" if kind == MISS else "应当不是不符、存疑"
        fields.report("E443", f"{kind}的用例{said}，这里 outcome 写的是“{OUTCOME_ZH[outcome]}”", "known", "漏报：有错而规则没有发现；误报：没有错而规则说不符")
        return None
    return kind, why.strip()
