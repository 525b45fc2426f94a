"""What to say about an address that means nothing, or more than one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from juesuan_rules.language import syntax as s
from juesuan_rules.language.addresses import Miss, Target
from juesuan_rules.language.context import Context
from juesuan_rules.language.layoutnames import BlockNames, short_name
from juesuan_rules.language.unparse import unparse
from juesuan_rules.names import fold, suggest

_SHOWN = 8
_KEYWORDS = ("且", "或", "则", "属于", "包含", "匹配")


def nearest(wrong: str, known: Iterable[str]) -> str:
    """A hint: the names nearest to a wrong one, or else what there is to choose from."""
    choices = list(dict.fromkeys(known))
    near = suggest(fold(wrong), choices)
    if near:
        return f"是不是想写：{'、'.join(near)}"
    return listed(choices)


def listed(choices: Sequence[str]) -> str:
    """A hint: what there is to choose from."""
    if not choices:
        return ""
    more = f" 等 {len(choices)} 个" if len(choices) > _SHOWN else ""
    return f"可以写：{'、'.join(choices[:_SHOWN])}{more}"


def keyword_inside(name: str) -> str:
    """A hint where a name swallowed a keyword because a space is missing, else ""."""
    for keyword in _KEYWORDS:
        at = name.find(keyword, 1)
        if at > 0 and name[at + len(keyword) :]:
            return f"若“{keyword}”不是名称的一部分，两边要空一格：{name[:at]} {keyword} {name[at + len(keyword) :]}"
    for keyword in ("若", "非"):
        if name.startswith(keyword) and len(name) > 1:
            return f"若“{keyword}”不是名称的一部分，后面要空一格：{keyword} {name[1:]}"
    return ""


def describe(target: Target) -> str:
    """A place in a block as a rule would write it."""
    names, rows = target.names, target.rows
    text = names.address()
    if rows is not None and rows[0] == "key":
        row = names.rows_by_key.get(rows[1])
        twice = row is not None and len(names.rows_by_label.get(fold(row.label), ())) > 1
        text = names.address(row, by_line=twice) if row is not None else f"{text}[{rows[1]}]"
    elif rows is not None and rows[0] == "group":
        text += f"[{rows[1]}]"
    if target.column and len(names.block.columns) > 1:
        text += f".{target.column}"
    return text


def report_miss(ctx: Context, misses: Sequence[tuple[BlockNames, Miss]], whole: s.Path) -> None:
    """Report why no block fits: the reason that got furthest, with the choices of all such blocks."""
    if ctx.full:
        return
    furthest = max(miss.progress for _, miss in misses)
    late = [(names, miss) for names, miss in misses if miss.progress == furthest]
    names, miss = next(((n, m) for n, m in late if m.what not in ("no lines", "code", "ordinal", "column")), late[0])
    choices = list(dict.fromkeys(c for _, m in late if m.what == miss.what for c in m.choices))
    several = len(names.table.blocks) > 1 and len(late) == len(names.table.blocks)
    where = short_name(names.table) if several else names.address()
    node = miss.node if miss.node.end else whole
    if miss.what == "fact":
        ctx.report("E213", f"规则包没有声明叫“{_typed(miss.node)}”的事实", node, nearest(_typed(miss.node), choices) or "事实由规则包的 facts/ 声明")
        return
    _say(ctx, miss.what, where, node, _typed(miss.node), choices)


def _typed(node: s.Node) -> str:
    return node.text if isinstance(node, s.Name) else unparse(node)


def _say(ctx: Context, what: str, where: str, node: s.Node, typed: str, choices: list[str]) -> None:
    """One message per reason."""
    hint = listed(choices)
    if what == "name":
        ctx.report("E203", f"{where} 没有叫“{typed}”的栏目或部分", node, keyword_inside(typed) or nearest(typed, choices))
    elif what == "row":
        ctx.report("E204", f"{where} 没有叫“{typed}”的行", node, nearest(typed, choices))
    elif what == "several":
        ctx.report("E202", f"{where} 里叫“{typed}”的行不止一个", node, f"写明是哪一个：{'、'.join(choices)}")
    elif what == "no lines":
        ctx.report("E205", f"{where} 没有行次", node, "按编码或名称写行，如 支出表[2010301]、支出表[合计]")
    elif what in ("line", "range"):
        ctx.report("E205", f"{where} 没有 {typed}", node, f"行次的范围是 {'、'.join(choices)}，从小到大写")
    elif what == "ordinal":
        ctx.report("E206", f"{where} 没有第 {typed}", node, hint)
    elif what == "column":
        ctx.report("E204", f"“{typed}”是栏目，不是行", node, f"方括号里写行，栏目写在“.”后面：{choices[0]}")
    elif what == "columns":
        ctx.report("E207", f"{where} 有几个金额栏，要写明是哪一栏", node, hint)
    elif what == "code as line":
        ctx.report("E209", f"{where} 的行没有编码“{typed}”", node, f"若指行次，写成 [{typed}行]")
    elif what == "code length":
        ctx.report("E209", f"编码“{typed}”位数不对：{where} 的编码是 {'、'.join(choices)} 位", node)
    elif what in ("code", "prefix"):
        ctx.report("E209", f"{where} 没有编码“{typed}”", node, nearest(typed, choices))
    elif what == "levels":
        ctx.report("E215", "一行不会同时是两级科目", node, "类、款、项只写一个；要分别核对，请分成几条 check")
    elif what == "labels":
        ctx.report("E215", "一个方括号里只能写一个行名", node, "分开写，如 支出表[行政运行] 和 支出表[事业运行]；或按编码写几个")
    else:
        ctx.report("E215", "栏目写了两次", node, "一个地址里只写一栏")


def report_several(ctx: Context, targets: Sequence[Target], node: s.Path) -> None:
    """Report an address that fits several places, listing them as they should be written."""
    places = list(dict.fromkeys(describe(t) for t in targets))
    ctx.report("E202", f"“{unparse(node)}”不止一处", node, f"写明是哪一处：{'、'.join(places[:_SHOWN])}")


def report_columns(ctx: Context, target: Target, node: s.Path) -> None:
    """Report an address that names no column where the block has several."""
    columns = [c.name for c in target.names.block.columns]
    ctx.report("E207", f"{describe(target)} 有 {len(columns)} 个{'' if target.names.is_records else '金额'}栏，要写明是哪一栏", node, f"可以写：{'、'.join(columns)}；逐栏核对写 .*")
