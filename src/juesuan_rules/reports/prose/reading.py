"""The prose of a report: its sentences and which of them explain the accounts."""

from __future__ import annotations

from juesuan_rules.documents.model import Document
from juesuan_rules.reports.model import Identity, Prose, Section
from juesuan_rules.reports.prose.explained import explained
from juesuan_rules.reports.prose.sentences import read_sentences


def read_prose(document: Document, sections: tuple[Section, ...], identity: Identity) -> Prose:
    """The running text of a document; which figures are read is not known yet."""
    sentences = read_sentences(document, sections, identity)
    return Prose(sentences, explained=explained(sentences))
