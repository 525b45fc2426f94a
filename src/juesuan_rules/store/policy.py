"""What a team asks of packs from elsewhere. Every archive is held against it in `install.admit`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.store.archive import Archive
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.signing.judging import Signer, judge_signatures, refusals
from juesuan_rules.store.signing.trust import TrustList, load_trust


class Policy(msgspec.Struct, frozen=True):
    """What is asked. require_signed: only archives signed by a trusted key (the trust list may ask so, too).
    trust: whose signatures count. allow_older: accept a version older than the one installed, or a known
    version with another content. today: the day keys are judged on, None for today."""

    require_signed: bool = False
    trust: TrustList = TrustList()
    allow_older: bool = False
    today: date | None = None


def load_policy(allow_older: bool = False) -> Policy:
    """What this user's team asks for, with what the command line allows besides. Raises RulesError where the
    trust list is broken."""
    trust = load_trust()
    return Policy(trust.require_signed, trust, allow_older)


def signers(archive: Archive, policy: Policy) -> tuple[Signer, ...]:
    """Who signed an archive, and what the policy thinks of each."""
    return judge_signatures(archive.signatures, archive.signed_bytes, policy.trust, archive.manifest.id, policy.today or date.today())


def signature_problems(archive: Archive, policy: Policy) -> tuple[Diagnostic, ...]:
    """Why the policy refuses an archive's signatures; () where it does not."""
    return refusals(signers(archive, policy), policy.require_signed or policy.trust.require_signed, archive.origin)


def check_index(data: bytes, fetch_signature: Callable[[], bytes | None], origin: str, policy: Policy) -> None:
    """Hold an index against the policy. fetch_signature: gives index.json.sig, None where there is none; it is
    not asked for where no key is trusted. Raises PackError."""
    if not policy.trust.keys and not policy.trust.require_signed_index:
        return
    from juesuan_rules.store.signing.signatures import INDEX_DOMAIN, read_index_signatures

    found = fetch_signature()
    signatures = read_index_signatures(found, origin) if found is not None else ()
    judged = judge_signatures(signatures, INDEX_DOMAIN + data, policy.trust, None, policy.today or date.today())
    problems = refusals(judged, policy.trust.require_signed_index, origin, "索引：")
    if problems:
        raise PackError(f"索引「{origin}」被拒绝，有 {len(problems)} 处问题", problems)
