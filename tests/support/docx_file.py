"""Sets a few blocks as a Word file and reads its parts, with a reader that is not ours."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import lxml.etree

from pipeline.document.tree import Block, Cell, Document, Image, Item, Meta, Row, Table
from pipeline.render.contract import RenderOptions
from pipeline.render.docx.writer import render
from tests.support import specimen
from tests.support.read_outputs import W

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WIDTH = round(210 / 25.4 * 1440) - round(22 / 25.4 * 1440) - round(20 / 25.4 * 1440)
"""Between the margins of A4, in twips."""
COLUMN = round(WIDTH * 0.22)
"""Where running text begins, in twips from the margin."""
STEP = 270
"""How far a list or a quote is set in, in twips."""


class WordFile:
    """A DOCX: its parts by name, and its body."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(BytesIO(data)) as package:
            self.names = package.namelist()
            self.parts = {name: package.read(name) for name in self.names}
        self.body = self.xml("word/document.xml")[0]
        self.styles = {
            s.get(f"{W}styleId"): s for s in self.xml("word/styles.xml").iter(f"{W}style")
        }

    def xml(self, name: str):
        return lxml.etree.fromstring(self.parts[name])

    def links(self, name: str = "document") -> dict[str, str]:
        """Return a part's relationships: ids to targets."""
        return {r.get("Id"): r.get("Target") for r in self.xml(f"word/_rels/{name}.xml.rels")}

    def linked(self, reference):
        """Read the part that a header's or footer's reference leads to."""
        return self.xml(f"word/{self.links()[reference.get(f'{R}id')]}")

    @property
    def paragraphs(self) -> list:
        return list(self.body.iter(f"{W}p"))

    def paragraph(self, start: str):
        """Return the only paragraph that begins with some words."""
        (found,) = [p for p in self.paragraphs if read_text(p).startswith(start)]
        return found

    def styled(self, id: str | None) -> list[str]:
        """Return the words of the paragraphs in a style."""
        return [read_text(p) for p in self.paragraphs if get_style(p) == id]

    def styling(self, paragraph) -> Iterator:
        """Yield a paragraph's style, the one that it is based on, and so on."""
        id = get_style(paragraph)
        while id in self.styles:
            yield self.styles[id]
            id = get_value(self.styles[id], "basedOn")

    def how(self, paragraph, path: str):
        """Return what the styles of a paragraph say of it: the element, or None."""
        found = (find(style, f"pPr/{path}") for style in self.styling(paragraph))
        return next((element for element in found if element is not None), None)

    def left(self, paragraph) -> int:
        """Return where a paragraph begins, in twips from the margin."""
        indent = self.how(paragraph, "ind")
        return 0 if indent is None else int(indent.get(f"{W}left"))

    def read(self) -> list[tuple[str | None, str]]:
        """Return each paragraph's style and words; those that only part tables are left out."""
        return [
            (get_style(p), read_text(p)) for p in self.paragraphs if get_style(p) != "AfterTable"
        ]


def read_text(element) -> str:
    """Return an element's words, with tabs and line breaks."""
    kinds = {f"{W}tab": "\t", f"{W}br": "\n"}
    runs = (node for run in element.iter(f"{W}r") for node in run)
    return "".join(
        node.text or "" if node.tag == f"{W}t" else kinds.get(node.tag, "") for node in runs
    )


def list_runs(element) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Yield each run of words with its properties: their names, and what they are set to."""
    for run in element.iter(f"{W}r"):
        if run.find(f"{W}t") is not None:
            properties = run.find(f"{W}rPr")
            given = properties if properties is not None else ()
            yield read_text(run), {p.tag.removeprefix(W): p.get(f"{W}val") for p in given}


def list_places(element) -> list[str]:
    """Return the places in an element that links lead to."""
    names = [start.get(f"{W}name") for start in element.iter(f"{W}bookmarkStart")]
    return [name for name in names if name.startswith("_ref_")]


def get_style(paragraph) -> str | None:
    return get_value(paragraph, "pPr/pStyle")


def has_property(element, path: str) -> bool:
    """Whether a property is there and not turned off."""
    found = find(element, path)
    return found is not None and found.get(f"{W}val") not in ("0", "false")


def get_value(element, path: str, name: str = "val") -> str | None:
    found = find(element, path)
    return None if found is None else found.get(W + name)


def measure_value(element, path: str, name: str = "val") -> int:
    """Return a number that must be there."""
    return int(find(element, path).attrib[W + name])


def find(element, path: str):
    return element.find("/".join(W + step for step in path.split("/")))


def make_items(*texts: str) -> tuple[Item, ...]:
    return tuple(Item((specimen.paragraph(text),)) for text in texts)


def make_table(*rows: tuple[str, ...], caption: str = "", role: str = "") -> Table:
    """Return a table of plain words; the first row is its header."""
    head, *body = (Row(tuple(Cell(specimen.words(text)) for text in row)) for row in rows)
    return Table((head,), tuple(body), specimen.words(caption) if caption else (), role)


make_shipped_options = cache(specimen.make_options)
"""The look of the shipped theme, on A4."""


def render_docx(
    *blocks: Block,
    options: RenderOptions | None = None,
    images: Mapping[str, Image] | None = None,
    **meta: Any,
) -> WordFile:
    """Set blocks in the shipped theme; ``meta`` is what the file says of itself."""
    given = replace(Meta("A title", "en-GB"), **meta)
    document = Document(given, blocks, images or {})
    return WordFile(render(document, options or make_shipped_options()).data)
