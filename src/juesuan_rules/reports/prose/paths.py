"""Which 科目 a name or a 类/款/项 path in prose means: by the tables of this very report, then by a dictionary.

A path that the tables and the dictionary do not know gets a key made of its names, so that a full
outer join with a table reports it; a name that several codes share is told apart by its path, by
what the text was about before, and by the order of codes, never by its figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.names import fold, label
from juesuan_rules.reports.model import Table

LEVELS = {"类": 1, "款": 2, "项": 3}
WIDTHS = {1: 3, 2: 5, 3: 7}
FUNCTION_CODES = "功能科目"
"""The dictionary of functional codes, where a pack has one."""
SHORT_NAMES = "经济科目简称"
"""The dictionary of what prose calls economic codes for short."""

_MARK = re.compile(r"\(([类款项])(?:级|级科目|级支出)?\)")
_CODE = re.compile(r"^\(?(\d{7}|\d{5}|\d{3})\)?(?!\d)|\((\d{7}|\d{5}|\d{3})\)")
_DASH = re.compile(r"[-/>→·|]+")
_IDLE_TAIL = re.compile(r"^(?:支出|决算数?|科目|预算|方面|等|的|,|:|\.|\d|\(|\))*$")
_LOOSE_END = re.compile(r"(?:级?科目|决算数?|合计)$")


class Path(msgspec.Struct, frozen=True):
    """A 科目 as the text names it: names with their levels (0 where no （类）… says so), and a printed code."""

    names: tuple[tuple[str, int], ...]
    code: str = ""
    marked: bool = False
    """Whether （类）, （款） or （项） or a code stands with it, so that it surely is a 科目."""


class Found(msgspec.Struct, frozen=True):
    """What a path means. key: its code, else its names joined; code: None where it did not resolve."""

    key: str
    label: str
    level: int
    code: str | None = None


class Chart(msgspec.Struct, frozen=True):
    """Codes and what they are called. printed: the codes of this report's tables."""

    names: dict[str, tuple[str, ...]]
    exact: dict[str, tuple[str, ...]]
    loose: dict[str, tuple[str, ...]]
    printed: frozenset[str] = frozenset()


def stem(name: str) -> str:
    """A 科目's name without what prose adds or drops at will: 支出 at the end, 的, 费用 for 费."""
    text = fold(name).replace("的", "").replace('"', "").replace("(境)", "")
    while (shorter := _LOOSE_END.sub("", text)) != text and shorter:
        text = shorter
    if text.endswith("支出") and len(text) > 3:
        text = text[:-2]
    return text[:-1] if text.endswith("费用") else text


def make_chart(entries: Iterable[tuple[str, str]], printed: Iterable[str] = ()) -> Chart:
    """A chart of (code, name) pairs; a code may come several times under other names."""
    names: dict[str, list[str]] = {}
    exact: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    for code, name in entries:
        folded, root = fold(name), stem(name)
        for index, known in ((names, (code, root)), (exact, (folded, code)), (loose, (root, code))):
            values = index.setdefault(known[0], [])
            if known[1] not in values:
                values.append(known[1])
    return Chart(_tuples(names), _tuples(exact), _tuples(loose), frozenset(printed))


def function_chart(tables: Mapping[str, Table], layout: Layout) -> Chart:
    """Functional codes: rows of the report's own tables, the 类 of the layout, the packs' dictionary."""
    printed = list(_printed(tables, "功能"))
    standard = [
        (row.key, name)
        for table in layout.tables
        for block in table.blocks
        for row in block.rows
        if len(row.key) == 3 and row.key.isdigit() and row.key.startswith("2")
        for name in (row.label, *row.aliases)
    ]
    listed = [pair for book in layout.dictionaries if book.name == FUNCTION_CODES for pair in book.entries]
    return make_chart([*printed, *standard, *listed], [code for code, _ in printed])


def economy_chart(tables: Mapping[str, Table], layout: Layout) -> Chart:
    """Economic codes: rows of the report's own 基本明细表, then those of the layout with all their names."""
    printed = list(_printed(tables, "经济"))
    standard = [
        (row.key, name)
        for table in layout.tables
        if table.chart == "经济"
        for block in table.blocks
        for row in block.rows
        if row.key.isdigit()
        for name in (row.label, *row.aliases)
    ]
    short = [(code, name) for book in layout.dictionaries if book.name == SHORT_NAMES for name, code in book.entries]
    return make_chart([*printed, *standard, *short], [code for code, _ in printed or standard])


