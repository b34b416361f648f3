"""HTML becomes a Document, element by element; what is not known is refused at its line."""

import pytest

from pipeline.diagnostics import Location
from pipeline.document.tree import (
    Address,
    Box,
    Cell,
    Contents,
    Definition,
    Definitions,
    Emphasis,
    Entry,
    Figure,
    Footnote,
    Heading,
    Image,
    Item,
    LineBreak,
    Link,
    List,
    Meta,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
)
from pipeline.templating.compose import compose as composed
from pipeline.templating.provenance_marks import RenderedHtml
from tests.support.workbench import AT, HOSTILE, PAGE, get_only, list_texts

IMAGE = Image(b"", "image/png", 4, 3, "0" * 64)


def line(*children):
    return tuple(Text(child) if isinstance(child, str) else child for child in children)


def p(*children, **more):
    return Paragraph(line(*children), **more)


# --- what comes out -----------------------------------------------------------------------

BLOCKS = {
    "a paragraph": ("<p>a b</p>", p("a b")),
    "a paragraph with a part": ('<p class="lead" id="x">a</p>', p("a", role="lead", id="x")),
    "headings": ('<h1>a</h1><h4 id="x">b</h4>', Heading(1, line("a"), "h1"),
                 Heading(4, line("b"), "x")),
    "a section": (
        '<section class="answer" id="x" data-running=" a  b "><p>c</p></section>',
        Section((p("c"),), "answer", "x", "a b"),
    ),
    "a plain section": ("<section><p>c</p></section>", Section((p("c"),))),
    "a box": ('<aside class="note"><h2>a</h2><p>b</p></aside>',
              Box((Heading(2, line("a"), "h1"), p("b")), "note")),
    "bullets": ("<ul><li>a <em>b</em></li><li><p>c</p><p>d</p></li></ul>",
                List((Item((p("a ", Emphasis(line("b"))),)), Item((p("c"), p("d")))))),
    "numbers": ('<ol start="3" class="sources"><li id="x">a</li></ol>',
                List((Item((p("a"),), "x"),), ordered=True, start=3, role="sources")),
    "a list in a list": ("<ul><li><p>a</p><ul><li>b</li></ul></li></ul>",
                         List((Item((p("a"), List((Item((p("b"),)),)))),))),
    "an empty item": ("<ul><li></li></ul>", List((Item(()),))),
    "a quote": ('<blockquote class="pull"><p>a</p><footer>b</footer></blockquote>',
                Quote((p("a"),), line("b"), "pull")),
    "a quote of words": ("<blockquote>a</blockquote>", Quote((p("a"),))),
    "terms": ("<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd><p>d</p><p>e</p></dd></dl>",
              Definitions((Definition(line("a"), (p("b"),)),
                           Definition(line("c"), (p("d"), p("e")))))),
    "a table": (
        '<table class="facts"><caption>a</caption><thead><tr><th>b</th><th scope="col">c</th></tr>'
        "</thead><tbody><tr><th>d</th><td>e</td></tr><tr><td>f</td><td></td></tr></tbody></table>",
        Table(
            (Row((Cell(line("b"), "col"), Cell(line("c"), "col"))),),
            (Row((Cell(line("d"), "row"), Cell(line("e")))), Row((Cell(line("f")), Cell(())))),
            line("a"),
            "facts",
        ),
    ),
    "two bodies of a table": (
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>"
        "<tbody><tr><td>c</td></tr></tbody></table>",
        Table((Row((Cell(line("a"), "col"),)),),
              (Row((Cell(line("b")),)), Row((Cell(line("c")),)))),
    ),
    "a page break": ("<p>a</p><hr><p>b</p>", p("a"), PageBreak(), p("b")),
    "elements that close themselves": ("<p>a<br/>b</p><hr/><p/>",
                                       p("a", LineBreak(), "b"), PageBreak()),
    "nothing": ("<p></p><p> \n </p><p>a</p><p><em></em></p>", p("a")),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [(b, e) for b, *e in BLOCKS.values()], ids=BLOCKS)
