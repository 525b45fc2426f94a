"""Everything a run reads: the report, last year's and the units'; what is lacking in them; joins of keys."""

from __future__ import annotations

import msgspec

from juesuan_rules.amounts import UNITS
from juesuan_rules.engine.columns import Sheet
from juesuan_rules.reports.model import Report

ALL_MISSING = "缺表:全部"
UNREAD = "读取:没读出来的内容"
"""Cause of everything that may stand where nothing could be read."""
"""Cause of everything undecided in a report without any table."""
Source = tuple[str, str, str]
"""(scope, table id, block)."""


class Lack(msgspec.Struct, frozen=True):
    """Why something cannot be read: the reason of the verdict, one sentence, the table.

    cause: id of the root cause where the whole table is out of reach, else None.
    """

    reason: str
    text: str
    table: str = ""
    cause: str | None = None


def unread_text(report: Report) -> str:
    """What of a report could not be read, in one sentence."""
    more = f" 等 {len(report.unread)} 处" if len(report.unread) > 3 else ""
    return f"有没读出来的内容，缺的表可能在其中（{'；'.join(text.rstrip('。') for text in report.unread[:3])}{more}）"


class Books(msgspec.Struct):
    """Everything a run reads: this report, last year's, the units'; what is lacking; shared joins."""

    report: Report
    prior: Report | None = None
    units: tuple[Report, ...] = ()
    _sheets: dict[Source, tuple[Sheet, ...]] = msgspec.field(default_factory=dict)
    _lacks: dict[tuple[str, str], Lack | None] = msgspec.field(default_factory=dict)
    _column_lacks: dict[tuple[str, str, str, str], Lack | None] = msgspec.field(default_factory=dict)
    _domains: dict[tuple[int, ...], tuple[str, ...]] = msgspec.field(default_factory=dict)
    _joins: dict[tuple[int, int], tuple[int, ...]] = msgspec.field(default_factory=dict)
    _held: list[tuple[str, ...]] = msgspec.field(default_factory=list)

    def reports(self, scope: str) -> tuple[tuple[int, Report], ...]:
        """The reports of a scope with their numbers (0 this one, -1 last year's, 1… the units)."""
        if not scope:
            return ((0, self.report),)
        if scope == "上年":
            return ((-1, self.prior),) if self.prior is not None else ()
        return tuple(enumerate(self.units, 1))

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
        if not reports:
            return Lack("缺" + scope, "没有给出上年的报告" if scope == "上年" else "没有给出所属单位的报告")
        where = {"": "", "上年": "上年报告", "所属单位": "所属单位报告"}.get(scope, scope)
        for _, report in reports:
            found = report.tables.get(table)
            about = [p for p in report.problems if p.table == table and p.kind != "缺表"]
            blocking = next((p for p in (*(found.problems if found else ()), *about) if p.blocking), None)
            if blocking is not None:
                return Lack("无法识别", f"{where}《{table}》：{blocking.message}", table, f"读取:{where}{table}")
            if found is None and report.unread:
                return Lack("无法识别", unread_text(report), table, UNREAD)
            if found is None:
                cause = ALL_MISSING if not where and self.all_missing else f"缺表:{where}{table}"
                return Lack("缺表", f"{where}缺《{table}》", table, cause)
            if found.unit not in UNITS:
                return Lack("单位不明", f"{where}《{table}》没有可识别的金额单位", table)
        return None

    def sheets(self, scope: str, table: str, block: str) -> tuple[Sheet, ...]:
        """One sheet per report of the scope; empty where the table or block is not there."""
        source = (scope, table, block)
        found = self._sheets.get(source)
        if found is None:
            built = []
            for number, report in self.reports(scope):
                data = report.tables.get(table)
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
            data = self.report.tables.get(table)
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
