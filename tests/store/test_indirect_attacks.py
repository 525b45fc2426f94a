"""Harmful archives that come in by a side door: every attack by every way, refused, and nothing written outside the store."""

from __future__ import annotations

import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from small_archives import RULE, build, manifest_of, pack_files, plain_zip, write_pack

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.store import limits
from juesuan_rules.store.acquire import install
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.container import write_container
from juesuan_rules.store.index import Index, Listed, write_index
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.model import Access

CITY = "level: 省\nregion: '99'\nparent: mou\n"
Everything = Callable[[], set[str]]


def with_file(name: str, content: bytes) -> bytes:
    files = {**pack_files(), name: content}
    return write_container([("MANIFEST.json", manifest_of(files)), *files.items()])


def link() -> bytes:
    entry = zipfile.ZipInfo("rules/link.yaml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    files = {**pack_files(), "rules/link.yaml": b"/etc/passwd"}
    return plain_zip([("MANIFEST.json", manifest_of(files)), *pack_files().items(), (entry, b"/etc/passwd")])


def twice() -> bytes:
    return write_container([("MANIFEST.json", manifest_of(pack_files())), *pack_files().items(), ("rules/a.yaml", b"a: 1\n")])


def unlisted() -> bytes:
    return write_container([("MANIFEST.json", manifest_of(pack_files())), *pack_files().items(), ("rules/z.yaml", b"a: 1\n")])


def changed() -> bytes:
    files = {**pack_files(), "rules/a.yaml": RULE.replace("==", "<=").encode()}
    return write_container([("MANIFEST.json", manifest_of(pack_files())), *files.items()])


PATTERN = RULE + '  - id: A01-9\n    title: 匹配\n    check: |-\n      每个 r 属于 总表[支出]：名称(r) 匹配 "(a+)+\\1"\n'
ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "traversal": (lambda: with_file("../../escaped.yaml", b"a: 1\n"), "E603"),
    "absolute": (lambda: with_file("/escaped.yaml", b"a: 1\n"), "E603"),
    "link": (link, "E604"),
    "twice": (twice, "E605"),
    "oversize": (lambda: with_file("docs/a.txt", bytes(limits.FILE_BYTES)), "E602"),
    "unlisted": (unlisted, "E607"),
    "changed": (changed, "E608"),
    "pattern": (lambda: with_file("rules/z.yaml", PATTERN.encode()), "E310"),
    "yaml bomb": (lambda: with_file("layouts/z.yaml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"), "E405"),
    "depth": (lambda: with_file("layouts/z.yaml", b"[" * 2000), "E404"),
    "cut": (lambda: build()[:-9], "E601"),
}

# Every way by which an archive named mou 1.0.0 comes in; each gives the words for `pack install`.


