"""Rules in a picture: long straight runs of ink, joined where they are broken."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from juesuan_rules.documents.scan.ink import Grey, Mask

_MOST_RUNS = 30_000
"""More long runs than this is a photograph, not a ruled page."""
_PAPER = np.uint8(250)


class Rule(msgspec.Struct):
    """A straight rule: `at` across its direction, from `start` to `end` along it, in pixels.

    runs: its pixels as (across, start, end) of each run; bridges between broken pieces included.
    """

    at: float
    start: int
    end: int
    low: int
    high: int
    runs: list[tuple[int, int, int]]

    @property
    def length(self) -> int:
        """Pixels along the rule."""
        return self.end - self.start


def find_rules(ink: Mask, shortest: int, thickest: int, gap: int) -> list[Rule]:
    """Horizontal rules of at least `shortest` pixels and at most `thickest` thick, top to bottom.

    Broken pieces in one line at most `gap` pixels apart are one rule. For vertical rules pass the
    transposed mask.
    """
    thick = ink.copy()
    thick[1:] |= ink[:-1]
    thick[:-1] |= ink[1:]
    runs = _long_runs(thick, shortest)
    if len(runs) > _MOST_RUNS:
        return []
    pieces = [rule for rule in _grouped(runs) if rule.high - rule.low <= thickest + 2]
    return _joined(pieces, gap)


def _long_runs(mask: Mask, shortest: int) -> NDArray[np.int64]:
    """Runs of True along the rows, as rows of (row, start, end)."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded, axis=1)
    width = change.shape[1]
    starts = np.flatnonzero(change == 1)
    ends = np.flatnonzero(change == -1)
    keep = ends - starts >= shortest
    starts, ends = starts[keep], ends[keep]
    return np.stack([starts // width, starts % width, ends % width], axis=1)


def _grouped(runs: NDArray[np.int64]) -> list[Rule]:
    """Runs above each other that overlap, as one piece of rule."""
    done: list[Rule] = []
    live: list[Rule] = []
    for row, start, end in runs.tolist():
        still = []
        home: Rule | None = None
        for rule in live:
            if rule.high < row - 1:
                done.append(rule)
                continue
            still.append(rule)
            if home is None and start < rule.end and end > rule.start:
                home = rule
        live = still
        if home is None:
            live.append(Rule(row, start, end, row, row, [(row, start, end)]))
        else:
            home.start, home.end, home.high = min(home.start, start), max(home.end, end), row
            home.runs.append((row, start, end))
    done.extend(live)
    for rule in done:
        rule.at = _centre(rule.runs)
    return done


def _centre(runs: list[tuple[int, int, int]]) -> float:
    weight = sum(end - start for _, start, end in runs)
    return sum(row * (end - start) for row, start, end in runs) / weight


def _joined(pieces: list[Rule], gap: int) -> list[Rule]:
    """Pieces in one line and close to each other put together, gaps between them bridged."""
    rules: list[Rule] = []
    for piece in sorted(pieces, key=lambda r: (r.start, r.at)):
        for rule in reversed(rules):
            close = piece.start - rule.end <= gap and abs(piece.at - _height_at_end(rule)) <= 3
            if close and piece.end > rule.end:
                middle = round((piece.at + rule.at) / 2)
                if piece.start > rule.end:
                    rule.runs.extend((row, rule.end, piece.start) for row in (middle - 1, middle, middle + 1))
                rule.runs.extend(piece.runs)
                rule.end = max(rule.end, piece.end)
                rule.low, rule.high = min(rule.low, piece.low), max(rule.high, piece.high)
                rule.at = _centre(rule.runs)
                break
            if close and piece.end <= rule.end:
                rule.runs.extend(piece.runs)
                break
        else:
            rules.append(piece)
    return sorted(rules, key=lambda r: r.at)


def _height_at_end(rule: Rule) -> float:
    """Where the last stretch of the rule lies: a rule may still climb a little."""
    tail = [row for row, _, end in rule.runs if end >= rule.end - 2]
    return sum(tail) / len(tail) if tail else rule.at


def erase(even: Grey, ink: Mask, rules: list[Rule], margin: int = 1) -> None:
    """Paints the rules white in the picture and takes them out of the ink, in place."""
    height = ink.shape[0]
    for rule in rules:
        for row, start, end in rule.runs:
            low, high = max(0, row - margin), min(height, row + margin + 1)
            even[low:high, start:end] = _PAPER
            ink[row : row + 1, start:end] = False
