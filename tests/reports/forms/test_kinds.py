"""Forms of several publishers, whole and well printed."""

from __future__ import annotations

from fractions import Fraction

from form_grids import MINISTRY, WHOLE, cell, read, rows, shown


def test_the_pattern_of_the_ministry() -> None:
    table = read(MINISTRY)
    assert [row.key for row in rows(table, "")] == ["项目自评表/城市绿化养护经费/1"]
    head = {name: column[0] for name, column in table.blocks[""].columns.items()}
    assert head["名称"].raw == "城市绿化养护经费" and head["单位"].raw == "某市园林中心"
    assert (head["预算数"].value, head["执行数"].value, head["预算数"].unit) == (110_000_000, 99_000_000, "万元")
    assert head["执行率"].value == Fraction(9, 10) and head["执行率"].unit == "%"
    assert (head["执行率分值"].value, head["执行率得分"].value) == (10, 9)
    assert (head["满分"].value, head["总分"].value, head["年度"].value) == (100, 98, 2023)
    assert table.problems == ()


def test_funds_are_a_total_and_its_parts() -> None:
    table = read(MINISTRY)
    total, *parts = rows(table, "资金")
    assert total.role == "合计" and total.parent == "项目自评表/城市绿化养护经费/1"
    assert [part.role for part in parts] == ["明细", "明细"] and {part.parent for part in parts} == {total.key}
    assert [column.value for column in table.blocks["资金"].columns["预算数"]] == [110_000_000, 90_000_000, 20_000_000]
    assert cell(table, "资金", 1, "分值").state == "dash"


def test_indicators_are_filled_down_and_their_values_taken_apart() -> None:
    table = read(MINISTRY)
    assert shown(table, "指标", "一级指标") == ["产出指标", "产出指标", "产出指标", "效益指标", "满意度指标"]
    assert shown(table, "指标", "二级指标")[:3] == ["数量指标", "数量指标", "时效指标"]
    assert shown(table, "指标", "运算符号") == ["≥", "≥", "", "", "≥"]
    assert shown(table, "指标", "度量单位") == ["万平方米", "株", "", "", "%"]
    assert [amount.value for amount in table.blocks["指标"].columns["指标值"]] == [300, 5000, None, None, 90]
    assert [amount.value for amount in table.blocks["指标"].columns["完成值"]] == [310, 4500, None, None, 92]
    assert cell(table, "指标", 2, "指标值文字").raw == "2023年12月底前"
    assert cell(table, "指标", 1, "偏差原因").raw == "苗木供应不足"
    assert {row.parent for row in rows(table, "指标")} == {"项目自评表/城市绿化养护经费/1"}


def test_amounts_in_yuan() -> None:
    table = read("""
项目支出绩效自评表（2023年度）

项目名称|禁毒专项经费||||||
项目资金（元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
|年度资金总额|800,000.00|800,000.00|640,000.00|10|80.00%|8.00
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
|产出指标|数量指标|宣传次数|≥10次|12次|90|90
""")
    assert cell(table, "", 0, "执行数").unit == "元" and cell(table, "", 0, "执行数").value == 64_000_000


