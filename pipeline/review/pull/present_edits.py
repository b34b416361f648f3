"""Whether the content has by now all that an editor did to answers.

An account of paragraphs: each that an editor wrote, changed or moved is there with all of it, in
the editor's order, and nothing else stands there that might be one which was taken out. The
content then needs nothing, however else it was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.review.match.paragraph_match import LIKE
from pipeline.review.pull.edit_pieces import Piece, list_pieces
from pipeline.review.pull.match_content import measure_paragraphs, split_paragraphs
from pipeline.review.pull.value_edits import Edit, ParagraphMove, Spot, ValueKey
from pipeline.review.words.diff3 import Change
from pipeline.review.words.explanation import EditedText, explain_text, lacks_removed
from pipeline.review.words.tokens import BlockStart, Token, weigh_token

_MOST_PAIRS: Final = 10_000
"""How many pairs of paragraphs are compared at most."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A paragraph as an editor has it."""

    text: EditedText[Token]
    must_be_there: bool
    """Whether the editor wrote, changed or moved it."""


def are_present(
    edits: Mapping[ValueKey, Edit],
    nows: Mapping[ValueKey, Sequence[Token]],
    moves: Iterable[ParagraphMove],
) -> bool:
    """Return whether the values by now have all of their edits."""
    pieces = {key: list(list_pieces(key, edits[key])) for key in nows}
    sources = {piece.spots: piece for own in pieces.values() for piece in own if piece.spots}
    pairs = [
        (frozenset(move.sources), frozenset(move.targets))
        for move in moves
        if len(move.sources) == len(move.targets) == 1
    ]
    brought = {target: sources[source] for source, target in pairs if source in sources}
    return all(
        _has_all(own, split_paragraphs(nows[key]), brought, {source for source, _ in pairs})
        for key, own in pieces.items()
    )


def _has_all(
    pieces: Iterable[Piece],
    now: Sequence[tuple[Token, ...]],
    brought: Mapping[frozenset[Spot], Piece],
    sent: set[frozenset[Spot]],
) -> bool:
    """Return whether the paragraphs of one value have all that an editor did to it."""
    written: list[_Written] = []
    is_dropped = False
    for piece in pieces:
        known = _list_written(piece, brought.get(piece.spots))
        if known is None:
            return False
        written += known
        is_kept = any(measure_paragraphs(piece.base, own.text.edited) >= LIKE for own in known)
        is_dropped |= bool(piece.base) and not is_kept and piece.spots not in sent
    if len(written) * len(now) > _MOST_PAIRS:
        return False
    pairs = _pair_in_order(written, now)
    lacks = [own for n, own in enumerate(written) if n not in pairs]
    if any(own.must_be_there or _is_copied(own, written) for own in lacks):
        return False
    # What is not there may be what stands there in other words; a copy of another one is not.
    known_texts = {tuple(written[n].text.edited) for n in pairs}
    others = [n for n, text in enumerate(now) if text not in known_texts]
    if (is_dropped or lacks) and not {*pairs.values()}.issuperset(others):
        return False
    if any(_is_twofold(own, written, now) for own in written if own.text.changes):
        return False
    return not any(
        _is_liker(written[old].text, text, now[new]) for old, new in pairs.items() for text in now
    )


def _list_written(piece: Piece, source: Piece | None) -> list[_Written] | None:
    """Return the paragraphs of a piece as an editor has them; none where that is open."""
    edited = split_paragraphs(piece.edited)
    if piece.brings and source is None:
        return [
            _Written(EditedText((), text, [Change(0, 0, 0, len(text))]), must_be_there=True)
            for text in edited
        ]
    base = source.base if source else piece.base
    if len(edited) > 1 or sum(isinstance(token, BlockStart) for token in base) > 1:
        return None
    if source is None:
        changes = piece.changes
        return [_Written(EditedText(base, text, changes), bool(changes)) for text in edited]
    if source.edited:
        return None
    text = edited[0]
    changes = [] if tuple(base) == text else [Change(0, len(base), 0, len(text))]
    return [_Written(EditedText(base, text, changes), must_be_there=True)]


def _is_liker(own: EditedText[Token], text: Sequence[Token], other: Sequence[Token]) -> bool:
    """Return whether an edited paragraph is liker to one text than to another."""
    return measure_paragraphs(own.edited, text) > measure_paragraphs(own.edited, other)


def _is_twofold(own: _Written, written: Iterable[_Written], now: Iterable[Sequence[Token]]) -> bool:
    """Return whether more paragraphs by now are like one than an editor wrote."""
    texts = [other.text.edited for other in written]
    by_now, wrote = (
        sum(measure_paragraphs(own.text.base, text) >= LIKE for text in every)
        for every in ([text for text in now if text != tuple(own.text.base)], texts)
    )
    return by_now > wrote


def _is_copied(own: _Written, written: Iterable[_Written]) -> bool:
    """Return whether an editor wrote another paragraph that is like one."""
    return any(
        measure_paragraphs(own.text.edited, other.text.edited) >= LIKE
        for other in written
        if other.must_be_there
    )


def _pair_in_order(written: Sequence[_Written], now: Sequence[tuple[Token, ...]]) -> dict[int, int]:
    """Pair an editor's paragraphs with the content's, in order, so that most is accounted for."""
    # The best sum of each pair of beginnings, from the ends, as in a longest common subsequence.
    values = [[_weigh_pair(own, text) for text in now] for own in written]
    best = [[0.0] * (len(now) + 1) for _ in range(len(written) + 1)]
    for old in reversed(range(len(written))):
        for new in reversed(range(len(now))):
            best[old][new] = max(
                best[old + 1][new],
                best[old][new + 1],
                values[old][new] and best[old + 1][new + 1] + values[old][new],
            )
    return dict(_trace_pairs(best))


def _trace_pairs(best: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    old = new = 0
    while old < len(best) - 1 and new < len(best[0]) - 1:
        if best[old][new] == best[old + 1][new]:
            old += 1
        elif best[old][new] == best[old][new + 1]:
            new += 1
        else:
            yield old, new
            old, new = old + 1, new + 1


def _weigh_pair(own: _Written, now: tuple[Token, ...]) -> float:
    """Return how much it says for a paragraph that it is another by now; nought for none."""
    likeness = measure_paragraphs(own.text.edited, now)
    if own.text.base and likeness < LIKE:
        return 0.0
    has_all = len(explain_text(own.text, now, weigh_token).taken) == len(own.text.changes)
    if not (has_all and lacks_removed(own.text, now, weigh_token)):
        return 0.0
    # What must be there goes before any number of others.
    return likeness + _MOST_PAIRS * own.must_be_there
