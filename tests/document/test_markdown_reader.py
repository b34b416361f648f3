"""Markdown becomes nodes with all of its words, or is refused at its line."""

import pytest

from pipeline.diagnostics import Location
from pipeline.document.markdown_nodes import is_outside_link
from pipeline.document.markdown_parser import MOST_NESTED
from pipeline.document.tree import (
    Address,
    Emphasis,
    Figure,
    Footnote,
    Item,
    LineBreak,
    Link,
    List,
    Paragraph,
    Quote,
    Strong,
    Text,
    to_full_text,
)
from tests.support.markdown_texts import FIRST, read


def blocks_of(text):
    blocks, found = read(text)
    assert found == []
    return blocks


def paragraph(*children):
    return Paragraph(
        tuple(c if not isinstance(c, str) else Text(c, Address("a.md#1")) for c in children)
    )


def inside(kind, *children, **more):
    return kind(
        children=tuple(Text(c, Address("a.md#1")) if isinstance(c, str) else c for c in children),
        **more,
    )


# --- what comes out -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Some words.", [paragraph("Some words.")]),
        ("One line\nand another.", [paragraph("One line and another.")]),
        ("One line\\\nand another.", [paragraph("One line", LineBreak(), "and another.")]),
        ("One line  \nand another.", [paragraph("One line", LineBreak(), "and another.")]),
        ("So *very* good.", [paragraph("So ", inside(Emphasis, "very"), " good.")]),
        ("So _very_ good.", [paragraph("So ", inside(Emphasis, "very"), " good.")]),
        (
            "**So *very* good.**",
            [paragraph(inside(Strong, "So ", inside(Emphasis, "very"), " good."))],
        ),
        ("\\*Not\\* \\_stressed\\_ \\[x\\](y)", [paragraph("*Not* _stressed_ [x](y)")]),
        ("A&amp;B &lt;i&gt; &eacute; &#8212;", [paragraph("A&B <i> é —")]),
        ("1 < 2 > 0 & 5 * 3 # 4", [paragraph("1 < 2 > 0 & 5 * 3 # 4")]),
        ("1\\. No list", [paragraph("1. No list")]),
        ("“Curly” ‘quotes’ – and — dashes…", [paragraph("“Curly” ‘quotes’ – and — dashes…")]),
        ("no\u00a0break", [paragraph("no\u00a0break")]),
        ("", []),
    ],
)
def test_words_come_out_as_they_are_meant(text, expected):
    assert list(blocks_of(text)) == expected


def test_each_block_has_its_own_address():
    assert blocks_of("One.\n\n> Two.\n\n- Three.\n") == (
        Paragraph((Text("One.", Address("a.md#1")),)),
        Quote((Paragraph((Text("Two.", Address("a.md#2")),)),)),
        List((Item((Paragraph((Text("Three.", Address("a.md#3")),)),)),)),
    )


def test_lists_keep_their_kind_their_start_and_their_parts():
    (bullets,) = blocks_of("- a\n\n  b\n- c\n  1. d\n  2. e\n")
    assert bullets == List(
        (
            Item((paragraph("a"), paragraph("b"))),
            Item((paragraph("c"), List((Item((paragraph("d"),)), Item((paragraph("e"),))), True))),
        )
    )
    (numbers,) = blocks_of("7. a\n8. b\n")
    assert (numbers.ordered, numbers.start, len(numbers.children)) == (True, 7, 2)
    assert blocks_of("0) a")[0].start == 0


