"""From a file to a Report: open, identify, choose the pack, read tables by its layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.model import Document, GridBlock
from juesuan_rules.pipeline.choose import choose_pack
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.ready import ReadyPack, Wanted, ready_pack
from juesuan_rules.pipeline.state import packs_state
from juesuan_rules.reports.model import Identity, Prose, Report


class Loaded(msgspec.Struct, frozen=True):
    """A report, the pack it is to be judged by, and why that pack."""

    report: Report
    pack: ReadyPack
    why: str


def load(path: Path | Sequence[Path], options: Options, state: str | None = None) -> Loaded:
    """Read the report in the file at `path`, or in several files together.

    `state` is `packs_state(options)`, where the caller has it already. Raises UsageError (no such
    file, region ambiguous, corrections that cannot be read), DocumentError, RulesError.
    """
    from juesuan_rules.pipeline.opening import open_files
    from juesuan_rules.reports.identity import identify

    document = open_files([path] if isinstance(path, Path) else path, options)
    identity = identify(document, options.region)
    roots = options.pack_roots()
    choice = choose_pack(identity, options.pack, options.region, roots)
    wanted = Wanted(choice.name, choice.version, identity.year, identity.region_code, identity.kind)
    pack = ready_pack(wanted, roots, options.open_cache(), state or packs_state(options))
    report = build_report(document, identity, pack.layout)
    if options.corrections is not None:
        from juesuan_rules.pipeline.correcting import correct, read_corrections

        report = correct(report, read_corrections(options.corrections))
    return Loaded(report, pack, choice.why)


def build_report(document: Document, identity: Identity, layout: Layout) -> Report:
    """The document understood by a layout: tables, prose, forms, other grids, outline, problems.

    A document known to be of another kind (a budget) has no tables of final accounts, only others.
    """
    from juesuan_rules.reports.captions import captions
    from juesuan_rules.reports.outline import mentioned_tables, read_outline
    from juesuan_rules.reports.prose.records import read_records
    from juesuan_rules.reports.tables import recognise_tables
    from juesuan_rules.reports.unread import mark_tables

    tables, others, problems = recognise_tables(document, layout, identity.money_unit)
    other_kind = bool(identity.kind) and not identity.is_final_accounts
    if other_kind:
        tables, others, problems = {}, tuple(block for block in document.blocks if isinstance(block, GridBlock)), ()
    titles, sections = captions(document, others), read_outline(document)
    records, prose = ({}, Prose()) if other_kind else read_records(document, sections, identity, layout, tables, others, titles)
    return Report(
        source=document.source,
        identity=identity,
        layout=layout,
        tables=mark_tables(tables, document.unread),
        other_tables=others,
        other_titles=titles,
        sections=sections,
        table_mentions=mentioned_tables(document, layout),
        problems=problems,
        notes=document.notes,
        parts=document.parts,
        unread=document.unread,
        records=records,
        prose=prose,
    )
