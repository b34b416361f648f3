"""Nodes as the Markdown that ``markdown_reader`` reads: one way of writing for each.

A paragraph is one line. What was read from content and is written here is read as the same
nodes again, but for stress within the same stress in the midst of a word, for which there is no
spelling. How it was spelled before (``_`` or ``*``, marks of lists, lines) is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, zip_longest
from typing import Final, assert_never

from pipeline.document.markdown_tables import write_cell, write_rows
from pipeline.document.tree import (
    Block,
    Comment,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Span,
    Strong,
    Table,
    Text,
    remove_comments,
)

_SPECIAL: Final = re.compile(
    r"[\\`*\[\]<]|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_])|[!^]\Z|%(?=%)|%\Z"
    r"|(?<!\s)~|~(?!\w)"
)
"""What Markdown reads as a sign, or would be refused as one; an underscore inside a word is none,
nor is a tilde before one."""
_LINE: Final = re.compile(r"^[-+#>=~|]|^:(?=-)|^\d{1,9}[.)](?=\s|$)")


def write_blocks(nodes: Sequence[Block], first_note: int = 1) -> str:
    """Write blocks of the content, each note at the end of its own as ``[^1]: …``, in order."""
    return _MarkdownWriter(first_note).write_document(nodes)


def write_inlines(nodes: Iterable[Inline], first_note: int = 1) -> str:
    """Write the words of one paragraph; a note is ``[^1]``, counted from ``first_note``."""
    return _MarkdownWriter(first_note).write_line(nodes)


class _MarkdownWriter:
    def __init__(self, first_note: int) -> None:
        self.labels = count(first_note)
        self.notes: list[tuple[int, Footnote]] = []

    # --- blocks -----------------------------------------------------------------------

    def write_document(self, nodes: Sequence[Block]) -> str:
        written: list[str] = []
        for block in self.write_flow(nodes):
            written.append(block)
            notes, self.notes = self.notes, []
            written += [self.write_note(label, note) for label, note in notes]
        return "\n\n".join(written)

    def write_flow(
        self, nodes: Sequence[Block], before: Block | None = None, others: bool = False
    ) -> Iterator[str]:
        """Write blocks; of two lists that meet, the second has other marks.

        They were one list else, or a rule where an item holds nothing but a list.
        """
        for node in nodes:
            meets = isinstance(node, List) and isinstance(before, List)
            others = meets and not others
            before = node
            yield self.write_block(node, others)

    def write_block(self, node: Block, others: bool = False) -> str:
        match node:
            case Paragraph(children):
                return self.write_line(children)
            case List():
                return self.write_list(node, others)
            case Quote(children):
                return _prefix_lines("> ", "> ", "\n\n".join(self.write_flow(children)))
            case Table():
                return self.write_table(node)
            case Figure(image, alt, caption):
                title = " ".join(self.write_line(caption).split()).replace('"', '\\"')
                shown = f"![{_escape_markdown(alt)}]({_write_target(image)}"
                return f'{shown} "{title}")' if title else f"{shown})"
            case _:
                raise TypeError(f"content has no {type(node).__name__}")

    def write_table(self, node: Table) -> str:
        return "\n".join(
            write_rows(
                [
                    [write_cell(self.write_run(cell.children)) for cell in row.children]
                    for row in (*node.head, *node.children)
                ]
            )
        )

    def write_list(self, node: List, others: bool) -> str:
        several = any(len(item.children) > 1 for item in node.children)
        mark = (")" if others else ".") if node.ordered else ("+" if others else "-")
        items = [
            self.write_item(node, item, f"{number}{mark} " if node.ordered else f"{mark} ", others)
            for number, item in enumerate(node.children, node.start)
        ]
        return ("\n\n" if several else "\n").join(items)

    def write_item(self, around: List, item: Item, mark: str, others: bool) -> str:
        flow = "\n\n".join(self.write_flow(item.children, around, others))
        return _prefix_lines(mark, " " * len(mark), flow) if flow else mark.rstrip()

    def write_note(self, label: int, note: Footnote) -> str:
        flow = "\n\n".join(self.write_flow(note.children))
        return _prefix_lines(f"[^{label}]: ", "    ", flow)

    # --- inlines ----------------------------------------------------------------------

    def write_line(self, nodes: Iterable[Inline]) -> str:
        """Write a paragraph; what would open another block at a line's start is escaped."""
        return "\n".join(map(_escape_opening, self.write_run(tuple(nodes)).split("\n")))

    def write_run(self, nodes: Sequence[Inline], around: str = "") -> str:
        """Write nodes in a row, in stress with the sign ``around`` or in none.

        What would make a link or a definition of a note is escaped.
        """
        line, nodes = "", remove_comments(nodes)
        for node, after in zip_longest(nodes, nodes[1:]):
            written = self.write_inline(node, _choose_sign(line, after, around), around)
            follows_note = line.endswith("]") and written.startswith(("(", ":"))
            line += f"\\{written}" if follows_note else written
        return line

    def write_inline(self, node: Inline, sign: str, around: str) -> str:
        match node:
            case Text(text):
                return _escape_markdown(text)
            case LineBreak():
                return "\\\n"
            case Emphasis(children):
                return f"{sign}{self.write_run(children, sign)}{sign}"
            case Strong(children):
                return f"{sign * 2}{self.write_run(children, sign)}{sign * 2}"
            case Link(href, children):
                return f"[{self.write_run(children, around)}]({_write_target(href)})"
            case Footnote():
                label = next(self.labels)
                self.notes.append((label, node))
                return f"[^{label}]"
            case PageNumber() | Comment():  # neither is content's words
                return ""
            case Span() | Reference():  # a template's, round words of the content
                return self.write_run(node.children, around)
            case _:
                assert_never(node)


def _choose_sign(before: str, after: Inline | None, around: str) -> str:
    """Choose the sign of stress: a star, or an underscore beside one where no word is cut."""
    is_inside = before[-1:].isalnum() or (isinstance(after, Text) and after.text[:1].isalnum())
    return "_" if "*" in (around, before[-1:]) and not is_inside else "*"


def _escape_markdown(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match.group()}", text)


def _escape_opening(line: str) -> str:
    """Escape what would make a heading, a list or a rule of a line."""
    found = _LINE.match(line)
    if not found:
        return line
    end = found.end() - 1
    return f"{line[:end]}\\{line[end:]}"


def _prefix_lines(first: str, others: str, text: str) -> str:
    """Set the first line behind one prefix and the others behind another; blank ones stay bare."""
    lines = [
        ((others if number else first) + line).rstrip(" ")
        for number, line in enumerate(text.split("\n"))
    ]
    return "\n".join(lines)


def _write_target(address: str) -> str:
    """Write where a link leads, or an image stands; in angle brackets where it would end early."""
    if re.fullmatch(r"[^\s()<>\\]+", address):
        return address
    return "<" + re.sub(r"[<>\\]", lambda match: f"\\{match.group()}", address) + ">"
