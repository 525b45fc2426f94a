"""A new pack: its manifest, an empty difference of layouts, and where rules and cases go."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.authoring.formatting.scalars import quote
from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_pack, select_pack
from juesuan_rules.packs.manifest import LEVELS
from juesuan_rules.packs.versions import parts
from juesuan_rules.reports.divisions import resolve_region

_LEVEL_OF_LENGTH = {0: "国家", 2: "省", 4: "市", 6: "县"}
_ID = re.compile(r"[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,6}\Z")
FIRST_YEAR = 2019


class NewPack(msgspec.Struct, frozen=True):
    """What a pack is to be. region: a code (2, 4 or 6 digits; also of a made-up place) or a full name.
    parent: id or folder, None for the nearest pack above the region. level: None follows the code."""

    folder: Path
    region: str
    parent: str | None = None
    id: str | None = None
    name: str | None = None
    level: str | None = None


def create_pack(wanted: NewPack, roots: Sequence[Path]) -> tuple[Path, ...]:
    """Write the pack; the files made. It is checked before it appears in its place.

    Raises UsageError (folder not empty, region or parent unknown), RulesError where the pack would
    not be sound (its level against its parent's).
    """
    folder = wanted.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"「{folder}」已经有内容；请另给一个目录名")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"没有目录「{folder.absolute().parent}」")
    code, place = _region(wanted.region)
    parent = find_pack(PackSpec(wanted.parent), [*roots, folder.absolute().parent]) if wanted.parent else select_pack(code, None, roots)
    texts = _texts(wanted, code, place, parent)
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.absolute().parent))
    try:
        for name, text in texts.items():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).write_text(text, "utf-8", newline="\n")
        _inspect(draft, roots)
        folder.mkdir(exist_ok=True)
        for name in texts:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).replace(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple([folder / name for name in texts])


def _inspect(folder: Path, roots: Sequence[Path]) -> None:
    from juesuan_rules.packs.load import inspect_pack

    problems = tuple(d for d in inspect_pack(str(folder), None, roots).diagnostics if d.is_error)
    if problems:
        raise RulesError("这样的规则包不能用，没有新建", problems)


def _region(text: str) -> tuple[str, str]:
    """Code without trailing pairs of zeros, and the region's name or ""."""
    found = resolve_region(text)
    if found.code and not found.ambiguous:
        return found.code, (found.name or "")
    if found.ambiguous:
        raise UsageError(f"地区「{text}」不止一个：{'、'.join(found.ambiguous)}；请写行政区划代码")
    if re.fullmatch(r"\d{2}|\d{4}|\d{6}", text):
        return text, ""
    raise UsageError(f"地区「{text}」不认识；请写行政区划代码的前 2、4 或 6 位，或全称")


def _id(wanted: NewPack, code: str) -> str:
    if wanted.id is not None:
        if not _ID.match(wanted.id):
            raise UsageError(f"规则包编号「{wanted.id}」写法不对：只用小写字母、数字和连字符，如 cn-2199-qingshan")
        return wanted.id
    name = wanted.folder.absolute().name
    return name if _ID.match(name) else f"cn-{code}"


def _texts(wanted: NewPack, code: str, place: str, parent: FoundPack) -> dict[str, str]:
    pack_id = _id(wanted, code)
    name = wanted.name or f"{place or '地区 ' + code} 规则包".replace(" 规则包", "规则包") if place else wanted.name or f"{code} 地区规则包"
    level = wanted.level or _LEVEL_OF_LENGTH[len(code)]
    if level not in LEVELS:
        raise UsageError(f"--level「{level}」不对：须是 {'、'.join(LEVELS)}")
    above = parent.manifest
    major, minor, _ = parts(above.version)
    manifest = (
        f"language: 1\nid: {pack_id}\nversion: 0.1.0\nname: {_plain(name)}\nlevel: {level}\nregion: '{code}'\nparent: {above.id}\n"
        f"requires: {{{above.id}: '>={major}.{minor}, <{major + 1}'}}\nyears: {FIRST_YEAR}..\nengine: '{_engine()}'\n"
        f"description: {_plain(f'在{above.name}之上，只写本地与之不同的表样、规则和口径。')}\n"
    )
    return {
        "pack.yaml": manifest,
        "layouts/tables.yaml": _LAYOUT,
        "rules/README.md": _RULES,
        "cases/README.md": _CASES,
        "README.md": _README.format(name=name, id=pack_id, parent=above.id, parent_name=above.name, folder=wanted.folder.as_posix()),
    }


def _engine() -> str:
    import juesuan_rules

    major, minor, _ = parts(juesuan_rules.__version__)
    return f">={major}.{minor}, <{major + 2 if major == 0 else major + 1}"


def _plain(text: str) -> str:
    """A text as YAML leaves alone: plain where it is Chinese without marks, else quoted."""
    return text if re.fullmatch(r"[^\W\d_][\w“”（）、，。：·《》]*", text) and not text.isascii() else quote(text)


_LAYOUT = """# 表样：只写与上级不同之处；没有不同就保持现状。常见的几种写法：
#
#   - {id: 财政拨款“三公”经费支出决算表, number: '07'}        表号与上级不同
#   - id: 收入决算表                                           多一栏
#     blocks:
#       - columns:
#           - {name: 非同级财政拨款收入, after: 附属单位上缴收入}
#   - {id: 国有资本经营预算财政拨款支出决算表, remove: true}   本地没有这张表
layout: 1

# 本地的口径，如：
#   parameters:
#     支出总计: 总计
tables: []
"""

_RULES = """# 规则

一个主题一个文件（`a-tables.yaml`、`b-across.yaml` …）。用 `juesuan-rules new rule` 添加，会一并写好用例和说明页。
改动上级的规则写在上一层目录的 `overrides.yaml`。
"""

_CASES = """# 用例

一条规则一个文件，文件名是规则编号；至少一个应当相符、一个应当不符的用例，缺了 `juesuan-rules test` 不通过。
"""

_README = """# {name}

编号 `{id}`，上级 `{parent}`（{parent_name}）。这里只写与上级不同的地方。

    juesuan-rules new rule QS-01 --pack {folder} --title 规则的题目 --check '总表.收入[总计] == 总表.支出[总计]'
    juesuan-rules check {folder}        检查写法、名称、单位
    juesuan-rules test {folder}         用自带的用例检验
    juesuan-rules fmt {folder}          整理写法
    juesuan-rules docs {folder} -o 手册  生成手册
    juesuan-rules eval 报告 --pack {folder}

| 目录、文件 | 内容 |
|---|---|
| `pack.yaml` | 编号、版本、地区、年度、上级 |
| `layouts/` | 表样与上级不同之处 |
| `rules/` | 规则，一个主题一个文件 |
| `overrides.yaml` | 对上级规则的改动：收紧、放宽、替换、停用 |
| `cases/` | 每条规则的用例 |
| `pages/` | 每条规则的说明页，收入手册 |
| `facts/` `forms/` `dictionaries/` | 文字里的事实、绩效表单、词典，需要时再建 |
"""
