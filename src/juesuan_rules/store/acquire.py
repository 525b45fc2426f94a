"""`pack install`: from what a person names to installed packs, all of them or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.names import suggest
from juesuan_rules.packs.locate import list_packs
from juesuan_rules.packs.roots import pack_roots
from juesuan_rules.packs.versions import in_range, is_prerelease, order, range_is_valid
from juesuan_rules.resources import rules_root
from juesuan_rules.store.archive import Archive
from juesuan_rules.store.build import check_folder
from juesuan_rules.store.contents import required
from juesuan_rules.store.install import admit, admit_again
from juesuan_rules.store.local import Incoming, Record, Records, Store
from juesuan_rules.store.policy import Policy, check_index
from juesuan_rules.store.problems import PackError, failure, problem, refused
from juesuan_rules.store.resolve import Need, Present, may_choose, resolve, said
from juesuan_rules.store.sources.addresses import open_source
from juesuan_rules.store.sources.model import Access, Offer
from juesuan_rules.store.withdrawing import learn, news

_WANTED = re.compile(r"(?P<id>[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,6})(?:@(?P<range>[0-9<>=!][^/\\]*))?$")
BY_PERSON = "命令行"


class Installation(msgspec.Struct, frozen=True):
    """What became of an installation. added: new records, those named first. unchanged: asked for and here
    already. used: what the new ones require and was here. withdrawn: what was heard to be withdrawn of what
    is here, one sentence each."""

    added: tuple[Record, ...]
    unchanged: tuple[Record, ...] = ()
    used: tuple[Present, ...] = ()
    withdrawn: tuple[str, ...] = ()


class Wish(msgspec.Struct, frozen=True):
    """`ID` or `ID@RANGE` as a person wrote it."""

    id: str
    range: str


def install(words: Sequence[str], store: Store, policy: Policy, access: Access, allow_yanked: bool = False) -> Installation:
    """Install what the words name: sources (all of a source with one pack), or ids to be found in the sources.

    Raises UsageError or PackError with the reasons; then nothing has changed.
    """
    wishes, addresses = _sort_words(words)
    offers = _offers(addresses, policy, access)
    records = store.records()
    targets = _targets(wishes, offers, allow_yanked)
    desk = _Desk(policy, records)
    present = present_packs(records)
    needs = [Need(wish.id, wish.range, BY_PERSON) for wish in wishes if wish.id not in {target.id for target in targets}]
    chosen = resolve(targets, needs, present, offers, desk.requires)
    fetched = [pick for pick in chosen.values() if isinstance(pick, Offer)]
    unchanged = tuple(record for offer in fetched if (record := desk.installed(offer)) is not None)
    new = [offer for offer in fetched if desk.installed(offer) is None]
    used = tuple(pick for pick in chosen.values() if isinstance(pick, Present))
    if not new:
        return Installation((), unchanged, used, _hear(store, offers))
    with store.changing():
        now = store.records()
        for offer in new:
            admit_again(desk.open(offer), policy, now)
        incoming = [Incoming(desk.open(offer), offer.yanked, offer.retracted_rules) for offer in new]
        added = store.add(incoming, partial(_verify, [offer.id for offer in new], store.home))
    return Installation(added, unchanged, used, _hear(store, offers))


def refresh(addresses: Sequence[str], store: Store, policy: Policy, access: Access) -> tuple[str, ...]:
    """Hear what the sources say was withdrawn of what is here; what is new of it, one sentence each. Nothing is
    installed. Raises UsageError or PackError."""
    return _hear(store, _offers(addresses, policy, access))


def _offers(addresses: Sequence[str], policy: Policy, access: Access) -> tuple[Offer, ...]:
    """Everything the sources offer; indexes are held against the policy."""
    held = replace(access, check_index=partial(check_index, policy=policy))
    return tuple(offer for address in addresses for offer in open_source(address, held))


def _hear(store: Store, offers: Sequence[Offer]) -> tuple[str, ...]:
    """Keep what the offers say was withdrawn of what is here; what is new of it."""
    records = store.records()
    known = learn(records, present_packs(records), offers)
    if known == records.withdrawn:
        return ()
    with store.changing():
        now = store.records()
        store.note_withdrawn(learn(now, present_packs(now), offers))
    return tuple(news(records.withdrawn, known))


def present_packs(records: Records) -> tuple[Present, ...]:
    """The versions that are here: installed, and shipped with the program."""
    shipped = [Present(p.manifest.id, p.manifest.version, required(p.manifest.parent, p.manifest.requires)) for p in list_packs((rules_root(),))[0]]
    installed = [Present(r.id, r.version, r.requires) for r in records.packs]
    return (*shipped, *(p for p in installed if (p.id, p.version) not in {(s.id, s.version) for s in shipped}))


def remove(word: str, store: Store) -> tuple[Record, ...]:
    """Remove `ID` (every version) or `ID@VERSION`; the records that are gone.

    Raises UsageError where it is not installed, PackError where another installed pack needs it.
    """
    wish = parse_wish(word)
    if wish is None:
        raise UsageError(f"「{word}」写法不对：应写成 编号 或 编号@版本")
    with store.changing():
        records = store.records()
        gone = tuple(r for r in records.packs if r.id == wish.id and in_range(r.version, wish.range))
        if not gone:
            near = suggest(wish.id, [r.id for r in records.packs])
            raise UsageError(f"没有安装 {word}" + (f"；是不是想写：{'、'.join(near)}" if near else ""))
        left = Records(tuple(r for r in records.packs if r not in gone), records.known)
        here = present_packs(left)
        lacking = [
            problem("E630", f"{r.id} {r.version} 要用 {name} {said(wanted)}", wish.id, hint=f"先移除 {r.id}")
            for r in left.packs
            for name, wanted in r.requires.items()
            if name == wish.id and not any(p.id == name and in_range(p.version, wanted) for p in here)
        ]
        if lacking:
            raise PackError(f"{word} 还有别的规则包要用，没有移除", tuple(lacking))
        store.remove(gone)
    return gone


def parse_wish(word: str) -> Wish | None:
    """`ID` or `ID@RANGE`; None for anything else."""
    match = _WANTED.match(word)
    if match is None or (match["range"] and not range_is_valid(match["range"])):
        return None
    return Wish(match["id"], match["range"] or ">=0")


def _sort_words(words: Sequence[str]) -> tuple[list[Wish], list[str]]:
    """Ids that are wanted, and addresses of sources. What lies on the disk under that name is a source."""
    wishes, addresses = [], []
    for word in words:
        wish = None if Path(word).exists() else parse_wish(word)
        if wish is None:
            addresses.append(word)
        else:
            wishes.append(wish)
    return wishes, addresses


def _targets(wishes: Sequence[Wish], offers: Sequence[Offer], allow_yanked: bool) -> list[Offer]:
    """The offers that are to be installed whatever is here already."""
    targets = [offer for offer in offers if not offer.collection and not any(w.id == offer.id for w in wishes)]
    for wish in wishes:
        fitting = [o for o in offers if o.id == wish.id and in_range(o.version, wish.range)]
        if fitting:
            targets.append(_best(fitting, wish, allow_yanked))
        elif offers:
            _tell_missing(wish, offers)
    if not wishes:
        collected = sorted({offer.id for offer in offers if offer.collection})
        if len(collected) > 1 and not targets:
            raise UsageError(f"来源里有 {len(collected)} 个规则包，请写明要装哪个：{'、'.join(collected[:20])}（如 pack install {collected[0]} 来源）")
        if len(collected) == 1:
            targets.append(_best([o for o in offers if o.collection], Wish(collected[0], ">=0"), allow_yanked))
    return targets


def _best(fitting: Sequence[Offer], wish: Wish, allow_yanked: bool) -> Offer:
    """The newest version that may be chosen; one named exactly may be withdrawn only with leave."""
    exact = [offer for offer in fitting if offer.version == wish.range]
    ready = [offer for offer in fitting if may_choose(offer)] or [o for o in fitting if o.yanked is None and is_prerelease(o.version) and not exact]
    if exact and (allow_yanked or exact[0].yanked is None):
        return exact[0]
    if ready and not exact:
        return max(ready, key=lambda offer: order(offer.version))
    best = exact[0] if exact else max(fitting, key=lambda offer: order(offer.version))
    if allow_yanked:
        return best
    raise failure("E614", f"{best.id} {best.version} 已被发布者撤回：{best.yanked}", best.origin, "请装别的版本；确要装它，加 --allow-yanked")


def _tell_missing(wish: Wish, offers: Sequence[Offer]) -> None:
    versions = sorted({offer.version for offer in offers if offer.id == wish.id}, key=order)
    if versions:
        raise UsageError(f"来源里没有 {wish.id} {said(wish.range)}，只有 {'、'.join(versions)}")


class _Desk:
    """Archives that were fetched and admitted, each once."""

    def __init__(self, policy: Policy, records: Records) -> None:
        self.policy, self.records = policy, records
        self.opened: dict[tuple[str, str, str], Archive] = {}

    def open(self, offer: Offer) -> Archive:
        """The archive of an offer, admitted. Raises PackError."""
        key = (offer.id, offer.version, offer.origin)
        if key not in self.opened:
            archive = admit(offer.fetch(), offer.origin, self.policy, self.records, offer.digest)
            if (archive.manifest.id, archive.manifest.version) != (offer.id, offer.version):
                told = f"来源说这是 {offer.id} {offer.version}，归档里是 {archive.manifest.id} {archive.manifest.version}"
                raise refused(offer.origin, (problem("E609", told, offer.origin),))
            self.opened[key] = archive
        return self.opened[key]

    def requires(self, offer: Offer) -> Mapping[str, str]:
        """What an offer requires."""
        return self.open(offer).manifest.requires

    def installed(self, offer: Offer) -> Record | None:
        """The record of an offer that is installed already with the same content and the same signatures."""
        archive = self.open(offer)
        record = self.records.find(offer.id, offer.version)
        same = record is not None and record.digest == archive.manifest.digest and record.signatures == archive.signatures
        return record if same else None


def _verify(ids: Sequence[str], home: Path, folders: Sequence[Path]) -> None:
    """Raise RulesError where a pack about to be installed does not work with what it will stand beside."""
    here = pack_roots(home=home)
    for pack_id, folder in zip(ids, folders, strict=True):
        errors = tuple(d for d in check_folder(folder, (*(f for f in folders if f != folder), *here)) if d.is_error)
        if errors:
            raise RulesError(f"规则包 {pack_id} 在这里用不了，有 {len(errors)} 处错误，没有安装", errors)
