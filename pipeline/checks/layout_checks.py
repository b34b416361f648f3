"""How the pages of a brief come out, told where their words were written.

The brief is set as for a screen, and nothing is written. What cannot be read is an error of
``render.preflight``, as in a build; this looks for what can be read and looks bad.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipeline.build.typeset import Brief
from pipeline.checks.check_table import make_finding
from pipeline.content.quotes import fold_whitespace, is_verbatim_in
from pipeline.diagnostics import Diagnostic, Findings, Location
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
    Table,
    Text,
    iterate_parts,
    to_full_text,
    walk,
)
from pipeline.render import page_checks, pdf
from pipeline.render.contract import RenderOptions
from pipeline.render.engine import LayoutBox, boxes

TOUCH: Final = 1.0
"""How many CSS pixels words may stand out of their box: letters overhang a little."""
LEAST_FULL: Final = 0.25
"""How much of the last page's height is used."""
MOST_PAGES: Final = 2
"""How many pages an answer may stand on."""
_LABELS: Final = frozenset({"number", "name", "affiliation", "box-title"})
"""Roles of paragraphs that head what follows, as headings do."""
_TAGS: Final = {
    **{f"h{level}": (Heading,) for level in range(1, 5)},
    **{"p": (Paragraph,), "section": (Section,), "blockquote": (Quote,), "li": (Item, Entry)},
    **{"tr": (Row,), "td": (Cell,), "th": (Cell,), "figure": (Figure,)},
}
"""The elements that ``render.html`` writes for the nodes that are looked for on the pages."""
_LEAVES: Final = (Heading, Paragraph, Cell, Entry, Figure)


def check_layout(brief: Brief) -> Iterator[Diagnostic]:
    """Set a brief and look at its pages. Raises Problems when it cannot be set."""
    findings = Findings()
    look = replace(brief.options, profile="screen")
    with pdf.lay_out_pages(brief.document, look, findings) as laid:
        pages = pdf.read_anchor_pages(laid)
        findings.extend(page_checks.check_pages(laid, pages, brief.document, look))
        findings.extend(_Pages(laid, brief.document, look, brief.name).find_faults())
    yield from findings


@dataclass(slots=True, eq=False)
class _PlacedNode:
    """A node, and how many of its lines stand on each page."""

    node: Node
    lines: dict[int, int] = field(default_factory=lambda: defaultdict(int))

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


