"""Decisions written into a file by hand and by programs: only the lines of the decisions concerned change.

Writers take turns (a lock beside the file), and the file is replaced whole, so that nobody reads half of it and none of
two writers at once is lost.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.findings import DECISION_STATUSES
from juesuan_rules.reviews.decisions import DecisionsFile, understand
from juesuan_rules.reviews.model import WrittenDecision
from juesuan_rules.yamlfile import MAX_BYTES, YamlFile, loads

PATIENCE = 10.0
"""Seconds to wait for another writer."""
HEAD = f"# 对核对结果的复核意见：{'、'.join(DECISION_STATUSES)}。按指纹对应，重新核对、换一种格式读取都还在；数变了会提示复核。\ndecisions:\n"
_OWN = ("status", "by", "date", "note", "values", "place", "unit", "year", "rule")
"""Keys of an entry that a new decision writes anew."""


def write_decisions(path: Path, decisions: Sequence[WrittenDecision]) -> None:
    """Put the decisions into the file. Raises UsageError where it is broken, or cannot be written."""
    path = Path(os.path.realpath(path))
    if not path.parent.is_dir():
        raise UsageError(f"复核意见写不到「{path}」：没有目录「{path.parent}」")
    if path.exists() and not path.is_file():
        raise UsageError(f"复核意见写不到「{path}」：不是文件")
    try:
        with _turn(path):
            before = path.read_bytes() if path.exists() else b""
            after = _changed(before, path, decisions)
            if after != before:
                _replace(path, after)
    except OSError as error:
        raise UsageError(f"复核意见写不到「{path}」：{'没有写权限' if isinstance(error, PermissionError) else '系统报告写入失败'}") from None


def _changed(before: bytes, path: Path, decisions: Sequence[WrittenDecision]) -> bytes:
    bom, newline = before.startswith(b"\xef\xbb\xbf"), b"\r\n" if b"\r\n" in before else b"\n"
    try:
        text = before.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise UsageError(f"复核意见文件「{path}」不是 UTF-8 编码，没有改动") from None
    decisions = [_clean(decision) for decision in decisions]
    for decision in decisions:
        known = _read(text, path)
        text = _with(text, known[0], known[1], decision)
    found = {one.fingerprint: one for one in _read(text, path)[1].decisions}
    wanted = {decision.fingerprint: decision for decision in decisions}
    if any(found.get(name) is None or _plain(found[name]) != _plain(one) for name, one in wanted.items()):
        raise UsageError(f"复核意见文件「{path}」的写法特别，没有改动；请把各条写成以“- ”开头的块")
    if len(text.encode()) > MAX_BYTES:
        raise UsageError(f"复核意见文件「{path}」已写满（上限 {MAX_BYTES // 1024 // 1024} MB），请另起一个文件")
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8").replace(b"\n", newline)


def _read(text: str, path: Path) -> tuple[YamlFile, DecisionsFile]:
    file = loads(text if text.strip() else "decisions: []\n", str(path))
    known = understand(file, str(path))
    errors = tuple(d for d in known.diagnostics if d.is_error)
    if errors:
        raise UsageError(f"复核意见文件「{path}」有 {len(errors)} 处错误，没有改动", errors)
    return file, known


def _with(text: str, file: YamlFile, known: DecisionsFile, decision: WrittenDecision) -> str:
    """The text with the decision in place of the entry of its fingerprint, or after the last entry."""
    if not text.strip():
        return HEAD + _entry(decision)
    sequence = _sequence(file)
    at = next((n for n, item in enumerate(file.data["decisions"] or ()) if str(item.get("fingerprint", "")).strip() == decision.fingerprint), None)
    if sequence is None or (not sequence.value and sequence.flow_style):
        return _first(text, file, sequence, decision)
    if at is not None:
        node = sequence.value[at]
        return _flow(text, node, decision) if node.flow_style else _rewritten(text, node, decision)
    if sequence.flow_style:
        end = sequence.end_mark.index - 1
        comma = "" if text[:end].rstrip().endswith(",") else ","
        return f"{text[:end].rstrip()}{comma} {json.dumps(_plain(decision), ensure_ascii=False)}{text[end:]}"
    return _appended(text, sequence, decision)


def _clean(decision: WrittenDecision) -> WrittenDecision:
    """The decision as a file can hold it: every text on one line, every figure with a name."""
    texts = {key: _one_line(getattr(decision, key)) for key in ("rule", "unit", "place", "by", "date", "note")}
    values = {_one_line(name) or "（没有名称）": _one_line(raw) for name, raw in decision.values}
    return replace(decision, values=tuple(values.items()), **texts)


def _sequence(file: YamlFile) -> Any:
    """The node of the list, or None where `decisions:` is empty."""
    node = next(value for key, value in file.root.value if key.value == "decisions")
    return node if hasattr(node, "flow_style") and isinstance(node.value, list) else None


def _first(text: str, file: YamlFile, sequence: Any, decision: WrittenDecision) -> str:
    """`decisions: []` or `decisions:` becomes a list of one."""
    key = next(key for key, _ in file.root.value if key.value == "decisions")
    end = key.end_mark.index
    colon = text.index(":", end)
    after = sequence.end_mark.index if sequence is not None else colon + 1
    line_end = text.find("\n", after)
    line_end = len(text) if line_end < 0 else line_end
    return text[: colon + 1] + text[after:line_end].rstrip() + "\n" + _entry(decision) + text[line_end + 1 :]


def _flow(text: str, node: Any, decision: WrittenDecision) -> str:
    return text[: node.start_mark.index] + json.dumps(_plain(decision), ensure_ascii=False) + text[node.end_mark.index :]


def _appended(text: str, sequence: Any, decision: WrittenDecision) -> str:
    """After the last line of the last entry, indented as the entries are."""
    indent = " " * sequence.start_mark.column
    end = text.find("\n", _end(sequence.value[-1]))
    head, tail = (text, "") if end < 0 else (text[:end], text[end + 1 :])
    return f"{head}\n{_entry(decision, indent)}{tail}"


def _rewritten(text: str, node: Any, decision: WrittenDecision) -> str:
    """The entry with its own keys written anew after its fingerprint; comments in it stay."""
    lines = text.split("\n")
    column = node.start_mark.column
    taken: set[int] = set()
    kept: dict[int, str] = {}
    for key, value in node.value:
        if key.value not in _OWN:
            continue
        first, last = key.start_mark.line, _last_line(text, value, key)
        comments = [_comment(lines[number]) for number in range(first, last + 1) if number == last]
        taken.update(range(first, last + 1))
        if comments[0]:
            kept[first] = " " * column + comments[0]
    anchor = next(key for key, _ in node.value if key.value == "fingerprint").start_mark.line
    dash = node.start_mark.line
    own = _entry(decision, "", bare=True).rstrip("\n").split("\n")
    own = [" " * column + line for line in own]
    if dash in taken or anchor in taken or dash != anchor:
        # The fingerprint is not the first key: it becomes so.
        anchor_line = lines[dash][: node.start_mark.column] + own[0].lstrip()
        taken |= {dash, anchor}
    else:
        anchor_line = lines[dash]
    out: list[str] = []
    for number, line in enumerate(lines):
        if number == dash:
            out += [anchor_line, *([kept.pop(dash)] if dash in kept else []), *own[1:]]
        elif number in taken:
            out += [kept[number]] if number in kept else []
        else:
            out.append(line)
    return "\n".join(out)


def _comment(line: str) -> str:
    """The comment at the end of a line, "" where there is none that can be told from text."""
    head, mark, tail = line.rpartition(" #")
    return f"#{tail}" if mark and not any(quote in tail for quote in "\"'") and head.count('"') % 2 == 0 and head.count("'") % 2 == 0 else ""


def _end(node: Any) -> int:
    """Index of the last character of a node; a block's own end is after the blanks and comments that follow it."""
    if node.value and not isinstance(node.value, str) and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last) or node.end_mark.index
    index: int = node.end_mark.index
    if getattr(node, "style", None) in ("|", ">"):
        return index - 1
    return index


