"""The import graph is the architecture (docs/architecture.md): each part may import only the parts named here."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "juesuan_rules"
ROOT = Path(__file__).parents[1] / "src" / PACKAGE
EVERYWHERE = ("diagnostics", "names", "amounts")
# part -> what it may import besides itself; "x.y" allows that module only.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "diagnostics": (),
    "names": (),
    "amounts": ("documents.model",),
    "findings": ("amounts", "documents.model"),
    "yamlfile": ("diagnostics",),
    "documents": ("diagnostics",),
    "catalogue": ("diagnostics", "names", "yamlfile"),
    "reports": (*EVERYWHERE, "documents.model", "catalogue"),
    "language": (*EVERYWHERE, "catalogue"),
    "packs": (*EVERYWHERE, "language", "catalogue", "yamlfile"),
    "engine": (*EVERYWHERE, "reports.model", "language.model", "language.builtins", "findings", "catalogue.model", "documents.model"),
    "renderings": (*EVERYWHERE, "findings", "reports.model", "documents.model", "catalogue.model", "packs.model"),
    "pipeline": (*EVERYWHERE, "documents", "catalogue", "reports", "language", "packs", "engine", "findings", "yamlfile"),
    "commands": ("",),
    "__init__": ("pipeline", "findings", "reports.model", *EVERYWHERE),
    "__main__": ("commands",),
}
HEAVY = {"pandas", "pdfplumber", "numpy", "rich", "lark", "jsonschema", "hypothesis"}
HEAVY_ALLOWED = {("lark", "language"), ("pandas", "reports/frames.py")}
"""Modules that are themselves only imported where used may import what they are about."""


def _imports(tree: ast.AST, module: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = module.rsplit(".", node.level)[0] if node.level else ""
            base = ".".join(filter(None, (parent, node.module)))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names if base in (PACKAGE, parent))


def _name(path: Path) -> str:
    return ".".join((PACKAGE, *path.relative_to(ROOT).with_suffix("").parts))


FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_follow_the_table(path: Path) -> None:
    part = path.relative_to(ROOT).with_suffix("").parts[0]
    allowed = (part, *MAY_IMPORT[part])
    for name in _imports(ast.parse(path.read_text("utf-8")), _name(path)):
        inner = name.removeprefix(PACKAGE).lstrip(".")
        if not name.startswith(PACKAGE) or not inner or "" in allowed:
            continue
        assert any(inner == a or inner.startswith(a + ".") for a in allowed), f"{part} 不得引用 {name}"
    assert part == "commands" or not any(".commands" in n for n in _imports(ast.parse(path.read_text("utf-8")), _name(path))) or part == "__main__"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_heavy_libraries_are_imported_where_used(path: Path) -> None:
    top = [n for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, ast.Import | ast.ImportFrom)]
    place = path.relative_to(ROOT).as_posix()
    for name in _imports(ast.Module(body=list(top), type_ignores=[]), _name(path)):
        library = name.split(".")[0]
        assert library not in HEAVY or any(library == lib and place.startswith(where) for lib, where in HEAVY_ALLOWED), f"{place}: {name}"


def test_no_module_is_named_like_the_standard_library() -> None:
    clashes = [p.relative_to(ROOT).as_posix() for p in FILES if p.stem in sys.stdlib_module_names and not p.stem.startswith("__")]
    folders = [p.name for p in ROOT.iterdir() if p.is_dir() and p.name in sys.stdlib_module_names]
    assert clashes + folders == []


@pytest.mark.parametrize("module", [PACKAGE, f"{PACKAGE}.commands.main"])
def test_importing_stays_light(module: str) -> None:
    """Start-up loads none of the heavy libraries, whatever the route of the import."""
    code = f"import sys, {module}; print(' '.join(sorted(set(sys.modules) & {HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT.parent), "PATH": ""})
    assert done.stdout.split() == []