class _Pages:
    """The pages of one brief, and where on them the Document's nodes stand."""

    def __init__(self, laid: Any, document: Document, look: RenderOptions, name: str) -> None:
        self.document, self.look, self.name = document, look, name
        self.count = len(laid.pages)
        self.sheet = laid.pages[-1]._page_box
        self.bottom = 0.0  # of what stands lowest on the last page, in CSS pixels
        self.wide: dict[_PlacedNode, int] = {}
        """Whose words run out of their box, and on which page."""
        root = laid.pages[0]._page_box.children[0].element
        elements = (element for element in root.iter() if element.tag in _TAGS)
        self.placed: dict[Any, _PlacedNode] = {}
        """Nodes by their HTML element, in reading order."""
        for element, node in zip(elements, _list_element_nodes(document), strict=True):
            assert isinstance(node, _TAGS[element.tag]), "HTML is written in the Document's order"
            self.placed[element] = _PlacedNode(node)
        for number, page in enumerate(laid.pages, 1):
            for child in page._page_box.children:
                if not isinstance(child, boxes.MarginBox | boxes.FootnoteAreaBox):
                    self.walk(child, number, page._page_box, ())

    # --- reading the boxes ----------------------------------------------------------------

    def walk(
        self, box: LayoutBox, page: int, block: LayoutBox, around: tuple[_PlacedNode, ...]
    ) -> None:
        """Count lines; ``block`` is the box that a box stands in, ``around`` are the nodes."""
        box = getattr(box, "_box", box)  # a list's number is a placeholder with a box in it
        if isinstance(box, boxes.TextBox):
            return
        own = self.placed.get(box.element)
        if own and own not in around:
            around = (*around, own)
        if isinstance(box, boxes.LineBox | boxes.ReplacedBox):
            self.count_line(box, page, around)
        if _is_overflowing(box, block):
            self.record_overflow(box, page, around)
        if isinstance(box, boxes.BlockBox | boxes.TableCellBox) and not box.is_table_wrapper:
            block = box
        for child in getattr(box, "children", ()):
            self.walk(child, page, block, around)

    def count_line(self, box: LayoutBox, page: int, around: tuple[_PlacedNode, ...]) -> None:
        for placed in around:
            placed.lines[page] += 1
        if page == self.count:
            self.bottom = max(self.bottom, box.position_y + box.height)

    def record_overflow(self, box: LayoutBox, page: int, around: tuple[_PlacedNode, ...]) -> None:
        """Note whose words run out: those of what a box stands in, or of a table's cells."""
        inside = [self.placed[b.element] for b in box.descendants() if b.element in self.placed]
        owners = [*inside, *reversed(around)]
        if owners:
            told = next((owner for owner in owners if self.locate_node(owner.node)), owners[0])
            self.wide.setdefault(told, page)

    # --- looking at what was read ---------------------------------------------------------

    def find_faults(self) -> Iterator[Diagnostic]:
        """Look for everything, each kind in reading order."""
        for placed, page in self.wide.items():
            yield self.report_finding(
                "overflow",
                placed,
                page,
                f"“{_shorten_words(placed.node)}” runs out of its box",
                "give it more room in print.css, or take a shorter word or line",
            )
        yield from self.check_headings()
        yield from self.check_lines()
        yield from self.check_answers()
        yield from self.check_rows()
        yield from self.check_last_page()

    def report_finding(
        self, code: str, placed: _PlacedNode, page: int, message: str, hint: str | None = None
    ) -> Diagnostic:
        where = f"`{self.name}`, page {page}"
        return make_finding(code, f"{where}: {message}", self.locate_node(placed.node), hint)

    def locate_node(self, node: Node) -> Location | None:
        """Give where a node was written: itself, or the first of its words that was."""
        if isinstance(node, Section) and (at := self.look_up_address(f"article.md#{node.id}")):
            return at
        texts = (part for part in walk(node) if isinstance(part, Text) and part.source)
        return next(filter(None, (self.look_up_address(text.source) for text in texts)), None)

    def look_up_address(self, address: str | None) -> Location | None:
        return self.look.places.get(Address(address or ""))

    def check_headings(self) -> Iterator[Diagnostic]:
        """Find what heads words that begin on a later page, below words of its own page."""
        leaves = [p for p in self.placed.values() if isinstance(p.node, _LEAVES) and p.lines]
        with_words = {page for leaf in leaves if not leaf.is_label for page in leaf.lines}
        following: _PlacedNode | None = None
        stranded: list[tuple[_PlacedNode, _PlacedNode]] = []
        for leaf in reversed(leaves):
            if not leaf.is_label:
                following = leaf
            elif isinstance(leaf.node, Heading) and following and leaf.last in with_words:
                stranded += [(leaf, following)] if following.first > leaf.last else []
        for leaf, headed in reversed(stranded):
            place = headed if self.locate_node(headed.node) else leaf
            yield self.report_finding(
                "stranded-heading",
                place,
                leaf.last,
                f"the heading “{_shorten_words(leaf.node)}” stands without what it heads",
                "`break-after: avoid` keeps them together, in print.css",
            )

    def check_lines(self) -> Iterator[Diagnostic]:
        """Find single lines of a paragraph (CSS Fragmentation 3 §3.3)."""
        for placed in self.placed.values():
            if isinstance(placed.node, Paragraph) and placed.first < placed.last:
                for code, page, which in (
                    ("orphan", placed.first, "first"),
                    ("widow", placed.last, "last"),
                ):
                    if placed.lines[page] == 1:
                        yield self.report_finding(
                            code,
                            placed,
                            page,
                            f"the {which} line of “{_shorten_words(placed.node)}” stands alone",
                            "`orphans: 2; widows: 2` in print.css keep two together",
                        )

    def check_answers(self) -> Iterator[Diagnostic]:
        """Find answers on many pages, and pull quotes that no page beside shows the answer to."""
        answers = [p for p in self.placed.values() if _has_role(p.node, Section, "answer")]
        for answer in answers:
            if len(answer.lines) > MOST_PAGES:
                yield self.report_finding(
                    "split-answer",
                    answer,
                    answer.first,
                    f"the answer stands on {len(answer.lines)} pages",
                    "a brief by expert or by question gives it more room",
                )
        texts = [
            (answer, fold_whitespace(to_full_text(iterate_parts(answer.node))))
            for answer in answers
        ]
        for quote in self.placed.values():
            if _has_role(quote.node, Quote, "pull"):
                said = to_full_text(iterate_parts(quote.node)).strip(" “”„«»\u00a0")
                sources = [answer for answer, text in texts if is_verbatim_in(said, text)]
                shown = {_compute_spread(page) for answer in sources for page in answer.lines}
                if sources and _compute_spread(quote.first) not in shown:
                    yield self.report_finding(
                        "far-quote",
                        quote,
                        quote.first,
                        f"“{said[:40]}” is quoted far from its answer, "
                        f"which begins on page {sources[0].first}",
                        "quote from an answer nearby, in summary.yaml",
                    )

    def check_rows(self) -> Iterator[Diagnostic]:
        """Find rows that are cut; a head that is printed again on the next page is not."""
        heads = {
            id(row) for node in walk(self.document) if isinstance(node, Table) for row in node.head
        }
        for placed in self.placed.values():
            is_row = isinstance(placed.node, Row) and id(placed.node) not in heads
            if is_row and placed.first < placed.last:
                yield self.report_finding(
                    "cut-row",
                    placed,
                    placed.first,
                    f"the table row “{_shorten_words(placed.node)}” is cut",
                    "`tr { break-inside: avoid }` in print.css keeps it whole",
                )

    def check_last_page(self) -> Iterator[Diagnostic]:
        """Find a last page that hardly begins."""
        used = (self.bottom - self.sheet.content_box_y()) / self.sheet.height
        if self.count > 1 and used < LEAST_FULL:
            on_it = [p for p in self.placed.values() if self.count in p.lines]
            told = next((p for p in on_it if self.locate_node(p.node)), on_it[0] if on_it else None)
            if told:
                yield self.report_finding(
                    "short-last-page",
                    told,
                    self.count,
                    f"the last page is {max(0, round(100 * used))} % full",
                    "a line or two less, or a little less space, saves a page",
                )