def test_a_form_of_pairs_with_signs_and_units_in_columns_of_their_own() -> None:
    table = read("""
预算项目(政策)绩效自评表

(2024年度)

项目(政策)名称|设备更新经费||||||||||
实施单位|某市信息中心||||||||||
项目预算金额(万元)|47.3|全年执行数(万元)|45.8|||执行率|96.84%||||
年度总体目标|年初设定目标||||||全年实际完成情况||||
|更新设备||||||已更新||||
绩效指标|一级指标|二级指标|三级指标|年度目标值|||全年完成值|完成程度|分值|得分|未完成原因分析
||||运算符号|内容|度量单位|||||经费保障
|产出指标|数量指标|购置设备数量|>=|20|台|18|90%|50|45|
|效益指标|社会效益指标|保障工作情况||充分保障||全部或基本达成预期指标100%-80%(含)|100%|40|40|
指标自评得分小计||90|||预算执行率得分||9.68||减分项|4.68|
绩效自评总得分||95||||||||||
""")
    head = {name: column[0].raw for name, column in table.blocks[""].columns.items() if column[0].state != "blank"}
    assert head == {
        "名称": "设备更新经费", "种类": "项目自评表", "序号": "1", "单位": "某市信息中心", "年度": "2024", "预算数": "47.3", "执行数": "45.8", "执行率": "96.84%",
        "指标得分小计": "90", "执行率得分": "9.68", "减分": "4.68", "总分": "95", "指标数": "2", "任务数": "0", "成本数": "0",
    }  # fmt: skip
    assert shown(table, "指标", "运算符号") == [">=", ""] and shown(table, "指标", "度量单位") == ["台", ""]
    assert [amount.value for amount in table.blocks["指标"].columns["完成程度"]] == [Fraction(9, 10), 1]
    assert cell(table, "指标", 1, "完成值").state == "blank" and "100%-80%" in cell(table, "指标", 1, "完成值文字").raw


def test_sums_take_projects_and_not_departments() -> None:
    table = read(MINISTRY + "\n附件\n" + WHOLE)
    assert [row.role for row in rows(table, "")] == ["明细", "合计"]
    assert [amount.value for amount in table.blocks[""].columns["任务数"]] == [0, 2]
    assert cell(table, "", 1, "预算调整率完成值").value == Fraction(26, 100)


def test_costs_in_money_stand_apart() -> None:
    table = read("""
项目支出绩效自评表

项目名称|设备购置|||||||
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分|
|年度资金总额|50|50|45|10|90%|9|
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|
|产出指标|数量指标|台数|≥2台|2台|40|40|
|成本指标|经济成本指标|设备价款|≤45万元|44.8万元|20|20|
|||人均成本|≤500元/人|480元/人|30|30|
""")
    assert shown(table, "成本", "指标名称") == ["设备价款"] and cell(table, "", 0, "成本数").value == 1
    assert cell(table, "成本", 0, "完成值").value == 44_800_000 and cell(table, "成本", 0, "项目执行数").value == 45_000_000


def test_scores_by_first_level() -> None:
    table = read(MINISTRY)
    assert shown(table, "权重", "一级指标") == ["产出指标", "效益指标", "满意度指标"]
    groups = [row.parent for row in rows(table, "权重明细")]
    assert groups == [rows(table, "权重")[n].key for n in (0, 0, 0, 1, 2)]


def test_a_whole_department_with_its_tasks() -> None:
    table = read(WHOLE)
    assert rows(table, "")[0].key == "整体自评表/某市档案馆/1"
    assert cell(table, "", 0, "年初预算数").value == 200_500_000 and cell(table, "", 0, "总分").raw == "83.4"
    assert shown(table, "任务", "项目") == ["基本支出公用经费", "基本支出人员经费"]
    assert shown(table, "任务", "下达金额") == ["30", "180"] and shown(table, "任务", "得分") == ["19.6", "20"]
    assert shown(table, "指标", "完成程度") == ["1", "0.19", "1"]
    assert shown(table, "指标", "三级指标") == ["综合管理水平", "预算调整率", "结转结余变动率"]
    assert [row.role for row in rows(table, "资金")] == ["其中", "其中"]
    assert table.problems == ()


def test_a_form_of_weights_and_scores_only() -> None:
    table = read("""
2023年度部门整体支出绩效自评表

一级指标|二级指标|三级指标|指标分值|自评分|评分依据
履职效能|整体效能|部门整体绩效产出指标完成情况|20|19.5|部分指标未完成
||部门预算资金支出率|10|9.67|支出率96.7%
管理效率|预算编制|预算编制约束性|5|4|
合计|||35|33.17|
""")
    assert shown(table, "指标", "分值") == ["20", "10", "5"] and shown(table, "指标", "得分") == ["19.5", "9.67", "4"]
    assert cell(table, "", 0, "满分").raw == "35" and cell(table, "", 0, "总分").raw == "33.17"
    assert cell(table, "", 0, "种类").raw == "整体自评表"


