"""Saved pages: the article's words in their order, and a reason for all that is left out."""

import time

import pytest

from pipeline.diagnostics import Problems
from pipeline.importers import html
from pipeline.importers.blocks import Kind, Span

ARTICLE = """\
<!DOCTYPE html>
<html lang="en-GB">
<head><title>Are locks open? | The Fog Desk</title></head>
<body>
<div class="cookie-banner"><p>We use cookies.</p></div>
<header><a href="/">Home</a></header>
<nav><ul><li><a href="/locks">Locks</a></li></ul></nav>
<div class="hero"><h1>Are locks open?</h1><p>By Ola Nord</p></div>
<article>
{}
<p>The gate has stood open since the spring, says the warden, and nobody has gone to look.</p>
<p>There are four more gates along the canal, and each of them has a keeper of its own.</p>
</article>
<aside><h2>Ten gates to see</h2></aside>
<footer><p>All rights reserved.</p></footer>
</body>
</html>
"""


def read(page):
    return html.read(page, "page.html")


def inside(reading):
    return [block for block in reading.blocks if not block.outside]


def blocks(markup):
    """Read some markup as an article's, without the two paragraphs that every article here has."""
    found = inside(read(ARTICLE.format(markup)))
    assert [block.text for block in found[:2]] == ["Are locks open?", "By Ola Nord"]
    return found[2:-2]


def said(markup):
    return [(block.kind.value, block.text) for block in blocks(markup)]


def spans(markup):
    (block,) = blocks(markup)
    return list(block.spans)


def meta(head, body=""):
    page = f"<html><head>{head}</head><body><main>{body}<p>Some words.</p></main></body></html>"
    return read(page).meta


class TestWhichPartIsTheArticle:
    def test_the_rest_is_kept_with_the_reason(self):
        page = read(ARTICLE.format(""))

        assert [(block.text, block.outside) for block in page.blocks if block.outside] == [
            ("We use cookies.", "a notice"),
            ("Home", "outside the article"),
            ("Locks", "navigation"),
            ("Ten gates to see", "beside the article"),
            ("All rights reserved.", "the page’s foot"),
        ]

    def test_the_headline_above_the_article_and_what_follows_it_belong_to_it(self):
        assert [block.text for block in inside(read(ARTICLE.format("")))[:2]] == [
            "Are locks open?",
            "By Ola Nord",
        ]

    def test_without_an_article_the_smallest_element_with_its_words_is_taken(self):
        page = ARTICLE.format("").replace("article>", "div>")

        assert len(inside(read(page))) == 4

    def test_an_article_whose_lines_are_extracted_as_one_is_found(self):
        gate = "The upper gate has a keeper who lives beside it all year round."
        page = f"<p>Home</p><article><details><summary>Gates</summary>{gate}</details></article>"

        assert [block.text for block in inside(read(page))] == ["Gates", gate]

    def test_what_stands_between_two_paragraphs_is_not_lost(self):
        assert said("<p>Short.</p>") == [("paragraph", "Short.")]

    @pytest.mark.parametrize(
        ("markup", "reason"),
        [
            ("<nav>Next</nav>", "navigation"),
            ("<div role='navigation'>Next</div>", "navigation"),
            ("<form><p>Your address</p></form>", "a form"),
            ("<aside>Next</aside>", "beside the article"),
            ("<div hidden>Next</div>", "hidden"),
            ("<div style='display: none'>Next</div>", "hidden"),
            ("<div aria-hidden='true'>Next</div>", "hidden"),
            ("<div class='related'><p>Next</p></div>", "links to other texts"),
            ("<section id='comments'><p>First!</p></section>", "comments"),
            ("<ul class='menu'><li>Post</li></ul>", "a part of the page, not of the article"),
            ("<figure><figcaption>A gate.</figcaption></figure>", "an image’s caption"),
        ],
    )  # fmt: skip
    def test_parts_of_the_page_within_the_article_are_kept_apart(self, markup, reason):
        page = read(ARTICLE.format(markup))

        assert len(inside(page)) == 4
        assert reason in {block.outside for block in page.blocks}

    def test_a_button_or_hidden_words_in_a_line_stand_behind_it(self):
        page = read(
            ARTICLE.format(
                "<p>The gate <button>Share</button><span class='sr-only'>now</span> is open.</p>"
            )
        )

        at = next(n for n, block in enumerate(page.blocks) if block.text == "The gate is open.")
        assert [(b.text, b.outside) for b in page.blocks[at + 1 : at + 3]] == [
            ("Share", "a button"),
            ("now", "hidden"),
        ]

    @pytest.mark.parametrize(
        "around", ["form", "div aria-hidden='true'", "div style='display:none'"]
    )
    def test_what_is_said_of_the_whole_page_says_nothing(self, around):
        page = ARTICLE.format("").replace("<article>", f"<{around}><article>")
        page = page.replace("</article>", f"</article></{around.split()[0]}>")

        assert "Are locks open?" in [block.text for block in inside(read(page))]
        assert len(inside(read(page))) == 4

    def test_a_page_of_few_words_is_the_article(self):
        found = read("<p>It rains.</p>").blocks

        assert [(block.text, block.outside) for block in found] == [("It rains.", "")]

    @pytest.mark.parametrize(
        "markup", ["<script>x()</script>", "<style>p {}</style>", "<template><p>x</p></template>",
                   "<noscript><p>x</p></noscript>", "<svg><text>x</text></svg>", "<!-- x -->"],
    )  # fmt: skip
    def test_what_is_never_shown_is_no_text(self, markup):
        assert blocks(markup) == []
        assert said(f"<p>a{markup}b</p>") == [("paragraph", "ab")]


