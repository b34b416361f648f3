"""Every quote stands verbatim in the answer that it cites, or is reported with the nearest."""

import hashlib

import pytest

from pipeline.content import loader
from pipeline.content.quotes import find_nearest_passage, fold_whitespace, is_verbatim_in
from pipeline.diagnostics import Location, Problems
from tests.support.small_project import MINI, find_path

SUMMARY = "content/mini/summary.yaml"
TEXT = (
    "First, the tech ambassadors (e.g., Denmark) – and not just those – made states’ norms.\nBut."
)


@pytest.mark.parametrize(
    "quote",
    [
        "First",
        "the tech ambassadors",
        "First,",
        "(e.g., Denmark)",
        ", Denmark) – and",
        "norms.",
        "states’ norms",
        "  the tech\n  ambassadors ",
        "the tech […] Denmark",
        "the tech [...] Denmark",
        "the tech[…]Denmark",
        "[…] the tech ambassadors […]",
        "First […] ambassadors […] norms",
        "First […] But.",
        "the [new] tech ambassadors",
        "the tech [policy]",
        "[Then] the tech",
        "norm[al]s",
        "[They] made […] norms [too]",
    ],
)
def test_words_that_stand_there_are_found(quote):
    assert is_verbatim_in(quote, TEXT)


@pytest.mark.parametrize(
    "quote",
    [
        "the tech ambassador",  # a part of a word
        "ech ambassadors",
        "first",  # another case
        "First the tech",  # a comma less
        "the tech ambassadors and not just those",  # words between
        "norms […] ambassadors",  # another order
        "First […] First",  # once only
        "the te[…]ch",  # an elision within a word
        "norms. But.",  # two turns
        "“First",
        "the tech [new] Denmark",  # an insertion is no elision
        "",
        " ",
        "[…]",
        "[only inserted]",
        "[…] [only inserted]",
        ".",
    ],
)
def test_words_that_do_not_are_not(quote):
    assert not is_verbatim_in(quote, TEXT)


def test_brackets_of_the_text_itself_can_be_quoted():
    assert is_verbatim_in("it [sic] is", "So it [sic] is said.")


def test_the_nearest_passage_is_as_long_as_the_quote():
    text = "Norms bind states. Law binds them too, and norms bound states then."
    assert find_nearest_passage("norms bind all states", text) == "Norms bind states. Law"
    assert find_nearest_passage("Norms bind", text) == "Norms bind"
    assert find_nearest_passage("zzz", text) == ""
    assert find_nearest_passage("much longer than all that stands there", "than all") == "than all"


def test_the_nearest_passage_of_a_very_long_quote_is_found_by_its_beginning():
    text = " ".join(f"w{number}" for number in range(300))
    near = find_nearest_passage(" ".join(f"w{number}" for number in range(100, 300)), text)
    assert near.split()[0] == "w100"


def test_white_space_is_folded():
    assert fold_whitespace(" a\u00a0b\n\n c\t") == "a b c"


# --- the ledger ---------------------------------------------------------------------------


def test_each_quote_is_a_line_of_the_ledger(write):
    sentence = "Because words bind, and norms do too."
    read = write("summary.yaml", '"norms do too"', '"norms […] too"')
    first = read.quotations[0]
    assert (first.quote, first.answer, first.expert) == ("words bind", "q1.ann", "Ann Archer")
    assert (first.question, first.used) == ("q1", "summary.yaml#takeaways.1.evidence.1.quote")
    assert first.line == 16
    assert first.sha256 == hashlib.sha256(sentence.encode()).hexdigest()
    assert [(entry.used, entry.quote) for entry in read.quotations[1:]] == [
        ("summary.yaml#takeaways.2.evidence.1.quote", "norms […] too"),
        ("summary.yaml#takeaways.3.evidence.1.quote", "Because"),
        ("summary.yaml#positions.q1.ann.quote", "words bind"),
    ]


EVERYWHERE = """\
agreements: [{text: A, evidence: [{answer: q1.ann, quote: norms}]}]
differences: [{text: D, evidence: [{answer: q1.bob, quote: depends}]}]
options: [{text: O, evidence: [{answer: q1.bob, quote: It}]}]
glossary: [{term: T, definition: D, evidence: [{answer: q1.ann, quote: bind}]}]
pull_quotes: [{answer: q1.ann, quote: Because words bind}]
"""


def test_quotes_are_checked_wherever_a_summary_has_them(write, diagnose):
    text = MINI["summary.yaml"].replace("Words bind.", "Words bind.\n  evidence: []")
    read = write("summary.yaml", text + EVERYWHERE)
    assert [entry.used.split("#")[1].split(".")[0] for entry in read.quotations] == [
        "takeaways", "takeaways", "takeaways", "agreements", "differences", "options", "glossary",
        "positions", "pull_quotes",
    ]  # fmt: skip
    spoilt = text.replace(
        "evidence: []", "evidence: [{answer: q1.ann, quote: wards}]"
    ) + EVERYWHERE.replace("quote: ", "quote: un")
    found = diagnose("summary.yaml", spoilt)
    assert [f.at.line for f in found if f.code == "quote-not-verbatim"] == [4, 17, 18, 19, 20, 21]


