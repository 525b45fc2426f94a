"""Records to plain tuples and back, for a closed list of record types: what caches are written in.

A record becomes `[number, *fields]`; lists occur nowhere else in the records, so they mark it.
Nothing but the types below can ever be built from a cache file.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from msgspec.structs import fields

_TYPES = (
    "documents.model:Place",
    "documents.model:Source",
    "documents.model:GridCell",
    "documents.model:GridBlock",
    "documents.model:TextBlock",
    "findings:Operand",
    "findings:Basis",
    "findings:Finding",
    "findings:Cause",
    "results:TableSeen",
    "results:RoundingLine",
    "results:ReportResult",
    "reports.model:Identity",
    "reports.model:Problem",
    "packs.model:PackDigest",
    "packs.model:Manifest",
    "catalogue.model:RowSpec",
    "catalogue.model:ColumnSpec",
    "catalogue.model:BlockSpec",
    "catalogue.model:TableSpec",
    "catalogue.model:Layout",
    "documents.model:Document",
    "reports.model:Correction",
    "catalogue.model:FactSpec",
    "catalogue.model:FormSpec",
    "catalogue.model:Dictionary",
    "results:Companion",
    "findings:Waiver",
    "results:WaiverUse",
    "findings:Decision",
    "results:DecisionUse",
)
_NUMBERS = {name: number for number, name in enumerate(_TYPES)}
_FRACTION = -1
_FLAT = frozenset({_NUMBERS["catalogue.model:Dictionary"]})
"""Records of plain values only, thousands of them at times: nothing inside is looked at again."""
_PACKAGE = __name__.split(".")[0]
_SKIPPED = {"by_name"}
"""Fields that are indexes over the others and are built again on use."""


class CodecError(ValueError):
    """The value holds something that is no record of ours."""


def encode(value: Any) -> Any:
    """The value as nested tuples, dicts, lists and scalars that `marshal` can write."""
    kind: Any = type(value)
    if kind is tuple:
        return tuple([encode(item) for item in value])
    if value is None or kind in (str, int, bool, float):
        return value
    if kind is dict:
        return {key: encode(item) for key, item in value.items()}
    name = f"{kind.__module__}:{kind.__qualname__}".removeprefix(_PACKAGE + ".")
    if name in _NUMBERS and _NUMBERS[name] in _FLAT:
        return [_NUMBERS[name], *[getattr(value, field) for field in _fields(kind)]]
    if name in _NUMBERS:
        return [_NUMBERS[name], *[encode(getattr(value, field)) for field in _fields(kind)]]
    if name == "fractions:Fraction":
        return [_FRACTION, value.numerator, value.denominator]
    raise CodecError(f"不能存入缓存：{name}")


def decode(plain: Any) -> Any:
    """The value again. Raises CodecError (or TypeError) where `plain` is not what `encode` writes."""
    kind = type(plain)
    if kind is tuple:
        return tuple([decode(item) if type(item) in _NESTED else item for item in plain])
    if kind is list:
        number = plain[0]
        if number in _FLAT:
            return _build(number)(*plain[1:])
        values = [decode(item) if type(item) in _NESTED else item for item in plain[1:]]
        return _build(number)(*values)
    if kind is dict:
        return {key: decode(item) for key, item in plain.items()}
    return plain


_NESTED = frozenset((tuple, list, dict))


@cache
def _build(number: int) -> Any:
    if number == _FRACTION:
        from fractions import Fraction

        return Fraction
    if not 0 <= number < len(_TYPES):
        raise CodecError("缓存里有不认识的记录")
    module, _, name = _TYPES[number].partition(":")
    return getattr(import_module(f"{_PACKAGE}.{module}"), name)


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in _SKIPPED)
