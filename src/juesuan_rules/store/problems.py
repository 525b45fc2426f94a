"""One way to say that a pack's archive, source or installation is refused."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.diagnostics import Diagnostic, ExitCode, JuesuanError, Span

_SHOWN = 120


class PackError(JuesuanError):
    """A pack cannot be built, accepted, found or used as locked (exit code 3).

    Codes: E601 no archive or a damaged one, E602 too large, E603 unsafe name, E604 link or special
    entry, E605 two names that are one file, E606 broken MANIFEST.json, E607 file missing or not listed,
    E608 changed file, E609 contents that contradict the manifest, E610 broken SIGNATURES.json,
    E611 signature refused by the policy, E612 older than what is known, E613 another content under a
    known version, E614 withdrawn version, E615 own test not passed, E620 source that cannot be fetched, E621 source that is not
    allowed, E630 requirements that cannot be met, E640 lock file or what it locks.
    """

    exit_code = ExitCode.RULES_BROKEN


def problem(code: str, message: str, origin: str, place: str = "", hint: str = "") -> Diagnostic:
    """A diagnostic about an archive or source, or about the file `place` in it."""
    return Diagnostic(code, message, Span(f"{origin}!{place}" if place else origin), hint)


def refused(origin: str, problems: Sequence[Diagnostic]) -> PackError:
    """The exception that carries all the problems of one archive."""
    errors = tuple(problems)
    return PackError(f"规则包归档「{origin}」被拒绝，有 {len(errors)} 处问题，什么也没有写入", errors)


def failure(code: str, message: str, origin: str, hint: str = "") -> PackError:
    """The exception for one problem; its message says all there is to say."""
    return PackError(message, (Diagnostic(code, message, Span(origin), hint),))


def shown(name: str) -> str:
    """A name from elsewhere as text that can be shown: printable and short."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
