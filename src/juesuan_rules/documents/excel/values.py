"""What the two binary workbooks write alike: packed numbers and error values."""

from __future__ import annotations

import struct

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}


def rk_number(packed: int) -> float | str:
    """The number in a packed 32-bit field: a short integer or the high half of a binary double, either in hundredths.

    Hundredths of an integer come as text, so that they stay exact.
    """
    if packed & 2:
        whole = (packed >> 2) - (1 << 30 if packed & 0x80000000 else 0)
        return f"{whole}e-2" if packed & 1 else float(whole)
    number: float = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0]
    return number / 100 if packed & 1 else number
