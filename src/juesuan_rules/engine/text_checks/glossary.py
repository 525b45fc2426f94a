"""名词解释齐全(): the items explained against the items used."""

from __future__ import annotations

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import GLOSSARY
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, clip, no_text, verdict
from juesuan_rules.findings import Operand
from juesuan_rules.names import label
from juesuan_rules.reports.model import Row, Sentence, Table

_TABLES = ("支出决算表", "一般公共预算财政拨款支出决算表", "政府性基金预算财政拨款收入支出决算表", "国有资本经营预算财政拨款支出决算表")
_PATH = Pattern(r"(?:([^（）：。，]{2,30}(?:（[^）]{1,3}）[^（）：。，]{0,20})?)（类）)?(?:[^：。，]{2,40}（款）)?([^：。，]{2,40})（项）")
_FEWEST = 2
_IDLE = 3


def terms_complete(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """Where the glossary explains 科目: those used and not explained, and those explained and not used."""
    lack = no_text(books)
    if lack:
        return lack
    explained = _explained(books)
    used = _used(books)
    if len(explained) < _FEWEST or not used:
        return [Structural("", "not_applicable", "名词解释没有逐项解释科目" if used else "没有支出科目可以对照", reason="全空")]
    text = "".join(label(s.text) for s in books.report.prose.sentences if s.role == GLOSSARY)
    lacking = [(name, table, row) for name, (table, row) in used.items() if name not in text]
    idle = [(name, sentence) for name, sentence in explained.items() if not any(name in other or other in name for other in used)]
    found = []
    if lacking:
        operands = tuple([Operand(f"{t.spec.id}[{r.key}]", None, r.raw_label, None, r.place) for _, t, r in lacking[:10]])
        names = "、".join(f"“{r.raw_label.strip()}”" for _, _, r in lacking[:4])
        found.append(Structural("没有解释", "fail", f"名词解释没有解释用到的 {len(lacking)} 个项级科目：{names}{' 等' if len(lacking) > 4 else ''}", operands=operands))
    if len(idle) >= _IDLE:
        spots = [Spot(f"“{clip(s.marker + s.text, 30)}”", s.text, s.place, "名词解释") for _, s in idle]
        found += verdict(spots, f"名词解释解释了本报告没有的 {len(idle)} 个科目", "", key="没有用到")
    return found or [Structural("", "pass", f"用到的 {len(used)} 个项级科目都有解释")]


def _explained(books: Books) -> dict[str, Sentence]:
    found: dict[str, Sentence] = {}
    for sentence in books.report.prose.sentences:
        if sentence.role == GLOSSARY and (path := _PATH.match(sentence.text)):
            found.setdefault(label(path.group(2).rsplit("）", 1)[-1] or path.group(2)), sentence)
    return found


def _used(books: Books) -> dict[str, tuple[Table, Row]]:
    found: dict[str, tuple[Table, Row]] = {}
    for name in _TABLES:
        table = books.report.tables.get(name)
        if table is None or books.lack("", name) is not None:
            continue
        for block in table.blocks.values():
            for row in block.rows:
                if row.level == 3:
                    found.setdefault(label(row.raw_label or row.label), (table, row))
    return found
