"""The one gate every archive passes, whatever it came from, and what happens behind it."""

from __future__ import annotations

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.packs.manifest import read_manifest
from juesuan_rules.packs.versions import order
from juesuan_rules.resources import rules_root
from juesuan_rules.store.archive import Archive, open_archive
from juesuan_rules.store.local import Records, default_store
from juesuan_rules.store.policy import Policy, signature_problems
from juesuan_rules.store.problems import problem, refused


def admit(data: bytes, origin: str, policy: Policy, records: Records | None = None, expected: str | None = None) -> Archive:
    """The archive in these bytes, if it is sound, meets the policy and is no step back.

    records: what is installed and known; None reads this user's store. expected: the digest that an index
    or a lock file names. Raises PackError with every reason; nothing is written.
    """
    archive = open_archive(data, origin)
    known = default_store().records() if records is None else records
    problems = _refusals(archive, policy, known)
    if expected is not None and archive.manifest.digest != expected:
        problems.append(problem("E613", f"摘要与约定的不符：应为 {expected}，实为 {archive.manifest.digest}", origin, hint="归档可能被换过，请与发布者核对"))
    if problems:
        raise refused(origin, problems)
    return archive


def admit_again(archive: Archive, policy: Policy, records: Records) -> None:
    """Hold an archive that was admitted against what is known now. Raises PackError."""
    problems = _refusals(archive, policy, records)
    if problems:
        raise refused(archive.origin, problems)


def _refusals(archive: Archive, policy: Policy, records: Records) -> list[Diagnostic]:
    return [*signature_problems(archive, policy), *_replay_problems(archive, policy, records), *_shipped_problems(archive)]


def _replay_problems(archive: Archive, policy: Policy, records: Records) -> list[Diagnostic]:
    """An old version offered again, or another content under a version already known."""
    manifest = archive.manifest
    if policy.allow_older:
        return []
    known = records.known.get(f"{manifest.id}@{manifest.version}")
    if known not in (None, manifest.digest):
        hint = "同一版本的内容不得改变：请发布者改版本号；确要换成这一份，加 --allow-older"
        return [problem("E613", f"{manifest.id} {manifest.version} 的内容与以前见过的不同（以前 {known}，现在 {manifest.digest}）", archive.origin, hint=hint)]
    installed = records.versions(manifest.id)
    if installed and order(manifest.version) < order(installed[0].version) and records.find(manifest.id, manifest.version) is None:
        hint = "可能有人拿旧版顶替；确要安装旧版，加 --allow-older"
        return [problem("E612", f"{manifest.id} {manifest.version} 比已安装的 {installed[0].version} 旧", archive.origin, hint=hint)]
    return []


def _shipped_problems(archive: Archive) -> list[Diagnostic]:
    """Another content under the name and version of a pack shipped with the program: never accepted."""
    from juesuan_rules.packs.digest import digest_folder

    manifest = archive.manifest
    folder = rules_root() / manifest.id
    shipped = read_manifest(folder)[0] if folder.is_dir() else None
    if shipped is None or shipped.version != manifest.version or digest_folder(folder) == manifest.rules_digest:
        return []
    return [problem("E613", f"{manifest.id} {manifest.version} 与随程序附带的同一版本内容不同", archive.origin, hint="请发布者改版本号")]
