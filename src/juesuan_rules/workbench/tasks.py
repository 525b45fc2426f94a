"""What the worker process does: everything that reads a document. Each function is a task of `worker.Worker`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.material import Subject
from juesuan_rules.outputs.web.overview import FamilyView, RuleView
from juesuan_rules.outputs.web.pictures import Marked, PictureView, StoredPicture
from juesuan_rules.pipeline.options import Options
from juesuan_rules.results import ReportResult, RunResult
from juesuan_rules.workbench.marks import Marks
from juesuan_rules.workbench.readings import COMMAND, AddressedPictures, Spec, accepted, reading
from juesuan_rules.workbench.report_views import Detail, FigureView, Overview, ReadView


def judge(spec: Spec) -> ReportResult:
    """The report judged, without what people decided and accepted."""
    return accepted(replace(spec, marks=Marks()), reading(spec, fresh=True).base.result).reports[0]


def overview(spec: Spec) -> Overview:
    """What the report's page begins with."""
    from juesuan_rules.outputs.provenance_lines import provenance_lines
    from juesuan_rules.outputs.web.overview import families, groups, notes, tally
    from juesuan_rules.renderings.console import conclusion
    from juesuan_rules.renderings.plain import source_names

    known = reading(spec)
    subject, material, viewer = known.marked(spec)
    report, identity = subject.full, subject.full.identity
    views = [viewer.view(one, "句") for one in viewer.numbered]
    about = [("文件", source_names(report.source, report.parts))]
    about += [("地区", identity.region_name)] if identity.region_name else []
    about += [("金额单位", identity.money_unit)] if identity.money_unit else []
    if report.packs:
        about.append(("规则包", f"{report.packs[-1].id} {report.packs[-1].version}" + (f"（{report.chosen}）" if report.chosen else "")))
    members = families(subject)
    return Overview(
        identity.unit_name or source_names(report.source, report.parts),
        f"{identity.year}年度{identity.kind or ''}" if identity.year else identity.kind,
        tuple(about),
        conclusion(subject.result),
        report.status != "judged",
        tuple(tally(report)),
        tuple(members),
        tuple(notes(subject)),
        identity.evidence,
        tuple(groups(views, report)),
        len(views),
        len(known.pages.pages) if known.pages is not None else 0,
        sum(one.rules for one in members),
        len(viewer.places.sheets),
        tuple(provenance_lines(material)),
    )


def finding(spec: Spec, number: int) -> Detail:
    """One finding. Raises UsageError where there is none of that number."""
    from juesuan_rules.waivers.matching import place_names
    from juesuan_rules.workbench.fixing import is_fixable

    subject, _material, viewer = reading(spec).marked(spec)
    if not 1 <= number <= len(viewer.numbered):
        raise UsageError("没有这一项")
    one = viewer.numbered[number - 1]
    view = viewer.view(one)
    pages = viewer.store.sized(view.pictures) if isinstance(viewer.store, AddressedPictures) else ()
    fixable = tuple([at for at, operand in enumerate(one.finding.operands or (), start=1) if is_fixable(operand, subject.report)])
    return Detail(view, pages, fixable, tuple(place_names(one.finding)[:12]), one.finding)


def rules(spec: Spec) -> tuple[tuple[FamilyView, tuple[RuleView, ...]], ...]:
    """Every rule, by family."""
    from juesuan_rules.outputs.web.overview import families, rules

    subject, _material, viewer = reading(spec).marked(spec)
    by_family: dict[str, list[RuleView]] = {}
    for rule in rules(subject, viewer.numbered):
        by_family.setdefault(rule.family, []).append(rule)
    return tuple([(one, tuple(by_family.get(one.letters, ()))) for one in families(subject)])


def read(spec: Spec) -> ReadView:
    """What was read of the report."""
    from juesuan_rules.outputs.web.grids import cut
    from juesuan_rules.renderings.plain import place_text

    subject, _material, viewer = reading(spec).marked(spec)
    sheets = []
    used: dict[int, dict[tuple[int, int], list[int]]] = {}
    for at, numbers in viewer.used.items():
        used.setdefault(at.sheet, {})[at.row, at.column] = numbers
    for number in range(len(viewer.places.sheets)):
        figures: dict[tuple[int, int], Sequence[int]] = dict.fromkeys(viewer.places.amounts(number), (0,))
        sheets.append(viewer.drawing.whole(number, {**figures, **used.get(number, {})}))
    prose = subject.report.prose
    left = [(place_text(s.place), cut(s.text, 300), "、".join(f.amount.raw.strip() for f in figures)) for s, figures in prose.unread]
    return ReadView(tuple(sheets), tuple(left[:400]), prose.share, subject.full.unread, _prose(subject))


