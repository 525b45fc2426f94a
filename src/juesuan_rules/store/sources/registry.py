"""An OCI registry, by the `oras` library: a pack is an artifact with one layer, its archive."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.store import limits
from juesuan_rules.store.archive import Archive, archive_name, open_archive
from juesuan_rules.store.deadline import within
from juesuan_rules.store.problems import PackError, failure, shown
from juesuan_rules.store.sources.addresses import check_url, may_use_http
from juesuan_rules.store.sources.model import Access, Offer

ARTIFACT_TYPE = "application/vnd.juesuan-rules.pack.v1"
LAYER_TYPE = "application/vnd.juesuan-rules.pack.v1+zip"
_EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_TITLE = "org.opencontainers.image.title"
_REFERENCE = re.compile(r"oci://(?P<host>[^/@]+)/(?P<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?P<tag>[\w][\w.+-]{0,127})|@(?P<digest>sha256:[0-9a-f]{64}))$")
_MANIFEST_BYTES = 1024 * 1024
_Value = TypeVar("_Value")
_PIECE = 64 * 1024


class Reference(msgspec.Struct, frozen=True):
    """oci://host/name:tag, or oci://host/name@sha256:…, taken apart."""

    host: str
    name: str
    tag: str


def registry_offers(address: str, access: Access) -> tuple[Offer, ...]:
    """The pack at that address. Raises PackError where there is none, or where it may not be used."""
    data = pull(address, access)
    manifest = open_archive(data, address).manifest
    return (Offer(manifest.id, manifest.version, address, lambda: data),)


def parse_reference(address: str) -> Reference:
    """Take an address apart. Raises PackError where it is incomplete."""
    match = _REFERENCE.match(address)
    if match is None:
        raise failure("E621", f"「{shown(address)}」写法不对", address, "写成 oci://主机/仓库:标签")
    return Reference(match["host"], match["name"], match["tag"] or match["digest"])


def pull(address: str, access: Access) -> bytes:
    """The archive at an address, its digest checked against the registry's manifest. Raises PackError."""
    where = parse_reference(address)
    return within(limits.FETCH_SECONDS, lambda: _guarded(address, partial(_pull, where, address, access)), address)


def push(archive: Archive, data: bytes, address: str, access: Access) -> str:
    """Put an archive at an address; the digest of the registry's manifest. Raises PackError."""
    where = parse_reference(address)
    return within(limits.FETCH_SECONDS, lambda: _guarded(address, partial(_push, archive, data, where, address, access)), address)


def _pull(where: Reference, address: str, access: Access) -> bytes:
    registry, container = _connect(where, address, access, limits.ARCHIVE_BYTES)
    registry.auth.load_configs(container)
    answer = registry.do_request(f"{registry.prefix}://{container.manifest_url()}", "GET", headers={"Accept": _MANIFEST_TYPE})
    _expect(answer, address)
    if len(answer.content) > _MANIFEST_BYTES:
        raise failure("E602", f"「{shown(address)}」的清单太大", address)
    if where.tag.startswith("sha256:") and _digest(answer.content) != where.tag:
        raise failure("E608", f"「{shown(address)}」的清单与摘要不符", address)
    layer = _layer(answer.content, address)
    blob = registry.get_blob(container, layer["digest"])
    _expect(blob, address)
    data: bytes = blob.content
    if len(data) != layer["size"] or _digest(data) != layer["digest"]:
        raise failure("E608", f"「{shown(address)}」的归档与镜像库的摘要不符，可能被换过", address)
    return data


