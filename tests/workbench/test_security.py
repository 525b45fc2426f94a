"""Who gets in, and what a browser, a web page or another program may do. Real servers, real sockets."""

from __future__ import annotations

import io
import os
import re
import socket
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.workbench.serving import DAMAGED, ROOT, SOUND, Server, text_of, until

KB = 1024
LIMITS = {"file": 300 * KB, "request": 900 * KB, "form": 20 * KB, "files": 4, "fields": 8, "head": 1.5, "idle": 1.0, "grace": 1.0, "slow": 2 * KB, "read": 30.0}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("guarded") / "home", **LIMITS)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    """A run with findings."""
    return server.judged(DAMAGED)


def raw(server: Server, data: bytes, seconds: float = 10) -> bytes:
    """What a socket gets back until it is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        connection.sendall(data)
        return drain(connection)


def drain(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def head(server: Server, method: str, path: str, *lines: str, cookie: bool = True) -> bytes:
    """The head of a request of our own browser."""
    own = [f"{method} {server.prefix}{path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Origin: {server.origin}"]
    own += [f"Cookie: juesuan-workbench={server.token}"] if cookie else []
    return "\r\n".join([*own, *lines, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_without_the_token_nothing_is_shown(server: Server, run: str) -> None:
    with httpx.Client(base_url=server.origin, trust_env=False) as stranger:
        for path in ("/", "/run/x", server.prefix + "/", f"{server.prefix}/run/{run}/0", f"{server.prefix}/static/x/app.css", server.prefix, "/?token=wrong", "/?token="):
            answer = stranger.get(path)
            assert answer.status_code == 403 and "token" in answer.text, path
        wrong = {"Cookie": "juesuan-workbench=wrong"}
        assert stranger.get(server.prefix + "/", headers=wrong).status_code == 403
        post = stranger.post(f"{server.prefix}/run/{run}/delete", headers={"Origin": server.origin})
        assert post.status_code == 403
    assert server.state(run)["state"] == "done"


def test_the_token_goes_into_a_cookie_for_this_server_only(server: Server) -> None:
    with httpx.Client(base_url=server.origin, trust_env=False) as browser:
        answer = browser.get("/", params={"token": server.token})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303 and answer.headers["location"] == server.prefix + "/"
    assert {"HttpOnly", "SameSite=strict", f"Path={server.prefix}"} <= set(cookie.split("; "))
    assert len(server.prefix) > 16 and server.token not in server.prefix
    elsewhere = httpx.get(server.origin + "//evil.example/", params={"token": server.token}, trust_env=False)
    assert elsewhere.headers["location"] == server.prefix + "/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "127.0.0.1:{port}.evil", "", "[::1]:{port}"])
def test_another_host_name_is_refused(server: Server, host: str) -> None:
    named = host.format(port=server.port)
    request = f"GET {server.prefix}/ HTTP/1.1\r\nHost: {named}\r\nCookie: juesuan-workbench={server.token}\r\nConnection: close\r\n\r\n"
    assert status(raw(server, request.encode())) in (400, 421)


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://127.0.0.1", "http://127.0.0.1:{port}@evil.example"])
def test_what_changes_something_must_come_from_our_own_page(server: Server, run: str, origin: str | None) -> None:
    headers = {"Cookie": f"juesuan-workbench={server.token}"} | ({"Origin": origin.format(port=server.port)} if origin is not None else {})
    with httpx.Client(trust_env=False) as other:
        answer = other.post(f"{server.origin}{server.prefix}/run/{run}/delete", headers=headers)
    assert answer.status_code == 403
    assert server.state(run)["state"] == "done"


def test_other_pages_cannot_read_by_script(server: Server) -> None:
    for mode in ("no-cors", "cors"):
        assert server.client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode}).status_code == 403
    assert server.client.get("/", headers={"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}).status_code == 200


def test_every_answer_has_strict_headers(server: Server, run: str) -> None:
    for path in ("/", f"/run/{run}/0", "/nothing", f"/run/{run}/0/get/html", "/static/x/app.js", f"/run/{run}/matrix"):
        headers = server.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in re.search(r"script-src ([^;]+)", policy)[1]  # type: ignore[index]
        assert headers["x-content-type-options"] == "nosniff" and headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers and "server" not in headers


SNEAKY = ("..", "%2e%2e", "..%2f..%2fworkbench.sqlite3", "....//", "%00", "%2fetc%2fpasswd", "..%5c..", "~", "a" * 3000, "%ff%fe", "' OR 1=1 --")


@pytest.mark.parametrize("name", SNEAKY)
def test_no_address_leads_out_of_its_place(server: Server, run: str, name: str) -> None:
    paths = (
        f"/run/{name}", f"/run/{name}/0", f"/run/{name}/get/zip", f"/run/{run}/{name}", f"/run/{run}/0/get/{name}", f"/run/{run}/0/page/{name}", f"/run/{run}/0/original/{name}",
        f"/run/{run}/get/{name}", f"/static/{name}/app.css/../{name}", f"/static/x/{name}", f"/marks/get/{name}", f"/run/{run}/0/finding/{name}", f"/{name}",
    )  # fmt: skip
    for path in paths:
        answer = raw(server, head(server, "GET", path.replace(" ", "+"), "Connection: close"))
        assert status(answer) in (400, 403, 404), path
        assert b"SQLite format" not in answer and b"root:" not in answer
    for number in ("-1", "99999999999999999999", "٣", "1e3"):
        assert server.client.get(f"/run/{run}/{number}").status_code in (404, 400)
        assert server.client.get(f"/run/{run}/0/page/{number}").status_code in (404, 400)
        assert server.client.get(f"/run/{run}/0?f={number}&p={number}").status_code == 200
    for at in ("f0o0", "f99999o1", "t1r99999c0", "t999r1c1", "../..", "f1o99999", name[:40]):
        assert server.client.get(f"/run/{run}/0/correct", params={"at": at}).status_code in (400, 404)


def test_a_body_said_to_be_too_large_is_not_read(server: Server) -> None:
    began = time.monotonic()
    for length in ("99999999999", "-1", "1e9", "0x10"):
        answer = raw(server, head(server, "POST", "/runs", f"Content-Length: {length}", "Content-Type: multipart/form-data; boundary=x"))
        assert status(answer) in (400, 413), length
    assert time.monotonic() - began < 5


def test_a_body_without_a_length_ends_at_the_limit(server: Server) -> None:
    piece = b"%x\r\n" % (64 * KB) + b"x" * (64 * KB) + b"\r\n"
    for path, kind, pieces in (("/runs", "multipart/form-data; boundary=x", 20), ("/about/name", "application/x-www-form-urlencoded", 3)):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(head(server, "POST", path, "Transfer-Encoding: chunked", f"Content-Type: {kind}"))
            if "multipart" in kind:
                start = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
                connection.sendall(b"%x\r\n" % len(start) + start + b"\r\n")
            try:
                for _ in range(pieces):
                    connection.sendall(piece)
            except OSError:
                pass  # closed on us while we went on
            answer = drain(connection)
        assert not answer or status(answer) == 413, path
        assert answer or pieces > 3
    assert server.client.get("/").status_code == 200
    until(lambda: not list((server.home / "sending").iterdir()), 10)


def test_a_file_over_the_limit_is_told_and_the_others_are_judged(server: Server) -> None:
    run = server.judged(("很大的报告.txt", b"x" * (301 * KB)), DAMAGED, ("空的.txt", b""))
    page = text_of(server.client.get(f"/run/{run}"))
    assert "很大的报告.txt」太大" in page and "空的.txt」是空文件" in page and "辽宁省云岫市数据服务局 2023年度" in page


def test_too_many_files_or_fields(server: Server) -> None:
    many = server.client.post("/runs", files=[("files", (f"{n}.txt", b"x")) for n in range(5)])
    assert many.status_code == 400 and "最多 4 个" in text_of(many)
    assert server.client.post("/about/name", data={f"k{n}": "v" for n in range(9)}).status_code == 400
    assert server.client.post("/about/name", files={"by": ("a.txt", b"x")}).status_code == 400
    assert server.client.post("/runs", data={"region": "x"}).status_code == 400
    broken = server.client.post("/runs", content=b"--x\r\nnonsense", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert broken.status_code == 400


def test_nobody_holds_up_others_by_being_slow(server: Server) -> None:
    """Heads that never end, bodies that trickle, connections that say nothing: each is closed, and pages go on meanwhile."""
    began = time.monotonic()
    connections = [socket.create_connection(("127.0.0.1", server.port), timeout=15) for _ in range(120)]
    for number, one in enumerate(connections[:80]):
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"")
    for one in connections[80:]:
        one.sendall(head(server, "POST", "/about/name", "Content-Length: 5000", "Content-Type: application/x-www-form-urlencoded"))
    for _ in range(6):
        asked = time.monotonic()
        assert server.client.get("/about").status_code == 200
        assert time.monotonic() - asked < 1.5
        for one in connections:
            try:
                one.sendall(b"a")
            except OSError:
                continue
        time.sleep(0.3)
    answers = [drain(one) for one in connections]
    assert time.monotonic() - began < 15
    assert all(not answer or status(answer) in (400, 408) for answer in answers)
    assert sum(bool(answer) and status(answer) == 408 for answer in answers) > 60
    for one in connections:
        one.close()


def test_a_second_head_is_timed_too(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
        connection.sendall(head(server, "GET", "/static/x/icon.svg"))
        time.sleep(0.3)
        connection.sendall(b"GET / HT")
        began = time.monotonic()
        assert b"408" in drain(connection)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"A" * 70_000, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"])
def test_junk_is_no_request(server: Server, junk: bytes) -> None:
    answer = raw(server, junk)
    assert not answer or status(answer) in (400, 421, 431)
    assert server.client.get("/").status_code == 200


NAMES = (
    "../../../../tmp/evil.txt", "..\\..\\evil.txt", "/etc/passwd", "C:\\Windows\\x.txt", "CON.txt", "<img src=x onerror=alert(1)>.txt", "a\u202etxt.exe.txt", "报" * 200 + ".txt",
    "=HYPERLINK(1).txt", ".", "..", ".htaccess", "a\"b;c.txt", "x.txt\u0000.pdf", " .txt",
)  # fmt: skip


def test_names_of_files_are_only_names(server: Server) -> None:
    for number, name in enumerate(NAMES):
        run = server.judged((name, f"某局新闻第{number}条：开会。".encode()))
        page = server.client.get(f"/run/{run}/0")
        assert page.status_code == 200 and "<img src=x" not in page.text and "\u202e" not in page.text, name
        assert server.client.get(f"/run/{run}/0/get/csv").status_code == 200
    for path in server.home.rglob("*"):
        assert path.resolve().is_relative_to(server.home.resolve())
        assert len(path.name.encode()) <= 255 and path.name.upper().split(".")[0] != "CON"
    assert not Path("/tmp/evil.txt").exists()


def test_markup_in_a_report_stays_text(server: Server) -> None:
    text = DAMAGED.read_text("utf-8")
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e"
    hostile = text.replace("外交支出", f"外交支出{evil}").replace("。", f"{evil}。", 40)
    run = server.judged(("报告.txt", hostile.encode()))
    for path in (f"/run/{run}", f"/run/{run}/0", f"/run/{run}/0/rules", f"/run/{run}/0/read", f"/run/{run}/0/outputs", f"/run/{run}/matrix", "/marks", "/"):
        page = server.client.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "\u202e" not in page, path
    assert "&lt;script&gt;alert(1)" in server.client.get(f"/run/{run}/0/read").text
    form = {"fingerprint": server.fingerprint(run), "status": "属实", "by": evil[:40], "note": evil}
    decided = server.client.post(f"/run/{run}/0/decide", data=form)
    assert decided.status_code == 200 and "<script>alert" not in decided.text
    assert "<script>alert" not in server.client.get("/marks").text


def test_a_bomb_is_a_message(server: Server) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("[Content_Types].xml", "w", force_zip64=True) as inside:
            for _ in range(200):
                inside.write(b"\0" * (1024 * KB))
        archive.writestr("word/document.xml", "<w/>")
    run = server.judged(("炸弹.docx", bomb.getvalue()))
    page = text_of(server.client.get(f"/run/{run}"))
    assert "没有读出" in page and server.client.get("/").status_code == 200


def test_two_servers_know_nothing_of_each_other(server: Server, run: str, serving: Callable[..., Server]) -> None:
    other = serving()
    assert other.token != server.token and other.prefix != server.prefix and other.port != server.port
    with httpx.Client(trust_env=False, cookies={"juesuan-workbench": server.token}) as browser:
        for prefix in (server.prefix, other.prefix):
            assert browser.get(f"{other.origin}{prefix}/").status_code == 403
        assert browser.get(other.origin, params={"token": server.token}).status_code == 403
    assert other.client.get(f"/run/{run}/0").status_code == 404
    assert "还没有" in text_of(other.client.get("/"))


def test_nobody_else_on_the_machine_can_read_the_files(server: Server, run: str) -> None:
    server.client.get(f"/run/{run}/0/get/html")
    server.client.post(f"/run/{run}/0/decide", data={"fingerprint": server.fingerprint(run), "status": "属实", "by": "审核员"})
    for path in [server.home, *server.home.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, f"{path.name} {mode:o}"
    if os.name == "nt" or os.getuid() != 0:
        pytest.skip("只有 root 能换成另一个用户来试")
    code = "import os, sys, glob; os.setgid(65534); os.setuid(65534)\ntry:\n    os.listdir(sys.argv[1])\nexcept PermissionError:\n    sys.exit(7)"
    assert subprocess.run([sys.executable, "-c", code, str(server.home)], check=False).returncode == 7


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "juesuan_rules", "serve", "--no-browser", *options], capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60, check=False
    )


def test_one_home_has_one_server(server: Server) -> None:
    second = serve("--home", str(server.home))
    assert second.returncode == 2 and f"{server.origin}/?token={server.token}" in second.stderr and str(server.process.pid) in second.stderr


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "文稿.txt").write_text("别的")
    mode = tmp_path.stat().st_mode
    refused = serve("--home", str(tmp_path))
    assert refused.returncode == 2 and "别的东西" in refused.stderr
    assert tmp_path.stat().st_mode == mode and [path.name for path in tmp_path.iterdir()] == ["文稿.txt"]


def test_a_wide_address_must_be_meant(tmp_path: Path) -> None:
    refused = serve("--home", str(tmp_path / "home"), "--host", "0.0.0.0")
    assert refused.returncode == 2 and "--expose" in refused.stderr and not (tmp_path / "home").exists()
    assert serve("--home", str(tmp_path / "home"), "--port", "70000").returncode == 2


def test_a_port_in_use_is_told(server: Server, tmp_path: Path) -> None:
    refused = serve("--home", str(tmp_path / "home"), "--port", str(server.port))
    assert refused.returncode == 2 and str(server.port) in refused.stderr


def test_without_its_libraries_the_command_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'uvicorn' else find(name, *a)\n"
        "from juesuan_rules.commands.main import run_command; sys.exit(run_command(['serve', '--home', sys.argv[1]]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "h")], capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert done.returncode == 2 and "pip install juesuan-rules[serve]" in done.stderr and "Traceback" not in done.stderr


def test_a_fake_report_of_another_run_is_not_reached(server: Server, run: str) -> None:
    """Numbers of corrections and findings belong to their report."""
    other = server.judged(SOUND)
    stolen = {"fingerprint": server.fingerprint(run), "status": "误报", "by": "甲"}
    assert server.client.post(f"/run/{other}/0/decide", data=stolen).status_code == 400
    assert server.client.post(f"/run/{other}/0/undo", data={"number": "1"}).status_code == 404
    assert server.client.post(f"/run/{run}/0/decide", data={**stolen, "status": "随便"}).status_code == 400
