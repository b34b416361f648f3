"""What a paragraph of a DOCX holds, as two editions are compared: word by word, with its look."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from lxml import etree

from pipeline.word.ooxml import OFFICE, W, XmlElement
from pipeline.word.opc import Package

EMBED: Final = f"{OFFICE}embed"
"""The attribute that says what a picture shows."""
_WORD: Final = re.compile(r"\s+|[^\W_]+(?:[’'][^\W_]+)*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RunPart:
    """A word, or another thing in a line."""

    key: tuple[str, ...]
    """What it is compared by: what it says and how it is set."""
    text: str = ""
    properties: XmlElement | None = None
    """Those of its run."""
    nodes: tuple[XmlElement, ...] = ()
    """What it is when it is no text: a note's mark, a picture; the runs of a whole field."""
    link: tuple[str, str] = ("", "")
    """Where the link round it leads: outside of the file, or to a bookmark in it."""
    note: str = ""
    """The id of the footnote that it calls."""
    is_field: bool = False
    bookmarks: tuple[XmlElement, ...] = ()
    """The bookmarks and the like that stand before it."""


@dataclass
class DocxPart:
    """One part of one of two files, with what it refers to."""

    package: Package
    parts: dict[str, bytes]
    part: str
    root: Any
    notes: dict[str, Any] = field(default_factory=dict)
    """Footnotes by id."""
    notes_part: str = ""

    @classmethod
    def open_main(cls, package: Package) -> DocxPart:
        """Open a file at its main part."""
        main = cls(package, package.read_parts(), package.main, package.parse_document())
        for relation, root in package.iterate_related("footnotes"):
            main.notes_part = relation.target
            main.notes = {note.get(f"{W}id", ""): note for note in root}
        return main

    def open_part(self, part: str) -> DocxPart:
        """Return another part of the same file."""
        return replace(self, part=part, root=self.package.parse_part(part))

    @cached_property
    def links(self) -> Mapping[str, str]:
        """Where the links of the part lead, outside of the file."""
        found = self.package.read_relations(self.part).items()
        return {id: target for id, (kind, target, out) in found if out and kind == "hyperlink"}

    @cached_property
    def pictures(self) -> Mapping[str, str]:
        """The parts that the pictures of this one show, by the relationship."""
        return {
            id: target
            for id, (kind, target, outside) in self.package.read_relations(self.part).items()
            if kind == "image" and not outside and target in self.parts
        }


def split_runs(paragraph: XmlElement, file: DocxPart) -> Iterator[RunPart]:
    """Return the words of a paragraph, and what stands among them."""
    bookmarks: list[XmlElement] = []
    field: list[XmlElement] = []
    link = ("", "")
    depth = 0
    for node, around in _iterate_nodes(paragraph, file):
        if node.tag != f"{W}r":
            bookmarks.append(node)
            continue
        kinds = [c.get(f"{W}fldCharType") for c in node.iter(f"{W}fldChar")]
        if depth or kinds:
            link = link if field else around
            field.append(node)
            depth = max(0, depth + kinds.count("begin") - kinds.count("end"))
            if not depth:
                yield replace(_make_field(field, link), bookmarks=tuple(bookmarks))
                field, bookmarks = [], []
            continue
        for part in _split_run(node, around, file):
            yield replace(part, bookmarks=tuple(bookmarks)) if bookmarks else part
            bookmarks = []
    if field:  # it goes on in the next paragraph
        yield replace(_make_field(field, link), bookmarks=tuple(bookmarks))


def _make_field(nodes: Sequence[XmlElement], link: tuple[str, str]) -> RunPart:
    """Return a field: compared by what it computes, by what it shows, and by its look."""
    code = "".join(c.text or "" for node in nodes for c in node.iter(f"{W}instrText"))
    shown = "".join(c.text or "" for node in nodes for c in node.iter(f"{W}t"))
    key = ("field", " ".join(code.split()), shown, *link, _read_look(nodes[0]))
    return RunPart(key, nodes=tuple(nodes), link=link, is_field=True)


def _read_look(run: XmlElement) -> str:
    properties = run.find(f"{W}rPr")
    if properties is None or not len(properties):
        return ""
    return etree.tostring(properties, method="c14n", exclusive=True).decode()


def _iterate_nodes(
    paragraph: XmlElement, file: DocxPart
) -> Iterator[tuple[XmlElement, tuple[str, str]]]:
    for node in paragraph:
        if node.tag == f"{W}hyperlink":
            href = file.links.get(node.get(f"{OFFICE}id", ""), "")
            link = (href, "" if href else node.get(f"{W}anchor", ""))
            yield from ((inner, link) for inner in node)
        elif node.tag != f"{W}pPr":
            yield node, ("", "")


def _split_run(run: XmlElement, link: tuple[str, str], file: DocxPart) -> Iterator[RunPart]:
    properties = run.find(f"{W}rPr")
    how = (link[0] or (f"#{link[1]}" if link[1] else ""), _read_look(run))
    for node in run:
        if node.tag == f"{W}t":
            for match in _WORD.finditer(node.text or ""):
                word = match.group()
                yield RunPart(("text", word, *how), word, properties, (), link)
        elif node.tag == f"{W}footnoteReference":
            id = node.get(f"{W}id", "")
            key = ("note", repr(_list_note_keys(id, file)), *how)
            yield RunPart(key, "", properties, (node,), link, note=id)
        elif node.tag != f"{W}rPr":
            kind = "sign" if node.tag in _SIGNS else "other"
            which = node.get(f"{W}type", "")  # a page's break is no line's
            name = f"{etree.QName(node).localname}{which}{_describe_picture(node, file)}"
            yield RunPart((kind, name, *how), "", properties, (node,), link)


def _list_note_keys(id: str, file: DocxPart) -> list[list[tuple[str, ...]]]:
    """Return what the paragraphs of a footnote are compared by."""
    note = file.notes.get(id)
    inside = replace(file.open_part(file.notes_part), notes={})
    paragraphs = () if note is None else note.iter(f"{W}p")
    return [[part.key for part in split_runs(paragraph, inside)] for paragraph in paragraphs]


_SIGNS: Final = tuple(f"{W}{tag}" for tag in ("tab", "br", "cr", "noBreakHyphen"))


def _describe_picture(node: XmlElement, file: DocxPart) -> str:
    """Return what a picture shows: in words, and by its fingerprint."""
    words = "".join(str(d.get("descr", "")) for d in node.iter("{*}docPr"))
    shown = (file.pictures.get(s.get(EMBED, ""), "") for s in node.iter("{*}blip"))
    return words + "".join(hashlib.sha256(file.parts.get(n, b"")).hexdigest() for n in shown)


def list_words(block: XmlElement) -> tuple[str, ...]:
    """Return the words of a paragraph, a table or a row, without their looks."""
    text = " ".join(node.text or "" for node in block.iter(f"{W}t"))
    return tuple(match.group() for match in _WORD.finditer(text) if not match.group().isspace())
