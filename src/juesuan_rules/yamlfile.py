"""YAML as people write it: bounded, without surprises, and with a position for everything in it.

What the reader promises beyond plain YAML: keys are text exactly as typed; whole numbers, true and
false, and null are what they look like; everything else is text exactly as typed, so that an id
like 0110, a version like 1.10 or a date is never changed (where another YAML reader would change
it, a W4xx diagnostic says so). Anchors, aliases, tags and duplicate keys are errors. No floats.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import yaml

from juesuan_rules.diagnostics import Diagnostic, Span

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 200_000

DATE_KEYS = frozenset({"核验", "日期", "到期"})
"""Keys whose values are dates by nature: written without quotes they are no accident."""

Locator = Callable[[int, int], Span]
Read = Callable[[Path], "YamlFile"]
"""How a YAML file is read: `load`, or an editor's view of files that are not saved yet."""
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_SCALAR, _SEQUENCE, _MAPPING = range(3)
Place = tuple[int, int, int, int, int, int, int, str, Any]
"""Where one part stands: its kind, first line and column, last line and column (exclusive; all from 0), first and last
character (exclusive), style of a scalar, and what it holds: a scalar its text, a list the places of its items, a
mapping those of its keys and values. Plain data, so that it can be kept between runs."""
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ANCHOR = re.compile(r"(?:^|[\s,\[{])[&*][^\s,\]}]", re.MULTILINE)
_DECIMAL = re.compile(r"(?:0|-?[1-9][0-9]{0,17})$")
_BRACKET = re.compile(r"[\[{\]}]")
_STACKED = re.compile(rf"(?:[-?][ \t]+){{{MAX_DEPTH}}}")
_STACKED_LINE = re.compile(rf"^[ \t]*(?:[-?][ \t]+){{{MAX_DEPTH}}}", re.MULTILINE)
_ESCAPES = {"x": 2, "u": 4, "U": 8}
_PROBLEMS = (
    ("mapping values are not allowed", "此处不能再出现“: ”；文字里有英文冒号加空格时请加引号，或改用全角“：”"),
    ("could not find expected ':'", "这一行缺少“: ”（键和值之间要有英文冒号加空格）"),
    ("did not find expected key", "此处应是一个键；请检查缩进是否与上一行对齐、引号是否成对"),
    ("did not find expected '-' indicator", "此处应是列表项“- ”；请检查缩进是否与上一项对齐"),
    ("did not find expected ',' or ']'", "方括号里缺少“,”或“]”；表达式以 [ 开头时请加引号"),
    ("did not find expected ',' or '}'", "花括号里缺少“,”或“}”；表达式以 { 开头时请加引号"),
    ("tab character", "缩进不能用制表符，请改用空格"),
    ("cannot start any token", "此处的字符不能开头；以 % @ ` 等符号开头的文字请加引号"),
    ("unexpected end of stream", "引号没有成对，直到文件末尾也没有找到结束的引号"),
    ("block sequence entries are not allowed", "此处不能出现列表项“- ”；请换行并缩进"),
    ("unknown escape character", "双引号里的反斜线写法不认识；请改用单引号"),
    ("another document", "一个文件里只能有一份内容；请去掉多余的“---”"),
    ("control characters are not allowed", "文件里有不可见的控制字符"),
    ("special characters are not allowed", "文件里有不可见的控制字符"),
)


class _Loader(_Fast):  # type: ignore[misc]
    """The library's loader without what packs never use (tags by path): a quarter faster."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        if kind is not yaml.ScalarNode:
            return _TAG + ("map" if kind is yaml.MappingNode else "seq")
        for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()) if implicit[0] else ():
            if pattern.match(value):
                return str(tag)
        return _TAG + "str"

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Nothing is resolved by its path."""

    def ascend_resolver(self) -> None:
        """Nothing is resolved by its path."""


