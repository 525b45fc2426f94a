"""What an address or expression comes to in one report: the report that the workspace names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.documents.model import Document
from juesuan_rules.findings import OUTCOME_ZH, WORST_FIRST, Finding
from juesuan_rules.reports.model import Identity, Report

if TYPE_CHECKING:
    from juesuan_rules.engine.trying import Tried

_SHOWN = 12


class _Read(msgspec.Struct):
    """The file as it was opened last. state: its size and time."""

    state: tuple[str, int, int]
    document: Document | None = None
    identity: Identity | None = None
    message: str = ""
    reports: dict[str, Report] = msgspec.field(default_factory=dict)


class ReportFigures:
    """The chosen report; opened on first use, and again after it changed."""

    def __init__(self) -> None:
        self.path = ""
        self._read: _Read | None = None

    def choose(self, path: str) -> None:
        """Set which report it is; "" for none."""
        if path != self.path:
            self.path, self._read = path, None

    @property
    def ready(self) -> bool:
        """Whether asking costs nothing: no report is chosen, or it is open."""
        return not self.path or (self._read is not None and self._read.state == self._state())

    def open(self) -> None:
        """Open the report, which may take a while. Safe to call beside the server's own work."""
        if self.path:
            self._opened()

    def values(self, text: str, layout: Layout, table: str | None = None) -> str:
        """What an expression comes to, as Markdown; "" where no report is chosen or the expression is not sound."""
        if not self.path or not text.strip():
            return ""
        if not self.ready:
            return "\n\n---\n正在读取报告，稍后再看"
        read = self._opened()
        if read.document is None:
            return f"\n\n---\n报告“{Path(self.path).name}”：{read.message}"
        from juesuan_rules.authoring.trial.trying import try_expression

        trial = try_expression(text, self._report(read, layout), table=table)
        lines = [*map(_value, trial.values[:_SHOWN]), *_findings(trial.findings)]
        if not lines:
            return ""
        more = len(trial.values) - _SHOWN
        lines += [f"- 另有 {more} 行"] if more > 0 else []
        return f"\n\n---\n**{_name(read)}**\n\n" + "\n".join(lines)

    def _opened(self) -> _Read:
        state = self._state()
        if self._read is None or self._read.state != state:
            self._read = _open(self.path, state)
        return self._read

    def _report(self, read: _Read, layout: Layout) -> Report:
        if layout.digest not in read.reports:
            from juesuan_rules.pipeline.load import build_report

            assert read.document is not None and read.identity is not None
            read.reports = {layout.digest: build_report(read.document, read.identity, layout)}
        return read.reports[layout.digest]

    def _state(self) -> tuple[str, int, int]:
        try:
            found = os.stat(self.path)
        except OSError:
            return self.path, -1, -1
        return self.path, found.st_size, found.st_mtime_ns


def _open(path: str, state: tuple[str, int, int]) -> _Read:
    from juesuan_rules.pipeline.opening import open_files
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.reports.identity import identify

    try:
        document = open_files([Path(path)], Options())
        return _Read(state, document, identify(document, None))
    except JuesuanError as error:
        return _Read(state, message=error.message)
    except Exception as error:  # noqa: BLE001 - a report that breaks its reader must not end the server
        return _Read(state, message=f"读不出来（{type(error).__name__}）")


def _name(read: _Read) -> str:
    identity = read.identity
    if identity is None or not identity.unit_name:
        return Path(read.state[0]).name
    return f"{identity.unit_name}{identity.year or ''}"


def _value(value: Tried) -> str:
    key = f"{_plain(value.key)}：" if value.key else ""
    if value.reason:
        return f"- {key}无法得出（{_plain(value.reason)}）"
    return f"- {key}**{_plain(value.text)}** {value.unit}{'（空白按 0 计）' if value.blank else ''}{_printed(value)}"


def _printed(value: Tried) -> str:
    """Where a single figure stands."""
    operands = value.operands
    if len(operands) != 1:
        return f"　（{len(operands)} 格）" if operands else ""
    place = operands[0].place
    where = f"第{place.page}页" if place.page else f"第{place.line}行" if place.line else ""
    return f"　印作“{_plain(operands[0].raw)}”{'，' + where if where else ''}"


def _findings(findings: tuple[Finding, ...]) -> list[str]:
    ordered = sorted(findings, key=lambda f: WORST_FIRST.index(f.outcome))
    lines = [f"- {OUTCOME_ZH[f.outcome]}{'（尾差）' if f.rounding else ''}　{_plain(f.key or '')}　{_plain(f.sentence or f.reason or '')}" for f in ordered[:_SHOWN]]
    return [*lines, *([f"- 另有 {len(ordered) - _SHOWN} 项"] if len(ordered) > _SHOWN else [])]


def _plain(text: str) -> str:
    """Text of a report in Markdown: nothing in it is markup."""
    cut = text if len(text) <= 160 else text[:159] + "…"
    return "".join("\\" + c if c in "\\`*_{}[]<>()#+!|~" else c for c in " ".join(cut.split()))
