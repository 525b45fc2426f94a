"""The header of a table without rules: which texts are one cell, which of them head a column, which stand over several.

A column is known by its lowest header cell (and by its number in the line of 栏次). A cell above
others is centred over them: where its range is not plain from overlap, the middles decide.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.documents.pdf.pages import Rule
from juesuan_rules.documents.pdf.unruled_items import Line, Piece

WRAP_AT_MOST = 1.6
"""Lines of one cell follow each other within so many heights of their characters."""
_HEADER_ENDS = ("科目编码", "科目代码", "科目名称", "项目名称", "决算数", "预算数")

SAME_MIDDLE = 0.6
"""How far the middles of centred lines of one cell may differ, in heights of characters."""

_WHOLE_HEADERS = frozenset(
    "项目 项目名称 收入 支出 本年收入 本年支出 本年收入合计 本年支出合计 合计 小计 金额 行次 栏次 基本支出 项目支出 人员经费 公用经费 预算数 决算数 备注 序号 "
    "类 款 项 编码 代码 名称 科目编码 科目代码 科目名称 功能分类 经济分类 功能分类科目编码 经济分类科目编码 财政拨款收入 事业收入 经营收入 其他收入".split()
)
"""Header texts that are complete: two of them one above the other are two cells."""


class Block(msgspec.Struct):
    """One header cell: its lines of text, its box, the columns it stands over (first, last); leaf: whether it heads one."""

    pieces: list[Piece]
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    first: int = -1
    last: int = -1
    level: int = 0
    leaf: bool = False

    @property
    def middle(self) -> float:
        """The x of the middle."""
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """The y of the middle."""
        return (self.y0 + self.y1) / 2


def stack_blocks(lines: Sequence[Line], across: Sequence[Rule]) -> list[Block]:
    """The header cells: lines of text one under the other that belong together are one."""
    lead = _leading(lines)
    blocks: list[Block] = []
    for line in lines:
        fresh: list[Block] = []
        for piece in line.pieces:
            above = next((block for block in reversed(blocks) if _runs_on(block, piece, line, lead, across)), None)
            if above is None:
                fresh.append(Block([piece], piece.text, piece.x0, piece.y0, piece.x1, piece.y1, piece.size))
            else:
                above.pieces.append(piece)
                above.text += piece.text
                above.x0, above.x1 = min(above.x0, piece.x0), max(above.x1, piece.x1)
                above.y1 = max(above.y1, piece.y1)
        blocks.extend(fresh)
    return blocks


def _leading(lines: Sequence[Line]) -> float:
    """The distance of the lines inside a cell: the least at which texts stand one under the other; 0 where there is none."""
    least = 0.0
    pieces = [piece for line in lines for piece in line.pieces]
    for at, piece in enumerate(pieces):
        for other in pieces[at + 1 :]:
            step = other.y1 - piece.y1
            if step > 3 * piece.size:
                break
            if 0.7 * piece.size < step <= WRAP_AT_MOST * max(piece.size, other.size) and _stacked(piece, other, other.size) and (not least or step < least):
                least = step
    return least


def _stacked(upper: Block | Piece, lower: Piece, size: float) -> bool:
    return abs(upper.middle - lower.middle) <= SAME_MIDDLE * size or abs(upper.x0 - lower.x0) <= 0.25 * size


def _runs_on(block: Block, piece: Piece, line: Line, lead: float, across: Sequence[Rule]) -> bool:
    """Whether `piece` is the next line of the cell `block` and not a cell below it or beside it."""
    last = block.pieces[-1]
    step = piece.y1 - last.y1
    size = max(piece.size, last.size)
    if not 0.5 * size < step <= min(WRAP_AT_MOST * size, 1.08 * lead) or not _stacked(block, piece, piece.size):
        return False
    if block.x1 - block.x0 < piece.x1 - piece.x0 - 1.1 * piece.size:
        return False
    if any(other is not piece and other.x0 < block.x1 and other.x1 > block.x0 for other in line.pieces):
        return False
    if block.text in _WHOLE_HEADERS and piece.text in _WHOLE_HEADERS and block.text + piece.text not in _WHOLE_HEADERS:
        return False
    return not _ruled_between(last, piece, across)


def _ruled_between(upper: Piece, lower: Piece, across: Sequence[Rule]) -> bool:
    x = (max(upper.x0, lower.x0) + min(upper.x1, lower.x1)) / 2
    return any(upper.height < y < lower.height and x0 <= x <= x1 for y, x0, x1 in across)


def find_leaves(blocks: Sequence[Block], numbers: Sequence[Piece], body: Sequence[Line]) -> list[Block]:
    """The header cells that head one column each, from left to right."""
    candidates = [block for block in blocks if not any(_stands_over(block, other) for other in blocks)]
    candidates.sort(key=lambda block: block.middle)
    flanked: dict[int, tuple[Block, Block]] = {}
    for at in range(1, len(candidates) - 1):
        block, left, right = candidates[at], candidates[at - 1], candidates[at + 1]
        if _is_below(left, block) and _is_below(right, block):
            flanked[id(block)] = left, right
    if not flanked:
        return candidates
    spanning = [block.height for block in candidates if id(block) not in flanked and any(_is_below(other, block) for other in candidates)]
    return [block for block in candidates if id(block) not in flanked or not _is_group(block, *flanked[id(block)], spanning, numbers, body)]


def _stands_over(upper: Block, lower: Block) -> bool:
    return upper is not lower and _is_below(lower, upper) and min(upper.x1, lower.x1) - max(upper.x0, lower.x0) > 0.1 * upper.size


def _is_below(lower: Block, upper: Block) -> bool:
    return lower.y0 >= upper.y1 - 0.4 * upper.size and lower.height > upper.height + 0.4 * upper.size


def _is_group(block: Block, left: Block, right: Block, spanning: Sequence[float], numbers: Sequence[Piece], body: Sequence[Line]) -> bool:
    """Whether `block`, with nothing right below it, stands over the cells left and right of it and not over a column of its own.

    spanning: the heights of cells that certainly head a column and span several levels.
    """
    mine = [number for number in numbers if number.kind != "text" and abs(number.middle - block.middle) < 0.6 * block.size]
    if mine:
        return False
    alone = both = 0
    for line in body:
        inner = [
            p
            for p in line.pieces
            if p.x0 < block.x1 and p.x1 > block.x0 and not (p.x0 < left.x1 and p.x1 > left.x0) and not (p.x0 < right.x1 and p.x1 > right.x0)
        ]
        if inner and not (len(line.pieces) == 1 or all(p.kind == "text" and p.text.endswith("计") for p in inner)):
            beside = [p for p in line.pieces if p.x0 < right.x1 and p.x1 > right.x0]
            before = [p for p in line.pieces if p.x0 < left.x1 and p.x1 > left.x0]
            both += bool(beside) and bool(before)
            alone += not (beside and before)
    if both or alone:
        return both <= 0.2 * (both + alone)
    return not any(abs(block.height - height) < 0.2 * block.size for height in spanning)


def is_header_text(text: str) -> bool:
    """Whether a text is a header cell of many tables."""
    return text in _WHOLE_HEADERS or text.endswith(_HEADER_ENDS)


def place_groups(blocks: Sequence[Block], leaves: Sequence[Block], bounds: Sequence[float]) -> int:
    """Give every cell its columns and its level; returns how many levels there are.

    bounds: the x where the columns meet, one more than there are columns.
    """
    for column, leaf in enumerate(leaves):
        leaf.first = leaf.last = column
        leaf.leaf = True
    known = {id(leaf) for leaf in leaves}
    groups = sorted((block for block in blocks if id(block) not in known), key=lambda block: block.height)
    rows: list[list[Block]] = []
    for group in groups:
        if rows and group.height - rows[-1][0].height <= 0.6 * group.size:
            rows[-1].append(group)
        else:
            rows.append([group])
    for row in reversed(rows):
        row.sort(key=lambda block: block.middle)
        _share_columns(row, blocks, leaves, bounds)
    for group in groups:
        group.level = sum(
            other is not group and other.height < group.height - 0.4 * group.size and other.first <= group.first and group.last <= other.last
            for other in groups
        )
    for leaf in leaves:
        leaf.level = sum(group.first <= leaf.first <= group.last and group.height < leaf.height for group in groups)
    return 1 + max((block.level for block in blocks), default=0)


def _share_columns(row: Sequence[Block], blocks: Sequence[Block], leaves: Sequence[Block], bounds: Sequence[float]) -> None:
    """Share the columns among the cells of one level, each centred over its own: the best total wins (dynamic programming)."""
    count = len(leaves)
    inside = [_inside(block, blocks, leaves) for block in row]
    loose = []
    for column, leaf in enumerate(leaves):
        nearest = min(range(len(row)), key=lambda at: abs(row[at].middle - leaf.middle))
        loose.append(2.0 if inside[nearest][column] == 0.0 else 0.0)
    best: list[tuple[float, tuple[tuple[int, int], ...]]] = [(0.0, ())]
    for column in range(count):
        best.append((best[-1][0] + loose[column], best[-1][1]))
    for block, held in zip(row, inside, strict=True):
        before, best = best, [(float("inf"), ())] * (count + 1)
        for end in range(1, count + 1):
            best[end] = (best[end - 1][0] + loose[end - 1], best[end - 1][1]) if end > 1 else best[end]
            weight = 0.0
            for start in range(end - 1, -1, -1):
                weight += held[start]
                if weight >= 1e6:
                    break
                cost = before[start][0] + weight + _misfit(block, bounds[start], bounds[end], leaves[start:end])
                if cost < best[end][0]:
                    best[end] = (cost, (*before[start][1], (start, end - 1)))
    ranges = best[count][1]
    for block, columns in zip(row, ranges or [(-1, -1)] * len(row), strict=False):
        block.first, block.last = columns
        if block.first < 0:
            nearest = min(range(count), key=lambda column: abs(leaves[column].middle - block.middle))
            block.first = block.last = nearest


def _inside(group: Block, blocks: Sequence[Block], leaves: Sequence[Block]) -> list[float]:
    """What it costs to have each column under the cell `group`.

    A column whose header cell spans this level too stands in the middle between its top and the
    end of the header, one under `group` in the middle of what is below.
    """
    own = [block for block in blocks if _stands_over(group, block)]
    if not own:
        own = sorted((leaf for leaf in leaves if _is_below(leaf, group)), key=lambda leaf: abs(leaf.middle - group.middle))[:2]
    if not own:
        return [1e6] * len(leaves)
    child = min(own, key=lambda block: block.height)
    bottom = max(block.y1 for block in blocks)
    whole = (group.y0 + bottom) / 2
    part = child.height if any(child is leaf for leaf in leaves) else (child.y0 + bottom) / 2
    costs = []
    for leaf in leaves:
        under = leaf.height > group.height + 0.4 * group.size
        costs.append(1e6 if not under else 0.0 if abs(leaf.height - part) <= abs(leaf.height - whole) else 1.0)
    return costs


def _misfit(block: Block, left: float, right: float, leaves: Sequence[Block]) -> float:
    """How badly a cell sits over the columns from `left` to `right`, in heights of characters."""
    off = abs((left + right) / 2 - block.middle) / block.size
    outside = max(0.0, left - block.x0, block.x1 - right) / block.size
    return off + 3.0 * outside + (0.5 if len(leaves) == 1 else 0.0)
