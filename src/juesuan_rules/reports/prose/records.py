"""All record sets of a report in one go: sentences → mentions → statements and facts, and the forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.catalogue.records import ASSESSMENTS, FACTS, PROJECT_FACTS
from juesuan_rules.documents.model import Document, GridBlock
from juesuan_rules.reports.model import BlockData, Identity, Prose, Section, Table
from juesuan_rules.reports.prose.model import At
from juesuan_rules.reports.prose.repeats import without_repeats

Records = dict[str, Table]


def read_records(
    document: Document,
    sections: tuple[Section, ...],
    identity: Identity,
    layout: Layout,
    tables: Mapping[str, Table],
    others: Sequence[GridBlock],
    titles: Sequence[str],
) -> tuple[Records, Prose]:
    """Every record set of the layout by name, empty where there is nothing to record, and the prose.

    tables: the standard tables recognised; others, titles: the other grids and what is printed above
    each. What a later file of the document only repeats is read once. `Prose.read` holds the figures that
    a fact or a statement accounts for.
    """
    from juesuan_rules.reports.forms.linking import link_projects
    from juesuan_rules.reports.forms.read import read_forms
    from juesuan_rules.reports.prose.facts import fact_tables
    from juesuan_rules.reports.prose.mentions import find_mentions
    from juesuan_rules.reports.prose.reading import read_prose
    from juesuan_rules.reports.prose.statements import statement_tables

    document, grids, above = without_repeats(document, others, titles)
    prose = read_prose(document, sections, identity)
    if not layout.records:
        return {}, prose
    mentions = find_mentions(prose.sentences, identity.unit_name or "")
    statements = statement_tables(prose.sentences, mentions, layout)
    facts, bound = fact_tables(prose.sentences, mentions, layout, tables)
    if FACTS in facts:
        facts[FACTS] = _stated(facts[FACTS])
    found = {**facts, **statements, ASSESSMENTS: link_projects(read_forms(document, layout, grids, above), facts.get(PROJECT_FACTS))}
    records = {spec.id: found[spec.id] for spec in layout.records if spec.id in found}
    return records, replace(prose, read=bound | _accounted(prose, statements.values()))


def _stated(facts: Table) -> Table:
    """The facts of which the prose states anything: one that it does not mention has no row."""
    return replace(facts, blocks={name: _with_figures(block) for name, block in facts.blocks.items()})


def _with_figures(block: BlockData) -> BlockData:
    kept = [at for at in range(len(block.rows)) if any(column[at].state != "blank" for column in block.columns.values())]
    columns = {name: tuple([amounts[at] for at in kept]) for name, amounts in block.columns.items()}
    return replace(block, rows=tuple([block.rows[at] for at in kept]), columns=columns)


def _accounted(prose: Prose, tables: Iterable[Table]) -> frozenset[At]:
    """Positions of the figures that stand in these record sets: the very amount, or one made from it."""
    amounts = [a for table in tables for block in table.blocks.values() for column in block.columns.values() for a in column if a.value is not None]
    known, printed = {id(amount) for amount in amounts}, {_mark(amount) for amount in amounts}
    figures = [((at, number), figure.amount) for at, sentence in enumerate(prose.sentences) for number, figure in enumerate(sentence.figures)]
    return frozenset([at for at, amount in figures if id(amount) in known or _mark(amount) in printed])


def _mark(amount: Amount) -> tuple[object, ...]:
    return amount.place, amount.raw, amount.unit
