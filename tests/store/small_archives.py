"""Small packs as files and archives, and archives as an attacker would make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from small_packs import LAYOUT

from juesuan_rules.store.archive import make_manifest
from juesuan_rules.store.build import archive_files
from juesuan_rules.store.manifest import encode

PACK = """language: 1
id: {id}
version: {version}
name: 某包
"""
RULE = """language: 1
rules:
  - id: A01-1
    title: 一
    check: sum(总表.收入) == 总表[本年收入合计]
"""

Files = dict[str, bytes]


def pack_files(pack_id: str = "mou", version: str = "1.0.0", extra: str = "", **more: str) -> Files:
    """The files of a small pack. extra: lines of pack.yaml; more: further files, `/` written as `__`."""
    rules = {"rules/a.yaml": RULE, "layouts/tables.yaml": LAYOUT} if "parent:" not in extra else {}
    texts = {"pack.yaml": PACK.format(id=pack_id, version=version) + extra, **rules}
    texts |= {name.replace("__", "/") + ".yaml": text for name, text in more.items()}
    return {name: text.encode() for name, text in texts.items()}


def build(pack_id: str = "mou", version: str = "1.0.0", extra: str = "", **more: str) -> bytes:
    """The archive of a small pack."""
    return archive_files(pack_files(pack_id, version, extra, **more), pack_id, True).data


def write_pack(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files of a pack below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def plain_zip(entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A ZIP file as any other program writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def manifest_of(files: Files, **changes: Any) -> bytes:
    """A fitting MANIFEST.json, with changes."""
    manifest = make_manifest(files, "mou", "1.0.0", "", {}, True)
    return encode(replace(manifest, **changes))
