"""A template's HTML as a tree of elements, strictly closed, each with its template's line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from pipeline import characters
from pipeline.diagnostics import Findings, Location
from pipeline.document import Node, Text
from pipeline.printed import Printed

MOST_DEPTH: Final = 40

VOID: Final = frozenset({"meta", "br", "hr", "img"})
INLINE: Final = frozenset({"em", "strong", "span", "a", "br"})
BLOCK: Final = frozenset(
    {"section", "h1", "h2", "h3", "h4", "p", "ul", "ol", "blockquote", "table", "figure"}
    | {"aside", "dl", "nav", "hr"}
)
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "html": frozenset({"lang"}),
    "meta": frozenset({"name", "content", "charset"}),
    "section": frozenset({"class", "id", "data-running"}),
    "h1": frozenset({"id"}),
    "h2": frozenset({"id"}),
    "h3": frozenset({"id"}),
    "h4": frozenset({"id"}),
    "p": frozenset({"class", "id"}),
    "ul": frozenset({"class"}),
    "ol": frozenset({"class", "start"}),
    "li": frozenset({"id"}),
    "blockquote": frozenset({"class"}),
    "table": frozenset({"class"}),
    "th": frozenset({"scope"}),
    "img": frozenset({"src", "alt"}),
    "aside": frozenset({"class"}),
    "dl": frozenset({"class"}),
    "nav": frozenset({"data-depth"}),
    "span": frozenset({"class"}),
    "a": frozenset({"href", "class"}),
}
KNOWN: Final = frozenset(
    {*INLINE, *BLOCK, *ATTRIBUTES}
    | {"html", "head", "title", "body", "li", "footer", "caption", "thead", "tbody", "tr", "th"}
    | {"td", "figcaption", "dt", "dd"}
)


@dataclass(slots=True)
class Element:
    """An element of the template's output, with the template's own line."""

    tag: str
    attributes: dict[str, str]
    at: Location | None
    children: list[Element | Text | tuple[Node, ...]] = field(default_factory=list)


class _Builder(HTMLParser):
    """Builds the element tree, and reports what is not closed."""

    def __init__(self, printed: Printed, findings: Findings) -> None:
        super().__init__(convert_charrefs=True)
        self.printed = printed
        self.findings = findings
        self.root = Element("", {}, None)
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = next((_place(value or "") for name, value in attrs if name == "data-at"), None)
        at = at or self.open[-1].at
        attributes: dict[str, str] = {}
        for name, value in attrs:
            if name in attributes:
                self.findings.error("duplicate-attribute", f"`{name}` is written twice", at)
            if name != "data-at":
                attributes[name] = self.printed.unmarked(value or "")
        element = Element(tag, attributes, at)
        self.open[-1].children.append(element)
        if len(self.open) > MOST_DEPTH:
            self.findings.error("too-deep", f"more than {MOST_DEPTH} elements in each other", at)
            self.findings.stop_on_errors()
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open[-1].tag == tag:
            self.open.pop()
            return
        inner = self.open[-1]
        names = [element.tag for element in self.open]
        if tag in names:
            self.findings.error("not-closed", f"<{inner.tag}> is not closed", inner.at)
            while self.open.pop().tag != tag:
                pass
        else:
            self.findings.error("not-opened", f"</{tag}> closes nothing here", inner.at)

    def handle_data(self, data: str) -> None:
        for part in self.printed.split(data):
            if isinstance(part, Text) and (bad := characters.refused(part.text)):
                self.findings.error("bad-character", f"the text holds {bad}", self.open[-1].at)
                continue
            self.open[-1].children.append(part)

    def unknown_decl(self, data: str) -> None:
        self.findings.error("unknown-element", f"<![{data[:20]} cannot stand here", None)


def tree(printed: Printed, findings: Findings) -> Element:
    """Build the element tree of what a template printed, under a root without a tag."""
    builder = _Builder(printed, findings)
    builder.feed(printed.html)
    builder.close()
    for element in builder.open[1:]:
        findings.error("not-closed", f"<{element.tag}> is not closed", element.at)
    return builder.root


def _place(value: str) -> Location | None:
    file, _, line = value.rpartition(":")
    return Location(file, int(line)) if line.isdigit() else None
