"""Record sets of a case: facts and statements of the prose, 绩效 forms, written down directly.

    records:
      文字: {支出总计: 100.00, 三公经费: {值: 5.00, 增减率: -10%}}
      文字科目: {'2010301': 60.00}
      占比: [{部分: 30.00, 总体: 100.00, 百分比: 30%}]
      其中: [{金额: 100.00, 明细: [60.00, 40.00]}]
      自评表: [{名称: 甲项目, 预算数: 10, 执行数: 9, 指标: [{三级指标: 次数, 分值: 10, 得分: 9}]}]

What is not written is not stated: blank. A statement's signed columns follow from its 方向.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from juesuan_rules.amounts import PERCENT, PLAIN, Amount, read_amount
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Layout, TableSpec
from juesuan_rules.catalogue.records import ASSESSMENTS, CHANGES, FACTS, PARTS, TEXT
from juesuan_rules.documents.model import GridBlock, Place
from juesuan_rules.names import suggest
from juesuan_rules.reports.model import BlockData, Row, Table

_FIRST_LINE = 100_000
"""Places of records count from here, apart from those of tables."""
_MONEY = re.compile(r"(?P<vague>约|近)?(?P<number>-?[\d,.]+)(?P<unit>元|百元|千元|万元|亿元)")
_WHOLE = re.compile(r"总额|合计|总计")
_SIGNED = {"带符号增减额": "增减额", "带符号增减率": "增减率"}
PARTS_OF, DETAILS = ("指标", "任务", "资金", "监控", "成本"), "明细"


def build_records(layout: Layout, content: dict[str, Any], kept: dict[str, Table] | None = None) -> dict[str, Table]:
    """Every record set of the layout by name: as written, else as in `kept`, else empty.

    Raises CaseProblem for names that the layout does not have.
    """
    specs = {spec.id: spec for spec in layout.records}
    for name in content:
        if name not in specs:
            near = suggest(name, specs)
            raise CaseProblem(f"没有“{name}”这个记录集" + (f"，是不是想写：{'、'.join(near)}" if near else ""), "records", name)
    built = {}
    for position, (name, spec) in enumerate(specs.items()):
        if name in content:
            built[name] = _Writer(spec, _FIRST_LINE + 1000 * position).write(content[name])
        else:
            built[name] = (kept or {}).get(name) or _Writer(spec, 0).table()
    return built


class _Writer:
    """Writes one record set. Rows and columns per block as they come."""

    def __init__(self, spec: TableSpec, first: int) -> None:
        self.spec, self.line = spec, first
        self.first = first
        self.rows: dict[str, list[Row]] = {block.name: [] for block in spec.blocks}
        self.values: dict[str, list[dict[str, Amount]]] = {block.name: [] for block in spec.blocks}

    def write(self, content: Any) -> Table:
        """The record set from what a case says of it."""
        if content is None:
            return self.table()
        if isinstance(content, dict):
            for key, value in content.items():
                self._add_keyed(str(key), value)
        elif isinstance(content, list):
            for number, item in enumerate(content, 1):
                if not isinstance(item, dict):
                    raise CaseProblem(f"“{self.spec.id}”的每一项应写成 {{栏: 值}}", "records", self.spec.id)
                self._add_item(number, item)
        else:
            raise CaseProblem(f"“{self.spec.id}”应写成 {{名称: 值}} 或一列 {{栏: 值}}", "records", self.spec.id)
        return self.table()

    def table(self) -> Table:
        """The record set as it is."""
        blocks = {}
        for block in self.spec.blocks:
            columns = {c.name: tuple([v.get(c.name) or _blank(c.unit) for v in self.values[block.name]]) for c in block.columns}
            blocks[block.name] = BlockData(block, tuple(self.rows[block.name]), columns)
        empty = not any(self.rows.values())
        return Table(self.spec, self.spec.id, "万元", blocks, GridBlock(()), empty=empty, place=Place(line=self.first or None))

    def _add_keyed(self, key: str, value: Any) -> None:
        block = self.spec.blocks[0]
        fact = next((row for row in block.rows if key in (row.key, row.label, *row.aliases)), None)
        if self.spec.id == FACTS and fact is None:
            near = suggest(key, [row.key for row in block.rows])
            raise CaseProblem(f"没有“{key}”这个事实" + (f"，是不是想写：{'、'.join(near)}" if near else ""), "records", self.spec.id, key)
        given = value if isinstance(value, dict) else {block.columns[0].name: value}
        code, _, name = key.partition(" ")
        coded = bool(self.spec.chart) and code.isdigit()
        row = Row(fact.key if fact else code if coded else key, name or key, key, code if coded else "", code if coded else None)
        self._add(block, row, given, fact.unit if fact else "")

    def _add_item(self, number: int, item: dict[str, Any]) -> None:
        if self.spec.id == ASSESSMENTS:
            self._add_form(item)
            return
        block = self.spec.blocks[0]
        details = item.get(DETAILS, []) if self.spec.id == PARTS else []
        given = {name: value for name, value in item.items() if name != DETAILS}
        if self.spec.id == PARTS:
            given = {"计量": "万元", **given}
        if self.spec.id == CHANGES:
            given = _with_signs(given)
        key = str(given.get("主体") or number)
        key = key if all(row.key != key for row in self.rows[""]) else f"{key}#{number}"
        self._add(block, Row(key, key, key, level=1 if details else 0), given)
        for index, detail in enumerate(details, 1):
            part = detail if isinstance(detail, dict) else {"金额": detail}
            own = f"{key}/{part.get('主体') or index}"
            self._add(block, Row(own, own, own, level=2, parent=key), {"计量": given["计量"], **part})

    def _add_form(self, item: dict[str, Any]) -> None:
        kind, name = str(item.get("种类") or "项目自评表"), str(item.get("名称") or "未填名称")
        same = sum(row.key.startswith(f"{kind}/{name}/") for row in self.rows[""])
        key = f"{kind}/{name}/{same + 1}"
        head = {"种类": kind, "序号": same + 1, **{f"{part}数": len(item.get(part) or []) for part in ("指标", "任务", "成本")}, **{column: value for column, value in item.items() if column not in PARTS_OF}}
        role = {"项目自评表": "明细", "整体自评表": "合计"}.get(kind, "其中")
        self._add(self.spec.blocks[0], Row(key, name, name, role=role, level=1), head)
        for part in PARTS_OF:
            block = self.spec.block(part)
            total = None
            for number, given in enumerate(item.get(part) or [], 1):
                label = str(given.get("三级指标") or given.get("指标名称") or given.get("来源") or given.get("项目") or number)
                is_total = total is None and part in ("资金", "监控") and _WHOLE.search(label) is not None
                row = Row(f"{key}/{number}", label, label, role="合计" if is_total else "明细", level=2, parent=total or key)
                total = row.key if is_total else total
                if block is not None:
                    self._add(block, row, given)
        self._add_weights(key, kind, item.get("指标") or [])

    def _add_weights(self, key: str, kind: str, indicators: list[dict[str, Any]]) -> None:
        """What reading derives from the 一级指标 and 分值 of the indicators."""
        groups, scores = self.spec.block("权重"), self.spec.block("权重明细")
        if groups is None or scores is None:
            return
        seen = set()
        for number, given in enumerate(indicators, 1):
            first = str(given.get("一级指标") or "")
            if not first or "分值" not in given:
                continue
            group = f"{key}/{first}"
            if group not in seen:
                self._add(groups, Row(group, first, first, level=2, parent=key), {"一级指标": first, "种类": kind})
            seen.add(group)
            self._add(scores, Row(f"{group}/{number}", str(number), str(number), level=3, parent=group), {"分值": given["分值"]})

    def _add(self, block: BlockSpec, row: Row, given: dict[str, Any], unit: str = "") -> None:
        self.line += 1
        place = Place(line=self.line)
        values = {}
        for name, value in given.items():
            column = next((c for c in block.columns if c.name == name), None)
            if column is None:
                near = suggest(name, [c.name for c in block.columns])
                hint = f"，是不是想写：{'、'.join(near)}" if near else ""
                raise CaseProblem(f"“{self.spec.id}”里没有“{name}”这一栏{hint}", "records", self.spec.id)
            values[name] = _amount(value, column, unit, place)
        self.rows[block.name].append(replace(row, place=place))
        self.values[block.name].append(values)


def _blank(unit: str) -> Amount:
    return Amount("", "blank", unit=unit or "万元")


def _with_signs(given: dict[str, Any]) -> dict[str, Any]:
    """With 带符号增减额 and 带符号增减率, where a direction says their sign and they are not written."""
    minus = "-" if given.get("方向") == "减少" else ""
    added = {signed: f"{minus}{given[plain]}" for signed, plain in _SIGNED.items() if plain in given and signed not in given and given.get("方向")}
    return {**given, **added}


def _amount(value: Any, column: ColumnSpec, unit: str, place: Place) -> Amount:
    """One value as the prose or a form would print it."""
    text = "" if value is None else str(value)
    if column.unit == TEXT:
        return Amount(text, "text" if text else "blank", unit=TEXT, place=place)
    if column.unit == PERCENT or (text.endswith("%") and column.unit == PLAIN):
        return replace(read_amount(text.rstrip("%"), PERCENT, place), raw=text)
    if column.unit:
        return read_amount(text, column.unit, place)
    found = _MONEY.fullmatch(text)
    if found is not None:
        return replace(read_amount(found["number"], found["unit"], place), raw=text, approximate=bool(found["vague"]))
    vague = text.startswith("约")
    return replace(read_amount(text.removeprefix("约"), unit or "万元", place), raw=text, approximate=vague)
