"""Where a workbench keeps its things, and what it will take."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import UsageError

MB = 1024 * 1024
LOCK = "server.lock"
_FOLDERS = ("files", "runs", "cache", "sending", "packs", "scratch")
_OWN = frozenset((*_FOLDERS, LOCK, "server.json"))


class Limits(msgspec.Struct, frozen=True):
    """Bounds on what a browser may send. Sizes in bytes, times in seconds.

    file, request: of one file, of one whole request. form: of a request without files. files: per request.
    fields: of a form. head: longest time the first lines of a request may take. idle: longest silence while a request is
    sent; slow: least bytes per second after the first `grace` seconds. read: longest time one report may take to be judged;
    view: a page, a picture or an output to be made.
    """

    file: int = 200 * MB
    request: int = 1024 * MB
    form: int = 2 * MB
    files: int = 500
    fields: int = 50
    head: float = 10.0
    idle: float = 20.0
    slow: int = 4 * 1024
    grace: float = 15.0
    read: float = 300.0
    view: float = 120.0


class Settings(msgspec.Struct, frozen=True):
    """One server. home: this person's folder, readable by nobody else. token: who has it may use this server."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 0
    token: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    limits: Limits = Limits()
    pack_roots: tuple[Path, ...] | None = None

    @property
    def prefix(self) -> str:
        """What every address of this server begins with. Cookies are shared by all ports of a host, so that the browser
        would hand them to any other program listening here: a path nobody can guess keeps them to this server."""
        return "/" + hashlib.blake2b(self.token.encode(), digest_size=9, person=b"workbench").hexdigest()

    @property
    def address(self) -> str:
        """What a person opens: with the token, which the first answer moves into a cookie."""
        return f"http://{self.host}:{self.port}/?token={self.token}"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.home / "workbench.sqlite3"

    @property
    def packs(self) -> Path:
        """Packs of rules written here, as <id>/<version>."""
        return self.home / "packs"

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders packs are looked for in: those written here, then those named, or those shipped and installed."""
        from juesuan_rules.packs.roots import pack_roots
        from juesuan_rules.workbench.ownpacks import own_roots

        return (*own_roots(self.packs), *(self.pack_roots if self.pack_roots is not None else pack_roots()))

    def roots_for(self, pack: str | None) -> tuple[Path, ...] | None:
        """Those a report judged by `pack` needs: of packs written here only that version, so that a new one changes nothing for
        reports it has no part in."""
        from juesuan_rules.packs.roots import pack_roots
        from juesuan_rules.workbench.ownpacks import folder_of

        folder = folder_of(self.packs, pack or "")
        return (folder, *(self.pack_roots if self.pack_roots is not None else pack_roots())) if folder is not None else self.pack_roots

    @property
    def sending(self) -> Path:
        """Files on their way from the browser, or to it."""
        return self.home / "sending"

    @property
    def cache(self) -> Path:
        """Results and pages recognised once."""
        return self.home / "cache"

    def prepare(self) -> None:
        """Make the folders. Raises UsageError where that is not possible, or where others could read them."""
        try:
            if self.home.is_dir() and not self.database.exists() and any(path.name not in _OWN for path in self.home.iterdir()):
                raise UsageError(f"「{self.home}」里有别的东西，不是工作台的目录；请另选一个空的或还没有的目录")
            if os.name != "nt" and self.home.exists() and self.home.stat().st_uid != os.getuid():
                raise UsageError(f"工作台的目录「{self.home}」属于另一个用户，没有启动")
            for folder in (self.home, *(self.home / name for name in _FOLDERS)):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if os.name != "nt":
                    folder.chmod(0o700)
        except OSError as error:
            raise UsageError(f"工作台的目录「{self.home}」不能用：{'没有写权限' if isinstance(error, PermissionError) else '系统报告写入失败'}") from None
