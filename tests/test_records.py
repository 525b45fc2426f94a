"""Records behave as the standard library's dataclasses do, class by class and value by value."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules import records
from juesuan_rules.records import dataclass, field

Decorator = Callable[..., Any]
BOTH = pytest.mark.parametrize("decorate", [dataclasses.dataclass, records.dataclass], ids=["standard", "ours"])


@dataclass(frozen=True, slots=True)
class Point:
    """A record at module level, so that it can be pickled."""

    x: int
    y: int = 0
    note: str = field(default="", compare=False)
    tags: tuple[str, ...] = field(default_factory=tuple, repr=False)


def family(decorate: Decorator) -> tuple[Any, ...]:
    """A frozen record with slots, one that extends it, a mutable one, one without slots."""

    @decorate(frozen=True, slots=True)
    class Base:
        """Doc."""

        a: int
        b: str = "b"
        c: int = dataclasses.field(default=0, compare=False)

        @property
        def double(self) -> int:
            return self.a * 2

    @decorate(frozen=True, slots=True)
    class More(Base):
        """Doc."""

        d: list[int] = dataclasses.field(default_factory=list, compare=False, repr=False)

    @decorate(slots=True)
    class Open:
        """Doc."""

        a: int
        b: list[int] = dataclasses.field(default_factory=list)
        seen: int = dataclasses.field(default=0)

        def __post_init__(self) -> None:
            self.seen += 1

    @decorate(frozen=True)
    class Loose:
        """Doc."""

        a: int
        b: int = 7

        @cached_property
        def total(self) -> int:
            return self.a + self.b

    @decorate(frozen=True, slots=True, kw_only=True)
    class Named:
        """Doc."""

        a: int
        b: int = 1
        c: int

    @decorate(frozen=True, slots=True, eq=False)
    class Single:
        """Doc."""

        a: int

    @decorate(frozen=True, slots=True)
    class Empty:
        """Doc."""

    return Base, More, Open, Loose, Named, Single, Empty


@BOTH
def test_values_and_defaults(decorate: Decorator) -> None:
    base, more, mutable, loose, named, _, empty = family(decorate)
    one = more(1, d=[3])
    assert (one.a, one.b, one.c, one.d, one.double) == (1, "b", 0, [3], 2)
    first, second = mutable(1), mutable(2)
    first.b.append(9)
    first.a = 5
    assert (first.a, first.b, second.b, first.seen) == (5, [9], [], 1)
    assert (loose(1).total, loose.b) == (8, 7)
    assert named(c=3, a=1).b == 1
    assert empty() == empty()
    for wrong in (lambda: base(), lambda: base(1, "b", 0, 4), lambda: named(1), lambda: base(1, q=2)):
        with pytest.raises(TypeError):
            wrong()


@BOTH
def test_equality_and_hash(decorate: Decorator) -> None:
    base, more, mutable, loose, _, single, empty = family(decorate)
    for _ in range(3):
        assert base(1, c=1) == base(1, c=2)
        assert base(1) != base(2)
        assert base(1) != more(1)
        assert base(1) != (1, "b")
        assert more(1, d=[1]) == more(1, d=[2])
        assert hash(base(1, c=1)) == hash(base(1, c=2)) == hash((1, "b"))
        assert {loose(1), loose(1), loose(2)} == {loose(2), loose(1)}
        assert single(1) != single(1)
        assert mutable(1) == mutable(1)
        assert hash(empty()) == hash(())
    with pytest.raises(TypeError, match="unhashable"):
        hash(mutable(1))


@BOTH
def test_frozen_slots_and_shape(decorate: Decorator) -> None:
    base, more, mutable, _, named, _, _ = family(decorate)
    for change in (lambda r: setattr(r, "a", 2), lambda r: delattr(r, "a"), lambda r: setattr(r, "new", 2)):
        with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
            change(base(1))
    assert not hasattr(base(1), "__dict__")
    assert not hasattr(more(1), "__dict__")
    with pytest.raises(AttributeError):
        mutable(1).new = 1
    assert base.__match_args__ == ("a", "b", "c")
    assert named.__match_args__ == ()
    assert (base.__name__, base.__doc__, base.__module__) == ("Base", "Doc.", __name__)
    assert repr(more(1)).endswith("More(a=1, b='b', c=0)")
    assert [f.name for f in dataclasses.fields(more)] == ["a", "b", "c", "d"]
    assert dataclasses.is_dataclass(base)
    assert dataclasses.replace(more(1, c=4), a=2).c == 4
    assert dataclasses.asdict(base(1)) == {"a": 1, "b": "b", "c": 0}
    with pytest.raises(TypeError):
        dataclasses.replace(base(1), q=1)


@BOTH
def test_what_is_refused(decorate: Decorator) -> None:
    with pytest.raises(ValueError, match="mutable default"):

        @decorate
        class Shared:
            """Doc."""

            a: list[int] = []  # noqa: RUF012

    with pytest.raises(TypeError, match="default"):

        @decorate
        class Order:
            """Doc."""

            a: int = 1
            b: int


@given(st.integers(), st.integers(), st.text(), st.lists(st.text()).map(tuple))
def test_copies_are_equal(x: int, y: int, note: str, tags: tuple[str, ...]) -> None:
    point = Point(x, y, note, tags)
    for again in (pickle.loads(pickle.dumps(point)), copy.copy(point), copy.deepcopy(point), dataclasses.replace(point)):
        assert again == point
        assert again.note == note
        assert hash(again) == hash(point)
    match point:
        case Point(a, b):
            assert (a, b) == (x, y)