class YamlFile(msgspec.Struct, frozen=True, dict=True):
    """A parsed file: `data` (dict, list, str, int, bool, None) and where each part of it stands.

    diagnostics: errors (then `data` is None or incomplete) and warnings of the YAML layer itself.
    places: where each part stands; None where there is nothing.
    """

    name: str
    text: str
    data: Any
    diagnostics: tuple[Diagnostic, ...] = ()
    places: Place | None = None

    @property
    def broken(self) -> bool:
        """True where an error kept the content from being understood."""
        return any(d.is_error for d in self.diagnostics)

    @cached_property
    def root(self) -> Any:
        """The library's own nodes, for those who write the file anew; None where there are none."""
        if self.places is None:
            return None
        loader = _Loader(self.text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file without their line ends."""
        return _BREAKS.split(self.text)

    def source_line(self, number: int) -> str:
        """Line `number` (from 1) without its line end; "" where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def span(self, *path: str | int, key: bool = False) -> Span:
        """Where the value at `path` stands (its key with `key=True`), or its nearest present part."""
        place, key_place = self._find(path)
        chosen = key_place if key and key_place is not None else place
        return _place_span(self.name, chosen) if chosen is not None else Span(self.name, 1, 1)

    def locator(self, *path: str | int) -> Locator:
        """Maps character offsets (start, end) in the text at `path` to their place in the file."""
        place, _ = self._find(path)
        if place is None or place[0] != _SCALAR:
            whole = self.span(*path)
            return lambda start, end: whole
        cache: list[list[int]] = []

        def locate(start: int, end: int) -> Span:
            if not cache:
                cache.append(_offsets(self.text, place))
            offsets = cache[0]
            last = len(offsets) - 1
            first = offsets[min(max(start, 0), last)]
            final = offsets[min(end - 1, last)] + 1 if end > start else first
            line, column = self._position(first)
            end_line, end_column = self._position(final)
            return Span(self.name, line, column, end_line, end_column)

        return locate

    def diagnostic(self, code: str, message: str, *path: str | int, key: bool = False, hint: str = "") -> Diagnostic:
        """A diagnostic about the value (or key) at `path`, with its place and source line."""
        span = self.span(*path, key=key)
        return Diagnostic(code, message, span, hint, self.source_line(span.line))

    def node(self, *path: str | int) -> Any:
        """The library's node of the value at `path`, or None where there is nothing."""
        node = self.root
        for step in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == str(step)), None)
            else:
                node = node.value[step] if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value) else None
        return node

    def _find(self, path: tuple[str | int, ...]) -> tuple[Place | None, Place | None]:
        place, key_place = self.places, None
        for step in path:
            found: tuple[Place, Place | None] | None = None
            if place is None or place[0] == _SCALAR:
                break
            if place[0] == _MAPPING:
                name = str(step)
                found = next(((value, key) for key, value in place[8] if key[8] == name), None)
            elif isinstance(step, int) and step < len(place[8]):
                found = (place[8][step], None)
            if found is None:
                break
            place, key_place = found
        return place, key_place

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in _BREAKS.finditer(self.text))]

    def _position(self, index: int) -> tuple[int, int]:
        from bisect import bisect_right

        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1


