"""A small pack of its own for the editor's tests, with a pack that builds on it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("pygls", reason="没有安装 editor 附加组件（pygls）")

if TYPE_CHECKING:
    from client import Client

FILES = {
    "base/pack.yaml": "language: 1\nid: base\nversion: 1.0.0\nname: 试验基础包\nlevel: 国家\n",
    "base/layouts/tables.yaml": """\
layout: 1
parameters:
  占比分母: 本年支出
lists:
  类:
    - [201, 一般公共服务支出]
    - [205, 教育支出]
tables:
  - id: 收入支出决算总表
    short: [总表]
    titles: [收入支出决算总表]
    number: "01"
    form: fixed
    blocks:
      - name: 收入
        columns: [{name: 金额, ordinal: 1}]
        rows:
          - {key: 财政拨款收入, line: 1, aliases: [财政拨款]}
          - {key: 其他收入, line: 2}
          - {key: 本年收入合计, line: 3, role: 合计}
      - name: 支出
        columns: [{name: 金额, ordinal: 2}]
        rows:
          - {use: 类, first_line: 4}
          - {key: 本年支出合计, line: 6, role: 合计}
  - id: 支出决算表
    short: [支出表]
    titles: [支出决算表]
    number: "03"
    form: codes
    chart: 功能
    blocks:
      - columns:
          - {name: 本年支出合计, ordinal: 1}
          - {name: 基本支出, ordinal: 2}
          - {name: 项目支出, ordinal: 3}
        rows: [{key: 合计, role: 合计}]
""",
    "base/facts/main.yaml": """\
language: 1
facts:
  - name: 支出总计
    names: [支出总额, 总支出]
    expected: 应有
  - name: 三公经费
    outside: [绩效]
""",
    "base/dictionaries/codes.yaml": """\
language: 1
dictionaries:
  - name: 功能科目
    entries: |
      201 一般公共服务支出
      2010301 行政运行
      2010302 一般行政管理事务
  - name: 占位符
    entries: [XX]
""",
    "base/rules/a.yaml": """\
# 试验规则
language: 1
rules:
  - id: A01-1
    title: 收入合计
    check: sum(总表.收入) == 总表[本年收入合计] ± 尾差
    severity: 错误

  - id: A01-2
    title: 支出合计
    表: 总表
    check: sum(支出) == 本年支出合计 ± 尾差
    severity: 错误

  - id: A01-3
    title: 支出表每行
    when: 存在(支出表)
    check:
      - 支出表.本年支出合计 == 支出表.基本支出 + 支出表.项目支出 ± 尾差
      - check: 每个 r 属于 支出表[项]：r.项目支出 >= 0
        severity: 提示
    severity: 警告

  - id: C-01
    title: 文字与表
    check: 文字.支出总计 == 总表[本年支出合计] ± 尾差
    severity: 警告
""",
    "base/cases/A01-1.yaml": """\
language: 1
rule: A01-1
cases:
  - name: 相等
    outcome: 相符
    tables:
      总表: {财政拨款收入: 1.00, 其他收入: 2.00, 本年收入合计: 3.00}
  - name: 不等
    outcome: 不符
    tables:
      总表: {财政拨款收入: 1.00, 本年收入合计: 3.00}
""",
    "base/cases/C-01.yaml": """\
language: 1
rule: C-01
cases:
  - name: 相等
    outcome: 相符
    tables:
      总表: {本年支出合计: 3.00}
    records:
      文字: {支出总计: 3.00}
""",
    "city/pack.yaml": "language: 1\nid: city\nversion: 1.0.0\nname: 试验市包\nlevel: 市\nregion: '4201'\nparent: base\n",
    "city/overrides.yaml": """\
language: 1
overrides:
  - rule: A01-2
    action: 放宽
    reason: 试验
    severity: 警告
    basis: [{文号: 试验文件}]
""",
}


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packs `base` and `city`; tests leave it as it is."""
    return write_packs(tmp_path_factory.mktemp("editor") / "规则 包")


def write_packs(root: Path) -> Path:
    """Write the packs into a folder."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def client(packs: Path) -> Iterator[Client]:
    """A client of one server for all tests of a module."""
    from client import Client

    made = Client(packs, {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["rename"]}, "configuration": True, "didChangeWatchedFiles": {"dynamicRegistration": True}}}, {"lint": False})
    yield made
    made.close()


@pytest.fixture
def edit(client: Client) -> Iterator[Callable[..., Document]]:
    """Opens a file in the editor, with another text if one is given; closed after the test."""
    opened: list[Document] = []

    def open_file(path: Path, *replacements: tuple[str, str], text: str | None = None) -> Document:
        content = path.read_text("utf-8") if text is None else text
        for old, new in replacements:
            assert old in content
            content = content.replace(old, new, 1)
        document = Document(client, path, content)
        opened.append(document)
        return document

    yield open_file
    for document in opened:
        client.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})
        client.problems.pop(document.uri, None)
        client.versions.pop(document.uri, None)


class Document:
    """An open file. Places are given by the text around the cursor, which stands at the `|` of it."""

    def __init__(self, client: Client, path: Path, content: str) -> None:
        self.client, self.path, self.content, self.version = client, path, content, 1
        self.uri = client.open(path, content)

    def place(self, around: str) -> tuple[int, int]:
        """Line and UTF-16 column of the cursor."""
        before, _, after = around.partition("|")
        assert self.content.count(before + after) >= 1, f"not there: {around}"
        offset = self.content.index(before + after) + len(before)
        line = self.content.count("\n", 0, offset)
        start = self.content.rfind("\n", 0, offset) + 1
        return line, len(self.content[start:offset].encode("utf-16-le")) // 2

    def ask(self, method: str, around: str, **more: Any) -> Any:
        """A request at the cursor."""
        return self.client.at(method, self.uri, *self.place(around), **more)

    def labels(self, around: str) -> list[str]:
        """What completion offers at the cursor."""
        found = self.ask("completion", around)
        return [item["label"] for item in found["items"]] if found else []

    def problems(self, until: Any = None) -> list[dict[str, Any]]:
        """The problems of the file as it is now."""
        return self.client.wait_for(self.uri, lambda found: self.client.versions[self.uri] == self.version and (until is None or until(found)))

    def text_at(self, found: dict[str, Any]) -> str:
        """The text in a range."""
        return read(self.content, found)

    def write(self, content: str) -> None:
        """Replace the whole text."""
        self.version += 1
        self.content = content
        self.client.change(self.uri, self.version, {"text": content})


def read(content: str, found: dict[str, Any]) -> str:
    """The text in a range, whose columns are UTF-16 units."""
    lines = content.split("\n")
    start, end = found["start"], found["end"]
    assert start["line"] == end["line"]
    units = lines[start["line"]].encode("utf-16-le")
    return units[2 * start["character"] : 2 * end["character"]].decode("utf-16-le")
