"""A real registry on loopback: what is pushed can be installed; what is no pack cannot."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_archives import build

from juesuan_rules.store import limits
from juesuan_rules.store.acquire import install
from juesuan_rules.store.archive import open_archive
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.model import Access
from juesuan_rules.store.sources.registry import ARTIFACT_TYPE, LAYER_TYPE, Reference, parse_reference, pull, push

PROGRAM = shutil.which("docker-registry")
SETTINGS = """version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}", secret: none}}
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port of a registry that this fixture starts and stops."""
    pytest.importorskip("oras", reason="没有装 oras（extra「share」）")
    if PROGRAM is None:
        pytest.skip("没有 docker-registry 程序（Debian：apt install docker-registry）")
    folder = tmp_path_factory.mktemp("registry")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "config.yml"
    settings.write_text(SETTINGS.format(root=folder / "data", port=port), "utf-8")
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([PROGRAM, "serve", str(settings)], stdout=log, stderr=log)
    try:
        _wait(process, port, folder / "log")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"docker-registry 没有起来：{log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of this machine may stand between."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def put(registry: str, name: str, data: bytes) -> str:
    address = f"oci://{registry}/{name}"
    push(open_archive(data, "x"), data, address, Access())
    return address


def put_raw(registry: str, name: str, manifest: Any, blobs: list[bytes]) -> str:
    """What any other client could put there."""
    import requests

    repository, tag = name.split(":")
    for blob in blobs:
        start = requests.post(f"http://{registry}/v2/{repository}/blobs/uploads/", timeout=10)
        where = start.headers["Location"] + f"&digest=sha256:{hashlib.sha256(blob).hexdigest()}"
        assert requests.put(where, data=blob, timeout=10).status_code == 201
    kind = manifest.get("mediaType", "application/vnd.oci.image.manifest.v1+json")
    answer = requests.put(f"http://{registry}/v2/{repository}/manifests/{tag}", data=json.dumps(manifest), headers={"Content-Type": kind}, timeout=10)
    assert answer.status_code == 201, answer.text
    return f"oci://{registry}/{name}"


def described(blob: bytes, kind: str, **more: Any) -> dict[str, Any]:
    return {"mediaType": kind, "size": len(blob), "digest": f"sha256:{hashlib.sha256(blob).hexdigest()}", **more}


def image(layer: dict[str, Any], artifact: str = ARTIFACT_TYPE) -> dict[str, Any]:
    config = described(b"{}", "application/vnd.oci.empty.v1+json")
    return {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "artifactType": artifact, "config": config, "layers": [layer]}


def test_what_is_pushed_is_pulled(registry: str) -> None:
    data = build()
    assert pull(put(registry, "team/mou:1.0.0", data), Access()) == data


def test_a_registry_is_a_source(registry: str, store: Store) -> None:
    address = put(registry, "team/mou:1.0.0", build())
    (record,) = install([address], store, Policy(), Access()).added
    assert (record.id, record.version, record.origin) == ("mou", "1.0.0", address)


def test_a_parent_beside_it(registry: str, store: Store) -> None:
    child = put(registry, "team/mou-1:1.0.0", build("mou-1", extra="level: 省\nregion: '99'\nparent: mou\n"))
    parent = put(registry, "team/mou:1.0.0", build())
    done = install([child, parent], store, Policy(), Access())
    assert sorted(r.id for r in done.added) == ["mou", "mou-1"]


def test_by_digest(registry: str) -> None:
    data = build()
    digest = push(open_archive(data, "x"), data, f"oci://{registry}/team/mou:1.0.0", Access())
    assert pull(f"oci://{registry}/team/mou@{digest}", Access()) == data


def test_the_manifest_says_what_it_is(registry: str) -> None:
    put(registry, "team/mou:1.0.0", build())
    request = urllib.request.Request(f"http://{registry}/v2/team/mou/manifests/1.0.0", headers={"Accept": "application/vnd.oci.image.manifest.v1+json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        told = json.load(answer)
    assert told["artifactType"] == ARTIFACT_TYPE
    assert [(layer["mediaType"], layer["annotations"]["org.opencontainers.image.title"]) for layer in told["layers"]] == [(LAYER_TYPE, "mou-1.0.0.jspack")]
    assert told["annotations"]["org.opencontainers.image.version"] == "1.0.0"


def test_another_program_finds_the_archive(registry: str, tmp_path: Path) -> None:
    import oras.provider

    put(registry, "team/mou:1.0.0", build())
    (file,) = oras.provider.Registry(insecure=True).pull(f"{registry}/team/mou:1.0.0", outdir=str(tmp_path))
    assert Path(file).read_bytes() == build()


def test_what_is_no_pack(registry: str) -> None:
    data = build()
    address = put_raw(registry, "other/image:1", image(described(data, LAYER_TYPE), "application/vnd.other"), [data, b"{}"])
    with pytest.raises(PackError, match="不是规则包"):
        pull(address, Access())
    address = put_raw(registry, "other/image:2", image(described(data, "application/octet-stream")), [data, b"{}"])
    with pytest.raises(PackError, match="不是规则包"):
        pull(address, Access())


def test_a_broken_archive_in_a_registry(registry: str, store: Store) -> None:
    data = build()[:-1]
    address = put_raw(registry, "other/broken:1", image(described(data, LAYER_TYPE)), [data, b"{}"])
    with pytest.raises(PackError, match="被拒绝"):
        install([address], store, Policy(), Access())
    assert store.records().packs == ()


def test_too_large_an_archive_is_not_fetched(registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = put(registry, "team/mou:1.0.0", build())
    monkeypatch.setattr(limits, "ARCHIVE_BYTES", 100)
    with pytest.raises(PackError) as refused:
        pull(address, Access())
    assert refused.value.diagnostics[0].code == "E602"


def test_nothing_there(registry: str) -> None:
    with pytest.raises(PackError, match="没有这个规则包或标签"):
        pull(f"oci://{registry}/team/none:1.0.0", Access())


def test_nobody_there_is_told_at_once() -> None:
    pytest.importorskip("oras", reason="没有装 oras（extra「share」）")
    begun = time.monotonic()
    with pytest.raises(PackError, match="连接失败"):
        pull("oci://127.0.0.1:9/team/mou:1.0.0", Access())
    assert time.monotonic() - begun < 3


def test_addresses_are_taken_apart() -> None:
    assert parse_reference("oci://h:5000/a/b:1.0") == Reference("h:5000", "a/b", "1.0")
    for wrong in ("oci://h/a", "oci://h/a:", "oci://h/../a:1", "oci://u@h/a:1", "oci://h/A:1", "oci:///a:1", "oci://h/a:1/b"):
        with pytest.raises(PackError):
            parse_reference(wrong)


def test_a_registry_is_no_way_past_the_policy(registry: str, store: Store) -> None:
    address = put(registry, "team/unsigned:1.0.0", build())
    with pytest.raises(PackError) as refused:
        install([address], store, Policy(require_signed=True), Access())
    assert {d.code for d in refused.value.diagnostics} == {"E611"}
    assert store.records().packs == ()


def test_signatures_travel_through_a_registry(registry: str, store: Store) -> None:
    from signers import signed, trusting

    from juesuan_rules.store.signing.keys import make_key

    key = make_key()
    address = put(registry, "team/signed:1.0.0", signed(key))
    with pytest.raises(PackError):
        install([address], store, trusting(make_key()), Access())
    assert install([address], store, trusting(key), Access()).added
