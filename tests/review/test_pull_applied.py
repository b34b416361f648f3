"""Changes of words, paragraphs and footnotes are written into the Markdown as authors write it."""

from __future__ import annotations

import pytest

from tests.support.editor import Editor, read_words, text, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    build_docx,
    get_docx,
    merge_result,
    pull_files,
    replace_texts,
    rewrite_article,
    write_project,
)

LONG_NOTE = "[^1]: A note on words.\n\n    And on [more](https://example.org/n) *words*.\n"


def test_a_paragraph_moves_from_one_answer_to_another(project, editor):
    editor.move("The second", "Nobody knows")

    article = merge_result(pull_files(project, editor.save()))[ARTICLE_FILE]

    moved = "The second paragraph has a [link to it](https://example.org/a) and **strong words**"
    assert article.count(moved) == 1
    assert f"Nobody knows what comes.\n\n{moved}" in article


def test_a_paragraph_becomes_an_item_and_an_item_a_paragraph(project, editor):
    editor.restyle("Salt is", "BodyText")

    article = merge_result(pull_files(project, editor.save()))[ARTICLE_FILE]

    assert "- Bread is old.\n\nSalt is older.\n\nLast words" in article


def test_half_a_paragraph_moves_without_the_quotation_mark_behind_it(project):
    editor = Editor(get_docx("per-question", project))
    editor.split("rain or shine")
    half = editor.paragraph("rain or shine")
    for mark in list(half.iter(f"{W}bookmarkEnd")):
        editor.paragraph("It rests").append(mark)
    editor.paragraph("Nobody knows").addnext(half)

    article = merge_result(pull_files(project, editor.save()))[ARTICLE_FILE]

    assert "## bob\n\nIt rests with the weather,\n\n#" in article
    assert "Nobody knows what comes.\n\nrain or shine, on the day.\n" in article


@pytest.mark.parametrize("words", ["*not* stressed", "[a](b)", "1. first", "# none", "a_b <c> `d`"])
def test_signs_of_markdown_are_words(project, editor, words):
    editor.paragraph_after("It rests with", words)
    result = pull_files(project, editor.save())
    write_project(project, merge_result(result))

    again = Editor(build_docx(project, "per-question"))

    assert not result.waits
    assert words in [read_words(p).removesuffix("”") for p in again.root.iter(f"{W}p")]


def test_words_typed_into_an_empty_place_are_text(project, editor):
    editor.paragraph("It rests with").append(w("ins", w("r", text(" Or so."))))

    article = merge_result(pull_files(project, editor.save()))[ARTICLE_FILE]

    assert "on the day.\nOr so." in article


@pytest.mark.parametrize("space", "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}")
def test_spaces_of_other_kinds_stay(project, editor, space):
    rewrite_article(project, "rain or shine", f"rain{space}or shine")
    editor = Editor(build_docx(project, "per-question"), "Ann")
    editor.replace("weather", "clouds")
    editor.insert("on the day.", f" Why{space}?{space}")

    article = merge_result(pull_files(project, editor.save()))[ARTICLE_FILE]

    assert f"the clouds, rain{space}or shine, on the day.\nWhy{space}?\n" in article


def test_stress_that_begins_within_other_stress_is_written(project, editor):
    editor.set("rain or", "b")
    editor.set("or shine", "i")

    result = pull_files(project, editor.save())

    assert "weather, **rain _or_** *shine*, on" in merge_result(result)[ARTICLE_FILE]
    assert not result.waits


def test_a_footnote_is_rewritten_under_its_own_number(project, editor):
    notes = editor.parts["word/footnotes.xml"].decode()
    editor.parts["word/footnotes.xml"] = notes.replace(
        "A note on words", "A line on words"
    ).encode()

    assert merge_result(pull_files(project, editor.save())) == replace_texts(
        (("article", "[^1]: A note on words", "[^1]: A line on words"),)
    )


def test_a_footnote_goes_with_its_definition(project, editor):
    for run in editor.paragraph("Last words").iter(f"{W}r"):
        if run.find(f"{W}footnoteReference") is not None:
            note = run
    editor.strike(note)

    assert merge_result(pull_files(project, editor.save())) == replace_texts(
        (("article", "Last words of Ann.[^1]\n\n[^1]: A note on words.\n", "Last words of Ann.\n"),)
    )


def test_a_footnote_keeps_its_paragraphs(project):
    rewrite_article(project, "[^1]: A note on words.\n", LONG_NOTE)
    editor = Editor(build_docx(project, "per-question"), "Ann")
    notes = editor.parts["word/footnotes.xml"].decode()
    editor.parts["word/footnotes.xml"] = notes.replace(
        "A note on words", "A line on words"
    ).encode()

    result = pull_files(project, editor.save())

    wanted = ARTICLE.replace("[^1]: A note on words.\n", LONG_NOTE.replace("A note", "A line"))
    assert merge_result(result)[ARTICLE_FILE] == wanted
    assert not result.waits


def test_a_footnote_goes_with_all_of_its_paragraphs(project):
    rewrite_article(project, "[^1]: A note on words.\n", LONG_NOTE)
    editor = Editor(build_docx(project, "per-question"), "Ann")
    editor.drop("Last words")

    article = merge_result(pull_files(project, editor.save()))[ARTICLE_FILE]

    assert article == ARTICLE.replace("Last words of Ann.[^1]\n\n[^1]: A note on words.\n\n", "")


def test_a_footnote_with_a_list_does_not_lose_it(project):
    listed = "[^1]: A note on words.\n\n    - One.\n    - Two.\n"
    rewrite_article(project, "[^1]: A note on words.\n", listed)
    editor = Editor(build_docx(project, "per-question"), "Ann")
    editor.replace("Last words", "Final words")
    changed = pull_files(project, editor.save())
    notes = editor.parts["word/footnotes.xml"].decode()
    editor.parts["word/footnotes.xml"] = notes.replace(
        "A note on words", "A line on words"
    ).encode()

    refused = pull_files(project, editor.save())

    assert listed in merge_result(changed)[ARTICLE_FILE]
    assert not changed.waits
    assert refused.format_diff() == ""
    assert refused.waits
