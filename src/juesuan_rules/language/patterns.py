"""Patterns of 匹配: bounded in size, and only what an engine with linear running time can do."""

from __future__ import annotations

from typing import Any

MAX_PATTERN = 200
"""Characters in a pattern."""
_MAX_MEMORY = 1 << 20


def compile_pattern(pattern: str) -> Any:
    """The compiled pattern (RE2: linear time). Raises ValueError, in Chinese, where it is not one."""
    import re2

    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"有 {len(pattern)} 个字符，上限是 {MAX_PATTERN}")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(_in_chinese(str(error))) from None


def pattern_problem(pattern: str) -> str | None:
    """What is wrong with a pattern, in words; None where it can be used."""
    try:
        compile_pattern(pattern)
    except ValueError as error:
        return str(error)
    return None


def _in_chinese(message: str) -> str:
    known = {
        "missing )": "圆括号没有成对",
        "unexpected )": "圆括号没有成对",
        "missing ]": "方括号没有成对",
        "no argument for repetition": "* + ? 前面没有可以重复的字",
        "bad repetition": "重复的写法不对",
        "invalid repetition size": "重复的次数太大",
        "invalid escape": "反斜线后面的字不能这样用（回引用也不支持）",
        "trailing \\": "末尾多了反斜线",
        "invalid perl operator": "不支持这种 (?…) 写法（前后断言等）",
        "invalid named capture": "命名的写法不对",
        "invalid character class": "方括号里的范围不对",
        "pattern too large": "展开后太大",
    }
    return next((zh for en, zh in known.items() if en in message.lower()), "不能识别")
