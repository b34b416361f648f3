"""The words of an element: text, the elements within a line, and values of the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.diagnostics import Location
from pipeline.document.markdown_nodes import is_outside_link
from pipeline.document.outline import remove_links
from pipeline.document.tree import (
    Block,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    PageNumber,
    Paragraph,
    Reference,
    Span,
    Strong,
    Text,
    to_plain_text,
    walk,
)
from pipeline.document.whitespace import fold_inlines
from pipeline.templating.html_tree import INLINE, Element, ElementReader


@dataclass(frozen=True, slots=True)
class InlineReader:
    """Reads elements as inline nodes, and notes what they refer to."""

    elements: ElementReader
    wanted: list[tuple[str, Location | None]] = field(default_factory=list)
    """The ids that links lead to, each with its place."""

    def read_inlines(self, parent: Element) -> tuple[Inline, ...]:
        """Read the words of an element that is a line or a paragraph."""
        return fold_inlines(self._read_parts(parent))

    def _read_parts(self, parent: Element) -> tuple[Inline, ...]:
        inlines: list[Inline] = []
        for child in parent.children:
            if isinstance(child, Text):
                inlines.append(child)
            elif not isinstance(child, Element):
                inlines.extend(self._unpack_value(child, parent))
            elif child.tag in INLINE:
                inlines.append(self._read_inline(child))
            else:
                self.elements.report_misplaced(child, parent)
        return tuple(inlines)

    def _unpack_value(self, nodes: Sequence[Any], parent: Element) -> Sequence[Inline]:
        """Take a value of the content as it is: words, or a single paragraph of them."""
        match nodes:
            case [Paragraph(children)]:
                return children
            case _ if any(isinstance(node, Block) for node in nodes):
                self.elements.findings.add_error(
                    "misplaced-blocks",
                    f"this value is whole paragraphs, they cannot stand in <{parent.tag}>",
                    parent.at,
                    "print it outside of <p>",
                )
                return ()
            case _:
                return nodes

    def _read_inline(self, element: Element) -> Inline:
        match element.tag:
            case "em":
                return Emphasis(self._read_parts(element))
            case "strong":
                return Strong(self._read_parts(element))
            case "br":
                return LineBreak()
            case "span" if element.attributes.get("class") == "footnote":
                return self._read_footnote(element)
            case "span":
                return Span(self.elements.read_role(element, "span"), self._read_parts(element))
            case "a":
                return self._read_link(element)
            case _:
                raise ValueError(f"<{element.tag}> is no element within a line")

    def _read_footnote(self, element: Element) -> Inline:
        words = self.read_inlines(element)
        if any(isinstance(n, Footnote) for part in words for n in (part, *walk(part))):
            self.elements.findings.add_error(
                "footnote-nested", "a footnote cannot hold a footnote", element.at
            )
        return Footnote((Paragraph(words),))

    def _read_link(self, element: Element) -> Inline:
        href, words = element.attributes.get("href", ""), remove_links(self._read_parts(element))
        for inner in element.iterate_descendants():
            if inner.tag == "a":
                self.elements.report_misplaced(inner, element)
        if href.startswith("#"):
            self.wanted.append((href[1:], element.at))
        elif not is_outside_link(href):
            self.elements.findings.add_error(
                "link-target",
                f"a link cannot lead to `{href}`",
                element.at,
                "links lead to #id, https://, http:// or mailto: addresses",
            )
        if "class" in element.attributes:
            return self._read_page_number(element, href, words)
        if not to_plain_text(words).strip():
            self.elements.findings.add_error(
                "link-empty",
                f"the link to `{href}` has no words",
                element.at,
                'write them, or class="page" for the number of its page',
            )
        return Reference(href[1:], words) if href.startswith("#") else Link(href, words)

    def _read_page_number(self, element: Element, href: str, words: tuple[Inline, ...]) -> Inline:
        if element.attributes["class"] != "page":
            self.elements.findings.add_error(
                "unknown-role",
                f"`{element.attributes['class']}` is not a role of <a>",
                element.at,
                "`page` is the only one: it prints a page's number",
            )
        elif words or not href.startswith("#"):
            self.elements.findings.add_error(
                "misplaced-element",
                "a page number has an #id to lead to, and no words",
                element.at,
                'write it as <a class="page" href="#id"></a>',
            )
        return PageNumber(href[1:])
