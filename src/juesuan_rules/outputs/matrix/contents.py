"""What the summary of a run shows, gathered in one walk over its verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ORDER, Finding, Severity
from juesuan_rules.material import Material
from juesuan_rules.packs.families import family_of
from juesuan_rules.results import ReportResult
from juesuan_rules.reviews.rates import RuleRate, rates_of

MARKS: dict[str, tuple[str, str]] = {
    "f": ("不", "不符"), "d": ("疑", "存疑"), "e": ("错", "规则出错"), "u": ("未", "无法判断"), "w": ("免", "已豁免"), "x": ("误", "复核为误报"),
    "p": ("符", "相符"), "n": ("·", "不适用"), "-": ("", "没有用这条规则"),
}  # fmt: skip
"""What stands in a cell of the matrix: a letter in the data, a character on paper, a word for whoever asks."""
CODE = {"fail": "f", "doubtful": "d", "rule_error": "e", "undecided": "u", "pass": "p", "not_applicable": "n"}
TELLING = "fdeuwx"
"""Cells that say something; a rule without any is left out by default."""
_RANK = {code: rank for rank, code in enumerate("efduwxpn-")}
_TROUBLE = frozenset(("fail", "doubtful", "rule_error"))
_QUIET = frozenset(("pass", "not_applicable"))
_CAUSES = {"缺表": "缺表", "读取": "没有读懂", "缺列": "缺栏", "缺行": "缺行", "错位": "整行整列错位", "疑点": "同一个数有误"}
"""What a cause's id begins with, in words."""


class Item(msgspec.Struct, frozen=True):
    """A verdict that is not a pass. unit, rule: positions. new: against an earlier result."""

    unit: int
    rule: int
    code: str
    finding: Finding
    new: bool = False


class Rule(msgspec.Struct):
    """A column: how many reports have which cell. severity: the worst of its findings, else its own."""

    id: str
    title: str
    family: str
    severity: Severity
    reports: Counter[str]
    places: int = 0
    rate: RuleRate | None = None

    @property
    def telling(self) -> bool:
        """Whether any report has something to say about it."""
        return any(self.reports[code] for code in TELLING)


class Unit(msgspec.Struct):
    """A row. cells: one letter per rule. places: of each rule with findings that stand, how many. link: address of the
    report's own page, or ""."""

    name: str
    year: int | None
    path: str
    status: str
    message: str
    link: str
    cells: str = ""
    places: dict[int, int] = {}
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    doubtful: int = 0
    waived: int = 0
    dismissed: int = 0
    recheck: int = 0
    new: int = 0
    fixed: int = 0
    rank: int = 0

    @property
    def undecided(self) -> int:
        """Rules that could not be judged."""
        return self.cells.count("u")

    @property
    def judged(self) -> int:
        """Rules that came to a verdict."""
        return sum(self.cells.count(code) for code in "fdwxp")


class Group(msgspec.Struct):
    """Findings of one root cause, or of one check, over all reports."""

    kind: str
    what: str
    rules: dict[str, None]
    units: dict[int, int]
    severity: Severity = "info"
    code: str = "u"
    example: str = ""
    undecided: int = 0

    @property
    def places(self) -> int:
        """How many verdicts."""
        return sum(self.units.values())

    @property
    def places_text(self) -> str:
        """How many verdicts of which kind, in words."""
        wrong = self.places - self.undecided
        if wrong and self.undecided:
            return f"{wrong} 处，因此无法判断 {self.undecided} 处"
        return f"{self.places} 处"


class Lack(msgspec.Struct, frozen=True):
    """What was not checked: a file, and why. kind: 读不出, 没有核对, 部分没读出, 重复."""

    kind: str
    path: str
    why: str
    unit: int | None = None


class Matrix(msgspec.Struct, frozen=True):
    """The whole summary. units: as in the run. ranking: positions of units, the worst first. groups: the most reports first."""

    units: tuple[Unit, ...]
    rules: tuple[Rule, ...]
    items: tuple[Item, ...]
    ranking: tuple[int, ...]
    groups: tuple[Group, ...]
    lacks: tuple[Lack, ...]
    families: Mapping[str, str]
    decided: int
    compared: bool

    @property
    def totals(self) -> dict[str, int]:
        """Cells of each kind."""
        counts = Counter("".join(unit.cells for unit in self.units))
        return {code: counts[code] for code in MARKS}