def test_each_element_is_a_block(bench, body, expected):
    assert bench.body(body).children == tuple(expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<em>a</em>", Emphasis(line("a"))),
        ("<strong>a</strong>", Strong(line("a"))),
        ('<span class="term">a</span>', Span("term", line("a"))),
        ("<span>a</span>", Span("", line("a"))),
        ('<a href="https://x.example/?a=1&amp;b=2">a</a>',
         Link("https://x.example/?a=1&b=2", line("a"))),
        ('<a href="#here">a</a>', Reference("here", line("a"))),
        ('<a class="page" href="#here"></a>', PageNumber("here")),
        ("<br>", LineBreak()),
        ('<span class="footnote">b <em>c</em></span>', Footnote((p("b ", Emphasis(line("c"))),))),
        ("a&nbsp;&eacute;&#8212;&lt;b&gt;", Text("a\u00a0é—<b>")),
        ("<em>a<strong>b</strong></em>", Emphasis(line("a", Strong(line("b"))))),
    ],
)  # fmt: skip
def test_each_element_in_a_line_is_a_node(bench, body, expected):
    paragraph, _ = bench.body(f'<p>{body}</p><p id="here">x</p>').children
    assert paragraph.children == (expected,)


def test_the_head_says_what_the_file_is(bench):
    document = bench.document(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head><meta charset="utf-8">'
        "<title> {{ article.title }}: {{ questions[0].text }}\n</title>"
        '<meta name="author" content="{{ experts[1].affiliation }}">'
        '<meta name="author" content=""><meta name="author" content="B">'
        '<meta name="subject" content="{{ summary.standfirst }}">'
        '<meta name="keyword" content="k">'
        '<meta name="publisher" content="{{ house.name }}">'
        '<meta name="date" content="{{ article.date.isoformat() }}">'
        '<meta name="running-head" content="a&nbsp;·  b"></head><body><p>x</p></body></html>'
    )
    assert document.meta == Meta(
        title="Words that matter: What is said?",
        language="en-GB",
        authors=(HOSTILE, "B"),
        subject="Two experts on words.",
        keywords=("k",),
        publisher="House of Words",
        date="2024-05-06",
        running_head="a\u00a0· b",
    )


# --- values of the content ----------------------------------------------------------------


def test_blocks_of_the_content_come_as_they_are(bench):
    given = bench.body("{{ answer('q1.ada').blocks }}<section>{{ article.introduction }}</section>")
    assert given.children == (
        Paragraph((Text("First words of Ada.", Address("article.md#q1.ada.1")),)),
        Paragraph(
            (
                Text("Second words, ", Address("article.md#q1.ada.2")),
                Strong((Text("strong", Address("article.md#q1.ada.2")),)),
                Text(" ones.", Address("article.md#q1.ada.2")),
            )
        ),
        Section(
            (
                Paragraph(
                    (
                        Text("Opening words with ", Address("article.md#introduction.1")),
                        Emphasis((Text("stress", Address("article.md#introduction.1")),)),
                        Text(".", Address("article.md#introduction.1")),
                    )
                ),
            )
        ),
    )


@pytest.mark.parametrize("element", ["li", "blockquote", "dd"])
def test_blocks_of_the_content_can_stand_in(bench, element):
    around = {"li": "<ul>{}</ul>", "blockquote": "{}", "dd": "<dl><dt>a</dt>{}</dl>"}[element]
    inside = f"<{element}>{{{{ answer('q2.bo').blocks }}}}</{element}>"
    assert ("A deed", "article.md#q2.bo.1") in list_texts(bench.body(around.format(inside)))


def test_a_single_paragraph_of_the_content_can_stand_in_a_line(bench):
    (paragraph,) = bench.body("<p>So: {{ answer('q1.bo').blocks }}</p>").children
    assert paragraph.children == (
        Text("So: "),
        Text("Words of Bo", Address("article.md#q1.bo.1")),
        Footnote((Paragraph((Text("A note of Bo.", Address("article.md#q1.bo.1")),)),)),
        Text(".", Address("article.md#q1.bo.1")),
    )


def test_several_paragraphs_cannot_stand_in_a_line(bench):
    found = get_only(bench.catch_refusal("<p>a</p>\n<p>{{ answer('q1.ada').blocks }}</p>"))
    assert (found.code, found.at) == ("misplaced-blocks", Location(AT, 4))
    assert found.hint == "print it outside of <p>"


