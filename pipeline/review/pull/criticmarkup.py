"""Changes as suggestions, in CriticMarkup: ``{++new++}``, ``{--old--}``, ``{>>a comment<<}``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.review.words.diff3 import find_changes_by_part
from pipeline.review.words.tokens import BlockStart, Token, Word


def suggest_changes(old: Sequence[Token], new: Sequence[Token]) -> list[Token]:
    """Return the old words with what would become of them.

    A mark never runs over the end of a paragraph. Paragraphs that would become one stay
    apart, and a comment says it.
    """
    tokens: list[Token] = []
    at = 0
    for change in find_changes_by_part(old, new, lambda token: isinstance(token, BlockStart)):
        tokens += old[at : change.old_from]
        gone, come = old[change.old_from : change.old_to], new[change.new_from : change.new_to]
        tokens += _wrap_paragraphs(gone, "{--", "--}")
        if any(isinstance(token, BlockStart) for token in gone) and not _has_words(gone):
            tokens.append(Word("{>>joins the paragraph above<<} "))
        tokens += _wrap_paragraphs(come, "{++", "++}")
        at = change.old_to
    return [*tokens, *old[at:]]


def _has_words(tokens: Sequence[Token]) -> bool:
    return any(isinstance(token, Word) for token in tokens)


def _wrap_paragraphs(tokens: Sequence[Token], opening: str, closing: str) -> Iterator[Token]:
    """Put marks round the words of each paragraph."""
    is_open = False
    for token in tokens:
        if isinstance(token, BlockStart):
            if is_open:
                yield Word(closing)
            is_open = False
        elif not is_open:
            yield Word(opening)
            is_open = True
        # A line that ends within a mark would end it where nothing else stands in the mark.
        yield replace(token, is_line_end=False) if isinstance(token, Word) else token
    if is_open:
        yield Word(closing)
