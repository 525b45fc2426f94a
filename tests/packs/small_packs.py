"""Texts of two small packs: a national one and a province's."""

BASE = """language: 1
id: cn
version: 1.2.0
name: 全国
level: 国家
years: 2019..
"""
PROVINCE = """language: 1
id: cn-99-mou
version: 1.0.0
name: 某省
level: 省
region: '99'
parent: cn
"""
RULES = """language: 1
rules:
  - id: A01-1
    title: 一
    check: sum(总表.收入) == 总表[本年收入合计]
    severity: 错误
  - id: A01-2
    title: 二
    check:
      - sum(总表.支出) == 本年支出合计
      - {check: '总表[结余分配] >= 0', severity: 提示, title: 结余分配}
    severity: 警告
    basis: [{文号: 预算法, 条款: 第七十五条, 核验: 2026-11-01}, {文号: 口径}]
"""
LAYOUT = """layout: 1
years: 2019..2024
tables:
  - id: 收入支出决算总表
    short: [总表]
    titles: [收入支出决算总表]
    number: "01"
    form: fixed
    blocks:
      - name: 收入
        columns: [{name: 金额, ordinal: 1}]
        rows:
          - {key: 事业收入, line: 1}
          - {key: 本年收入合计, line: 2, role: 合计}
      - name: 支出
        columns: [{name: 金额, ordinal: 2}]
        rows:
          - {key: "201", label: 一般公共服务支出, line: 3}
          - {key: 本年支出合计, line: 4, role: 合计}
          - {key: 结余分配, line: 5, role: 结转}
"""
