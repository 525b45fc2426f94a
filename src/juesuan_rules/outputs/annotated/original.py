"""The original PDF file: whether it can be annotated, and what has to be said about it."""

from __future__ import annotations

import io
import re
from typing import Any

import msgspec

from juesuan_rules.outputs.errors import OutputUnavailable

_START = re.compile(rb"startxref\s+(\d{1,19})\s+%%EOF")
_TAIL = 2048


class Original(msgspec.Struct):
    """An open file (of pikepdf). sound: its own index is right, so that something can be appended to it.

    last_index: where its last cross-reference section stands; in_stream: whether that is a stream.
    """

    data: bytes
    pdf: Any
    sound: bool
    last_index: int
    in_stream: bool
    objects: int
    remarks: tuple[str, ...] = ()


def open_original(data: bytes) -> Original:
    """The file, opened. Raises OutputUnavailable where it is locked, damaged beyond reading, or a form in XFA only."""
    import logging

    import pikepdf

    logging.getLogger("pikepdf").addHandler(logging.NullHandler())  # what it says of damage is told by us, not on the console
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise OutputUnavailable("原 PDF 已加密，需要密码才能打开，不能加批注") from None
    except Exception as error:
        raise OutputUnavailable("原 PDF 已损坏，不能加批注；请用阅读器打开后另存再试") from error
    try:
        if pdf.is_encrypted:
            raise OutputUnavailable("原 PDF 加了使用限制（加密保存），不能加批注；请向发布单位索取不加限制的文件，或看网页结果（--html）")
        objects = max(int(pdf.trailer.get("/Size", 0)), len(pdf.objects) + 1)
        pages = len(pdf.pages)
        form = pdf.Root.get("/AcroForm", None)
        _refuse_xfa(pdf, form)
        last, in_stream = _last_index(data)
        sound = last >= 0 and not pdf.get_warnings() and bool(pages) and data.startswith(b"%PDF-")
        sound = sound and all(page.obj.is_indirect and page.obj.objgen[0] < objects for page in pdf.pages)
        return Original(data, pdf, sound, last, in_stream, objects, tuple(_remarks(pdf, form, sound)))
    except OutputUnavailable:
        raise
    except Exception as error:
        raise OutputUnavailable("原 PDF 的结构有损坏，不能加批注；请用阅读器打开后另存再试") from error


def _refuse_xfa(pdf: Any, form: Any) -> None:
    if form is not None and "/XFA" in form and bool(pdf.Root.get("/NeedsRendering", False)):
        raise OutputUnavailable("原 PDF 是 XFA 动态表单，页面由阅读器现排，不能加批注；请打印成普通 PDF 后再试")


def _remarks(pdf: Any, form: Any, sound: bool) -> list[str]:
    found = []
    signed = form is not None and int(form.get("/SigFlags", 0)) & 1
    if signed and sound:
        found.append("原文件有电子签名：批注追加在签名之后，签名所盖的内容没有改动，阅读器会提示「签名后有批注」。")
        permissions = pdf.Root.get("/Perms", None)
        if permissions is not None and "/DocMDP" in permissions:
            found.append("原文件认证时可能不许加批注，阅读器可能因此提示认证无效；请以原文件为准。")
    elif signed:
        found.append("原文件有电子签名，本副本重新保存过，签名在副本中无效；请以原文件为准。")
    if not sound:
        found.append("原文件的索引有损坏，本副本是整理后重新保存的，页面内容没有改动。")
    return found


def _last_index(data: bytes) -> tuple[int, bool]:
    """Where the last cross-reference section stands, and whether it is a stream; -1 where that is not to be found."""
    found = _START.findall(data[-_TAIL:])
    at = int(found[-1]) if found else -1
    if not 0 <= at < len(data):
        return -1, False
    head = data[at : at + 40].lstrip()
    if head.startswith(b"xref"):
        return at, False
    return (at, True) if re.match(rb"\d+\s+\d+\s+obj", head) else (-1, False)
