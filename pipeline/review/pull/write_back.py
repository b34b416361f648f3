"""Words back into the content's files: only what changed is written, in the file's own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, TypeVar, assert_never

from pipeline.document.markdown_tables import write_cell
from pipeline.review.match.matrix_cells import POSITION_ADDRESS
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull.content_now import CurrentContent, Definition, Leaf
from pipeline.review.pull.paragraph_lines import (
    TargetParagraph,
    break_sentences,
    find_list_below,
    find_list_numbers,
    flatten_words,
    is_by_sentences,
    make_item_marker,
    make_separator,
    set_number,
    split_paragraphs,
    write_lines,
)
from pipeline.review.pull.row_order import RowOrder, find_row_order
from pipeline.review.pull.table_cells import CurrentCell, replace_cell
from pipeline.review.pull.write_items import find_origins, join_words, pair_fields, write_items
from pipeline.review.pull.write_yaml import (
    holds_words_alone,
    make_item_lines,
    write_note,
    write_plain,
)
from pipeline.review.pull.yaml_entries import add_entry, remove_entry
from pipeline.review.words.tokens import (
    BlockForm,
    Token,
    Word,
    split_note_paragraphs,
)

_T = TypeVar("_T")
_LABEL: Final = re.compile(r"\[\^(\d+)\]")
_QUESTION: Final = re.compile(r"(#\s+)(.*?)(\s*\{[^{}]*\})?\s*$")
_OF_ITEM: Final = re.compile(r"(summary\.yaml#\w+)\.(\d+)\.(.+)")


@dataclass(frozen=True, slots=True)
class ContentWriter:
    """One article's files on their way to hold new words."""

    current: CurrentContent
    yaml: dict[str, str]
    """The files that are YAML; of article.md the front matter."""
    body: _BodyEditor
    origins: dict[str, tuple[int | None, ...]] = field(default_factory=dict)
    """Of each list that was written which item each of its items was, by its address."""
    notes: list[str] = field(default_factory=list)
    """What became of the evidence of items."""

    def put_value(self, owner: Owner, tokens: Sequence[Token]) -> bool:
        """Write new words for a value; return whether its file can hold them there."""
        match owner.kind:
            case "body":
                return self._put_body(owner, split_paragraphs(tokens))
            case "question":
                return self.body.write_question(self._question_line(owner), flatten_words(tokens))
            case "cell":
                cell = self.current.cells.get(owner.address)
                return cell is not None and self.body.write_cell(cell, flatten_words(tokens))
            case "table":
                order = find_row_order(self.current.read_tokens(owner) or (), tokens)
                return self.body.write_rows(self.current.list_rows(owner), order)
            case "items":
                return self._put_items(owner, split_paragraphs(tokens))
            case "plain":
                return self._put_plain(owner, flatten_words(tokens))
            case "prose":
                return self._put_yaml(owner, write_note, split_paragraphs(tokens))
            case "none":
                raise ValueError("words that are no value's cannot be written")
            case _:
                assert_never(owner.kind)

    def _put_plain(self, owner: Owner, words: Sequence[Word]) -> bool:
        if not any(word.text for word in words):
            return self._take_out(owner)
        if self.current.read_tokens(owner) == []:
            return self._put_in(owner, words)
        return self._put_yaml(owner, write_plain, words)

    def _put_body(self, owner: Owner, paragraphs: Sequence[TargetParagraph]) -> bool:
        leaves = self.current.leaves.get(owner.address, ())
        if not leaves or not self.body.can_hold(leaves, paragraphs):
            return False
        end = self.current.find_tables_end(owner.address)
        self.body.write_paragraphs(leaves, paragraphs, end)
        return True

    def _put_items(self, owner: Owner, paragraphs: Sequence[TargetParagraph]) -> bool:
        file, _, key = owner.address.partition("#")
        items = pair_fields(key, ((part.leaf, part.words) for part in paragraphs))
        before = pair_fields(key, self._list_fields(owner))
        is_plain = all(holds_words_alone(part.words) for part in paragraphs)
        if items is None or before is None or not is_plain:
            return False
        words = [join_words(item) for item in before]
        written = write_items(self.yaml[file], key, find_origins(items, words), make_item_lines)
        if written is None:
            return False
        self.yaml[file] = written.text
        self.origins[owner.address] = written.origins
        self.notes.extend(written.notes)
        return True

    def _list_fields(self, owner: Owner) -> list[tuple[int | None, tuple[Word, ...]]]:
        tokens = self.current.read_tokens(owner) or []
        return [(part.leaf, part.words) for part in split_paragraphs(tokens)]

    def _take_out(self, owner: Owner) -> bool:
        """Take out a position, which may be lacking; return whether the value is one."""
        file, _, path = owner.address.partition("#")
        new = None
        if POSITION_ADDRESS.fullmatch(owner.address):
            new = remove_entry(self.yaml[file], path.removesuffix(".text"))
        if new is not None:
            self.yaml[file] = new
            self.notes.append(f"{path} was taken out, and the quote that bore it out with it")
        return new is not None

    def _put_in(self, owner: Owner, words: Sequence[Word]) -> bool:
        """Put in a position that is lacking."""
        file, _, path = owner.address.partition("#")
        new = add_entry(self.yaml[file], path, make_item_lines(words))
        if new is not None and holds_words_alone(words):
            self.yaml[file] = new
            return True
        return False

    def find_new_owner(self, owner: Owner) -> Owner | None:
        """Return where a value is written by now: items may have moved; None if it went."""
        match = _OF_ITEM.fullmatch(owner.address)
        origins = self.origins.get(match[1]) if match else None
        if match is None or origins is None:
            return owner
        number = int(match[2]) - 1
        if number not in origins:
            return None
        return replace(owner, address=f"{match[1]}.{origins.index(number) + 1}.{match[3]}")

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
    body = _BodyEditor(
        list(text.split("\n")), count(max(numbers, default=0) + 1), current.definitions
    )
    return ContentWriter(current, yaml, body)


