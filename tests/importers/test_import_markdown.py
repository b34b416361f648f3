"""Markdown as people and programs write it: every word in its block, at its line."""

import time

import pytest

from pipeline.diagnostics import Problems
from pipeline.importers import front, markdown
from pipeline.importers.blocks import Kind, Span


def read(text):
    return markdown.read(text, "a.md")


def said(text):
    return [(block.kind.value, block.text) for block in read(text).blocks]


def spans(text):
    (block,) = read(text).blocks
    return list(block.spans)


def places(text):
    return [(block.text, block.line, block.last_line) for block in read(text).blocks]


class TestBlocks:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("# Who?\n\nNobody.", [("heading", "Who?"), ("paragraph", "Nobody.")]),
            ("One\nline", [("paragraph", "One line")]),
            ("One  \ntwo\\\nthree<br>four",
             [("paragraph", w) for w in ("One", "two", "three", "four")]),
            ("a &amp; b \\*c\\* `d *e*`", [("paragraph", "a & b *c* d *e*")]),
            ("> One\n>\n> - two", [("quotation", "One"), ("item", "two")]),
            ("One\n\n***\n\ntwo", [("paragraph", "One"), ("paragraph", "two")]),
            ("| Vote | |\n|---|---|\n| **No** | 5 |", [("row", "Vote |"), ("row", "No | 5")]),
            ("| a |\n|---|\n| ![b](c.png) d<br>e |",
             [("row", "a"), ("row", "d e"), ("image", "b")]),
            ("```\nOne\n\ntwo\n```", [("paragraph", "One"), ("paragraph", "two")]),
            ("    One", [("paragraph", "One")]),
            ("<div>\n<b>Wei</b>: no &amp; yes\n</div>", [("paragraph", "Wei: no & yes")]),
            ("</div>", []),
            ("<!-- nobody sees this -->", []),
            ("Wei <script>x()</script><u>said</u>", [("paragraph", "Wei said")]),
            ("**", []),
            ("", []),
        ],
    )  # fmt: skip
    def test_no_word_is_lost(self, text, expected):
        assert said(text) == expected

    def test_items_have_their_depth_and_number(self):
        found = read("3. three\n   - deeper\n4. four\n\n   more").blocks

        assert [(b.text, b.level, b.number, b.goes_on) for b in found] == [
            ("three", 1, 3, False),
            ("deeper", 2, None, False),
            ("four", 1, 4, False),
            ("more", 1, None, True),
        ]

    @pytest.mark.parametrize(
        "text",
        ["![A gate](a.png)", '![A gate](a.png "The title")',
         "[![A gate](a.png)](https://x.example)", '<img src="a.png" alt="A gate">'],
    )  # fmt: skip
    def test_an_image_is_a_block(self, text):
        (image,) = read(text).blocks

        assert (image.kind, image.text, image.address) == (Kind.IMAGE, "A gate", "a.png")

    def test_an_image_in_a_line_stands_behind_its_paragraph(self):
        assert said('One ![A gate](a.png) two <img src="b.png" alt="B"> three') == [
            ("paragraph", "One two three"),
            ("image", "A gate"),
            ("image", "B"),
        ]

    def test_white_space_that_was_made_plain_is_counted(self):
        spaces = read("One  two\N{NO-BREAK SPACE}three\n\n<p>a&nbsp;b</p>").spaces

        assert (spaces.double, spaces.no_break) == (1, 2)


class TestLines:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("---\ntitle: x\n---\n\nOne\ntwo", [("One two", 5, 6)]),
            ("One  \ntwo\nthree ![A](a.png)", [("One", 1, 1), ("two three", 2, 3), ("A", 3, 3)]),
            ("One<br>two\nthree", [("One", 1, 1), ("two three", 1, 2)]),
            ("```\nOne\n\ntwo\n```", [("One", 2, 2), ("two", 4, 4)]),
            ("<div>\n\n</div>\n\n<p>\nOne", [("One", 6, 6)]),
            ("| a |\n|---|\n| b |", [("a", 1, 1), ("b", 3, 3)]),
        ],
    )  # fmt: skip
    def test_a_block_has_its_lines(self, text, expected):
        assert places(text) == expected

    def test_the_lines_are_kept_as_they_were_written(self):
        assert read("---\ntitle: x\n---\nOne  two\n").raw == (
            "---",
            "title: x",
            "---",
            "One  two",
            "",
        )


class TestLooks:
    @pytest.mark.parametrize(
        ("text", "look"),
        [
            ("**x**", Span("x", strong=True)),
            ("*x*", Span("x", emphasis=True)),
            ("***x***", Span("x", strong=True, emphasis=True)),
            ("<b>x</b>", Span("x", strong=True)),
            ("<i>x</i>", Span("x", emphasis=True)),
            ("**<b>x</b>**", Span("x", strong=True)),
            ("[x](https://x.example/ä)", Span("x", link="https://x.example/%C3%A4")),
            ("<a@x.example>", Span("a@x.example", link="mailto:a@x.example")),
            ("[x][y]\n\n[y]: http://x.example", Span("x", link="http://x.example")),
            ("[x](javascript:alert)", Span("x")),
            ("[x](#y)", Span("x")),
        ],
    )
    def test_a_look_is_kept(self, text, look):
        assert spans(text) == [look]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("**Wei: **Yes.", [Span("Wei: ", strong=True), Span("Yes.")]),
            ("**“Yes”**he said.", [Span("“Yes”", strong=True), Span("he said.")]),
            ("**Wei, warden\nYes.", [Span("Wei, warden", strong=True), Span(" Yes.")]),
            ("One\ntwo**", [Span("One"), Span(" two", strong=True)]),
            ("One**", [Span("One", strong=True)]),
            ("2 ** 3 and 4 ** 5", [Span("2 ** 3 and 4 ** 5")]),
            ("One ** two", [Span("One ** two")]),
            ("\\*\\*Wei\\*\\*", [Span("**Wei**")]),
            ("`**Wei`", [Span("**Wei")]),
        ],
    )
    def test_bold_that_markdown_does_not_know_is_read_as_it_is_meant(self, text, expected):
        assert spans(text) == expected


