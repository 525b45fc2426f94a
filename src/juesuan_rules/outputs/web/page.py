"""The page itself: one file without network, readable without scripts, fit for paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from juesuan_rules.findings import OUTCOME_ZH
from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.files import write_whole
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.web.environment import css_text, page_template, scripts, styles
from juesuan_rules.outputs.web.overview import FamilyView, RuleView, changes_of, families, groups, notes, rules, tally
from juesuan_rules.outputs.web.pictures import PageSource
from juesuan_rules.outputs.web.views import FIGURES_LISTED, PLACES_DRAWN, FindingView, Viewer
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.renderings.plain import source_names

if TYPE_CHECKING:
    from juesuan_rules.results import Comparison, ReportResult

_INDEX = 400
_OPEN = object()


def write_page(subject: Subject, material: Material, target: Path) -> None:
    """Write the page. Raises UsageError where `target` cannot be written."""
    write_whole(target, render_page(subject, material).encode("utf-8", "replace"))


def render_page(subject: Subject, material: Material, pages: PageSource | object | None = _OPEN) -> str:
    """The page as text. pages: pictures of the report's pages; opened and closed here where not given, None for none."""
    if pages is not _OPEN:
        return _render(subject, material, pages)  # type: ignore[arg-type]
    from juesuan_rules.outputs.pages import open_pages

    opened = open_pages(subject)
    try:
        return _render(subject, material, opened)
    finally:
        if opened is not None:
            opened.close()


def _render(subject: Subject, material: Material, pages: PageSource | None) -> str:
    from markupsafe import Markup

    baseline = material.run.baseline
    changed = changes_of(baseline, subject.full)
    viewer = Viewer(subject, pages, {change.fingerprint: change.kind for change in changed.changes} if changed is not None else None)
    found = viewer.views()
    script = scripts()
    values: dict[str, Any] = {
        **_heading(subject),
        **_overview(subject, baseline),
        **_findings(subject, found),
        **_all_rules(subject, viewer),
        "sheets": viewer.sheets(),
        "stored": viewer.store.pictures if viewer.store is not None else [],
        "left_out": viewer.store.left_out if viewer.store is not None else [],
        "provenance": provenance_lines(material),
        "policy": content_policy(script),
        "style": Markup(styles()),
        "running": Markup(_running(subject.full)),
        "script": Markup(script),
    }
    return page_template().render(values)


def content_policy(script: str) -> str:
    """Nothing is fetched; this one script runs and no other."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _heading(subject: Subject) -> dict[str, Any]:
    report, identity = subject.full, subject.full.identity
    unit = identity.unit_name or source_names(report.source, report.parts)
    year = f"{identity.year}年度{identity.kind or ''}" if identity.year else identity.kind
    about = [("文件", source_names(report.source, report.parts))]
    about += [("地区", identity.region_name)] if identity.region_name else []
    about += [("金额单位", identity.money_unit)] if identity.money_unit else []
    if report.packs:
        about.append(("规则包", f"{report.packs[-1].id} {report.packs[-1].version}" + (f"（{report.chosen}）" if report.chosen else "")))
        figures = sum(table.figures for table in report.tables)
        read, printed = report.figures
        prose = f"；文字 {printed:,} 个数，读懂 {read:,} 个" if printed else ""
        about.append(("读到", f"{len(report.tables)} 张表、{figures:,} 个金额{prose}"))
    return {"unit": unit, "year": year, "about": about, "evidence": identity.evidence, "heading": f"{unit} {year}".strip()}


def _overview(subject: Subject, baseline: Comparison | None) -> dict[str, Any]:
    report = subject.full
    views = families(subject)
    totals = FamilyView(
        "", "", sum(v.rules for v in views), tuple([sum(v.fail[at] for v in views) for at in range(3)]),  # type: ignore[arg-type]
        tuple([sum(v.counts[at] for v in views) for at in range(6)]),
    )  # fmt: skip
    return {
        "tally": tally(report),
        "conclusion": conclusion(subject.result),
        "stopped": report.status != "judged",
        "families": views,
        "totals": totals,
        "any_waived": totals.counts[-1] > 0,
        "rule_count": totals.rules,
        "notes": notes(subject, baseline),
    }


def _findings(subject: Subject, found: Sequence[FindingView]) -> dict[str, Any]:
    known = {(view.outcome if not view.waiver else "waived") for view in found}
    order = ("fail", "doubtful", "rule_error", "undecided", "pass", "not_applicable", "waived")
    names = {**OUTCOME_ZH, "waived": "已豁免"}
    present = {*known, *subject.full.rules.values(), *(("waived",) if subject.full.waived_rules else ())}
    decisions = sorted({view.decision for view in found if view.decision})
    return {
        "total": len(found),
        "index": found[:_INDEX] if len(found) > 1 else (),
        "index_left": max(len(found) - _INDEX, 0),
        "groups": groups(found, subject.full),
        "outcomes": [(name, names[name]) for name in order if name in present],
        "table_names": list(dict.fromkeys(name for view in found for name in view.tables)),
        "decisions": [*decisions, "未复核"] if decisions else [],
        "changes": sorted({view.change for view in found if view.change}),
        "nothing": _nothing(subject.full),
        "truncated": _truncated(len(found)),
    }


def _all_rules(subject: Subject, viewer: Viewer) -> dict[str, Any]:
    by_family: dict[str, list[RuleView]] = {}
    for rule in rules(subject, viewer.numbered):
        by_family.setdefault(rule.family, []).append(rule)
    named = {view.letters: view for view in families(subject)}
    return {"rules_by_family": [(named[letters], by_family[letters]) for letters in sorted(by_family)]}


def _nothing(report: ReportResult) -> str:
    if report.status != "judged":
        return "没有核对，所以没有问题可列；这不等于通过。"
    undecided = sum(outcome == "undecided" for outcome in report.rules.values())
    return "没有发现不符或存疑。" + (f"有 {undecided} 条规则无法判断。" if undecided else "")


def _truncated(total: int) -> str:
    parts = []
    if total > PLACES_DRAWN:
        parts.append(f"前 {PLACES_DRAWN:,} 项画出了位置，其余 {total - PLACES_DRAWN:,} 项请点数的名字看表中的格子")
    if total > FIGURES_LISTED:
        parts.append(f"前 {FIGURES_LISTED:,} 项列出了用到的数，其余 {total - FIGURES_LISTED:,} 项只有一句话，数和位置见同一次运行的 --json 或 --xlsx")
    return f"共 {total:,} 项：{'；'.join(parts)}。" if parts else ""


def _running(report: ReportResult) -> str:
    """Running header of the printed pages: unit and year, page numbers."""
    identity = report.identity
    text = css_text(" ".join(part for part in (identity.unit_name, f"{identity.year}年度" if identity.year else "") if part) or "决算公开核对")
    return (
        f'@page {{ @top-left {{ content: "{text}"; font: 8pt sans-serif; color: #555 }} '
        '@top-right { content: "决算公开核对结果"; font: 8pt sans-serif; color: #555 } '
        '@bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #555 } }'
    )
