"""What a step from one version to another does to the results on a folder of reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from juesuan_rules.authoring.comparing.model import CorpusChange, FindingChange
from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.findings import Finding
from juesuan_rules.packs.manifest import read_manifest
from juesuan_rules.pipeline.evaluate import evaluate_loaded
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options

TROUBLE = ("rule_error", "fail", "doubtful")
Progress = Callable[[int, int, Path], None]
_Place = tuple[str, str, str]


def compare_results(files: Sequence[Path], old: Path, new: Path, options: Options, progress: Progress | None = None) -> CorpusChange:
    """Every report judged by both versions. Reports of other regions, and what cannot be read, are skipped and named."""
    region = (read_manifest(new)[0] or read_manifest(old)[0]).region  # type: ignore[union-attr]
    changes: list[FindingChange] = []
    skipped: list[tuple[str, str]] = []
    for done, path in enumerate(files, start=1):
        try:
            found = _compare_one(path, old, new, options, region)
        except JuesuanError as error:
            found = error.message
        if isinstance(found, str):
            skipped.append((path.name, found))
        else:
            changes += found
        if progress is not None:
            progress(done, len(files), path)
    return CorpusChange(len(files) - len(skipped), tuple(changes), tuple(skipped))


def _compare_one(path: Path, old: Path, new: Path, options: Options, region: str) -> list[FindingChange] | str:
    results = []
    for folder in (old, new):
        loaded = load(path, _with_pack(options, folder))
        identity = loaded.report.identity
        if not identity.is_final_accounts:
            return "不是部门决算公开报告"
        if region and not (identity.region_code or "").startswith(region):
            return f"地区是{identity.region_name or '（没有认出）'}，不归这个规则包"
        results.append(evaluate_loaded(loaded))
    return list(compare_findings(path.name, results[0].findings, results[1].findings))


def _with_pack(options: Options, folder: Path) -> Options:
    from msgspec.structs import replace

    return replace(options, pack=str(folder))


def compare_findings(report: str, old: Sequence[Finding], new: Sequence[Finding]) -> Iterator[FindingChange]:
    """The findings of one report that came, went or changed. Those of one rule, check and key are paired in order."""
    before, after = _by_place(old), _by_place(new)
    for place in dict.fromkeys([*before, *after]):
        olds, news = before.get(place, []), after.get(place, [])
        for number in range(max(len(olds), len(news))):
            one = olds[number] if number < len(olds) else None
            other = news[number] if number < len(news) else None
            change = _change(report, one, other)
            if change is not None:
                yield change


def _by_place(findings: Sequence[Finding]) -> dict[_Place, list[Finding]]:
    found: dict[_Place, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.rule, finding.check, finding.key].append(finding)
    return found


def _change(report: str, old: Finding | None, new: Finding | None) -> FindingChange | None:
    was, now = old is not None and old.outcome in TROUBLE, new is not None and new.outcome in TROUBLE
    telling = new if new is not None and (now or old is None) else old
    assert telling is not None
    before, after = old.outcome if old else "", new.outcome if new else ""
    text = telling.sentence or telling.reason or telling.title
    if was != now:
        kind = "gained" if now else "lost"
    elif old is not None and new is not None and (before, old.severity, was and old.difference) != (after, new.severity, now and new.difference):
        kind = "changed"
    else:
        return None
    return FindingChange(kind, report, telling.rule, telling.check, telling.key, before, after, text)  # type: ignore[arg-type]
