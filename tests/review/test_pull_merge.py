"""An editor's changes and those made elsewhere since: merged, or a conflict for a person."""

from __future__ import annotations

import pytest

from pipeline.diagnostics import Problems
from tests.support.editor import Editor
from tests.support.review_project import (
    ARTICLE_FILE,
    TEXTS,
    after,
    built,
    docx,
    expected,
    left,
    pulled,
    rewrite,
)


def test_changes_of_the_content_since_are_kept(project, editor):
    editor.replace("Nobody", "No one")
    rewrite(project, "words bind, and", "words bind us, and")
    rewrite(project, "- Salt is older.\n", "- Salt is older.\n- Wine is young.\n")

    result = pulled(project, editor.save())

    assert (
        "Because words bind us, and norms do too, as a rule.\nNo one doubts"
        in after(result)[ARTICLE_FILE]
    )
    assert "- Wine is young.\n" in after(result)[ARTICLE_FILE]
    assert not result.waits


def test_a_change_that_is_there_already_is_no_change(project, editor):
    editor.replace("Nobody", "No one")
    rewrite(project, "Nobody doubts", "No one doubts")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert not result.waits
    assert {e.outcome for e in result.entries if e.kind == "revision"} == {"already there"}


def test_two_changes_of_the_same_words_are_a_conflict(project, editor):
    editor.replace("Nobody", "No one")
    editor.replace("rain or shine", "come what may")
    rewrite(project, "Nobody doubts", "Some doubt")

    result = pulled(project, editor.save())

    made = after(result)[ARTICLE_FILE]
    assert (
        "<<<<<<< content\nSome doubt *this* much.\n=======\nNo one doubts *this* much.\n"
        ">>>>>>> editor\n"
    ) in made
    assert "come what may" in made
    assert {outcome for outcome, _ in left(result)} == {"conflict"}
    assert result.waits


def test_a_value_in_conflict_is_written_twice_as_well(project, editor):
    editor.replace("a little", "much")
    path = project / "content/talk/summary.yaml"
    path.write_text(TEXTS["content/talk/summary.yaml"].replace("a little", "a lot"), "utf-8")

    result = pulled(project, editor.save())

    assert (
        "standfirst: >-\n  Two experts talk about words,\n<<<<<<< content\n"
        "  and disagree a lot.\n=======\n  and disagree much.\n>>>>>>> editor\n"
    ) in after(result)["content/talk/summary.yaml"]


def test_files_of_two_editors_are_merged(project, editor):
    other = Editor(docx("per-expert", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("rain or shine", "come what may")
    other.replace("Nobody", "No one")

    result = pulled(project, editor.save(), other.save())

    assert after(result) == expected(
        (
            ("article", "Nobody doubts", "No one doubts"),
            ("article", "rain or shine", "come what may"),
        )
    )
    assert not result.waits


def test_editors_who_differ_are_in_conflict(project, editor):
    other = Editor(docx("per-question", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("Nobody", "Hardly anyone")

    result = pulled(project, editor.save(), other.save())

    assert (
        "No one doubts *this* much.\n=======\nHardly anyone doubts" in after(result)[ARTICLE_FILE]
    )
    assert result.waits


def test_a_conflict_of_the_first_file_is_there_after_the_second(project, editor):
    other = Editor(docx("per-question", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("rain or shine", "come what may")
    other.paragraph_after("An introduction", "Two of them.")
    rewrite(project, "Nobody doubts", "Some doubt")

    result = pulled(project, editor.save(), other.save())

    made = after(result)[ARTICLE_FILE]
    assert "Some doubt *this* much.\n=======\nNo one doubts *this* much.\n>>>>>>> editor" in made
    assert "come what may" in made
    assert "to the table.\n\nTwo of them.\n" in made


def test_one_authors_changes_can_be_taken(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save(), "Bob Editor")
    other.replace("rain or shine", "come what may")

    result = pulled(project, other.save(), author="Bob Editor")

    assert after(result) == expected((("article", "rain or shine", "come what may"),))
    assert {(e.author, e.outcome) for e in result.entries if e.kind == "revision"} == {
        ("Ann Editor", "left out"),
        ("Bob Editor", "applied"),
    }
    with pytest.raises(Problems, match="Carl"):
        pulled(project, other.save(), author="Carl")


def test_changes_that_are_not_tracked_are_no_authors(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save())
    other.replace("as a rule", "as we know")

    result = pulled(project, other.save(), author="Ann Editor")

    assert result.format_diff() == ""
    assert result.waits


def test_untracked_changes_are_listed_apart(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save())
    other.replace("rain or shine", "come what may")

    result = pulled(project, other.save())

    assert [(e.words, e.outcome) for e in result.entries if e.kind == "untracked change"] == [
        ("rain or shine → come what may", "applied")
    ]


def test_a_part_of_an_article_touches_what_it_shows(project):
    editor = Editor(built(project, "per-question", questions=("q2",)), "Ann")
    editor.replace("More words", "Many words")

    result = pulled(project, editor.save())

    assert after(result) == expected((("article", "More words will", "Many words will"),))
