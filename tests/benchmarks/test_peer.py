"""The speed benchmark asks dpm-xl the same questions, and reports where it is answered differently."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("dpmxl", reason="没有安装 dpm-xl")
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("benchmarks", "benchmarks/rules", "fixtures"):
        monkeypatch.syspath_prepend(str(ROOT / folder))


@pytest.mark.parametrize("name", ["湖北省槐溪县文化资源管理局-2023", "辽宁省云岫市数据服务局-2023-有误"])
def test_every_verdict_both_can_give_is_the_same(name: str) -> None:
    from dpmxl import evaluate_rule

    from juesuan_rules.engine.evaluation import CODES
    from juesuan_rules.engine.plan import run
    from peer import OURS, Peer, questions
    from subject import Subject

    subject = Subject.of(ROOT / "fixtures" / f"{name}.txt")
    evaluation = run(subject.plan, subject.report)
    ours = {(id(p.check), p.column, key): OURS.get(CODES[o]) for p in evaluation.parts for key, o in zip(p.keys, p.outcomes, strict=True)}
    peer = Peer(subject.report)
    asked = list(questions(peer, subject.plan, evaluation))
    assert len(asked) > 200
    for question in asked:
        verdict = ours[id(subject.plan.checks[question.check]), question.column, question.key]
        assert evaluate_rule(question.text, peer.provider).status == ("passed" if verdict else "failed"), question.text
    if "有误" in name:
        assert any(ours[id(subject.plan.checks[q.check]), q.column, q.key] is False for q in asked)
