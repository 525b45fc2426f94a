"""Record sets of the generic statements: 占比, 增减, 完成率, 其中, 声明无.

A statement takes its figures from mentions only; what was not stated is blank and never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from juesuan_rules.amounts import UNITS, Amount
from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.catalogue.records import CHANGES, COMPLETIONS, NONE, PARTS, SHARES, STATEMENT_COLUMNS, record_specs
from juesuan_rules.documents.model import NOWHERE, GridBlock, Place
from juesuan_rules.reports.model import BlockData, Row, Sentence, Table
from juesuan_rules.reports.prose.denials import find_denials
from juesuan_rules.reports.prose.lexicon import DOWN, LEVEL
from juesuan_rules.reports.prose.model import At, Mention, figure_at
from juesuan_rules.reports.prose.relations import is_budget
from juesuan_rules.reports.prose.wholes import Wholes

_LONGEST_KEY = 40
_BLANK = Amount("", "blank", unit="")


def statement_tables(sentences: tuple[Sentence, ...], mentions: tuple[Mention, ...], layout: Layout) -> dict[str, Table]:
    """The record sets of what the prose states in general, by name; those of nothing are there and empty."""
    specs = {spec.id: spec for spec in (layout.records or record_specs(()))}
    writer = _Writer(sentences, mentions)
    fill = {SHARES: writer.shares, CHANGES: writer.changes, COMPLETIONS: writer.completions, PARTS: writer.parts, NONE: writer.denials}
    tables = {}
    for name, read in fill.items():
        if name in specs:
            records = _Records(specs[name])
            read(records)
            tables[name] = records.table()
    return tables


def signed(amount: Amount, direction: str) -> Amount:
    """The change with its sign: 减少 is negative, whichever sign was printed with it; else as printed."""
    if amount.value is None or direction not in ("增加", DOWN):
        return _BLANK if direction != LEVEL else amount
    if direction == DOWN and amount.value > 0:
        return replace(amount, value=-amount.value)
    return amount


def base_period(base: str) -> str:
    """What a change is relative to, in one word: 上年, 年初预算, 上年预算, 预算, else as printed."""
    if not is_budget(base):
        return "上年" if base else ""
    if "上年" in base or "去年" in base:
        return "上年预算"
    if "年初" in base:
        return "年初预算"
    return next((word + "预算" for word in ("全年", "调整") if word in base), "预算")


class _Records:
    """Rows of one record set in the making."""

    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.names = [name for name, _ in STATEMENT_COLUMNS[spec.id]]
        self.rows: list[Row] = []
        self.columns: dict[str, list[Amount]] = {name: [] for name in self.names}
        self.used: dict[str, int] = {}

    def add(self, subject: str, place: Place, values: dict[str, Amount], level: int = 0, role: str = "明细", parent: str | None = None, prefix: str = "") -> str:
        """Add a row; its key."""
        short = prefix + short_name(subject)
        number = self.used[short] = self.used.get(short, 0) + 1
        key = short if number == 1 else f"{short}#{number}"
        self.rows.append(Row(key, subject, subject, level=level, role=role, parent=parent, place=place))
        for name in self.names:
            self.columns[name].append(values.get(name, _BLANK))
        return key

    def table(self) -> Table:
        """The finished record set."""
        block = self.spec.blocks[0]
        blank = tuple([_BLANK] * len(self.rows))
        columns = {column.name: tuple(self.columns[column.name]) if column.name in self.columns else blank for column in block.columns}
        data = BlockData(block, tuple(self.rows), columns)
        return Table(self.spec, self.spec.id, "元", {block.name: data}, GridBlock(()), empty=not self.rows)


def short_name(subject: str) -> str:
    """The last name of a 类/款/项 path, any other subject itself, cut to a key's length."""
    for mark in ("（项）", "(项)", "（款）", "(款)"):
        if subject.endswith(mark):
            head = subject[: -len(mark)]
            for end in ("）", ")"):
                for kind in ("类", "款"):
                    head = head.rpartition(f"{kind}{end}")[2] or head
            return head[-_LONGEST_KEY:]
    return subject[:_LONGEST_KEY]


