"""Tracked changes (ECMA-376-1 §17.13.5), and what a document says as some of them are accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from pipeline.review.words.tokens import (
    PARAGRAPH,
    PARAGRAPH_END,
    PLAIN,
    BlockForm,
    StyledText,
    Word,
    WordStyle,
    split_words,
)

RevisionKind: TypeAlias = Literal[
    "inserted", "deleted", "moved here", "moved away", "row inserted", "row deleted",
    "reset", "restyled", "laid out",
]  # fmt: skip
"""Words set another way are reset; a paragraph in another style is restyled; laid out is all
that changes no words: columns, widths, sections."""
StoryKind: TypeAlias = Literal["text", "footnote", "running head"]
ADDING_KINDS: Final = ("inserted", "moved here", "row inserted")
REMOVING_KINDS: Final = ("deleted", "moved away", "row deleted")


@dataclass(frozen=True, slots=True)
class Revision:
    """One tracked change."""

    number: int
    """Its place among all of the file, from 0."""
    kind: RevisionKind
    author: str
    date: str
    where: StoryKind = "text"


@dataclass(frozen=True, slots=True)
class RevisedRun:
    """Characters of one run, with the changes that they stand in."""

    text: str
    look: WordStyle = PLAIN
    was: WordStyle = PLAIN
    """How they were set before a tracked change of that, ``reset``."""
    reset: int | None = None
    inside: tuple[int, ...] = ()
    """The insertions and deletions around them, outermost first."""
    anchors: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    note: tuple[EditedParagraph, ...] | None = None
    is_computed: bool = False
    """Whether a field's result: a page's number, an entry of the contents."""
    is_image: bool = False


@dataclass(slots=True)
class EditedParagraph:
    """A paragraph as it stands in the file, with everything that was changed in it."""

    number: int
    """Its place among all of its part, from 1."""
    form: BlockForm = PARAGRAPH
    was: BlockForm = PARAGRAPH
    """What it was before a tracked change of that, ``restyled``."""
    restyled: int | None = None
    style: str = ""
    pieces: list[RevisedRun] = field(default_factory=list)
    mark: tuple[int, ...] = ()
    """The insertions and deletions of its mark: without it, the next paragraph goes on in it."""
    inside: tuple[int, ...] = ()
    """The insertions and deletions of the row or cell that it stands in."""
    anchors: frozenset[str] = frozenset()
    copies: frozenset[str] = frozenset()
    """The anchors that it has copies of, by their names in LibreOffice."""
    cell: int = 0
    """The table cell that it stands in, by number; 0 is none."""
    ends_cell: bool = False
    revisions: tuple[int, ...] = ()
    """Every tracked change that touches it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as a view shows it."""

    words: tuple[Word, ...]
    form: BlockForm
    style: str
    numbers: tuple[int, ...]
    """The paragraphs of the file that it is made of."""
    anchors: frozenset[str]
    copies: frozenset[str]
    """The anchors that it has copies of."""
    comments: frozenset[str]
    cell: int
    revisions: tuple[int, ...]
    others: tuple[str, ...] = ()
    """How words are set that the content cannot hold."""
    restyled: tuple[int, ...] = ()
    """The tracked change of its style, where it is accepted."""
    has_image: bool = False
    is_behind_removed: bool = False
    """Whether the paragraph before it was taken away: LibreOffice gives it that one's style."""


class RevisionView:
    """A document with some of its changes accepted and the others rejected."""

    def __init__(self, revisions: Sequence[Revision], accepted: Iterable[int]) -> None:
        """``accepted`` are revisions by their numbers."""
        self._accepted = frozenset(accepted)
        brought = {r.number for r in revisions if r.kind in ADDING_KINDS}
        taken = {r.number for r in revisions if r.kind in REMOVING_KINDS}
        self._taken = taken
        self._absent = (brought - self._accepted) | (taken & self._accepted)

    def list_lines(self, paragraphs: Sequence[EditedParagraph]) -> tuple[Line, ...]:
        """Give the paragraphs, joined where the mark between two is not there."""
        made: list[Line] = []
        held: list[EditedParagraph] = []
        is_removed = was_removed = False
        for paragraph in paragraphs:
            was_removed, is_removed = is_removed, not self._taken.isdisjoint(paragraph.mark)
            if self._absent.isdisjoint(paragraph.inside):
                held.append(paragraph)
                if paragraph.ends_cell or self._absent.isdisjoint(paragraph.mark):
                    made.append(replace(self._join_paragraphs(held), is_behind_removed=was_removed))
                    held = []
            elif held:  # what stands before a row that is not there ends there
                made.append(self._join_paragraphs(held))
                held = []
        if held:
            made.append(self._join_paragraphs(held))
        return tuple(made)

    def _join_paragraphs(self, held: Sequence[EditedParagraph]) -> Line:
        # A change of a whole row or cell is one of each word in it.
        pieces = [
            [
                replace(piece, inside=(*paragraph.inside, *piece.inside))
                for piece in paragraph.pieces
                if self._absent.isdisjoint(piece.inside)
            ]
            for paragraph in held
        ]
        worded = [p for p, own in zip(held, pieces, strict=True) if any(map(_is_visible, own))]
        leading = worded[0] if worded else held[-1]
        flat = [piece for own in pieces for piece in own]
        is_left = leading.restyled is not None and leading.restyled not in self._accepted
        anchors = frozenset[str]().union(*(piece.anchors for piece in flat if _is_visible(piece)))
        if not flat and not any(paragraph.pieces for paragraph in held):
            anchors = frozenset[str]().union(*(paragraph.anchors for paragraph in held))
        return Line(
            words=split_words(self._iterate_styled_text(flat)),
            form=leading.was if is_left else leading.form,
            style=leading.style,
            numbers=tuple(paragraph.number for paragraph in held),
            anchors=anchors,
            copies=frozenset[str]().union(*(paragraph.copies for paragraph in held)),
            comments=_collect_comments(flat),
            cell=leading.cell,
            revisions=tuple(dict.fromkeys(r for p in held for r in p.revisions)),
            others=tuple(dict.fromkeys(o for p in flat for o in self._find_style(p).others)),
            restyled=() if leading.restyled is None or is_left else (leading.restyled,),
            has_image=any(piece.is_image for piece in flat),
        )

    def _find_style(self, piece: RevisedRun) -> WordStyle:
        is_left = piece.reset is not None and piece.reset not in self._accepted
        return piece.was if is_left else piece.look

    def _iterate_styled_text(self, pieces: Iterable[RevisedRun]) -> Iterator[StyledText]:
        for piece in pieces:
            revisions = (*piece.inside, *(() if piece.reset is None else (piece.reset,)))
            if piece.note is not None:
                words: list[StyledText] = []
                for line in self.list_lines(piece.note):
                    words += [StyledText(PARAGRAPH_END)] if words else []
                    words += [StyledText(w.text, w.look, None, w.revisions) for w in line.words]
                yield StyledText("", PLAIN, split_words(words), revisions)
            elif not piece.is_computed:
                yield StyledText(piece.text, self._find_style(piece), None, revisions)


def _collect_comments(pieces: Iterable[RevisedRun]) -> frozenset[str]:
    """Give the comments on pieces, and on those of their notes."""
    found = frozenset[str]()
    for piece in pieces:
        found |= piece.comments
        for paragraph in piece.note or ():
            found |= _collect_comments(paragraph.pieces)
    return found


def _is_visible(piece: RevisedRun) -> bool:
    return bool(piece.text.strip()) or piece.note is not None or piece.is_image
