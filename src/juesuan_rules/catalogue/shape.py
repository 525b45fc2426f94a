"""The shape of a layout file: which keys exist, and plain data checked against them.

Every problem becomes a Diagnostic at its file, line and column; what is sound is read all the same,
so that all problems are shown at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from juesuan_rules.amounts import COUNTS
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.names import suggest
from juesuan_rules.yamlfile import YamlFile

Years = tuple[int | None, int | None]
Path = tuple[str | int, ...]

ROLES = ("明细", "合计", "小计", "其中", "结转", "总计", "空")
LAYOUT_VERSION = 1

FILE_KEYS = {"layout": "int", "years": "years", "parameters": "mapping", "words": "mapping", "lists": "mapping", "tables": "list"}
TABLE_KEYS = {
    "id": "text", "short": "texts", "titles": "texts", "number": "text", "form": "form", "chart": "chart", "blank": "blank",
    "presence": "presence", "childless": "childless", "numbers_row": "bool", "years": "years", "blocks": "list", "wide": "mapping", "remove": "bool",
}  # fmt: skip
BLOCK_KEYS = {
    "name": "text",
    "aliases": "texts",
    "columns": "list",
    "rows": "list",
    "first_line": "int",
    "replace": "bool",
    "column_order": "texts",
    "row_order": "texts",
}
COLUMN_KEYS = {"name": "text", "aliases": "texts", "ordinal": "int", "group": "text", "optional": "bool", "after": "text", "before": "text", "remove": "bool"}
ROW_KEYS = {
    "key": "text", "label": "text", "aliases": "texts", "line": "int", "role": "role", "sequence": "text", "optional": "bool", "unit": "unit",
    "after": "text", "before": "text", "remove": "bool",
}  # fmt: skip
GROUP_KEYS = {"rows": "list", "role": "role", "optional": "bool", "unit": "unit"}
USE_KEYS = {"use": "text", "first_line": "int", "numbered": "bool", "optional": "bool"}
BLANK_KEYS = {"blank": "range"}

CHOICES = {
    "form": ("fixed", "codes", "panels", "wide"),
    "chart": ("功能", "经济", ""),
    "blank": ("零", "未知"),
    "presence": ("必有", "可空", "可缺"),
    "childless": ("错误", "提示", "忽略"),
    "role": ROLES,
    "unit": tuple(sorted(COUNTS)),
}


class LayoutFile(msgspec.Struct):
    """One file under a pack's layouts folder while it is being read, and what was wrong in it."""

    pack: str
    file: YamlFile
    problems: list[Diagnostic] = msgspec.field(default_factory=list)

    def report(self, code: str, message: str, path: Path, key: bool = False, hint: str = "") -> None:
        """Adds a problem about the value (or key) at `path`."""
        self.problems.append(self.file.diagnostic(code, message, *path, key=key, hint=hint))

    def fields(self, data: object, path: Path, what: str, known: dict[str, str], choices: Mapping[str, tuple[str, ...]] = CHOICES) -> dict[str, Any]:
        """The sound entries of the mapping `data`; unknown keys and wrong values are reported.

        known: key -> kind of value; a kind named in `choices` is one of these texts.
        """
        if not isinstance(data, dict):
            self.report("E410", f"{what}应当是“键: 值”的形式", path)
            return {}
        result: dict[str, Any] = {}
        for key, value in data.items():
            kind = known.get(key)
            if kind is None:
                near = suggest(key, known)
                hint = f"是不是想写：{'、'.join(near)}" if near else f"可用的键：{'、'.join(known)}"
                self.report("E411", f"{what}没有“{key}”这个键", (*path, key), key=True, hint=hint)
                continue
            read = self._choice(value, (*path, key), key, choices[kind]) if kind in choices else self._value(value, (*path, key), key, kind)
            if read is not None:
                result[key] = read
        return result

    def _value(self, value: object, path: Path, key: str, kind: str) -> Any:
        if kind == "text":
            return self.text(value, path, key)
        if kind == "texts":
            return self.texts(value, path, key)
        if kind == "named":
            return self.named(value, path, key)
        if kind == "entries":
            return self.entries(value, path, key)
        if kind in ("years", "range"):
            return self._range(value, path, key)
        wanted, name = {"int": (int, "整数"), "bool": (bool, "true 或 false"), "list": (list, "列表"), "mapping": (dict, "“键: 值”")}[kind]
        negative = isinstance(value, int) and value < 0
        if isinstance(value, wanted) and not negative and isinstance(value, bool) == (kind == "bool"):
            return value
        self.report("E413", f"“{key}”应当是{name}", path)
        return None

    def text(self, value: object, path: Path, key: str) -> str | None:
        """`value` as text (a whole number is a code written without quotes), or None, reported."""
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.report("E413", f"“{key}”应当是一段文字", path)
        return None

    def texts(self, value: object, path: Path, key: str) -> tuple[str, ...] | None:
        """`value` as a list of texts, or None, reported."""
        if not isinstance(value, list):
            self.report("E413", f"“{key}”应当是一个列表，如 [甲, 乙]", path)
            return None
        read = [self.text(item, (*path, i), key) for i, item in enumerate(value)]
        return tuple(item for item in read if item is not None)

    def named(self, value: object, path: Path, key: str) -> dict[str, tuple[str, ...]] | None:
        """`value` as lists of texts by name, or None, reported."""
        if not isinstance(value, dict):
            self.report("E413", f"“{key}”应当是“名称: [文字, …]”的形式", path)
            return None
        read = {name: self.texts(item, (*path, name), name) for name, item in value.items()}
        return {name: texts for name, texts in read.items() if texts is not None}

    def entries(self, value: object, path: Path, key: str) -> dict[str, str] | None:
        """The words of a dictionary with their meanings ("" for bare words), or None, reported.

        Written as a mapping, as a list of words, or as a text with one word a line and its meaning
        behind a space (the quickest to read, for long lists).
        """
        if isinstance(value, str):
            return self._lines(value, path)
        if isinstance(value, list):
            words = self.texts(value, path, key) or ()
            self._repeated(words, path)
            return dict.fromkeys(words, "")
        if not isinstance(value, dict):
            self.report("E413", f"“{key}”应当是“词: 解释”、词的列表，或每行一词的文字", path)
            return None
        read = {word: "" if meaning is None else self.text(meaning, (*path, word), word) for word, meaning in value.items()}
        return {word: meaning for word, meaning in read.items() if meaning is not None}

    def _lines(self, text: str, path: Path) -> dict[str, str]:
        pairs = [line.split(None, 1) for line in text.splitlines() if line and not line.isspace() and not line.startswith("#")]
        result = {pair[0]: pair[1].rstrip() if len(pair) > 1 else "" for pair in pairs}
        if len(result) < len(pairs):
            self._repeated([pair[0] for pair in pairs], path)
        return result

    def _repeated(self, words: Sequence[str], path: Path) -> None:
        seen: set[str] = set()
        for word in words:
            if word in seen:
                self.report("E430", f"“{word}”重复", path)
            seen.add(word)

    def _choice(self, value: object, path: Path, key: str, choices: tuple[str, ...]) -> str | None:
        if value in choices:
            return str(value)
        near = suggest(str(value), choices, 1)
        self.report("E413", f"“{key}”不能是“{value}”，只能是：{'、'.join(c or '（空）' for c in choices)}", path, hint=f"是不是想写：{near[0]}" if near else "")
        return None

    def _range(self, value: object, path: Path, key: str) -> Years | None:
        low, dots, high = str(value).partition("..") if isinstance(value, int | str) else ("", "", "")
        ends = [int(end) if end.isdecimal() and len(end) <= 4 else None for end in (low.strip(), high.strip())]
        sound = all(end is not None or not text.strip() for end, text in zip(ends, (low, high), strict=True))
        if not sound or ends == [None, None] or isinstance(value, bool):
            self.report("E413", f"“{key}”写法不对", path, hint="可写 2023、2019..、..2022 或 2019..2022")
            return None
        start, end = (ends[0], ends[1]) if dots else (ends[0], ends[0])
        if start is not None and end is not None and start > end:
            self.report("E413", f"“{key}”的起点大于终点", path)
            return None
        return start, end
