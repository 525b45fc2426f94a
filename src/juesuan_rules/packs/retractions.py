"""What publishers have withdrawn of the packs at hand, as far as this user's store has heard of it.

Indexes tell it when packs are installed or `pack refresh` is run; it is kept beside the records of the store, so that judging
can say it without a network.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan_rules.packs.roots import RECORDS_FILE, home_folder


class Withdrawal(msgspec.Struct, frozen=True):
    """What was withdrawn of one version. yanked: why all of it was, or None; rules: why single rules were, by
    id. origin: the index that said so."""

    yanked: str | None = None
    rules: dict[str, str] = {}
    origin: str = ""


class _Records(msgspec.Struct, frozen=True):
    withdrawn: dict[str, Withdrawal] = {}


def withdrawals(home: Path | None = None) -> dict[str, Withdrawal]:
    """What is known to be withdrawn, by "id@version"."""
    home = home or home_folder()
    if home is None:
        return {}
    try:
        return msgspec.json.decode((home / RECORDS_FILE).read_bytes(), type=_Records).withdrawn
    except (OSError, msgspec.DecodeError):
        return {}
