"""Which paragraph of the content is which of the brief.

What comes in are the brief's paragraphs as they were and as an editor has them, and the content's;
what goes out says where each of the brief's stands by now, and where that is open.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, TypeAlias

from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.pull.value_edits import ValueKey
from pipeline.review.words.diff3 import find_changes, find_longest_rising, pair_unchanged
from pipeline.review.words.tokens import BlockStart, Token, Word

Place: TypeAlias = tuple[ValueKey, int]
"""A value, and which of its paragraphs."""
EditedParagraph: TypeAlias = tuple[Place | None, tuple[Token, ...]]
"""Where the brief had an editor's paragraph, none for a new one, and its words."""
_SURELY: Final = 0.85
"""The share of words that one paragraph has of another which it was for certain."""
_PERHAPS: Final = 0.4
"""The share of words that one paragraph has at least of another that it may have been."""


@dataclass(frozen=True, slots=True, eq=False)
class NowParagraph:
    """A paragraph of the content."""

    tokens: tuple[Token, ...]


def split_paragraphs(tokens: Iterable[Token]) -> list[tuple[Token, ...]]:
    """Divide words at the beginnings of paragraphs; the first one may lack its mark."""
    every = tuple(tokens)
    starts = [n for n, token in enumerate(every) if n and isinstance(token, BlockStart)]
    edges = zip([0, *starts], [*starts, len(every)], strict=True)
    return [every[a:b] for a, b in edges if a < b]


@dataclass(slots=True)
class ContentMatch:
    """Which paragraph of the content is which of the brief."""

    in_place: dict[Place, NowParagraph] = field(default_factory=dict)
    moved: dict[Place, tuple[ValueKey, NowParagraph]] = field(default_factory=dict)
    strange: set[ValueKey] = field(default_factory=set)
    """The values with paragraphs that are none of the brief's, nor new ones of the editor."""
    texts: set[tuple[Token, ...]] = field(default_factory=set)
    """What the brief's paragraphs said."""
    twofold: set[ValueKey] = field(default_factory=set)
    """The values that have more paragraphs like one of the brief than the brief had."""

    def find(self, place: Place | None) -> NowParagraph | None:
        """Return what a paragraph of the brief is by now; none where it went, or for none."""
        if place is None or place in self.in_place:
            return self.in_place.get(place) if place else None
        return self.moved[place][1] if place in self.moved else None


@dataclass(frozen=True, slots=True)
class KnownParagraph:
    """A paragraph of the brief, as it was and as the editor has it."""

    place: Place
    base: tuple[Token, ...]
    edited: tuple[Token, ...]


def match_content(
    bases: Mapping[ValueKey, Sequence[KnownParagraph]],
    nows: Mapping[ValueKey, Sequence[NowParagraph]],
    edited: Mapping[ValueKey, Sequence[EditedParagraph]],
) -> ContentMatch:
    """Find what the brief's paragraphs are by now: like the editor's, or like they were.

    What stands as the editor has it, in the same order, comes first, so that a copy of a paragraph
    is not taken for the paragraph.
    """
    matches = ContentMatch()
    gone: list[KnownParagraph] = []
    come: list[tuple[ValueKey, NowParagraph]] = []
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
        of_others = matches.texts - {known.base}  # a copy of another one is not this one
        strangers = [pair for pair in come if pair[1].tokens not in of_others]
        texts = [paragraph for _, paragraph in strangers]
        best = find_likest((known.base, known.edited), texts, least)
        if best >= 0:
            matches.moved[known.place] = strangers[best]
            come.remove(strangers[best])
    matches.strange |= {key for key, _ in come}
    matches.twofold |= {*_find_twofold(bases, nows)}
    return matches


def _find_twofold(
    bases: Mapping[ValueKey, Sequence[KnownParagraph]],
    nows: Mapping[ValueKey, Sequence[NowParagraph]],
) -> Iterator[ValueKey]:
    """Find the values with more paragraphs like one of their own in the brief than it had."""
    old = {key: [_list_texts(known.base) for known in bases[key]] for key in nows}
    new = {key: [_list_texts(own.tokens) for own in now] for key, now in nows.items()}

    def count_like(own: Sequence[str], texts: Iterable[Sequence[str]]) -> int:
        return sum(measure_likeness(text, own) >= LIKE for text in texts)

    for key, texts in old.items():
        if any(count_like(own, new[key]) > count_like(own, texts) for own in texts):
            yield key


def _pair_same(
    edited: Sequence[EditedParagraph],
    now: Sequence[NowParagraph],
    known: Container[tuple[Token, ...]],
) -> Iterator[tuple[Place | None, int]]:
    """Pair the paragraphs that the content has word by word, in the editor's order.

    A new one that says what one of the brief's said may be either.
    """
    own = [(place, text) for place, text in edited if place or text not in known]
    texts = [text for _, text in own]
    found = find_changes(texts, [paragraph.tokens for paragraph in now])
    return ((own[old][0], new) for old, new in pair_unchanged(found, len(texts)))


def _pair_paragraphs(
    base: Sequence[KnownParagraph],
    now: Sequence[NowParagraph],
    pairs: dict[int, int],
    taken: Container[int],
) -> dict[int, int]:
    """Pair the paragraphs of a value that are the same, then the likest.

    Of those as like, one that stands between the same two as before goes before one elsewhere.
    """
    pairs = dict(pairs)

    def list_free(places: Iterable[int]) -> list[int]:
        return [n for n in places if n not in pairs.values() and n not in taken]

    texts = [paragraph.tokens for paragraph in now]
    bases = [known.base for known in base]
    unchanged = pair_unchanged(find_changes(bases, texts), len(bases))
    known_texts = [*enumerate(bases), *((old, known.edited) for old, known in enumerate(base))]
    anywhere = ((old, n) for old, tokens in known_texts for n in _find_same(tokens, texts))
    for old, new in [*unchanged, *anywhere]:
        if old not in pairs and list_free([new]):
            pairs[old] = new
    for least, is_near in product((_SURELY, LIKE), (True, False)):
        for old, known in enumerate(base):
            if old not in pairs:
                places = _list_between(old, pairs, len(now)) if is_near else range(len(now))
                free = list_free(places)
                best = find_likest((known.base, known.edited), [now[n] for n in free], least)
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


def find_likest(
    known: Iterable[Sequence[Token]], others: Sequence[NowParagraph], least: float = LIKE
) -> int:
    """Return which of other paragraphs is likest to one, as it was or as it was edited.

    That is -1 where none is like it.
    """
    texts = list(known)
    likeness = [max(measure_paragraphs(text, other.tokens) for text in texts) for other in others]
    best = max(range(len(others)), key=likeness.__getitem__, default=-1)
    return best if best >= 0 and likeness[best] >= least else -1


def measure_paragraphs(one: Iterable[Token], other: Iterable[Token]) -> float:
    """Return the share of their words that two paragraphs have in common."""
    return measure_likeness(_list_texts(one), _list_texts(other))


def _list_texts(tokens: Iterable[Token]) -> list[str]:
    return [t.text for t in tokens if isinstance(t, Word) and not t.text.isspace()]
