"""An editor's changes and those made elsewhere since: merged, or a conflict for a person."""

from __future__ import annotations

import pytest

from pipeline.diagnostics import Problems
from tests.support.editor import Editor, read_words
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE_FILE,
    TEXTS,
    build_docx,
    get_docx,
    list_left_over,
    merge_result,
    pull_files,
    replace_texts,
    rewrite_article,
)


def test_changes_of_the_content_since_are_kept(project, editor):
    editor.replace("Nobody", "No one")
    rewrite_article(project, "words bind, and", "words bind us, and")
    rewrite_article(project, "- Salt is older.\n", "- Salt is older.\n- Wine is young.\n")

    result = pull_files(project, editor.save())

    assert (
        "Because words bind us, and norms do too, as a rule.\nNo one doubts"
        in merge_result(result)[ARTICLE_FILE]
    )
    assert "- Wine is young.\n" in merge_result(result)[ARTICLE_FILE]
    assert not result.waits


def test_a_change_that_is_there_already_is_no_change(project, editor):
    editor.replace("Nobody", "No one")
    rewrite_article(project, "Nobody doubts", "No one doubts")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert not result.waits
    assert {e.outcome for e in result.entries if e.kind == "revision"} == {"already there"}


def test_two_changes_of_the_same_words_are_a_conflict(project, editor):
    editor.replace("Nobody", "No one")
    editor.replace("rain or shine", "come what may")
    rewrite_article(project, "Nobody doubts", "Some doubt")

    result = pull_files(project, editor.save())

    article = merge_result(result)[ARTICLE_FILE]
    assert (
        "<<<<<<< content\nSome doubt *this* much.\n=======\nNo one doubts *this* much.\n"
        ">>>>>>> editor\n"
    ) in article
    assert "come what may" in article
    assert {outcome for outcome, _ in list_left_over(result)} == {"conflict"}
    assert result.waits


def test_a_value_in_conflict_is_written_twice_as_well(project, editor):
    editor.replace("a little", "much")
    path = project / "content/talk/summary.yaml"
    path.write_text(TEXTS["content/talk/summary.yaml"].replace("a little", "a lot"), "utf-8")

    result = pull_files(project, editor.save())

    assert (
        "standfirst: >-\n  Two experts talk about words,\n<<<<<<< content\n"
        "  and disagree a lot.\n=======\n  and disagree much.\n>>>>>>> editor\n"
    ) in merge_result(result)["content/talk/summary.yaml"]


def test_a_value_that_one_file_words_in_two_ways_is_written_twice(project):
    editor = Editor(build_docx(project, "briefing-pack"))
    every = [p for p in editor.root.iter(f"{W}p") if read_words(p).strip().startswith("Ann Archer")]
    editor.replace("Archer", "Miller", every[0])
    editor.replace("Archer", "Smith", every[2])
    editor.replace("Archer", "Miller", every[3])  # and it stands elsewhere as it was

    result = pull_files(project, editor.save())

    sides = "    name: Ann Miller\n=======\n    name: Ann Smith\n>>>>>>> editor\n"
    assert f"<<<<<<< content\n{sides}" in merge_result(result)[ARTICLE_FILE]
    ((outcome, reason),) = list_left_over(result)
    assert outcome == "conflict"
    assert reason.startswith("this file shows it more than once")


def test_files_of_two_editors_are_merged(project, editor):
    other = Editor(get_docx("per-expert", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("rain or shine", "come what may")
    other.replace("Nobody", "No one")

    result = pull_files(project, editor.save(), other.save())

    assert merge_result(result) == replace_texts(
        (
            ("article", "Nobody doubts", "No one doubts"),
            ("article", "rain or shine", "come what may"),
        )
    )
    assert not result.waits


def test_editors_who_differ_are_in_conflict(project, editor):
    other = Editor(get_docx("per-question", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("Nobody", "Hardly anyone")

    result = pull_files(project, editor.save(), other.save())

    assert (
        "No one doubts *this* much.\n=======\nHardly anyone doubts"
        in merge_result(result)[ARTICLE_FILE]
    )
    assert result.waits


def test_a_conflict_of_the_first_file_is_there_after_the_second(project, editor):
    other = Editor(get_docx("per-question", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("rain or shine", "come what may")
    other.paragraph_after("An introduction", "Two of them.")
    rewrite_article(project, "Nobody doubts", "Some doubt")

    result = pull_files(project, editor.save(), other.save())

    article = merge_result(result)[ARTICLE_FILE]
    assert "Some doubt *this* much.\n=======\nNo one doubts *this* much.\n>>>>>>> editor" in article
    assert "come what may" in article
    assert "to the table.\n\nTwo of them.\n" in article


def test_one_authors_changes_can_be_taken(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save(), "Bob Editor")
    other.replace("rain or shine", "come what may")

    result = pull_files(project, other.save(), author="Bob Editor")

    assert merge_result(result) == replace_texts((("article", "rain or shine", "come what may"),))
    assert {(e.author, e.outcome) for e in result.entries if e.kind == "revision"} == {
        ("Ann Editor", "left out"),
        ("Bob Editor", "applied"),
    }
    with pytest.raises(Problems, match="Carl"):
        pull_files(project, other.save(), author="Carl")


def test_changes_that_are_not_tracked_are_no_authors(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save())
    other.replace("as a rule", "as we know")

    result = pull_files(project, other.save(), author="Ann Editor")

    assert result.format_diff() == ""
    assert result.waits


def test_untracked_changes_are_listed_apart(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save())
    other.replace("rain or shine", "come what may")

    result = pull_files(project, other.save())

    assert [(e.words, e.outcome) for e in result.entries if e.kind == "untracked change"] == [
        ("rain or shine → come what may", "applied")
    ]


def test_a_part_of_an_article_touches_what_it_shows(project):
    editor = Editor(build_docx(project, "per-question", questions=("q2",)), "Ann")
    editor.replace("More words", "Many words")

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts(
        (("article", "More words will", "Many words will"),)
    )
