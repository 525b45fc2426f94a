"""Who wrote and who changed a rule, as text."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.packs.model import WRITTEN, Layer
from juesuan_rules.renderings.plain import safe


def layer_lines(layers: Sequence[Layer]) -> list[str]:
    """A paragraph per pack: what it did, why, on what basis, and where that is written."""
    lines = []
    for layer in layers:
        years = "" if layer.years == (None, None) else f"，{years_text(layer.years)}年度"
        rest = "" if layer.in_force else "（不是所问的年度，没有用）"
        lines.append(f"{safe(layer.pack)} {safe(layer.version)} {layer.action}{years}{rest}   {safe(layer.span.file)}:{layer.span.line}")
        if layer.action != WRITTEN:
            lines += [f"  {name}改为：{safe(text)}" for name, text in layer.changes]
            lines += [f"  原因：{safe(layer.reason)}"] if layer.reason else []
            lines += [f"  依据：{safe(' '.join(part for part in basis[:2] if part))}（{safe(basis[2])}）" for basis in layer.basis]
    return lines


def years_text(years: tuple[int | None, int | None]) -> str:
    """A range of years as packs write it: 2019..2022, 2023.., 2023; "" for all."""
    first, last = years
    if first == last:
        return str(first or "")
    return f"{first or ''}..{last or ''}"
