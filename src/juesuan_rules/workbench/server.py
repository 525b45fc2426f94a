"""`serve`: one server for one person, until it is told to end."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import msgspec
from msgspec.structs import replace

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.workbench.settings import LOCK, Settings

_CONNECTIONS = 512
_FAREWELL = 3
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(settings: Settings, ready: Callable[[Settings], None]) -> None:
    """Serve until interrupted. ready: told the settings with the port once the address answers. Raises UsageError where
    the folder is in use by another server, or the port is taken."""
    import uvicorn

    from juesuan_rules.workbench.app import make_app
    from juesuan_rules.workbench.database import Database
    from juesuan_rules.workbench.jobs import Jobs
    from juesuan_rules.workbench.protocol import MOST_HEAD, bounded_protocol
    from juesuan_rules.workbench.uploads import empty_sending

    os.umask(0o077)  # nothing this server writes is for anybody else
    settings.prepare()
    with _alone(settings) as tell, _listening(settings) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        tell(settings)
        tempfile.tempdir = str(settings.sending)
        empty_sending(settings)
        database = Database(settings.database)
        jobs = Jobs(settings, database)
        config = uvicorn.Config(
            make_app(settings, database, jobs), http=bounded_protocol(settings.limits.head), loop="asyncio", ws="none", lifespan="off", log_config=None, access_log=False,
            server_header=False, limit_concurrency=_CONNECTIONS, h11_max_incomplete_event_size=MOST_HEAD, timeout_keep_alive=30, timeout_graceful_shutdown=_FAREWELL,
        )  # fmt: skip
        server = uvicorn.Server(config)
        jobs.start()
        threading.Thread(target=_tell_when_ready, args=(server, settings, ready), daemon=True).start()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            jobs.stop()
            database.close()


def _tell_when_ready(server: object, settings: Settings, ready: Callable[[Settings], None]) -> None:
    import time

    while not getattr(server, "started", False):
        if getattr(server, "should_exit", False):
            return
        time.sleep(0.01)
    ready(settings)


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the address asked for."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(2048)
        except (OSError, OverflowError):
            where = f"{settings.host}:{settings.port}"
            raise UsageError(f"地址 {where} 用不了：可能已被别的程序占用，或不允许使用。不写 --port 会自动选一个空的") from None
        yield listener
    finally:
        listener.close()


class _Running(msgspec.Struct):
    """What a server tells of itself, for the same person starting another."""

    process: int = 0
    address: str = ""


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[Callable[[Settings], None]]:
    """Hold the folder. The lock is the system's: it goes with the process, however that ends."""
    told = settings.home / "server.json"
    with open(settings.home / LOCK, "a+b") as lock:
        if not _taken(lock):
            running = _running(told)
            # The address stands alone on its line: a mark behind it would be copied and clicked with it.
            where = f"：\n\n    {running.address}\n" if running.address else ""
            raise UsageError(f"这个目录的工作台已经开着（进程 {running.process or '未知'}），请用那一个，或用 --home 另选目录{where}")

        def tell(now: Settings) -> None:
            temporary = told.with_suffix(".part")
            temporary.write_bytes(msgspec.json.encode(_Running(os.getpid(), now.address)))
            temporary.replace(told)

        try:
            yield tell
        finally:
            told.unlink(missing_ok=True)


def _running(path: Path) -> _Running:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Running)
    except (OSError, msgspec.MsgspecError):
        return _Running()


if sys.platform == "win32":

    def _taken(lock: IO[bytes]) -> bool:
        import msvcrt

        try:
            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:

    def _taken(lock: IO[bytes]) -> bool:
        import fcntl

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
