"""What the words of an expression mean: tables, halves, rows, columns, facts, functions, variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from juesuan_rules.catalogue.model import ColumnSpec, RowSpec, TableSpec
from juesuan_rules.catalogue.records import OWNER
from juesuan_rules.editor.places import FileMap, Region
from juesuan_rules.editor.scanning import QUANTIFIERS, Chain, Link, Token, chains, scan
from juesuan_rules.editor.views import PackView
from juesuan_rules.language import syntax as s
from juesuan_rules.language.addresses import Target
from juesuan_rules.language.context import Context
from juesuan_rules.language.functions import Builtin, find_builtin
from juesuan_rules.language.layoutnames import GROUPS, BlockNames, LayoutNames
from juesuan_rules.language.lookup import SCOPES, find_target
from juesuan_rules.language.parse import parse_text
from juesuan_rules.language.values import form_of
from juesuan_rules.names import fold, label

_MAX_CHAIN = 400


class Meaning(msgspec.Struct, frozen=True):
    """What one word means. what: table records scope block column row group variable function, or ""."""

    what: str
    token: Token
    table: TableSpec | None = None
    block: BlockNames | None = None
    column: ColumnSpec | None = None
    row: RowSpec | None = None
    chain: Chain | None = None
    builtin: Builtin | None = None


class Expression(msgspec.Struct, frozen=True, dict=True):
    """One expression with the names it may use. Offsets are those of the expression."""

    region: Region
    names: LayoutNames
    fixed: TableSpec | None = None
    others: tuple[str, ...] = ()
    """The rule's other expressions: tables they name may be meant by bare labels."""

    @cached_property
    def tokens(self) -> list[Token]:
        """Its tokens."""
        return scan(self.region.text)

    @cached_property
    def chains(self) -> list[Chain]:
        """Its addresses."""
        return list(chains(self.tokens))

    @cached_property
    def tables(self) -> tuple[TableSpec, ...]:
        """The printed tables bare labels are looked up in: those named here, else in the rule's other expressions."""
        own = _mentioned(self.chains, self.names)
        if own:
            return own
        return tuple({t.id: t for text in self.others for t in _mentioned(chains(scan(text)), self.names)}.values())

    @cached_property
    def variables(self) -> dict[str, Chain]:
        """Variables by name, each with the address of the rows it goes through."""
        found: dict[str, Chain] = {}
        tokens = self.tokens
        for at, token in enumerate(tokens[:-3]):
            if token.kind == "keyword" and token.text in QUANTIFIERS and tokens[at + 1].kind == "name" and tokens[at + 2].text == "属于":
                domain = next((c for c in self.chains if c.start == tokens[at + 3].start), None)
                if domain is not None:
                    found[tokens[at + 1].text] = domain
        return found

    def token_at(self, offset: int) -> Token | None:
        """The token an offset stands in or at the end of."""
        found = [t for t in self.tokens if t.start <= offset <= t.end]
        inside = [t for t in found if offset < t.end]
        words = [t for t in found if t.kind in ("name", "string", "number", "keyword")]
        if words:
            return next((t for t in inside if t in words), words[0])
        return inside[0] if inside else None

    def meaning_at(self, offset: int) -> Meaning | None:
        """What the word at an offset means; None where there is no word."""
        token = self.token_at(offset)
        if token is None:
            return None
        for chain in self.chains:
            for number, link in enumerate(chain.links):
                if link.token is token:
                    return self.meaning(chain, number)
        following = next((t for t in self.tokens if t.start >= token.end), None)
        if token.kind in ("name", "keyword") and following is not None and following.text == "(":
            builtin = find_builtin(token.text)
            if builtin is not None:
                return Meaning("function", token, builtin=builtin)
        return Meaning("", token)

    def meaning(self, chain: Chain, number: int) -> Meaning:
        """What part `number` of an address means."""
        link = chain.links[number]
        token, first = link.token, 1 if _scoped(chain) else 0
        if number < first:
            return Meaning("scope", token, chain=chain)
        head = chain.links[first].token
        variable = self.variables.get(head.text) if first == 0 else None
        if variable is not None:
            if number == 0:
                return Meaning("variable", token, chain=variable)
            target = self.target(variable)
            if target is not None and number > 1 and chain.links[1].token.plain == OWNER:
                target = form_of(self.names, target)
            blocks = [target.names] if target is not None else []
            return self._part(chain, link, blocks)
        table = self.names.table(head.plain)
        if table is not None and not (table.form == "records" and len(chain.links) == 1 and self._bare(link)):
            if number == first:
                return Meaning("records" if table.form == "records" else "table", token, table, chain=chain)
            return self._part(chain, link, self._blocks(chain, table))
        if number == 0:
            return self._bare(link, chain) or Meaning("", token, chain=chain)
        whole = self.target(chain)
        return self._part(chain, link, [whole.names] if whole is not None else self._own_blocks())

    def target(self, chain: Chain) -> Target | None:
        """The one place an address means as it stands, or None."""
        if chain.end - chain.start > _MAX_CHAIN:
            return None
        tree = parse_text(self.region.text[chain.start : chain.end])
        if not isinstance(tree, s.Path):
            return None
        variable = self.variables.get(chain.head)
        if variable is not None and variable is not chain:
            domain = self.target(variable)
            return self._of_variable(chain, domain) if domain is not None else None
        ctx = Context(self.names, self.fixed, self.tables)
        found = find_target(ctx, tree, need_column=False)
        return found[1] if found is not None else None

    def _of_variable(self, chain: Chain, domain: Target) -> Target:
        column = domain.names.columns_by_name.get(fold(chain.links[-1].token.plain), ())
        return Target(domain.names, column[0].name if len(chain.links) > 1 and column else "", domain.rows)

    def _blocks(self, chain: Chain, table: TableSpec) -> list[BlockNames]:
        """The half of a table an address means, all halves it may mean where that is not clear."""
        blocks = list(self.names.blocks(table))
        named = {fold(link.token.plain) for link in chain.links if link.where == "dot"}
        own = [b for b in blocks if b.block_names & named]
        if own or len(blocks) == 1:
            return own or blocks
        target = self.target(chain)
        return [target.names] if target is not None else blocks

    def _own_blocks(self) -> list[BlockNames]:
        tables = ([self.fixed] if self.fixed is not None else []) + [t for t in self.tables if self.fixed is None or t.id != self.fixed.id]
        return [block for table in tables for block in self.names.blocks(table)]

    def _bare(self, link: Link, chain: Chain | None = None) -> Meaning | None:
        """A row or column of the rule's tables by its bare name."""
        found = [m for block in self._own_blocks() for m in _named(block, link.token, chain)]
        if chain is not None and len(found) > 1:
            target = self.target(chain)
            found = [m for m in found if target is not None and m.block is not None and m.block.block is target.names.block] or found
        return found[0] if found else None

    def _part(self, chain: Chain, link: Link, blocks: Sequence[BlockNames]) -> Meaning:
        token, wanted = link.token, fold(link.token.plain)
        for names in blocks:
            if link.where == "dot" and wanted in names.block_names:
                return Meaning("block", token, names.table, names, chain=chain)
        for names in blocks:
            found = list(_named(names, token, chain, rows=link.where == "bracket" or names.is_records, columns=link.where == "dot"))
            if found:
                return found[0]
        if wanted in GROUPS and blocks:
            return Meaning("group", token, blocks[0].table, blocks[0], chain=chain)
        for names in blocks:
            if wanted in names.column_groups:
                return Meaning("column", token, names.table, names, next(c for c in names.block.columns if fold(c.group) == wanted), chain=chain)
        if link.where == "bracket" and blocks:
            return Meaning("row", token, blocks[0].table, blocks[0], chain=chain)
        return Meaning("", token, blocks[0].table if blocks else None, blocks[0] if blocks else None, chain=chain)