class TestBlocks:
    @pytest.mark.parametrize(
        ("markup", "expected"),
        [
            ("<h2>Who?</h2>", [("heading", "Who?")]),
            ("<div>One<p>two</p>three</div>", [("paragraph", w) for w in ("One", "two", "three")]),
            ("<p>One<br>two</p>", [("paragraph", "One"), ("paragraph", "two")]),
            ("<b><p>One</p></b>", [("paragraph", "One")]),
            ("<blockquote>One<p>two</p></blockquote>",
             [("quotation", "One"), ("quotation", "two")]),
            ("<blockquote><p>One</p><footer>Wei</footer></blockquote>",
             [("quotation", "One"), ("quotation", "Wei")]),
            ("<dl><dt>Wei</dt><dd>No.</dd></dl>", [("paragraph", "Wei"), ("paragraph", "No.")]),
            ("<table><tr><th>Vote</th><th></th></tr><tr><td>No<br>5</td><td><b>2</b></td></tr></table>",
             [("row", "Vote |"), ("row", "No 5 | 2")]),
            ("<table><tr><td><p>One</p></td><td>two</td></tr></table>",
             [("paragraph", "One"), ("paragraph", "two")]),
            ("<table><tr>a<td>b</td>c</tr></table>", [("paragraph", w) for w in "abc"]),
            ("<table><tr><td>a</td>b<td>c</td></tr></table>", [("row", "a b | c")]),
            ("<ul>a<li>b</li>c</ul>", [("paragraph", "a"), ("item", "b"), ("paragraph", "c")]),
            ("<ul></ul><table><tr><td> </td><td></td></tr></table>", []),
            ("<p>a &amp; b&nbsp;c &lt;d&gt;</p>", [("paragraph", "a & b c <d>")]),
            ("<p>x<i class='icon'>\ue001</i></p>", [("paragraph", "x")]),
        ],
    )  # fmt: skip
    def test_elements_become_blocks_and_no_word_is_lost(self, markup, expected):
        assert said(markup) == expected

    def test_items_have_their_depth_and_number(self):
        found = blocks(
            "<ol start='3'><li>three<ul><li>deeper</li></ul></li>"
            "<li><p>four</p><p>more</p></li></ol>"
        )

        assert [(b.text, b.level, b.number, b.goes_on) for b in found] == [
            ("three", 1, 3, False),
            ("deeper", 2, None, False),
            ("four", 1, 4, False),
            ("more", 1, None, True),
        ]

    def test_an_image_stands_behind_its_paragraph(self):
        text, image = blocks("<p>One <img src='/a.png' alt='A gate'> two</p>")[::2]

        assert (text.text, image.text) == ("One", "two")
        (image,) = (b for b in blocks("<img src='a.png' alt='A gate'>") if b.kind is Kind.IMAGE)
        assert (image.text, image.address) == ("A gate", "a.png")

    def test_an_image_that_is_loaded_late_has_its_address(self):
        (image,) = blocks("<img src='data:image/gif;base64,AA' data-src='https://x.example/a.png'>")

        assert image.address == "https://x.example/a.png"

    @pytest.mark.parametrize("markup", ["<img>", "<img src='t.gif' width='1' height='1'>"])
    def test_a_dot_that_counts_readers_is_no_image(self, markup):
        assert blocks(markup) == []

    def test_images_in_a_row_stand_behind_it(self):
        found = said("<table><tr><td>a</td><td><img src='a.png' alt='b'></td></tr></table>")

        assert found == [("row", "a |"), ("image", "b")]

    def test_no_break_spaces_are_counted(self):
        assert read(ARTICLE.format("<p>a&nbsp;b&nbsp;c</p>")).spaces.no_break == 2


