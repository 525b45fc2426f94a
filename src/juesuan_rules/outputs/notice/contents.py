"""What the letter says, before it is a document: problems by root cause, what is to be confirmed, figures, remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from juesuan_rules.findings import SEVERITY_ZH, Finding, Operand
from juesuan_rules.live import Live
from juesuan_rules.material import Numbered, Subject
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.notice.naming import PlainNames
from juesuan_rules.outputs.telling import basis_text, decision_text, dismissed, heading, measured, printed, quoted, saying, telling
from juesuan_rules.renderings.plain import correction_lines, ordinal, place_text, safe
from juesuan_rules.results import ReportResult, worst_by_rule

IN_BODY = 200
"""Findings told in a section of the letter; the rest are in the table of figures."""
ROWS = 2_000
"""Rows of the table of figures: no word processor is quick with more."""
_FIGURES = 3
_HINTED = 200


class Item(msgspec.Struct, frozen=True):
    """A finding in the letter. figures: the telling ones, as printed, with their places. more: what else is to be said."""

    number: int
    grade: str
    rule: str
    sentence: str
    figures: str
    more: str = ""


class Group(msgspec.Struct, frozen=True):
    """Findings of one root cause, or of one rule. hints, basis: of all of them, each once, in order."""

    title: str
    items: tuple[Item, ...]
    basis: str
    hints: str = ""


class FigureRow(msgspec.Struct, frozen=True):
    """A row of the table of figures."""

    number: int
    name: str
    printed: str
    expected: str
    place: str


class Letter(msgspec.Struct, frozen=True):
    """The letter. problems: to be put right. confirm: doubtful, to be confirmed. hints: told for information.
    counts: of these three, listed or not. rows_left: figures not listed for length. remarks: how far the check went."""

    unit: str
    year: str
    problems: tuple[Group, ...]
    confirm: tuple[Group, ...]
    hints: tuple[tuple[int, str, str], ...]
    rows: tuple[FigureRow, ...]
    remarks: tuple[str, ...]
    counts: tuple[int, int, int]
    rows_left: int = 0


def letter(subject: Subject) -> Letter:
    """Everything the letter says about a report. Verdicts that are waived or decided 误报 are counted, not told."""
    report = subject.full
    numbered = subject.numbered
    told = [one for one in numbered if not dismissed(one.finding) and one.finding.outcome != "rule_error"]
    problems = [one for one in told if one.finding.outcome == "fail" and one.finding.severity != "info"]
    confirm = [one for one in told if one.finding.outcome == "doubtful" and one.finding.severity != "info"]
    hints = [one for one in told if one.finding.severity == "info"]
    names = PlainNames(subject.report)
    rows = list(_rows(subject, [*problems, *confirm], names))
    return Letter(
        unit=xml_text(report.identity.unit_name or "", 80),
        year=str(report.identity.year or ""),
        problems=tuple(_groups(problems[:IN_BODY], report, names)),
        confirm=tuple(_groups(confirm[:IN_BODY], report, names)),
        hints=tuple((one.number, heading(one.finding), saying(one.finding)) for one in hints[:_HINTED]),
        rows=tuple(rows[:ROWS]),
        remarks=tuple(_remarks(subject, numbered)),
        counts=(len(problems), len(confirm), len(hints)),
        rows_left=max(0, len(rows) - ROWS),
    )


def _groups(numbered: list[Numbered], report: ReportResult, names: PlainNames) -> Iterator[Group]:
    """By root cause, those without one by rule, in the order of their numbers."""
    causes = {cause.id: cause for cause in report.causes}
    gathered: dict[tuple[str, str], list[Numbered]] = {}
    for one in numbered:
        known = one.finding.cause in causes
        gathered.setdefault(("cause", str(one.finding.cause)) if known else ("rule", one.finding.rule + one.finding.check), []).append(one)
    for (kind, name), members in gathered.items():
        first = members[0].finding
        # A rule's title says what ought to be.
        title = f"不符合“{first.check or first.title}”" if first.outcome == "fail" else f"是否符合“{first.check or first.title}”"
        if kind == "cause":
            suspect, title = causes[name].suspect, causes[name].sentence
            title = title.replace(f"{suspect} ", names.say(suspect)) if suspect else title
        hints = dict.fromkeys(names.sentence(hint) for one in members for hint in one.finding.hints)
        basis = dict.fromkeys(text for one in members for text in basis_text(one.finding).split("；"))
        yield Group(names.sentence(title), tuple([_item(one, names) for one in members]), "；".join(basis), "；".join(hints))


def _item(one: Numbered, names: PlainNames) -> Item:
    finding = one.finding
    shown = _foremost(finding)
    rest = len(telling(finding.operands)) - len(shown)
    figures = _figures(shown, names) + ("；其余见附件1" if rest > 0 else "")
    sentence, difference = names.sentence(saying(finding)), "" if _absent(finding) else measured(finding)
    more = [f"相差 {difference}" if difference and not re.search("[差多少]", sentence) else "", _decided(finding)]
    return Item(one.number, SEVERITY_ZH[finding.severity], safe(finding.rule), sentence, figures, "；".join(part for part in more if part))


def _foremost(finding: Finding) -> list[tuple[int, Operand]]:
    """The suspect, then the first and the last figure (what is added up, and the sum), in printed order."""
    told = telling(finding.operands)
    there = [one for one in told if one[1].raw.strip() or one[1].quote] or told
    ranked = [one for one in told if one[1].name == finding.suspect] + there[:1] + there[-1:] + there
    return sorted(list({number: (number, operand) for number, operand in ranked}.values())[:_FIGURES], key=lambda one: one[0])


def _decided(finding: Finding) -> str:
    """What was said of it before, where the addressee should know."""
    said = decision_text(finding)
    return f"以前的复核意见：{said}" if said and finding.decision is not None and finding.decision.shown in ("已整改", "需复核") else ""


def _figures(shown: list[tuple[int, Operand]], names: PlainNames) -> str:
    """①name（place）「as printed」；…, those of one sentence of the prose together, so that it is quoted once."""
    groups: dict[tuple[str, str], list[tuple[int, Operand]]] = {}
    for number, operand in shown:
        where = place_text(operand.place)
        groups.setdefault((where, operand.quote or f"\0{number}"), []).append((number, operand))
    told = []
    for (where, _), members in groups.items():
        called = "、".join(f"{ordinal(number)}{names.say(operand.name)}" for number, operand in members)
        told.append(f"{called}{f'（{where}）' if where else ''}{quoted(members[0][1]) or printed(members[0][1])}")
    return "；".join(told)


def _absent(finding: Finding) -> bool:
    """Whether one of the figures is missing altogether (文字里没有写): then nothing can be said of what another should be."""
    return any("没有" in operand.note for operand in finding.operands or ())


def _rows(subject: Subject, numbered: list[Numbered], names: PlainNames) -> Iterator[FigureRow]:
    live = subject.live if len(subject.live) == len(subject.full.findings) else ()
    for one in numbered:
        finding = one.finding
        for number, operand in telling(finding.operands):
            expected = expected_text(finding, live[one.at] if live else None, number)
            shown = printed(operand).removeprefix("「").replace("」", "", 1) or "空白"
            yield FigureRow(one.number, f"{ordinal(number)} {names.say(operand.name)}", shown, expected, place_text(operand.place))


_ALONE = re.compile(r"\s*\(?\s*\{(\d+)\}\s*\)?\s*$")
_RELATION = {"==": "", "!=": "不等于 ", "<=": "不大于 ", ">=": "不小于 ", "<": "小于 ", ">": "大于 "}
_TURNED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


def expected_text(finding: Finding, live: Live | None, number: int) -> str:
    """What figure `number` (from 1) should agree with, where it stands alone on one side of the comparison; else ""."""
    if finding.left is None or finding.right is None or _absent(finding):
        return ""
    unit = safe(finding.unit or "")
    if live is None:
        if len(finding.operands or ()) != 2 or "==" not in finding.formula:
            return ""
        return f"{_grouped(finding.right if number == 1 else finding.left)}{unit}"
    left, right = _ALONE.match(live.left), _ALONE.match(live.right)
    if left is not None and int(left[1]) == number - 1:
        return f"{_RELATION.get(live.relation, '')}{_grouped(finding.right)}{unit}"
    if right is not None and int(right[1]) == number - 1:
        return f"{_RELATION.get(_TURNED.get(live.relation, live.relation), '')}{_grouped(finding.left)}{unit}"
    return ""


def _grouped(text: str) -> str:
    """1966.32 as 1,966.32; anything else as it is."""
    whole, dot, rest = text.partition(".")
    if not re.fullmatch(r"-?\d{4,}", whole) or (rest and not rest.isdigit()):
        return safe(text)
    return f"{Fraction(whole).numerator:,}{dot}{rest}"


def _remarks(subject: Subject, numbered: tuple[Numbered, ...]) -> Iterator[str]:
    """How far the check went and what was left out, so that silence is never taken for a pass."""
    report = subject.full
    rules = worst_by_rule(report.findings)
    undecided = [rule for rule, outcome in rules.items() if outcome == "undecided"]
    yield f"共核对 {len(rules)} 条规则、{len(report.findings):,} 项；问题的编号与其他核对结果（网页、底稿、批注）一致，因有未列入的，可能不连续。"
    waived = sum(one.finding.waiver is not None for one in numbered)
    mistaken = sum(dismissed(one.finding) and one.finding.waiver is None for one in numbered)
    if waived or mistaken:
        yield f"未列入本通知：已豁免 {waived} 项，经复核认定为误报 {mistaken} 项。"
    broken = sum(one.finding.outcome == "rule_error" for one in numbered)
    if broken:
        yield f"有 {broken} 项因规则出错没有核对。"
    if undecided:
        reasons = list(dict.fromkeys(f.reason or "原因不明" for f in report.findings if f.outcome == "undecided"))
        yield f"有 {len(undecided)} 条规则无法判断，不等于通过；原因：{'；'.join(safe(reason) for reason in reasons[:6])}{' 等' if len(reasons) > 6 else ''}。"
    yield from (f"没有读出来：{safe(text)}" for text in report.unread)
    yield from (xml_text(line) for line in correction_lines(report.corrections))
