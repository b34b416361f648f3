"""What the parts of a brief are called, and the things in them, in a list of changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.document.tree import (
    Box,
    Cell,
    Definition,
    Document,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Row,
    Section,
    Span,
    Text,
    name_kind,
    to_full_text,
    to_plain_text,
    walk,
)

_FIRST: Final = "First page"
_NAMED: Final = re.compile(r"#(?:[\w-]+\.)*([\w-]+)\.name$")
_IN_LIST: Final = re.compile(r"\.\d+(?=\.|$)")
_PLACES: Final = {"house.yaml": "The house"}
"""What is called by its file."""
_WORDS: Final = {
    "bottom-line": "bottom line",
    "box-title": "heading",
    "cell": "table cell",
    "definition": "entry",
    "evidence": "quotation",
    "figure": "picture",
    "footnote": "note",
    "item": "list item",
    "lead": "",
    "note": "",
    "plain": "",
    "pull": "pull quote",
    "quote": "quotation",
    "row": "table row",
}
"""What kinds and roles are called if not by their names; nothing where the kind says more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the parts that it is in."""

    parts: tuple[str, ...] = ()
    item: str = ""
    """What an item of the list, or a line of the box, is called."""
    is_counted: bool = False
    """Whether the brief decides what stands here, and in which order: as it cites its sources."""

    def write(self) -> str:
        """Return the place in words."""
        return ", ".join(self.parts) or _FIRST

    def enter(self, node: Any) -> Place:
        """Return the place of what is inside a node."""
        match node:
            case Section():
                return replace(self.enter_part(node), item="")
            case List(role=role):
                own = role.removesuffix("s") if role not in ("", "plain") else "list item"
                return replace(self, item=own, is_counted=role == "sources")
            case Box(role=role):
                return replace(self.enter_part(node), item=_WORDS.get(role, role))
            case Quote(role=role):
                return replace(self, item=_WORDS.get(role) or "quotation")
            case Definition(term=term):
                return replace(self, parts=(*self.parts, _fold(to_plain_text(term))), item="entry")
            case Row():
                return self.enter_part(node)
            case _:
                return self

    def enter_part(self, node: Any) -> Place:
        """Return the place that a node itself is, if it has a name."""
        label = _find_label(node)
        return replace(self, parts=(*self.parts, label)) if label else self

    def find_value(self, source: str, what: str, names: Mapping[str, str]) -> tuple[Place, str]:
        """Return where a value belongs, and what it is: a person's is that person's."""
        file, _, key = source.partition("#")
        steps = [step for step in key.split(".") if not step.isdigit()]
        whose = next((names[step] for step in steps if step in names), "")
        if file in _PLACES:
            return Place((_PLACES[file],)), steps[-1].replace("_", " ")
        if file == "article.md" and whose and steps[0] in ("experts", "authors"):
            return Place((whose,)), steps[-1].replace("_", " ")
        if file == "summary.yaml" and whose and whose not in self.parts:
            return replace(self, parts=(*self.parts, whose)), what
        return self, what


def name_node(node: Any, place: Place, name: str) -> str:
    """Return what kind of thing a node is, or one of its fields that holds words."""
    if name in ("caption", "term", "attribution"):
        return name
    role = getattr(node, "role", "")
    if isinstance(node, Heading):
        return "title" if node.level == 1 else "question" if _find_number(node) else "heading"
    if isinstance(node, Item):
        return place.item or "list item"
    if isinstance(node, Paragraph) and place.item and role in ("", "lead"):
        return place.item
    own = _WORDS.get(role, role)
    kind = name_kind(node)
    return (own or _WORDS.get(kind, kind)).replace("-", " ")


def label_node(node: Any) -> str:
    """Return what a node is called: its heading, or its first words."""
    if label := _find_label(node):
        return label
    lines = (
        to_plain_text(n.children) for n in (node, *walk(node)) if isinstance(n, Paragraph | Cell)
    )
    words = next(lines, to_full_text((node,))).split()
    return f"“{' '.join(words[:6])}{' […]' if len(words) > 6 else ''}”"


def _find_label(node: Any) -> str:
    if isinstance(node, Section):
        heading = next((n for n in node.children if isinstance(n, Heading)), None)
        if heading is not None and (number := _find_number(heading)):
            return f"Question {number}"
        title = _fold(to_plain_text(heading.children)) if heading is not None else _find_title(node)
        return title or node.role.capitalize()
    if isinstance(node, Box):
        return _find_title(node)
    if isinstance(node, Row):
        head = next((c for c in node.children if c.scope == "row"), None)
        return _fold(to_plain_text(head.children)) if head else ""
    return ""


def _find_title(node: Section | Box) -> str:
    titles = (
        to_plain_text(n.children)
        for n in node.children
        if isinstance(n, Paragraph) and n.role == "box-title"
    )
    return _fold(next(titles, ""))


def _find_number(heading: Heading) -> str:
    numbers = (n for n in walk(heading) if isinstance(n, Span) and n.role == "number")
    return next((to_plain_text(n.children) for n in numbers), "")


def _fold(text: str) -> str:
    return " ".join(text.split())


def list_names(document: Document) -> dict[str, str]:
    """Return the names that people have in a brief, by their ids."""
    texts = (n for n in walk(document) if isinstance(n, Text) and n.source)
    return {match[1]: text.text for text in texts if (match := _NAMED.search(str(text.source)))}


def drop_places(source: str) -> str:
    """Return an address without the places in lists, which change as others come and go."""
    return _IN_LIST.sub("", source)


def is_copy_of(sources: Sequence[str], other: str) -> bool:
    """Whether a value quotes another: its address is that of the answer which holds the words."""
    return any(
        other.startswith(f"{own}.") and other[len(own) + 1 :][:1].isdigit() for own in sources
    )
