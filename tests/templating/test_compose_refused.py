"""What a template prints and a brief cannot hold is refused, with the template's own line."""

import re

import pytest

from pipeline.diagnostics import Location, Problems
from pipeline.document.tree import Image
from pipeline.system.limits import TemplateLimits
from pipeline.templating import compose, html_blocks, html_tree
from pipeline.templating.provenance_marks import RenderedHtml
from tests.support.workbench import AT, PAGE, get_only

IMAGE = Image(b"", "image/png", 4, 3, "0" * 64)

REFUSED = {
    # elements and attributes
    "an unknown element": (
        "<sectoin>a</sectoin>", "unknown-element", "<sectoin> is not an element",
        "mean `section`?",
    ),
    "an unknown element like none": ("<xyz></xyz>", "unknown-element", "<xyz>", "known: `a`, "),
    "a script": ("<script>if (a<b) {}</script>", "unknown-element", "<script>"),
    "a style": ("<style>p { color: red }</style>", "unknown-element", "<style>"),
    "a custom element": ("<a-b>x</a-b>", "unknown-element", "<a-b>"),
    "an unknown attribute": (
        '<p style="color: red">a</p>', "unknown-attribute", "<p> has no attribute `style`",
        "`class`",
    ),
    "an attribute of an element that has none": (
        '<hr id="a">', "unknown-attribute", "`id`", "none is known here",
    ),
    "a class of a list of terms": (
        '<dl class="x"><dt>a</dt><dd>b</dd></dl>', "unknown-attribute", "`class`",
    ),
    "an attribute twice": (
        '<p id="a" id="b">a</p>', "duplicate-attribute", "`id` is written twice",
    ),
    "an unknown role": (
        '<p class="leed">a</p>', "unknown-role", "`leed` is not a role of <p>",
        "did you mean `lead`?",
    ),
    "another element's role": ('<p class="cover">a</p>', "unknown-role", "`cover`", "known: "),
    "two roles": ('<p class="lead note">a</p>', "unknown-role", "`lead note`", "mean `note`?"),
    "an unknown role in a line": ('<p><span class="x">a</span></p>', "unknown-role", "<span>"),
    "a role of a link": (
        '<p><a class="x" href="https://x.example">a</a></p>', "unknown-role", "`x`", "`page`",
    ),
    "an id that is none": ('<p id="1 a">a</p>', "bad-id", "`1 a`", "begins with a letter"),
    "an id twice": (
        '<p id="a">a</p><p id="a">b</p>', "duplicate-id", "`a` is used twice", f"{AT}:4",
    ),
    "a comment": ("<!-- lost --><p>a</p>", "unknown-element", "`<!-- lost`", "`{# … #}`"),
    "a broken comment": ("</3 lost><p>a</p>", "unknown-element", "lost"),
    "an instruction": ("<?php lost ?>", "unknown-element", "`<?php lost"),
    "a declaration": ("<!ELEMENT lost>", "unknown-element", "lost"),
    "a kind of document": ("<!DOCTYPE lost>", "unknown-element", "`<!DOCTYPE lost`"),
    "a marked section": ("<![CDATA[lost]]>", "unknown-element", "CDATA[lost"),
    # closing
    "an open element": ("<p>a", "not-closed", "<p> is not closed"),
    "a crossed element": ("<p><em>a</p></em>", "not-closed", "<em> is not closed"),
    "an end without a start": ("<p>a</p></p>", "not-opened", "</p> closes nothing"),
    # places
    "words without a paragraph": (
        "<section>lost <p>a</p></section>", "words-outside-paragraph",
        "“lost” stands in <section>", "put words into <p>",
    ),
    "words between items": ("<ul>lost<li>a</li></ul>", "words-outside-paragraph", "“lost”"),
    "words beside blocks of an item": (
        "<ul><li>lost<p>a</p></li></ul>", "words-outside-paragraph", "in <li>",
    ),
    "a value without a paragraph": (
        "<section>{{ questions[0].text }}</section>", "words-outside-paragraph", "“a value”",
    ),
    "a value between rows": (
        "<ul>{{ article.introduction }}<li>a</li></ul>", "words-outside-paragraph", "a value",
    ),
    "an inline element without a paragraph": (
        "<section><em>a</em></section>", "misplaced-element", "<em> cannot stand in <section>",
    ),
    "a block in a line": ("<p><ul><li>a</li></ul></p>", "misplaced-element", "<ul> cannot"),
    "an item without a list": ("<li>a</li>", "misplaced-element", "<li> cannot stand in <body>"),
    "a paragraph in a list": ("<ul><li>a</li><p>b</p></ul>", "misplaced-element", "<p>"),
    "a section in a list": (
        "<ul><li><section><p>a</p></section></li></ul>", "misplaced-element", "<section>",
    ),
    "a heading in a quote": (
        "<blockquote><h2>a</h2></blockquote>", "misplaced-element", "<h2> cannot stand in <block",
    ),
    "contents in a list of terms": (
        "<dl><dt>a</dt><dd><nav></nav></dd></dl>", "misplaced-element", "<nav>",
    ),
    "a page break in a box": ("<aside><hr></aside>", "misplaced-element", "<hr>"),
    "a box in a box": ("<aside><aside><p>a</p></aside></aside>", "misplaced-element", "<aside>"),
    "a block in a cell": (
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><p>b</p></td></tr></tbody></table>",
        "misplaced-element", "<p> cannot stand in <td>",
    ),
    "a link in a link": (
        '<p><a href="https://x.example">a <em><a href="https://y.example">b</a></em></a></p>',
        "misplaced-element", "<a> cannot stand in <a>",
    ),
    # lists, tables, figures
    "a list without items": ("<ul></ul>", "empty-list", "<ul> has no <li>"),
    "a start that is none": (
        '<ol start="²"><li>a</li></ol>', "bad-value", "cannot be `²`", "whole",
    ),
    "a start without an end": (
        f'<ol start="{"9" * 5000}"><li>a</li></ol>', "bad-value", "`start` of <ol>",
    ),
    "two footers": (
        "<blockquote>a<footer>b</footer><footer>c</footer></blockquote>", "duplicate-element",
        "<footer> is written twice",
    ),
    "a footer with an attribute": (
        '<blockquote>a<footer class="x">b</footer></blockquote>', "unknown-attribute", "<footer>",
    ),
    "a table without a head": (
        "<table><tbody><tr><td>a</td></tr></tbody></table>", "table-without-header", "<thead>",
    ),
    "a table without rows": (
        "<table><thead></thead><tbody></tbody></table>", "table-without-header", "with rows",
    ),
    "rows without cells": (
        "<table><thead><tr></tr></thead><tbody><tr></tr></tbody></table>", "too-large", "1 to 24",
    ),
    "uneven rows": (
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td><td>c</td></tr></tbody></table>",
        "uneven-table", "the rows have 1 and 2 cells", "as many cells",
    ),
    "a table upside down": (
        "<table><tbody><tr><td>a</td></tr></tbody><thead><tr><th>b</th></tr></thead></table>",
        "misplaced-element", "in this order",
    ),
    "two captions": (
        "<table><caption>a</caption><caption>b</caption><thead><tr><th>c</th></tr></thead>"
        "<tbody><tr><td>d</td></tr></tbody></table>",
        "duplicate-element", "<caption>",
    ),
    "a scope that is none": (
        '<table><thead><tr><th scope="colgroup">a</th></tr></thead><tbody><tr><td>b</td></tr>'
        "</tbody></table>",
        "bad-value", "`scope` of <th> cannot be `colgroup`", "`col` or `row`",
    ),
    "a row without a table": ("<tr><td>a</td></tr>", "misplaced-element", "<tr>"),
    "a figure without an image": (
        "<figure><figcaption>a</figcaption></figure>", "figure-without-image", "<img>",
    ),
    "two images in a figure": (
        '<figure><img src="theirs.png" alt="a"><img src="theirs.png" alt="b"></figure>',
        "duplicate-element", "<img> is written twice",
    ),
    "two captions of a figure": (
        '<figure><img src="theirs.png" alt="a"><figcaption>b</figcaption><figcaption>c</figcaption>'
        "</figure>",
        "duplicate-element", "<figcaption>",
    ),
    "an image without words for it": (
        '<figure><img src="theirs.png"></figure>', "image-alt", "`theirs.png`", 'alt="…"',
    ),
    "an image that is not there": (
        '<figure><img src="x.png" alt="a"></figure>', "image-missing", "no image `x.png`",
    ),
    "an image in a line": ('<p><img src="x.png" alt="a"></p>', "misplaced-element", "<img>"),
    "a term without a meaning": (
        "<dl><dt>a</dt><dt>b</dt><dd>c</dd></dl>", "term-without-definition", "<dt> has no <dd>",
    ),
    "a last term without a meaning": (
        "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>", "term-without-definition", "<dt> has no <dd>",
    ),
    "a meaning without a term": (
        "<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>", "definition-without-term", "<dd> has no <dt>",
    ),
    "terms without any": ("<dl></dl>", "empty-list", "<dl> has no terms"),
    "contents with words": ("<nav>lost</nav>", "words-outside-paragraph", "“lost”"),
    "contents with an element": ("<nav><p>lost</p></nav>", "misplaced-element", "<p>"),
    "a depth that is none": ('<nav data-depth="4"></nav>', "bad-value", "cannot be `4`", "1 to 3"),
    "an empty heading": ("<h2> </h2>", "empty-heading", "<h2> is empty"),
    # links and notes
    "a link to a script": (
        '<p><a href="javascript:x">a</a></p>', "link-target", "`javascript:x`", "https://",
    ),
    "a link to a file": ('<p><a href="file:///x">a</a></p>', "link-target", "`file:///x`"),
    "a link to nothing": ("<p><a>a</a></p>", "link-target", "``"),
    "a link without words": ('<p><a href="#x"></a></p>', "link-empty", "no words", 'class="page"'),
    "a reference to nothing": (
        '<p id="abc"><a href="#abd">a</a></p>', "unknown-reference", "`abd`", "mean `abc`?",
    ),
    "a reference to a heading's own id": (
        '<h2>a</h2><p><a href="#h1">a</a></p>', "unknown-reference", "`h1`", "none is known",
    ),
    "a page of nothing": ('<p>a <a class="page" href="#x"></a></p>', "unknown-reference", "`x`"),
    "a page number with words": (
        '<p id="x"><a class="page" href="#x">lost</a></p>', "misplaced-element", "no words",
        "<a class",
    ),
    "a page number of the web": (
        '<p><a class="page" href="https://x.example"></a></p>', "misplaced-element", "an #id",
    ),
    "a note in a note": (
        '<p>a<span class="footnote">b<em><span class="footnote">c</span></em></span></p>',
        "footnote-nested", "a footnote cannot hold a footnote",
    ),
    "a note of the content in a note": (
        "<p>a<span class=\"footnote\">{{ answer('q1.bo').blocks }}</span></p>", "footnote-nested",
        "a footnote cannot hold a footnote",
    ),
    # characters
    "a character in words": ("<p>a&#x202e;b</p>", "bad-character", "the text holds U+202E"),
    "a character in an attribute": (
        '<section data-running="a&#xad;b"><p>a</p></section>', "bad-character", "U+00AD",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code", "message", "hint"), [(*case, "")[:4] for case in REFUSED.values()], ids=REFUSED
)
def test_what_cannot_be_kept_is_refused_at_its_line(bench, body, code, message, hint):
    bench.content.images["theirs.png"] = IMAGE
    found = next(d for d in bench.catch_refusal(f"\n{body}") if d.code == code)
    # What has no start tag of its own is reported at the element around it, here <body>.
    assert found.at == Location(AT, 4 if re.match("<[a-z]", body) and code != "not-opened" else 2)
    assert message in found.message
    assert hint in (found.hint or "")


def test_all_that_is_wrong_is_told_at_once(bench):
    found = bench.catch_refusal('<p style="x">a</p>\n<pre>b</pre>\n<p class="c">d</p>\n<ul></ul>\n')
    assert [(d.code, d.at.line) for d in found] == [
        ("unknown-attribute", 3), ("unknown-element", 4), ("unknown-role", 5), ("empty-list", 6),
    ]  # fmt: skip


HEAD = '<html lang="en"><head><title>t</title>{}</head><body><p>a</p></body></html>'


@pytest.mark.parametrize(
    ("document", "code", "message"),
    [
        ("", "missing-element", "no <html>"),
        ("lost", "words-outside-paragraph", "“lost” stands outside of <html>"),
        ("<p>lost</p>", "misplaced-element", "<p> cannot stand outside of <html>"),
        ("<html></html>", "missing-element", "no <head>"),
        ("<html><head></head></html>", "missing-element", "no <body>"),
        (HEAD.format("") + "lost", "words-outside-paragraph", "outside of <html>"),
        (HEAD.format("") * 2, "duplicate-element", "<html> is written twice"),
        (HEAD.format("</head><head>"), "duplicate-element", "<head> is written twice"),
        (HEAD.replace("</body>", "</body>lost").format(""), "words-outside-paragraph", "in <html>"),
        (HEAD.replace("</body>", "</body><p>a</p>").format(""), "misplaced-element", "in <html>"),
        (HEAD.format("lost"), "words-outside-paragraph", "in <head>"),
        (HEAD.format("<p>lost</p>"), "misplaced-element", "<p> cannot stand in <head>"),
        (HEAD.replace("<title>t</title>", "").format(""), "missing-title", "no <title>"),
        (HEAD.replace("t</title>", " </title>").format(""), "missing-title", "no <title>"),
        (HEAD.replace(">t<", "><em>t</em><").format(""), "misplaced-element", "in <title>"),
        (HEAD.format("<title>b</title>"), "duplicate-element", "<title> is written twice"),
        (HEAD.replace("en", "english!").format(""), "bad-value", "`lang` of <html>"),
        (HEAD.replace(' lang="en"', "").format(""), "bad-value", "cannot be ``"),
        (HEAD.replace("<body>", '<body class="x">').format(""), "unknown-attribute", "<body>"),
        (HEAD.format('<meta name="autor" content="a">'), "unknown-meta", '<meta name="autor">'),
        (HEAD.format('<meta content="a">'), "unknown-meta", '<meta name="">'),
        (HEAD.format('<meta name="date" content="today">'), "bad-value", "cannot be `today`"),
        (HEAD.format('<meta name="date" content="20240506">'), "bad-value", "`20240506`"),
        (HEAD.format('<meta name="subject" content="a">' * 2), "duplicate-element", "subject"),
        (HEAD.replace("</html>", "").format(""), "not-closed", "<html> is not closed"),
        (HEAD.replace("<p>a</p>", "").format(""), "empty-document", "no words"),
    ],
)  # fmt: skip
def test_a_whole_that_is_none_is_refused(bench, document, code, message):
    found = [d for d in bench.catch_whole_refusal(document or " ") if d.code == code]
    assert message in found[0].message


def test_elements_in_each_other_have_a_bound(bench):
    deep = "<section>" * 40 + "<p>a</p>" + "</section>" * 40
    found = get_only(bench.catch_refusal(deep))
    assert (found.code, found.message) == ("too-deep", "more than 40 elements in each other")


def test_every_block_that_may_stand_somewhere_has_its_reader():
    assert html_blocks._READERS.keys() == html_tree.PARTS


def test_the_parts_and_columns_of_a_brief_have_a_bound(bench):
    found = get_only(bench.catch_refusal("<p>a</p>" * 3, limits=TemplateLimits(nodes=5)))
    assert (found.code, found.message) == ("too-large", "the brief has more than 5 parts")
    cells = (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr>"
    )
    found = get_only(
        bench.catch_refusal(cells + "</tbody></table>", limits=TemplateLimits(columns=1))
    )
    assert (found.code, found.message) == ("too-large", "a table has 1 to 1 columns")


@pytest.mark.parametrize("place", ["²", "x:²", "x:" + "9" * 5000, ":3", "3", ""])
def test_a_place_that_a_template_makes_up_does_no_harm(place):
    html = PAGE.replace("{body}", f'<pre data-at="{place}">x</pre>')
    with pytest.raises(Problems) as caught:
        compose.compose(RenderedHtml(html), {}, lambda name, at: IMAGE)
    assert get_only(caught.value.diagnostics).at is None
