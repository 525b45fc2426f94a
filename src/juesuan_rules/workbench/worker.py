"""Reports are read in a process of their own: one that crashes, hangs or eats the memory costs that report and nothing else."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from juesuan_rules.diagnostics import JuesuanError


class WorkFailed(JuesuanError):
    """A task did not come to an end: it took too long, or its process was lost. The message says which."""


class Worker:
    """One process that does tasks, one after the other; it is started on first use, and again after it was lost.

    A task is named "module:function" of this package; its arguments and result cross as pickles between this program's own
    two processes, never from or to a document. What it raises of the JuesuanError family is raised here, too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    def call(self, task: str, *values: Any, seconds: float) -> Any:
        """The task's result. Raises WorkFailed after `seconds`, or where the process was lost."""
        with self._lock:
            pipe = self._ready()
            try:
                pipe.send((task, values))  # pickled whole before anything is sent: what cannot be pickled raises here
                if not pipe.poll(seconds):
                    self._end()
                    raise WorkFailed(f"超过 {seconds:.0f} 秒没有做完，已停止")
                done, value = pipe.recv()
            except (EOFError, OSError, BrokenPipeError):
                self._end()
                raise WorkFailed("读取进程意外结束（文件可能太大或已损坏），这份报告没有结果") from None
        if done:
            return value
        raise value

    def abort(self) -> None:
        """End the task at hand, if there is one: whoever waits for it gets WorkFailed."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, with the task at hand, for good."""
        self._closed = True
        self.abort()
        with self._lock:
            self._end()

    def _ready(self) -> Connection:
        if self._closed:
            raise WorkFailed("工作台正在停止")
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,), daemon=True, name="juesuan-worker")
        self._process.start()
        there.close()
        self._pipe = here
        return here

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    """The process: tasks in, results out, until the other side is gone — also where it was killed."""
    import signal

    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):
        # Where memory runs out, the system ends this process and not the server.
        Path("/proc/self/oom_score_adj").write_text("1000")
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends its workers itself
    while True:
        try:
            task, values = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = True, _find(task)(*values)
        except JuesuanError as error:
            answer = False, _plain(error)
        except (MemoryError, RecursionError):
            answer = False, WorkFailed("文件太大或结构太复杂，没有读完")
        except Exception as error:  # noqa: BLE001 - a defect of ours ends one task, not the workbench
            from juesuan_rules.pipeline.batch import defect

            answer = False, WorkFailed(f"处理时{defect(error)}")
        with contextlib.suppress(OSError):
            pipe.send(answer)


def _end_with_parent() -> None:
    """A killed server leaves no worker behind, not even one that hangs."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _find(task: str) -> Callable[..., Any]:
    module, _, name = task.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(f"{__package__}.{module}"), name)
    return function


def _plain(error: JuesuanError) -> JuesuanError:
    """The error as one that crosses to the other process: some of the family take other arguments when they are made."""
    from juesuan_rules.pipeline.batch import describe

    plain = WorkFailed(describe(error))
    plain.exit_code = error.exit_code
    return plain