class TestLooks:
    @pytest.mark.parametrize(
        ("markup", "look"),
        [
            ("<b>x</b>", Span("x", strong=True)),
            ("<strong>x</strong>", Span("x", strong=True)),
            ("<span style='font-weight: 700'>x</span>", Span("x", strong=True)),
            ("<em>x</em>", Span("x", emphasis=True)),
            ("<span style='font-style:italic'>x</span>", Span("x", emphasis=True)),
            ("<b><i>x</i></b>", Span("x", strong=True, emphasis=True)),
            ("<a href='https://x.example/a'>x</a>", Span("x", link="https://x.example/a")),
            ("<a href='mailto:a@x.example'>x</a>", Span("x", link="mailto:a@x.example")),
            ("<a href='javascript:alert(1)'>x</a>", Span("x")),
            ("<a href='a.html'>x</a>", Span("x")),
            ("<a href='http://[x/'>x</a>", Span("x")),
            ("<a href='#x'>x</a>", Span("x")),
        ],
    )
    def test_a_look_is_kept(self, markup, look):
        assert spans(f"<p>{markup}</p>") == [look]

    def test_a_bold_paragraph_is_strong(self):
        assert blocks("<p style='font-weight:bold'>x</p>")[0].strong

    @pytest.mark.parametrize(
        "head",
        ["<base href='https://x.example/a/'>", "<link rel=canonical href='https://x.example/a/'>"],
    )
    def test_relative_links_lead_on_from_the_page(self, head):
        page = ARTICLE.format("<p><a href='b'>x</a></p>").replace("<head>", "<head>" + head)
        page = page.replace('<a href="/">Home</a>', "")

        page = page.replace("<p>By Ola Nord</p>", "<p>By <a href='http://[x/'>Ola Nord</a></p>")
        links = {span.link for block in inside(read(page)) for span in block.spans}
        assert links == {"", "https://x.example/a/b"}

    def test_raised_digits_stay_raised(self):
        assert said("<p>10<sup>3</sup> m, the 20<sup>th</sup></p>") == [
            ("paragraph", "10³ m, the 20th")
        ]


