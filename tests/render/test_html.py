"""One HTML file: every node as the element that means it, and nothing asked for outside."""

import base64
import dataclasses
import re
from typing import cast

import lxml.etree
import lxml.html
import pytest

from pipeline.diagnostics import Problems
from pipeline.document.tree import (
    Box,
    Contents,
    Definition,
    Definitions,
    Document,
    Entry,
    Footnote,
    Heading,
    Item,
    Link,
    List,
    Meta,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Section,
    Text,
)
from pipeline.render import html
from tests.support import specimen

HOSTILE = """</style><script>alert(1)</script> & <b> "x" 'y' ]]> <!-- {{ 7 }} \\ ü"""


@pytest.fixture(scope="module")
def page():
    """The specimen's file, read by a parser."""
    return lxml.html.document_fromstring(written(specimen.document()))


def written(document, **given):
    return html.render(document, specimen.make_options(**given)).data.decode()


def body(*nodes, meta=None):
    """What stands in <main> for some nodes."""
    document = Document(meta or Meta(title="T", language="en"), nodes)
    inside = re.search("<main>\n(.*)</main>", written(document), re.DOTALL)
    assert inside
    return inside[1]


def text(*pieces):
    return tuple(Text(piece) for piece in pieces)


# --- the whole -------------------------------------------------------------------------


def test_the_file_parses_without_a_single_error():
    parser = lxml.etree.HTMLParser(recover=True)
    lxml.etree.fromstring(written(specimen.document()), parser)
    known_to_html5 = {"Tag main invalid", "Tag section invalid", "Tag nav invalid"}
    known_to_html5 |= {"Tag aside invalid", "Tag figure invalid", "Tag figcaption invalid"}
    known_to_html5 |= {"Tag footer invalid"}
    assert {entry.message for entry in parser.error_log} <= known_to_html5


def test_language_title_and_landmarks(page):
    assert page.get("lang") == "en-GB"
    assert page.findtext("head/title") == "Who keeps the line open when the talks have stopped?"
    assert [child.tag for child in page.body] == ["main"]
    assert [nav.get("class") for nav in page.iter("nav")] == ["contents"]
    assert len(list(page.iter("h1"))) == 1


def test_metadata(page):
    named = [(meta.get("name"), meta.get("content")) for meta in page.xpath("//meta[@name]")]
    assert named == [
        ("viewport", "width=device-width, initial-scale=1"),
        ("author", "R. Elm"),
        ("author", "T. Fir"),
        ("description", "Five practitioners on the open line."),
        ("keywords", "diplomacy, open line"),
        ("dcterms.publisher", "The Line Institute"),
        ("dcterms.created", "2021-03-04"),
        ("dcterms.modified", "2021-03-04"),
    ]


def test_a_brief_that_says_little_of_itself_says_nothing_empty():
    document = Document(Meta(title="T", language="en"), (Paragraph(text("Words.")),))
    page = lxml.html.document_fromstring(written(document))
    assert [meta.get("name") for meta in page.xpath("//meta[@name]")] == ["viewport"]
    assert page.xpath("//@*[. = '']") == []


def test_nothing_is_fetched_from_outside(page):
    addresses = page.xpath("//@src | //link/@href")
    addresses += re.findall(r"""url\(\s*["']?([^"')]+)""", page.findtext("head/style"))
    assert len(addresses) == 8 + 2  # the fonts, the logo and the picture
    assert {address.partition(",")[0] for address in addresses} == {
        "data:font/ttf;base64",
        "data:image/png;base64",
    }
    assert page.xpath("//script | //link | //iframe | //object | //base") == []
    assert "@import" not in page.findtext("head/style")


def test_fonts_and_images_are_in_the_file(page):
    _, image = page.iter("img")
    data = base64.b64decode(image.get("src").partition(",")[2])
    assert data == specimen.picture().data
    assert (image.get("width"), image.get("height")) == ("120", "60")
    assert image.get("alt") == "A grey ramp from dark to light"


def test_the_same_document_gives_the_same_bytes():
    assert written(specimen.document()) == written(specimen.document())


def test_every_link_leads_somewhere(page):
    ids = set(page.xpath("//@id"))
    inside = [link.get("href") for link in page.iter("a") if link.get("href").startswith("#")]
    assert len(inside) >= 5
    assert {href[1:] for href in inside} <= ids
    assert len(ids) == len(page.xpath("//@id"))


def test_words_are_words_whatever_they_look_like():
    meta = Meta(title=HOSTILE, language="en", authors=(HOSTILE,), running_head=HOSTILE)
    nodes = (Heading(1, text(HOSTILE)), Paragraph(text(HOSTILE)))
    page = lxml.html.document_fromstring(written(Document(meta, nodes)))
    words = cast(list[str], page.xpath("//h1/text() | //p/text()"))
    assert [page.findtext("head/title"), *words] == [HOSTILE] * 3
    assert page.xpath("//meta[@name='author']/@content") == [HOSTILE]
    assert page.find("body").get("data-verso") == HOSTILE
    assert page.xpath("//script | //b") == []


