"""HTML to Document: reads what a template printed, and refuses what it does not know.

The HTML is the plain semantic kind that templates/README.md lists. Every
element must be closed, known and in a place where it may stand; a class is a
role of ``document.ROLES``. Diagnostics name the template's own line, which
each element carries in ``data-at``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pipeline.diagnostics import Findings, Location, Problems, known_names
from pipeline.document import (
    ROLES,
    Block,
    Box,
    Cell,
    Contents,
    Definition,
    Definitions,
    Document,
    Emphasis,
    Entry,
    Figure,
    Footnote,
    Heading,
    Image,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Meta,
    Node,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
    plain,
    walk,
)
from pipeline.elements import ATTRIBUTES, BLOCK, INLINE, KNOWN, Element, tree
from pipeline.printed import Printed
from pipeline.prose import is_outside_link
from pipeline.spaces import fold_line, folded, folded_block

MOST_NODES: Final = 100_000
MOST_COLUMNS: Final = 24


def compose(
    printed: Printed,
    images: Mapping[str, Image],
    asset: Callable[[str, Location | None], Image],
) -> Document:
    """Make the Document of what a template printed.

    ``images`` are the content's, by name; ``asset`` reads one of the template's
    own and raises Problems when it cannot.
    Raises Problems with every element, attribute, role, id and reference that is
    not known or stands where it may not.
    """
    composing = _Composing(printed, images, asset)
    return composing.document(tree(printed, composing.findings))


class _Composing:
    """One template's output on its way to a Document."""

    def __init__(
        self,
        printed: Printed,
        images: Mapping[str, Image],
        asset: Callable[[str, Location | None], Image],
    ) -> None:
        self.printed = printed
        self.content_images = images
        self.asset = asset
        self.images: dict[str, Image] = {}
        self.findings = Findings()
        self.ids: dict[str, Location | None] = {}
        self.wanted: list[tuple[str, Location | None]] = []
        self.depths: list[int] = []

    def document(self, root: Element) -> Document:
        html = self._only(root, "html")
        head, body = self._only(html, "head"), self._only(html, "body")
        meta = self._meta(html, head)
        children = self._blocks(body)
        self.findings.stop_on_errors()
        children = self._name_headings(children)
        self._check_references()
        document = Document(meta, self._fill_contents(children), self.images)
        nodes = 0
        for nodes, _node in enumerate(walk(document), 1):
            if nodes > MOST_NODES:
                self.findings.error("too-large", f"the brief has more than {MOST_NODES} parts")
                break
        if not nodes:
            self.findings.error("empty-document", "the template printed no words", body.at)
        self.findings.stop_on_errors()
        return document

    def _only(self, parent: Element, tag: str) -> Element:
        for child in parent.children:
            if isinstance(child, Element) and child.tag == tag:
                return child
        self.findings.error(
            "missing-element",
            f"the template printed no <{tag}>",
            parent.at,
            'begin with {% extends "_shared/base.html.j2" %}',
        )
        raise Problems(self.findings)

    def _meta(self, html: Element, head: Element) -> Meta:
        values: dict[str, list[str]] = {}
        names = ("author", "subject", "keyword", "publisher", "date", "running-head")
        for child in self._elements(head, {"title", "meta"}):
            if child.tag == "title":
                values["title"] = [fold_line(self._words(child))]
            elif "charset" not in child.attributes:
                name = child.attributes.get("name", "")
                if name not in names:
                    self.findings.error(
                        "unknown-meta",
                        f"<meta name={name!r}> is not known",
                        child.at,
                        known_names(name, names),
                    )
                values.setdefault(name, []).append(fold_line(child.attributes.get("content", "")))
        if not any(values.get("title", [])):
            self.findings.error("missing-title", "the brief has no <title>", head.at)
        if not html.attributes.get("lang"):
            self.findings.error("missing-language", "<html> has no lang", html.at)

        def one(name: str) -> str:
            return next(iter(values.get(name, [])), "")

        return Meta(
            title=one("title"),
            language=html.attributes.get("lang", ""),
            authors=tuple(filter(None, values.get("author", []))),
            subject=one("subject"),
            keywords=tuple(filter(None, values.get("keyword", []))),
            publisher=one("publisher"),
            date=one("date"),
            running_head=one("running-head"),
        )

    def _words(self, element: Element) -> str:
        return "".join(part.text for part in element.children if isinstance(part, Text))

    # --- reading an element's own side ------------------------------------------------

    def _check(self, element: Element) -> None:
        """Report an element or attribute that is not known."""
        if element.tag not in KNOWN:
            self.findings.error(
                "unknown-element",
                f"<{element.tag}> is not an element of a brief",
                element.at,
                known_names(element.tag, sorted(KNOWN)),
            )
            return
        known = ATTRIBUTES.get(element.tag, frozenset())
        for name in element.attributes:
            if name not in known:
                self.findings.error(
                    "unknown-attribute",
                    f"<{element.tag}> has no attribute `{name}`",
                    element.at,
                    known_names(name, sorted(known)),
                )

    def _role(self, element: Element, kind: str) -> str:
        role = element.attributes.get("class", "")
        if role and role not in ROLES[kind]:
            self.findings.error(
                "unknown-role",
                f"`{role}` is not a role of <{element.tag}>",
                element.at,
                known_names(role, sorted(ROLES[kind])),
            )
        return role

    def _id(self, element: Element) -> str:
        name = element.attributes.get("id", "")
        if not name:
            return ""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._+-]*", name):
            self.findings.error(
                "bad-id",
                f"`{name}` cannot be an id",
                element.at,
                "an id begins with a letter and has letters, digits, . _ + -",
            )
        if name in self.ids:
            self.findings.error("duplicate-id", f"the id `{name}` is used twice", element.at)
        self.ids[name] = element.at
        return name

    def _elements(self, parent: Element, tags: set[str]) -> list[Element]:
        """Give the child elements, which must be of these tags, with no words between."""
        found = []
        for child in parent.children:
            if isinstance(child, Element):
                self._check(child)
                if child.tag in tags:
                    found.append(child)
                elif child.tag in KNOWN:
                    self._misplaced(child, parent)
            else:
                self._no_words(child, parent)
        return found

    def _misplaced(self, child: Element, parent: Element) -> None:
        self.findings.error(
            "misplaced-element",
            f"<{child.tag}> cannot stand in <{parent.tag}>",
            child.at or parent.at,
        )

    def _no_words(self, part: Text | tuple[Node, ...], parent: Element) -> None:
        if isinstance(part, Text) and not part.text.strip():
            return
        words = part.text.strip() if isinstance(part, Text) else "a value"
        self.findings.error(
            "words-outside-paragraph",
            f"“{words[:40]}” stands in <{parent.tag}> without a paragraph",
            parent.at,
            "put words into <p>, a heading, a list item or a cell",
        )

    # --- blocks -----------------------------------------------------------------------

    def _blocks(self, parent: Element) -> tuple[Block, ...]:
        made: list[Block] = []
        for child in parent.children:
            if isinstance(child, Element):
                self._check(child)
                if child.tag in BLOCK:
                    made.extend(self._block(child))
                elif child.tag in KNOWN:
                    self._misplaced(child, parent)
            elif isinstance(child, tuple) and all(_is_block(node) for node in child):
                made.extend(self._given(child))
            else:
                self._no_words(child, parent)
        return tuple(made)

    def _given(self, nodes: Iterable[Any]) -> Iterable[Block]:
        """Take blocks of the content as they are, with the images that they show."""
        for node in nodes:
            for inner in (node, *walk(node)):
                if isinstance(inner, Figure):
                    self.images[inner.image] = self.content_images[inner.image]
            yield folded_block(node)

    def _flow(self, parent: Element) -> tuple[Block, ...]:
        """Read an element that may hold blocks, or just words, which are a paragraph then."""
        blocks = any(
            child.tag in BLOCK
            if isinstance(child, Element)
            else isinstance(child, tuple) and any(_is_block(node) for node in child)
            for child in parent.children
        )
        if blocks:
            return self._blocks(parent)
        inlines = self._inlines(parent)
        return (Paragraph(inlines),) if inlines else ()

    def _block(self, element: Element) -> Sequence[Block]:
        match element.tag:
            case "section":
                return (
                    Section(
                        role=self._role(element, "section"),
                        id=self._id(element),
                        running=fold_line(element.attributes.get("data-running", "")),
                        children=self._blocks(element),
                    ),
                )
            case "h1" | "h2" | "h3" | "h4":
                words = self._inlines(element)
                if not plain(words).strip():
                    self.findings.error("empty-heading", f"<{element.tag}> is empty", element.at)
                return (Heading(int(element.tag[1]), words, self._id(element)),)
            case "p":
                words = self._inlines(element)
                if not words:
                    return ()
                return (Paragraph(words, self._role(element, "paragraph"), self._id(element)),)
            case "ul" | "ol":
                return self._list(element)
            case "blockquote":
                return self._quote(element)
            case "table":
                return self._table(element)
            case "figure":
                return self._figure(element)
            case "aside":
                return (Box(self._blocks(element), self._role(element, "box")),)
            case "dl":
                return self._definitions(element)
            case "nav":
                return self._contents(element)
            case _:
                return (PageBreak(),)

    def _list(self, element: Element) -> Sequence[Block]:
        start = element.attributes.get("start", "1")
        if not start.isdigit():
            self.findings.error("bad-value", f"start cannot be `{start}`", element.at, "a number")
            start = "1"
        items = tuple(
            Item(self._flow(item), self._id(item)) for item in self._elements(element, {"li"})
        )
        if not items:
            self.findings.error("empty-list", f"<{element.tag}> has no <li>", element.at)
        return (List(items, element.tag == "ol", int(start), self._role(element, "list")),)

    def _quote(self, element: Element) -> Sequence[Block]:
        footers = [c for c in element.children if isinstance(c, Element) and c.tag == "footer"]
        attribution = self._inlines(footers[0]) if footers else ()
        element.children = [c for c in element.children if c not in footers]
        return (Quote(self._flow(element), attribution, self._role(element, "quote")),)

    def _table(self, element: Element) -> Sequence[Block]:
        head: list[Row] = []
        body: list[Row] = []
        caption: tuple[Inline, ...] = ()
        for part in self._elements(element, {"caption", "thead", "tbody"}):
            if part.tag == "caption":
                caption = self._inlines(part)
            else:
                rows = [
                    Row(tuple(self._cell(c, part) for c in self._elements(row, {"th", "td"})))
                    for row in self._elements(part, {"tr"})
                ]
                (head if part.tag == "thead" else body).extend(rows)
        widths = {len(row.children) for row in (*head, *body)}
        if not head or not body:
            self.findings.error(
                "table-without-header",
                "a table needs a <thead> and a <tbody> with rows",
                element.at,
            )
        elif len(widths) > 1:
            self.findings.error(
                "uneven-table",
                f"the rows have {sorted(widths)} cells",
                element.at,
                "every row has as many cells as the header",
            )
        elif max(widths) > MOST_COLUMNS:
            self.findings.error("too-large", f"more than {MOST_COLUMNS} columns", element.at)
        return (Table(tuple(head), tuple(body), caption, self._role(element, "table")),)

    def _cell(self, element: Element, part: Element) -> Cell:
        scope: Any = ""
        if element.tag == "th":
            scope = element.attributes.get("scope", "col" if part.tag == "thead" else "row")
            if scope not in ("col", "row"):
                self.findings.error(
                    "bad-value",
                    f"scope cannot be `{scope}`",
                    element.at,
                    known_names(scope, ("col", "row")),
                )
        return Cell(self._inlines(element), scope)

    def _figure(self, element: Element) -> Sequence[Block]:
        parts = self._elements(element, {"img", "figcaption"})
        images = [part for part in parts if part.tag == "img"]
        if len(images) != 1:
            self.findings.error("figure-without-image", "a <figure> holds one <img>", element.at)
            return ()
        source, alt = (images[0].attributes.get(name, "") for name in ("src", "alt"))
        if not alt.strip():
            self.findings.error(
                "image-alt",
                f"the image `{source}` has no alternative text",
                images[0].at,
                'say what it shows: alt="…"',
            )
        try:
            self.images[source] = self.content_images.get(source) or self.asset(
                source, images[0].at
            )
        except Problems as problems:
            self.findings.extend(problems.diagnostics)
        captions = [self._inlines(part) for part in parts if part.tag == "figcaption"]
        return (Figure(source, alt, captions[0] if captions else ()),)

    def _definitions(self, element: Element) -> Sequence[Block]:
        made: list[Definition] = []
        term: tuple[Inline, ...] | None = None
        for part in self._elements(element, {"dt", "dd"}):
            if part.tag == "dt":
                if term is not None:
                    self.findings.error("term-without-definition", "<dt> has no <dd>", part.at)
                term = self._inlines(part)
            elif term is None:
                self.findings.error("definition-without-term", "<dd> has no <dt>", part.at)
            else:
                made.append(Definition(term, self._flow(part)))
                term = None
        if term is not None:
            self.findings.error("term-without-definition", "<dt> has no <dd>", element.at)
        if not made:
            self.findings.error("empty-list", "<dl> has no terms", element.at)
        return (Definitions(tuple(made)),)

    def _contents(self, element: Element) -> Sequence[Block]:
        self._elements(element, set())
        depth = element.attributes.get("data-depth", "2")
        if depth not in ("1", "2", "3"):
            self.findings.error(
                "bad-value", f"data-depth cannot be `{depth}`", element.at, "1 to 3"
            )
            depth = "2"
        self.depths.append(int(depth))
        return (Contents(()),)

    # --- inlines ------------------------------------------------------------------------

    def _inlines(self, parent: Element) -> tuple[Inline, ...]:
        return folded(self._inline_parts(parent))

    def _inline_parts(self, parent: Element) -> list[Inline]:
        made: list[Inline] = []
        for child in parent.children:
            if isinstance(child, Text):
                made.append(child)
            elif isinstance(child, Element):
                self._check(child)
                if child.tag in INLINE:
                    made.extend(self._inline(child))
                elif child.tag in KNOWN:
                    self._misplaced(child, parent)
            else:
                made.extend(self._given_inline(child, parent))
        return made

    def _given_inline(self, nodes: tuple[Any, ...], parent: Element) -> Sequence[Inline]:
        if not any(_is_block(node) for node in nodes):
            return nodes
        if len(nodes) == 1 and isinstance(nodes[0], Paragraph):
            return nodes[0].children
        self.findings.error(
            "misplaced-blocks",
            f"this value is whole paragraphs, they cannot stand in <{parent.tag}>",
            parent.at,
            "print it outside of <p>",
        )
        return ()

    def _inline(self, element: Element) -> Sequence[Inline]:
        match element.tag:
            case "em":
                return (Emphasis(tuple(self._inline_parts(element))),)
            case "strong":
                return (Strong(tuple(self._inline_parts(element))),)
            case "br":
                return (LineBreak(),)
            case "span" if element.attributes.get("class") == "footnote":
                return (Footnote((Paragraph(self._inlines(element)),)),)
            case "span":
                return (Span(self._role(element, "span"), tuple(self._inline_parts(element))),)
            case _:
                return self._link(element)

    def _link(self, element: Element) -> Sequence[Inline]:
        href, words = element.attributes.get("href", ""), tuple(self._inline_parts(element))
        if href.startswith("#"):
            self.wanted.append((href[1:], element.at))
            if element.attributes.get("class") == "page":
                return (PageNumber(href[1:]),)
            return (Reference(href[1:], words),)
        if not is_outside_link(href):
            self.findings.error(
                "link-target",
                f"a link cannot lead to `{href}`",
                element.at,
                "links lead to #id, https://, http:// or mailto: addresses",
            )
        return (Link(href, words),)

    # --- the whole ----------------------------------------------------------------------

    def _name_headings(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Give every heading an id, so that contents and bookmarks can lead to it."""
        count = 0

        def named(block: Block) -> Block:
            nonlocal count
            if isinstance(block, Heading) and not block.id:
                count += 1
                while f"h{count}" in self.ids:
                    count += 1
                self.ids[f"h{count}"] = None
                return replace(block, id=f"h{count}")
            if isinstance(block, Section | Box):
                return replace(block, children=tuple(named(child) for child in block.children))
            return block

        return tuple(named(block) for block in blocks)

    def _check_references(self) -> None:
        for target, at in self.wanted:
            if target not in self.ids:
                self.findings.error(
                    "unknown-reference",
                    f"nothing here has the id `{target}`",
                    at,
                    known_names(target, [name for name in self.ids if self.ids[name]]),
                )

    def _fill_contents(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Give each Contents the headings that come after it."""
        if not self.depths:
            return blocks
        order = [n for block in blocks for n in (block, *walk(block))]
        depths = iter(self.depths)
        filled: dict[int, Contents] = {}
        for index, node in enumerate(order):
            if isinstance(node, Contents):
                deepest = next(depths) + 1
                filled[id(node)] = Contents(
                    tuple(
                        Entry(later.level - 1, later.id, _without_notes(later.children))
                        for later in order[index:]
                        if isinstance(later, Heading) and 2 <= later.level <= deepest
                    )
                )

        def fill(block: Block) -> Block:
            if isinstance(block, Contents):
                return filled[id(block)]
            if isinstance(block, Section | Box):
                return replace(block, children=tuple(fill(child) for child in block.children))
            return block

        return tuple(fill(block) for block in blocks)


def _without_notes(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    return tuple(n for n in nodes if not isinstance(n, Footnote | PageNumber))


def _is_block(node: object) -> bool:
    return isinstance(
        node, Section | Heading | Paragraph | List | Quote | Table | Figure | Box | Definitions
    )
