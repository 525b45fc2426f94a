"""Why something cannot be read: tables that are not there, prose that is not there, figures not stated.

A lack gives 无法判断, or 不适用 where nothing was there to be checked: a sentence nobody wrote.
"""

from __future__ import annotations

import msgspec

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.catalogue.records import ASSESSMENTS, ECONOMY_FACTS, FACTS, FUNCTION_FACTS, PROJECT_FACTS
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.findings import Outcome
from juesuan_rules.reports.model import BlockData, Problem, Report, Row, Table

ALL_MISSING = "缺表:全部"
"""Cause of everything undecided in a report without any table."""
UNREAD = "读取:没读出来的内容"
"""Cause of everything that may stand where nothing could be read."""
NO_PROSE = "缺文字"
"""Cause of everything undecided in a report without 情况说明; also the reason."""
TABLE_LEVEL = ("缺表:", "读取:", NO_PROSE)
"""How the causes of what is lacking as a whole begin."""
CONFLICT = "文内矛盾"
"""Kind of the problem, and reason, of a fact that the prose states several times differently."""
NOT_FOUND, NOT_SAID, NO_SENTENCE, NO_FORM = "未提取", "未提及", "没有这类句子", "没有自评表"
_BY_CODE = {FUNCTION_FACTS: "功能科目", ECONOMY_FACTS: "经济科目", PROJECT_FACTS: "项目"}


class Lack(msgspec.Struct, frozen=True):
    """Why something cannot be read: the reason of the verdict, one sentence, the table.

    cause: id of the root cause where the whole table is out of reach, else None. outcome: undecided, or
    not_applicable where there is nothing to check.
    """

    reason: str
    text: str
    table: str = ""
    cause: str | None = None
    outcome: Outcome = "undecided"


def unread_text(report: Report) -> str:
    """What of a report could not be read, in one sentence."""
    more = f" 等 {len(report.unread)} 处" if len(report.unread) > 3 else ""
    return f"有没读出来的内容，缺的表可能在其中（{'；'.join(text.rstrip('。') for text in report.unread[:3])}{more}）"


def is_record_set(spec: TableSpec) -> bool:
    """Whether a table is put together from prose or forms, not printed as one."""
    return spec.form == "records"


def is_prose(spec: TableSpec) -> bool:
    """Whether a table is a record set of sentences."""
    return spec.form == "records" and spec.id != ASSESSMENTS


def no_records(spec: TableSpec) -> Table:
    """A record set without a record."""
    blocks = {block.name: BlockData(block, (), {column.name: () for column in block.columns}) for block in spec.blocks}
    return Table(spec, spec.id, "", blocks, GridBlock(()), empty=True)


def set_lack(report: Report, spec: TableSpec, found: Table, where: str) -> Lack | None:
    """Why a record set cannot be relied on: no prose at all, or no 科目 or project found in it."""
    bare = not any(block.rows for block in found.blocks.values())
    if bare and report.unread:
        return Lack("无法识别", unread_text(report), spec.id, UNREAD)
    if spec.id == ASSESSMENTS:
        return None
    if not _has_prose(report):
        return Lack(NO_PROSE, f"{where or '报告'}里没有决算情况说明的文字", spec.id, NO_PROSE + (f":{where}" if where else ""))
    if bare and spec.id in _BY_CODE:
        # Every publisher is to say what each functional 科目 came to; the others are custom of some regions.
        outcome: Outcome = "undecided" if spec.id == FUNCTION_FACTS else "not_applicable"
        reason = NOT_FOUND if spec.id == FUNCTION_FACTS else NOT_SAID
        return Lack(reason, f"文字里没有找到按{_BY_CODE[spec.id]}说明的数", spec.id, outcome=outcome)
    return None


def nothing_lack(spec: TableSpec | None) -> Lack:
    """A record set without a record is no zero: there is nothing to check."""
    if spec is None or not is_record_set(spec):
        return Lack("全空", "没有可核对的行", outcome="not_applicable")
    if spec.id == ASSESSMENTS:
        return Lack(NO_FORM, "没有可核对的绩效自评表内容", spec.id, outcome="not_applicable")
    return Lack(NO_SENTENCE, "文字里没有这类句子", spec.id, outcome="not_applicable")


def _has_prose(report: Report) -> bool:
    if report.prose.explained:
        return True
    return any(block.rows for table in report.records.values() if is_prose(table.spec) for block in table.blocks.values())


def row_lack(table: Table, key: str, name: str) -> Lack:
    """Why a row that a rule names is not there: in a record set nobody stated it."""
    spec = table.spec
    if not is_record_set(spec):
        return Lack("缺行", f"《{spec.id}》没有“{name}”这一行", spec.id, f"缺行:{spec.id}[{key}]")
    known = next((row for block in spec.blocks for row in block.rows if row.key == key), None)
    if spec.id == FACTS and known is not None and not known.optional:
        return Lack(NOT_FOUND, f"文字里没有找到“{name}”", spec.id)
    what = "文字里没有说到" if is_prose(spec) else f"《{spec.id}》没有"
    return Lack(NOT_SAID, f"{what}“{name}”", spec.id, outcome="not_applicable")


def conflict(table: Table, row: Row) -> Problem | None:
    """The problem of a row whose figure the prose states differently in several places, or None."""
    if not is_record_set(table.spec):
        return None
    return next((p for p in table.problems if p.kind == CONFLICT and p.key == row.key), None)
