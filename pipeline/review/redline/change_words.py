"""What was said and what is said, for a list of changes: short, and without signs of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from pipeline.document.tree import Inline
from pipeline.review.words.diff3 import Change, find_changes
from pipeline.review.words.tokens import (
    PARAGRAPH_END,
    PLAIN,
    Word,
    WordStyle,
    iterate_styled_text,
    split_words,
)

_KEPT: Final = 16
"""How many words and spaces that did not change are shown at each side of a change."""
_LEAST: Final = 12
"""How many are worth an elision."""
_MOST: Final = 60
"""How many words and spaces are shown of what came or went."""
_ELISION: Final = "[…]"
_BREAK: Final = " [line break] "


def list_words(nodes: Iterable[Inline]) -> tuple[Word, ...]:
    """Return the words of a line, each with its look, notes among them."""
    return split_words(iterate_styled_text(nodes))


def write_words(words: Sequence[Word]) -> str:
    """Write words as a reader sees them; a note stands in brackets."""
    return "".join(map(_write_word, words)).strip()


def shorten_text(text: str, most: int = _MOST // 2) -> str:
    """Leave out the middle of a text that has more words than that."""
    words = text.split()
    if len(words) <= most:
        return " ".join(words)
    half = most // 2
    return " ".join([*words[:half], _ELISION, *words[-half:]])


def tell_change(old: Sequence[Word], new: Sequence[Word]) -> tuple[str, str]:
    """Return what two lines say, around what changed in them.

    Where words are set in another way or lead elsewhere, it says so behind them.
    """
    found = find_changes(old, new)
    looks = [_is_set_anew(old, new, change) for change in found]
    return (
        _write_around(old, [(c.old_from, c.old_to, s) for c, s in zip(found, looks, strict=True)]),
        _write_around(new, [(c.new_from, c.new_to, s) for c, s in zip(found, looks, strict=True)]),
    )


def list_changed_words(old: Sequence[Word], new: Sequence[Word]) -> frozenset[tuple[str, str]]:
    """Return what became what, in pieces: to know a change again where the words are a copy."""
    return frozenset(
        (
            write_words(old[change.old_from : change.old_to]),
            write_words(new[change.new_from : change.new_to]),
        )
        for change in find_changes(old, new)
    )


def pick_notes(old: Sequence[Word], new: Sequence[Word]) -> tuple[list[Word], list[Word]] | None:
    """Return the words of the notes, where nothing but notes changed; None elsewhere."""
    found = find_changes(old, new)
    was = [word for change in found for word in old[change.old_from : change.old_to]]
    now = [word for change in found for word in new[change.new_from : change.new_to]]
    if not found or any(word.note is None for word in (*was, *now)):
        return None
    return [w for word in was for w in word.note or ()], [
        w for word in now for w in word.note or ()
    ]


def _is_set_anew(old: Sequence[Word], new: Sequence[Word], change: Change) -> bool:
    was, now = (
        {word.style for word in words if not word.text.isspace()}
        for words in (
            old[change.old_from : change.old_to],
            new[change.new_from : change.new_to],
        )
    )
    return bool(was and now and was != now)


def _write_around(words: Sequence[Word], changed: Sequence[tuple[int, int, bool]]) -> str:
    """Write what changed, with some words around it."""
    parts: list[str] = []
    at = 0
    for start, end, tells_look in changed:
        parts += _write_kept(words[at:start], is_first=at == 0, is_last=False)
        parts += _write_changed(words[start:end], tells_look)
        at = end
    parts += _write_kept(words[at:], is_first=at == 0, is_last=True)
    return " ".join("".join(parts).split()).strip(" ·")


def _write_kept(words: Sequence[Word], *, is_first: bool, is_last: bool) -> Iterator[str]:
    before, after = (0 if is_first else _KEPT), (0 if is_last else _KEPT)
    if len(words) <= before + after + _LEAST:
        yield from map(_write_word, words)
        return
    yield from map(_write_word, words[:before])
    yield f" {_ELISION} "
    yield from map(_write_word, words[len(words) - after :])


def _write_changed(words: Sequence[Word], tells_look: bool) -> Iterator[str]:
    words = [replace(word, text=_BREAK) if word.text == "\n" else word for word in words]
    if not tells_look:
        yield from _write_long(words)
        return
    for style, group in groupby(words, key=lambda word: word.style):
        own = list(group)
        yield from map(_write_word, own)
        if look := _describe_look(style) if write_words(own) else "":
            yield f" ({look})"


def _write_long(words: Sequence[Word]) -> Iterator[str]:
    if len(words) <= _MOST + _LEAST:
        yield from map(_write_word, words)
    else:
        yield from map(_write_word, words[: _MOST // 2])
        yield f" {_ELISION} "
        yield from map(_write_word, words[-_MOST // 2 :])


def _describe_look(style: WordStyle) -> str:
    looks = [name for name, on in (("bold", style.strong), ("italic", style.emphasis)) if on]
    return ", ".join([*looks, *([f"link to {style.href}"] if style.link else [])])


def _write_word(word: Word) -> str:
    if word.note is not None:
        note = "".join(map(_write_word, word.note)).replace(PARAGRAPH_END, " ")
        return f" [note: {note}]"
    return word.text


def is_same_text(old: Sequence[Word], new: Sequence[Word]) -> bool:
    """Whether two lines differ in their looks alone, and in where they are broken."""
    return [_write_plain(word) for word in old] == [_write_plain(word) for word in new]


def _write_plain(word: Word) -> Word:
    return replace(word, style=PLAIN, text=" " if word.text == "\n" else word.text)
