"""Reworded or laid out otherwise, the texts of the provinces are read as before: each way with a third of them, by turns."""

from __future__ import annotations

import pytest
from tests.reports.prose.invented import Invented, invent
from tests.reports.prose.rewording import LAYOUTS, REWORDINGS
from tests.reports.prose.test_provinces import NAMES, cells, compare, contradictions, read


def otherwise(name: str, kind: str) -> Invented:
    """The report of a province, reworded or laid out otherwise."""
    return invent(name, layout=LAYOUTS[kind]) if kind in LAYOUTS else invent(name, reword=REWORDINGS[kind])


@pytest.mark.parametrize("kind", [*REWORDINGS, *LAYOUTS])
def test_reworded_texts_are_read_alike(kind: str) -> None:
    wrong: dict[str, object] = {}
    right = all_of_them = 0
    missing: list[tuple[str, object]] = []
    for name in NAMES[[*REWORDINGS, *LAYOUTS].index(kind) % 3 :: 3]:
        invented = otherwise(name, kind)
        facts, statements = read(invented.text)
        good, bad, left = compare(invented, cells(facts))
        right, all_of_them = right + len(good), all_of_them + len(good) + len(left) + len(bad)
        missing += [(name, cell) for cell in left]
        if bad or contradictions(statements):
            wrong[name] = (bad, contradictions(statements))
    assert wrong == {}
    assert right >= 0.97 * all_of_them, missing


def measure(kinds: list[str], show: bool) -> None:
    """Print what is read, per rewording."""
    for kind in kinds or [*REWORDINGS, *LAYOUTS]:
        total = [0, 0, 0, 0]
        for name in NAMES:
            invented = otherwise(name, kind)
            facts, statements = read(invented.text)
            found = (*compare(invented, cells(facts)), contradictions(statements))
            total = [a + len(b) for a, b in zip(total, found, strict=True)]
            if show and any(found[1:]):
                print("  ", name, *[f"\n      {what} {one}" for what, lot in zip(("WRONG", "miss", "BAD"), found[1:], strict=True) for one in (lot.items() if isinstance(lot, dict) else lot)])
        print(kind, "right, wrong, missing, contradictions:", *total)


if __name__ == "__main__":
    import sys

    measure([arg for arg in sys.argv[1:] if arg != "-v"], "-v" in sys.argv)
