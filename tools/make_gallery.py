"""Write docs/errors.zh-CN.md: every error and warning with a file that causes it and the message; lint codes have their own page.

    python tools/make_gallery.py [--check]

The files of rules and packs stand in docs/examples/errors, named by their code: CODE.yaml is a rule file, CODE/ a pack.
What would be no use as a file (too large, not there) is made here; what needs commands and archives, in gallery_runs.py.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tools.gallery_runs import Entry, entries, other_files, said_of_all  # noqa: E402

from juesuan_rules.authoring.cases import run_cases  # noqa: E402
from juesuan_rules.catalogue.model import Layout  # noqa: E402
from juesuan_rules.diagnostics import Diagnostic, RulesError, render  # noqa: E402
from juesuan_rules.editor.session import Session  # noqa: E402
from juesuan_rules.language.check import check_rules  # noqa: E402
from juesuan_rules.language.codes import CODES  # noqa: E402
from juesuan_rules.language.model import RuleText  # noqa: E402
from juesuan_rules.packs.load import inspect_pack, load_pack  # noqa: E402
from juesuan_rules.packs.rulefile import read_rules  # noqa: E402
from juesuan_rules.packs.versions import overlap  # noqa: E402
from juesuan_rules.pipeline.sources import with_source_lines  # noqa: E402
from juesuan_rules.yamlfile import MAX_BYTES  # noqa: E402

PAGE = ROOT / "docs" / "errors.zh-CN.md"
EXAMPLES = Path("docs/examples/errors")
PACK_CODES: dict[str, str] = {
    "E400": "YAML 写法有误", "E401": "文件读不出来", "E402": "文件太大", "E403": "不是 UTF-8 编码", "E404": "嵌套太深", "E405": "不支持的 YAML 写法",
    "E406": "键不是文字", "E407": "键重复", "E410": "应当是“键: 值”", "E411": "没有这个键", "E412": "缺少内容", "E413": "值写得不对",
    "E414": "规则语言的版本不认识", "E415": "程序版本不合要求", "E416": "找不到上级包", "E417": "上级包的级别或地区不对", "E418": "上级包的版本不合要求",
    "E419": "安装的规则包被改动过", "E420": "规则编号重复", "E421": "规则编号写法不对", "E430": "要改的没有，或名称重复", "E431": "同一处改了两次，或要去掉的没有", "E432": "放宽、停用没有依据",
    "E433": "改动针对的不是现在的版本", "E434": "改的规则已被停用", "E435": "级别的改动与动作不符", "E440": "用例文件名与规则编号不一致", "E441": "用例的规则没有", "E442": "用例里的表、行、栏不对",
    "E443": "已知的漏报、误报与应得的结论不符",
    "W401": "像数字的文字没有加引号", "W402": "像是、否的文字没有加引号", "W403": "像日期的文字没有加引号", "W410": "两个事实的说法一样",
    "W411": "规则文件是草稿",
}  # fmt: skip
"""Codes of pack files; those of expressions are in the language's own table."""
DECISION_CODES = {"E460": "判断：指纹写法不对", "E461": "判断：日期写法不对", "E462": "判断：年度写法不对", "E463": "判断：同一处写了两条"}
"""Codes of decisions files (what people made of findings)."""
NO_FILE = {"E450": "改写会改变含义"}
"""Codes that no file is known to cause: they guard against mistakes of this program."""
_LONGEST = 400
_SHOWN_LINES = 16


def codes() -> dict[str, str]:
    """Every code the gallery has to show, with a short meaning."""
    return dict(sorted({**CODES, **PACK_CODES, **DECISION_CODES}.items()))


