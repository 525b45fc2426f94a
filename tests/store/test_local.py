"""The local store: whole changes or none, whatever comes between."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from small_archives import build

from juesuan_rules.packs.digest import digest_folder
from juesuan_rules.packs.load import inspect_pack
from juesuan_rules.packs.roots import installed_folders, pack_roots
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.local import STAGING, Incoming, Record, Store
from juesuan_rules.store.problems import PackError


def put(store: Store, *archives: bytes) -> tuple[Record, ...]:
    with store.changing():
        return store.add([Incoming(open_archive(data, "x.jspack")) for data in archives])


def test_what_is_installed_is_there_read_only_and_recorded(store: Store) -> None:
    (record,) = put(store, build())
    folder = store.folder(record)
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == ["MANIFEST.json", "layouts/tables.yaml", "pack.yaml", "rules/a.yaml"]
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o444 for p in folder.rglob("*") if p.is_file())
    assert store.records().packs == (record,)
    assert record.rules_digest == digest_folder(folder)
    assert [(one.id, one.version, one.folder) for one in installed_folders()] == [("mou", "1.0.0", folder)]
    assert not (store.home / STAGING).exists()


def test_the_archive_can_be_made_again(store: Store) -> None:
    (record,) = put(store, build())
    assert store.repack(record) == build()


def test_removal_leaves_nothing_but_the_memory(store: Store) -> None:
    records = put(store, build())
    with store.changing():
        store.remove(records)
    assert not (store.home / "packs" / "mou").exists()
    assert store.records().packs == ()
    assert store.records().known == {"mou@1.0.0": records[0].digest}


def test_an_altered_installed_pack_is_not_used(store: Store) -> None:
    (record,) = put(store, build())
    path = store.folder(record) / "rules" / "a.yaml"
    path.chmod(0o644)
    path.write_text(path.read_text("utf-8").replace("==", "<="), "utf-8")
    result = inspect_pack("mou", None, pack_roots())
    assert result.pack is None
    assert [d.code for d in result.diagnostics if d.is_error] == ["E419"]


def test_a_change_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    put(store, build())
    before = {p: p.read_bytes() for p in store.home.rglob("*") if p.is_file() and "packs" in p.parts}

    def refuse(folders: object) -> None:
        raise PackError("不行")

    with pytest.raises(PackError), store.changing():
        store.add([Incoming(open_archive(build(version="2.0.0"), "x"))], refuse)
    assert {p: p.read_bytes() for p in store.home.rglob("*") if p.is_file() and "packs" in p.parts} == before
    assert not (store.home / STAGING).exists()


@pytest.mark.parametrize("step", ["_write_files", "os.replace", "records"])
def test_an_interrupted_change_leaves_nothing_half(store: Store, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes out in the middle: no cleaning up; the next change finds its way."""
    from juesuan_rules.store import local

    put(store, build())

    class PowerCut(BaseException):
        pass

    def cut(*args: object, **rest: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_sweep", lambda self: None)
        if step == "records":
            patch.setattr(Store, "_write_records", cut)
        elif step == "_write_files":
            real = local._write_files
            patch.setattr(local, "_write_files", lambda folder, archive: (real(folder, archive), (folder / "pack.yaml").unlink(), cut()))
        else:
            patch.setattr(local.os, "replace", cut)
        with pytest.raises(PowerCut), store.changing():
            store.add([Incoming(open_archive(build(version="2.0.0"), "x"))])
    assert [r.version for r in store.records().packs] == ["1.0.0"]
    assert [one.version for one in installed_folders()] == ["1.0.0"]
    put(store, build(version="2.0.0"))
    assert [r.version for r in store.records().packs] == ["1.0.0", "2.0.0"]
    assert sorted(p.name for p in (store.home / "packs" / "mou").iterdir()) == ["1.0.0", "2.0.0"]
    assert not (store.home / STAGING).exists()


def test_concurrent_installations_are_all_there(store: Store, tmp_path: Path) -> None:
    count = 6
    script = (
        "import sys; from juesuan_rules.store.acquire import install; from juesuan_rules.store.local import default_store;"
        "from juesuan_rules.store.policy import Policy; from juesuan_rules.store.sources.model import Access;"
        "install([sys.argv[1]], default_store(), Policy(allow_older=True), Access())"
    )
    running = []
    for number in range(count):
        path = tmp_path / f"mou-{number % 4}.0.0.jspack"
        path.write_bytes(build(version=f"{number % 4}.0.0"))
        running.append(subprocess.Popen([sys.executable, "-c", script, str(path)], env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}))
    assert [process.wait(60) for process in running] == [0] * count
    assert [r.version for r in store.records().packs] == ["0.0.0", "1.0.0", "2.0.0", "3.0.0"]
    assert sorted(p.name for p in (store.home / "packs" / "mou").iterdir()) == ["0.0.0", "1.0.0", "2.0.0", "3.0.0"]
    for record in store.records().packs:
        assert digest_folder(store.folder(record)) == record.rules_digest


def test_broken_records_stop_changes_and_cost_nothing(store: Store) -> None:
    (record,) = put(store, build())
    (store.home / "installed.json").write_text("{", "utf-8")
    assert installed_folders() == ()
    with pytest.raises(PackError, match="安装记录"), store.changing():
        pass
    assert store.folder(record).is_dir()


def test_records_cannot_point_outside(store: Store) -> None:
    put(store, build())
    path = store.home / "installed.json"
    path.write_text(path.read_text("utf-8").replace('"version": "1.0.0"', '"version": "../../.."'), "utf-8")
    assert installed_folders() == ()


def test_a_folder_that_cannot_be_written_to_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(PackError, match="写不了"), Store(tmp_path / "file").changing():
        pass


def test_of_two_versions_the_higher_is_used(store: Store, shipped: Path) -> None:
    from small_archives import pack_files, write_pack

    write_pack(shipped / "mou", pack_files(version="1.5.0"))
    put(store, build(version="1.10.0"), build(version="1.9.0"), build(version="1.0.0"))
    result = inspect_pack("mou", None, pack_roots())
    assert result.pack is not None and result.pack.manifest.version == "1.10.0"
    for version in ("1.0.0", "1.5.0", "1.9.0"):
        named = inspect_pack("mou", None, pack_roots(), version=version).pack
        assert named is not None and named.manifest.version == version


def test_a_parent_is_taken_in_the_version_required(store: Store) -> None:
    child = build("mou-1", extra="level: 省\nregion: '99'\nparent: mou\nrequires: {mou: '>=1, <2'}\n")
    put(store, build(version="1.0.0"), build(version="1.4.0"), build(version="2.0.0"), child)
    pack = inspect_pack("mou-1", None, pack_roots()).pack
    assert pack is not None
    assert [(p.id, p.version) for p in pack.chain] == [("mou", "1.4.0"), ("mou-1", "1.0.0")]
    with store.changing():
        store.remove([r for r in store.records().packs if r.version in ("1.4.0",) or (r.id, r.version) == ("mou", "1.0.0")])
    codes = [d.code for d in inspect_pack("mou-1", None, pack_roots()).diagnostics]
    assert codes == ["E418"]
