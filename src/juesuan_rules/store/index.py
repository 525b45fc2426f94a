"""index.json: what a static folder of archives offers, and what has been withdrawn of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.packs.versions import is_version, order
from juesuan_rules.store import limits
from juesuan_rules.store.archive import SUFFIX, open_archive
from juesuan_rules.store.entrynames import name_problem
from juesuan_rules.store.problems import PackError, failure, problem, shown
from juesuan_rules.store.sources.model import Offer

FORMAT = 1
INDEX_FILE = "index.json"
_MOST = 20_000


class Listed(msgspec.Struct, frozen=True):
    """One version in an index. file: path of the archive beside the index. digest: of the archive's manifest.
    yanked: why the version was withdrawn, or None; retracted_rules: why single rules were, by rule id."""

    file: str
    digest: str
    yanked: str | None = None
    retracted_rules: dict[str, str] = {}


class Index(msgspec.Struct, frozen=True):
    """index.json: versions by pack id and version."""

    packs: dict[str, dict[str, Listed]] = {}
    format: int = FORMAT


def read_index(data: bytes, origin: str) -> Index:
    """The index in these bytes. Raises PackError where there is none, with every unsafe entry."""
    if len(data) > limits.INDEX_BYTES:
        raise failure("E602", f"索引太大：超过 {limits.INDEX_BYTES:,} 字节", origin)
    try:
        index = msgspec.json.decode(data, type=Index)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise failure("E620", f"「{shown(origin)}」不是规则包索引（index.json）", origin, "索引用 juesuan-rules pack index 目录 生成") from None
    if index.format != FORMAT:
        raise failure("E620", f"索引「{shown(origin)}」的格式版本是 {index.format}，本程序只认 {FORMAT}；请升级程序", origin)
    wrong = []
    for pack_id, versions in index.packs.items():
        for version, listed in versions.items():
            if not is_version(version) or name_problem(listed.file) is not None:
                wrong.append(problem("E603", f"索引里 {shown(pack_id)} {shown(version)} 的文件「{shown(listed.file)}」不能用", origin))
    if wrong or sum(map(len, index.packs.values())) > _MOST:
        raise PackError(f"索引「{shown(origin)}」被拒绝，有 {len(wrong)} 处问题" if wrong else f"索引「{shown(origin)}」太大", tuple(wrong[:20]))
    return index


def write_index(index: Index) -> bytes:
    """The index as JSON bytes: ids sorted, versions from old to new."""
    packs = {
        pack_id: {version: msgspec.to_builtins(versions[version]) for version in sorted(versions, key=order)}
        for pack_id, versions in sorted(index.packs.items())
    }  # fmt: skip
    return (json.dumps({"format": FORMAT, "packs": packs}, ensure_ascii=False, indent=2) + "\n").encode()


def index_offers(index: Index, origin: str, fetch: Callable[[str], bytes]) -> tuple[Offer, ...]:
    """What an index offers. fetch: gives the bytes of a file beside the index."""

    def offer(pack_id: str, version: str, listed: Listed) -> Offer:
        place = f"{origin.rsplit('/', 1)[0]}/{listed.file}" if "/" in origin else listed.file
        return Offer(pack_id, version, place, lambda: fetch(listed.file), listed.digest, True, listed.yanked, listed.retracted_rules)

    return tuple(offer(pack_id, version, listed) for pack_id, versions in index.packs.items() for version, listed in versions.items())


def index_folder(folder: Path) -> Index:
    """The index of the archives below a folder; withdrawals of the index already there are kept.

    Raises PackError, with every reason: a broken archive, two archives of one version, a version that the
    index already there knows with another content.
    """
    before = _present(folder)
    packs: dict[str, dict[str, Listed]] = {}
    wrong: list[Diagnostic] = []
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        name = path.relative_to(folder).as_posix()
        try:
            manifest = open_archive(path.read_bytes(), name).manifest
        except PackError as error:
            wrong += error.diagnostics
            continue
        versions = packs.setdefault(manifest.id, {})
        known = before.packs.get(manifest.id, {}).get(manifest.version)
        if manifest.version in versions:
            wrong.append(problem("E605", f"与「{versions[manifest.version].file}」是同一个版本：{manifest.id} {manifest.version}", name))
        elif known is not None and known.digest != manifest.digest:
            wrong.append(problem("E613", f"{manifest.id} {manifest.version} 已经发布过，内容却变了", name, hint="发布过的版本不能改，请改版本号"))
        versions[manifest.version] = Listed(name, manifest.digest, known.yanked if known else None, known.retracted_rules if known else {})
    if wrong:
        raise PackError(f"目录「{folder}」做不成索引，有 {len(wrong)} 处问题", tuple(wrong))
    return Index(packs)


def _present(folder: Path) -> Index:
    path = folder / INDEX_FILE
    return read_index(path.read_bytes(), str(path)) if path.is_file() else Index()
