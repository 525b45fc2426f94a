"""trust.yaml: what is read, and that a slip of the pen never loosens what a team insists on."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.store.local import Store
from juesuan_rules.store.policy import load_policy
from juesuan_rules.store.signing.keys import fingerprint, read_public, write_public
from juesuan_rules.store.signing.trust import FILE_KEYS, KEYS, entry_text, load_trust, read_entry, read_trust
from juesuan_rules.yamlfile import loads

PUBLIC = bytes(range(32))
GOOD = f"""trust: 1
require_signed: true
keys:
{entry_text("某市财政局", PUBLIC)}    valid_from: 2025-01-01
    valid_until: 2027-12-31
    packs: [cn-21-*, mou]
  - name: 旧
    key: {write_public(bytes(32))}
    revoked: 2026-01-01 私钥遗失
"""


def read(tmp_path: Path, text: str) -> list[str]:
    """The codes of what is wrong with a trust list."""
    path = tmp_path / "trust.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(RulesError) as refused:
        read_trust(path)
    return [d.code for d in refused.value.diagnostics]


def test_a_trust_list(tmp_path: Path) -> None:
    path = tmp_path / "trust.yaml"
    path.write_text(GOOD, "utf-8")
    trust = read_trust(path)
    first, second = trust.keys
    assert (trust.require_signed, trust.require_signed_index) == (True, False)
    assert (first.public, first.valid_from, first.valid_until) == (PUBLIC, date(2025, 1, 1), date(2027, 12, 31))
    assert [first.may_sign(p) for p in ("cn-21-liaoning", "cn-2", "mou", "mou-1")] == [True, False, True, False]
    assert second.revoked == "2026-01-01 私钥遗失" and second.may_sign("anything")
    assert trust.find(fingerprint(PUBLIC)) == first and trust.find("sha256:0") is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("trust: 1\n", "", "E413"),
        ("require_signed: true", "require_singed: true", "E411"),
        ("require_signed: true", "require_signed: ja", "E413"),
        ("ed25519:AAEC", "ed25519:AAE", "E413"),
        ("fingerprint: sha256:", "fingerprint: sha256:0", "E413"),
        ("2027-12-31", "bald", "E413"),
        ("[cn-21-*, mou]", "[]", "E412"),
        ("[cn-21-*, mou]", "['*-x']", "E413"),
        ("name: 旧\n", "name: ''\n", "E412"),
        (write_public(bytes(32)), write_public(PUBLIC), "E413"),
        ("keys:\n", "keys: &a\n", "E405"),
    ],
)
def test_every_mistake_refuses_the_whole_list(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in GOOD
    assert code in read(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize("value", ["true", "yes", "0", "''", "[]", "2026-01-01"])
def test_whatever_stands_under_revoked_revokes(tmp_path: Path, value: str) -> None:
    path = tmp_path / "trust.yaml"
    path.write_text(f"trust: 1\nkeys:\n{entry_text('x', PUBLIC)}    revoked: {value}\n", "utf-8")
    with contextlib.suppress(RulesError):
        assert read_trust(path).keys[0].revoked


def test_a_broken_list_of_this_user_accepts_nothing(store: Store) -> None:
    assert load_policy().require_signed is False
    store.home.mkdir()
    (store.home / "trust.yaml").write_text(GOOD, "utf-8")
    assert load_policy().require_signed is True
    (store.home / "trust.yaml").write_text(GOOD.replace("keys:", "kyes:"), "utf-8")
    with pytest.raises(RulesError):
        load_policy()


def test_a_list_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_TRUST", str(tmp_path / "no.yaml"))
    with pytest.raises(RulesError):
        load_trust()


@pytest.mark.parametrize("text", ["", "ed25519:", "AAAA", "ed25519:" + "A" * 44, "不是"])
def test_what_is_no_public_key(text: str) -> None:
    assert read_public(text) is None


def test_a_public_key_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pub"
    path.write_text(entry_text('某"局', PUBLIC), "utf-8")
    assert read_entry(path) == ('某"局', PUBLIC)
    path.write_text(path.read_text("utf-8").replace("sha256:", "sha256:0"), "utf-8")
    with pytest.raises(UsageError):
        read_entry(path)


def test_the_schema_and_the_reader_agree() -> None:
    schema = json.loads((Path(__file__).parents[3] / "src" / "juesuan_rules" / "schemas" / "trust.schema.json").read_text("utf-8"))
    assert tuple(schema["properties"]) == FILE_KEYS and tuple(schema["$defs"]["key"]["properties"]) == KEYS
    data = loads(GOOD).data
    check = Draft202012Validator(schema)
    assert list(check.iter_errors(data)) == []
    data["keys"][0]["key"] = "?"
    assert len(list(check.iter_errors(data))) == 1
