"""A template's HTML as a tree of elements, strictly closed, each with its template's line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final

from pipeline.diagnostics import Findings, Location, suggest_names
from pipeline.document import characters
from pipeline.document.tree import ROLES, Block, Node, Text
from pipeline.system.limits import DEFAULT_LIMITS
from pipeline.templating.provenance_marks import RenderedHtml

VOID: Final = frozenset({"meta", "br", "hr", "img"})
INLINE: Final = frozenset({"em", "strong", "span", "a", "br"})
FLOW: Final = frozenset({"p", "ul", "ol", "blockquote", "table", "figure", "dl"})
"""What may stand wherever blocks may."""
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4"})
PARTS: Final = FLOW | HEADINGS | {"section", "aside", "nav", "hr"}
HOLDS: Final[Mapping[str, frozenset[str]]] = {
    "body": PARTS,
    "section": PARTS,
    "aside": FLOW | HEADINGS | {"nav"},
    "blockquote": FLOW,
    "li": FLOW,
    "dd": FLOW,
}
"""The blocks that an element may hold."""

ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "html": "lang",
        "head": "",
        "title": "",
        "meta": "name content charset",
        "body": "",
        "section": "class id data-running",
        "h1": "id",
        "h2": "id",
        "h3": "id",
        "h4": "id",
        "p": "class id",
        "ul": "class",
        "ol": "class start",
        "li": "id",
        "blockquote": "class",
        "footer": "",
        "table": "class",
        "caption": "",
        "thead": "",
        "tbody": "",
        "tr": "",
        "th": "scope",
        "td": "",
        "figure": "class",
        "img": "src alt",
        "figcaption": "",
        "aside": "class",
        "dl": "",
        "dt": "",
        "dd": "",
        "nav": "data-depth",
        "hr": "",
        "em": "",
        "strong": "",
        "span": "class",
        "a": "href class",
        "br": "",
    }.items()
}
"""Every element that is known, with its attributes."""


@dataclass(slots=True)
class Element:
    """An element of the template's output, with the template's own line."""

    tag: str
    attributes: dict[str, str]
    at: Location | None
    children: list[Element | Text | tuple[Node, ...]] = field(default_factory=list)

    def iterate_descendants(self) -> Iterator[Element]:
        """Yield every element inside this one."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.iterate_descendants()


class _TreeBuilder(HTMLParser):
    """Builds the element tree; reports what is not known and what is not closed."""

    def __init__(self, rendered: RenderedHtml, findings: Findings, most_depth: int) -> None:
        super().__init__(convert_charrefs=True)
        self.rendered = rendered
        self.findings = findings
        self.most_depth = most_depth
        self.root = Element("", {}, None)
        self.open = [self.root]

    def set_cdata_mode(self, elem: str, **_: bool) -> None:
        """Read no element's text, not even a title's, otherwise than another's."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = next((_parse_place(value or "") for name, value in attrs if name == "data-at"), None)
        at = at or self.open[-1].at
        own = [(name, value or "") for name, value in attrs if name != "data-at"]
        element = Element(tag, self._read_attributes(tag, own, at), at)
        self.open[-1].children.append(element)
        if len(self.open) > self.most_depth:
            self.findings.add_error(
                "too-deep", f"more than {self.most_depth} elements in each other", at
            )
            self.findings.stop_on_errors()
        if tag not in VOID:
            self.open.append(element)

    def _read_attributes(
        self, tag: str, written: Iterable[tuple[str, str]], at: Location | None
    ) -> dict[str, str]:
        if tag not in ATTRIBUTES:
            self.findings.add_error(
                "unknown-element",
                f"<{tag}> is not an element of a brief",
                at,
                suggest_names(tag, sorted(ATTRIBUTES)),
            )
            return {}
        attributes: dict[str, str] = {}
        for name, value in written:
            if name in attributes:
                self.findings.add_error("duplicate-attribute", f"`{name}` is written twice", at)
            elif name not in ATTRIBUTES[tag]:
                self.findings.add_error(
                    "unknown-attribute",
                    f"<{tag}> has no attribute `{name}`",
                    at,
                    suggest_names(name, sorted(ATTRIBUTES[tag])),
                )
            attributes[name] = self.rendered.strip_marks(value)
            if bad := characters.find_refused_character(attributes[name]):
                self.findings.add_error("bad-character", f"`{name}` holds {bad}", at)
        return attributes

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        inner = self.open[-1]
        if inner.tag != tag:
            if tag not in [element.tag for element in self.open]:
                self.findings.add_error("not-opened", f"</{tag}> closes nothing here", inner.at)
                return
            self.findings.add_error("not-closed", f"<{inner.tag}> is not closed", inner.at)
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for part in self.rendered.split_values(data):
            if isinstance(part, Text) and (bad := characters.find_refused_character(part.text)):
                self.findings.add_error("bad-character", f"the text holds {bad}", self.open[-1].at)
            else:
                if isinstance(part, Text) and part.source is None:
                    part = replace(part, at=str(self.open[-1].at or ""))
                self.open[-1].children.append(part)

    def handle_decl(self, decl: str) -> None:
        if decl.split() not in (["DOCTYPE", "html"], ["doctype", "html"]):
            self._refuse(f"<!{decl}")

    def handle_comment(self, data: str) -> None:
        self._refuse(f"<!--{data}", "a comment in a template is `{# … #}`")

    def handle_pi(self, data: str) -> None:
        self._refuse(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self._refuse(f"<![{data}")

    def _refuse(self, written: str, hint: str | None = None) -> None:
        shown = " ".join(self.rendered.strip_marks(written).split())[:40]
        self.findings.add_error(
            "unknown-element", f"`{shown}` cannot stand here", self.open[-1].at, hint
        )


def build_tree(
    rendered: RenderedHtml, findings: Findings, most_depth: int = DEFAULT_LIMITS.templates.depth
) -> Element:
    """Build the element tree of a template's output, under a root without a tag."""
    builder = _TreeBuilder(rendered, findings, most_depth)
    builder.feed(rendered.html)
    builder.close()
    for element in builder.open[1:]:
        findings.add_error("not-closed", f"<{element.tag}> is not closed", element.at)
    return builder.root


