"""Paragraphs that are to be, and the lines of Markdown that say them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.document import markdown_writer
from pipeline.importers.writing import sentences
from pipeline.review.pull.content_now import Leaf
from pipeline.review.words.tokens import (
    COMMENT_SIGN,
    BlockForm,
    BlockStart,
    Token,
    Word,
    make_inlines,
)

_CALL: Final = re.compile(r"(?<!\\)\[\^\d+\]")
_LISTED: Final = ("bullet", "number")
_ITEM: Final = re.compile(r"(\d+)([.)]\s+)$")


@dataclass(frozen=True, slots=True)
class TargetParagraph:
    """A paragraph that is to be: of one that is there, or new."""

    leaf: int | None
    form: BlockForm
    words: tuple[Word, ...]
    is_before_next: bool = False


def split_paragraphs(tokens: Iterable[Token]) -> list[TargetParagraph]:
    """Divide words into paragraphs; one without words is none."""
    parts: list[tuple[BlockStart, list[Word]]] = []
    for token in tokens:
        if isinstance(token, BlockStart):
            parts.append((token, []))
        else:
            if not parts:
                parts.append((BlockStart(), []))
            parts[-1][1].append(token)
    found = ((start, _strip_spaces(words)) for start, words in parts)
    return [
        TargetParagraph(start.leaf, start.form, words, start.is_before_next)
        for start, words in found
        if words
    ]


def _strip_spaces(words: Sequence[Word]) -> tuple[Word, ...]:
    """Take the space off both ends, and all but one where two met."""
    kept: list[Word] = []
    for word in words:
        is_space = word.text in (" ", "\n")
        if word.text.isspace() and (not kept or (is_space and kept[-1].text in (" ", "\n"))):
            continue
        kept.append(word)
    while kept and kept[-1].text.isspace():
        kept.pop()
    return tuple(kept)


def flatten_words(tokens: Iterable[Token]) -> tuple[Word, ...]:
    """Return the words of a value that is one paragraph."""
    return _strip_spaces([token for token in tokens if isinstance(token, Word)])


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


def make_item_marker(form: BlockForm, start: str, before: BlockForm | None) -> tuple[str, str]:
    """Return what stands before a paragraph's first line and before its others.

    ``start`` is what stands before the first line of the paragraph above, which ``before`` is.
    """
    quoted = "> " if form.is_quoted else ""
    above = start.removeprefix("> ") if before and before.is_quoted == form.is_quoted else ""
    level = before.level if before else 0
    if form.kind == "continued":
        inner = quoted + " " * len(above)
        return inner, inner
    if form.kind not in _LISTED:
        return quoted, quoted
    indent = " " * (2 * (form.level - 1))
    if form.level == level and before and before.kind in _LISTED:
        indent = above[: len(above) - len(above.lstrip(" "))]
    elif form.level == level + 1:
        indent = " " * len(above)
    mark = "- "
    if form.kind == "number":
        match = _ITEM.search(above) if before == form else None
        mark = f"{int(match[1]) + 1}{match[2]}" if match else "1. "
    elif before == form and (match := re.search(r"[-+*]\s+$", above)):
        mark = match.group()
    return quoted + indent + mark, quoted + indent + " " * len(mark)


def make_separator(before: BlockForm, form: BlockForm) -> list[str]:
    """Return the line between two paragraphs: none between the items of a list."""
    if before.kind in _LISTED and form.kind in _LISTED and before.is_quoted == form.is_quoted:
        return []
    return [">"] if before.is_quoted and form.is_quoted else [""]


def set_number(mark: str, number: int | None) -> str:
    """Give a list's item another number, in no less room."""
    if number is None:
        return mark
    return _ITEM.sub(lambda old: f"{number}{old[2]}".ljust(len(old.group())), mark)


def find_list_below(
    leaves: Sequence[Leaf], paragraphs: Sequence[TargetParagraph], above: BlockForm | None
) -> Leaf | None:
    """Return the item that is there of the list which new paragraphs begin; None if there is none.

    ``above`` is the form of the paragraph before them.
    """
    if above and above.kind in _LISTED:
        return None
    for part in paragraphs:
        if part.form.kind not in _LISTED or part.form.is_quoted:
            return None
        if part.leaf is not None:
            return leaves[part.leaf]
    return None


def find_list_numbers(
    leaves: Sequence[Leaf], paragraphs: Sequence[TargetParagraph]
) -> Mapping[int, int]:
    """Return the numbers that lists begin with, where other items than before are the first.

    The keys are places among the paragraphs.
    """
    before = [leaf.form for leaf in leaves]
    after = [part.form for part in paragraphs]
    present = {part.leaf for part in paragraphs}
    numbers: dict[int, int] = {}
    for index, form in enumerate(after):
        known = _find_known(paragraphs, index) if form.kind == "number" else None
        if known is None or not _begins_list(after, index):
            continue
        first = next(n for n in range(known, -1, -1) if _begins_list(before, n))
        match = _ITEM.search(leaves[first].start)
        if match and paragraphs[index].leaf != first and (first == known or first not in present):
            numbers[index] = int(match[1])
    return numbers


def _find_known(paragraphs: Sequence[TargetParagraph], index: int) -> int | None:
    """Return the first item that is there of the list which begins at a place."""
    form = paragraphs[index].form
    for part in paragraphs[index:]:
        if part.form == form and part.leaf is not None:
            return part.leaf
        if part.form.level < form.level or part.form.kind not in (*_LISTED, "continued"):
            return None
    return None


def _begins_list(forms: Sequence[BlockForm], index: int) -> bool:
    """Return whether the item at a place is the first of its list."""
    form = forms[index]
    for before in reversed(forms[:index]):
        if before == form:
            return False
        if before.level < form.level or before.kind not in (*_LISTED, "continued"):
            return True
        if before.level == form.level and before.kind != "continued":
            return True
    return True
