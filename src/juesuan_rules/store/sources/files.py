"""Archives on a disk: one file, a folder of them (a USB stick, a share), or a pack's own folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.store import limits
from juesuan_rules.store.archive import SUFFIX, open_archive
from juesuan_rules.store.problems import failure
from juesuan_rules.store.sources.model import Access, Offer

_NAME = re.compile(r"(?P<id>[a-z][a-z0-9-]*?)-(?P<version>\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)\.jspack$")
_INDEX = "index.json"
_PLAIN = Access()


def file_offers(path: Path, access: Access = _PLAIN) -> tuple[Offer, ...]:
    """What a file or a folder offers. Raises PackError where it is no archive and holds none."""
    if path.is_file():
        if path.name == _INDEX:
            return _index_offers(path, access)
        data = read_file(path)
        manifest = open_archive(data, str(path)).manifest
        return (Offer(manifest.id, manifest.version, str(path), lambda: data),)
    if (path / "pack.yaml").is_file():
        return (_folder_offer(path),)
    if (path / _INDEX).is_file():
        return _index_offers(path / _INDEX, access)
    found = [(match, child) for child in sorted(path.iterdir()) if (match := _NAME.match(child.name)) and child.is_file()] if path.is_dir() else []
    if not found:
        raise UsageError(f"目录「{path}」里没有规则包：既没有 pack.yaml、index.json，也没有 编号-版本{SUFFIX}")
    return tuple(Offer(match["id"], match["version"], str(child), _reader(child), collection=True) for match, child in found)


def read_file(path: Path) -> bytes:
    """The bytes of an archive, bounded. Raises PackError."""
    try:
        with open(path, "rb") as file:
            data = file.read(limits.ARCHIVE_BYTES + 1)
    except OSError:
        raise failure("E620", f"文件「{path}」读不出来", str(path)) from None
    if len(data) > limits.ARCHIVE_BYTES:
        raise failure("E602", f"归档太大：超过 {limits.ARCHIVE_BYTES:,} 字节", str(path))
    return data


def _folder_offer(folder: Path) -> Offer:
    from juesuan_rules.store.build import archive_folder

    built = archive_folder(folder, tested=False)
    return Offer(built.manifest.id, built.manifest.version, str(folder), lambda: built.data)


def _index_offers(path: Path, access: Access) -> tuple[Offer, ...]:
    from juesuan_rules.store.index import index_offers, read_index

    with open(path, "rb") as file:
        data = file.read(limits.INDEX_BYTES + 1)
    index = read_index(data, str(path))
    if access.check_index is not None:
        signature = path.with_name(path.name + ".sig")
        access.check_index(data, lambda: read_file(signature) if signature.is_file() else None, str(path))
    return index_offers(index, str(path), lambda name: read_file(path.parent / name))


def _reader(path: Path) -> Callable[[], bytes]:
    return lambda: read_file(path)
