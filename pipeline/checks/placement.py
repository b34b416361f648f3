"""Where the nodes of a Document stand on the pages that a brief came to.

Read off WeasyPrint's boxes after layout. Nothing is judged here: ``layout_checks`` does that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pipeline.diagnostics import Location
from pipeline.document.tree import (
    Address,
    Cell,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    Item,
    Node,
    Paragraph,
    Quote,
    Row,
    Section,
    Text,
    iterate_parts,
    walk,
)
from pipeline.render.engine import LayoutBox, boxes

Element: TypeAlias = Any  # of the HTML, as lxml or ElementTree has it

TOUCH: Final = 1.0
"""How many CSS pixels words may stand out of their box: letters overhang a little."""
_LABELS: Final = frozenset({"number", "name", "affiliation", "box-title"})
"""Roles of paragraphs that head what follows, as headings do."""
_TAGS: Final = {
    **{f"h{level}": (Heading,) for level in range(1, 5)},
    **{"p": (Paragraph,), "section": (Section,), "blockquote": (Quote,), "li": (Item, Entry)},
    **{"tr": (Row,), "td": (Cell,), "th": (Cell,), "figure": (Figure,)},
}
"""The elements that ``render.html`` writes for the nodes that are looked for on the pages."""
_ELEMENTS: Final = tuple({kind for kinds in _TAGS.values() for kind in kinds})


@dataclass(frozen=True, slots=True, eq=False)
class PlacedNode:
    """A node, and how many of its lines stand on each page."""

    node: Node
    lines: Mapping[int, int]

    @property
    def first(self) -> int:
        """Its first page; 0 for a node without a line."""
        return min(self.lines, default=0)

    @property
    def last(self) -> int:
        """Its last page."""
        return max(self.lines, default=0)

    @property
    def is_label(self) -> bool:
        """Whether it heads what follows it."""
        return isinstance(self.node, Heading) or (
            isinstance(self.node, Paragraph) and self.node.role in _LABELS
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The pages of a brief, and where on them its nodes stand."""

    brief: str
    document: Document
    places: Mapping[Address, Location]
    """Where the content was written."""
    nodes: Sequence[PlacedNode]
    """In reading order."""
    overflows: Sequence[tuple[PlacedNode, int]]
    """Whose words run out of their box, and on which page that is seen first."""
    page_count: int
    last_page_use: float
    """How much of the last page's height is used: 1 is all of it."""

    def locate(self, node: Node) -> Location | None:
        """Return where a node was written: itself, or the first of its words that was."""
        return _locate_node(node, self.places)


@dataclass(frozen=True, slots=True)
class _BoxOnPage:
    """A box, with what it stands in."""

    box: LayoutBox
    page: int
    block: LayoutBox
    """The box whose content it may not leave."""
    around: tuple[Element, ...]
    """The elements of nodes that it is in, from the outermost."""


def read_placement(
    laid: Any, document: Document, places: Mapping[Address, Location], brief: str
) -> Placement:
    """Read where the nodes of a Document stand, of the pages that ``render.pdf`` laid out."""
    nodes = _match_nodes(laid, document)
    lines: dict[Element, dict[int, int]] = {element: defaultdict(int) for element in nodes}
    overflows: dict[Element, int] = {}
    bottom = 0.0
    for found in _iterate_boxes(laid, nodes):
        if isinstance(found.box, boxes.LineBox | boxes.ReplacedBox):
            for element in found.around:
                lines[element][found.page] += 1
            if found.page == len(laid.pages):
                bottom = max(bottom, found.box.position_y + found.box.height)
        if _is_overflowing(found.box, found.block):
            for owner in _list_owners(found, nodes, places)[:1]:
                overflows.setdefault(owner, found.page)
    placed = {element: PlacedNode(node, dict(lines[element])) for element, node in nodes.items()}
    sheet = laid.pages[-1]._page_box
    return Placement(
        brief=brief,
        document=document,
        places=places,
        nodes=tuple(placed.values()),
        overflows=tuple((placed[element], page) for element, page in overflows.items()),
        page_count=len(laid.pages),
        last_page_use=(bottom - sheet.content_box_y()) / sheet.height,
    )


