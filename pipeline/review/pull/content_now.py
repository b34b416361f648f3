"""The content as it is now, as words, and where in its files each of them stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from pipeline.build.provenance import list_content_values
from pipeline.content import loader
from pipeline.content.model import Content
from pipeline.diagnostics import Findings
from pipeline.document.markdown_reader import MarkdownReader, ParsedMarkdown
from pipeline.document.markdown_tables import iterate_rows, name_cell
from pipeline.document.tree import Address, Inline
from pipeline.project import text_files
from pipeline.render.contract import SourceValue
from pipeline.review.match.matrix_cells import POSITION_ADDRESS
from pipeline.review.match.sent_brief import ITEM_FIELDS, Owner
from pipeline.review.pull import yaml_scalar
from pipeline.review.pull.table_cells import CurrentCell
from pipeline.review.pull.table_rows import write_row_word
from pipeline.review.words.tokens import (
    LINE_END,
    BlockForm,
    BlockStart,
    StyledText,
    Token,
    Word,
    iterate_styled_text,
    split_words,
)
from pipeline.system.limits import DEFAULT_LIMITS, SourceLimits

_FRONT: Final = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_NUMBERED: Final = re.compile(r"article\.md#(.+)\.\d+")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A paragraph, wherever it stands: by itself, in a list, in a quotation."""

    form: BlockForm
    words: tuple[Word, ...]
    first: int
    """Its first line in the text, from 0."""
    last: int
    """The line behind it."""
    start: str
    """What stands before its words: the mark of a list's item, a quotation's sign."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a footnote says, where it is written."""

    first: int
    """Its first line in the text, from 0."""
    last: int
    """The line behind its last one."""
    has_more: bool
    """Whether it holds other blocks than paragraphs, such as a list."""


@dataclass(frozen=True)
class CurrentContent:
    """One article's files, and what they say."""

    content: Content
    names: Mapping[str, str]
    """The files that an article may have, by what addresses call them."""
    texts: Mapping[str, str]
    """Those that are there, as they are."""
    values: Mapping[Address, SourceValue]

    def read_tokens(self, owner: Owner) -> list[Token] | None:
        """Return the words of a value as they are now; None when there is none any more."""
        if owner.kind == "body":
            return _make_tokens(self.leaves.get(owner.address, ()))
        if owner.kind == "cell":
            cell = self.cells.get(owner.address)
            return list(cell.words) if cell else None
        if owner.kind == "table":
            rows = [write_row_word([cell.words for cell in row]) for row in self.list_rows(owner)]
            return [*rows] or None
        if owner.kind == "items":
            return self.read_items(owner.address)
        source = self.values.get(Address(owner.address))
        if source is None:
            return [] if POSITION_ADDRESS.fullmatch(owner.address) else None
        if owner.kind == "question":
            return list(self.read_question(owner.address))
        found = self.find_scalar(owner.address)
        if found is None:
            return None
        if owner.kind == "prose":
            return _make_tokens(read_prose(found))
        return list(_split_plain_words(found))

    def read_items(self, address: str) -> list[Token] | None:
        """Return the words of a list of the summary, a paragraph for each field of an item."""
        key = address.partition("#")[2]
        if self.content.summary is None or Address(address) not in self.content.places:
            return None
        tokens: list[Token] = []
        for number in range(1, len(getattr(self.content.summary, key)) + 1):
            for name in ITEM_FIELDS[key]:
                found = self.find_scalar(f"{address}.{number}.{name}")
                leaf = sum(isinstance(token, BlockStart) for token in tokens)
                tokens += [BlockStart(leaf=leaf), *(_split_plain_words(found) if found else ())]
        return tokens

    def find_scalar(self, address: str) -> yaml_scalar.Scalar | None:
        """Find the YAML that says a value."""
        file, _, path = address.partition("#")
        text = self.texts.get(file)
        if text is None:
            return None
        if file != "article.md":
            return yaml_scalar.find_scalar(text, path)
        return yaml_scalar.find_scalar(self.find_front_matter(text)[1], path)

    @staticmethod
    def find_front_matter(text: str) -> tuple[int, str]:
        """Return where the front matter of an article begins, and the front matter."""
        match = _FRONT.match(text)
        return (match.start(1), match[1]) if match and match[1] else (0, "")

    def read_question(self, address: str) -> tuple[Word, ...]:
        """Return the words of a question."""
        wanted = address.partition("#")[2]
        found = next((q.text for q in self.content.article.questions if q.id == wanted), ())
        return split_words(iterate_styled_text(found))

    @cached_property
    def _body(self) -> tuple[_LeafFinder, Sequence[tuple[str, SyntaxTreeNode]]]:
        """The blocks of article.md, each with its address, and what finds words in them."""
        name = self.names["article.md"]
        addresses = {
            at.line: address
            for address, at in self.content.places.items()
            if at.file == name and _NUMBERED.fullmatch(address)
        }
        text = self.texts["article.md"]
        first, body = split_front_matter(text)
        parsed = make_reader().parse(body)
        finder = _LeafFinder(parsed, text.split("\n"), first)
        blocks = [
            (addresses[line], node)
            for node in parsed.nodes
            if node.type not in ("heading", "footnote_reference")
            and (line := (node.map or (0, 0))[0] + first + 1) in addresses
        ]
        return finder, blocks

    @cached_property
    def leaves(self) -> Mapping[str, tuple[Leaf, ...]]:
        """The paragraphs of article.md by the answer that they stand in."""
        finder, blocks = self._body
        leaves: dict[str, list[Leaf]] = defaultdict(list)
        for address, node in blocks:
            leaves[address.rpartition(".")[0]] += finder.find_leaves(node, BlockForm())
        return {scope: tuple(found) for scope, found in leaves.items()}

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """The footnotes of article.md that are written in lines of their own, by their labels."""
        finder, _ = self._body
        return {label: finder.find_definition(note) for label, note in finder.parsed.notes.items()}

    @property
    def table_addresses(self) -> Sequence[str]:
        """The addresses of the tables of article.md, in order."""
        return [address for address, node in self._body[1] if node.type == "table"]

    def find_tables_end(self, scope: str) -> int | None:
        """Return the line behind the last table of an answer; None where there is none."""
        finder, blocks = self._body
        ends = (
            finder.find_end(node)
            for address, node in blocks
            if node.type == "table" and address.rpartition(".")[0] == scope
        )
        return max(ends, default=None)

    def list_rows(self, owner: Owner) -> list[list[CurrentCell]]:
        """Return the rows of a table, the head first; none where there is no such table."""
        finder, blocks = self._body
        found = (node for address, node in blocks if address == owner.address)
        return [row for node in found if node.type == "table" for row in finder.find_cells(node)]

    @cached_property
    def cells(self) -> Mapping[str, CurrentCell]:
        """The cells of the tables of article.md, by their addresses."""
        finder, blocks = self._body
        tables = [(address, node) for address, node in blocks if node.type == "table"]
        return {
            name_cell(address, row, cell.column): cell
            for address, node in tables
            for row, cells in enumerate(finder.find_cells(node), 1)
            for cell in cells
        }


