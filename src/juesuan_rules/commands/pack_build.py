"""`pack build`: a pack's folder as one archive."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.store.build import Built
    from juesuan_rules.store.manifest import ArchiveManifest


def run(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="规则包的目录")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="文件|目录", help="归档写到哪里（默认当前目录，编号-版本.jspack）；不以 .jspack 结尾的是目录，没有就新建")] = ".",
    no_test: Annotated[bool, typer.Option("--no-test", help="不跑规则包自带的用例；归档里会注明没有试过")] = False,
) -> None:
    """Build the archive of a pack that passes `check` and its own test."""
    from juesuan_rules.renderings.plain import safe

    _check_output(output)
    built = build_checked(folder, no_test)
    manifest = built.manifest
    target = _target(output, manifest)
    write_bytes(target, built.data)
    lines = [
        f"已写出  {safe(str(target))}（{len(manifest.files)} 个文件，{len(built.data):,} 字节）",
        f"规则包  {manifest.id} {manifest.version}" + ("" if manifest.tested else "，没有跑用例（--no-test）"),
        f"归档摘要  {manifest.digest}",
        f"规则摘要  {manifest.rules_digest}（核对结果里写的就是它）",
    ]
    if built.left_out:
        lines.append(f"没有收入  {safe('、'.join(built.left_out[:20]))}（不是规则包的文件）")
    sys.stdout.write("\n".join(lines) + "\n")


def _is_folder(output: str) -> bool:
    """Whether the archive is to be put into `output` under its own name: a folder that is there, or that is to be made."""
    from juesuan_rules.store.archive import SUFFIX

    return Path(output).is_dir() or output.endswith(("/", os.sep)) or not output.endswith(SUFFIX)


def _check_output(output: str) -> None:
    """Raise UsageError, before any work is done, where an archive could not be written there."""
    path = Path(output)
    if not _is_folder(output):
        if not path.parent.is_dir():
            raise UsageError(f"写不到「{output}」：没有目录「{path.parent}」；只写目录（以 / 结尾）时会新建")
    elif any(above.exists() and not above.is_dir() for above in (path, *path.parents)):
        raise UsageError(f"写不到「{output}」：它或它的上级是文件，不是目录；归档的名称要以 .jspack 结尾")


def _target(output: str, manifest: ArchiveManifest) -> Path:
    from juesuan_rules.store.archive import archive_name

    if not _is_folder(output):
        return Path(output)
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
    except OSError:
        raise UsageError(f"建不了目录「{output}」：没有写权限，或磁盘已满") from None
    return Path(output, archive_name(manifest))


def build_checked(folder: Path, no_test: bool) -> Built:
    """The archive of a pack that passes `check` and, unless `no_test`, its own test. Raises the errors it has."""
    from juesuan_rules.diagnostics import RulesError
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.store.build import archive_folder, check_folder

    if not (folder / "pack.yaml").is_file():
        raise UsageError(f"目录「{folder}」里没有 pack.yaml，不是规则包")
    roots = pack_roots()
    errors = tuple(d for d in check_folder(folder, roots) if d.is_error)
    if errors:
        raise RulesError(f"规则包有 {len(errors)} 处错误，没有做归档", errors)
    if not no_test:
        _test(folder, roots)
    return archive_folder(folder, tested=not no_test)


def write_bytes(target: Path, data: bytes) -> None:
    """Write a whole file or nothing. Raises UsageError where that is not possible."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        why = "没有写权限" if isinstance(error, PermissionError) else "目录不存在，或磁盘已满"
        raise UsageError(f"写不到「{target}」：{why}") from None


def _test(folder: Path, roots: tuple[Path, ...]) -> None:
    from juesuan_rules.authoring.cases import run_cases
    from juesuan_rules.diagnostics import Diagnostic, Span
    from juesuan_rules.store.problems import PackError

    report = run_cases(str(folder), roots)
    if report.passed:
        return
    wrong = [d for d in report.diagnostics if d.is_error]
    wrong += [Diagnostic("E615", f"用例没有通过：{r.rule} {r.name}：{r.message}", r.span) for r in report.results if not r.passed]
    wrong += [Diagnostic("E615", text, Span(str(folder / "cases"))) for text in report.lacking]
    raise PackError(f"规则包的自检没有通过，有 {len(wrong)} 处，没有做归档（见 juesuan-rules test；跳过用 --no-test）", tuple(wrong))
