"""Syntax tree → text, in the one canonical spelling. Reading it back gives the same tree."""

from __future__ import annotations

import re

from juesuan_rules.language import syntax as s

_PLAIN_NAME = re.compile(r"[^\W\d][\w·]*\Z")
_ANY, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _UNARY, _ATOM = range(9)
_LEVEL = {s.Conditional: _ANY, s.Quantified: _ANY, s.Negation: _NOT, s.Comparison: _COMPARISON, s.Member: _COMPARISON, s.TextTest: _COMPARISON, s.Negative: _UNARY}


def unparse(node: s.Node) -> str:
    """The text of a node, as a rule would write it."""
    return _text(node, _ANY)


def brief(node: s.Node, limit: int = 24) -> str:
    """The text of a node, cut where it is long, for naming it in a message."""
    text = unparse(node)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quote(text: str) -> str:
    """A name or text between quotation marks that do not occur in it."""
    if "」" not in text:
        return f"「{text}」"
    return f"『{text}』" if "』" not in text else f'"{text}"'


def _level(node: s.Node) -> int:
    if isinstance(node, s.Binary):
        return _SUM if node.operator in "+-" else _PRODUCT
    if isinstance(node, s.Logic):
        return _OR if node.operator == "或" else _AND
    if isinstance(node, s.Negation) and isinstance(node.operand, s.Quantified | s.Conditional):
        return _ANY if isinstance(node.operand, s.Quantified) else _NOT
    return _LEVEL.get(type(node), _ATOM)


def _text(node: s.Node, least: int) -> str:
    """The node's text, in brackets where it binds more loosely than its place allows."""
    level = _level(node)
    if isinstance(node, s.Negation) and level == _NOT and _open_ended(node):
        level = _ANY
    text = _compound(node) if level < _ATOM else _atom(node)
    return f"({text})" if level < least else text


def _open_ended(node: s.Negation) -> bool:
    """Whether a 非 … ends in a quantifier, which takes everything behind it."""
    operand: s.Node = node
    while isinstance(operand, s.Negation):
        operand = operand.operand
    return isinstance(operand, s.Quantified)


def _compound(node: s.Node) -> str:
    match node:
        case s.Conditional(condition, then, otherwise):
            inner = _text(then, _OR) if otherwise is not None else _text(then, _ANY)
            tail = f" 否则 {_text(otherwise, _ANY)}" if otherwise is not None else ""
            return f"若 {_text(condition, _OR)} 则 {inner}{tail}"
        case s.Quantified(kind, variable, domain, body):
            return f"{kind} {_atom(variable)} 属于 {_atom(domain)}：{_text(body, _ANY)}"
        case s.Negation(operand):
            return f"非 {_text(operand, _ANY if isinstance(operand, s.Quantified) or (isinstance(operand, s.Negation) and _open_ended(operand)) else _NOT)}"
        case s.Logic(operator, parts):
            least = _AND if operator == "或" else _NOT
            return f" {operator} ".join(_text(p, least) for p in parts)
        case s.Comparison(operands, operators, tolerance):
            return _comparison(operands, operators, tolerance)
        case s.Member(value, choices, negated):
            return f"{_text(value, _SUM)} {'不属于' if negated else '属于'} {{{', '.join(_atom(c) for c in choices)}}}"
        case s.TextTest(test, value, pattern, negated):
            return f"{_text(value, _SUM)} {'不' if negated else ''}{test} {quote(pattern.text)}"
        case s.Binary(operator, left, right):
            level = _level(node)
            return f"{_text(left, level)} {operator} {_text(right, level + 1)}"
        case s.Negative(operand):
            return f"-{_text(operand, _UNARY)}"
    raise TypeError(f"no text for {type(node).__name__}")


def _comparison(operands: tuple[s.Expression, ...], operators: tuple[str, ...], tolerance: s.Tolerance | None) -> str:
    text = _text(operands[0], _SUM)
    for operator, operand in zip(operators, operands[1:], strict=True):
        text += f" {operator} {_text(operand, _SUM)}"
    return text if tolerance is None else f"{text} {_atom(tolerance)}"


def _atom(node: s.Node) -> str:
    match node:
        case s.Number(digits, unit):
            return digits + unit
        case s.Name(text, quoted):
            return quote(text) if quoted else text
        case s.Star():
            return "*"
        case s.Column(ordinal):
            return f"{ordinal}栏"
        case s.Lines(first, last):
            return f"{first}行" if last is None else f"{first}..{last}行"
        case s.Code(digits):
            return digits
        case s.Prefix(digits):
            return f"{digits}*"
        case s.Exclusion(item):
            return f"非 {_atom(item)}"
        case s.Selector(items):
            return f"[{', '.join(_atom(i) for i in items)}]"
        case s.Path(parts):
            return "".join(_atom(p) if i == 0 or isinstance(p, s.Selector) else f".{_atom(p)}" for i, p in enumerate(parts))
        case s.Call(name, arguments):
            # Brackets: in 若 甲 则 乙, 丙 the comma would wait for 否则.
            return f"{name}({', '.join(_text(a, _OR) for a in arguments)})"
        case s.Tolerance(number):
            return f"± {'尾差' if number is None else _atom(number)}"
    raise TypeError(f"no text for {type(node).__name__}")
