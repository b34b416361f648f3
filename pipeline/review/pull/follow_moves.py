"""Moved paragraphs, brought to one place before words are merged.

Where the content has a paragraph in another place by now, the brief's and the editor's words of
it go there as well; where an editor moved one whose words have changed, the content's words of
it go along. What then differs are words alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final, TypeAlias

from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.pull.value_edits import Edit, ParagraphMove, Spot, ValueKey
from pipeline.review.words.diff3 import (
    Change,
    find_changes,
    find_changes_by_part,
    find_longest_rising,
    pair_unchanged,
)
from pipeline.review.words.tokens import BlockStart, Token, Word

_Place: TypeAlias = tuple[ValueKey, int]
"""A value, and which of its paragraphs."""
_EditedParagraph: TypeAlias = tuple[_Place | None, tuple[Token, ...]]
"""Where the brief had an editor's paragraph, none for a new one, and its words."""
_NO_SPOTS: frozenset[Spot] = frozenset()
_PERHAPS: Final = 0.4
"""The share of words that one paragraph has at least of another that it may have been."""


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
        {key: list(_list_pieces(key, edits[key])) for key in nows},
        {key: [_NowParagraph(p) for p in _split_paragraphs(now)] for key, now in nows.items()},
        moves,
    )
    follower.follow_content()
    for move in moves:
        follower.follow_editor(move)
    return follower.finish()


# --- pieces ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words of the brief, and what an editor made of them."""

    old: tuple[Token, ...]
    new: tuple[Token, ...]
    spots: frozenset[Spot] = _NO_SPOTS


@dataclass(slots=True, eq=False)
class _Piece:
    """A paragraph of the brief with the changes in it, or paragraphs that are new."""

    segments: list[_Segment]
    paragraph: _Place | None = None
    """Which one of the brief; none where it is several, or new."""

    @property
    def base(self) -> list[Token]:
        return [token for segment in self.segments for token in segment.old]

    @property
    def edited(self) -> list[Token]:
        return [token for segment in self.segments for token in segment.new]

    @property
    def brings(self) -> tuple[Token, ...]:
        """The words of a new paragraph; none of another."""
        is_new = len(self.segments) == 1 and not self.segments[0].old
        return self.segments[0].new if is_new else ()

    @property
    def spots(self) -> frozenset[Spot]:
        return frozenset[Spot]().union(*(segment.spots for segment in self.segments))


def _list_pieces(key: ValueKey, edit: Edit) -> Iterator[_Piece]:
    """Divide an edit at the beginnings of the brief's paragraphs."""
    number = 0
    for segments in _split_segments(list(_list_segments(key, edit))):
        piece = _Piece(segments)
        starts = sum(isinstance(token, BlockStart) for token in piece.base)
        begins = bool(piece.base) and isinstance(piece.base[0], BlockStart)
        if starts == 1 and begins:
            piece.paragraph = (key, number)
        number += starts
        yield piece


def _list_segments(key: ValueKey, edit: Edit) -> Iterator[_Segment]:
    at, to = 0, 0
    for number, change in enumerate(edit.changes):
        yield from _split_kept(edit.base[at : change.old_from], edit.edited[to : change.new_from])
        yield _Segment(
            tuple(edit.base[change.old_from : change.old_to]),
            tuple(edit.edited[change.new_from : change.new_to]),
            frozenset([(key, number)]),
        )
        at, to = change.old_to, change.new_to
    yield from _split_kept(edit.base[at:], edit.edited[to:])


def _split_kept(old: Sequence[Token], new: Sequence[Token]) -> Iterator[_Segment]:
    starts = [n for n, token in enumerate(old) if n and isinstance(token, BlockStart)]
    for first, last in zip([0, *starts], [*starts, len(old)], strict=True):
        if first < last:
            yield _Segment(tuple(old[first:last]), tuple(new[first:last]))


def _split_segments(segments: Sequence[_Segment]) -> Iterator[list[_Segment]]:
    """Group segments by paragraphs; new paragraphs between two are a group of their own."""
    group: list[_Segment] = []
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


@dataclass(frozen=True, slots=True, eq=False)
class _NowParagraph:
    """A paragraph of the content."""

    tokens: tuple[Token, ...]


def _split_paragraphs(tokens: Iterable[Token]) -> list[tuple[Token, ...]]:
    every = tuple(tokens)
    starts = [n for n, token in enumerate(every) if n and isinstance(token, BlockStart)]
    edges = zip([0, *starts], [*starts, len(every)], strict=True)
    return [every[a:b] for a, b in edges if a < b]


