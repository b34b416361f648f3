"""Headings are questions and answers; what is wrong with them is reported at their line."""

import pytest

from pipeline.diagnostics import Location
from pipeline.document.tree import Address, Emphasis, Text, to_full_text
from tests.support.small_project import MINI, find_path, join_speakers

FILE = "content/mini/article.md"
BODY = MINI["article.md"][MINI["article.md"].index("# Why") :]


def test_an_answer_can_be_given_by_several(write):
    read = write("article.md", "## bob", "## bob, ann")
    answer = read.article.questions[0].answers[1]
    assert (answer.address, join_speakers(answer)) == ("q1.bob+ann", "bob+ann")
    assert [expert.name for expert in answer.experts] == ["Bob Baker", "Ann Archer"]
    assert answer.blocks[0].children[0].source == "article.md#q1.bob+ann.1"


def test_in_a_dialogue_turns_keep_their_order_and_paragraphs_count_on(write):
    read = write("article.md", "It depends.", "A.\n\nB.\n\n## ann\n\nC.\n\n## bob\n\nD.")
    words = [
        (join_speakers(answer), block.children[0].source, to_full_text([block]))
        for answer in read.article.questions[0].answers
        for block in answer.blocks
    ]
    assert words == [
        ("ann", "article.md#q1.ann.1", "Because words bind, and norms do too."),
        ("bob", "article.md#q1.bob.1", "A."),
        ("bob", "article.md#q1.bob.2", "B."),
        ("ann", "article.md#q1.ann.2", "C."),
        ("bob", "article.md#q1.bob.3", "D."),
    ]
    assert read.places["article.md#q1.bob.3"].line == 30
    assert read.places["article.md#q1.bob"].line == 18


def test_an_expert_who_skipped_a_question_has_no_answer_to_it(write):
    read = write("article.md", "It depends.", "It depends.\n\n# And?\n\n## ann\n\nSo on.")
    assert [[join_speakers(a) for a in q.answers] for q in read.article.questions] == [
        ["ann", "bob"],
        ["ann"],
    ]
    assert (read.article.questions[1].id, read.article.questions[1].number) == ("q2", 2)


@pytest.mark.parametrize("quotes", ["both", "unclosed", "none"])
def test_the_sources_quotation_marks_are_noted(write, quotes):
    read = write("article.md", "## bob", f"## bob {{quotes={quotes}}}")
    assert read.article.questions[0].answers[1].quotes == quotes


def test_a_question_has_markup_and_an_id_of_its_own(project, write):
    find_path(project, "summary.yaml").unlink()
    read = write(
        "article.md", "Why do words matter? {#q1}", "Why do *words* {matter}\\? {#why-words}"
    )
    assert read.article.questions[0].id == "why-words"
    assert read.article.questions[0].text == (
        Text("Why do ", Address("article.md#why-words")),
        Emphasis((Text("words", Address("article.md#why-words")),)),
        Text(" {matter}?", Address("article.md#why-words")),
    )


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Why {}?", "Why {}?"),
        ("Why {}", "Why {}"),
        ("Why { }", "Why { }"),
        ("Why \\{so}", "Why {so}"),
    ],
)
def test_braces_that_are_no_attributes_are_words(write, written, printed):
    read = write("article.md", "Why do words matter? {#q1}", written)
    assert to_full_text(read.article.questions[0].text) == printed
    assert read.article.questions[0].id == "q1"


def test_headings_may_be_underlined(write):
    read = write(
        "article.md",
        "# Why do words matter? {#q1}\n\n## ann\n",
        "Why do words\nmatter? {#q1}\n===\n\nann\n---\n",
    )
    (question,) = read.article.questions
    assert to_full_text(question.text) == "Why do words matter?"
    assert [join_speakers(answer) for answer in question.answers] == ["ann", "bob"]


# --- what is wrong, and where -------------------------------------------------------------

