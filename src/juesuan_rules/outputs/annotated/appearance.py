"""How marks look in every viewer: drawing commands for a box with its label, and for the note on the first page.

Only lines, curves, and the figures of Helvetica, which every viewer has: Chinese text is in the annotations' own text.
"""

from __future__ import annotations

from juesuan_rules.outputs.annotated.geometry import Box
from juesuan_rules.outputs.annotated.labelling import Label, text_width

COLOURS: dict[str, tuple[float, float, float]] = {
    "error": (0.78, 0.08, 0.12),
    "warning": (0.80, 0.40, 0.0),
    "info": (0.05, 0.33, 0.75),
    "": (0.42, 0.42, 0.42),
}
"""By severity: red, orange, blue; grey for what is waived."""
FONT, SHADE = "F", "S"
"""Names of the font and of the state for see-through fills in an appearance's resources."""
NOTE_SIZE = 16.0
_KAPPA = 0.5523
_BASELINE = 0.24
"""How high figures stand in the label, in its heights."""


def box_drawing(whole: Box, box: Box, label_box: Box, label: Label, severity: str, loose: bool) -> bytes:
    """Commands for a box and its label, on a sheet as large as `whole`; all boxes upright, counted from the top.

    loose: the box is dashed and not shaded.
    """
    red, green, blue = COLOURS[severity]
    colour = f"{red:.3g} {green:.3g} {blue:.3g}"
    x, y, width, height = _on_sheet(whole, box)
    inset = 0.4
    frame = f"{x + inset:.2f} {y + inset:.2f} {max(width - 2 * inset, 0.2):.2f} {max(height - 2 * inset, 0.2):.2f} re"
    parts = [f"{colour} RG {colour} rg 0.8 w"]
    parts.append(f"[3 2] 0 d {frame} S [] 0 d" if loose else f"q /{SHADE} gs {frame} f Q {frame} S")
    left, bottom, label_width, height = _on_sheet(whole, label_box)
    parts.append(f"{left:.2f} {bottom:.2f} {label_width:.2f} {height:.2f} re f 1 g 1 G 0.4 w")
    parts += [_ring(left + p.x, bottom + height / 2, p.text, label) if p.ring else _text(left + p.x, bottom + _BASELINE * height, p.text, label.size) for p in label.pieces]
    return "\n".join(parts).encode("ascii")


def note_drawing(severity: str) -> bytes:
    """Commands for the sign of the note: a sheet with lines."""
    red, green, blue = COLOURS[severity]
    colour, s = f"{red:.3g} {green:.3g} {blue:.3g}", NOTE_SIZE
    lines = " ".join(f"{0.22 * s:.2f} {y * s:.2f} m {0.78 * s:.2f} {y * s:.2f} l S" for y in (0.3, 0.5, 0.7))
    return f"{colour} rg 1 G 0.8 w 0.5 0.5 {s - 1:.2f} {s - 1:.2f} re f 1.1 w {lines}".encode("ascii")


def _on_sheet(whole: Box, box: Box) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of a box on the sheet, counted from its bottom left corner."""
    return box[0] - whole[0], whole[3] - box[3], box[2] - box[0], box[3] - box[1]


def _text(x: float, y: float, text: str, size: float) -> str:
    return f"BT /{FONT} {size:.2f} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET"


def _ring(x: float, cy: float, text: str, label: Label) -> str:
    """A ring with a number in it, as in ②."""
    r = label.ring
    cx, k = x + r, r * _KAPPA
    r -= 0.2
    ring = (
        f"{cx + r:.2f} {cy:.2f} m {cx + r:.2f} {cy + k:.2f} {cx + k:.2f} {cy + r:.2f} {cx:.2f} {cy + r:.2f} c "
        f"{cx - k:.2f} {cy + r:.2f} {cx - r:.2f} {cy + k:.2f} {cx - r:.2f} {cy:.2f} c "
        f"{cx - r:.2f} {cy - k:.2f} {cx - k:.2f} {cy - r:.2f} {cx:.2f} {cy - r:.2f} c "
        f"{cx + k:.2f} {cy - r:.2f} {cx + r:.2f} {cy - k:.2f} {cx + r:.2f} {cy:.2f} c S"
    )
    size = label.size * (0.84, 0.84, 0.64, 0.46)[min(len(text), 3)]
    return f"{ring} {_text(cx - text_width(text, size) / 2, cy - 0.36 * size, text, size)}"
