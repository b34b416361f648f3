"""Moved paragraphs, brought to one place before words are merged.

Where the content has a paragraph in another place by now, the brief's and the editor's words of
it go there as well; where an editor moved one whose words have changed, the content's words of
it go along. What then differs are words alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.review.pull.edit_pieces import Piece, Segment, list_pieces
from pipeline.review.pull.match_content import (
    EditedParagraph,
    KnownParagraph,
    NowParagraph,
    Place,
    find_likest,
    match_content,
    split_paragraphs,
)
from pipeline.review.pull.value_edits import Edit, ParagraphMove, Spot, ValueKey
from pipeline.review.words.diff3 import (
    Change,
    find_changes_by_part,
)
from pipeline.review.words.tokens import BlockStart, Token


@dataclass(frozen=True, slots=True)
class FollowedEdit:
    """An edit of a value and the value by now, with every moved paragraph in one place."""

    base: list[Token]
    edited: list[Token]
    changes: list[Change]
    spots: list[frozenset[Spot]]
    """Of each change the editor's changes that it is part of."""
    now: list[Token]
    is_torn: bool = False
    """Whether the content and the editor moved one paragraph to different places."""


@dataclass(frozen=True, slots=True)
class FollowedEdits:
    """The edits of one file."""

    by_value: Mapping[ValueKey, FollowedEdit]
    settled: frozenset[Spot]
    """The moves that the content has already, word by word or with other words."""
    ties: Sequence[tuple[ValueKey, ValueKey]]
    """The values between which paragraphs were moved: both are written, or none."""


def follow_moves(
    edits: Mapping[ValueKey, Edit],
    nows: Mapping[ValueKey, Sequence[Token]],
    moves: Iterable[ParagraphMove],
) -> FollowedEdits:
    """Bring the moved paragraphs of values that may hold several to one place.

    ``nows`` are the values by now; those that are in none of it are left out.
    """
    moves = list(moves)
    follower = _Follower(
        {key: list(list_pieces(key, edits[key])) for key in nows},
        {key: [NowParagraph(p) for p in split_paragraphs(now)] for key, now in nows.items()},
        moves,
    )
    follower.follow_content()
    for move in moves:
        follower.follow_editor(move)
    return follower.finish()


def _list_edited(
    pieces: Iterable[Piece], brought: Mapping[frozenset[Spot], Piece]
) -> Iterator[EditedParagraph]:
    """Return the editor's paragraphs in their order, with the places that they had."""
    for piece in pieces:
        source = brought.get(piece.spots, piece)
        paragraphs = [NowParagraph(text) for text in split_paragraphs(piece.edited)]
        known = 0 if len(paragraphs) == 1 else find_likest([tuple(source.base)], paragraphs)
        for number, paragraph in enumerate(paragraphs):
            yield source.paragraph if number == known else None, paragraph.tokens


# --- the moves ------------------------------------------------------------------------------


