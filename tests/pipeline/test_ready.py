"""Packs ready for judging: from the cache the same as built, and built anew when anything changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from juesuan_rules.diagnostics import RulesError
from juesuan_rules.pipeline import ready as module
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.ready import Wanted, ready_pack
from juesuan_rules.pipeline.sources import with_source_lines
from juesuan_rules.pipeline.state import packs_state
from juesuan_rules.resources import rules_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The shipped packs, in a place where they can be changed."""
    return Path(shutil.copytree(rules_root(), tmp_path / "rules"))


def test_from_the_cache_as_built(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    built = ready_pack(Wanted("cn-42-hubei", year=2023, region="42"), (root,), cache, "state")
    assert len(built.rules) > 50
    monkeypatch.setattr(module, "_build", lambda *_: pytest.fail("built again"))
    assert ready_pack(Wanted("cn-42-hubei", year=2023, region="42"), (root,), cache, "state") == built


@pytest.mark.parametrize("other", [Wanted("cn-42-hubei", year=2022), Wanted("cn", year=2023), Wanted("cn-42-hubei", year=2023, kind="单位决算"), Wanted("cn-42-hubei", year=2023, region="42")])
def test_for_another_purpose_it_is_built(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: Wanted) -> None:
    cache = Cache(tmp_path / "cache")
    ready_pack(Wanted("cn-42-hubei", year=2023), (root,), cache, "state")
    monkeypatch.setattr(module, "_build", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ready_pack(other, (root,), cache, "state")


def test_the_state_follows_every_file_of_the_packs(root: Path) -> None:
    options = Options(roots=(root,))
    before = packs_state(options)
    assert packs_state(options) == before
    layout = root / "cn" / "layouts" / "tables.yaml"
    layout.write_text(layout.read_text("utf-8") + "\n", encoding="utf-8")
    after = packs_state(options)
    assert after != before
    (root / "cn" / "cases" / "new.yaml").write_text("x", encoding="utf-8")
    assert packs_state(options) == after
    (root / "cn" / "rules" / "new.yaml").write_text("x", encoding="utf-8")
    assert packs_state(options) != after


def test_a_broken_rule_stops_the_run_with_every_error(root: Path) -> None:
    (root / "cn" / "rules" / "zz.yaml").write_text(
        "language: 1\nrules:\n  - id: Z-1\n    title: 甲\n    check: 总裱[合计] == 1元\n  - id: Z-2\n    title: 乙\n    check: 总表[无此行] == 1元\n", encoding="utf-8"
    )
    with pytest.raises(RulesError) as caught:
        ready_pack(Wanted("cn"), (root,), Cache(None), "")
    lines = {d.span.line for d in caught.value.diagnostics}
    assert {5, 8} <= lines
    shown = with_source_lines(caught.value.diagnostics)
    assert [d.span.line for d in shown] == sorted(d.span.line for d in shown)
    assert "总裱" in next(d.source_line for d in shown if d.span.line == 5)
