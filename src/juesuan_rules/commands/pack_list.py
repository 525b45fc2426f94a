"""`pack list`: which packs there are, from where, and which version is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from juesuan_rules.commands.shared import JsonOption, check_target, write_json

if TYPE_CHECKING:
    from juesuan_rules.packs.locate import FoundPack
    from juesuan_rules.store.local import Records

SHIPPED = "随程序附带"


def run(
    json: JsonOption = None,
    digests: Annotated[bool, typer.Option("--digests", help="连同摘要列出")] = False,
) -> None:
    """List shipped and installed packs."""
    from juesuan_rules.packs.locate import list_packs
    from juesuan_rules.packs.roots import home_folder, pack_roots
    from juesuan_rules.resources import rules_root
    from juesuan_rules.store.local import Records, default_store

    check_target(json)
    records = default_store().records() if home_folder() is not None else Records()
    withdrawn = records.withdrawn
    used = {(p.manifest.id, p.manifest.version) for p in list_packs(pack_roots())[0]}
    rows = _rows(list_packs((rules_root(),))[0], records, used)
    for row in rows:
        heard = withdrawn.get(f"{row['id']}@{row['version']}")
        if heard is not None:
            row["yanked"] = heard.yanked if row["yanked"] is None else row["yanked"]
            row["retracted_rules"] = {**row["retracted_rules"], **heard.rules}
    if json is not None:
        write_json(json, {"schema_version": 1, "packs": rows})
    if json != "-":
        sys.stdout.write(_text(rows, digests))


def _rows(shipped: tuple[FoundPack, ...], records: Records, used: set[tuple[str, str]]) -> list[dict[str, Any]]:
    from juesuan_rules.commands.keys import signed_by
    from juesuan_rules.packs.digest import digest_folder
    from juesuan_rules.store.signing.trust import load_trust

    trust = load_trust()
    rows: list[dict[str, Any]] = [
        {"id": p.manifest.id, "version": p.manifest.version, "rules_digest": digest_folder(p.folder), "archive_digest": None,
         "origin": None, "signed_by": [], "installed_at": None, "yanked": None, "retracted_rules": {}}
        for p in shipped
    ]  # fmt: skip
    rows += [
        {"id": r.id, "version": r.version, "rules_digest": r.rules_digest, "archive_digest": r.digest,
         "origin": r.origin, "signed_by": signed_by(r.signatures, trust), "installed_at": r.time, "yanked": r.yanked, "retracted_rules": r.retracted_rules}
        for r in records.packs
    ]  # fmt: skip
    for row in rows:
        row["used"] = (row["id"], row["version"]) in used
    return sorted(rows, key=lambda row: row["id"])


def _text(rows: list[dict[str, Any]], digests: bool) -> str:
    from juesuan_rules.renderings.plain import safe

    lines = []
    for row in rows:
        origin = safe(row["origin"]) if row["origin"] else SHIPPED
        signed = f"   签名 {safe('、'.join(row['signed_by']))}" if row["signed_by"] else ""
        unused = "" if row["used"] else "   （另有更新的版本，不写版本时不用）"
        lines.append(f"{row['id']} {row['version']}   {origin}{signed}{unused}")
        if row["yanked"] is not None:
            lines.append(f"  发布者已撤回这个版本：{safe(row['yanked'])}")
        lines += [f"  发布者已撤回规则 {safe(rule)}：{safe(why)}" for rule, why in row["retracted_rules"].items()]
        if digests:
            lines += [f"  归档摘要  {row['archive_digest']}"] if row["archive_digest"] else []
            lines.append(f"  规则摘要  {row['rules_digest']}")
    return "\n".join(lines) + "\n"
