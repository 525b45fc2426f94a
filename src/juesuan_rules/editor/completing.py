"""Completion inside expressions: what could come next, from the layout in scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lsprotocol import types

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.catalogue.records import FACTS, OWNER
from juesuan_rules.editor.choices import Choice, K, completion_list
from juesuan_rules.editor.describing import column_line, function_label, function_page, row_line, table_line
from juesuan_rules.editor.resolving import Expression
from juesuan_rules.editor.scanning import KEYWORDS, QUANTIFIERS, Chain, Token
from juesuan_rules.editor.texts import Text
from juesuan_rules.language.addresses import Target
from juesuan_rules.language.functions import BUILTINS, PRESENCE, find_builtin
from juesuan_rules.language.layoutnames import GROUPS, BlockNames, short_name
from juesuan_rules.language.lookup import SCOPES
from juesuan_rules.language.units import UNITS
from juesuan_rules.language.unparse import quote
from juesuan_rules.language.values import form_of

_PLAIN = re.compile(r"[^\W\d][\w·]*\Z")
_LABEL = re.compile(r"[^\W\d](?:[\w·:/]|[(（][^()（）\[\]]{0,60}[)）])*\Z")
_CHARTS = {"功能": "功能科目", "经济": "经济科目"}
"""Dictionaries that hold the names of codes, by the chart of a table."""
_OPERATORS = (
    ("==", "等于"), ("!=", "不等于"), (">=", "大于等于"), ("<=", "小于等于"), (">", "大于"), ("<", "小于"), ("± 尾差", "容许四舍五入的尾差"), ("±", "容差"),
    ("且", KEYWORDS["且"]), ("或", KEYWORDS["或"]), ("则", KEYWORDS["则"]), ("否则", KEYWORDS["否则"]), ("属于", KEYWORDS["属于"]), ("不属于", KEYWORDS["不属于"]),
    ("包含", KEYWORDS["包含"]), ("不包含", KEYWORDS["不包含"]), ("匹配", KEYWORDS["匹配"]), ("不匹配", KEYWORDS["不匹配"]),
)  # fmt: skip
_TOLERANCES = (("尾差", "各数四舍五入的尾差之和，按式子推算"), ("0", "一分不差"), ("0.01万元", "固定的容差"), ("0.02", "按所印单位"), ("0.1%", "相对误差"), ("0.5个百分点", "百分比的容差"))
_STARTERS = ("若", "每个", "存在", "唯一", "计数", "非")
_MISSING = "缺作0"


def complete_expression(expression: Expression, cursor: int, text: Text) -> types.CompletionList:
    """What could stand at an offset of an expression."""
    before = [t for t in expression.tokens if t.start < cursor]
    current = before[-1] if before and before[-1].end >= cursor and _is_word(before[-1], cursor) else None
    if current is not None:
        before = before[:-1]
    start = current.start if current is not None else cursor
    end = max(cursor, current.end if current is not None and not current.unclosed else cursor)
    prefix = expression.region.text[start:cursor]
    found = list(_choices(expression, before, current, cursor))
    base = expression.region.start
    if current is not None and current.kind == "string":
        prefix = prefix[1:]
    return completion_list(found, prefix, text, base + start, base + end)


def _is_word(token: Token, cursor: int) -> bool:
    if token.kind == "string":
        return cursor < token.end or token.unclosed
    return token.kind in ("name", "keyword", "unit", "tail") or (token.kind == "number" and token.inside == "[")


def _choices(e: Expression, before: Sequence[Token], current: Token | None, cursor: int) -> Iterator[Choice]:
    last = before[-1] if before else None
    inside = _inside(before)
    if current is not None and current.kind == "string" and current.text[:1] not in "「『":
        yield from _texts(e, before, current.text[:1])
    elif last is not None and last.text == ".":
        yield from _behind_point(e, last.start)
    elif inside == "[":
        yield from _in_brackets(e, before)
    elif inside == "{":
        return
    elif last is not None and last.text == "±":
        yield from (Choice(word, K.Constant, about) for word, about in _TOLERANCES)
    elif last is not None and last.kind == "number":
        if current is not None or last.end == cursor:
            yield from (Choice(name, K.Unit, _measure(name), rank=1) for name in UNITS if name)
        yield from _operators()
    elif last is not None and _quantifier_waits(before):
        yield Choice("属于", K.Keyword, "后面写行，如 支出表[项]", rank=0)
    elif last is not None and _ends_operand(last):
        yield from _operators()
    else:
        yield from _operands(e, before)


def _inside(before: Sequence[Token]) -> str:
    """The innermost bracket that is open before the cursor."""
    open_: list[str] = []
    for token in before:
        if token.kind == "punctuation" and token.text in "([{":
            open_.append(token.text)
        elif token.kind == "punctuation" and token.text in ")]}" and open_:
            open_.pop()
    return open_[-1] if open_ else ""


def _ends_operand(token: Token) -> bool:
    return token.kind in ("name", "string", "unit", "tail") or (token.text in (")", "]", "}", "*") and token.kind == "punctuation")


def _quantifier_waits(before: Sequence[Token]) -> bool:
    return len(before) > 1 and before[-1].kind == "name" and before[-2].kind == "keyword" and before[-2].text in QUANTIFIERS


def _operators() -> Iterator[Choice]:
    for number, (word, about) in enumerate(_OPERATORS):
        yield Choice(word, K.Keyword if word[0] in "且或则否属不包匹" else K.Operator, about, rank=number)


def _measure(unit: str) -> str:
    names = {"money": "金额", "percent": "百分比", "points": "百分点", "count": "个数", "score": "分值"}
    return names.get(UNITS[unit].measure, "")


def _operands(e: Expression, before: Sequence[Token]) -> Iterator[Choice]:
    """What an operand may begin with: variables, the rule's own rows and columns, tables, functions, keywords."""
    for name, domain in e.variables.items():
        yield Choice(name, K.Variable, f"变量：{e.region.text[domain.start : domain.end]} 的一行", rank=0)
    call = enclosing_call(before)
    parameter = _parameter(before, call)
    if parameter == "parameter":
        yield from _parameters(e, '"')
    elif parameter == "dictionary":
        yield from _dictionaries(e, '"')
    elif parameter == "presence":
        yield from (Choice(f'"{word}"', K.EnumMember) for word in PRESENCE)
    for table in e.names.layout.tables:
        yield _table(table, 2)
    if parameter in ("table", "tables"):
        return
    if e.fixed is not None or e.tables:
        yield from _bare(e)
    for table in e.names.layout.records:
        yield _table(table, 3)
    for builtin in BUILTINS:
        rank = 4 if builtin.family in ("aggregate", "hierarchy", "function", "predicate", "record", "parameter") else 7
        text = f"{builtin.name}(" if builtin.parameters else f"{builtin.name}()"
        yield Choice(builtin.name, K.Function, function_label(builtin), text, " ".join(builtin.aliases), function_page(builtin), rank)
    for word in _STARTERS:
        yield Choice(word, K.Keyword, KEYWORDS[word], f"{word} ", rank=6)
    for word, about in zip(SCOPES, ("上年的报告", "所属单位的报告"), strict=True):
        yield Choice(word, K.Module, about, f"{word}.", rank=6)


