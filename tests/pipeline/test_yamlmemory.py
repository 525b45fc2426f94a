"""YAML files kept between runs are what reading them anew gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.pipeline import yamlmemory
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.pipeline.yamlmemory import LEAST_BYTES, remembering
from juesuan_rules.resources import rules_root
from juesuan_rules.yamlfile import load

PAD = f"# {'甲' * LEAST_BYTES}\n"
TEXTS = {
    "sound": PAD + "a: [1, '二', true, null]\nb: {c: |\n d}\n",
    "block": PAD + "a:\n  - b: >\n      一\n      二\n  - 'c''d'\n",
    "warnings": PAD + "a: 1.10\nb: yes\nc: 2024-01-02\n",
    "broken": PAD + "a: [1\nb: 2\n",
    "twice": PAD + "a: 1\na: 2\n",
    "deep": PAD + "[" * 60 + "]" * 60,
    "empty": PAD,
    "small": "a: 1\n",
    "windows": "\ufeff" + PAD.replace("\n", "\r\n") + "a: 1\r\nb: 二\r\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_as_read_anew(name: str, tmp_path: Path) -> None:
    path, other = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for one in (path, other):
        one.write_bytes(TEXTS[name].encode())
    cache = Cache(tmp_path / "cache")
    for one in (path, path, other):
        assert remembering(cache, "program")(one) == load(one)


def test_shipped_files_and_their_places(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    for path in sorted(rules_root().glob("*/rules/*.yaml"))[:6]:
        remembering(cache, "program")(path)
        again, anew = remembering(cache, "program")(path), load(path)
        assert again == anew
        assert again.span("rules", 0, "id") == anew.span("rules", 0, "id")
        assert again.locator("rules", 0, "title")(1, 3) == anew.locator("rules", 0, "title")(1, 3)


def test_a_file_is_parsed_again_where_it_or_the_program_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(yamlmemory, "loads", lambda text, name: parsed.append(name) or load(Path(name)))
    path, cache = tmp_path / "a.yaml", Cache(tmp_path / "cache")
    path.write_text(TEXTS["sound"], "utf-8")
    for program, text, times in (("1", TEXTS["sound"], 1), ("1", TEXTS["sound"], 1), ("1", TEXTS["block"], 2), ("2", TEXTS["block"], 3)):
        path.write_text(text, "utf-8")
        remembering(cache, program)(path)
        assert len(parsed) == times


def test_unreadable_files_and_no_cache(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"\xff" * (LEAST_BYTES + 1))
    read = remembering(Cache(tmp_path / "cache"), "program")
    assert read(bad) == load(bad) and read(tmp_path / "none.yaml") == load(tmp_path / "none.yaml")
    assert remembering(Cache(None), "") is load
