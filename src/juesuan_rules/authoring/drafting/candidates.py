"""Where relations are looked for, the most general ones first. Finding one here is a reason to try it, no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

from juesuan_rules.amounts import Exact
from juesuan_rules.authoring.drafting.figures import SIGNIFICANT, Keyed, Single, blocks_of, column_text, keyed, money_columns, singles
from juesuan_rules.authoring.drafting.model import Candidate, Subject
from juesuan_rules.catalogue.model import BlockSpec, TableSpec
from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.engine.forms import size as magnitude
from juesuan_rules.engine.naming import quoted, short_name
from juesuan_rules.reports.model import BlockData, Table

_MOST_COLUMNS, _MOST_ADDENDS, _MOST_ROWS = 12, 4, 18
_SLACK = 1_000_000 // 100
"""One unit of the last decimal of 万元, in 分: how far one rounded addend may bring a sum off, and more."""
Held = list[tuple[int, Table, BlockData]]


def candidates(subjects: Sequence[Subject]) -> Iterator[Candidate]:
    """Every relation worth a try."""
    for spec, block, held in blocks_of(subjects):
        yield from _across_columns(spec, block, held)
        yield from _totals(spec, block, held)
        yield from _row_sums(spec, block, held)
    yield from _same_columns(keyed(subjects))
    found = singles(subjects)
    yield from _same_figures(found)
    yield from _sums_across(found)


def _across_columns(spec: TableSpec, block: BlockSpec, held: Held) -> Iterator[Candidate]:
    """收入表.本年收入合计 == 收入表.财政拨款收入 + …, row by row."""
    names = [name for name in money_columns(block) if any(name in data.columns for _, _, data in held)]
    rows = [[data.columns[name][at].value or 0 if name in data.columns else 0 for name in names] for _, _, data in held for at in range(len(data.rows))]
    rows = [row for row in rows if any(row)]
    used = [at for at in range(len(names)) if any(row[at] for row in rows)]
    empty = [names[at] for at in range(len(names)) if at not in used]
    if len(used) < 3 or len(used) > _MOST_COLUMNS or len(rows) < 2:
        return
    for target in used:
        others = [at for at in used if at != target]
        for size in range(2, len(others) + 1):
            made = [some for some in combinations(others, size) if all(magnitude(row[target] - sum(row[at] for at in some)) <= size * _SLACK for row in rows)]
            for some in made:
                text = f"{column_text(spec, block, names[target])} == {' + '.join(column_text(spec, block, names[at]) for at in some)} ± 尾差"
                note = f"在这些报告里全是零的栏没有列入，看不出它们是不是也要加上：{'、'.join(empty)}" if empty else ""
                title = f"{short_name(spec)}：{names[target]}等于{'、'.join(names[at] for at in some)}之和"
                yield Candidate("逐行各栏相加", title, text, 2 ** len(others), note=note)
            if made:
                break


def _totals(spec: TableSpec, block: BlockSpec, held: Held) -> Iterator[Candidate]:
    """Totals of all columns at once where they hold in all, else column by column."""
    part = f".{quoted(block.name)}" if block.name else ""
    name = short_name(spec)
    single = len(block.columns) == 1
    if spec.form in ("codes", "panels"):
        every = f"{name}{part}.*" if not single else f"{name}{part}.{quoted(block.columns[0].name)}"
        columns = tuple([column_text(spec, block, column) for column in money_columns(block)])
        if spec.form == "codes":
            yield Candidate("合计行", f"{name}：合计行等于各类之和", f"{every}[合计] == sum({every}[类]) ± 尾差", len(columns))
        yield Candidate("上下级", f"{name}：上级科目等于下级科目之和", f"{every}[非末级] == 下级合计({every}) ± 尾差", len(columns))
        if not single:
            for column in columns:
                if spec.form == "codes":
                    yield Candidate("合计行", f"{column}：合计行等于各类之和", f"{column}[合计] == sum({column}[类]) ± 尾差", len(columns))
                yield Candidate("上下级", f"{column}：上级科目等于下级科目之和", f"{column}[非末级] == 下级合计({column}) ± 尾差", len(columns))
        return
    if spec.form != "fixed" or not any(row.role == "明细" for row in block.rows):
        return
    star = "" if single else ".*"
    for row in block.rows:
        if row.role in ("合计", "总计", "小计"):
            left = f"{name}{part}{star}[{quoted(row.label)}]"
            yield Candidate("明细之和", f"{name}：{row.label}等于各明细行之和", f"{left} == sum({name}{part}{star}) ± 尾差", len(block.rows))


def _row_sums(spec: TableSpec, block: BlockSpec, held: Held) -> Iterator[Candidate]:
    """总计 == 本年收入合计 + …: sums over few rows of one block, the same in every column."""
    if spec.form not in ("fixed", "panels", "wide"):
        return
    wanted = [row for row in block.rows if row.role != "明细" or (spec.form != "fixed" and (not row.key.isdigit() or len(row.key) <= 3))]
    columns = money_columns(block)
    table: dict[str, list[Exact]] = {}
    for row in wanted:
        values: list[Exact] = []
        for _, _, data in held:
            at = next((n for n, known in enumerate(data.rows) if known.key == row.key), None)
            values += [(data.columns[c][at].value or 0) if at is not None and c in data.columns else 0 for c in columns]
        table[row.key] = values
    used = [row for row in wanted if any(table[row.key])][:_MOST_ROWS]
    part = f".{quoted(block.name)}" if block.name else ""
    star = "" if len(columns) == 1 and part else f".{quoted(columns[0])}" if len(columns) == 1 else ".*"
    labels = [row.label for row in block.rows]

    def named(label: str, key: str) -> str:
        return f"{short_name(spec)}{part}{star}[{key if key.isdigit() or labels.count(label) > 1 else quoted(label)}]"

    for target in used:
        if target.role == "明细" and spec.form == "fixed":
            continue
        others = [row for row in used if row is not target]
        for size in range(2, min(_MOST_ADDENDS, len(others)) + 1):
            made = []
            for some in combinations(others, size):
                total = [sum(column) for column in zip(*[table[row.key] for row in some], strict=True)]
                if all(magnitude(a - b) <= size * _SLACK for a, b in zip(table[target.key], total, strict=True)):
                    made.append(some)
            for some in made:
                text = f"{named(target.label, target.key)} == {' + '.join(named(row.label, row.key) for row in some)} ± 尾差"
                yield Candidate("行相加", f"{short_name(spec)}：{target.label}等于{'、'.join(row.label for row in some)}之和", text, comb(len(others), size))
            if made:
                break


def _same_columns(columns: list[Keyed]) -> Iterator[Candidate]:
    """支出表.本年支出合计 == 一般支出表.小计, code by code."""
    pairs = [(a, b) for a, b in combinations(columns, 2) if a.table != b.table and a.chart == b.chart]
    for one, other in pairs:
        alike = differing = 0
        for left, right in zip(one.values, other.values, strict=True):
            for key in left.keys() & right.keys():
                if magnitude(left[key] - right[key]) <= _SLACK:
                    alike += 1
                else:
                    differing += 1
        if alike >= 2 and alike > 4 * differing:
            yield from _joined(one, other, len(pairs))


def _joined(one: Keyed, other: Keyed, order: int) -> Iterator[Candidate]:
    title = f"{one.name.replace('.', '的', 1)}与{other.name.replace('.', '的', 1)}各科目一致"
    if one.stated or other.stated:
        told, table = (one, other) if one.stated else (other, one)
        if told is table or table.closed:
            return
        for level in ("类", "款", "项"):
            text = f"若 存在({told.name}[{level}]) 则 {told.name}[{level}] == {table.name}[{level}] ± 尾差"
            yield Candidate("文字与表逐科目", f"文字与{table.name.partition('.')[0]}：各{level}{table.name.partition('.')[2]}一致", text, order)
    elif one.closed or other.closed:
        left, right = [f"{c.name}[{'明细' if c.closed else '类'}][缺作0]" for c in (one, other)]
        yield Candidate("两表逐科目", title, f"{left} == {right} ± 尾差", order)
    else:
        yield Candidate("两表逐科目", title, f"{one.name} == {other.name} ± 尾差", order, (f"{one.name}[类][缺作0] == {other.name}[类][缺作0] ± 尾差",))


def _same_figures(found: list[Single]) -> Iterator[Candidate]:
    """One figure printed in two tables, or in a table and the prose: pairs of like names first."""
    strong = [one for one in found if one.strong >= 2]
    pairs = [(a, b) for a, b in combinations(strong, 2) if a.address[:2] != b.address[:2] and (_told(a) or _told(b) or not (_detail(a) or _detail(b)))]
    equal = [(a, b) for a, b in pairs if _equal(a, b)]
    # Tables before prose: what the prose says of a figure then follows for its other places.
    for a, b in sorted(equal, key=lambda pair: (_told(pair[0]) or _told(pair[1]), -likeness(pair[0], pair[1]))):
        left, right = (b, a) if b.address[0] == FACTS and a.address[0] != FACTS else (a, b)
        note = "" if likeness(a, b) >= 30 else "两处的名称不相近，先想清楚它们为什么应当相等"
        yield Candidate("同一个数", f"{left.name}与{right.name}一致", f"{left.name} == {right.name} ± 尾差", len(pairs), note=note)


def _told(one: Single) -> bool:
    return one.address[0] == FACTS


def _detail(one: Single) -> bool:
    """A 科目 among others: two tables are compared in all of them, code by code."""
    return one.role == "明细" and one.address[3].isdigit()


def _equal(a: Single, b: Single) -> bool:
    both = [(x, y, size) for x, y, size in zip(a.values, b.values, a.sizes, strict=True) if x is not None and y is not None]
    strong = {x for x, _, size in both if size >= SIGNIFICANT}
    wrong = sum(magnitude(x - y) > _SLACK for x, y, _ in both)
    return len(strong) >= 2 and wrong <= allowed(len(both))


def allowed(reports: int) -> int:
    """How many of so many reports may contradict a relation that is proposed all the same: one of them may be wrong."""
    return reports // 4


def likeness(a: Single, b: Single) -> int:
    """How much two figures' rows, columns and tables are called alike, in hundredths."""
    one, other = [{w[i : i + 2] for i in range(len(w) - 1)} for w in (a.words, b.words)]
    return 100 * len(one & other) // max(min(len(one), len(other)), 1)