def test_a_stylesheet_cannot_end_itself():
    css = "p { --x: </style><script>alert(1)</script> }"
    page = lxml.html.document_fromstring(
        html.render(specimen.document(), specimen.make_options(css=css)).data.decode()
    )
    assert page.xpath("//script") == []


def test_a_browser_shows_one_column_with_the_notes_in_place(page):
    screen = page.findtext("head/style").partition("@media screen {")[2]
    assert 'span.footnote::before { content: " [" }' in screen


def test_a_file_without_pages_has_no_page_numbers(page):
    assert page.xpath("//span[@class='page-number']/text()") == []
    assert written(specimen.document(), pages={"q2": 6}) == written(specimen.document())


# --- the nodes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "element"),
    [
        (Paragraph(text("a & b"), role="lead", id="x"), '<p class="lead" id="x">a &amp; b</p>'),
        (Heading(3, text("H"), id="h"), '<h3 id="h">H</h3>'),
        (
            Section((Paragraph(text("a")),), role="answer", id="q1", running="R"),
            '<section class="answer" id="q1" data-recto="R">\n<p>a</p>\n</section>',
        ),
        (
            List((Item((Paragraph(text("a")),), id="i"),), ordered=True, start=4, role="sources"),
            '<ol class="sources" start="4" style="counter-reset: list-item 3">\n'
            '<li id="i"><p>a</p></li>\n</ol>',
        ),
        (
            List((Item((Paragraph(text("a")),)),), start=4),
            "<ul>\n<li><p>a</p></li>\n</ul>",
        ),
        (
            Quote((Paragraph(text("a")),), text("b"), "pull"),
            '<blockquote class="pull">\n<p>a</p>\n<footer>b</footer>\n</blockquote>',
        ),
        (
            Box((Paragraph(text("a")),), "note"),
            '<aside class="note">\n<p>a</p>\n</aside>',
        ),
        (
            Definitions((Definition(text("a"), (Paragraph(text("b")),)),)),
            "<dl>\n<div><dt>a</dt>\n<dd><p>b</p></dd></div>\n</dl>",
        ),
        (
            Paragraph((Link("https://a.example/?x=1&y=2", text("a")),)),
            '<p><a href="https://a.example/?x=1&amp;y=2">a</a></p>',
        ),
        (Paragraph((Reference("a+b", text("a")),)), '<p><a href="#a%2Bb">a</a></p>'),
        (
            Paragraph((*text("a"), PageNumber("q1"))),
            '<p>a<span class="page-number" data-target="#q1"></span></p>',
        ),
    ],
)
def test_a_node_is_the_element_that_means_it(node, element):
    assert body(node) == element + "\n"


def test_a_section_s_running_head_holds_for_those_within():
    inner = Section((Section((Paragraph(text("a")),)),), running="Outer")
    assert body(inner, meta=Meta(title="T", language="en")).count('data-recto="Outer"') == 2


def test_the_leader_and_the_number_of_an_entry_stand_outside_its_link():
    document = specimen.document()
    page = lxml.html.document_fromstring(written(document))
    entries = page.findall(".//nav//li")
    assert [(e.get("class"), e[0].tag, e[1].get("data-target")) for e in entries][:2] == [
        ("contents-1", "a", "#summary"),
        ("contents-1", "a", "#q1"),
    ]


def test_a_footnote_s_blocks_keep_their_words_apart():
    note = Footnote(
        (
            Paragraph(text("First.")),
            List((Item((Paragraph(text("one;")),)), Item((Paragraph(text("two.")),)))),
            Quote((Paragraph(text("Said.")),)),
        )
    )
    read = lxml.html.fromstring(body(Paragraph((*text("Words"), note, *text(" go on.")))))
    assert "".join(map(str, read.itertext())).split() == [
        "Words",
        "First.",
        "one;",
        "two.",
        "Said.",
        "go",
        "on.",
    ]


@pytest.mark.parametrize(
    "node",
    [
        Heading(2, text("a")),
        Quote((Paragraph(text("a")),), text("who")),
        Section((Paragraph(text("a")),)),
        Definitions((Definition(text("a"), ()),)),
    ],
)
def test_what_a_footnote_cannot_hold_is_refused(node):
    with pytest.raises(Problems) as caught:
        body(Paragraph((Footnote((node,)),)))
    assert [d.code for d in caught.value.diagnostics] == ["footnote-content"]


def test_known_pages_are_printed_where_a_layout_is_made():
    options = dataclasses.replace(specimen.make_options(), pages={"q1": 12})
    nodes = (Paragraph((PageNumber("q1"),)),)
    document = Document(Meta(title="T", language="en"), nodes)
    serialised = html.serialise_html(document, options, font=lambda _: "x", image=lambda _: "y")
    assert '<p><span class="page-number">12</span></p>' in serialised
    assert "target-counter" not in serialised


def test_an_entry_prints_its_page_after_its_link():
    options = dataclasses.replace(specimen.make_options(), pages={"q1": 12})
    document = Document(Meta(title="T", language="en"), (Contents((Entry(2, "q1", text("Q")),)),))
    serialised = html.serialise_html(document, options, font=lambda _: "x", image=lambda _: "y")
    assert (
        '<li class="contents-2"><a href="#q1">Q</a><span class="page-number">12</span></li>'
    ) in serialised
