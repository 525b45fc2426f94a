"""`pack verify`: everything wrong with archives, all at once; nothing is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import Diagnostic, ExitCode, UsageError, render

if TYPE_CHECKING:
    from juesuan_rules.store.archive import Archive
    from juesuan_rules.store.policy import Policy


def run(
    targets: Annotated[list[str], typer.Argument(metavar="归档或编号", help="归档文件（.jspack）；或已安装的规则包：编号、编号@版本")],
) -> None:
    """Look at archives, or at installed packs, without changing anything."""
    from juesuan_rules.renderings.plain import safe, safe_lines
    from juesuan_rules.store.policy import load_policy

    broken = 0
    policy = load_policy()
    for target in targets:
        for name, archive, problems in _inspect(target, policy):
            broken += bool(problems)
            for problem in problems:
                sys.stdout.write(safe_lines(render(problem)) + "\n")
            if archive is None:
                sys.stdout.write(f"不可用  {safe(name)}，{len(problems)} 处问题\n")
            else:
                _tell(name, archive, bool(problems), policy)
    raise typer.Exit(int(ExitCode.RULES_BROKEN if broken else ExitCode.CLEAN))


def _inspect(target: str, policy: Policy) -> list[tuple[str, Archive | None, tuple[Diagnostic, ...]]]:
    from juesuan_rules.store.archive import inspect_archive
    from juesuan_rules.store.policy import signature_problems

    found = []
    for name, data in _read(target):
        archive, problems = inspect_archive(data, name)
        if archive is not None:
            problems = signature_problems(archive, policy)
        found.append((name, archive, problems))
    return found


def _read(target: str) -> list[tuple[str, bytes]]:
    """(name, bytes) of an archive, or of every installed version that is meant."""
    from juesuan_rules.packs.versions import in_range
    from juesuan_rules.store.acquire import parse_wish
    from juesuan_rules.store.local import default_store
    from juesuan_rules.store.sources.files import read_file

    if Path(target).is_file():
        return [(target, read_file(Path(target)))]
    wish = None if Path(target).exists() else parse_wish(target)
    if wish is None:
        raise UsageError(f"「{target}」不是归档文件" + ("；目录先用 pack build 做成归档" if Path(target).is_dir() else ""))
    store = default_store()
    records = [r for r in store.records().packs if r.id == wish.id and in_range(r.version, wish.range)]
    if not records:
        raise UsageError(f"没有文件「{target}」，也没有安装这个规则包")
    return [(f"{r.id}@{r.version}", store.repack(r)) for r in records]


def _tell(name: str, archive: Archive, refused: bool, policy: Policy) -> None:
    from juesuan_rules.commands.keys import signer_lines
    from juesuan_rules.renderings.plain import safe

    manifest = archive.manifest
    requires = "，".join(f"{key} {text}" for key, text in manifest.requires.items()) or "无"
    lines = [
        f"{'被策略拒绝' if refused else '完好'}  {safe(name)}",
        f"  规则包  {manifest.id} {manifest.version}，{len(manifest.files)} 个文件" + ("" if manifest.tested else "，制作时没有跑用例"),
        f"  依赖  {requires}",
        *signer_lines(archive, policy),
        f"  归档摘要  {manifest.digest}",
        f"  规则摘要  {manifest.rules_digest}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
