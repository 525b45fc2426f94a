"""Change the wording of the 情况说明 without changing what it says: every difference in the verdicts is a defect of reading.

    python benchmarks/prose/rewording.py [REPORT …] [--json OUT] [--list 10]

Each transformation is made in every sentence of the 情况说明 it fits, all at once, and the report is read and
judged again. A verdict is its rule, its subject and its outcome; 相符 within rounding is 相符.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from msgspec.structs import replace

from judging import Bench, default_reports
from juesuan_rules.documents.model import Document, TextBlock
from juesuan_rules.findings import Finding
from juesuan_rules.reports.model import Report

Rewrite = Callable[[str], str]
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_KEPT = ("pass", "fail", "doubtful", "undecided")


def _words(*pairs: tuple[str, str]) -> Rewrite:
    """Replaces patterns by text, each place once, in the order given."""
    rules = [(re.compile(old), new) for old, new in pairs]

    def rewrite(text: str) -> str:
        for old, new in rules:
            text = old.sub(new, text)
        return text

    return rewrite


def _separators(text: str) -> str:
    """1234.56 as 1,234.56."""
    return re.sub(r"(?<![\d.,])(\d{4,})(\.\d+)?(?=万?元)", lambda m: f"{int(m[1]):,}{m[2] or ''}", text)


def _without_separators(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def _yuan(text: str) -> str:
    """万元 with two decimals as 元."""
    return re.sub(rf"(?<![\d.,])({_NUMBER})万元(?!以上|（)", lambda m: f"{_plain(Fraction(m[1].replace(',', '')) * 10000)}元", text)


def _plain(number: Fraction) -> str:
    whole, cents = divmod(int(number * 100), 100)
    return f"{whole}.{cents:02d}" if cents else str(whole)


def _full_width(text: str) -> str:
    """Figures and the signs in them in full width."""
    return re.sub(r"[\d.%]+(?=[万%元个辆批人台]|[。；，、）])", lambda m: "".join(chr(ord(c) + 0xFEE0) for c in m[0]), text)


def _bracketed_parts(text: str) -> str:
    """其中：a b 元 at the end of a sentence in brackets."""
    return re.sub(r"[，；](其中：?[^，。；（）]{2,30}\d万元)。", r"（\1）。", text)


REWORDINGS: dict[str, Rewrite] = {
    "增加→增长": _words((rf"增加(?=\s*{_NUMBER})", "增长")),
    "增长→上升": _words((rf"增长(?=\s*{_NUMBER})", "上升")),
    "增长→提高": _words((rf"增长(?=\s*{_NUMBER})", "提高")),
    "增加→增加了": _words((rf"(?<!比)(增加|减少|下降|增长)(?=\s*{_NUMBER})", r"\1了")),
    "减少→下降": _words((rf"减少(?=\s*{_NUMBER})", "下降")),
    "下降→降低": _words((rf"下降(?=\s*{_NUMBER})", "降低")),
    "与上年相比→比上年": _words((r"与上年(?:决算数?)?相比，(?:今年)?", "比上年"), (r"与(20\d\d)年(?:度)?(?:决算数?)?相比，", r"比\1年")),
    "比上年→较上年": _words((r"比上年(?:决算数?|同期)?", "较上年"), (r"比(20\d\d)年(?:度)?(?:决算数?)?", r"较\1年")),
    "比上年→与上年相比，": _words((r"[比较]上年(?:决算数?|同期)?(?=[增减下上])", "与上年相比，")),
    "与上年相比→同比": _words((r"与上年(?:决算数?)?相比，(?:今年)?(?=[增减下上])", "同比"), (r"[比较]上年(?:决算数?|同期)?(?=[增减下上])", "同比")),
    "完成年初预算的→为年初预算的": _words((r"完成((?:年初|调整|全年)?预算数?)的", r"为\1的")),
    "完成年初预算的→完成年初预算": _words((rf"完成((?:年初|调整|全年)?预算数?)的(?=\s*{_NUMBER})", r"完成\1")),
    "完成年初预算的→占年初预算的": _words((rf"完成((?:年初|调整|全年)?预算数?)的(?=\s*{_NUMBER})", r"占\1的")),
    "决算数大于年初预算数→大于预算": _words((r"(?:支出)?决算数([大小])于(年初)?预算数?", r"支出决算\1于\2预算")),
    "其中：→其中": _words((r"其中[：:]", "其中")),
    "其中：→其中，": _words((r"其中[：:]", "其中，")),
    "包括：→其中：": _words((r"包括[：:]", "其中：")),
    "占…的→占…": _words((rf"的(?=\s*{_NUMBER}%)", "")),
    "占比为": _words((rf"，占([^，。；：\d比为\s]{{2,30}}?)\s*的?\s*({_NUMBER}%)", r"，占\1的比重为\2"), (rf"，占\s*({_NUMBER}%)", r"，占比为\1")),
    "万元前加为": _words((rf"(支出|收入|经费|费)({_NUMBER}万元)", r"\1为\2")),
    "全角数字": _full_width,
    "半角标点": _words(("，", ","), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")")),
    "数字两边空格": _words((rf"(?<![\d.])({_NUMBER})(?=[万元%个辆批人台])", r" \1 ")),
    "千分位": _separators,
    "去千分位": _without_separators,
    "万元→元": _yuan,
    "；→。": _words((r"；(?=[^）\n]*$)", "。"), (r"；(?=[^（）]*(?:（|$))", "。")),
    "，→；（其中前）": _words((r"，其中", "；其中")),
    "其中入括号": _bracketed_parts,
    "主要原因是→主要是因为": _words((r"主要原因(?:是|为)：?", "主要是因为"), (r"变动原因：", "主要原因是")),
    "本年→2023年度样式": _words((r"今年", "本年度"), (r"本年(?=[收支])", "当年")),
    "决算数→决算": _words(
        (r"决算数(?=为)", "决算"),
    ),
}
"""Name → what it does to the text of one line."""


@dataclass(frozen=True)
class Difference:
    """Verdicts that only one of the two texts led to: (rule, subject, outcome)."""

    name: str
    lines: int
    lost: list[tuple[str, str, str]]
    new: list[tuple[str, str, str]]
    read: tuple[int, int]


def explained_lines(bench: Bench) -> set[int]:
    """Blocks of the document that a sentence of the 情况说明 stands in."""
    blocks = bench.document.blocks
    at = {block.place: n for n, block in reversed([*enumerate(blocks)]) if isinstance(block, TextBlock)}
    sentences, found = bench.report.prose.sentences, set()
    for n in bench.report.prose.explained:
        first = at.get(sentences[n].place)
        last = at.get(sentences[n + 1].place, first) if n + 1 < len(sentences) else first
        if first is not None and last is not None:
            found |= {m for m in range(first, max(last, first + 1)) if isinstance(blocks[m], TextBlock)}
    return found


def reworded(bench: Bench, rewrite: Rewrite) -> tuple[Document, int]:
    """The document with every line of the 情况说明 rewritten, and how many lines changed."""
    lines = explained_lines(bench)
    blocks = list(bench.document.blocks)
    changed = 0
    for n in lines:
        block = blocks[n]
        assert isinstance(block, TextBlock)
        text = rewrite(block.text)
        if text != block.text:
            blocks[n], changed = replace(block, text=text), changed + 1
    return replace(bench.document, blocks=tuple(blocks)), changed


def verdicts(bench: Bench, report: Report) -> Counter[tuple[str, str, str]]:
    """What is told of each subject; where nothing applies nothing is told."""
    return Counter((f.rule, _subject(f), f.outcome) for f in bench.judge(report, bench.whole) if f.outcome in _KEPT and f.reason != "未提取")


def _subject(finding: Finding) -> str:
    return finding.check + "|" + finding.key.translate(_SAME).replace("当年", "本年")


_SAME = str.maketrans({"（": "(", "）": ")", "，": ",", "：": ":", " ": None})


def compare(bench: Bench, name: str, rewrite: Rewrite, before: Counter[tuple[str, str, str]]) -> Difference:
    """The differences one transformation makes."""
    document, lines = reworded(bench, rewrite)
    report = bench.read_prose(document)
    after = verdicts(bench, report)
    return Difference(name, lines, sorted((before - after).elements()), sorted((after - before).elements()), report.prose.share)


def main() -> int:
    """Print a line per transformation and what differs."""
    from tabulate import tabulate

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--list", type=int, default=6, help="how many differences to list per transformation")
    options = parser.parse_args()
    results = []
    for path in options.reports or default_reports():
        bench = Bench(path)
        if not bench.prose:
            continue
        before = verdicts(bench, bench.read_prose(bench.document))
        found = [compare(bench, name, rewrite, before) for name, rewrite in REWORDINGS.items()]
        rows = [
            [d.name, d.lines, len(d.lost), len(d.new), sum(o in ("fail", "doubtful") for _, _, o in d.new), f"{d.read[0]}/{d.read[1]}"]
            for d in found
            if d.lines
        ]
        share = bench.report.prose.share
        print(f"\n{path.name}（结论 {before.total()}，读到 {share[0]}/{share[1]}）")
        print(tabulate(rows, headers=["改写", "行", "少了", "多了", "其中误报", "读到"]))
        for d in found:
            for sign, told in (("-", d.lost), ("+", d.new)):
                for rule, subject, outcome in told[: options.list]:
                    print(f"  {d.name}  {sign} {rule} {outcome} {subject[:70]}")
        results.append({"report": path.name, "verdicts": before.total(), "differences": [vars(d) for d in found]})
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
