"""The names that templates have do what templates/README.md says of them."""

import datetime

import pytest

from pipeline.content.model import Answer
from pipeline.document.tree import Address, Figure, Item, List, Paragraph, Quote, Text, walk
from pipeline.templating import variables
from tests.support.workbench import PAGE, list_texts


def words_of(document) -> list[str]:
    return [words for words, _ in list_texts(document)]


def test_quotation_marks_go_round_an_answer_as_the_source_has_them(bench):
    document = bench.body("{{ quoted(answer('q1.ada')) }}<p>–</p>{{ quoted(answer('q2.bo')) }}")
    assert list(list_texts(document)) == [
        ("“", None),
        ("First words of Ada.", "article.md#q1.ada.1"),
        ("Second words, ", "article.md#q1.ada.2"),
        ("strong", "article.md#q1.ada.2"),
        (" ones.", "article.md#q1.ada.2"),
        ("”", None),
        ("–", None),
        ("A deed", "article.md#q2.bo.1"),
        ("Another deed", "article.md#q2.bo.1"),
    ]


@pytest.mark.parametrize(
    ("language", "opening", "closing"),
    [("de-AT", "„", "“"), ("fr", "«\u00a0", "\u00a0»"), ("xx", "“", "”"), ("EN", "“", "”")],
)
@pytest.mark.parametrize("quotes", ["both", "unclosed", "none"])
def test_quotation_marks_are_the_languages(language, opening, closing, quotes):
    inner = Item((Paragraph((Text("a"),)), Paragraph((Text("b"),))))
    given = Answer(
        address=Address("q1.ada"), experts=(), blocks=(List((inner, Item(()))), List((inner,))),
        quotes=quotes,
    )  # fmt: skip
    words = [
        n.text
        for b in variables.quote_answer(given, language)
        for n in walk(b)
        if hasattr(n, "text")
    ]
    expected = {
        "both": [opening, "a", "b", "a", "b", closing],
        "unclosed": [opening, "a", "b", "a", "b"],
        "none": ["a", "b", "a", "b"],
    }
    assert words == expected[quotes]


def test_quotation_marks_stand_at_words_not_at_a_figure_or_an_empty_item():
    figure, empty = Figure("map.png", "a map"), List((Item(()),))
    given = Answer(
        address=Address("q1.ada"),
        experts=(),
        blocks=(figure, empty, Paragraph((Text("a"),)), Paragraph((Text("b"),)), empty, figure),
    )
    assert variables.quote_answer(given, "en") == (
        figure,
        empty,
        Paragraph((Text("“"), Text("a"))),
        Paragraph((Text("b"), Text("”"))),
        empty,
        figure,
    )
    cited = Answer(
        address=Address("q1.ada"), experts=(), blocks=(Quote((Paragraph((Text("a"),)),)),)
    )
    assert variables.quote_answer(cited, "en") == (
        Quote((Paragraph((Text("“"), Text("a"), Text("”"))),)),
    )
    shown_only = Answer(address=Address("q1.ada"), experts=(), blocks=(figure,))
    assert variables.quote_answer(shown_only, "en") == (figure,)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en-US", "February 3, 2024"),
        ("en-GB", "3 February 2024"),
        ("en", "3 February 2024"),
        ("fr", "2024-02-03"),
    ],
)
def test_a_date_is_written_as_the_language_does(language, written):
    assert variables.format_date(datetime.date(2024, 2, 3), language) == written


def test_a_date_does_not_depend_on_the_locale():
    class French(datetime.date):
        def strftime(self, form: str) -> str:
            return "février"

    assert variables.format_date(French(2024, 2, 3), "en-US") == "February 3, 2024"
    months = [variables.format_date(French(2024, month, 1), "en-GB") for month in range(1, 13)]
    assert months == [f"1 {name} 2024" for name in variables.MONTHS]


def test_a_verbatim_quote_is_printed_and_noted(bench):
    printed = bench.print_template(
        PAGE.replace("{body}", "<p>{{ quote('q1.ada', 'words of Ada') }}</p>")
    )
    (entry,) = printed.quotations
    assert (entry.quote, entry.answer, entry.expert) == ("words of Ada", "q1.ada", "Ada Alpha")
    document = bench.body("<p>{{ quote('q1.ada', 'words of Ada') }}</p>")
    assert list(list_texts(document)) == [("words of Ada", "article.md#q1.ada")]


def test_evidence_is_numbered_by_first_use(bench):
    body = (
        "{% for t in summary.takeaways %}<p>{{ cite(t.evidence[0]) }}</p>{% endfor %}"
        "<p>{{ cite(summary.takeaways[1].evidence[0]) }}</p>"
        "{% for n, e in cited() %}<p>{{ n }} {{ e.quote }}</p>{% endfor %}"
    )
    words = "|".join(words_of(bench.body(body)))
    assert words == "1|2|3|2|1 |words of Ada|2 |Words of Bo|3 |A deed"


def test_plain_words_keep_blocks_apart_and_notes_behind_them(bench):
    body = "<p>{{ plain(answer('q1.bo').blocks) }}</p><p>{{ plain(answer('q2.bo').blocks) }}</p>"
    assert words_of(bench.body(body)) == ["Words of Bo. A note of Bo.", "A deed Another deed"]


def test_a_view_shows_its_part_only(bench):
    body = "<p>{{ part }}|{{ questions|length }}|{{ experts[0].id }}|{{ reading_minutes }}</p>"
    document = bench.body(body, questions=["q2"], experts=["bo"])
    assert words_of(document) == ["q2-bo|1|bo|1"]


def test_the_edition_is_the_fingerprint_of_the_content(bench):
    assert words_of(bench.body("<p>{{ edition }}</p>")) == [bench.content.sha256[:12]]
