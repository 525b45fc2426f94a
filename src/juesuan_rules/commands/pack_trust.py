"""`pack trust`: whose signatures are accepted here, and what is insisted on."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import write_file
from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.store.signing.trust import TrustedKey

HEAD = "trust: 1\nrequire_signed: true   # 没有可信签名的规则包一律不装\nkeys:\n"


def run(
    add: Annotated[Path | None, typer.Option("--add", metavar="公钥文件", help="把 pack keygen 写出的公钥加进信任名单（先与持有人核对指纹）")] = None,
    packs: Annotated[list[str] | None, typer.Option("--packs", metavar="编号", help="与 --add 同用：只许它签这些规则包，以 * 结尾表示以此开头的都算；可写几次")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="日期", help="与 --add 同用：到这一天为止，如 2027-12-31")] = None,
) -> None:
    """Show the trust list, or add a key to it."""
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.signing.trust import load_trust, read_trust, trust_path

    path = trust_path()
    if path is None:
        raise UsageError("找不到本用户的数据目录，请用环境变量 JUESUAN_TRUST 指定信任名单")
    if add is not None:
        _add(path, add, packs or [], until)
    trust = read_trust(path) if path.exists() else load_trust()
    if not trust.path:
        sys.stdout.write(f"没有信任名单（{safe(str(path))}）：签名不作要求\n")
        return
    asked = "必须有可信的签名" if trust.require_signed else "不要求签名"
    lines = [f"信任名单  {safe(trust.path)}：规则包{asked}，索引{'必须有可信的签名' if trust.require_signed_index else '不要求签名'}"]
    for key in trust.keys:
        lines += [f"  {safe(key.name)}  {_standing(key)}", f"    {key.fingerprint}"]
    sys.stdout.write("\n".join(lines) + "\n")


def _standing(key: TrustedKey) -> str:
    from juesuan_rules.renderings.plain import safe

    today = date.today()
    parts = [f"已作废：{safe(key.revoked)}" if key.revoked else ""]
    if key.valid_from is not None and today < key.valid_from:
        parts.append(f"{key.valid_from} 起有效")
    if key.valid_until is not None:
        parts.append(f"{'已于' if today > key.valid_until else ''} {key.valid_until} 到期".strip())
    parts.append(f"可签 {'、'.join(key.packs)}" if key.packs else "可签任何规则包")
    return "，".join(part for part in parts if part)


def _add(path: Path, public: Path, packs: list[str], until: str | None) -> None:
    """Write a key's entry at the end of the trust list; what stands there stays as it is."""
    from juesuan_rules.store.signing.trust import TrustList, entry_text, read_entry, read_trust
    from juesuan_rules.waivers.model import read_date

    name, key = read_entry(public)
    if until is not None and read_date(until) is None:
        raise UsageError(f"--until「{until}」不对：写成 2026-12-31")
    known = read_trust(path) if path.exists() else TrustList()
    if any(other.public == key for other in known.keys):
        raise UsageError(f"信任名单里已有这个密钥（{name}）")
    before = path.read_text("utf-8-sig") if path.exists() else HEAD
    if not _ends_with_keys(before):
        raise UsageError(f"信任名单「{path}」的最后一项不是 keys 的列表，加不进去；请把「{public}」的内容照抄到 keys 下面")
    entry = entry_text(name, key)
    entry += f"    packs: [{', '.join(f'{p!r}' for p in packs)}]\n" if packs else ""
    entry += f"    valid_until: {until}\n" if until else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(str(path), before.rstrip("\n") + "\n" + entry)
    read_trust(path)


def _ends_with_keys(text: str) -> bool:
    tops = [line for line in text.splitlines() if line[:1] not in ("", " ", "#", "-")]
    return bool(tops) and tops[-1].rstrip().startswith("keys:") and tops[-1].split("#")[0].strip() == "keys:"