def _last_line(text: str, value: Any, key: Any) -> int:
    if value.start_mark.index == value.end_mark.index:  # nothing after the colon
        return int(key.start_mark.line)
    return text.count("\n", 0, max(_end(value), key.end_mark.index))


def _entry(decision: WrittenDecision, indent: str = "  ", bare: bool = False) -> str:
    """The entry as lines of YAML. bare: without the dash, so that lines begin with the key."""
    pad, first = ("", "") if bare else (f"{indent}  ", f"{indent}- ")
    lines = []
    for key, value in _plain(decision).items():
        if isinstance(value, dict):
            lines.append(f"{pad}{key}:")
            lines += [f"{pad}  {_quoted(name)}: {_quoted(raw)}" for name, raw in value.items()]
        else:
            lines.append(f"{pad}{key}: {value if isinstance(value, int) else _quoted(value)}")
    lines[0] = first + lines[0].removeprefix(pad)
    return "\n".join(lines) + "\n"


def _plain(decision: WrittenDecision) -> dict[str, Any]:
    """The entry as plain data; what is empty is left out."""
    whole: dict[str, Any] = {"fingerprint": decision.fingerprint, "rule": decision.rule, "unit": decision.unit, "year": decision.year, "place": decision.place}
    whole |= {"status": decision.status, "by": decision.by, "date": decision.date, "note": decision.note, "values": dict(decision.values)}
    return {key: value for key, value in whole.items() if value not in (None, "", {})}


def _quoted(text: str) -> str:
    """A text in double quotes, readable by any YAML program: escapes are the same as JSON's."""
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()


@contextlib.contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Hold the lock beside the file. It is the system's: it goes with the process, however that ends."""
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _taken(handle):
            if time.monotonic() > deadline:
                raise UsageError(f"复核意见文件「{path}」正被另一个程序写，没有改动")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


if os.name == "nt":

    def _taken(handle: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
else:

    def _taken(handle: int) -> bool:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
