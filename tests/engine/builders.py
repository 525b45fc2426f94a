"""Small reports and checked forms by hand, for the engine's tests."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from juesuan_rules.amounts import Amount, read_amount, show
from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Layout, RowSpec, TableSpec
from juesuan_rules.documents.model import GridBlock, GridCell, Place, Source
from juesuan_rules.language.model import CheckedCheck, CheckedRule, Form
from juesuan_rules.reports.model import BlockData, Identity, Problem, Report, Row, Table

CLASSES = ("201 一般公共服务支出", "202 外交支出", "205 教育支出", "208 社会保障和就业支出", "210 卫生健康支出", "213 农林水支出", "221 住房保障支出")
NAMES = dict(item.split(" ") for item in CLASSES)


def columns(*names: str) -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(name, ordinal=i) for i, name in enumerate(names, 1))


def rows(*items: tuple[Any, ...]) -> tuple[RowSpec, ...]:
    """(key, label, role[, line])."""
    return tuple(RowSpec(key, label, role=role, line=rest[0] if rest else None) for key, label, role, *rest in items)


def spec(id: str, short: str, form: str, *blocks: BlockSpec, number: str = "", **more: Any) -> TableSpec:
    return TableSpec(id, (short,), (id,), number, form, blocks, **more)  # type: ignore[arg-type]


_CLASS_ROWS = [(code, name, "明细") for code, name in NAMES.items()]
ZONGBIAO = spec(
    "收入支出决算总表", "总表", "fixed",
    BlockSpec("收入", columns("金额"), rows(
        ("一般收入", "一般公共预算财政拨款收入", "明细", 1), ("事业收入", "事业收入", "明细", 2), ("其他收入", "其他收入", "明细", 3),
        ("本年收入合计", "本年收入合计", "合计", 4), ("年初", "年初结转和结余", "结转", 5), ("总计", "总计", "总计", 6))),
    BlockSpec("支出", columns("金额"), rows(
        *[(c, n, r, i) for i, (c, n, r) in enumerate(_CLASS_ROWS, 7)],
        ("本年支出合计", "本年支出合计", "合计", 14), ("年末", "年末结转和结余", "结转", 15), ("总计", "总计", "总计", 16))),
    number="01",
)  # fmt: skip
_TOTAL = rows(("合计", "合计", "合计"))
SHOURU = spec("收入决算表", "收入表", "codes", BlockSpec("", columns("本年收入合计", "财政拨款收入", "事业收入", "其他收入"), _TOTAL), number="02", chart="功能")
ZHICHU = spec("支出决算表", "支出表", "codes", BlockSpec("", columns("本年支出合计", "基本支出", "项目支出", "经营支出"), _TOTAL), number="03", chart="功能")
_FUNDS = columns("合计", "一般公共预算财政拨款", "政府性基金预算财政拨款")
CAIBO = spec(
    "财政拨款收入支出决算总表", "财拨总表", "fixed",
    BlockSpec("收入", columns("金额"), rows(
        ("一般收入", "一般公共预算财政拨款", "明细", 1), ("本年收入合计", "本年收入合计", "合计", 2), ("年初", "年初财政拨款结转和结余", "结转", 3), ("总计", "总计", "总计", 4))),
    BlockSpec("支出", _FUNDS, rows(
        *[(c, n, r, i) for i, (c, n, r) in enumerate(_CLASS_ROWS, 5)],
        ("本年支出合计", "本年支出合计", "合计", 12), ("年末", "年末财政拨款结转和结余", "结转", 13), ("总计", "总计", "总计", 14))),
    number="04",
)  # fmt: skip
YIBAN = spec("一般公共预算财政拨款支出决算表", "一般支出表", "codes", BlockSpec("", columns("小计", "基本支出", "项目支出"), _TOTAL), number="05", chart="功能")
_ITEMS = [("301", "工资福利支出"), ("30101", "基本工资"), ("30102", "津贴补贴"), ("30108", "机关事业单位基本养老保险缴费"), ("303", "对个人和家庭的补助"),
          ("30302", "退休费"), ("302", "商品和服务支出"), ("30201", "办公费"), ("30202", "印刷费"), ("30231", "公务用车运行维护费")]  # fmt: skip
MINGXI = spec(
    "一般公共预算财政拨款基本支出决算明细表", "基本明细表", "panels",
    BlockSpec("", columns("金额"), rows(*[(c, n, "明细") for c, n in _ITEMS], ("人员合计", "人员经费合计", "合计"), ("公用合计", "公用经费合计", "合计"))),
    number="06", chart="经济",
)  # fmt: skip
SANGONG = spec(
    "财政拨款“三公”经费支出决算表", "三公表", "fixed",
    BlockSpec("", columns("预算数", "决算数"), rows(
        ("合计", "合计", "合计"), ("出国", "因公出国（境）费", "明细"), ("接待", "公务接待费", "明细"), ("公车", "公务用车购置及运行费", "明细"),
        ("运行", "公务用车运行维护费", "其中"), ("购置", "公务用车购置费", "其中"))),
    number="07",
)  # fmt: skip
JIJIN = spec("政府性基金预算财政拨款收入支出决算表", "基金表", "codes", BlockSpec("", columns("本年收入", "小计"), _TOTAL), number="08", chart="功能", presence="可空")
LAYOUT = Layout("test", (ZONGBIAO, SHOURU, ZHICHU, CAIBO, YIBAN, MINGXI, SANGONG, JIJIN))

SOURCE = Source("测试.txt", "0" * 64, "text")
Raw = Mapping[str, Sequence[str]]


def coded_row(code: str, label: str, present: Iterable[str], line: int) -> Row:
    length = len(code)
    above = [code[:n] for n in (3, 5) if n < length and code[:n] in set(present)]
    return Row(code, label, label, code, code, None, "明细", (length - 1) // 2, above[-1] if above else None, place=Place(line=line))


def block(table: TableSpec, name: str, raw: Raw, unit: str = "万元", names: Mapping[str, str] | None = None, start: int = 1) -> BlockData:
    """Rows by key with one printed text per column of the block."""
    half = table.block(name)
    assert half is not None
    standard = {row.key: row for row in half.rows}
    built: list[Row] = []
    for line, key in enumerate(raw, start):
        known = standard.get(key)
        if known is not None and not (key.isdigit() and table.form == "panels"):
            code = key if key.isdigit() else None
            built.append(Row(key, known.label, known.label, "", code, known.line, known.role, 1 if code else 0, place=Place(line=line)))
        else:
            built.append(coded_row(key, (names or {}).get(key, known.label if known else f"科目{key}"), raw, line))
    values = {c.name: tuple(read_amount(raw[r.key][i], unit, r.place) for r in built) for i, c in enumerate(half.columns)}
    return BlockData(half, tuple(built), values)


def table(spec: TableSpec, raw: Mapping[str, Raw], unit: str = "万元", **more: Any) -> Table:
    blocks = {name: block(spec, name, part, unit, start=100 * (i + 1)) for i, (name, part) in enumerate(raw.items())}
    empty = not any(a.value for b in blocks.values() for column in b.columns.values() for a in column)
    return Table(spec, spec.id, unit, blocks, GridBlock(()), number=spec.number, empty=more.pop("empty", empty), **more)


def report(*tables: Table, layout: Layout = LAYOUT, problems: tuple[Problem, ...] = (), **more: Any) -> Report:
    identity = Identity("测试局", 2023, "21", "辽宁省", "万元", "部门决算", True)
    return Report(SOURCE, identity, layout, {t.spec.id: t for t in tables}, problems=problems, **more)


def replaced(report: Report, table_id: str, block_name: str, column: str, key: str, raw: str) -> Report:
    """The report with one cell printed differently."""
    table = report.tables[table_id]
    data = table.blocks[block_name]
    at = [row.key for row in data.rows].index(key)
    amounts = list(data.columns[column])
    amounts[at] = read_amount(raw, table.unit, amounts[at].place)
    changed = replace(data, columns={**data.columns, column: tuple(amounts)})
    return replace(report, tables={**report.tables, table_id: replace(table, blocks={**table.blocks, block_name: changed})})


def without_row(report: Report, table_id: str, block_name: str, key: str) -> Report:
    """The report with one row left out."""
    table = report.tables[table_id]
    data = table.blocks[block_name]
    keep = [i for i, row in enumerate(data.rows) if row.key != key]
    changed = replace(data, rows=tuple(data.rows[i] for i in keep), columns={n: tuple(c[i] for i in keep) for n, c in data.columns.items()})
    return replace(report, tables={**report.tables, table_id: replace(table, blocks={**table.blocks, block_name: changed})})


def without_table(report: Report, *ids: str) -> Report:
    return replace(report, tables={k: v for k, v in report.tables.items() if k not in ids})


def cells(report: Report) -> list[tuple[str, str, str, str, Amount]]:
    """(table, block, column, key, amount) of every cell."""
    return [
        (t.spec.id, name, column, row.key, amount)
        for t in (*report.tables.values(), *report.records.values())
        for name, data in t.blocks.items()
        for column, amounts in data.columns.items()
        for row, amount in zip(data.rows, amounts, strict=True)
    ]


def money(fen: int, blank: str = "") -> str:
    """分 as printed in 万元: zero as `blank`."""
    return show(fen, "万元", 2) if show(fen, "万元", 2).strip("-0.,") else blank


LEAVES = ("2010301", "2010302", "2010350", "2050205", "2080501", "2080505", "2080801", "2101101", "2101102", "2130104", "2210201")


def full_report(seed: int = 1, exact: bool = True, blank: str = "") -> Report:
    """A consistent report of seven tables. exact: every figure a whole 0.01 万元, so nothing is rounded;
    otherwise figures are 元 with 分 rounded to 0.01 万元 in every cell, as real reports are."""
    pick = random.Random(seed)
    grain = 10_000 if exact else 1

    def amount(most: int) -> int:
        return pick.randrange(1, most) * grain

    def total(items: Iterable[int]) -> int:
        return sum(items)

    most = 300_000 if exact else 3_000_000_000
    basic = {c: amount(most) if c[-2:] != "02" else 0 for c in LEAVES}
    project = {c: amount(most) if c[-2:] in ("02", "04", "50") else 0 for c in LEAVES}
    other = {c: amount(most // 50) if c == "2010350" else 0 for c in LEAVES}
    tree = sorted({code[:n] for code in LEAVES for n in (3, 5, 7)})

    def coded(*parts: Mapping[str, int], first: bool = True) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code in ("合计", *tree):
            below = [c for c in LEAVES if code == "合计" or c.startswith(code)]
            sums = [total(p[c] for c in below) for p in parts]
            found[code] = [money(s, blank) for s in ([sum(sums), *sums] if first else sums)]
        return found

    income = {c: basic[c] + project[c] for c in LEAVES}
    extra = {c: amount(most // 100) if c == "2010350" else 0 for c in LEAVES}
    nothing = dict.fromkeys(LEAVES, 0)
    spent_all, fiscal = total(basic.values()) + total(project.values()) + total(other.values()), total(basic.values()) + total(project.values())
    got = total(income.values()) + total(extra.values())
    opening = amount(most) + max(0, spent_all - got)
    by_class = {c: (total(basic[x] + project[x] + other[x] for x in LEAVES if x.startswith(c)), total(basic[x] + project[x] for x in LEAVES if x.startswith(c))) for c in NAMES}
    m = lambda *values: [money(v, blank) for v in values]  # noqa: E731
    zong = table(ZONGBIAO, {
        "收入": {"一般收入": m(total(income.values())), "事业收入": m(0), "其他收入": m(total(extra.values())), "本年收入合计": m(got), "年初": m(opening), "总计": m(got + opening)},
        "支出": {**{c: m(v[0]) for c, v in by_class.items()}, "本年支出合计": m(spent_all), "年末": m(got + opening - spent_all), "总计": m(got + opening)},
    })  # fmt: skip
    fiscal_open = 50 * grain * (1 if exact else 10_000)
    fiscal_in = total(income.values())
    caibo = table(CAIBO, {
        "收入": {"一般收入": m(fiscal_in), "本年收入合计": m(fiscal_in), "年初": m(fiscal_open), "总计": m(fiscal_in + fiscal_open)},
        "支出": {**{c: m(v[1], v[1], 0) for c, v in by_class.items()}, "本年支出合计": m(fiscal, fiscal, 0),
                "年末": m(fiscal_in + fiscal_open - fiscal, fiscal_in + fiscal_open - fiscal, 0), "总计": m(fiscal_in + fiscal_open, fiscal_in + fiscal_open, 0)},
    })  # fmt: skip
    staff, daily = total(basic.values()) * 3 // 4 // grain * grain, 0
    daily = total(basic.values()) - staff
    wages, retired = staff // 2 // grain * grain, staff - staff // 2 // grain * grain
    w = wages // 4 // grain * grain
    car = daily // 10 // grain * grain
    office = daily // 2 // grain * grain
    mingxi = table(MINGXI, {"": {"301": m(wages), "30101": m(w), "30102": m(w), "30108": m(wages - 2 * w), "303": m(retired), "30302": m(retired), "302": m(daily),
                                "30201": m(office), "30202": m(daily - office - car), "30231": m(car), "人员合计": m(staff), "公用合计": m(daily)}})  # fmt: skip
    host = car // 2 // grain * grain
    sangong = table(SANGONG, {"": {"合计": m(3 * car, car + host), "出国": m(0, 0), "接待": m(car, host), "公车": m(2 * car, car), "运行": m(2 * car, car), "购置": m(0, 0)}})
    jijin = table(JIJIN, {"": {"合计": ["", ""]}})
    return report(
        zong, table(SHOURU, {"": coded(income, nothing, extra)}), table(ZHICHU, {"": coded(basic, project, other)}), caibo,
        table(YIBAN, {"": coded(basic, project)}), mingxi, sangong, jijin,
    )  # fmt: skip


# --- forms --------------------------------------------------------------------------------------

ALL: Form = ("all",)
TAIL: Form = ("tail",)


def cell(spec: TableSpec, key: str, column: str, block: str = "", scope: str = "", missing: str = "report") -> Form:
    return ("cells", scope, spec.id, block, column, ("key", key), missing)


def col(spec: TableSpec, column: str, block: str = "", rows: Form = ALL, scope: str = "", missing: str = "report") -> Form:
    return ("cells", scope, spec.id, block, column, rows, missing)


def group(name: str) -> Form:
    return ("group", name)


def plus(first: Form, *rest: Form) -> Form:
    for part in rest:
        first = ("add", first, part)
    return first


def sum_of(x: Form) -> Form:
    return ("agg", "sum", x)


def number(value: str | int, unit: str = "none") -> Form:
    exact = Fraction(value) * (1_000_000 if unit == "万元" else 1)
    return ("number", exact.numerator, exact.denominator, "money" if unit == "万元" else unit)


def cmp(op: str, left: Form, right: Form, tolerance: Form = TAIL) -> Form:
    return ("cmp", op, left, right, tolerance)


def eq(left: Form, right: Form, tolerance: Form = TAIL) -> Form:
    return cmp("==", left, right, tolerance)


def rule(id: str, *forms: Form, when: Form | None = None, severity: str = "错误", source: str = "") -> CheckedRule:
    return CheckedRule(id, f"规则 {id}", tuple(CheckedCheck(form, source or f"{id} 的公式") for form in forms), severity, when, "", (), (("预算法", "第七十五条", "未核验"),), "cn")


def standard_rules() -> list[CheckedRule]:
    """Families A and B over the tables of `full_report`, in every shape rules come in."""
    z, s, c, y, m, g = ZONGBIAO, ZHICHU, CAIBO, YIBAN, MINGXI, SANGONG
    found = [
        rule("A01-1", eq(cell(z, "本年收入合计", "金额", "收入"), sum_of(col(z, "金额", "收入", group("明细"))))),
        rule("A01-2", eq(sum_of(col(z, "金额", "支出", group("明细"))), cell(z, "本年支出合计", "金额", "支出"))),
        rule("A01-3", eq(cell(z, "总计", "金额", "收入"), plus(cell(z, "本年收入合计", "金额", "收入"), cell(z, "年初", "金额", "收入")))),
        rule("A01-4", eq(cell(z, "总计", "金额", "支出"), plus(cell(z, "本年支出合计", "金额", "支出"), cell(z, "年末", "金额", "支出")))),
        rule("A01-5", eq(cell(z, "总计", "金额", "收入"), cell(z, "总计", "金额", "支出"), ("fixed", 0, 1, None))),
        rule("A02-1", eq(col(SHOURU, "本年收入合计"), plus(*[col(SHOURU, n) for n in ("财政拨款收入", "事业收入", "其他收入")]))),
        rule("A03-1", eq(col(s, "本年支出合计"), plus(col(s, "基本支出"), col(s, "项目支出"), col(s, "经营支出")))),
        rule("A04-2", eq(col(c, "合计", "支出"), plus(col(c, "一般公共预算财政拨款", "支出"), col(c, "政府性基金预算财政拨款", "支出")))),
        rule("A04-3", eq(cell(c, "本年支出合计", "*", "支出"), sum_of(col(c, "*", "支出", group("明细"))))),
        rule("A04-6", eq(cell(c, "总计", "*", "支出"), plus(cell(c, "本年支出合计", "*", "支出"), cell(c, "年末", "*", "支出")))),
        rule("A04-7", eq(cell(c, "总计", "金额", "收入"), plus(cell(c, "本年收入合计", "金额", "收入"), cell(c, "年初", "金额", "收入"))),
             eq(cell(c, "总计", "金额", "收入"), cell(c, "总计", "合计", "支出")), eq(cell(c, "一般收入", "金额", "收入"), cell(c, "本年收入合计", "金额", "收入"))),
        rule("A05-1", eq(col(y, "小计"), plus(col(y, "基本支出"), col(y, "项目支出")))),
        rule("A06-1", eq(col(m, "金额"), ("children", col(m, "金额")))),
        rule("A06-2", eq(cell(m, "人员合计", "金额"), plus(cell(m, "301", "金额"), cell(m, "303", "金额"))), eq(cell(m, "公用合计", "金额"), cell(m, "302", "金额"))),
        rule("A07-1", eq(cell(g, "合计", "*"), sum_of(col(g, "*", rows=group("明细")))), eq(cell(g, "公车", "*"), plus(cell(g, "运行", "*"), cell(g, "购置", "*")))),
        rule("B-01", eq(cell(z, "本年收入合计", "金额", "收入"), cell(SHOURU, "合计", "本年收入合计"))),
        rule("B-04", eq(cell(z, "本年支出合计", "金额", "支出"), cell(s, "合计", "本年支出合计"))),
        rule("B-05", eq(col(z, "金额", "支出", group("类")), col(s, "本年支出合计", rows=group("类")))),
        rule("B-06", eq(cell(z, "一般收入", "金额", "收入"), cell(c, "一般收入", "金额", "收入"))),
        rule("B-08", eq(cell(c, "本年支出合计", "一般公共预算财政拨款", "支出"), cell(y, "合计", "小计"))),
        rule("B-09", eq(col(c, "一般公共预算财政拨款", "支出", group("类")), col(y, "小计", rows=group("类")))),
        rule("B-10", eq(cell(c, "本年支出合计", "政府性基金预算财政拨款", "支出"), cell(JIJIN, "合计", "小计"))),
        rule("B-12", eq(cell(y, "合计", "基本支出"), plus(cell(m, "人员合计", "金额"), cell(m, "公用合计", "金额")))),
        rule("B-13", *[cmp("<=", col(y, a), col(s, b)) for a, b in (("小计", "本年支出合计"), ("基本支出", "基本支出"), ("项目支出", "项目支出"))]),
        rule("B-17", cmp(">=", col(z, "金额", "支出", group("类")), col(c, "合计", "支出", group("类")))),
        rule("B-18", cmp(">=", cell(g, "运行", "决算数"), cell(m, "30231", "金额"))),
    ]  # fmt: skip
    for id, t in (("A02", SHOURU), ("A03", s), ("A05", y)):
        found.append(rule(f"{id}-2", eq(cell(t, "合计", "*"), sum_of(col(t, "*", rows=group("类"))))))
        found.append(rule(f"{id}-3", eq(col(t, "*"), ("children", col(t, "*")))))
    return found


def grid(*rows: Sequence[str]) -> GridBlock:
    return GridBlock(tuple(tuple(GridCell(text) for text in row) for row in rows))
