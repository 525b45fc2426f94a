"""A pack → its handbook: every rule in force with its words, cases and changes; layouts, facts, forms, dictionaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from juesuan_rules.authoring.cases import Case, read_cases
from juesuan_rules.authoring.handbook.catalogue import catalogue_sections
from juesuan_rules.authoring.handbook.model import Change, Example, Family, Handbook, RuleEntry
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.findings import OUTCOME_ZH
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckedRule, RuleText
from juesuan_rules.packs.families import family_of, family_titles
from juesuan_rules.packs.history import rule_layers
from juesuan_rules.packs.load import load_pack
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_chain, find_pack
from juesuan_rules.packs.model import WRITTEN, Layer, Pack
from juesuan_rules.pipeline.ready import refuse_broken
from juesuan_rules.renderings.layers_text import years_text
from juesuan_rules.renderings.rule_words import Words, tolerances

_MOST_EXAMPLES = 6
_MOST_LINES = 40
_MOST_PAGE = 20_000


def make_handbook(pack: str, roots: Sequence[Path], year: int | None = None, version: str | None = None) -> Handbook:
    """The handbook of a pack (id or folder) for one year (None: the newest).

    Raises RulesError with every diagnostic where the pack or a rule has errors.
    """
    found = find_pack(PackSpec(pack, version), roots)
    loaded = load_pack(str(found.folder), year, roots)
    result = check_rules(loaded.rules, loaded.layout)
    refuse_broken(loaded.manifest.id, result.diagnostics)
    chain, _ = find_chain(found, roots)
    layers = rule_layers(chain, year)
    cases = _cases(chain)
    words = Words(loaded.layout)
    texts = {rule.id: rule for rule in loaded.rules}
    entries = [_entry(rule, texts[rule.id], words, layers.get(rule.id, ()), cases.get(rule.id, ()), chain) for rule in result.rules]
    return Handbook(f"{loaded.manifest.name}手册", _summary(loaded, len(entries)), _families(entries, chain), catalogue_sections(loaded.layout, layers, loaded))


def _summary(pack: Pack, rules: int) -> tuple[tuple[str, str], ...]:
    about = pack.manifest
    layout = pack.layout
    pairs = [
        ("编号", f"{about.id} {about.version}"),
        ("说明", about.description),
        ("级别", about.level),
        ("地区代码", about.region or "全国"),
        ("年度", years_text(about.years) or "不限"),
        ("口径", f"{pack.year} 年度" if pack.year else "最新年度"),
        ("规则", f"{rules} 条"),
        ("表", f"{len(layout.tables)} 张；事实 {len(layout.facts)} 个，表单 {len(layout.forms)} 种，词典 {len(layout.dictionaries)} 本"),
        ("层次", " ‹ ".join(f"{d.id} {d.version}" for d in pack.chain)),
        *[("摘要", f"{d.id}：{d.digest}") for d in pack.chain],
    ]
    return tuple([(name, text) for name, text in pairs if text])


def _families(entries: list[RuleEntry], chain: Sequence[FoundPack]) -> tuple[Family, ...]:
    titles = family_titles(pack.folder for pack in chain)
    groups: dict[str, list[RuleEntry]] = {}
    for entry in entries:
        groups.setdefault(family_of(entry.id), []).append(entry)
    return tuple([Family(letters, titles.get(letters, ""), tuple(sorted(rules, key=_order))) for letters, rules in sorted(groups.items())])


def _order(entry: RuleEntry) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", entry.id)]


def _entry(rule: CheckedRule, text: RuleText, words: Words, layers: tuple[Layer, ...], cases: Sequence[Case], chain: Sequence[FoundPack]) -> RuleEntry:
    forms = [check.form for check in rule.checks]
    conditions = [form for form in (rule.when, *[check.when for check in rule.checks]) if form is not None]
    written = next((dict(layer.changes) for layer in layers if layer.action == WRITTEN and layer.in_force), {})
    return RuleEntry(
        id=rule.id,
        title=rule.title,
        checks=tuple([(check.title or "", _one_line(check.source), check.severity or "") for check in rule.checks]),
        when="；".join(dict.fromkeys(_one_line(s) for s in (rule.when_source, *[c.when_source for c in rule.checks]) if s)),
        facts=tuple(_facts(rule, text)),
        meaning=(*[f"只在{words.condition(form)}时核对" for form in conditions], *[line for form in forms for line in words.meaning(form)]),
        reads=tuple(words.reads([*forms, *conditions]) or ["不读具体的格，只看表的结构或文字"]),
        exact=tuple(tolerances(forms)),
        basis=tuple([(" ".join(part for part in basis[:2] if part) + f"（{'未核验' if basis[2] == '未核验' else '核验 ' + basis[2]}）", basis[2] != "未核验") for basis in rule.basis]),
        note=written.get("说明", ""),
        examples=tuple([_example(case) for case in cases[:_MOST_EXAMPLES]]),
        changes=tuple([_change(layer) for layer in layers]) if len(layers) > 1 else (),
        page=_page(rule.id, chain),
    )


def _facts(rule: CheckedRule, text: RuleText) -> list[tuple[str, str]]:
    pairs = [("级别", rule.severity), ("规则包", rule.pack + (f"，{rule.changed_by} 调整" if rule.changed_by else ""))]
    scope = [years_text(text.applies_years) and f"{years_text(text.applies_years)} 年度", "、".join(text.applies_kinds), "、".join(text.applies_regions) and f"地区 {'、'.join(text.applies_regions)}"]
    return [*pairs, ("适用", "，".join(part for part in scope if part) or "全部"), *([("标签", "、".join(text.tags))] if text.tags else [])]


def _change(layer: Layer) -> Change:
    years = years_text(layer.years)
    head = f"{layer.pack} {layer.version} {layer.action}" + (f"（{years} 年度）" if years else "") + ("" if layer.in_force else "，不是本年度的口径")
    lines = [f"{name}：{text}" for name, text in layer.changes if layer.action != WRITTEN]
    lines += [f"原因：{layer.reason}"] if layer.reason else []
    return Change(head, (*lines, *[f"依据：{' '.join(p for p in basis[:2] if p)}（{basis[2]}）" for basis in layer.basis if layer.action != WRITTEN]))


def _cases(chain: Sequence[FoundPack]) -> dict[str, tuple[Case, ...]]:
    """Cases by rule, the nearest pack's first. What is wrong with a case file is the business of `test`."""
    found: dict[str, tuple[Case, ...]] = {}
    unheard: list[Diagnostic] = []
    for pack in reversed(chain):
        for path in sorted((pack.folder / "cases").glob("*.yaml")):
            for case in read_cases(path, unheard):
                found[case.rule] = (*found.get(case.rule, ()), case)
    return found


