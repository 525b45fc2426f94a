"""An index offered by a web server, and servers that mean harm."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from small_archives import build

from juesuan_rules.store import limits
from juesuan_rules.store.acquire import install
from juesuan_rules.store.index import index_folder, write_index
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources import addresses
from juesuan_rules.store.sources.model import Access
from juesuan_rules.store.sources.web import download

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine: what it answers by path."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.answers.get(self.path, not_found)(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def offer(self, path: str, data: bytes) -> None:
        """Answer with these bytes."""
        self.answers[path] = lambda handler: send(handler, 200, data)


def send(handler: BaseHTTPRequestHandler, code: int, data: bytes = b"", **headers: str) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def not_found(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 404)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server on loopback; no proxy of this machine may stand between."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    one = Site()
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_a_static_folder_is_a_source(site: Site, store: Store, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (shelf / "某 省").mkdir(parents=True)
    (shelf / "某 省" / "mou-1.0.0.jspack").write_bytes(build())
    (shelf / "mou-1.1.0.jspack").write_bytes(build(version="1.1.0"))
    site.offer("/packs/index.json", write_index(index_folder(shelf)))
    site.offer("/packs/mou-1.1.0.jspack", build(version="1.1.0"))
    site.offer("/packs/%E6%9F%90%20%E7%9C%81/mou-1.0.0.jspack", build())
    done = install(["mou@1.0.0", f"{site.url}/packs/index.json"], store, Policy(), Access())
    assert [(r.version, r.origin) for r in done.added] == [("1.0.0", f"{site.url}/packs/某 省/mou-1.0.0.jspack")]
    done = install([f"{site.url}/packs/"], store, Policy(), Access())
    assert [r.version for r in done.added] == ["1.1.0"]
    assert site.asked.count("/packs/mou-1.1.0.jspack") == 1


def test_one_archive_is_a_source(site: Site, store: Store) -> None:
    site.offer("/mou-1.0.0.jspack", build())
    assert install([f"{site.url}/mou-1.0.0.jspack"], store, Policy(), Access()).added[0].id == "mou"


def test_what_the_server_changed_is_refused(site: Site, store: Store, tmp_path: Path) -> None:
    (tmp_path / "mou-1.0.0.jspack").write_bytes(build())
    site.offer("/index.json", write_index(index_folder(tmp_path)))
    site.offer("/mou-1.0.0.jspack", build(docs__n="a: 1\n"))
    with pytest.raises(PackError) as refused:
        install([f"{site.url}/index.json"], store, Policy(), Access())
    assert refused.value.diagnostics[0].code == "E613"
    assert store.records().packs == ()


def test_plain_http_is_for_this_machine_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.offer("/x", b"data")
    assert download(f"{site.url}/x", 10, Access()) == b"data"
    monkeypatch.setattr(addresses, "is_loopback", lambda host: False)
    with pytest.raises(PackError, match="不是 https"):
        download(f"{site.url}/x", 10, Access())
    assert download(f"{site.url}/x", 10, Access(http=True)) == b"data"
    assert [host for host in ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "LOCALHOST") if not is_loopback(host)] == []
    assert [host for host in ("127.0.0.1.example", "localhost.example", "10.0.0.1", "0.0.0.0", "") if is_loopback(host)] == []


is_loopback = addresses.is_loopback


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://example.invalid/x", "https://u:p@example.invalid/x"])
def test_redirects_to_other_places_are_not_followed(site: Site, target: str) -> None:
    site.answers["/x"] = lambda handler: send(handler, 302, Location=target)
    with pytest.raises(PackError) as refused:
        download(f"{site.url}/x", 10, Access())
    assert refused.value.diagnostics[0].code == "E621"


def test_a_few_redirects_are_followed_and_loops_end(site: Site) -> None:
    site.offer("/b", b"data")
    site.answers["/a"] = lambda handler: send(handler, 301, Location="/b")
    assert download(f"{site.url}/a", 10, Access()) == b"data"
    site.answers["/loop"] = lambda handler: send(handler, 302, Location="/loop")
    with pytest.raises(PackError):
        download(f"{site.url}/loop", 10, Access())


def test_too_much_is_not_read(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(10_000):
                handler.wfile.write(bytes(10_000))
        except OSError:
            pass

    site.answers["/x"] = endless
    with pytest.raises(PackError, match="太大"):
        download(f"{site.url}/x", 100_000, Access())


def test_too_slow_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FETCH_SECONDS", 0.6)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(30):
                handler.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            pass

    site.answers["/x"] = drip
    begun = time.monotonic()
    with pytest.raises(PackError, match=r"传得太慢|没有完成"):
        download(f"{site.url}/x", 100, Access())
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("code", [401, 404, 500])
def test_answers_that_are_none(site: Site, code: int) -> None:
    site.answers["/x"] = lambda handler: send(handler, code)
    with pytest.raises(PackError, match=f"服务器答复 {code}"):
        download(f"{site.url}/x", 10, Access())


def test_what_is_no_http(site: Site) -> None:
    site.answers["/x"] = lambda handler: handler.wfile.write(b"\x00\x01garbage\r\n\r\n") and None
    with pytest.raises(PackError):
        download(f"{site.url}/x", 10, Access())


def test_nobody_there() -> None:
    with pytest.raises(PackError, match="拒绝连接"):
        download("http://127.0.0.1:9/x", 10, Access())


def test_a_server_is_no_way_past_the_policy(site: Site, store: Store, tmp_path: Path) -> None:
    (tmp_path / "mou-1.0.0.jspack").write_bytes(build())
    site.offer("/mou-1.0.0.jspack", build())
    site.offer("/index.json", write_index(index_folder(tmp_path)))
    for words in (["mou", f"{site.url}/index.json"], [f"{site.url}/mou-1.0.0.jspack"]):
        with pytest.raises(PackError) as refused:
            install(words, store, Policy(require_signed=True), Access())
        assert {d.code for d in refused.value.diagnostics} == {"E611"}


def test_the_signature_of_an_index_is_fetched_beside_it(site: Site, store: Store, tmp_path: Path) -> None:
    from signers import signed, trusting

    from juesuan_rules.store.signing.keys import make_key
    from juesuan_rules.store.signing.signatures import sign_index

    key = make_key()
    (tmp_path / "mou-1.0.0.jspack").write_bytes(signed(key))
    data = write_index(index_folder(tmp_path))
    site.offer("/mou-1.0.0.jspack", signed(key))
    site.offer("/index.json", data)
    words = ["mou", f"{site.url}/index.json"]
    with pytest.raises(PackError, match="索引"):
        install(words, store, trusting(key, index=True), Access())
    site.answers["/index.json.sig"] = lambda handler: send(handler, 500)
    with pytest.raises(PackError, match="500"):
        install(words, store, trusting(key), Access())
    site.offer("/index.json.sig", sign_index(data, key, "x"))
    assert install(words, store, trusting(key, index=True), Access()).added
