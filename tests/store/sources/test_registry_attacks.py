"""A registry that means harm: what it says is held against what was asked, and nothing leads away from it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from small_archives import build

from juesuan_rules.store.acquire import install
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.model import Access
from juesuan_rules.store.sources.registry import ARTIFACT_TYPE, LAYER_TYPE

pytest.importorskip("oras", reason="没有装 oras（extra「share」）")
DATA = build()


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class Registry:
    """A registry on this machine that answers as a test tells it to."""

    def __init__(self) -> None:
        self.layers: list[dict[str, Any]] = [{"mediaType": LAYER_TYPE, "size": len(DATA), "digest": digest(DATA)}]
        self.artifact = ARTIFACT_TYPE
        self.blob: tuple[int, dict[str, str], bytes] = (200, {}, DATA)
        self.asked: list[str] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.asked.append(self.path)
                code, headers, body = registry.manifest() if "/manifests/" in self.path else registry.blob
                self.send_response(code)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"oci://127.0.0.1:{self.server.server_port}/team/mou:1.0.0"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def manifest(self) -> tuple[int, dict[str, str], bytes]:
        kind = "application/vnd.oci.image.manifest.v1+json"
        config = {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2, "digest": digest(b"{}")}
        told = {"schemaVersion": 2, "mediaType": kind, "artifactType": self.artifact, "config": config, "layers": self.layers}
        return 200, {"Content-Type": kind}, json.dumps(told).encode()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry on loopback; no proxy of this machine may stand between."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    one = Registry()
    yield one
    one.server.shutdown()
    one.server.server_close()


def refusal(registry: Registry, store: Store) -> PackError:
    with pytest.raises(PackError) as refused:
        install([registry.address], store, Policy(), Access())
    assert store.records().packs == () and not (store.home / "packs").exists()
    return refused.value


def test_a_sound_answer_is_taken(registry: Registry, store: Store) -> None:
    """Else the tests below would prove nothing."""
    assert install([registry.address], store, Policy(), Access()).added


@pytest.mark.parametrize("kind", ["application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "application/zip", "", None, 7])
def test_a_layer_of_another_kind(registry: Registry, store: Store, kind: object) -> None:
    registry.layers[0]["mediaType"] = kind
    assert "不是规则包" in refusal(registry, store).message
    assert not any("/blobs/" in path for path in registry.asked), "不该取"


def test_several_layers(registry: Registry, store: Store) -> None:
    registry.layers *= 2
    assert "不是规则包" in refusal(registry, store).message


def test_a_layer_that_says_it_lies_elsewhere(registry: Registry, store: Store) -> None:
    registry.layers[0]["urls"] = ["https://example.invalid/mou.jspack", "file:///etc/passwd"]
    assert install([registry.address], store, Policy(), Access()).added
    assert any("/blobs/" in path for path in registry.asked), "只从镜像库取"


@pytest.mark.parametrize("target", ["http://example.invalid/x", "file:///etc/passwd", "https://u:p@example.invalid/x", "ftp://127.0.0.1/x"])
def test_a_way_that_leads_elsewhere(registry: Registry, store: Store, target: str) -> None:
    registry.blob = (302, {"Location": target}, b"")
    error = refusal(registry, store)
    assert {d.code for d in error.diagnostics} <= {"E620", "E621"}


def test_other_bytes_than_promised(registry: Registry, store: Store) -> None:
    registry.blob = (200, {}, build(docs__n="a: 1\n"))
    assert [d.code for d in refusal(registry, store).diagnostics] == ["E608"]


@pytest.mark.parametrize("wanted", ["sha256:../../../etc/passwd", "md5:0", "", "sha256:" + "0" * 64])
def test_digests_that_are_none(registry: Registry, store: Store, wanted: str) -> None:
    registry.layers[0]["digest"] = wanted
    assert {d.code for d in refusal(registry, store).diagnostics} <= {"E608", "E620"}
    assert not any("passwd" in path for path in registry.asked)
