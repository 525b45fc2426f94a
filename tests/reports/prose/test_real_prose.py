"""The prose of published reports: every figure of the 情况说明 is found."""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from juesuan_rules.documents.open import open_document
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Prose
from juesuan_rules.reports.outline import read_outline
from juesuan_rules.reports.prose.reading import read_prose


@lru_cache(maxsize=8)
def _prose(reports_dir: Path, number: str) -> Prose:
    (path,) = reports_dir.glob(f"{number}-*")
    document = open_document(path)
    return read_prose(document, read_outline(document), identify(document))


def _kinds(prose: Prose, first: int = 0, last: int = 10**6) -> Counter[str]:
    figures = (figure for n in prose.explained for figure in prose.sentences[n].figures)
    return Counter(figure.kind for figure in figures if first <= (figure.amount.place.line or 0) <= last)


@pytest.mark.parametrize(
    ("number", "first", "last", "money", "shares"),
    [("000", 87, 245, 92, 61), ("001", 147, 313, 153, 55), ("002", 97, 249, 86, 51), ("004", 313, 498, 121, 50), ("005", 0, 10**6, 62, 17)],
)
def test_every_amount_and_percentage_is_found(reports_dir: Path, number: str, first: int, last: int, money: int, shares: int) -> None:
    """One 万元 less than is printed in most: 单价100万元（含）以上设备 is a threshold."""
    kinds = _kinds(_prose(reports_dir, number), first, last)
    assert (kinds["金额"], kinds["百分比"]) == (money, shares)


@pytest.mark.parametrize(("number", "counts", "scores"), [("000", 27, 10), ("001", 47, 3), ("002", 31, 7), ("004", 24, 0), ("005", 20, 1)])
def test_counts_and_scores(reports_dir: Path, number: str, counts: int, scores: int) -> None:
    kinds = _kinds(_prose(reports_dir, number))
    assert (kinds["计数"], kinds["分值"]) == (counts, scores)


@pytest.mark.parametrize("number", ["000", "001", "002", "004", "005"])
def test_each_wan_yuan_of_the_explanation_belongs_to_a_figure(reports_dir: Path, number: str) -> None:
    prose = _prose(reports_dir, number)
    for n in prose.explained:
        sentence = prose.sentences[n]
        ends = {figure.end for figure in sentence.figures}
        loose = [sentence.text[max(0, at.start() - 9) : at.end() + 4] for at in re.finditer("万元|%", sentence.text) if at.end() not in ends]
        assert all("以上" in text or "（含" in text for text in loose), loose


@pytest.mark.parametrize("number", ["000", "001", "002", "004", "005"])
def test_sentences_are_whole(reports_dir: Path, number: str) -> None:
    prose = _prose(reports_dir, number)
    torn = [prose.sentences[n].text for n in sorted(prose.explained) if prose.sentences[n].text[-1] not in "。：；！？”）"]
    assert all(text.endswith("见附件") for text in torn), torn


def test_a_template_has_no_figures(reports_dir: Path) -> None:
    prose = _prose(reports_dir, "006")
    assert prose.explained
    assert not _kinds(prose)


@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_reading_takes_little_time(reports_dir: Path, number: str) -> None:
    (path,) = reports_dir.glob(f"{number}-*")
    document = open_document(path)
    outline, identity = read_outline(document), identify(document)
    began = time.process_time()
    read_prose(document, outline, identity)
    assert time.process_time() - began < 0.3
