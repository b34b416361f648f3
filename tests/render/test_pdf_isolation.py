"""While a PDF is set nothing outside is read, and it names nothing of this machine."""

import socket
import sys

import pytest

from pipeline.diagnostics import Problems
from pipeline.document.tree import (
    Link,
    Paragraph,
)
from pipeline.render import html, pdf
from tests.support import specimen
from tests.support.paths import ROOT
from tests.support.pdf_file import brief, list_annotations, open_pdf, text
from tests.support.read_outputs import read_pdf_letters

REACHING_OUT = [
    "@import url(file://{secret});",
    "@import 'https://pack.invalid/more.css';",
    "p {{ background: url(file://{secret}) }}",
    "h1 {{ list-style: url(https://192.0.2.1/x.png) inside; display: list-item }}",
    "@font-face {{ font-family: x; src: url(file://{secret}) }} p {{ font-family: x }}",
    "p::before {{ content: url({secret}) }}",
    "@page {{ @top-left {{ content: url(../../../../../../{secret}) }} }}",
    "p {{ background: url(images/other.png), url(//192.0.2.1/x) }}",
]


@pytest.mark.parametrize("css", REACHING_OUT)
def test_a_stylesheet_that_got_past_its_check_reads_nothing(css, tmp_path, monkeypatch):
    secret = tmp_path / "secret.png"
    secret.write_bytes(specimen.picture().data)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    options = specimen.make_options(css=css.format(secret=secret))
    try:
        file = open_pdf(pdf.render(brief(Paragraph(text("Words."))), options), tmp_path)
    except Problems:
        return
    assert not any("/XObject" in page.Resources and page.Resources.XObject for page in file.pages)
    assert not list(file.Root.get("/Names", {}).get("/EmbeddedFiles", {}))


@pytest.mark.parametrize(
    "words",
    [
        "<img src='file:///etc/passwd'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<style>@import 'file:///etc/passwd'</style>",
        "url(file:///etc/passwd)",
    ],
)
def test_words_are_never_taken_for_more(words, tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    document = brief(Paragraph(text(words)), publisher=words, running_head=words, subject=words)
    file = open_pdf(pdf.render(document, specimen.make_options()), tmp_path)
    assert "/EmbeddedFiles" not in file.Root.Names
    assert words.replace(" ", "") in read_pdf_letters(tmp_path / "brief.pdf")[0]


def test_the_fetcher_gives_nothing_but_what_it_gave_an_address_to():
    fetcher = pdf._Fetcher()
    image = specimen.picture()
    assert fetcher.fetch(fetcher.add_image(image)).read() == image.data
    for address in ("file:///etc/passwd", f"{pdf.BASE}images/other.png", pdf.BASE, "data:,x"):
        with pytest.raises(ValueError, match="only the document's own images"):
            fetcher.fetch(address)


def test_links_out_are_links_and_not_fetched(tmp_path):
    link = Link("https://192.0.2.1/a?b=1&c=2", text("out"))
    file = open_pdf(pdf.render(brief(Paragraph((link,))), specimen.make_options()), tmp_path)
    assert [str(a.A.URI) for _, a in list_annotations(file)] == ["https://192.0.2.1/a?b=1&c=2"]


def test_the_html_that_is_set_names_no_place_of_this_machine():
    file = html.serialise_html(
        specimen.document(),
        specimen.make_options(),
        font=(fetcher := pdf._Fetcher()).add_font,
        image=fetcher.add_image,
    )
    assert str(ROOT) not in file
    assert sys.prefix not in file
