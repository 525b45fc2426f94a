"""The records every output is made from. Names and values follow the published JSON contract."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan_rules.documents.model import NOWHERE, Place

Outcome = Literal["pass", "doubtful", "fail", "undecided", "not_applicable", "rule_error"]
Severity = Literal["error", "warning", "info"]

OUTCOME_ZH: dict[str, str] = {"pass": "相符", "doubtful": "存疑", "fail": "不符", "undecided": "无法判断", "not_applicable": "不适用", "rule_error": "规则出错"}
SEVERITY_ZH: dict[str, str] = {"error": "错误", "warning": "警告", "info": "提示"}
SEVERITY_EN: dict[str, Severity] = {"错误": "error", "警告": "warning", "提示": "info"}
SEVERITY_ORDER: dict[str, int] = {"error": 0, "warning": 1, "info": 2}
WORST_FIRST: tuple[Outcome, ...] = ("rule_error", "fail", "doubtful", "undecided", "pass", "not_applicable")


UNSURE = "读数不确定"
"""The reason of a verdict that hangs on a figure or a label that was not surely recognised."""


class Operand(msgspec.Struct, frozen=True):
    """A figure a check used. name: as a rule would write it (总表[本年支出合计].金额). value: 元 with
    two decimals, None where there is no figure. note: 空白按 0 计, 缺行按 0 计, 读数不确定 … or "".
    confidence: of the recogniser, 1.0 for text. corrected: who put another value in place of `raw`.
    quote: of a figure in the prose, its sentence, shortened around the figures the check used.
    address: of a figure of this report, its table or record set by id, block, row key and column."""

    name: str
    value: str | None
    raw: str
    unit: str | None
    place: Place = NOWHERE
    note: str = ""
    confidence: float = 1.0
    corrected: str = ""
    quote: str = ""
    address: tuple[str, ...] = ()


class Basis(msgspec.Struct, frozen=True):
    """A legal basis: 文号, 条款, 核验 (date, or "未核验")."""

    document: str
    clause: str = ""
    verified: str = "未核验"


class Waiver(msgspec.Struct, frozen=True):
    """Why a verdict is accepted, and by whom. difference: as accepted, with its unit, "" where the verdict has
    none. expires: last day it holds, as YYYY-MM-DD. place: as the waiver names it."""

    reason: str
    approver: str
    expires: str
    difference: str = ""
    place: str = ""


DecisionStatus = Literal["属实", "误报", "已整改", "待核"]
DECISION_STATUSES: tuple[DecisionStatus, ...] = ("属实", "误报", "已整改", "待核")
RECHECK = "需复核"
"""What is shown instead of a decision's status where the figures are no longer those it was made on."""


class Decision(msgspec.Struct, frozen=True):
    """What a person made of a finding. date: YYYY-MM-DD. values: (operand, as printed) at the time. changed: what
    is different since, one phrase each; a decision with any has to be looked at again."""

    status: DecisionStatus
    by: str
    date: str
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The status as people read it: 需复核 where something changed."""
        return RECHECK if self.changed else self.status


class Finding(msgspec.Struct, frozen=True):
    """One verdict. Amount texts (left, right, difference, tolerance) are in `unit`.

    cause: id of the root-cause group this finding belongs to. suspect: name of the operand that
    most failed checks of that group share. reason: for undecided and not_applicable (缺表, 缺行 …).
    tolerance_note: where the tolerance came from and the number of terms.
    waiver: why the verdict is accepted; the verdict stays what it is.
    title: the rule's. check: of a rule with several checks, the title of the one judged, else "".
    about: names of the place that `key` leaves open: the table of a verdict on a whole table, what a statement or
    a row of a form belongs to. fingerprint: of rule, check, unit, year and place by name, the same in every run and
    every format of the report. decision: what a person made of it; the verdict stays what it is.
    """

    rule: str
    title: str
    outcome: Outcome
    severity: Severity
    pack: str
    rounding: bool = False
    key: str = ""
    reason: str | None = None
    sentence: str | None = None
    formula: str = ""
    filled: str | None = None
    left: str | None = None
    right: str | None = None
    difference: str | None = None
    tolerance: str | None = None
    tolerance_note: str | None = None
    unit: str | None = None
    operands: tuple[Operand, ...] | None = None
    basis: tuple[Basis, ...] = ()
    hints: tuple[str, ...] = ()
    cause: str | None = None
    suspect: str | None = None
    waiver: Waiver | None = None
    changed_by: str | None = None
    check: str = ""
    about: str = ""
    fingerprint: str = ""
    decision: Decision | None = None


class Cause(msgspec.Struct, frozen=True):
    """A root cause shared by several findings: id, one sentence, the suspect operand, how many checks."""

    id: str
    sentence: str
    suspect: str | None = None
    findings: int = 0
    place: Place = NOWHERE
