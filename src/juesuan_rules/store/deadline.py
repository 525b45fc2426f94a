"""An end to waiting: whatever a server does, an action takes no longer than it is given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from juesuan_rules.store.problems import failure, shown

_Value = TypeVar("_Value")


def within(seconds: float, action: Callable[[], _Value], origin: str) -> _Value:
    """What `action` gives or raises; PackError where it has not ended after `seconds` (it is then left alone)."""
    values: list[_Value] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            values.append(action())
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not values:
        raise failure("E620", f"「{shown(origin)}」{seconds:.0f} 秒没有完成，已放弃", origin)
    return values[0]
