"""Only characters that every format prints alike may stand in a brief."""

import pytest

from pipeline.document import characters

CANNOT = {
    "U+0000": "\0",
    "U+000B": "\v",
    "U+000C": "\f",
    "U+001B": "\x1b",
    "U+007F": "\x7f",
    "U+0085": "\x85",
    "U+00AD soft hyphen": "\xad",
    "U+200B zero width space": "\u200b",
    "U+FEFF zero width no-break space": "\ufeff",
    "U+2028 line separator": "\u2028",
    "U+202E right-to-left override": "\u202e",
    "U+2066 left-to-right isolate": "\u2066",
    "U+E000": "\ue000",
    "U+FDD0": "\ufdd0",
    "U+FFFD replacement character": "\ufffd",
    "U+FFFF": "\uffff",
    "U+1FFFE": "\U0001fffe",
    "U+F0000": "\U000f0000",
    "U+D800": "\ud800",
}


@pytest.mark.parametrize(("name", "character"), CANNOT.items(), ids=CANNOT)
def test_what_cannot_be_printed_is_named(name, character):
    assert characters.find_refused_character(f"ab{character}cd\0") == name


@pytest.mark.parametrize(
    "text",
    ["", "plain", "tab\tand\nline", "5×5—“curly” – ’s", "no\u00a0break", "Géry", "Жук 漢字 עברית",
     "a\u0301", "👩‍🔬", "🇪🇺"],
)  # fmt: skip
def test_the_words_of_the_world_are_taken(text):
    assert characters.find_refused_character(text) is None
