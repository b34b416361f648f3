"""The Document: what a brief says, in order, before any format has seen it.

A small frozen tree. Templates are composed into it, and every renderer reads it
and nothing else, so all formats hold the same words. It shares meaning, not
layout: roles name what a thing is in the field's own words, and the theme and
the renderers decide what that looks like.

The module imports nothing of ours. Nodes are frozen, compare by value and are
written out as canonical JSON by ``to_json``.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, Literal, NewType, TypeAlias, assert_never, cast

Address = NewType("Address", str)
"""Where a printed value was written: ``file#key``, such as ``article.md#q1.ciglic.2``."""

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "section": frozenset(
        {"cover", "imprint", "contents", "introduction", "summary", "question", "expert"}
        | {"answer", "turn", "glossary", "sources", "about"}
    ),
    "paragraph": frozenset(
        {"strip", "subtitle", "standfirst", "byline", "name", "affiliation", "number", "note"}
        | {"caption", "attribution", "box-title", "source", "lead", "imprint"}
    ),
    "list": frozenset({"takeaways", "options", "sources", "plain"}),
    "quote": frozenset({"pull", "evidence"}),
    "table": frozenset({"matrix", "facts"}),
    "figure": frozenset({"logo"}),
    "box": frozenset({"bottom-line", "at-a-glance", "note"}),
    "span": frozenset({"name", "affiliation", "number", "term", "label", "cite"}),
}
"""The roles a node of each kind may have; the empty role is always allowed."""


# --- inline nodes -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Running words. ``source`` is None for a template's own or computed words."""

    text: str
    source: Address | None = None
    at: str = field(default="", compare=False)
    """Where a template's own or computed words were printed: ``file:line``. No part of what
    the brief says: Texts are equal, and the tree is the same, wherever that is."""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words (italic in print)."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Words of strong importance (bold in print)."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Words with a part to play inside a line: a name, an affiliation, a number."""

    role: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link out of the document, to http, https or mailto."""

    href: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a node of this document, by its id."""

    target: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The number of the page on which ``target`` stands: known to the layout only."""

    target: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Comment:
    """An editor's comment on the words before it: for those who edit, in no printed brief."""

    text: str
    at: str = ""
    """Where it was written: ``file:line:column``."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note hung on this place in the text."""

    children: tuple[Block, ...]
    is_changed: bool = False
    """Whether a redline marks it."""


