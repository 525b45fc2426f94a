"""pack.yaml: what a pack is, for whom, for which years, and on which engine it runs."""

from __future__ import annotations

import re
from pathlib import Path

from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.model import Manifest
from juesuan_rules.packs.versions import in_range, is_version, range_is_valid
from juesuan_rules.yamlfile import Read, YamlFile, load

LANGUAGE = 1
"""The version of the rule language this program understands."""

LEVELS = ("国家", "省", "市", "县", "项目")
"""From the most general to the most specific; a pack's parent must stand further left."""

KEYS = ("language", "id", "version", "name", "level", "region", "parent", "requires", "years", "engine", "description")
_ID = re.compile(r"[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,6}$")


def read_manifest(folder: Path, read: Read = load) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    """The manifest of the pack in `folder`; None where it cannot be used, then with errors."""
    path = folder / "pack.yaml"
    if not path.is_file():
        return None, (Diagnostic("E412", "这个目录里没有 pack.yaml，不是规则包", Span(str(folder))),)
    return parse_manifest(read(path))


def parse_manifest(file: YamlFile) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    """As `read_manifest`, from a pack.yaml that is already read."""
    out = list(file.diagnostics)
    if file.broken:
        return None, tuple(out)
    fields = Fields.at(file, (), file.data, KEYS, out, "pack.yaml ")
    if fields is None or not fields.require("id", "version", "name"):
        return None, tuple(out)
    manifest = _manifest(fields)
    _check(manifest, fields)
    return (None if any(d.is_error for d in out) else manifest), tuple(out)


def check_language(fields: Fields) -> None:
    """`language:` must be present and one this program understands."""
    if not fields.require("language"):
        return
    if fields.values["language"] != LANGUAGE:
        fields.report("E414", f"规则语言版本应为 {LANGUAGE}，这里写的是“{fields.values['language']}”", "language", "请升级程序，或改用对应版本的规则包")


def check_engine(manifest: Manifest, engine_version: str, source: str) -> tuple[Diagnostic, ...]:
    """An error where the running engine's version is outside the range the pack asks for."""
    if not manifest.engine or in_range(engine_version, manifest.engine):
        return ()
    message = f"规则包 {manifest.id} {manifest.version} 要求程序版本 {manifest.engine}，当前是 {engine_version}"
    return (Diagnostic("E415", message, Span(source), "请更换程序版本，或改用对应版本的规则包"),)


def _manifest(fields: Fields) -> Manifest:
    return Manifest(
        id=fields.text("id"),
        version=fields.text("version"),
        name=fields.text("name"),
        region=fields.text("region"),
        level=fields.choice("level", LEVELS, "国家"),
        parent=fields.text("parent") or None,
        years=fields.years("years"),
        engine=fields.text("engine"),
        description=fields.text("description"),
        requires=_requires(fields),
    )


def _requires(fields: Fields) -> tuple[tuple[str, str], ...]:
    """`requires`: version ranges by pack id."""
    value = fields.values.get("requires")
    if value is None:
        return ()
    if not isinstance(value, dict):
        fields.report("E413", "“requires”应写成 包编号: 版本范围", "requires", "如 requires: {cn: '>=1.0, <2'}")
        return ()
    part = Fields(fields.file, (*fields.path, "requires"), value, fields.out)
    for name in value:
        wanted = part.text(name)
        if not _ID.match(name):
            part.report("E413", f"规则包编号“{name}”写法不对", name, at_key=True)
        elif not range_is_valid(wanted):
            part.report("E413", f"版本范围“{wanted}”写法不对", name, "如 '1'、'1.2'、'>=1.0, <2'")
    return tuple((name, part.text(name)) for name in value)


def _check(manifest: Manifest, fields: Fields) -> None:
    check_language(fields)
    if not _ID.match(manifest.id):
        fields.report("E413", f"规则包编号“{manifest.id}”写法不对", "id", "只用小写字母、数字和连字符，如 cn-21-liaoning")
    if not is_version(manifest.version):
        fields.report("E413", f"版本号“{manifest.version}”写法不对", "version", "要写三段，如 1.0.0")
    if manifest.region and not re.match(r"(?:\d{2}|\d{4}|\d{6})$", manifest.region):
        fields.report("E413", f"地区代码“{manifest.region}”写法不对", "region", "写行政区划代码的前 2、4 或 6 位，如 '21'")
    if manifest.engine and not range_is_valid(manifest.engine):
        fields.report("E413", f"程序版本范围“{manifest.engine}”写法不对", "engine", "如 '>=0.1, <2'")
    if manifest.level != "国家" and not manifest.parent:
        fields.report("E412", f"“{manifest.level}”级规则包要写上级包 parent")
