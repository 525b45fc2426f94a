"""juesuan.lock: what decides a result, by digest, so that others make the same one: the packs, the waivers and
corrections."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span, UsageError
from juesuan_rules.packs.digest import digest_folder
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.locate import FoundPack, find_chain, list_packs
from juesuan_rules.packs.manifest import read_manifest
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.store.local import Records
from juesuan_rules.store.problems import PackError
from juesuan_rules.yamlfile import load

LOCK_FILE = "juesuan.lock"
SHIPPED = "随程序附带"
WAIVERS, CORRECTIONS = "waivers", "corrections"
INPUTS = {WAIVERS: "豁免文件", CORRECTIONS: "更正文件"}
"""Files beside the packs that decide a verdict: the key in a lock file, which is also the option that gives them."""
FILE_KEYS = ("lock", "packs", *INPUTS)
KEYS = ("id", "version", "digest", "archive", "source")
INPUT_KEYS = ("file", "digest")
_HEAD = "# 由 juesuan-rules lock 生成，请一并保存和传递；eval --locked 只用这里写明的规则包、豁免和更正。\n"


class LockedPack(msgspec.Struct, frozen=True):
    """One pack that is locked. digest: as in results. archive: digest of the archive it was installed from,
    or "". source: where it came from, for people."""

    id: str
    version: str
    digest: str
    archive: str = ""
    source: str = ""


class LockedInput(msgspec.Struct, frozen=True):
    """A waivers or corrections file that is locked. file: its name, for people; digest: as in results."""

    file: str
    digest: str


class LockFile(msgspec.Struct, frozen=True):
    """A lock file read. digest: "sha256:…" of its bytes. inputs: the waivers and corrections files by their keys;
    a lock file from before these were locked lacks the keys, and says nothing of them."""

    packs: tuple[LockedPack, ...]
    path: str
    digest: str
    inputs: dict[str, tuple[LockedInput, ...]] = {}

    def find(self, pack_id: str) -> LockedPack | None:
        """What is locked of a pack, or None."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)


def lock_packs(chosen: Sequence[FoundPack], roots: Sequence[Path], records: Records) -> tuple[LockedPack, ...]:
    """Every pack of the chains of those chosen, by id. Raises PackError where a chain is incomplete or needs
    one pack in two versions."""
    found: dict[str, FoundPack] = {}
    wrong: list[Diagnostic] = []
    for start in chosen:
        chain, problems = find_chain(start, roots)
        wrong += problems
        for pack in chain:
            other = found.setdefault(pack.manifest.id, pack)
            if other.manifest.version != pack.manifest.version:
                message = f"{pack.manifest.id} 要用 {other.manifest.version} 和 {pack.manifest.version} 两个版本，锁不到一起；请分别锁定：lock 规则包 -o 文件"
                wrong.append(Diagnostic("E640", message, Span(str(start.folder / "pack.yaml"))))
    if any(d.is_error for d in wrong):
        raise PackError("没有写锁定文件", tuple(dict.fromkeys(wrong)))
    return tuple(_locked(found[pack_id], records) for pack_id in sorted(found))


def write_lock(packs: Iterable[LockedPack], waivers: Sequence[LockedInput] = (), corrections: Sequence[LockedInput] = ()) -> str:
    """The text of a lock file. No waivers (corrections): it says that there are to be none."""
    lines = [_HEAD, "lock: 1\n", "packs:\n"]
    for pack in packs:
        lines.append(f"  - id: {pack.id}\n    version: {json.dumps(pack.version)}\n    digest: {pack.digest}\n")
        lines.append(f"    archive: {pack.archive}\n" if pack.archive else "")
        lines.append(f"    source: {json.dumps(pack.source, ensure_ascii=False)}\n")
    for key, files in ((WAIVERS, waivers), (CORRECTIONS, corrections)):
        lines.append(f"{key}:\n" if files else f"{key}: []\n")
        lines += [f"  - file: {json.dumps(one.file, ensure_ascii=False)}\n    digest: {one.digest}\n" for one in files]
    return "".join(lines)