def _list_edited(
    pieces: Iterable[_Piece], brought: Mapping[frozenset[Spot], _Piece]
) -> Iterator[_EditedParagraph]:
    """Return the editor's paragraphs in their order, with the places that they had."""
    for piece in pieces:
        source = brought.get(piece.spots, piece)
        paragraphs = [_NowParagraph(text) for text in _split_paragraphs(piece.edited)]
        known = 0 if len(paragraphs) == 1 else _find_likest([tuple(source.base)], paragraphs)
        for number, paragraph in enumerate(paragraphs):
            yield source.paragraph if number == known else None, paragraph.tokens


# --- which paragraph is which ---------------------------------------------------------------


@dataclass(slots=True)
class _Matches:
    """Which paragraph of the content is which of the brief."""

    in_place: dict[_Place, _NowParagraph] = field(default_factory=dict)
    moved: dict[_Place, tuple[ValueKey, _NowParagraph]] = field(default_factory=dict)
    strange: set[ValueKey] = field(default_factory=set)
    """The values with paragraphs that are none of the brief's, nor new ones of the editor."""
    texts: set[tuple[Token, ...]] = field(default_factory=set)
    """What the brief's paragraphs said."""
    twofold: set[ValueKey] = field(default_factory=set)
    """The values that have more paragraphs like one of the brief than the brief had."""

    def find(self, place: _Place | None) -> _NowParagraph | None:
        """Return what a paragraph of the brief is by now; none where it went, or for none."""
        if place is None or place in self.in_place:
            return self.in_place.get(place) if place else None
        return self.moved[place][1] if place in self.moved else None


@dataclass(frozen=True, slots=True)
class _KnownParagraph:
    """A paragraph of the brief, as it was and as the editor has it."""

    place: _Place
    base: tuple[Token, ...]
    edited: tuple[Token, ...]


def _match_paragraphs(
    bases: Mapping[ValueKey, Sequence[_KnownParagraph]],
    nows: Mapping[ValueKey, Sequence[_NowParagraph]],
    edited: Mapping[ValueKey, Sequence[_EditedParagraph]],
) -> _Matches:
    """Find what the brief's paragraphs are by now: like the editor's, or like they were.

    What stands as the editor has it, in the same order, comes first, so that a copy of a paragraph
    is not taken for the paragraph.
    """
    matches = _Matches()
    gone: list[_KnownParagraph] = []
    come: list[tuple[ValueKey, _NowParagraph]] = []
    matches.texts |= {known.base for key in nows for known in bases[key]}
    same = {key: list(_pair_same(edited[key], now, matches.texts)) for key, now in nows.items()}
    elsewhere = {
        place for key, pairs in same.items() for place, _ in pairs if place and place[0] != key
    }
    for key, now in nows.items():
        base = [known for known in bases[key] if known.place not in elsewhere]
        numbers = {known.place: n for n, known in enumerate(base)}
        own = {numbers[place]: new for place, new in same[key] if place and place[0] == key}
        others = [(place, new) for place, new in same[key] if place is None or place[0] != key]
        matches.moved |= {place: (key, now[new]) for place, new in others if place}
        pairs = _pair_paragraphs(base, now, own, {new for _, new in others})
        in_order = dict(find_longest_rising(sorted(pairs.items())))
        matches.in_place |= {base[old].place: now[new] for old, new in in_order.items()}
        matches.moved |= {
            base[old].place: (key, now[new]) for old, new in pairs.items() if old not in in_order
        }
        gone += [known for n, known in enumerate(base) if n not in pairs]
        taken = {*pairs.values(), *(new for _, new in others)}
        come += [(key, paragraph) for n, paragraph in enumerate(now) if n not in taken]
    for known in gone:
        # That one may be rewritten which an editor took out is not to be lost.
        least = LIKE if known.edited else _PERHAPS
        strangers = [paragraph for _, paragraph in come]
        best = _find_likest((known.base, known.edited), strangers, least)
        if best >= 0:
            matches.moved[known.place] = come.pop(best)
    matches.strange |= {key for key, _ in come}
    every = [known for key in nows for known in bases[key]]
    matches.twofold |= {key for key, now in nows.items() if _has_twins(every, bases[key], now)}
    return matches


