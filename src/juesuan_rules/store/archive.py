"""An archive `<id>-<version>.jspack`: made reproducibly, opened only when everything about it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.packs.manifest import LANGUAGE
from juesuan_rules.packs.versions import is_version, range_is_valid
from juesuan_rules.store import limits
from juesuan_rules.store.container import Entry, container_problems, read_entries, unpack, write_container
from juesuan_rules.store.contents import content_problems
from juesuan_rules.store.entrynames import MANIFEST, RESERVED, SIGNATURES, collisions, kind_problem, name_problem
from juesuan_rules.store.manifest import (
    ArchiveManifest,
    FileEntry,
    Signature,
    Signatures,
    decode_manifest,
    decode_signatures,
    digest_entries,
    encode,
    list_files,
)  # fmt: skip
from juesuan_rules.store.problems import problem, refused, shown

SUFFIX = ".jspack"


class Archive(msgspec.Struct, frozen=True):
    """A whole, sound archive. files: content by path inside the pack (without MANIFEST.json and
    SIGNATURES.json). signed_bytes: the bytes of MANIFEST.json, which signatures are over."""

    manifest: ArchiveManifest
    files: dict[str, bytes]
    signatures: tuple[Signature, ...]
    signed_bytes: bytes
    origin: str = ""


def archive_name(manifest: ArchiveManifest) -> str:
    """The file name of an archive."""
    return f"{manifest.id}-{manifest.version}{SUFFIX}"


def write_archive(manifest: ArchiveManifest | bytes, files: Mapping[str, bytes], signatures: Sequence[Signature] = ()) -> bytes:
    """The archive as bytes; the same for the same input.

    manifest: the record, or the bytes of a MANIFEST.json to be kept as they are (to add a signature).
    """
    head = manifest if isinstance(manifest, bytes) else encode(manifest)
    signed = [(SIGNATURES, encode(Signatures(tuple(signatures))))] if signatures else []
    return write_container([(MANIFEST, head), *signed, *sorted(files.items())])


def make_manifest(files: Mapping[str, bytes], pack_id: str, version: str, engine: str, requires: Mapping[str, str], tested: bool) -> ArchiveManifest:
    """The manifest of these files."""
    from juesuan_rules.packs.digest import digest_files

    entries = list_files(files)
    return ArchiveManifest(
        pack_id, version, entries, digest_entries(entries), digest_files(files), language=LANGUAGE, engine=engine, requires=dict(sorted(requires.items())), tested=tested
    )


def open_archive(data: bytes, origin: str) -> Archive:
    """The archive in these bytes, every promise of its manifest kept. Nothing is written anywhere.

    Raises PackError with every problem found.
    """
    archive, problems = inspect_archive(data, origin)
    if archive is None:
        raise refused(origin, problems)
    return archive


def inspect_archive(data: bytes, origin: str) -> tuple[Archive | None, tuple[Diagnostic, ...]]:
    """As `open_archive`, but the problems are returned; the archive is None where there is one."""
    out: list[Diagnostic] = []
    if len(data) > limits.ARCHIVE_BYTES:
        return None, (problem("E602", f"归档太大：{len(data):,} 字节，上限是 {limits.ARCHIVE_BYTES:,}", origin),)
    entries = read_entries(data, origin, out)
    if not entries:
        if not out:
            out.append(problem("E606", "归档是空的", origin))
        return None, tuple(out)
    out += _name_problems(entries, origin)
    limiting = container_problems(entries, origin)
    out += limiting
    if any(d.code == "E602" for d in limiting):
        return None, tuple(out)  # unpacking is what these limits are to prevent
    contents = _unpack_all(data, entries, origin, out)
    manifest = _read_manifest(contents, entries, origin, out)
    signatures = _read_signatures(contents, origin, out)
    files = {name: content for name, content in contents.items() if name not in (MANIFEST, SIGNATURES)}
    if manifest is not None:
        out += _list_problems(manifest, files, {e.name for e in entries}, origin)
        out += content_problems(files, manifest, origin)
    if out or manifest is None:
        return None, tuple(out)
    return Archive(manifest, files, signatures, contents[MANIFEST], origin), ()


def _name_problems(entries: Sequence[Entry], origin: str) -> list[Diagnostic]:
    found = []
    for entry in entries:
        wrong = name_problem(entry.name)
        if wrong is not None:
            found.append(problem(wrong[0], f"文件名不安全：{wrong[1]}", origin, shown(entry.name)))
        elif entry.name not in (MANIFEST, SIGNATURES) and (kind := kind_problem(entry.name)):
            found.append(problem("E603", kind, origin, shown(entry.name)))
        elif entry.name not in (MANIFEST, SIGNATURES) and entry.name.casefold() in RESERVED:
            found.append(problem("E603", "这个名称留给清单和签名", origin, shown(entry.name)))
    for one, other in collisions(entry.name for entry in entries):
        said = "名称重复" if one == other else f"与「{shown(one)}」在有些系统上是同一个文件"
        found.append(problem("E605", said, origin, shown(other)))
    return found


def _unpack_all(data: bytes, entries: Sequence[Entry], origin: str, out: list[Diagnostic]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for entry in entries:
        if entry.name in (MANIFEST, SIGNATURES) and entry.size > limits.MANIFEST_BYTES:
            out.append(problem("E602", f"太大：{entry.size:,} 字节，上限是 {limits.MANIFEST_BYTES:,}", origin, entry.name))
            continue
        content = unpack(data, entry)
        if content is None:
            out.append(problem("E608", "内容损坏，或被改过：与归档里记的大小或校验和不符", origin, shown(entry.name)))
        else:
            contents.setdefault(entry.name, content)
    return contents


def _read_manifest(contents: Mapping[str, bytes], entries: Sequence[Entry], origin: str, out: list[Diagnostic]) -> ArchiveManifest | None:
    if all(entry.name != MANIFEST for entry in entries):
        out.append(problem("E606", "归档里没有清单 MANIFEST.json", origin, hint="规则包归档用 juesuan-rules pack build 制作"))
        return None
    if MANIFEST not in contents:
        return None
    if entries[0].name != MANIFEST:
        out.append(problem("E606", "清单应是归档的第一项", origin, MANIFEST))
    try:
        manifest = decode_manifest(contents[MANIFEST])
    except ValueError as error:
        out.append(problem("E606", f"清单读不懂：{error}", origin, MANIFEST))
        return None
    if manifest.language != LANGUAGE:
        out.append(problem("E606", f"规则语言版本是 {manifest.language}，本程序用 {LANGUAGE}", origin, MANIFEST, "请升级程序，或改用对应版本的规则包"))
    wrong = [text for text in (manifest.engine, *manifest.requires.values()) if text and not range_is_valid(text)]
    if not is_version(manifest.version) or wrong:
        out.append(problem("E606", f"清单里的版本写法不对：{'、'.join(map(shown, wrong or [manifest.version]))}", origin, MANIFEST))
    return manifest


def _read_signatures(contents: Mapping[str, bytes], origin: str, out: list[Diagnostic]) -> tuple[Signature, ...]:
    if SIGNATURES not in contents:
        return ()
    try:
        return decode_signatures(contents[SIGNATURES])
    except ValueError as error:
        out.append(problem("E610", f"签名读不懂：{error}", origin, SIGNATURES))
        return ()


def _list_problems(manifest: ArchiveManifest, files: Mapping[str, bytes], present: set[str], origin: str) -> list[Diagnostic]:
    """Where the files differ from the manifest's list of them."""
    found = []
    listed: dict[str, FileEntry] = {}
    for entry in manifest.files:
        if name_problem(entry.path) is not None or entry.path in listed:
            found.append(problem("E606", f"清单所列「{shown(entry.path)}」{'重复' if entry.path in listed else '的名称不安全'}", origin, MANIFEST))
        listed[entry.path] = entry
    actual = {entry.path: entry for entry in list_files(files)}
    found += [problem("E607", "不在清单里", origin, shown(name)) for name in sorted(present - set(listed) - {MANIFEST, SIGNATURES})]
    found += [problem("E607", "清单里有，归档里没有", origin, shown(name)) for name in sorted(set(listed) - present)]
    for name in sorted(set(actual) & set(listed)):
        if actual[name] != listed[name]:
            told = "大小" if actual[name].size != listed[name].size else "内容"
            found.append(problem("E608", f"{told}与清单不符，被改过", origin, shown(name)))
    if digest_entries(manifest.files) != manifest.digest:
        found.append(problem("E606", "清单里的摘要与所列文件不符", origin, MANIFEST))
    return found
