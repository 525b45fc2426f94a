"""A table as a pandas DataFrame, for people who work in notebooks. Imports pandas on use."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from juesuan_rules.amounts import COUNTS, Amount

if TYPE_CHECKING:
    from juesuan_rules.reports.model import Table


def block_frame(table: Table, block: str | None = None) -> object:
    """One block: index = row key, columns 名称 and the amount columns in 元 (Decimal, None for none).

    `block` may be left out where the table has one. Raises KeyError with the names to choose from.
    """
    import pandas as pd

    if block is None and len(table.blocks) == 1:
        block = next(iter(table.blocks))
    if block not in table.blocks:
        raise KeyError(f"“{table.spec.id}”的块是：{'、'.join(name or '（无名）' for name in table.blocks)}")
    data = table.blocks[block]
    columns: dict[str, list[object]] = {"名称": [row.label for row in data.rows]}
    for name, amounts in data.columns.items():
        columns[name] = [_decimal(amount) for amount in amounts]
    return pd.DataFrame(columns, index=pd.Index([row.key for row in data.rows], name="键"), dtype=object)


def _decimal(amount: Amount) -> Decimal | None:
    if amount.value is None:
        return None
    exact = Fraction(amount.value)
    return Decimal(exact.numerator) / Decimal(exact.denominator) / (1 if amount.unit in COUNTS else 100)
