"""Changes as suggestions, in CriticMarkup: ``{++new++}``, ``{--old--}``.

A mark never runs over the end of a paragraph, for CriticMarkup has none that does. Each paragraph
holds one of the old text, one of the new, or both, word by word. A paragraph that was divided is
then one whose end is taken out, and a new one; of two that were joined the first is added to, and
the other taken out. Where all is accepted the new text is left, and the old one where all is
rejected: a paragraph without words is none.

A paragraph is the one that it was known as when the editor's file was read. Others are paired where
they have as many words in common as one that was another has; items of a list, which carry
evidence, never are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.words.diff3 import Change, find_changes
from pipeline.review.words.tokens import BlockStart, Token, Word


def suggest_changes(
    old: Sequence[Token], new: Sequence[Token], *, are_items: bool = False
) -> list[Token]:
    """Return the old words with what would become of them."""
    tokens: list[Token] = []
    least = 2 if are_items else LIKE
    for before, after in _pair_paragraphs(_split_paragraphs(old), _split_paragraphs(new), least):
        if before and before.start:
            tokens.append(before.start)
        elif after and after.start:
            tokens.append(replace(after.start, leaf=None))  # its own, if any, is marked as it was
        tokens += _mark_words(before.words if before else (), after.words if after else ())
    return tokens


def is_taken_out(words: Sequence[Word]) -> bool:
    """Whether all of a marked paragraph would go."""
    texts = [word.text for word in words]
    return texts[:1] == ["{--"] and texts.index("--}") == len(texts) - 1


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph, or the words of a value that has none."""

    start: BlockStart | None
    words: tuple[Word, ...]


def _split_paragraphs(tokens: Iterable[Token]) -> list[_Paragraph]:
    found: list[tuple[BlockStart | None, list[Word]]] = []
    for token in tokens:
        if isinstance(token, BlockStart):
            found.append((token, []))
        else:
            if not found:
                found.append((None, []))
            found[-1][1].append(token)
    return [_Paragraph(start, tuple(words)) for start, words in found if words]


def _pair_paragraphs(
    old: Sequence[_Paragraph], new: Sequence[_Paragraph], least: float
) -> Iterator[tuple[_Paragraph | None, _Paragraph | None]]:
    """Pair the paragraphs that are known as the same, and between them the likest, in order."""
    unknown = count()
    was, now = ([_identify(part, unknown) for part in parts] for parts in (old, new))
    at, to = 0, 0
    for change in [*find_changes(was, now), Change(len(old), len(old), len(new), len(new))]:
        yield from zip(old[at : change.old_from], new[to : change.new_from], strict=True)
        at, to = change.old_to, change.new_to
        yield from _pair_changed(old[change.old_from : at], new[change.new_from : to], least)


def _identify(part: _Paragraph, unknown: Iterator[int]) -> Hashable:
    """Return what a paragraph is known by; one that is not known is like no other."""
    if part.start is None:
        return None
    return part.start, ("new", next(unknown)) if part.start.leaf is None else part.start.leaf


def _pair_changed(
    old: Sequence[_Paragraph], new: Sequence[_Paragraph], least: float
) -> Iterator[tuple[_Paragraph | None, _Paragraph | None]]:
    to = 0
    for before in old:
        likest = max(range(to, len(new)), key=lambda n: _measure(before, new[n]), default=-1)
        if likest < 0 or _measure(before, new[likest]) < least:
            yield before, None
            continue
        yield from ((None, after) for after in new[to:likest])
        yield before, new[likest]
        to = likest + 1
    yield from ((None, after) for after in new[to:])


def _measure(before: _Paragraph, after: _Paragraph) -> float:
    """Return how alike two paragraphs are; those of another form are not."""
    if before.start != after.start:
        return 0
    return measure_likeness(
        *([w.text for w in p.words if any(map(str.isalnum, w.text))] for p in (before, after))
    )


def _mark_words(old: Sequence[Word], new: Sequence[Word]) -> Iterator[Word]:
    """Return the words of one paragraph, with marks round those that go and those that come."""
    at = 0
    for change in find_changes(old, new):
        yield from old[at : change.old_from]
        at = change.old_to
        yield from _wrap_words(old[change.old_from : at], "{--", "--}")
        yield from _wrap_words(new[change.new_from : change.new_to], "{++", "++}")
    yield from old[at:]


def _wrap_words(words: Sequence[Word], opening: str, closing: str) -> Iterator[Word]:
    if words:
        yield Word(opening)
        # A line that ends within a mark would end it where nothing else stands in the mark.
        yield from (replace(word, is_line_end=False) for word in words)
        yield Word(closing)
