"""What Markdown changes without a word is told at its line, and printed as before."""

import pytest

from pipeline.document.tree import to_full_text
from tests.support.markdown_texts import FIRST, read

CHANGES = {
    "numbers that leave some out": (
        "a\n\n1. b\n5. c",
        3,
        "`5.` of a list is printed as 2.",
        "a b c",
    ),
    "a sign at a number": ("a\n\n>5 of them", 2, "`>5` begins a quotation", "a 5 of them"),
    "words below a table": (
        "| a | b |\n|---|---|\n| c | d |\nSource: X",
        3,
        "`Source: X` is a row of the table",
        "a b c d Source: X",
    ),
    "two percent signs": ("b\n100 %% sure and 50%% of", 1, "is a comment", "b 100 of"),
}


@pytest.mark.parametrize(("text", "line", "message", "printed"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_at_its_line(text, line, message, printed):
    blocks, found = read(text)

    assert [(f.code, f.is_error, f.at.line) for f in found] == [
        ("silent-change", False, FIRST + line)
    ]
    assert message in found[0].message
    assert to_full_text(blocks).split() == printed.split()


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n1. b\n1. c",
        "7. a\n8. b",
        "1. a\n   1. b\n   2. c\n2. d",
        "> 5 of them",
        "| a | b |\n|---|---|\n| c |\n\nSource: X",
        "in 2021 %%is it so?%% and on",
        "in 2021 %%see p. 50%% and on",
        "a %%b%%",
    ],
)
def test_what_is_meant_is_not_told(text):
    assert read(text)[1] == []
