"""What looks bad on the pages of a brief is reported at the line where it was written."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build.typeset import Brief, BriefOrigin
from pipeline.checks import layout_checks
from pipeline.checks.placement import read_placement
from pipeline.diagnostics import Findings, Location, Problems
from pipeline.document.tree import (
    Address,
    Box,
    Cell,
    Contents,
    Definition,
    Definitions,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    Item,
    List,
    Meta,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Text,
)
from pipeline.render import pdf
from tests.support import specimen

LINE = "A line. "
PAGE = 40
"""How many lines stand on a page of the tests."""
CSS = """
@page { size: 100mm 500pt; margin: 10pt } @page :left { margin: 10pt }
html, body, h2, p, li, ol, ul, dl, dt, dd, blockquote, table, td, th, figure, aside, section {
    font-size: 9pt; line-height: 12pt; margin: 0; padding: 0; orphans: 1; widows: 1;
    break-after: auto; break-inside: auto; text-align: left; text-indent: 0 }
span.footnote { float: footnote } ol, ul { padding-left: 20pt }
"""


def write_paragraph(text, line, role=""):
    """A paragraph that was written on a line of the article."""
    return Paragraph((Text(text, Address(f"article.md#q1.ash.{line}")),), role=role)


def lines(count, first=1):
    return tuple(write_paragraph(LINE, first + number) for number in range(count))


def heading(text="A heading"):
    return Heading(2, (Text(text),))


def find_problems(*nodes, css="", images=None, **options):
    places = {
        Address(f"article.md#q1.ash.{line}"): Location("content/a/article.md", line, 1)
        for line in range(1, 400)
    } | {Address("article.md#q1.ash"): Location("content/a/article.md", 500, 1)}
    document = Document(Meta("A title", "en-GB"), nodes, images or {})
    brief = Brief(
        article="a",
        template="own",
        part="",
        document=document,
        options=replace(specimen.make_options(places=places), css=CSS + css, **options),
        formats=("pdf",),
        origin=BriefOrigin(ledger=b"", edition="", inputs={}),
        folder=Path("out"),
    )
    return list(layout_checks.check_layout(brief))


def list_faults(*nodes, **given):
    """Return codes with the line and the page that they name."""
    return [
        (d.code, d.at.line if d.at else None, int(d.message.split("page ")[1].split(":")[0]))
        for d in find_problems(*nodes, **given)
    ]


ALL = (
    heading("Contents"),
    Contents((Entry(1, "q2", (Text("A part"),)),)),
    Heading(2, (Text("A part"),), id="q2"),
    Paragraph((Text("Words"), Footnote((Paragraph((Text("A note."),)),)))),
    List((Item((write_paragraph("One.", 3),)),), ordered=True),
    Box(
        (Definitions((Definition((Text("Term"),), (write_paragraph("What it is.", 4),)),)),), "note"
    ),
    Table((Row((Cell((Text("Year"),), "col"),)),), (Row((Cell((Text("1998"),)),)),)),
    Figure("map", "A ramp", (Text("A caption."),)),
    Quote((write_paragraph("Quoted.", 5),), (Text("Ash"),)),
    Section((heading(), write_paragraph("An answer.", 6)), "answer"),
)


def test_a_brief_that_looks_well_has_no_fault():
    assert find_problems(*ALL, images={"map": specimen.picture()}) == []


def test_the_whole_specimen_is_read():
    """Every kind of node, in every place, is found on the pages."""
    brief = Brief(
        article="a",
        template="own",
        part="",
        document=specimen.document(),
        options=specimen.make_options(),
        formats=("pdf",),
        folder=Path("out"),
        origin=BriefOrigin(ledger=b"", edition="", inputs={}),
    )
    assert {d.code for d in layout_checks.check_layout(brief)} <= {
        "short-last-page",
        "far-quote",
        "split-answer",
    }


def test_what_cannot_be_read_is_an_error_as_in_a_build():
    (one,) = find_problems(write_paragraph("Words.", 1), css="p { font-size: 7pt }")
    assert (one.code, one.is_error) == ("too-small", True)


def test_pages_that_cannot_be_set_are_told():
    with pytest.raises(Problems):
        find_problems(write_paragraph("Words.", 1), most_layouts=0)


def test_html_that_is_not_in_the_document_s_order_is_an_error():
    meta, options = Meta("A title", "en-GB"), specimen.make_options()
    laid_out = Document(meta, (heading(), write_paragraph("Words.", 1)))
    other = Document(meta, (write_paragraph("Words.", 1), heading()))
    with (
        pdf.lay_out_pages(laid_out, options, Findings()) as laid,
        pytest.raises(ValueError, match="<h2> stands for a Paragraph"),
    ):
        read_placement(laid, other, {}, "a-own")


# --- words and their boxes ------------------------------------------------------------------


def test_a_word_that_is_too_long_for_its_box_is_found():
    narrow = "p.lead { width: 20mm; hyphens: manual }"
    assert list_faults(
        write_paragraph("Donaudampfschifffahrtsgesellschaft", 7, "lead"), css=narrow
    ) == [("overflow", 7, 1)]
    assert list_faults(write_paragraph("Donau dampf schiff fahrt", 7, "lead"), css=narrow) == []


def test_words_that_are_too_low_for_their_box_are_found():
    low = "p.lead { height: 12pt; line-height: 12pt; margin-bottom: 80pt }"
    assert list_faults(write_paragraph("Words and words. " * 8, 7, "lead"), css=low) == [
        ("overflow", 7, 1)
    ]
    assert list_faults(write_paragraph("Words.", 7, "lead"), css=low) == []


def table(*rows):
    return Table(
        (Row((Cell((Text("A"),), "col"), Cell((Text("B"),), "col"))),),
        tuple(Row((Cell(cell[:1]), Cell(cell[1:]))) for cell in rows),
    )


def test_a_table_that_is_too_wide_is_found():
    words = Text("Donaudampfschifffahrt" * 2, Address("article.md#q1.ash.9"))
    wide = "aside { width: 40mm } td { hyphens: manual }"
    assert ("overflow", 9, 1) in list_faults(Box((table((words, Text("b"))),), "note"), css=wide)


# --- headings, lines, pages -----------------------------------------------------------------


def test_a_heading_at_a_page_s_foot_is_found():
    (one,) = find_problems(*lines(PAGE - 1), heading(), *lines(PAGE, 60))
    assert (one.code, one.at.line) == ("stranded-heading", 60)
    assert one.message == "`a-own`, page 1: the heading “A heading” stands without what it heads"


def test_a_heading_is_not_held_by_what_it_is_followed_by():
    labelled = (heading(), write_paragraph("Ash", 300, "name"))
    assert list_faults(*lines(PAGE - 2), *labelled, *lines(20, 60)) == [("stranded-heading", 60, 1)]


def test_a_heading_whose_words_were_not_written_in_the_article_is_told_without_a_line():
    unwritten = Paragraph((Text("Made by a template."),))
    assert list_faults(*lines(PAGE - 1), heading(), unwritten, *lines(20, 60)) == [
        ("stranded-heading", None, 1)
    ]


@pytest.mark.parametrize(
    "nodes",
    [
        (*lines(PAGE - 2), heading(), *lines(PAGE, 60)),
        (heading(), *lines(PAGE - 2, 60)),
        (heading("A divider"), *(Section(lines(PAGE, 60)),)),  # alone on its page
    ],
)
def test_a_heading_with_its_words_is_not(nodes):
    assert list_faults(*nodes, css="section { break-before: page }") == []


def long(count):
    """A paragraph of a number of lines."""
    return Paragraph((Text("Many words and " * 4 * count, Address("article.md#q1.ash.99")),))


def test_single_lines_are_found_at_both_ends_of_a_page():
    text = long(12)
    many = list_faults(*lines(PAGE - 1), text, *lines(12, 100))
    assert [fault for fault in many if fault[0] != "short-last-page"] == [("orphan", 99, 1)]
    strict = list_faults(*lines(PAGE - 1), text, *lines(12, 100), css="p { orphans: 3; widows: 3 }")
    assert strict == []


def test_a_paragraph_s_last_line_alone_is_found():
    for before in range(PAGE - 16, PAGE):
        faults = list_faults(*lines(before), long(8), *lines(20, 100))
        if ("widow", 99, 2) in faults:
            return
    pytest.fail("no paragraph was cut before its last line")


def test_a_last_page_that_hardly_begins_is_found_at_its_words():
    assert list_faults(*lines(PAGE + 3)) == [("short-last-page", PAGE + 1, 2)]
    assert list_faults(*lines(PAGE + 12)) == []
    assert list_faults(*lines(3)) == []


def test_a_last_page_without_words_of_the_article_is_told_without_a_line():
    unwritten = Section((Paragraph((Text("Made by a template."),)),))
    css = "section { break-before: page }"
    assert list_faults(*lines(PAGE), unwritten, css=css) == [("short-last-page", None, 2)]


def answer(count, first=1, id="q1.ash"):
    return Section((heading("Ash"), *lines(count, first)), "answer", id=id)


def test_an_answer_on_three_pages_is_found_at_its_heading():
    assert list_faults(answer(2 * PAGE + 15)) == [("split-answer", 500, 1)]
    assert list_faults(answer(2 * PAGE - 5)) == []


# --- quotes and rows ------------------------------------------------------------------------


def pull(text):
    return Quote((Paragraph((Text(f"“{text}”", Address("article.md#q1.ash.33")),)),), role="pull")


@pytest.mark.parametrize(("before", "far"), [(0, True), (PAGE, False), (2 * PAGE, True)])
def test_a_pull_quote_on_a_spread_without_its_answer_is_found(before, far):
    """The answer stands on the page behind: only a left page faces it."""
    said_far = Section((write_paragraph("Words bind us all.", 33),), "answer")
    faults = list_faults(
        *lines(before, 900), pull("Words bind"), *lines(PAGE), said_far, *lines(20, 100)
    )
    assert faults == ([("far-quote", 33, 1 + before // PAGE)] if far else [])


def test_a_pull_quote_beside_its_answer_is_not():
    near = Section((write_paragraph("Words bind us all.", 33),), "answer")
    assert list_faults(pull("Words bind"), near) == []
    assert list_faults(pull("Words bind"), *lines(5)) == []  # its answer is not in this brief


def test_a_row_that_is_cut_is_found():
    cell = Text("Many words. " * 30, Address("article.md#q1.ash.44"))
    rows = table(*[(Text("a"), cell)] * 6)
    cut = [fault for fault in list_faults(rows, *lines(20, 100)) if fault[0] == "cut-row"]
    assert cut == [("cut-row", 44, 1)]
    whole = list_faults(rows, *lines(20, 100), css="tr { break-inside: avoid }")
    assert [fault for fault in whole if fault[0] == "cut-row"] == []
