"""Diagnostics as editors show them, with the repairs their hints speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from lsprotocol import types

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.editor.texts import Text

SOURCE = "juesuan-rules"
MAX_PROBLEMS = 500
"""Problems shown of one file."""
_MEANT = re.compile(r"是不是想写：(.+)$")
_CHANGES = (
    re.compile(r"^(?:把 \S+ )?改成 (\S+)$"),
    re.compile(r"请加引号写成 ('[^']*')$"),
    re.compile(r"^写成 (「[^」]+」)$"),
    re.compile(r"若指行次，写成 \[(\d+行)\]$"),
    re.compile(r"要空一格：(.+)$"),
)
"""Hints that say what to write where the diagnostic points."""
_CALL = re.compile(r"[^\W\d]\w*(?=[(（])")
_SPACED = re.compile(r"^“(.+?)”(后面|两边)要空一格")
_CHOICE = re.compile(r"^(?:写明是哪一处|写明是哪张表|可以写)：(.+)$")
_WHOLE = ("E202", "E210", "E208", "E207")
"""Codes whose place is a whole address, so that an address may stand in its stead."""


def shown(problem: Diagnostic, text: Text | None, note: str = "") -> types.Diagnostic:
    """A diagnostic for the editor. text: of its file, None where it cannot be read. note: said in front."""
    start, end = text.span_offsets(problem.span) if text is not None else (0, 0)
    message = f"{note}{problem.message}" + (f"\n提示：{problem.hint}" if problem.hint else "")
    return types.Diagnostic(
        range=text.range(start, end) if text is not None else types.Range(types.Position(0, 0), types.Position(0, 0)),
        message=message,
        severity=types.DiagnosticSeverity.Error if problem.is_error else types.DiagnosticSeverity.Warning,
        code=problem.code,
        source=SOURCE,
        data={"repairs": repairs(problem)},
        tags=[types.DiagnosticTag.Unnecessary] if problem.code == "W201" else None,
    )


def repairs(problem: Diagnostic) -> list[str]:
    """Texts that could stand where the diagnostic points, as its hint proposes them; best first."""
    if spaced := _SPACED.match(problem.message):
        return [f"{' ' if spaced.group(2) == '两边' else ''}{spaced.group(1)} "]
    if problem.message.startswith("多了一个 "):
        return [""]
    for hint in problem.hint.split("；"):
        hint = hint.strip()
        if match := _MEANT.search(hint):
            return _listed(match.group(1))
        for change in _CHANGES:
            if match := change.search(hint):
                return [match.group(1)]
        if problem.code in _WHOLE and (match := _CHOICE.match(hint)):
            return _addresses(problem, match.group(1))
    return []


def _addresses(problem: Diagnostic, text: str) -> list[str]:
    choices = _listed(text)
    return [c for c in choices if "[" in c or "." in c] if problem.code != "E207" else []


def _listed(text: str) -> list[str]:
    return [piece for piece in text.split("、") if piece and not piece.endswith(" 个")][:5]


def actions(uri: str, text: Text, found: Sequence[types.Diagnostic]) -> list[types.CodeAction]:
    """Quick fixes of diagnostics the editor asks about."""
    made = []
    for problem in found:
        data: Any = problem.data
        if isinstance(data, dict) and (edits := _lint_edits(data.get("edits"))):
            title = f"按 {problem.code} 整理：{_short(problem.message.split(chr(10))[0])}"
            edit = types.WorkspaceEdit(changes={uri: edits})
            made.append(types.CodeAction(title=title, kind=types.CodeActionKind.QuickFix, diagnostics=[problem], is_preferred=True, edit=edit))
        texts = data.get("repairs") if isinstance(data, dict) else None
        for number, repair in enumerate(texts if isinstance(texts, list) else ()):
            if not isinstance(repair, str) or len(repair) > 200:
                continue
            start, end = text.offset(problem.range.start), text.offset(problem.range.end)
            if (call := _CALL.match(text.content, start, end)) and "(" not in repair:
                end = call.end()  # an unknown function is pointed at with its arguments; these stay
            before = text.content[start:end]
            made.append(
                types.CodeAction(
                    title=f"把“{_short(before)}”改成“{_short(repair)}”" if repair else f"删掉“{_short(before)}”",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[problem],
                    is_preferred=number == 0,
                    edit=types.WorkspaceEdit(changes={uri: [types.TextEdit(text.range(start, end), repair)]}),
                )
            )
    return made


def _lint_edits(told: Any) -> list[types.TextEdit]:
    """The edits a finding of lint carries; none where they are not what we sent."""
    try:
        return [types.TextEdit(types.Range(types.Position(*map(int, one["start"])), types.Position(*map(int, one["end"]))), str(one["text"])) for one in told or ()]
    except (TypeError, KeyError, ValueError):
        return []


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"


def limited(problems: Iterable[types.Diagnostic]) -> list[types.Diagnostic]:
    """Each problem once, in the order of the text, as many as are worth showing."""
    seen: dict[tuple[int, int, int, int, object, str], types.Diagnostic] = {}
    for problem in problems:
        start, end = problem.range.start, problem.range.end
        seen.setdefault((start.line, start.character, end.line, end.character, problem.code, problem.message), problem)
    return [seen[key] for key in sorted(seen, key=lambda k: (k[0], k[1], str(k[4])))][:MAX_PROBLEMS]