def read_path(subject: str) -> Path | None:
    """The path a noun phrase gives; None where it is empty. Never looks anything up."""
    text = label(subject)
    code = ""
    if found := _CODE.search(text):
        code = found.group(1) or found.group(2)
        text = text[: found.start()] + text[found.end() :]
    pieces = _MARK.split(text)
    if len(pieces) > 1:
        names = [(_tidy(pieces[i]), LEVELS[pieces[i + 1]]) for i in range(0, len(pieces) - 1, 2)]
        last = names[-1][1]
        if not _IDLE_TAIL.match(pieces[-1]) and last < 3:
            names.append((_tidy(pieces[-1]), last + 1))
        kept = tuple([pair for pair in names if pair[0]])
        return Path(kept, code, True) if kept or code else None
    parts = [_tidy(part) for part in _DASH.split(text)]
    unmarked = tuple([(part, 0) for part in parts if part])
    return Path(unmarked, code, bool(code)) if unmarked or code else None


def resolve(chart: Chart, path: Path, above: tuple[str, ...] = (), after: str = "") -> Found | None:
    """The 科目 that `path` means. None: several codes are possible, or an unmarked phrase is no 科目 at all.

    above: codes the text stands under (its list head, its heading), the nearest last; after: the code
    that was named before, since reports go through them in order.
    """
    if path.code and (path.code in chart.names or not path.names):
        return Found(path.code, path.names[-1][0] if path.names else path.code, _level(path.code), path.code)
    candidates = _candidates(chart, path)
    if not candidates and not path.marked and len(path.names) == 1:
        split = _split_run(chart, path.names[0][0])
        if split is None:
            return None
        path, candidates = split, _candidates(chart, split)
    chosen = _choose(chart, path, candidates, above, after)
    if chosen:
        return Found(chosen, path.names[-1][0], _level(chosen), chosen)
    if path.marked and chosen is None:
        name, level = path.names[-1]
        return Found("/".join([name for name, _ in path.names]), name, level)
    return None


def named(chart: Chart, subject: str) -> str | None:
    """The one code that an unmarked name means: exactly, loosely, or but for a letter; None where none or several."""
    path = read_path(subject)
    if path is None or len(path.names) != 1:
        return None
    if path.code in chart.names:
        return path.code
    root = stem(path.names[0][0])
    codes = _candidates(chart, path) or _misprinted(chart, root) or _shortened(chart, root)
    deepest = [code for code in codes if code in chart.printed] or list(codes)
    return deepest[0] if len(set(deepest)) == 1 else None


# ------------------------------------------------------------------ choosing among codes


def _candidates(chart: Chart, path: Path) -> list[str]:
    """Codes whose name is the path's last, at its level: printed alike, else loosely, else but for a letter."""
    if not path.names:
        return []
    name, level = path.names[-1]
    root = stem(name)
    for codes in (chart.exact.get(fold(name), ()), chart.loose.get(root, ()), chart.loose.get(stem(name.removesuffix("类")), ())):
        fitting = [code for code in codes if not level or _level(code) == level]
        if fitting:
            return fitting
    # An unmarked phrase is seldom a 科目 at all: no guessing at its letters.
    return [code for code in _misprinted(chart, root) if _level(code) == level] if path.marked and level else []


def _choose(chart: Chart, path: Path, candidates: list[str], above: tuple[str, ...], after: str) -> str | None:
    """One code; "" where several remain; None where none can be meant."""
    upper = path.names[:-1]
    fitting = [code for code in candidates if all(_stands_under(chart, code, name, level) is not False for name, level in upper)]
    fitting = _best(fitting, lambda code: sum(_closeness(chart, code, name, level) for name, level in upper))
    fitting = [code for code in fitting if code in chart.printed] or fitting
    for head in reversed(above):
        fitting = [code for code in fitting if code.startswith(head) and code != head] or fitting
    if len(fitting) > 1 and not path.names[-1][1]:
        top = min(map(_level, fitting)) if not above and not after else 0
        fitting = [code for code in fitting if _level(code) == top] or fitting
    if len(fitting) > 1 and after:
        later = sorted(code for code in fitting if code > after)
        return later[0] if later else ""
    return fitting[0] if len(fitting) == 1 else "" if fitting else None


