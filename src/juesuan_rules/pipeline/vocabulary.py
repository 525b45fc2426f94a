"""Every word standard tables print, of all packs at hand: what labels of recognised pages are compared with.

Readers get it handed over; they know nothing of packs. It proposes names beside what was read, and
never changes a figure.
"""

from __future__ import annotations

from collections.abc import Iterator

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.pipeline.cache import digest
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.state import packs_state


def vocabulary(options: Options) -> tuple[str, ...]:
    """Titles, headers and labels of every layout below the options' roots, sorted; kept in the cache."""
    cache = options.open_cache()
    key = digest("words", packs_state(options))
    known = cache.get("words", key)
    if isinstance(known, tuple) and all(isinstance(word, str) for word in known):
        return known
    words: set[str] = set()
    for layout in _layouts(options):
        words.update(words_in(layout))
    found = tuple(sorted(word for word in words if word.strip()))
    cache.put("words", key, found)
    return found


def words_in(layout: Layout) -> Iterator[str]:
    """Every word one layout prints, with the general words of headers."""
    from juesuan_rules.catalogue.words import KINDS

    for kind_words in KINDS.values():
        yield from kind_words
    for _, own_words in layout.words:
        yield from own_words
    for table in layout.tables:
        yield from (table.id, *table.titles)
        for block in table.blocks:
            yield from (block.name, *block.aliases)
            for column in block.columns:
                yield from (column.name, column.group, *column.aliases)
            for row in block.rows:
                yield from (row.label, *row.aliases)


def _layouts(options: Options) -> Iterator[Layout]:
    """The newest layout of every pack; a broken pack is told when it is chosen, not here."""
    from juesuan_rules.catalogue.load import load_layout
    from juesuan_rules.packs.locate import find_chain, list_packs

    roots = options.pack_roots()
    packs, _ = list_packs(roots)
    for found in packs:
        chain, problems = find_chain(found, roots)
        if problems:
            continue
        layout, _, _ = load_layout([(p.manifest.id, p.folder / "layouts") for p in chain], None, found.manifest.region)
        if layout is not None:
            yield layout
