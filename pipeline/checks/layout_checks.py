"""How the pages of a brief come out, told where their words were written.

The brief is set as for a screen, and nothing is written. What cannot be read is an error of
``render.preflight``, as in a build; this looks for what can be read and looks bad.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from pipeline.build.typeset import Brief
from pipeline.checks.check_table import found
from pipeline.content.quotes import fold, stands_in
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
    parts,
    walk,
    words,
)
from pipeline.render import page_checks, pdf
from pipeline.render.contract import Look
from pipeline.render.engine import boxes

Box: TypeAlias = Any  # of weasyprint.formatting_structure.boxes, after layout

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


def check(brief: Brief) -> Iterator[Diagnostic]:
    """Set a brief and look at its pages. Raises Problems when it cannot be set."""
    findings = Findings()
    look = replace(brief.look, profile="screen")
    with pdf.laid_out(brief.document, look, findings) as laid:
        pages = pdf.anchors(laid)
        findings.extend(page_checks.faults(laid, pages, brief.document, look))
        findings.extend(_Pages(laid, brief.document, look, brief.name).faults())
    yield from findings


@dataclass(slots=True, eq=False)
class _Placed:
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

    def __init__(self, laid: Any, document: Document, look: Look, name: str) -> None:
        self.document, self.look, self.name = document, look, name
        self.count = len(laid.pages)
        self.sheet = laid.pages[-1]._page_box
        self.bottom = 0.0  # of what stands lowest on the last page, in CSS pixels
        self.wide: dict[_Placed, int] = {}
        """Whose words run out of their box, and on which page."""
        root = laid.pages[0]._page_box.children[0].element
        elements = (element for element in root.iter() if element.tag in _TAGS)
        self.placed: dict[Any, _Placed] = {}
        """Nodes by their HTML element, in reading order."""
        for element, node in zip(elements, _nodes(document), strict=True):
            assert isinstance(node, _TAGS[element.tag]), "HTML is written in the Document's order"
            self.placed[element] = _Placed(node)
        for number, page in enumerate(laid.pages, 1):
            for child in page._page_box.children:
                if not isinstance(child, boxes.MarginBox | boxes.FootnoteAreaBox):
                    self.walk(child, number, page._page_box, ())

    # --- reading the boxes ----------------------------------------------------------------

    def walk(self, box: Box, page: int, block: Box, around: tuple[_Placed, ...]) -> None:
        """Count lines; ``block`` is the box that a box stands in, ``around`` are the nodes."""
        box = getattr(box, "_box", box)  # a list's number is a placeholder with a box in it
        if isinstance(box, boxes.TextBox):
            return
        own = self.placed.get(box.element)
        if own and own not in around:
            around = (*around, own)
        if isinstance(box, boxes.LineBox | boxes.ReplacedBox):
            self.count_line(box, page, around)
        if _runs_out(box, block):
            self.note_wide(box, page, around)
        if isinstance(box, boxes.BlockBox | boxes.TableCellBox) and not box.is_table_wrapper:
            block = box
        for child in getattr(box, "children", ()):
            self.walk(child, page, block, around)

    def count_line(self, box: Box, page: int, around: tuple[_Placed, ...]) -> None:
        for placed in around:
            placed.lines[page] += 1
        if page == self.count:
            self.bottom = max(self.bottom, box.position_y + box.height)

    def note_wide(self, box: Box, page: int, around: tuple[_Placed, ...]) -> None:
        """Note whose words run out: those of what a box stands in, or of a table's cells."""
        inside = [self.placed[b.element] for b in box.descendants() if b.element in self.placed]
        owners = [*inside, *reversed(around)]
        if owners:
            told = next((owner for owner in owners if self.place(owner.node)), owners[0])
            self.wide.setdefault(told, page)

    # --- looking at what was read ---------------------------------------------------------

    def faults(self) -> Iterator[Diagnostic]:
        """Look for everything, each kind in reading order."""
        for placed, page in self.wide.items():
            yield self.found(
                "overflow",
                placed,
                page,
                f"“{_shown(placed.node)}” runs out of its box",
                "give it more room in print.css, or take a shorter word or line",
            )
        yield from self.stranded()
        yield from self.lines()
        yield from self.answers()
        yield from self.rows()
        yield from self.ending()

    def found(
        self, code: str, placed: _Placed, page: int, message: str, hint: str | None = None
    ) -> Diagnostic:
        where = f"`{self.name}`, page {page}"
        return found(code, f"{where}: {message}", self.place(placed.node), hint)

    def place(self, node: Node) -> Location | None:
        """Give where a node was written: itself, or the first of its words that was."""
        if isinstance(node, Section) and (at := self.address(f"article.md#{node.id}")):
            return at
        texts = (part for part in walk(node) if isinstance(part, Text) and part.source)
        return next(filter(None, (self.address(text.source) for text in texts)), None)

    def address(self, address: str | None) -> Location | None:
        return self.look.places.get(Address(address or ""))

    def stranded(self) -> Iterator[Diagnostic]:
        """Find what heads words that begin on a later page, below words of its own page."""
        leaves = [p for p in self.placed.values() if isinstance(p.node, _LEAVES) and p.lines]
        with_words = {page for leaf in leaves if not leaf.is_label for page in leaf.lines}
        following: _Placed | None = None
        stranded: list[tuple[_Placed, _Placed]] = []
        for leaf in reversed(leaves):
            if not leaf.is_label:
                following = leaf
            elif isinstance(leaf.node, Heading) and following and leaf.last in with_words:
                stranded += [(leaf, following)] if following.first > leaf.last else []
        for leaf, headed in reversed(stranded):
            place = headed if self.place(headed.node) else leaf
            yield self.found(
                "stranded-heading",
                place,
                leaf.last,
                f"the heading “{_shown(leaf.node)}” stands without what it heads",
                "`break-after: avoid` keeps them together, in print.css",
            )

    def lines(self) -> Iterator[Diagnostic]:
        """Find single lines of a paragraph (CSS Fragmentation 3 §3.3)."""
        for placed in self.placed.values():
            if isinstance(placed.node, Paragraph) and placed.first < placed.last:
                for code, page, which in (
                    ("orphan", placed.first, "first"),
                    ("widow", placed.last, "last"),
                ):
                    if placed.lines[page] == 1:
                        yield self.found(
                            code,
                            placed,
                            page,
                            f"the {which} line of “{_shown(placed.node)}” stands alone",
                            "`orphans: 2; widows: 2` in print.css keep two together",
                        )

    def answers(self) -> Iterator[Diagnostic]:
        """Find answers on many pages, and pull quotes that no page beside shows the answer to."""
        answers = [p for p in self.placed.values() if _has_role(p.node, Section, "answer")]
        for answer in answers:
            if len(answer.lines) > MOST_PAGES:
                yield self.found(
                    "split-answer",
                    answer,
                    answer.first,
                    f"the answer stands on {len(answer.lines)} pages",
                    "a brief by expert or by question gives it more room",
                )
        texts = [(answer, fold(words(parts(answer.node)))) for answer in answers]
        for quote in self.placed.values():
            if _has_role(quote.node, Quote, "pull"):
                said = words(parts(quote.node)).strip(" “”„«»\u00a0")
                sources = [answer for answer, text in texts if stands_in(said, text)]
                shown = {_spread(page) for answer in sources for page in answer.lines}
                if sources and _spread(quote.first) not in shown:
                    yield self.found(
                        "far-quote",
                        quote,
                        quote.first,
                        f"“{said[:40]}” is quoted far from its answer, "
                        f"which begins on page {sources[0].first}",
                        "quote from an answer nearby, in summary.yaml",
                    )

    def rows(self) -> Iterator[Diagnostic]:
        """Find rows that are cut; a head that is printed again on the next page is not."""
        heads = {
            id(row) for node in walk(self.document) if isinstance(node, Table) for row in node.head
        }
        for placed in self.placed.values():
            is_row = isinstance(placed.node, Row) and id(placed.node) not in heads
            if is_row and placed.first < placed.last:
                yield self.found(
                    "cut-row",
                    placed,
                    placed.first,
                    f"the table row “{_shown(placed.node)}” is cut",
                    "`tr { break-inside: avoid }` in print.css keeps it whole",
                )

    def ending(self) -> Iterator[Diagnostic]:
        """Find a last page that hardly begins."""
        used = (self.bottom - self.sheet.content_box_y()) / self.sheet.height
        if self.count > 1 and used < LEAST_FULL:
            on_it = [p for p in self.placed.values() if self.count in p.lines]
            told = next((p for p in on_it if self.place(p.node)), on_it[0] if on_it else None)
            if told:
                yield self.found(
                    "short-last-page",
                    told,
                    self.count,
                    f"the last page is {max(0, round(100 * used))} % full",
                    "a line or two less, or a little less space, saves a page",
                )


def _nodes(node: Node | Document) -> Iterator[Node]:
    """Give the nodes that have an element of their own, in its order; notes have none."""
    for part in parts(node):
        if not isinstance(part, Footnote):
            if isinstance(part, _ELEMENTS):
                yield part
            yield from _nodes(part)


_ELEMENTS: Final = tuple({kind for kinds in _TAGS.values() for kind in kinds})


def _runs_out(box: Box, block: Box) -> bool:
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


def _spread(page: int) -> int:
    """Give the number of the opened pages that a page is one of; the first lies by itself."""
    return page // 2


def _shown(node: Node) -> str:
    """Give a node's first words."""
    text = " ".join(words((node,)).split())
    return text if len(text) <= 40 else f"{text[:40].rstrip()}…"