class _Writer:
    def __init__(self, sentences: tuple[Sentence, ...], mentions: tuple[Mention, ...]) -> None:
        self.sentences = sentences
        self.mentions = mentions
        self.wholes = Wholes(sentences, mentions)
        self.values = {mention.at: mention for mention in mentions if mention.aspect == "值"}

    def amount(self, at: At | None) -> Amount:
        """The figure at a position; a blank where there is none."""
        figure = figure_at(self.sentences, at)
        return figure.amount if figure is not None else _BLANK

    def money(self, at: At | None) -> Amount:
        """The figure there if it is money, else a blank."""
        amount = self.amount(at)
        return amount if amount.unit in UNITS else _BLANK

    def text(self, text: str, at: At) -> Amount:
        """A text cell, placed at its sentence."""
        return Amount(text, "text", unit="文字", place=self.place(at)) if text else _BLANK

    def place(self, at: At) -> Place:
        """Where the sentence stands."""
        return self.sentences[at[0]].place if at[0] < len(self.sentences) else NOWHERE

    def shares(self, records: _Records) -> None:
        """占比; the shares of all parts of one stated total under a row of that total, which has no percentage."""
        lists, keys = self._shared_lists(), dict[At, str]()
        for mention in self.mentions:
            if mention.aspect != "占比":
                continue
            whole, name = self.wholes.of(mention)
            part = self.amount(mention.value_at)
            if (part.unit not in UNITS and part.unit) or (whole is None and not mention.base and mention.value_at is None):
                continue
            values = {
                "部分": part, "总体": self.money(whole), "百分比": self.amount(mention.at),
                "主体": self.text(mention.subject, mention.at), "总体名": self.text(name, mention.at),
            }  # fmt: skip
            total = lists.get(mention.at)
            if total is not None and total.at not in keys:
                keys[total.at] = records.add(total.subject, self.place(total.at), {"主体": self.text(total.subject, total.at)}, 1, "合计", None, "各占比之和：")
            parent = keys[total.at] if total is not None else None
            records.add(mention.subject, self.place(mention.at), values, 2 if parent else 0, "明细", parent)

    def _shared_lists(self) -> dict[At, Mention]:
        """Share → the total of its list, where each part of the list has its share of it and the parts are all of it."""
        found: dict[At, Mention] = {}
        shares: dict[At, Mention] = {}
        for mention in self.mentions:
            if mention.aspect == "占比" and mention.value_at is not None:
                shares.setdefault(mention.value_at, mention)
        for parts in self._lists().values():
            total = self.values.get(parts[0].parent) if parts[0].parent is not None else None
            told = [shares[part.at] for part in parts if part.at in shares]
            if total is None or len(told) < max(len(parts), 2) or not self._adds_up(total, parts):
                continue
            if all(self.wholes.of(share)[0] == total.at for share in told):
                found |= {share.at: total for share in told}
        return found

    def _adds_up(self, total: Mention, parts: Sequence[Mention]) -> bool:
        """Whether the parts are printed as all of a total that is not 0, as far as rounding tells."""
        whole, amounts = self.amount(total.at), [self.amount(part.at) for part in parts]
        if not whole.value or any(one.value is None or one.unit not in UNITS for one in (whole, *amounts)):
            return False
        apart = abs(sum(Fraction(one.value or 0) for one in amounts) - Fraction(whole.value))
        return apart <= sum(Fraction(one.half) for one in (whole, *amounts))

    def changes(self, records: _Records) -> None:
        """增减."""
        for group in self._changes():
            first = group[0]
            by_aspect = {mention.aspect[-1]: mention for mention in group}
            money, rate = by_aspect.get("额"), by_aspect.get("率")
            change = self.amount(money.at) if money is not None else _BLANK
            if change.unit and change.unit not in UNITS:
                continue
            direction = next((one.direction for one in (money, rate) if one is not None and one.direction), "")
            percent = self.amount(rate.at) if rate is not None else _BLANK
            value_at = next((one.value_at for one in group if one.value_at is not None), None)
            values = {
                "本年": self.money(value_at), "增减额": change, "带符号增减额": signed(change, money.direction if money is not None else ""),
                "增减率": percent, "带符号增减率": signed(percent, rate.direction if rate is not None else ""),
                "基数": self.money(next((one.base_at for one in group if one.base_at is not None), None)),
                "方向": self.text(direction, first.at), "基期": self.text(base_period(first.base), first.at),
                "主体": self.text(first.subject, first.at), "原因": self.text(next((one.reason for one in group if one.reason), ""), first.at),
            }  # fmt: skip
            records.add(first.subject, self.place(first.at), values)

    def _changes(self) -> list[list[Mention]]:
        """Mentions of change, the amount and the percentage of one statement together."""
        groups: list[list[Mention]] = []
        for mention in self.mentions:
            if not mention.aspect.endswith(("增减额", "增减率")):
                continue
            last = groups[-1] if groups else []
            if (
                last
                and (last[0].subject, last[0].base, last[0].value_at) == (mention.subject, mention.base, mention.value_at)
                and last[0].at[0] == mention.at[0]
                and all(one.aspect != mention.aspect for one in last)
                and LEVEL not in (last[0].direction, mention.direction)
            ):
                last.append(mention)
            else:
                groups.append([mention])
        return groups

    def completions(self, records: _Records) -> None:
        """完成率."""
        for mention in self.mentions:
            if mention.aspect != "完成率":
                continue
            values = {
                "决算": self.money(mention.value_at), "预算": self.money(mention.base_at), "百分比": self.amount(mention.at),
                "方向": self.text(mention.direction, mention.at), "口径": self.text(base_period(mention.base) or "预算", mention.at),
                "主体": self.text(mention.subject, mention.at), "原因": self.text(mention.reason, mention.at),
            }  # fmt: skip
            records.add(mention.subject, self.place(mention.at), values)

    def parts(self, records: _Records) -> None:
        """其中: closed lists, and those of the budgets of the same subjects."""
        lists = self._lists()
        budgets = {mention.value_at: mention for mention in self.mentions if mention.aspect == "预算数" and mention.value_at is not None}
        for parts in lists.values():
            total = self.values.get(parts[0].parent) if parts[0].parent is not None else None
            if total is None or len(parts) < 2:
                continue
            units = {self.amount(one.at).unit for one in (total, *parts)}
            if units <= set(UNITS) or len(units) == 1:
                self._tree(records, total, parts, "" if units <= set(UNITS) else "数量：")
            planned = [budgets.get(one.at) for one in (total, *parts)]
            known = [one for one in planned if one is not None]
            if len(known) == len(planned) and len({base_period(one.base) for one in known}) == 1:
                self._tree(records, known[0], known[1:], "预算：")

    def _lists(self) -> dict[int, list[Mention]]:
        """The parts of every closed list."""
        lists: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            if mention.part_of and mention.aspect == "值" and not mention.open_list and mention.parent is not None:
                lists.setdefault(mention.part_of, []).append(mention)
        return lists

    def _tree(self, records: _Records, total: Mention, parts: Sequence[Mention], prefix: str) -> None:
        key = records.add(total.subject, self.place(total.at), self._part(total), 1, "合计", None, prefix)
        for part in parts:
            records.add(part.subject, self.place(part.at), self._part(part), 2, "明细", key, prefix)

    def _part(self, mention: Mention) -> dict[str, Amount]:
        amount = self.amount(mention.at)
        return {"金额": amount, "主体": self.text(mention.subject, mention.at), "计量": self.text(amount.unit, mention.at)}

    def denials(self, records: _Records) -> None:
        """声明无."""
        for index, subject in find_denials(self.sentences):
            records.add(subject, self.sentences[index].place, {"主体": self.text(subject, (index, -1))})
