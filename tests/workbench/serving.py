"""A workbench in a process of its own, as a person runs it, and a browser without a script to speak to it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
DAMAGED = FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"
SOUND = FIXTURES / "湖北省槐溪县文化资源管理局-2023.txt"
_CODE = """
import json, sys
from pathlib import Path
from juesuan_rules.workbench.server import serve
from juesuan_rules.workbench.settings import Limits, Settings
def ready(now):
    print(json.dumps({"port": now.port, "token": now.token, "prefix": now.prefix}), flush=True)
if __name__ == "__main__":
    serve(Settings(Path(sys.argv[1]), limits=Limits(**json.loads(sys.argv[2]))), ready)
"""


class Server:
    """A server on a home folder. limits: those that differ from the usual ones."""

    def __init__(self, home: Path, **limits: float) -> None:
        self.home = home
        self.limits = limits
        self.start()

    def start(self) -> None:
        """Start it, again after it ended."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CODE, str(self.home), json.dumps(self.limits)], stdout=subprocess.PIPE, env=environment, text=True, encoding="utf-8"
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "工作台没有启动"
        told = json.loads(line)
        self.port, self.token, self.prefix = told["port"], told["token"], told["prefix"]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.origin + self.prefix, headers={"Origin": self.origin}, timeout=60, follow_redirects=True, trust_env=False)
        assert self.client.get(f"{self.origin}/", params={"token": self.token}).status_code == 200

    def kill(self) -> None:
        """kill -9."""
        self.client.close()
        self.process.kill()
        self._ended(20)

    def stop(self) -> int:
        """Ctrl+C; the exit code."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self._ended(30)

    def _ended(self, seconds: float) -> int:
        code = self.process.wait(seconds)
        if self.process.stdout is not None:  # not read to its end: a worker that was stopped may hold it open
            self.process.stdout.close()
        return code

    def upload(self, *paths: Path | tuple[str, bytes], **fields: str) -> str:
        """Begin a run of these files; its id."""
        files = [("files", path if isinstance(path, tuple) else (path.name, path.read_bytes())) for path in paths]
        answer = self.client.post("/runs", files=files, data=fields, follow_redirects=False)
        assert answer.status_code == 303, text_of(answer)
        found = re.search(r"/run/([0-9a-f]{16})", answer.headers["location"])
        assert found is not None
        return found[1]

    def state(self, run: str) -> dict[str, Any]:
        """How far a run is."""
        told: dict[str, Any] = self.client.get(f"/run/{run}/state").json()
        return told

    def wait(self, run: str, state: str = "done", seconds: float = 90) -> dict[str, Any]:
        """Until the run is in that state."""
        return until(lambda: (told := self.state(run))["state"] == state and told, seconds, lambda: f"{self.state(run)}")

    def judged(self, *paths: Path | tuple[str, bytes], **fields: str) -> str:
        """A run of these files, done."""
        run = self.upload(*paths, **fields)
        self.wait(run)
        return run

    def fingerprint(self, run: str, position: int = 0, number: int = 1) -> str:
        """Of a finding, as its form has it."""
        found = re.search(r'name="fingerprint" value="([0-9a-f]+)"', self.client.get(f"/run/{run}/{position}/finding/{number}").text)
        assert found is not None
        return found[1]

    def workers(self) -> list[int]:
        """Processes that read reports."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    command = (folder / "cmdline").read_bytes()
                except (OSError, ValueError, IndexError):
                    continue
                if parent == self.process.pid and b"spawn_main" in command:
                    found.append(int(folder.name))
        return sorted(found)


def until(found: Callable[[], Any], seconds: float = 30, tell: Callable[[], str] = lambda: "") -> Any:
    """What `found` gives once it gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"等了 {seconds} 秒没有等到 {tell()}")


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def text_of(answer: httpx.Response) -> str:
    """What a person reads on a page."""
    bare = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())