def put(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def index_of(folder: Path, **packs: str) -> str:
    """An index that an attacker wrote: it lists whatever they like."""
    digest = open_archive(build(), "x").manifest.digest
    told = {name.replace("_", "-"): {"1.0.0": Listed(file, digest if name == "mou" else open_archive(build("mou-1", extra=CITY), "x").manifest.digest)} for name, file in packs.items()}
    return put(folder / "index.json", write_index(Index(told)))


def by_file(folder: Path, data: bytes) -> list[str]:
    return [put(folder / "mou-1.0.0.jspack", data)]


def by_folder(folder: Path, data: bytes) -> list[str]:
    put(folder / "mou-1.0.0.jspack", data)
    return ["mou", str(folder)]


def by_index(folder: Path, data: bytes) -> list[str]:
    put(folder / "deep" / "m.jspack", data)
    return ["mou", index_of(folder, mou="deep/m.jspack")]


def by_dependency(folder: Path, data: bytes) -> list[str]:
    put(folder / "m.jspack", data)
    put(folder / "c.jspack", build("mou-1", extra=CITY))
    return ["mou-1", index_of(folder, mou="m.jspack", mou_1="c.jspack")]


def by_git(folder: Path, data: bytes) -> list[str]:
    if shutil.which("git") is None:
        pytest.skip("没有 git 程序")
    put(folder / "g" / "mou-1.0.0.jspack", data)
    for words in (["init", "-q"], ["add", "-A", "-f"], ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit", "-qm", "1"], ["tag", "v1"]):
        subprocess.run(["git", *words], cwd=folder / "g", check=True, capture_output=True)
    return [f"git+file://{folder / 'g'}@v1"]


WAYS = [by_file, by_folder, by_index, by_dependency, by_git]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_comes_in_by_any_way(attack: str, way: Callable[[Path, bytes], list[str]], store: Store, tmp_path: Path, everything: Everything) -> None:
    make, code = ATTACKS[attack]
    words = way(tmp_path / "from", make())
    before = everything()
    with pytest.raises(PackError) as refused:
        install(words, store, Policy(), Access())
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics
    assert all(any("\u4e00" <= c <= "\u9fff" for c in d.message) for d in refused.value.diagnostics)
    assert everything() == before
    assert not Path("/escaped.yaml").exists()


@pytest.mark.parametrize("way", WAYS)
def test_every_way_takes_a_sound_archive(way: Callable[[Path, bytes], list[str]], store: Store, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    assert "mou" in {record.id for record in install(way(tmp_path / "from", build()), store, Policy(), Access()).added}


@pytest.mark.parametrize("way", [by_file, by_folder, by_index, by_git])
def test_an_old_version_replayed_by_any_way(way: Callable[[Path, bytes], list[str]], store: Store, tmp_path: Path) -> None:
    install([put(tmp_path / "new" / "mou-1.1.0.jspack", build(version="1.1.0"))], store, Policy(), Access())
    words = [word.replace("mou", "mou@1.0.0") if word == "mou" else word for word in way(tmp_path / "from", build())]
    with pytest.raises(PackError) as refused:
        install(words, store, Policy(), Access())
    assert {d.code for d in refused.value.diagnostics} == {"E612"}
    assert [record.version for record in store.records().packs] == ["1.1.0"]


OUTSIDE = ["../m.jspack", "/etc/m.jspack", "a/../../m.jspack", "https://example.invalid/m.jspack", "//example.invalid/m.jspack", "file:///m.jspack", "..\\m.jspack", "%2e%2e/m.jspack/../../m.jspack"]


@pytest.mark.parametrize("file", OUTSIDE)
def test_an_index_that_points_outside_its_folder(file: str, store: Store, tmp_path: Path, everything: Everything) -> None:
    put(tmp_path / "m.jspack", build())
    address = index_of(tmp_path / "from", mou=file)
    before = everything()
    with pytest.raises(PackError) as refused:
        install(["mou", address], store, Policy(), Access())
    assert {d.code for d in refused.value.diagnostics} == {"E603"}
    assert everything() == before


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% {mark}@v1", "git+ext::sh -c touch% {mark}@v1", "git+ext://sh -c touch% {mark}/x@v1", "git+ext::sh://x/y@v1",
        "git+file://{mark}/x;touch {mark}@v1", "git+fd://17/x@v1", "git+ssh://-oProxyCommand=touch {mark}/x@v1", "git+file:///x@--upload-pack=touch {mark}",
    ],
)  # fmt: skip
def test_addresses_that_would_run_something(address: str, store: Store, tmp_path: Path, everything: Everything) -> None:
    before = everything()
    with pytest.raises(JuesuanError) as refused:
        install([address.format(mark=tmp_path / "ran")], store, Policy(), Access())
    assert any("\u4e00" <= c <= "\u9fff" for c in refused.value.message)
    assert everything() == before


def test_a_submodule_that_would_run_something(store: Store, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("没有 git 程序")
    folder = write_pack(tmp_path / "g", pack_files())
    (folder / ".gitmodules").write_text(f'[submodule "m"]\n\tpath = rules/m\n\turl = ext::sh -c touch% {tmp_path}/ran\n', "utf-8")

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *words], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    git("add", "-A", "-f")
    git("commit", "-qm", "1")
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD')},rules/m")
    git("commit", "-qm", "2")
    git("tag", "v1")
    with pytest.raises(PackError) as refused:
        install([f"git+file://{folder}@v1"], store, Policy(), Access())
    assert refused.value.diagnostics
    assert not (tmp_path / "ran").exists() and store.records().packs == ()


def test_from_https_to_http_is_no_way_even_where_http_is_allowed() -> None:
    import urllib.request

    from juesuan_rules.store.sources.web import _Redirects

    asked = urllib.request.Request("https://example.invalid/index.json")
    for target in ("http://example.invalid/x", "http://127.0.0.1/x", "file:///etc/passwd", "ftp://example.invalid/x", "data:,x", "jar:https://x!/y"):
        with pytest.raises(PackError) as refused:
            _Redirects(Access(http=True)).redirect_request(asked, None, 302, "", {}, target)
        assert refused.value.diagnostics[0].code == "E621"
    assert _Redirects(Access()).redirect_request(asked, None, 302, "", {}, "https://example.invalid/y") is not None