def load(path: Path, name: str | None = None) -> YamlFile:
    """Read a YAML file (UTF-8). `name` is how messages call it; by default the path as given."""
    shown = name or str(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError:
        return _refused(shown, "", "E401", "文件读不出来：不存在，或没有读取权限")
    if size > MAX_BYTES:
        return _refused(shown, "", "E402", f"文件太大（{size:,} 字节），上限是 {MAX_BYTES:,} 字节")
    try:
        return loads(data.decode("utf-8-sig"), shown)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _refused(shown, "", "E403", f"第 {line} 行不是 UTF-8 编码；请把文件另存为 UTF-8")


def loads(text: str, name: str = "") -> YamlFile:
    """Read YAML text. Never raises for what the text says: problems are in `.diagnostics`."""
    text = plain_text(text)
    if len(text) > MAX_BYTES:
        return _refused(name, "", "E402", f"文件太大，上限是 {MAX_BYTES:,} 字节")
    refused = _too_deep(text, name) or (_ANCHOR.search(text) and _anchored(text, name))
    if refused:
        return YamlFile(name, text, None, (refused,))
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        return YamlFile(name, text, None, (_syntax(error, text, name),))
    finally:
        loader.dispose()
    builder = _Builder(name, text)
    data = builder.build(root, 0, "") if root is not None else None
    sound = not any(d.code == "E404" for d in builder.diagnostics)
    return YamlFile(name, text, data, tuple(builder.diagnostics), _place_of(root) if root is not None and sound else None)


def plain_text(text: str) -> str:
    """The text of a file without a byte order mark, its lines ended by \\n."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class _Builder:
    """Turns composed nodes into plain data, collecting what has to be said about them."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.diagnostics: list[Diagnostic] = []
        self.nodes = 0

    def report(self, code: str, message: str, node: Any, hint: str = "") -> None:
        span = _node_span(self.name, node)
        self.diagnostics.append(Diagnostic(code, message, span, hint, self.lines[span.line - 1]))

    @cached_property
    def lines(self) -> list[str]:
        return _BREAKS.split(self.text)

    def build(self, node: Any, depth: int, key: str) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            if self.nodes != MAX_NODES + 2:
                self.report("E404", f"嵌套太深或内容太多（上限 {MAX_DEPTH} 层、{MAX_NODES:,} 项）", node)
                self.nodes = MAX_NODES + 1
            return None
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, key)
        if isinstance(node, yaml.SequenceNode):
            self.check_tag(node, "seq")
            return [self.build(child, depth + 1, key) for child in node.value]
        self.check_tag(node, "map")
        return self.mapping(node, depth)

    def mapping(self, node: Any, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.report("E406", "键必须是一段文字", key_node)
                continue
            key = key_node.value
            if key_node.tag == _TAG + "merge":
                self.report("E405", "不支持合并键“<<”，请把内容写全", key_node)
                continue
            if key in result:
                self.report("E407", f"键“{key}”重复", key_node, "同一层里每个键只能写一次")
            result[key] = self.build(value_node, depth + 1, key)
        return result

    def check_tag(self, node: Any, expected: str) -> None:
        if node.tag != _TAG + expected:
            self.report("E405", "不支持以“!”开头的类型标记", node)

    def scalar(self, node: Any, key: str) -> Any:
        tag, text = node.tag, node.value
        if tag == _TAG + "str":
            return text
        if node.style:
            self.check_tag(node, "str")
            return text
        if tag == _TAG + "null":
            return None
        if tag == _TAG + "int" and _DECIMAL.match(text):
            return int(text)
        if tag == _TAG + "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        self.coerced(node, tag, text, key)
        return str(text)

    def coerced(self, node: Any, tag: str, text: str, key: str) -> None:
        hint = f"请加引号写成 '{text}'"
        if tag in (_TAG + "int", _TAG + "float"):
            self.report("W401", f"“{text}”没有加引号，会被一般的 YAML 程序改成数字；这里按原文读取", node, hint)
        elif tag == _TAG + "bool":
            self.report("W402", f"“{text}”没有加引号，会被一般的 YAML 程序当作是/否；这里按原文读取", node, hint)
        elif tag == _TAG + "timestamp":
            if key not in DATE_KEYS:
                self.report("W403", f"“{text}”没有加引号，会被一般的 YAML 程序当作日期；这里按原文读取", node, hint)
        elif tag not in (_TAG + "merge", _TAG + "value"):
            self.report("E405", "不支持以“!”开头的类型标记", node, "文字以 ! 开头时请加引号")


def _refused(name: str, text: str, code: str, message: str) -> YamlFile:
    return YamlFile(name, text, None, (Diagnostic(code, message, Span(name)),))


def _place_of(node: Any) -> Place:
    start, end, content = node.start_mark, node.end_mark, node.value
    if isinstance(node, yaml.ScalarNode):
        kind, style = _SCALAR, node.style or ""
    elif isinstance(node, yaml.MappingNode):
        kind, style, content = _MAPPING, "", tuple([(_place_of(key), _place_of(value)) for key, value in content])
    else:
        kind, style, content = _SEQUENCE, "", tuple([_place_of(item) for item in content])
    return kind, start.line, start.column, end.line, end.column, start.index, end.index, style, content


def _node_span(name: str, node: Any) -> Span:
    start, end = node.start_mark, node.end_mark
    scalar = isinstance(node, yaml.ScalarNode)
    return _place_span(
        name, (_SCALAR if scalar else _MAPPING, start.line, start.column, end.line, end.column, 0, 0, (node.style or "") if scalar else "", None)
    )


def _place_span(name: str, place: Place) -> Span:
    kind, line, column, end_line, end_column, _, _, style, _ = place
    if kind != _SCALAR or style in ("|", ">"):
        end_line, end_column = line, column + 1
    return Span(name, line + 1, column + 1, end_line + 1, end_column + 1)


def _too_deep(text: str, name: str) -> Diagnostic | None:
    """Bounds nesting before the parser recurses: counts open brackets and block indicators."""
    found = _STACKED_LINE.search(text) if _STACKED.search(text) else None
    depth = 0
    for match in _BRACKET.finditer(text):
        if match.group() in "[{":
            depth += 1
            if depth > 10 * MAX_DEPTH:
                found = match if found is None else min(found, match, key=re.Match.start)
                break
        elif depth:
            depth -= 1
    if found is None:
        return None
    return Diagnostic("E404", f"嵌套太深（上限 {MAX_DEPTH} 层）", Span(name, text.count("\n", 0, found.start()) + 1, 1))


def _anchored(text: str, name: str) -> Diagnostic | None:
    """The first anchor or alias, if the text really has one (& and * also occur in plain text)."""
    try:
        for event in yaml.parse(text, Loader=_Loader):
            mark = event.start_mark
            if mark is not None and getattr(event, "anchor", None):
                line = _BREAKS.split(text)[mark.line]
                span = Span(name, mark.line + 1, mark.column + 1)
                return Diagnostic("E405", "不支持锚点“&”和引用“*”，请把内容写全；文字以 & 或 * 开头时请加引号", span, "", line)
    except yaml.YAMLError:
        return None
    return None


def _syntax(error: yaml.YAMLError, text: str, name: str) -> Diagnostic:
    problem = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')} {getattr(error, 'reason', '')}"
    message = next((zh for en, zh in _PROBLEMS if en in problem), "YAML 写法有误；请检查缩进、引号和括号")
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        # The parser counts the bytes before a forbidden character.
        before = text.encode()[: getattr(error, "position", 0)].decode(errors="ignore")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    else:
        line, column = mark.line + 1, mark.column + 1
    lines = _BREAKS.split(text)
    while line > 1 and not "".join(lines[line - 1 :]).strip():
        # The parser noticed at the end of the file: show the last line that says something.
        line, column = line - 1, len(lines[line - 2]) + 1
    source = lines[line - 1] if line <= len(lines) else ""
    if source[column - 1 : column] == "\t":
        message = "缩进不能用制表符，请改用空格"
    return Diagnostic("E400", message, Span(name, line, column), "", source)


def _offsets(text: str, place: Place) -> list[int]:
    """For every character of the scalar's value (and one past it), its index in the file's text.

    Walks value and raw text side by side; they differ only by white space (folding, indentation),
    doubled single quotes and escapes.
    """
    at, end, style, value = place[5:]
    if style in ("|", ">"):
        at = text.find("\n", at) + 1
    elif style in ("'", '"'):
        at += 1
    if text.startswith(value, at) and not (style == '"' and "\\" in value) and not (style == "'" and "'" in value):
        # Written just as it is read: most are.
        return list(range(at, at + len(value) + 1))
    offsets: list[int] = []
    for char in value:
        if style == '"' and text.startswith("\\\n", at):
            at = _skip_spaces(text, at + 1, end)
        if char.isspace() and text[at : at + 1].isspace():
            offsets.append(at)
            at += 1
            continue
        if not char.isspace():
            at = _skip_spaces(text, at, end)
        offsets.append(min(at, end))
        if style == '"' and text[at : at + 1] == "\\":
            at += 2 + _ESCAPES.get(text[at + 1 : at + 2], 0)
        elif style == "'" and char == "'":
            at += 2
        else:
            at += 1
    offsets.append(min(at, end))
    return offsets


def _skip_spaces(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at
