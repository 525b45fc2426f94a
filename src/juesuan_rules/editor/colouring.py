"""Colours of expressions: semantic tokens, by what each word is."""

from __future__ import annotations

from lsprotocol import types

from juesuan_rules.editor.places import FileMap
from juesuan_rules.editor.resolving import Expression, read_expression
from juesuan_rules.editor.scanning import Token
from juesuan_rules.editor.texts import Text
from juesuan_rules.editor.views import PackView
from juesuan_rules.language.functions import find_builtin
from juesuan_rules.language.layoutnames import GROUPS

TYPES = ["keyword", "operator", "number", "string", "function", "class", "property", "variable", "enumMember", "namespace", "struct", "type"]
LEGEND = types.SemanticTokensLegend(TYPES, [])
_BY_KIND = {"keyword": "keyword", "tail": "keyword", "number": "number", "unit": "type", "string": "string", "compare": "operator", "operator": "operator"}


def semantic_tokens(map_: FileMap, text: Text, view: PackView, start: int = 0, end: int | None = None) -> types.SemanticTokens:
    """The tokens of every expression between two offsets, as the protocol counts them."""
    data: list[int] = []
    line = character = 0
    end = len(text.content) if end is None else end
    for region in map_.regions:
        if region.end < start or region.start > end:
            continue
        expression = read_expression(region, map_, view)
        for token, kind in _coloured(expression):
            at = text.position(region.start + token.start)
            behind = text.position(region.start + token.end)
            if behind.line != at.line or behind.character <= at.character:
                continue
            data += [at.line - line, at.character - (character if at.line == line else 0), behind.character - at.character, TYPES.index(kind), 0]
            line, character = at.line, at.character
    return types.SemanticTokens(data)


def _coloured(e: Expression) -> list[tuple[Token, str]]:
    links = {link.token.start: (chain, number, link) for chain in e.chains for number, link in enumerate(chain.links)}
    found = []
    for index, token in enumerate(e.tokens):
        if token.start in links:
            chain, number, link = links[token.start]
            kind = _name_kind(e, token, number == 0, link.where, chain.head)
        elif token.kind in ("name", "keyword") and index + 1 < len(e.tokens) and e.tokens[index + 1].text == "(" and find_builtin(token.text):
            kind = "function"
        else:
            kind = _BY_KIND.get(token.kind, "")
        if kind:
            found.append((token, kind))
    return found


def _name_kind(e: Expression, token: Token, first: bool, where: str, head: str) -> str:
    """Quick: by the name alone, without working out the whole address."""
    if where == "bracket":
        return "number" if token.kind == "number" else "enumMember"
    if first and token.text in e.variables:
        return "variable"
    if first or (head in ("上年", "所属单位") and where == "dot"):
        table = e.names.table(token.plain)
        if table is not None:
            return "struct" if table.form == "records" else "class"
        if token.text in ("上年", "所属单位"):
            return "namespace"
    return "enumMember" if token.text in GROUPS else "property"
