"""What the person asked for, as one record that every step of a run gets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from juesuan_rules.pipeline.cache import Cache


class Candidate(msgspec.Struct, frozen=True):
    """A file of a folder of last year's reports: what it says of itself. message: why it was not read."""

    path: Path
    digest: str
    unit_name: str | None = None
    year: int | None = None
    message: str = ""


class Options(msgspec.Struct, frozen=True):
    """How reports are to be read and judged.

    pack: `ID`, `ID@VERSION` or a folder, or None to choose by region and year. region: GB/T 2260
    code or full name that overrides what is recognised. roots: folders holding packs; None for those
    shipped and installed. list_all: explain passed checks too. cache: folder of the cache, None for none. pdf_engine: auto,
    native or pdfplumber. as_one: the files named are one report. corrections: file of corrections by people.
    prior: last year's report, or a folder of them. units: folder of the subordinate units' reports.
    priors: the files of the folder `prior`, identified (see `companions.list_priors`). waivers: files of what
    people accepted. as_of: the day waivers are judged on, None for today. decisions: files of what people made of
    findings. baseline: an earlier JSON result to compare with.
    """

    pack: str | None = None
    region: str | None = None
    roots: tuple[Path, ...] | None = None
    list_all: bool = False
    cache: Path | None = None
    pdf_engine: str = "auto"
    as_one: bool = False
    corrections: Path | None = None
    prior: Path | None = None
    units: Path | None = None
    priors: tuple[Candidate, ...] = ()
    waivers: tuple[Path, ...] = ()
    as_of: date | None = None
    decisions: tuple[Path, ...] = ()
    baseline: Path | None = None

    def open_cache(self) -> Cache:
        """The cache these options name."""
        return Cache(self.cache)

    def pack_roots(self) -> tuple[Path, ...]:
        """The folders packs are looked for in."""
        if self.roots is not None:
            return self.roots
        from juesuan_rules.packs.roots import pack_roots

        return pack_roots()
