"""Labels: on the page, off their own figure, and where there is room off everything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.outputs.made import finding

from juesuan_rules.documents.pdf.orientation import Frame
from juesuan_rules.material import Numbered
from juesuan_rules.outputs.annotated.geometry import Box, grown, overlap, to_file, to_upright
from juesuan_rules.outputs.annotated.labelling import SIZES, label_of, placed_label
from juesuan_rules.outputs.annotated.marks import Mark, Use, ranges
from juesuan_rules.outputs.pages import PageKey

PAGE = (595.0, 842.0)


def mark(*uses: tuple[int, int], box: Box = (100.0, 100.0, 140.0, 110.0)) -> Mark:
    return Mark(PageKey(None, 1), box, False, [Use(Numbered(number, 0, finding()), operand) for number, operand in uses])


def test_a_label_names_finding_and_operand_and_counts_the_rest() -> None:
    label = label_of(mark((3, 2)), SIZES[0])
    assert [(piece.text, piece.ring) for piece in label.pieces] == [("3-", False), ("2", True)]
    label = label_of(mark(*[(n, 1) for n in range(1, 8)]), SIZES[0])
    assert label.pieces[-1].text == "+4" and len(label.pieces) == 7 and label.width < 90


@given(st.floats(0, 560), st.floats(0, 820), st.floats(5, 400), st.floats(6, 300), st.integers(1, 9999), st.lists(st.tuples(st.floats(0, 560), st.floats(0, 820)), max_size=6))
def test_a_label_stays_on_the_page_and_off_its_figure(x: float, y: float, width: float, height: float, number: int, others: list[tuple[float, float]]) -> None:
    box = (x, y, min(x + width, PAGE[0]), min(y + height, PAGE[1]))
    printed = [(a, b, a + 30.0, b + 10.0) for a, b in others]
    label, spot = placed_label(mark((number, 1), box=box), box, PAGE, [box, *printed], [], [])
    assert spot[0] >= 0 and spot[1] >= 0 and spot[2] <= PAGE[0] and spot[3] <= PAGE[1]
    assert abs(spot[2] - spot[0] - label.width) < 0.01 and abs(spot[3] - spot[1] - label.height) < 0.01
    if height < 700 and width < 200:
        inner = grown(box, -0.13 * min(height, 16.0))
        assert inner[2] <= inner[0] or inner[3] <= inner[1] or overlap(spot, inner) < 0.02


def test_labels_of_a_dense_column_cover_no_figure_and_no_other_label() -> None:
    boxes = [(300.0, 100.0 + 14 * row, 340.0, 110.0 + 14 * row) for row in range(30)]
    printed = [*boxes, *[(160.0, box[1], 290.0, box[3]) for box in boxes], *[(350.0, box[1], 420.0, box[3]) for box in boxes]]
    labels: list[Box] = []
    for number, box in enumerate(boxes, start=1):
        _, spot = placed_label(mark((number, 1)), box, PAGE, printed, [other for other in boxes if other is not box], labels)
        assert all(overlap(spot, other) <= 0.2 * (spot[2] - spot[0]) * (spot[3] - spot[1]) for other in boxes)
        assert all(overlap(spot, other) <= 0.01 for other in labels)
        labels.append(spot)


@given(st.integers(0, 3), st.integers(0, 3), st.floats(0, 500), st.floats(0, 700), st.floats(1, 90), st.floats(1, 90))
def test_boxes_come_back_from_every_system(turns: int, shown: int, left: float, bottom: float, width: float, height: float) -> None:
    frame = Frame(10.0, 20.0, 610.0, 812.0, turns, shown)
    box = (left + 10, bottom + 20, left + 10 + width, bottom + 20 + height)
    upright = frame.upright(*box)
    back = to_file(frame, to_upright(frame, frame.displayed(upright)))
    assert all(abs(a - b) < 0.11 for a, b in zip(back, box, strict=True))


def test_numbers_are_told_as_ranges() -> None:
    assert ranges([3, 1, 2, 5, 7, 8]) == "1–3、5、7、8"
    assert ranges(range(1, 400, 2)).endswith(" …")
