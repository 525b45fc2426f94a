"""Whether the optional extra `[ocr]` is installed, and what to say where it is not."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

_NEEDED = ("numpy", "PIL", "onnxruntime")
_MODEL_PACKAGE = "rapidocr"
_MODEL_PATTERN = "*rec*.onnx"

HOW_TO = "请先安装识别组件：pip install \"juesuan-rules[ocr]\""
"""What the reader of a message can do."""


@functools.cache
def missing_part() -> str:
    """Which part of the extra is not installed, "" where all of it is. Nothing is imported to find out."""
    for name in _NEEDED:
        if importlib.util.find_spec(name) is None:
            return name
    return "" if _models() else _MODEL_PACKAGE


def is_available() -> bool:
    """Whether pictures can be read."""
    return not missing_part()


def model_path() -> Path:
    """The recogniser's model file inside the installed wheel.

    Raises FileNotFoundError where the extra is not installed.
    """
    models = _models()
    if not models:
        raise FileNotFoundError(_MODEL_PACKAGE)
    return models[-1]


@functools.cache
def _models() -> tuple[Path, ...]:
    spec = importlib.util.find_spec(_MODEL_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    return tuple(sorted(path for folder in folders or () for path in (Path(folder) / "models").glob(_MODEL_PATTERN)))
