"""`decisions import`: opinions from a filled-in list, or from another decisions file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import ExitCode, UsageError

if TYPE_CHECKING:
    from juesuan_rules.findings import Finding
    from juesuan_rules.reports.model import Identity
    from juesuan_rules.reviews.importing import Imported


def run(
    path: Annotated[Path, typer.Argument(metavar="文件", help="并入哪个复核意见文件（decisions.yaml），没有就新建")],
    sources: Annotated[list[Path], typer.Argument(metavar="来源", help="填好“意见”一栏的 CSV（由 eval --csv 写出），或别人的复核意见文件（.yaml）")],
    result: Annotated[Path | None, typer.Option("--result", metavar="结果", help="CSV 所出自的 eval --json 结果文件；来源是 CSV 时要有")] = None,
    by: Annotated[str, typer.Option("--by", metavar="复核人", help="CSV 里没有写复核人的，算谁的意见")] = "",
    day: Annotated[str | None, typer.Option("--date", metavar="日期", help="CSV 里没有写日期的，算哪一天的意见（默认今天）")] = None,
) -> None:
    """Merge opinions into a file; an older one never replaces a newer one."""
    from juesuan_rules.commands.decisions_set import read_day
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.reviews.decisions import latest, read_decisions, record_decisions, says_the_same

    when = read_day(day)
    files = [source for source in sources if source.suffix.lower() in (".yaml", ".yml")]
    lists = _lists([source for source in sources if source not in files], result, by.strip(), when)
    given = [one for file in read_decisions(files) for one in file.decisions] + [one for found in lists.values() for one in found.decisions]
    known = {one.fingerprint: one for file in read_decisions([path] if path.exists() else []) for one in file.decisions}
    newest = latest(given)
    current = [one for one in newest.values() if one.fingerprint not in known or one.date >= known[one.fingerprint].date]
    wanted = [one for one in current if one.fingerprint not in known or not says_the_same(one, known[one.fingerprint])]
    older, same = len(newest) - len(current), len(current) - len(wanted)
    if wanted:
        record_decisions(path, wanted)
    problems = [f"{safe(str(source))} {safe(problem)}" for source, found in lists.items() for problem in found.problems]
    for problem in problems:
        sys.stdout.write(problem + "\n")
    empty = sum(found.empty for found in lists.values())
    code = ExitCode.USAGE if problems else ExitCode.CLEAN
    rest = "".join((f"，文件里已有同样的 {same} 条" if same else "", f"，文件里已有更新的 {older} 条没有动" if older else "", f"，没有填意见的 {empty} 行" if empty else "", f"，没有采用的 {len(problems)} 行" if problems else ""))
    sys.stdout.write(f"结论：并入 {len(wanted)} 条复核意见{rest}   退出码 {int(code)}\n")
    raise typer.Exit(int(code))


def _lists(paths: list[Path], result: Path | None, by: str, day: str) -> dict[Path, Imported]:
    from juesuan_rules.commands.decisions_set import open_result
    from juesuan_rules.reviews.importing import read_list

    if not paths:
        return {}
    if result is None:
        raise UsageError("来源是 CSV 时，要用 --result 给出它所出自的 eval --json 结果文件")
    findings: dict[str, tuple[Finding, Identity]] = {f.fingerprint: (f, report.identity) for report in open_result(result) for f in report.findings}
    return {path: read_list(path, findings, by, day) for path in paths}
