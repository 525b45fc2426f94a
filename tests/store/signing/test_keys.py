"""Private keys: protected on the disk, opened only with their passphrase."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.store.signing.keys import make_key, open_key, private_pem, write_private


def test_a_key_comes_back_only_with_its_passphrase(tmp_path: Path) -> None:
    key = make_key()
    path = tmp_path / "a.key"
    write_private(path, private_pem(key, "一句很长的口令"))
    assert b"ENCRYPTED" in path.read_bytes()
    assert open_key(path, lambda: "一句很长的口令").fingerprint == key.fingerprint
    with pytest.raises(UsageError, match="口令不对"):
        open_key(path, lambda: "wrong")


def test_a_key_without_a_passphrase_asks_for_none(tmp_path: Path) -> None:
    key = make_key()
    write_private(tmp_path / "a.key", private_pem(key, None))
    assert open_key(tmp_path / "a.key", lambda: pytest.fail("asked")).fingerprint == key.fingerprint


@pytest.mark.parametrize("passphrase", [None, "一句很长的口令"])
@pytest.mark.parametrize("holder", ["云岫市财政局", 'a "b" \\ c\n-----BEGIN PRIVATE KEY-----', ""])
def test_a_key_knows_its_holder(tmp_path: Path, holder: str, passphrase: str | None) -> None:
    key = make_key(holder)
    write_private(tmp_path / "a.key", private_pem(key, passphrase))
    opened = open_key(tmp_path / "a.key", lambda: passphrase or "")
    assert (opened.holder, opened.fingerprint) == (holder, key.fingerprint)


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    assert load_pem_private_key(private_pem(make_key("云岫市财政局"), None), None)


@pytest.mark.parametrize("line", [b'# \xe6\x8c\x81: "x"', b"# \xe6\x8c\x81\xe6\x9c\x89\xe4\xba\xba: \"\\q\"", b"\xff\xfe"])
def test_a_line_that_names_nobody(tmp_path: Path, line: bytes) -> None:
    write_private(tmp_path / "a.key", line + b"\n" + private_pem(make_key(), None))
    assert open_key(tmp_path / "a.key", lambda: "").holder == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows 没有这样的权限位")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    write_private(tmp_path / "a.key", b"x")
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


def test_no_key_is_written_over(tmp_path: Path) -> None:
    write_private(tmp_path / "a.key", b"x")
    with pytest.raises(UsageError, match="已经有了"):
        write_private(tmp_path / "a.key", b"y")
    assert (tmp_path / "a.key").read_bytes() == b"x"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\x00" * 100])
def test_what_is_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.key").write_bytes(content)
    with pytest.raises(UsageError):
        open_key(tmp_path / "a.key", lambda: "")
    with pytest.raises(UsageError):
        open_key(tmp_path / "no.key", lambda: "")


def test_keys_of_another_kind(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "a.key").write_bytes(pem)
    with pytest.raises(UsageError, match="不是 Ed25519"):
        open_key(tmp_path / "a.key", lambda: "")


def test_without_the_library_one_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import util

    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *more: None if name == "cryptography" else found(name, *more))
    with pytest.raises(UsageError, match=r"juesuan-rules\[share\]"):
        make_key()
