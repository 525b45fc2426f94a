"""What the annotations say: the finding at its figures, and on the first page the conclusion and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.findings import SEVERITY_ZH
from juesuan_rules.material import Subject
from juesuan_rules.outputs.annotated.marks import MOST, MOST_ON_PAGE, Mark, Marks, Use, ranges
from juesuan_rules.outputs.telling import basis_text, decision_text, figure_name, heading, measured, outcome_text, printed, saying, waived_text
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.renderings.plain import clip, ordinal, safe

AUTHOR = "juesuan-rules"
TOPIC = "决算核对"
_TOLD = 3
"""Findings told in full at one figure; the others are named by their numbers."""
_LONGEST = 240
_WIDEST = 600
"""Display columns of one line."""


def mark_text(mark: Mark) -> str:
    """The findings that use a figure, as text of its annotation."""
    parts = ["\n".join(_use_lines(use)) for use in mark.uses[:_TOLD]]
    if len(mark.uses) > _TOLD:
        parts.append(f"用到这个数的还有：{ranges(use.numbered.number for use in mark.uses[_TOLD:])}")
    return "\n\n".join(parts)


def _use_lines(use: Use) -> list[str]:
    finding = use.numbered.finding
    operand = (finding.operands or ())[use.operand - 1]
    lines = [
        f"{use.numbered.number}-{ordinal(use.operand)} {outcome_text(finding)}（{SEVERITY_ZH[finding.severity]}） {heading(finding)}",
        clip(saying(finding), _WIDEST),
        f"这个数：{figure_name(use.operand, operand)} {printed(operand)}",
        f"算式：{clip(finding.formula, _LONGEST)}" if finding.formula else "",
        f"代入：{clip(finding.filled, _LONGEST)}" if finding.filled else "",
        f"差额：{measured(finding)}" if measured(finding) else "",
        f"依据：{clip(basis_text(finding), _LONGEST)}",
        f"豁免：{clip(waived_text(finding), _LONGEST)}" if finding.waiver is not None else "",
        f"复核：{clip(decision_text(finding), _LONGEST)}" if finding.decision is not None else "",
    ]
    return [line for line in lines if line]


def note_text(subject: Subject, marks: Marks, provenance: Sequence[tuple[str, str]], remarks: Sequence[str]) -> str:
    """The note on the first page. remarks: about the file itself, a sentence each."""
    boxes = sum(len(found) for found in marks.pages.values())
    lines = [
        "决算公开报告核对结果",
        conclusion(subject.result),
        f"标注 {len(subject.numbered)} 项发现用到的 {boxes} 处数字：编号「3-②」是第 3 项发现的第 ② 个数，与其他结果文件中的编号一致。"
        "红框为错误，橙框为警告，蓝框为提示，灰框为已豁免；虚线框只是数字所在（或应在）的地方。点开批注看说明。",
    ]
    if marks.left_out:
        lines.append(f"标注过多：每页至多 {MOST_ON_PAGE} 处，全文至多 {MOST:,} 处，另有 {marks.left_out:,} 处没有画出，见其他结果文件。")
    if marks.unplaced:
        lines.append(f"没有可标位置的发现（缺表、缺行，或数字在别的文件里）：{ranges(marks.unplaced)}")
    lines += [f"本说明和所有批注的作者都是 {AUTHOR}，按作者筛选即可一并删除；页面内容没有改动。", *remarks]
    lines += ["", "出处", *(f"{label}：{safe(text)}" for label, text in provenance)]
    return "\n".join(lines)
