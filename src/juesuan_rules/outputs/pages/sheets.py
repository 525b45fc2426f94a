"""The pages of one file, whatever its format: sizes, pictures, and the characters where it has any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from juesuan_rules.outputs.pages.text import PageText

if TYPE_CHECKING:
    from PIL.Image import Image


class Sheets(Protocol):
    """An open file with pages, numbered from 1. What cannot be shown is None, never an error."""

    count: int

    def size(self, page: int) -> tuple[float, float] | None:
        """Width and height of the page as displayed, in points."""
        ...

    def paint(self, page: int, dpi: float) -> Image | None:
        """The page as an RGB picture."""
        ...

    def text(self, page: int) -> PageText | None:
        """The characters of the page."""
        ...

    def close(self) -> None:
        """Frees the file."""
        ...


def open_sheets(data: bytes, format_key: str) -> Sheets | None:
    """The pages of a file of format "pdf" or "image"; None for other formats and for what cannot be opened."""
    if format_key == "pdf":
        from juesuan_rules.outputs.pages.pdfs import open_pdf

        return open_pdf(data)
    if format_key == "image":
        from juesuan_rules.outputs.pages.pictures import open_pictures

        return open_pictures(data)
    return None
