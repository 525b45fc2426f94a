"""The 绩效 forms of a report as the record set 自评表."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.catalogue.records import ASSESSMENTS, record_specs
from juesuan_rules.documents.model import Document, GridBlock
from juesuan_rules.reports.forms.gathering import read_drafts
from juesuan_rules.reports.forms.lexicon import make_lexicon
from juesuan_rules.reports.forms.records import make_table
from juesuan_rules.reports.model import Table


def read_forms(document: Document, layout: Layout, others: Sequence[GridBlock], titles: Sequence[str]) -> Table:
    """Every form among the grids that are no standard table; an empty record set where there is none.

    others: `Report.other_tables`, titles: what is printed above each. Keys: 种类/名称/序号 of a form,
    that and a number of its rows. A figure that could not be placed is "unreadable" and named in a
    Problem; so is a figure that stands where nothing is known to stand.
    """
    lexicon = make_lexicon(layout.forms)
    return make_table(_spec(layout), read_drafts(document, others, titles, lexicon), lexicon)


def _spec(layout: Layout) -> TableSpec:
    found = layout.table(ASSESSMENTS)
    return found if found is not None else next(spec for spec in record_specs(()) if spec.id == ASSESSMENTS)
