"""What is open, and what is noted, while one part of an editor's DOCX is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from pipeline.review.edited_docx.fields import Field
from pipeline.review.edited_docx.revisions import (
    CellPlace,
    EditedParagraph,
    Revision,
    RevisionKind,
    StoryKind,
)
from pipeline.word.ooxml import W
from pipeline.word.opc import Relation

MOST_NESTED: Final = 100
ANCHOR: Final = re.compile(r"_bp_\d+")
"""A bookmark round a block of a brief. A copy of it has another name, and is no anchor."""
CHANGES: Final[dict[str, RevisionKind]] = {
    "ins": "inserted",
    "del": "deleted",
    "moveTo": "moved here",
    "moveFrom": "moved away",
}
_MOVES: Final[dict[str, RevisionKind]] = {
    "moveFromRangeStart": "moved away",
    "moveToRangeStart": "moved here",
}
_MOVE_ENDS: Final = ("moveFromRangeEnd", "moveToRangeEnd")
_LAYOUT: Final = tuple(
    f"{W}{tag}"
    for tag in (
        "sectPrChange tblPrChange tblGridChange trPrChange tcPrChange tblPrExChange"
        " numberingChange cellMerge"
    ).split()
)
_LAID_OUT: Final = frozenset("sectPr tblPr tblGrid trPr tcPr tblPrEx".split())
"""The properties that changes of layout are kept in."""
_SILENT: Final = frozenset(
    "proofErr lastRenderedPageBreak permStart permEnd annotationRef footnoteRef endnoteRef"
    " separator continuationSeparator softHyphen customXmlInsRangeStart customXmlInsRangeEnd"
    " customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart"
    " customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd sectPr pPr rPr"
    " sdtPr sdtEndPr smartTagPr customXmlPr tblPr tblGrid tblPrEx trPr tcPr".split()
)
"""What says nothing that is read: marks for programs, and properties, which are read by name."""


@dataclass(frozen=True, slots=True)
class UnknownElement:
    """An element that cannot be read, with the paragraph that it stands in."""

    name: str
    paragraph: int
    words: str


@dataclass(frozen=True, slots=True)
class RevisionLog:
    """What is noted of a whole file: its tracked changes, and what cannot be read."""

    revisions: list[Revision] = field(default_factory=list)
    unknown: list[UnknownElement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What stands round the words that are read."""

    inside: tuple[int, ...] = ()
    link: str = ""
    depth: int = 0
    cell: int = 0
    """The table cell, by number; 0 is none."""
    place: CellPlace | None = None
    """Where that cell stands."""
    style: str = ""
    """The paragraph's style, by its id."""


@dataclass(slots=True)
class Story:
    """What is open while one part is read: bookmarks, comments and fields run across paragraphs."""

    log: RevisionLog
    relations: Mapping[str, Relation]
    """What the part leads to, by id: links, images."""
    where: StoryKind = "text"
    closed: frozenset[str] = frozenset()
    """The anchors that end somewhere: one that does not would run on to the end of the text."""
    paragraphs: list[EditedParagraph] = field(default_factory=list)
    begun: int = 0
    """How many paragraphs were begun, the one that is read among them."""
    bookmarks: dict[str, str] = field(default_factory=dict)
    """The names of the anchors that are open, by the ids of their bookmarks."""
    moves: dict[str, RevisionKind] = field(default_factory=dict)
    """What the ranges of moves are that are open, by their ids."""
    bare_moves: dict[RevisionKind, int] = field(default_factory=dict)
    """The moves that the mark of the paragraph alone says, by their kinds."""
    comments: frozenset[str] = frozenset()
    fields: list[Field] = field(default_factory=list)

    @property
    def anchors(self) -> frozenset[str]:
        """The anchors that are open."""
        return frozenset(self.bookmarks.values())

    def list_bare_moves(self) -> tuple[int, ...]:
        """Return the moves of the paragraph whose words stand plainly in a range that is open."""
        opened = set(self.moves.values())
        return tuple(number for kind, number in self.bare_moves.items() if kind in opened)

    def add_revision(self, element: Any, kind: RevisionKind) -> int:
        """Note a tracked change; return its number."""
        number = len(self.log.revisions)
        author, date = element.get(f"{W}author", ""), element.get(f"{W}date", "")
        self.log.revisions.append(Revision(number, kind, author, date, self.where))
        return number

    def add_layout_changes(self, element: Any) -> None:
        """Note the changes of layout that are kept in an element's properties."""
        if strip_namespace(element) in _LAID_OUT:
            for change in element.iter(*_LAYOUT):
                self.add_revision(change, "laid out")

    def add_unknown(self, element: Any) -> None:
        """Note an element that cannot be read."""
        name = etree.QName(element).localname
        text = "".join(t.text or "" for t in element.iter(f"{W}t", f"{W}delText"))
        words = " ".join(text.split())[:60]
        self.log.unknown.append(UnknownElement(name, self.begun or 1, words))

    def read_other(self, element: Any) -> None:
        """Open or close a range, pass over what says nothing, and note all else as unknown."""
        tag = strip_namespace(element)
        if not self._read_range_mark(element, tag) and tag not in _SILENT:
            self.add_unknown(element)

    def _read_range_mark(self, element: Any, tag: str) -> bool:
        """Open or close a bookmark or a comment's range; return whether the element is one."""
        id = element.get(f"{W}id", "")
        if tag == "bookmarkStart":
            name = element.get(f"{W}name", "")
            if ANCHOR.fullmatch(name) and name in self.closed:
                self.bookmarks[id] = name
        elif tag == "bookmarkEnd":
            # A range that was split comes back as two that begin, with one name.
            name = self.bookmarks.pop(id, "")
            self.bookmarks = {i: other for i, other in self.bookmarks.items() if other != name}
        elif tag == "commentRangeStart":
            self.comments |= {id}
        elif tag == "commentRangeEnd":
            self.comments -= {id}
        elif tag in _MOVES:
            self.moves[id] = _MOVES[tag]
        elif tag in _MOVE_ENDS:
            self.moves.pop(id, None)
        else:
            return False
        return True


def strip_namespace(element: Any) -> str:
    """Return the name of an element of the main namespace; others have theirs with it."""
    return str(element.tag).removeprefix(W)
