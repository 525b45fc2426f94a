"""A small client of the language server: JSON-RPC over the pipes of a process of its own, one request at a time."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "src"
TIMEOUT = 60.0


class Client:
    """Speaks to `juesuan-rules lsp`. Positions are (line, character) as the protocol counts them."""

    def __init__(self, root: Path | None = None, capabilities: dict[str, Any] | None = None, settings: dict[str, Any] | None = None) -> None:
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "juesuan_rules", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
        self.settings = settings or {}
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.notes: list[dict[str, Any]] = []
        self.problems: dict[str, list[dict[str, Any]]] = {}
        self.versions: dict[str, int | None] = {}
        self.registered: list[dict[str, Any]] = []
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.started = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri() if root else None,
                "capabilities": capabilities or {},
                "initializationOptions": self.settings,
            },
        )
        self.notify("initialized", {})

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                self.messages.put({"closed": True})
                return
            self.messages.put(json.loads(stream.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        stream = self.process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stream.flush()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer; a refusal raises Refused."""
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise Refused(message["error"]["message"])
                return message["result"]
            self._take(message)

    def _next(self, timeout: float = TIMEOUT) -> dict[str, Any]:
        message = self.messages.get(timeout=timeout)
        if message.get("closed"):
            assert self.process.stderr is not None
            raise AssertionError("the server ended: " + self.process.stderr.read().decode("utf-8", "replace"))
        return message

    def _take(self, message: dict[str, Any]) -> None:
        """A notification or a request of the server's."""
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.problems[params["uri"]] = params["diagnostics"]
            self.versions[params["uri"]] = params.get("version")
        elif message.get("method") == "workspace/configuration":
            self._send({"id": message["id"], "result": [self.settings for _ in message["params"]["items"]]})
        elif message.get("method") == "client/registerCapability":
            self.registered += message["params"]["registrations"]
            self._send({"id": message["id"], "result": None})
        else:
            self.notes.append(message)

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file (with another text than on disk); its URI."""
        uri = path.as_uri()
        content = path.read_text("utf-8") if text is None else text
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": content}})
        return uri

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        """Send changes: {"text"} for the whole text, {"range", "text"} for a part."""
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)})

    def wait_for(self, uri: str, until: Any = None, seconds: float = TIMEOUT) -> list[dict[str, Any]]:
        """The problems of a file, once they are told (and fit `until`)."""
        end = time.monotonic() + seconds
        while uri not in self.problems or (until is not None and not until(self.problems[uri])):
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not told in time; last: {self.problems.get(uri)}")
            try:
                self._take(self._next(left))
            except queue.Empty:
                continue
        return self.problems[uri]

    def settle(self, seconds: float = 0.6) -> None:
        """Take what the server still has to say, until it is silent for a while."""
        try:
            while True:
                self._take(self._next(seconds))
        except queue.Empty:
            return

    def at(self, method: str, uri: str, line: int, character: int, **more: Any) -> Any:
        """A request about a position of a file."""
        return self.request(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, **more})

    def close(self) -> None:
        """End the server as an editor does."""
        if self.process.poll() is None:
            self.request("shutdown", None)
            self.notify("exit", None)
        self.process.wait(timeout=20)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


class Refused(Exception):
    """The server answered a request with an error."""
