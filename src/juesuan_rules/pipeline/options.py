"""What the person asked for, as one record that every step of a run gets."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan_rules.pipeline.cache import Cache


class Options(msgspec.Struct, frozen=True):
    """How reports are to be read and judged.

    pack: `ID`, `ID@VERSION` or a folder, or None to choose by region and year. region: GB/T 2260
    code or full name that overrides what is recognised. roots: folders holding packs; None for those shipped.
    list_all: explain passed checks too. cache: folder of the cache, None for none. pdf_engine: auto,
    native or pdfplumber. as_one: the files named are one report. corrections: file of corrections by people.
    """

    pack: str | None = None
    region: str | None = None
    roots: tuple[Path, ...] | None = None
    list_all: bool = False
    cache: Path | None = None
    pdf_engine: str = "auto"
    as_one: bool = False
    corrections: Path | None = None

    def open_cache(self) -> Cache:
        """The cache these options name."""
        return Cache(self.cache)

    def pack_roots(self) -> tuple[Path, ...]:
        """The folders packs are looked for in."""
        if self.roots is not None:
            return self.roots
        from juesuan_rules.resources import rules_root

        return (rules_root(),)
