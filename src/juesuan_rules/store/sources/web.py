"""A static folder any web server can offer: an index over https, and the archives it names beside it."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from juesuan_rules.store import limits
from juesuan_rules.store.deadline import within
from juesuan_rules.store.problems import PackError, failure, shown
from juesuan_rules.store.sources.addresses import check_url
from juesuan_rules.store.sources.model import Access, Offer

_REDIRECTS = 5
_PIECE = 64 * 1024


def web_offers(address: str, access: Access) -> tuple[Offer, ...]:
    """The packs of the index at `address`; an address that ends in .jspack is one archive."""
    from juesuan_rules.store.archive import SUFFIX, open_archive
    from juesuan_rules.store.index import index_offers, read_index

    base = urlsplit(address)._replace(fragment="").geturl()
    if urlsplit(base).path.endswith(SUFFIX):
        data = download(base, limits.ARCHIVE_BYTES, access)
        manifest = open_archive(data, base).manifest
        return (Offer(manifest.id, manifest.version, base, lambda: data),)
    if base.endswith("/"):
        base += "index.json"
    data = download(base, limits.INDEX_BYTES, access)
    index = read_index(data, base)
    if access.check_index is not None:
        access.check_index(data, lambda: _signature(base, access), base)
    return index_offers(index, base, lambda name: download(urljoin(base, quote(name)), limits.ARCHIVE_BYTES, access))


def _signature(index: str, access: Access) -> bytes | None:
    """The signature beside an index; None where the server has none."""
    parts = urlsplit(index)
    try:
        return download(parts._replace(path=parts.path + ".sig").geturl(), limits.MANIFEST_BYTES, access)
    except _MissingError:
        return None


def download(url: str, limit: int, access: Access) -> bytes:
    """The bytes at `url`, at most `limit` of them and within a minute. Raises PackError."""
    check_url(url, access)
    try:
        return within(limits.FETCH_SECONDS, lambda: _read(url, limit, access), url)
    except urllib.error.HTTPError as error:
        if error.code < 400:
            raise failure("E621", f"「{shown(url)}」转到了不该去的地方，或转来转去，没有取", url) from None
        told = failure("E620", f"取不到「{shown(url)}」：服务器答复 {error.code}", url)
        raise (_MissingError(told.message, told.diagnostics) if error.code in (404, 410) else told) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise failure("E620", f"取不到「{shown(url)}」：{_why(reason)}", url, "请检查地址和网络；也可改从文件安装") from None
    except Exception as error:
        if isinstance(error, PackError):
            raise
        raise failure("E620", f"取不到「{shown(url)}」：服务器的答复不合协议", url) from None


class _MissingError(PackError):
    """The server has nothing of that name."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, to addresses that could have been given in the first place."""

    max_redirections = _REDIRECTS
    max_repeats = 2

    def __init__(self, access: Access) -> None:
        self.access = access

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """The request for `newurl`. Raises PackError where it may not be used."""
        check_url(newurl, self.access)
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise failure("E621", f"「{shown(req.full_url)}」转到了不加密的地址，没有取", req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _read(url: str, limit: int, access: Access) -> bytes:
    opener = urllib.request.OpenerDirector()  # not build_opener: that one opens file: and ftp: too
    for handler in (
        urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(), _Redirects(access),
    ):  # fmt: skip
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": "juesuan-rules", "Accept-Encoding": "identity"})
    until = time.monotonic() + limits.FETCH_SECONDS
    with opener.open(request, timeout=limits.SILENCE_SECONDS) as response:
        return read_bounded(response.read1, limit, url, until)


def read_bounded(read: Callable[[int], bytes], limit: int, url: str, until: float) -> bytes:
    """Everything `read` gives, in pieces. Raises PackError beyond the limit or the time."""
    data = bytearray()
    while piece := read(_PIECE):
        data += piece
        if len(data) > limit:
            raise failure("E602", f"「{shown(url)}」太大：超过 {limit:,} 字节", url)
        if time.monotonic() > until:
            raise failure("E620", f"「{shown(url)}」传得太慢，{limits.FETCH_SECONDS} 秒还没有完", url)
    return bytes(data)


def _why(reason: object) -> str:
    import socket
    import ssl

    if isinstance(reason, ssl.SSLError):
        return "服务器的证书不可信"
    if isinstance(reason, TimeoutError):
        return "服务器没有回答"
    if isinstance(reason, ConnectionRefusedError):
        return "服务器拒绝连接"
    if isinstance(reason, socket.gaierror):
        return "找不到这个主机"
    return "连接失败"