# --- the body of article.md ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _BodyEditor:
    """Writes paragraphs and questions line by line; lines keep their numbers until the end."""

    lines: list[str | None]
    """None is a line that was taken out."""
    labels: Iterator[int]
    """The numbers that no footnote has."""
    definitions: Mapping[str, Definition]
    """The footnotes that have lines of their own, by their labels."""
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
        shown = " ".join(write_lines([replace(word, is_line_end=False) for word in words], ()))
        match = _QUESTION.match(self.lines[at] or "")
        opening, attributes = (match[1], match[3] or "") if match else ("# ", "")
        self.lines[at] = f"{opening}{shown}{attributes}"
        return True

    def write_cell(self, cell: CurrentCell, words: Sequence[Word]) -> bool:
        """Write other words in a table's cell, which is one line; new footnotes go below it."""
        if any(word.text == "\n" for word in words):
            return False
        gone = [label for label in _list_labels(cell.words) if label not in _list_labels(words)]
        new = any(word.note is not None and not word.label for word in words)
        if new and any(map(self.has_more_blocks, gone)):
            return False
        labels, notes = self.label_notes(words, gone)
        for label in gone:
            self.remove_definition(label)
        written = write_cell("\n".join(write_lines(words, labels)))
        self.lines[cell.line] = replace_cell(self.lines[cell.line] or "", cell.column, written)
        for note in notes:
            self.added.setdefault(cell.end, []).extend(["", note])
        return True

    def write_rows(self, rows: Sequence[Sequence[CurrentCell]], order: RowOrder) -> bool:
        """Put a table's rows into another order, new ones among them; its head stays."""
        is_noted = any(isinstance(row, str) and "[^]" in row for row in order)
        if order[:1] != [0] or len(order) == 1 or is_noted:
            return False
        at = [cells[0].line for cells in rows]
        lines = [row if isinstance(row, str) else self.lines[at[row]] or "" for row in order[1:]]
        for index, cells in enumerate(rows):
            for label in _list_labels(word for cell in cells for word in cell.words):
                if index not in order:
                    self.remove_definition(label)
        self.lines[at[1] : at[-1] + 1] = [None] * (at[-1] + 1 - at[1])
        self.added.setdefault(at[1], []).extend(lines)
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
        return label in self.definitions and self.definitions[label].has_more

    def write_paragraphs(
        self, leaves: Sequence[Leaf], paragraphs: Sequence[TargetParagraph], end: int | None
    ) -> None:
        """Write the paragraphs of one answer, or of the introduction.

        ``end`` is the line behind its last table.
        """
        numbers = find_list_numbers(leaves, paragraphs)
        above = below = None
        """The paragraph that new ones follow, and the list's item that they precede."""
        start, form = "", None
        for index, part in enumerate(paragraphs):
            if part.leaf is None:
                mark, lines = self.make_paragraph(part, start, form, numbers.get(index))
                below = below or find_list_below(leaves, paragraphs[index:], form)
                following = next((p.leaf for p in paragraphs[index:] if p.leaf is not None), None)
                if below:
                    self.added.setdefault(below.first, []).extend(lines)
                elif part.is_before_next and following is not None:
                    self.added.setdefault(leaves[following].first, []).extend([*lines, ""])
                elif part.is_before_next and end is not None:
                    self.added.setdefault(end, []).extend(["", *lines])
                else:
                    gap = make_separator(form or BlockForm(), part.form)
                    self.add_paragraph(lines, gap, above, leaves)
                start, form = mark, part.form
                continue
            above, below = leaves[part.leaf], None
            start, form = set_number(above.start, numbers.get(index)), above.form
            is_same = _list_labels(part.words) == _list_labels(above.words)
            if part.words != above.words or not is_same or start != above.start:
                self.rewrite_paragraph(above, part.words, start)
        self.remove_paragraphs(leaves, paragraphs)

    def make_paragraph(
        self, part: TargetParagraph, start: str, form: BlockForm | None, number: int | None
    ) -> tuple[str, list[str]]:
        """Return what stands before a new paragraph, and its lines with its footnotes."""
        mark, inner = make_item_marker(part.form, start, form)
        if number is not None:
            mark = set_number(mark, number)
            inner = re.sub(r"[^>\s]", " ", mark)
        labels, notes = self.label_notes(part.words, [])
        first, *others = write_lines(break_sentences(part.words), labels)
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

    def rewrite_paragraph(self, leaf: Leaf, words: Sequence[Word], start: str) -> None:
        """Write a paragraph anew, behind what is to stand before its lines."""
        if is_by_sentences(leaf.words):
            words = break_sentences(words)
        gone = [label for label in _list_labels(leaf.words) if label not in _list_labels(words)]
        labels, notes = self.label_notes(words, gone)
        for label in gone:
            self.remove_definition(label)
        first, *others = write_lines(words, labels)
        inner = re.sub(r"[^>\s]", " ", start)
        lines = [start + first, *(inner + line for line in others)]
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
                own = (" ".join(write_lines(part, ())) for part in split_note_paragraphs(word.note))
                notes.append(f"[^{label}]: " + "\n\n    ".join(own))
        return labels, notes

    def remove_definition(self, label: str) -> None:
        """Take a footnote's definition out; one within the line has none."""
        if label in self.definitions:
            self.remove_lines(self.definitions[label].first, self.definitions[label].last)

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