def test_quotes_hold_blocks():
    assert blocks_of("> a\n>\n> b\n> - c") == (
        Quote((paragraph("a"), paragraph("b"), List((Item((paragraph("c"),)),)))),
    )


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("[a *b*](https://x.example/y?z=1&w#v)", "https://x.example/y?z=1&w#v", "a b"),
        ("[a](http://x.example)", "http://x.example", "a"),
        ("[a][1]\n\n[1]: https://x.example", "https://x.example", "a"),
        ("[a]\n\n[a]: https://x.example", "https://x.example", "a"),
        ("<https://x.example/é>", "https://x.example/%C3%A9", "https://x.example/é"),
        ("<me@x.example>", "mailto:me@x.example", "me@x.example"),
        ("[write](mailto:me@x.example)", "mailto:me@x.example", "write"),
    ],
)
def test_links_lead_out(text, href, shown):
    ((link,),) = (block.children for block in blocks_of(text))
    assert isinstance(link, Link)
    assert (link.href, to_full_text([link])) == (href, shown)
    assert {part.source for part in link.children if isinstance(part, Text)} == {"a.md#1"}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a[^1]b\n\n[^1]: *Note*.", [paragraph(inside(Emphasis, "Note"), ".")]),
        (
            "a[^long-label]b\n\n[^long-label]: One.\n\n    Two.",
            [paragraph("One."), paragraph("Two.")],
        ),
        ("a^[Note.]b", [paragraph("Note.")]),
        ("a[^1]b\n\n[^1]:\n    - c", [List((Item((paragraph("c"),)),))]),
        ("[^1]: Before.\n\na[^1]b", [paragraph("Before.")]),
    ],
)
def test_a_footnote_stands_where_it_is_referred_to(text, note):
    assert blocks_of(text) == (paragraph("a", Footnote(tuple(note)), "b"),)


def test_an_escaped_footnote_is_words():
    assert blocks_of("a\\[^1] b\\^[c]") == (paragraph("a[^1] b^[c]"),)


def test_an_image_alone_is_a_figure():
    seen = []

    def image(name, at):
        seen.append((name, at))
        return "key"

    blocks, found = read('![The *map*](<my map.png> "A caption")', image=image)
    assert found == []
    assert blocks == (Figure("key", "The map", (Text("A caption", Address("a.md#1")),)),)
    assert seen == [("my map.png", Location("a.md", FIRST, 1))]


def test_an_image_that_cannot_be_read_is_left_to_who_reads_it():
    assert read("![a](b.png)", image=lambda name, at: None) == ((), [])


# --- what is refused, and where -----------------------------------------------------------

