"""Finding one's way in a PDF: bookmarks, contents, page numbers, the numbers of lists and notes."""

from pathlib import Path

import pytest

from pipeline.diagnostics import Problems
from pipeline.document.tree import (
    Contents,
    Entry,
    Footnote,
    Heading,
    LineBreak,
    List,
    PageNumber,
    Paragraph,
)
from pipeline.render import pdf
from tests.support import specimen
from tests.support.pdf_file import brief, items, list_annotations, open_pdf, text
from tests.support.read_outputs import PlainPages, read_pdf_letters


@pytest.fixture(scope="module")
def rendered():
    return pdf.render(specimen.document(), specimen.make_options())


@pytest.fixture(scope="module")
def file(rendered, tmp_path_factory):
    return open_pdf(rendered, tmp_path_factory.mktemp("pdf"))


def test_bookmarks_are_the_headings(file):
    def read(items):
        return {item.title: read(item.children) for item in items}

    with file.open_outline() as outline:
        (title,) = outline.root
        assert title.title == "Who keeps the line open when the talks have stopped?"
        inside = read(title.children)
    question = "Should states treat the open line as a public good?"
    assert list(inside)[:4] == ["Contents", "Introduction", "Summary", question]
    assert inside[question] == {"Ash": {"What came after": {}}}


def test_a_bookmark_keeps_words_apart_where_a_heading_breaks(tmp_path):
    heading = Heading(2, (*text("First line"), LineBreak(), *text("second line")))
    file = open_pdf(pdf.render(brief(heading), specimen.make_options()), tmp_path)
    with file.open_outline() as outline:
        assert outline.root[0].children[0].title.split() == ["First", "line", "second", "line"]


def test_contents_lead_to_the_pages_they_name(rendered, file):
    numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}
    names = list(file.Root.Names.Dests.Names)
    pages = {
        str(name): numbers[place[0].objgen]
        for name, place in zip(names[::2], names[1::2], strict=True)
    }
    assert rendered.anchors == pages
    (nav,) = [node for node in specimen.contents().children if isinstance(node, Contents)]
    links = [str(a.Dest) for number, a in list_annotations(file) if number == pages["contents"]]
    targets = [entry.target for entry in nav.children]
    assert links == targets  # though the last entry takes two lines
    words, _ = read_pdf_letters(Path(file.filename))
    for entry in nav.children:
        title = "".join(part.text for part in entry.children).replace(" ", "")
        assert f"{title}{pages[entry.target]}" in words


def test_layout_gives_the_pages_of_the_pdf(rendered):
    assert pdf.find_anchor_pages(specimen.document(), specimen.make_options()) == rendered.anchors


def notes_that_run_over(number):
    """Notes at the foot of a page whose lines have to stay together, and page numbers."""
    note = Footnote(tuple(Paragraph(text(specimen.PROSE)) for _ in range(4)))
    filling = [Paragraph(text(f"{n}. " + specimen.PROSE)) for n in range(number)]
    return brief(
        Contents((Entry(2, "end", text("The end")),)),
        *filling,
        Paragraph((*text(specimen.PROSE), note, *text(specimen.PROSE))),
        *filling,
        Heading(2, text("The end"), id="end"),
        Paragraph((*text("Page "), PageNumber("end"))),
    )


def test_lists_are_counted_from_where_they_begin_in_the_text_and_in_notes(tmp_path):
    note = Footnote(
        (
            Paragraph(text("note")),
            List(items("one", "two"), ordered=True, start=5),
            List(items("three")),
        )
    )
    counted = List(items("four", "five"), ordered=True, start=8)
    open_pdf(
        pdf.render(brief(counted, Paragraph((*text("Word"), note))), specimen.make_options()),
        tmp_path,
    )
    (page,) = filter(None, PlainPages(tmp_path / "brief.pdf").pages)
    assert page == "Atitle8.four9.fiveWord11.note5.one6.two–three"


@pytest.mark.parametrize("number", [8, 10, 12])
def test_a_note_that_moves_to_the_next_page_is_printed_once(tmp_path, number):
    open_pdf(pdf.render(notes_that_run_over(number), specimen.make_options()), tmp_path)
    _, notes = read_pdf_letters(tmp_path / "brief.pdf")
    assert notes == "1." + specimen.PROSE.replace(" ", "") * 4


def test_page_numbers_that_never_settle_are_told(monkeypatch):
    pages = iter(range(1, 99))
    monkeypatch.setattr(pdf, "read_anchor_pages", lambda laid: {"end": next(pages)})
    with pytest.raises(Problems) as caught:
        pdf.find_anchor_pages(notes_that_run_over(1), specimen.make_options())
    assert [d.code for d in caught.value.diagnostics] == ["page-numbers"]
