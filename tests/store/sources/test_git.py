"""A tag of a git repository, and repositories that mean harm."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from small_archives import build, pack_files, write_pack

from juesuan_rules.store.acquire import install
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.git import GitAddress, git_offers, parse_address
from juesuan_rules.store.sources.model import Access

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="没有 git 程序")


class Repository:
    """A repository made for a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Run git in it."""
        who = {f"GIT_{role}_{what}": text for role in ("AUTHOR", "COMMITTER") for what, text in (("NAME", "x"), ("EMAIL", "x@example.invalid"))}
        environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(["git", "-c", "protocol.file.allow=always", *arguments], cwd=self.folder, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, tag: str) -> str:
        """Commit everything under a tag; the address of the tag."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "-m", tag)
        self.git("tag", tag)
        return f"git+file://{self.folder}@{tag}"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository(tmp_path / "repository")


def get(store: Store, address: str) -> list[str]:
    return [f"{r.id} {r.version}" for r in install([address], store, Policy(), Access()).added]


def test_a_tag_is_a_source(repository: Repository, store: Store) -> None:
    write_pack(repository.folder, {**pack_files(), ".gitattributes": b"* text eol=crlf\n"})
    first = repository.commit("v1.0.0")
    write_pack(repository.folder, pack_files(version="1.1.0"))
    second = repository.commit("v1.1.0")
    assert get(store, first) == ["mou 1.0.0"]
    assert get(store, second) == ["mou 1.1.0"]
    origin = store.records().versions("mou")[0].origin
    assert origin == f"{second}（提交 {repository.git('rev-parse', 'v1.1.0')[:12]}）"


def test_the_same_pack_by_git_and_by_file_is_the_same(repository: Repository) -> None:
    write_pack(repository.folder, pack_files())
    (offer,) = git_offers(repository.commit("v1"))
    assert open_archive(offer.fetch(), "x").manifest.digest == open_archive(build(), "x").manifest.digest


def test_a_folder_of_a_repository(repository: Repository, store: Store) -> None:
    write_pack(repository.folder / "packs" / "mou", pack_files())
    write_pack(repository.folder, {"README.md": b"x", "run.py": b"x"})
    assert get(store, repository.commit("v1") + "#subdirectory=packs/mou") == ["mou 1.0.0"]


def test_archives_in_a_repository_keep_their_signatures(repository: Repository, store: Store) -> None:
    write_pack(repository.folder, {"mou-1.0.0.jspack": build()})
    assert get(store, repository.commit("v1")) == ["mou 1.0.0"]
    assert store.records().packs[0].tested


def test_hooks_and_filters_do_not_run(repository: Repository, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {mark}\n"
    for name in ("post-checkout", "post-merge", "reference-transaction", "fsmonitor-watchman"):
        hook = repository.folder / ".git" / "hooks" / name
        hook.write_text(script, "utf-8")
    write_pack(repository.folder, {**pack_files(), ".gitattributes": b"* filter=evil\n"})
    address = repository.commit("v1")
    for hook in (repository.folder / ".git" / "hooks").iterdir():
        hook.chmod(0o755)
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[filter "evil"]\n\tsmudge = touch {mark}\n[core]\n\tfsmonitor = "touch {mark}"\n\thooksPath = {repository.folder}/.git/hooks\n', "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert get(store, address) == ["mou 1.0.0"]
    assert not mark.exists() and not (tmp_path / "elsewhere").exists()


def test_links_are_refused(repository: Repository, store: Store) -> None:
    write_pack(repository.folder, pack_files())
    (repository.folder / "rules" / "z.yaml").symlink_to("/etc/passwd")
    with pytest.raises(PackError) as refused:
        get(store, repository.commit("v1"))
    assert refused.value.diagnostics[0].code == "E604" and "链接" in refused.value.message


def test_submodules_are_refused(repository: Repository, store: Store, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    write_pack(other.folder, {"a.yaml": b"a: 1\n"})
    other.commit("v1")
    write_pack(repository.folder, pack_files())
    repository.git("submodule", "--quiet", "add", str(other.folder), "rules/more")
    (repository.folder / ".gitmodules").unlink()
    with pytest.raises(PackError) as refused:
        get(store, repository.commit("v1"))
    assert "子模块" in refused.value.message


def test_unsafe_names_in_a_tree(repository: Repository, store: Store) -> None:
    write_pack(repository.folder, {**pack_files(), "rules/a\\..\\b.yaml": b"a: 1\n", "rules/con.yaml": b"a: 1\n"})
    with pytest.raises(PackError) as refused:
        get(store, repository.commit("v1"))
    assert [d.code for d in refused.value.diagnostics] == ["E603", "E603"]


def test_a_tag_that_is_not_there(repository: Repository, store: Store) -> None:
    write_pack(repository.folder, pack_files())
    address = repository.commit("v1")
    with pytest.raises(PackError, match="没有这个标签"):
        get(store, address.replace("@v1", "@v2"))


def test_a_repository_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="git 取不到"):
        get(store, f"git+file://{tmp_path}/none@v1")


def test_addresses_are_taken_apart() -> None:
    assert parse_address("git+https://h/x.git@v1.0#subdirectory=packs/a") == GitAddress("https://h/x.git", "v1.0", "packs/a")
    for wrong in ("git+https://h/x.git@", "git+https://h/x@a..b", "git+https://h/x@-v", "git+https://h/x@v1#subdirectory=../a", "git+https://h/x@v1#egg=a"):
        with pytest.raises(PackError):
            parse_address(wrong)
