"""MANIFEST.json and SIGNATURES.json of an archive: records, and their one spelling as bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

FORMAT = 1
_Record = TypeVar("_Record", "ArchiveManifest", "Signatures")


class FileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a pack: its path inside it, its size in bytes, sha256 as hex digits."""

    path: str
    size: int
    sha256: str


class ArchiveManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """MANIFEST.json.

    requires: pack id -> version range, the parent among them. engine: version range of this program,
    "" for any. digest: over `files`. rules_digest: what results call the pack's digest (over the files
    that verdicts depend on). tested: whether the pack's own test was passed when it was built.
    """

    id: str
    version: str
    files: tuple[FileEntry, ...]
    digest: str
    rules_digest: str
    format: int = FORMAT
    language: int = 1
    engine: str = ""
    requires: dict[str, str] = {}
    tested: bool = True


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signature over the bytes of MANIFEST.json. key: fingerprint of the signer's key. by: name, for
    people. signature: base64. time: when, as ISO 8601."""

    key: str
    by: str
    algorithm: str
    signature: str
    time: str


class Signatures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """SIGNATURES.json."""

    signatures: tuple[Signature, ...]
    format: int = FORMAT


def list_files(files: Mapping[str, bytes]) -> tuple[FileEntry, ...]:
    """What a manifest says of these files, sorted by path."""
    return tuple(FileEntry(path, len(files[path]), hashlib.sha256(files[path]).hexdigest()) for path in sorted(files))


def digest_entries(entries: Sequence[FileEntry]) -> str:
    """"sha256:…" over the canonical JSON of the list of files."""
    plain = [msgspec.to_builtins(entry) for entry in sorted(entries, key=lambda e: e.path)]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def encode(record: ArchiveManifest | Signatures) -> bytes:
    """The record as JSON bytes: keys sorted, indented by two, a line end behind it."""
    plain = msgspec.to_builtins(record)
    return (json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def decode_manifest(data: bytes) -> ArchiveManifest:
    """The manifest in these bytes. Raises ValueError, in Chinese, where there is none."""
    return _decode(data, ArchiveManifest)


def decode_signatures(data: bytes) -> tuple[Signature, ...]:
    """The signatures in these bytes. Raises ValueError, in Chinese, where there are none."""
    return _decode(data, Signatures).signatures


def _decode(data: bytes, kind: type[_Record]) -> _Record:
    try:
        plain = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
        record = msgspec.convert(plain, kind)
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"不是 JSON（第 {error.lineno} 行）") from None
    except RecursionError:
        raise ValueError("嵌套太深") from None
    except msgspec.ValidationError as error:
        raise ValueError(f"内容不合格式（{_place(str(error))}）") from None
    if record.format != FORMAT:
        raise ValueError(f"格式版本是 {record.format}，本程序只认 {FORMAT}；请升级程序")
    return record


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("有重复的键")
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(f"有不认识的数 {text}")


def _place(message: str) -> str:
    """The path msgspec gives at the end of its message: `$.files[3].size`."""
    return message.rsplit("`", 2)[-2] if message.count("`") >= 2 else "$"
