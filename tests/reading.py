"""Reads the words back out of finished files, with readers that are not ours.

Only running words count: not page furniture, page numbers, list numbers and
footnote marks, which a format makes by itself. A footnote's words are read where
the note is referred to.
"""

from __future__ import annotations

import subprocess
import unicodedata
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import lxml.etree
import lxml.html

from pipeline.document import Document, Entry, Inline, LineBreak, PageNumber, Text, parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HTML_BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "li", "ul", "ol", "td", "th", "tr", "dt", "dd", "dl", "caption"}
    | {"figcaption", "figure", "footer", "aside", "section", "nav", "blockquote", "table", "div"}
)


def words(text: str) -> list[str]:
    """Split running text into words; a ligature or a composed letter is the letters it is."""
    return unicodedata.normalize("NFKC", text).split()


def document_words(document: Document, pages: Mapping[str, int] | None = None) -> list[str]:
    """Give the words that every format must hold; with ``pages``, page numbers as well."""

    def read(node):
        for part in parts(node):
            if isinstance(part, Text):
                yield part.text
            elif isinstance(part, PageNumber):
                yield str(pages[part.target]) if pages else ""
            elif isinstance(part, LineBreak):
                yield " "
            elif isinstance(part, Inline) and type(part).__name__ != "Footnote":
                yield from read(part)
            else:
                yield " "
                yield from read(part)
                yield " "
                if isinstance(part, Entry) and pages:
                    yield f"{pages[part.target]} "

    return words("".join(read(document)))


def html_words(data: bytes) -> list[str]:
    """Give the words of an HTML file's body."""
    body = lxml.html.document_fromstring(data.decode()).body
    for node in body.iter():
        if node.tag in HTML_BLOCKS:
            node.text = " " + (node.text or "")
            node.tail = " " + (node.tail or "")
        elif node.tag == "br":
            node.tail = " " + (node.tail or "")
    return words(body.text_content())


def docx_words(data: bytes) -> list[str]:
    """Give the words of a DOCX's body."""
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


def letters(found: list[str]) -> str:
    """Run words together: a PDF keeps no space where a line ends."""
    return "".join(found)


def pdf_letters(path: Path) -> str:
    """Give the letters of a tagged PDF in the order of its structure, artefacts left out."""
    listed = subprocess.run(
        ["pdfinfo", "-struct-text", str(path)], capture_output=True, text=True, check=True
    ).stdout
    runs, label = [], None
    for line in listed.splitlines():
        depth = len(line) - len(line.lstrip())
        if label is not None and depth > label:
            continue  # inside a list number or a footnote mark
        label = depth if line.split()[:1] == ["Lbl"] else None
        if line.lstrip().startswith('"'):
            runs.append(line.strip()[1:-1])
    # U+2010 is the hyphen that the setting puts at the end of a line; the text's own is U+002D.
    return letters(words(" ".join(runs).replace("\N{HYPHEN}", "")))