class _Follower:
    """Values on their way to have each moved paragraph in one place."""

    def __init__(
        self,
        pieces: dict[ValueKey, list[Piece]],
        nows: dict[ValueKey, list[NowParagraph]],
        moves: Iterable[ParagraphMove],
    ) -> None:
        self.pieces = pieces
        self.nows = nows
        brought = dict(self.find_brought(moves))
        edited = {key: list(_list_edited(own, brought)) for key, own in pieces.items()}
        by_place = {place: tokens for own in edited.values() for place, tokens in own if place}
        bases = {
            key: [
                KnownParagraph((key, n), tokens, by_place.get((key, n), ()))
                for n, tokens in enumerate(split_paragraphs(t for p in own for t in p.base))
            ]
            for key, own in pieces.items()
        }
        self.matches = match_content(bases, nows, edited)
        self.settled: set[Spot] = set()
        self.torn: set[ValueKey] = set()
        self.ties: list[tuple[ValueKey, ValueKey]] = []

    def find_brought(
        self, moves: Iterable[ParagraphMove]
    ) -> Iterator[tuple[frozenset[Spot], Piece]]:
        """Find which paragraphs of the brief stand elsewhere, by the changes that put them in."""
        for move in moves:
            if len(move.sources) == len(move.targets) == 1:
                source = self.find_spot(move.sources[0])
                if source is not None and source[1].paragraph is not None:
                    yield frozenset(move.targets), source[1]

    def follow_content(self) -> None:
        """Bring the brief's paragraphs to where the content has them.

        Where it has several that are like one of them, it is open which one was moved, and which
        is a copy.
        """
        copied = {key for key, own in self.pieces.items() if any(self.is_copy(p) for p in own)}
        moved_to = {key for key, _ in self.matches.moved.values()}
        self.torn |= self.matches.twofold & (moved_to | copied)
        order = {id(p): n for own in self.nows.values() for n, p in enumerate(own)}
        moved = sorted(self.matches.moved.items(), key=lambda pair: order[id(pair[1][1])])
        for place, (key, paragraph) in moved:
            found = self.find_piece(place)
            if found is None:
                continue
            source, piece = found
            self.pieces[source].remove(piece)
            self.pieces[key].insert(self.find_place_behind(key, paragraph), piece)
            if source != key and piece.spots:
                self.ties.append((source, key))

    def is_copy(self, piece: Piece) -> bool:
        """Return whether a piece brings a paragraph that the brief had."""
        texts = split_paragraphs(piece.brings)
        return any(text in self.matches.texts for text in texts)

    def find_piece(self, place: Place) -> tuple[ValueKey, Piece] | None:
        """Find the piece that is a paragraph of the brief."""
        for key, own in self.pieces.items():
            for piece in own:
                if piece.paragraph == place:
                    return key, piece
        return None

    def find_place_behind(self, key: ValueKey, paragraph: NowParagraph) -> int:
        """Find the place behind the piece of the nearest known paragraph above one."""
        known = {id(new): place for place, new in self.matches.in_place.items()}
        known |= {id(new): place for place, (_, new) in self.matches.moved.items()}
        own = self.nows[key]
        at = next(n for n, other in enumerate(own) if other is paragraph)
        for above in reversed(own[:at]):
            place = known.get(id(above))
            for number, piece in enumerate(self.pieces[key]):
                is_known = place is not None and piece.paragraph == place
                if is_known or piece.brings == above.tokens:
                    return number + 1
        return 0

    def follow_editor(self, move: ParagraphMove) -> None:
        """Bring the content's words of a paragraph to where an editor moved it."""
        if len(move.sources) != 1 or len(move.targets) != 1:
            return
        source, target = self.find_spot(move.sources[0]), self.find_spot(move.targets[0])
        if source is None or target is None or source[1].paragraph is None:
            return
        now = self.matches.in_place.get(source[1].paragraph)
        unsure = self.matches.twofold | (self.matches.strange if now is None else set())
        if source[0] == target[0] and self.is_beside(source[0], source[1], target[1]):
            self.settled |= source[1].spots | target[1].spots
        elif ({key for key, _ in self.matches.moved} | unsure) & {source[0], target[0]}:
            # Two orders of one text's paragraphs, or two that may be the one that was moved, or one
            # that may be what it has become: which of them is right only a person can say.
            self.torn |= {source[0], target[0]}
        else:
            self.carry_along(source, target, now)

    def is_beside(self, key: ValueKey, piece: Piece, other: Piece) -> bool:
        """Return whether nothing but new paragraphs stands between two pieces."""
        own = self.pieces[key]
        first, last = sorted(
            next(n for n, found in enumerate(own) if found is one) for one in (piece, other)
        )
        return not any(between.base for between in own[first + 1 : last])

    def carry_along(
        self,
        source: tuple[ValueKey, Piece],
        target: tuple[ValueKey, Piece],
        now: NowParagraph | None,
    ) -> None:
        """Make changes of words of a move, and move the content's paragraph."""
        key, piece = source
        to, new = target
        if len(new.segments) != 1:
            return
        spots = new.spots | piece.spots
        carried = replace(new.segments[0], old=tuple(piece.base), spots=spots)
        if now is not None:
            at = next(n for n, other in enumerate(self.nows[key]) if other is now)
            del self.nows[key][at]
            above = self.find_paragraph_above(to, new)
            start = 0
            if above is not None:
                start = next(n for n, o in enumerate(self.nows[to]) if o is above) + 1
            moved = NowParagraph(tuple(_forget_place(now.tokens, is_elsewhere=key != to)))
            self.nows[to].insert(start, moved)
            if piece.paragraph is not None:
                self.matches.in_place[piece.paragraph] = moved
        self.pieces[key].remove(piece)
        new.segments, new.paragraph = [carried], piece.paragraph
        self.ties += [(key, to)] if key != to else []

    def find_paragraph_above(self, key: ValueKey, piece: Piece) -> NowParagraph | None:
        """Find the content's paragraph that a piece follows."""
        own = self.pieces[key]
        at = next(n for n, other in enumerate(own) if other is piece)
        for above in reversed(own[:at]):
            now = self.matches.find(above.paragraph)
            for other in self.nows[key]:
                if other is now or above.brings == other.tokens:
                    return other
        return None

    def find_spot(self, spot: Spot) -> tuple[ValueKey, Piece] | None:
        """Find the piece that is one of an editor's changes, and no other."""
        for key, own in self.pieces.items():
            for piece in own:
                if piece.spots == {spot}:
                    return key, piece
        return None

    def finish(self) -> FollowedEdits:
        """Return the values."""
        by_value = {
            key: _join_pieces(
                own,
                [token for paragraph in self.nows[key] for token in paragraph.tokens],
                self.settled,
                is_torn=key in self.torn,
            )
            for key, own in self.pieces.items()
        }
        return FollowedEdits(by_value, frozenset(self.settled), self.ties)


