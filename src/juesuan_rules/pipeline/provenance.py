"""Where a result comes from, and a digest that stays the same when the same run is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.results import PRIOR, UNITS, RunResult

LANGUAGE = 1
"""Version of the rule language this program understands."""

VOLATILE = frozenset(("as_of", "time", "command", "canonical_digest", "locked", "lock", "pack_origins"))
"""What may differ where the same reports are judged by the same packs. A lock and the way packs came here
change no verdict: the packs' digests stand in the result anyway."""


def tool() -> dict[str, Any]:
    """Name, version and rule language version of this program."""
    from juesuan_rules import __version__

    return {"name": "juesuan-rules", "version": __version__, "language": LANGUAGE}


def provenance(
    run: RunResult, command: Sequence[str], exit_code: ExitCode, lock: str | None = None, origins: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Tool, packs, reports, command and time of a run; the digest is added by `seal`.

    lock: digest of the lock file that the packs were held against, or None. origins: of installed packs.
    """
    from datetime import datetime

    now = datetime.now().astimezone()
    packs = {pack.id: pack.digest for report in run.reports for pack in report.packs}
    return {
        "tool": tool(),
        "packs": packs,
        "pack_origins": list(origins),
        "locked": lock is not None,
        "lock": lock,
        "reports": ["sha256:" + report.source.sha256.removeprefix("sha256:") for report in run.reports],
        "prior": _companions(run, PRIOR),
        "units": _companions(run, UNITS),
        "corrections": list(run.corrections),
        "waivers": list(run.waivers),
        "decisions": list(run.decisions),
        "baseline": run.baseline.digest if run.baseline is not None else None,
        "command": list(command),
        "as_of": run.as_of or now.date().isoformat(),
        "time": now.isoformat(timespec="seconds"),
        "exit_code": int(exit_code),
    }


def _companions(run: RunResult, scope: str) -> list[str]:
    """Digests of the reports that rules read beside those judged, each once."""
    used = [one.source.sha256 for report in run.reports for one in report.companions if one.scope == scope and one.used]
    return ["sha256:" + digest.removeprefix("sha256:") for digest in dict.fromkeys(used)]


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

    folders = sorted({folder for path in _paths(result) if (folder := path[: len(path) - len(_base(path))])}, key=len, reverse=True)
    text = json.dumps(_canonical(result, folders), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


_PATH_KEYS = ("path", "same_as", "file")


def _canonical(value: Any, folders: Sequence[str], key: str = "") -> Any:
    """The value without what is volatile, folders cut off paths, also where a sentence names one."""
    if isinstance(value, dict):
        return {name: _canonical(item, folders, name) for name, item in value.items() if not (key == "provenance" and name in VOLATILE)}
    if isinstance(value, list):
        return [_canonical(item, folders, key) for item in value]
    if not isinstance(value, str):
        return value
    if key in _PATH_KEYS:
        return _base(value)
    if key in ("message", "notes"):
        for folder in folders:
            value = value.replace(folder, "")
    return value


def _paths(value: Any) -> Iterator[str]:
    """Every path in a result."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in _PATH_KEYS and isinstance(item, str):
                yield item
            elif name != "findings":  # many, and their places name files without folders
                yield from _paths(item)
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item)


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
