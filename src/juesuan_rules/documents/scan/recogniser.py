"""Strips of a picture to text: the recogniser's model, run as it is, read out with its confidence."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from juesuan_rules.documents.scan.available import model_path
from juesuan_rules.documents.scan.ink import Grey
from juesuan_rules.documents.scan.strips import Box

INPUT_HEIGHT = 48
_STEP = 8
"""Pixels of width the model reads as one step."""
_BATCH_WIDTH = 1600
"""Pixels of width, all strips of a batch together: more does not fit the processor's cache."""
_MOST_WIDTH = 2400
_MARGIN = 3
_HESITANT = 0.02
"""A character of everyday print is taken before a rarer one from this share of its chance on."""


class Size(msgspec.Struct, frozen=True):
    """How large characters are shown to the model: their height in pixels, and how much narrower they are made.

    Time goes with the width. Digits narrower than two steps melt into each other.
    """

    high: float
    squeeze: float


FIRST_LOOK = Size(28.0, 0.8)
SECOND_LOOK = Size(35.0, 1.0)


class Reading(msgspec.Struct, frozen=True):
    """What the recogniser read in a strip: text, and per character how sure it is (0 to 1).

    doubt: the strongest sign that a character was left out or put in between (0 to 1).
    """

    text: str = ""
    sure: tuple[float, ...] = ()
    doubt: float = 0.0

    @property
    def confidence(self) -> float:
        """Of the whole text: as sure as its least sure character."""
        return min((*self.sure, 1.0 - self.doubt)) if self.text else 0.0


class Recogniser:
    """The loaded model and its characters. `threads` as given to the runtime."""

    def __init__(self, threads: int) -> None:
        import onnxruntime  # type: ignore[import-untyped,unused-ignore]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False
        self._session: Any = onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
        names = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._characters = ("", *names, " ")
        self._unusual = np.array([_is_unusual(name) for name in self._characters])
        self._input: str = self._session.get_inputs()[0].name

    def read(self, picture: Grey, strips: Sequence[Box], text_height: float, size: Size) -> list[Reading]:
        """The text of each strip, characters of `text_height` pixels shown to the model in this size."""
        images = [_shown(picture, strip, text_height, size) for strip in strips]
        order = sorted(range(len(images)), key=lambda i: images[i].shape[1])
        readings = [Reading()] * len(images)
        at = 0
        while at < len(order):
            batch = self._batch(images, order, at)
            width = -(-images[batch[-1]].shape[1] // _STEP) * _STEP
            block = np.zeros((len(batch), INPUT_HEIGHT, width), dtype=np.float32)
            for k, index in enumerate(batch):
                image = images[index]
                block[k, :, : image.shape[1]] = image.astype(np.float32) / np.float32(127.5) - np.float32(1.0)
            steps = self._session.run(None, {self._input: np.repeat(block[:, None], 3, axis=1)})[0]
            for k, index in enumerate(batch):
                readings[index] = self._decode(steps[k])
            at += len(batch)
        return readings

    def _batch(self, images: list[Grey], order: list[int], at: int) -> list[int]:
        """The next strips that go together: of like width, not too many pixels."""
        first = images[order[at]].shape[1]
        batch = [order[at]]
        for index in order[at + 1 :]:
            width = images[index].shape[1]
            if width * (len(batch) + 1) > _BATCH_WIDTH or width > first * 1.05 + _STEP:
                break
            batch.append(index)
        return batch

    def _decode(self, steps: NDArray[np.float32]) -> Reading:
        """CTC: the best character of every step, repeats and blanks dropped."""
        best = steps.argmax(axis=1)
        for step in np.flatnonzero(self._unusual[best]).tolist():
            best[step] = self._usual(steps[step], int(best[step]))
        chance = steps[np.arange(len(best)), best]
        text: list[str] = []
        sure: list[float] = []
        codes: list[int] = []
        places: list[int] = []
        last = 0
        for step, code in enumerate(best.tolist()):
            if code and code == last:
                sure[-1] = max(sure[-1], float(chance[step]))
            elif code:
                text.append(self._characters[code])
                sure.append(float(chance[step]))
                codes.append(code)
                places.append(step)
            last = code
        return Reading("".join(text), tuple(sure), _left_out(steps, best, codes, places))


    def _usual(self, chances: NDArray[np.float32], best: int) -> int:
        """The simplified character where the model hesitates between it and its traditional form."""
        usual = np.where(self._unusual, np.float32(0.0), chances)
        other = int(usual.argmax())
        return other if other and usual[other] >= _HESITANT * chances[best] else best


def _is_unusual(character: str) -> bool:
    """Whether a character is none of mainland print: a traditional form, or a rare one (in names)."""
    if not "\u4e00" <= character[:1] <= "\u9fff":
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _left_out(steps: NDArray[np.float32], best: NDArray[np.int64], codes: list[int], places: list[int]) -> float:
    """How likely some blank step holds a character that its neighbours are not."""
    blanks = np.flatnonzero(best == 0)
    if not blanks.size:
        return 0.0
    doubtful = blanks[steps[blanks, 0] < 0.9]
    worst = 0.0
    for step in doubtful.tolist():
        after = int(np.searchsorted(places, step))
        row = steps[step].copy()
        row[0] = 0.0
        for neighbour in codes[max(0, after - 1) : after + 1]:
            row[neighbour] = 0.0
        worst = max(worst, float(row.max()))
    return worst


def _shown(picture: Grey, strip: Box, text_height: float, size: Size) -> Grey:
    """The strip as the model wants it: fixed height, characters of one size, a white margin."""
    x0, y0, x1, y1 = strip
    left, top = max(0, x0 - 1), max(0, y0 - 1)
    crop = picture[top : y1 + 1, left : x1 + 1]
    scale = size.high / max(text_height, (y1 - y0) * 1.0)
    height = min(INPUT_HEIGHT, max(1, round(crop.shape[0] * scale)))
    width = min(_MOST_WIDTH, max(1, round(crop.shape[1] * scale * size.squeeze)))
    small = Image.fromarray(np.ascontiguousarray(crop)).resize((width, height), Image.Resampling.BILINEAR)
    shown = np.full((INPUT_HEIGHT, width + 2 * _MARGIN), 250, dtype=np.uint8)
    above = (INPUT_HEIGHT - height) // 2
    shown[above : above + height, _MARGIN : _MARGIN + width] = np.asarray(small)
    return shown


@functools.cache
def load_recogniser(threads: int = 0) -> Recogniser:
    """The recogniser, loaded once per process; threads 0: as many as this process may use."""
    return Recogniser(threads or usable_cores())


def usable_cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
