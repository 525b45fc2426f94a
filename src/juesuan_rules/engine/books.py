"""Everything a run reads: the report, last year's and the units'; what is lacking in them; joins of keys."""

from __future__ import annotations

import msgspec

from juesuan_rules.amounts import UNITS
from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.engine.columns import Sheet
from juesuan_rules.engine.lacks import ALL_MISSING, UNREAD, Lack, is_record_set, no_records, nothing_lack, set_lack, unread_text
from juesuan_rules.reports.model import Report, Table

__all__ = ["ALL_MISSING", "UNREAD", "Books", "Lack", "unread_text"]

Source = tuple[str, str, str]
"""(scope, table id, block)."""


class Books(msgspec.Struct):
    """Everything a run reads: this report, last year's, the units'; what is lacking; shared joins.

    withheld: per scope, why reports that were given for it are not used. kept: what checks of the text
    laid out once per run, by name.
    """

    report: Report
    prior: Report | None = None
    units: tuple[Report, ...] = ()
    withheld: dict[str, str] = msgspec.field(default_factory=dict)
    _sheets: dict[Source, tuple[Sheet, ...]] = msgspec.field(default_factory=dict)
    _lacks: dict[tuple[str, str], Lack | None] = msgspec.field(default_factory=dict)
    _column_lacks: dict[tuple[str, str, str, str], Lack | None] = msgspec.field(default_factory=dict)
    _domains: dict[tuple[int, ...], tuple[str, ...]] = msgspec.field(default_factory=dict)
    _joins: dict[tuple[int, int], tuple[int, ...]] = msgspec.field(default_factory=dict)
    _held: list[tuple[str, ...]] = msgspec.field(default_factory=list)
    _empty: dict[str, Table] = msgspec.field(default_factory=dict)
    kept: dict[str, object] = msgspec.field(default_factory=dict)

    def reports(self, scope: str) -> tuple[tuple[int, Report], ...]:
        """The reports of a scope with their numbers (0 this one, -1 last year's, 1… the units)."""
        if not scope:
            return ((0, self.report),)
        if scope == "上年":
            return ((-1, self.prior),) if self.prior is not None else ()
        return tuple(enumerate(self.units, 1))

    def numbered(self, number: int) -> Report:
        """The report of a number: 0 this one, -1 last year's, 1… the units."""
        return self.units[number - 1] if number > 0 else self.prior if number and self.prior is not None else self.report

    def table(self, name: str, report: Report | None = None) -> Table | None:
        """A table or record set of this report (or another one); a record set it says nothing of is empty."""
        report = report or self.report
        found = report.tables.get(name) or report.records.get(name)
        if found is None and (spec := self.spec(name)) is not None and is_record_set(spec):
            found = self._empty.get(name)
            if found is None:
                found = self._empty[name] = no_records(spec)
        return found

    def spec(self, name: str) -> TableSpec | None:
        """What the report's layout says of a table."""
        return self.report.layout.table(name)

    def nothing(self, table: str) -> Lack:
        """What it means that a table or record set has no row to check."""
        return nothing_lack(self.spec(table))

    def lack(self, scope: str, table: str) -> Lack | None:
        """Why the table cannot be relied on, or None where it can."""
        if (scope, table) not in self._lacks:
            self._lacks[scope, table] = self._find_lack(scope, table)
        return self._lacks[scope, table]

    @property
    def all_missing(self) -> bool:
        """True where the report has none of the tables every report must have."""
        required = [spec.id for spec in self.report.layout.tables if spec.presence == "必有"]
        return not any(name in self.report.tables for name in required) and not any(p.blocking and p.table in required for p in self.report.problems)

    def _find_lack(self, scope: str, table: str) -> Lack | None:
        reports = self.reports(scope)
        if not reports or scope in self.withheld:
            return self._scope_lack(scope)
        where = {"": "", "上年": "上年报告", "所属单位": "所属单位报告"}.get(scope, scope)
        for _, report in reports:
            found = self.table(table, report)
            about = [p for p in report.problems if p.table == table and p.kind != "缺表"]
            blocking = next((p for p in (*(found.problems if found else ()), *about) if p.blocking), None)
            if blocking is not None:
                return Lack("无法识别", f"{where}《{table}》：{blocking.message}", table, f"读取:{where}{table}")
            if found is None and report.unread:
                return Lack("无法识别", unread_text(report), table, UNREAD)
            if found is None:
                cause = ALL_MISSING if not where and self.all_missing else f"缺表:{where}{table}"
                return Lack("缺表", f"{where}缺《{table}》", table, cause)
            if is_record_set(found.spec):
                if (lack := set_lack(report, found.spec, found, where)) is not None:
                    return lack
                continue
            if found.unit not in UNITS:
                return Lack("单位不明", f"{where}《{table}》没有可识别的金额单位", table)
        return None

    def _scope_lack(self, scope: str) -> Lack:
        """Nobody gave the other reports: nothing to check; they were given and are of no use: undecided."""
        said = self.withheld.get(scope)
        if said is not None:
            return Lack("缺" + scope, said)
        text = "没有给出上年报告（--prior）" if scope == "上年" else "没有给出所属单位的报告（--units）"
        return Lack("缺" + scope, text, outcome="not_applicable")

    def sheets(self, scope: str, table: str, block: str) -> tuple[Sheet, ...]:
        """One sheet per report of the scope; empty where the table or block is not there."""
        source = (scope, table, block)
        found = self._sheets.get(source)
        if found is None:
            built = []
            for number, report in self.reports(scope):
                data = self.table(table, report)
                half = data.blocks.get(block) if data is not None else None
                if data is not None and half is not None:
                    built.append(Sheet(data, half, number))
            found = self._sheets[source] = tuple(built)
        return found

    def column_lack(self, scope: str, table: str, block: str, column: str) -> Lack | None:
        """Why a column cannot be read although its table can."""
        mark = (scope, table, block, column)
        if mark not in self._column_lacks:
            self._column_lacks[mark] = self._find_column_lack(*mark)
        return self._column_lacks[mark]

    def _find_column_lack(self, scope: str, table: str, block: str, column: str) -> Lack | None:
        reports, sheets = self.reports(scope), self.sheets(scope, table, block)
        if len(sheets) < len(reports):
            return Lack("缺列", f"《{table}》没有“{block}”部分" if block else f"《{table}》没有可读的栏目", table, f"缺列:{table}.{block}")
        if column not in ("*", "") and any(column not in sheet.block.columns for sheet in sheets):
            return Lack("缺列", f"《{table}》没有“{column}”栏", table, f"缺列:{table}.{column}")
        return None

    def star_columns(self, table: str, block: str) -> tuple[str, ...]:
        """Names of the columns "*" stands for: those of the layout, in its order."""
        spec = self.report.layout.table(table)
        half = spec.block(block) if spec is not None else None
        if half is None:
            data = self.table(table)
            found = data.blocks.get(block) if data is not None else None
            half = found.spec if found is not None else None
        return tuple([column.name for column in half.columns]) if half is not None else ()

    def union(self, parts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        """Full outer join of key tuples, in the order of the first, then of the others."""
        first = parts[0]
        if all(part is first or part == first for part in parts[1:]):
            return first
        mark = tuple([id(part) for part in parts])
        found = self._domains.get(mark)
        if found is None:
            found = self._domains[mark] = tuple(dict.fromkeys([key for part in parts for key in part]))
            self._held.extend(parts)
        return found

    def common(self, keys: tuple[str, ...], limit: tuple[str, ...]) -> tuple[str, ...]:
        """The keys that also stand in `limit`, in their own order."""
        if keys is limit or keys == limit:
            return keys
        mark = (-1, id(keys), id(limit))
        found = self._domains.get(mark)
        if found is None:
            wanted = set(limit)
            found = self._domains[mark] = tuple([key for key in keys if key in wanted])
            self._held.extend((keys, limit))
        return found

    def join(self, keys: tuple[str, ...], domain: tuple[str, ...]) -> tuple[int, ...]:
        """For every key of `domain` its position in `keys`, or -1."""
        mark = (id(keys), id(domain))
        found = self._joins.get(mark)
        if found is None:
            place = {key: position for position, key in enumerate(keys)}
            found = self._joins[mark] = tuple([place.get(key, -1) for key in domain])
            self._held.extend((keys, domain))
        return found
