"""From a pack's folder to its archive: the same content gives the same bytes, on every system."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, RulesError, UsageError
from juesuan_rules.packs.digest import is_judged
from juesuan_rules.packs.manifest import parse_manifest
from juesuan_rules.store import limits
from juesuan_rules.store.archive import make_manifest, open_archive, write_archive
from juesuan_rules.store.contents import required
from juesuan_rules.store.entrynames import MANIFEST, RESERVED, SIGNATURES, is_text, kind_problem, name_problem
from juesuan_rules.store.manifest import ArchiveManifest
from juesuan_rules.store.problems import PackError, failure, problem, shown
from juesuan_rules.yamlfile import loads

_BOM = b"\xef\xbb\xbf"
_SYSTEM_FILES = frozenset(("thumbs.db", "desktop.ini", "__macosx", "__pycache__"))


class Built(msgspec.Struct, frozen=True):
    """An archive and what it says of itself. left_out: files of the folder that do not belong into a pack."""

    data: bytes
    manifest: ArchiveManifest
    left_out: tuple[str, ...] = ()


def check_folder(folder: Path, roots: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """What `check` says of a pack: of its files and, with its parents, of every rule. Errors and warnings.

    Raises UsageError or RulesError where the folder holds no pack that can be read.
    """
    from juesuan_rules.language.check import check_rules
    from juesuan_rules.packs.load import inspect_pack

    result = inspect_pack(str(folder), None, roots)
    if result.pack is None:
        return result.diagnostics
    return (*result.diagnostics, *check_rules(result.pack.rules, result.pack.layout).diagnostics)


def archive_folder(folder: Path, tested: bool) -> Built:
    """The archive of a pack's folder, unsigned. tested: whether the pack's own test was passed.

    Raises UsageError where the folder is no pack, PackError with all that does not fit into an archive.
    """
    if not (folder / "pack.yaml").is_file():
        raise UsageError(f"目录「{folder}」里没有 pack.yaml，不是规则包")
    files: dict[str, bytes] = {}
    wrong: list[Diagnostic] = []
    hidden: list[str] = []
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            wrong.append(problem("E604", "是链接；规则包里只放普通文件", str(folder), shown(name)))
        elif _is_hidden(name):
            hidden.append(name)
        elif path.is_file() and name not in (MANIFEST, SIGNATURES):
            files[name] = _read(path, wrong, folder)
        if len(files) > limits.FILES:
            raise failure("E602", f"目录「{folder}」里的文件太多，上限是 {limits.FILES:,} 个", str(folder))
    wrong += [problem("E603", "以点开头的规则文件不会收进归档，请改名或移走", str(folder), shown(name)) for name in hidden if is_judged(name)]
    if wrong:
        raise _unfit(str(folder), wrong)
    return archive_files(files, str(folder), tested)


def archive_files(files: Mapping[str, bytes], origin: str, tested: bool) -> Built:
    """As `archive_folder`, of files by their path inside the pack."""
    left_out = tuple(name for name in sorted(files) if kind_problem(name) is not None)
    kept = {name: _normal(name, content) for name, content in files.items() if name not in left_out}
    wrong = [problem(found[0], f"文件名不能用：{found[1]}", origin, shown(name)) for name in kept if (found := name_problem(name))]
    wrong += [problem("E603", "这个名称留给清单和签名", origin, shown(name)) for name in kept if name.casefold() in RESERVED]
    if wrong:
        raise _unfit(origin, wrong)
    if "pack.yaml" not in kept:
        raise failure("E607", f"「{shown(origin)}」里没有 pack.yaml，不是规则包", origin)
    try:
        written, problems = parse_manifest(loads(kept["pack.yaml"].decode("utf-8"), f"{origin}/pack.yaml"))
    except UnicodeDecodeError:
        raise failure("E403", f"「{shown(origin)}」的 pack.yaml 不是 UTF-8 编码", origin) from None
    if written is None:
        raise RulesError(f"「{shown(origin)}」的 pack.yaml 有错", problems)
    manifest = make_manifest(kept, written.id, written.version, written.engine, required(written.parent, written.requires), tested)
    data = write_archive(manifest, kept)
    open_archive(data, origin)  # what others would refuse is not built
    return Built(data, manifest, left_out)


def _walk(folder: Path) -> list[Path]:
    """Every file and link below a folder, in a stable order; links are not followed, system folders left out."""
    found = []
    for base, folders, names in os.walk(folder, followlinks=False):
        linked = [name for name in folders if os.path.islink(os.path.join(base, name))]
        folders[:] = sorted(name for name in folders if name not in linked and not name.startswith(".") and name.casefold() not in _SYSTEM_FILES)
        found += [Path(base, name) for name in [*names, *linked] if name.casefold() not in _SYSTEM_FILES]
        if len(found) > 2 * limits.FILES:
            break
    return sorted(found)


def _is_hidden(name: str) -> bool:
    return any(segment.startswith((".", "~$")) for segment in name.split("/"))


def _read(path: Path, wrong: list[Diagnostic], folder: Path) -> bytes:
    try:
        if path.stat().st_size <= limits.FILE_BYTES:
            return path.read_bytes()
        wrong.append(problem("E602", f"太大，上限是 {limits.FILE_BYTES:,} 字节", str(folder), path.name))
    except OSError:
        wrong.append(problem("E601", "读不出来", str(folder), path.name))
    return b""


def _normal(name: str, content: bytes) -> bytes:
    """Text with one kind of line end and no mark before it: editors and git must not change the digest."""
    if not is_text(name):
        return content
    return content.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _unfit(origin: str, wrong: Sequence[Diagnostic]) -> PackError:
    return PackError(f"「{shown(origin)}」做不成归档，有 {len(wrong)} 处问题", tuple(wrong))