def _match_nodes(laid: Any, document: Document) -> Mapping[Element, Node]:
    """Return the nodes by their HTML element, in reading order.

    Raises ValueError where the HTML is not in the order of the Document.
    """
    root = laid.pages[0]._page_box.children[0].element
    elements = [element for element in root.iter() if element.tag in _TAGS]
    nodes = dict(zip(elements, _list_element_nodes(document), strict=True))
    for element, node in nodes.items():
        if not isinstance(node, _TAGS[element.tag]):
            raise ValueError(f"<{element.tag}> stands for a {type(node).__name__} of the Document")
    return nodes


def _list_element_nodes(node: Node | Document) -> Iterator[Node]:
    """Yield the nodes that have an element of their own, in its order; notes have none."""
    for part in iterate_parts(node):
        if not isinstance(part, Footnote):
            if isinstance(part, _ELEMENTS):
                yield part
            yield from _list_element_nodes(part)


def _iterate_boxes(laid: Any, nodes: Mapping[Element, Node]) -> Iterator[_BoxOnPage]:
    """Yield the boxes of all pages but those of words, each before what it holds."""
    for number, page in enumerate(laid.pages, 1):
        sheet = page._page_box
        waiting = [
            _BoxOnPage(child, number, sheet, ())
            for child in reversed(sheet.children)
            if not isinstance(child, boxes.MarginBox | boxes.FootnoteAreaBox)
        ]
        while waiting:
            found = _enter_box(waiting.pop(), nodes)
            if isinstance(found.box, boxes.TextBox):
                continue
            yield found
            is_block = isinstance(found.box, boxes.BlockBox | boxes.TableCellBox)
            block = found.box if is_block and not found.box.is_table_wrapper else found.block
            waiting += [
                _BoxOnPage(child, number, block, found.around)
                for child in reversed(getattr(found.box, "children", ()))
            ]


def _enter_box(outer: _BoxOnPage, nodes: Mapping[Element, Node]) -> _BoxOnPage:
    """Take a box out of its placeholder, and count its own element among those around it."""
    box: LayoutBox = getattr(outer.box, "_box", outer.box)  # a list's number has a placeholder
    is_inner = box.element in nodes and box.element not in outer.around
    around = (*outer.around, box.element) if is_inner else outer.around
    return _BoxOnPage(box, outer.page, outer.block, around)


def _is_overflowing(box: LayoutBox, block: LayoutBox) -> bool:
    """Return whether a line or a table is wider than what it stands in, or a line too low."""
    right, bottom = block.content_box_x() + block.width, block.content_box_y() + block.height
    if isinstance(box, boxes.TableBox):
        return bool(box.border_box_x() + box.border_width() > right + TOUCH)
    if not isinstance(box, boxes.LineBox):
        return False
    texts = [part for part in box.children if isinstance(part, boxes.TextBox | boxes.InlineBox)]
    edge = max((part.position_x + part.width for part in texts), default=0.0)
    return bool(edge > right + TOUCH or box.position_y + box.height > bottom + TOUCH)


def _list_owners(
    found: _BoxOnPage, nodes: Mapping[Element, Node], places: Mapping[Address, Location]
) -> Sequence[Element]:
    """Return whose words may be meant, first those that were written in the content.

    They are of what a box stands in, or of a table's cells.
    """
    inside = [box.element for box in found.box.descendants() if box.element in nodes]
    owners = [*inside, *reversed(found.around)]
    return sorted(owners, key=lambda owner: _locate_node(nodes[owner], places) is None)


def _locate_node(node: Node, places: Mapping[Address, Location]) -> Location | None:
    if isinstance(node, Section) and (at := places.get(Address(f"article.md#{node.id}"))):
        return at
    sources = (part.source for part in walk(node) if isinstance(part, Text) and part.source)
    return next(filter(None, map(places.get, sources)), None)
