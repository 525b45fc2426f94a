"""The whole test of a pack: its cases, what they lack, and the boundaries of its tolerances."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.authoring.cases import FAILING, HOLDING, Case, CaseReport, CaseResult, read_cases
from juesuan_rules.authoring.testing.bench import CASE_SECONDS, Bench, Tried
from juesuan_rules.authoring.testing.boundaries import Boundary, Unreached, try_boundaries
from juesuan_rules.diagnostics import Diagnostic, UsageError
from juesuan_rules.names import suggest
from juesuan_rules.packs.load import draft_rules
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_pack


class PackTest(msgspec.Struct, frozen=True):
    """What testing a pack came to.

    boundaries: every generated case at a tolerance; unreached: checks no case could be moved to the
    tolerance of. drafts: ids of rules that are drafts, and so in no force and not tried.
    """

    cases: CaseReport
    boundaries: tuple[Boundary, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    drafts: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all cases came out, none lacks, and every tolerance holds where it should."""
        return self.cases.passed and all(b.passed for b in self.boundaries)


def try_pack(pack: str, roots: Sequence[Path], rules: Sequence[str] = (), *, boundaries: bool = True, seconds: float = CASE_SECONDS) -> PackTest:
    """Test a pack (id or folder), or some of its rules only.

    Rules the pack inherits need no cases here, but those it has are run under its own layout. seconds:
    processor time a case may take. Raises RulesError where the pack itself is broken, UsageError where
    there is no such pack or rule.
    """
    found = find_pack(PackSpec(pack), roots)
    out: list[Diagnostic] = []
    drafts = draft_rules(found.folder)
    cases = [case for path in sorted((found.folder / "cases").glob("*.yaml")) for case in read_cases(path, out)]
    wanted = [case for case in cases if (not rules or case.rule in rules) and case.rule not in drafts]
    bench = Bench(str(found.folder), roots, seconds)
    newest = bench.load(None).rules
    own = [r.id for r in newest if found.manifest.id in (r.pack, r.changed_by)]
    years = {case.year for case in wanted} - {None}
    known = {r.id for rules_of in (newest, *(bench.load(year).rules for year in years)) for r in rules_of}
    _refuse_unknown(found, [rule for rule in rules if rule not in drafts], known)
    _report_unknown(wanted, known, out)
    tried = [bench.run(case) for case in wanted if case.rule in known]
    results = tuple([one.result if isinstance(one, Tried) else one for one in tried])
    lacking = tuple(s for rule in own if not rules or rule in rules for s in _lacking(rule, wanted))
    report = CaseReport(found.manifest.id, results, lacking, tuple(out))
    if not boundaries:
        return PackTest(report, drafts=drafts)
    reached, unreached = try_boundaries([one for one in tried if isinstance(one, Tried)])
    return PackTest(report, reached, unreached, drafts)


def _refuse_unknown(found: FoundPack, rules: Sequence[str], known: set[str]) -> None:
    for rule in rules:
        if rule not in known:
            near = "、".join(suggest(rule, known))
            raise UsageError(f"规则包 {found.manifest.id} 里没有规则“{rule}”" + (f"；是不是想写：{near}" if near else ""))


def _report_unknown(cases: Sequence[Case], known: set[str], out: list[Diagnostic]) -> None:
    for rule in dict.fromkeys(c.rule for c in cases if c.rule not in known):
        first = next(c for c in cases if c.rule == rule)
        near = suggest(rule, known)
        hint = f"是不是想写：{'、'.join(near)}" if near else ""
        out.append(first.fields.file.diagnostic("E441", f"规则包里没有规则“{rule}”", "rule", hint=hint))


def _lacking(rule: str, cases: Sequence[Case]) -> list[str]:
    """A case known to come out wrong shows nothing of what the rule can do."""
    outcomes = {c.outcome for c in cases if c.rule == rule and not c.known[0]}
    kinds = ((HOLDING, "应当相符的用例"), (FAILING, "应当不符的用例"))
    return [f"规则“{rule}”没有{name}" for wanted, name in kinds if not outcomes & set(wanted)]


__all__ = ["CaseResult", "PackTest", "try_pack"]
