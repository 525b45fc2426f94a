"""The reports the worker process has read: judged, pages open, the last few kept for the next page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.web.pictures import PictureStore, PictureView, StoredPicture
from juesuan_rules.outputs.web.views import Viewer
from juesuan_rules.pipeline.options import Options
from juesuan_rules.results import ReportResult, RunResult
from juesuan_rules.workbench.marks import Marks, accept

_KEPT = 4
COMMAND = ("juesuan-rules", "serve")


class Spec(msgspec.Struct, frozen=True):
    """A report to be judged or shown. paths: its files; name: what it is called. corrections: the file of them, with
    its digest. marks: what people decided and accepted; they never change what is judged, only what is told of it."""

    paths: tuple[Path, ...]
    name: str
    pack: str | None = None
    region: str | None = None
    roots: tuple[Path, ...] | None = None
    cache: Path | None = None
    corrections: Path | None = None
    corrections_digest: str = ""
    marks: Marks = Marks()
    day: str = ""

    @property
    def options(self) -> Options:
        """The same as the record the command line makes."""
        return Options(
            pack=self.pack, region=self.region, roots=self.roots, cache=self.cache, as_one=len(self.paths) > 1, corrections=self.corrections
        )  # fmt: skip

    @property
    def key(self) -> tuple[Any, ...]:
        """What the verdicts hang on."""
        return self.paths, self.name, self.pack, self.region, self.roots, self.corrections_digest


class AddressedPictures(PictureStore):
    """Pictures that are not stored in the page but fetched one by one, by their position among the pages of the report."""

    def __init__(self, source: Any) -> None:
        super().__init__(source)
        self._source_pages = list(source.pages)
        self._sizes: dict[str, StoredPicture] = {}

    def _store(self, key: Any, width: float, height: float) -> str:
        number = self._source_pages.index(key)
        self._sizes[f"p{number}"] = StoredPicture(f"p{number}", width, height, str(number))
        return f"p{number}"

    def sized(self, pictures: Sequence[PictureView]) -> tuple[StoredPicture, ...]:
        """The pages these pictures are of."""
        return tuple([self._sizes[name] for name in dict.fromkeys(one.page for one in pictures if one.page)])


class Reading:
    """A report this process has read: judged, its pages open, and how it was last marked."""

    def __init__(self, spec: Spec) -> None:
        from juesuan_rules.outputs.pages import open_pages
        from juesuan_rules.pipeline.judging import judge_files

        read = judge_files(spec.paths, spec.options)
        self.base = _called(read, spec.name)
        self.pages = open_pages(self.base)
        self._marked: tuple[Any, Subject, Material, Viewer] | None = None

    def marked(self, spec: Spec) -> tuple[Subject, Material, Viewer]:
        """The report with what people decided on it."""
        key = (spec.marks, spec.day)
        if self._marked is None or self._marked[0] != key:
            run = accepted(spec, self.base.result)
            subject, material = _material(run, spec, self.base)
            viewer = Viewer(subject, self.pages)
            if self.pages is not None:
                viewer.store = AddressedPictures(self.pages)
            self._marked = key, subject, material, viewer
        return self._marked[1:]

    def close(self) -> None:
        if self.pages is not None:
            self.pages.close()


_known: OrderedDict[tuple[Any, ...], Reading] = OrderedDict()


def reading(spec: Spec, fresh: bool = False) -> Reading:
    known = _known.pop(spec.key, None)
    if known is None or fresh:
        if known is not None:
            known.close()
        known = Reading(spec)
    _known[spec.key] = known
    while len(_known) > _KEPT:
        _known.popitem(last=False)[1].close()
    return known


def _called(subject: Subject, name: str) -> Subject:
    """The subject by the name the person knows: where this program keeps its copy is no part of a result."""

    def result(one: ReportResult) -> ReportResult:
        parts = tuple([replace(part, path=Path(part.path).name) for part in one.parts])
        return replace(one, source=replace(one.source, path=name), parts=parts)

    parts = tuple([replace(part, path=Path(part.path).name) for part in subject.report.parts])
    report = replace(subject.report, source=replace(subject.report.source, path=name), parts=parts)
    return replace(subject, result=result(subject.result), full=result(subject.full), report=report)


def accepted(spec: Spec, result: ReportResult) -> RunResult:
    return accept(result, spec.marks, date.fromisoformat(spec.day), spec.corrections_digest)


def _material(run: RunResult, spec: Spec, base: Subject) -> tuple[Subject, Material]:
    from juesuan_rules.pipeline.batch import exit_code
    from juesuan_rules.pipeline.judging import make_material
    from juesuan_rules.pipeline.provenance import provenance, seal, tool
    from juesuan_rules.renderings.json_result import result_json

    code = exit_code(run)
    sealed = seal(result_json(run, tool(), provenance(run, COMMAND, code)))
    material = make_material(run, sealed, int(code), spec.options, {spec.name: base})
    return material.subject(0), material
