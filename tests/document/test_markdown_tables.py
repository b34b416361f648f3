"""Tables of Markdown are the Document's, each cell with its address; none loses a word."""

import pytest

from pipeline.document import markdown_writer
from pipeline.document.tree import (
    Address,
    Cell,
    Comment,
    Emphasis,
    Footnote,
    Link,
    Paragraph,
    Row,
    Table,
    Text,
    to_full_text,
    walk,
)
from tests.support.markdown_texts import FIRST, read

PORTS = "| port | berths |\n|:-----|-------:|\n| Rønne | 1 |\n| Ystad | 22 |"


def words_of(table):
    return [
        [to_full_text(cell.children) for cell in row.children]
        for row in (*table.head, *table.children)
    ]


def test_a_table_has_a_head_and_rows_with_an_address_for_each_cell():
    def cell(words, place, scope=""):
        return Cell((Text(words, Address(f"a.md#2.{place}")),), scope)

    blocks, found = read(f"Here:\n\n{PORTS}")

    assert found == []
    assert blocks[1] == Table(
        (Row((cell("port", "r1.c1", "col"), cell("berths", "r1.c2", "col"))),),
        (
            Row((cell("Rønne", "r2.c1"), cell("1", "r2.c2"))),
            Row((cell("Ystad", "r3.c1"), cell("22", "r3.c2"))),
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | b\n--|--\nc | d", [["a", "b"], ["c", "d"]]),
        ("| a |\n|---|\n| b |", [["a"], ["b"]]),
        ("Above.\n| a | b |\n|---|---|\n| c | d |", [["a", "b"], ["c", "d"]]),
        ("| a | b |\n|---|---|\n| c |", [["a", "b"], ["c", ""]]),
        ("| a | b |\n|---|---|\n| c | d | |", [["a", "b"], ["c", "d"]]),
        ("| a | b |\n|---|---|\nc", [["a", "b"], ["c", ""]]),
        ("| | b |\n|---|---|\n| c | |", [["", "b"], ["c", ""]]),
        ("| a \\| b |\n|---|\n| c \\\\| d |", [["a | b"], ["c | d"]]),
        ("| *a* b |\n|---|\n| &amp; \\* |", [["a b"], ["& *"]]),
    ],
)
def test_rows_are_read_as_github_reads_them(text, expected):
    blocks, found = read(text)

    assert [f for f in found if f.is_error] == []
    assert words_of(blocks[-1]) == expected


def test_a_cell_holds_what_a_paragraph_does():
    text = (
        "| a |\n|---|\n| *b* [c](https://x.org) d[^1] %%why?%% |\n\n"
        "%%And this?%%\n\n[^1]: A note.\n"
    )
    blocks, found = read(text, comments=True)

    assert found == []
    kinds = [type(node) for node in walk(blocks[0]) if not isinstance(node, Text | Row | Cell)]
    assert kinds == [Emphasis, Link, Footnote, Paragraph, Comment, Comment]


REFUSED = {
    "words in a cell too many": (
        "| a | b |\n|---|---|\n| c | d |\n| e | f | g h | i |", "uneven-table", 3, "`g h | i`",
    ),
    "a head alone": ("a\n\n| b | c |\n|---|---|", "table-without-rows", 2, "rows below its head"),
    "a table in a list": ("- a\n\n  | b |\n  |---|\n  | c |", "unsupported-markdown", 2, "a table"),
    "a table in a quotation": ("> | b |\n> |---|\n> | c |", "unsupported-markdown", 0, "a table"),
    "a table in a note": (
        "a[^1]\n\n[^1]: b\n\n    | c |\n    |---|\n    | d |", "unsupported-markdown", 4, "a table",
    ),
    "too many columns": (
        "|a" * 25 + "|\n" + "|-" * 25 + "|\n" + "|b" * 25 + "|", "too-large", 0, "1 to 24 columns",
    ),
    "a picture in a cell": ("| ![a](b.png) |\n|---|\n| c |", "unsupported-markdown", 0, "an image"),
    "code in a cell": ("| a |\n|---|\n| `b` |", "unsupported-markdown", 2, "code"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "message"), REFUSED.values(), ids=REFUSED)
def test_what_a_table_cannot_keep_is_refused_at_its_line(text, code, line, message):
    _, found = read(text)

    first = next(f for f in found if f.code == code)
    assert first.at.line == FIRST + line
    assert message in first.message


def test_a_text_that_may_have_none_refuses_tables():
    _, found = read(PORTS, columns=0)

    assert [f.message for f in found] == ["a table cannot stand here"]


@pytest.mark.parametrize(
    "text",
    [
        "| port | berths |\n| --- | --- |\n| Rønne | 1 |\n| Ystad |  |",
        "| a \\| b |\n| --- |\n| *c* [d](https://x.org) \\*\\~\\~ \\\\\\| |",
        "| a |\n| --- |\n| b[^1] |\n\n[^1]: The note.",
    ],
)
def test_a_table_has_one_spelling(text):
    blocks, found = read(text)

    assert found == []
    assert markdown_writer.write_blocks(blocks) == text