def _has_twins(
    every: Sequence[_KnownParagraph],
    base: Sequence[_KnownParagraph],
    now: Sequence[_NowParagraph],
) -> bool:
    """Return whether more paragraphs of the content are like one of the brief than there were."""
    texts = [_list_texts(paragraph.tokens) for paragraph in now]
    olds = [_list_texts(known.base) for known in every]
    return any(
        sum(_is_like(text, own) for text in texts) > sum(_is_like(old, own) for old in olds)
        for own in (_list_texts(known.base) for known in base)
    )


def _is_like(one: Sequence[str], other: Sequence[str]) -> bool:
    return measure_likeness(one, other) >= LIKE


def _pair_same(
    edited: Sequence[_EditedParagraph],
    now: Sequence[_NowParagraph],
    known: Container[tuple[Token, ...]],
) -> Iterator[tuple[_Place | None, int]]:
    """Pair the paragraphs that the content has word by word, in the editor's order.

    A new one that says what one of the brief's said may be either.
    """
    own = [(place, text) for place, text in edited if place or text not in known]
    texts = [text for _, text in own]
    found = find_changes(texts, [paragraph.tokens for paragraph in now])
    return ((own[old][0], new) for old, new in pair_unchanged(found, len(texts)))


def _pair_paragraphs(
    base: Sequence[_KnownParagraph],
    now: Sequence[_NowParagraph],
    pairs: dict[int, int],
    taken: Container[int],
) -> dict[int, int]:
    """Pair the paragraphs of a value that are the same, then the likest.

    One that stands between the same two as before goes before one elsewhere.
    """
    pairs = dict(pairs)

    def list_free(places: Iterable[int]) -> list[int]:
        return [n for n in places if n not in pairs.values() and n not in taken]

    texts = [paragraph.tokens for paragraph in now]
    bases = [known.base for known in base]
    unchanged = pair_unchanged(find_changes(bases, texts), len(bases))
    anywhere = ((old, n) for old, tokens in enumerate(bases) for n in _find_same(tokens, texts))
    for old, new in [*unchanged, *anywhere]:
        if old not in pairs and list_free([new]):
            pairs[old] = new
    for is_near in (True, False):
        for old, known in enumerate(base):
            if old not in pairs:
                places = _list_between(old, pairs, len(now)) if is_near else range(len(now))
                free = list_free(places)
                best = _find_likest((known.base, known.edited), [now[n] for n in free])
                if best >= 0:
                    pairs[old] = free[best]
    return pairs | _pair_rewritten(pairs, len(base), len(now), taken)


def _find_same(tokens: tuple[Token, ...], texts: Sequence[tuple[Token, ...]]) -> Iterator[int]:
    return (number for number, text in enumerate(texts) if text == tokens)


def _list_between(old: int, pairs: Mapping[int, int], count: int) -> Iterable[int]:
    """Return the places between what stands before and after a paragraph."""
    in_order = find_longest_rising(sorted(pairs.items()))
    first = max((new for at, new in in_order if at < old), default=-1)
    last = min((new for at, new in in_order if at > old), default=count)
    return range(first + 1, last)


def _pair_rewritten(
    pairs: Mapping[int, int], base: int, now: int, taken: Container[int]
) -> dict[int, int]:
    """Pair paragraphs that are not alike, but alone in the place of one another."""
    rewritten: dict[int, int] = {}
    at, there = -1, -1
    for old, new in [*find_longest_rising(sorted(pairs.items())), (base, now)]:
        gone = [n for n in range(at + 1, old) if n not in pairs]
        between = range(there + 1, new)
        come = [n for n in between if n not in pairs.values() and n not in taken]
        if len(gone) == len(come):
            rewritten |= dict(zip(gone, come, strict=True))
        at, there = old, new
    return rewritten


def _find_likest(
    known: Iterable[Sequence[Token]], others: Sequence[_NowParagraph], least: float = LIKE
) -> int:
    """Return which of other paragraphs is likest to one, as it was or as it was edited.

    That is -1 where none is like it.
    """
    texts = [_list_texts(tokens) for tokens in known]
    likeness = [
        max(measure_likeness(text, _list_texts(other.tokens)) for text in texts) for other in others
    ]
    best = max(range(len(others)), key=likeness.__getitem__, default=-1)
    return best if best >= 0 and likeness[best] >= least else -1