def _table(table: TableSpec, rank: int) -> Choice:
    name = short_name(table)
    kind = K.Struct if table.form == "records" else K.Class
    number = f"{table.number}表" if table.number else ""
    words = " ".join(dict.fromkeys((*table.short[1:], table.id, *table.titles, number)))
    return Choice(name, kind, table_line(table), quote(name) if not _PLAIN.match(name) else "", words, rank=rank)


def _bare(e: Expression) -> Iterator[Choice]:
    """Rows and columns of the tables the rule names, by their bare names."""
    tables = ([e.fixed] if e.fixed is not None else []) + [t for t in e.tables if e.fixed is None or t.id != e.fixed.id]
    for table in tables[:4]:
        for names in e.names.blocks(table):
            yield from _columns(names, 5)
            for row in names.block.rows:
                if row.label:
                    yield Choice(row.label, K.Field, row_line(row, names), _spelled(row.label), " ".join((row.key, *row.aliases)), rank=5)


def _columns(names: BlockNames, rank: int) -> Iterator[Choice]:
    for column in names.block.columns:
        words = " ".join((*column.aliases, column.group, f"{column.ordinal}栏" if column.ordinal is not None else ""))
        yield Choice(column.name, K.Property, column_line(column, names), _spelled(column.name), words, rank=rank)


