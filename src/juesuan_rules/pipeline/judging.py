"""One evaluation for every output: a report judged with everything kept that a page or a workpaper shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.live import Live
from juesuan_rules.material import Material, Subject
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.state import packs_state
from juesuan_rules.results import ReportResult, RunResult


def judge_files(paths: Sequence[Path], options: Options, state: str | None = None) -> Subject:
    """The report in these files, judged, with every verdict explained. Raises JuesuanError where there is no result to give.

    The cache of results is not asked: it keeps no report. Pages recognised once and packs made ready are taken from there.
    """
    from juesuan_rules.engine.explain import explain
    from juesuan_rules.engine.live import live_forms
    from juesuan_rules.pipeline.companions import load_companions
    from juesuan_rules.pipeline.evaluate import apply_rules, read_result, told_result
    from juesuan_rules.pipeline.load import load

    state = state or packs_state(options)
    loaded = load(paths, options, state)
    report, pack = loaded.report, loaded.pack
    accounts = report.identity.is_final_accounts
    beside = load_companions(loaded, options, state) if accounts else None
    result = replace(read_result(report, pack, beside), chosen=loaded.why)
    full = result
    live: tuple[Live | None, ...] = ()
    if accounts:
        evaluation = apply_rules(report, pack, beside)
        result = told_result(result, report, evaluation, options.list_all)
        full = result if options.list_all else replace(result, findings=explain(evaluation, True)[0])
        live = live_forms(evaluation)
    return Subject(result, full, live, report, tuple(paths), _families(pack.chain, options))


def make_material(run: RunResult, sealed: dict[str, Any], exit_code: int, options: Options, kept: dict[str, Subject] | None = None) -> Material:
    """The run for its outputs. kept: subjects by path that need not be judged again; the others are
    when asked for. Several files that are one report (`as_one`) are always among those kept."""

    def subject(at: int) -> Subject:
        result = run.reports[at]
        path = result.source.path
        known = (kept or {}).get(path)
        if known is None:
            known = judge_files([Path(path)], options)
        return with_result(known, result)

    chain = tuple(dict.fromkeys(pack for report in run.reports for pack in report.packs))
    return Material(run, sealed, exit_code, subject, _families(chain, options))


def with_result(subject: Subject, result: ReportResult) -> Subject:
    """The subject with a result that people's files were held against: their marks carried over to every verdict
    explained. Both list the same verdicts in the same order."""
    marked = tuple(
        [
            one if (one.waiver, one.decision, one.fingerprint, one.hints) == (told.waiver, told.decision, told.fingerprint, told.hints)
            else replace(one, waiver=told.waiver, decision=told.decision, fingerprint=told.fingerprint, hints=told.hints or one.hints)
            for one, told in zip(subject.full.findings, result.findings, strict=True)
        ]
    )  # fmt: skip
    return replace(subject, result=result, full=replace(result, findings=marked))


def _families(chain: Sequence[PackDigest], options: Options) -> dict[str, str]:
    """Names of the rule families of the packs used; a pack that has gone since names none."""
    from juesuan_rules.packs.families import family_titles
    from juesuan_rules.packs.locate import PackSpec, find_pack

    folders = []
    roots = (*options.pack_roots(), *([Path(options.pack).parent] if options.pack and Path(options.pack).is_dir() else []))
    for pack in chain:
        try:
            folders.append(find_pack(PackSpec(pack.id, pack.version), roots, paths=False).folder)
        except JuesuanError:
            continue
    return family_titles(folders)
