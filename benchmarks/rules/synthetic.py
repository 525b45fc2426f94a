"""A consistent report with many times the 科目 of the sample of 湖北, made by the samples' own generator."""

from __future__ import annotations

from dataclasses import replace

from generator import charts, hubei, samples
from generator.accounts import GENERAL, Line
from subject import Subject


def grown(factor: int) -> Subject:
    """The sample with `factor` times its 项, read from its text like any other report."""
    accounts = samples.hubei()
    wanted = len({line.code for line in accounts.lines}) * (factor - 1)
    codes = (f"{c}{k:02d}{x:02d}" for c, _ in charts.CLASSES for k in range(50, 60) for x in range(10, 20))
    lines = [Line(code, GENERAL, project=1_234_567 + 7_919 * n, budget=1_234_567) for n, code in zip(range(wanted), codes, strict=False)]
    for line in lines:
        charts.FUNCTIONS.setdefault(line.code[:5], f"试验款{line.code[3:5]}")
        charts.FUNCTIONS.setdefault(line.code, f"试验项{line.code[3:]}")
    text = "\n".join(hubei.report(replace(accounts, lines=(*accounts.lines, *lines))))
    return Subject(text.encode("utf-8"), f"×{factor}")
