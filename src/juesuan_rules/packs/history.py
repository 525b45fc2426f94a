"""Who says what of a rule: the pack that wrote it, then every pack that changed it, as written."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.packs.locate import FoundPack
from juesuan_rules.packs.model import WRITTEN, Layer
from juesuan_rules.packs.overrides import CHANGES, read_overrides
from juesuan_rules.packs.rulefile import read_basis, read_checks, read_expression, read_rules
from juesuan_rules.packs.versions import covers

_NAMES = {"title": "题目", "check": "表达式", "when": "条件", "severity": "级别", "表": "表"}


def rule_layers(chain: Sequence[FoundPack], year: int | None, rule: str | None = None) -> dict[str, tuple[Layer, ...]]:
    """The layers of every rule (or of one) by its id, national first. Problems of the files are not told here."""
    found: dict[str, list[Layer]] = {}
    unheard: list[Diagnostic] = []
    for pack in chain:
        for path in sorted((pack.folder / "rules").glob("*.yaml")):
            if rule is None or rule.encode() in path.read_bytes():
                for written in read_rules(path, pack.manifest.id, unheard):
                    if rule is None or written.rule.id == rule:
                        span = replace(written.fields.file.span(*written.fields.path, "id"), file=f"rules/{path.name}")
                        found.setdefault(written.rule.id, []).append(_written(pack, written.rule, written.fields.text("note"), span, year))
        changes = pack.folder / "overrides.yaml"
        for override in read_overrides(changes, unheard) if changes.is_file() else ():
            if rule is None or override.rule == rule:
                fields = override.fields
                texts = {"check": _texts(read_checks(fields)), "when": _texts((read_expression(fields, "when"),))}
                given = tuple([(_NAMES[key], texts.get(key) or fields.text(key)) for key in CHANGES if key in fields.values])
                span = replace(fields.file.span(*fields.path, "rule"), file=changes.name)
                layer = Layer(
                    pack.manifest.id, pack.manifest.version, override.action, given, fields.text("reason"), read_basis(fields), override.years,
                    covers(override.years, year), span,
                )  # fmt: skip
                found.setdefault(override.rule, []).append(layer)
    return {name: tuple(layers) for name, layers in found.items()}


def _written(pack: FoundPack, rule: RuleText, note: str, span: Span, year: int | None) -> Layer:
    given = [("题目", rule.title), ("说明", note), ("表达式", _texts(rule.checks)), ("条件", _texts((rule.when,))), ("级别", rule.severity), ("表", rule.table or "")]
    known = tuple([(name, text) for name, text in given if text])
    return Layer(pack.manifest.id, pack.manifest.version, WRITTEN, known, "", rule.basis, rule.applies_years, covers(rule.applies_years, year), span)


def _texts(checks: Sequence[CheckText | None]) -> str:
    return "；".join(" ".join(check.text.split()) for check in checks if check is not None)
