"""The import graph is the architecture (docs/architecture.md): each part may import only the parts named here."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "juesuan_rules"
ROOT = Path(__file__).parents[1] / "src" / PACKAGE
FILES = sorted(ROOT.rglob("*.py"))
COMMON = ("diagnostics", "names", "amounts", "resources")
JUDGING = ("documents", "catalogue", "reports", "language", "packs", "engine", "findings", "results", "waivers", "yamlfile")
SHOWING = ("findings", "results", "reports.model", "documents", "catalogue.model", "catalogue.records", "packs.model", "packs.families")
# part -> what it may import besides itself; "x.y" allows only that module. Nobody may import `commands`.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "diagnostics": (),
    "names": (),
    "resources": (),
    "amounts": ("documents.model",),
    "findings": ("amounts", "documents.model"),
    "results": ("diagnostics", "amounts", "findings", "documents.model", "reports.model", "packs.model"),
    "waivers": (*COMMON, "findings", "results", "reports.model", "packs.fields", "yamlfile"),
    "yamlfile": ("diagnostics",),
    "documents": ("diagnostics",),
    "catalogue": (*COMMON, "yamlfile"),
    "reports": (*COMMON, "documents.model", "catalogue"),
    "language": (*COMMON, "catalogue"),
    "packs": (*COMMON, "language", "catalogue", "yamlfile"),
    "store": (*COMMON, "packs", "language", "catalogue", "yamlfile"),
    "engine": (*COMMON, "live", "reports.model", "language.model", "language.functions", "findings", "catalogue.model", "catalogue.records", "documents.model"),
    "renderings": (*COMMON, "findings", "results", "reports.model", "documents.model", "catalogue.model", "catalogue.records", "packs.model", "language.model", "language.functions"),
    "live": ("findings",),
    "material": ("findings", "live", "results", "reports.model"),
    "outputs": (*COMMON, *SHOWING, "live", "material", "renderings", "reviews"),
    "reviews": (*COMMON, "findings", "results", "yamlfile", "documents.model", "reports.model", "packs.model", "packs.fields", "waivers.matching", "renderings"),
    "pipeline": (*COMMON, *JUDGING, "live", "material", "reviews"),
    "authoring": (*COMMON, *JUDGING, "pipeline", "store", "renderings"),
    "editor": (*COMMON, *JUDGING, "pipeline", "authoring"),
    "api": (*COMMON, *JUDGING, "pipeline", "renderings", "reviews"),
    "dossiers": (*COMMON, *JUDGING, "pipeline", "store", "renderings", "material", "outputs", "reviews"),
    "workbench": (*COMMON, *JUDGING, "pipeline", "store", "authoring", "editor", "renderings", "material", "outputs", "reviews", "dossiers"),
    "commands": (*COMMON, *JUDGING, "pipeline", "renderings", "authoring", "store", "editor", "material", "outputs", "reviews", "dossiers", "workbench", "__init__"),
    "__init__": ("api",),
    "__main__": ("commands",),
}
HEAVY = {"pandas", "pdfplumber", "numpy", "rich", "lark", "jsonschema", "pygls", "lsprotocol", "z3"}
# Modules that are about a heavy library, and are themselves imported only where used.
HEAVY_ALLOWED = {"lark": ("language/",), "pandas": ("reports/frames.py",), "numpy": ("documents/scan/",), "pygls": ("editor/",), "lsprotocol": ("editor/",)}


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "只用绝对引用"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=_place)
def test_imports_follow_the_table(path: Path) -> None:
    part = path.relative_to(ROOT).with_suffix("").parts[0]
    allowed = (part, *MAY_IMPORT[part])
    for name in _imports(ast.walk(ast.parse(path.read_text("utf-8")))):
        inner = name.removeprefix(PACKAGE + ".")
        if inner != name and inner != "__version__":
            assert any(inner == a or inner.startswith(a + ".") for a in allowed), f"{part} 不得引用 {name}"


@pytest.mark.parametrize("path", FILES, ids=_place)
def test_heavy_libraries_are_imported_where_used(path: Path) -> None:
    for name in _imports(ast.parse(path.read_text("utf-8")).body):
        library = name.split(".")[0]
        assert library not in HEAVY or _place(path).startswith(HEAVY_ALLOWED.get(library, ("-",))), f"{_place(path)}: {name}"


def test_no_module_is_named_like_the_standard_library() -> None:
    names = {p.stem: p for p in [*FILES, *(p for p in ROOT.rglob("*") if p.is_dir())] if not p.name.startswith("__")}
    assert sorted(set(names) & set(sys.stdlib_module_names)) == []


@pytest.mark.parametrize("module", [PACKAGE, f"{PACKAGE}.commands.main"])
def test_importing_stays_light(module: str) -> None:
    """Start-up loads none of the heavy libraries, whatever the route of the import."""
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT.parent)})
    assert done.stdout.split() == []
