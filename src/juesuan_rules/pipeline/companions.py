"""The other reports of a run: last year's (--prior) and the subordinate units' (--units).

Each is read by its own year's layout of the pack that judges the main report. One that is not what it
should be is not used, and that is said: sums over units of which some are missing prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.names import fold
from juesuan_rules.pipeline.load import Loaded, load
from juesuan_rules.pipeline.options import Candidate, Options
from juesuan_rules.pipeline.state import file_digest
from juesuan_rules.reports.model import Identity, Report
from juesuan_rules.results import PRIOR, UNITS, Companion

_SCOPE_MARK = re.compile(r"[(（\[](?:本级|汇总|机关|部门|单位)[)）\]]|部门$|本级$|汇总$")
_LEAST_NAME = 4
_MOST_UNITS = 2000


class Companions(msgspec.Struct, frozen=True):
    """What there is beside the main report. withheld: per scope, why it is not used. told: every file
    looked at, and what became of it."""

    prior: Report | None = None
    units: tuple[Report, ...] = ()
    withheld: dict[str, str] = {}
    told: tuple[Companion, ...] = ()
    notes: tuple[str, ...] = ()


NONE = Companions()


def check_companions(options: Options, paths: Sequence[Path]) -> None:
    """Raise UsageError where --prior or --units name nothing, or do not say for which report they are."""
    for name, path in (("--prior", options.prior), ("--units", options.units)):
        if path is not None and not path.exists():
            raise UsageError(f"找不到 {name} 给出的「{path}」")
    several = len(paths) > 1 and not options.as_one
    if several and options.prior is not None and not options.prior.is_dir():
        raise UsageError("一次核对多份报告时，--prior 请给出放上年报告的目录，按单位名称配对")
    if several and options.units is not None:
        raise UsageError("--units 一次只用于一份报告：请单独核对汇总报告")


def list_priors(options: Options) -> Options:
    """The options with every file of the folder of last year's reports identified, once for all reports."""
    if options.prior is None or not options.prior.is_dir():
        return options
    from juesuan_rules.pipeline.gather import gather

    return replace(options, priors=tuple([_candidate(path, options) for path in gather([options.prior])]))


def _candidate(path: Path, options: Options) -> Candidate:
    from juesuan_rules.pipeline.opening import open_file
    from juesuan_rules.reports.identity import identify

    digest = file_digest(path) or ""
    try:
        identity = identify(open_file(path, options))
    except JuesuanError as error:
        return Candidate(path, digest, message=error.message)
    return Candidate(path, digest, identity.unit_name, identity.year)


def companion_digests(options: Options) -> list[str] | None:
    """What the companions of a result depend on, for its cache key; None where a file cannot be read."""
    parts: list[str] = []
    if options.prior is not None:
        parts.append("prior")
        if options.prior.is_dir():
            parts += [text for c in options.priors for text in (str(c.path), c.digest)]
        else:
            parts += [str(options.prior), file_digest(options.prior) or ""]
    if options.units is not None:
        from juesuan_rules.pipeline.gather import gather

        parts.append("units")
        for path in gather([options.units]):
            parts += [str(path), file_digest(path) or ""]
    return None if "" in parts else parts


def load_companions(main: Loaded, options: Options, state: str | None = None) -> Companions:
    """Last year's report and the units', as far as they were asked for and are what they should be."""
    if options.prior is None and options.units is None:
        return NONE
    own = {source.sha256.removeprefix("sha256:") for source in (main.report.source, *main.report.parts)}
    asked = replace(options, pack=options.pack or main.pack.id, prior=None, units=None, priors=(), as_one=False)
    found = _prior(main, options, asked, own, state) if options.prior is not None else NONE
    if options.units is None:
        return found
    below = _units(main, options.units, asked, own, state)
    return Companions(found.prior, below.units, {**found.withheld, **below.withheld}, (*found.told, *below.told), (*found.notes, *below.notes))


# --- last year ----------------------------------------------------------------------------------


def _prior(main: Loaded, options: Options, asked: Options, own: set[str], state: str | None) -> Companions:
    path = options.prior
    assert path is not None
    if path.is_dir():
        chosen = _matching(main.report.identity, [c for c in options.priors if c.digest not in own])
        if isinstance(chosen, str):
            return Companions(withheld={PRIOR: chosen})
        path = chosen
    if (file_digest(path) or "?") in own:
        return _withheld(PRIOR, path, "给出的上年报告就是本报告")
    loaded = _loaded(path, asked, state)
    if isinstance(loaded, str):
        return _withheld(PRIOR, path, f"给出的上年报告没有读出来：{loaded}", failed=True)
    before, now = loaded.report.identity, main.report.identity
    wrong = _wrong_kind(before) or _wrong_year(before.year, now.year)
    if wrong:
        return _withheld(PRIOR, path, f"给出的上年报告{wrong}，没有使用", loaded.report)
    notes = []
    if before.year is None or now.year is None:
        notes.append(f"没有认出{'上年报告' if before.year is None else '本报告'}的年度，按上年报告使用")
    if before.unit_name and now.unit_name and not same_unit(before.unit_name, now.unit_name):
        notes.append(f"上年报告的单位是“{before.unit_name}”，本报告是“{now.unit_name}”，请确认是同一单位")
    told = Companion(PRIOR, loaded.report.source, before, True, "；".join(notes))
    return Companions(loaded.report, told=(told,), notes=tuple(notes))