def test_a_value_without_anything_is_nothing(bench):
    empty = "{{ article.about }}"
    body = f"{empty}<ul>{empty}<li>{empty}a</li></ul><p>{empty}</p>"
    assert bench.body(body).children == (List((Item((p("a"),)),)),)


def test_a_link_of_the_content_within_a_link_is_its_words(bench):
    text = (bench.project / "content/words/article.md").read_text()
    text = text.replace("What is said?", "What is [*said*](https://x.example)?")
    (bench.project / "content/words/article.md").write_text(text)
    bench = type(bench)(bench.project)
    reference, own = bench.body(
        '<p><a href="#x">{{ questions[0].text }}</a></p><h2 id="x">{{ questions[0].text }}</h2>'
    ).children
    emphasised = Emphasis((Text("said", Address("article.md#q1")),))
    opening, closing = (
        Text("What is ", Address("article.md#q1")),
        Text("?", Address("article.md#q1")),
    )
    assert reference.children == (Reference("x", (opening, emphasised, closing)),)
    assert own.children == (opening, Link("https://x.example", (emphasised,)), closing)


def test_images_are_the_contents_and_the_templates(bench):
    body = '<figure><img src="{}" alt="a  map"><figcaption>b</figcaption></figure>'
    requested = []

    def asset(name, at):
        requested.append((name, at))
        return IMAGE

    html = PAGE.replace("{body}", body.format("theirs.png") + body.format("own.png"))
    document = composed(RenderedHtml(html), {"theirs.png": IMAGE}, asset)
    assert document.children[0] == Figure("theirs.png", "a  map", line("b"))
    assert document.images == {"theirs.png": IMAGE, "own.png": IMAGE}
    assert requested == [("own.png", None)]


def test_an_image_of_the_content_comes_with_the_figure_that_shows_it(bench):
    bench.content.images["words/map.png"] = IMAGE
    figure = Figure("words/map.png", "a map", line(" A  legend "))
    printed = RenderedHtml(values=[(p("a"), figure)])
    html = str(printed.mark_value((p("a"), figure)))
    printed.html = PAGE.replace("{body}", f"<section>{html}</section>")
    document = composed(printed, bench.content.images, lambda name, at: IMAGE)
    (section,) = document.children
    assert section.children == (p("a"), Figure("words/map.png", "a map", line("A legend")))
    assert document.images == {"words/map.png": IMAGE}


# --- the whole ----------------------------------------------------------------------------


def test_headings_without_an_id_get_one_that_is_free(bench):
    document = bench.body(
        '<h1>a</h1><section id="h1"><h2>b</h2></section><aside><h3 id="h3">c</h3><h3>d</h3></aside>'
    )
    title, section, box = document.children
    assert [title.id, section.id, section.children[0].id] == ["h2", "h1", "h4"]
    assert [heading.id for heading in box.children] == ["h3", "h5"]


def test_contents_have_the_headings_that_follow_down_to_their_depth(bench):
    document = bench.body(
        '<h1>t</h1><h2>before</h2><nav data-depth="1"></nav><section><h2>a</h2><h3>b</h3>'
        '<aside><nav data-depth="3"></nav></aside><h4>c</h4></section><nav></nav>'
        "<h1>u</h1><h2>d</h2><h3>e</h3><h4>f</h4>"
    )
    contents = [n for n in document.children if isinstance(n, Contents)]
    section = document.children[3]
    inner = section.children[2].children[0]
    assert [
        [(e.level, e.children[0].text) for e in nav.children] for nav in (*contents, inner)
    ] == [
        [(1, "a"), (1, "d")],
        [(1, "d"), (2, "e")],
        [(3, "c"), (1, "d"), (2, "e"), (3, "f")],
    ]
    assert contents[0].children[0] == Entry(1, section.children[0].id, line("a"))


def test_contents_take_words_not_notes_or_links(bench):
    *_, contents, _ = bench.body(
        '<p id="x">.</p><nav></nav><h2><span class="number">1</span> <em>a<span class="footnote">b'
        '</span></em> <a href="https://x.example">c</a> <a class="page" href="#x"></a></h2>'
    ).children
    assert contents.children[0].children == line(
        Span("number", line("1")), " ", Emphasis(line("a")), " ", "c", " "
    )
