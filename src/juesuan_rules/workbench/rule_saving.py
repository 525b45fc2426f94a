"""Saving a rule that was written in the workbench: with its cases, into a pack that stays sound, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, RulesError, UsageError
from juesuan_rules.workbench.drafts import Draft
from juesuan_rules.workbench.ownpacks import copy_pack, find_own, own_id, publish, put_in, raise_version, take_out
from juesuan_rules.workbench.rule_desk import Bench, check_draft, compile_draft, desk_for
from juesuan_rules.workbench.rule_views import CheckView

MOST_CASES = 64 * 1024


class Saved(msgspec.Struct, frozen=True):
    """What became of saving. version: of the pack, "" where nothing was saved, and then `message` says why. cases: the file
    of cases as it is now, or as proposed."""

    version: str = ""
    message: str = ""
    cases: str = ""
    check: CheckView | None = None


def propose_cases(bench: Bench, draft: Draft) -> tuple[str, str]:
    """A file of cases for a draft, found by trying figures on the engine, and what is left to be done, or ""."""
    from juesuan_rules.authoring.scaffold.figures import find_examples
    from juesuan_rules.authoring.scaffold.rules import cases_text

    desk = desk_for(bench, draft)
    layout = desk.view(bench.year).layout
    _, rules = compile_draft(desk, bench.year, layout)
    if not rules:
        raise UsageError("规则有错，或没有效力，找不出用例")
    found = find_examples(rules[-1], layout, None)
    return cases_text(draft.name, found), "" if found.holding is not None and found.failing is not None else found.why or "没有试出来"


def save(bench: Bench, draft: Draft, cases: str) -> Saved:
    """Check the draft, find its cases where none are given, test it, and let it be part of the person's pack.

    Raises UsageError, RulesError where the pack itself cannot be used.
    """
    told = check_draft(bench, draft)
    if not told.sound:
        return Saved(message="有错，没有保存", cases=cases, check=told)
    if not draft.name:
        return Saved(message="没有写编号，没有保存", cases=cases, check=told)
    if len(cases.encode("utf-8", "replace")) > MOST_CASES:
        raise UsageError(f"用例太长：最多 {MOST_CASES // 1024} KB")
    if find_own(bench.own, draft.kind, draft.name) is not None and draft.name != bench.editing:
        return Saved(message=f"「{draft.name}」已经写过，没有保存；请打开那一条来改", cases=cases, check=told)
    needs = draft.kind == "rules"
    if not cases.strip() and told.words is not None:
        cases, left = propose_cases(bench, draft)
        if left and needs:
            return Saved(message=f"没有保存：用例没有找全（{left}），请在“用例”里写一个应当相符、一个应当不符的", cases=cases, check=told)
        cases = "" if left else cases
    return _publish(bench, draft, cases, told)


def _publish(bench: Bench, draft: Draft, cases: str, told: CheckView) -> Saved:
    bench.scratch.mkdir(parents=True, exist_ok=True)
    above = Path(tempfile.mkdtemp(prefix="s", dir=bench.scratch))
    made = above / own_id(bench.parent)
    try:
        copy_pack(bench.own, bench.parent, bench.roots, made)
        for name in dict.fromkeys(filter(None, (bench.editing, draft.name))):
            take_out(made, draft.kind, name)
            (made / "cases" / f"{name}.yaml").unlink(missing_ok=True)
        put_in(made, draft)
        if cases.strip():
            (made / "cases").mkdir(exist_ok=True)
            (made / "cases" / f"{draft.name}.yaml").write_text(_spelt(cases), "utf-8", newline="\n")
        wrong = _wrong(made, draft, bench)
        if wrong:
            return Saved(message="没有保存：" + "；".join(wrong[:5]), cases=cases, check=told)
        version = raise_version(made)
        publish(made, bench.packs, made.name, version)
        return Saved(version, "", cases, told)
    finally:
        shutil.rmtree(above, ignore_errors=True)


def _spelt(cases: str) -> str:
    """A file of cases in canonical spelling, or as written where it has errors: these are told next."""
    from juesuan_rules.authoring.formatting.files import format_text

    plain = cases.replace("\r\n", "\n").rstrip("\n") + "\n"
    done = format_text(plain, "")
    return done if isinstance(done, str) else plain


def _wrong(made: Path, draft: Draft, bench: Bench) -> list[str]:
    """What `check` and `test` have to say against the pack with the draft in it."""
    from juesuan_rules.authoring.cases import run_cases
    from juesuan_rules.store.build import check_folder

    try:
        errors = [problem for problem in check_folder(made, bench.roots) if problem.is_error]
        if errors:
            return [_told(problem, made) for problem in errors]
        if not (made / "cases" / f"{draft.name}.yaml").is_file():
            return [] if draft.kind == "overrides" else [f"规则 {draft.name} 没有用例"]
        report = run_cases(str(made), bench.roots, (draft.name,))
    except RulesError as error:
        return [_told(problem, made) for problem in error.diagnostics if problem.is_error] or [error.message]
    wrong = [_told(problem, made) for problem in report.diagnostics if problem.is_error]
    wrong += [f"用例“{one.name}”：{one.message}" for one in report.results if not one.passed]
    return [*wrong, *(report.lacking if draft.kind == "rules" else ())]


def _told(problem: Diagnostic, made: Path) -> str:
    place = Path(problem.span.file)
    name = place.relative_to(made).as_posix() if place.is_relative_to(made) else place.name
    return f"{name} 第{problem.span.line}行：{problem.message}" + (f"（{problem.hint}）" if problem.hint else "")


def remove(bench: Bench, kind: str, name: str) -> str:
    """Take a rule out of the person's pack; the pack's new version. Raises UsageError where it is not there."""
    if find_own(bench.own, kind, name) is None:
        raise UsageError(f"没有「{name}」")
    bench.scratch.mkdir(parents=True, exist_ok=True)
    above = Path(tempfile.mkdtemp(prefix="s", dir=bench.scratch))
    made = above / own_id(bench.parent)
    try:
        copy_pack(bench.own, bench.parent, bench.roots, made)
        take_out(made, kind, name)
        if find_own(made, "rules", name) is None and find_own(made, "overrides", name) is None:
            (made / "cases" / f"{name}.yaml").unlink(missing_ok=True)
        version = raise_version(made)
        publish(made, bench.packs, made.name, version)
        return version
    finally:
        shutil.rmtree(above, ignore_errors=True)


def archive(own: Path, target: Path) -> str:
    """Write the pack as a .jspack to `target`; its usual name. Raises what `pack build` raises."""
    from juesuan_rules.outputs.files import write_whole
    from juesuan_rules.store.archive import archive_name
    from juesuan_rules.store.build import archive_folder

    built = archive_folder(own, tested=True)
    write_whole(target, built.data)
    return archive_name(built.manifest)