def _list_element_nodes(node: Node | Document) -> Iterator[Node]:
    """Give the nodes that have an element of their own, in its order; notes have none."""
    for part in iterate_parts(node):
        if not isinstance(part, Footnote):
            if isinstance(part, _ELEMENTS):
                yield part
            yield from _list_element_nodes(part)


_ELEMENTS: Final = tuple({kind for kinds in _TAGS.values() for kind in kinds})


def _is_overflowing(box: LayoutBox, block: LayoutBox) -> bool:
    """Tell whether a line or a table is wider than what it stands in, or a line too low."""
    right, bottom = block.content_box_x() + block.width, block.content_box_y() + block.height
    if isinstance(box, boxes.TableBox):
        return bool(box.border_box_x() + box.border_width() > right + TOUCH)
    if not isinstance(box, boxes.LineBox):
        return False
    texts = [part for part in box.children if isinstance(part, boxes.TextBox | boxes.InlineBox)]
    edge = max((part.position_x + part.width for part in texts), default=0.0)
    return bool(edge > right + TOUCH or box.position_y + box.height > bottom + TOUCH)


def _has_role(node: Node, kind: type[Section] | type[Quote], role: str) -> bool:
    return isinstance(node, kind) and node.role == role


def _compute_spread(page: int) -> int:
    """Give the number of the opened pages that a page is one of; the first lies by itself."""
    return page // 2


def _shorten_words(node: Node) -> str:
    """Give a node's first words."""
    text = " ".join(to_full_text((node,)).split())
    return text if len(text) <= 40 else f"{text[:40].rstrip()}…"