def read_current_content(
    project: Path, slug: str, limits: SourceLimits = DEFAULT_LIMITS.sources
) -> CurrentContent:
    """Read an article's files. Raises Problems with all errors but quotes that no answer has."""
    content = loader.load_content(project, slug, comments=True, is_draft=True, limits=limits)
    names = {
        "article.md": f"content/{slug}/article.md",
        "summary.yaml": f"content/{slug}/summary.yaml",
        "house.yaml": "content/house.yaml",
    }
    texts = {
        short: text_files.read_text(project / name, name, limits.text_bytes)[0]
        for short, name in names.items()
        if name in content.inputs
    }
    return CurrentContent(content, names, texts, list_content_values(content))


def split_front_matter(text: str) -> tuple[int, str]:
    """Return how many lines stand before the words of an article, and what follows them."""
    match = _FRONT.match(text)
    body = text[match.end() :] if match else text
    return text[: len(text) - len(body)].count("\n"), body


def read_prose(found: yaml_scalar.Scalar) -> tuple[Leaf, ...]:
    """Return the paragraphs of a note in Markdown that stands in YAML."""
    # YAML folds the lines: only where they are one paragraph do they read as the value does.
    joined = "\n".join(found.lines)
    may_fold = "" not in found.lines and found.style != "|"
    is_one = may_fold and [n.type for n in make_reader().parse(joined).nodes] == ["paragraph"]
    text = joined if is_one else found.value
    parsed = make_reader().parse(text)
    finder = _LeafFinder(parsed, text.split("\n"), 0)
    return tuple(leaf for node in parsed.nodes for leaf in finder.find_leaves(node, BlockForm()))


def _split_plain_words(found: yaml_scalar.Scalar) -> tuple[Word, ...]:
    """Return the words of a value without Markdown, where each end of a line is a space."""
    return split_words([StyledText(LINE_END.join(found.lines).replace("\n", LINE_END))])