# --- blocks -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief. ``running`` is its line for the running head."""

    children: tuple[Block, ...]
    role: str = ""
    id: str = ""
    running: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Level 1 is the brief's title, 2 to 4 the headings in it."""

    level: int
    children: tuple[Inline, ...]
    id: str = ""
    is_changed: bool = False
    """Whether a redline marks it, in the formats that have marks for it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    children: tuple[Inline, ...]
    role: str = ""
    id: str = ""
    is_changed: bool = False
    """Whether a redline marks it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list."""

    children: tuple[Block, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A bulleted or a numbered list; ``start`` is a numbered list's first number."""

    children: tuple[Item, ...]
    ordered: bool = False
    start: int = 1
    role: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted words set off from the text; ``attribution`` says whose they are."""

    children: tuple[Block, ...]
    attribution: tuple[Inline, ...] = ()
    role: str = ""
    is_changed: bool = False
    """Whether a redline marks the attribution."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. ``scope`` makes it a header of its column or of its row."""

    children: tuple[Inline, ...]
    scope: Literal["", "col", "row"] = ""
    is_changed: bool = False
    """Whether a redline marks it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row."""

    children: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: header rows that repeat on each page, then the body."""

    head: tuple[Row, ...]
    children: tuple[Row, ...]
    caption: tuple[Inline, ...] = ()
    role: str = ""
    is_changed: bool = False
    """Whether a redline marks the caption."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An image of this document (a key of ``Document.images``) with its caption."""

    image: str
    alt: str
    caption: tuple[Inline, ...] = ()
    role: str = ""
    is_changed: bool = False
    """Whether a redline marks it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A framed part beside or within the text: the bottom line, facts at a glance."""

    children: tuple[Block, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what it means."""

    term: tuple[Inline, ...]
    children: tuple[Block, ...]
    is_changed: bool = False
    """Whether a redline marks the term."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """A list of terms."""

    children: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents; ``level`` counts from 1, ``target`` is a heading's id."""

    level: int
    target: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents, made by compose from the headings that follow it."""

    children: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Inline: TypeAlias = (
    Text | Emphasis | Strong | Span | Link | Reference | PageNumber | LineBreak | Comment | Footnote
)
Block: TypeAlias = (
    Section
    | Heading
    | Paragraph
    | List
    | Quote
    | Table
    | Figure
    | Box
    | Definitions
    | Contents
    | PageBreak
)
Node: TypeAlias = Inline | Block | Item | Row | Cell | Definition | Entry


# --- the whole --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Image:
    """An image's bytes with what every renderer needs to know of them."""

    data: bytes = field(repr=False)
    media_type: Literal["image/png", "image/jpeg"]
    width: int
    """Width in pixels."""
    height: int
    """Height in pixels."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What describes the file: document properties and running heads."""

    title: str
    language: str
    """A BCP 47 tag such as ``en-US``."""
    authors: tuple[str, ...] = ()
    subject: str = ""
    keywords: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    """The edition's day, ISO 8601: every date in a file is this one."""
    running_head: str = ""
    """The line at the head of left-hand pages (the series and the title)."""
    marking: str = ""
    """What stands at the head and the foot of every page, such as ``TLP:AMBER``."""


@dataclass(frozen=True, slots=True)
class Document:
    """A brief, ready for any renderer."""

    meta: Meta
    children: tuple[Block, ...]
    images: Mapping[str, Image] = field(default_factory=dict)


_PARTS: Final[Mapping[type, tuple[str, ...]]] = {
    **dict.fromkeys((Text, PageNumber, LineBreak, Comment, PageBreak), ()),
    **dict.fromkeys((Emphasis, Strong, Span, Link, Reference, Footnote), ("children",)),
    **dict.fromkeys((Section, Heading, Paragraph, List, Item, Box), ("children",)),
    **dict.fromkeys((Row, Cell, Definitions, Contents, Entry, Document), ("children",)),
    Quote: ("children", "attribution"),
    Table: ("caption", "head", "children"),
    Figure: ("caption",),
    Definition: ("term", "children"),
}
"""The fields of each kind of node that hold other nodes, in reading order."""


def _list_part_fields(node: Node | Document) -> tuple[str, ...]:
    if type(node) not in _PARTS:
        raise TypeError(f"a Document has no {type(node).__name__}")
    return _PARTS[type(node)]


def iterate_parts(node: Node | Document) -> Iterator[Node]:
    """Yield the nodes directly inside one, in reading order."""
    for name in _list_part_fields(node):
        yield from getattr(node, name)


def map_children(node: Any, change: Callable[[Any], Any]) -> Any:
    """Return a node with each node directly inside it changed, in reading order."""
    parts = {name: tuple(map(change, getattr(node, name))) for name in _list_part_fields(node)}
    return dataclasses.replace(node, **parts) if parts else node


def walk(node: Node | Document) -> Iterator[Node]:
    """Yield every node below one, depth first, in reading order."""
    for part in iterate_parts(node):
        yield part
        yield from walk(part)


def to_plain_text(nodes: tuple[Inline, ...]) -> str:
    """Write inline nodes as plain text, without footnotes and page numbers."""
    return "".join(_to_plain_text(node) for node in nodes)


def to_full_text(nodes: Iterable[Node]) -> str:
    """Write nodes as plain text: blocks stand a space apart, footnotes follow their block."""
    runs: list[str] = []
    for is_line, group in groupby(nodes, lambda node: isinstance(node, Inline)):
        if is_line:
            line = tuple(cast("Iterable[Inline]", group))
            runs += (
                to_plain_text(line),
                *(to_full_text(note.children) for note in _find_footnotes(line)),
            )
        else:
            runs += (to_full_text(iterate_parts(node)) for node in group)
    return " ".join(filter(None, runs))


def _find_footnotes(nodes: Iterable[Node]) -> Iterator[Footnote]:
    for node in nodes:
        if isinstance(node, Footnote):
            yield node
        else:
            yield from _find_footnotes(iterate_parts(node))


def _to_plain_text(node: Inline) -> str:
    match node:
        case Text(text):
            return text
        case LineBreak():
            return " "
        case PageNumber() | Comment() | Footnote():
            return ""
        case Emphasis() | Strong() | Span() | Link() | Reference():
            return to_plain_text(node.children)
        case _:
            assert_never(node)


def remove_comments(nodes: Iterable[Any]) -> list[Any]:
    """Return nodes without editors' comments, the words on both sides of one joined again."""
    kept: list[Any] = []
    for node in nodes:
        last = kept[-1] if kept else None
        if isinstance(node, Text) and isinstance(last, Text) and node.source == last.source:
            kept[-1] = dataclasses.replace(last, text=last.text + node.text)
        elif not isinstance(node, Comment):
            kept.append(node)
    return kept


def name_kind(node: Any) -> str:
    """Return a node's kind as the tree format spells it: ``page-break`` for PageBreak."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(node).__name__).lower()


def to_json(document: Document) -> str:
    """Write the Document as canonical JSON: one key order, defaults left out, images by hash.

    Editors' comments are no part of it.
    """
    return json.dumps(_to_plain_data(document), ensure_ascii=False, indent=1) + "\n"


def _to_plain_data(value: Any) -> Any:
    if isinstance(value, Image):
        pixels = [value.width, value.height]
        return {"media-type": value.media_type, "pixels": pixels, "sha256": value.sha256}
    if dataclasses.is_dataclass(value):
        record = {} if isinstance(value, Document | Meta) else {"kind": name_kind(value)}
        for item in dataclasses.fields(value):
            content = getattr(value, item.name)
            if not item.compare or content in ("", None, (), {}) or content == item.default:
                continue
            record[item.name.replace("_", "-")] = _to_plain_data(content)
        return record
    if isinstance(value, Mapping):
        return {key: _to_plain_data(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        return [_to_plain_data(item) for item in remove_comments(value)]
    return value
