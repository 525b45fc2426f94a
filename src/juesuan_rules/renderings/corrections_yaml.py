"""A corrections file to be filled in: every doubtful figure of the reports with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.model import Place
from juesuan_rules.renderings.json_text import dumps
from juesuan_rules.renderings.plain import place_text
from juesuan_rules.reports.model import BlockData, Report, Row, Table

_HEAD = """\
# 更正文件：对照原件，在“应为”后填写正确的数（该处应为空白的填 '-'），并写明更正人和理由；没有填“应为”的不起作用。
# 用法：juesuan-rules eval 报告 --corrections 本文件      写法见 docs/corrections.zh-CN.md
corrections: 1
更正:
"""


def template_text(reports: Sequence[Report]) -> str:
    """The file as text: one entry per figure that was not surely read, was mended, or is no number."""
    entries = [_entry(_file(found[4].place, report, len(reports) > 1), *found) for report in reports for found in _doubtful(report)]
    return _HEAD + ("".join(entries) or "  []\n")


def _file(place: Place, report: Report, several: bool) -> str:
    """The part the figure stands in, else the report: its path where several reports might share a name."""
    path = report.source.path.replace("\\", "/")
    return place.file or (path if several else path.rsplit("/", 1)[-1])


def _doubtful(report: Report) -> Iterator[tuple[Table, BlockData, Row, str, Amount, str]]:
    for table in report.tables.values():
        for block in table.blocks.values():
            for column, amounts in block.columns.items():
                for row, amount in zip(block.rows, amounts, strict=True):
                    if why := _doubt(amount):
                        yield table, block, row, column, amount, why


def _doubt(amount: Amount) -> str:
    if amount.state == "unreadable" or (amount.state == "text" and amount.raw.strip()):
        return "读不成数"
    if amount.unsure:
        return f"读数不确定（把握 {amount.confidence:.0%}）"
    return f"修补后读作 {amount.repaired}" if amount.repaired else ""


def _entry(file: str, table: Table, block: BlockData, row: Row, column: str, amount: Amount, why: str) -> str:
    fields: list[tuple[str, str]] = [("文件", _text(file)), ("表", _text(table.spec.id))]
    fields += [("部分", _text(block.spec.name))] if block.spec.name else []
    fields += [("行", _text(row.key)), ("栏", _text(column)), *_place(amount.place)]
    fields += [("印作", _text(amount.raw.strip())), ("应为", "''"), ("更正人", "''"), ("理由", "''")]
    where = place_text(amount.place)
    comment = f"  # {why}" + (f"，{where}" if where else "") + f"：{row.label}"
    lines = [f"{'  - ' if number == 0 else '    '}{key}: {value}" for number, (key, value) in enumerate(fields)]
    return "\n".join([_one_line(comment), *lines]) + "\n"


def _place(place: Place) -> list[tuple[str, str]]:
    found = [("页", str(place.page))] if place.page else []
    found += [("框", "[" + ", ".join(f"{edge:.1f}" for edge in place.box) + "]")] if place.box else []
    found += [("工作表", _text(place.sheet))] if place.sheet else []
    return found + ([("单元格", _text(place.cell))] if place.cell and place.sheet else [])


def _text(value: str) -> str:
    """A double-quoted YAML scalar: JSON's quoting is a part of YAML's."""
    return dumps(value.encode("utf-8", "replace").decode("utf-8")).rstrip("\n")


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
