"""Files of two editors, pulled in any order and again: each change once, moves with new words."""

from __future__ import annotations

from itertools import permutations

import pytest

from pipeline.diagnostics import Problems
from pipeline.review.pull import pull_steps
from tests.support.editor import Editor
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    get_docx,
    list_left_over,
    pull_files,
    rewrite_article,
)

SECOND = (
    "The second paragraph has a [link to it](https://example.org/a) and **strong words** in it.\n"
)


@pytest.fixture
def other(project) -> Editor:
    return Editor(get_docx("per-question", project), "Bob Editor")


def apply(project, *files: bytes, waits: bool = False) -> str:
    """Pull files into the content; return the article."""
    result = pull_files(project, *files)
    assert result.waits == waits, list_left_over(result)
    pull_steps.apply_pull(project, result, force=True)
    return (project / ARTICLE_FILE).read_text("utf-8")


def test_a_sentence_that_both_inserted_comes_once(project, editor, other):
    editor.insert("as a rule.", " Nobody knows norms.")
    other.insert("as a rule.", " Nobody knows norms.")
    other.replace("words bind", "words tie")
    expected = ARTICLE.replace("words bind", "words tie").replace(
        "as a rule.\n", "as a rule.\nNobody knows norms.\n"
    )

    for files in permutations((editor.save(), other.save())):
        (project / ARTICLE_FILE).write_text(ARTICLE, "utf-8")
        assert apply(project, *files) == expected
        for file in files:
            assert apply(project, file) == expected


@pytest.mark.parametrize("change", ["words tie", "words bind us"])
def test_a_file_pulled_again_after_an_earlier_change_changes_nothing(project, editor, change):
    editor.insert("as a rule.", " Nobody doubts norms.")
    apply(project, editor.save())
    rewrite_article(project, "words bind", change)
    before = (project / ARTICLE_FILE).read_text("utf-8")

    assert apply(project, editor.save()) == before
    assert before.count("Nobody doubts norms.") == 1


def test_a_copied_paragraph_pulled_twice_is_there_twice(project, editor):
    editor.copy("It rests with", "It rests with")

    once = apply(project, editor.save())

    assert once.count("It rests with the weather") == 2
    assert apply(project, editor.save()) == once


def test_a_moved_paragraph_keeps_the_words_that_another_editor_changed(project, editor, other):
    editor.move("The second", "Because words")
    editor.move("The second", "Last words")
    other.replace("strong words", "plain words")
    moved = SECOND.replace("strong words", "plain words")
    expected = ARTICLE.replace(SECOND + "\n", "").replace(
        "Last words of Ann.[^1]\n", f"Last words of Ann.[^1]\n\n{moved}"
    )

    for files in permutations((editor.save(), other.save())):
        (project / ARTICLE_FILE).write_text(ARTICLE, "utf-8")
        for file in files:
            article = apply(project, file)
        assert article == expected
        for file in files:
            assert apply(project, file) == expected


def test_a_paragraph_moved_to_another_answer_keeps_changed_words(project, editor, other):
    editor.move("The second", "It rests with")
    other.replace("in it.", "within.")

    for files in permutations((editor.save(), other.save())):
        (project / ARTICLE_FILE).write_text(ARTICLE, "utf-8")
        for file in (*files, *files):
            article = apply(project, file)
        start = article.index("It rests with")
        assert article.count("The second paragraph") == 1
        assert article[start:].split("\n\n")[1].startswith("The second paragraph")
        assert "**strong words** within.\n" in article[start:]


def test_a_paragraph_moved_to_two_places_is_a_conflict_with_both(project, editor, other):
    editor.move("The second", "Last words")
    other.move("The second", "It rests with")

    apply(project, editor.save())
    article = apply(project, other.save(), waits=True)

    assert article.count("<<<<<<< content\n") == article.count(">>>>>>> editor\n") >= 1
    assert "The second paragraph" in article


def test_nothing_is_pulled_into_content_with_a_conflict(project, editor, other):
    editor.replace("Nobody", "No one")
    other.replace("Nobody", "Some people")
    apply(project, editor.save())
    article = apply(project, other.save(), waits=True)
    line = article[: article.index("<<<<<<<")].count("\n") + 1

    with pytest.raises(Problems) as caught:
        pull_files(project, editor.save())

    (found,) = caught.value.diagnostics
    assert (found.code, str(found.at)) == ("unresolved-conflict", f"{ARTICLE_FILE}:{line}:1")


def test_a_conflict_resolved_with_both_texts_is_none_when_it_is_pulled_again(
    project, editor, other
):
    editor.insert("as a rule.", " Norms help.")
    other.insert("as a rule.", " Talks help.")
    apply(project, editor.save())
    apply(project, other.save(), waits=True)
    resolved = ARTICLE.replace("as a rule.\n", "as a rule.\nNorms help.\nTalks help.\n")
    (project / ARTICLE_FILE).write_text(resolved, "utf-8")

    assert apply(project, editor.save()) == resolved
    assert apply(project, other.save()) == resolved