def test_a_quote_that_is_not_there_is_told_with_the_nearest_words(diagnose):
    (found,) = diagnose("summary.yaml", '"norms do too"', '"norms will do too"')
    assert (found.code, found.at) == ("quote-not-verbatim", Location(SUMMARY, 8, 40))
    assert found.message == "these words do not stand in q1.ann: “norms will do too”"
    assert found.hint == "nearest there: “and norms do too”"


def test_a_quote_like_nothing_there_has_no_nearest_words(diagnose):
    (found,) = diagnose("summary.yaml", '"norms do too"', '"zzz"')
    assert found.hint is None


def test_an_answer_that_is_not_there_is_told(diagnose):
    (found,) = diagnose("summary.yaml", "{answer: q1.ann, quote: \"Because\"}",
                        "{answer: q1.anne, quote: \"Because\"}")  # fmt: skip
    assert (found.code, found.at) == ("unknown-answer", Location(SUMMARY, 10, 25))
    assert (found.message, found.hint) == (
        "there is no answer `q1.anne`", "did you mean `q1.ann`?"
    )  # fmt: skip


def test_a_position_of_an_expert_who_did_not_answer_is_told(project, diagnose):
    find_path(project, "article.md").write_text(
        MINI["article.md"] + "\n# And?\n\n## ann\n\nSo on.\n", "utf-8"
    )
    (found,) = diagnose(
        "summary.yaml", MINI["summary.yaml"] + "  q2:\n    bob: {text: He agrees, quote: So on}\n"
    )
    assert (found.code, found.message) == ("unknown-answer", "there is no answer `q2.bob`")
    assert found.at == Location(SUMMARY, 17, 35)


def test_an_expert_of_a_joint_answer_can_have_a_position(project, write):
    find_path(project, "article.md").write_text(
        MINI["article.md"].replace("## ann", "## bob, ann").replace("\n## bob\n\nIt depends.", "")
    )
    summary = MINI["summary.yaml"].replace("q1.ann", "q1.bob+ann")
    *_, position = write("summary.yaml", summary).quotations
    assert (position.answer, position.expert) == ("q1.bob+ann", "Bob Baker, Ann Archer")
    assert position.used == "summary.yaml#positions.q1.ann.quote"


def ask(project, answer, quote, more=""):
    find_path(project, "article.md").write_text(
        MINI["article.md"].replace("Because words bind, and norms do too.", answer) + more, "utf-8"
    )
    find_path(project, "summary.yaml").write_text(
        "standfirst: x\nbottom_line: {text: x}\ntakeaways:\n"
        + f"  - {{text: x, evidence: [{{answer: q1.ann, quote: '{quote}'}}]}}\n" * 3
        + "question_labels: {}\npositions: {}\n",
        "utf-8",
    )
    return loader.load_content(project, "mini").quotations[0]


@pytest.mark.parametrize(
    ("answer", "quote", "line"),
    [
        ("One sentence.\nAnother sentence.\nA third.", "Another", 17),
        ("One sentence.\nAnother sentence.\nA third.", "sentence. A third.", 17),
        ("One sentence.\n\nAnother\nis here.", "Another is here", 18),
        ("One *long and* **stressed** sentence\\*.", "and stressed sentence*.", 16),
        ("One.\n- two three\n- four five", "[…] three four […]", 17),
        ("One.\nTwo.\nThree.", "[So] Two. Three.", 17),
        ("One [link](https://x.example/long) here.", "One link here", 14),
        ("One — two.\n\n— three.", "— three", 18),
    ],
)
def test_the_ledger_names_the_line_on_which_the_words_begin(project, answer, quote, line):
    assert ask(project, answer, quote).line == line


def test_a_quote_runs_over_paragraphs_but_not_from_one_turn_into_another(project):
    assert ask(project, "One.\n\nTwo.", "One. Two.").quote == "One. Two."
    turns = "\n## ann\n\nThree.\n"
    assert ask(project, "One.\n\nTwo.", "Two. […] Three.", turns).line == 18
    with pytest.raises(Problems) as caught:
        ask(project, "One.\n\nTwo.", "Two. Three.", turns)
    assert {f.code for f in caught.value.diagnostics} == {"quote-not-verbatim"}


def test_every_quote_of_the_real_summary_stands(article):
    assert len(article.quotations) > 60
    lines = article.lines
    for entry in article.quotations:
        opening = fold_whitespace(entry.quote.split("[")[0])
        assert opening.split()[0] in lines[entry.line - 1]
