"""The cache gives back what was stored, and never anything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from juesuan_rules.pipeline import cache as module
from juesuan_rules.pipeline.cache import Cache, default_folder, digest

KEY = digest("key")
VALUE = ("文本", 1, None, {"a": (2, 3)})


def entry(folder: Path) -> Path:
    (path,) = folder.rglob("*.bin")
    return path


def test_what_was_stored_comes_back(tmp_path: Path) -> None:
    Cache(tmp_path / "new").put("results", KEY, VALUE)
    assert Cache(tmp_path / "new").get("results", KEY) == VALUE
    assert Cache(tmp_path / "new").get("packs", KEY) is None
    assert Cache(tmp_path / "new").get("results", digest("other")) is None
    assert list(tmp_path.rglob("*.tmp")) == []


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "foreign", "text", "moved"])
def test_a_damaged_entry_is_a_miss(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    cache.put("results", KEY, VALUE)
    path = entry(tmp_path)
    data = bytearray(path.read_bytes())
    key = KEY
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(data[:-1])
    elif damage == "flipped":
        data[-1] ^= 1
        path.write_bytes(data)
    elif damage == "foreign":
        path.write_bytes(b"\x80\x04K\x01." * 20)
    elif damage == "text":
        path.write_text("不是缓存", encoding="utf-8")
    else:
        key = digest("other")
        target = tmp_path / "results" / key[:2] / f"{key}.bin"
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
    assert cache.get("results", key) is None
    cache.put("results", key, VALUE)
    assert cache.get("results", key) == VALUE


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache(None)
    cache.put("results", KEY, VALUE)
    assert cache.get("results", KEY) is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    cache = Cache(blocked)
    cache.put("results", KEY, VALUE)
    assert cache.get("results", KEY) is None


def test_the_oldest_entries_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [digest(str(number)) for number in range(8)]
    for age, key in enumerate(keys):
        cache.put("results", key, "x" * 1000)
        path = tmp_path / "results" / key[:2] / f"{key}.bin"
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    size = sum(p.stat().st_size for p in tmp_path.rglob("*.bin"))
    cache.sweep(limit=size)
    assert all(cache.get("results", key) for key in keys)
    cache.sweep(limit=size // 2)
    left = [key for key in keys if cache.get("results", key)]
    assert left == keys[-len(left) :]
    assert 0 < sum(p.stat().st_size for p in tmp_path.rglob("*.bin")) <= size // 2


def test_an_entry_that_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRY_BYTES", 100)
    cache = Cache(tmp_path)
    cache.put("results", KEY, "x" * 200)
    assert cache.get("results", KEY) is None


def test_parts_of_a_digest_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") != digest("a", "")


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUESUAN_CACHE", str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
    monkeypatch.delenv("JUESUAN_CACHE")
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "juesuan-rules"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "juesuan-rules"
    monkeypatch.setattr(module.sys, "platform", "darwin")
    assert default_folder() == tmp_path / "Library" / "Caches" / "juesuan-rules"
    monkeypatch.setattr(module.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert default_folder() == tmp_path / "juesuan-rules" / "Cache"
