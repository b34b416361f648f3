"""A paragraph's words as lines of article.md: a line for each sentence, where it is written so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from pipeline.document import markdown_writer
from pipeline.importers.writing import sentences
from pipeline.review.words.tokens import COMMENT_SIGN, Word, make_inlines

_CALL: Final = re.compile(r"(?<!\\)\[\^\d+\]")


def break_sentences(words: Sequence[Word]) -> tuple[Word, ...]:
    """End a line behind each sentence, as article.md is written."""
    text = "".join(word.text or "\ufffc" for word in words)
    ends: set[int] = set()
    at = 0
    for line in sentences(text):
        at += len(line)
        ends.add(at)
        at += 1
    broken: list[Word] = []
    at = 0
    for word in words:
        ends_line = word.text == " " and at in ends
        broken.append(replace(word, is_line_end=True) if ends_line else word)
        at += len(word.text or "\ufffc")
    return tuple(broken)


def is_by_sentences(words: Sequence[Word]) -> bool:
    """Return whether a paragraph has a sentence on each line."""
    return all(
        word.is_line_end == new.is_line_end
        for word, new in zip(words, break_sentences(words), strict=True)
    )


def write_lines(words: Sequence[Word], labels: Iterable[str]) -> list[str]:
    """Write a paragraph's words as Markdown, with the labels of its footnotes."""
    waiting = iter(labels)
    comments = iter([word.text for word in words if word.text.startswith(COMMENT_SIGN)])
    written = markdown_writer.write_inlines(make_inlines(words))
    written = _CALL.sub(lambda _: f"[^{next(waiting)}]", written)
    # The space beside a comment is none of the words': it is read with or without one.
    written = re.sub(rf"(?<=\S){COMMENT_SIGN}", f" {COMMENT_SIGN}", written)
    written = re.sub(rf"{COMMENT_SIGN}(?=\w)", f"{COMMENT_SIGN} ", written)
    return re.sub(COMMENT_SIGN, lambda _: f"%%{next(comments)[1:]}%%", written).split("\n")
