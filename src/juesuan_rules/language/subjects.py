"""Rows of tables keyed by code that the layout need not list: whether a name or code can be one at all.

What no 科目 can be is an error; what the chart of 科目 does not list may be local or new: a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from juesuan_rules.language import syntax as s
from juesuan_rules.language.addresses import MISSING_AS_ZERO, Target
from juesuan_rules.language.context import Context
from juesuan_rules.language.layoutnames import GROUPS, BlockNames
from juesuan_rules.language.misses import nearest
from juesuan_rules.names import fold, label, suggest

SUMMARY = ("合计", "小计", "总计")
"""Roles of rows that stand beside the 科目."""


def check_rows(ctx: Context, target: Target, path: s.Path) -> bool:
    """Report the rows an address names that a table keyed by code cannot have, or that its chart does not
    know. False where one of them is an error."""
    names = target.names
    if names.table.form != "codes":
        return True
    sound = [_check_row(ctx, names, item) for item in _items(path)]  # every one, not up to the first error
    return all(sound)


def _items(path: s.Path) -> Iterator[s.Item]:
    for part in path.parts:
        for item in part.items if isinstance(part, s.Selector) else ():
            yield item.item if isinstance(item, s.Exclusion) else item


def _check_row(ctx: Context, names: BlockNames, item: s.Item) -> bool:
    if isinstance(item, s.Name):
        return _check_name(ctx, names, item)
    if isinstance(item, (s.Code, s.Prefix)):
        return _check_code(ctx, names, item)
    return True


def _check_name(ctx: Context, names: BlockNames, item: s.Name) -> bool:
    wanted = label(item.text)
    if fold(item.text) in (MISSING_AS_ZERO, *GROUPS) or item.text in names.rows_by_key or wanted in names.rows_by_label:
        return True
    chart = ctx.names.chart(names)
    if chart is not None and wanted in chart.names:
        return True
    where = names.address()
    meant = [name for name in _summaries(names) if _one_off(wanted, fold(name))]
    if meant:
        ctx.report("E204", f"{where} 没有叫“{item.text}”的行", item, f"是不是想写：{'、'.join(meant)}")
        return False
    if chart is not None:
        near = suggest(wanted, [*[row.label for row in names.block.rows if row.label], *chart.names.values()])
        hint = f"是不是想写：{'、'.join(near)}" if near else f"检查名称；本地的科目按编码写，或加进规则包的词典“{chart.title}”"
        ctx.report("W306", f"{where} 不一定有叫“{item.text}”的行：版式和词典“{chart.title}”里都没有这个名称", item, hint)
    return True


def _check_code(ctx: Context, names: BlockNames, item: s.Code | s.Prefix) -> bool:
    chart = ctx.names.chart(names)
    if chart is None or item.digits in names.rows_by_key:
        return True
    first = sorted({code[0] for code in chart.codes})
    if item.digits[:1] not in first:
        ctx.report("E209", f"{names.address()} 没有编码“{item.digits}”：{chart.title}的编码以 {'、'.join(first)} 开头", item)
        return False
    unlisted = chart.unlisted(item.digits)
    if unlisted:
        what = "类" if len(unlisted) == 3 else "款"
        beside = [code for code in chart.codes if len(code) == len(unlisted) and code[:-2] == unlisted[:-2]]
        ctx.report("W306", f"编码“{item.digits}”的{what} {unlisted} 不在词典“{chart.title}”里", item, nearest(unlisted, sorted(beside)) or "检查编码")
    return True


def _summaries(names: BlockNames) -> Iterable[str]:
    """What rows beside the 科目 are called here."""
    printed = [row.label for row in names.block.rows if row.role in SUMMARY and row.label]
    return dict.fromkeys([*printed, *[name for name in SUMMARY if names.has_group(name)]])


def _one_off(wrong: str, right: str) -> bool:
    """Whether one letter is wrong, missing or too many."""
    if min(len(wrong), len(right)) < 2 or abs(len(wrong) - len(right)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b), min(len(wrong), len(right)))
    rest = wrong[same:], right[same:]
    return rest[0][1:] == rest[1][1:] or rest[0][1:] == rest[1] or rest[0] == rest[1][1:]
