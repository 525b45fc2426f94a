"""Small documents for the tests of the text layer."""

from __future__ import annotations

from juesuan_rules.documents.model import Document
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.model import Identity, Prose, Sentence
from juesuan_rules.reports.outline import read_outline
from juesuan_rules.reports.prose.reading import read_prose


def document_of(text: str) -> Document:
    return read_text(text.encode(), "某局.txt")


def prose_of(text: str, unit: str | None = None) -> Prose:
    document = document_of(text)
    return read_prose(document, read_outline(document), Identity(unit_name=unit))


def sentences_of(text: str) -> list[Sentence]:
    return list(prose_of(text).sentences)


def texts_of(text: str, role: str = "正文") -> list[str]:
    return [sentence.text for sentence in prose_of(text).sentences if sentence.role == role]
