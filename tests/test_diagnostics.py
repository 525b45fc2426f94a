"""Messages point at the character, also under Chinese text; exit codes have one order."""

from __future__ import annotations

from juesuan_rules.diagnostics import Diagnostic, ExitCode, Span, render


def test_the_caret_counts_display_width() -> None:
    """Two columns for a Chinese character, one for an ASCII one."""
    source = "check: sum(总表.支出) = 1"
    column = source.index("=") + 1
    shown = render(Diagnostic("E101", "应为 ==", Span("a.yaml", 3, column, 3, column + 1), "用 == 比较", source))
    head, line, caret, hint = shown.split("\n")
    assert head == "a.yaml:3:" + str(column) + ": 错误 E101 应为 =="
    assert line.endswith(source)
    assert caret.index("^") == 4 + len("check: sum(") + 2 * 2 + 1 + 2 * 2 + 2
    assert hint.strip() == "提示：用 == 比较"


def test_the_worst_code_wins_in_the_documented_order() -> None:
    """2, 3, 4, 5, 1, 0."""
    order = [ExitCode.CLEAN, ExitCode.FINDINGS, ExitCode.NOTHING_JUDGED, ExitCode.UNREADABLE, ExitCode.RULES_BROKEN, ExitCode.USAGE]
    for i in range(1, len(order) + 1):
        assert ExitCode.worst(order[:i]) is order[i - 1]