def _behind_point(e: Expression, point: int) -> Iterator[Choice]:
    """Behind `表.`: halves, columns, row groups; facts of 文字; columns of what a variable goes through."""
    chain = _chain_before(e, point)
    if chain is None:
        return
    if chain.head in SCOPES and len(chain.links) == 1:
        yield from (_table(table, 2) for table in e.names.layout.tables)
        return
    blocks = _blocks(e, chain)
    named = {link.token.plain for link in chain.links if link.where == "dot"}
    for names in blocks:
        if names.block.name and len(names.table.blocks) > 1 and names.block.name not in named and chain.head not in e.variables:
            yield Choice(names.block.name, K.Enum, f"{short_name(names.table)}的一半", rank=0)
        if names.table.id == FACTS and len(chain.links) == 1:
            for row in names.block.rows:
                words = " ".join(row.aliases)
                yield Choice(row.label, K.Field, f"事实（{row.unit or '金额'}）", _spelled(row.label), words, rank=1)
        yield from _columns(names, 2)
        if chain.head in e.variables and len(chain.links) == 1 and form_of(e.names, Target(names)) is not None:
            yield Choice(OWNER, K.Class, "这一行所在的表单", rank=3)
    if blocks and chain.head not in e.variables:
        yield Choice("*", K.Operator, "逐栏核对", rank=8)
        for group in GROUPS:
            if any(names.has_group(group) for names in blocks):
                yield Choice(group, K.EnumMember, "行组", rank=7)


def _chain_before(e: Expression, end: int) -> Chain | None:
    found = [chain for chain in e.chains if chain.start < end and chain.links[0].token.end <= end]
    if not found:
        return None
    chain = max(found, key=lambda c: c.start)
    links = tuple(link for link in chain.links if link.token.end <= end)
    return Chain(chain.start, end, links) if links else None


def _blocks(e: Expression, chain: Chain) -> list[BlockNames]:
    """The halves of tables an unfinished address may mean."""
    variable = e.variables.get(chain.head)
    if variable is not None and chain.start != variable.start:
        target = e.target(variable)
        if target is not None and len(chain.links) > 1 and chain.links[1].token.plain == OWNER:
            target = form_of(e.names, target)
        return [target.names] if target is not None else []
    scoped = 1 if chain.head in SCOPES and len(chain.links) > 1 else 0
    table = e.names.table(chain.links[scoped].token.plain)
    if table is None:
        target = e.target(chain)
        return [target.names] if target is not None else []
    blocks = list(e.names.blocks(table))
    dotted = {link.token.plain for link in chain.links if link.where == "dot"}
    own = [b for b in blocks if b.block.name and b.block.name in dotted]
    return own or blocks


def _in_brackets(e: Expression, before: Sequence[Token]) -> Iterator[Choice]:
    """In `表[…]`: standard rows, codes with their names, printed 行次, row groups, 缺作0."""
    opening = _opening(before)
    chain = _chain_before(e, opening)
    if chain is not None and any(t.end == opening or _touches(e, t.end, opening) for t in before):
        blocks = _blocks(e, chain)
    else:
        blocks = list(e.names.blocks(e.fixed) if e.fixed is not None else ())
    for names in blocks:
        for row in names.block.rows:
            if row.label:
                words = " ".join((row.key, *row.aliases, f"{row.line}行" if row.line is not None else ""))
                several = len(names.rows_by_label.get(row.label, ())) > 1 and row.line is not None
                yield Choice(row.label, K.Field, row_line(row, names), f"{row.line}行" if several else _label(row.label), words, rank=1)
        yield from _codes(e, names)
    for group in GROUPS:
        if any(names.has_group(group) for names in blocks):
            yield Choice(group, K.EnumMember, "行组", rank=2)
    yield Choice("非 ", K.Keyword, KEYWORDS["非"], rank=6)
    yield Choice(_MISSING, K.Keyword, "没有这一行时当作 0", rank=6)
    yield Choice("*", K.Operator, "每一行", rank=7)


