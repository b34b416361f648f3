"""Words back into the content's files: only what changed is written, in the file's own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, TypeVar, assert_never

from pipeline.document import markdown_writer
from pipeline.importers.writing import sentences
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull import yaml_scalar
from pipeline.review.pull.content_now import CurrentContent, Leaf, read_prose
from pipeline.review.words.tokens import (
    COMMENT_SIGN,
    BlockForm,
    BlockStart,
    Token,
    Word,
    make_inlines,
    split_note_paragraphs,
)

_T = TypeVar("_T")
_CALL: Final = re.compile(r"(?<!\\)\[\^\d+\]")
_LABEL: Final = re.compile(r"\[\^(\d+)\]")
_QUESTION: Final = re.compile(r"(#\s+)(.*?)(\s*\{[^{}]*\})?\s*$")
_MORE: Final = re.compile(r"\s+(?:[-+*>]|\d+[.)])\s")
_ITEM: Final = re.compile(r"(\d+)([.)]\s+)$")


@dataclass(frozen=True, slots=True)
class TargetParagraph:
    """A paragraph that is to be: of one that is there, or new."""

    leaf: int | None
    form: BlockForm
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ContentWriter:
    """One article's files on their way to hold new words."""

    current: CurrentContent
    yaml: dict[str, str]
    """The files that are YAML; of article.md the front matter."""
    body: _BodyEditor

    def put_value(self, owner: Owner, tokens: Sequence[Token]) -> bool:
        """Write new words for a value; return whether its file can hold them there."""
        match owner.kind:
            case "body":
                return self._put_body(owner, split_paragraphs(tokens))
            case "question":
                return self.body.write_question(self._question_line(owner), flatten_words(tokens))
            case "plain":
                return self._put_yaml(owner, _write_plain, flatten_words(tokens))
            case "prose":
                return self._put_yaml(owner, _write_note, split_paragraphs(tokens))
            case "none":
                raise ValueError("words that are no value's cannot be written")
            case _:
                assert_never(owner.kind)

    def _put_body(self, owner: Owner, paragraphs: Sequence[TargetParagraph]) -> bool:
        leaves = self.current.leaves.get(owner.address, ())
        if not leaves or not self.body.can_hold(leaves, paragraphs):
            return False
        self.body.write_paragraphs(leaves, paragraphs)
        return True

    def _put_yaml(
        self,
        owner: Owner,
        write: Callable[[str, str, Sequence[_T]], str | None],
        words: Sequence[_T],
    ) -> bool:
        file, _, path = owner.address.partition("#")
        new = write(self.yaml[file], path, words)
        if new is not None:
            self.yaml[file] = new
        return new is not None

    def list_texts(self) -> dict[str, str]:
        """Return the files, by what addresses call them."""
        text = self.current.texts["article.md"]
        start, front = self.current.find_front_matter(text)
        end = start + len(front)
        body = self.body.join_lines(text[:end].count("\n"))
        return {**self.yaml, "article.md": text[:start] + self.yaml["article.md"] + body}

    def _question_line(self, owner: Owner) -> int:
        places = self.current.content.places
        return next(at.line for address, at in places.items() if address == owner.address) - 1


def open_writer(current: CurrentContent) -> ContentWriter:
    """Return a writer that begins with the files as they are."""
    yaml = {
        name: current.find_front_matter(text)[1] if name == "article.md" else text
        for name, text in current.texts.items()
    }
    text = current.texts["article.md"]
    numbers = (int(number) for number in _LABEL.findall(text))
    body = _BodyEditor(list(text.split("\n")), count(max(numbers, default=0) + 1))
    return ContentWriter(current, yaml, body)


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
    return [TargetParagraph(start.leaf, start.form, words) for start, words in found if words]


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


# --- sentences --------------------------------------------------------------------------


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


def _is_by_sentences(words: Sequence[Word]) -> bool:
    """Return whether a paragraph has a sentence on each line."""
    return all(
        word.is_line_end == new.is_line_end
        for word, new in zip(words, break_sentences(words), strict=True)
    )


def _write_lines(words: Sequence[Word], labels: Iterable[str]) -> list[str]:
    """Write a paragraph's words as Markdown, with the labels of its footnotes."""
    waiting = iter(labels)
    comments = iter([word.text for word in words if word.text.startswith(COMMENT_SIGN)])
    written = markdown_writer.write_inlines(make_inlines(words))
    written = _CALL.sub(lambda _: f"[^{next(waiting)}]", written)
    # The space beside a comment is none of the words': it is read with or without one.
    written = re.sub(rf"(?<=\S){COMMENT_SIGN}", f" {COMMENT_SIGN}", written)
    written = re.sub(rf"{COMMENT_SIGN}(?=\w)", f"{COMMENT_SIGN} ", written)
    return re.sub(COMMENT_SIGN, lambda _: f"%%{next(comments)[1:]}%%", written).split("\n")


