"""Which versions fit together: what a person wants, what it requires, what is here, what sources offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from juesuan_rules.packs.versions import in_range, is_prerelease, order
from juesuan_rules.store.contents import ANY
from juesuan_rules.store.problems import failure
from juesuan_rules.store.sources.model import Offer

_STEPS = 10_000


class Need(NamedTuple):
    """A version wanted. by: who asks, for people."""

    id: str
    range: str
    by: str


class Present(msgspec.Struct, frozen=True):
    """A version that is here already, shipped or installed, and what it requires."""

    id: str
    version: str
    requires: dict[str, str]


Pick = Present | Offer
Requires = Callable[[Offer], Mapping[str, str]]
"""What an offer requires; looking into it fetches and admits it. Raises PackError where it is refused."""


def resolve(targets: Sequence[Offer], needs: Sequence[Need], present: Sequence[Present], offers: Sequence[Offer], requires: Requires) -> dict[str, Pick]:
    """A version of every pack that is needed, by id: what is here comes before what is offered, the newer
    before the older; versions that were withdrawn or are marked as not yet ready only where named.

    targets: offers that must be among them. Raises PackError that says which demands contradict each other.
    """
    chosen: dict[str, Pick] = {}
    for target in targets:
        other = chosen.setdefault(target.id, target)
        if other.version != target.version:
            raise failure("E630", f"{target.id} 同时要装 {other.version} 和 {target.version} 两个版本", target.origin)
    search = _Search(present, offers, requires)
    pending = [*needs, *(need for target in chosen.values() for need in search.needs_of(target))]
    found = search.solve(chosen, pending)
    if found is None:
        said_all = "规则包的版本要求凑不齐：\n" + "\n".join(dict.fromkeys(search.conflicts))
        raise failure("E630", said_all, "、".join(target.origin for target in targets))
    return found


class _Search:
    """Tries candidates one after another and goes back where they do not fit; remembers why."""

    def __init__(self, present: Sequence[Present], offers: Sequence[Offer], requires: Requires) -> None:
        self.present, self.offers, self.requires = present, offers, requires
        self.conflicts: list[str] = []
        self.steps = 0

    def needs_of(self, pick: Pick) -> list[Need]:
        wanted = self.requires(pick) if isinstance(pick, Offer) else pick.requires
        return [Need(name, text, f"{pick.id} {pick.version}") for name, text in wanted.items()]

    def solve(self, chosen: Mapping[str, Pick], pending: Sequence[Need]) -> dict[str, Pick] | None:
        self.steps += 1
        if self.steps > _STEPS:
            raise failure("E630", "规则包的版本要求太复杂，没有算完；请用 编号@版本 指明要装的版本", pending[0].by if pending else "")
        if not pending:
            return dict(chosen)
        need, rest = pending[0], pending[1:]
        known = chosen.get(need.id)
        if known is not None:
            if in_range(known.version, need.range):
                return self.solve(chosen, rest)
            self.conflicts.append(f"  {need.by} 要求 {need.id} {said(need.range)}，而选定的是 {known.version}")
            return None
        candidates = self.candidates(need)
        if not candidates:
            self.conflicts.append(f"  {need.by} 要求 {need.id} {said(need.range)}，{self.available(need.id)}")
        for pick in candidates:
            found = self.solve({**chosen, need.id: pick}, [*self.needs_of(pick), *rest])
            if found is not None:
                return found
        return None

    def candidates(self, need: Need) -> list[Pick]:
        here: list[Pick] = [p for p in self.present if p.id == need.id and in_range(p.version, need.range)]
        offered: list[Pick] = [o for o in self.offers if o.id == need.id and in_range(o.version, need.range) and may_choose(o)]
        return [*sorted(here, key=_newest, reverse=True), *sorted(offered, key=_newest, reverse=True)]

    def available(self, pack_id: str) -> str:
        everything: list[Pick] = [*self.present, *self.offers]
        versions = {p.version for p in everything if p.id == pack_id}
        if not versions:
            return "本机和所给的来源里都没有这个包"
        return f"能用的版本只有 {'、'.join(sorted(versions, key=order))}"


def may_choose(offer: Offer) -> bool:
    """Whether an offer may be chosen by nobody's name: not withdrawn, and ready."""
    return offer.yanked is None and not is_prerelease(offer.version)


def said(text: str) -> str:
    """A version range for people."""
    return "（任意版本）" if text == ANY else text


def _newest(pick: Pick) -> tuple[object, ...]:
    return order(pick.version)
