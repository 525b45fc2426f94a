"""Where a result comes from, and a digest that stays the same when the same run is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.results import RunResult

LANGUAGE = 1
"""Version of the rule language this program understands."""

VOLATILE = frozenset(("as_of", "time", "command", "canonical_digest"))


def tool() -> dict[str, Any]:
    """Name, version and rule language version of this program."""
    from juesuan_rules import __version__

    return {"name": "juesuan-rules", "version": __version__, "language": LANGUAGE}


def provenance(run: RunResult, command: Sequence[str], exit_code: ExitCode) -> dict[str, Any]:
    """Tool, packs, reports, command and time of a run; the digest is added by `seal`."""
    from datetime import datetime

    now = datetime.now().astimezone()
    packs = {pack.id: pack.digest for report in run.reports for pack in report.packs}
    return {
        "tool": tool(),
        "packs": packs,
        "reports": ["sha256:" + report.source.sha256.removeprefix("sha256:") for report in run.reports],
        "corrections": list(run.corrections),
        "waivers": [],
        "command": list(command),
        "as_of": now.date().isoformat(),
        "time": now.isoformat(timespec="seconds"),
        "exit_code": int(exit_code),
    }


def seal(result: dict[str, Any]) -> dict[str, Any]:
    """The result with `canonical_digest` in its provenance block: sha256 over everything else but
    time and command, folders cut off every path."""
    sealed = dict(result)
    sealed["provenance"] = {**result["provenance"], "canonical_digest": canonical_digest(result)}
    return sealed


def canonical_digest(result: dict[str, Any]) -> str:
    """"sha256:…" of a result as plain data, the same for every repetition of the run."""
    import hashlib
    import json

    text = json.dumps(_canonical(result), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _canonical(item, name) for name, item in value.items() if not (key == "provenance" and name in VOLATILE)}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if key in ("path", "same_as", "file") and isinstance(value, str):
        return value.replace("\\", "/").rsplit("/", 1)[-1]
    return value
