"""`lint`: everything `check` says of rule packs, and what is sound and still not as it should be."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from juesuan_rules.commands.shared import JsonOption, NoCacheOption
from juesuan_rules.diagnostics import ExitCode, UsageError, render

if TYPE_CHECKING:
    from juesuan_rules.authoring.linting.fixing import Fixed
    from juesuan_rules.authoring.linting.model import Finding
    from juesuan_rules.authoring.linting.run import LintReport

_JSON_LEVELS = {"错误": "error", "警告": "warning", "提示": "info"}


def run(
    packs: Annotated[list[str], typer.Argument(metavar="规则包", help="规则包的编号或目录，可以写几个")],
    deep: Annotated[bool, typer.Option("--deep", help="另查没有条件的线性核对：互相矛盾的、可由其他推出的（要装 z3-solver，较慢）")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="改掉不影响含义的问题，并列出改了什么")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="不改文件，列出 --fix 会改的每一行；有则退出码为 1")] = False,
    list_all: Annotated[bool, typer.Option("--list-all", help="逐处列出提示（默认只列各种提示的处数）")] = False,
    basis_years: Annotated[int, typer.Option("--basis-years", metavar="年数", help="依据超过几年没有核验算太久")] = 3,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天算依据的年数（默认今天），如 2026-11-01")] = None,
    json: JsonOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Lint packs, and with --fix mend what is safe to mend."""
    from juesuan_rules.authoring.linting.run import lint_pack
    from juesuan_rules.authoring.linting.work import Settings
    from juesuan_rules.commands.shared import cache_folder, check_target, write_json
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.pipeline.cache import Cache

    check_target(json)
    settings, roots, cache = Settings(_date(as_of), basis_years), pack_roots(), Cache(cache_folder(no_cache))
    quiet = json == "-"
    reports: list[LintReport] = []
    to_fix = 0
    for pack in packs:
        report = lint_pack(pack, roots, settings, cache, deep)
        if fix or diff:
            mended = _mend(report, diff, quiet)
            to_fix += mended if diff else 0
            report = lint_pack(pack, roots, settings, cache, deep) if mended and not diff else report
        reports.append(report)
    if not quiet:
        for report in reports:
            _show(report, list_all)
    code = _exit_code(reports, to_fix)
    if json is not None:
        write_json(json, _as_json(reports))
    if not quiet and len(reports) > 1:
        sys.stdout.write(f"结论：{len(reports)} 个规则包，{_totals(reports)}   退出码 {int(code)}\n")
    raise typer.Exit(int(code))


def _date(text: str | None) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text) if text is not None else datetime.date.today()
    except ValueError:
        raise UsageError(f"--as-of「{text}」不是日期，应写成 2026-11-01") from None


def _exit_code(reports: list[LintReport], to_fix: int = 0) -> ExitCode:
    if any(report.count("错误") for report in reports):
        return ExitCode.RULES_BROKEN
    return ExitCode.FINDINGS if to_fix or any(report.count("警告") for report in reports) else ExitCode.CLEAN


def _totals(reports: list[LintReport]) -> str:
    return "，".join(f"{level} {sum(report.count(level) for report in reports)}" for level in ("错误", "警告", "提示"))


def _show(report: LintReport, list_all: bool) -> None:
    from juesuan_rules.authoring.linting.codes import by_code
    from juesuan_rules.pipeline.sources import with_source_lines
    from juesuan_rules.renderings.plain import safe_lines

    shown = [finding for finding in report.findings if list_all or finding.level != "提示" or finding.details]
    lines = {d: d.source_line for d in with_source_lines(finding.diagnostic() for finding in shown)}
    with_lines = {(d.code, d.message, d.span): d for d in lines}
    for finding in shown:
        diagnostic = with_lines.get((finding.code, finding.message, finding.span), finding.diagnostic())
        text = render(diagnostic, finding.level) + "".join(f"\n    {detail}" for detail in finding.details)
        sys.stdout.write(safe_lines(text) + "\n\n")
    listed_one_by_one = set(map(id, shown))
    rest = Counter(finding.code for finding in report.findings if id(finding) not in listed_one_by_one)
    if rest:
        table = by_code()
        listed = "、".join(f"{code} {table[code].title if code in table else ''} {count} 处" for code, count in sorted(rest.items()))
        sys.stdout.write(safe_lines(f"提示（--list-all 逐处列出）：{listed}") + "\n")
    for note in report.notes:
        sys.stdout.write(safe_lines(note) + "\n")
    fixable = sum(finding.fixable for finding in report.findings)
    tail = f"，其中 {fixable} 处可用 --fix 改" if fixable else ""
    sys.stdout.write(f"结论：{report.pack} {report.rules} 条规则，{_totals([report])}{tail}   退出码 {int(_exit_code([report]))}\n")


def _mend(report: LintReport, dry: bool, quiet: bool) -> int:
    """Make (or with `dry` only show) the safe changes; how many findings they mend."""
    from juesuan_rules.authoring.linting.fixing import fix_file
    from juesuan_rules.commands.shared import write_file
    from juesuan_rules.renderings.plain import safe, safe_lines

    mended = 0
    for name, file in report.files.items():
        one = fix_file(file, [finding for finding in report.findings if finding.span.file == name])
        mended += len(one.findings)
        if one.changed and not dry:
            write_file(name, one.after)
        if quiet:
            continue
        if one.problem is not None:
            sys.stdout.write(safe_lines(render(one.problem)) + "\n\n")
        elif one.changed and dry:
            sys.stdout.write(_difference(one))
        for finding in one.findings if not dry else ():
            sys.stdout.write(f"已改  {safe(name)}:{finding.span.line} {finding.code} {safe(finding.message)}\n")
    return mended


def _difference(one: Fixed) -> str:
    """A unified diff whose lines hold nothing that acts on a terminal."""
    import difflib

    from juesuan_rules.renderings.plain import safe_lines

    name = one.path.as_posix()
    lines = difflib.unified_diff(one.before.splitlines(), one.after.splitlines(), f"{name}（现在）", f"{name}（改后）", lineterm="")
    return "".join(safe_lines(line) + "\n" for line in lines)


def _as_json(reports: list[LintReport]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "packs": [
            {
                "id": report.pack,
                "rules": report.rules,
                "findings": [_finding(finding) for finding in report.findings],
                "notes": list(report.notes),
                "summary": {key: report.count(level) for level, key in _JSON_LEVELS.items()},
            }
            for report in reports
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.span
    return {
        "code": finding.code,
        "level": _JSON_LEVELS[finding.level],
        "message": finding.message,
        "hint": finding.hint or None,
        "rule": finding.rule or None,
        "file": span.file or None,
        "line": span.line or None,
        "column": span.column or None,
        "end_line": span.end_line or None,
        "end_column": span.end_column or None,
        "fixable": finding.fixable,
        "details": list(finding.details),
    }
