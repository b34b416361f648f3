"""What a Document must hold to before it becomes a DOCX."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.characters import name
from pipeline.diagnostics import Findings, Location, known_names
from pipeline.document import (
    Document,
    Entry,
    Figure,
    Footnote,
    Link,
    Node,
    PageNumber,
    Reference,
    Section,
    Text,
    walk,
)
from pipeline.render import Look
from pipeline.render.docx.oxml import UNFIT


def ids(document: Document) -> list[str]:
    """Give the ids of a Document's nodes, in order."""
    named = (getattr(node, "id", "") for node in walk(document))
    return [name for name in named if name]


def check(document: Document, look: Look) -> None:
    """Raise Problems with all that a DOCX cannot hold.

    These are: a character that XML has no place for, a link to nothing, an image
    that is not there, and a footnote in a footnote.
    """
    findings = Findings()
    known = set(ids(document))
    for node in walk(document):
        for text, at in _texts(node, look):
            _check_text(text, at, findings)
        match node:
            case Reference(target) | PageNumber(target) | Entry(_, target) if target not in known:
                findings.error(
                    "unknown-reference",
                    f"nothing in the document has the id `{target}`",
                    hint=known_names(target, sorted(known)),
                )
            case Figure(image) if image not in document.images:
                findings.error(
                    "image-missing",
                    f"the document has no image `{image}`",
                    hint=known_names(image, sorted(document.images)),
                )
            case Footnote() if any(isinstance(inner, Footnote) for inner in walk(node)):
                findings.error("note-in-note", "a footnote cannot hold another footnote")
    meta = document.meta
    for text in (meta.title, meta.language, *meta.authors, meta.subject, *meta.keywords,
                 meta.publisher, meta.date, meta.running_head):  # fmt: skip
        _check_text(text, None, findings)
    findings.stop_on_errors()


def _texts(node: Node, look: Look) -> Iterator[tuple[str, Location | None]]:
    match node:
        case Text(text, source):
            yield text, look.places.get(source) if source else None
        case Figure():
            yield node.alt, None
        case Link(href):
            yield href, None
        case Section():
            yield node.running, None


def _check_text(text: str, at: Location | None, findings: Findings) -> None:
    if bad := UNFIT.search(text):
        findings.error(
            "bad-character",
            f"the text holds {name(bad.group())}, which a DOCX cannot hold",
            at,
            f"take it out of “{text[max(0, bad.start() - 20) : bad.start()]}…”",
        )
