"""Record sets that no report prints as a table: facts and statements of the prose, 绩效 forms.

They have the shape of tables, so that rules, joins, explanations and places work on them as on any
table. A blank in them means 未知: a sentence that does not state a figure does not state 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, FactSpec, RowSpec, TableSpec

FACTS = "文字"
"""One row per declared fact; its column 值 is what `文字.支出总计` means."""
FUNCTION_FACTS = "文字科目"
"""What the prose says of functional 科目, keyed by code."""
ECONOMY_FACTS = "文字经济科目"
"""What the prose says of economic 科目 (主要包括：基本工资 42.27 万元), keyed by code."""
PROJECT_FACTS = "文字项目"
"""What the prose says of a project (综述), keyed by its name."""
SHARES, CHANGES, COMPLETIONS, PARTS, NONE = "占比", "增减", "完成率", "其中", "声明无"
ASSESSMENTS = "自评表"
OWNER = "表单"
"""What a rule writes behind a variable for a row inside a form (r.表单.总分): the form it stands in."""

FORM_KINDS = ("项目自评表", "整体自评表", "运行监控表", "绩效目标表", "评价评分表", "自评汇总表")
"""Kinds of 绩效 forms a FormSpec may be of. The latter three are no 自评表: declared to be told apart."""
UNIT_NAME = "单位名称"
"""A field of forms beside FORM_COLUMNS: the department of a 整体自评表, who filled in any other."""
SLOTS = ("金额", "百分比", "整数", "科目", "文字")
"""What a sentence pattern of a fact may leave open."""
VALUE = "值"
"""The column of a record set of facts that is meant where none is named."""

MONEY, PERCENT, SCORE, TEXT, PLAIN = "", "%", "分值", "文字", "数"

ASPECTS: tuple[tuple[str, str], ...] = (
    (VALUE, MONEY),
    ("上年数", MONEY),
    ("增减额", MONEY),
    ("增减率", PERCENT),
    ("预算数", MONEY),
    ("比预算增减额", MONEY),
    ("比预算增减率", PERCENT),
    ("完成率", PERCENT),
    ("占比", PERCENT),
)
"""Columns of every record set of facts: what a sentence may say of its subject. 增减额 and 增减率 are
signed (减少 is negative); 值 is in the fact's own unit."""

STATEMENT_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    SHARES: (("部分", MONEY), ("总体", MONEY), ("百分比", PERCENT), ("主体", TEXT), ("总体名", TEXT)),
    CHANGES: (
        ("本年", MONEY), ("增减额", MONEY), ("带符号增减额", MONEY), ("增减率", PERCENT), ("带符号增减率", PERCENT),
        ("基数", MONEY), ("方向", TEXT), ("基期", TEXT), ("主体", TEXT), ("原因", TEXT),
    ),
    COMPLETIONS: (("决算", MONEY), ("预算", MONEY), ("百分比", PERCENT), ("方向", TEXT), ("口径", TEXT), ("主体", TEXT), ("原因", TEXT)),
    PARTS: (("金额", MONEY), ("主体", TEXT), ("计量", TEXT)),
    NONE: (("主体", TEXT),),
}  # fmt: skip
"""Columns of the generic statements. 占比: where every part of a stated total has its share, these are the
children of a row of that total without a percentage (各占比之和：…). 其中 is a tree: a row of level 1 is a stated total, its children
(level 2, role 明细) are the parts the sentence or list gives; 计量: the unit of its figure (万元, 辆, 个). 方向 is 增加, 减少 or 持平 (完成率: 大于,
小于, 持平); 基期 is 上年, 年初预算, 预算 or as printed. A blank column was not stated."""

