"""`pack install`: what is named and what it requires, from the store first, all or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_archives import RULE, build, pack_files, write_pack

from juesuan_rules.diagnostics import JuesuanError, RulesError, UsageError
from juesuan_rules.store.acquire import Installation, install, remove
from juesuan_rules.store.index import Index, Listed, index_folder, write_index
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.model import Access

CITY = "level: 省\nregion: '99'\nparent: mou\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of archives: mou in three versions, mou-1 in three that require two ranges of it."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for version in ("1.0.0", "1.2.0", "2.0.0", "2.1.0-rc1"):
        (folder / f"mou-{version}.jspack").write_bytes(build(version=version))
    for version, wanted in (("1.0.0", "1"), ("1.1.0", ">=1.1, <2"), ("2.0.0", ">=3")):
        (folder / f"mou-1-{version}.jspack").write_bytes(build("mou-1", version, CITY + f"requires: {{mou: '{wanted}'}}\n"))
    return folder


def get(store: Store, *words: object, policy: Policy | None = None, yanked: bool = False) -> Installation:
    return install([str(word) for word in words], store, policy or Policy(), Access(), yanked)


def names(done: Installation) -> list[str]:
    return [f"{r.id} {r.version}" for r in done.added]


def here(store: Store) -> list[str]:
    return [f"{r.id} {r.version}" for r in store.records().packs]


def test_the_newest_that_fits_with_what_it_requires(store: Store, shelf: Path) -> None:
    assert sorted(names(get(store, "mou-1@<2", shelf))) == ["mou 1.2.0", "mou-1 1.1.0"]


def test_what_is_here_comes_before_what_is_offered(store: Store, shelf: Path) -> None:
    get(store, shelf / "mou-1.0.0.jspack")
    done = get(store, "mou-1@1.0.0", shelf)
    assert names(done) == ["mou-1 1.0.0"]
    assert [(p.id, p.version) for p in done.used] == [("mou", "1.0.0")]


def test_without_the_sources_nothing_is_needed_that_is_here(store: Store, shelf: Path) -> None:
    get(store, shelf / "mou-1.2.0.jspack")
    assert names(get(store, shelf / "mou-1-1.1.0.jspack")) == ["mou-1 1.1.0"]


def test_prereleases_only_by_name(store: Store, shelf: Path) -> None:
    assert names(get(store, "mou", shelf)) == ["mou 2.0.0"]
    assert names(get(store, "mou@2.1.0-rc1", shelf)) == ["mou 2.1.0-rc1"]


def test_demands_that_cannot_be_met(store: Store, shelf: Path) -> None:
    with pytest.raises(PackError) as refused:
        get(store, "mou-1@2.0.0", shelf)
    assert "mou-1 2.0.0 要求 mou >=3，能用的版本只有 1.0.0、1.2.0、2.0.0、2.1.0-rc1" in refused.value.message
    assert here(store) == []


def test_demands_that_contradict_each_other(store: Store, shelf: Path) -> None:
    with pytest.raises(PackError) as refused:
        get(store, shelf / "mou-2.0.0.jspack", shelf / "mou-1-1.1.0.jspack")
    assert "mou-1 1.1.0 要求 mou >=1.1, <2，而选定的是 2.0.0" in refused.value.message
    assert here(store) == []


def test_a_missing_parent(store: Store, shelf: Path) -> None:
    with pytest.raises(PackError) as refused:
        get(store, shelf / "mou-1-1.0.0.jspack")
    assert "本机和所给的来源里都没有这个包" in refused.value.message


def test_a_search_that_must_go_back(store: Store, tmp_path: Path) -> None:
    """The newest b wants an a that the newest c does not; the second newest b fits."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for version in ("1.0.0", "2.0.0"):
        (folder / f"a-{version}.jspack").write_bytes(build("a", version))
    for version, wanted in (("1.0.0", "1"), ("2.0.0", "2")):
        (folder / f"b-{version}.jspack").write_bytes(build("b", version, f"level: 省\nregion: '99'\nparent: a\nrequires: {{a: '{wanted}'}}\n"))
    (folder / "c-1.0.0.jspack").write_bytes(build("c", "1.0.0", "level: 市\nregion: '9901'\nparent: b\nrequires: {a: '<2'}\n"))
    assert sorted(names(get(store, "c", folder))) == ["a 1.0.0", "b 1.0.0", "c 1.0.0"]


def test_the_same_again_changes_nothing(store: Store, shelf: Path) -> None:
    get(store, shelf / "mou-1.0.0.jspack")
    before = (store.home / "installed.json").read_bytes()
    done = get(store, shelf / "mou-1.0.0.jspack")
    assert names(done) == [] and [r.id for r in done.unchanged] == ["mou"]
    assert (store.home / "installed.json").read_bytes() == before