def _named(names: BlockNames, token: Token, chain: Chain | None, rows: bool = True, columns: bool = True) -> Iterator[Meaning]:
    """The rows and columns of a block that a word names. A number is a code, a printed 行次 or 栏次."""
    text, wanted = token.plain, fold(token.plain)
    if columns:
        ordinal = [c for c in names.block.columns if token.kind == "number" and str(c.ordinal) == text]
        for column in ordinal or names.columns_by_name.get(wanted, []):
            yield Meaning("column", token, names.table, names, column, chain=chain)
    if rows:
        lines = [r for r in names.block.rows if token.kind == "number" and str(r.line) == text]
        known = [names.rows_by_key[text]] if text in names.rows_by_key else lines or names.rows_by_label.get(label(text), [])
        for row in known:
            yield Meaning("row", token, names.table, names, row=row, chain=chain)


def _scoped(chain: Chain) -> bool:
    return len(chain.links) > 1 and chain.links[0].token.kind == "name" and chain.head in SCOPES and chain.links[1].where == "dot"


def _mentioned(found: Sequence[Chain] | Iterator[Chain], names: LayoutNames) -> tuple[TableSpec, ...]:
    tables: dict[str, TableSpec] = {}
    for chain in found:
        head = chain.links[1 if _scoped(chain) else 0]
        table = names.table(head.token.plain) if head.where in ("head", "dot") else None
        if table is not None and table.form != "records":
            tables.setdefault(table.id, table)
    return tuple(tables.values())


def read_expression(region: Region, map_: FileMap, view: PackView) -> Expression:
    """An expression of a rule or override, with what its rule says of tables."""
    rule = region.path[:2]
    fixed = map_.value(*rule, "表")
    if not fixed and map_.kind == "overrides":
        target = map_.value(*rule, "rule")
        fixed = next((r.table or "" for r in view.rules if r.id == target), "")
    others = tuple(r.text for r in map_.regions if r.path[:2] == rule and r.path != region.path)
    return Expression(region, view.names, view.names.table(fixed) if fixed else None, others)
