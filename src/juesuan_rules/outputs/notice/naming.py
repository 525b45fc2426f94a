"""Figures by the names a reader of a letter knows: 《收入支出决算总表》“本年支出合计”行“金额”栏."""

from __future__ import annotations

import re

from juesuan_rules.catalogue.records import FACTS, STATEMENT_COLUMNS, VALUE
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.reports.model import Report

_SCOPE = r"(?P<scope>上年\.|所属单位\d*\.)?"
_CELL = re.compile(_SCOPE + r"(?P<table>[^\[\].「」]+)(?:\.(?P<block>[^\[\].]+))?\[(?P<row>[^\[\]]+)\]\.(?P<column>[^\[\]]+)")
_FACT = re.compile(_SCOPE + rf"{FACTS}\.(?P<fact>[^\[\].]+)")
_RECORD = re.compile(_SCOPE + r"(?P<set>\w+)「(?P<label>[^」]+)」(?:\.(?P<part>\w+)「(?P<inner>[^」]+)」)?\.(?P<column>[^「」.]+)")
# A name inside a sentence of ours ends at a space or at punctuation. Lengths are bounded: the time must not grow with their square.
_INSIDE = re.compile(r"(?:[\w（）]{1,20}\.)?[\w（）]{1,40}(?:\.\w{1,20})?\[[^\[\]\s]{1,80}\]\.[\w（）]{1,60} ?" + rf"|(?<!\w){FACTS}\.[\w（）]{{1,60}} ?")
_SCOPES = {"上年.": "上年度", None: ""}


class PlainNames:
    """Names of figures as rules write them, said in words; what is not known is left as it is."""

    def __init__(self, report: Report) -> None:
        self._layout = report.layout
        self._labels = {row.code: row.label for table in report.tables.values() for block in table.blocks.values() for row in block.rows if row.code}
        self._said: dict[str, str] = {}

    def say(self, name: str) -> str:
        """One name."""
        if name not in self._said:
            self._said[name] = xml_text(self._words(name), 300)
        return self._said[name]

    def sentence(self, text: str) -> str:
        """A text of ours in which names of table cells stand."""
        return xml_text(_INSIDE.sub(self._within, text[:4_000]))

    def _within(self, match: re.Match[str]) -> str:
        name = match.group().rstrip(" ")
        said = self.say(name)
        return match.group() if said == name else said

    def _words(self, name: str) -> str:
        fact = _FACT.fullmatch(name)
        if fact is not None:
            return f"{_scope(fact['scope'])}文中“{_bare(fact['fact'])}”"
        record = _RECORD.fullmatch(name)
        if record is not None:
            return _record(record)
        cell = _CELL.fullmatch(name)
        spec = self._layout.table(cell["table"]) if cell is not None else None
        if cell is None or spec is None:
            return name
        scope, row, column = _scope(cell["scope"]), self._labelled(_bare(cell["row"])), _bare(cell["column"])
        if spec.form == "records":
            return f"{scope}文中“{row}”" + ("" if column == VALUE else f"的{column}")
        block = f"{_bare(cell['block'])}方" if cell["block"] else ""
        return f"{scope}《{spec.id}》{block}“{row}”行“{column}”栏"

    def _labelled(self, row: str) -> str:
        """A code with its name: 2010301 行政运行."""
        label = self._labels.get(row, "")
        return f"{row} {label}" if label and label != row else row


def _record(record: re.Match[str]) -> str:
    """A statement of the prose (文中“基本支出”的百分比) or a field of a form (自评表“某项目”指标“培训人次”的得分)."""
    scope, column = _scope(record["scope"]), record["column"].removeprefix("带符号")
    if record["set"] in STATEMENT_COLUMNS or record["set"].startswith(FACTS):
        return f"{scope}文中“{record['label']}”" + ("" if column == VALUE else f"的{column}")
    inner = f"{record['part']}“{record['inner']}”" if record["part"] else ""
    return f"{scope}{record['set']}“{record['label']}”{inner}的{column}"


def _scope(scope: str | None) -> str:
    return _SCOPES.get(scope, "所属单位")


def _bare(text: str) -> str:
    return text.strip("「」")
