"""Proposals as files of a pack (a rules file that is a draft, and cases), and as a summary for the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from juesuan_rules.authoring.drafting.casewriting import quoted
from juesuan_rules.authoring.drafting.model import Proposal
from juesuan_rules.renderings.plain import clip, safe

RULES_FILE = "rules/drafts.yaml"
_HEAD = """# 草稿：从 {count} 份报告里找出的、规则还没有说的关系。draft: true 的文件，规则都不启用。
# 看过、改好（编号、标题、依据、级别）并补全用例之后，把要留的规则移到别的文件里，或删去 draft 这一行。
# 在这些报告里成立，不等于总成立：资金来源单一的单位，许多数碰巧相等。
language: 1
draft: true
rules:
"""


def draft_files(proposals: Sequence[Proposal], reports: int) -> dict[str, str]:
    """Paths in a pack's folder and what the files there are to hold."""
    files = {RULES_FILE: _HEAD.format(count=reports) + "\n".join(_rule(one, reports) for one in proposals)}
    return {**files, **{f"cases/{one.id}.yaml": one.cases for one in proposals if one.cases}}


def written_already(folder: Path, files: Sequence[str]) -> list[str]:
    """Those of the files that are there already."""
    return [name for name in files if (folder / name).exists()]


def _rule(one: Proposal, reports: int) -> str:
    lines = [f"  # {line}" for line in _remarks(one, reports)]
    lines += [f"  - id: {one.id}", f"    title: {quoted(one.title)}", f"    check: {quoted(one.text)}", "    severity: 警告"]
    note = f"{reports} 份报告中 {one.reports} 份、{one.supports} 处支持。" + (f"{one.note}。" if one.note else "")
    return "\n".join([*lines, f"    note: {quoted(note)}", ""])


def _remarks(one: Proposal, reports: int) -> Iterator[str]:
    yield f"{one.family}；{reports} 份报告中 {one.reports} 份支持，{one.supports} 处。如：{safe(one.example)}"
    yield from (f"反例 {safe(Path(counter.path).name)}：{safe(counter.sentence)}" for counter in one.counters)
    if not one.cases:
        yield "没有做出用例，请自己写：至少一个应当相符，一个应当不符"


def summary(proposals: Sequence[Proposal], reports: Sequence[str], folder: str | None) -> str:
    """What was found, for the person, and what to do with it."""
    lines: list[str] = []
    for one in proposals:
        lines += [
            f"{one.id}  {one.family}  {len(reports)} 份报告中 {one.reports} 份、{one.supports} 处支持",
            f"  {safe(one.text)}",
            f"  如  {clip(one.example, 110)}",
        ]
        lines += [f"  反例 {safe(Path(counter.path).name)}：{clip(counter.sentence, 96)}" for counter in one.counters]
        lines += [f"  注意 {safe(one.note)}"] if one.note else []
        lines += ["", *([] if one.cases else ["  没有做出用例"])][::-1]
    if not proposals:
        lines.append("没有找到规则还没有说、又在这些报告里站得住的关系。")
    elif folder is not None:
        lines.append(f"已写到 {safe(folder)}：{RULES_FILE}（draft: true，不启用）和 cases/ 里的用例。逐条看过再启用。")
    else:
        lines.append("没有写文件；-o 目录 可写成规则草稿和用例（不会自行启用）。")
    wrong = sum(bool(one.counters) for one in proposals)
    lines.append(f"结论：读了 {len(reports)} 份报告，提出 {len(proposals)} 条草稿" + (f"，其中 {wrong} 条有反例" if wrong else ""))
    return "\n".join(lines) + "\n"
