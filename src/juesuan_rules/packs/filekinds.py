"""Which kind of file a pack file is: by where it lies in its pack, or by its outermost keys."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

FileKind = Literal["rules", "overrides", "cases", "layout", "facts", "forms", "dictionaries", "pack", "corrections", "waivers", ""]
KIND_ZH: dict[str, str] = {
    "rules": "规则文件", "overrides": "改动文件", "cases": "用例文件", "layout": "表样文件", "facts": "事实文件", "forms": "表单文件",
    "dictionaries": "词典文件", "pack": "规则包清单", "corrections": "更正文件", "waivers": "豁免文件",
}  # fmt: skip
SUFFIXES = (".yaml", ".yml")
_FOLDERS: dict[str, FileKind] = {"rules": "rules", "cases": "cases", "layouts": "layout", "facts": "facts", "forms": "forms", "dictionaries": "dictionaries"}
_NAMED: dict[str, FileKind] = {"pack.yaml": "pack", "overrides.yaml": "overrides", "waivers.yaml": "waivers"}
_TOLD_BY: tuple[tuple[str, FileKind], ...] = (
    ("rules", "rules"), ("overrides", "overrides"), ("cases", "cases"), ("layout", "layout"), ("facts", "facts"), ("forms", "forms"),
    ("dictionaries", "dictionaries"), ("corrections", "corrections"), ("waivers", "waivers"), ("tables", "layout"),
)  # fmt: skip
_MANIFEST = ("id", "version", "name")
_DEEPEST = 12


def pack_folder(path: Path) -> Path | None:
    """The pack a file belongs to: the nearest folder above it with a pack.yaml."""
    return next((folder for folder in list(path.resolve().parents)[:_DEEPEST] if (folder / "pack.yaml").is_file()), None)


def kind_in_pack(inside: Path) -> FileKind:
    """The kind of the file at that path inside a pack; "" for a file packs do not have."""
    if len(inside.parts) == 1:
        return _NAMED.get(inside.name, "")
    return _FOLDERS.get(inside.parts[0], "") if inside.suffix in SUFFIXES else ""


def kind_by_keys(keys: Collection[str]) -> FileKind:
    """The kind of a file with these outermost keys; "" where they are none of ours."""
    if set(_MANIFEST) <= set(keys):
        return "pack"
    return next((kind for key, kind in _TOLD_BY if key in keys), "")
