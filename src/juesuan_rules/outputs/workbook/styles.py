"""The looks of the workbook: one format per use, made once."""

from __future__ import annotations

from functools import partial
from typing import Any

FONT = "宋体"
_GREY, _HEAD, _INPUT, _LINE = "#F2F2F2", "#DDE6EF", "#FFF9DB", "#BFBFBF"
RED, AMBER, GREEN = "#F8D0CC", "#FCE8B8", "#DDF0DC"
"""Fills of 不符, 存疑 and 相符: still told apart in a black and white print by the words beside them."""


class Styles:
    """Formats of a workbook by use; numbers by their decimals."""

    def __init__(self, book: Any) -> None:
        self._make = partial(_format, book)
        make = self._make
        self.title = make(bold=True, font_size=16, align="center")
        self.heading = make(bold=True, font_size=12, bottom=1)
        self.plain = make()
        self.text = make(text_wrap=True, quote_prefix=True, valign="top")
        self.line = make(quote_prefix=True, valign="top")
        self.label = make(bg_color=_GREY, border=1, border_color=_LINE, bold=True)
        self.field = make(bg_color=_INPUT, border=1, border_color=_LINE, text_wrap=True, quote_prefix=True)
        self.head = make(bold=True, bg_color=_HEAD, border=1, border_color=_LINE, text_wrap=True, align="center")
        self.box = make(border=1, border_color=_LINE, text_wrap=True, quote_prefix=True, valign="top")
        self.short = make(border=1, border_color=_LINE, quote_prefix=True, valign="top", align="left", indent=1)
        self.middle = make(border=1, border_color=_LINE, align="center", valign="top")
        self.word = make(border=1, border_color=_LINE, align="center", valign="top", bold=True)
        self.link = make(font_color="#1F4E99", underline=1, border=1, border_color=_LINE, valign="top")
        self.wrapped_link = make(font_color="#1F4E99", underline=1, border=1, border_color=_LINE, valign="top", text_wrap=True)
        self.plain_link = make(font_color="#1F4E99", underline=1)
        self.note = make(font_color="#595959", italic=True, text_wrap=True, valign="top", quote_prefix=True)
        self.printed = make(border=1, border_color=_LINE, quote_prefix=True, align="left", indent=1)
        self.printed_head = make(border=1, border_color=_LINE, quote_prefix=True, bold=True, bg_color=_HEAD, align="center", text_wrap=True)
        self.red, self.amber, self.green = [make(bg_color=colour) for colour in (RED, AMBER, GREEN)]
        self.grey = make(font_color="#7F7F7F")
        self.changed = make(bold=True, font_color="#7030A0", bg_color="#E9DDF5")
        self._numbers: dict[tuple[str, str], Any] = {}

    def number(self, decimals: int, thousands: bool = True, fill: str = "") -> Any:
        """A figure with so many decimals. fill: red or amber (of a figure a finding uses), yellow (input), blue (corrected)."""
        code = ("#,##0" if thousands else "0") + ("." + "0" * min(decimals, 15) if decimals else "")
        return self.coded(code, fill)

    def coded(self, code: str, fill: str = "") -> Any:
        """A figure with a number format."""
        known = self._numbers.get((code, fill))
        if known is None:
            colours = {"red": RED, "amber": AMBER, "yellow": _INPUT, "blue": "#D6E6F7"}
            extra = {"bg_color": colours[fill]} if fill else {}
            known = self._numbers[code, fill] = self._make(num_format=code, border=1, border_color=_LINE, align="right", valign="top", **extra)
        return known

    def filled(self, fill: str) -> Any:
        """A printed text or an empty cell that a finding uses."""
        return self.coded("@", fill)


def _format(book: Any, **properties: Any) -> Any:
    return book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties})
