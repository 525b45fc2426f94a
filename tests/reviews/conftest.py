"""The command line, as the tests of commands run it."""

from __future__ import annotations

from tests.commands.conftest import faulty, program, sound, violations

__all__ = ["faulty", "program", "sound", "violations"]
