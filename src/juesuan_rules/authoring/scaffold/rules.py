"""A new rule: appended to its pack, with its first cases and a page to be filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from juesuan_rules.authoring.formatting.files import format_text
from juesuan_rules.authoring.formatting.scalars import expression, quote
from juesuan_rules.authoring.scaffold.figures import Examples, find_examples
from juesuan_rules.diagnostics import Diagnostic, RulesError, Span, UsageError
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckedRule, CheckText, RuleText
from juesuan_rules.packs.families import family_of
from juesuan_rules.packs.ids import HOW, is_usual
from juesuan_rules.packs.load import inspect_pack, load_pack
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_pack
from juesuan_rules.packs.model import Pack
from juesuan_rules.packs.rulefile import SEVERITIES
from juesuan_rules.yamlfile import load

TODO = "待补"
"""What an unfinished case is named; it does not come out, so that `test` refuses it."""


class NewRule(msgspec.Struct, frozen=True):
    """What a rule is to say. when: its condition, or None. table: 表: of the rule, or None."""

    id: str
    title: str
    check: str
    when: str | None = None
    severity: str = "错误"
    table: str | None = None


class Made(msgspec.Struct, frozen=True):
    """The files written, and what is left to be done ("" where the cases are complete)."""

    files: tuple[Path, ...]
    todo: str = ""


def create_rule(wanted: NewRule, pack: str, roots: Sequence[Path]) -> Made:
    """Write the rule into the pack (id or folder), with cases and a page.

    Raises UsageError (id in use or badly written, pack unknown), RulesError where the expression or
    the pack has errors; then nothing is changed.
    """
    found = find_pack(PackSpec(pack), roots)
    loaded = load_pack(str(found.folder), None, roots)
    _refuse_id(wanted.id, loaded)
    if wanted.severity not in SEVERITIES:
        raise UsageError(f"--severity「{wanted.severity}」不对：须是 {'、'.join(SEVERITIES)}")
    checked = _checked(wanted, loaded)
    examples = find_examples(checked, loaded.layout, None)
    rules, text = _rules_file(found.folder, wanted)
    files = {rules: text, found.folder / "cases" / f"{wanted.id}.yaml": cases_text(wanted.id, examples)}
    page = found.folder / "pages" / f"{wanted.id}.md"
    if not page.exists():
        files[page] = _PAGE.format(id=wanted.id, title=wanted.title, formula=wanted.check)
    _write(files, found, roots)
    return Made(tuple(files), "" if examples.failing is not None else f"用例要补写：{examples.why}")


def _refuse_id(rule_id: str, loaded: Pack) -> None:
    if not is_usual(rule_id):
        raise UsageError(f"规则编号「{rule_id}」写法不对：{HOW}")
    known = next((rule for rule in loaded.rules if rule.id == rule_id), None)
    if known is not None:
        where = "本包" if known.pack == loaded.manifest.id else f"上级包 {known.pack}"
        raise UsageError(f"规则编号「{rule_id}」在{where}里已有：{known.title}" + ("" if where == "本包" else "；要改它请写在 overrides.yaml 里"))


def _checked(wanted: NewRule, loaded: Pack) -> CheckedRule:
    """The rule checked alone. Raises RulesError with the places in what was typed."""

    def typed(text: str, option: str) -> CheckText:
        def locate(start: int, end: int) -> Span:
            line = text.count("\n", 0, start) + 1
            return Span(option, line, start - text.rfind("\n", 0, start), line, end - text.rfind("\n", 0, start))

        return CheckText(text, locate=locate)

    when = typed(wanted.when, "--when") if wanted.when else None
    rule = RuleText(wanted.id, wanted.title, (typed(wanted.check, "--check"),), wanted.severity, when, wanted.table, pack=loaded.manifest.id)
    result = check_rules((rule,), loaded.layout)
    errors = tuple(_shown(d, wanted) for d in result.diagnostics if d.is_error)
    if errors:
        raise RulesError("表达式有错，没有添加规则", errors)
    return result.rules[0]


def _shown(problem: Diagnostic, wanted: NewRule) -> Diagnostic:
    text = wanted.when if problem.span.file == "--when" else wanted.check
    lines = (text or "").split("\n")
    line = lines[problem.span.line - 1] if 0 < problem.span.line <= len(lines) else ""
    return Diagnostic(problem.code, problem.message, problem.span, problem.hint, line)


def _rules_file(folder: Path, wanted: NewRule) -> tuple[Path, str]:
    """The file the rule goes into (that of its family, else a new one) and its new text."""
    family = family_of(wanted.id)
    own = [path for path in sorted((folder / "rules").glob("*.yaml")) if any(family_of(i) == family for i in _ids(path))]
    path = own[-1] if own else _free(folder / "rules" / f"{family.lower()}.yaml")
    lines = [f"- id: {wanted.id}", f"  title: {_scalar(wanted.title)}"]
    lines += [f"  表: {_scalar(wanted.table)}"] if wanted.table else []
    lines += [f"  check: {_expression(wanted.check)}"]
    lines += [f"  when: {_expression(wanted.when)}"] if wanted.when else []
    lines += [f"  severity: {wanted.severity}", "  basis:", f"    - {{文号: {TODO}, 核验: 未核验}}"]
    if not path.exists():
        return path, _formatted("language: 1\nrules:\n\n" + "".join(f"  {line}\n" for line in lines), path)
    file = load(path)
    if file.broken:
        raise RulesError(f"「{path}」有错，不能添加规则", file.diagnostics)
    sequence = next((v for k, v in file.root.value if k.value == "rules"), None) if isinstance(file.root, yaml.MappingNode) else None
    if not isinstance(sequence, yaml.SequenceNode) or sequence.flow_style or not sequence.value:
        raise UsageError(f"「{path}」的 rules 不是一行一项的列表，请手工添加")
    indent = " " * sequence.start_mark.column
    rows = file.text.rstrip("\n").split("\n")
    return path, _formatted("\n".join([*rows, "", *[indent + line for line in lines]]) + "\n", path)


def _free(path: Path) -> Path:
    """The path, or one like it where a draft stands there."""
    return path if not path.exists() or _ids(path) else path.with_name(f"{path.stem}-own{path.suffix}")


def _ids(path: Path) -> list[str]:
    """Ids of the rules of a file; none of a draft, whose rules are in force for nobody."""
    data = load(path).data
    rules = data.get("rules") if isinstance(data, dict) and not data.get("draft") else None
    return [str(rule.get("id", "")) for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def cases_text(rule_id: str, examples: Examples) -> str:
    """A case file with both kinds of case; one that was not found is left to be written."""
    lines = ["language: 1", f"rule: {rule_id}", "cases:", ""]
    for name, outcome, content in (("应当相符", "相符", examples.holding), ("一处的数改了", "不符", examples.failing)):
        if content is None:
            lines += [f"  # {TODO}：{examples.why or '没有试出来'}。写出{outcome}时表里的数，再改名称。", f"  - name: {TODO}：{outcome}的用例", f"    outcome: {outcome}", "    tables: {}", ""]
            continue
        lines += [f"  - name: {name}", f"    outcome: {outcome}", *_block(content, 4), ""]
    return _formatted("\n".join(lines), Path(f"cases/{rule_id}.yaml"))


def _block(content: dict[str, Any], indent: int, depth: int = 0) -> list[str]:
    """tables: {总表: {…}} with one line per table; `fmt` breaks what is too long."""
    lines = []
    for key, value in content.items():
        flow = not isinstance(value, dict) or (key not in ("tables", "records", "prior") and depth > 0)
        lines.append(" " * indent + f"{_scalar(key)}:" + (f" {_flow(value)}" if flow else ""))
        lines += [] if flow else _block(value, indent + 2, depth + 1)
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(value) + "]" if isinstance(value, list) else str(value)


def _scalar(text: str) -> str:
    plain = re.fullmatch(r"[\w（）“”《》、，。：·. -]+", text) and not re.search(r"^[-.\s]|\s$|: ", text) and not re.fullmatch(r"[\d.\s-]+", text)
    return text if plain and (not text.isascii() or re.match(r"[A-Za-z]", text)) else quote(text)


def _expression(text: str) -> str:
    return expression(" ".join(text.split()), False)


def _formatted(text: str, path: Path) -> str:
    done = format_text(text, str(path))
    if isinstance(done, str):
        return done
    raise RulesError(f"「{path}」有错，不能添加规则", done)


def _write(files: dict[Path, str], found: FoundPack, roots: Sequence[Path]) -> None:
    """Write the files; where the pack is not sound with them, put everything back."""
    case = next(path for path in files if path.parent.name == "cases")
    if case.exists():
        raise UsageError(f"「{case}」已经有了")
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    problems = tuple(d for d in inspect_pack(str(found.folder), None, roots).diagnostics if d.is_error)
    if problems:
        for path, data in before.items():
            path.unlink() if data is None else path.write_bytes(data)
        raise RulesError("添加后规则包有错，已经恢复原样", problems)




_PAGE = """# {id} {title}

    {formula}

## 为什么要核对

待补：这两个数为什么应当有这个关系。

## 不符时怎么办

待补：常见的原因，应当先看哪里。

## 依据

待补：文件、条款；核对过原文的在规则的 basis 里写上核验日期。
"""
