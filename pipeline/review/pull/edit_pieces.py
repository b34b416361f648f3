"""An edit of a value, divided at the beginnings of the brief's paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.review.pull.match_content import Place
from pipeline.review.pull.value_edits import Edit, Spot, ValueKey
from pipeline.review.words.diff3 import Change
from pipeline.review.words.tokens import BlockStart, Token

_NO_SPOTS: frozenset[Spot] = frozenset()


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of the brief, and what an editor made of them."""

    old: tuple[Token, ...]
    new: tuple[Token, ...]
    spots: frozenset[Spot] = _NO_SPOTS


@dataclass(slots=True, eq=False)
class Piece:
    """A paragraph of the brief with the changes in it, or paragraphs that are new."""

    segments: list[Segment]
    paragraph: Place | None = None
    """Which one of the brief; none where it is several, or new."""

    @property
    def base(self) -> list[Token]:
        """The words of the brief."""
        return [token for segment in self.segments for token in segment.old]

    @property
    def edited(self) -> list[Token]:
        """The words as the editor has them."""
        return [token for segment in self.segments for token in segment.new]

    @property
    def brings(self) -> tuple[Token, ...]:
        """The words of a new paragraph; none of another."""
        is_new = len(self.segments) == 1 and not self.segments[0].old
        return self.segments[0].new if is_new else ()

    @property
    def changes(self) -> list[Change]:
        """The editor's changes, in these words alone."""
        found: list[Change] = []
        at = to = 0
        for segment in self.segments:
            end, then = at + len(segment.old), to + len(segment.new)
            if segment.spots:
                found.append(Change(at, end, to, then))
            at, to = end, then
        return found

    @property
    def spots(self) -> frozenset[Spot]:
        """The editor's changes that it is part of."""
        return frozenset[Spot]().union(*(segment.spots for segment in self.segments))


def list_pieces(key: ValueKey, edit: Edit) -> Iterator[Piece]:
    """Divide an edit at the beginnings of the brief's paragraphs."""
    number = 0
    for segments in _split_segments(list(_list_segments(key, edit))):
        piece = Piece(segments)
        starts = sum(isinstance(token, BlockStart) for token in piece.base)
        begins = bool(piece.base) and isinstance(piece.base[0], BlockStart)
        if starts == 1 and begins:
            piece.paragraph = (key, number)
        number += starts
        yield piece


def _list_segments(key: ValueKey, edit: Edit) -> Iterator[Segment]:
    at, to = 0, 0
    for number, change in enumerate(edit.changes):
        yield from _split_kept(edit.base[at : change.old_from], edit.edited[to : change.new_from])
        yield Segment(
            tuple(edit.base[change.old_from : change.old_to]),
            tuple(edit.edited[change.new_from : change.new_to]),
            frozenset([(key, number)]),
        )
        at, to = change.old_to, change.new_to
    yield from _split_kept(edit.base[at:], edit.edited[to:])


def _split_kept(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Segment]:
    starts = [n for n, token in enumerate(old) if n and isinstance(token, BlockStart)]
    for first, last in zip([0, *starts], [*starts, len(old)], strict=True):
        if first < last:
            yield Segment(tuple(old[first:last]), tuple(new[first:last]))


def _split_segments(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Group segments by paragraphs; new paragraphs between two are a group of their own."""
    group: list[Segment] = []
    for number, segment in enumerate(segments):
        behind = next((s.old for s in segments[number:] if s.old), None)
        at_edge = behind is None or isinstance(behind[0], BlockStart)
        is_new = not segment.old and bool(segment.new) and isinstance(segment.new[0], BlockStart)
        if group and at_edge and (segment.old or is_new):
            yield group
            group = []
        group.append(segment)
    if group:
        yield group