def problems_of(code: str) -> tuple[list[Diagnostic], str]:
    """What is wrong with the example of a code, and the example as text. Raises LookupError where there is none."""
    made = {"E401": lambda _: None, "E402": lambda path: path.write_text("# 太长的注释\n" * (MAX_BYTES // 16), "utf-8")}.get(code)
    if made is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{code}.yaml"
            made(path)
            shown = "（一个不存在的文件）" if code == "E401" else "# 太长的注释\n# 太长的注释\n…"
            return [_renamed(d, str(path), f"{code}.yaml") for d in _rule_file(path)], shown
    if code == "E442":  # told while the file is being written; `test` tells it as the result of the case
        (path,) = (ROOT / EXAMPLES / code / "cases").iterdir()
        found = [_renamed(d, (ROOT / EXAMPLES).as_posix(), EXAMPLES.as_posix()) for d in Session().own_problems(path, "cases")]
        return list(with_source_lines(found)), "\n".join(_files(EXAMPLES / code))
    path = EXAMPLES / f"{code}.yaml"
    if path.is_file():
        return _decisions_file(path) if code in DECISION_CODES else _rule_file(path), path.read_bytes().decode("utf-8", "replace")
    if (EXAMPLES / code / "pack.yaml").is_file():
        return _pack(EXAMPLES / code), "\n".join(_files(EXAMPLES / code))
    raise LookupError(code)


@cache
def _layout() -> Layout:
    return load_pack("cn", None, (ROOT / "rules",)).layout


def _rule_file(path: Path) -> list[Diagnostic]:
    out: list[Diagnostic] = []
    rules: list[RuleText] = []
    for written in read_rules(path, "cn", out):
        if any(written.rule.id == rule.id and overlap(written.rule.applies_years, rule.applies_years) for rule in rules):
            written.fields.report("E420", f"规则编号“{written.rule.id}”重复", "id", "编号不能重复；按年度分开的两条，年度不能重叠")
        rules.append(written.rule)
    return list(with_source_lines([*out, *check_rules(rules, _layout()).diagnostics]))


def _decisions_file(path: Path) -> list[Diagnostic]:
    from juesuan_rules.reviews.decisions import inspect_decisions

    return list(with_source_lines(inspect_decisions(path).diagnostics))


def _pack(folder: Path) -> list[Diagnostic]:
    roots = (ROOT / "rules", folder / "上级包")
    found = inspect_pack(str(folder), None, roots)
    out = list(found.diagnostics)
    if found.pack is not None and (folder / "cases").is_dir():
        try:
            out += run_cases(str(folder), roots).diagnostics
        except RulesError as error:
            out += error.diagnostics
    return list(with_source_lines(out))


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".json")):
        yield f"# {path.relative_to(folder).as_posix()}\n{path.read_text('utf-8')}"


def _renamed(problem: Diagnostic, old: str, new: str) -> Diagnostic:
    from msgspec.structs import replace

    return replace(problem, span=replace(problem.span, file=problem.span.file.replace(old, new)))


def gallery() -> str:
    """The whole page."""
    parts = [_HEAD]
    for code, meaning in codes().items():
        problems, shown = problems_of(code)
        messages = "\n\n".join(_message(problem) for problem in problems)
        parts.append(f"## {code} {meaning}\n\n```yaml\n{_cut(shown)}\n```\n\n```text\n{messages}\n```\n")
    parts += [f"## {code} {meaning}\n\n{_GUARD}" for code, meaning in NO_FILE.items()]
    for one in entries():
        parts.append(f"## {one.code} {one.meaning}\n\n{_run(one, one.code)}")
    parts.append(_OTHERS)
    parts += [f"### {one.meaning}\n\n{_run(one, one.meaning)}" for one in other_files()]
    return "\n".join(parts)


def _run(one: Entry, key: str) -> str:
    """What causes it, the commands, and what the last of them said."""
    commands = "\n".join(f"$ juesuan-rules {command}" for command in one.commands)
    said = "\n".join(_shortened(line) for line in said_of_all()[key].split("\n"))
    return f"```yaml\n{_cut(one.shown)}\n```\n\n```console\n{commands}\n{said}\n```\n"


def _shortened(line: str) -> str:
    """A line that is not too long; digests change with every version of the program's own files."""
    return re.sub(r"sha256:([0-9a-f]{4})[0-9a-f]{60}", "sha256:…", line)[:_LONGEST]


def _message(problem: Diagnostic) -> str:
    text = render(problem).replace(EXAMPLES.as_posix() + "/", "").replace(EXAMPLES.as_posix(), "").replace("\\", "/")
    return "\n".join(line if len(line) <= _LONGEST else line[:_LONGEST] + "…" for line in text.split("\n"))


def _cut(text: str) -> str:
    lines = [line if len(line) <= _LONGEST else line[:_LONGEST] + "…" for line in text.rstrip("\n").split("\n")]
    return re.sub(r"\n+\Z", "", "\n".join(lines[: 3 * _SHOWN_LINES]))


_HEAD = """# 错误和警告一览

本页由程序生成（`python tools/make_gallery.py`）：每个代码一个会引起它的文件，和程序所说的话。规则和规则包的（E1 到 E4），是
`juesuan-rules check`（用例的用 `test`，E442 在编辑器里）所说的；其余的写着命令。文件在 [examples/errors](examples/errors)。
E 开头的是错误，W 开头的是警告。E1、W2、W3 是式子，E2、E3 是名称和含义，E40 是 YAML，E41 到 E44 是规则包，E45 是豁免，E46 是判断，
E5 是报告，E6 是归档、来源和锁定。L 开头的在[lint 的代码](lint.zh-CN.md)。
"""
_GUARD = """`fmt` 和 `lint --fix` 改完文件会重读一遍；含义、注释若与改前不同，就不写，说明是哪里，并请告知程序的作者。没有已知的文件会引起它。
"""
_OTHERS = """## 别的文件

豁免、更正、信任名单和锁定文件也是 YAML，写错键、缺内容、值不对用的是与规则包相同的代码（E40、E41）。
"""


def main(arguments: list[str]) -> int:
    """Write the page, or with --check compare it."""
    os.chdir(ROOT)
    text = gallery()
    if "--check" in arguments:
        return int(PAGE.read_text("utf-8") != text)
    PAGE.write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
