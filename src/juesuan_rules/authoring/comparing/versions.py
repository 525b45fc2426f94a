"""Finding the two versions: a folder, an archive, an installed or shipped version, or the newest of a source."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.packs.locate import PackSpec, find_pack, parse_pack_spec
from juesuan_rules.packs.versions import is_version, order
from juesuan_rules.store.archive import SUFFIX, Archive, open_archive
from juesuan_rules.store.lock import every_folder
from juesuan_rules.store.sources.addresses import open_source
from juesuan_rules.store.sources.model import Access, Offer

_ID = re.compile(r"[a-z][a-z0-9-]*(?:@\S+)?$")


@contextlib.contextmanager
def version_folder(spec: str, roots: Sequence[Path], pack_id: str | None = None) -> Iterator[Path]:
    """A folder with the version that `spec` names, for as long as the block lasts.

    spec: folder of a pack; archive; ID or ID@VERSION of an installed or shipped pack; any source, then the newest version
    (of `pack_id`, where it has several packs). Raises UsageError or PackError.
    """
    path = Path(spec)
    if (path / "pack.yaml").is_file():
        yield path
    elif not path.exists() and _ID.match(spec):
        yield _present(spec, roots)
    else:
        offer = _newest(open_source(spec, Access()), spec, pack_id)
        with TemporaryDirectory(prefix="juesuan-") as folder:
            yield unpack_to(open_archive(offer.fetch(), offer.origin), Path(folder))


def unpack_to(archive: Archive, folder: Path) -> Path:
    """The files of an opened archive below a folder; the pack's own folder."""
    target = folder / archive.manifest.id
    for name, content in archive.files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    return target


def _present(spec: str, roots: Sequence[Path]) -> Path:
    name, _, version = spec.partition("@")
    if version and not is_version(version):
        parse_pack_spec(spec)
    return find_pack(PackSpec(name, version or None), every_folder(roots), paths=False).folder if version else find_pack(PackSpec(name), roots, paths=False).folder


def _newest(offers: Sequence[Offer], spec: str, pack_id: str | None) -> Offer:
    ids = sorted({offer.id for offer in offers})
    wanted = pack_id if pack_id is not None else ids[0] if len(ids) == 1 else None
    if wanted is None:
        raise UsageError(f"来源「{spec}」里有几个规则包：{'、'.join(ids)}；请写明一个归档（{SUFFIX}）")
    fitting = [offer for offer in offers if offer.id == wanted]
    if not fitting:
        raise UsageError(f"来源「{spec}」里没有 {wanted}")
    return max(fitting, key=lambda offer: order(offer.version))
