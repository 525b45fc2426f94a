"""The benchmark over prose and forms changes what it says it changes, and counts it right."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "fixtures" / "辽宁省云岫市数据服务局-2023.txt"
PARENT = ROOT / "benchmarks" / "prose"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.syspath_prepend(str(PARENT))


def figure(kind: str, raw: str, unit: str) -> Any:
    from printed import PROSE, Piece, Printed, decimals, number

    return Printed(PROSE, kind, raw, number(raw), decimals(raw), unit, Piece(0), 0, len(raw), "")


def test_changes_are_large_enough_and_printed_alike() -> None:
    from changes import changes

    assert changes(figure("金额", "1,966.32", "万元"), []) == {"+5%": "2,064.64", "×10": "19,663.20", "换位": "9,166.32"}
    assert changes(figure("金额", "0.02", "万元"), []) == {"+5%": "0.03", "×10": "0.20"}
    assert changes(figure("百分比", "88.23", "%"), []) == {"+1": "89.23", "-1": "87.23", "换位": "82.83"}
    assert changes(figure("计数", "0", "辆"), []) == {"+1": "1"}


def test_another_figure_takes_its_place() -> None:
    from changes import changes

    near, same, far = figure("金额", "5.00", "万元"), figure("金额", "5.10", "万元"), figure("金额", "9.00", "万元")
    assert changes(near, [near, same, far])["换成他数"] == "9.00"


def test_rates_and_sums_are_found_without_rules() -> None:
    from contradicting import _is_rate, _makes_rate

    amounts = [Fraction(7511_66), Fraction(8513_84)]
    assert _is_rate(Fraction("88.23"), 2, amounts, [])
    assert not _is_rate(Fraction("87.23"), 2, amounts, [])
    assert _makes_rate(amounts[0], Fraction("88.23"), 2, amounts[1:])


@pytest.fixture(scope="module")
def bench() -> Any:
    import sys

    sys.path[:0] = [str(PARENT), str(ROOT / "benchmarks")]
    try:
        from judging import Bench

        yield Bench(SAMPLE)
    finally:
        sys.path[:] = [p for p in sys.path if p not in (str(PARENT), str(ROOT / "benchmarks"))]


def test_every_figure_of_the_prose_is_found_in_the_document(bench: Any) -> None:
    assert len(bench.prose) == bench.report.prose.share[1] > 0
    assert any(one.raw == "一" for one in bench.prose), "a figure written in Chinese is one too"
    for one in bench.prose:
        text = bench.document.blocks[one.piece.block].text
        assert one.end > one.start
        assert text[one.start : one.end] == one.raw
    assert len({(one.piece, one.start) for one in bench.prose}) == len(bench.prose)


def test_a_changed_sentence_is_noticed(bench: Any) -> None:
    from contradicting import Oracle
    from noticing import NOTICED, answer

    oracle = Oracle(bench)
    one = next(f for f in bench.prose if f.kind == "金额" and f.value and "同一数另见" in oracle.reasons(f) and f.read)
    found = answer(bench, oracle, one)
    assert found.counts
    assert found.told
    assert all(told.result == NOTICED for told in found.told), found


def test_the_unchanged_document_reads_the_same(bench: Any) -> None:
    from rewording import reworded, verdicts

    document, lines = reworded(bench, lambda text: text)
    assert lines == 0
    assert verdicts(bench, bench.read_prose(document)) == verdicts(bench, bench.report)
    document, lines = reworded(bench, lambda text: text.replace("万元", " 万元"))
    assert lines > 0
    assert verdicts(bench, bench.read_prose(document)) == verdicts(bench, bench.report)