def _stands_under(chart: Chart, code: str, name: str, level: int) -> bool | None:
    """Whether the code's 类 or 款 is called `name`; None where nothing is called so (a misprint, an old name)."""
    root = stem(name)
    uppers = [code[: WIDTHS[level]]] if level in (1, 2) else [code[:3], code[:5]]
    known = [own for upper in uppers for own in chart.names.get(upper, ())]
    if not known:
        return None
    if root in known or any(_near(root, own) for own in known):
        return True
    return False if root in chart.loose else None


def _closeness(chart: Chart, code: str, name: str, level: int) -> int:
    """How well the code's 类 or 款 is called `name`: to the letter 2 (政府办公厅, 党委办公厅), but for a letter or two 1, else 0."""
    if _stands_under(chart, code, name, level) is not True:
        return 0
    uppers = [code[: WIDTHS[level]]] if level in (1, 2) else [code[:3], code[:5]]
    root = stem(name)
    return 2 if any(root in chart.names.get(upper, ()) for upper in uppers) else 1


def _split_run(chart: Chart, name: str) -> Path | None:
    """一般公共服务支出财政事务行政运行, without a mark between, taken apart at names the chart knows."""
    text, names = fold(name), []
    for level in (1, 2):
        cuts = [at for at in range(len(text) - 1, 1, -1) if any(_level(code) == level for code in chart.exact.get(text[:at], ()))]
        if cuts:
            names.append((text[: cuts[0]], level))
            text = text[cuts[0] :]
    if not names or not (text in chart.exact or stem(text) in chart.loose):
        return None
    return Path((*names, (text, 0)))


def _misprinted(chart: Chart, root: str) -> list[str]:
    """Printed codes whose name differs by one letter (two in a long one): 职年金缴费 for 职业年金缴费."""
    if len(root) < 4:
        return []
    return [code for code in sorted(chart.printed) if any(_near(root, own) for own in chart.names.get(code, ()))]


def _shortened(chart: Chart, root: str) -> list[str]:
    """Printed codes whose name holds the letters of a shortened one in order: 物业费 for 物业管理费."""
    if len(root) < 3:
        return []
    return [
        code
        for code in sorted(chart.printed)
        if any(own[0] == root[0] and own[-1] == root[-1] and len(own) <= len(root) + 4 and _in_order(root, own) for own in chart.names.get(code, ()) if own)
    ]


def _near(a: str, b: str) -> bool:
    """At most one letter put in, left out or changed; two where both have eight letters or more. 其他… only by the rest."""
    allowed = 2 if min(len(a), len(b)) >= 8 else 1 if min(len(a), len(b)) >= 4 else 0
    if a == b or not allowed or abs(len(a) - len(b)) > allowed or (a[0] != b[0] and a[-1] != b[-1]) or a.startswith("其他") != b.startswith("其他"):
        return a == b
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1] <= allowed and not _other_kind(a, b)


def _other_kind(a: str, b: str) -> bool:
    """行政单位医疗 and 事业单位医疗 differ by two letters and are two things."""
    return ("行政" in a) != ("行政" in b) or ("事业" in a) != ("事业" in b)


def _in_order(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _best(codes: list[str], score: Callable[[str], int]) -> list[str]:
    scores = [score(code) for code in codes]
    return [code for code, own in zip(codes, scores, strict=True) if own == max(scores)]


def _printed(tables: Mapping[str, Table], chart: str) -> Iterable[tuple[str, str]]:
    for table in tables.values():
        if table.spec.chart == chart and table.spec.form != "records":
            for block in table.blocks.values():
                for row in block.rows:
                    if row.code or row.key.isdigit():
                        code = row.code or row.key
                        yield code, row.label
                        if row.raw_label and row.raw_label != row.label:
                            yield code, row.raw_label


def _level(code: str) -> int:
    return {3: 1, 5: 2, 7: 3}.get(len(code), 0)


def _tidy(name: str) -> str:
    name = name.replace('"', "")
    return name.strip(",.:;-() ") if name.count("(") == name.count(")") == 0 else name.strip(",.:; -")


def _tuples(index: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in index.items()}