def _prose(subject: Subject) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Sentences of the 情况说明 under their headings: (place, text)."""
    from juesuan_rules.outputs.web.grids import cut
    from juesuan_rules.outputs.web.places import section_of
    from juesuan_rules.renderings.plain import place_text

    parts: list[tuple[str, list[tuple[str, str]]]] = []
    for at in sorted(subject.report.prose.explained)[:2_000]:
        sentence = subject.report.prose.sentences[at]
        if not parts or parts[-1][0] != section_of(sentence):
            parts.append((section_of(sentence), []))
        parts[-1][1].append((place_text(sentence.place), cut(sentence.text, 600)))
    return tuple([(title, tuple(lines)) for title, lines in parts])


def picture(spec: Spec, number: int, dpi: int) -> tuple[bytes, str]:
    """A page's picture and its media type. Raises UsageError where there is no such page."""
    known = reading(spec)
    if known.pages is None or not 0 <= number < len(known.pages.pages):
        raise UsageError("没有这一页")
    made = known.pages.picture(known.pages.pages[number], dpi)
    return made.data, made.media


def figure(spec: Spec, at: str) -> FigureView:
    """A figure that may be put right. at: "f3o2", operand 2 of finding 3, or "t2r5c3", a cell of table 2. Raises UsageError."""
    from juesuan_rules.outputs.web.grids import Mark
    from juesuan_rules.renderings.plain import place_text
    from juesuan_rules.workbench.fixing import find_figure

    _subject, _material, viewer = reading(spec).marked(spec)
    found = find_figure(viewer, at)
    operand = found.operand
    pictures: tuple[PictureView, ...] = ()
    pages: tuple[StoredPicture, ...] = ()
    if isinstance(viewer.store, AddressedPictures):
        pictures = viewer.store.views("c", [Marked(1, operand)], lambda key: ())[0]
        pages = viewer.store.sized(pictures)
    grid = viewer.drawing.excerpt(found.cell.sheet, {(found.cell.row, found.cell.column): [Mark(1, "①")]}) if found.cell is not None and not pictures else None
    return FigureView(
        operand.name, operand.raw.strip(), operand.unit or "", place_text(operand.place), operand.value or "", operand.note, operand.corrected,
        pictures[0] if pictures else None, pages, grid,
    )  # fmt: skip


def correction(spec: Spec, at: str, right: str, who: str, why: str) -> dict[str, Any]:
    """The entry of a corrections file that puts this figure right. Raises UsageError where none would."""
    from juesuan_rules.workbench.fixing import correction_entry, find_figure

    subject, _material, viewer = reading(spec).marked(spec)
    return correction_entry(subject.report, find_figure(viewer, at), right, who, why)


def write_output(spec: Spec, kind: str, target: Path) -> str:
    """Write one output of a report to `target`; "" or why it cannot be made."""
    from juesuan_rules.outputs.files import write_whole
    from juesuan_rules.outputs.writing import Output, write_outputs
    from juesuan_rules.renderings.json_text import dumps

    _subject, material, _viewer = reading(spec).marked(spec)
    if kind == "json":
        write_whole(target, dumps(material.sealed).encode())
        return ""
    return "".join(write_outputs([Output(kind, str(target))], material).unavailable)


def write_summary(run: RunResult, kind: str, target: Path, links: tuple[str, ...] = ()) -> str:
    """Write an output of a whole run, already held against what people decided; "" or why it cannot be made. links:
    address of every report's own page, for the matrix."""
    from juesuan_rules.outputs.files import write_whole
    from juesuan_rules.outputs.writing import Output, write_outputs
    from juesuan_rules.pipeline.batch import exit_code
    from juesuan_rules.pipeline.judging import make_material
    from juesuan_rules.pipeline.provenance import provenance, seal, tool
    from juesuan_rules.renderings.json_result import result_json
    from juesuan_rules.renderings.json_text import dumps

    code = exit_code(run)
    sealed = seal(result_json(run, tool(), provenance(run, COMMAND, code)))
    material = make_material(run, sealed, int(code), Options())
    if kind == "json":
        write_whole(target, dumps(sealed).encode())
    elif kind == "html":
        from juesuan_rules.outputs.matrix.page import render_matrix_page

        write_whole(target, render_matrix_page(material, links or None).encode())
    elif kind == "xlsx":
        from juesuan_rules.outputs.matrix.workbook import write_matrix_workbook

        write_matrix_workbook(material, target)
    else:
        return "".join(write_outputs([Output(kind, str(target))], material).unavailable)
    return ""
