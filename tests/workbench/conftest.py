"""The workbench is tested where its libraries are installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
pytest.importorskip("multipart")


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """`serving()` starts a server on a new home; `serving(home, limit=…)` on that one. All are ended after the test."""
    from tests.workbench.serving import Server

    servers: list[Server] = []

    def start(home: Path | None = None, **limits: float) -> Server:
        servers.append(Server(home or tmp_path / f"home{len(servers)}", **limits))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
