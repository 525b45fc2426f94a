"""Which kind of source an address names, and whether it may be used."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.store.problems import PackError, failure, shown
from juesuan_rules.store.sources.model import Access, Offer

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def open_source(address: str, access: Access) -> tuple[Offer, ...]:
    """Everything the source at `address` offers.

    Raises UsageError where there is no such source, PackError where it may not or cannot be used.
    """
    found = _SCHEME.match(address)
    if found is None:
        from juesuan_rules.store.sources.files import file_offers

        path = Path(address)
        if not path.exists():
            raise UsageError(f"没有文件或目录「{address}」")
        return file_offers(path, access)
    scheme = found.group(1).lower()
    if scheme in ("http", "https"):
        from juesuan_rules.store.sources.web import web_offers

        return web_offers(address, access)
    if scheme in ("git+https", "git+file"):
        from juesuan_rules.store.sources.git import git_offers

        return git_offers(address)
    if scheme == "oci":
        from juesuan_rules.store.sources.registry import registry_offers

        return registry_offers(address, access)
    raise failure("E621", f"不支持「{shown(scheme)}://」这种来源", address, "可用：文件、目录、https://、git+https://、git+file://、oci://")


def check_url(url: str, access: Access) -> None:
    """Raise PackError for an address that is not https (or http on this machine), or that holds a password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise failure("E621", f"地址「{shown(url)}」写法不对", url) from None
    if parts.username is not None or parts.password is not None:
        raise failure("E621", "地址里不要写用户名和口令：它们会留在记录里", without_password(url))
    if not host:
        raise failure("E621", f"地址「{shown(url)}」里没有主机名", url)
    if parts.scheme != "https" and not (parts.scheme == "http" and may_use_http(host, access)):
        raise _insecure(url)


def may_use_http(host: str, access: Access) -> bool:
    """Whether plain http may be used: on this machine, or where a person said so."""
    return access.http or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def without_password(url: str) -> str:
    """The address without what stands before @ in its host."""
    return re.sub(r"(?<=://)[^/@]*@", "", url)


def _insecure(url: str) -> PackError:
    hint = "请改用 https；确信网络可靠，加 --allow-http"
    return failure("E621", f"「{shown(url)}」不是 https，途中可能被换掉，没有取", url, hint)
