"""Signs that Markdown does not read are refused with a way out; those of prose are words."""

import time

import pytest

from pipeline.document.markdown_parser import parse_tokens
from pipeline.document.raw_signs import find_raw_signs, find_signs_in_value
from pipeline.document.tree import to_full_text
from tests.support.markdown_texts import FIRST, read

SIGNS = {
    "strong stress that is open": ("a\n**bold", 1, "a `*` has no other half", "\\*"),
    "stress that is open": ("a *word", 0, "a `*` has no other half", "\\*"),
    "stress that is closed alone": ("word* and", 0, "a `*` has no other half", "\\*"),
    "an underscore": ("a _word", 0, "a `_` has no other half", "\\_"),
    "stress that a quotation mark keeps open": ("**“Bold.”**word", 0, "no other half", "\\*"),
    "struck words": ("a\n\n~~struck~~ b", 2, "words between `~~` would be struck", "\\~"),
    "words struck on GitHub": ("H~2~O", 0, "words between `~` would be struck", "\\~"),
    "struck words that go on": ("~~a\n\nb~~", 0, "a `~~` has no other half", "\\~"),
    "three tildes": ("b ~~~a~~~", 0, "no word of the text", "\\~"),
    "an image with a space": ("a\n\n![a map](images/my map.png)", 2, "no image", "(<images/my"),
    "an image without address": ("![a map]", 0, "no image", "![a map](images/map.png)"),
    "a link with a space": ("[a](https://x.org/a b)", 0, "is no link", "(<https://"),
    "a link that is open": ("[a](https://x.org", 0, "is no link", "\\["),
    "a link over two lines": ("a [b](https://x.org/\nc)", 0, "is no link", None),
    "a label that nothing defines": ("a [b][c] d", 0, "its label is not defined", "[label]: https"),
    "a label that is the words": ("a [b][] d", 0, "its label is not defined", "\\["),
    "a link of a wiki": ("see [[Page]]", 0, "is no link", "[words](https://…)"),
    "a note that is open": ("a^[b", 0, "is no footnote", "^\\["),
    "a task": ("- a\n- [ ] b\n- [x] c", 1, "is no box to tick", "\\["),
    "an alert": ("> [!NOTE]\n> a", 0, "`[!NOTE]`", "take it out"),
    "a row of no table": ("a\n\n| b | c |", 2, "is no row of a table", "`|---|---|`"),
    "too few hyphens": ("| a | b |\n|---|\n| c | d |", 0, "`| a | b |` is no row", "as that"),
    "hyphens without a head": ("--- | ---", 0, "is no row of a table", "first row"),
    "a heading without its space": ("a\n\n##bob", 2, "`##bob` is no heading", "a space"),
    "a question without its space": ("#Why? {#q2}", 0, "is no heading", "\\#"),
    "a heading that is too deep": ("####### a", 0, "is no heading", None),
    "a tag that is none": ('a <a href="b"c>', 0, "is no tag or address", "\\<"),
    "an address that is none": ("<https://x.org/a b>", 0, "is no tag or address", "\\<"),
    "a character that is none": ("a &nosuch; b", 0, "`&nosuch;` is no character", "\\&"),
    "code that is open": ("a `b", 0, "is no code", "\\`"),
    "quotation marks of TeX": ("``a''", 0, "is no code", "\\`"),
    "a break before nothing": ("a\\", 0, "is no line break", "take it out"),
    "stress in an address": ("https://x.org/_a_/b", 0, "`_` in an address", "<https://…>"),
    "a sign in a cell": ("| a |\n|---|\n| **b |", 2, "a `*` has no other half", "\\*"),
    "a sign in a note": ("a[^1]\n\n[^1]: b\n    **c", 3, "a `*` has no other half", "\\*"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "hint"), SIGNS.values(), ids=SIGNS)
def test_a_sign_that_would_be_printed_is_refused_at_its_line(text, line, message, hint):
    _, found = read(text)

    first = next(f for f in found if f.code == "raw-signs")
    assert (first.at.file, first.at.line) == ("a.md", FIRST + line)
    assert message in first.message
    assert hint is None or hint in first.hint


@pytest.mark.parametrize("text", [t for t, *_ in SIGNS.values() if "<" not in t and "[^" not in t])
def test_no_word_is_dropped_with_it(text):
    blocks, _ = read(text)
    assert list(filter(str.isalnum, to_full_text(blocks))) == list(filter(str.isalnum, text))


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 * 2, a*b and 2**8",
        "f**k it",
        "five ~5 or ~6 of them",
        "a_b_c and __ and * and ** alone",
        "[sic], […], [...] and the [European][sic] Union",
        "the [member] states [1] (see there)",
        "[Interviewer]: how are you?",
        "Rønne | 1",
        "a | b\nc | d",
        "|",
        "#1 and #hashtag, # alone",
        "https://x.org/a_b_c?d=*&e=~f and www.x.org/_g",
        "AT&T; R&D; a & b; &c",
        "Hawai`i",
        "1 < 2 > 0, a<b and <3",
        "C:\\dir\\file",
        "“*” alone",
        "\\**not bold",
        "\\~~~ nor code",
        "\\| a | b |",
        "$5 and $6, a^2, {a}, x=y, a+b, -5 °C, 50%",
        "Well! [sic]",
    ],
)
def test_signs_of_prose_are_words(text):
    blocks, found = read(text)

    assert found == []
    assert to_full_text(blocks) == " ".join(
        text.replace("\\*", "*").replace("\\~", "~").replace("\\|", "|").split()
    )


