"""Tracked changes (ECMA-376-1 §17.13.5), and what a document says as some of them are accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from pipeline.review.edited_docx.fields import Field, FieldCode
from pipeline.review.edited_docx.pictures import ShownPicture
from pipeline.review.words.tokens import (
    PARAGRAPH_END,
    PLAIN,
    BlockForm,
    StyledText,
    Word,
    WordStyle,
    add_link,
    split_words,
)

FormatT = TypeVar("FormatT")

RevisionKind: TypeAlias = Literal[
    "inserted", "deleted", "moved here", "moved away", "row inserted", "row deleted",
    "reset", "written out", "restyled", "laid out",
]  # fmt: skip
"""Words set another way are reset; what their styles say of them already is written out; a
paragraph in another style is restyled; laid out is all that changes no words: columns, widths,
sections."""
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
class TrackedFormat(Generic[FormatT]):
    """How something is set, and how it was before a tracked change of that."""

    now: FormatT
    before: FormatT
    revision: int | None = None
    """The tracked change, by its number; None if there is none."""

    def choose(self, accepted: Container[int]) -> FormatT:
        """Return how it is set with some changes accepted and the others rejected."""
        is_rejected = self.revision is not None and self.revision not in accepted
        return self.before if is_rejected else self.now

    def list_accepted(self, accepted: Container[int]) -> tuple[int, ...]:
        """Return the number of the change where it is accepted, and else none."""
        return () if self.revision is None or self.revision not in accepted else (self.revision,)


@dataclass(frozen=True, slots=True)
class RevisedRun:
    """Characters of one run, with the changes that they stand in."""

    text: str
    style: TrackedFormat[WordStyle]
    inside: tuple[int, ...] = ()
    """The insertions and deletions around them, outermost first."""
    anchors: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    note: tuple[EditedParagraph, ...] | None = None
    fields: tuple[Field, ...] = ()
    """The fields whose result it is, outermost first."""
    is_computed: bool = False
    """Whether no words at all: a character of a field, or what a running head computes."""
    pictures: tuple[ShownPicture, ...] = ()

    @property
    def revisions(self) -> tuple[int, ...]:
        """The tracked changes around the characters, of their style, and of their fields."""
        styled = () if self.style.revision is None else (self.style.revision,)
        of_fields = (number for own in self.fields for number in own.revisions)
        return tuple(dict.fromkeys((*self.inside, *styled, *of_fields)))

    @property
    def is_worked_out(self) -> bool:
        """Whether a field works out what it says, with or without the tracked changes."""
        codes = (own.find_code() for own in self.fields)
        return self.is_computed or any(code and code.is_computed for code in codes)

    @property
    def is_visible(self) -> bool:
        """Whether it shows anything."""
        return bool(self.text.strip()) or self.note is not None or bool(self.pictures)


@dataclass(frozen=True, slots=True)
class ParagraphChanges:
    """The tracked changes of a paragraph, by their numbers."""

    inside: tuple[int, ...]
    """The insertions and deletions of the row or cell that it stands in."""
    mark: tuple[int, ...]
    """Those of its mark: without it, the next paragraph goes on in it."""
    all: tuple[int, ...]
    """Every tracked change that touches it."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell of a table stands; tables and rows are numbered through the file, from 1."""

    table: int
    row: int
    column: int
    width: int = 0
    """How many cells its row has."""
    is_merged: bool = False
    """Whether it is one with a cell beside, above or below it."""