def _parse_place(value: str) -> Location | None:
    found = re.fullmatch(r"(.+):([0-9]{1,9})", value, re.DOTALL)
    return Location(found[1], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class ElementReader:
    """Reads an element's children and attributes, and reports what may not stand there."""

    findings: Findings

    def list_elements(self, parent: Element, *tags: str) -> list[Element]:
        """Return the child elements, which must be of these tags, with no words between."""
        found = []
        for child in parent.children:
            if not isinstance(child, Element):
                self.report_stray(child, parent)
            elif child.tag in tags:
                found.append(child)
            else:
                self.report_misplaced(child, parent)
        return found

    def get_single(self, found: Iterable[Element], tag: str) -> Element | None:
        """Return the element of this tag; it stands once."""
        of_tag = [element for element in found if element.tag == tag]
        for other in of_tag[1:]:
            self.findings.add_error("duplicate-element", f"<{tag}> is written twice", other.at)
        return of_tag[0] if of_tag else None

    def report_misplaced(self, child: Element, parent: Element) -> None:
        """Report an element that may not stand in another; unknown ones are reported already."""
        if child.tag in ATTRIBUTES:
            self.findings.add_error(
                "misplaced-element",
                f"<{child.tag}> cannot stand {_describe_place(parent)}",
                child.at or parent.at,
            )

    def report_stray(self, part: Text | tuple[Node, ...], parent: Element) -> None:
        """Report words that no paragraph holds; white space is none."""
        words = part.text.strip() if isinstance(part, Text) else "a value" if part else ""
        if words:
            self.findings.add_error(
                "words-outside-paragraph",
                f"“{words[:40]}” stands {_describe_place(parent)} without a paragraph",
                parent.at,
                "put words into <p>, a heading, a list item or a cell",
            )

    def read_role(self, element: Element, kind: str) -> str:
        """Return an element's class, which is a role of its kind."""
        role = element.attributes.get("class", "")
        if role and role not in ROLES[kind]:
            self.findings.add_error(
                "unknown-role",
                f"`{role}` is not a role of <{element.tag}>",
                element.at,
                suggest_names(role, sorted(ROLES[kind])),
            )
        return role

    def read_attribute(
        self, element: Element, name: str, default: str, pattern: str, meaning: str
    ) -> str:
        """Return an attribute's value, which must be of a pattern."""
        value = element.attributes.get(name, default)
        if re.fullmatch(pattern, value):
            return value
        self.findings.add_error(
            "bad-value", f"`{name}` of <{element.tag}> cannot be `{value}`", element.at, meaning
        )
        return default


def holds_blocks(child: Element | Text | tuple[Node, ...]) -> bool:
    """Return whether a child is a block, or a value that has some."""
    if isinstance(child, Element):
        return child.tag in PARTS
    return isinstance(child, tuple) and any(isinstance(node, Block) for node in child)


def _describe_place(parent: Element) -> str:
    return f"in <{parent.tag}>" if parent.tag else "outside of <html>"