class TestFootnotes:
    @pytest.mark.parametrize(
        ("reference", "note"),
        [
            ("<sup id=r1><a href='#n1'>1</a></sup>",
             "<ol><li id=n1>As of May. <a href='#r1'>↩</a></li></ol>"),
            ("<a id=r1 href='#n1'><sup>1</sup></a>",
             "<p id=n1><sup><a href='#r1'>1</a></sup> As of May.</p>"),
            ("<a name=_ftnref1 href='#_ftn1'>[1]</a>",
             "<div><p><a name=_ftn1 href='#_ftnref1'>[1]</a> As of May.</p></div>"),
            ("<sup id=cite_ref-1><a href='#cite_note-1'><span>[</span>1<span>]</span></a></sup>",
             "<ol><li id=cite_note-1><b><a href='#cite_ref-1'>^</a></b> As of May.</li></ol>"),
            ("<sup id=r1><a href='#n1'>1</a></sup>", "<aside id=n1><p>As of May.</p></aside>"),
        ],
    )  # fmt: skip
    def test_a_reference_leads_to_its_note(self, reference, note):
        text, found = blocks(f"<p>They are.{reference}</p>{note}")

        assert [span.note for span in text.spans] == ["", "1"]
        assert (found.kind, found.label, found.text) == (Kind.NOTE, "1", "As of May.")

    def test_a_note_below_the_article_belongs_to_it(self):
        page = ARTICLE.format("<p>They are.<sup><a href='#n1'>1</a></sup></p>").replace(
            "<footer>", "<footer><p id=n1>As of May.</p>"
        )

        assert [block.text for block in inside(read(page))][-1] == "As of May."

    @pytest.mark.parametrize(
        "markup",
        ["<a href='#n2021'>2021</a>", "<a href='#top'>1</a>", "<a href='#fn9'>9</a>"],
    )
    def test_other_links_within_the_page_are_plain(self, markup):
        assert spans(f"<p id=n2021>x {markup}</p>")[0].note == ""

    def test_a_whole_article_is_no_note(self):
        markup = "<p>One<sup><a href='#all'>1</a></sup></p>"
        page = ARTICLE.format(markup).replace("<article>", "<article><a id=all></a>")

        assert Kind.NOTE not in {block.kind for block in read(page).blocks}


class TestLines:
    def test_a_block_has_its_lines_of_the_page(self):
        page = (
            "<!DOCTYPE html [\n]>\n<p\n class='x'>\n\nOne\n<b>two</b>\nthree\n<!-- a\nb\n-->"
            "four<br>\nfive<script>\n\n</script>six</p>\n<ul>\n<li>seven\n</ul>"
        )

        assert [(b.text, b.line, b.last_line) for b in read(page).blocks] == [
            ("One two three four", 6, 11),
            ("fivesix", 12, 14),
            ("seven", 16, 16),
        ]

    def test_a_piece_of_a_page_has_the_lines_of_the_text_that_it_stands_in(self):
        found, spaces = html.fragment("<div>\n<b>Wei</b>:&nbsp;no</div>\n", 10, "a.md")

        assert [(b.text, b.line) for b in found] == [("Wei: no", 11)]
        assert spaces.no_break == 1
        assert html.fragment("<!-- x -->\n", 1, "a.md")[0] == ()


