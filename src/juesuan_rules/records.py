"""`dataclass` and `field` as in the standard library, made nine times as fast.

Up to Python 3.12 the standard decorator compiles six functions for every class, half a millisecond
each time; with the hundred and more records of this program that was a fifth of a whole run. Here
one function is compiled (`__init__`), the others are shared, and what compares or hashes a record
is compiled when the first two records are compared. Records stay dataclasses in every other way:
`fields`, `replace`, `pickle`, `match`, and type checkers, which see the standard decorator.

Supported are the arguments this program uses: frozen, slots, eq, kw_only; and of `field`: default,
default_factory, compare, repr. `__post_init__` is called. Anything else raises TypeError.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, kw_only: bool = False) -> Any:
        """As `dataclasses.dataclass`, for the arguments named."""
        if cls is None:
            return lambda plain: _build(plain, frozen, slots, eq, kw_only)
        return _build(cls, frozen, slots, eq, kw_only)


_MISSING = dataclasses.MISSING
_NOT_GIVEN: Any = dataclasses._HAS_DEFAULT_FACTORY  # type: ignore[attr-defined]
_Fields = dict[str, Any]


def _build(cls: type, frozen: bool, slots: bool, eq: bool, kw_only: bool) -> type:
    inherited: _Fields = {}
    for base in reversed(cls.__mro__[1:]):
        inherited.update(getattr(base, "__dataclass_fields__", {}))
    body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    own = {name: _field(name, note, body.get(name, _MISSING), kw_only) for name, note in body.get("__annotations__", {}).items()}
    every = {**inherited, **own}
    for name, one in own.items():
        body.pop(name, None)
        if not slots and one.default is not _MISSING:
            body[name] = one.default
    if slots:
        taken = {slot for base in cls.__mro__[1:] for slot in getattr(base, "__slots__", ())}
        body["__slots__"] = tuple(name for name in every if name not in taken)
    body.update(__dataclass_fields__=every, __dataclass_params__=_params(eq, frozen), __match_args__=tuple(n for n, f in every.items() if not f.kw_only))
    body.setdefault("__repr__", _repr)
    if eq:
        compared = [name for name, one in every.items() if one.compare]
        body.setdefault("__eq__", _equality(compared))
        body.setdefault("__hash__", _hashing(compared) if frozen else None)
    if frozen:
        body.update(__setattr__=_refuse_set, __delattr__=_refuse_delete)
        if slots:
            body.update(__getstate__=_state, __setstate__=_restore)
    init, scope = _initialiser(every, frozen, hasattr(cls, "__post_init__"))
    body["__init__"] = init
    made = type(cls)(cls.__name__, cls.__bases__, body)
    for number, name in enumerate(every):
        # A slot's own setter is the fastest way past the refusal to assign.
        setter = getattr(made, name).__set__ if slots else None
        scope[f"set{number}"] = setter or (lambda record, value, name=name: object.__setattr__(record, name, value))
    return made


def _field(name: str, note: Any, default: Any, kw_only: bool) -> Any:
    if isinstance(note, str) and note.startswith(("ClassVar", "InitVar", "typing.ClassVar")):
        raise TypeError(f"{name}: {note} is not supported")
    made: Any = default if isinstance(default, dataclasses.Field) else field() if default is _MISSING else field(default=default)
    if made.default.__class__ in (list, dict, set):
        raise ValueError(f"mutable default {type(made.default)} for field {name} is not allowed: use default_factory")
    if not made.init or made.hash is not None:
        raise TypeError(f"{name}: init and hash are not supported")
    made.name, made.type, made._field_type = name, note, dataclasses._FIELD  # type: ignore[attr-defined]
    made.kw_only = kw_only if made.kw_only is _MISSING else made.kw_only
    return made


def _initialiser(every: _Fields, frozen: bool, after: bool) -> tuple[Callable[..., None], dict[str, Any]]:
    """`__init__`, and the scope it runs in, where the setters of a frozen record are still to be put."""
    scope: dict[str, Any] = {"NOT_GIVEN": _NOT_GIVEN}
    plain: list[str] = []
    named: list[str] = []
    lines: list[str] = []
    optional = ""
    for number, (name, one) in enumerate(every.items()):
        value = name
        where = named if one.kw_only else plain
        if one.default_factory is not _MISSING:
            scope[f"default{number}"] = one.default_factory
            value = f"default{number}() if {name} is NOT_GIVEN else {name}"
            where.append(f"{name}=NOT_GIVEN")
        elif one.default is not _MISSING:
            scope[f"default{number}"] = one.default
            where.append(f"{name}=default{number}")
        elif optional and where is plain:
            raise TypeError(f"field {name} without a default follows {optional}, which has one")
        else:
            where.append(name)
        optional = name if where is plain and "=" in where[-1] else optional
        lines.append(f"set{number}(self, {value})" if frozen else f"self.{name} = {value}")
    lines += ["self.__post_init__()"] if after else []
    head = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    exec(f"def __init__({head}):\n " + "\n ".join(lines or ["pass"]), scope)  # noqa: S102 - text made from field names only
    return scope["__init__"], scope


def _equality(names: list[str]) -> Callable[[Any, object], Any]:
    """`==`: compiled when it is first needed, since most records are never compared."""

    def __eq__(self: Any, other: object) -> Any:
        kind = self.__class__
        if other.__class__ is not kind:
            return NotImplemented
        ours, theirs = ("".join([f"{side}.{name}, " for name in names]) for side in ("self", "other"))
        compiled = _compiled("__eq__", "self, other", f"(({ours}) == ({theirs})) if other.__class__ is self.__class__ else NotImplemented")
        _replace(kind, __eq__, compiled)
        return compiled(self, other)

    return __eq__


def _hashing(names: list[str]) -> Callable[[Any], int]:
    """`hash`: compiled when it is first needed."""

    def __hash__(self: Any) -> int:
        values = "".join([f"self.{name}, " for name in names])
        compiled = _compiled("__hash__", "self", f"hash(({values}))")
        _replace(self.__class__, __hash__, compiled)
        result: int = compiled(self)
        return result

    return __hash__


def _compiled(name: str, arguments: str, result: str) -> Callable[..., Any]:
    scope: dict[str, Any] = {}
    exec(f"def {name}({arguments}):\n return {result}", scope)  # noqa: S102 - text made from field names only
    made: Callable[..., Any] = scope[name]
    return made


def _replace(kind: type, stub: Callable[..., Any], compiled: object) -> None:
    """Put the compiled function where the stub stands: on the class itself or on the base that has it."""
    for base in kind.__mro__:
        if vars(base).get(stub.__name__) is stub:
            setattr(base, stub.__name__, compiled)


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name, one in self.__dataclass_fields__.items() if one.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


def _params(eq: bool, frozen: bool) -> Any:
    """What the standard library notes of a dataclass; `replace` and debuggers look at it."""
    made = object.__new__(_Params)
    made.init, made.repr, made.eq, made.order, made.unsafe_hash, made.frozen = True, True, eq, False, False, frozen
    return made


class _Params:
    """The arguments a record was made with."""

    init: bool
    repr: bool
    eq: bool
    order: bool
    unsafe_hash: bool
    frozen: bool
