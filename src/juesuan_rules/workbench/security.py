"""Who may use the workbench, and what a browser may send it.

The server listens on this machine only, but other programs and other users of the machine, and every web page open in the
browser, can reach it there. So: a token that only the person who started it knows, kept in a cookie for a path nobody can
guess (cookies go to every port of a host); the Host header (a foreign name that resolves here is refused); the Origin of
everything that changes something; sizes and times of what is sent.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from juesuan_rules.workbench.settings import Settings

COOKIE = "juesuan-workbench"
_SAFE = frozenset(("GET", "HEAD"))
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a form of our own would have the Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class TooLarge(Exception):
    """A request sent more than it may."""


class TooSlow(Exception):
    """A request took too long to arrive."""


class Guard:
    """Middleware before everything else."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with bounded input and strict headers."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _with_headers(refusal, scope, receive, send)
            return
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if given and self._knows(given):
            # The token goes from the address into a cookie, so that it stands in no history, picture or bookmark.
            entered = RedirectResponse(self._own_path(scope["path"]), 303)
            entered.set_cookie(COOKIE, self.settings.token, httponly=True, samesite="strict", path=self.settings.prefix)
            await _with_headers(entered, scope, receive, send)
            return
        if not scope["path"].startswith(self.settings.prefix + "/") or not self._knows(_cookie(headers, COOKIE)):
            await _with_headers(_closing("请用启动工作台时显示的完整地址打开（带 token）。", 403), scope, receive, send)
            return
        inner = {**scope, "root_path": self.settings.prefix}
        bounded = _Bounded(receive, self.settings, headers.get("content-type", "").startswith("multipart/form-data"))

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message)
            await send(message)

        await self.app(inner, bounded, watched)

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.settings.token.encode())

    def _own_path(self, path: str) -> str:
        """Where to go from an address with the token: only below this server's own prefix, never to another host."""
        return path if path.startswith(self.settings.prefix + "/") and path.isascii() else self.settings.prefix + "/"

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if host not in self._hosts():
            return _closing("地址不对：工作台只认启动时显示的地址。", 421)
        if scope["method"] not in _SAFE:
            origin = headers.get("origin")
            if origin is None or urlsplit(origin).scheme != "http" or urlsplit(origin).netloc != host:
                return _closing("来自别的网页的请求，没有受理。", 403)
        elif headers.get("sec-fetch-site", "none") == "cross-site" and headers.get("sec-fetch-mode", "navigate") != "navigate":
            return _closing("来自别的网页的请求，没有受理。", 403)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > self.settings.limits.request:
            return _closing(f"太大：一次最多传 {self.settings.limits.request // 1024**2} MB", 413)
        return None

    def _hosts(self) -> set[str]:
        port = self.settings.port
        names = {self.settings.host, "127.0.0.1", "localhost"} if self.settings.host in ("127.0.0.1", "localhost") else {self.settings.host}
        return {f"{name}:{port}" for name in names} | ({self.settings.host} if port == 80 else set())


class _Bounded:
    """The incoming side of a request: no more than it may send, and no slower than a person's connection."""

    def __init__(self, receive: Receive, settings: Settings, upload: bool) -> None:
        self.receive = receive
        self.limits = settings.limits
        self.most = settings.limits.request if upload else settings.limits.form
        self.seen = 0
        self.begun = time.monotonic()
        self.whole = False

    async def __call__(self) -> Message:
        if self.whole:
            return await self.receive()  # waiting for the browser to go away is not slow
        try:
            message = await asyncio.wait_for(self.receive(), self.limits.idle)
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
            if self.seen > self.most:
                raise TooLarge
            spent = time.monotonic() - self.begun
            if not self.whole and spent > self.limits.grace and self.seen < self.limits.slow * (spent - self.limits.grace):
                raise TooSlow
        return message


def _closing(text: str, code: int) -> PlainTextResponse:
    """A refusal. What the browser goes on to send is not read."""
    return PlainTextResponse(text, code, {"Connection": "close"})


async def too_large(request: Request, error: Exception) -> Response:
    """The answer to a request that sent more than it may."""
    return _closing("传来的内容太大，没有受理。", 413)


async def too_slow(request: Request, error: Exception) -> Response:
    """The answer to a request that did not arrive in time."""
    return _closing("传得太慢，已断开。", 408)


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _add_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


async def _with_headers(answer: PlainTextResponse | RedirectResponse, scope: Scope, receive: Receive, send: Send) -> None:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    await answer(scope, receive, send)