def test_a_form_without_scores() -> None:
    table = read("""
2023年度热线工作经费项目绩效自评表

单位名称：|某区政务服务局||填报日期：2024.3.13||
项目名称|热线工作经费||||
主管部门|区政府|项目实施单位|某区政务服务局||
项目类别|1、部门预算项目 2、区直专项||||
预算执行情况 (万元)||预算数(A)|执行数(B)|执行率(B/A)|
|年度财政资金总额|10|9.98|99.80%|
年度绩效目标 1|一级指标|二级指标|三级指标|年初目标值(A)|实际完成值(B)
|产出指标|数量指标|人员培训|2次|2次
||成本指标|||
|效益指标|社会效益指标|群众满意度|100%|100%
偏差大或目标未完成原因分析|无||||
""")
    assert cell(table, "", 0, "名称").raw == "热线工作经费" and cell(table, "", 0, "单位").raw == "某区政务服务局"
    assert shown(table, "指标", "三级指标") == ["人员培训", "群众满意度"]
    assert [amount.value for amount in table.blocks["指标"].columns["完成值"]] == [2, 100]
    assert cell(table, "", 0, "执行率").value == Fraction(998, 1000)
    assert cell(table, "", 0, "总分").state == "blank"


def test_a_monitoring_form_cell_by_cell() -> None:
    table = read(
        """
部门（单位）整体绩效运行监控表（2023年）

部门（单位）名称|某区工业和信息化局
部门（单位）整体支出情况（万元）|年初预算数|指标下达金额数|6月执行数|6月执行率|全年预计执行数
|70|70|35|50%|70
年度任务|对应项目|年初预算数|指标下达金额数|执行数|执行率|全年预计执行数
|基本支出人员经费|60|60|30|0.5|60
|基本支出公用经费|10|10|5|0.5|10
年度目标|年初总体目标|6月完成情况
|按时完成|基本按时完成
绩效指标|一级指标|二级指标|三级指标|运算符号|指标值|度量单位|当期执行情况|全年预计完成情况|偏差原因分析|完成目标可能性|改进措施
|||||||||经费保障原因分析|制度保障原因分析|其他原因分析|确定能|有可能|
绩效指标|履职效能|重点工作履行情况|重点工作办结率|=|100|%|50|100||||√||
|||工作完成及时率|=|100|%|完成|100||||√||
结果应用建议|结果应用建议选项|具体建议内容
|建议进一步规范预算管理|√|进一步规范
""",
        kind="cells",
    )
    assert rows(table, "")[0].key == "运行监控表/某区工业和信息化局/1"
    total, *parts = rows(table, "监控")
    assert total.role == "合计" and {part.parent for part in parts} == {total.key}
    assert [amount.value for amount in table.blocks["监控"].columns["执行率"]] == [Fraction(1, 2)] * 3
    assert shown(table, "监控", "预计执行数") == ["70", "60", "10"]
    assert shown(table, "指标", "完成值文字") == ["50", "完成"] and shown(table, "指标", "预计完成值") == ["100", "100"]
    assert len(rows(table, "指标")) == 2


def test_a_list_of_projects_is_no_self_assessment() -> None:
    table = read("""
2023年度项目支出绩效自评情况汇总表

序号|项目名称|预算数|执行数|执行率|自评得分|自评等级
1|公路养护|500|480|96%|95|优
2|桥梁检测|100|100|100%|100|优
合计||600|580|96.67%||
""")
    assert cell(table, "", 0, "种类").raw == "自评汇总表"
    assert shown(table, "任务", "项目") == ["公路养护", "桥梁检测", "合计"]
    assert [row.role for row in rows(table, "任务")] == ["明细", "明细", "合计"]


def test_grids_that_are_no_forms_are_left_alone() -> None:
    table = read("""
部门所属单位情况

序号|单位名称|单位性质
1|某市政务服务局|行政单位
2|某市政务服务中心|公益一类事业单位
""")
    assert table.empty and all(not block.rows for block in table.blocks.values()) and table.problems == ()
