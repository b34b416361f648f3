"""Plain text: each line a block of its own, unless the text was wrapped by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.importers import text
from pipeline.importers.blocks import Kind

WRAPPED = """\
The locks of the canal were built by hand, and each of them has a keeper
who lives beside it all the year round and who knows the water as nobody
else does.

Jane Roe, warden:
I have kept the upper lock for thirty years, and I have never once seen
it closed before the first of May.

  It was my father who had kept it before me, and he used to say that the
  gate would outlive us all.
"""


def read(source):
    return text.read(source).blocks


def said(source):
    return [(block.kind.value, block.text) for block in read(source)]


def places(source):
    return [(block.text, block.line, block.last_line) for block in read(source)]


class TestLines:
    def test_a_line_is_a_paragraph(self):
        assert places("Ana Souza (Lock Trust)\nYes, and no.\n\n\nLi Wei\n") == [
            ("Ana Souza (Lock Trust)", 1, 1),
            ("Yes, and no.", 2, 2),
            ("Li Wei", 5, 5),
        ]

    @pytest.mark.parametrize("sign", ["\v", "\f", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"])
    def test_other_signs_end_a_line_as_well(self, sign):
        assert places(f"One{sign}two\nthree") == [("One", 1, 1), ("two", 1, 1), ("three", 2, 2)]

    def test_the_lines_are_kept_as_they_were_written(self):
        assert text.read(" One  two\n\n").raw == (" One  two", "", "")

    def test_white_space_that_was_made_plain_is_counted(self):
        reading = text.read("One  two\N{NO-BREAK SPACE}three   four\n")

        assert (reading.spaces.double, reading.spaces.no_break) == (2, 1)
        assert reading.blocks[0].text == "One two three four"


class TestWrappedText:
    @pytest.mark.parametrize("source", [WRAPPED, WRAPPED.rstrip()], ids=["whole", "no-last-end"])
    def test_the_lines_of_a_paragraph_are_joined(self, source):
        assert places(source)[0] == (" ".join(WRAPPED.split("\n")[:3]), 1, 3)
        assert [place[1:] for place in places(source)[1:]] == [(5, 5), (6, 7), (9, 10)]

    def test_a_short_line_is_never_joined_to_the_next(self):
        assert "Jane Roe, warden:" in [block.text for block in read(WRAPPED)]

    @pytest.mark.parametrize("mark", ["- ", "• ", "1. ", "#1 ", "[1] ", "Q1 "])
    def test_what_begins_with_a_mark_begins_a_block(self, mark):
        line = "an item that is so long that it fills the whole line of a wrapped text"
        found = read(f"{WRAPPED}\n{mark}{line}\n{mark}{line}\n")

        assert len(found) == 6

    def test_an_item_goes_on_where_its_lines_hang(self):
        found = read(f"{WRAPPED}\n- a short\n  item\n- another\n")

        assert [block.text for block in found[4:]] == ["a short item", "another"]

    def test_the_lines_of_a_cast_stand_alone(self):
        line = "{} Souza, warden of the uppermost of all the locks along the canal"
        found = read(f"{WRAPPED}\n{line.format('Ana')}\n{line.format('Eva')}\n")

        assert len(found) == 6

    def test_paragraphs_that_begin_with_an_indent_need_no_blank_line(self):
        paragraph = "    The lock is open.\nIt has been so for long.\nSo they say.\n"

        assert len(read(paragraph * 4)) == 4

    @pytest.mark.parametrize(
        ("end", "begins", "joined"),
        [
            ("of an inter-", "national lock", "inter-national lock"),
            ("before pre-", "and post-war locks", "pre- and post-war locks"),
            ("the Souza-", "Wei lock", "Souza- Wei lock"),
        ],
    )
    def test_a_word_that_the_end_of_a_line_divides_is_one(self, end, begins, joined):
        line = f"and the keeper said that he had never heard in all of his life {end}"

        assert joined in read(f"{WRAPPED}\n{line}\n{begins}\n")[-1].text

    def test_a_long_line_shows_that_nothing_is_wrapped(self):
        assert len(read(WRAPPED + "word " * 30)) == 9


class TestKinds:
    @pytest.mark.parametrize("mark", ["•", "◦", "▪", "‣", "*", "+", "-", "–"])
    def test_a_mark_makes_an_item(self, mark):
        assert said(f"{mark} one") == [("item", "one")]

    @pytest.mark.parametrize("line", ["1. What?", "1) What?"])
    def test_a_number_makes_an_item(self, line):
        (item,) = read(line)

        assert (item.kind, item.text, item.number) == (Kind.ITEM, "What?", 1)

    @pytest.mark.parametrize(
        "line",
        [
            "#1 What?",
            "— Ja.",
            "-5 degrees",
            "3. Oktober 2021",
            "2021. A year",
            "J. Doe: No.",
            "*No*",
        ],
    )
    def test_other_signs_make_none(self, line):
        assert said(line) == [("paragraph", line)]

    def test_deeper_items_stand_further_in(self):
        assert [block.level for block in read("• a\n      • b")] == [1, 2]

    def test_a_row_ends_with_its_sign(self):
        assert said("Vote | 5 |\n---|---|\n2 | 3")[0] == ("row", "Vote | 5 |")


class TestFootnotes:
    @pytest.mark.parametrize(
        ("mark", "note"),
        [("[1]", "[1] As of May."), ("[1]", "[1]: As of May."), ("¹", "¹ As of May."),
         ("¹²", "¹²As of May.")],
    )  # fmt: skip
    def test_a_mark_leads_to_the_note_below(self, mark, note):
        first, second = read(f"Yes{mark} and no.\n\n{note}")

        number = second.label
        assert [(span.text, span.note) for span in first.spans] == [
            ("Yes", ""), (mark, number), (" and no.", ""),
        ]  # fmt: skip
        assert (second.kind, second.text) == (Kind.NOTE, "As of May.")
        assert number == {"¹²": "12"}.get(mark, "1")

    @pytest.mark.parametrize(
        "source",
        ["Yes.[1]", "[1] As of May.\n\nYes.[1]", "Yes.[1]\n\n[2] As of May.",
         "Ten m²\n\n² is a sign", "Ten km²\n\n² is a sign", "Yes.¹\n\n[1] As of May."],
    )  # fmt: skip
    def test_what_leads_nowhere_is_text(self, source):
        assert "".join(block.text for block in read(source)) == source.replace("\n", "")
        assert {span.note for block in read(source) for span in block.spans} == {""}


WORDS = st.sampled_from(
    ["Yes", "no", "Ana Souza:", "x" * 70, "[1]", "¹", "a-", "|", "1.", "•", "-"]
)
LINES = st.lists(WORDS, max_size=12).map(" ".join)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_no_word_is_lost(source):
    found = " ".join(block.text for block in read(source))

    assert re.findall("[A-Za-z]+", found) == re.findall("[A-Za-z]+", source)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_every_block_stands_on_lines_that_hold_something(source):
    lines = source.split("\n")
    blocks = read(source)

    assert all(lines[block.line - 1].strip() for block in blocks)
    assert [block.line for block in blocks] == sorted(block.line for block in blocks)
    assert all(block.line <= block.last_line <= len(lines) for block in blocks)
