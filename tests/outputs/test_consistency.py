"""Every output of one run tells the same findings: as many, under the same numbers, as severe, in the same words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.outputs import readers
from tests.outputs.readers import Told
from tests.outputs.reports import FIXTURES, as_pdf, parts_of
from tests.outputs.runs import written

SAMPLES = sorted(path.name for path in FIXTURES.iterdir() if path.suffix in (".txt", ".docx", ".xlsx"))
FIGURE = re.compile(r"[\d,]*\d\.\d+|\d{2,}")


def same(sentence: str) -> str:
    return sentence


def check(found: dict[str, bytes], core: Callable[[str], str] = same) -> list[Told]:
    """Every output that was written, held against the JSON result. core: of a sentence, what has to be the same."""
    value: dict[str, Any] = json.loads(found["json"])
    (report,) = value["reports"]

    def cored(told: Sequence[Told]) -> list[Told]:
        return [replace(one, sentence=core(one.sentence)) for one in told]

    expected = cored(readers.of_json(report))
    summary = report["summary"]
    assert len(expected) == summary["fail"] + summary["doubtful"] + summary["rule_error"] + summary.get("waived", 0)
    for kind in ("html", "xlsx", "sarif", "csv", "md"):
        assert cored(getattr(readers, f"of_{kind}")(found[kind])) == expected, kind
    _check_junit(cored(readers.of_junit(found["junit"])), expected)
    if "docx" in found and core is same:
        _check_letter(readers.of_docx(found["docx"]), expected)
    if "pdf" in found:
        told, unplaced = readers.of_pdf(found["pdf"])
        assert {one.number for one in told} | unplaced == {one.number for one in expected}
        assert not {one.number for one in told} & unplaced
        assert set(cored(told)) <= set(expected)
    digest = value["provenance"]["canonical_digest"]
    for kind in ("html", "sarif", "junit", "csv", "md"):
        assert digest in found[kind].decode(), kind
    return expected


def _check_junit(told: list[Told], expected: list[Told]) -> None:
    """A case tells the severity of its rule's worst verdict."""
    assert [(one.number, one.rule, one.sentence) for one in told] == [(one.number, one.rule, one.sentence) for one in expected]
    assert {one.severity for one in told} <= {one.severity for one in expected}


def _check_letter(told: list[Told], expected: list[Told]) -> None:
    """The letter names places in plain words; amounts are the same."""
    assert [(one.number, one.severity, one.rule) for one in told] == [(one.number, one.severity, one.rule) for one in expected]
    for one, other in zip(told, expected, strict=True):
        names = FIGURE.findall(re.sub(r"[\[「《][^\]」》]*[\]」》]", "", other.sentence))
        assert [figure for figure in names if figure not in one.sentence] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_samples(name: str, tmp_path: Path) -> None:
    found = written([FIXTURES / name], tmp_path)
    assert set(found) >= {"json", "html", "xlsx", "sarif", "junit", "csv", "md"}
    told = check(found)
    assert len(told) > 20 or "有误" not in name


def test_a_pdf_report(tmp_path: Path) -> None:
    found = written([as_pdf(parts_of(), tmp_path / "报告.pdf")], tmp_path / "结果")
    assert len(found) == 9
    told, unplaced = readers.of_pdf(found["pdf"])
    assert len(check(found)) == len(told) > 20 and not unplaced


def test_the_same_report_as_text_and_as_pdf(tmp_path: Path) -> None:
    """What is wrong does not hang on the format."""
    pdf = readers.of_json(json.loads(written([as_pdf(parts_of(), tmp_path / "报告.pdf")], tmp_path / "甲", ("csv",))["json"])["reports"][0])
    text = readers.of_json(json.loads(written([FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"], tmp_path / "乙", ("csv",))["json"])["reports"][0])
    assert {one.rule for one in text} <= {one.rule for one in pdf}
