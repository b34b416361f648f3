"""HTML to Document: reads what a template printed, and refuses what it does not know.

The HTML is the plain semantic kind that templates/README.md lists. Every
element must be closed, known and in a place where it may stand; a class is a
role of ``document.ROLES``. Diagnostics name the template's own line, which
each element carries in ``data-at``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pipeline.content.model import LANGUAGE
from pipeline.diagnostics import Findings, Location, Problems, suggest_names
from pipeline.document.outline import add_heading_ids, fill_contents
from pipeline.document.tree import (
    Block,
    Box,
    Cell,
    Contents,
    Definition,
    Definitions,
    Document,
    Figure,
    Heading,
    Image,
    Inline,
    Item,
    List,
    Meta,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Text,
    to_full_text,
    to_plain_text,
    walk,
)
from pipeline.document.whitespace import fold_block, fold_line
from pipeline.templating.html_inlines import InlineReader
from pipeline.templating.html_tree import HOLDS, Element, build_tree, holds_blocks
from pipeline.templating.provenance_marks import RenderedHtml

MOST_NODES: Final = 100_000
MOST_COLUMNS: Final = 24
META: Final = ("author", "subject", "keyword", "publisher", "date", "running-head")
SEVERAL: Final = ("author", "keyword")
"""What may be said more than once."""


def compose(
    printed: RenderedHtml,
    images: Mapping[str, Image],
    asset: Callable[[str, Location | None], Image],
) -> Document:
    """Make the Document of what a template printed.

    ``images`` are the content's, by name; ``asset`` reads one of the template's
    own and raises Problems when it cannot.
    Raises Problems with every element, attribute, role, id and reference that is
    not known or stands where it may not.
    """
    findings = Findings()
    return _Composer(findings, images, asset).compose_document(build_tree(printed, findings))


class _Composer(InlineReader):
    """One template's output on its way to a Document."""

    def __init__(
        self,
        findings: Findings,
        images: Mapping[str, Image],
        asset: Callable[[str, Location | None], Image],
    ) -> None:
        super().__init__(findings)
        self.content_images = images
        self.asset = asset
        self.images: dict[str, Image] = {}
        self.ids: dict[str, Location | None] = {}
        self.depths: list[int] = []

    # --- the whole ----------------------------------------------------------------------

    def compose_document(self, root: Element) -> Document:
        html = self._require_element("html", self.list_elements(root, "html"), root)
        parts = self.list_elements(html, "head", "body")
        head, body = (self._require_element(tag, parts, html) for tag in ("head", "body"))
        meta = self._read_meta(html, head)
        blocks = self._read_blocks(body)
        self._check_references()
        self.findings.stop_on_errors()
        blocks = fill_contents(add_heading_ids(blocks, self.ids), self.depths)
        document = Document(meta, blocks, self.images)
        size = sum(1 for _ in walk(document))
        if size > MOST_NODES:
            self.findings.add_error("too-large", f"the brief has more than {MOST_NODES:,} parts")
        elif not size:
            self.findings.add_error("empty-document", "the template printed no words", body.at)
        self.findings.stop_on_errors()
        return document

    def _require_element(self, tag: str, found: Iterable[Element], parent: Element) -> Element:
        part = self.get_single(found, tag)
        if part is None:
            self.findings.add_error(
                "missing-element",
                f"the template printed no <{tag}>",
                parent.at,
                'begin with {% extends "_shared/base.html.j2" %}',
            )
            raise Problems(self.findings)
        return part

    def _check_references(self) -> None:
        for target, at in self.wanted:
            if target not in self.ids:
                self.findings.add_error(
                    "unknown-reference",
                    f"nothing here has the id `{target}`",
                    at,
                    suggest_names(target, self.ids),
                )

    # --- what the file says of itself ---------------------------------------------------

    def _read_meta(self, html: Element, head: Element) -> Meta:
        parts = self.list_elements(head, "title", "meta")
        title = self._read_title(head, self.get_single(parts, "title"))
        language = self._read_attribute(html, "lang", "", LANGUAGE.regex, LANGUAGE.meaning)
        said: dict[str, list[str]] = {name: [] for name in META}
        for part in parts:
            if part.tag == "meta" and "charset" not in part.attributes:
                self._note_meta(part, said)
        return Meta(
            title=title,
            language=language,
            authors=tuple(said["author"]),
            subject="".join(said["subject"]),
            keywords=tuple(said["keyword"]),
            publisher="".join(said["publisher"]),
            date="".join(said["date"]),
            running_head="".join(said["running-head"]),
        )

    def _read_title(self, head: Element, title: Element | None) -> str:
        parts: list[str] = []
        for child in title.children if title else ():
            if isinstance(child, Element):
                self.report_misplaced(child, title or head)
            else:
                parts.append(child.text if isinstance(child, Text) else to_full_text(child))
        written = fold_line("".join(parts))
        if not written:
            self.findings.add_error("missing-title", "the brief has no <title>", head.at)
        return written

    def _note_meta(self, meta: Element, said: dict[str, list[str]]) -> None:
        name = meta.attributes.get("name", "")
        content = fold_line(meta.attributes.get("content", ""))
        if name not in said:
            self.findings.add_error(
                "unknown-meta",
                f'<meta name="{name}"> is not known',
                meta.at,
                suggest_names(name, META),
            )
        elif said[name] and name not in SEVERAL:
            self.findings.add_error(
                "duplicate-element", f'<meta name="{name}"> is written twice', meta.at
            )
        elif name == "date" and content and not _is_day(content):
            self.findings.add_error(
                "bad-value",
                f"the date cannot be `{content}`",
                meta.at,
                "YYYY-MM-DD, as in {{ article.date.isoformat() }}",
            )
        elif content:
            said[name].append(content)

    # --- an element's own side ----------------------------------------------------------

    def _read_attribute(
        self, element: Element, name: str, default: str, pattern: str, says: str
    ) -> str:
        """Give an attribute's value, which must be of a pattern."""
        value = element.attributes.get(name, default)
        if re.fullmatch(pattern, value):
            return value
        self.findings.add_error(
            "bad-value", f"`{name}` of <{element.tag}> cannot be `{value}`", element.at, says
        )
        return default

    def _read_id(self, element: Element) -> str:
        name = element.attributes.get("id", "")
        if not name:
            return ""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._+-]*", name):
            self.findings.add_error(
                "bad-id",
                f"`{name}` cannot be an id",
                element.at,
                "an id begins with a letter and has letters, digits, . _ + -",
            )
        if name in self.ids:
            first = self.ids[name]
            self.findings.add_error(
                "duplicate-id",
                f"the id `{name}` is used twice",
                element.at,
                f"the first one is at {first}" if first else None,
            )
        self.ids.setdefault(name, element.at)
        return name

    # --- blocks -------------------------------------------------------------------------

    def _read_blocks(self, parent: Element) -> tuple[Block, ...]:
        made: list[Block] = []
        for child in parent.children:
            if isinstance(child, Element):
                if child.tag in HOLDS[parent.tag]:
                    made.extend(self._read_block(child))
                else:
                    self.report_misplaced(child, parent)
            elif holds_blocks(child) and isinstance(child, tuple):
                made.extend(self._unpack_blocks(child))
            else:
                self.report_stray(child, parent)
        return tuple(made)

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
            return self._read_blocks(parent)
        words = self.read_inlines(parent)
        return (Paragraph(words),) if words else ()

    def _read_block(self, element: Element) -> Sequence[Block]:
        match element.tag:
            case "section":
                return (
                    Section(
                        role=self.read_role(element, "section"),
                        id=self._read_id(element),
                        running=fold_line(element.attributes.get("data-running", "")),
                        children=self._read_blocks(element),
                    ),
                )
            case "h1" | "h2" | "h3" | "h4":
                return (self._read_heading(element),)
            case "p":
                words = self.read_inlines(element)
                if not words:
                    return ()
                return (
                    Paragraph(words, self.read_role(element, "paragraph"), self._read_id(element)),
                )
            case "ul" | "ol":
                return (self._read_list(element),)
            case "blockquote":
                return (self._read_quote(element),)
            case "table":
                return (self._read_table(element),)
            case "figure":
                return self._read_figure(element)
            case "aside":
                return (Box(self._read_blocks(element), self.read_role(element, "box")),)
            case "dl":
                return (self._read_definitions(element),)
            case "nav":
                return (self._read_contents(element),)
            case _:
                return (PageBreak(),)

    def _read_heading(self, element: Element) -> Heading:
        words = self.read_inlines(element)
        if not to_plain_text(words).strip():
            self.findings.add_error("empty-heading", f"<{element.tag}> is empty", element.at)
        return Heading(int(element.tag[1]), words, self._read_id(element))

    def _read_list(self, element: Element) -> List:
        start = self._read_attribute(element, "start", "1", "[0-9]{1,6}", "a whole number")
        items = tuple(
            Item(self._read_flow(item), self._read_id(item))
            for item in self.list_elements(element, "li")
        )
        if not items:
            self.findings.add_error("empty-list", f"<{element.tag}> has no <li>", element.at)
        return List(items, element.tag == "ol", int(start), self.read_role(element, "list"))

    def _read_quote(self, element: Element) -> Quote:
        footers = [c for c in element.children if isinstance(c, Element) and c.tag == "footer"]
        footer = self.get_single(footers, "footer")
        quoted = replace(element, children=[c for c in element.children if c not in footers])
        return Quote(
            self._read_flow(quoted),
            self.read_inlines(footer) if footer else (),
            self.read_role(element, "quote"),
        )

    def _read_table(self, element: Element) -> Table:
        parts = self.list_elements(element, "caption", "thead", "tbody")
        order = [("caption", "thead", "tbody").index(part.tag) for part in parts]
        if order != sorted(order):
            self.findings.add_error(
                "misplaced-element",
                "the parts of a table are a <caption>, a <thead> and a <tbody>, in this order",
                element.at,
            )
        caption = self.get_single(parts, "caption")
        head, body = (
            tuple(row for part in parts if part.tag == tag for row in self._read_rows(part))
            for tag in ("thead", "tbody")
        )
        widths = {len(row.children) for row in (*head, *body)}
        if not head or not body:
            self.findings.add_error(
                "table-without-header",
                "a table needs a <thead> and a <tbody> with rows",
                element.at,
            )
        elif len(widths) > 1:
            self.findings.add_error(
                "uneven-table",
                f"the rows have {' and '.join(map(str, sorted(widths)))} cells",
                element.at,
                "every row has as many cells as the header",
            )
        elif not 1 <= max(widths) <= MOST_COLUMNS:
            self.findings.add_error(
                "too-large", f"a table has 1 to {MOST_COLUMNS} columns", element.at
            )
        return Table(
            head,
            body,
            self.read_inlines(caption) if caption else (),
            self.read_role(element, "table"),
        )

    def _read_rows(self, part: Element) -> Iterable[Row]:
        for row in self.list_elements(part, "tr"):
            yield Row(
                tuple(self._read_cell(cell, part) for cell in self.list_elements(row, "th", "td"))
            )

    def _read_cell(self, element: Element, part: Element) -> Cell:
        scope: Any = ""
        if element.tag == "th":
            default = "col" if part.tag == "thead" else "row"
            scope = self._read_attribute(element, "scope", default, "col|row", "`col` or `row`")
        return Cell(self.read_inlines(element), scope)

    def _read_figure(self, element: Element) -> Sequence[Block]:
        parts = self.list_elements(element, "img", "figcaption")
        image, caption = self.get_single(parts, "img"), self.get_single(parts, "figcaption")
        if image is None:
            self.findings.add_error("figure-without-image", "a <figure> holds an <img>", element.at)
            return ()
        source, alt = (image.attributes.get(name, "") for name in ("src", "alt"))
        if not alt.strip():
            self.findings.add_error(
                "image-alt",
                f"the image `{source}` has no alternative text",
                image.at,
                'say what it shows: alt="…"',
            )
        with self.findings.collecting():
            self.images[source] = self.content_images.get(source) or self.asset(source, image.at)
        return (Figure(source, alt, self.read_inlines(caption) if caption else ()),)

    def _read_definitions(self, element: Element) -> Definitions:
        made: list[Definition] = []
        term: tuple[Inline, ...] | None = None
        for part in self.list_elements(element, "dt", "dd"):
            if part.tag == "dt":
                if term is not None:
                    self.findings.add_error("term-without-definition", "<dt> has no <dd>", part.at)
                term = self.read_inlines(part)
            elif term is None:
                self.findings.add_error("definition-without-term", "<dd> has no <dt>", part.at)
            else:
                made.append(Definition(term, self._read_flow(part)))
                term = None
        if term is not None:
            self.findings.add_error("term-without-definition", "<dt> has no <dd>", element.at)
        if not made:
            self.findings.add_error("empty-list", "<dl> has no terms", element.at)
        return Definitions(tuple(made))

    def _read_contents(self, element: Element) -> Contents:
        self.list_elements(element)
        self.depths.append(int(self._read_attribute(element, "data-depth", "2", "[123]", "1 to 3")))
        return Contents(())


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
