"""Withdrawals: heard from indexes, kept, never forgotten, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_archives import RULE, build

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.packs.retractions import Withdrawal, withdrawals
from juesuan_rules.store.acquire import install, refresh
from juesuan_rules.store.index import index_folder, read_index, write_index
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.model import Access
from juesuan_rules.store.withdrawing import withdraw


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An index of two versions of a pack."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for version in ("1.0.0", "1.1.0"):
        (folder / f"mou-{version}.jspack").write_bytes(build(version=version))
    (folder / "index.json").write_bytes(write_index(index_folder(folder)))
    return folder


def take_back(shelf: Path, version: str, reason: str, *rules: str) -> None:
    path = shelf / "index.json"
    path.write_bytes(write_index(withdraw(read_index(path.read_bytes(), "x"), "mou", version, reason, rules, lambda name: (shelf / name).read_bytes())))


def get(store: Store, *words: object, yanked: bool = False) -> list[str]:
    return [f"{r.id} {r.version}" for r in install([str(w) for w in words], store, Policy(), Access(), yanked).added]


def hear(store: Store, shelf: Path) -> tuple[str, ...]:
    return refresh([str(shelf)], store, Policy(), Access())


def test_a_withdrawn_version_is_not_installed_unless_someone_insists(store: Store, shelf: Path) -> None:
    take_back(shelf, "1.1.0", "算错了")
    assert get(store, shelf) == ["mou 1.0.0"]
    with pytest.raises(PackError, match="算错了"):
        get(store, "mou@1.1.0", shelf)
    assert get(store, "mou@1.1.0", shelf, yanked=True) == ["mou 1.1.0"]
    assert withdrawals(store.home)["mou@1.1.0"].yanked == "算错了"


def test_what_is_installed_hears_of_it_later(store: Store, shelf: Path) -> None:
    get(store, shelf)
    assert hear(store, shelf) == ()
    take_back(shelf, "1.1.0", "口径有误", "A01-1")
    assert hear(store, shelf) == ("发布者已撤回 mou 1.1.0 的规则 A01-1：口径有误",)
    assert hear(store, shelf) == ()
    assert withdrawals(store.home)["mou@1.1.0"].rules == {"A01-1": "口径有误"}


def test_an_older_index_takes_nothing_back(store: Store, shelf: Path) -> None:
    get(store, shelf)
    before = (shelf / "index.json").read_bytes()
    take_back(shelf, "1.1.0", "算错了")
    hear(store, shelf)
    (shelf / "index.json").write_bytes(before)
    hear(store, shelf)
    assert withdrawals(store.home)["mou@1.1.0"].yanked == "算错了"


def test_what_is_not_here_is_nobodys_business(store: Store, shelf: Path) -> None:
    take_back(shelf, "1.0.0", "算错了")
    get(store, shelf)
    assert withdrawals(store.home) == {}


def test_an_index_of_another_content_says_nothing_about_ours(store: Store, shelf: Path, tmp_path: Path) -> None:
    get(store, shelf)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mou-1.1.0.jspack").write_bytes(build(version="1.1.0", rules__b=RULE.replace("A01-1", "A01-2")))
    (foreign / "index.json").write_bytes(write_index(index_folder(foreign)))
    take_back(foreign, "1.1.0", "假的")
    assert hear(store, foreign) == ()


def test_installing_and_removing_others_keeps_it(store: Store, shelf: Path, tmp_path: Path) -> None:
    get(store, shelf)
    take_back(shelf, "1.1.0", "算错了")
    hear(store, shelf)
    (tmp_path / "li-1.0.0.jspack").write_bytes(build("li"))
    get(store, tmp_path / "li-1.0.0.jspack")
    assert withdrawals(store.home)["mou@1.1.0"] == Withdrawal("算错了", {}, str(shelf / "mou-1.1.0.jspack"))


def test_indexing_again_keeps_withdrawals(shelf: Path) -> None:
    take_back(shelf, "1.0.0", "算错了")
    take_back(shelf, "1.0.0", "口径", "A01-1")
    listed = index_folder(shelf).packs["mou"]["1.0.0"]
    assert (listed.yanked, listed.retracted_rules) == ("算错了", {"A01-1": "口径"})


def test_only_what_is_listed_can_be_withdrawn(shelf: Path) -> None:
    with pytest.raises(UsageError, match=r"mou@1\.1\.0"):
        take_back(shelf, "1.1.9", "x")


@pytest.mark.parametrize(("rule", "said"), [("A01-2", "是不是想写：A01-1"), ("Z99-9", "没有规则「Z99-9」"), ("", "没有规则「」"), ("a01-1", "没有规则「a01-1」")])
def test_only_rules_of_the_version_can_be_withdrawn(shelf: Path, rule: str, said: str) -> None:
    before = (shelf / "index.json").read_bytes()
    with pytest.raises(UsageError, match=said):
        take_back(shelf, "1.0.0", "口径", "A01-1", rule)
    assert (shelf / "index.json").read_bytes() == before


def test_a_rule_that_the_version_changes_can_be_withdrawn(tmp_path: Path, shelf: Path) -> None:
    change = "language: 1\noverrides:\n  - {rule: A01-7, action: 收紧, severity: 错误, reason: x}\n"
    (shelf / "mou-1.2.0.jspack").write_bytes(build(version="1.2.0", overrides=change))
    (shelf / "index.json").write_bytes(write_index(index_folder(shelf)))
    take_back(shelf, "1.2.0", "口径", "A01-7")
    with pytest.raises(UsageError, match="没有规则「A01-7」"):
        take_back(shelf, "1.1.0", "口径", "A01-7")


def test_a_draft_is_no_rule_of_a_version(shelf: Path) -> None:
    (shelf / "mou-1.2.0.jspack").write_bytes(build(version="1.2.0", rules__draft=RULE.replace("A01-1", "A09-1") + "draft: true\n"))
    (shelf / "index.json").write_bytes(write_index(index_folder(shelf)))
    with pytest.raises(UsageError, match="没有规则「A09-1」"):
        take_back(shelf, "1.2.0", "口径", "A09-1")


def test_rules_are_looked_up_in_the_archive_that_is_listed(shelf: Path) -> None:
    (shelf / "mou-1.0.0.jspack").write_bytes(build(rules__z=RULE.replace("A01-1", "A01-8")))
    with pytest.raises(PackError, match="不是索引里列的那一份"):
        take_back(shelf, "1.0.0", "口径", "A01-8")
    (shelf / "mou-1.0.0.jspack").write_bytes(b"PK")
    with pytest.raises(PackError):
        take_back(shelf, "1.0.0", "口径", "A01-1")


def test_unreadable_records_say_nothing(store: Store) -> None:
    store.home.mkdir()
    (store.home / "installed.json").write_text("{", "utf-8")
    assert withdrawals(store.home) == {}
