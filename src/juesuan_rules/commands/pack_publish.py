"""`pack publish`: build, sign and list a version, if its number is large enough for what changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.keys import ByOption, KeyOption, signer_name, signing_key
from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.authoring.comparing.model import Comparison


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="规则包的目录")],
    previous: Annotated[str | None, typer.Option("--previous", metavar="来源", help="上一版：目录、归档、编号@版本，或有索引的来源（取最新的）；默认 -o 目录里最新的一版")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="目录", help="归档和索引写在这里（默认当前目录）")] = Path(),
    first: Annotated[bool, typer.Option("--first", help="这是第一版，没有上一版可比")] = False,
    key: KeyOption = None,
    by: ByOption = "",
    no_test: Annotated[bool, typer.Option("--no-test", help="不跑规则包自带的用例；归档里会注明没有试过")] = False,
) -> None:
    """Publish a version into a folder that any web server or share can offer."""
    from juesuan_rules.commands.pack_build import build_checked, write_bytes
    from juesuan_rules.commands.pack_sign import stale_signature
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.archive import archive_name, open_archive
    from juesuan_rules.store.index import INDEX_FILE, index_folder, write_index
    from juesuan_rules.store.signing.signatures import SIGNATURE_FILE_SUFFIX, sign_archive, sign_index

    if not output.is_dir():
        raise UsageError(f"没有目录「{output}」")
    comparison = _compared(folder, previous, output, first)
    if comparison is not None:
        _require_step(comparison)
    private = signing_key(key) if key is not None else None
    name = signer_name(by, private, key) if private is not None and key is not None else ""
    built = build_checked(folder, no_test)
    target = output / archive_name(built.manifest)
    _refuse_other(target, built.manifest.digest)
    data = built.data
    if private is not None:
        data = sign_archive(open_archive(data, str(target)), private, name)
    write_bytes(target, data)
    index = write_index(index_folder(output))
    write_bytes(output / INDEX_FILE, index)
    if private is not None:
        write_bytes(output / (INDEX_FILE + SIGNATURE_FILE_SUFFIX), sign_index(index, private, name))
    signed = f"签名  {private.fingerprint}" if private is not None else "签名  无（加 --key 签名）" + stale_signature(output / INDEX_FILE)
    before = f"上一版  {comparison.old.version}，{len(comparison.changes)} 处改动" if comparison is not None else "第一版"
    sys.stdout.write(f"已发布  {safe(str(target))}\n{before}\n归档摘要  {built.manifest.digest}\n规则摘要  {built.manifest.rules_digest}\n{signed}\n")


def _compared(folder: Path, previous: str | None, output: Path, first: bool) -> Comparison | None:
    from juesuan_rules.authoring.comparing.compare import compare_folders
    from juesuan_rules.authoring.comparing.versions import version_folder
    from juesuan_rules.packs.locate import PackSpec, find_pack
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.store.index import INDEX_FILE, read_index
    from juesuan_rules.store.sources.files import read_file

    if not (folder / "pack.yaml").is_file():
        raise UsageError(f"目录「{folder}」里没有 pack.yaml，不是规则包")
    pack_id = find_pack(PackSpec(str(folder)), ()).manifest.id
    listed = output / INDEX_FILE
    here = listed.is_file() and pack_id in read_index(read_file(listed), str(listed)).packs
    if previous is None and not here:
        if first:
            return None
        raise UsageError(f"没有上一版可比：用 --previous 指明 {pack_id} 的上一版；确是第一版，写 --first")
    if first:
        raise UsageError(f"{pack_id} 已经发布过，不是第一版")
    roots = pack_roots()
    with version_folder(previous if previous is not None else str(output), roots, pack_id) as old:
        return compare_folders(old, folder, roots, (previous or str(output), str(folder)))


def _require_step(comparison: Comparison) -> None:
    """Raise PackError, naming the changes, where the version's number is too small for them."""
    from juesuan_rules.authoring.comparing.text import STEP_ZH, change_lines
    from juesuan_rules.store.problems import PackError

    old, new = comparison.old, comparison.new
    if old.id != new.id:
        raise UsageError(f"上一版是 {old.id}，这是 {new.id}，不是同一个规则包")
    if comparison.is_enough:
        return
    step = comparison.step
    if step is None:
        raise PackError(f"{new.id} {new.version} 比上一版 {old.version} 还旧，没有发布")
    causes = [change for change in comparison.changes if change.step == step]
    lines = [line for change in causes[:20] for line in change_lines(change)]
    more = [f"  另有 {len(causes) - 20} 处，见 juesuan-rules diff"] if len(causes) > 20 else []
    said = f"版本号 {new.version} 太小，没有发布：从 {old.version} 起有要升{STEP_ZH[step]}的改动 {len(causes)} 处，至少应为 {comparison.least}"
    raise PackError("\n".join([said, *lines, *more]))


def _refuse_other(target: Path, digest: str) -> None:
    """Raise PackError where another content was published under this version: what others have must not change."""
    from juesuan_rules.store.archive import open_archive
    from juesuan_rules.store.problems import failure
    from juesuan_rules.store.sources.files import read_file

    if target.exists() and open_archive(read_file(target), str(target)).manifest.digest != digest:
        raise failure("E613", f"「{target}」已经发布过，内容不同；发布过的版本不能改，请改版本号", str(target))