FORM_COLUMNS: tuple[tuple[str, str], ...] = (
    ("名称", TEXT), ("种类", TEXT), ("序号", PLAIN), ("单位", TEXT), ("年度", PLAIN), ("年初预算数", MONEY), ("预算数", MONEY), ("执行数", MONEY),
    ("执行率", PERCENT), ("执行率分值", SCORE), ("执行率得分", SCORE), ("指标分值小计", SCORE), ("指标得分小计", SCORE), ("减分", SCORE), ("满分", SCORE),
    ("总分", SCORE), ("等级", TEXT), ("指标数", PLAIN), ("任务数", PLAIN), ("成本数", PLAIN),
    ("文中项目", TEXT), ("文中预算数", MONEY), ("文中执行数", MONEY), ("文中执行率", PERCENT), ("文中得分", SCORE),
    ("预算执行率完成值", PERCENT), ("预算调整率完成值", PERCENT), ("三公变动率完成值", PERCENT), ("公用经费控制率完成值", PERCENT), ("采购执行率完成值", PERCENT),
)  # fmt: skip
"""One record per form; key: kind/name/ordinal. A form of a project is a 明细, that of a whole department
or unit a 合计, any other 其中, so that sums take the projects. 序号: ordinal among forms of the same kind
and name. 指标数, 任务数, 成本数: how many rows of these it has. 满分: what its 总分 row prints as the sum of 分值 (100). 文中…: what the prose (文字项目) says of the
project. …完成值: of the indicators that follow from other figures. What a form does not print is blank."""
INDICATOR_COLUMNS: tuple[tuple[str, str], ...] = (
    ("一级指标", TEXT), ("二级指标", TEXT), ("三级指标", TEXT), ("性质", TEXT), ("运算符号", TEXT), ("指标值", PLAIN), ("指标值文字", TEXT), ("度量单位", TEXT),
    ("完成值", PLAIN), ("完成值文字", TEXT), ("预计完成值", PLAIN), ("完成程度", PLAIN), ("分值", SCORE), ("得分", SCORE), ("偏差原因", TEXT),
)  # fmt: skip
"""Indicator rows, keyed form/number; `parent` is the key of their form. 预计完成值: of a 运行监控表."""
TASK_COLUMNS: tuple[tuple[str, str], ...] = (
    ("任务", TEXT), ("项目", TEXT), ("下达金额", MONEY), ("执行金额", MONEY), ("执行率", PERCENT), ("分值", SCORE), ("得分", SCORE),
)  # fmt: skip
"""年度主要任务 of a 整体自评表, keyed form/number."""
FUNDING_COLUMNS: tuple[tuple[str, str], ...] = (
    ("来源", TEXT), ("年初预算数", MONEY), ("预算数", MONEY), ("执行数", MONEY), ("分值", SCORE), ("执行率", PERCENT), ("得分", SCORE),
)  # fmt: skip
"""项目资金 by source (年度资金总额, 财政拨款, 上年结转, 其他); the total has role 合计, the others are its 明细."""
COST_COLUMNS: tuple[tuple[str, str], ...] = (("指标名称", TEXT), ("指标值", MONEY), ("完成值", MONEY), ("项目执行数", MONEY))
"""成本指标 in money, keyed as in 指标; 项目执行数: of their form."""
WEIGHT_COLUMNS: tuple[tuple[str, str], ...] = (("一级指标", TEXT), ("种类", TEXT))
"""One row per form and 一级指标, keyed form/name; its children are the indicators' scores in 权重明细. A form
whose 一级指标 are not printed where they begin has none."""
SHARE_COLUMNS: tuple[tuple[str, str], ...] = (("分值", SCORE),)
"""分值 of every indicator, keyed as its row of 权重 and a number."""
MONITOR_COLUMNS: tuple[tuple[str, str], ...] = (
    ("项目", TEXT), ("年初预算数", MONEY), ("下达数", MONEY), ("执行数", MONEY), ("执行率", PERCENT), ("预计执行数", MONEY),
)  # fmt: skip
"""运行监控: one row per source of money or project, keyed form/number."""


def record_specs(facts: Sequence[FactSpec]) -> tuple[TableSpec, ...]:
    """Every record set, given the facts that the packs declare."""
    rows = tuple([RowSpec(fact.name, fact.name, fact.names, optional=fact.expected != "应有", unit=fact.unit) for fact in facts])
    keyed = (
        _records(FACTS, (BlockSpec("", _columns(ASPECTS), rows),)),
        _records(FUNCTION_FACTS, (BlockSpec("", _columns(ASPECTS)),), chart="功能"),
        _records(ECONOMY_FACTS, (BlockSpec("", _columns(ASPECTS)),), chart="经济"),
        _records(PROJECT_FACTS, (BlockSpec("", _columns((*ASPECTS, ("得分", SCORE), ("执行数", MONEY)))),)),
    )
    statements = tuple([_records(name, (BlockSpec("", _columns(columns)),)) for name, columns in STATEMENT_COLUMNS.items()])
    blocks = (
        ("", FORM_COLUMNS), ("指标", INDICATOR_COLUMNS), ("任务", TASK_COLUMNS), ("资金", FUNDING_COLUMNS), ("监控", MONITOR_COLUMNS),
        ("成本", COST_COLUMNS), ("权重", WEIGHT_COLUMNS), ("权重明细", SHARE_COLUMNS),
    )  # fmt: skip
    forms = _records(ASSESSMENTS, tuple([BlockSpec(name, _columns(columns)) for name, columns in blocks]))
    return (*keyed, *statements, forms)


def _records(name: str, blocks: tuple[BlockSpec, ...], chart: str = "") -> TableSpec:
    return TableSpec(name, (name,), (), "", "records", blocks, chart=chart, blank="未知", presence="可缺", childless="忽略", numbers_row=False)


def _columns(columns: Sequence[tuple[str, str]]) -> tuple[ColumnSpec, ...]:
    return tuple([ColumnSpec(name, unit=unit, optional=True) for name, unit in columns])
