"""trust.yaml: whose signatures a team accepts, for which packs and how long, and what it insists on."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, RulesError, UsageError
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.roots import home_folder
from juesuan_rules.store.signing.keys import fingerprint, read_public, write_public
from juesuan_rules.yamlfile import YamlFile, load

TRUST_FILE = "trust.yaml"
VARIABLE = "JUESUAN_TRUST"
FILE_KEYS = ("trust", "require_signed", "require_signed_index", "keys")
KEYS = ("name", "key", "fingerprint", "valid_from", "valid_until", "packs", "revoked")
_PATTERN = re.compile(r"[a-z][a-z0-9-]{0,120}\*?$|\*$")
_COERCED = "W403"


class TrustedKey(msgspec.Struct, frozen=True):
    """A key the team knows. public: its 32 bytes. packs: ids it may sign, `cn-21-*` for all that begin so,
    () for any. revoked: why it is not to be trusted any more, "" where it is."""

    name: str
    public: bytes
    valid_from: date | None = None
    valid_until: date | None = None
    packs: tuple[str, ...] = ()
    revoked: str = ""

    @property
    def fingerprint(self) -> str:
        """"sha256:…" of the key."""
        return fingerprint(self.public)

    def may_sign(self, pack_id: str) -> bool:
        """Whether the team accepts this key for a pack."""
        return not self.packs or any(pack_id == p or (p.endswith("*") and pack_id.startswith(p[:-1])) for p in self.packs)


class TrustList(msgspec.Struct, frozen=True):
    """A trust list. require_signed: accept only archives with a good signature. require_signed_index: the
    same of indexes. path: where it was read, "" for none."""

    keys: tuple[TrustedKey, ...] = ()
    require_signed: bool = False
    require_signed_index: bool = False
    path: str = ""

    def find(self, key_fingerprint: str) -> TrustedKey | None:
        """The key of that fingerprint, or None."""
        return next((key for key in self.keys if key.fingerprint == key_fingerprint), None)


def trust_path() -> Path | None:
    """Where this user's trust list is or would be: JUESUAN_TRUST, or trust.yaml in the program's folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    home = home_folder()
    return home / TRUST_FILE if home is not None else None


def load_trust() -> TrustList:
    """This user's trust list; an empty one where there is none. Raises RulesError where it cannot be used:
    what a team insists on must not be lost by a slip of the pen."""
    path = trust_path()
    if path is None or (not path.exists() and not os.environ.get(VARIABLE)):
        return TrustList()
    return read_trust(path)


def read_trust(path: Path) -> TrustList:
    """The trust list at `path`. Raises RulesError with every problem in it."""
    file = load(path)
    out = [d for d in file.diagnostics if d.code != _COERCED]
    found = _trust(file, out) if not file.broken else TrustList()
    errors = tuple(d for d in out if d.is_error)
    if errors:
        raise RulesError(f"信任名单「{path}」有 {len(errors)} 处错误，没有接受任何规则包", errors)
    return found


def entry_text(name: str, public: bytes) -> str:
    """An entry of `keys`, to be pasted into a trust list."""
    import json

    return f"  - name: {json.dumps(name, ensure_ascii=False)}\n    key: {write_public(public)}\n    fingerprint: {fingerprint(public)}\n"


def read_entry(path: Path) -> tuple[str, bytes]:
    """Name and public key in a .pub file as `pack keygen` writes it. Raises UsageError."""
    file = load(path)
    item = file.data[0] if not file.broken and isinstance(file.data, list) and len(file.data) == 1 else None
    public = read_public(str(item.get("key"))) if isinstance(item, dict) else None
    if item is None or public is None or item.get("fingerprint", fingerprint(public)) != fingerprint(public):
        raise UsageError(f"「{path}」不是 pack keygen 写出的公钥文件，或者被改过")
    return str(item.get("name") or path.stem), public


def _trust(file: YamlFile, out: list[Diagnostic]) -> TrustList:
    top = Fields.at(file, (), file.data, FILE_KEYS, out, "信任名单")
    if top is None:
        return TrustList()
    if top.values.get("trust") != 1:
        top.report("E413", "信任名单应写明格式版本“trust: 1”", "trust" if "trust" in top.values else None)
    keys: list[TrustedKey] = []
    for path, item in top.items("keys"):
        fields = Fields.at(file, path, item, KEYS, out, "密钥")
        key = _key(fields) if fields is not None else None
        if fields is not None and key is not None:
            if any(key.public == other.public for other in keys):
                fields.report("E413", f"密钥“{key.name}”写了两次", "key")
            keys.append(key)
    return TrustList(tuple(keys), _flag(top, "require_signed"), _flag(top, "require_signed_index"), file.name)


def _key(fields: Fields) -> TrustedKey | None:
    if not fields.require("name", "key"):
        return None
    public = read_public(fields.text("key"))
    if public is None:
        fields.report("E413", "“key”不是公钥", "key", "抄 pack keygen 写出的 .pub 文件里的 key")
        return None
    told = fields.text("fingerprint")
    if told and told != fingerprint(public):
        fields.report("E413", f"指纹与公钥不符：这个公钥的指纹是 {fingerprint(public)}", "fingerprint", "请与持有人核对，两处都要照抄")
    packs = fields.texts("packs")
    for pack in packs:
        if not _PATTERN.match(pack):
            fields.report("E413", f"规则包“{pack}”写法不对", "packs", "写编号，如 cn-21-liaoning；以 * 结尾表示以此开头的都算")
    if "packs" in fields.values and not packs:
        fields.report("E412", "“packs”不能为空；不限规则包就不写这个键", "packs", at_key=True)
    return TrustedKey(fields.text("name"), public, _day(fields, "valid_from"), _day(fields, "valid_until"), packs, _revoked(fields))


def _day(fields: Fields, key: str) -> date | None:
    text = fields.text(key)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fields.report("E413", f"日期“{text}”写法不对", key, "写成 2026-12-31")
        return None


def _revoked(fields: Fields) -> str:
    """Why a key was revoked. `revoked: true` says that it was, a text says why; whatever else it is, it counts."""
    value = fields.values.get("revoked")
    if value is None or value is False:
        return ""
    return "没有写原因" if value is True else fields.text("revoked") or "没有写原因"


def _flag(fields: Fields, key: str) -> bool:
    value = fields.values.get(key, False)
    if not isinstance(value, bool):
        fields.report("E413", f"“{key}”应写 true 或 false", key)
        return True
    return value
