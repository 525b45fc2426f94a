"""The chapters of a handbook that are tables: parameters, layouts, facts, forms, dictionaries, changed rules."""

from __future__ import annotations

from collections.abc import Mapping

from juesuan_rules.authoring.handbook.model import Grid, Section
from juesuan_rules.catalogue.model import BlockSpec, Dictionary, Layout, TableSpec
from juesuan_rules.packs.model import WRITTEN, Layer, Pack
from juesuan_rules.renderings.layers_text import years_text

_FORMS = {"fixed": "行固定", "codes": "按科目列行", "panels": "几栏并排", "wide": "一行多栏，按栏次读"}
_MOST_ENTRIES = 1500


def catalogue_sections(layout: Layout, layers: Mapping[str, tuple[Layer, ...]], pack: Pack) -> tuple[Section, ...]:
    """Every chapter that has something to say."""
    sections = (
        Section("改动了上级的规则", "哪些规则由哪个规则包改过、停用过。", _changed(layers)),
        Section("口径参数", "各地口径不同的地方；规则里写作 参数(\"…\")。", _parameters(layout)),
        Section("表样", f"每张表的栏目和行，{pack.layout_year_note or '按本年度的口径'}。", tuple([grid for spec in layout.tables for grid in _table(spec)])),
        Section("文字里的事实", "情况说明里取哪些数，怎样认得；规则里写作 文字.名称。", _facts(layout)),
        Section("绩效表单", "怎样认得绩效表单和它的各栏。", _forms(layout)),
        Section("词典", "规则查的名单和对照。", tuple([_dictionary(d) for d in layout.dictionaries])),
    )
    return tuple([section for section in sections if section.grids])


def _changed(layers: Mapping[str, tuple[Layer, ...]]) -> tuple[Grid, ...]:
    rows = [
        (rule, layer.pack, layer.action + ("" if layer.in_force else "（非本年度）"), "；".join(f"{n}：{t}" for n, t in layer.changes), layer.reason)
        for rule, own in sorted(layers.items())
        for layer in own
        if layer.action != WRITTEN
    ]
    return (Grid("", ("规则", "规则包", "改动", "改为", "原因"), tuple(rows)),) if rows else ()


def _parameters(layout: Layout) -> tuple[Grid, ...]:
    rows = tuple([(name, str(value)) for name, value in layout.parameters])
    return (Grid("", ("参数", "值"), rows),) if rows else ()


def _table(spec: TableSpec) -> list[Grid]:
    number = f"{spec.number} 表 " if spec.number else ""
    about = [
        f"简称 {'、'.join(spec.short)}" if spec.short else "",
        f"题名 {'、'.join(spec.titles)}" if spec.titles else "",
        f"{_FORMS.get(spec.form, '')}；{spec.presence}；空白表示{spec.blank}" + (f"；{spec.chart}科目" if spec.chart else ""),
    ]
    grids = []
    for index, block in enumerate(spec.blocks):
        columns = "、".join(f"{c.name}{f'（{c.ordinal} 栏）' if c.ordinal is not None else ''}{'（可缺）' if c.optional else ''}" for c in block.columns)
        title = f"{number}《{spec.id}》" + (f" {block.name}" if block.name else "")
        grids.append(Grid(title, ("行次", "行", "编码", "行类", "又作"), _rows(block), (*[a for a in about if a and not index], f"栏目 {columns}")))
    return grids


def _rows(block: BlockSpec) -> tuple[tuple[str, ...], ...]:
    rows = []
    for row in block.rows:
        if row.role == "空":
            continue
        role = row.role + ("，可缺" if row.optional else "") + (f"，{row.unit}" if row.unit else "")
        rows.append((str(row.line or ""), row.label or row.key, row.key if row.key.isdigit() else "", role, "、".join(row.aliases)))
    return tuple(rows)


def _facts(layout: Layout) -> tuple[Grid, ...]:
    rows = []
    for fact in layout.facts:
        limits = [
            f"在{'、'.join(fact.sections)}" if fact.sections else "", f"不在{'、'.join(fact.outside)}" if fact.outside else "",
            f"句中有{'、'.join(fact.needs)}" if fact.needs else "", f"句中没有{'、'.join(fact.without)}" if fact.without else "",
        ]  # fmt: skip
        rows.append((fact.name, fact.unit or "金额", fact.expected, "、".join((*fact.names, *fact.patterns)), "；".join(x for x in limits if x), fact.pack))
    return (Grid("", ("事实", "单位", "应有", "说法", "范围", "规则包"), tuple(rows)),) if rows else ()


def _forms(layout: Layout) -> tuple[Grid, ...]:
    grids = []
    for form in layout.forms:
        rows = [("表头", name, "、".join(labels)) for name, labels in form.fields] + [("栏目", name, "、".join(labels)) for name, labels in form.columns]
        about = (f"种类 {form.kind}", f"题名里有 {'、'.join(form.titles)}" if form.titles else "", f"并且有 {'、'.join(form.marks)}" if form.marks else "")
        grids.append(Grid(form.name, ("部位", "项目", "印作"), tuple(rows), tuple([a for a in about if a])))
    return tuple(grids)


def _dictionary(one: Dictionary) -> Grid:
    years = years_text(one.years)
    about = (f"来源 {one.source}（{'已核验' if one.verified else '未核验'}）" if one.source else "", f"{years} 年度" if years else "", f"{len(one.entries)} 项")
    head = ("词", "对应") if any(meaning for _, meaning in one.entries) else ("词",)
    rows = tuple([(word, meaning)[: len(head)] for word, meaning in one.entries[:_MOST_ENTRIES]])
    return Grid(one.name, head, rows, tuple([a for a in about if a]))