class TestFootnotes:
    def test_a_reference_and_its_note(self):
        text, first, second = read("Yes.[^a] No.[^a]\n\n[^a]: As of May.\n\n    And June.").blocks

        assert [(s.text, s.note) for s in text.spans if s.note] == [("[a]", "a")] * 2
        assert [(b.kind, b.label, b.text) for b in (first, second)] == [
            (Kind.NOTE, "a", "As of May."),
            (Kind.NOTE, "a", "And June."),
        ]

    def test_a_note_within_the_line_has_a_number_of_its_own(self):
        text, note, other, _ = read(
            "Yes.^[As ![A](a.png) *of* May.] No.[^1]\n\n[^1]: June."
        ).blocks[:4]

        assert [s.note for s in text.spans if s.note] == ["2", "1"]
        assert (note.kind, note.label, note.text) == (Kind.NOTE, "2", "As of May.")
        assert (other.kind, other.text) == (Kind.IMAGE, "A")

    def test_a_reference_without_a_note_is_text(self):
        assert spans("Yes.[^a]") == [Span("Yes.[^a]")]


class TestDefinitions:
    def test_what_only_looks_like_one_is_kept_in_its_place(self):
        assert places("One\n\n[Wei]: Yes.\n\n[Li]: No.\n\ntwo\n\n[Wei]: Never.") == [
            ("One", 1, 1),
            ("[Wei]: Yes.", 3, 3),
            ("[Li]: No.", 5, 5),
            ("two", 7, 7),
            ("[Wei]: Never.", 9, 9),
        ]

    def test_an_address_that_nothing_leads_to_is_kept_apart(self):
        (block,) = read("[x]: https://x.example").blocks

        assert (block.text, block.outside) == ("[x]: https://x.example", "a link’s address")


class TestFrontMatter:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("title: Locks", [("title", "Locks")]),
            ("title: The 5×5: Locks\ntags:\n  - a\n  - b",
             [("title", "The 5×5: Locks"), ("topic", "a"), ("topic", "b")]),
            ("title: 'Locks: *all*'", [("title", "Locks: *all*")]),
            ("author: Ola Nord", [("author", "Ola Nord")]),
            ("authors: [Ola Nord, {name: Li Wei}, {url: x}]",
             [("author", "Ola Nord"), ("author", "Li Wei")]),
            ("Date: 2030-05-03", [("date", "2030-05-03")]),
            ("date: 2030-05-03T10:00:00Z", [("date", "2030-05-03")]),
            ("date: May 3, 2030", [("date", "2030-05-03")]),
            ("date: soon", []),
            ("date: 2030-99-99", []),
            ("categories: [a, 5, true, null, [b]]", [("topic", "a"), ("topic", "5")]),
            ("lang: de\nurl: https://x.example", [("language", "de"), ("address", "https://x.example")]),
            ("layout: post", []),
            ("title: a\n# a comment\nb: [", [("title", "a")]),
        ],
    )  # fmt: skip
    def test_it_says_what_the_article_is(self, text, expected):
        found = read(f"---\n{text}\n---\n\nOne")

        assert list(found.meta) == expected
        assert [block.text for block in found.blocks] == ["One"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("---\nWei said:\nyes.\n---\n\nOne", ["Wei said: yes.", "One"]),
            ("---\n\nOne\n\n---\n\nTwo", ["One", "Two"]),
            ("---\n- One\n---\n\nTwo", ["One", "Two"]),
            ("---\ntitle: x\n\nOne", ["title: x", "One"]),
        ],
    )
    def test_words_between_two_rules_are_none(self, text, words):
        assert [block.text for block in read(text).blocks] == words
        assert read(text).meta == ()

    def test_what_is_too_long_for_it_is_text(self, monkeypatch):
        monkeypatch.setattr(front, "MOST_FRONT", 1)

        assert "title: Locks" in said("---\ntitle: Locks\n---\n\nOne")[0][1]


class TestHostileText:
    @pytest.mark.parametrize("text", [">" * 3_000 + " x", "- " * 3_000 + "x"])
    def test_what_markdown_would_drop_is_refused(self, text):
        with pytest.raises(Problems) as caught:
            read("One\n\n" + text)

        (found,) = caught.value.diagnostics
        assert (found.code, str(found.at)) == ("nested-too-deep", "a.md:3")

    def test_front_matter_that_grows_without_end_says_nothing(self):
        grows = "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 12))

        assert read(f"---\na0: &a0 [x]\n{grows}title: *a11\n---\n").meta == ()

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("---\na: " + "[" * 9_000 + "\n---\nx", id="yaml"),
            pytest.param("[" * 5_000, id="brackets"),
            pytest.param("![" * 1_000, id="images"),
            pytest.param("^[" * 1_000, id="notes"),
            pytest.param("*a_" * 3_000, id="stars"),
            pytest.param("".join(f"[a{n}]: b\n" for n in range(3_000)), id="definitions"),
            pytest.param("<" * 50_000, id="tags"),
            pytest.param("<b>" * 9_000, id="bold"),
        ],
    )
    def test_no_text_takes_long(self, text):
        began = time.process_time()
        read(text)

        assert time.process_time() - began < 8