def _sums_across(found: list[Single]) -> Iterator[Candidate]:
    """一般支出表.基本支出[合计] == 基本明细表[人员经费合计] + 基本明细表[公用经费合计]: of figures of several tables.

    One figure stands for all that are equal to it: what holds of one holds of all.
    """
    strong = [one for one in found if one.strong >= 2 and one.address[0] != FACTS and one.role != "明细"]
    kept: list[Single] = []
    for one in strong:
        if not any(_equal(one, other) for other in kept):
            kept.append(one)
    if not kept:
        return
    reports = max(range(len(kept[0].values)), key=lambda n: sum(bool(one.values[n]) for one in kept))
    index: dict[int, list[Single]] = {}
    for one in kept:
        value = one.values[reports]
        if value:
            index.setdefault(int(value) // _SLACK, []).append(one)
    order = comb(len(kept), 2) * len(kept)
    for b, c in combinations(kept, 2):
        x, y = b.values[reports], c.values[reports]
        if not x or not y:
            continue
        bucket = int(x + y) // _SLACK
        for target in [one for n in (bucket - 2, bucket - 1, bucket, bucket + 1, bucket + 2) for one in index.get(n, ())]:
            if len({one.address[0] for one in (target, b, c)}) > 1 and target not in (b, c) and _adds(target, b, c):
                text = f"{target.name} == {b.name} + {c.name} ± 尾差"
                yield Candidate("几张表相加", f"{target.name}等于{b.name}、{c.name}之和", text, order, strict=True)


def _adds(target: Single, b: Single, c: Single) -> bool:
    told = [(t, x, y) for t, x, y in zip(target.values, b.values, c.values, strict=True) if t is not None and x is not None and y is not None]
    return sum(magnitude(t - x - y) > 2 * _SLACK for t, x, y in told) <= allowed(len(told)) and len([1 for t, x, y in told if t and x and y]) >= 2
