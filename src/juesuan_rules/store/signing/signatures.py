"""Signatures: over the bytes of an archive's MANIFEST.json, or of an index."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

import msgspec

from juesuan_rules.store.archive import Archive, write_archive
from juesuan_rules.store.manifest import Signature, Signatures, decode_signatures, encode
from juesuan_rules.store.problems import failure
from juesuan_rules.store.signing.keys import ALGORITHM, SigningKey, require_cryptography

INDEX_DOMAIN = b"juesuan-rules index 1\n"
"""Before an index is signed this is put in front, so that no signature serves for two kinds of file."""
SIGNATURE_FILE_SUFFIX = ".sig"


def sign(data: bytes, key: SigningKey, by: str) -> Signature:
    """A signature over `data`. by: the signer's name, for people only: it is not signed."""
    made = base64.b64encode(key.private.sign(data)).decode()
    return Signature(key.fingerprint, by, ALGORITHM, made, datetime.now(UTC).isoformat(timespec="seconds"))


def is_valid(signature: Signature, public: bytes, data: bytes) -> bool:
    """Whether the signature over `data` was made with that key."""
    require_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature.signature, validate=True), data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return signature.algorithm == ALGORITHM


def sign_archive(archive: Archive, key: SigningKey, by: str) -> bytes:
    """The bytes of the archive with one more signature; an earlier one by the same key is replaced."""
    others = tuple(s for s in archive.signatures if s.key != key.fingerprint)
    signatures = sorted((*others, sign(archive.signed_bytes, key, by)), key=lambda s: s.key)
    return write_archive(archive.signed_bytes, archive.files, signatures)


def sign_index(data: bytes, key: SigningKey, by: str) -> bytes:
    """The content of index.json.sig for an index."""
    return encode(Signatures((sign(INDEX_DOMAIN + data, key, by),)))


def read_index_signatures(data: bytes, origin: str) -> tuple[Signature, ...]:
    """The signatures in index.json.sig. Raises PackError."""
    try:
        return decode_signatures(data)
    except (ValueError, msgspec.MsgspecError) as error:
        raise failure("E610", f"索引的签名读不懂：{error}", origin) from None
