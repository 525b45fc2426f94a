"""How the outputs that list verdicts speak of one: the same words in a letter, a table, SARIF, JUnit and Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from juesuan_rules.amounts import difference_text
from juesuan_rules.findings import OUTCOME_ZH, Cause, Finding, Operand
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.renderings.plain import clip, ordinal, place_text, safe, source_names
from juesuan_rules.renderings.waivers_text import waiver_text
from juesuan_rules.results import ReportResult

NOT_STATED = "未注明"
_SHOWN = 12
_RAW_WIDTH = 60
_QUOTE_WIDTH = 160


def heading(finding: Finding) -> str:
    """What was checked: the rule's id and title, or that of the check."""
    return f"{safe(finding.rule)} {safe(finding.check or finding.title)}".strip()


def saying(finding: Finding) -> str:
    """What came out, one sentence with the numbers in it."""
    return xml_text(finding.sentence or finding.reason or finding.check or finding.title)


def outcome_text(finding: Finding) -> str:
    """相符, 不符 …; a verdict that is accepted stays what it is, and says so."""
    return OUTCOME_ZH[finding.outcome] + ("（已豁免）" if finding.waiver is not None else "")


def basis_text(finding: Finding) -> str:
    """The legal basis; what nobody has compared with its source yet says so."""
    texts = [f"{safe(b.document)}{' ' + safe(b.clause) if b.clause else ''}{'（未核验）' if b.verified == '未核验' else ''}" for b in finding.basis]
    return "；".join(texts) or NOT_STATED


def decision_text(finding: Finding) -> str:
    """What a person made of it, and who and when; "" where nobody did."""
    decision = finding.decision
    if decision is None:
        return ""
    changed = f"（原为{decision.status}，现{'；'.join(safe(one) for one in decision.changed)}）" if decision.changed else ""
    note = f"：{safe(decision.note)}" if decision.note else ""
    return f"{decision.shown}{changed}，{safe(decision.by)} {safe(decision.date)}{note}"


def dismissed(finding: Finding) -> bool:
    """Whether people settled that nothing is wrong: waived, or decided to be a false alarm of which nothing changed since."""
    return finding.waiver is not None or (finding.decision is not None and finding.decision.shown == "误报")


def waived_text(finding: Finding) -> str:
    """Why it is accepted, by whom and until when; "" where it is not."""
    return waiver_text(finding.waiver) if finding.waiver is not None else ""


def telling(operands: Iterable[Operand] | None, limit: int = _SHOWN) -> list[tuple[int, Operand]]:
    """The figures worth telling with their numbers (from 1): all of a few, else those with something printed first."""
    numbered = list(enumerate(operands or (), start=1))
    if len(numbered) > 6:
        numbered = [(n, o) for n, o in numbered if o.raw.strip() or o.quote] or numbered
    return numbered[:limit]


def figure_name(number: int, operand: Operand) -> str:
    """① and the name of the figure, as a rule writes it."""
    return f"{ordinal(number)} {safe(operand.name)}"


def printed(operand: Operand) -> str:
    """The figure as printed, or why there is none; "" where nothing is to be said."""
    raw = f"「{clip(operand.raw[:400], _RAW_WIDTH)}」" if operand.raw.strip() else ""
    corrected = f"（已更正：{safe(operand.corrected)}）" if operand.corrected else ""
    return f"{raw}{f'（{safe(operand.note)}）' if operand.note else ''}{corrected}"


def quoted(operand: Operand) -> str:
    """The sentence of a figure in the prose in 「」; "" for a figure of a table."""
    return f"「{clip(operand.quote[:2000], _QUOTE_WIDTH)}」" if operand.quote else ""


def figure_line(number: int, operand: Operand) -> str:
    """One figure on one line: number, place, name, as printed, sentence."""
    parts = [ordinal(number), place_text(operand.place), safe(operand.name), printed(operand), quoted(operand)]
    return " ".join(part for part in parts if part)


def first_place(finding: Finding, cause: Cause | None = None) -> str:
    """Where to look first: at the suspect, else at the first figure with a place."""
    operands = finding.operands or ()
    ranked = [o for o in operands if o.name == finding.suspect] + list(operands)
    found = next((place_text(o.place) for o in ranked if place_text(o.place)), "")
    return found or (place_text(cause.place) if cause is not None else "")


def figures_text(finding: Finding, limit: int = _SHOWN) -> str:
    """All figures of a finding on one line, the rest counted."""
    shown = telling(finding.operands, limit)
    rest = len(finding.operands or ()) - len(shown)
    return "；".join([figure_line(n, o) for n, o in shown] + ([f"另 {rest} 个数"] if rest else []))


def unit_and_year(report: ReportResult) -> str:
    """某局，2023年度; the file where the report does not say."""
    known = [report.identity.unit_name, f"{report.identity.year}年度" if report.identity.year else None]
    return "，".join(safe(part) for part in known if part) or source_names(report.source, report.parts)


def base_name(path: str) -> str:
    """A path's last part, made harmless."""
    return safe(path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])


def measured(finding: Finding) -> str:
    """差额 and what is allowed, with the unit; "" for a verdict without a difference, or where equal figures are what is wrong."""
    number = (finding.difference or "").lstrip("+-")
    if not number.strip("0."):
        return ""
    unit = finding.unit or ""
    allowed = f"（允许 {safe(difference_text(finding.tolerance + unit))}）" if finding.tolerance is not None else ""
    return f"{safe(difference_text(number + unit))}{allowed}"
