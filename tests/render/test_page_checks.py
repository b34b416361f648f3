"""Pages are measured before they are believed."""

import pytest

from pipeline.diagnostics import Findings, Location, Problems
from pipeline.document.tree import (
    Address,
    Box,
    Cell,
    Contents,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    Item,
    List,
    Meta,
    PageNumber,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
)
from pipeline.render import page_checks, pdf
from tests.support import specimen

SOURCE = Address("article.md#q1.ash.1")
PLACE = Location("content/talks/article.md", 12, 3)


def paragraph(text, role="", id=""):
    return Paragraph((Text(text, SOURCE),), role=role, id=id)


def document(*nodes):
    meta = Meta(title="A title", language="en-GB")
    return Document(meta, (Heading(1, (Text("A title"),)), *nodes), {"map": specimen.picture()})


WORDS = document(
    paragraph("First words, which lead in.", "lead"),
    Box((paragraph("A note in a box of its own."),), "note"),
    paragraph("Then " + specimen.PROSE),
    List((Item((paragraph("One."),)), Item((paragraph("Two."),))), ordered=True),
    Table(
        (Row((Cell((Text("Year"),), "col"), Cell((Text("Calls"),), "col"))),),
        (Row((Cell((Text("1998"),), "row"), Cell((Text("1,204"),)))),),
        (Text("Calls by year."),),
    ),
    Figure("map", "A ramp", (Text("From dark to light."),)),
    Section((paragraph("The end."),), "answer"),
)


def find_problems(css="", of=WORDS, pages=None):
    """What is found on the pages of a document, by stylesheets that nobody has checked."""
    findings = Findings()
    options = specimen.make_options(css=css, places={SOURCE: PLACE})
    with pdf.lay_out_pages(of, options, findings) as laid:
        anchors = pdf.read_anchor_pages(laid) if pages is None else pages
        return list(page_checks.check_pages(laid, anchors, of, options))


def codes(css, of=WORDS):
    return [diagnostic.code for diagnostic in find_problems(css, of)]


@pytest.mark.parametrize(
    "css",
    [
        "",
        "p.lead { color: white; background: #114457; padding: 4pt }",
        "@page { background: #147; @bottom-right { color: white } } * { color: white !important }",
        "p.lead::first-letter { font-size: 24pt; line-height: 0 }",
        "aside { float: right; width: 40mm; margin: 0 0 4pt 8pt; background: #e8eff1 }",
        "p.lead { text-align: justify; text-indent: -0.4em }",
        "ol { display: flex; gap: 4mm } li { border: 1pt solid }",
        "h1 { margin-left: -10mm; font-size: 36pt; line-height: 36pt }",
    ],
)
def test_ordinary_pages_have_no_fault(css):
    assert find_problems(css) == []


