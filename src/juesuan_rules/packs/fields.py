"""Typed access to the mappings of a pack file; everything wrong is reported with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.names import suggest
from juesuan_rules.packs.versions import Years, read_years
from juesuan_rules.yamlfile import YamlFile

Path = tuple[str | int, ...]


class Fields(msgspec.Struct):
    """One mapping of a YAML file. Reading a field of the wrong kind reports it and gives a default."""

    file: YamlFile
    path: Path
    values: dict[str, Any]
    out: list[Diagnostic]

    @classmethod
    def at(cls, file: YamlFile, path: Path, value: object, known: Iterable[str], out: list[Diagnostic], what: str) -> Fields | None:
        """The mapping at `path`; None (and a diagnostic) where it is not one. Unknown keys are errors."""
        if not isinstance(value, dict):
            out.append(file.diagnostic("E410", f"{what}应当是“键: 值”的形式", *path))
            return None
        names = list(known)
        for key in value:
            if key not in names:
                near = suggest(key, names)
                hint = f"是不是想写：{'、'.join(near)}" if near else f"可用的键：{'、'.join(names)}"
                out.append(file.diagnostic("E411", f"{what}没有“{key}”这个键", *path, key, key=True, hint=hint))
        return cls(file, path, value, out)

    def report(self, code: str, message: str, key: str | None = None, hint: str = "", at_key: bool = False) -> None:
        """Report about the mapping, or about one of its fields."""
        path = self.path if key is None else (*self.path, key)
        self.out.append(self.file.diagnostic(code, message, *path, key=at_key, hint=hint))

    def require(self, *keys: str) -> bool:
        """Report every one of `keys` that is missing or empty."""
        missing = [k for k in keys if self.values.get(k) in (None, "", [])]
        for key in missing:
            if key in self.values:
                self.report("E412", f"“{key}”不能为空", key, at_key=True)
            else:
                self.report("E412", f"缺少“{key}”")
        return not missing

    def text(self, key: str, default: str = "") -> str:
        """A text; a whole number is taken as it was typed."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.report("E413", f"“{key}”应当是一段文字", key)
        return default

    def choice(self, key: str, options: Iterable[str], default: str) -> str:
        """A text out of `options`."""
        names = list(options)
        value = self.text(key, default)
        if value in names:
            return value
        near = suggest(value, names)
        self.report("E413", f"“{key}”不能是“{value}”，只能是：{'、'.join(names)}", key, f"是不是想写：{near[0]}" if near else "")
        return default

    def years(self, key: str) -> Years:
        """A year range; (None, None) where it is not given."""
        text = self.text(key)
        if not text:
            return None, None
        years = read_years(text)
        if years is None:
            self.report("E413", f"年度范围“{text}”写法不对", key, "可写 2023、2019..、..2022 或 2019..2022")
        return years or (None, None)

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            return (self.text(key),)
        good = [str(v) for v in value if isinstance(v, str | int) and not isinstance(v, bool)]
        if len(good) != len(value):
            self.report("E413", f"“{key}”的每一项都应当是一段文字", key)
        return tuple(good)

    def items(self, key: str) -> Iterator[tuple[Path, Any]]:
        """The items of a list with their paths; anything else is reported."""
        value = self.values.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.report("E413", f"“{key}”应当是一个列表（每项以“- ”开头）", key)
            return
        for index, item in enumerate(value):
            yield (*self.path, key, index), item
