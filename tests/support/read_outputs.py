"""Reads the words back out of finished files, with readers that are not ours.

Only running words count: not headers and footers, list numbers and what a field shows. In HTML
and DOCX a footnote's words stand where the note is referred to, in PDF by themselves.
"""

from __future__ import annotations

import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pikepdf

from tests.support.tagged_pdf import Element, read_structure

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HTML_BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "li", "ul", "ol", "td", "th", "tr", "dt", "dd", "dl", "caption"}
    | {"figcaption", "figure", "footer", "aside", "section", "nav", "blockquote", "table", "div"}
)
WITHIN_LINES = {"text", "emphasis", "strong", "span", "link", "reference", "page-number"}
"""Kinds of the tree that do not set their words apart from those beside them."""


def words(text: str) -> list[str]:
    """Split running text into words; a ligature or a composed letter is the letters it is."""
    return unicodedata.normalize("NFKC", text).split()


def letters(text: str) -> str:
    """Run words together: a PDF has no space where a line ends.

    U+2010 is the hyphen that the setting puts there; the text's own is U+002D.
    """
    return "".join(words(text.replace("\N{HYPHEN}", "")))


# --- the tree -----------------------------------------------------------------------------


def read_tree_words(tree: dict) -> list[str]:
    """Return the words of a tree that every format holds."""
    return words("".join(_read(tree, None, None)))


def read_tree_letters(tree: dict, pages: Mapping[str, int]) -> tuple[str, str]:
    """Return what a PDF holds of a tree: the running words with all numbers, and the notes."""
    notes: list[str] = []
    body = "".join(_read(tree, pages, notes))
    return letters(body), letters("".join(notes))


def list_tree_blocks(node: dict, section: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield a tree's paragraphs and headings: their section's role, their role or kind, words."""
    if node.get("kind") == "section":
        section = node.get("role", "")
    for part in node.get("children", ()):
        if part["kind"] in ("paragraph", "heading"):
            yield section, part.get("role", part["kind"]), "".join(_read(part, None, []))
        elif part["kind"] not in WITHIN_LINES:
            yield from list_tree_blocks(part, section)


def _read(node: dict, pages: Mapping[str, int] | None, notes: list[str] | None) -> Iterator[str]:
    kind = node.get("kind")
    apart = "" if kind in WITHIN_LINES else " "
    yield apart
    yield node.get("text", "")
    for group in ("term", "caption", "head", "children", "attribution"):
        if kind == "figure" and group == "children":
            continue
        for part in node.get(group, ()):
            if part["kind"] == "footnote" and notes is not None:
                number = str(len(notes) + 1)
                notes.append(f"{number}. ")
                notes[-1] += "".join(_read(_marked(part), pages, notes))
                yield number
            else:
                yield from _read(part, pages, notes)
    if pages is not None and kind in ("page-number", "entry"):
        yield f"{pages[node['target']]}"
    yield apart


def _marked(node: dict) -> dict:
    """Write the marks of lists in front of their items: in a note they are no labels."""
    children = []
    for number, part in enumerate(node.get("children", ()), node.get("start", 1)):
        if node["kind"] == "list":
            mark = f"{number}." if node.get("ordered") else "–"
            children.append({"kind": "text", "text": mark})
        children.append(_marked(part))
    return {**node, "children": children}


# --- HTML and DOCX ------------------------------------------------------------------------


def read_html_words(data: bytes) -> list[str]:
    """Return the words of an HTML file's body."""
    body = lxml.html.document_fromstring(data.decode()).find("body")
    for node in body.iter():
        if node.tag in HTML_BLOCKS:
            node.text = " " + (node.text or "")
            node.tail = " " + (node.tail or "")
        elif node.tag == "br":
            node.tail = " " + (node.tail or "")
    return words(body.text_content())


def read_docx_words(data: bytes) -> list[str]:
    """Return the words of a DOCX's body."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        body = lxml.etree.fromstring(package.read("word/document.xml"))
        notes = {}
        if "word/footnotes.xml" in package.namelist():
            for note in lxml.etree.fromstring(package.read("word/footnotes.xml")):
                notes[note.get(f"{W}id")] = note
    fields: list[str] = []  # a table of contents opens in one paragraph and closes in another
    return words(" ".join(_docx_paragraph(p, notes, fields) for p in body.iter(f"{W}p")))


def _docx_paragraph(paragraph, notes, fields: list[str]) -> str:
    found: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{W}fldChar":
            kind = node.get(f"{W}fldCharType")
            if kind == "begin":
                fields.append("")
            elif kind == "end":
                fields.pop()
        elif node.tag == f"{W}instrText":
            fields[-1] += node.text or ""
        elif node.tag == f"{W}t" and not any("PAGE" in field for field in fields):
            found.append(node.text or "")
        elif node.tag in (f"{W}br", f"{W}tab"):
            found.append(" ")
        elif node.tag == f"{W}footnoteReference":
            note = notes[node.get(f"{W}id")]
            found += [" ", *(_docx_paragraph(p, {}, []) + " " for p in note.iter(f"{W}p"))]
    return "".join(found)


# --- PDF ----------------------------------------------------------------------------------


def read_pdf_letters(path: Path) -> tuple[str, str]:
    """Return the letters of a tagged PDF in the order of its structure: running words, and notes.

    Headers and footers stand outside the structure. List numbers are labels and left out.
    """
    notes: list[str] = []
    running = letters(" ".join(_outside_notes(read_structure(path), notes)))
    return running, letters(" ".join(notes))


def _outside_notes(element: Element, notes: list[str]) -> Iterator[str]:
    for part in element.parts:
        if isinstance(part, str):
            yield part
        elif part.kind == "Note":
            notes += part.words(but="Lbl")
        elif part.kind != "Lbl":
            yield from _outside_notes(part, notes)


def read_pdf_pages(path: Path) -> dict[str, int]:
    """Return the page, from 1, of each named destination."""
    with pikepdf.open(path) as pdf:
        numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        names = list(pdf.Root.Names.Dests.Names)
        return {
            str(name): numbers[place[0].objgen]
            for name, place in zip(names[::2], names[1::2], strict=True)
        }


def count_pdf_pages(path: Path) -> int:
    """Count the pages of a PDF."""
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


class PlainPages:
    """The letters of each page as pdftotext gives them, without margins and hyphens."""

    def __init__(self, path: Path, top: int = 60, height: int = 715) -> None:
        """Read what stands from ``top`` on, in pt from the edge of the paper."""
        inside = ("-x", "0", "-y", f"{top}", "-W", "620", "-H", f"{height}")
        shown = subprocess.run(
            ["pdftotext", *inside, path, "-"], capture_output=True, text=True, check=True
        ).stdout
        self.pages = [_without_hyphens(page) for page in shown.split("\f")]

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the page, from 0, and the place where some words begin; they may run over."""
        sought = _without_hyphens(text)
        for number, page in enumerate(self.pages):
            if sought in page:
                return number, page.index(sought)
        for number, (page, following) in enumerate(pairwise(self.pages)):
            for cut in range(len(sought) - 1, 0, -1):
                if sought[:cut] in page and sought[cut:] in following:
                    return number, page.index(sought[:cut])
        return None


def _without_hyphens(text: str) -> str:
    return letters(text.replace("-", ""))
