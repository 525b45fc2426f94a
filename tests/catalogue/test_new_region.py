"""A region nobody has seen, as data alone: other numbers, titles, column order, words and rows."""

from __future__ import annotations

from pathlib import Path

from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.tables import recognise_tables

RULES = Path(__file__).parents[2] / "rules"

REGION = """\
layout: 1
words: {行次: [顺序号], 编码: [支出科目代号], 栏次: [列序号]}
tables:
  - id: 支出决算表
    number: "08"
    titles: [云间市本级支出情况决算表]
    blocks:
      - columns:
          - {name: 项目支出, ordinal: 2, before: 基本支出}
          - {name: 基本支出, ordinal: 3}
          - {name: 上缴上级支出, remove: true}
          - {name: 经营支出, remove: true}
          - {name: 对附属单位补助支出, aliases: [补助下级], ordinal: 4}
  - id: 财政拨款“三公”经费支出决算表
    number: "03"
    titles: [三项经费决算情况表]
    blocks:
      - rows: [{key: 会议费, after: 公务接待}, {key: 公务接待, label: 公务活动接待费}]
  - id: 政府性基金预算财政拨款收入支出决算表
    remove: true
  - {id: 国有资本经营预算财政拨款支出决算表, number: "09"}
"""

REPORT = """\
云间市统计局2023年度部门决算

云间市本级支出情况决算表
公开08表
部门：云间市统计局
2023年度
金额单位：万元
项目\t\t本年支出合计\t项目支出\t基本支出\t补助下级
支出科目代号\t科目名称\t\t\t\t
列序号\t\t1\t2\t3\t4
合计\t\t30.00\t10.00\t20.00\t
201\t一般公共服务支出\t30.00\t10.00\t20.00\t
20105\t统计信息事务\t30.00\t10.00\t20.00\t
2010501\t行政运行\t20.00\t\t20.00\t
2010507\t专项普查活动\t10.00\t10.00\t\t
注：本表反映支出情况。

三项经费决算情况表
公开03表
金额单位：万元
项目\t顺序号\t预算数\t决算数
合计\t1\t6.00\t5.50
因公出国（境）费\t2\t\t
公务活动接待费\t3\t1.00\t0.50
会议费\t4\t2.00\t2.00
公务用车购置及运行费\t5\t3.00\t3.00
其中：公务用车运行维护费\t6\t3.00\t3.00
公务用车购置费\t7\t\t
"""


def test_recognised_as_data_says(tmp_path: Path) -> None:
    (tmp_path / "region.yaml").write_text(REGION, encoding="utf-8")
    layout, problems, _ = load_layout([("cn", RULES / "cn" / "layouts"), ("cn-99-yunjian", tmp_path)], 2023, "99")
    assert problems == ()
    assert layout.table("08表") is layout.table("支出表") and layout.table("3表") is layout.table("三公表") and layout.table("基金表") is None

    tables, others, problems_found = recognise_tables(read_text(REPORT.encode(), "云间.txt"), layout, None)
    assert (others, problems_found) == ((), ())
    assert {name: (t.number, t.problems) for name, t in tables.items()} == {"支出决算表": ("08", ()), "财政拨款“三公”经费支出决算表": ("03", ())}

    block = tables["支出决算表"].blocks[""]
    assert [row.key for row in block.rows] == ["合计", "201", "20105", "2010501", "2010507"]
    printed = {name: [a.raw for a in amounts] for name, amounts in block.columns.items()}
    assert printed == {
        "本年支出合计": ["30.00", "30.00", "30.00", "20.00", "10.00"],
        "项目支出": ["10.00", "10.00", "10.00", "", "10.00"],
        "基本支出": ["20.00", "20.00", "20.00", "20.00", ""],
        "对附属单位补助支出": ["", "", "", "", ""],
    }
    block = tables["财政拨款“三公”经费支出决算表"].blocks[""]
    assert [(row.key, row.line) for row in block.rows][2:4] == [("公务接待", 3), ("会议费", 4)]
    assert [a.raw for a in block.columns["决算数"]] == ["5.50", "", "0.50", "2.00", "3.00", "3.00", ""]
