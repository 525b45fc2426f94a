"""Reads sentences of the grammar by tables made beforehand, without Lark: most texts of a pack have nothing wrong.

The same machine as Lark's (LALR, each state with the words that may come next) and the same trees, at a third
of the time and without loading Lark. It knows only yes or no: what is wrong with a text, Lark has to say.
Tables of another grammar are never used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from juesuan_rules.language.build import TreeBuilder, Word

Action = dict[str, int]
Rule = tuple[str, int, Callable[[list[Any]], Any] | None, tuple[tuple[int, bool], ...] | None, bool]
"""Name of what it makes, symbols it takes, what builds the node (None: a plain list, taken apart by what it stands in),
which of the symbols are kept and which of those are lists (None: all, none of them lists), whether one alone stays itself."""


class Machine:
    """The tables, ready to run. Made once by `load_machine`."""

    def __init__(self, tables: Any, builder: Any) -> None:
        self.start, self.end, self.ignored = tables.START, tables.END, tables.IGNORED
        self.actions: list[Action] = [moves for _, moves in tables.STATES]
        self.lexers: list[int] = [lexer for lexer, _ in tables.STATES]
        self.rules: list[Rule] = [
            (origin, size, getattr(builder, name) if name else None, kept, single) for origin, size, name, kept, single in tables.RULES
        ]  # fmt: skip
        self.patterns: list[str] = [pattern for pattern, _ in tables.LEXERS]
        self.keywords: list[dict[str, dict[str, str]]] = [keywords for _, keywords in tables.LEXERS]
        self._matchers: list[Any] = [None] * len(self.patterns)

    def read(self, text: str) -> Any:
        """The tree of a text, or None where it is no sentence of the grammar."""
        states = [self.start]
        values: list[Any] = []
        at, length = 0, len(text)
        while at < length:
            lexer = self.lexers[states[-1]]
            match = (self._matchers[lexer] or self._matcher(lexer))(text, at)
            if match is None:
                return None
            kind, begin, at = match.lastgroup, at, match.end()
            if kind == self.ignored:
                continue
            word = Word(match.group())
            keywords = self.keywords[lexer].get(kind)
            word.type = kind = keywords.get(word, kind) if keywords else kind
            word.start_pos, word.end_pos = begin, at
            move = self._reduce(states, values, kind)
            if move is None:
                return None
            states.append(move)
            values.append(word)
        return values[-1] if self._reduce(states, values, "$END") is not None else None

    def _reduce(self, states: list[int], values: list[Any], kind: str) -> int | None:
        """Build nodes until a word of that kind can come; the state after it, None where it never can."""
        actions, rules = self.actions, self.rules
        while True:
            move = actions[states[-1]].get(kind)
            if move is None or move >= 0:
                return move
            origin, size, build, kept, single = rules[-1 - move]
            parts = values[-size:]
            del states[-size:], values[-size:]
            if kept is not None:
                chosen: list[Any] = []
                for index, listed in kept:
                    if listed:
                        chosen += parts[index]
                    else:
                        chosen.append(parts[index])
                parts = chosen
            values.append(parts[0] if single and len(parts) == 1 else build(parts) if build is not None else parts)
            state = actions[states[-1]][origin]
            states.append(state)
            if state == self.end and kind == "$END":
                return state

    def _matcher(self, lexer: int) -> Any:
        found = self._matchers[lexer] = re.compile(self.patterns[lexer]).match
        return found


@lru_cache(maxsize=1)
def load_machine() -> Machine | None:
    """The machine for the grammar as it is; None where the tables are for another."""
    from juesuan_rules.language import reading_tables
    from juesuan_rules.language.tables import grammar_digest
    from juesuan_rules.resources import grammar_text

    return Machine(reading_tables, TreeBuilder()) if reading_tables.MADE_FOR == grammar_digest(grammar_text()) else None
