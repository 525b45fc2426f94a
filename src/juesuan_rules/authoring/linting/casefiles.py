"""Whether rules have been tried: cases that hold and cases that fail (L408–L411).

A case file is only glanced at for its outcomes; it is read as YAML where the glance finds none.
"""

from __future__ import annotations

import re
from pathlib import Path

from juesuan_rules.authoring.cases import FAILING, HOLDING, OUTCOMES
from juesuan_rules.authoring.linting.work import Work
from juesuan_rules.diagnostics import Span
from juesuan_rules.yamlfile import load

_OUTCOME = re.compile(r"""(?:^|[\s{,])outcome:[ \t]*['"]?(\w+)""")
_NEEDED = frozenset(HOLDING), frozenset(FAILING)


def check_cases(work: Work) -> None:
    """Every rule the pack is answerable for, and every case file."""
    folder = work.scope.start.folder / "cases"
    files = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    known = {rule.id for view in work.scope.views if view.own for rule in view.rules} | {written.rule.id for written in work.scope.own_rules}
    for rule, one in {one.rule.id: one for one in reversed(work.authored)}.items():
        path = files.get(rule)
        if path is None:
            work.at(one, "L408", f"规则 {rule} 没有用例", hint=f"写 cases/{rule}.yaml：至少一个应当相符、一个应当不符")
            continue
        outcomes = read_outcomes(path)
        if not outcomes & _NEEDED[1]:
            work.report("L409", f"规则 {rule} 的用例里没有应当不符的", Span(str(path), 1, 1), rule=rule, hint="加一个数字改错的用例，outcome: 不符")
        if not outcomes & _NEEDED[0]:
            work.report("L410", f"规则 {rule} 的用例里没有应当相符的", Span(str(path), 1, 1), rule=rule, hint="加一个数字相符的用例，outcome: 相符")
    for stem, path in files.items():
        if stem not in known:
            work.report("L411", f"规则包里没有规则“{stem}”，这些用例用不到", Span(str(path), 1, 1), hint="改文件名和 rule，或删掉这个文件")


def read_outcomes(path: Path) -> frozenset[str]:
    """The outcomes the cases of a file expect."""
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError):
        return frozenset()
    found = frozenset(OUTCOMES[word] for word in _OUTCOME.findall(text) if word in OUTCOMES)
    if all(found & needed for needed in _NEEDED):
        return found
    data = load(path).data
    cases = data.get("cases") if isinstance(data, dict) else None
    return frozenset(OUTCOMES.get(str(case.get("outcome")), "") for case in cases or () if isinstance(case, dict)) if isinstance(cases, list) else frozenset()
