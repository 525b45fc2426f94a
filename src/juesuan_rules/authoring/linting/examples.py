"""A small pack around the examples of the table, so that each can be linted: `base`, its child `city`, its child `town`."""

from __future__ import annotations

from juesuan_rules.authoring.linting.codes import LintCode

BASE = "base"
_PACK = "language: 1\nid: {id}\nversion: 1.0.0\nname: {name}\nlevel: {level}\n{more}years: 2019..\n"
_LAYOUT = """\
layout: 1
tables:
  - id: 收入支出决算总表
    short: [总表]
    titles: [收入支出决算总表]
    number: "01"
    form: fixed
    blocks:
      - name: 收入
        columns: [{name: 金额}]
        rows:
          - {key: 财政拨款收入}
          - {key: 其他收入}
          - {key: 专项收入}
          - {key: 本年收入合计, role: 合计}
          - {key: 总计, role: 总计}
      - name: 支出
        columns: [{name: 金额}]
        rows:
          - ["201", 一般公共服务支出]
          - ["202", 外交支出]
          - {key: 本年支出合计, role: 合计}
          - {key: 总计, role: 总计}
  - id: 支出决算表
    short: [支出表]
    titles: [支出决算表]
    number: "03"
    form: codes
    chart: 功能
    blocks:
      - columns: [{name: 基本支出}, {name: 项目支出}]
        rows: [{key: 合计, role: 合计}]
"""
_RULE = """\
language: 1
rules:
  - id: A01-1
    title: 总表：本年收入合计等于各项收入之和
    check: sum(总表.收入) == 总表[本年收入合计] ± 尾差
    basis: [{文号: 预算法, 条款: 第七十五条, 核验: 2026-11-01}]
"""
_FILES = {
    "base/pack.yaml": _PACK.format(id="base", name="示例全国包", level="国家", more=""),
    "base/layouts/tables.yaml": _LAYOUT,
    "base/rules/a.yaml": _RULE,
    "city/pack.yaml": _PACK.format(id="city", name="示例省包", level="省", more="region: '99'\nparent: base\n"),
    "town/pack.yaml": _PACK.format(id="town", name="示例市包", level="市", more="region: '9901'\nparent: city\n"),
}


def example_pack(code: LintCode) -> str:
    """The folder of the pack an example is about."""
    return code.example.path.partition("/")[0]


def example_files(code: LintCode, good: bool = False) -> dict[str, str]:
    """Every file of the small packs by path, with the example's own; linting `example_pack` finds the code
    in the bad ones and not in the good ones."""
    example = code.example
    files = {**_FILES, **dict(example.others)}
    if example.path.startswith("base/") and not any(name in files for name in ("city/overrides.yaml", "town/overrides.yaml")):
        # What is said of a national pack alone needs no region.
        files = {name: text for name, text in files.items() if name.startswith("base/")}
    if any(name == "base/rules/a-tables.yaml" for name in (example.path,)):
        files.pop("base/rules/a.yaml")
    text = example.good if good else example.bad
    return {**files, example.path: text} if text else files
