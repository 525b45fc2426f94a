"""Rule-based checks of Chinese 部门决算公开 reports.

    from juesuan_rules import evaluate, load_pack, load_report

    report = load_report("某局2023年度决算.txt")
    result = evaluate(report, load_pack("cn-42-hubei", year=2023))

Importing this package loads nothing else; each name below is loaded when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `typing`, which alone would cost more to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from juesuan_rules.api import Result, evaluate, load_pack, load_report

__version__ = "0.1.0"
__all__ = ["Result", "__version__", "evaluate", "load_pack", "load_report"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("juesuan_rules.api"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