def read_lock(path: Path) -> LockFile:
    """The lock file at `path`. Raises UsageError where there is none, PackError where it is broken."""
    if not path.is_file():
        raise UsageError(f"没有锁定文件「{path}」；先用 juesuan-rules lock 生成，或用 --lock 指明")
    file = load(path)
    out = list(file.diagnostics)
    packs: list[LockedPack] = []
    inputs: dict[str, tuple[LockedInput, ...]] = {}
    top = None if file.broken else Fields.at(file, (), file.data, FILE_KEYS, out, "锁定文件")
    if top is not None and top.require("lock", "packs"):
        if top.values["lock"] != 1:
            top.report("E414", f"锁定文件的版本应为 1，这里写的是“{top.values['lock']}”", "lock", "请升级程序")
        for place, item in top.items("packs"):
            fields = Fields.at(file, place, item, KEYS, out, "锁定的包")
            if fields is not None and fields.require("id", "version", "digest"):
                packs.append(LockedPack(*[fields.text(key) for key in KEYS]))
        inputs = {key: _inputs(top, key, out) for key in INPUTS if key in top.values}
    errors = tuple(d for d in out if d.is_error)
    repeated = {pack.id for pack in packs if sum(other.id == pack.id for other in packs) > 1}
    if errors or repeated:
        raise PackError(f"锁定文件「{path}」有错" + (f"：{'、'.join(sorted(repeated))} 写了两次" if repeated else ""), errors)
    return LockFile(tuple(packs), str(path), "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(), inputs)


def _inputs(top: Fields, key: str, out: list[Diagnostic]) -> tuple[LockedInput, ...]:
    found: list[LockedInput] = []
    for place, item in top.items(key):
        fields = Fields.at(top.file, place, item, INPUT_KEYS, out, INPUTS[key])
        if fields is not None and fields.require("digest"):
            found.append(LockedInput(fields.text("file"), fields.text("digest")))
    return tuple(found)


def locked_roots(lock: LockFile, folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of exactly the locked packs, out of all there are (every installed version among them).

    Raises PackError that names every pack which is missing or differs.
    """
    present = [(manifest, folder) for folder in folders if (manifest := read_manifest(folder)[0]) is not None]
    found: list[Path] = []
    wrong: list[Diagnostic] = []
    for pack in lock.packs:
        same = [folder for manifest, folder in present if (manifest.id, manifest.version) == (pack.id, pack.version)]
        match = next((folder for folder in same if digest_folder(folder) == pack.digest), None)
        if match is not None:
            found.append(match)
            continue
        others = sorted({manifest.version for manifest, _ in present if manifest.id == pack.id})
        wrong.append(_mismatch(lock, pack, same, others))
    if wrong:
        raise PackError(f"与锁定文件「{lock.path}」不符，没有核对任何报告", tuple(wrong))
    return tuple(found)


def check_used(lock: LockFile, used: Iterable[PackDigest]) -> None:
    """Raise PackError where a pack that was used is not the locked one."""
    wrong = []
    for pack in dict.fromkeys(used):
        known = lock.find(pack.id)
        if known is None:
            wrong.append(Diagnostic("E640", f"用到的 {pack.id} {pack.version} 不在锁定文件里", Span(lock.path), "重新生成：juesuan-rules lock"))
        elif (known.version, known.digest) != (pack.version, pack.digest):
            wrong.append(Diagnostic("E640", f"用到的 {pack.id} 是 {pack.version}（{pack.digest}），锁定的是 {known.version}（{known.digest}）", Span(lock.path)))
    if wrong:
        raise PackError(f"与锁定文件「{lock.path}」不符，结果作废", tuple(wrong))


def check_inputs(lock: LockFile, key: str, given: Sequence[LockedInput]) -> None:
    """Raise PackError where the waivers (corrections) given are not those locked, each named. A lock file that says
    nothing of them takes any."""
    locked = lock.inputs.get(key)
    if locked is None:
        return
    what = INPUTS[key]
    extra = Counter(one.digest for one in given) - Counter(one.digest for one in locked)
    wanted = Counter(one.digest for one in locked) - Counter(one.digest for one in given)
    names = {one.digest: one.file or one.digest for one in (*locked, *given)}
    again = f"确要用它，重新锁定：juesuan-rules lock --{key} {{0}}"
    wrong = [Diagnostic("E640", f"{what}「{names[digest]}」（{digest}）不是锁定的", Span(lock.path), again.format(names[digest])) for digest in extra]
    wrong += [Diagnostic("E640", f"没有给出锁定的{what}「{names[digest]}」（{digest}）", Span(lock.path), f"加 --{key} 文件") for digest in wanted]
    if wrong:
        raise PackError(f"{what}与锁定文件「{lock.path}」不符，没有核对任何报告", tuple(wrong))


def every_folder(roots: Sequence[Path]) -> tuple[Path, ...]:
    """The folder of every pack of the roots, other versions of the same pack too."""
    found: list[Path] = []
    for root in roots:
        if (root / "pack.yaml").is_file():
            found.append(root)
        elif root.is_dir():
            found += [child for child in sorted(root.iterdir()) if (child / "pack.yaml").is_file()]
    return tuple(dict.fromkeys(found))


def visible_packs(roots: Sequence[Path]) -> tuple[FoundPack, ...]:
    """The packs that judging could choose. Raises PackError where one of them is broken."""
    packs, problems = list_packs(roots)
    errors = tuple(d for d in problems if d.is_error)
    if errors:
        raise PackError("有规则包读不出来，没有写锁定文件", errors)
    return packs


def _locked(found: FoundPack, records: Records) -> LockedPack:
    manifest, digest = found.manifest, digest_folder(found.folder)
    record = records.find(manifest.id, manifest.version)
    if record is not None and record.rules_digest == digest:
        return LockedPack(manifest.id, manifest.version, digest, record.digest, record.origin)
    from juesuan_rules.resources import rules_root

    shipped = found.folder.resolve().parent == rules_root().resolve()
    return LockedPack(manifest.id, manifest.version, digest, "", SHIPPED if shipped else str(found.folder))


def _mismatch(lock: LockFile, pack: LockedPack, same: Sequence[Path], others: Sequence[str]) -> Diagnostic:
    hint = f"安装锁定的版本：juesuan-rules pack install 来源（原来源：{pack.source or '未记'}）"
    if same:
        message = f"{pack.id} {pack.version} 的内容与锁定的不同：锁定 {pack.digest}，现有 {digest_folder(same[0])}"
    elif others:
        message = f"锁定的是 {pack.id} {pack.version}，现有的是 {'、'.join(others)}"
    else:
        message = f"没有锁定的规则包 {pack.id} {pack.version}"
    return Diagnostic("E640", message, Span(lock.path), hint)
