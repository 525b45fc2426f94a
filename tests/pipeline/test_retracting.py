"""Results say what was withdrawn of the packs they were made with."""

from __future__ import annotations

from juesuan_rules.documents.model import Source
from juesuan_rules.findings import Finding
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.packs.retractions import Withdrawal
from juesuan_rules.pipeline.retracting import announce_in
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import ReportResult

REPORT = ReportResult(
    Source("r.txt", "0", "text"), Identity(), "judged", (PackDigest("cn", "1.0.0", "sha256:0"), PackDigest("cn-9", "1.0.0", "sha256:1")),
    findings=(Finding("A-1", "t", "fail", "error", "cn"), Finding("A-2", "t", "pass", "error", "cn", changed_by="cn-9")), notes=("旧",),
)  # fmt: skip


def test_a_withdrawn_version_is_told() -> None:
    told = announce_in(REPORT, {"cn@1.0.0": Withdrawal("算错了")})
    assert told.notes == ("旧", "规则包 cn 1.0.0 已被发布者撤回：算错了")
    assert told.findings == REPORT.findings


def test_a_withdrawn_rule_is_told_at_its_findings_and_its_verdict_stays() -> None:
    told = announce_in(REPORT, {"cn@1.0.0": Withdrawal(None, {"A-1": "口径有误"})})
    first, second = told.findings
    assert first.outcome == "fail" and first.hints == ("发布者已撤回这条规则：口径有误",)
    assert second.hints == () and any("A-1" in note and "口径有误" in note for note in told.notes)


def test_whoever_changed_a_rule_may_withdraw_it() -> None:
    assert announce_in(REPORT, {"cn-9@1.0.0": Withdrawal(None, {"A-2": "x"})}).findings[1].hints


def test_other_versions_and_rules_are_silent() -> None:
    for known in ({}, {"cn@1.0.1": Withdrawal("x")}, {"cn@1.0.0": Withdrawal(None, {"A-9": "x"})}, {"cn-9@1.0.0": Withdrawal(None, {"A-1": "x"})}):
        assert announce_in(REPORT, known) is REPORT
