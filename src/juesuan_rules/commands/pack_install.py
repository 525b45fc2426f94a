"""`pack install`: packs from files, folders, git, an index or a registry into the local store."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def run(
    words: Annotated[
        list[str],
        typer.Argument(metavar="来源或编号", help="来源：归档文件、目录、https://主机/index.json、git+https://…@标签、oci://主机/仓库:标签；来源里有多个包时，写明编号或 编号@版本"),
    ],
    allow_older: Annotated[bool, typer.Option("--allow-older", help="允许装比现有更旧的版本，或同一版本的另一份内容")] = False,
    allow_yanked: Annotated[bool, typer.Option("--allow-yanked", help="允许装发布者已撤回的版本")] = False,
    allow_http: Annotated[bool, typer.Option("--allow-http", help="允许不加密的 http 来源（本机的不必写）")] = False,
) -> None:
    """Install packs and what they require, all or none."""
    from juesuan_rules.commands.keys import signed_by
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.store.acquire import install
    from juesuan_rules.store.local import default_store
    from juesuan_rules.store.policy import load_policy
    from juesuan_rules.store.sources.model import Access

    policy = load_policy(allow_older)
    done = install(words, default_store(), policy, Access(allow_http), allow_yanked)
    lines = []
    for record in done.added:
        signed = "、".join(map(safe, signed_by(record.signatures, policy.trust))) or "无"
        lines.append(f"已安装  {record.id} {record.version}   来自 {safe(record.origin)}   签名 {signed}" + ("" if record.tested else "   制作时没有跑用例"))
        lines += [f"  归档摘要  {record.digest}", f"  规则摘要  {record.rules_digest}"]
        if record.yanked is not None:
            lines.append(f"  注意：发布者已撤回这个版本：{safe(record.yanked)}")
        lines += [f"  注意：发布者已撤回规则 {safe(rule)}：{safe(reason)}" for rule, reason in record.retracted_rules.items()]
    lines += [f"已有    {record.id} {record.version}，内容相同，没有变动" for record in done.unchanged]
    lines += [f"用已有  {pick.id} {pick.version}" for pick in done.used]
    lines += [f"注意：{safe(text)}" for text in done.withdrawn]
    sys.stdout.write("\n".join(lines) + "\n")
