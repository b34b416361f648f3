"""The tests' own reader of tagged PDFs reads what poppler reads, which takes too long for more."""

import re
import subprocess

import pytest

from pipeline.document.tree import (
    Cell,
    Document,
    Emphasis,
    Footnote,
    Heading,
    Item,
    Link,
    List,
    Meta,
    Paragraph,
    Row,
    Span,
    Table,
    Text,
)
from pipeline.render import pdf
from tests.support import specimen
from tests.support.tagged_pdf import read_structure


def text(words):
    return (Text(words),)


@pytest.fixture
def path(tmp_path):
    note = Footnote((Paragraph(text("A note, “Géry’s”.")),))
    link = Link("https://x.io", (Span("number", text("7")), *text(" office 365, affixed")))
    cells = (Row((Cell(text("Head"), "col"),)), Row((Cell(text("Cell")),)))
    blocks = (
        Heading(1, text("A title")),
        Paragraph((*text("Fifty words, "), Emphasis(text("or so")), note, *text(" – "), link)),
        List((Item((Paragraph(text("One")), List((Item((Paragraph(text("two")),)),)))),)),
        Table(cells[:1], cells[1:]),
    )
    rendered = pdf.render(
        Document(Meta(title="A title", language="en-GB"), blocks), specimen.make_options()
    )
    (tmp_path / "brief.pdf").write_bytes(rendered.data)
    return tmp_path / "brief.pdf"


def read(element, depth=0):
    yield depth, element.kind
    for part in element.parts:
        if isinstance(part, str):
            yield depth + 1, part
        else:
            yield from read(part, depth + 1)


def poppler(path):
    output = subprocess.run(
        ["pdfinfo", "-struct-text", path], capture_output=True, text=True, check=True
    ).stdout
    for line in output.splitlines():
        depth, what = (len(line) - len(line.lstrip())) // 2, line.strip(" ")
        if what.startswith('"'):
            yield depth, what[1:-1]
        elif not what.startswith(("/", "Object ")):  # attributes, and annotations
            yield depth, re.split("[ :]", what)[0]


def test_it_reads_what_poppler_reads(path):
    assert list(read(read_structure(path))) == list(poppler(path))