# --- values in YAML -----------------------------------------------------------------------


def _write_plain(text: str, path: str, words: Sequence[Word]) -> str | None:
    """Write a value without Markdown; None where the file cannot hold it."""
    if not words or any(word.text == "\n" or word.note is not None for word in words):
        return None
    lines = "".join("\n" if word.is_line_end else word.text for word in words).split("\n")
    return yaml_scalar.rewrite_scalar(text, path, tuple(lines))


def _write_note(text: str, path: str, paragraphs: Sequence[TargetParagraph]) -> str | None:
    """Write a note in Markdown; several paragraphs need lines of their own."""
    found = yaml_scalar.find_scalar(text, path)
    if found is None or not paragraphs:
        return None
    if any(word.note is not None for part in paragraphs for word in part.words):
        return None
    if len(paragraphs) == 1 and paragraphs[0].form == BlockForm():
        words = paragraphs[0].words
        if all(_is_by_sentences(leaf.words) for leaf in read_prose(found)):
            words = break_sentences(words)
        has_breaks = any(word.text == "\n" for word in words)
        written = tuple(_write_lines(words, ()))
        return yaml_scalar.rewrite_scalar(text, path, written, keeps_lines=has_breaks)
    lines: list[str] = []
    before: TargetParagraph | None = None
    for part in paragraphs:
        mark, inner = _make_item_marker(part.form, "", before.form if before else None)
        if before:
            lines += _make_separator(before.form, part.form)
        first, *others = _write_lines(part.words, ())
        lines += [mark + first, *(inner + line for line in others)]
        before = part
    return yaml_scalar.rewrite_scalar(text, path, tuple(lines), keeps_lines=True)


def _make_item_marker(form: BlockForm, start: str, before: BlockForm | None) -> tuple[str, str]:
    """Return what stands before a paragraph's first line and before its others.

    ``start`` is what stands before the first line of the paragraph above, which ``before`` is.
    """
    quoted = "> " if form.is_quoted else ""
    above = start.removeprefix("> ") if before and before.is_quoted == form.is_quoted else ""
    level = before.level if before else 0
    if form.kind == "continued":
        inner = quoted + " " * len(above)
        return inner, inner
    if form.kind not in ("bullet", "number"):
        return quoted, quoted
    indent = " " * (2 * (form.level - 1))
    if form.level == level and before and before.kind in ("bullet", "number"):
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


def _make_separator(before: BlockForm, form: BlockForm) -> list[str]:
    """Return the line between two paragraphs: none between the items of a list."""
    listed = ("bullet", "number")
    if before.kind in listed and form.kind in listed and before.is_quoted == form.is_quoted:
        return []
    return [">"] if before.is_quoted and form.is_quoted else [""]


