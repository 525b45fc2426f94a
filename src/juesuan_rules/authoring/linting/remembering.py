"""What was found in a file of rules, kept between runs, for the checks that look at one rule at a time.

Kept is what was found, before any comment silences it: which comments silence what, and which are unused, is
judged anew in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from juesuan_rules.authoring.linting.model import Edit, Finding
from juesuan_rules.authoring.linting.work import Authored, Work
from juesuan_rules.diagnostics import Span
from juesuan_rules.pipeline.cache import Cache, digest

KIND = "lint-files"
Check = Callable[[Work, Authored], None]


def check_rules(work: Work, checks: Sequence[Check], cache: Cache | None, program: str) -> None:
    """Make the checks of every rule the pack is answerable for; files that are as they were are not looked at again.

    checks: each may look at the rule, its file, what the layouts, manifests and overrides say, and the settings,
    but at no other rule of the pack. program: its fingerprint.
    """
    state = _state(work, program) if cache is not None and cache.folder is not None else ""
    for name, group in groupby(work.authored, key=lambda one: "" if one.changed else one.fields.file.name):
        rules = list(group)
        key = _key(work, rules, name, state) if state and name else ""
        known = _unpacked(cache.get(KIND, key)) if cache is not None and key else None
        if known is None:
            known = _found(work, rules, checks)
            if cache is not None and key:
                cache.put(KIND, key, tuple(map(_packed, known)))
        work.found += known


def _found(work: Work, rules: Sequence[Authored], checks: Sequence[Check]) -> list[Finding]:
    before, work.found = work.found, []
    for one in rules:
        for check in checks:
            check(work, one)
    found, work.found = work.found, before
    return found


def _state(work: Work, program: str) -> str:
    """Digest of everything a check may see besides the pack's own rules."""
    own = work.scope.start.folder / "rules"
    files = [part for path, file in work.scope.sources.known() if path.parent != own for part in (str(path), file.text)]
    views = [repr((view.pack, view.years, view.own, view.layout.digest)) for view in work.scope.views]
    manifests = [repr(pack.manifest) for pack in work.scope.chain]
    return digest(program, repr(work.settings), str(work.scope.start.folder), *manifests, *views, "files", *files)


def _key(work: Work, rules: Sequence[Authored], name: str, state: str) -> str:
    """Of a file: its text, and under which of the layouts each of its rules is in force."""
    places = {id(view): number for number, view in enumerate(work.scope.views)}
    force = [[places[id(view)] for view in work.views_of(one.rule)] for one in rules]
    return digest(state, name, rules[0].fields.file.text, repr(force))


def _packed(finding: Finding) -> tuple[Any, ...]:
    span = finding.span
    edits = tuple([(edit.start, edit.end, edit.text) for edit in finding.edits])
    place = (span.file, span.line, span.column, span.end_line, span.end_column)
    return finding.code, finding.message, place, finding.hint, finding.level, finding.rule, edits, finding.details


def _unpacked(stored: Any) -> list[Finding] | None:
    try:
        return list(_findings(stored))
    except (TypeError, ValueError):
        return None


def _findings(stored: Any) -> Iterator[Finding]:
    for code, message, place, hint, level, rule, edits, details in stored:
        yield Finding(code, message, Span(*place), hint, level, rule, tuple([Edit(*edit) for edit in edits]), details)
