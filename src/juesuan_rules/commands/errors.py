"""The one place where problems become messages on stderr and an exit code."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from juesuan_rules.diagnostics import ExitCode, JuesuanError

_INTERRUPTED = 130


def guarded(action: Callable[[], Any]) -> int:
    """Run `action`; the exit code it stands for. Nothing a person can cause gets past this."""
    import typer

    try:
        code = action()
        sys.stdout.flush()
        return int(code or 0)
    except JuesuanError as error:
        tell(error)
        return int(error.exit_code)
    except typer.TyperException as error:
        say(usage_text(error))
        return int(ExitCode.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        say("已中断")
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return int(ExitCode.CLEAN)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a message instead of a trace
        from juesuan_rules.pipeline.batch import defect

        say(defect(error))
        return int(ExitCode.USAGE)


def tell(error: JuesuanError) -> None:
    """The error's message and each of its diagnostics, on stderr."""
    from juesuan_rules.pipeline.batch import describe

    say(describe(error))


def say(text: str) -> None:
    """One message on stderr, made safe line by line; indentation (carets) stays."""
    from juesuan_rules.renderings.plain import safe_lines

    print(safe_lines(text), file=sys.stderr)


def usage_text(error: Exception) -> str:
    """What is wrong with a command line, in Chinese, with the way to the help."""
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", None) or "juesuan-rules"
    return f"{_wrong(error)}\n用法见：{path} --help"


def _wrong(error: Exception) -> str:
    kind, message = type(error).__name__, str(getattr(error, "message", error))
    quoted = re.findall(r"'([^']*)'", message)
    param = getattr(error, "param", None)
    name = _param_name(param)
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None) or ()
        return f"没有选项「{getattr(error, 'option_name', '')}」" + (f"；是不是想写：{'、'.join(sorted(near))}" if near else "")
    if kind == "MissingParameter":
        return f"缺少{name}"
    if kind == "BadOptionUsage":
        option = getattr(error, "option_name", "")
        return f"选项「{option}」不带值" if "does not take" in message else f"选项「{option}」后面缺少值"
    if kind == "BadParameter":
        return f"{name}的值不对" + ("：须是整数" if "int" in message else "")
    if "No such command" in message:
        return _no_command(quoted[0] if quoted else "", getattr(getattr(error, "ctx", None), "command", None))
    if "Missing command" in message:
        return "没有写命令"
    if "unexpected extra argument" in message:
        extra = re.search(r"\((.*)\)", message)
        return f"多余的参数：{extra.group(1) if extra else ''}"
    return f"命令行有误：{message}"


def _no_command(name: str, group: Any) -> str:
    from juesuan_rules.names import suggest

    known = group.list_commands(None) if group is not None else []
    near = suggest(name, known)
    return f"没有命令「{name}」；" + (f"是不是想写：{'、'.join(near)}" if near else f"可用的命令：{'、'.join(known)}")


def _param_name(param: Any) -> str:
    if param is None:
        return "参数"
    if param.param_type_name == "option":
        return f"选项「{param.opts[0]}」"
    return f"参数「{param.metavar or param.name}」"


def _drop_stdout() -> None:
    """Whoever read our output has gone: nothing more can be written, and that is no error."""
    import contextlib
    import os

    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