DOUBTFUL = {
    "stress around spaces": ("a\n** bold **", 1, "no stress", "a\n\\** bold \\**"),
    "a class": ("text {.class}", 0, "`{.class}` is no attribute", "text \\{.class}"),
    "an id": ("text {#foo}", 0, "`{#foo}` is no attribute", "text \\{#foo}"),
    "a span with a class": ("[text]{.class} a", 0, "`[text]{.class}`", "\\[text]\\{.class} a"),
    "marked words": ("a ==marked== b", 0, "`==marked==` is no mark", "a \\==marked== b"),
    "a list of contents": ("[TOC]", 0, "`[TOC]` is no list", "\\[TOC]"),
    "a note with a space": ("a [^ 1] b", 0, "`[^ 1]` is no footnote", "a \\[^ 1] b"),
    "a formula": ("a $x^2$ b", 0, "`$x^2$` is no formula", "a \\$x^2$ b"),
    "a formula apart": ("$$y$$", 0, "`$$y$$` is no formula", "\\$\\$y$$"),
    "a definition": ("Term\n: Definition", 1, "`: Definition` is no", "Term\n\\: Definition"),
}


@pytest.mark.parametrize(("text", "line", "message", "meant"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_sign_that_may_be_words_is_printed_and_told(text, line, message, meant):
    blocks, found = read(text)

    assert [(f.code, f.is_error, f.at.line) for f in found] == [("raw-signs", False, FIRST + line)]
    assert message in found[0].message
    assert to_full_text(blocks) == " ".join(text.split())
    assert read(meant)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        *("$5 to $10", "a == b == c", "US$5 and A$6", "{a} and {1.5}", "[^] b", "[TOC] of it"),
        *("a ** b and c", "a : b", "Table: the berths", ":smile:", "x^2", "{{ title }}"),
    ],
)
def test_words_that_other_kinds_of_markdown_would_read_are_words(text):
    assert read(text)[1] == []


VALUES = {
    "stress": "The *ports* of it",
    "strong stress": "**bold**",
    "underscores": "__strong__",
    "open stress": "a **bold",
    "stress in quotation marks": "“*so*”",
    "code": "`code`",
    "struck words": "~~struck~~",
    "HTML": "<b>",
    "a character": "AT&amp;T",
    "a comment": "%%c d%%",
    "an open comment": "50%% of",
    "a link": "[link](https://x.org)",
    "an address in brackets": "<https://x.org>",
    "a note": "[^1]",
    "a backslash": "\\*",
}


SURE = (
    *("strong stress", "code", "HTML", "a comment", "an open comment", "a link"),
    "an address in brackets",
)
"""What nobody means; the others may be words, and there is no way to say so."""


@pytest.mark.parametrize("name", VALUES)
def test_a_value_without_markdown_has_no_signs_of_it(name):
    for has_backslash in (False, True):
        found = list(find_signs_in_value(VALUES[name], has_backslash=has_backslash))
        assert found
        is_doubtful = name not in SURE and not has_backslash
        assert {signs.is_doubtful for signs in found} == {is_doubtful}


@pytest.mark.parametrize(
    "text",
    [
        *("5* and a 4* hotel", "M*A*S*H", "C&A", "R&D; x", "a < b", "~5 % or ~6", "C++, C#", "#1"),
        *("a_b_c", "[sic] and […]", "100 %", "* and *", "Rønne | Bern", "f**k", "C:\\dir", "5'10"),
        *("https://x.org/_a_/b*c*?d=&amp;e", "see www.x.org/a_b_, ok", "$5 to $10", "“*” alone"),
    ],
)
def test_words_of_a_value_are_words(text):
    assert list(find_signs_in_value(text)) == []


def test_a_caption_has_signs_only_with_a_backslash():
    def read_caption(caption):
        return read(f'![a](p.png "{caption}")', image=lambda path, at: path)

    _, found = read_caption("not *so*")
    blocks, meant = read_caption("not \\*so\\*")

    assert [(f.code, f.at.line, f.is_error) for f in found] == [("raw-signs", FIRST, True)]
    assert meant == []
    assert to_full_text(blocks[0].caption) == "not *so*"


def test_every_sign_has_a_way_out():
    """What the hint says is done: a backslash before the sign, and it is a word."""
    for text in ("a \\*word", "word\\* and", "H\\~2~O", "a \\[b][c] d", "a ^\\[b", "\\[[Page]]"):
        assert read(text)[1] == [], text
    for text in ("\\##bob", "\\<a b c>", "a \\&nosuch; b", "a \\`b", "- \\[ ] b", "a\\\\"):
        assert read(text)[1] == [], text


LONG = {
    "addresses": "www." * 50_000 + " ",
    "tildes": "~" * 100_000 + " a",
    "stress in an address": "www.a" + "*b*" * 5_000,
    "brackets": "]" * 50_000 + "(",
    "spaces": "- " + " " * 100_000 + "|x",
    "tags": "<a " * 50_000,
    "stress around spaces": "** a " * 20_000,
    "marks": "==a " * 20_000,
    "formulas": "$a" * 30_000,
    "attributes": "{.a" * 30_000,
    "characters": "a\n" * 2_000 + "&nosuch; " * 5_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_lines_of_signs_are_looked_through_in_a_moment(text):
    tokens, _ = parse_tokens(text)
    began = time.process_time()
    assert all(len(signs.message) < 200 for _, signs in find_raw_signs(tokens))
    assert all(len(signs.message) < 200 for signs in find_signs_in_value(text))
    assert time.process_time() - began < 5


def test_a_bare_address_is_words_as_it_is_written():
    blocks, found = read("See www.x.org/a and https://x.org/b_c.")

    assert (to_full_text(blocks), found) == ("See www.x.org/a and https://x.org/b_c.", [])
    assert len(blocks[0].children) == 1