@pytest.mark.parametrize(
    ("css", "code"),
    [
        # off the paper
        ("p.lead { margin-left: -300mm }", "off-page"),
        ("p.lead { text-indent: 250mm }", "off-page"),
        ("p.lead { margin-top: -90mm }", "off-page"),
        ("p.lead { width: 300mm; text-align: right }", "off-page"),
        # too small, too faint
        ("p.lead { font-size: 7.9pt }", "too-small"),
        ("p.lead { font-size: 7pt; vertical-align: super }", "too-small"),
        ("p.lead { color: #fefefe }", "too-faint"),
        ("p.lead { color: transparent }", "too-faint"),
        ("p.lead { color: rgb(0 0 0 / 20%) }", "too-faint"),
        ("p.lead { background: #1b1e22 }", "too-faint"),
        ("aside { background: #333333 }", "too-faint"),
        ("html { background: #1b1e22 }", "too-faint"),
        # covered by words
        ("p.lead { height: 0; margin: 0 } aside.note { padding: 0 }", "covered"),
        ("aside.note { margin-top: -24pt }", "covered"),
        ("p { line-height: 2pt }", "covered"),
        # covered by grounds
        ("aside.note { float: left; background: white; margin-top: -30pt }", "covered"),
        ("p.lead::after { content: ''; display: inline-block; width: 90pt; height: 9pt; "
         "background: white; margin-left: -90pt }", "covered"),
        ("li { display: inline-block; background: #fff } li + li { margin-left: -9mm }", "covered"),
        ("img { margin-top: -60mm }", "covered"),
        ("@page { @top-left { content: '·'; background: #fff; margin-bottom: -60mm } }", "covered"),
        # struck through
        ("aside.note { border-top: 2pt solid; margin-top: -11pt }", "covered"),
        ("p.lead { height: 7pt; border-bottom: 2pt solid }", "covered"),
        # other words
        ("p.lead { display: none }", "other-words"),
        ("p.lead { text-transform: uppercase }", "other-words"),
        ("p.lead { float: footnote }", "other-words"),
        ("p.lead { position: running(head) }", "other-words"),
        ("caption { caption-side: bottom }", "other-words"),
        ("thead { display: table-footer-group }", "other-words"),
        ("ol { display: flex; flex-direction: column-reverse }", "other-words"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_found(css, code):
    assert code in codes(css)


def test_a_fault_is_told_once_a_page_with_its_first_words():
    (one,) = find_problems("p { font-size: 7pt !important }")
    assert one.message == "“First words, which lead in.” on page 1 is set below 8 pt, and 7 more"
    assert one.hint == "give it a larger size, in theme.yaml or in print.css"


def test_other_words_are_told_where_they_were_written():
    (one,) = find_problems("p.lead { text-transform: uppercase }")
    assert one.message == "“First words, which lead in.” is not printed as it is written"
    assert one.at == PLACE


def test_words_that_nobody_wrote_are_told():
    short = document()
    findings = Findings()
    with pdf.lay_out_pages(WORDS, specimen.make_options(), findings) as laid:
        (one,) = page_checks.check_pages(laid, {}, short, specimen.make_options())
    assert one.message.startswith("words are printed that nobody wrote: “Firstwords,whichleadin.")


def test_raised_numerals_may_be_smaller_and_raised_words_may_not():
    def raised(text):
        return document(Paragraph((Text("Words"), Span("cite", (Text(text),)))))

    small = "span.cite { font-size: 6pt; vertical-align: super; line-height: 0 }"
    tiny = "span.cite { font-size: 4pt; vertical-align: super; line-height: 0 }"
    assert codes(small, raised("12, 13")) == []
    assert codes(small, raised("not")) == ["too-small"]
    assert codes(tiny, raised("12")) == ["too-small"]


def test_hyphens_that_the_setting_makes_are_no_other_words():
    assert find_problems("p { width: 20mm; hyphens: auto; hyphenate-limit-chars: 4 2 2 }") == []


def long_table():
    head = (Row((Cell((Text("Year"),), "col"), Cell((Text("Calls"),), "col"))),)
    rows = [
        Row((Cell((Text(str(year)),), "row"), Cell((Text(str(year * 7)),))))
        for year in range(1900, 2000)
    ]
    return document(Table(head, tuple(rows)))


def test_a_head_that_is_printed_again_is_no_other_words():
    assert find_problems(of=long_table()) == []


def test_a_head_that_there_is_no_room_for_is_missed():
    assert "other-words" in codes("th[scope=col] { padding-top: 240mm }", long_table())


def test_footnotes_are_read_by_themselves():
    note = Footnote((paragraph("A note."),))
    text = document(Paragraph((Text("Words"), note, Text(" go on."))))
    assert find_problems(of=text) == []
    assert "other-words" in codes("span.footnote { float: none }", text)


NUMBERS = document(
    Contents((Entry(2, "far", (Text("Far away"),)),)),
    Paragraph((Text("See page "), PageNumber("far"), Text("."))),
    Section((paragraph("Words."),), id="near"),
    Heading(2, (Text("Far away"),), id="far"),
)


def test_page_numbers_are_held_to_the_pages():
    assert find_problems("h2 { break-before: page }", NUMBERS) == []
    (one,) = find_problems("h2 { break-before: page }", NUMBERS, pages={"far": 3})
    assert one.code == "other-words"


def test_a_page_with_a_fault_is_not_written():
    with pytest.raises(Problems) as caught:
        pdf.render(WORDS, specimen.make_options(css="p.lead { font-size: 7pt }"))
    assert [d.code for d in caught.value.diagnostics] == ["too-small"]