def gather_matrix(material: Material, links: Sequence[str] | None = None) -> Matrix:
    """The summary of a run. links: address of every report's own page, as the summary should name it."""
    run = material.run
    new = _new_of(material)
    columns: dict[str, int] = {}
    rules: list[Rule] = []
    units: list[Unit] = []
    items: list[Item] = []
    for at, report in enumerate(run.reports):
        link = links[at] if links is not None and at < len(links) else ""
        unit = Unit(report.identity.unit_name or "", report.identity.year, report.source.path, report.status, report.message, link)
        worst = _walk(report, at, columns, rules, items, new.get(at, frozenset()))
        units.append(_counted(unit, worst, items, at))
    width = len(rules)
    order = sorted(range(width), key=lambda at: _natural(rules[at].id))
    place = {old: position for position, old in enumerate(order)}
    sorted_rules = tuple([rules[at] for at in order])
    for unit in units:
        padded = unit.cells + "-" * (width - len(unit.cells))
        unit.cells = "".join([padded[at] for at in order])
        unit.places = {place[rule]: count for rule, count in unit.places.items()}
        for rule, code in zip(sorted_rules, unit.cells, strict=True):
            rule.reports[code] += 1
    ordered = tuple([msgspec.structs.replace(item, rule=place[item.rule]) for item in items])
    _fill_rates(material, sorted_rules)
    _fill_comparison(material, units)
    ranking = _ranked(units)
    decided = sum(len(report.decisions) for report in run.reports)
    return Matrix(
        tuple(units), sorted_rules, ordered, ranking, _groups(ordered, sorted_rules, run.reports), tuple(_lacks(material)), material.families, decided, run.baseline is not None
    )


def _walk(report: ReportResult, at: int, columns: dict[str, int], rules: list[Rule], items: list[Item], new: frozenset[str]) -> dict[int, str]:
    """The worst cell of every rule by position; what is not a pass goes to `items`."""
    worst: dict[int, str] = {}
    for finding in report.findings:
        column = columns.get(finding.rule)
        if column is None:
            column = columns[finding.rule] = len(rules)
            rules.append(Rule(finding.rule, finding.title, family_of(finding.rule), finding.severity, Counter()))
        quiet = finding.outcome in _QUIET
        code = CODE[finding.outcome] if quiet else code_of(finding)
        known = worst.get(column)
        if known is None or _RANK[code] < _RANK[known]:
            worst[column] = code
        if quiet:
            continue
        items.append(Item(at, column, code, finding, finding.fingerprint in new))
        if code in "fd":
            rule = rules[column]
            rule.places += 1
            if SEVERITY_ORDER[finding.severity] < SEVERITY_ORDER[rule.severity]:
                rule.severity = finding.severity
    return worst


def code_of(finding: Finding) -> str:
    """The letter of a verdict; one that is waived, or a false alarm as far as people know, is not its outcome's."""
    if finding.waiver is not None:
        return "w"
    if finding.outcome in _TROUBLE and finding.decision is not None and finding.decision.shown == "误报":
        return "x"
    return CODE[finding.outcome]


def _counted(unit: Unit, worst: Mapping[int, str], items: Sequence[Item], at: int) -> Unit:
    unit.cells = "".join([worst.get(column, "-") for column in range(max(worst, default=-1) + 1)])
    places: Counter[int] = Counter()
    for item in reversed(items):
        if item.unit != at:
            break
        finding = item.finding
        if item.code in "fd":
            places[item.rule] += 1
            unit.errors += finding.severity == "error"
            unit.warnings += finding.severity == "warning"
            unit.infos += finding.severity == "info"
            unit.doubtful += item.code == "d"
        unit.waived += item.code == "w"
        unit.dismissed += item.code == "x"
        unit.recheck += finding.decision is not None and bool(finding.decision.changed)
        unit.new += item.new
    unit.places = dict(places)
    return unit


def _new_of(material: Material) -> dict[int, frozenset[str]]:
    if material.run.baseline is None:
        return {}
    return {at: frozenset([c.fingerprint for c in report.changes if c.kind == "new"]) for at, report in enumerate(material.run.baseline.reports)}


def _fill_comparison(material: Material, units: Sequence[Unit]) -> None:
    if material.run.baseline is not None:
        for unit, report in zip(units, material.run.baseline.reports, strict=True):
            unit.fixed = sum(change.kind == "fixed" for change in report.changes)