def test_a_pack_folder_is_a_source(store: Store, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mou", pack_files())
    done = get(store, folder)
    assert names(done) == ["mou 1.0.0"] and not done.added[0].tested
    write_pack(folder, {"docs/a.md": b"x"})
    with pytest.raises(PackError, match="被拒绝"):
        get(store, folder)
    assert names(get(store, folder, policy=Policy(allow_older=True))) == ["mou 1.0.0"]


def test_a_shelf_with_several_packs_wants_a_name(store: Store, shelf: Path) -> None:
    with pytest.raises(UsageError, match="请写明要装哪个：mou、mou-1"):
        get(store, shelf)


def test_an_archive_that_is_not_what_its_name_says(store: Store, shelf: Path) -> None:
    (shelf / "mou-1.2.0.jspack").write_bytes(build(version="1.0.0"))
    with pytest.raises(PackError) as refused:
        get(store, "mou@1.2.0", shelf)
    assert "来源说这是 mou 1.2.0，归档里是 mou 1.0.0" in refused.value.diagnostics[0].message


def test_a_pack_that_does_not_work_here_is_not_installed(store: Store, shelf: Path) -> None:
    broken = build("mou-1", "9.0.0", CITY, overrides="language: 1\noverrides:\n  - {rule: X99-9, action: 收紧, severity: 错误, reason: 试}\n")
    path = shelf / "mou-1-9.0.0.jspack"
    path.write_bytes(broken)
    with pytest.raises(RulesError) as refused:
        get(store, path, shelf)
    assert "E430" in {d.code for d in refused.value.diagnostics}
    assert here(store) == [] and not (store.home / "packs").exists()


def test_an_engine_that_is_too_old(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "mou.jspack"
    path.write_bytes(build(extra="engine: '>=99'\n"))
    with pytest.raises(RulesError) as refused:
        get(store, path)
    assert [d.code for d in refused.value.diagnostics] == ["E415"]


def test_withdrawn_versions(store: Store, shelf: Path) -> None:
    index = index_folder(shelf)
    listed = index.packs["mou"]
    withdrawn = {**listed, "2.0.0": Listed(listed["2.0.0"].file, listed["2.0.0"].digest, "算错了", {})}
    retracted = {**withdrawn, "1.2.0": Listed(listed["1.2.0"].file, listed["1.2.0"].digest, None, {"A01-1": "依据已废止"})}
    (shelf / "index.json").write_bytes(write_index(Index({**index.packs, "mou": retracted})))
    done = get(store, "mou", shelf)
    assert names(done) == ["mou 1.2.0"] and done.added[0].retracted_rules == {"A01-1": "依据已废止"}
    with pytest.raises(PackError, match="已被发布者撤回：算错了"):
        get(store, "mou@2.0.0", shelf)
    assert get(store, "mou@2.0.0", shelf, yanked=True).added[0].yanked == "算错了"


def test_an_index_that_promises_another_content(store: Store, shelf: Path) -> None:
    index = index_folder(shelf)
    (shelf / "index.json").write_bytes(write_index(index))
    (shelf / "mou-1.2.0.jspack").write_bytes(build(version="1.2.0", rules__b=RULE.replace("A01-1", "A01-2")))
    with pytest.raises(PackError) as refused:
        get(store, "mou@1.2.0", shelf)
    assert refused.value.diagnostics[0].code == "E613"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("没有这个文件.jspack", "没有文件或目录"),
        ("ftp://host/index.json", "不支持「ftp://」"),
        ("http://example.invalid/index.json", "不是 https"),
        ("https://user:secret@example.invalid/index.json", "不要写用户名和口令"),
        ("https:///index.json", "没有主机名"),
        ("git+ssh://git@example.invalid/x.git@v1", "不支持「git+ssh://」"),
        ("git+https://example.invalid/x.git", "要写明标签"),
        ("git+https://example.invalid/x.git@--upload-pack=touch", "要写明标签"),
        ("git+https://u:secret@example.invalid/x.git@v1", "不要写用户名和口令"),
        ("git+file://example.invalid/x@v1", "只能是"),
        ("oci://example.invalid/x", "写法不对"),
        ("file:///etc/passwd", "不支持「file://」"),
    ],
)
def test_sources_that_are_refused(word: str, said: str, store: Store) -> None:
    with pytest.raises(JuesuanError) as refused:
        get(store, word)
    assert said in refused.value.message
    assert "secret" not in refused.value.message + "".join(f"{d.message}{d.span.file}" for d in refused.value.diagnostics)


def test_removal_spares_what_others_need(store: Store, shelf: Path, everything: Callable[[], set[str]]) -> None:
    get(store, "mou-1@1.1.0", shelf)
    with pytest.raises(PackError, match="还有别的规则包要用"):
        remove("mou", store)
    assert here(store) == ["mou 1.2.0", "mou-1 1.1.0"]
    remove("mou-1@1.1.0", store)
    remove("mou", store)
    assert here(store) == []
    with pytest.raises(UsageError, match="没有安装"):
        remove("mou", store)
