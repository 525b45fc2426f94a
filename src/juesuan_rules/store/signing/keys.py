"""Ed25519 keys: made, written, read. What a key is called is the SHA-256 of its 32 public bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = "ed25519"
PREFIX = "ed25519:"
KEY_BYTES = 32
LEAST_PASSPHRASE = 12
_MAX_FILE = 64 * 1024
_PEM = re.compile(rb"^-----BEGIN", re.MULTILINE)
_HOLDER = re.compile(r'^# 持有人: (".*")\r?$', re.MULTILINE)
AskPassphrase = Callable[[], str]


class SigningKey(msgspec.Struct, frozen=True):
    """A private key that is open. holder: whose it is as its file says, for people; "" where the file says nothing."""

    private: Ed25519PrivateKey
    public: bytes
    holder: str = ""

    @property
    def fingerprint(self) -> str:
        """"sha256:…" of the public key."""
        return fingerprint(self.public)


def require_cryptography() -> None:
    """Raise UsageError where the library for signatures is not installed."""
    from importlib.util import find_spec

    if find_spec("cryptography") is None:
        raise UsageError("签名和核对签名要用 cryptography：pip install 'juesuan-rules[share]'")


def fingerprint(public: bytes) -> str:
    """"sha256:…" of a public key."""
    return "sha256:" + hashlib.sha256(public).hexdigest()


def write_public(public: bytes) -> str:
    """A public key as trust lists hold it: ed25519:BASE64."""
    return PREFIX + base64.b64encode(public).decode()


def read_public(text: str) -> bytes | None:
    """The 32 bytes of a public key, or None where the text is none."""
    try:
        raw = base64.b64decode(text.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == KEY_BYTES else None


def make_key(holder: str = "") -> SigningKey:
    """A new key for a holder."""
    require_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _opened(Ed25519PrivateKey.generate(), holder)


def private_pem(key: SigningKey, passphrase: str | None) -> bytes:
    """The private key as PEM (PKCS #8), encrypted unless `passphrase` is None; a line before it names the holder."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, KeySerializationEncryption, NoEncryption, PrivateFormat

    protection: KeySerializationEncryption = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase.encode())
    # RFC 7468 allows text before the key, and other programs pass over it.
    named = f"# 持有人: {json.dumps(key.holder, ensure_ascii=False)}\n" if key.holder else ""
    return named.encode() + key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


def write_private(path: Path, pem: bytes) -> None:
    """Write a private key that only its owner may read. Raises UsageError; never writes over a file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"「{path}」已经有了；密钥文件不能覆盖，请换个名称") from None
    except OSError:
        raise UsageError(f"密钥写不到「{path}」") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)


def open_key(path: Path, ask: AskPassphrase) -> SigningKey:
    """The private key in a PEM file. ask: gives the passphrase where the file is encrypted. Raises UsageError."""
    require_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_FILE)
    except OSError:
        raise UsageError(f"密钥文件「{path}」读不出来") from None
    begin = _PEM.search(content)
    before, pem = (content[: begin.start()], content[begin.start() :]) if begin is not None else (b"", content)
    encrypted = b"ENCRYPTED" in pem
    passphrase = ask().encode() if encrypted else None
    try:
        private = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError):
        raise UsageError(f"密钥文件「{path}」打不开：" + ("口令不对，或文件损坏" if encrypted else "不是 PEM 格式的私钥")) from None
    except Exception as error:
        if type(error).__module__.startswith("cryptography"):
            raise UsageError(f"密钥文件「{path}」的加密方式不认识") from None
        raise
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(f"密钥文件「{path}」不是 Ed25519 密钥；用 juesuan-rules pack keygen 生成")
    return _opened(private, _holder(before.decode("utf-8", "replace")))


def _holder(text: str) -> str:
    match = _HOLDER.search(text)
    try:
        return str(json.loads(match[1])) if match is not None else ""
    except ValueError:
        return ""


def _opened(private: Ed25519PrivateKey, holder: str) -> SigningKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return SigningKey(private, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), holder)
