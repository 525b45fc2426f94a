"""From folders to archives and indexes."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_archives import RULE, build, pack_files, write_pack

from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.packs.digest import digest_folder
from juesuan_rules.resources import rules_root
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.build import archive_folder
from juesuan_rules.store.index import Index, Listed, index_folder, read_index, write_index
from juesuan_rules.store.problems import PackError


def test_a_folder_and_its_archive_have_one_digest(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mou", pack_files(cases__A01="rule: A01-1\n"))
    built = archive_folder(folder, tested=True)
    assert built.data == archive_folder(folder, tested=True).data
    assert built.manifest.rules_digest == digest_folder(folder)


@pytest.mark.parametrize("folder", sorted(p.parent for p in rules_root().glob("*/pack.yaml")), ids=lambda p: p.name)
def test_shipped_packs_can_be_built(folder: Path) -> None:
    built = archive_folder(folder, tested=True)
    assert built.left_out == ()
    assert open_archive(built.data, "x").manifest.rules_digest == digest_folder(folder)


def test_what_does_not_belong_is_left_out(tmp_path: Path) -> None:
    files = {**pack_files(), "run.py": b"x", "draft.docx": b"x", ".git/config": b"x", ".editorconfig": b"x", "LICENSE": b"x", "docs/a.md": b"x", "Thumbs.db": b"x"}
    built = archive_folder(write_pack(tmp_path / "mou", files), tested=True)
    assert built.left_out == ("draft.docx", "run.py")
    assert [e.path for e in built.manifest.files] == ["LICENSE", "docs/a.md", "layouts/tables.yaml", "pack.yaml", "rules/a.yaml"]


def test_hidden_rules_are_no_secret(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mou", {**pack_files(), "rules/.b.yaml": RULE.encode()})
    with pytest.raises(PackError) as refused:
        archive_folder(folder, tested=True)
    assert "以点开头的规则文件" in refused.value.diagnostics[0].message


def test_links_are_refused(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mou", pack_files())
    (tmp_path / "secret.yaml").write_text("a: 1\n", "utf-8")
    (folder / "rules" / "z.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "docs").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(PackError) as refused:
        archive_folder(folder, tested=True)
    assert [d.code for d in refused.value.diagnostics] == ["E604", "E604"]


def test_folders_that_are_no_packs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"没有 pack\.yaml"):
        archive_folder(tmp_path, tested=True)
    with pytest.raises(RulesError, match=r"pack\.yaml 有错"):
        archive_folder(write_pack(tmp_path / "mou", {"pack.yaml": b"language: 1\nid: X\n"}), tested=True)


def test_an_index_names_every_archive(tmp_path: Path) -> None:
    for version in ("1.10.0", "1.9.0"):
        write_pack(tmp_path, {f"mou/mou-{version}.jspack": build(version=version)})
    index = index_folder(tmp_path)
    assert {v: listed.file for v, listed in index.packs["mou"].items()} == {"1.9.0": "mou/mou-1.9.0.jspack", "1.10.0": "mou/mou-1.10.0.jspack"}
    assert index.packs["mou"]["1.9.0"].digest == open_archive(build(version="1.9.0"), "x").manifest.digest
    text = write_index(index)
    assert read_index(text, "x") == index
    assert text.index(b"1.9.0") < text.index(b"1.10.0")


def test_an_index_keeps_what_was_withdrawn(tmp_path: Path) -> None:
    write_pack(tmp_path, {"mou-1.0.0.jspack": build()})
    listed = index_folder(tmp_path).packs["mou"]["1.0.0"]
    withdrawn = Index({"mou": {"1.0.0": Listed(listed.file, listed.digest, "算错了", {"A01-1": "不再适用"})}})
    (tmp_path / "index.json").write_bytes(write_index(withdrawn))
    assert index_folder(tmp_path) == withdrawn


def test_an_index_refuses_changed_and_doubled_versions(tmp_path: Path) -> None:
    write_pack(tmp_path, {"mou-1.0.0.jspack": build()})
    (tmp_path / "index.json").write_bytes(write_index(index_folder(tmp_path)))
    write_pack(tmp_path, {"mou-1.0.0.jspack": build(docs__n="a: 1\n")})
    with pytest.raises(PackError) as changed:
        index_folder(tmp_path)
    assert [d.code for d in changed.value.diagnostics] == ["E613"]
    (tmp_path / "index.json").unlink()
    write_pack(tmp_path, {"again.jspack": build(), "broken.jspack": b"PK"})
    with pytest.raises(PackError) as doubled:
        index_folder(tmp_path)
    assert [d.code for d in doubled.value.diagnostics] == ["E601", "E605"]


@pytest.mark.parametrize("file", ["../x.jspack", "/etc/passwd", "https://example.invalid/x.jspack", "a\\b.jspack"])
def test_an_index_cannot_point_elsewhere(file: str) -> None:
    with pytest.raises(PackError) as refused:
        read_index(write_index(Index({"mou": {"1.0.0": Listed(file, "sha256:0")}})), "x")
    assert refused.value.diagnostics[0].code == "E603"


@pytest.mark.parametrize("text", [b"", b"<html>", b"[]", b'{"packs": []}', b'{"format": 2, "packs": {}}', b"[" * 100_000])
def test_texts_that_are_no_index(text: bytes) -> None:
    with pytest.raises(PackError):
        read_index(text, "x")