def _layer(content: bytes, address: str) -> dict[str, Any]:
    """The one layer of a pack's manifest."""
    try:
        manifest = json.loads(content)
        kind = manifest.get("artifactType") or manifest["config"]["mediaType"]
        layers = [layer for layer in manifest["layers"] if layer["mediaType"] == LAYER_TYPE]
        sound = len(layers) == 1 and isinstance(layers[0]["size"], int) and re.fullmatch("sha256:[0-9a-f]{64}", layers[0]["digest"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise failure("E620", f"「{shown(address)}」的清单读不懂", address) from None
    if kind != ARTIFACT_TYPE or not sound:
        raise failure("E620", f"「{shown(address)}」不是规则包（类型是 {shown(str(kind))}）", address)
    if layers[0]["size"] > limits.ARCHIVE_BYTES:
        raise failure("E602", f"归档太大：{layers[0]['size']:,} 字节，上限是 {limits.ARCHIVE_BYTES:,}", address)
    found: dict[str, Any] = layers[0]
    return found


def _push(archive: Archive, data: bytes, where: Reference, address: str, access: Access) -> str:
    registry, container = _connect(where, address, access, _MANIFEST_BYTES)
    registry.auth.load_configs(container)
    layer = {"mediaType": LAYER_TYPE, "size": len(data), "digest": _digest(data), "annotations": {_TITLE: archive_name(archive.manifest)}}
    config = {"mediaType": _EMPTY_TYPE, "size": 2, "digest": _digest(b"{}")}
    with tempfile.TemporaryDirectory(prefix="juesuan-oci-") as place:
        for name, content, described in (("pack", data, layer), ("config", b"{}", config)):
            path = Path(place, name)
            path.write_bytes(content)
            _expect(registry.upload_blob(str(path), container, described), address)
    told = {"org.opencontainers.image.version": archive.manifest.version, "juesuan-rules.pack": archive.manifest.id, "juesuan-rules.digest": archive.manifest.digest}
    manifest = {"schemaVersion": 2, "mediaType": _MANIFEST_TYPE, "artifactType": ARTIFACT_TYPE, "config": config, "layers": [layer], "annotations": told}
    answer = registry.upload_manifest(manifest, container)
    _expect(answer, address)
    return str(answer.headers.get("Docker-Content-Digest", ""))


def _connect(where: Reference, address: str, access: Access, limit: int) -> tuple[Any, Any]:
    try:
        import oras.provider
    except ImportError:
        raise UsageError("从镜像库（oci://）取规则包要装 oras：pip install 'juesuan-rules[share]'；也可改用归档文件") from None
    host = where.host.rsplit(":", 1)[0]
    insecure = may_use_http(host, access)
    check_url(f"{'http' if insecure else 'https'}://{where.host}/", access)
    registry = oras.provider.Registry(hostname=where.host, insecure=insecure)
    registry.session = registry.auth.session = _session(limit, access)
    separator = "@" if where.tag.startswith("sha256:") else ":"
    return registry, registry.get_container(f"{where.host}/{where.name}{separator}{where.tag}")


def _session(limit: int, access: Access) -> Any:
    """A session whose every answer is bounded in size and time, and that goes nowhere it may not."""
    import requests
    from oras.auth import AuthenticationException

    class Ended(AuthenticationException):  # type: ignore[misc]
        """The one kind of error that the library does not answer by waiting and trying again."""

    base: Any = requests.Session

    class Session(base):  # type: ignore[misc]
        def request(self, method: Any, url: Any, **rest: Any) -> Any:
            try:
                answer = super().request(method, url, **{**rest, "stream": True, "timeout": limits.SILENCE_SECONDS})
                answer._content = _bounded(answer, limit, str(url), time.monotonic() + limits.FETCH_SECONDS)
                if answer.status_code >= 500:
                    _expect(answer, str(url))
            except (requests.RequestException, PackError) as error:
                raise Ended(str(error)) from error
            return answer

        def send(self, request: Any, **rest: Any) -> Any:
            """Every step of a way, redirects too, passes here before it is taken."""
            check_url(str(request.url), access)
            return super().send(request, **rest)

    session = Session()
    session.max_redirects = 5
    return session


def _bounded(answer: Any, limit: int, url: str, until: float) -> bytes:
    data = bytearray()
    for piece in answer.iter_content(_PIECE):
        data += piece
        if len(data) > limit:
            raise failure("E602", f"「{shown(url)}」太大：超过 {limit:,} 字节", url)
        if time.monotonic() > until:
            raise failure("E620", f"「{shown(url)}」传得太慢，{limits.FETCH_SECONDS} 秒还没有完", url)
    return bytes(data)


def _expect(answer: Any, address: str) -> None:
    if answer.status_code in (200, 201, 202):
        return
    why = {401: "没有登录或没有权限", 403: "没有权限", 404: "没有这个规则包或标签"}.get(answer.status_code, f"镜像库答复 {answer.status_code}")
    raise failure("E620", f"取不到「{shown(address)}」：{why}", address)


def _guarded(address: str, action: Callable[[], _Value]) -> _Value:
    """What `action` gives; whatever the library raises becomes one message."""
    try:
        return action()
    except (PackError, UsageError):
        raise
    except Exception as error:
        if isinstance(error.__cause__, PackError):
            raise error.__cause__ from None
        hint = "请检查地址和网络；需要登录的镜像库先用 docker login 或 oras login"
        raise failure("E620", f"镜像库「{shown(address)}」用不了：{_why(error)}", address, hint) from error


def _why(error: Exception) -> str:
    import requests

    cause = error.__cause__ or error
    if isinstance(cause, requests.exceptions.SSLError):
        return "证书不可信，或不是 https"
    if isinstance(cause, requests.Timeout):
        return "没有回答"
    return "连接失败" if isinstance(cause, requests.ConnectionError) else "没有登录，或答复不合协议"


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
