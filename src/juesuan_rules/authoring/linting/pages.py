"""The page of lint codes, written from the table."""

from __future__ import annotations

from collections.abc import Mapping

from juesuan_rules.authoring.linting.codes import CODES, LintCode

_HEAD = """# lint 的代码

本页由程序从代码表生成，请勿手改。

`juesuan-rules lint 规则包…` 先报告 `check` 的全部错误和警告（E、W 开头，见[规则语言参考](language-reference.zh-CN.md)），
再报告下面各项。级别：错误（规则包不能用，或必定误报）、警告（应当改）、提示（知道就行）。有错误时退出码为 3，有警告时为 1。

- `--fix` 改掉表中“可自动改”的问题，并列出改了什么；`--diff` 只列出会改的行。只在原处改字，注释不动，含义不变。
- `--deep` 另查没有条件的线性核对之间的矛盾和多余（L310 以后），用精确的有理数计算；不等式要装 `z3-solver`。
- 某一处确实不必改的，在那条规则（或那一项）里写注释：`# lint: 忽略 L203 因为……`；写在文件最前面就对整个文件有效。
  必须写原因；没有用到的会报告；错误不能忽略。

| 代码 | 级别 | 内容 | 可自动改 |
|---|---|---|---|
"""


def generate_pages(said: Mapping[str, str]) -> str:
    """The whole page as Markdown. said: what lint says of the bad example of every code."""
    rows = [f"| [{one.code}](#{_anchor(one)}) | {one.level} | {one.title} | {'是' if one.fixable else ''} |" for one in CODES]
    return _HEAD + "\n".join(rows) + "\n\n" + "\n".join(_section(one, said[one.code]) for one in CODES)


def _anchor(one: LintCode) -> str:
    return f"{one.code.lower()}-" + "".join(c for c in one.title.replace(" ", "-") if c.isalnum() or c == "-").lower()


def _section(one: LintCode, said: str) -> str:
    deep = "只在 `--deep` 时核查。\n\n" if one.deep else ""
    fix = f"`--fix`：{one.fix}\n\n" if one.fix else ""
    return f"## {one.code} {one.title}\n\n{one.level}。{one.explanation}\n\n为什么：{one.why}\n\n{deep}{fix}{_example(one, said)}"


def _example(one: LintCode, said: str) -> str:
    path = one.example.path.partition("/")[2]
    bad = _block(f"不好（{path}）：", one.example.bad) if one.example.bad else f"不好：没有 {path}。\n\n"
    bad += f"lint 说：\n\n```text\n{said}\n```\n\n"
    return bad + (_block("好：", one.example.good) if one.example.good else f"好：没有 {path}。\n\n")


def _block(title: str, text: str) -> str:
    lines = text.splitlines()
    shown = lines if len(lines) <= 40 else [*lines[:12], f"# …… 共 {len(lines)} 行"]
    return f"{title}\n\n```yaml\n" + "\n".join(shown) + "\n```\n\n"
