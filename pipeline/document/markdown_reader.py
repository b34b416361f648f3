"""Markdown to nodes: what authors write, as the Document holds it.

CommonMark with tables and footnotes. What a brief cannot hold (raw HTML, code, rules,
struck words) is refused at its line, and so is what Markdown itself would drop without a
word (a link definition or a footnote that nothing uses), or leave as signs to be printed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from pipeline.diagnostics import Findings, Location
from pipeline.document import characters
from pipeline.document.markdown_nodes import (
    RAW_SIGNS,
    REFUSED_MARKDOWN,
    count_line_ends,
    find_note_around,
    is_outside_link,
)
from pipeline.document.markdown_parser import MOST_NESTED, is_closed_comment, parse_tokens
from pipeline.document.markdown_tables import iterate_rows, name_cell
from pipeline.document.raw_signs import RawSigns, find_raw_signs, find_signs_in_value
from pipeline.document.silent_changes import find_silent_changes
from pipeline.document.tree import (
    Address,
    Block,
    Cell,
    Comment,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Paragraph,
    Quote,
    Row,
    Strong,
    Table,
    Text,
)


@dataclass(frozen=True, slots=True)
class MarkdownReader:
    """How a file's Markdown is read, and where to report what is wrong with it."""

    file: str
    findings: Findings
    first_line: int = 1
    image: Callable[[str, Location], str | None] | None = None
    """Takes an image's path and place, returns its key in the Document; None refuses images."""
    at: Location | None = None
    """The place of all the text, where its lines are not the file's (in folded YAML)."""
    line_end: str = " "
    """What the end of a line within a paragraph is read as."""
    comments: bool = False
    """Whether editors' comments are kept. They are read, and no words, in any case."""
    columns: int = 0
    """How many columns a table may have; none refuses tables."""

    def parse(self, text: str) -> ParsedMarkdown:
        """Parse a text; report what is nested too deep and what nothing refers to."""
        tokens, env = parse_tokens(text)
        root = SyntaxTreeNode(self.drop_too_deep(tokens))
        notes = self._index_footnotes(root)
        self._check_definitions(tokens, env)
        for line, signs in find_raw_signs(tokens):
            self.report_signs(signs, self.locate_line(line + signs.line))
        for change in find_silent_changes(tokens, text):
            place = self.locate_line(change.line)
            self.findings.add_warning("silent-change", change.message, place, change.hint)
        return ParsedMarkdown(
            reader=self,
            nodes=[node for node in root.children if node.type != "footnote_reference"],
            notes=notes,
            inline_notes=env.get("footnotes", {}).get("list", {}),
        )

    def report_signs(self, signs: RawSigns, at: Location) -> None:
        """Refuse signs that would be printed, or warn of those that may be words."""
        add = self.findings.add_warning if signs.is_doubtful else self.findings.add_error
        add(RAW_SIGNS, signs.message, at, signs.hint)

    def locate_line(self, line: int) -> Location:
        """Return the place of a line of the text, counted from 0."""
        return self.at or Location(self.file, line + self.first_line, 1)

    def locate_node(self, node: SyntaxTreeNode) -> Location:
        """Return the place of the line on which a node begins."""
        line, around = 0, node
        while not around.map:  # a part of a line's text; the line itself has one
            line += sum(map(count_line_ends, around.siblings[: around.siblings.index(around)]))
            assert around.parent
            around = around.parent
        return self.locate_line(around.map[0] + line)

    def drop_too_deep(self, tokens: Sequence[Token]) -> list[Token]:
        """Leave out, and report, the top-level blocks that are nested too deep to be read."""
        kept: list[Token] = []
        block: list[Token] = []
        level = deepest = 0
        for token in tokens:
            block.append(token)
            level += token.nesting
            inner = itertools.accumulate(part.nesting for part in token.children or ())
            deepest = max(deepest, level + max(inner, default=0))
            if level == 0:
                if deepest > MOST_NESTED:
                    self.findings.add_error(
                        "nested-too-deep",
                        f"the text is nested more than {MOST_NESTED} deep",
                        self.locate_line((block[0].map or [0])[0]),
                        "take some of the > quotation, list or * signs away",
                    )
                else:
                    kept.extend(block)
                block, deepest = [], 0
        return kept

    def _index_footnotes(self, root: SyntaxTreeNode) -> dict[str, SyntaxTreeNode]:
        """Return each footnote's definition; report those that would not be printed."""
        notes: dict[str, SyntaxTreeNode] = {}
        used: dict[str | None, set[str]] = {}  # by the footnote around the reference, if any
        for node in root.walk():
            if node.type == "footnote_reference":
                label = node.meta["label"]
                if notes.setdefault(label, node) is not node:
                    self.findings.add_error(
                        "footnote-twice",
                        f"the footnote `{label}` is defined twice",
                        self.locate_node(node),
                    )
            elif node.type == "footnote_ref" and "label" in node.meta:
                used.setdefault(find_note_around(node), set()).add(node.meta["label"])
        read = used.get(None, set())
        read |= set().union(*(used.get(label, set()) for label in read))  # refused where it is read
        for label, note in notes.items():
            if label not in read:
                self._report_unused(f"[^{label}]: …", note.map)
        return notes

    def _check_definitions(self, tokens: Iterable[Token], env: Mapping[str, Any]) -> None:
        used = {
            str(inner.meta.get("label"))
            for token in tokens
            for inner in token.children or ()
            if inner.type in ("link_open", "image")
        }
        for label, reference in env.get("references", {}).items():
            if label not in used:
                self._report_unused(f"[{label.lower()}]: {reference['href']}", reference.get("map"))
        for reference in env.get("duplicate_refs", ()):
            self._report_unused(f"{reference['label']}: {reference['href']}", reference.get("map"))

    def _report_unused(self, shown: str, lines: Sequence[int] | None) -> None:
        self.findings.add_error(
            "unused-definition",
            f"nothing refers to `{shown}`, so its words would be lost",
            self.locate_line(lines[0] if lines else 0),
            "refer to it, take it out, or escape its first bracket with \\ if it is text",
        )


