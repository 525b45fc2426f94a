"""Hearing of what publishers withdraw, and withdrawing in an index of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.names import suggest
from juesuan_rules.packs.retractions import Withdrawal
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.contents import rule_ids
from juesuan_rules.store.index import Index, Listed
from juesuan_rules.store.local import Records
from juesuan_rules.store.problems import failure
from juesuan_rules.store.resolve import Present
from juesuan_rules.store.sources.model import Offer


def learn(records: Records, present: Iterable[Present], offers: Iterable[Offer]) -> dict[str, Withdrawal]:
    """What is known to be withdrawn after looking at these offers, by "id@version".

    Only what is here counts, and of installed versions only what is said of the same content. What was once heard
    stays: an older index cannot take it back.
    """
    known = dict(records.withdrawn)
    here = {(one.id, one.version) for one in present}
    for offer in offers:
        record = records.find(offer.id, offer.version)
        other = record is not None and offer.digest not in (None, record.digest)
        if (offer.id, offer.version) not in here or other or (offer.yanked is None and not offer.retracted_rules):
            continue
        key = f"{offer.id}@{offer.version}"
        before = known.get(key, Withdrawal())
        yanked = offer.yanked if offer.yanked is not None else before.yanked
        known[key] = Withdrawal(yanked, before.rules | offer.retracted_rules, offer.origin)
    return known


def news(before: Mapping[str, Withdrawal], after: Mapping[str, Withdrawal]) -> list[str]:
    """What was not known before, one sentence each."""
    told = []
    for key, now in after.items():
        then = before.get(key, Withdrawal())
        name = key.replace("@", " ")
        if now.yanked is not None and then.yanked is None:
            told.append(f"发布者已撤回 {name}：{now.yanked}")
        told += [f"发布者已撤回 {name} 的规则 {rule}：{why}" for rule, why in now.rules.items() if rule not in then.rules]
    return told


def withdraw(index: Index, pack_id: str, version: str, reason: str, rules: Iterable[str], fetch: Callable[[str], bytes]) -> Index:
    """The index with a version, or some rules of it, withdrawn.

    fetch: gives the bytes of a file beside the index. Raises UsageError for a version the index does not list or a
    rule the version does not have, PackError where its archive is not the one listed.
    """
    versions = index.packs.get(pack_id)
    if versions is None or version not in versions:
        near = suggest(f"{pack_id}@{version}", [f"{name}@{v}" for name, listed in index.packs.items() for v in listed])
        raise UsageError(f"索引里没有 {pack_id}@{version}" + (f"；是不是想写：{'、'.join(near)}" if near else ""))
    listed = versions[version]
    gone = dict.fromkeys(rules, reason)
    if gone:
        _require_rules(gone, listed, f"{pack_id}@{version}", fetch)
    changed = replace(listed, retracted_rules=listed.retracted_rules | gone) if gone else replace(listed, yanked=reason)
    return replace(index, packs={**index.packs, pack_id: {**versions, version: changed}})


def _require_rules(rules: Iterable[str], listed: Listed, name: str, fetch: Callable[[str], bytes]) -> None:
    archive = open_archive(fetch(listed.file), listed.file)
    if archive.manifest.digest != listed.digest:
        raise failure("E613", f"归档「{listed.file}」不是索引里列的那一份，没有撤回", listed.file, "请找回原来的归档")
    known = rule_ids(archive.files)
    for rule in rules:
        if rule not in known:
            near = suggest(rule, known)
            raise UsageError(f"{name} 没有规则「{rule}」" + (f"；是不是想写：{'、'.join(near)}" if near else "") + "；没有撤回")
