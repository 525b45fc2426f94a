"""Reports written as text, and what one check says of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from juesuan_rules.authoring.building import build_report
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.registry import TEXT_CHECKS
from juesuan_rules.packs.load import load_pack
from juesuan_rules.reports.model import Report
from juesuan_rules.resources import rules_root

Say = Callable[..., list[Structural]]


@cache
def layout(pack: str = "cn", year: int = 2023) -> Layout:
    return load_pack(pack, year, [rules_root()]).layout


def written(text: str, tables: dict[str, Any] | None = None, year: int = 2023, pack: str = "cn") -> Report:
    """The report with this running text and these tables."""
    return build_report(layout(pack, year), tables or {}, year, None, text)


@pytest.fixture
def say() -> Say:
    def run(name: str, text: str = "", *arguments: str, tables: dict[str, Any] | None = None, year: int = 2023, report: Report | None = None) -> list[Structural]:
        return TEXT_CHECKS[name](Books(report or written(text, tables, year)), arguments)

    return run
