"""The sample reports are what their generator writes, and hold what their README promises."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_fixtures", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_committed_samples_are_what_the_generator_writes(make: ModuleType) -> None:
    assert make.main(["--check"]) == 0
    assert set(make.reports()) == {path.name for pattern in ("*.txt", "*.docx", "*.xlsx") for path in FOLDER.glob(pattern)}


def test_rounding_tails_occur_and_stay_small(make: ModuleType) -> None:
    """At least one printed sum differs from its printed parts, as in real reports, and none by more than its terms allow."""
    text = make.reports()["辽宁省云岫市数据服务局-2023.txt"].decode("utf-8")
    rows = dict(re.findall(r"^(2\d{2,6})\t\S+\t([\d,]+\.\d\d)\t", text[text.rindex("支出决算表\n\n公开 03 表") :].split("注：")[0], re.MULTILINE))
    cents = {code: int(amount.replace(",", "").replace(".", "")) for code, amount in rows.items()}
    tails = []
    for code, amount in cents.items():
        children = [v for k, v in cents.items() if k.startswith(code) and len(k) == len(code) + 2]
        if children:
            tails.append(abs(amount - sum(children)))
            assert tails[-1] * 2 <= len(children) + 1
    assert max(tails) > 0


def test_every_seeded_error_is_in_the_damaged_sample_and_in_the_readme(make: ModuleType) -> None:
    whole, damaged = (make.reports()[f"辽宁省云岫市数据服务局-2023{suffix}.txt"].decode("utf-8").split("\n") for suffix in ("", "-有误"))
    changed = set(whole) - set(damaged)
    assert len(changed) == len(make.damage.LIAONING) == 9
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert all(error.old.split("\t")[-1] in readme for error in make.damage.LIAONING)


def test_an_error_that_no_longer_fits_is_refused(make: ModuleType) -> None:
    with pytest.raises(ValueError, match="0 次"):
        make.damage.damaged(["别的文字"], make.damage.LIAONING[-1:])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_no_personal_data(path: Path) -> None:
    text = path.read_bytes().decode("gb18030" if "GB18030" in path.name else "utf-8")
    assert not re.search(r"(?<![\d.,])1[3-9]\d{9}(?!\d)|\d{3,4}-\d{7,8}|\d{17}[\dXx]", text)