# --- the body of article.md ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _BodyEditor:
    """Writes paragraphs and questions line by line; lines keep their numbers until the end."""

    lines: list[str | None]
    """None is a line that was taken out."""
    labels: Iterator[int]
    """The numbers that no footnote has."""
    added: dict[int, list[str]] = field(default_factory=dict)
    """Lines to put before a line."""

    def join_lines(self, first: int) -> str:
        """Return the lines from one on."""
        lines: list[str] = []
        for number, line in enumerate([*self.lines, None]):
            if number >= first:
                lines += self.added.get(number, ())
                lines += [] if line is None else [line]
        return "\n".join(lines)

    def write_question(self, at: int, words: Sequence[Word]) -> bool:
        """Write a question anew."""
        if not words or any(word.note is not None or word.text == "\n" for word in words):
            return False
        shown = " ".join(_write_lines([replace(word, is_line_end=False) for word in words], ()))
        match = _QUESTION.match(self.lines[at] or "")
        opening, attributes = (match[1], match[3] or "") if match else ("# ", "")
        self.lines[at] = f"{opening}{shown}{attributes}"
        return True

    def can_hold(self, leaves: Sequence[Leaf], paragraphs: Sequence[TargetParagraph]) -> bool:
        """Return whether no footnote changes but those of paragraphs: they come back as such."""
        called = {label for part in paragraphs for label in _list_labels(part.words)}
        origins = {part.leaf for part in paragraphs if part.leaf is not None}
        gone = {
            label
            for index in origins
            for label in _list_labels(leaves[index].words)
            if label not in called
        }
        new = any(
            word.note is not None and not word.label for part in paragraphs for word in part.words
        )
        return not new or not any(map(self.has_more_blocks, gone))

    def has_more_blocks(self, label: str) -> bool:
        """Return whether a footnote holds a list or a quotation."""
        first, end = self.find_definition(label)
        return any(_MORE.match(line or "") for line in self.lines[first + 1 : end])

    def write_paragraphs(
        self, leaves: Sequence[Leaf], paragraphs: Sequence[TargetParagraph]
    ) -> None:
        """Write the paragraphs of one answer, or of the introduction."""
        above: Leaf | None = None
        """The paragraph that new ones follow."""
        start, form = "", None
        for part in paragraphs:
            if part.leaf is None:
                mark, lines = self.make_paragraph(part, start, form)
                self.add_paragraph(
                    lines, _make_separator(form or BlockForm(), part.form), above, leaves
                )
                start, form = mark, part.form
                continue
            above = leaves[part.leaf]
            if part.words != above.words or _list_labels(part.words) != _list_labels(above.words):
                self.rewrite_paragraph(above, part.words)
            start, form = above.start, above.form
        self.remove_paragraphs(leaves, paragraphs)

    def make_paragraph(
        self, part: TargetParagraph, start: str, form: BlockForm | None
    ) -> tuple[str, list[str]]:
        """Return what stands before a new paragraph, and its lines with its footnotes."""
        mark, inner = _make_item_marker(part.form, start, form)
        labels, notes = self.label_notes(part.words, [])
        first, *others = _write_lines(break_sentences(part.words), labels)
        lines = [mark + first, *(inner + line for line in others)]
        for note in notes:
            lines += ["", note]
        return mark, lines

    def add_paragraph(
        self, lines: Sequence[str], gap: Sequence[str], above: Leaf | None, leaves: Sequence[Leaf]
    ) -> None:
        """Put a new paragraph behind the one above, or before all."""
        if above is not None:
            self.added.setdefault(above.last, []).extend([*gap, *lines])
        elif leaves:
            self.added.setdefault(leaves[0].first, []).extend([*lines, ""])

    def remove_paragraphs(
        self, leaves: Sequence[Leaf], paragraphs: Sequence[TargetParagraph]
    ) -> None:
        """Take out the paragraphs that no new one is made of, with their footnotes."""
        origins = {part.leaf for part in paragraphs if part.leaf is not None}
        called = {label for part in paragraphs for label in _list_labels(part.words)}
        for index, leaf in enumerate(leaves):
            if index not in origins:
                for label in set(_list_labels(leaf.words)) - called:
                    self.remove_definition(label)
                self.remove_lines(leaf.first, leaf.last)

    def rewrite_paragraph(self, leaf: Leaf, words: Sequence[Word]) -> None:
        """Write a paragraph anew, behind what stands before its lines."""
        if _is_by_sentences(leaf.words):
            words = break_sentences(words)
        gone = [label for label in _list_labels(leaf.words) if label not in _list_labels(words)]
        labels, notes = self.label_notes(words, gone)
        for label in gone:
            self.remove_definition(label)
        first, *others = _write_lines(words, labels)
        inner = re.sub(r"[^>\s]", " ", leaf.start)
        lines = [leaf.start + first, *(inner + line for line in others)]
        for note in notes:
            lines += ["", note]
        self.lines[leaf.first : leaf.last] = [None] * (leaf.last - leaf.first)
        self.added.setdefault(leaf.first, []).extend(lines)

    def label_notes(self, words: Sequence[Word], free: list[str]) -> tuple[list[str], list[str]]:
        """Return the labels of the footnotes in words, and the definitions of new ones."""
        labels: list[str] = []
        notes: list[str] = []
        reused = iter(free)
        for word in words:
            if word.note is None:
                continue
            label = word.label or next(reused, "") or str(next(self.labels))
            labels.append(label)
            if not word.label:
                own = (
                    " ".join(_write_lines(part, ())) for part in split_note_paragraphs(word.note)
                )
                notes.append(f"[^{label}]: " + "\n\n    ".join(own))
        return labels, notes

    def remove_definition(self, label: str) -> None:
        """Take a footnote's definition out; one within the line has none."""
        first, end = self.find_definition(label)
        if first < end:
            self.remove_lines(first, end)

    def find_definition(self, label: str) -> tuple[int, int]:
        """Return the lines of a footnote's definition, from the first to the one behind it."""
        for number, line in enumerate(self.lines):
            if line is not None and line.lstrip("> ").startswith(f"[^{label}]:"):
                end = behind = number + 1
                while behind < len(self.lines):
                    if (self.lines[behind] or "").startswith("    "):
                        end = behind + 1
                    elif not self.is_blank(behind):
                        break
                    behind += 1
                return number, end
        return 0, 0

    def remove_lines(self, first: int, last: int) -> None:
        """Take lines out, and one of the two blank lines that would meet."""
        self.lines[first:last] = [None] * (last - first)
        above = next((n for n in range(first - 1, -1, -1) if self.lines[n] is not None), None)
        if self.is_blank(last) and (above is None or self.is_blank(above)):
            self.lines[last] = None

    def is_blank(self, number: int) -> bool:
        line = self.lines[number] if number < len(self.lines) else None
        return line is not None and not line.strip("> ")


def _list_labels(words: Iterable[Word]) -> list[str]:
    return [word.label for word in words if word.note is not None]
