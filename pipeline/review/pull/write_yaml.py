"""Values in YAML: their words, and Markdown in several paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.review.pull import yaml_scalar
from pipeline.review.pull.content_now import read_prose
from pipeline.review.pull.paragraph_lines import (
    TargetParagraph,
    break_sentences,
    is_by_sentences,
    make_item_marker,
    make_separator,
    write_lines,
)
from pipeline.review.words.tokens import BlockForm, Word


def write_plain(text: str, path: str, words: Sequence[Word]) -> str | None:
    """Write a value without Markdown; None where the file cannot hold it."""
    if not words or not holds_words_alone(words):
        return None
    return yaml_scalar.rewrite_scalar(text, path, _make_plain_lines(words))


def _make_plain_lines(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple("".join("\n" if w.is_line_end else w.text for w in words).split("\n"))


def make_item_lines(words: Sequence[Word]) -> tuple[str, ...]:
    """Write the words of an item, each sentence on a line where none has one yet."""
    if not any(word.is_line_end for word in words):
        words = break_sentences(words)
    return _make_plain_lines(words)


def holds_words_alone(words: Iterable[Word]) -> bool:
    """Return whether words hold neither a break in the line nor a footnote."""
    return not any(word.text == "\n" or word.note is not None for word in words)


def write_note(text: str, path: str, paragraphs: Sequence[TargetParagraph]) -> str | None:
    """Write a note in Markdown; several paragraphs need lines of their own."""
    found = yaml_scalar.find_scalar(text, path)
    if found is None or not paragraphs:
        return None
    if any(word.note is not None for part in paragraphs for word in part.words):
        return None
    if len(paragraphs) == 1 and paragraphs[0].form == BlockForm():
        words = paragraphs[0].words
        if all(is_by_sentences(leaf.words) for leaf in read_prose(found)):
            words = break_sentences(words)
        has_breaks = any(word.text == "\n" for word in words)
        written = tuple(write_lines(words, ()))
        return yaml_scalar.rewrite_scalar(text, path, written, keeps_lines=has_breaks)
    lines: list[str] = []
    before: TargetParagraph | None = None
    for part in paragraphs:
        mark, inner = make_item_marker(part.form, "", before.form if before else None)
        if before:
            lines += make_separator(before.form, part.form)
        first, *others = write_lines(part.words, ())
        lines += [mark + first, *(inner + line for line in others)]
        before = part
    return yaml_scalar.rewrite_scalar(text, path, tuple(lines), keeps_lines=True)
