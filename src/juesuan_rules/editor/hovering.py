"""Hover and signature help: what the word under the cursor is, and what it comes to in the chosen report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lsprotocol import types

from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.editor.completing import argument_number, enclosing_call
from juesuan_rules.editor.describing import (
    column_page,
    dictionary_page,
    fact_page,
    function_label,
    function_page,
    keyword_page,
    row_page,
    rule_page,
    table_page,
    unit_page,
)
from juesuan_rules.editor.keys import describe_key
from juesuan_rules.editor.places import FileMap, Node
from juesuan_rules.editor.resolving import Expression, Meaning, read_expression
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.texts import Text
from juesuan_rules.editor.views import PackView
from juesuan_rules.language.functions import PARAMETER_ZH, find_builtin
from juesuan_rules.language.layoutnames import short_name
from juesuan_rules.language.misses import describe

Values = Callable[[str], str]
_SCOPES_ZH = {"上年": "上年的报告（--prior）", "所属单位": "所属单位的报告（--units）"}


def hover(session: Session, path: Path, position: types.Position) -> types.Hover | None:
    """What stands at a position of a file."""
    kind, text = session.files.kind(path), session.files.text(path)
    map_ = session.files.map(path, kind)
    if not kind or text is None or map_ is None:
        return None
    offset, view = text.offset(position), session.view(path)
    region = map_.region_at(offset)
    if region is None:
        return _hover_yaml(session, map_, offset, view, text)
    expression = read_expression(region, map_, view)
    meaning = expression.meaning_at(offset - region.start)
    if meaning is None:
        return None
    fixed = expression.fixed.id if expression.fixed is not None else None

    def values(what: str) -> str:
        return session.figures.values(what, view.layout, fixed)

    page = _page(expression, meaning, view, values)
    where = text.range(region.start + meaning.token.start, region.start + meaning.token.end)
    return _hover(page, where) if page else None


def _hover(page: str, where: types.Range) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, page), where)


def _page(e: Expression, meaning: Meaning, view: PackView, values: Values) -> str:
    token = meaning.token
    if meaning.builtin is not None:
        return function_page(meaning.builtin) + values(_call_text(e, token.start))
    if meaning.what == "variable" and meaning.chain is not None:
        domain = e.region.text[meaning.chain.start : meaning.chain.end]
        return f"**{token.text}**　变量：{domain} 的每一行"
    if meaning.what == "scope":
        return f"**{token.text}**　{_SCOPES_ZH.get(token.text, '')}"
    page = _definition(meaning, view)
    if page:
        return page + _address(e, meaning, values)
    if token.kind == "string":
        return _text_page(e, token.plain, view)
    if token.kind == "keyword":
        return keyword_page(token.text)
    return unit_page(token.text) if token.kind == "unit" else ""


def _definition(meaning: Meaning, view: PackView) -> str:
    names = meaning.block
    if meaning.what in ("table", "records") and meaning.table is not None:
        return table_page(meaning.table)
    if names is None:
        return ""
    if meaning.column is not None:
        return column_page(meaning.column, names)
    if meaning.row is not None:
        fact = next((f for f in view.layout.facts if names.table.id == FACTS and f.name == meaning.row.key), None)
        return fact_page(fact) if fact is not None else row_page(meaning.row, names)
    if meaning.what == "block":
        return f"**{names.address()}**　{short_name(names.table)}的一半：{len(names.block.rows)} 行，栏目 {'、'.join(c.name for c in names.block.columns)}"
    if meaning.what == "group":
        return f"**{meaning.token.plain}**　行组：{names.address()} 里这一类的行"
    if meaning.what == "row":
        return f"**{meaning.token.plain}**　{names.address()} 的一行{_code_name(meaning, view)}"
    return ""


def _code_name(meaning: Meaning, view: PackView) -> str:
    """The name of a code, from the dictionary of its chart."""
    if meaning.block is None or not meaning.token.plain.isdigit():
        return "（表样没有列出，报告里可以有）"
    chart = "功能科目" if meaning.block.table.chart.startswith("功能") else "经济科目"
    dictionary = view.layout.dictionary(chart)
    name = dict(dictionary.entries).get(meaning.token.plain, "") if dictionary is not None else ""
    return f"：{name.replace('|', ' 或 ')}" if name else ""


def _address(e: Expression, meaning: Meaning, values: Values) -> str:
    """The canonical spelling of the whole address, and its values in the chosen report."""
    chain = meaning.chain
    if chain is None or chain.head in e.variables:
        return ""
    target = e.target(chain)
    if target is None:
        return ""
    written = e.region.text[chain.start : chain.end]
    shown = describe(target)
    return f"\n\n地址：`{shown}`" + (values(written) if target.column else "")


def _call_text(e: Expression, start: int) -> str:
    """A call from its name to its closing bracket; "" where it is not closed."""
    level = 0
    for token in e.tokens:
        if token.start <= start or token.kind != "punctuation":
            continue
        if token.text == "(":
            level += 1
        elif token.text == ")":
            level -= 1
            if level == 0:
                return e.region.text[start : token.end]
    return ""


def _text_page(e: Expression, name: str, view: PackView) -> str:
    parameters = view.names.parameters
    if name in parameters:
        return f"**{name}**　参数，现在是 {parameters[name]}"
    return dictionary_page(name, view.layout)


def _hover_yaml(session: Session, map_: FileMap, offset: int, view: PackView, text: Text) -> types.Hover | None:
    """On a rule's id the rule, on the name of a table the table, on a key what it is for."""
    node = next((n for n in reversed(map_.nodes) if n.key_start <= offset <= max(n.key_end, n.value_end)), None)
    if node is None:
        return None
    on_value = node.value_start <= offset <= node.value_end and node.value_end > node.value_start
    if on_value and (page := _value_page(session, map_, node, view)):
        return _hover(page, text.range(node.value_start, node.value_end))
    if on_value or node.is_item:
        return None
    page = _case_page(map_, node, view) or describe_key(map_.kind, node.path)
    return _hover(f"**{node.path[-1]}**　{page}", text.range(node.key_start, node.key_end)) if page else None


