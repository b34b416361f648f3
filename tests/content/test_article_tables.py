"""A table of an article is one numbered block; its cells are values, and words to quote."""

import pytest

from pipeline.build.provenance import list_content_values
from pipeline.diagnostics import Location
from pipeline.document.tree import Address, Figure, Paragraph, Table
from pipeline.templating.variables import quote_answer
from tests.support import specimen
from tests.support.small_project import find_path

ANSWER = "It depends.\n"
TABLE = "| port | berths |\n|---|---|\n| Rønne | *one* berth |\n| Ystad | 22 |\n"
WITH_TABLE = f"Here it is.\n\n{TABLE}\nIt depends.\n"
ARTICLE = "content/mini/article.md"
FIRST = '- text: Words do bind.\n    evidence: [{answer: q1.ann, quote: "words bind"}]'


def test_a_table_is_a_numbered_block_and_its_cells_have_addresses(write):
    content = write("article.md", ANSWER, WITH_TABLE)

    blocks = content.article.questions[0].answers[1].blocks
    assert [type(block) for block in blocks] == [Paragraph, Table, Paragraph]
    values = list_content_values(content)
    assert {key: value.text for key, value in values.items() if ".bob" in key} == {
        "article.md#q1.bob.1": "Here it is.",
        "article.md#q1.bob.2.r1.c1": "port",
        "article.md#q1.bob.2.r1.c2": "berths",
        "article.md#q1.bob.2.r2.c1": "Rønne",
        "article.md#q1.bob.2.r2.c2": "*one* berth",
        "article.md#q1.bob.2.r3.c1": "Ystad",
        "article.md#q1.bob.2.r3.c2": "22",
        "article.md#q1.bob.3": "It depends.",
        "article.md#experts.bob.name": "Bob Baker",
    }
    assert content.places[Address("article.md#q1.bob.2")] == Location(ARTICLE, 22, 1)
    assert content.places[Address("article.md#q1.bob.2.r3.c2")] == Location(ARTICLE, 25, 1)


def test_the_introduction_may_have_one(write):
    content = write("article.md", "An introduction.\n", f"An introduction.\n\n{TABLE}")

    assert "article.md#introduction.2.r2.c1" in list_content_values(content)


def test_an_answer_may_be_nothing_but_a_table(write):
    answer = write("article.md", ANSWER, TABLE).article.questions[0].answers[1]

    assert quote_answer(answer, "en") == answer.blocks


def test_the_quotation_marks_stand_round_the_paragraphs(write):
    answer = write("article.md", ANSWER, f"{ANSWER}\n{TABLE}").article.questions[0].answers[1]

    first, table = quote_answer(answer, "en")
    assert [text.text for text in first.children] == ["“", "It depends.", "”"]
    assert table == answer.blocks[1]


@pytest.mark.parametrize("quote", ["Rønne", "one berth", "berths", "22", "Rønne […] one berth"])
def test_words_of_a_cell_can_be_quoted(write, project, quote):
    find_path(project, "article.md").write_text(
        find_path(project, "article.md").read_text("utf-8").replace(ANSWER, WITH_TABLE), "utf-8"
    )
    new = f'- text: Words do bind.\n    evidence: [{{answer: q1.bob, quote: "{quote}"}}]'
    content = write("summary.yaml", FIRST, new)

    found = next(q for q in content.quotations if q.answer == "q1.bob")
    assert found.quote == quote
    assert found.line in (22, 24, 25)


@pytest.mark.parametrize("quote", ["Rønne one", "port berths", "it is. port", "22 It depends"])
def test_a_quote_stands_within_one_cell(diagnose, project, quote):
    find_path(project, "article.md").write_text(
        find_path(project, "article.md").read_text("utf-8").replace(ANSWER, WITH_TABLE), "utf-8"
    )
    new = f'- text: Words do bind.\n    evidence: [{{answer: q1.bob, quote: "{quote}"}}]'
    (found,) = diagnose("summary.yaml", FIRST, new)

    assert found.code == "quote-not-verbatim"


def test_a_table_in_a_note_about_an_expert_is_refused(diagnose):
    about = "about: |\n  | a |\n  |---|\n  | b |\nexperts:"
    (found,) = diagnose("article.md", "experts:", about)

    assert (found.message, found.at.line) == ("a table cannot stand here", 6)


@pytest.mark.parametrize("address", ["<images/my map.png>", "images/my%20map.png"])
def test_a_picture_whose_name_has_a_space_is_shown(write, project, address):
    folder = find_path(project, "images")
    folder.mkdir()
    (folder / "my map.png").write_bytes(specimen.picture().data)

    content = write("article.md", ANSWER, f"{ANSWER}\n![A map]({address})\n")

    (figure,) = [b for b in content.article.questions[0].answers[1].blocks if isinstance(b, Figure)]
    assert figure.image == "mini/images/my map.png"


def test_signs_that_would_be_printed_are_refused_with_their_lines(diagnose):
    """As a newcomer writes them: struck words, and a picture's name with a space."""
    text = f"{TABLE}\nAnd ~~struck~~ words.\n\n![a map](images/my map.png)\n"
    found = diagnose("article.md", ANSWER, text)

    assert [(f.code, f.at) for f in found] == [
        ("raw-signs", Location(ARTICLE, 25, 1)),
        ("raw-signs", Location(ARTICLE, 27, 1)),
    ]
