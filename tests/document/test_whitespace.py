"""White space is folded once, as CSS does, so that no format can read it otherwise."""

import pytest

from pipeline.document.tree import (
    Address,
    Box,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Item,
    LineBreak,
    List,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Section,
    Text,
)
from pipeline.document.whitespace import fold_block, fold_inlines, fold_line

BREAK = LineBreak()


def line(*children):
    return tuple(Text(child) if isinstance(child, str) else child for child in children)


def em(*children):
    return Emphasis(line(*children))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (line("  a \n\t b  "), line("a b")),
        (line("a ", " b"), line("a b")),
        (line("a", em(" b ")), line("a", em(" b"))),
        (line("a ", em(" b ")), line("a ", em("b"))),
        (line("a ", em(" "), " b"), line("a b")),
        (line("a", em(" "), "b"), line("a", em(" "), "b")),
        (line(em(" a ", em(" b ")), " "), line(em("a ", em("b")))),
        (line(" a ", BREAK, " b "), line("a", BREAK, "b")),
        (line(em("a "), BREAK, em(" b")), line(em("a"), BREAK, em("b"))),
        (line("a ", em(BREAK), " b"), line("a", em(BREAK), "b")),
        (line("a ", em(" "), BREAK, em(" "), "b"), line("a", BREAK, "b")),
        (line(BREAK, " "), line(BREAK)),
        (line(" "), ()),
        (line("", em(""), em(em())), ()),
        (line("no\u00a0break\u00a0"), line("no\u00a0break\u00a0")),
        (line("\u2003wide\u3000"), line("\u2003wide\u3000")),
        (line("p. ", PageNumber("x"), " b "), line("p. ", PageNumber("x"), " b")),
        (line("a ", PageNumber("x"), " "), line("a ", PageNumber("x"))),
    ],
)
def test_runs_become_one_space_and_none_stands_at_an_edge(before, after):
    assert fold_inlines(before) == after
    assert fold_inlines(after) == after


def test_words_of_two_addresses_are_not_run_together():
    given = (
        Text("a ", Address("f#a")),
        Text(" b", Address("f#a")),
        Text(" c", Address("f#c")),
        Text(" "),
        Text("d"),
    )
    assert fold_inlines(given) == (
        Text("a b", Address("f#a")),
        Text(" c", Address("f#c")),
        Text(" d"),
    )


def test_a_note_is_folded_for_itself_and_hangs_on_the_words_before_it():
    note = Footnote((Paragraph(line(" b ")),))
    assert fold_inlines(line("a", note, " c")) == line("a", Footnote((Paragraph(line("b")),)), " c")


def test_every_block_of_the_content_is_folded():
    words, tidy = line(" a  b "), line("a b")
    given = Section(
        (
            Heading(2, words),
            Box((Paragraph(words),)),
            List((Item((Paragraph(words),)),)),
            Quote((Paragraph(words),), words),
            Figure("x.png", "an  alt", words),
            PageBreak(),
        )
    )
    assert fold_block(given) == Section(
        (
            Heading(2, tidy),
            Box((Paragraph(tidy),)),
            List((Item((Paragraph(tidy),)),)),
            Quote((Paragraph(tidy),), tidy),
            Figure("x.png", "an  alt", tidy),
            PageBreak(),
        )
    )


def test_a_plain_line_is_folded_alike():
    assert fold_line(" a \n b\u00a0c\t") == "a b\u00a0c"