def _fill_rates(material: Material, rules: Sequence[Rule]) -> None:
    """The false alarms among the decisions of this run."""
    uses = [use for report in material.run.reports for use in report.decisions]
    rates = {rate.rule: rate for rate in rates_of((use.rule, use.unit, use.year, use.decision.status) for use in uses)}
    for rule in rules:
        rule.rate = rates.get(rule.id)


def _ranked(units: Sequence[Unit]) -> tuple[int, ...]:
    """Positions, the most errors first; what was not checked is last, not best."""

    def key(at: int) -> tuple[bool, int, int, int, int, int]:
        unit = units[at]
        return unit.status != "judged", -unit.errors, -unit.warnings, -unit.infos, -unit.undecided, at

    order = tuple(sorted(range(len(units)), key=key))
    for rank, at in enumerate(order, start=1):
        units[at].rank = rank
    return order


def _groups(items: Sequence[Item], rules: Sequence[Rule], reports: Sequence[ReportResult]) -> tuple[Group, ...]:
    """By root cause where several reports share one, else by check; what could not be judged by its reason."""
    shared: dict[str, set[int]] = {}
    for item in items:
        if item.finding.cause and item.code in "fdeu":
            shared.setdefault(item.finding.cause, set()).add(item.unit)
    sentences = {cause.id: cause.sentence for report in reports for cause in report.causes}
    found: dict[tuple[str, str], Group] = {}
    for item in items:
        if item.code not in "fdeu":
            continue
        finding, rule = item.finding, rules[item.rule]
        cause = finding.cause if finding.cause and (len(shared[finding.cause]) > 1 or item.code == "u") else None
        key, kind, what = _grouped(cause, item, finding, rule)
        group = found.get((key, kind))
        if group is None:
            example = sentences.get(cause, "") if cause else finding.sentence or finding.reason or ""
            group = found[key, kind] = Group(kind, what, {}, {}, finding.severity, item.code, example)
        group.rules[rule.id] = None
        group.units[item.unit] = group.units.get(item.unit, 0) + 1
        group.undecided += item.code == "u"
        if SEVERITY_ORDER[finding.severity] < SEVERITY_ORDER[group.severity]:
            group.severity = finding.severity
        if _RANK[item.code] < _RANK[group.code]:
            group.code = item.code
    return tuple(sorted(found.values(), key=lambda g: (g.code == "u", -len(g.units), SEVERITY_ORDER[g.severity], -g.places, g.what)))


def _grouped(cause: str | None, item: Item, finding: Finding, rule: Rule) -> tuple[str, str, str]:
    """(key, kind, what) of the group a verdict belongs to."""
    if cause is not None:
        kind, colon, what = cause.partition(":")
        return cause, _CAUSES.get(kind, "共同原因") if colon else "共同原因", _named(kind, what) if colon else cause
    if item.code == "u":
        reason = finding.reason or "原因不明"
        return f"{rule.id}\0{reason}", OUTCOME_ZH["undecided"], f"{rule.id} {rule.title}：{reason}"
    check = finding.check or rule.title
    return f"{rule.id}\0{check}", "同一核对", f"{rule.id} {check}"


def _named(kind: str, what: str) -> str:
    """What a cause is about, as people say it."""
    if kind in ("缺表", "读取"):
        return "没有任何决算表" if what == "全部" else f"《{what}》{'缺表' if kind == '缺表' else '没有读懂'}"
    return what


def _lacks(material: Material) -> Iterator[Lack]:
    run = material.run
    for failure in run.failures:
        yield Lack("读不出", failure.path, failure.message)
    for at, report in enumerate(run.reports):
        if report.status != "judged":
            yield Lack("没有核对", report.source.path, report.message or "没有一项核对能够判断", at)
        for text in report.unread:
            yield Lack("部分没读出", report.source.path, text, at)
        for one in report.companions:
            if one.failed:
                yield Lack("读不出", one.source.path, one.note, at)
    for path, earlier in run.repeated:
        yield Lack("重复", path, f"与 {earlier} 内容完全相同，只核对一次")
    if run.baseline is not None:
        for unit, year, count in run.baseline.missing:
            yield Lack("这次没有", f"{unit} {year or ''}".strip(), f"上次的结果里有，这次没有核对；上次有 {count} 处")


def _natural(rule: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A01-2 before A01-10, families in the order of their letters."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for char in rule + "\0":
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, char))
    return family_of(rule), tuple(parts)