def _example(case: Case) -> Example:
    values = case.fields.values
    given: list[str] = []
    for kind, before in (("tables", values), ("records", values), ("tables", values.get("prior")), ("records", values.get("prior"))):
        content = before.get(kind) if isinstance(before, dict) else None
        scope = "" if before is values else "上年 "
        given += [f"{scope}{name}：{_said(rows)}" for name, rows in (content or {}).items()]
    text = case.fields.text("text")
    given += text.splitlines()[:_MOST_LINES] if text else []
    expects = [f"{name}“{case.fields.text(key)}”" for key, name in (("key", "指到"), ("sentence", "句子里有"), ("reason", "原因是")) if case.fields.text(key)]
    expects += ["只差尾差"] if values.get("rounding") is True else []
    return Example(case.name, OUTCOME_ZH[case.outcome], tuple(given[:_MOST_LINES]), tuple(expects))


def _said(value: object) -> str:
    """A piece of a case on one line, as an auditor would write it."""
    if isinstance(value, dict):
        return "，".join(f"{key} {_said(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        parts = [_said(inner) for inner in value]
        return "；".join(parts) if any(isinstance(inner, dict) for inner in value) else " | ".join(part or "空" for part in parts)
    return "" if value is None else str(value)


def _page(rule: str, chain: Sequence[FoundPack]) -> str:
    """The rule's own page without its title, of the nearest pack that has one; stubs are left out."""
    for pack in reversed(chain):
        path = pack.folder / "pages" / f"{rule}.md"
        if path.is_file():
            text = path.read_bytes()[:_MOST_PAGE].decode("utf-8-sig", "replace").replace("\r\n", "\n")
            parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
            return "\n".join(part.strip() for part in parts if "\n待补" not in part)
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
