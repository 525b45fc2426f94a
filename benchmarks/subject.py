"""A report with its pack, loaded once and judged many times: what both benchmarks work on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.text import read_text
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import Cause, Finding
from juesuan_rules.pipeline.choose import choose_pack
from juesuan_rules.pipeline.load import build_report
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.ready import Wanted, ready_pack
from juesuan_rules.pipeline.state import packs_state
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Report, Table

ROOT = Path(__file__).resolve().parents[1]


def default_reports() -> list[Path]:
    """Real text reports (JUESUAN_REPORTS, where set), then the samples without seeded errors."""
    folder = os.environ.get("JUESUAN_REPORTS")
    real = sorted(Path(folder).glob("*.txt")) if folder else []
    return real + [p for p in sorted((ROOT / "fixtures").glob("*.txt")) if "有误" not in p.name]


class Subject:
    """The text `data` named `name`, read, recognised, and its pack made ready."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        document = read_text(data, name)
        self.text = data.decode(document.source.encoding or "utf-8", "replace").replace("\r\n", "\n")
        identity = identify(document, None)
        options = Options()
        choice = choose_pack(identity, None, None, options.pack_roots())
        wanted = Wanted(choice.name, choice.version, identity.year, identity.region_code, identity.kind)
        self.pack = ready_pack(wanted, options.pack_roots(), options.open_cache(), packs_state(options))
        self.plan = prepare(self.pack.rules)
        self.report = build_report(document, identity, self.pack.layout)

    @classmethod
    def of(cls, path: Path) -> Subject:
        """The report at `path`."""
        return cls(path.read_bytes(), path.name)

    @property
    def usable(self) -> bool:
        """Whether it is a 部门决算 with tables."""
        return self.report.identity.is_final_accounts and bool(self.report.tables)

    def read(self, text: str) -> Report:
        """A changed text as a report; everything is done again but the choice of the pack."""
        document = read_text(text.encode("utf-8"), self.name)
        return build_report(document, identify(document, None), self.pack.layout)

    def judge(self, report: Report, list_all: bool = False) -> tuple[tuple[Finding, ...], tuple[Cause, ...]]:
        """Every verdict of every rule, and the causes."""
        return explain(run(self.plan, report), list_all)


def cells(table: Table) -> Iterator[tuple[str, str, str, Amount]]:
    """(block, column, row key, amount) of every cell."""
    for name, block in table.blocks.items():
        for index, row in enumerate(block.rows):
            for column, amounts in block.columns.items():
                yield name, column, row.key, amounts[index]