def _value_page(session: Session, map_: FileMap, node: Node, view: PackView) -> str:
    value, last = map_.text(node), node.path[-1]
    if (map_.kind == "rules" and last == "id" and len(node.path) == 3) or (last == "rule" and map_.kind in ("cases", "overrides", "waivers")):
        rule = next((r for r in view.rules if r.id == value), None)
        if rule is None:
            return ""
        results = "".join(session.figures.values(check.text, view.layout, rule.table) for check in rule.checks[:1])
        return rule_page(rule) + results
    if last == "表" and (table := view.names.table(value)) is not None:
        return table_page(table)
    return ""


def _case_page(map_: FileMap, node: Node, view: PackView) -> str:
    """A table or row named by a key of a case."""
    if map_.kind != "cases" or "tables" not in node.path:
        return ""
    inside = node.path[node.path.index("tables") + 1 :]
    table = view.names.table(str(inside[0])) if inside else None
    if table is None:
        return ""
    if len(inside) == 1:
        return table_page(table)
    for names in view.names.blocks(table):
        for row in names.block.rows:
            if str(inside[1]) in (row.key, row.label, *row.aliases):
                return row_page(row, names)
    return ""


def signature_help(session: Session, path: Path, position: types.Position) -> types.SignatureHelp | None:
    """The built-in whose brackets the cursor stands in, and which of its arguments."""
    kind, text = session.files.kind(path), session.files.text(path)
    map_ = session.files.map(path, kind)
    if text is None or map_ is None:
        return None
    offset = text.offset(position)
    region = map_.region_at(offset)
    if region is None:
        return None
    expression = read_expression(region, map_, session.view(path))
    before = [t for t in expression.tokens if t.start < offset - region.start]
    call = enclosing_call(before)
    builtin = find_builtin(before[call].text) if call >= 0 else None
    if builtin is None:
        return None
    number = argument_number(before, call)
    parameters = [types.ParameterInformation(PARAMETER_ZH[p]) for p in builtin.parameters]
    active = min(number, len(parameters) - 1) if parameters else None
    signature = types.SignatureInformation(
        label=function_label(builtin),
        documentation=types.MarkupContent(types.MarkupKind.Markdown, f"{builtin.doc}\n\n`{builtin.example}`"),
        parameters=parameters,
        active_parameter=active,
    )
    return types.SignatureHelp([signature], active_signature=0, active_parameter=active)


