"""Are the tables there, and could they be read?"""

from __future__ import annotations

from juesuan_rules.engine.books import ALL_MISSING, UNREAD, Books, unread_text
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.naming import table_title
from juesuan_rules.findings import Operand, Outcome, Severity
from juesuan_rules.reports.model import GOES_ON, Problem, Report, Table

_UNREAD = frozenset(("表头不识别", "行错位", "行不识别", "值不识别", "跨页残缺", GOES_ON))
"""Problems of reading, not of the table: what they leave open cannot be judged."""
_UNLABELLED = "空行有数"
_ELSEWHERE = frozenset(("缺表", "行号不符"))
"""Problems that 表齐全 and 行次连续 report."""
_MILD: dict[str, Severity] = {"多列": "info", "缺栏次": "info", "合计行位置": "info", "重复表": "info", "缺列": "warning", "重复行": "warning"}


def tables_present(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """表齐全("必有"|"可空"): one verdict per table of that kind; one in all where none is there."""
    report, kind = books.report, arguments[0]
    wanted = [spec.id for spec in report.layout.tables if spec.presence == kind]
    if books.all_missing and not report.unread:
        return [_all_missing(books, wanted, kind)] if wanted else []
    found = []
    for name in wanted:
        if name in report.tables:
            found.append(Structural("", "pass", f"有 {table_title(books, name)}", table=name))
            continue
        lack = books.lack("", name)
        if lack is not None and lack.cause == UNREAD:
            found.append(Structural("", "undecided", f"没有读到 {table_title(books, name)}，{lack.text}", reason=lack.reason, table=name, cause=UNREAD))
            continue
        if lack is not None and lack.reason != "缺表":
            found.append(Structural("", "undecided", f"{table_title(books, name)}有题名，但读不出内容", reason=lack.reason, table=name, cause=lack.cause))
            continue
        rest = "；没有数据的表也应列出空表并说明" if kind == "可空" else ""
        hints = ("目录或正文提到了这张表，可能在附件中",) if name in report.table_mentions else ()
        found.append(Structural("", "fail", f"缺 {table_title(books, name)}{rest}", reason="缺表", hints=hints, table=name, cause=f"缺表:{name}"))
    return found


def _all_missing(books: Books, wanted: list[str], kind: str) -> Structural:
    titles = "、".join(f"《{name}》" for name in wanted)
    if kind != "必有":
        return Structural("", "undecided", f"报告中没有任何决算表，{titles}无从核对", reason="缺表", cause=ALL_MISSING)
    mentioned = [name for name in wanted if name in books.report.table_mentions]
    hints = (f"目录或正文提到了其中 {len(mentioned)} 张，可能见附件",) if mentioned else ()
    return Structural("", "fail", f"报告中没有任何决算表：缺{titles}", reason="缺表", hints=hints, cause=ALL_MISSING)


def reading_complete(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """读取完整(): one verdict per table with what reading left open, and a pass per table without."""
    report = books.report
    problems = _by_table(report)
    found = [_read(table, about) for table, about in problems.items()]
    found += [Structural("", "pass", f"《{name}》全部读懂", table=name) for name in report.tables if name not in problems]
    if report.unread:
        found.append(Structural("", "undecided", unread_text(report), reason="无法识别", cause=UNREAD))
    if not found:
        return [Structural("", "undecided", "报告中没有任何决算表", reason="缺表", cause=ALL_MISSING)]
    return found


def _by_table(report: Report) -> dict[str, list[Problem]]:
    problems: dict[str, list[Problem]] = {}
    for problem in report.problems:
        problems.setdefault(problem.table, []).append(problem)
    for name, table in report.tables.items():
        known = problems.get(name, [])
        problems.setdefault(name, []).extend([p for p in table.problems if p not in known])
        problems[name].extend(_unlabelled_figures(name, table))
    kept = {table: [p for p in about if p.kind not in _ELSEWHERE or p.blocking] for table, about in problems.items()}
    return {table: about for table, about in kept.items() if about}


def _unlabelled_figures(name: str, table: Table) -> list[Problem]:
    """Figures printed in rows without a label: no equation sees them, so they must be said."""
    found = []
    for block in table.blocks.values():
        for at, row in enumerate(block.rows):
            shown = [column[at] for column in block.columns.values() if column[at].value] if row.role == "空" else []
            where = f"{row.line} 行" if row.line is not None else "一行"
            found += [Problem(_UNLABELLED, f"{where}没有项目名称，却印有 {amount.raw.strip()}", name, row.key, amount.place) for amount in shown]
    return found


def _read(table: str, about: list[Problem]) -> Structural:
    first = sorted(about, key=lambda p: not p.blocking)
    blocking = first[0].blocking
    unread = blocking or any(p.kind in _UNREAD for p in about)
    outcome: Outcome = "undecided" if unread else "fail"
    shown = "；".join(p.message.rstrip("。") for p in first[:5])
    more = f"（共 {len(about)} 处）" if len(about) > 5 else ""
    operands = tuple([Operand(p.key or p.kind, None, "", None, p.place, p.kind) for p in first[:20]])
    severity = None if unread else max((_MILD.get(p.kind, "warning") for p in about), key=("info", "warning", "error").index)
    sentence = f"《{table}》：{shown}{more}" if table else shown + more
    return Structural("", outcome, sentence, "无法识别" if unread else None, operands, (), severity, f"读取:{table}" if blocking else None, table)
