"""rules/*.yaml: rules as written, with the place of every character of their expressions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.packs import fields as access
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.manifest import check_language
from juesuan_rules.yamlfile import Read, YamlFile, load

SEVERITIES = ("错误", "警告", "提示")
FILE_KEYS = ("language", "rules", "draft")
RULE_KEYS = ("id", "title", "check", "when", "applies", "severity", "basis", "表", "note", "tags")
CHECK_KEYS = ("check", "severity", "title", "when")
APPLIES_KEYS = ("年度", "文种", "地区")
BASIS_KEYS = ("文号", "条款", "核验")
UNVERIFIED = "未核验"

_ID = re.compile(r"[A-Z][A-Z0-9]{0,7}(?:-[A-Z0-9]{1,8}){1,3}$")
_VERIFIED = re.compile(r"(?:\d{4}-\d{2}-\d{2}|未核验)$")


class WrittenRule(msgspec.Struct, frozen=True):
    """A rule and the mapping it was read from, for problems found later."""

    rule: RuleText
    fields: Fields


def read_rules(path: Path, pack: str, out: list[Diagnostic], read: Read = load) -> tuple[WrittenRule, ...]:
    """The rules of one file in the order written; all that is wrong with the file goes to `out`.

    A file that says draft: true has none: its rules are proposals, in force for nobody until a person takes
    the line away. A warning says how many they are; `read_drafts` reads them.
    """
    found = _read(path, pack, out, read)
    if found is None:
        return ()
    top, rules = found
    if not top.values.get("draft"):
        return rules
    top.report("W411", f"这个文件是草稿：{len(rules)} 条规则没有启用", "draft", "看过、改好之后删去 draft 这一行，规则才启用")
    return ()


def read_drafts(path: Path, pack: str, out: list[Diagnostic], read: Read = load) -> tuple[WrittenRule, ...]:
    """The rules of a file that says draft: true; none of any other."""
    found = _read(path, pack, out, read)
    return found[1] if found is not None and found[0].values.get("draft") else ()


def _read(path: Path, pack: str, out: list[Diagnostic], read: Read) -> tuple[Fields, tuple[WrittenRule, ...]] | None:
    file = read(path)
    out += file.diagnostics
    if file.broken:
        return None
    top = Fields.at(file, (), file.data, FILE_KEYS, out, "规则文件")
    if top is None:
        return None
    check_language(top)
    top.require("rules")
    if not isinstance(top.values.get("draft", False), bool):
        top.report("E413", "“draft”只能是 true 或 false", "draft", "写了 draft: true 的文件，规则都不启用")
    return top, tuple(r for p, item in top.items("rules") if (r := _rule(file, p, item, pack, out)))


def _rule(file: YamlFile, path: access.Path, value: Any, pack: str, out: list[Diagnostic]) -> WrittenRule | None:
    fields = Fields.at(file, path, value, RULE_KEYS, out, "规则")
    if fields is None or not fields.require("id", "title", "check"):
        return None
    fields.text("note")
    rule_id = fields.text("id")
    if not _ID.match(rule_id):
        fields.report("E421", f"规则编号“{rule_id}”写法不对", "id", "大写字母开头，用连字符分段，如 A01-2、B-05")
    years, kinds, regions = read_applies(fields)
    rule = RuleText(
        id=rule_id,
        title=fields.text("title"),
        checks=read_checks(fields),
        severity=fields.choice("severity", SEVERITIES, "错误"),
        when=read_expression(fields, "when"),
        table=fields.text("表") or None,
        applies_years=years,
        applies_kinds=kinds,
        applies_regions=regions,
        basis=read_basis(fields),
        pack=pack,
        tags=fields.texts("tags"),
    )
    return WrittenRule(rule, fields)


def read_expression(fields: Fields, key: str) -> CheckText | None:
    """One expression with its locator, or None where the key is not given."""
    value = fields.values.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        fields.report("E413", f"“{key}”应当是一个表达式", key, "表达式以 [ { | 等符号开头时请加引号")
        return None
    return CheckText(value, locate=fields.file.locator(*fields.path, key))


def read_checks(fields: Fields) -> tuple[CheckText, ...]:
    """`check`: one expression, or a list of expressions or of {check, severity, title, when}."""
    if not isinstance(fields.values.get("check"), list):
        single = read_expression(fields, "check")
        return (single,) if single else ()
    checks: list[CheckText] = []
    for path, item in fields.items("check"):
        if isinstance(item, str):
            checks.append(CheckText(item, locate=fields.file.locator(*path)))
            continue
        part = Fields.at(fields.file, path, item, CHECK_KEYS, fields.out, "核对项")
        if part is None or not part.require("check"):
            continue
        text = read_expression(part, "check")
        if text is not None:
            severity = part.choice("severity", SEVERITIES, "错误") if "severity" in part.values else None
            checks.append(CheckText(text.text, severity, part.text("title") or None, text.locate, read_expression(part, "when")))
    return tuple(checks)


def read_applies(fields: Fields) -> tuple[tuple[int | None, int | None], tuple[str, ...], tuple[str, ...]]:
    """`applies`: years, kinds of document, region code prefixes; empty means all."""
    if fields.values.get("applies") is None:
        return (None, None), (), ()
    part = Fields.at(fields.file, (*fields.path, "applies"), fields.values["applies"], APPLIES_KEYS, fields.out, "适用范围")
    if part is None:
        return (None, None), (), ()
    regions = part.texts("地区")
    for region in regions:
        if not re.match(r"\d{2,6}$", region):
            part.report("E413", f"地区“{region}”应写行政区划代码的前几位", "地区", "如 '21'、'4213'")
    return part.years("年度"), part.texts("文种"), regions


def read_basis(fields: Fields) -> tuple[tuple[str, str, str], ...]:
    """`basis`: (文号, 条款, 核验) each; 核验 is a date or 未核验, which is also the default."""
    basis: list[tuple[str, str, str]] = []
    for path, item in fields.items("basis"):
        part = Fields.at(fields.file, path, item, BASIS_KEYS, fields.out, "依据")
        if part is None or not part.require("文号"):
            continue
        verified = part.text("核验", UNVERIFIED)
        if not _VERIFIED.match(verified):
            part.report("E413", f"“核验”应写核验日期或“{UNVERIFIED}”", "核验", "日期写成 2026-11-01")
        basis.append((part.text("文号"), part.text("条款"), verified))
    return tuple(basis)