WRONG = {
    "unknown expert": (
        "## bob", "## bobb", "unknown-expert", 18,
        "`bobb` is not one of the article's experts", "did you mean `bob`?",
    ),
    "an expert by name": (
        "## bob", "## Bob Baker", "unknown-expert", 18, "`Bob Baker`", "known: `ann`, `bob`",
    ),
    "no expert": ("## bob", "##", "unknown-expert", 18, "``", "known: `ann`, `bob`"),
    "an unknown one of several": (
        "## bob", "## ann, bo", "unknown-expert", 18, "`bo`", "did you mean `bob`?",
    ),
    "an expert twice in a heading": (
        "## bob", "## bob, bob", "duplicate-id", 18, "names `bob` twice", "once",
    ),
    "an answer without a question": (
        "# Why", "## ann\n\nHm.\n\n# Why", "answer-without-question", 12,
        "the answer `ann` stands before the first question", "# … {#q1}",
    ),
    "text before the first answer": (
        "## ann", "Some say:\n\n## ann", "text-without-expert", 14,
        "text between the question and its first answer", "`## expert-id`",
    ),
    "an empty answer": (
        "It depends.\n", "", "empty-answer", 18, "the answer `bob` to `q1` has no words", "heading",
    ),
    "an answer of a sign": ("It depends.", "-", "empty-answer", 18, "has no words", None),
    "an empty question": (
        "Why do words matter? {#q1}", "{#q1}", "empty-question", 12, "`q1` has no words", None,
    ),
    "two questions of one id": (
        "It depends.", "It depends.\n\n# So? {#q1}\n\n## ann\n\nYes.", "duplicate-id", 22,
        "two questions have the id `q1`", "the first one is on line 12",
    ),
    "an id given twice": ("{#q1}", "{#q1 #q2}", "duplicate-id", 12, "`id` is written twice", None),
    "an id that is none": ("{#q1}", "{#Q1}", "bad-value", 12, "`Q1` cannot be an id", "{#q1}"),
    "an id that the front matter has": (
        "{#q1}", "{#title}", "bad-value", 12, "cannot have the id `title`", "{#q1}, {#q2}",
    ),
    "an unknown attribute of a question": (
        "{#q1}", "{#q1 quotes=none}", "unknown-attribute", 12, "no attribute `quotes`", "`id`",
    ),
    "an unknown attribute of an answer": (
        "## bob", "## bob {quote=none}", "unknown-attribute", 18, "`quote`", "mean `quotes`?",
    ),
    "unknown quotation marks": (
        "## bob", "## bob {quotes=unclose}", "bad-value", 18, "quotes cannot be `unclose`",
        "did you mean `unclosed`?",
    ),
    "quotation marks without a word": (
        "## bob", "## bob {quotes}", "bad-value", 18, "quotes cannot be ``", "known: `both`",
    ),
    "a footnote in a question": (
        "matter? {#q1}", "matter?[^1] {#q1}\n\n[^1]: A note.", "unsupported-markdown", 12,
        "a footnote cannot stand in a question", "hang the note on an answer",
    ),
    "a heading in an answer": (
        "It depends.", "It depends.\n\n### So", "unsupported-markdown", 22, "a heading", "\\#",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "message", "hint"), WRONG.values(), ids=WRONG
)
def test_what_is_wrong_with_a_body_is_told_at_its_line(
    project, diagnose, old, new, code, line, message, hint
):
    find_path(project, "summary.yaml").unlink()  # it speaks of what is spoilt here
    found = diagnose("article.md", old, new)
    assert [(f.code, f.at) for f in found] == [(code, Location(FILE, line, 1))]
    assert message in found[0].message
    assert hint is None or hint in found[0].hint


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("# Why", "# What? {#q0}\n\n# Why", 12), ("It depends.", "It depends.\n\n# What?", 22)],
    ids=["first", "last"],
)
def test_a_question_that_nobody_answers_is_told_and_kept(project, write, old, new, line):
    find_path(project, "summary.yaml").unlink()
    content = write("article.md", old, new)
    (found,) = content.warnings
    assert (found.code, found.at) == ("question-without-answers", Location(FILE, line, 1))
    assert "`## expert-id`" in found.hint
    assert [bool(question.answers) for question in content.article.questions].count(False) == 1


def test_an_article_without_questions_is_told_where_its_body_begins(diagnose):
    found = diagnose("article.md", BODY, "")
    assert (found[0].code, str(found[0].at)) == ("no-questions", f"{FILE}:9")
    assert "`# … {#q1}`, an answer below it `## expert-id`" in found[0].hint
