"""Anchors: what each paragraph was, so that an editor's changes find their way back.

A bookmark that Word hides stands round the words of every paragraph, inside it: of all that a
file can hold, it is what editing and saving in Word and LibreOffice leave alone. What it stands
for is in the ``roundtrip_manifest``, beside the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal, TypeAlias, assert_never

from pipeline.document.tree import (
    Address,
    Comment,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    PageNumber,
    Reference,
    Span,
    Strong,
    Text,
    to_plain_text,
    walk,
)
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.word.ooxml import XmlElement, w

PREFIX: Final = "_bp_"
"""What an anchor's name begins with; its number follows. Word hides names with an underscore."""

AnchorKind: TypeAlias = Literal["content", "template", "generated", "mixed"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words are from: an address in the content, a line of a template, or neither."""

    source: Address | None = None
    at: str = ""
    is_computed: bool = False
    """Whether a field computes them: a page's number, which only a layout knows, or a reference."""


@dataclass(frozen=True, slots=True)
class AnchorPiece:
    """Words of a paragraph that are from one place."""

    origin: Origin
    nodes: tuple[Inline, ...]

    @property
    def text(self) -> str:
        """Return the words as they stand in the paragraph, a line feed for a break in the line."""
        return "".join(map(_extract_text, self.nodes))

    @property
    def links(self) -> Iterator[str]:
        """Return where links lead whose words do not say it."""
        for node in (part for outer in self.nodes for part in (outer, *walk(outer))):
            if isinstance(node, Link) and not node.href.endswith(_extract_text(node)):
                yield node.href

    @property
    def notes(self) -> int:
        """Count the footnotes that are hung on the words."""
        return sum(isinstance(n, Footnote) for node in self.nodes for n in (node, *walk(node)))


@dataclass(frozen=True, slots=True)
class AnchorPicture:
    """The picture that a paragraph shows."""

    image: str
    """A key of ``Document.images``."""
    alt: str
    sha256: str
    """The fingerprint of the bytes that are in the file."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A paragraph as it was written."""

    number: int
    style: str
    role: str
    """Which of our styles it has, wherever it begins and whatever a house calls it."""
    within: tuple[str, ...]
    """What it stands in, from the outside: ``ordered 2`` is a numbered list's second item."""
    pieces: tuple[AnchorPiece, ...]
    first_note: int
    """The number that the first footnote in it has."""
    is_copy: bool = False
    """Whether its words were copied from elsewhere in the brief, as those of the contents are."""
    picture: AnchorPicture | None = None

    @property
    def name(self) -> str:
        """Return the name of its bookmark."""
        return f"{PREFIX}{self.number}"

    @property
    def kind(self) -> AnchorKind:
        """Return where its words are from. Marks and spaces between them are no words."""
        origins = [p.origin for p in self.pieces if any(map(str.isalnum, p.text))]
        if self.is_copy or not any(origin.source or origin.at for origin in origins):
            return "generated"
        if all(origin.source for origin in origins):
            return "content"
        return "mixed" if any(origin.source for origin in origins) else "template"


class Anchors:
    """Sets an anchor round each paragraph, and notes what it stands for."""

    def __init__(self, bookmarks: Bookmarks) -> None:
        """``bookmarks`` gives each its number in the file."""
        self.written: list[Anchor] = []
        self._bookmarks = bookmarks
        self._notes = 0

    def make_anchor(
        self,
        nodes: Sequence[Inline],
        style: str,
        role: str,
        within: tuple[str, ...],
        *,
        is_copy: bool,
        picture: AnchorPicture | None = None,
    ) -> tuple[XmlElement, XmlElement]:
        """Return the start and the end of an anchor for the words of a paragraph."""
        pieces = tuple(split_by_origin(map(self._replace_with_field, nodes)))
        count, first_note = len(self.written) + 1, self._notes + 1
        anchor = Anchor(count, style, role, within, pieces, first_note, is_copy, picture)
        self.written.append(anchor)
        self._notes += sum(piece.notes for piece in anchor.pieces)
        number = self._bookmarks.take_number()
        return w("bookmarkStart", id=number, name=anchor.name), w("bookmarkEnd", id=number)

    def _replace_with_field(self, node: Inline) -> Inline:
        """Return a reference whose words a field computes as a number that is: it is nobody's."""
        match node:
            case Reference(target, children) if self._bookmarks.make_reference_field(
                target, to_plain_text(children)
            ):
                return PageNumber(target)
            case Emphasis() | Link() | Reference() | Span() | Strong():
                return replace(node, children=tuple(map(self._replace_with_field, node.children)))
            case Text() | PageNumber() | LineBreak() | Comment() | Footnote():
                return node
            case _:
                assert_never(node)


def split_by_origin(nodes: Iterable[Inline]) -> Iterator[AnchorPiece]:
    """Divide the words of a paragraph by where they are from."""
    for origin, group in groupby(_divide_nodes(nodes), key=_get_origin):
        yield AnchorPiece(origin or Origin(), tuple(node for _, node in group))


_Part: TypeAlias = tuple[Origin | None, Inline]


def _get_origin(part: _Part) -> Origin | None:
    return part[0]


def _divide_nodes(nodes: Iterable[Inline]) -> list[_Part]:
    """Return nodes with their origin; one with words from several places comes in parts."""
    parts: list[_Part] = []
    for node in nodes:
        match node:
            case Text(_, source, at):
                parts.append((Origin(source, at), node))
            case LineBreak():
                parts.append((None, node))
            case Comment():
                pass
            case PageNumber():
                parts.append((Origin(is_computed=True), node))
            case Footnote():
                inner = (n for n in walk(node) if isinstance(n, Text))
                parts.append((next((Origin(n.source, n.at) for n in inner), None), node))
            case Emphasis() | Link() | Reference() | Span() | Strong():
                for origin, group in groupby(_divide_nodes(node.children), key=_get_origin):
                    children = tuple(part for _, part in group)
                    parts.append((origin, replace(node, children=children)))
            case _:
                assert_never(node)
    return _assign_breaks(parts)


def _assign_breaks(parts: list[_Part]) -> list[_Part]:
    """Count a break in the line, or a note without words, to the words that stand around it."""
    assigned = list(parts)
    for index, (before, (origin, node), after) in enumerate(
        zip(parts, parts[1:], parts[2:], strict=False), 1
    ):
        if origin is None and before[0] == after[0]:
            assigned[index] = before[0], node
    return assigned


def _extract_text(node: Inline) -> str:
    match node:
        case Text(text):
            return text
        case LineBreak():
            return "\n"
        case PageNumber() | Comment() | Footnote():
            return ""
        case Emphasis() | Link() | Reference() | Span() | Strong():
            return "".join(map(_extract_text, node.children))
        case _:
            assert_never(node)
