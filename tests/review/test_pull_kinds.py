"""Kinds of edits as programs write them: fields, forms, looks, moves, and what stands beside."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.support.editor import Editor, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    build_docx,
    get_docx,
    list_left_over,
    merge_result,
    pull_files,
    replace_texts,
)
from tests.support.word_ways import insert_emoji, link_by_field, type_over, unlink_field

LINK = ("article", "[link to it](https://example.org/a)", "link to it")


@pytest.fixture(params=["", "Ann Editor"])
def summary_editor(request, project):
    """An editor with a summary, who tracks changes or does not."""
    return Editor(get_docx("policymaker-summary", project), request.param)


# --- links ------------------------------------------------------------------------------------


@pytest.mark.parametrize("add_link", [Editor.link, link_by_field])
@pytest.mark.parametrize("words", ["Words do bind", "They bind", "Takeaways"])
def test_a_link_on_words_that_are_no_markdown_is_told(project, summary_editor, add_link, words):
    add_link(summary_editor, words, "https://example.org/new")

    result = pull_files(project, summary_editor.save())

    assert result.format_diff() == ""
    (entry,) = [e for e in result.entries if e.kind == "formatting"]
    assert (entry.outcome, entry.what) == ("refused", "linked to https://example.org/new")
    assert (entry.words, bool(entry.paragraph)) == (words, True)
    assert "holds no links" in entry.reason


def test_links_of_a_template_s_own_are_not_told(project):
    folder = project / "templates/own"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(
        "title: Own\ndescription: Ours.\nextends: per-question\n", "utf-8"
    )
    (folder / "document.html.j2").write_text(
        '{% extends "per-question/document.html.j2" %}\n{% block introduction %}{{ super() }}'
        '<p><a href="https://example.org/all">All of {{ article.title }}</a>, '
        '<a href="{{ house.website }}">{{ house.website }}</a></p>{% endblock %}\n',
        "utf-8",
    )
    result = pull_files(project, build_docx(project, "own"))

    assert {entry.outcome for entry in result.entries} == {"unchanged"}


@pytest.mark.parametrize("author", ["Ann Editor", "Bob Editor"])
def test_of_two_editors_each_one_s_field_is_taken_alone(project, editor, author):
    unlink_field(editor, "link to it")
    other = Editor(editor.save(), "Bob Editor")
    other.replace("Nobody", "No one")

    result = pull_files(project, other.save(), author=author)

    wanted = LINK if author == "Ann Editor" else ("article", "Nobody doubts", "No one doubts")
    assert merge_result(result) == replace_texts((wanted,))
    assert list_left_over(result) == []


def test_where_a_link_leads_is_changed_in_its_field(project, editor):
    """Only the field's instruction is tracked: one part of it went, another came."""
    Editor.unlink(untracked := Editor(editor.save()), "link to it")
    link_by_field(untracked, "link to it", "https://example.org/a")
    editor = Editor(untracked.save(), "Ann Editor")
    (instruction,) = (i for i in editor.body.iter(f"{W}instrText") if "/a" in i.text)
    old = instruction.getparent()
    new = deepcopy(old)
    new[0].text = new[0].text.replace("/a", "/b")
    old.addnext(editor.write(new))
    instruction.tag = f"{W}delInstrText"
    editor.strike(old)

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts(
        (("article", "https://example.org/a", "https://example.org/b"),)
    )
    assert list_left_over(result) == []


# --- looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "value", "look"),
    [("color", "FF0000", "coloured"), ("sz", "40", "of another size")],
)
def test_a_look_that_is_not_the_style_s_is_told(project, tag, value, look):
    editor = Editor(get_docx("per-question", project))
    editor.set("Nobody", tag, val=value)

    assert list_left_over(pull_files(project, editor.save())) == [
        ("refused", f"the content cannot hold words that are {look}")
    ]


def test_a_tracked_change_that_writes_the_style_out_is_none(project, editor):
    editor.set("Nobody", "color", val="1B1E22")
    editor.set("rain or shine", "lang", val="de-DE")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert [(e.what, e.outcome) for e in result.entries if e.kind == "revision"] == [
        ("written out", "unchanged")
    ] * 2


def test_bold_where_the_style_is_bold_is_no_stress(project):
    editor = Editor(get_docx("per-question", project))
    editor.set("words matter", "b")

    result = pull_files(project, editor.save())

    assert (result.format_diff(), result.waits) == ("", False)


def test_bold_on_a_template_s_words_is_told(project):
    editor = Editor(get_docx("per-question", project))
    editor.set("Reading time", "b")

    assert list_left_over(pull_files(project, editor.save())) == [
        ("refused", "the content cannot hold words that are bold")
    ]


# --- signs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("emoji", ["😀", "👍🏽", "❤️", "🇪🇺"])
def test_an_emoji_is_the_sign_that_it_is(project, editor, emoji):
    insert_emoji(editor, "the weather", emoji)

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts(
        (("article", "the weather", f"the weather {emoji}"),)
    )
    assert list_left_over(result) == []


def test_a_symbol_is_read_by_its_code(project, editor):
    last = editor.runs("the weather")[-1]
    last.addnext(editor.write(w("r", w("sym", font="Segoe UI Symbol", char="2192"))))

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts((("article", "the weather", "the weather→"),))


# --- what was typed over -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "words", "change"),
    [
        ("They bind", "Never mind.", ("summary", "{text: They bind,", "{text: Never mind.,")),
        ("More will follow", "Not so.", ("summary", "text: More will follow.", "text: Not so.")),
        (
            "Small talk",
            "Big speech",
            ("article", "short_title: Small talk", "short_title: Big speech"),
        ),
    ],
)
def test_a_value_that_was_typed_over_takes_the_new_words(
    project, summary_editor, start, words, change
):
    type_over(summary_editor, start, words)

    result = pull_files(project, summary_editor.save())

    assert merge_result(result) == replace_texts((change,))
    assert list_left_over(result) == []


def test_two_cells_that_were_typed_over_take_each_its_own(project, summary_editor):
    type_over(summary_editor, "They bind", "One here.")
    type_over(summary_editor, "It depends", "Another there.")

    result = pull_files(project, summary_editor.save())

    assert merge_result(result) == replace_texts(
        (
            ("summary", "{text: They bind,", "{text: One here.,"),
            ("summary", "{text: It depends,", "{text: Another there.,"),
        )
    )


def test_words_in_another_cell_are_not_those_of_one_that_was_emptied(project):
    editor = Editor(get_docx("policymaker-summary", project))
    first, second = (editor.paragraph(start).getparent() for start in ("They bind", "It depends"))
    type_over(editor, "They bind", "")
    type_over(editor, "It depends", "Quite new words.")
    second.addnext(cell := deepcopy(second))  # a cell more in the row, and one without words
    for run in list(second.iter(f"{W}r")):
        run.getparent().remove(run)

    result = pull_files(project, editor.save())

    assert (len(first), len(cell)) == (len(second), len(second))
    assert result.format_diff() == ""
    assert result.waits


def test_a_paragraph_that_came_is_not_one_of_another_style_that_went(project, editor):
    editor.drop("Introduction")
    editor.paragraph_after("An introduction", "Quite new words.")

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts(
        (("article", "to the table.\n", "to the table.\n\nQuite new words.\n"),)
    )
    assert {e.words for e in result.entries if e.is_left_over} == {"Introduction"}