REFUSED = {
    "HTML": ("a\nb <br> c", "raw-html", 1, "raw HTML cannot stand here: `<br>`", "\\<"),
    "a comment": ("a\n\n<!-- lost -->", "raw-html", 2, "`<!-- lost -->`", "\\<"),
    "a block of HTML": ("a\n\n<p>\nlost\n</p>", "raw-html", 2, "`<p>`", None),
    "a declaration": ("<!DOCTYPE x>", "raw-html", 0, "<!DOCTYPE x>", None),
    "a code block": ("a\n\n```\nlost\n```", "unsupported-markdown", 2, "a code block", None),
    "an indented block": ("a\n\n    lost", "unsupported-markdown", 2, "`lost`", "indent"),
    "code": ("a\n`lost`", "unsupported-markdown", 1, "code cannot stand here: `lost`", "\\`"),
    "a rule": ("a\n\n***", "unsupported-markdown", 2, "a rule", "\\---"),
    "a heading": ("> # lost", "unsupported-markdown", 0, "a heading", "\\#"),
    "an image in a line": ("a\n![b](c.png)", "unsupported-markdown", 1, "an image", "of its own"),
    "an image in a footnote": (
        "a[^1]\n\n[^1]: ![b](c.png)", "unsupported-markdown", 2, "an image", "of its own",
    ),
    "a link to a page of ours": ("a\n[b](c.html)", "link-target", 1, "`c.html`", "https://"),
    "a link to a script": ("[b](javascript:alert)", "link-target", 0, "javascript:alert", None),
    "a link to a file": ("[b](file:///etc/passwd)", "link-target", 0, "file:///", None),
    "a link to nothing": ("[b]()", "link-target", 0, "``", None),
    "mail to nobody": ("[b](mailto:me)", "link-target", 0, "mailto:me", None),
    "a link with a title": ('[b](https://x.example "c")', "link-title", 0, "`c`", "take it out"),
    "a link without words": ("a\n[](https://x.example)", "link-empty", 1, "no words", None),
    "an undefined footnote": ("a\nb[^1]", "footnote-undefined", 1, "`1`", "`[^1]: …`"),
    "a footnote in a footnote": (
        "a[^1]\n\n[^1]: b[^2]\n\n[^2]: c", "footnote-nested", 2, "cannot hold a footnote", None,
    ),
    "a footnote in one within the line": ("a^[b^[c]]", "footnote-nested", 0, "a footnote", None),
    "a footnote used twice": (
        "a[^1]\nb[^1]\n\n[^1]: c", "footnote-twice", 1, "`1` is referred to twice", "second one",
    ),
    "a footnote defined twice": (
        "a[^1]\n\n[^1]: b\n[^1]: c", "footnote-twice", 3, "`1` is defined twice", None,
    ),
    "a footnote defined twice in a quote": (
        "a[^1]\n\n[^1]: b\n\n> [^1]: c", "footnote-twice", 4, "`1` is defined twice", None,
    ),
    "an unused footnote": ("a\n\n[^1]: b", "unused-definition", 2, "`[^1]: …`", "refer to it"),
    "a footnote that only itself refers to": (
        "a\n\n[^1]: b[^1]", "unused-definition", 2, "nothing refers to `[^1]: …`", None,
    ),
    "an unused link": (
        "a\n\n[b]: https://x.example", "unused-definition", 2, "`[b]: https://x.example`", "\\",
    ),
    "a link defined twice": (
        "[b]\n\n[b]: https://x.example\n[B]: https://y.example", "unused-definition", 3,
        "https://y.example", None,
    ),
    "a character as an entity": ("a\nb&#xfeff;", "bad-character", 1, "U+FEFF", None),
    "a line of many signs": (
        "a\n\n" + "> " * (MOST_NESTED + 1) + "b", "nested-too-deep", 2, "20 deep", "take some",
    ),
    "many lists": (
        "".join("  " * n + "- a\n" for n in range(12)), "nested-too-deep", 0, "20 deep", None,
    ),
    "more signs than can be read": ("> " * 5_000 + "b", "nested-too-deep", 0, "20 deep", None),
    "much stress": ("*a " * 21 + "b" + " a*" * 21, "nested-too-deep", 0, "20 deep", None),
    "stress in a note": (
        "a\nb^[" + "*a " * 21 + "b" + " a*" * 21 + "]", "nested-too-deep", 1, "20 deep", None,
    ),
    "brackets without an end": ("^[" * 2_000 + "]" * 2_000, "footnote-nested", 0, "footnote", None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "message", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused_at_its_line(text, code, line, message, hint):
    _, found = read(text)
    assert code in [f.code for f in found]
    first = next(f for f in found if f.code == code)
    assert first.at == Location("a.md", FIRST + line, 1)
    assert message in first.message
    assert hint is None or hint in first.hint


@pytest.mark.parametrize("text", ["a [1] b", "a [^] b", "a ^ b [c] (d)", "![", "<", "a*b_c"])
def test_signs_that_mean_nothing_are_words(text):
    assert to_full_text(blocks_of(text)) == text


def test_a_text_at_one_place_has_all_its_findings_there():
    at = Location("a.yaml", 3, 9)
    _, found = read("a\n\n`b`\n\n<c>", at=at)
    assert [f.at for f in found] == [at, at]


def test_all_that_is_wrong_is_told():
    _, found = read("a `b`\n\n<c>\n\n- d\n\n  ***\n\n[e](f)")
    assert [(f.code, f.at.line - FIRST) for f in found] == [
        ("unsupported-markdown", 0), ("raw-html", 2), ("unsupported-markdown", 6),
        ("link-target", 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("href", "outside"),
    [
        ("https://x.example/", True),
        ("HTTP://x.example", True),
        ("mailto:a@b?subject=c", True),
        ("https:///x", False),
        ("//x.example", False),
        ("ftp://x.example", False),
        ("data:text/html,x", False),
        ("#q1", False),
        ("https://[", False),
    ],
)
def test_a_link_leads_to_the_web_or_to_mail(href, outside):
    assert is_outside_link(href) is outside
