"""What a policy refuses: every kind of bad signature, on every way a pack can come."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from signers import TODAY, signed, trusting
from small_archives import build, pack_files, plain_zip, write_pack

from juesuan_rules.store.acquire import install, refresh
from juesuan_rules.store.archive import open_archive, write_archive
from juesuan_rules.store.index import index_folder, write_index
from juesuan_rules.store.install import admit
from juesuan_rules.store.local import Records, Store
from juesuan_rules.store.policy import Policy, signature_problems, signers
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.signing.keys import SigningKey, make_key
from juesuan_rules.store.signing.signatures import sign_archive, sign_index
from juesuan_rules.store.sources.model import Access

CITY = "level: 省\nregion: '99'\nparent: mou\n"
COUNTY = "level: 市\nregion: '9901'\nparent: mou-1\n"


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_key()


@pytest.fixture(scope="module")
def other() -> SigningKey:
    return make_key()


def refusal(data: bytes, policy: Policy) -> str:
    """Why an archive is refused; "" where it is not."""
    problems = signature_problems(open_archive(data, "x.jspack"), policy)
    if not problems:
        admit(data, "x.jspack", policy, Records())
        return ""
    with pytest.raises(PackError) as refused:
        admit(data, "x.jspack", policy, Records())
    assert refused.value.diagnostics == problems and {d.code for d in problems} == {"E611"}
    return "；".join(d.message for d in problems)


def test_a_good_signature(key: SigningKey) -> None:
    assert refusal(signed(key), trusting(key)) == ""
    (signer,) = signers(open_archive(signed(key), "x"), trusting(key))
    assert (signer.state, signer.name, signer.fingerprint) == ("good", "某局", key.fingerprint)


def test_unsigned(key: SigningKey) -> None:
    assert "没有签名" in refusal(build(), trusting(key))
    assert refusal(build(), trusting(key, required=False)) == ""


def test_an_unknown_signer_whatever_it_calls_itself(key: SigningKey, other: SigningKey) -> None:
    assert "不在信任名单里" in refusal(signed(other), trusting(key))
    assert refusal(signed(other), trusting(key, required=False)) == ""


def test_no_key_is_trusted_at_all(key: SigningKey) -> None:
    assert "不在信任名单里" in refusal(signed(key), trusting())


@pytest.mark.parametrize("required", [True, False])
def test_a_signature_of_another_version_does_not_fit(key: SigningKey, required: bool) -> None:
    old, new = open_archive(signed(key, version="1.0.0"), "x"), open_archive(build(version="1.0.1"), "x")
    moved = write_archive(new.signed_bytes, new.files, old.signatures)
    assert "与内容不符" in refusal(moved, trusting(key, required=required))


@pytest.mark.parametrize("text", ["", "AAAA", "不是", "A" * 86 + "=="])
def test_a_signature_that_is_none(key: SigningKey, text: str) -> None:
    archive = open_archive(signed(key), "x")
    broken = tuple(replace(s, signature=text) for s in archive.signatures)
    assert "与内容不符" in refusal(write_archive(archive.signed_bytes, archive.files, broken), trusting(key))


def test_another_algorithm_is_none(key: SigningKey) -> None:
    archive = open_archive(signed(key), "x")
    broken = tuple(replace(s, algorithm="none") for s in archive.signatures)
    assert "与内容不符" in refusal(write_archive(archive.signed_bytes, archive.files, broken), trusting(key))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"revoked": "私钥遗失"}, "已作废：私钥遗失"),
        ({"valid_until": date(2026, 6, 29)}, "到期"),
        ({"valid_from": date(2026, 7, 1)}, "起才有效"),
        ({"packs": ("cn-*", "mou-1")}, "不能签 mou"),
    ],
)
def test_a_key_that_does_not_count(key: SigningKey, how: dict[str, Any], said: str) -> None:
    assert said in refusal(signed(key), trusting(key, **how))
    assert (refusal(signed(key), trusting(key, required=False, **how)) != "") == ("revoked" in how)


@pytest.mark.parametrize("how", [{"valid_until": TODAY}, {"valid_from": TODAY}, {"packs": ("mo*",)}])
def test_limits_that_are_kept(key: SigningKey, how: dict[str, Any]) -> None:
    assert refusal(signed(key), trusting(key, **how)) == ""


def test_one_good_signature_is_enough_unless_one_is_altered(key: SigningKey, other: SigningKey) -> None:
    both = sign_archive(open_archive(signed(other), "x"), key, "b")
    assert refusal(both, trusting(key)) == ""
    archive = open_archive(both, "x")
    broken = tuple(replace(s, signature="AAAA") if s.key == other.fingerprint else s for s in archive.signatures)
    data = write_archive(archive.signed_bytes, archive.files, broken)
    assert refusal(data, trusting(key)) == ""
    assert "与内容不符" in refusal(data, trusting(key, other))


def test_signing_again_replaces_and_changes_no_digest(key: SigningKey) -> None:
    once = open_archive(signed(key), "x")
    twice = open_archive(sign_archive(once, key, "b"), "x")
    assert len(twice.signatures) == 1
    assert twice.manifest.digest == once.manifest.digest == open_archive(build(), "x").manifest.digest


def test_contents_changed_behind_a_signature(key: SigningKey, tmp_path: Path) -> None:
    (tmp_path / "a.jspack").write_bytes(signed(key))
    with zipfile.ZipFile(tmp_path / "a.jspack") as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    changed = plain_zip([(name, data.replace(b"sum(", b"max(")) for name, data in entries])
    with pytest.raises(PackError) as refused:
        admit(changed, "x", trusting(key), Records())
    assert "E608" in {d.code for d in refused.value.diagnostics}


# Every way a pack comes in. Each gives words for `pack install`, with one unsigned archive on the way.


def archive(folder: Path, key: SigningKey) -> list[str]:
    return [put(folder / "mou-1.0.0.jspack", build())]


def pack_folder(folder: Path, key: SigningKey) -> list[str]:
    return [str(write_pack(folder / "mou", pack_files()))]


def collection(folder: Path, key: SigningKey) -> list[str]:
    put(folder / "mou-1.0.0.jspack", build())
    return ["mou", str(folder)]


def index(folder: Path, key: SigningKey) -> list[str]:
    put(folder / "mou-1.0.0.jspack", build())
    put(folder / "index.json", write_index(index_folder(folder)))
    return ["mou", str(folder / "index.json")]


def dependency(folder: Path, key: SigningKey) -> list[str]:
    put(folder / "mou-1.0.0.jspack", build())
    put(folder / "mou-1-1.0.0.jspack", signed(key, "mou-1", extra=CITY))
    return ["mou-1", str(folder)]


def dependency_of_dependency(folder: Path, key: SigningKey) -> list[str]:
    put(folder / "mou-1.0.0.jspack", build())
    put(folder / "mou-1-1.0.0.jspack", signed(key, "mou-1", extra=CITY))
    put(folder / "mou-1-1-1.0.0.jspack", signed(key, "mou-1-1", extra=COUNTY))
    put(folder / "index.json", write_index(index_folder(folder)))
    return ["mou-1-1", str(folder)]


def git(folder: Path, key: SigningKey) -> list[str]:
    if shutil.which("git") is None:
        pytest.skip("没有 git 程序")
    write_pack(folder / "g", pack_files())
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit", "-qm", "1"], ["tag", "v1"]):
        subprocess.run(["git", *words], cwd=folder / "g", check=True, capture_output=True)
    return [f"git+file://{folder / 'g'}@v1"]


def put(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


WAYS = [archive, pack_folder, collection, index, dependency, dependency_of_dependency, git]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_past_the_policy(way: Callable[[Path, SigningKey], list[str]], key: SigningKey, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    words = way(folder, key)
    with pytest.raises(PackError) as refused:
        install(words, store, trusting(key), Access())
    assert "E611" in {d.code for d in refused.value.diagnostics}, refused.value.message
    assert store.records().packs == () and not (store.home / "packs").exists()
    assert install(words, store, Policy(), Access()).added


def test_all_of_a_chain_signed(key: SigningKey, store: Store, tmp_path: Path) -> None:
    dependency_of_dependency(tmp_path, key)
    put(tmp_path / "mou-1.0.0.jspack", signed(key))
    put(tmp_path / "index.json", write_index(index_folder(tmp_path)))
    assert len(install(["mou-1-1", str(tmp_path)], store, trusting(key), Access()).added) == 3


# Indexes.


def shelf(folder: Path, key: SigningKey | None, signer: SigningKey | None = None) -> str:
    put(folder / "mou-1.0.0.jspack", signed(key) if key else build())
    put(folder / "index.json", write_index(index_folder(folder)))
    if signer is not None:
        put(folder / "index.json.sig", sign_index((folder / "index.json").read_bytes(), signer, "x"))
    return str(folder)


def test_an_index_that_must_be_signed(key: SigningKey, other: SigningKey, store: Store, tmp_path: Path) -> None:
    policy = trusting(key, index=True)
    for signer in (None, other):
        with pytest.raises(PackError, match="索引"):
            install(["mou", shelf(tmp_path, key, signer)], store, policy, Access())
    assert install(["mou", shelf(tmp_path, key, key)], store, policy, Access()).added


def test_an_index_changed_behind_its_signature(key: SigningKey, store: Store, tmp_path: Path) -> None:
    address = shelf(tmp_path, key, key)
    put(tmp_path / "index.json", (tmp_path / "index.json").read_bytes().replace(b'"yanked": null', b'"yanked": "x"'))
    for required in (True, False):
        with pytest.raises(PackError, match="索引"):
            refresh([address], store, trusting(key, index=required), Access())


def test_a_manifest_is_no_index(key: SigningKey, store: Store, tmp_path: Path) -> None:
    """A signature over an archive's manifest does not pass for one over an index with the same bytes."""
    signature = open_archive(signed(key), "x")
    put(tmp_path / "index.json", signature.signed_bytes)
    with zipfile.ZipFile(put(tmp_path / "a.zip", signed(key))) as file:
        put(tmp_path / "index.json.sig", file.read("SIGNATURES.json"))
    with pytest.raises(PackError):
        refresh([str(tmp_path / "index.json")], store, trusting(key, index=True), Access())
