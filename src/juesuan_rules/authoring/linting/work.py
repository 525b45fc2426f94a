"""One linting of one pack: what the single checks share, and how they say what they found."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import yaml

from juesuan_rules.authoring.linting.codes import level_of
from juesuan_rules.authoring.linting.model import Edit, Finding
from juesuan_rules.authoring.linting.outcomes import Outcomes
from juesuan_rules.authoring.linting.scope import Scope, View
from juesuan_rules.diagnostics import Span
from juesuan_rules.language.model import RuleText
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.load import applies_to
from juesuan_rules.packs.versions import overlap
from juesuan_rules.yamlfile import YamlFile

BASIS_YEARS = 3
"""Years after which a basis should be looked at again."""

YamlPath = tuple[str | int, ...]


class Settings(msgspec.Struct, frozen=True):
    """What a person may choose. today: against which bases are old. basis_years: how old they may be."""

    today: datetime.date
    basis_years: int = BASIS_YEARS


class Authored(msgspec.Struct, frozen=True):
    """A rule this pack is answerable for: its own, or one whose text its overrides give. `fields`: where
    it is written. number: of the rule in the order of the pack."""

    rule: RuleText
    fields: Fields
    changed: bool
    number: int

    @property
    def path(self) -> Path:
        """The file it is written in, as messages call it."""
        return Path(self.fields.file.name)

    def span(self, *keys: str | int, key: bool = False) -> Span:
        """Where a field of it stands."""
        return self.fields.file.span(*self.fields.path, *keys, key=key)


class Work:
    """A pack under the checks; findings are gathered here."""

    def __init__(self, scope: Scope, outcomes: Outcomes, settings: Settings) -> None:
        self.scope, self.outcomes, self.settings = scope, outcomes, settings
        self.found: list[Finding] = []
        self._taken: dict[int, RuleText] = {}

    @property
    def view(self) -> View:
        """The pack's own newest layout."""
        return self.scope.views[0]

    @cached_property
    def authored(self) -> tuple[Authored, ...]:
        """The rules the pack is answerable for, in the order written."""
        own = [Authored(written.rule, written.fields, False, number) for number, written in enumerate(self.scope.own_rules)]
        changed = {rule.id: rule for view in reversed(self.scope.views) if view.own for rule in view.rules if rule.changed_by == self.scope.pack}
        given = [change for change in self.scope.sources.overrides(self.scope.start) if change.rule in changed]
        return (*own, *[Authored(changed[change.rule], change.fields, True, len(own) + number) for number, change in enumerate(given)])

    def views_of(self, rule: RuleText) -> list[View]:
        """The views the rule is in force under, by its content; the pack's own first."""
        if id(rule) in self._taken:
            return [view for view in self.scope.views if overlap(rule.applies_years, view.years) and applies_to(rule, "", view.layout.region or None)]
        return [view for view in self.scope.views if id(rule) in self._in_force[id(view)]]

    def take(self, rules: Sequence[RuleText]) -> None:
        """Take rules of a text that is not saved: they are in force where their years and regions fit."""
        self._taken.update({id(rule): rule for rule in rules})

    @cached_property
    def _in_force(self) -> dict[int, frozenset[int]]:
        return {id(view): frozenset(map(id, view.rules)) for view in self.scope.views}

    def report(self, code: str, message: str, span: Span, *, rule: str = "", hint: str = "", edits: tuple[Edit, ...] = (), details: tuple[str, ...] = ()) -> None:
        """Note a finding."""
        self.found.append(Finding(code, message, span, hint, level_of(code), rule, edits, details))

    def at(self, one: Authored, code: str, message: str, *keys: str | int, hint: str = "", edits: tuple[Edit, ...] = ()) -> None:
        """Note a finding about a field of a rule, at its id where the field is not written."""
        known = one.fields.values
        keys = keys if keys and keys[0] in known else (("id",) if "id" in known else ("rule",))
        self.report(code, message, one.span(*keys), rule=one.rule.id, hint=hint, edits=edits)

    def at_check(self, one: Authored, number: int, code: str, message: str, hint: str = "", details: tuple[str, ...] = ()) -> None:
        """Note a finding about one of the checks of a rule."""
        text = one.rule.checks[number]
        self.report(code, message, text.locate(0, len(text.text)), rule=one.rule.id, hint=hint, details=details)

    def own_files(self, folder: str) -> Iterator[tuple[Path, YamlFile]]:
        """The files of one folder of the pack that can be read."""
        for path in sorted((self.scope.start.folder / folder).glob("*.yaml")):
            file = self.scope.sources.read(path)
            if not file.broken:
                yield path, file


def scalar(file: YamlFile, path: Sequence[str | int]) -> Any:
    """The YAML node of the value at a path, or None where it is no scalar."""
    node = file.node(*path)
    return node if isinstance(node, yaml.ScalarNode) else None


def entries(file: YamlFile, key: str) -> Iterator[tuple[YamlPath, dict[str, Any]]]:
    """The mappings of a top-level list, with their paths."""
    listed = file.data.get(key) if isinstance(file.data, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (key, index), entry
