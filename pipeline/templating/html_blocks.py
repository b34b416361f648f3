"""The blocks of a template's HTML: sections, paragraphs, lists, tables, values of the content."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipeline.diagnostics import Location
from pipeline.document.tree import (
    Block,
    Box,
    Cell,
    Contents,
    Definition,
    Definitions,
    Figure,
    Heading,
    Image,
    Inline,
    Item,
    List,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    to_plain_text,
    walk,
)
from pipeline.document.whitespace import fold_block, fold_line
from pipeline.system.limits import DEFAULT_LIMITS
from pipeline.templating.html_inlines import InlineReader
from pipeline.templating.html_tree import HOLDS, Element, ElementReader, holds_blocks
from pipeline.templating.speaker_names import find_wrong_name, is_all_names


@dataclass(frozen=True, slots=True)
class BlockReader:
    """Reads elements as blocks, and notes their ids and the images that they show."""

    elements: ElementReader
    inlines: InlineReader
    content_images: Mapping[str, Image]
    """The content's images, by name."""
    asset: Callable[[str, Location | None], Image]
    """Reads one of the template's own images; raises Problems when it cannot."""
    experts: Collection[str] = ()
    """The ids of those who answer, for words that stand under another's name."""
    most_columns: int = DEFAULT_LIMITS.templates.columns
    """How many columns a table may have."""
    images: dict[str, Image] = field(default_factory=dict)
    """The images that are shown."""
    ids: dict[str, Location | None] = field(default_factory=dict)
    """The ids that elements have, each with its place."""
    depths: list[int] = field(default_factory=list)
    """How many levels each of the contents lists, in order."""

    def _read_id(self, element: Element) -> str:
        name = element.attributes.get("id", "")
        if not name:
            return ""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._+-]*", name):
            self.elements.findings.add_error(
                "bad-id",
                f"`{name}` cannot be an id",
                element.at,
                "an id begins with a letter and has letters, digits, . _ + -",
            )
        if name in self.ids:
            first = self.ids[name]
            self.elements.findings.add_error(
                "duplicate-id",
                f"the id `{name}` is used twice",
                element.at,
                f"the first one is at {first}" if first else None,
            )
        self.ids.setdefault(name, element.at)
        return name

    def read_blocks(self, parent: Element) -> tuple[Block, ...]:
        """Read the blocks of an element that holds nothing else."""
        blocks: list[Block] = []
        for child in parent.children:
            if isinstance(child, Element):
                if child.tag in HOLDS[parent.tag]:
                    blocks.extend(self._read_block(child))
                else:
                    self.elements.report_misplaced(child, parent)
            elif holds_blocks(child) and isinstance(child, tuple):
                blocks.extend(self._unpack_blocks(child))
            else:
                self.elements.report_stray(child, parent)
        return tuple(blocks)

    def _unpack_blocks(self, nodes: Iterable[Any]) -> Iterable[Block]:
        """Take blocks of the content as they are, with the images that they show."""
        for node in nodes:
            for inner in (node, *walk(node)):
                if isinstance(inner, Figure):
                    self.images[inner.image] = self.content_images[inner.image]
            yield fold_block(node)

    def _read_flow(self, parent: Element) -> tuple[Block, ...]:
        """Read an element that may hold blocks, or just words, which are a paragraph then."""
        if any(map(holds_blocks, parent.children)):
            return self.read_blocks(parent)
        words = self.inlines.read_inlines(parent)
        return (Paragraph(words),) if words else ()

    def _read_block(self, element: Element) -> Sequence[Block]:
        return _READERS[element.tag](self, element)

    def _read_section(self, element: Element) -> Sequence[Block]:
        section = Section(
            role=self.elements.read_role(element, "section"),
            id=self._read_id(element),
            running=fold_line(element.attributes.get("data-running", "")),
            children=self.read_blocks(element),
        )
        for number, child in enumerate(section.children, 1):
            if isinstance(child, Heading) and is_all_names(child.children):
                self._check_name(child.children, section.children[number:], element)
        return (section,)

    def _check_name(
        self, label: Sequence[Inline], words: Sequence[Block], element: Element
    ) -> None:
        """Report words that stand under the name of someone who did not say them."""
        if wrong := find_wrong_name(label, words, self.experts):
            self.elements.findings.add_error(
                "wrong-name",
                f"“{wrong.words}” stands under the name {wrong.name}, who did not say it",
                element.at,
                "print the name of whoever is among the answer's `speakers`",
            )

    def _read_paragraph(self, element: Element) -> Sequence[Block]:
        words = self.inlines.read_inlines(element)
        if not words:
            return ()
        return (
            Paragraph(words, self.elements.read_role(element, "paragraph"), self._read_id(element)),
        )

    def _read_box(self, element: Element) -> Sequence[Block]:
        return (Box(self.read_blocks(element), self.elements.read_role(element, "box")),)

    def _read_page_break(self, _: Element) -> Sequence[Block]:
        return (PageBreak(),)

    def _read_heading(self, element: Element) -> Sequence[Block]:
        words = self.inlines.read_inlines(element)
        if not to_plain_text(words).strip():
            self.elements.findings.add_error(
                "empty-heading", f"<{element.tag}> is empty", element.at
            )
        return (Heading(int(element.tag[1]), words, self._read_id(element)),)

    def _read_list(self, element: Element) -> Sequence[Block]:
        start = self.elements.read_attribute(element, "start", "1", "[0-9]{1,6}", "a whole number")
        items = tuple(
            Item(self._read_flow(item), self._read_id(item))
            for item in self.elements.list_elements(element, "li")
        )
        if not items:
            self.elements.findings.add_error(
                "empty-list", f"<{element.tag}> has no <li>", element.at
            )
        return (
            List(items, element.tag == "ol", int(start), self.elements.read_role(element, "list")),
        )

    def _read_quote(self, element: Element) -> Sequence[Block]:
        footers = [c for c in element.children if isinstance(c, Element) and c.tag == "footer"]
        footer = self.elements.get_single(footers, "footer")
        quoted = replace(element, children=[c for c in element.children if c not in footers])
        attribution = self.inlines.read_inlines(footer) if footer else ()
        words = self._read_flow(quoted)
        self._check_name(attribution, words, element)
        return (Quote(words, attribution, self.elements.read_role(element, "quote")),)

    def _read_table(self, element: Element) -> Sequence[Block]:
        parts = self.elements.list_elements(element, "caption", "thead", "tbody")
        ranks = [("caption", "thead", "tbody").index(part.tag) for part in parts]
        if ranks != sorted(ranks):
            self.elements.findings.add_error(
                "misplaced-element",
                "the parts of a table are a <caption>, a <thead> and a <tbody>, in this order",
                element.at,
            )
        caption = self.elements.get_single(parts, "caption")
        head, body = (
            tuple(row for part in parts if part.tag == tag for row in self._read_rows(part))
            for tag in ("thead", "tbody")
        )
        self._check_widths(element, head, body)
        words = self.inlines.read_inlines(caption) if caption else ()
        return (Table(head, body, words, self.elements.read_role(element, "table")),)

    def _check_widths(self, element: Element, head: Sequence[Row], body: Sequence[Row]) -> None:
        widths = {len(row.children) for row in (*head, *body)}
        if not head or not body:
            self.elements.findings.add_error(
                "table-without-header",
                "a table needs a <thead> and a <tbody> with rows",
                element.at,
            )
        elif len(widths) > 1:
            self.elements.findings.add_error(
                "uneven-table",
                f"the rows have {' and '.join(map(str, sorted(widths)))} cells",
                element.at,
                "every row has as many cells as the header",
            )
        elif not 1 <= max(widths) <= self.most_columns:
            self.elements.findings.add_error(
                "too-large", f"a table has 1 to {self.most_columns} columns", element.at
            )

    def _read_rows(self, part: Element) -> Iterable[Row]:
        for row in self.elements.list_elements(part, "tr"):
            yield Row(
                tuple(
                    self._read_cell(cell, part)
                    for cell in self.elements.list_elements(row, "th", "td")
                )
            )

    def _read_cell(self, element: Element, part: Element) -> Cell:
        scope: Any = ""
        if element.tag == "th":
            default = "col" if part.tag == "thead" else "row"
            scope = self.elements.read_attribute(
                element, "scope", default, "col|row", "`col` or `row`"
            )
        return Cell(self.inlines.read_inlines(element), scope)

    def _read_figure(self, element: Element) -> Sequence[Block]:
        parts = self.elements.list_elements(element, "img", "figcaption")
        image, caption = (
            self.elements.get_single(parts, "img"),
            self.elements.get_single(parts, "figcaption"),
        )
        if image is None:
            self.elements.findings.add_error(
                "figure-without-image", "a <figure> holds an <img>", element.at
            )
            return ()
        source, alt = (image.attributes.get(name, "") for name in ("src", "alt"))
        if not alt.strip():
            self.elements.findings.add_error(
                "image-alt",
                f"the image `{source}` has no alternative text",
                image.at,
                'say what it shows: alt="…"',
            )
        with self.elements.findings.collecting():
            self.images[source] = self.content_images.get(source) or self.asset(source, image.at)
        words = self.inlines.read_inlines(caption) if caption else ()
        return (Figure(source, alt, words, self.elements.read_role(element, "figure")),)

    def _read_definitions(self, element: Element) -> Sequence[Block]:
        definitions: list[Definition] = []
        term: tuple[Inline, ...] | None = None
        for part in self.elements.list_elements(element, "dt", "dd"):
            if part.tag == "dt":
                if term is not None:
                    self.elements.findings.add_error(
                        "term-without-definition", "<dt> has no <dd>", part.at
                    )
                term = self.inlines.read_inlines(part)
            elif term is None:
                self.elements.findings.add_error(
                    "definition-without-term", "<dd> has no <dt>", part.at
                )
            else:
                definitions.append(Definition(term, self._read_flow(part)))
                if is_all_names(term):
                    self._check_name(term, definitions[-1].children, part)
                term = None
        if term is not None:
            self.elements.findings.add_error(
                "term-without-definition", "<dt> has no <dd>", element.at
            )
        if not definitions:
            self.elements.findings.add_error("empty-list", "<dl> has no terms", element.at)
        return (Definitions(tuple(definitions)),)

    def _read_contents(self, element: Element) -> Sequence[Block]:
        self.elements.list_elements(element)
        self.depths.append(
            int(self.elements.read_attribute(element, "data-depth", "2", "[123]", "1 to 3"))
        )
        return (Contents(()),)


_Reader = Callable[[BlockReader, Element], Sequence[Block]]
_READERS: Final[Mapping[str, _Reader]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4"), BlockReader._read_heading),
    **dict.fromkeys(("ul", "ol"), BlockReader._read_list),
    "section": BlockReader._read_section,
    "p": BlockReader._read_paragraph,
    "blockquote": BlockReader._read_quote,
    "table": BlockReader._read_table,
    "figure": BlockReader._read_figure,
    "aside": BlockReader._read_box,
    "dl": BlockReader._read_definitions,
    "nav": BlockReader._read_contents,
    "hr": BlockReader._read_page_break,
}
"""What reads each element that is a block."""
