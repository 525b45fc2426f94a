"""The corrections file: which figure, what is printed there, what is right, who says so and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.amounts import read_amount
from juesuan_rules.diagnostics import Diagnostic, UsageError
from juesuan_rules.packs.fields import Fields
from juesuan_rules.yamlfile import YamlFile, load

VERSION = 1
KEYS = ("文件", "表", "部分", "行", "栏", "页", "框", "文本行", "段", "工作表", "单元格", "印作", "应为", "更正人", "理由")
_NUMBERS = ("页", "文本行", "段")
Box = tuple[float, float, float, float]


class Entry(msgspec.Struct, frozen=True):
    """One correction as written. The place is a cell of a table by names, or a place in the file.

    printed: the text expected there. right: the text that counts; "" where nobody has filled it in
    yet, then the entry does nothing.
    """

    printed: str
    right: str
    who: str
    why: str
    file: str = ""
    table: str = ""
    block: str = ""
    row: str = ""
    column: str = ""
    page: int | None = None
    box: Box | None = None
    line: int | None = None
    paragraph: int | None = None
    sheet: str = ""
    cell: str = ""

    @property
    def where(self) -> str:
        """The place in words, as the person gave it."""
        address = self.table + (f".{self.block}" if self.block else "") + (f"[{self.row}]" if self.row else "") + (f".{self.column}" if self.column else "")
        parts = [
            self.file, address, f"第{self.page}页" if self.page else "", f"框{list(self.box)}" if self.box else "", f"第{self.line}行" if self.line else "",
            f"第{self.paragraph}段" if self.paragraph else "", f"工作表「{self.sheet}」" if self.sheet else "", self.cell,
        ]  # fmt: skip
        return " ".join(part for part in parts if part)


def read_corrections(path: Path) -> tuple[Entry, ...]:
    """The entries of a corrections file. Raises UsageError with every problem and its place."""
    file = load(path)
    problems = list(file.diagnostics)
    entries = _entries(file, problems) if not file.broken else []
    errors = tuple(problem for problem in problems if problem.is_error)
    if errors:
        raise UsageError(f"更正文件「{path}」有 {len(errors)} 处错误，没有核对任何报告", errors)
    return tuple(entries)


def require_files(entries: Sequence[Entry], path: Path) -> None:
    """Raise UsageError where an entry does not say which file it is for, although there are several."""
    for number, entry in enumerate(entries, 1):
        if not entry.file:
            raise UsageError(f"更正文件「{path}」第 {number} 条没有写“文件”：一次核对多份报告时，每一条都要写明是哪个文件")


def _entries(file: YamlFile, problems: list[Diagnostic]) -> list[Entry]:
    whole = Fields.at(file, (), file.data, ("corrections", "更正"), problems, "更正文件")
    if whole is None:
        return []
    if whole.values.get("corrections") != VERSION:
        whole.report("E413", f"更正文件应写明格式版本“corrections: {VERSION}”", "corrections" if "corrections" in whole.values else None)
    if not isinstance(whole.values.get("更正"), list) and whole.values.get("更正") is not None:
        whole.report("E413", "“更正”应当是一个列表（每项以“- ”开头）", "更正")
        return []
    found = []
    for item_path, item in whole.items("更正"):
        fields = Fields.at(file, item_path, item, KEYS, problems, "更正")
        if fields is not None and (entry := _entry(fields)) is not None:
            found.append(entry)
    return found


def _entry(fields: Fields) -> Entry | None:
    before = len(fields.out)
    if "印作" not in fields.values:
        fields.report("E412", "缺少“印作”（原处印的是什么；空白写 ''）")
    right = fields.text("应为")
    if right:
        fields.require("更正人", "理由")
        if read_amount(right, "元").value is None and read_amount(right, "元").state not in ("blank", "dash"):
            fields.report("E413", f"“应为”的“{right[:30]}”不是金额", "应为", "写数字，如 1,204.00；该处本应为空白的写 -")
    numbers = {key: _whole(fields, key) for key in _NUMBERS}
    box = _box(fields)
    named = bool(fields.text("表") and fields.text("行"))
    placed = (numbers["页"] and box) or numbers["文本行"] or numbers["段"] or fields.text("单元格")
    if not named and not placed:
        fields.report("E412", "没有写明是哪一个数", hint="写“表”“行”“栏”，或写“页”“框”，或“工作表”“单元格”，或“文本行”")
    if any(problem.is_error for problem in fields.out[before:]):
        return None
    return Entry(
        fields.text("印作"), right, fields.text("更正人"), fields.text("理由"), fields.text("文件"), fields.text("表"), fields.text("部分"),
        fields.text("行"), fields.text("栏"), numbers["页"], box, numbers["文本行"], numbers["段"], fields.text("工作表"), fields.text("单元格"),
    )  # fmt: skip


def _whole(fields: Fields, key: str) -> int | None:
    value = fields.values.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        fields.report("E413", f"“{key}”应当是从 1 起的整数", key)
        return None
    return value


def _box(fields: Fields) -> Box | None:
    value: Any = fields.values.get("框")
    if value is None:
        return None
    try:
        left, top, right, bottom = [float(part) for part in value]
    except (TypeError, ValueError, OverflowError):
        fields.report("E413", "“框”应当是四个数：[左, 上, 右, 下]（以点计，从页面左上角起）", "框")
        return None
    return left, top, right, bottom
