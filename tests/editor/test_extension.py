"""The VS Code extension: its files are sound, its colours are right, its script starts the server."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "extensions" / "vscode"


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_highlighting", ROOT / "tools" / "make_highlighting.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_the_manifest_names_is_there() -> None:
    manifest = load("package.json")
    contributes = manifest["contributes"]
    named = [manifest["main"], *(one["path"] for one in contributes["grammars"]), *(one["configuration"] for one in contributes["languages"])]
    assert all((FOLDER / name).is_file() for name in named)
    for grammar in contributes["grammars"]:
        assert load(grammar["path"])["scopeName"] == grammar["scopeName"]
    assert manifest["version"] == re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE).group(1)  # type: ignore[union-attr]
    assert contributes["configuration"]["properties"]["juesuan.command"]["default"] == ["juesuan-rules", "lsp"]


def test_the_grammars_are_as_the_language_says(maker: ModuleType) -> None:
    for name, make in maker.FILES.items():
        assert (FOLDER / "syntaxes" / name).read_text("utf-8") == maker.dump(make()), "run tools/make_highlighting.py"


def patterns(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("match", "begin", "end", "while") and isinstance(value, str):
                yield key, value
            else:
                yield from patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from patterns(value)


@pytest.mark.parametrize("name", ["juesuan.tmLanguage.json", "juesuan-in-yaml.tmLanguage.json"])
def test_every_pattern_compiles(name: str) -> None:
    found = list(patterns(load(f"syntaxes/{name}")))
    assert found
    for key, pattern in found:
        # `end` and `while` may refer back to groups of their `begin`.
        re.compile(re.sub(r"\\(\d)", "x", pattern) if key in ("end", "while") else pattern)
    re.compile(load("language-configuration.json")["wordPattern"])


def coloured(text: str) -> list[tuple[str, str]]:
    """The words of one line of an expression with their scopes, as an editor finds them: at each place the
    first pattern that matches there; what none matches is left."""
    repository = load("syntaxes/juesuan.tmLanguage.json")["repository"]
    rules: list[dict[str, Any]] = []
    for include in repository["expression"]["patterns"]:
        one = repository[include["include"][1:]]
        rules += one.get("patterns", [one])
    found, at = [], 0
    while at < len(text):
        matches = [(m.start(), n, m, rule) for n, rule in enumerate(rules) if (m := re.compile(rule["match"]).search(text, at)) and m.end() > at]
        if not matches:
            break
        _, _, match, rule = min(matches, key=lambda entry: entry[:2])
        captures = rule.get("captures") or {"0": {"name": rule["name"]}}
        for group, scope in captures.items():
            if match.group(int(group)):
                found.append((match.group(int(group)), scope["name"].removesuffix(".juesuan")))
        at = match.end()
    return found


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        (
            "sum(总表.支出) == 总表[本年支出合计] ± 0.02万元",
            [("sum", "support.function"), ("总表", "entity.name.type.table"), ("支出", "variable.other.property"), ("==", "keyword.operator"),
             ("总表", "entity.name.type.table"), ("本年支出合计", "variable.other"), ("±", "keyword.operator"), ("0.02", "constant.numeric"), ("万元", "keyword.other.unit")],
        ),
        (
            "若 编码(r) 属于 {2080505} 则 01表[27行] >= 0",
            [("若", "keyword.control"), ("编码", "support.function"), ("r", "variable.other"), ("属于", "keyword.operator.logical"), ("2080505", "constant.numeric"),
             ("则", "keyword.control"), ("01表", "entity.name.type.table"), ("27", "constant.numeric"), ("行", "keyword.other.unit"), (">=", "keyword.operator"), ("0", "constant.numeric")],
        ),
        (
            '文字.「支出 总计」 ± 尾差 且 提及("公积金") # 注',
            [("文字", "entity.name.type.table"), ("「支出 总计」", "variable.other.quoted"), ("±", "keyword.operator"), ("尾差", "constant.language"),
             ("且", "keyword.operator.logical"), ("提及", "support.function"), ('"公积金"', "string.quoted.double"), ("# 注", "comment.line.number-sign")],
        ),
        ("支出表[项].非财政", [("支出表", "entity.name.type.table"), ("项", "constant.other.group"), ("非财政", "variable.other.property")]),
        ("若总表 或者", [("若总表", "variable.other"), ("或者", "variable.other")]),  # no keywords: part of longer names
    ],
)  # fmt: skip
def test_colours_of_words(text: str, scopes: list[tuple[str, str]]) -> None:
    assert [pair for pair in coloured(text) if pair[1] != "punctuation"] == scopes


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("    check: sum(总表.支出) == 3", "sameLine"),
        ("      - check: 总表 == 3", "sameLine"),
        ("      - {title: 甲, check: '文字.支出总计 == 3'}", "quoted"),
        ("    when: \"总表\"", "quoted"),
        ("    check: >-", "below"),
        ("    check:", "below"),
        ("  - check: |", "inItem"),
        ("    title: check 一下", None),
        ("    check_all: 3", None),
    ],
)
def test_expressions_are_found_in_yaml(line: str, rule: str | None) -> None:
    grammar = load("syntaxes/juesuan-in-yaml.tmLanguage.json")
    order = [p["include"][1:] for p in grammar["patterns"]]
    hits = [name for name in order if re.search(grammar["repository"][name]["begin"], line)]
    assert (hits[0] if hits else None) == rule


def test_what_stands_below_a_key_ends_with_its_indentation() -> None:
    rules = load("syntaxes/juesuan-in-yaml.tmLanguage.json")["repository"]

    def goes_on(name: str, indent: str, line: str) -> bool:
        return re.match(rules[name]["while"].replace("\\1", indent), line) is not None

    assert goes_on("below", "    ", "      总表 == 3") and goes_on("below", "    ", "    - 总表 == 3") and goes_on("below", "    ", "")
    assert not goes_on("below", "    ", "    title: 下一个键") and not goes_on("below", "    ", "  - id: A-2")
    assert goes_on("inItem", "  ", "      总表 == 3") and not goes_on("inItem", "  ", "    severity: 提示")


NODE = shutil.which("node")
HARNESS = """
const Module = require("module"); const told = []; let options;
class LanguageClient { constructor(id, name, server, client) { options = { server, client }; } async start() {} async stop() {} sendNotification(...all) { told.push(all); } }
const stub = {
  workspace: { isTrusted: TRUSTED, workspaceFolders: [{ uri: { fsPath: "/w" } }], getConfiguration: () => ({ get: (key) => ({ report: "a.pdf", year: 2023 })[key] }),
    createFileSystemWatcher: () => ({}), onDidChangeConfiguration: (f) => { stub.changed = f; return {}; } },
  window: { showWarningMessage: (m) => told.push(m), showInformationMessage: (m) => told.push(m), showErrorMessage: (m) => told.push(m) },
};
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === "vscode") return stub;
  if (name === "vscode-languageclient/node") { if (!CLIENT) throw new Error("none"); return { LanguageClient }; }
  return load(name, ...rest);
};
const extension = require(process.argv[1]);
extension.activate({ subscriptions: [] }).then(() => {
  if (stub.changed) stub.changed({ affectsConfiguration: () => true });
  console.log(JSON.stringify({ told, server: options && options.server, start: options && options.client.initializationOptions }));
});
"""


@pytest.mark.skipif(NODE is None, reason="没有 node")
def test_the_script_is_sound() -> None:
    subprocess.run([str(NODE), "--check", str(FOLDER / "extension.js")], check=True, capture_output=True)


@pytest.mark.skipif(NODE is None, reason="没有 node")
@pytest.mark.parametrize(("trusted", "library"), [(True, True), (False, True), (True, False)])
def test_the_script_starts_the_server_only_where_it_may(trusted: bool, library: bool) -> None:
    script = HARNESS.replace("TRUSTED", str(trusted).lower()).replace("CLIENT)", f"{str(library).lower()})", 1)
    done = subprocess.run([str(NODE), "-e", script, str(FOLDER / "extension.js")], capture_output=True, text=True, check=True, encoding="utf-8")
    found = json.loads(done.stdout)
    if trusted and library:
        assert (found["server"]["command"], found["server"]["args"]) == ("juesuan-rules", ["lsp"])
        assert found["start"]["year"] == 2023 and found["start"]["report"].replace("\\", "/").endswith("/w/a.pdf")
        assert found["told"] == [["workspace/didChangeConfiguration", {"settings": found["start"]}]]
    else:
        assert found.get("server") is None and len(found["told"]) == 1 and "着色" in found["told"][0]
