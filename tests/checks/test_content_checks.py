"""Slips of an article are listed where they stand, and nothing else is."""

import pytest

from pipeline.checks import content_checks
from tests.support.small_project import MINI

ANSWER = "Because words bind, and norms do too."
LINE = MINI["article.md"].split("\n").index(ANSWER) + 1


@pytest.fixture
def found(write):
    """Returns what is found in the small article with other words in its first answer."""

    def found(words, old=ANSWER):
        loaded = write("article.md", old, words.replace("ANSWER", ANSWER))
        return [d for d in content_checks.check_article(loaded) if d.code != "no-position"]

    return found


@pytest.mark.parametrize(
    ("words", "code", "column"),
    [
        ("Words bind the the norms. ANSWER", "doubled-word", 16),
        ("*The* the words. ANSWER", "doubled-word", 7),
        ("Words  bind. ANSWER", "double-space", 6),
        ("Words bind , as norms do. ANSWER", "space-before-punctuation", 11),
        ("Words ( yes) bind. ANSWER", "space-before-punctuation", 8),
        ("Words (yes bind. ANSWER", "unbalanced-bracket", 7),
        ("Words yes) bind. ANSWER", "unbalanced-bracket", 10),
        ("Words “bind. ANSWER", "unbalanced-quote", 7),
        ("Words” bind. ANSWER", "unbalanced-quote", 6),
        ('Words "bind. ANSWER', "unbalanced-quote", 7),
        ("“Words” aren't bonds. ANSWER", "mixed-quotes", 13),
        ("The ABCD binds. ANSWER", "unknown-abbreviation", 5),
        ("[Here](https://example.org) are words. ANSWER", "link-words", 1),
    ],
)
def test_a_slip_is_found_at_its_place(found, words, code, column):
    (one,) = found(words)
    assert (one.code, one.at.line, one.at.column) == (code, LINE, column)
    assert one.at.file == "content/mini/article.md"
    assert not one.is_error


def test_a_slip_over_two_lines_is_found_on_the_second(found):
    (one,) = found("Words bind the\nthe norms. ANSWER")
    assert (one.at.line, one.at.column) == (LINE + 1, 1)


@pytest.mark.parametrize(
    "words",
    [
        "The words that had had weight: that that was so. ANSWER",
        "Words face-to-face face us, 10 10. ANSWER",
        "Words … bind, as .NET does: (yes). ANSWER",
        "a) Words 1) bind (and [all] that). ANSWER",
        "“Words” bind. ANSWER",
        "Words bind,” she said, “and norms. ANSWER",
        "“Words bind.\n\n“And norms.” ANSWER",
        'A 6\'2" board, and "words" bind. ANSWER',
        "An NGO of the US in WWII, chapter XIV, and NATO. ANSWER",
        "The Alphabet Council (ABCD) and the ABCDs. ANSWER",
        "The ABCD (Alphabet Council) binds. ANSWER",
        "This is VERY much: very. ANSWER",
        "Words[^1] bind. ANSWER\n\n[^1]: A *note* on [words](https://example.org/a_(b)).",
        "- Words\n- norms\n\nANSWER",
        "> Words bind.\n\nANSWER",
        "[The register](https://example.org) has words. ANSWER",
    ],
)
def test_ordinary_words_have_no_slip(found, words):
    assert found(words) == []


def test_french_has_a_space_before_its_high_marks(project, write):
    (project / "content/mini/summary.yaml").unlink()
    article = MINI["article.md"].replace("en-GB", "fr")
    loaded = write("article.md", article.replace(ANSWER, "Les mots ; « oui » ! Les mots , non."))
    problems = [
        d.message
        for d in content_checks.check_article(loaded)
        if d.code == "space-before-punctuation"
    ]
    assert problems == ["there is a space too many in “s ,”"]


def test_a_term_of_the_glossary_is_explained(write):
    write("summary.yaml", MINI["summary.yaml"] + "glossary:\n  - {term: ABCD, definition: All.}\n")
    loaded = write("article.md", ANSWER, f"The ABCD binds. {ANSWER}")
    assert "unknown-abbreviation" not in {d.code for d in content_checks.check_article(loaded)}


def test_an_abbreviation_is_told_once(found):
    assert len(found("The ABCD, this ABCD. ANSWER")) == 1


def test_no_more_are_told_than_anybody_reads(found):
    assert len(found("It is is. " * 200 + ANSWER)) == content_checks.MOST_REPORTED


def test_a_question_is_looked_through_as_well(found):
    (one,) = found("# Why do do words matter? {#q1}", "# Why do words matter? {#q1}")[:1]
    assert (one.code, one.at.column) == ("doubled-word", 10)


def test_an_expert_without_descriptor_and_roles_is_found(write):
    article = MINI["article.md"].replace("Bob Baker", "Bob Baker, descriptor: a baker")
    found = [
        d
        for d in content_checks.check_article(write("article.md", article))
        if d.code == "no-position"
    ]
    assert [(d.message, d.at.line) for d in found] == [("nothing says who Ann Archer is", 6)]


SECOND = "It depends.\n\n# And then? {#q2}\n\n## ann\n\nNothing.\n"


def test_an_expert_who_skips_a_question_is_found_at_the_question(found):
    problems = [d for d in found(SECOND, "It depends.\n") if d.code == "unanswered"]
    assert [d.message for d in problems] == ["Bob Baker does not answer `q2`"]
    assert problems[0].at.line == MINI["article.md"].split("\n").index("It depends.") + 3


def test_experts_who_answer_everything_are_not(found):
    assert found(f"{SECOND}\n## bob\n\nMore.\n", "It depends.\n") == []


@pytest.mark.parametrize(("alt", "codes"), [("map.png", ["image-words"]), ("A map", [])])
def test_an_image_needs_words(project, write, alt, codes):
    from tests.support.specimen import picture

    (project / "content/mini/map.png").write_bytes(picture().data)
    loaded = write("article.md", ANSWER, f"{ANSWER}\n\n![{alt}](map.png)")
    found = [d for d in content_checks.check_article(loaded) if d.code != "no-position"]
    assert [d.code for d in found] == codes
    assert [d.at.line for d in found] == [LINE + 2] * len(codes)


def test_the_real_article_s_slips_are_its_own(article):
    found = list(content_checks.check_article(article))
    assert [(d.code, d.at.line) for d in found] == [("unknown-abbreviation", 200)] * 2