class TestWhatThePageSaysOfItself:
    @pytest.mark.parametrize(
        ("head", "body", "expected"),
        [
            ("<title>Locks</title>", "", "Locks"),
            ("<title>Locks | The Desk</title>", "", "Locks | The Desk"),
            ("<title>Locks | The Desk</title>", "<h1>Locks</h1>", "Locks"),
            ("<meta property='og:title' content='Locks - Desk'><title>Locks</title>", "", "Locks"),
            ("<meta property='og:title' content='5×5—Locks'>", "<h1>5×5</h1>", "5×5—Locks"),
            ("<script type='application/ld+json'>{\"headline\": \"Locks\"}</script>", "", "Locks"),
        ],
    )  # fmt: skip
    def test_the_title_without_the_site(self, head, body, expected):
        assert dict(meta(head, body))["title"] == expected

    @pytest.mark.parametrize(
        ("head", "body"),
        [
            ("<meta property='article:published_time' content='2030-05-03T23:30:00-04:00'>", ""),
            ("<meta name='date' content='May 3, 2030'>", ""),
            ('<script type=\'application/ld+json\'>{"datePublished": "2030-05-03"}</script>', ""),
            ("", "<time datetime='2030-05-03T10:00'>yesterday</time>"),
            ("<meta name='date' content='soon'>", "<time datetime='2030-05-03'>yesterday</time>"),
        ],
    )
    def test_the_date(self, head, body):
        assert ("date", "2030-05-03") in meta(head, body)

    def test_the_date_of_another_article_is_not_taken_before_its_own(self):
        page = (
            "<nav><time datetime='2029-01-01'>x</time></nav>"
            "<article><p>x</p><time datetime='2030-05-03'>x</time></article>"
        )

        assert ("date", "2030-05-03") in read(page).meta

    @pytest.mark.parametrize(
        ("head", "expected"),
        [
            ("<meta name='author' content='Ola Nord'>", ["Ola Nord"]),
            ("<meta name='author' content='https://x.example/nord'>", []),
            ("{'author': {'name': 'Ola Nord'}}", ["Ola Nord"]),
            ("{'author': ['Ola Nord', {'name': 'Li Wei'}, {'url': 'x'}]}", ["Ola Nord", "Li Wei"]),
            ("[{'@graph': [{'author': 'Ola Nord'}, 3]}, 3]", ["Ola Nord"]),
            ("{'author': ", []),
            ("[" * 100_000, []),
        ],
        ids=["meta", "address", "object", "list", "graph", "broken", "endless"],
    )
    def test_the_authors(self, head, expected):
        if not head.startswith("<"):
            data = head.replace("'", '"')
            head = f"<script type='application/ld+json'>{data}</script>"

        assert [value for key, value in meta(head) if key == "author"] == expected

    def test_the_address_the_language_and_the_topics(self):
        found = read(
            "<html lang='de-AT'><head><link rel='canonical' href='https://x.example/a'>"
            "<meta name='keywords' content='locks,  canals , locks'></head><p>x</p></html>"
        ).meta

        assert found == (
            ("language", "de-AT"),
            ("address", "https://x.example/a"),
            ("topic", "locks"),
            ("topic", "canals"),
        )

    @pytest.mark.parametrize(
        "head",
        [
            "".join(f"<meta property='article:tag' content='{t}'>" for t in ("locks", "canals")),
            '<script type=\'application/ld+json\'>{"keywords": ["locks", "canals"]}</script>',
            '<script type=\'application/ld+json\'>{"keywords": "locks, canals"}</script>',
        ],
    )
    def test_topics_are_read_wherever_they_stand(self, head):
        assert [value for key, value in meta(head) if key == "topic"] == ["locks", "canals"]


class TestHostilePages:
    @pytest.mark.parametrize(
        "page",
        ["<div>" * 20_000 + "x", "<p>" + "<b>" * 20_000 + "x", "<ul><li>" * 9_000 + "x",
         "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>", "<!--" * 100_000],
        ids=["deep", "deep-in-a-line", "deep-list", "attributes", "comments"],
    )  # fmt: skip
    def test_what_would_be_lost_or_never_end_is_refused_at_once(self, page):
        began = time.process_time()
        with pytest.raises(Problems) as caught:
            read(page)

        (found,) = caught.value.diagnostics
        assert found.code == "bad-page"
        assert found.hint
        assert time.process_time() - began < 5

    @pytest.mark.parametrize("tag", ["div", "b", "blockquote", "span hidden"])
    def test_what_is_nested_less_deep_is_read(self, tag):
        assert [block.text for block in read(f"<{tag}>" * 250 + "x").blocks] == ["x"]

    def test_a_long_address_is_no_flood_of_attributes(self):
        image = f"<img alt='x' src='data:image/png;base64,{'A b=' * 5_000}'>"

        assert said(f"<p>One</p>{image}") == [("paragraph", "One"), ("image", "x")]

    def test_entities_that_a_page_declares_are_not_expanded(self):
        bombs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
        page = f'<!DOCTYPE html [<!ENTITY e0 "ha">{bombs}]><p>&e19; and on</p>'

        assert [block.text for block in read(page).blocks] == ["&e19; and on"]

    def test_entities_of_other_files_are_not_read(self, tmp_path):
        (tmp_path / "secret").write_text("secret words")
        page = f'<!DOCTYPE html [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><p>&s;</p>'

        assert "secret words" not in read(page).blocks[0].text