def _forget_place(tokens: Iterable[Token], *, is_elsewhere: bool) -> Iterator[Token]:
    """Return a paragraph's tokens as those of a new one; its footnotes go along."""
    for token in tokens:
        if isinstance(token, BlockStart):
            yield replace(token, leaf=None)
        else:
            yield replace(token, label="") if is_elsewhere else token


def _join_pieces(
    pieces: Iterable[Piece], now: list[Token], settled: Container[Spot], *, is_torn: bool
) -> FollowedEdit:
    """Join pieces to an edit; a paragraph taken out where it is put in is compared anew."""
    joined = FollowedEdit([], [], [], [], now, is_torn)
    segments = (segment for piece in pieces for segment in piece.segments)
    for _, group in groupby(segments, key=lambda segment: bool(segment.spots)):
        run = list(group)
        spots = frozenset[Spot]().union(*(segment.spots for segment in run))
        if len(spots) > len(run) or any(spot in settled for spot in spots):
            old = tuple(token for segment in run for token in segment.old)
            new = tuple(token for segment in run for token in segment.new)
            run = list(_compare_anew(Segment(old, new, spots)))
        for segment in run:
            if segment.spots:
                at, to = len(joined.base), len(joined.edited)
                joined.changes.append(Change(at, at + len(segment.old), to, to + len(segment.new)))
                joined.spots.append(segment.spots)
            joined.base.extend(segment.old)
            joined.edited.extend(segment.new)
    return joined


def _compare_anew(segment: Segment) -> Iterator[Segment]:
    """Divide words and what became of them into what was changed and what was not."""
    old, new, at, to = segment.old, segment.new, 0, 0
    for change in find_changes_by_part(old, new, lambda token: isinstance(token, BlockStart)):
        yield Segment(old[at : change.old_from], new[to : change.new_from])
        at, to = change.old_to, change.new_to
        yield replace(segment, old=old[change.old_from : at], new=new[change.new_from : to])
    yield Segment(old[at:], new[to:])
