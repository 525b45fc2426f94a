"""Archives: reproducible, whole, and opened only as they were made."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_archives import build, pack_files

from juesuan_rules.packs.digest import digest_files
from juesuan_rules.store.archive import Archive, inspect_archive, make_manifest, open_archive, write_archive
from juesuan_rules.store.build import archive_files
from juesuan_rules.store.manifest import Signature
from juesuan_rules.store.problems import PackError

SIGNED = Signature("ed25519:ab", "某人", "ed25519", "AAAA", "2026-11-20T00:00:00Z")


def test_the_same_files_give_the_same_bytes() -> None:
    files = pack_files()
    backwards = dict(reversed(files.items()))
    assert archive_files(files, "一处", True).data == archive_files(backwards, "另一处", True).data


def test_what_was_packed_comes_out() -> None:
    archive = open_archive(build(), "x.jspack")
    assert archive.files == pack_files()
    assert (archive.manifest.id, archive.manifest.version, archive.manifest.requires) == ("mou", "1.0.0", {})
    assert archive.manifest.rules_digest == digest_files(pack_files())


def test_any_zip_program_can_look_inside() -> None:
    with zipfile.ZipFile(io.BytesIO(build())) as file:
        assert file.testzip() is None
        infos = file.infolist()
    assert [i.filename for i in infos] == ["MANIFEST.json", "layouts/tables.yaml", "pack.yaml", "rules/a.yaml"]
    assert {i.date_time for i in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_line_ends_and_marks_change_nothing() -> None:
    windows = {name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for name, content in pack_files().items()}
    assert archive_files(windows, "w", True).data == build()


def test_signatures_stand_beside_what_they_sign() -> None:
    plain = open_archive(build(), "x")
    signed = write_archive(plain.signed_bytes, plain.files, [SIGNED])
    again = open_archive(signed, "x")
    assert again.signatures == (SIGNED,)
    assert (again.manifest, again.signed_bytes) == (plain.manifest, plain.signed_bytes)
    assert write_archive(again.signed_bytes, again.files, again.signatures) == signed


def test_requirements_name_the_parent() -> None:
    data = archive_files(pack_files("mou-1", extra="level: 省\nregion: '99'\nparent: mou\n"), "x", True).data
    assert open_archive(data, "x").manifest.requires == {"mou": ">=0"}
    ranged = pack_files("mou-1", extra="level: 省\nregion: '99'\nparent: mou\nrequires: {mou: '>=1.2, <2'}\n")
    assert open_archive(archive_files(ranged, "x", True).data, "x").manifest.requires == {"mou": ">=1.2, <2"}


def test_what_was_not_tested_says_so() -> None:
    assert not open_archive(archive_files(pack_files(), "x", False).data, "x").manifest.tested


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_goes_unnoticed(data: st.DataObject) -> None:
    sound = build()
    at = data.draw(st.integers(0, len(sound) - 1))
    changed = bytearray(sound)
    changed[at] ^= data.draw(st.integers(1, 255))
    archive, problems = inspect_archive(bytes(changed), "x")
    # Dates and the versions of the container are no part of the content, and the only bytes that may differ.
    assert problems or (isinstance(archive, Archive) and archive.files == pack_files() and archive.signed_bytes == open_archive(sound, "x").signed_bytes)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3000), st.binary(max_size=40))
def test_cut_and_lengthened_archives_are_refused(size: int, tail: bytes) -> None:
    sound = build()
    damaged = sound[: min(size, len(sound) - 1)] + tail
    if damaged != sound:
        with pytest.raises(PackError):
            open_archive(damaged, "x")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_refused_in_words(noise: bytes) -> None:
    for data in (noise, b"PK\x03\x04" + noise, noise + b"PK\x05\x06" + bytes(18)):
        archive, problems = inspect_archive(data, "x")
        assert archive is None and problems


def test_a_manifest_may_be_made_by_hand() -> None:
    files = pack_files()
    manifest = make_manifest(files, "mou", "1.0.0", "", {}, True)
    assert open_archive(write_archive(manifest, files), "x").manifest == manifest
