"""The record of a run, run.json: a stable contract, published as schemas/dossier.schema.json."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec

from juesuan_rules.diagnostics import UsageError

RECORD = "run.json"
LOCK = "juesuan.lock"
INPUTS, PACKS, OUTPUTS = "inputs", "packs", "outputs"
RESULT = "outputs/result.json"
FORMAT = 1
MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 100_000

Role = Literal["report", "prior", "units", "corrections", "waivers", "decisions"]


class InputFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that went in. name: its path as the run saw it, below its role's folder. kept: whether a copy lies in the
    dossier, under `inputs/ROLE/NAME`."""

    role: Role
    name: str
    sha256: str
    size: int
    kept: bool


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the person asked for, as far as it can change a result. prior_folder: last year's report was given as a folder."""

    pack: str | None = None
    region: str | None = None
    as_one: bool = False
    list_all: bool = False
    pdf_engine: str = "auto"
    as_of: str | None = None
    fail_on: str = "警告"
    max_undecided: int | None = None
    prior_folder: bool = False


class OutputFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the dossier that is not an input: its path inside, sha256 and size."""

    path: str
    sha256: str
    size: int


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """run.json. files: everything else in the folder but the inputs. canonical_digest: of outputs/result.json."""

    format: int
    tool: dict[str, Any]
    made: str
    asked: Asked
    inputs: tuple[InputFile, ...]
    files: tuple[OutputFile, ...]
    canonical_digest: str
    exit_code: int

    def of(self, role: Role) -> tuple[InputFile, ...]:
        """The inputs of one role, in the order they were given."""
        return tuple(one for one in self.inputs if one.role == role)


def read_record(folder: Path) -> Record:
    """The record of the run in `folder`. Raises UsageError where there is none, or it cannot be relied on."""
    path = folder / RECORD
    if not path.is_file():
        raise UsageError(f"「{folder}」里没有 {RECORD}，不是 juesuan-rules report 保存的目录")
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(f"「{path}」太大，没有读")
    try:
        record = msgspec.json.decode(path.read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(f"「{path}」读不懂：{_reason(error)}") from None
    if record.format != FORMAT:
        raise UsageError(f"「{path}」是第 {record.format} 版的运行记录，本程序只认第 {FORMAT} 版；请升级程序")
    wrong = [one.name for one in record.inputs if not is_inside(one.name)] + [one.path for one in record.files if not is_inside(one.path)]
    if wrong:
        raise UsageError(f"「{path}」里写的文件不在目录之内：{wrong[0]!r}")
    if len(record.inputs) + len(record.files) > MOST_FILES:
        raise UsageError(f"「{path}」里写的文件太多")
    return record


def is_inside(name: str) -> bool:
    """Whether a path stays below the folder it is taken from, on every system."""
    path = PurePosixPath(name)
    return bool(name) and "\\" not in name and "\0" not in name and not path.is_absolute() and not re.match(r"[A-Za-z]:", name) and ".." not in path.parts


def _reason(error: Exception) -> str:
    return "不是 JSON" if isinstance(error, msgspec.DecodeError) and not isinstance(error, msgspec.ValidationError) else f"内容不合格式（{str(error)[:200]}）"
