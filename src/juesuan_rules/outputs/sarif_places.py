"""Files and places in SARIF: artifacts with relative addresses, lines where there are lines, pages and cells besides."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

from juesuan_rules.documents.model import NOWHERE, Place, Source
from juesuan_rules.findings import Finding, Operand
from juesuan_rules.outputs.guarding import LONGEST, xml_text
from juesuan_rules.outputs.telling import figure_line
from juesuan_rules.renderings.plain import place_text
from juesuan_rules.results import ReportResult, RunResult

_MEDIA = {
    "text": "text/plain", "pdf": "application/pdf", "html": "text/html", "zip": "application/zip", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_LINK = re.compile(r"\](?=\()")
_PLACEHOLDER = re.compile(r"\{(?=\d)")


def message(text: str, lines: bool = False) -> str:
    """A text for a SARIF message: viewers make links of [a](b) and fill in {0}, so neither is left. lines: keep line feeds."""
    shown = "\n".join(xml_text(line) for line in text.split("\n")) if lines else xml_text(text)
    return _PLACEHOLDER.sub("{ ", _LINK.sub("] ", shown))[:LONGEST] or "-"


class Files:
    """The files of a run as SARIF artifacts: reports first, then the parts some were put together from, then those
    without a result. Addresses are relative: as typed, or below the folder that all have in common."""

    def __init__(self, run: RunResult) -> None:
        self.artifacts: list[dict[str, Any]] = []
        self._uris: list[str] = []
        self._parts: dict[tuple[int, str], int] = {}
        relative = _relative([*(r.source.path for r in run.reports), *(p.path for r in run.reports if r.source.format != "zip" for p in r.parts), *(f.path for f in run.failures)])
        for report in run.reports:
            self._add(report.source, relative[report.source.path], {**_about(report)})
        self._failures = len(self.artifacts)
        for failure in run.failures:
            self._add(Source(failure.path, "", ""), relative[failure.path], {})
        for at, report in enumerate(run.reports):
            for part in report.parts:
                if part.path == report.source.path:
                    self._parts[at, _base(part.path)] = at
                    continue
                inside = report.source.format == "zip"
                self._parts[at, _base(part.path)] = len(self.artifacts)
                self._add(part, _address(part.path) if inside else relative[part.path], {}, at if inside else None)

    def of_report(self, at: int) -> int:
        """Index of the artifact of a report."""
        return at

    def of_failure(self, at: int) -> int:
        """Index of the artifact of a file without a result."""
        return self._failures + at

    def of_place(self, at: int, place: Place) -> int:
        """Index of the artifact a place of a report is in."""
        return self._parts.get((at, _base(place.file)), at) if place.file else at

    def whole(self, index: int) -> dict[str, Any]:
        """A file as a location."""
        return {"physicalLocation": {"artifactLocation": self._location(index)}}

    def location(self, at: int, place: Place, snippet: str = "") -> dict[str, Any]:
        """A place as a physical location: the line as region, page, box (points), sheet, cell and paragraph as properties."""
        held: dict[str, Any] = {"artifactLocation": self._location(self.of_place(at, place))}
        if place.line:
            held["region"] = {"startLine": place.line}
            if snippet:
                held["region"]["snippet"] = {"text": snippet}
        beside = {
            "page": place.page, "box": list(place.box) if place.box is not None else None, "sheet": xml_text(place.sheet) if place.sheet else None,
            "cell": xml_text(place.cell) if place.cell else None, "paragraph": place.paragraph,
        }  # fmt: skip
        known = {name: value for name, value in beside.items() if value is not None}
        if known:
            held["properties"] = known
        return held

    def _location(self, index: int) -> dict[str, Any]:
        held: dict[str, Any] = {"uri": self._uris[index], "index": index}
        return held if "parentIndex" in self.artifacts[index] else {**held, "uriBaseId": "REPORTS"}

    def _add(self, source: Source, uri: str, properties: dict[str, Any], parent: int | None = None) -> None:
        self._uris.append(uri)
        held: dict[str, Any] = {"location": {"uri": uri}, "roles": ["analysisTarget"]}
        if parent is None:
            held["location"]["uriBaseId"] = "REPORTS"
        else:
            held["parentIndex"] = parent
        if source.size:
            held["length"] = source.size
        if source.sha256:
            held["hashes"] = {"sha-256": source.sha256.removeprefix("sha256:")}
        if source.format in _MEDIA:
            held["mimeType"] = _MEDIA[source.format]
        if source.encoding:
            held["encoding"] = xml_text(source.encoding)
        if properties:
            held["properties"] = properties
        self.artifacts.append(held)


def cell_location(finding: Finding, files: Files, at: int, report: ReportResult) -> dict[str, Any]:
    """Where to look first: the suspect, the first figure with a place, the cause's place, else the whole report."""
    operands = finding.operands or ()
    ranked = [o for o in operands if o.name == finding.suspect] + [o for o in operands if place_text(o.place)]
    if ranked:
        return _location(ranked[0], files, at)
    place = next((cause.place for cause in report.causes if cause.id == finding.cause), NOWHERE)
    return {"physicalLocation": files.location(at, place)}


def figure_location(number: int, operand: Operand, files: Files, at: int) -> dict[str, Any]:
    """A figure of a finding with its number."""
    return {"id": number, "message": {"text": message(figure_line(number, operand))}, **_location(operand, files, at)}


def _location(operand: Operand, files: Files, at: int) -> dict[str, Any]:
    name = xml_text(operand.name, 200)
    held: dict[str, Any] = {"physicalLocation": files.location(at, operand.place, xml_text(operand.quote or operand.raw, 400))}
    return {**held, "logicalLocations": [{"name": name, "fullyQualifiedName": name, "kind": "value"}]} if name else held


def _about(report: ReportResult) -> dict[str, Any]:
    identity = report.identity
    known = {"unitName": identity.unit_name, "year": identity.year, "region": identity.region_name}
    return {name: xml_text(value) if isinstance(value, str) else value for name, value in known.items() if value}


def _relative(paths: list[str]) -> dict[str, str]:
    """An address without scheme, drive or .. for each path."""
    plain = {path: path.replace("\\", "/") for path in paths}
    parts = {path: [one for one in shown.split("/") if one not in ("", ".")] for path, shown in plain.items()}
    far = any(shown.startswith("/") or ".." in parts[path] or re.match(r"[A-Za-z]:", shown) for path, shown in plain.items())
    if far:
        folders = [os.path.abspath(shown).replace("\\", "/").split("/") for shown in plain.values()]
        depth = min(len(folder) - 1 for folder in folders)
        shared = next((n for n in range(depth) if len({folder[n] for folder in folders}) > 1), depth)
        parts = {path: folder[shared:] for path, folder in zip(plain, folders, strict=True)}
    return {path: "/".join(_address(one) for one in some) or "-" for path, some in parts.items()}


def _address(text: str) -> str:
    return quote(text.replace("\\", "/").encode("utf-8", "surrogatepass"), safe="/")


def _base(path: str | None) -> str:
    return (path or "").replace("\\", "/").rsplit("/", 1)[-1]
