"""Forms as documents, written down plainly: lines of text, and grids with | between cells."""

from __future__ import annotations

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.model import FormSpec, Layout
from juesuan_rules.catalogue.records import record_specs
from juesuan_rules.documents.model import Block, Document, GridBlock, GridCell, Place, Source, TextBlock
from juesuan_rules.reports.captions import captions
from juesuan_rules.reports.forms.read import read_forms
from juesuan_rules.reports.model import Row, Table


def document(text: str, kind: str = "columns") -> Document:
    """A document of blocks parted by blank lines; a block with | in it is a grid, others are lines."""
    blocks: list[Block] = []
    number = 0
    for part in text.strip().split("\n\n"):
        lines = [line.strip() for line in part.strip().splitlines()]
        if any("|" in line for line in lines):
            rows = []
            for line in lines:
                number += 1
                rows.append(tuple(GridCell(cell.strip(), Place(line=number)) for cell in line.split("|")))
            width = max(map(len, rows))
            filled = [(*row, *[GridCell("", row[0].place)] * (width - len(row))) for row in rows] if kind == "columns" else rows
            blocks.append(GridBlock(tuple(filled), rows[0][0].place, kind))  # type: ignore[arg-type]
        else:
            for line in lines:
                number += 1
                blocks.append(TextBlock(line, Place(line=number)))
    return Document(Source("", "", "text"), tuple(blocks))


def read(text: str, kind: str = "columns", forms: tuple[FormSpec, ...] = ()) -> Table:
    """The record set of the forms in such a text."""
    paper = document(text, kind)
    grids = [block for block in paper.blocks if isinstance(block, GridBlock)]
    layout = Layout("cn", (), records=record_specs(()), forms=forms)
    return read_forms(paper, layout, grids, captions(paper, grids))


def cell(table: Table, block: str, row: int, column: str) -> Amount:
    """A cell of a block by the number of its row."""
    return table.blocks[block].columns[column][row]


def shown(table: Table, block: str, column: str) -> list[str]:
    """A column as printed; ? before what is unreadable."""
    return [("?" if amount.state == "unreadable" else "") + amount.raw for amount in table.blocks[block].columns[column]]


def rows(table: Table, block: str) -> tuple[Row, ...]:
    """The rows of a block."""
    return table.blocks[block].rows


MINISTRY = """
项目支出绩效自评表
（2023年度）

项目名称|城市绿化养护经费|||||||
主管部门|某市城市管理局|||实施单位|某市园林中心|||
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分|
|年度资金总额|120.00|110.00|99.00|10|90%|9.0|
|其中：当年财政拨款|100.00|90.00|79.00|—|87.78%|—|
|上年结转资金|20.00|20.00|20.00|—|100%|—|
年度总体目标|预期目标||||实际完成情况|||
|做好养护工作||||已完成|||
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
|产出指标|数量指标|养护面积|≥300万平方米|310万平方米|20|20|
|||补植苗木数量|≥5000株|4500株|10|9|苗木供应不足
||时效指标|完成时间|2023年12月底前|按时完成|10|10|
|效益指标|社会效益指标|改善人居环境|有效改善|有效改善|30|30|
|满意度指标|服务对象满意度指标|市民满意度|≥90%|92%|20|20|
总分||||||100|98|
"""

WHOLE = """
部门（单位）整体绩效自评表（2023年度）

部门（单位）名称||某市档案馆||||||||
部门年初预算收入金额（万元）||200.50||||||||
部门年初预算支出金额（万元）||200.50||||||||
年度主要任务|对应项目|||项目下达金额（万元）||项目执行金额（万元）|项目执行率|分值|得分|
|基本支出公用经费|||30||29.4|98%|20|19.6|
|基本支出人员经费|||180||180|100.00%|20|20|
年度目标|年初总体目标||||||全年完成情况|||
|保障运转||||||已保障|||
绩效指标|一级指标|二级指标|三级指标|运算符号|指标值|度量单位|全年完成值|完成程度|分值|得分
|履职效能|基础管理|综合管理水平||管理规范||全部或基本达成预期指标100%-80%（含）|1|20|20
|预算执行|预算执行效率|预算调整率|<=|5|%|26|0.19|20|3.8
|||结转结余变动率|<=|0|%|0|1|20|20
总评价得分||||||||||83.4
"""
