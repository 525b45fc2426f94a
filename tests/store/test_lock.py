"""Lock files: exactly the packs that were locked, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from small_archives import RULE, build, pack_files, write_pack

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.packs.digest import digest_folder
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.packs.roots import pack_roots
from juesuan_rules.store import lock as locking
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.local import Incoming, Store
from juesuan_rules.store.lock import (
    CORRECTIONS,
    WAIVERS,
    LockedInput,
    LockedPack,
    check_inputs,
    check_used,
    every_folder,
    lock_packs,
    locked_roots,
    read_lock,
    visible_packs,
    write_lock,
)
from juesuan_rules.store.problems import PackError
from juesuan_rules.yamlfile import loads

CITY = "level: 省\nregion: '99'\nparent: mou\n"


def put(store: Store, *archives: bytes) -> None:
    with store.changing():
        store.add([Incoming(open_archive(data, f"来源 {n}.jspack")) for n, data in enumerate(archives)])


def lock_all(store: Store, path: Path) -> Path:
    roots = pack_roots()
    path.write_text(write_lock(lock_packs(visible_packs(roots), roots, store.records())), "utf-8")
    return path


def test_a_lock_says_what_is_used(store: Store, shipped: Path, tmp_path: Path) -> None:
    write_pack(shipped / "mou", pack_files())
    put(store, build("mou-1", extra=CITY))
    lock = read_lock(lock_all(store, tmp_path / "juesuan.lock"))
    record = store.records().packs[0]
    assert lock.packs == (
        LockedPack("mou", "1.0.0", digest_folder(shipped / "mou"), "", "随程序附带"),
        LockedPack("mou-1", "1.0.0", record.rules_digest, record.digest, "来源 0.jspack"),
    )
    assert locked_roots(lock, every_folder(pack_roots())) == (shipped / "mou", store.folder(record))


def test_newer_versions_do_not_disturb_a_lock(store: Store, tmp_path: Path) -> None:
    put(store, build())
    lock = read_lock(lock_all(store, tmp_path / "juesuan.lock"))
    put(store, build(version="2.0.0"))
    (folder,) = locked_roots(lock, every_folder(pack_roots()))
    assert folder.name == "1.0.0"


def test_what_is_missing_or_differs_is_all_told(store: Store, shipped: Path, tmp_path: Path) -> None:
    write_pack(shipped / "mou", pack_files())
    put(store, build("mou-1", extra=CITY), build("mou-2", extra=CITY))
    lock = read_lock(lock_all(store, tmp_path / "juesuan.lock"))
    write_pack(shipped / "mou", {"rules/a.yaml": RULE.replace("==", "<=").encode()})
    with store.changing():
        store.remove(store.records().packs)
    put(store, build("mou-1", "1.1.0", CITY))
    with pytest.raises(PackError) as refused:
        locked_roots(lock, every_folder(pack_roots()))
    said = [d.message for d in refused.value.diagnostics]
    assert len(said) == 3
    assert "mou 1.0.0 的内容与锁定的不同" in said[0] and "锁定的是 mou-1 1.0.0，现有的是 1.1.0" in said[1] and "没有锁定的规则包 mou-2" in said[2]


def test_what_was_used_is_held_against_the_lock(store: Store, tmp_path: Path) -> None:
    put(store, build())
    lock = read_lock(lock_all(store, tmp_path / "juesuan.lock"))
    sound = PackDigest("mou", "1.0.0", lock.packs[0].digest)
    check_used(lock, [sound, sound])
    for wrong in (PackDigest("mou", "1.0.0", "sha256:0"), PackDigest("mou", "1.0.1", sound.digest), PackDigest("other", "1.0.0", sound.digest)):
        with pytest.raises(PackError):
            check_used(lock, [sound, wrong])


def test_two_versions_of_one_parent_cannot_be_locked_together(store: Store) -> None:
    ranges = [CITY + f"requires: {{mou: '{text}'}}\n" for text in ("<2", ">=2")]
    put(store, build(), build(version="2.0.0"), build("mou-1", extra=ranges[0]), build("mou-2", extra=ranges[1]))
    roots = pack_roots()
    with pytest.raises(PackError) as refused:
        lock_packs(visible_packs(roots), roots, store.records())
    assert "要用 2.0.0 和 1.0.0 两个版本" in refused.value.diagnostics[0].message


@pytest.mark.parametrize("text", ["", "lock: 2\npacks: []\n", "lock: 1\npacks:\n  - {id: a}\n", "lock: 1\npacks: x\n", "lock: &a 1\n", "lock: 1\npacks: []\nwaivers: [{file: a}]\n", "lock: 1\npacks: []\ncorrections: [{digest: a, more: b}]\n", "lock: 1\nmore: 1\npacks: [{id: a, version: '1.0.0', digest: d}]\n"])
def test_broken_lock_files(text: str, tmp_path: Path) -> None:
    path = tmp_path / "juesuan.lock"
    path.write_text(text, "utf-8")
    with pytest.raises(PackError, match="锁定文件"):
        read_lock(path)


def test_a_pack_locked_twice(tmp_path: Path) -> None:
    path = tmp_path / "juesuan.lock"
    path.write_text(write_lock([LockedPack("a", "1.0.0", "sha256:0"), LockedPack("a", "2.0.0", "sha256:1")]), "utf-8")
    with pytest.raises(PackError, match="a 写了两次"):
        read_lock(path)


def test_no_lock_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有锁定文件"):
        read_lock(tmp_path / "juesuan.lock")


ONE, OTHER = LockedInput("豁免.yaml", "sha256:1"), LockedInput("另.yaml", "sha256:2")


def with_inputs(path: Path, waivers: list[LockedInput], corrections: list[LockedInput]) -> locking.LockFile:
    path.write_text(write_lock([LockedPack("a", "1.0.0", "sha256:0")], waivers, corrections), "utf-8")
    return read_lock(path)


def test_waivers_and_corrections_are_locked(tmp_path: Path) -> None:
    lock = with_inputs(tmp_path / "juesuan.lock", [ONE, OTHER], [])
    assert lock.inputs == {WAIVERS: (ONE, OTHER), CORRECTIONS: ()}
    check_inputs(lock, WAIVERS, [OTHER, LockedInput("名称不同.yaml", "sha256:1")])
    check_inputs(lock, CORRECTIONS, [])


@pytest.mark.parametrize(
    ("locked", "given", "said"),
    [
        ([ONE], [], ["没有给出锁定的豁免文件「豁免.yaml」"]),
        ([], [ONE], ["豁免文件「豁免.yaml」（sha256:1）不是锁定的"]),
        ([ONE], [OTHER], ["豁免文件「另.yaml」（sha256:2）不是锁定的", "没有给出锁定的豁免文件「豁免.yaml」"]),
        ([ONE], [ONE, ONE], ["豁免文件「豁免.yaml」（sha256:1）不是锁定的"]),
    ],
)
def test_other_waivers_are_refused(locked: list[LockedInput], given: list[LockedInput], said: list[str], tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        check_inputs(with_inputs(tmp_path / "juesuan.lock", locked, []), WAIVERS, given)
    assert len(refused.value.diagnostics) == len(said)
    assert all(text in d.message and d.code == "E640" for text, d in zip(said, refused.value.diagnostics, strict=True))


def test_a_lock_file_of_before_says_nothing_of_waivers(tmp_path: Path) -> None:
    path = tmp_path / "juesuan.lock"
    path.write_text("lock: 1\npacks:\n  - id: a\n    version: \"1.0.0\"\n    digest: sha256:0\n    source: \"x\"\n", "utf-8")
    lock = read_lock(path)
    assert lock.inputs == {}
    check_inputs(lock, WAIVERS, [ONE])
    check_inputs(lock, CORRECTIONS, [ONE])


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(locking.__file__).parents[1] / "schemas" / "lock.schema.json").read_text("utf-8"))
    return found


def test_the_schema_and_the_reader_agree(tmp_path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    check = jsonschema.Draft202012Validator(schema())
    for inputs in ([], [ONE]), ([ONE, OTHER], [ONE]), ([], []):
        check.validate(loads(write_lock([LockedPack("a", "1.0.0", "sha256:0", "sha256:1", "某处")], *inputs)).data)
    assert list(check.iter_errors({"lock": 1, "packs": [], "waivers": [{"file": "a"}]}))
    assert tuple(schema()["properties"]) == locking.FILE_KEYS
    assert tuple(schema()["$defs"]["pack"]["properties"]) == locking.KEYS
    assert tuple(schema()["$defs"]["input"]["properties"]) == locking.INPUT_KEYS