def _codes(e: Expression, names: BlockNames) -> Iterator[Choice]:
    chart = next((name for name in _CHARTS if names.table.chart.startswith(name)), "")
    dictionary = e.names.layout.dictionary(_CHARTS[chart]) if chart else None
    if dictionary is None:
        return
    own = names.rows_by_key
    for code, name in dictionary.entries:
        digits = code.rstrip("*")
        if digits.isdigit() and digits not in own and len(digits) in names.code_lengths:
            shown = name.split("|")[0]
            yield Choice(f"{digits} {shown}".rstrip(), K.Value, f"{dictionary.name}（{'类款项'[(len(digits) - 3) // 2]}）", digits, f"{digits} {name.replace('|', ' ')}", rank=3)


def _opening(before: Sequence[Token]) -> int:
    """The offset of the square bracket that is open before the cursor."""
    level = 0
    for token in reversed(before):
        if token.kind == "punctuation" and token.text == "]":
            level += 1
        elif token.kind == "punctuation" and token.text == "[":
            if not level:
                return token.start
            level -= 1
    return 0


def _touches(e: Expression, end: int, opening: int) -> bool:
    return end <= opening and not e.region.text[end:opening].strip()


def enclosing_call(before: Sequence[Token]) -> int:
    """The place in `before` of the name of the call whose bracket is open; -1 where there is none."""
    level = 0
    for at in range(len(before) - 1, 0, -1):
        token = before[at]
        if token.kind != "punctuation":
            continue
        if token.text in ")]}":
            level += 1
        elif token.text in "([{":
            if not level:
                return at - 1 if token.text == "(" and before[at - 1].kind in ("name", "keyword") else -1
            level -= 1
    return -1


def _parameter(before: Sequence[Token], call: int) -> str:
    """The kind of the argument being typed of the call there; "" unknown."""
    builtin = find_builtin(before[call].text) if call >= 0 else None
    if builtin is None or not builtin.parameters:
        return ""
    number = argument_number(before, call)
    return builtin.parameters[min(number, len(builtin.parameters) - 1)]


def argument_number(before: Sequence[Token], call: int) -> int:
    """How many commas of its own stand behind the call's bracket."""
    level = count = 0
    for token in before[call + 2 :]:
        if token.kind == "punctuation" and token.text in "([{":
            level += 1
        elif token.kind == "punctuation" and token.text in ")]}":
            level -= 1
        elif token.text == "," and not level:
            count += 1
    return count


def _texts(e: Expression, before: Sequence[Token], mark: str) -> Iterator[Choice]:
    """Inside a text between quotation marks: names of parameters and dictionaries."""
    parameter = _parameter(before, enclosing_call(before))
    if parameter == "parameter":
        yield from _parameters(e, mark)
    elif parameter == "dictionary":
        yield from _dictionaries(e, mark)
    elif parameter == "presence":
        yield from (Choice(word, K.EnumMember, text=_between(word, mark)) for word in PRESENCE)


def _parameters(e: Expression, mark: str) -> Iterator[Choice]:
    for name, value in e.names.layout.parameters:
        yield Choice(name, K.Constant, f"参数，现在是 {value}", _between(name, mark), rank=0)


def _dictionaries(e: Expression, mark: str) -> Iterator[Choice]:
    for one in e.names.layout.dictionaries:
        yield Choice(one.name, K.Reference, f"词典，{len(one.entries)} 项", _between(one.name, mark), rank=0)


def _between(name: str, mark: str) -> str:
    return f"{mark}{name}{'”' if mark == '“' else mark}"


def _spelled(name: str) -> str:
    """A name as it must be written outside square brackets."""
    return name if _PLAIN.match(name) else quote(name)


def _label(name: str) -> str:
    """A name as it must be written in square brackets."""
    return name if _LABEL.match(name) and name not in KEYWORDS else quote(name)