def make_reader() -> MarkdownReader:
    """Return a reader whose findings nobody needs: the text was read and found right before."""
    return MarkdownReader(
        "article.md", Findings(), image=lambda path, at: path, comments=True, line_end=LINE_END
    )


def _make_tokens(leaves: Sequence[Leaf]) -> list[Token]:
    tokens: list[Token] = []
    for index, leaf in enumerate(leaves):
        tokens += [BlockStart(leaf.form, leaf=index), *leaf.words]
    return tokens


@dataclass(frozen=True, slots=True)
class _LeafFinder:
    """Finds the paragraphs of a text in its blocks."""

    parsed: ParsedMarkdown
    lines: Sequence[str]
    first: int
    """How many lines stand before those that the blocks are numbered by."""

    def find_leaves(self, node: SyntaxTreeNode, form: BlockForm) -> Iterator[Leaf]:
        """Return the paragraphs of a block; images are none."""
        match node.type:
            case "paragraph":
                if [part.type for part in node.children[0].children] != ["image"]:
                    yield self.read_leaf(node, form)
            case "bullet_list":
                yield from self.find_in_list(node, BlockForm("bullet", form.level + 1), form)
            case "ordered_list":
                yield from self.find_in_list(node, BlockForm("number", form.level + 1), form)
            case "blockquote":
                for child in node.children:
                    yield from self.find_leaves(child, replace(form, is_quoted=True))
            case "table":
                return  # its words are its cells'
            case "footnote_reference":
                return  # its words hang where it is called
            case _:
                raise TypeError(f"content holds no block of type {node.type}")

    def find_in_list(
        self, node: SyntaxTreeNode, item_form: BlockForm, form: BlockForm
    ) -> Iterator[Leaf]:
        """Return the paragraphs of a list that stands in a block of a form."""
        for item in node.children:
            inner = replace(item_form, is_quoted=form.is_quoted)
            for child in item.children:
                yield from self.find_leaves(child, inner)
                if child.type == "paragraph":
                    # In a quotation, an item's further paragraphs look like the quotation's.
                    inner = (
                        replace(inner, kind="paragraph", level=0)
                        if form.is_quoted
                        else replace(inner, kind="continued", level=min(3, inner.level))
                    )

    def find_definition(self, note: SyntaxTreeNode) -> Definition:
        """Return where a footnote is written."""
        first, last = ((note.map or (0, 0))[n] + self.first for n in (0, 1))
        while last > first + 1 and not self.lines[last - 1].strip("> \t"):
            last -= 1
        return Definition(first, last, any(own.type != "paragraph" for own in note.children))

    def find_end(self, node: SyntaxTreeNode) -> int:
        """Return the line behind a block."""
        return (node.map or (0, 0))[1] + self.first

    def find_cells(self, node: SyntaxTreeNode) -> Iterator[list[CurrentCell]]:
        """Return the rows of a table, each as its cells."""
        end = self.find_end(node)
        for row in iterate_rows(node):
            line = (row.map or (0, 0))[0] + self.first
            yield [
                CurrentCell(self.read_words(cell.children[0]), line, column, end)
                for column, cell in enumerate(row.children, 1)
            ]

    def read_words(self, inline: SyntaxTreeNode) -> tuple[Word, ...]:
        """Return the words of a paragraph or a cell, their footnotes with their labels."""
        # A comment in a paragraph of its own hangs on this one, and stands in other lines.
        own = [p for p in inline.children if p.type != "comment" or p.content in inline.content]
        words = split_words(iterate_styled_text(_read_inlines(own, self.parsed)))
        notes = (part for part in inline.walk() if part.type == "footnote_ref")
        labels = [str(part.meta.get("label") or "") for part in notes]
        return tuple(_label_notes(words, labels))

    def read_leaf(self, node: SyntaxTreeNode, form: BlockForm) -> Leaf:
        """Return a paragraph."""
        inline = node.children[0]
        begin, end = node.map or (0, 1)
        line = self.lines[begin + self.first]
        opening = inline.content.split("\n")[0]
        at = line.rfind(opening) if opening else len(line)
        return Leaf(
            form,
            self.read_words(inline),
            begin + self.first,
            end + self.first,
            line[: max(at, 0)],
        )


def _read_inlines(children: Iterable[SyntaxTreeNode], parsed: ParsedMarkdown) -> tuple[Inline, ...]:
    return parsed.read_inlines(children, Address(""))


def _label_notes(words: Iterable[Word], labels: Sequence[str]) -> Iterator[Word]:
    waiting = iter(labels)
    for word in words:
        yield word if word.note is None else replace(word, label=next(waiting, ""))
