"""Values keep their address on their way through the HTML, and cannot be forged or lost."""

import datetime
import types

import pytest

from pipeline.document.tree import Address, Paragraph, Text
from pipeline.records import SourcedText
from pipeline.templating.provenance_marks import BETWEEN, CLOSE, DIGITS, MARKS, OPEN, RenderedHtml

NAME = SourcedText.from_text("Ada & Bo", "article.md#title")
BLOCKS = (Paragraph((Text("Words.", Address("article.md#q1.ada.1")),)),)


@pytest.fixture
def printed():
    return RenderedHtml()


def split(printed, html):
    return list(printed.split_values(html))


def test_a_value_is_printed_escaped_and_comes_back_with_its_address(printed):
    html = f"<b>{printed.mark_value(NAME)}</b>"
    assert "Ada &amp; Bo" in html
    assert split(printed, f"by {printed.mark_value(NAME)}!".replace("&amp;", "&")) == [
        Text("by "), Text("Ada & Bo", Address("article.md#title")), Text("!"),
    ]  # fmt: skip


def test_nodes_come_back_as_they_were(printed):
    html = f"a{printed.mark_value(BLOCKS)}b"
    assert split(printed, html) == [Text("a"), BLOCKS, Text("b")]
    assert printed.strip_marks(html) == "aWords.b"


def test_a_value_that_was_changed_on_the_way_has_no_address(printed):
    html = str(printed.mark_value(NAME)).upper().replace("&AMP;", "&")
    assert split(printed, html) == [Text("ADA & BO")]


@pytest.mark.parametrize("value", ["plain", "<b>", 7, "", ()])
def test_what_has_no_address_is_printed_as_it_is(printed, value):
    marked = printed.mark_value(value)
    assert marked == value or split(printed, marked) == [()]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "there is nothing to print here"),
        (True, "a yes or no cannot be printed"),
        (1.5, "rounded"),
        (datetime.date(2024, 1, 2), "`day(…)`"),
        (["a"], "go through it"),
        (("a", "b"), "go through it"),
        ({"a": 1}, "go through it"),
        (types.MappingProxyType({}), "go through it"),
        (len, "called with brackets"),
        (BLOCKS[0], "a Paragraph cannot be printed; name one of its fields"),
    ],
)
def test_what_has_no_words_says_what_to_do(printed, value, message):
    with pytest.raises(TypeError, match=message.replace("(", r"\(").replace(")", r"\)")):
        printed.mark_value(value)


@pytest.mark.parametrize(
    "forged",
    [
        f"{OPEN}{DIGITS[9]}{BETWEEN}Lies{CLOSE}",
        f"{OPEN}{DIGITS[0]}{BETWEEN}Lies{CLOSE}",
        f"{OPEN}{BETWEEN}Lies{CLOSE}",
        f"{BETWEEN}Lies{CLOSE}",
        f"Lies{OPEN}{OPEN}",
        f"{OPEN}{DIGITS[0] * 9}{BETWEEN}Lies{CLOSE}",
    ],
)
def test_marks_that_were_put_together_give_no_address_and_leave_no_trace(printed, forged):
    printed.mark_value(NAME)
    assert split(printed, forged) == [Text("Lies")]
    assert not set(MARKS) & set(printed.strip_marks(forged))