def _matching(identity: Identity, candidates: Sequence[Candidate]) -> Path | str:
    """The file of last year's report of the same unit, or why there is none."""
    if identity.unit_name is None:
        return "没有认出本报告的单位名称，无法从上年报告中配对"
    wanted = identity.year - 1 if identity.year is not None else None
    named = [c for c in candidates if c.unit_name is not None and same_unit(c.unit_name, identity.unit_name)]
    exact = [c for c in named if _bare(c.unit_name or "") == _bare(identity.unit_name)]
    found = [c for c in exact or named if wanted is None or c.year in (None, wanted)]
    dated = [c for c in found if c.year == wanted]
    found = dated or found
    if len({c.digest for c in found}) == 1:
        return found[0].path
    if found:
        return f"有 {len(found)} 份上年报告都像是“{identity.unit_name}”的：{'、'.join(c.path.name for c in found[:5])}"
    unread = sum(bool(c.message) for c in candidates)
    more = f"（{unread} 份没有读出来）" if unread else ""
    year = f"{wanted} 年度的" if wanted is not None else "上年的"
    return f"{len(candidates)} 份上年报告里没有“{identity.unit_name}”{year}{more}"


def same_unit(one: str, other: str) -> bool:
    """Whether two names mean the same unit: alike but for 本级 and 汇总, or one with its region in front."""
    a, b = sorted((_bare(one), _bare(other)), key=len)
    return a == b or (len(a) >= _LEAST_NAME and b.endswith(a))


def _bare(name: str) -> str:
    text = fold(name)
    while (shorter := _SCOPE_MARK.sub("", text)) != text:
        text = shorter
    return text


def _wrong_kind(identity: Identity) -> str:
    return "" if identity.is_final_accounts else f"不是部门决算公开报告{f'（{identity.kind}）' if identity.kind else ''}"


def _wrong_year(before: int | None, now: int | None) -> str:
    return "" if before is None or now is None or before == now - 1 else f"是 {before} 年度的，不是 {now - 1} 年度"


def _loaded(path: Path, asked: Options, state: str | None) -> Loaded | str:
    """A report beside the main one, or why it could not be read."""
    try:
        return load(path, asked, state)
    except JuesuanError as error:
        return error.message
    except Exception as error:  # noqa: BLE001 - a defect of ours must not cost the main report its result
        from juesuan_rules.pipeline.batch import defect

        return defect(error)


def _withheld(scope: str, path: Path, why: str, report: Report | None = None, *, failed: bool = False) -> Companions:
    from juesuan_rules.documents.model import Source

    source = report.source if report is not None else Source(str(path), file_digest(path) or "", "")
    told = Companion(scope, source, report.identity if report is not None else Identity(), False, why, failed)
    return Companions(withheld={scope: why}, told=(told,))


# --- subordinate units --------------------------------------------------------------------------


def _units(main: Loaded, folder: Path, asked: Options, own: set[str], state: str | None) -> Companions:
    from juesuan_rules.pipeline.gather import gather

    paths = [path for path in gather([folder]) if file_digest(path) not in own]
    if len(paths) > _MOST_UNITS:
        raise UsageError(f"--units 里的文件超过 {_MOST_UNITS:,} 个")
    used: list[Report] = []
    told: list[Companion] = []
    for path in paths:
        report, seen = _unit(path, main.report.identity, asked, used, state)
        told.append(seen)
        if report is not None:
            used.append(report)
    failed = [seen for seen in told if seen.failed]
    withheld = {}
    if failed:
        names = "、".join(Path(seen.source.path).name for seen in failed[:3])
        withheld[UNITS] = f"所属单位的报告有 {len(failed)} 份没有读出来（{names}{' 等' if len(failed) > 3 else ''}），合计不全"
    elif not used:
        withheld[UNITS] = f"“{folder}”里没有可用的所属单位报告"
    notes = tuple([f"所属单位报告 {Path(seen.source.path).name}：{seen.note}" for seen in told if seen.note])
    return Companions(units=tuple(used), withheld=withheld, told=tuple(told), notes=notes)


def _unit(path: Path, main: Identity, asked: Options, used: list[Report], state: str | None) -> tuple[Report | None, Companion]:
    """One unit's report, or None and why it is left out."""
    from juesuan_rules.documents.model import Source

    digest = file_digest(path) or ""
    loaded = _loaded(path, asked, state)
    if isinstance(loaded, str):
        return None, Companion(UNITS, Source(str(path), digest, ""), Identity(), False, f"没有读出来：{loaded}", True)
    report = loaded.report
    wrong = _wrong_kind(report.identity)
    if not wrong and report.identity.year is not None and main.year is not None and report.identity.year != main.year:
        wrong = f"是 {report.identity.year} 年度的，不是 {main.year} 年度"
    earlier = next((r for r in used if _is_same(r, report)), None)
    if not wrong and earlier is not None:
        wrong = f"与 {Path(earlier.source.path).name} 是同一单位"
    seen = Companion(UNITS, report.source, report.identity, not wrong, f"{wrong}，没有使用" if wrong else "")
    return None if wrong else report, seen


def _is_same(one: Report, other: Report) -> bool:
    if one.source.sha256 == other.source.sha256:
        return True
    names = one.identity.unit_name, other.identity.unit_name
    return names[0] is not None and names[1] is not None and fold(names[0]) == fold(names[1])