@dataclass(frozen=True, slots=True)
class ParsedMarkdown:
    """A parsed text: its top-level nodes, and what it takes to read them as the Document's."""

    reader: MarkdownReader
    nodes: Sequence[SyntaxTreeNode]
    """Without the definitions of footnotes."""
    notes: Mapping[str, SyntaxTreeNode]
    """Footnotes by their label."""
    inline_notes: Mapping[int, Mapping[str, Any]]
    """Footnotes that stand within the line, by their number."""
    is_in_note: bool = False
    """Whether what is read stands in a footnote."""

    def locate_node(self, node: SyntaxTreeNode) -> Location:
        """Return the place of the line on which a node begins."""
        return self.reader.locate_node(node)

    def _add_error(
        self, code: str, message: str, node: SyntaxTreeNode, hint: str | None = None
    ) -> None:
        self.reader.findings.add_error(code, message, self.locate_node(node), hint)

    def read_blocks(
        self,
        nodes: Iterable[SyntaxTreeNode],
        address: Callable[[int, Location], Address],
        first: int = 1,
    ) -> tuple[Block, ...]:
        """Read block nodes; ``address`` names each by its number and place."""
        blocks: list[Block] = []
        for number, node in enumerate(nodes, first):
            source = address(number, self.locate_node(node))
            is_table = node.type == "table" and self.reader.columns
            blocks.extend((self._read_table if is_table else self._read_block)(node, source))
        return tuple(blocks)

    def read_inlines(self, nodes: Iterable[SyntaxTreeNode], source: Address) -> tuple[Inline, ...]:
        """Read inline nodes; every word keeps ``source``."""
        inlines: list[Inline] = []
        for node in nodes:
            for part in self._read_inline(node, source):
                last = inlines[-1] if inlines else None
                if isinstance(part, Text) and isinstance(last, Text):
                    inlines[-1] = Text(last.text + part.text, source)
                else:
                    inlines.append(part)
        return tuple(inlines)

    # --- blocks ---------------------------------------------------------------------

    def _read_block(self, node: SyntaxTreeNode, source: Address) -> Sequence[Block]:
        match node.type:
            case "paragraph":
                inline = node.children[0].children
                if len(inline) == 1 and inline[0].type == "image":
                    return self._read_figure(inline[0], source)
                return (Paragraph(self.read_inlines(inline, source)),)
            case "bullet_list" | "ordered_list":
                ordered = node.type == "ordered_list"
                start = int(node.attrs.get("start", 1)) if ordered else 1
                items = tuple(Item(self._read_nested(item, source)) for item in node.children)
                return (List(items, ordered=ordered, start=start),)
            case "blockquote":
                return (Quote(self._read_nested(node, source)),)
            case "footnote_reference":
                return ()  # it is read where it is referred to
            case _:
                self._refuse_node(node)
                return ()

    def _read_nested(self, node: SyntaxTreeNode, source: Address) -> tuple[Block, ...]:
        return tuple(block for child in node.children for block in self._read_block(child, source))

    def _read_table(self, node: SyntaxTreeNode, source: Address) -> Sequence[Block]:
        rows = [self._read_row(row, source, n) for n, row in enumerate(iterate_rows(node), 1)]
        columns = len(rows[0].children)
        if columns > self.reader.columns:
            self._add_error(
                "too-large", f"a table has 1 to {self.reader.columns} columns, not {columns}", node
            )
        elif len(rows) == 1:
            self._add_error(
                "table-without-rows",
                "a table has rows below its head",
                node,
                "add one, or write \\| for the first | of its lines",
            )
        return (Table((rows[0],), tuple(rows[1:])),)

    def _read_row(self, node: SyntaxTreeNode, source: Address, number: int) -> Row:
        if lost := node.meta["lost"]:
            self._add_error(
                "uneven-table",
                f"a row has more cells than its table's head, which would be lost: `{lost}`",
                node,
                "add a column to the head and to the hyphens below; a | in a cell is written \\|",
            )
        cells = [
            Cell(
                self.read_inlines(cell.children[0].children, name_cell(source, number, column)),
                "col" if number == 1 else "",
            )
            for column, cell in enumerate(node.children, 1)
        ]
        return Row(tuple(cells))

    def _read_figure(self, node: SyntaxTreeNode, source: Address) -> Sequence[Block]:
        alt = self._read_alternative_text(node)
        caption = str(node.attrs.get("title") or "")
        if not (self._check_printable(alt, node) and self._check_printable(caption, node)):
            return ()
        self._check_caption(caption, node)
        if not alt.strip():
            self._add_error(
                "image-alt",
                "an image has no alternative text",
                node,
                "say what it shows: ![a map of the cables](images/map.png)",
            )
            return ()
        if not self.reader.image or self.is_in_note:
            self._refuse_node(node)
            return ()
        source_path = unquote(str(node.attrs["src"]))  # the parser percent-encodes it
        key = self.reader.image(source_path, self.locate_node(node))
        if key is None:
            return ()
        return (Figure(key, alt, (Text(caption, source),) if caption else ()),)

    def _check_caption(self, caption: str, node: SyntaxTreeNode) -> None:
        """Report signs in a caption, in which Markdown reads none but a backslash."""
        written = node.parent.content if node.parent else ""
        for signs in find_signs_in_value(caption, has_backslash=True):
            if "\\" not in written or signs.shown in written:
                hint = "take the signs out, or write a backslash before each that is meant"
                self.reader.report_signs(replace(signs, hint=hint), self.locate_node(node))

    def _read_alternative_text(self, image: SyntaxTreeNode) -> str:
        """Return an image's alternative text; only words, stressed or not, can stand in it."""
        words = []
        for part in image.walk(include_self=False):
            match part.type:
                case "text" | "text_special" | "unpaired":
                    words.append(part.content)
                case "softbreak" | "hardbreak":
                    words.append(" ")
                case "em" | "strong":
                    pass  # its words follow
                case _:
                    self._refuse_node(part)
        return "".join(words)

    # --- inlines ----------------------------------------------------------------------

    def _read_inline(self, node: SyntaxTreeNode, source: Address) -> Sequence[Inline]:
        match node.type:
            case "text" | "text_special" | "unpaired":
                return self._read_text(node, source)
            case "softbreak":
                return (Text(self.reader.line_end, source),)
            case "hardbreak":
                return (LineBreak(),)
            case "em":
                return (Emphasis(self.read_inlines(node.children, source)),)
            case "strong":
                return (Strong(self.read_inlines(node.children, source)),)
            case "s":  # refused, and read as before Markdown had it
                sign = Text(node.markup, source)
                return (sign, *self.read_inlines(node.children, source), sign)
            case "link":
                return self._read_link(node, source)
            case "footnote_ref":
                return self._read_footnote(node, source)
            case "comment":
                return self._read_comment(node)
            case _:
                self._refuse_node(node)
                return ()

    def _read_text(self, node: SyntaxTreeNode, source: Address) -> Sequence[Inline]:
        if not self._check_printable(node.content, node):
            return ()
        if undefined := re.search(r"\[\^([^\]\s]+)\]", node.content):
            self._add_error(
                "footnote-undefined",
                f"the footnote `{undefined[1]}` is not defined",
                node,
                f"add a line `[^{undefined[1]}]: …`",
            )
        return (Text(node.content, source),) if node.content else ()

    def _read_comment(self, node: SyntaxTreeNode) -> Sequence[Inline]:
        text = " ".join(node.content.split())
        if not is_closed_comment(text):
            self._add_error(
                "comment-open",
                "a comment that begins with `%%` does not end in its paragraph",
                node,
                "close it with %%, or write \\%% if the words are meant to be printed",
            )
        text = text[2:-2].strip()
        return (
            (Comment(text, str(self.locate_node(node))),) if text and self.reader.comments else ()
        )

    def _check_printable(self, text: str, node: SyntaxTreeNode) -> bool:
        if bad := characters.find_refused_character(text):
            self._add_error("bad-character", f"the text holds {bad}", node)
        return not bad

    def _read_link(self, node: SyntaxTreeNode, source: Address) -> Sequence[Inline]:
        href = str(node.attrs.get("href", ""))
        children = self.read_inlines(node.children, source)
        if not is_outside_link(href):
            self._add_error(
                "link-target",
                f"a link cannot lead to `{href}`",
                node,
                "links lead to https://, http:// or mailto: addresses",
            )
        elif node.attrs.get("title"):
            self._add_error(
                "link-title",
                f"a link's title, `{node.attrs['title']}`, is not printed",
                node,
                "take it out, or write it in the text",
            )
        elif not children:
            self._add_error("link-empty", f"the link to {href} has no words", node)
        return (Link(href, children),)

    def _read_footnote(self, node: SyntaxTreeNode, source: Address) -> Sequence[Inline]:
        label = node.meta.get("label")
        if self.is_in_note:
            self._add_error("footnote-nested", "a footnote cannot hold a footnote", node)
            return ()
        if node.meta.get("subId"):
            self._add_error(
                "footnote-twice",
                f"the footnote `{label}` is referred to twice",
                node,
                "a footnote stands at one place; write a second one",
            )
            return ()
        inside = replace(self, is_in_note=True)
        if label is None:
            return (Footnote(inside._read_inline_note(node, source)),)
        return (
            Footnote(inside._read_nested(self.notes[label], source) if label in self.notes else ()),
        )

    def _read_inline_note(self, node: SyntaxTreeNode, source: Address) -> tuple[Block, ...]:
        """Read a footnote that is written where it hangs, as a paragraph."""
        tokens = self.inline_notes[node.meta["id"]]["tokens"]
        line = self.locate_node(node).line - self.reader.first_line
        words = Token("inline", "", 0, map=[line, line], children=tokens)
        notes = SyntaxTreeNode(self.reader.drop_too_deep([words])).children
        return tuple(Paragraph(self.read_inlines(note.children, source)) for note in notes)

    def _refuse_node(self, node: SyntaxTreeNode) -> None:
        code, what, hint = REFUSED_MARKDOWN.get(
            node.type, ("unsupported-markdown", f"a {node.type.replace('_', ' ')}", None)
        )
        shown = node.content.strip().split("\n")[0][:60] if node.content else ""
        self._add_error(
            code,
            f"{what} cannot stand here" + (f": `{shown}`" if shown else ""),
            node,
            hint,
        )