def _list_texts(tokens: Iterable[Token]) -> list[str]:
    return [t.text for t in tokens if isinstance(t, Word) and not t.text.isspace()]


# --- the moves ------------------------------------------------------------------------------


class _Follower:
    """Values on their way to have each moved paragraph in one place."""

    def __init__(
        self,
        pieces: dict[ValueKey, list[_Piece]],
        nows: dict[ValueKey, list[_NowParagraph]],
        moves: Iterable[ParagraphMove],
    ) -> None:
        self.pieces = pieces
        self.nows = nows
        brought = dict(self.find_brought(moves))
        edited = {key: list(_list_edited(own, brought)) for key, own in pieces.items()}
        by_place = {place: tokens for own in edited.values() for place, tokens in own if place}
        bases = {
            key: [
                _KnownParagraph((key, n), tokens, by_place.get((key, n), ()))
                for n, tokens in enumerate(_split_paragraphs(t for p in own for t in p.base))
            ]
            for key, own in pieces.items()
        }
        self.matches = _match_paragraphs(bases, nows, edited)
        self.settled: set[Spot] = set()
        self.torn: set[ValueKey] = set()
        self.ties: list[tuple[ValueKey, ValueKey]] = []

    def find_brought(
        self, moves: Iterable[ParagraphMove]
    ) -> Iterator[tuple[frozenset[Spot], _Piece]]:
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

    def is_copy(self, piece: _Piece) -> bool:
        """Return whether a piece brings a paragraph that the brief had."""
        texts = _split_paragraphs(piece.brings)
        return any(text in self.matches.texts for text in texts)

    def find_piece(self, place: _Place) -> tuple[ValueKey, _Piece] | None:
        """Find the piece that is a paragraph of the brief."""
        for key, own in self.pieces.items():
            for piece in own:
                if piece.paragraph == place:
                    return key, piece
        return None

    def find_place_behind(self, key: ValueKey, paragraph: _NowParagraph) -> int:
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

    def is_beside(self, key: ValueKey, piece: _Piece, other: _Piece) -> bool:
        """Return whether nothing but new paragraphs stands between two pieces."""
        own = self.pieces[key]
        first, last = sorted(
            next(n for n, found in enumerate(own) if found is one) for one in (piece, other)
        )
        return not any(between.base for between in own[first + 1 : last])

    def carry_along(
        self,
        source: tuple[ValueKey, _Piece],
        target: tuple[ValueKey, _Piece],
        now: _NowParagraph | None,
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
            moved = _NowParagraph(tuple(_forget_place(now.tokens, is_elsewhere=key != to)))
            self.nows[to].insert(start, moved)
            if piece.paragraph is not None:
                self.matches.in_place[piece.paragraph] = moved
        self.pieces[key].remove(piece)
        new.segments, new.paragraph = [carried], piece.paragraph
        self.ties += [(key, to)] if key != to else []

    def find_paragraph_above(self, key: ValueKey, piece: _Piece) -> _NowParagraph | None:
        """Find the content's paragraph that a piece follows."""
        own = self.pieces[key]
        at = next(n for n, other in enumerate(own) if other is piece)
        for above in reversed(own[:at]):
            now = self.matches.find(above.paragraph)
            for other in self.nows[key]:
                if other is now or above.brings == other.tokens:
                    return other
        return None

    def find_spot(self, spot: Spot) -> tuple[ValueKey, _Piece] | None:
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
    pieces: Iterable[_Piece], now: list[Token], settled: Container[Spot], *, is_torn: bool
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
            run = list(_compare_anew(_Segment(old, new, spots)))
        for segment in run:
            if segment.spots:
                at, to = len(joined.base), len(joined.edited)
                joined.changes.append(Change(at, at + len(segment.old), to, to + len(segment.new)))
                joined.spots.append(segment.spots)
            joined.base.extend(segment.old)
            joined.edited.extend(segment.new)
    return joined


def _compare_anew(segment: _Segment) -> Iterator[_Segment]:
    """Divide words and what became of them into what was changed and what was not."""
    old, new, at, to = segment.old, segment.new, 0, 0
    for change in find_changes_by_part(old, new, lambda token: isinstance(token, BlockStart)):
        yield _Segment(old[at : change.old_from], new[to : change.new_from])
        at, to = change.old_to, change.new_to
        yield replace(segment, old=old[change.old_from : at], new=new[change.new_from : to])
    yield _Segment(old[at:], new[to:])
