"""Changes can be kept in the content as suggestions for a person to decide."""

from __future__ import annotations

from tests.support.review_project import (
    ARTICLE_FILE,
    list_left_over,
    merge_result,
    pull_files,
)


def test_changes_can_be_kept_as_suggestions(project, editor):
    editor.replace("Nobody", "No one")
    editor.paragraph_after("The second", "Quite new.")
    editor.drop("It rests with")
    editor.merge("More words")

    article = merge_result(pull_files(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert "{--Nobody--}{++No one++} doubts *this* much." in article
    assert "\n\n{++Quite new.++}\n\n" in article
    assert "{--It rests with the weather, rain or shine, on the day.--}" in article


def test_suggestions_hold_no_characters_that_no_brief_may(project, editor):
    editor.insert("Nobody", "\u202e")

    result = pull_files(project, editor.save(), suggest=True)

    assert result.format_diff() == ""
    assert "U+202E" in list_left_over(result)[0][1]


def test_a_suggestion_to_divide_a_paragraph_is_no_line_of_its_own(project, editor):
    editor.split("Nobody doubts")

    article = merge_result(pull_files(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert "as a rule.{-- --}\n\nNobody doubts" in article