@dataclass(frozen=True, slots=True)
class EditedParagraph:
    """A paragraph as it stands in the file, with everything that was changed in it."""

    number: int
    """Its place among all of its part, from 1."""
    form: TrackedFormat[BlockForm]
    style: str
    pieces: tuple[RevisedRun, ...]
    changes: ParagraphChanges
    anchors: frozenset[str]
    copies: frozenset[str]
    """The anchors that it has copies of, by their names in LibreOffice."""
    cell: int = 0
    """The table cell that it stands in, by number; 0 is none."""
    ends_cell: bool = False
    place: CellPlace | None = None
    """Where that cell stands."""


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
    pictures: tuple[ShownPicture, ...] = ()
    place: CellPlace | None = None
    """Where the cell stands that it is in."""
    is_behind_removed: bool = False
    """Whether the paragraph before it was taken away: LibreOffice gives it that one's style."""


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A document with some of its changes accepted and the others rejected."""

    accepted: frozenset[int]
    removing: frozenset[int]
    """The changes that take something away, accepted or not."""
    absent: frozenset[int]
    """The changes whose words are not there."""

    def list_lines(self, paragraphs: Sequence[EditedParagraph]) -> tuple[Line, ...]:
        """Return the paragraphs, joined where the mark between two is not there."""
        lines: list[Line] = []
        pending: list[EditedParagraph] = []
        is_removed = was_removed = False
        for paragraph in paragraphs:
            changes = paragraph.changes
            was_removed, is_removed = is_removed, not self.removing.isdisjoint(changes.mark)
            if self.absent.isdisjoint(changes.inside):
                pending.append(paragraph)
                if paragraph.ends_cell or self.absent.isdisjoint(changes.mark):
                    line = self._join_paragraphs(pending)
                    lines.append(replace(line, is_behind_removed=was_removed))
                    pending = []
            elif pending:  # what stands before a row that is not there ends there
                lines.append(self._join_paragraphs(pending))
                pending = []
        if pending:
            lines.append(self._join_paragraphs(pending))
        places = self._place_cells(paragraphs)
        return tuple(
            replace(line, place=places[line.place]) if line.place else line for line in lines
        )

    def _place_cells(self, paragraphs: Iterable[EditedParagraph]) -> Mapping[CellPlace, CellPlace]:
        """Return of each cell that is there its place among those of its row that are."""
        rows: dict[int, dict[CellPlace, None]] = defaultdict(dict)
        for paragraph in paragraphs:
            if paragraph.place and self.absent.isdisjoint(paragraph.changes.inside):
                rows[paragraph.place.row][paragraph.place] = None
        return {
            cell: replace(cell, column=column, width=len(row))
            for row in rows.values()
            for column, cell in enumerate(row, 1)
        }

    def _join_paragraphs(self, paragraphs: Sequence[EditedParagraph]) -> Line:
        shown = [self._list_pieces(paragraph) for paragraph in paragraphs]
        pieces = [piece for own in shown for piece in own]
        leading = _find_leading(paragraphs, shown)
        form = leading.form
        others = (other for p in pieces for other in self._find_style(p).others)
        return Line(
            words=split_words(self._iterate_styled_text(pieces)),
            form=form.choose(self.accepted),
            style=leading.style,
            numbers=tuple(paragraph.number for paragraph in paragraphs),
            anchors=_collect_anchors(paragraphs, pieces),
            copies=frozenset[str]().union(*(paragraph.copies for paragraph in paragraphs)),
            comments=_collect_comments(pieces),
            cell=leading.cell,
            place=leading.place,
            revisions=tuple(dict.fromkeys(r for p in paragraphs for r in p.changes.all)),
            others=tuple(dict.fromkeys(others)),
            restyled=form.list_accepted(self.accepted),
            pictures=tuple(
                replace(shown, revisions=piece.revisions)
                for piece in pieces
                for shown in piece.pictures
            ),
        )

    def _list_pieces(self, paragraph: EditedParagraph) -> list[RevisedRun]:
        """Return what is there; a change of a whole row or cell is one of each word in it."""
        return [
            replace(piece, inside=(*paragraph.changes.inside, *piece.inside))
            for piece in paragraph.pieces
            if self.absent.isdisjoint(piece.inside)
        ]

    def _iterate_styled_text(self, pieces: Iterable[RevisedRun]) -> Iterator[StyledText]:
        for piece in pieces:
            if piece.note is not None:
                words = split_words(self._iterate_note_text(piece.note))
                yield StyledText("", PLAIN, words, piece.revisions)
            elif not self.is_computed(piece):
                yield StyledText(piece.text, self._find_style(piece), None, piece.revisions)

    def is_computed(self, piece: RevisedRun) -> bool:
        """Return whether a field works out what a run says: a page's number, the contents."""
        return piece.is_computed or any(code.is_computed for code in self._list_codes(piece))

    def _find_style(self, piece: RevisedRun) -> WordStyle:
        """Return how a run is set, with what the fields add that it is the result of."""
        style = piece.style.choose(self.accepted)
        for code in self._list_codes(piece):
            style = add_link(
                replace(style, others=(*style.others, *code.others)), code.link or style.href
            )
        return style

    def _list_codes(self, piece: RevisedRun) -> list[FieldCode]:
        codes = (own.find_code(self.absent) for own in piece.fields)
        return [code for code in codes if code is not None]

    def _iterate_note_text(self, note: Sequence[EditedParagraph]) -> Iterator[StyledText]:
        for index, line in enumerate(self.list_lines(note)):
            if index:
                yield StyledText(PARAGRAPH_END)
            yield from (StyledText(w.text, w.style, None, w.revisions) for w in line.words)


def accept_revisions(revisions: Sequence[Revision], accepted: Iterable[int]) -> RevisionView:
    """Return the view with the changes of some numbers accepted and all others rejected."""
    numbers = frozenset(accepted)
    adding = frozenset(r.number for r in revisions if r.kind in ADDING_KINDS)
    removing = frozenset(r.number for r in revisions if r.kind in REMOVING_KINDS)
    return RevisionView(numbers, removing, (adding - numbers) | (removing & numbers))


def _find_leading(
    paragraphs: Sequence[EditedParagraph], shown: Sequence[Sequence[RevisedRun]]
) -> EditedParagraph:
    """Return the paragraph that gives a line its form: the first that shows anything."""
    for paragraph, pieces in zip(paragraphs, shown, strict=True):
        if any(piece.is_visible for piece in pieces):
            return paragraph
    return paragraphs[-1]


def _collect_anchors(
    paragraphs: Sequence[EditedParagraph], pieces: Sequence[RevisedRun]
) -> frozenset[str]:
    """Return the anchors round what is shown; those of paragraphs that never held anything."""
    if any(paragraph.pieces for paragraph in paragraphs):
        return frozenset[str]().union(*(piece.anchors for piece in pieces if piece.is_visible))
    return frozenset[str]().union(*(paragraph.anchors for paragraph in paragraphs))


def _collect_comments(pieces: Iterable[RevisedRun]) -> frozenset[str]:
    """Return the comments on pieces, and on those of their notes."""
    found = frozenset[str]()
    for piece in pieces:
        found |= piece.comments
        for paragraph in piece.note or ():
            found |= _collect_comments(paragraph.pieces)
    return found
