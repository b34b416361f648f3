"""What was read as Markdown and is written as Markdown is read as the same nodes again."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.diagnostics import Findings
from pipeline.document import markdown_writer
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import (
    Address,
    Block,
    Cell,
    Emphasis,
    Footnote,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Row,
    Span,
    Strong,
    Table,
    Text,
    to_full_text,
    walk,
)
from pipeline.document.whitespace import fold_block
from tests.support.markdown_texts import TROUBLE, examples


def read(text, **more):
    findings = Findings()
    parsed = MarkdownReader("a.md", findings, **{"columns": 24} | more).parse(text)
    blocks = parsed.read_blocks(parsed.nodes, lambda number, at: Address("article.md#about"))
    return blocks, list(findings)


SIGNS = st.one_of(
    st.sampled_from(["word", "a_b", " ", "\n", "\n\n", "    ", "\u00a0", "é", ".", "^[a *note*]"]),
    st.sampled_from(
        ["[a](https://a.example)", "[^1]", "\n\n[^1]: note\n\n", "&amp;", "===", "---"]
    ),
    st.sampled_from(["*", "**", "_", "__", "- ", "+ ", "1. ", "3) ", "> ", "`", "~~~", "!"]),
    st.sampled_from(["---", "\\", *"<&#[]()^|~>%!`{}=:"]),
    st.sampled_from(
        ["~~", "%%", "| a | b |\n|---|---|\n| c | ", " |", "![", "](", "][", "[[", "]]"]
    ),
    st.sampled_from(["[ ] ", "[x]", "<br>", "&nosuch;", "https://a.example/", "www.a", "##", "#a"]),
)
MARKED = st.lists(SIGNS, max_size=14).map("".join)


def printed(nodes):
    """Return nodes as a brief prints them: white space folded, without empty paragraphs."""
    blocks = []
    for node in nodes:
        node = fold_block(node) if isinstance(node, Block) else node
        if hasattr(node, "children"):
            node = replace(node, children=printed(node.children))
        if node != Paragraph(()):
            blocks.append(node)
    return tuple(blocks)


def is_stressed_twice(nodes) -> bool:
    """Return whether stress stands within stress, for which a word's midst has no spelling."""
    stressed = [n for b in nodes for n in (b, *walk(b)) if isinstance(n, Emphasis | Strong)]
    return any(isinstance(inner, type(node)) for node in stressed for inner in walk(node))


def again(text: str) -> None:
    blocks, found = read(text)
    blocks = printed(blocks)
    if not found and not is_stressed_twice(blocks):
        written = markdown_writer.write_blocks(blocks)
        once_more, found = read(written)
        assert (printed(once_more), found) == (blocks, []), written


@examples(400)
@given(st.one_of(TROUBLE, MARKED))
@example("**a***b*")
def test_whatever_is_read_is_written_so_that_it_is_read_the_same(text):
    again(text)


@examples(400)
@given(st.lists(SIGNS, min_size=1, max_size=10).map("".join))
@example("| a | b |")
@example("~~a~~ ~b~ ~5")
@example("--- | ---")
@example(":--|--:")
@example("![a](b c) [d][e] [[f]]")
@example("- [ ] a")
@example("##a")
@example("a\\")
@example("a\\|b")
@example("*a **b")
def test_any_words_are_written_so_that_they_are_read_as_the_same_words(text):
    """As a paragraph, as an item, in a quotation and in a cell: nothing of them is refused."""
    words = " ".join(text.split())
    line = (Text(words, Address("article.md#about")),)
    for block in (
        Paragraph(line),
        List((Item((Paragraph(line),)),)),
        Quote((Paragraph(line),)),
        Table((Row((Cell((), "col"),)),), (Row((Cell(line),)),)),
    ):
        written = markdown_writer.write_blocks([block])
        blocks, found = read(written)
        assert found == [], written
        if words:
            assert to_full_text(blocks) == words, written
            assert [type(b) for b in blocks] == [type(block)]


@pytest.mark.parametrize(
    "text",
    [
        "A paragraph with *stress*, **strong stress** and *stress with **strong** in it*.",
        "One line\\\nand another.",
        "A [link](https://example.org) and [one with odd signs](<https://example.org/a_(b)>).",
        "A note[^1] and another[^2].\n\n[^1]: The first.\n\n[^2]: The second.\n\n    It goes on.",
        "- one\n- two\n  - inner\n- three",
        "3. three\n\n   It goes on.\n\n4. four",
        "- one\n- two\n\n+ three\n\n- four",
        "1. one\n\n1) another",
        "> Quoted.\n>\n> > Inner.\n>\n> - an item",
        "\\# no heading\n\n\\> no quote\n\n1\\. no list\n\n\\- nor this\n\n1999 a year",
        "\\~~~ no code",
        "snake_case and \\_this\\_ &amp; that, a \\[bracket\\], a \\* and a \\`.",
        "Look\\![here](https://example.org)",
    ],
)
def test_content_has_one_spelling(text):
    blocks, found = read(text)

    assert found == []
    assert read(markdown_writer.write_blocks(blocks)) == (blocks, [])


def test_what_is_written_plainly_stays_as_it_was():
    for text in (
        "Words, and more: a-b (c) 5% £3; “so”.",
        "- one\n- two",
        "> Quoted.",
        "*So* **it** is.",
    ):
        blocks, _ = read(text)
        assert markdown_writer.write_blocks(blocks) == text


def test_a_picture_keeps_its_words():
    def named(name, at):
        return name

    text = '![a map of \\[the\\] cables](maps/one.png "The “cables” in \\*2021\\*")'
    blocks, found = read(text, image=named)

    assert found == []
    assert read(markdown_writer.write_blocks(blocks), image=named) == (blocks, [])


def test_notes_are_counted_on():
    nodes = (Text("a"), Footnote((Paragraph((Text("b"),)),)), Span("name", (Text("*"),)))

    assert markdown_writer.write_inlines(nodes, 7) == "a[^7]\\*"


def test_content_has_no_headings():
    with pytest.raises(TypeError, match="Heading"):
        markdown_writer.write_blocks([Heading(2, (Text("a"),))])
